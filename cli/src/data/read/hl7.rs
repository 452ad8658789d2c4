//! Messages of HL7 version 2, one after another: each is a row, and so is each observation (OBX) in it. A column is a place in a segment: `PID-3`, `PID-3.1`, `OBX-5`,
//! or the first of several that is there: `OBX-3.1 or MSH-9.2`. A row has the segments that stand before it in its message, of each kind the last.

use super::Reader;
use super::error::ReadError;
use super::files::{ExportFile, stopped};
use super::hl7_place::{Message, Place};
use super::keyed::Keyed;
use super::rejects::Fault;
use super::row_text::RowAt;
use crate::results::DataFile;
use std::io::{BufRead, BufReader};
use std::path::Path;

/// A segment is no longer than this: documents are sent within messages.
const LONGEST: usize = 16 << 20;

/// Segments of a file, which end with a carriage return, a line feed, or both.
struct Segments {
    file: BufReader<ExportFile>,
    text: Vec<u8>,
    /// The segment is longer than any is read.
    cut: bool,
    /// The last one ended with a carriage return, which a line feed may follow.
    returned: bool,
    line: u64,
}

impl Segments {
    /// The next that is not empty; none at the end.
    fn next(&mut self) -> std::io::Result<bool> {
        loop {
            self.text.clear();
            self.cut = false;
            loop {
                if std::mem::take(&mut self.returned) && self.file.fill_buf()?.first() == Some(&b'\n') {
                    self.file.consume(1);
                }
                let buffer = self.file.fill_buf()?;
                let end = buffer.iter().position(|byte| matches!(byte, b'\r' | b'\n'));
                let taken = end.unwrap_or(buffer.len());
                let own = buffer.get(..taken).unwrap_or_default(); // within the buffer
                let room = LONGEST.saturating_sub(self.text.len()).min(own.len());
                self.text.extend(own.iter().take(room));
                self.cut |= room < own.len();
                let is_over = buffer.is_empty();
                self.returned = end.is_some_and(|end| buffer.get(end) == Some(&b'\r'));
                self.file.consume(taken + usize::from(end.is_some()));
                if end.is_some() || is_over {
                    self.line += 1;
                    if self.text.is_empty() && is_over {
                        return Ok(false);
                    }
                    break;
                }
            }
            // What frames a message on a line between systems.
            self.text.retain(|byte| !matches!(byte, 0x0b | 0x1c));
            if self.text.starts_with(b"\xef\xbb\xbf") {
                self.text.drain(..3);
            }
            if !self.text.iter().all(u8::is_ascii_whitespace) {
                return Ok(true);
            }
        }
    }
}

impl Reader<'_> {
    /// Reads a file; nothing where reading on leads to nothing.
    pub(super) fn hl7(&mut self, path: &Path) -> Result<Option<DataFile>, ReadError> {
        // Only messages are without a name where a path has none.
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let file = BufReader::with_capacity(256 * 1024, self.open(path)?);
        let mut segments = Segments { file, text: Vec::new(), cut: false, returned: false, line: 0 };
        let places = self.places_in_messages(path)?;
        let mut row = Keyed::of(places.len());
        let mut message: Option<Message> = None;
        let mut more = segments.next().map_err(|error| stopped(path, &error))?;
        while more {
            let line = segments.line;
            let whole = if segments.cut { None } else { std::str::from_utf8(&segments.text).ok().map(str::to_owned) };
            // What cannot be read spoils its message, of which enough must be left to tell whose it is.
            let (text, is_whole) = match whole {
                Some(text) => (text, true),
                None => (String::from_utf8_lossy(&segments.text).into_owned(), false),
            };
            more = segments.next().map_err(|error| stopped(path, &error))?;
            // The segments between what is common to all messages of a file.
            if ["FHS", "BHS", "BTS", "FTS"].iter().any(|batch| text.starts_with(batch)) {
                continue;
            }
            if text.starts_with("MSH") {
                self.message(RowAt { file: &name, line }, message.take(), (&places, &mut row));
                message = Message::begin(&text, line);
                if message.is_none() {
                    self.stray(RowAt { file: &name, line }, "the message does not say which signs it is written with");
                }
            } else if let Some(message) = &mut message {
                message.add(text, line);
            } else {
                self.stray(RowAt { file: &name, line }, "the segment is of no message");
            }
            message.iter_mut().filter(|_| !is_whole).for_each(Message::spoil);
            if self.is_over() {
                return Ok(None);
            }
            if self.counts.rows.is_multiple_of(1_024) {
                self.report_progress(segments.file.get_ref().bytes());
            }
        }
        self.message(RowAt { file: &name, line: segments.line }, message.take(), (&places, &mut row));
        self.note_columns(&row);
        let lines = segments.line.saturating_sub(1);
        let file = segments.file.into_inner().finish(path, lines)?;
        self.done.bytes += file.bytes;
        Ok(if self.is_over() { None } else { Some(file) })
    }

    fn places_in_messages(&self, path: &Path) -> Result<Vec<Vec<Place>>, ReadError> {
        let (mut places, mut faults) = (Vec::new(), Vec::new());
        for (place, column) in self.mapping.binding.columns.iter().enumerate() {
            if self.mapping.binding.is_joined(place) {
                places.push(Vec::new());
                continue;
            }
            match column.split(" or ").map(Place::read).collect::<Option<Vec<_>>>() {
                Some(all) => places.push(all),
                None => faults.push(format!("`{column}` is no place in a message such as PID-3, OBX-3.1 or MSH-9.2")),
            }
        }
        if faults.is_empty() { Ok(places) } else { Err(ReadError::Columns(path.display().to_string(), faults)) }
    }

    /// A segment that is no part of a message.
    fn stray(&mut self, at: RowAt<'_>, why: &str) {
        let mut nothing = Keyed::of(self.mapping.binding.columns.len());
        nothing.clear();
        self.keyed_row(at, &nothing, Some(Fault::of_row(why)));
    }

    /// The rows of a message that is over.
    fn message(&mut self, at: RowAt<'_>, message: Option<Message>, (places, row): (&[Vec<Place>], &mut Keyed)) {
        let Some(message) = message else { return };
        for of in message.rows() {
            row.clear();
            for (column, all) in places.iter().enumerate() {
                let text = all.iter().find_map(|place| message.text(of, place));
                text.into_iter().for_each(|text| row.set(column, &text));
            }
            let refused = message.is_spoilt().then(|| {
                Fault::of_row(
                    "a segment of the message is no text in the encoding that the mapping names, or longer than 16 MB",
                )
            });
            self.keyed_row(RowAt { line: message.line(of), ..at }, row, refused);
        }
    }
}
