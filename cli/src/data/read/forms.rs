//! Forms of file that are told by their first bytes: those that are unpacked, and those that are not read and are named.

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
    let is_text = !start.iter().any(|byte| *byte < b'\t' || *byte >= 0x7f);
    Some(*form).filter(|_| !is_text || start.starts_with(b"%PDF") || start.starts_with(b"<?xml"))
}
