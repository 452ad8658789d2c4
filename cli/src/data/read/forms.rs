//! Forms of file that are told by their first bytes: those that are unpacked, those that are not read and are named, and those that a mapping says a
//! file is and that it is not.

use crate::data::mapping::file::Format;
use serde::de::IgnoredAny;

/// So many bytes of a file tell what it is.
pub(super) const FIRST: usize = 4_096;

/// What a file is, by its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Gzip,
    Zstd,
    /// Text in UTF-16, as its byte order mark says.
    Utf16,
    Xml,
    Parquet,
    /// Something that is not read.
    Other(&'static str),
}

const FORMS: [(&[u8], Form); 16] = [
    (b"\x1f\x8b", Form::Gzip),
    (b"\x28\xb5\x2f\xfd", Form::Zstd),
    (b"\xff\xfe", Form::Utf16),
    (b"\xfe\xff", Form::Utf16),
    (b"PAR1", Form::Parquet),
    (b"PARE", Form::Other("a Parquet file with an encrypted description")),
    (b"PK\x03\x04", Form::Other("a ZIP archive or a workbook")),
    (b"\xd0\xcf\x11\xe0", Form::Other("a workbook of an old Excel")),
    (b"ARROW1", Form::Other("an Arrow file")),
    (b"ORC", Form::Other("an ORC file")),
    (b"Obj\x01", Form::Other("an Avro file")),
    (b"SQLite format 3", Form::Other("an SQLite database")),
    (b"BZh", Form::Other("packed with bzip2")),
    (b"\xfd7zXZ", Form::Other("packed with xz")),
    (b"%PDF", Form::Other("a PDF")),
    (b"<?xml", Form::Xml),
];

/// What a file that begins so is; nothing where that does not tell.
pub(super) fn form_of(start: &[u8]) -> Option<Form> {
    let (_, form) = FORMS.iter().find(|(bytes, _)| start.starts_with(bytes))?;
    // A header may begin with the same letters: what is not text has bytes that are none.
    let is_text = !start.iter().take(16).any(|byte| *byte < b'\t' || *byte >= 0x7f);
    Some(*form).filter(|_| !is_text || start.starts_with(b"%PDF") || start.starts_with(b"<?xml"))
}

/// What a file that is read seems to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::data) enum Seems {
    Nothing,
    Gzip,
    Zstd,
    Utf16,
    Parquet,
    Xml,
    /// An event log, as its first element says.
    Xes,
    /// A resource of FHIR, or a bundle of them.
    Fhir,
    /// A case as JSON on each line.
    Ndjson,
    /// An object of JSON on each line.
    JsonLines,
    /// An event log of objects.
    Ocel,
    /// JSON in another form.
    Json,
    Hl7,
    /// Texts with signs between them.
    Delimited,
    /// Some other text.
    Text,
    Other(&'static str),
    /// Nobody knows.
    Unknown,
}

impl Seems {
    /// By how a file begins.
    pub(in crate::data) fn of(start: &[u8]) -> Seems {
        match form_of(start) {
            Some(Form::Gzip) => return Seems::Gzip,
            Some(Form::Zstd) => return Seems::Zstd,
            Some(Form::Utf16) => return Seems::Utf16,
            Some(Form::Parquet) => return Seems::Parquet,
            Some(Form::Other(what)) => return Seems::Other(what),
            Some(Form::Xml) | None => {}
        }
        let text = text_of(start);
        let first = text.split(|byte| matches!(byte, b'\r' | b'\n')).next().unwrap_or_default(); // of nothing nothing
        match text.first() {
            None => Seems::Nothing,
            Some(b'<') if has(text, b"<log") => Seems::Xes,
            Some(b'<') => Seems::Xml,
            Some(b'{') => of_json(text, first),
            Some(b'[') => Seems::Json,
            Some(_) if is_head(text) => Seems::Hl7,
            Some(_) if text.iter().any(|byte| *byte < b'\t') => Seems::Unknown,
            Some(_) if first.iter().any(|byte| b",;\t|".contains(byte)) => Seems::Delimited,
            Some(_) => Seems::Text,
        }
    }

    /// In words, with what a mapping says of it where it is read.
    pub(in crate::data) fn words(self) -> String {
        let of = |what: &str, format: &str| format!("it seems to be {what} (`format = \"{format}\"` in [source])");
        match self {
            Seems::Nothing => "it is empty".to_owned(),
            Seems::Gzip => "it is packed with gzip".to_owned(),
            Seems::Zstd => "it is packed with zstd".to_owned(),
            Seems::Utf16 => "it seems to be text in UTF-16 (`encoding = \"utf-16\"` in [source])".to_owned(),
            Seems::Parquet => of("a Parquet file", "parquet"),
            Seems::Xml => {
                "it seems to be XML, of which only event logs are read (`format = \"xes\"` in [source])".to_owned()
            }
            Seems::Xes => of("an event log in XML", "xes"),
            Seems::Fhir => of("resources of FHIR", "fhir"),
            Seems::Ndjson => of("a case as JSON on each line", "ndjson"),
            Seems::JsonLines => of("an object of JSON on each line", "json-lines"),
            Seems::Ocel => of("an event log of objects", "ocel"),
            Seems::Json => "it seems to be JSON, and not an object on each line, as which JSON is read".to_owned(),
            Seems::Hl7 => of("messages of HL7 version 2", "hl7"),
            Seems::Delimited => of("delimited text", "csv"),
            Seems::Text => "it seems to be text of another kind".to_owned(),
            Seems::Other(what) => format!("it is {what}"),
            Seems::Unknown => "what it is cannot be told from how it begins".to_owned(),
        }
    }
}

/// Without a byte order mark, blanks, and what frames a message on a line.
fn text_of(start: &[u8]) -> &[u8] {
    // Most files have no mark.
    let text = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
    let text = text.trim_ascii_start();
    // Nor is most text framed.
    text.strip_prefix(b"\x0b").unwrap_or(text)
}

fn has(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|own| own == part)
}

/// Whether a message begins with a segment.
fn is_head(segment: &[u8]) -> bool {
    let is_sign = |byte: &u8| byte.is_ascii_punctuation();
    [b"MSH", b"FHS", b"BHS"].iter().any(|head| segment.starts_with(*head)) && segment.get(3).is_some_and(is_sign)
}

fn of_json(text: &[u8], first: &[u8]) -> Seems {
    let is_whole = serde_json::from_slice::<IgnoredAny>(first).is_ok();
    // A line may be longer than what is known of it.
    let goes_on = first.len() == text.len();
    if has(text, b"\"objectTypes\"") || has(text, b"\"eventTypes\"") || has(text, b"\"ocel:") {
        Seems::Ocel
    } else if has(first, b"\"resourceType\"") {
        Seems::Fhir
    } else if !is_whole && !goes_on {
        Seems::Json
    } else if has(first, b"\"events\"") {
        Seems::Ndjson
    } else {
        Seems::JsonLines
    }
}

/// Why a file is not of the form that the mapping says, where it begins with nothing of that form; nothing where it may be.
pub(super) fn is_not(format: Format, start: &[u8]) -> Option<String> {
    let lines = || start.split(|byte| matches!(byte, b'\r' | b'\n')).map(text_of);
    let text = text_of(start);
    let (is, what) = match format {
        Format::Csv => return None,
        Format::Ndjson => (lines().any(|line| line.starts_with(b"{")), "file with a case as JSON on each line"),
        Format::JsonLines => (lines().any(|line| line.starts_with(b"{")), "file with an object of JSON on each line"),
        Format::Fhir => (lines().any(|line| line.starts_with(b"{")), "file with a resource of FHIR on each line"),
        Format::Hl7 => (lines().any(is_head), "file of HL7 messages"),
        Format::Xes => (text.starts_with(b"<"), "event log in XES, which is XML"),
        Format::Ocel => (text.starts_with(b"{"), "event log of objects (OCEL), which is JSON"),
        Format::Parquet => (start.starts_with(b"PAR") || b"PAR1".starts_with(start), "Parquet file"),
    };
    // A file without a row is told to have none.
    let of_rows = !matches!(format, Format::Xes | Format::Ocel | Format::Parquet);
    if is && !start.is_empty() || of_rows && text.is_empty() {
        return None;
    }
    Some(format!("it is no {what}, as `format` in [source] says: {}", Seems::of(start).words()))
}
