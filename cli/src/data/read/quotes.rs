//! Watches the quotes of delimited text while it is read: a quote that is never closed, or closed in the midst of a text, would
//! swallow rows in silence.

use super::files::ExportFile;
use std::io::{self, Read};

/// A delimited file, its quotes watched and its lines counted.
pub(super) struct Watched {
    file: ExportFile,
    quote: u8,
    delimiter: u8,
    state: State,
    /// The line that is being read, from 1.
    line: u64,
    /// The line in which the last quote was opened.
    opened: u64,
    last: u8,
    bytes: u64,
    fault: Option<QuoteFault>,
}

/// Where in a row the next byte stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Start,
    Plain,
    Quoted,
    /// After a quote within a quoted field: its end, or half of a quote that is part of the text.
    Closing,
}

/// What is wrong with a quote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct QuoteFault {
    /// The line in which it was opened.
    pub(super) opened: u64,
    /// The line in which text follows the quote that closes it; none where the file ends before that.
    pub(super) closed: Option<u64>,
}

impl Watched {
    pub(super) fn new(file: ExportFile, quote: u8, delimiter: u8) -> Watched {
        Watched { file, quote, delimiter, state: State::Start, line: 1, opened: 0, last: b'\n', bytes: 0, fault: None }
    }

    /// The file itself.
    pub(super) fn file(&self) -> &ExportFile {
        &self.file
    }

    /// Lines of the file, once it is read to its end.
    pub(super) fn lines(&self) -> u64 {
        self.line - u64::from(self.last == b'\n')
    }

    /// What is wrong with the quotes read so far.
    pub(super) fn fault(&self) -> Option<QuoteFault> {
        self.fault
    }

    /// The file, to be finished.
    pub(super) fn into_file(self) -> ExportFile {
        self.file
    }

    fn see(&mut self, byte: u8) {
        // A byte order mark opens no field.
        let mark = b"\xef\xbb\xbf".get(usize::try_from(self.bytes).unwrap_or(usize::MAX)) == Some(&byte);
        self.bytes += 1;
        if mark && self.line == 1 && self.bytes <= 3 {
            return;
        }
        let ends = byte == self.delimiter || byte == b'\n' || byte == b'\r';
        self.state = match self.state {
            State::Start if byte == self.quote => {
                self.opened = self.line;
                State::Quoted
            }
            State::Quoted if byte == self.quote => State::Closing,
            State::Quoted => State::Quoted,
            State::Closing if byte == self.quote => State::Quoted,
            _ if ends => State::Start,
            State::Closing if byte == b' ' || byte == b'\t' => State::Closing,
            State::Closing => {
                self.fault = self.fault.or(Some(QuoteFault { opened: self.opened, closed: Some(self.line) }));
                State::Plain
            }
            State::Start | State::Plain => State::Plain,
        };
        self.line += u64::from(byte == b'\n');
        self.last = byte;
    }
}

impl Read for Watched {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.file.read(buffer)?;
        // What was read lies within the buffer.
        for byte in buffer.get(..length).unwrap_or_default() {
            self.see(*byte);
        }
        if length == 0 && !buffer.is_empty() && self.state == State::Quoted {
            self.fault = self.fault.or(Some(QuoteFault { opened: self.opened, closed: None }));
        }
        Ok(length)
    }
}
