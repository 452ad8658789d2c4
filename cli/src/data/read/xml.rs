//! The tags of an XML file, as far as event logs need them: elements with attributes, without the text between them.
//!
//! Comments and processing instructions are passed over. A document type, which could declare what other texts stand for, is refused.

use super::files::ExportFile;
use std::io::{self, BufRead, BufReader};

/// A tag is no longer than this.
const LONGEST: usize = 1 << 20;

/// A file, tag by tag.
pub(super) struct Tags {
    file: BufReader<ExportFile>,
    /// The line that is being read, from 1.
    line: u64,
    /// Whether the last line that was read is over.
    ended: bool,
    /// How many tags there were.
    pub(super) seen: u64,
}

/// A tag.
pub(super) struct Tag {
    /// Without the prefix of a namespace.
    pub(super) name: String,
    pub(super) attributes: Vec<(String, String)>,
    pub(super) opens: bool,
    pub(super) closes: bool,
    pub(super) line: u64,
}

fn wrong(line: u64, what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("line {line}: {what}"))
}

impl Tags {
    pub(super) fn of(file: BufReader<ExportFile>) -> Tags {
        Tags { file, line: 1, ended: false, seen: 0 }
    }

    pub(super) fn file(&self) -> &ExportFile {
        self.file.get_ref()
    }

    /// The file, to be finished, and how many lines were read of it.
    pub(super) fn into_file(self) -> (ExportFile, u64) {
        (self.file.into_inner(), self.line - u64::from(self.ended))
    }

    /// The next tag; none at the end of the file.
    pub(super) fn next(&mut self) -> io::Result<Option<Tag>> {
        loop {
            let mut text = Vec::new();
            if self.until(b"<", &mut text)?.is_none() {
                return Ok(None);
            }
            let line = self.line;
            let mut tag = Vec::new();
            self.until(b">", &mut tag)?.ok_or_else(|| wrong(line, "a tag is not closed"))?;
            if tag.starts_with(b"!--") {
                while !tag.ends_with(b"--") || tag.len() < 5 {
                    tag.push(b'>');
                    self.until(b">", &mut tag)?.ok_or_else(|| wrong(line, "a comment is not closed"))?;
                }
                continue;
            }
            if tag.starts_with(b"?") {
                continue;
            }
            if tag.starts_with(b"!") {
                return Err(wrong(line, "a document type or a piece of plain data, which are not read in a log"));
            }
            // A sign that closes a tag may stand in a value.
            while in_quotes(&tag) {
                tag.push(b'>');
                self.until(b">", &mut tag)?.ok_or_else(|| wrong(line, "a value is not closed"))?;
            }
            self.seen += 1;
            let tag = String::from_utf8(tag).map_err(|_| wrong(line, "the text is not UTF-8"))?;
            return parse(&tag, line).map(Some).ok_or_else(|| wrong(line, "a tag that cannot be read"));
        }
    }

    /// Reads up to a sign, which is left out; none where the file ends before it.
    fn until(&mut self, sign: &[u8; 1], into: &mut Vec<u8>) -> io::Result<Option<()>> {
        let before = into.len();
        self.file.read_until(sign[0], into)?;
        // As so much is there.
        let read = into.get(before..).unwrap_or_default();
        self.line += read.iter().map(|byte| u64::from(*byte == b'\n')).sum::<u64>();
        self.ended = read.last().map_or(self.ended, |last| *last == b'\n');
        if into.len() > LONGEST && sign == b">" {
            return Err(wrong(self.line, "a tag longer than any log needs"));
        }
        Ok((into.len() > before && into.last() == Some(&sign[0])).then(|| {
            into.pop();
        }))
    }
}

/// Whether a tag ends within the quotes of a value.
fn in_quotes(tag: &[u8]) -> bool {
    let open = |open: Option<u8>, byte: &u8| match (open, *byte) {
        (None, b'"' | b'\'') => Some(*byte),
        (Some(quote), byte) if byte == quote => None,
        _ => open,
    };
    tag.iter().fold(None, open).is_some()
}

fn parse(tag: &str, line: u64) -> Option<Tag> {
    let (closing, tag) = tag.strip_prefix('/').map_or((false, tag), |tag| (true, tag));
    let (alone, tag) = tag.strip_suffix('/').map_or((false, tag), |tag| (true, tag));
    let blank = |c: char| c.is_ascii_whitespace();
    let (name, mut rest) = tag.split_once(blank).unwrap_or((tag, ""));
    let name = name.rsplit(':').next().filter(|name| !name.is_empty())?;
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start_matches(blank);
        if rest.is_empty() {
            break;
        }
        let (key, after) = rest.split_once('=')?;
        let after = after.trim_start_matches(blank);
        let quote = after.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        let (value, after) = after.get(1..)?.split_once(quote)?;
        attributes.push((key.trim_matches(blank).to_owned(), plain(value)?));
        rest = after;
    }
    Some(Tag { name: name.to_owned(), attributes, opens: !closing, closes: closing || alone, line })
}

/// A value without its references: `&amp;`, `&#233;`.
fn plain(value: &str) -> Option<String> {
    let mut text = String::with_capacity(value.len());
    let mut rest = value;
    while let Some((before, after)) = rest.split_once('&') {
        text.push_str(before);
        let (word, after) = after.split_once(';')?;
        text.push(match word {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            _ => {
                let number = word.strip_prefix('#')?;
                let number = match number.strip_prefix(['x', 'X']) {
                    Some(number) => u32::from_str_radix(number, 16),
                    None => number.parse(),
                };
                char::from_u32(number.ok()?)?
            }
        });
        rest = after;
    }
    text.push_str(rest);
    Some(text)
}
