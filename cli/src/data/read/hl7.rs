//! Messages of HL7 version 2, one after another: each is a row, and so is each observation (OBX) in it. A column is a place in a segment: `PID-3`, `PID-3.1`, `OBX-5`,
//! or the first of several that is there: `OBX-3.1 or MSH-9.2`. A row has the segments that stand before it in its message, of each kind the last.
//!
//! Files are gone through before they are read, as what becomes of a result stands in later messages ([`super::hl7_results`]). What comes through a
//! pipe is held meanwhile.

use super::Reader;
use super::cut::Ends;
use super::error::ReadError;
use super::files::{ExportFile, comes_once, name_of, stopped};
use super::hl7_place::{Message, Place};
use super::hl7_results::{Given, Results};
use super::hl7_whose::Patients;
use super::keyed::Keyed;
use super::rejects::Fault;
use super::row_text::RowAt;
use crate::results::DataFile;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

/// A segment is no longer than this: documents are sent within messages.
const LONGEST: usize = 16 << 20;

/// Segments of a file, which end with a carriage return, a line feed, or both.
struct Segments {
    file: BufReader<ExportFile>,
    text: Vec<u8>,
    /// What shows whether the file is whole.
    ends: Ends,
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
            let mut is_ended;
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
                is_ended = end.is_some();
                if is_ended || is_over {
                    self.line += 1;
                    if self.text.is_empty() && is_over {
                        return Ok(false);
                    }
                    break;
                }
            }
            // What frames a message on a line between systems.
            let frame = |byte: &&u8| matches!(byte, 0x0b | 0x1c);
            self.text.iter().filter(frame).for_each(|byte| self.ends.framed = *byte == 0x0b);
            self.text.retain(|byte| !frame(&byte));
            if self.text.starts_with(b"\xef\xbb\xbf") {
                self.text.drain(..3);
            }
            if !self.text.iter().all(u8::is_ascii_whitespace) {
                self.ends.add(&self.text, is_ended);
                return Ok(true);
            }
        }
    }
}

/// What a file is made of.
pub(super) enum Piece {
    Message(Message),
    /// A segment of no message: its line, and why it is of none.
    Stray(u64, &'static str),
}

/// The messages of a file, one after another.
struct Messages {
    segments: Segments,
    begun: Option<Message>,
    stray: Option<Piece>,
    ended: bool,
}

impl Messages {
    fn of(file: BufReader<ExportFile>) -> Messages {
        let segments = Segments { file, text: Vec::new(), ends: Ends::default(), cut: false, returned: false, line: 0 };
        Messages { segments, begun: None, stray: None, ended: false }
    }

    fn next(&mut self) -> std::io::Result<Option<Piece>> {
        loop {
            if let Some(stray) = self.stray.take() {
                return Ok(Some(stray));
            }
            self.ended = self.ended || !self.segments.next()?;
            if self.ended {
                return Ok(self.begun.take().map(Piece::Message));
            }
            let (line, bytes) = (self.segments.line, std::mem::take(&mut self.segments.text));
            let whole = if self.segments.cut { None } else { std::str::from_utf8(&bytes).ok().map(str::to_owned) };
            // What cannot be read spoils its message, of which enough must be left to tell whose it is.
            let (text, is_whole) = match whole {
                Some(text) => (text, true),
                None => (String::from_utf8_lossy(&bytes).into_owned(), false),
            };
            // The segments between what is common to all messages of a file.
            if ["FHS", "BHS", "BTS", "FTS"].iter().any(|batch| text.starts_with(batch)) {
                continue;
            }
            let mut before = None;
            if text.starts_with("MSH") {
                before = std::mem::replace(&mut self.begun, Message::begin(&text, line));
                let unsaid = "the message does not say which signs it is written with";
                self.stray = self.begun.is_none().then_some(Piece::Stray(line, unsaid));
            } else if let Some(message) = &mut self.begun {
                message.add(text, line);
            } else {
                self.stray = Some(Piece::Stray(line, "the segment is of no message"));
            }
            self.begun.iter_mut().filter(|_| !is_whole).for_each(Message::spoil);
            if let Some(before) = before {
                return Ok(Some(Piece::Message(before)));
            }
        }
    }

    /// The file once all of it is read, and whether it ends in the midst of a message.
    fn finish(self, path: &Path) -> Result<(DataFile, bool), ReadError> {
        let (lines, is_cut) = (self.segments.line.saturating_sub(1), self.segments.ends.is_cut());
        Ok((self.segments.file.into_inner().finish(path, lines)?, is_cut))
    }
}

/// What is known of all files before they are read.
#[derive(Default)]
pub(super) struct Before {
    results: Results,
    patients: Patients,
    /// By number, what came through a pipe.
    held: BTreeMap<usize, (Vec<Piece>, (DataFile, bool))>,
}

impl Reader<'_> {
    /// Goes through all files for what becomes of the results in them.
    pub(super) fn before_messages(&mut self, paths: &[PathBuf]) -> Result<(), ReadError> {
        let mut before = Before::default();
        let given = Given::of(&self.mapping.binding);
        before.patients = Patients::of(&self.mapping.binding);
        // First whether any result is not simply final, and only then, where some are, the others that they may be about.
        for again in [false, true] {
            if again && !before.results.are_some() {
                break;
            }
            for (number, path) in paths.iter().enumerate() {
                let mut look = |piece: &Piece| match piece {
                    Piece::Message(message) if again => before.results.add(&given, number, message),
                    Piece::Message(message) => {
                        before.results.ask(&given, message);
                        before.patients.add(message);
                    }
                    Piece::Stray(..) => {}
                };
                if let Some((pieces, _)) = before.held.get(&number) {
                    pieces.iter().for_each(&mut look);
                    continue;
                }
                let is_pipe = comes_once(path);
                let mut messages = Messages::of(self.begun(path)?);
                let mut held = Vec::new();
                while let Some(piece) = messages.next().map_err(|error| stopped(path, &error))? {
                    look(&piece);
                    held.extend(is_pipe.then_some(piece));
                }
                if is_pipe {
                    before.held.insert(number, (held, messages.finish(path)?));
                }
            }
        }
        before.results.settle();
        self.of_form.extend(before.results.told());
        self.of_form.extend(before.patients.told());
        self.messages = before;
        Ok(())
    }

    /// Reads a file; nothing where reading on leads to nothing.
    pub(super) fn hl7(&mut self, path: &Path, number: usize) -> Result<Option<DataFile>, ReadError> {
        let name = name_of(path);
        let places = self.places_in_messages(path)?;
        let mut row = Keyed::of(places.len());
        let (file, is_cut) = match self.messages.held.remove(&number) {
            Some((pieces, file)) => {
                for piece in &pieces {
                    self.piece((&name, number), piece, (&places, &mut row));
                }
                file
            }
            None => {
                let mut messages = Messages::of(self.begun(path)?);
                while let Some(piece) = messages.next().map_err(|error| stopped(path, &error))? {
                    self.piece((&name, number), &piece, (&places, &mut row));
                    if self.is_over() {
                        return Ok(None);
                    }
                    if self.counts.rows.is_multiple_of(1_024) {
                        self.report_progress(messages.segments.file.get_ref().bytes());
                    }
                }
                messages.finish(path)?
            }
        };
        if is_cut {
            self.tell_cut(&name, "a message, or of a batch of messages");
        }
        self.mapping.binding.standing.into_iter().for_each(|column| row.set(column, ""));
        self.note_columns(&row);
        self.done.bytes += file.bytes;
        Ok(if self.is_over() { None } else { Some(file) })
    }

    fn places_in_messages(&self, path: &Path) -> Result<Vec<Vec<Place>>, ReadError> {
        let (mut places, mut faults) = (Vec::new(), Vec::new());
        let binding = &self.mapping.binding;
        for (place, column) in binding.columns.iter().enumerate() {
            if binding.is_joined(place) || binding.standing == Some(place) {
                places.push(Vec::new());
                continue;
            }
            match column.split(" or ").map(Place::read).collect::<Option<Vec<_>>>() {
                Some(all) => places.push(all),
                None => faults.push(format!(
                    "`{column}` is no place in a message such as PID-3, PID-3[MR].1, OBX-3.1 or MSH-9.2"
                )),
            }
        }
        if faults.is_empty() { Ok(places) } else { Err(ReadError::Columns(path.display().to_string(), faults)) }
    }

    fn piece(&mut self, (name, number): (&str, usize), piece: &Piece, into: (&[Vec<Place>], &mut Keyed)) {
        match piece {
            Piece::Message(message) => self.message((name, number), message, into),
            // A segment that is no part of a message.
            Piece::Stray(line, why) => {
                let mut nothing = Keyed::of(self.mapping.binding.columns.len());
                nothing.clear();
                self.keyed_row(RowAt { file: name, line: *line }, &nothing, Some(Fault::of_row(*why)));
            }
        }
    }

    /// The rows of a message.
    fn message(
        &mut self,
        (name, number): (&str, usize),
        message: &Message,
        (places, row): (&[Vec<Place>], &mut Keyed),
    ) {
        let given = Given::of(&self.mapping.binding);
        for of in message.rows() {
            row.clear();
            for (column, all) in places.iter().enumerate() {
                let text = all.iter().find_map(|place| message.text(of, place));
                text.into_iter().for_each(|text| row.set(column, &text));
            }
            if let (Some(now), [column]) =
                (self.messages.patients.now(message, of), self.mapping.binding.case.as_slice())
            {
                row.set(*column, &now);
            }
            let line = message.line(of);
            let refused = message.is_spoilt().then(|| {
                Fault::of_row(
                    "a segment of the message is no text in the encoding that the mapping names, or longer than 16 MB",
                )
            });
            if let Some(column) = self.mapping.binding.standing {
                row.set(column, self.messages.results.standing(&given, (number, line), (message, of)));
            }
            self.keyed_row(RowAt { file: name, line }, row, refused);
        }
    }
}
