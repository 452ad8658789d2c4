//! Records of delimited text, split where they lie in the buffer that they were read into, without a copy: what is read is looked through once
//! for whatever ends a field or a record, sixty-four bytes at a time, and a record is some of the marks that were found.
//!
//! A record with a quote in it, and the first of a file, go to the state machine of `csv-core`, which knows all that a quote can mean.

use super::files::ExportFile;
use super::found::Marks;
use super::quotes::{Watched, has};
use csv_core::{ReadRecordResult, ReaderBuilder};
use std::io::{self, Read};
use std::ops::Range;
use wide::u8x16;

/// So many bytes are read at once: they and their marks stay near the processor until they are used.
const BUFFER: usize = 64 * 1_024;
/// So many bytes behind them hold nothing, so that the last texts can be compared in blocks as all others.
pub(super) const BEHIND: usize = 64;

/// The records of a file.
pub(super) struct Records<R = ExportFile> {
    watched: Watched<R>,
    delimiter: u8,
    quote: u8,
    machine: csv_core::Reader,
    /// What was read; from `begin` to `filled` it was not given yet.
    buffer: Vec<u8>,
    begin: usize,
    filled: usize,
    /// Where in the buffer fields end: at delimiters and at ends of lines. From `mark` on they were not given yet.
    marks: Marks,
    mark: usize,
    /// Which of them are ends of lines. From `end` on they were not given yet.
    ends: Vec<usize>,
    end: usize,
    is_at_end: bool,
    /// Nothing was given yet.
    is_first: bool,
    /// There is a quote in what was not given yet.
    has_quote: bool,
    /// The line of the next byte.
    next_line: u64,
    /// The line in which the record begins.
    line: u64,
    place: Place,
    /// The texts of a record that had quotes, without them, and where each ends.
    unquoted: Vec<u8>,
    unquoted_ends: Vec<usize>,
}

/// Where the texts of the record lie.
enum Place {
    /// From a byte of the buffer on, with these marks.
    Buffer(usize, Range<usize>),
    /// In what had quotes.
    Unquoted,
}

/// A record: its texts one after the other, and where each ends.
#[derive(Clone, Copy)]
pub(super) struct Record<'r> {
    /// What it lies in, from its first byte on or from before it.
    within: &'r [u8],
    /// Where its first text begins.
    first: usize,
    /// Where each ends.
    ends: &'r [usize],
    /// So many bytes stand between two.
    gap: usize,
}

impl<'r> Record<'r> {
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// All its bytes.
    pub(super) fn bytes(&self) -> &'r [u8] {
        // One without a field has none; the ends of another lie within it.
        self.ends.last().and_then(|last| self.within.get(self.first..*last)).unwrap_or_default()
    }

    /// Where a field begins, counted as its ends are.
    #[inline]
    fn start(&self, field: usize) -> Option<usize> {
        match field.checked_sub(1) {
            Some(earlier) => Some(self.ends.get(earlier)? + self.gap),
            None => Some(self.first),
        }
    }

    /// From where to where in its bytes a field lies.
    #[inline]
    pub(super) fn bounds(&self, field: usize) -> Option<(usize, usize)> {
        let (start, end) = (self.start(field)?, *self.ends.get(field)?);
        Some((start.checked_sub(self.first)?, end.checked_sub(self.first)?))
    }

    /// The bytes of a field.
    #[inline]
    pub(super) fn field(&self, field: usize) -> Option<&'r [u8]> {
        self.within.get(self.start(field)?..*self.ends.get(field)?)
    }

    /// The bytes from a field to another, with what stands between them; none where nothing does, so that they do not tell where one ends.
    #[inline]
    pub(super) fn between(&self, first: usize, last: usize) -> Option<&'r [u8]> {
        self.within.get(self.start(first)?..*self.ends.get(last)?).filter(|_| self.gap > 0)
    }

    /// All that was read from a field on, and how many bytes of it are those up to another and the byte after it, which tell where each field ends;
    /// none where nothing stands between two.
    #[inline]
    pub(super) fn through(&self, first: usize, last: usize) -> Option<(&'r [u8], usize)> {
        let (start, end) = (self.start(first)?, self.start(last + 1)?);
        Some((self.within.get(start..)?, end.checked_sub(start)?)).filter(|_| self.gap > 0)
    }

    /// The fields.
    pub(super) fn fields(self) -> impl Iterator<Item = &'r [u8]> {
        (0..self.ends.len()).filter_map(move |field| self.field(field))
    }
}

impl<R: Read> Records<R> {
    pub(super) fn new(file: R, quote: u8, delimiter: u8) -> Records<R> {
        Records {
            watched: Watched::new(file, quote, delimiter),
            delimiter,
            quote,
            machine: ReaderBuilder::new().delimiter(delimiter).quote(quote).build(),
            buffer: vec![0; BUFFER + BEHIND],
            begin: 0,
            filled: 0,
            marks: Marks::default(),
            mark: 0,
            ends: Vec::new(),
            end: 0,
            is_at_end: false,
            is_first: true,
            has_quote: false,
            next_line: 1,
            line: 1,
            place: Place::Unquoted,
            unquoted: vec![0; 1_024],
            unquoted_ends: vec![0; 64],
        }
    }

    /// Goes on with another, whose first line is this one of a file, in the same memory; what was read before comes back.
    pub(super) fn go_on_with(&mut self, file: R, line: u64) -> R {
        let before = std::mem::replace(&mut self.watched, Watched::new(file, self.quote, self.delimiter));
        self.machine.reset();
        self.marks.clear();
        self.ends.clear();
        (self.begin, self.filled, self.mark, self.end) = (0, 0, 0, 0);
        (self.is_at_end, self.is_first, self.has_quote) = (false, true, false);
        (self.next_line, self.line, self.place) = (line, line, Place::Unquoted);
        before.into_file()
    }

    /// The file, and what was seen of its quotes.
    pub(super) fn watched(&self) -> &Watched<R> {
        &self.watched
    }

    /// The same, to be finished.
    pub(super) fn into_watched(self) -> Watched<R> {
        self.watched
    }

    /// The record that was read last.
    pub(super) fn record(&self) -> Record<'_> {
        let (within, first, ends, gap) = match &self.place {
            Place::Buffer(first, marks) => (self.buffer.as_slice(), *first, self.marks.all().get(marks.clone()), 1),
            Place::Unquoted => (self.unquoted.as_slice(), 0, Some(&*self.unquoted_ends), 0),
        };
        // What was split lies where it was split.
        Record { within, first, ends: ends.unwrap_or_default(), gap }
    }

    /// The line in which it begins.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// Whether the record may have an end of a line in one of its fields.
    pub(super) fn has_several_lines(&self) -> bool {
        matches!(self.place, Place::Unquoted) && self.next_line > self.line + 1
    }

    /// Reads the next record; false where there is none.
    pub(super) fn next(&mut self) -> io::Result<bool> {
        if std::mem::take(&mut self.is_first) {
            self.fill()?;
            return self.by_machine();
        }
        loop {
            self.skip_ends_of_lines();
            let last = self.ends.get(self.end).copied().filter(|_| self.begin < self.filled);
            let Some((last, until)) = last.and_then(|last| Some((last, *self.marks.all().get(last)?))) else {
                if !self.is_at_end {
                    self.fill()?;
                } else if self.begin < self.filled {
                    // The last record needs no end of a line.
                    self.ends.push(self.marks.all().len());
                    self.marks.push(self.filled);
                } else {
                    return Ok(false);
                }
                continue;
            };
            let record = self.begin..until;
            if self.has_quote && self.buffer.get(record.clone()).is_none_or(|record| has(record, self.quote)) {
                return self.by_machine();
            }
            self.line = self.next_line;
            self.place = Place::Buffer(record.start, self.mark..last + 1);
            // What ends the line is skipped: mostly that is one byte, and whatever else it is, before the next record.
            (self.begin, self.mark) = (until, last);
            if until < self.filled && self.buffer.get(until) == Some(&b'\n') {
                (self.begin, self.mark, self.end) = (until + 1, last + 1, self.end + 1);
                self.next_line += 1;
            }
            return Ok(true);
        }
    }

    /// What ends a line, and empty lines, are no part of a record.
    fn skip_ends_of_lines(&mut self) {
        while self.marks.all().get(self.mark) == Some(&self.begin) {
            match self.buffer.get(self.begin).filter(|_| self.begin < self.filled) {
                Some(b'\n') => self.next_line += 1,
                Some(b'\r') => {}
                _ => break,
            }
            (self.begin, self.mark, self.end) = (self.begin + 1, self.mark + 1, self.end + 1);
        }
    }

    /// Reads more; what was not given yet stays.
    fn fill(&mut self) -> io::Result<()> {
        self.pass_marks();
        self.buffer.copy_within(self.begin..self.filled, 0);
        self.marks.pass(self.mark, self.begin);
        self.ends.drain(..self.end);
        self.ends.iter_mut().for_each(|end| *end -= self.mark);
        (self.begin, self.filled, self.mark, self.end) = (0, self.filled - self.begin, 0, 0);
        if self.filled + BEHIND == self.buffer.len() {
            // A record longer than the buffer.
            self.buffer.resize(2 * self.filled + BEHIND, 0);
        }
        let room = self.filled..self.buffer.len() - BEHIND;
        // What is filled lies within the buffer.
        let read = self.watched.read(self.buffer.get_mut(room).unwrap_or_default())?;
        self.is_at_end = read == 0;
        let new = self.filled..self.filled + read;
        self.filled = new.end;
        mark(&self.buffer, new.clone(), self.delimiter, (&mut self.marks, &mut self.ends));
        let has_before = has(part(&self.buffer, 0, new.start), self.quote);
        self.has_quote = has_before || self.watched.has_quote();
        Ok(())
    }

    /// Passes over the marks of what was given.
    fn pass_marks(&mut self) {
        let passed = |mark: &usize| *mark < self.begin;
        self.mark += self.marks.all().iter().skip(self.mark).take_while(|mark| passed(mark)).count();
        self.end += self.ends.iter().skip(self.end).take_while(|end| **end < self.mark).count();
    }

    fn by_machine(&mut self) -> io::Result<bool> {
        self.line = self.next_line;
        let (mut length, mut fields) = (0, 0);
        self.unquoted_ends.resize(self.unquoted_ends.len().max(64), 0);
        loop {
            let input = part(&self.buffer, self.begin, self.filled);
            // What was written lies within what there is room for.
            let output = self.unquoted.get_mut(length..).unwrap_or_default();
            // So do the ends.
            let ends = self.unquoted_ends.get_mut(fields..).unwrap_or_default();
            let (result, read, written, ended) = self.machine.read_record(input, output, ends);
            let lines = part(input, 0, read).iter().filter(|byte| **byte == b'\n').count();
            // A length in memory is never longer than 64 bits can count.
            self.next_line += u64::try_from(lines).unwrap_or(0);
            (self.begin, length, fields) = (self.begin + read, length + written, fields + ended);
            match result {
                ReadRecordResult::InputEmpty => self.fill()?,
                ReadRecordResult::OutputFull => self.unquoted.resize(2 * self.unquoted.len(), 0),
                ReadRecordResult::OutputEndsFull => self.unquoted_ends.resize(2 * self.unquoted_ends.len(), 0),
                ReadRecordResult::Record => {
                    self.unquoted_ends.truncate(fields);
                    self.pass_marks();
                    self.place = Place::Unquoted;
                    return Ok(true);
                }
                ReadRecordResult::End => {
                    self.pass_marks();
                    return Ok(false);
                }
            }
        }
    }
}

/// The bytes from a place to another, which lie within what was read.
fn part(bytes: &[u8], from: usize, to: usize) -> &[u8] {
    // They lie within it.
    bytes.get(from..to).unwrap_or_default()
}

/// The bits of the bytes among sixty-four that are so; sixteen are asked side by side.
#[inline]
fn bits(bytes: &[u8; 64], is: impl Fn(u8x16) -> u8x16) -> u64 {
    let sixteen = bytes.as_chunks::<16>().0.iter().rev();
    sixteen.fold(0, |all, some| all << 16 | u64::from(is(u8x16::new(*some)).to_bitmask()))
}

/// Adds where in some of the bytes fields end, and which of these are ends of lines.
fn mark(buffer: &[u8], new: Range<usize>, delimiter: u8, (marks, ends): (&mut Marks, &mut Vec<usize>)) {
    let mut start = new.start;
    let (blocks, rest) = part(buffer, new.start, new.end).as_chunks::<64>();
    let [feed, back, between] = [b'\n', b'\r', delimiter].map(u8x16::splat);
    for block in blocks {
        let last = bits(block, |some| some.simd_eq(feed) | some.simd_eq(back));
        let all = bits(block, |some| some.simd_eq(between)) | last;
        marks.set(all, last, start, ends);
        start += 64;
    }
    for (place, byte) in (start..).zip(rest) {
        let ends_line = matches!(byte, b'\n' | b'\r');
        if ends_line {
            ends.push(marks.all().len());
        }
        if ends_line || *byte == delimiter {
            marks.push(place);
        }
    }
}
