//! An export of delimited text in pieces of whole cases, so that as many may be read side by side as there are threads: each begins with the
//! row of another case, and knows the number and the line of its first row.
//!
//! Where a file has anything that a piece could not know by itself, such as a quote, which may hold ends of lines, there are none: it is read
//! from its start to its end.

use super::Source;
use super::csv_rows::columns;
use super::error::ReadError;
use super::files::{ExportFile, comes_once, size, stopped};
use super::paths::files_of;
use super::quotes::lines_in;
use super::records::Records;
use crate::data::mapping::file::Format;
use crate::results::DataFile;
use std::io::Read;
use std::path::{Path, PathBuf};

/// So many bytes are read at once.
const READ: usize = 64 * 1_024;
/// So many bytes a processor looks through side by side.
const SOME: usize = 128;
/// A case is no longer than so many pieces.
const MOST: usize = 64;

/// So many bytes make a piece, more or less: some hundreds of cases, which stay near a processor while they are read.
pub const PIECE: usize = 1 << 20;

/// Some rows of a file.
pub struct Piece {
    /// The number of the file.
    pub(super) file: usize,
    /// The header of the file, where it has one, and the rows.
    pub(super) bytes: Vec<u8>,
    /// How many rows, and how many of the export are before them.
    count: usize,
    pub(super) before: usize,
    /// The line of the first byte, were the header the line before the first row.
    pub(super) line: u64,
}

/// What comes next.
pub enum Next {
    /// A piece.
    Piece(Piece),
    /// All was given.
    End,
    /// The export is to be read from its start to its end.
    Whole,
}

/// The pieces of an export.
pub struct Pieces<'a> {
    source: Source<'a>,
    paths: Vec<PathBuf>,
    bytes: usize,
    quote: u8,
    delimiter: u8,
    open: Option<Open>,
    done: Vec<DataFile>,
    /// Rows that were given, and stored bytes of files that are done.
    rows: usize,
    stored: u64,
    /// Bytes of pieces that were read, to be filled again.
    spent: Vec<Vec<u8>>,
}

/// A file of which some was given.
struct Open {
    file: ExportFile,
    /// Its header with what ends it; empty where the mapping names the columns.
    head: Vec<u8>,
    /// The fields that name the case.
    keys: Vec<usize>,
    /// The header, and what was read and not yet given, up to a byte.
    held: Vec<u8>,
    filled: usize,
    /// Lines that were given.
    lines: u64,
    is_at_end: bool,
    /// The last byte that was given.
    last: u8,
}

impl<'a> Pieces<'a> {
    /// Of so many bytes each; none where an export has to be read from its start to its end, or is too short for several.
    ///
    /// # Errors
    /// Where a folder or a pattern of files cannot be read.
    pub fn of(source: Source<'a>, bytes: usize) -> Result<Option<Pieces<'a>>, ReadError> {
        let (paths, mapping) = (files_of(source.paths)?, source.mapping);
        let form = &mapping.file.source;
        let (quote, delimiter) = (u8::try_from(form.quote), u8::try_from(form.delimiter));
        let (Ok(quote), Ok(delimiter)) = (quote, delimiter) else { return Ok(None) };
        let stands_alone = form.format == Format::Csv && mapping.script.is_none() && mapping.joined.is_empty();
        let is_long = || paths.iter().map(|path| size(path)).sum::<u64>() > 2 * bytes as u64;
        let may = stands_alone && !mapping.binding.case.is_empty() && quote.is_ascii() && delimiter.is_ascii();
        if !may || paths.iter().any(|path| comes_once(path)) || !is_long() {
            return Ok(None);
        }
        let (open, done) = (None, Vec::new());
        Ok(Some(Pieces { source, paths, bytes, quote, delimiter, open, done, rows: 0, stored: 0, spent: Vec::new() }))
    }

    /// The next piece. What cannot be read is told where it is read from its start to its end.
    pub fn give(&mut self) -> Next {
        loop {
            let Some(mut open) = self.open.take() else {
                let Some(path) = self.paths.get(self.done.len()).cloned() else { return Next::End };
                self.open = self.opened(&path);
                if self.open.is_none() {
                    return Next::Whole;
                }
                continue;
            };
            match self.piece_of(&mut open) {
                Some(Some(piece)) => {
                    self.open = Some(open);
                    self.rows += piece.count;
                    return Next::Piece(piece);
                }
                Some(None) if self.close(open).is_some() => {}
                _ => return Next::Whole,
            }
        }
    }

    /// How many stored bytes were read.
    #[must_use]
    pub fn stored(&self) -> u64 {
        // Of a file that is not open nothing is read.
        self.stored + self.open.as_ref().map_or(0, |open| ExportFile::bytes(&open.file))
    }

    /// How many there are in all.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.paths.iter().map(|path| size(path)).sum()
    }

    /// How many rows were given.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows as u64
    }

    /// All files, once all pieces were given.
    #[must_use]
    pub fn into_files(self) -> Vec<DataFile> {
        self.done
    }

    fn close(&mut self, open: Open) -> Option<()> {
        let path = self.paths.get(self.done.len())?;
        let unended = open.last != b'\n';
        let lines = open.lines + u64::from(unended);
        let file = open.file.finish(path, lines).ok()?;
        let file = DataFile { is_bare: lines == u64::from(!open.head.is_empty()), ..file };
        self.stored += file.bytes;
        self.done.push(file);
        Some(())
    }

    /// Takes back a piece that was read.
    pub fn give_back(&mut self, piece: Piece) {
        self.spent.push(piece.bytes);
    }

    /// A file, with its header read; none where that is not as it should be.
    fn opened(&self, path: &Path) -> Option<Open> {
        let mapping = self.source.mapping;
        let file = ExportFile::open(path, mapping.file.source.encoding).ok()?;
        let (head, keys, held) = (Vec::new(), Vec::new(), Vec::new());
        let mut open = Open { file, head, keys, held, filled: 0, lines: 0, is_at_end: false, last: b'\n' };
        open.read_on(path).ok()?;
        if mapping.file.source.columns.is_none() {
            let end = open.held.iter().take(open.filled).position(|byte| *byte == b'\n')?;
            open.head.extend(open.held.get(..=end)?);
            open.lines = 1;
        }
        seen(&open.head, self.quote).filter(|_| open.head.first() != Some(&b'\n'))?;
        let mut records = Records::new(open.head.as_slice(), self.quote, self.delimiter);
        let (_, fields) = columns(mapping, &mut records, path).ok()?;
        let named = mapping.binding.case.iter().copied().chain(mapping.binding.within_column());
        open.keys = named.map(|column| fields.get(column).copied()).collect::<Option<_>>()?;
        Some(open)
    }

    /// The next piece of a file; nothing at its end, and none at all where the file is to be read from its start.
    fn piece_of(&mut self, open: &mut Open) -> Option<Option<Piece>> {
        let path = self.paths.get(self.done.len())?;
        let (mut enough, head) = (self.bytes, open.head.len());
        let end = loop {
            while !open.is_at_end && open.filled < enough {
                open.read_on(path).ok()?;
            }
            if open.is_at_end {
                break open.filled;
            }
            match border(open.held.get(head..open.filled)?, &open.keys, self.delimiter) {
                Some(border) => break head + border,
                None if enough >= MOST * self.bytes => return None,
                None => enough *= 2,
            }
        };
        if end <= head {
            return Some(None);
        }
        // Where none came back, a new one is made.
        let mut next = self.spent.pop().unwrap_or_default();
        next.clear();
        next.extend_from_slice(&open.head);
        next.extend_from_slice(open.held.get(end..open.filled)?);
        open.filled = next.len();
        let mut bytes = std::mem::replace(&mut open.held, next);
        bytes.truncate(end);
        let begins = head > 0 || bytes.first().is_some_and(|first| !matches!(first, b'\n' | b'\r'));
        let lines = seen(bytes.get(head.saturating_sub(1)..)?, self.quote).filter(|_| begins)?;
        let lines = lines - usize::from(head > 0);
        let last = *bytes.last()?;
        let (count, before, line) = (lines + usize::from(last != b'\n'), self.rows, open.lines + 1);
        (open.lines, open.last) = (open.lines + lines as u64, last);
        // The header stands before the rows again, as if it were the line above.
        let line = line - u64::from(head > 0);
        Some(Some(Piece { file: self.done.len(), bytes, count, before, line }))
    }
}

impl Open {
    /// Reads some more.
    fn read_on(&mut self, path: &Path) -> Result<(), ReadError> {
        if self.held.len() < self.filled + READ {
            self.held.resize((2 * self.filled).max(self.filled + READ), 0);
        }
        // There is room for what is read: it was made just now.
        let room = self.held.get_mut(self.filled..self.filled + READ).unwrap_or_default();
        let read = self.file.read(room).map_err(|error| stopped(path, &error))?;
        self.filled += read;
        self.is_at_end = read == 0;
        Ok(())
    }
}

/// How many lines end in some bytes, each of which must be a row whose fields end where they seem to: no quote, and no empty line. Else nothing.
fn seen(bytes: &[u8], quote: u8) -> Option<usize> {
    let (lines, has_quote) = lines_in(bytes, quote);
    let is_odd = |one: u8, next: u8| {
        let (begins, ends) = ((next == b'\n') | (next == b'\r'), one == b'\n');
        u8::from(ends & begins) | u8::from((one == b'\r') & (next != b'\n'))
    };
    let ask = |odd: u8, (one, next): (&u8, &u8)| odd | is_odd(*one, *next);
    // Bytes that stand side by side are asked side by side, each with the next.
    let pairs = |some: &[u8]| {
        let (ones, next) = (some.first_chunk::<SOME>()?, some.last_chunk::<SOME>()?);
        Some(ones.iter().zip(next).fold(0, ask))
    };
    let odd = bytes.windows(SOME + 1).step_by(SOME).filter_map(pairs).fold(0, |odd, own| odd | own);
    let rest = bytes.get(bytes.len().saturating_sub(1) / SOME * SOME..)?;
    // After the last byte a line may begin.
    let odd = rest.iter().zip(rest.iter().skip(1).chain(b" ")).fold(odd, ask);
    (odd == 0 && !has_quote).then(|| usize::try_from(lines).ok()).flatten()
}

/// The first byte of the last row that is whole and of another case than the one before it.
fn border<'b>(bytes: &'b [u8], keys: &[usize], delimiter: u8) -> Option<usize> {
    let split = |row: &'b [u8]| row.split(move |byte| *byte == delimiter);
    let of = |row: &'b [u8]| keys.iter().map(|field| split(row).nth(*field)).collect::<Vec<_>>();
    let mut end = bytes.iter().rposition(|byte| *byte == b'\n')?;
    let mut next: Option<(usize, Vec<_>)> = None;
    loop {
        let before = bytes.get(..end)?;
        // The first line begins with the first byte.
        let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |line| line + 1);
        let own = of(before.get(start..)?);
        match next {
            Some((border, other)) if other != own => return Some(border),
            _ if start == 0 => return None,
            _ => next = Some((start, own)),
        }
        end = start - 1;
    }
}
