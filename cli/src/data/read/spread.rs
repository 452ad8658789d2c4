//! Numbers that stand for names, as many as there are, in so much memory at most: the first are held, the others lie in files by their first
//! bits, each small enough to be put in order at the end.

use super::error::ReadError;
use super::scratch::Scratch;
use std::fs::File;
use std::io::{BufWriter, Read, Seek as _, SeekFrom, Write};
use std::path::PathBuf;

/// So many are held.
const HELD: usize = 1 << 11;
/// The others lie in so many files: as many as five bits tell apart.
const FILES: usize = 32;
const BITS: u32 = 5;

/// A number, and what else is known of the name; what is asked of numbers is asked of those with one first half.
pub type Number = [u64; 2];

/// Numbers of names.
pub struct Spread {
    /// Where files may stand; all is held where there is no such place.
    scratch: Option<Scratch>,
    held: Vec<Number>,
    files: Vec<BufWriter<File>>,
    failure: Option<ReadError>,
}

/// How far numbers are, to be cut back to.
#[derive(Clone, Debug, Default)]
pub struct SpreadSoFar {
    held: usize,
    files: Vec<u64>,
}

fn file_of(number: Number) -> usize {
    // Five bits fit.
    usize::try_from(number[0] >> (u64::BITS - BITS)).unwrap_or_default()
}

impl Spread {
    /// None yet; of a folder where there may be files.
    #[must_use]
    pub fn at(folder: Option<PathBuf>) -> Spread {
        let scratch = folder.map(|folder| Scratch::at(&folder));
        Spread { scratch, held: Vec::new(), files: Vec::new(), failure: None }
    }

    /// Whether there is none yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    /// Adds one. Where the disk is full, that is said at the end.
    pub fn add(&mut self, number: Number) {
        let Some(scratch) = self.scratch.as_mut().filter(|_| self.held.len() >= HELD) else {
            self.held.push(number);
            return;
        };
        if self.failure.is_some() {
            return;
        }
        if self.files.is_empty() {
            let files = (0..FILES).map(|_| Ok(BufWriter::new(scratch.file()?))).collect::<Result<_, ReadError>>();
            match files {
                Ok(files) => self.files = files,
                Err(error) => self.failure = Some(error),
            }
        }
        // As many files as the bits tell apart.
        let Some(file) = self.files.get_mut(file_of(number)) else { return };
        let mut bytes = [0; 16];
        let (halves, _) = bytes.as_chunks_mut::<8>();
        halves.iter_mut().zip(number).for_each(|(to, half)| *to = half.to_le_bytes());
        if let Err(error) = file.write_all(&bytes) {
            self.failure = Some(scratch.failed(&error));
        }
    }

    /// Hands those that it holds over to another.
    pub fn pour(&mut self, into: &mut Spread) {
        self.held.drain(..).for_each(|number| into.add(number));
    }

    /// How far they are.
    ///
    /// # Errors
    /// Where the disk is full.
    pub fn so_far(&mut self) -> Result<SpreadSoFar, ReadError> {
        let files: std::io::Result<_> = self.files.iter_mut().map(std::io::Seek::stream_position).collect();
        match (files, &self.scratch) {
            (Ok(files), _) => Ok(SpreadSoFar { held: self.held.len(), files }),
            (Err(error), Some(scratch)) => Err(scratch.failed(&error)),
            (Err(_), None) => Ok(SpreadSoFar { held: self.held.len(), files: Vec::new() }),
        }
    }

    /// Forgets those that came after.
    pub fn cut(&mut self, to: &SpreadSoFar) {
        self.held.truncate(to.held);
        for (place, file) in self.files.iter_mut().enumerate() {
            // A file that was not there yet had nothing.
            let length = to.files.get(place).copied().unwrap_or(0);
            let cut = file.seek(SeekFrom::Start(length)).and_then(|_| file.get_ref().set_len(length));
            if let (Err(error), Some(scratch)) = (cut, &self.scratch) {
                self.failure.get_or_insert(scratch.failed(&error));
            }
        }
    }

    /// All of them, in order, in pieces: those with one first half are in one piece.
    ///
    /// # Errors
    /// Where they could not be written to the disk, or read from it.
    pub fn in_order(mut self, mut pieces: impl FnMut(&[Number])) -> Result<(), ReadError> {
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        let Some(scratch) = self.scratch.filter(|_| !self.files.is_empty()) else {
            self.held.sort_unstable();
            pieces(&self.held);
            return Ok(());
        };
        for (place, file) in self.files.into_iter().enumerate() {
            let file = file.into_inner().map_err(|error| scratch.failed(error.error()))?;
            let mut bytes = Vec::new();
            scratch.again(file)?.read_to_end(&mut bytes).map_err(|error| scratch.failed(&error))?;
            let mut all: Vec<Number> = self.held.iter().copied().filter(|number| file_of(*number) == place).collect();
            let (words, _) = bytes.as_chunks::<8>();
            let (pairs, _) = words.as_chunks::<2>();
            all.extend(pairs.iter().map(|pair| pair.map(u64::from_le_bytes)));
            drop(bytes);
            all.sort_unstable();
            pieces(&all);
        }
        Ok(())
    }
}
