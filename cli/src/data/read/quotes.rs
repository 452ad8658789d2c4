//! Watches the quotes of delimited text while it is read: a quote that is never closed, or closed in the midst of a text, would
//! swallow rows in silence.

use super::files::ExportFile;
use std::io::{self, Read};

/// So many bytes are looked through at once for a quote.
const PIECE: usize = 1_024;
/// So many bytes a processor looks through side by side, and no more lines than fit into a byte.
const SOME: usize = 128;

/// A delimited file, its quotes watched and its lines counted.
pub(super) struct Watched<R = ExportFile> {
    file: R,
    quote: u8,
    delimiter: u8,
    state: State,
    /// The line that is being read, from 1.
    line: u64,
    /// The line in which the last quote was opened.
    opened: u64,
    last: u8,
    bytes: u64,
    /// There is a quote in what was read last.
    has_quote: bool,
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

impl<R> Watched<R> {
    pub(super) fn new(file: R, quote: u8, delimiter: u8) -> Watched<R> {
        Watched {
            file,
            quote,
            delimiter,
            state: State::Start,
            line: 1,
            opened: 0,
            last: b'\n',
            bytes: 0,
            has_quote: false,
            fault: None,
        }
    }

    /// The file itself.
    pub(super) fn file(&self) -> &R {
        &self.file
    }

    /// Lines of the file, once it is read to its end.
    pub(super) fn lines(&self) -> u64 {
        self.line - u64::from(self.last == b'\n')
    }

    /// Whether what was read last ends a line, or nothing was.
    pub(super) fn ends_a_line(&self) -> bool {
        matches!(self.last, b'\n' | b'\r')
    }

    /// What is wrong with the quotes read so far.
    pub(super) fn fault(&self) -> Option<QuoteFault> {
        self.fault
    }

    /// Whether there is a quote in what was read last.
    pub(super) fn has_quote(&self) -> bool {
        self.has_quote
    }

    /// The file, to be finished.
    pub(super) fn into_file(self) -> R {
        self.file
    }

    /// A piece of the file. Where no quote is in it and none is open, only its lines count, and how it ends.
    fn see_all(&mut self, piece: &[u8]) {
        let (lines, has_quote) = lines_in(piece, self.quote);
        self.has_quote |= has_quote;
        let open = matches!(self.state, State::Quoted | State::Closing);
        let Some(last) = piece.last().filter(|_| !open && self.bytes >= 3 && !has_quote) else {
            return piece.iter().for_each(|byte| self.see(*byte));
        };
        self.state = if self.ends_field(*last) { State::Start } else { State::Plain };
        self.line += lines;
        self.last = *last;
        // A length in memory is never longer than 64 bits can count.
        self.bytes += u64::try_from(piece.len()).unwrap_or(0);
    }

    fn ends_field(&self, byte: u8) -> bool {
        byte == self.delimiter || byte == b'\n' || byte == b'\r'
    }

    fn see(&mut self, byte: u8) {
        // A byte order mark opens no field.
        let mark = b"\xef\xbb\xbf".get(usize::try_from(self.bytes).unwrap_or(usize::MAX)) == Some(&byte);
        self.bytes += 1;
        if mark && self.line == 1 && self.bytes <= 3 {
            return;
        }
        let ends = self.ends_field(byte);
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

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.file.read(buffer)?;
        self.has_quote = false;
        // What was read lies within the buffer.
        for piece in buffer.get(..length).unwrap_or_default().chunks(PIECE) {
            self.see_all(piece);
        }
        if length == 0 && !buffer.is_empty() && self.state == State::Quoted {
            self.fault = self.fault.or(Some(QuoteFault { opened: self.opened, closed: None }));
        }
        Ok(length)
    }
}

/// Whether a byte is among others, which a processor looks through side by side.
pub(super) fn has(bytes: &[u8], byte: u8) -> bool {
    bytes.chunks(256).any(|some| some.iter().fold(false, |found, own| found | (*own == byte)))
}

/// Line feeds in a piece, and whether there is a quote in it: all bytes are asked both in one go.
pub(super) fn lines_in(piece: &[u8], quote: u8) -> (u64, bool) {
    let ask = |(lines, found): (u8, bool), byte: &u8| {
        (lines.wrapping_add(u8::from(*byte == b'\n')), found | (*byte == quote))
    };
    let (some, rest) = piece.as_chunks::<SOME>();
    let whole = some.iter().map(|bytes| bytes.iter().fold((0, false), ask));
    let all = whole.chain([rest.iter().fold((0, false), ask)]);
    all.fold((0, false), |(lines, found), (more, has)| (lines + u64::from(more), found | has))
}
