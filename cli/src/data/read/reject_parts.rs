//! A list of what was refused, made in parts of which each is in the order of the export, and put in that order as a whole.

use super::error::ReadError;
use super::scratch::Scratch;
use csv::{ByteRecord, ReaderBuilder, Writer};
use std::fs::File;
use std::io::BufReader;

/// The parts so far.
pub(super) struct RejectParts {
    scratch: Scratch,
    done: Vec<File>,
    now: Option<Writer<File>>,
    /// The number of the file whose rows are refused.
    pub(super) file: usize,
}

impl RejectParts {
    pub(super) fn new(scratch: Scratch) -> RejectParts {
        RejectParts { scratch, done: Vec::new(), now: None, file: 0 }
    }

    /// Another part begins.
    pub(super) fn begin(&mut self) -> Result<(), ReadError> {
        let Some(writer) = self.now.take() else { return Ok(()) };
        let file = writer.into_inner().map_err(|error| self.scratch.failed(error.error()))?;
        self.done.push(file);
        Ok(())
    }

    /// Adds those of other rows of the export.
    pub(super) fn take(&mut self, mut other: RejectParts) -> Result<(), ReadError> {
        other.begin()?;
        self.done.append(&mut other.done);
        Ok(())
    }

    /// Writes a line, with its place in the export in front.
    pub(super) fn write(&mut self, line: &str, fields: &[String]) -> csv::Result<()> {
        if self.now.is_none() {
            let file = self.scratch.file().map_err(|error| std::io::Error::other(error.to_string()))?;
            self.now = Some(csv::WriterBuilder::new().flexible(true).from_writer(file));
        }
        let Some(writer) = &mut self.now else { return Ok(()) };
        let file = self.file.to_string();
        writer.write_record([file.as_str(), line].into_iter().chain(fields.iter().map(String::as_str)))
    }

    /// Hands over all lines in the order of the export.
    pub(super) fn each_in_order(mut self, see: &mut dyn FnMut(&ByteRecord)) -> Result<(), ReadError> {
        self.begin()?;
        let mut open = Vec::new();
        for file in self.done {
            let lines = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(self.scratch.again(file)?);
            let mut lines = Lines { lines, next: ByteRecord::new(), at: None };
            lines.go_on(&self.scratch)?;
            open.push(lines);
        }
        loop {
            // The first part of those that have the least place: a row is refused in one part alone.
            let least = open.iter_mut().filter(|lines| lines.at.is_some()).min_by_key(|lines| lines.at);
            let Some(lines) = least else { return Ok(()) };
            see(&lines.next);
            lines.go_on(&self.scratch)?;
        }
    }
}

/// The lines of a part, and the next of them with its place.
struct Lines {
    lines: csv::Reader<BufReader<File>>,
    next: ByteRecord,
    at: Option<(u64, u64)>,
}

impl Lines {
    fn go_on(&mut self, scratch: &Scratch) -> Result<(), ReadError> {
        let more = self.lines.read_byte_record(&mut self.next);
        let more = more.map_err(|error| scratch.failed(&std::io::Error::other(error)))?;
        let number = |place: usize| std::str::from_utf8(self.next.get(place)?).ok()?.parse().ok();
        self.at = if more { number(0).zip(number(1)) } else { None };
        Ok(())
    }
}
