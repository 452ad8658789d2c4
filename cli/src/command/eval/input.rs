//! What people bring: one case as JSON, a case a line, or cases in the notation of `cases.md`.
//!
//! The file's name tells (`.md`, `.case`, `.ndjson`, `.jsonl`), and otherwise its first two lines.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::Path;

use crate::data::case_json::MAX_BYTES;
use crate::data::line::read_line;
use crate::exit::Exit;
use crate::output::Output;

/// What was brought.
pub enum Brought {
    /// One case as JSON.
    Json(Vec<u8>),
    /// Cases in the notation of `cases.md`.
    Notation(Vec<u8>),
    /// One case a line.
    Lines(Box<dyn BufRead>),
}

/// Opens the file, `-` for standard input, and sees what it is. No more is read than that takes.
///
/// # Errors
/// Where it cannot be opened or read.
pub fn bring(path: &Path) -> io::Result<Brought> {
    let mut reader: Box<dyn BufRead> = match path.to_str() {
        Some("-") => Box::new(BufReader::new(io::stdin())),
        _ => Box::new(BufReader::with_capacity(256 * 1024, File::open(path)?)),
    };
    if is_notation(path) {
        return Ok(Brought::Notation(rest(Vec::new(), reader)?));
    }
    if matches!(path.extension().and_then(|e| e.to_str()), Some("ndjson" | "jsonl")) {
        return Ok(Brought::Lines(reader));
    }
    let (mut head, mut first) = (Vec::new(), Vec::new());
    filled_line(&mut reader, &mut head, &mut first)?;
    let text = first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&first).trim_ascii();
    if text.first().is_some_and(|byte| !b"{[\"-0123456789".contains(byte)) {
        return Ok(Brought::Notation(rest(head, reader)?));
    }
    if text.starts_with(b"{") && first.ends_with(b"\n") {
        let mut second = Vec::new();
        filled_line(&mut reader, &mut head, &mut second)?;
        let whole = || serde_json::from_slice::<serde::de::IgnoredAny>(text).is_ok();
        if !second.is_empty() && (second.starts_with(b"{") || whole()) {
            return Ok(Brought::Lines(Box::new(Cursor::new(head).chain(reader))));
        }
    }
    Ok(Brought::Json(rest(head, reader)?))
}

/// Whether the name of a file says that it has cases in the notation of `cases.md`.
pub fn is_notation(path: &Path) -> bool {
    matches!(path.extension().and_then(|ending| ending.to_str()), Some("md" | "case"))
}

/// Refuses a file of a table, which goes another way.
///
/// # Errors
/// Where its name says that it is one: said on standard error.
pub fn no_table(path: &Path, output: &Output) -> Result<(), Exit> {
    const TABLES: [&str; 6] = ["csv", "tsv", "parquet", "xlsx", "xls", "gz"];
    let ending = path.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase);
    if !ending.is_some_and(|ending| TABLES.contains(&ending.as_str())) {
        return Ok(());
    }
    let title = format!(
        "{}: this is an export, and --input takes cases as JSON or in the notation of cases.md",
        path.display()
    );
    output.error(&title, Some("an export is read with `--data FILE --map MAPPING --as-of INSTANT`"));
    Err(Exit::Usage)
}

/// What to do about JSON that is no case but something else that is known: a list, or a resource of FHIR. It is refused as any other.
pub fn mistaken(brought: &Brought) -> Option<&'static str> {
    #[derive(serde::Deserialize)]
    struct Resource {
        #[serde(rename = "resourceType")]
        _type: String,
    }
    let Brought::Json(text) = brought else { return None };
    if text.trim_ascii_start().starts_with(b"[") {
        return Some(
            "this is a list, and a file has one case, or one a line: write a case a line, without brackets and commas around them",
        );
    }
    let resource = serde_json::from_slice::<Resource>(text).is_ok();
    resource.then_some("this is a resource of FHIR, and no case: give it with --fhir instead of --input")
}

/// Reads up to and with the next line that is not blank; `head` keeps everything read.
fn filled_line(reader: &mut impl BufRead, head: &mut Vec<u8>, line: &mut Vec<u8>) -> io::Result<()> {
    loop {
        line.clear();
        let length = read_line(reader, line)?;
        head.extend_from_slice(line);
        if length == 0 || !line.iter().all(u8::is_ascii_whitespace) || head.len() > MAX_BYTES {
            return Ok(());
        }
    }
}

/// The rest of a file that is one case: a little more than the limit shows that it is too large.
fn rest(mut head: Vec<u8>, reader: impl Read) -> io::Result<Vec<u8>> {
    let most = u64::try_from((MAX_BYTES + 1).saturating_sub(head.len())).unwrap_or(0);
    reader.take(most).read_to_end(&mut head)?;
    Ok(head)
}
