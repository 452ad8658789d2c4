//! Records of delimited text, split where they lie in the buffer that they were read into: eight bytes at a time, without a copy.
//!
//! A record with a quote in it, and the first of a file, go to the state machine of `csv-core`, which knows all that a quote can mean.

use super::files::ExportFile;
use super::quotes::Watched;
use csv_core::{ReadRecordResult, ReaderBuilder};
use std::io::{self, Read};

/// So many bytes are read at once.
const BUFFER: usize = 256 * 1_024;

/// The records of a file.
pub(super) struct Records {
    watched: Watched,
    delimiter: u8,
    quote: u8,
    machine: csv_core::Reader,
    /// What was read; from `begin` to `filled` it was not given yet.
    buffer: Vec<u8>,
    begin: usize,
    filled: usize,
    is_at_end: bool,
    /// Nothing was given yet.
    is_first: bool,
    /// There is a quote in what was not given yet.
    has_quote: bool,
    /// The line of the next byte.
    next_line: u64,
    /// The line in which the record begins.
    line: u64,
    ends: Vec<usize>,
    place: Place,
    /// The texts of a record that had quotes, without them.
    unquoted: Vec<u8>,
}

/// Where the texts of the record lie.
#[derive(Clone, Copy)]
enum Place {
    /// From a byte of the buffer to another.
    Buffer(usize, usize),
    /// In the first bytes of what had quotes.
    Unquoted(usize),
}

/// A record: its texts one after the other, and where each ends.
#[derive(Clone, Copy)]
pub(super) struct Record<'r> {
    pub(super) bytes: &'r [u8],
    pub(super) ends: &'r [usize],
    /// So many bytes stand between two.
    pub(super) gap: usize,
}

impl<'r> Record<'r> {
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// From where to where a field lies.
    #[inline]
    pub(super) fn bounds(&self, field: usize) -> Option<(usize, usize)> {
        let end = *self.ends.get(field)?;
        let start = match field.checked_sub(1) {
            Some(before) => *self.ends.get(before)? + self.gap,
            None => 0,
        };
        Some((start, end))
    }

    /// The fields.
    pub(super) fn fields(self) -> impl Iterator<Item = &'r [u8]> {
        (0..self.ends.len()).filter_map(move |field| {
            let (start, end) = self.bounds(field)?;
            self.bytes.get(start..end)
        })
    }
}

impl Records {
    pub(super) fn new(file: ExportFile, quote: u8, delimiter: u8) -> Records {
        Records {
            watched: Watched::new(file, quote, delimiter),
            delimiter,
            quote,
            machine: ReaderBuilder::new().delimiter(delimiter).quote(quote).build(),
            buffer: vec![0; BUFFER],
            begin: 0,
            filled: 0,
            is_at_end: false,
            is_first: true,
            has_quote: false,
            next_line: 1,
            line: 1,
            ends: Vec::new(),
            place: Place::Unquoted(0),
            unquoted: vec![0; 1_024],
        }
    }

    /// The file, and what was seen of its quotes.
    pub(super) fn watched(&self) -> &Watched {
        &self.watched
    }

    /// The same, to be finished.
    pub(super) fn into_watched(self) -> Watched {
        self.watched
    }

    /// The record that was read last.
    pub(super) fn record(&self) -> Record<'_> {
        let (bytes, gap) = match self.place {
            Place::Buffer(start, end) => (self.buffer.get(start..end), 1),
            Place::Unquoted(end) => (self.unquoted.get(..end), 0),
        };
        // What was split lies where it was split.
        Record { bytes: bytes.unwrap_or_default(), ends: &self.ends, gap }
    }

    /// The line in which it begins.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// Reads the next record; false where there is none.
    pub(super) fn next(&mut self) -> io::Result<bool> {
        if std::mem::take(&mut self.is_first) {
            self.fill()?;
            return self.by_machine();
        }
        loop {
            self.skip_ends_of_lines();
            let rest = part(&self.buffer, self.begin, self.filled);
            let length = match split(rest, self.delimiter, &mut self.ends) {
                Some(length) => length,
                None if !self.is_at_end => {
                    self.fill()?;
                    continue;
                }
                None if rest.is_empty() => return Ok(false),
                None => {
                    self.ends.push(rest.len());
                    rest.len()
                }
            };
            if self.has_quote && rest.get(..length).is_none_or(|record| record.contains(&self.quote)) {
                return self.by_machine();
            }
            self.line = self.next_line;
            self.place = Place::Buffer(self.begin, self.begin + length);
            self.begin += length;
            return Ok(true);
        }
    }

    /// What ends a line, and empty lines, are no part of a record.
    fn skip_ends_of_lines(&mut self) {
        for byte in part(&self.buffer, self.begin, self.filled) {
            match byte {
                b'\n' => self.next_line += 1,
                b'\r' => {}
                _ => break,
            }
            self.begin += 1;
        }
    }

    /// Reads more; what was not given yet stays.
    fn fill(&mut self) -> io::Result<()> {
        self.buffer.copy_within(self.begin..self.filled, 0);
        (self.begin, self.filled) = (0, self.filled - self.begin);
        if self.filled == self.buffer.len() {
            // A record longer than the buffer.
            self.buffer.resize(2 * self.filled, 0);
        }
        // What is filled lies within the buffer.
        let read = self.watched.read(self.buffer.get_mut(self.filled..).unwrap_or_default())?;
        self.is_at_end = read == 0;
        self.filled += read;
        self.has_quote = self.buffer.get(..self.filled).is_some_and(|rest| rest.contains(&self.quote));
        Ok(())
    }

    fn by_machine(&mut self) -> io::Result<bool> {
        self.line = self.next_line;
        let (mut length, mut fields) = (0, 0);
        self.ends.resize(self.ends.len().max(64), 0);
        loop {
            let input = part(&self.buffer, self.begin, self.filled);
            // What was written lies within what there is room for.
            let output = self.unquoted.get_mut(length..).unwrap_or_default();
            // So do the ends.
            let ends = self.ends.get_mut(fields..).unwrap_or_default();
            let (result, read, written, ended) = self.machine.read_record(input, output, ends);
            let lines = part(input, 0, read).iter().filter(|byte| **byte == b'\n').count();
            // A length in memory is never longer than 64 bits can count.
            self.next_line += u64::try_from(lines).unwrap_or(0);
            (self.begin, length, fields) = (self.begin + read, length + written, fields + ended);
            match result {
                ReadRecordResult::InputEmpty => self.fill()?,
                ReadRecordResult::OutputFull => self.unquoted.resize(2 * self.unquoted.len(), 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(2 * self.ends.len(), 0),
                ReadRecordResult::Record => {
                    self.ends.truncate(fields);
                    self.place = Place::Unquoted(length);
                    return Ok(true);
                }
                ReadRecordResult::End => return Ok(false),
            }
        }
    }
}

/// The bytes from a place to another, which lie within what was read.
fn part(bytes: &[u8], from: usize, to: usize) -> &[u8] {
    // They lie within it.
    bytes.get(from..to).unwrap_or_default()
}

/// The same byte eight times.
const fn eight(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// The highest bit of each byte that is that of a pattern.
#[inline]
fn same(word: u64, pattern: u64) -> u64 {
    const LOW: u64 = eight(0x7f);
    let other = word ^ pattern;
    !(((other & LOW) + LOW) | other | LOW)
}

/// Finds where the fields of the record end that begins a text, and gives its length; none where the text does not show where it ends.
fn split(text: &[u8], delimiter: u8, ends: &mut Vec<usize>) -> Option<usize> {
    ends.clear();
    let (words, rest) = text.as_chunks::<8>();
    let (delimiter, feed, return_) = (eight(delimiter), eight(b'\n'), eight(b'\r'));
    let mut start = 0;
    for word in words {
        let word = u64::from_le_bytes(*word);
        let last = same(word, feed) | same(word, return_);
        // The bits up to that of the first byte that ends the record; all, where none does.
        let within = last ^ last.wrapping_sub(1);
        let mut all = (same(word, delimiter) | last) & within;
        while all != 0 {
            // A byte of eight.
            ends.push(start + (all.trailing_zeros() >> 3) as usize);
            all &= all.wrapping_sub(1);
        }
        if last != 0 {
            return ends.last().copied();
        }
        start += 8;
    }
    for (place, byte) in (start..).zip(rest) {
        let ends_record = matches!(byte, b'\n' | b'\r');
        if ends_record || u64::from(*byte) == delimiter & 0xff {
            ends.push(place);
        }
        if ends_record {
            return Some(place);
        }
    }
    None
}
