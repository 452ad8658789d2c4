//! Texts that are made in runs, each of which is in the order of the export, and are given back in that order as a whole. Meanwhile they lie in
//! one file, so that memory does not grow with them.

use super::error::ReadError;
use super::scratch::Scratch;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, BufWriter, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

/// So many bytes of a run are read ahead.
const AHEAD: usize = 64 * 1024;

/// The texts so far.
pub struct InOrder {
    scratch: Scratch,
    file: Option<BufWriter<File>>,
    so_far: SoFar,
    /// Where each run begins.
    runs: Vec<u64>,
    failure: Option<ReadError>,
}

/// How far it is, to be cut back to.
#[derive(Clone, Copy, Debug, Default)]
pub struct SoFar {
    runs: usize,
    bytes: u64,
    last: u64,
}

impl InOrder {
    /// None yet; of a folder where the file may stand.
    #[must_use]
    pub fn at(folder: &Path) -> InOrder {
        InOrder { scratch: Scratch::at(folder), file: None, so_far: SoFar::default(), runs: Vec::new(), failure: None }
    }

    /// Adds texts with their place in the export; a lower place than the last begins another run. Where the disk is full, that is said at the
    /// end.
    pub fn add(&mut self, place: u64, texts: &[&str]) {
        if self.failure.is_none()
            && let Err(failure) = self.write(place, texts)
        {
            self.failure = Some(failure);
        }
    }

    fn write(&mut self, place: u64, texts: &[&str]) -> Result<(), ReadError> {
        let record = record(place, texts).map_err(|error| self.scratch.failed(&error))?;
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(BufWriter::with_capacity(AHEAD, self.scratch.file()?)),
        };
        if self.runs.is_empty() || place < self.so_far.last {
            self.runs.push(self.so_far.bytes);
        }
        file.write_all(&record).map_err(|error| self.scratch.failed(&error))?;
        let bytes = self.so_far.bytes + record.len() as u64;
        self.so_far = SoFar { runs: self.runs.len(), bytes, last: place };
        Ok(())
    }

    /// How far it is.
    #[must_use]
    pub fn so_far(&self) -> SoFar {
        self.so_far
    }

    /// Forgets what came after.
    pub fn cut(&mut self, to: SoFar) {
        let cut = self.file.as_mut().map_or(Ok(()), |file| {
            file.flush()?;
            file.get_ref().set_len(to.bytes)?;
            file.seek(SeekFrom::Start(to.bytes)).map(drop)
        });
        if let Err(error) = cut {
            self.failure.get_or_insert(self.scratch.failed(&error));
        }
        self.runs.truncate(to.runs);
        self.so_far = to;
    }

    /// Hands over all of them, in order, until whoever takes them has a fault.
    ///
    /// # Errors
    /// Where they could not be written to the disk, or read from it.
    pub fn each<E>(self, mut see: impl FnMut(u64, Vec<String>) -> Result<(), E>) -> Result<Result<(), E>, ReadError> {
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        let scratch = self.scratch;
        let failed = |error: io::Error| scratch.failed(&error);
        let Some(file) = self.file else { return Ok(Ok(())) };
        let mut file = file.into_inner().map_err(|error| failed(error.into_error()))?;
        let ends = self.runs.iter().copied().skip(1).chain([self.so_far.bytes]);
        let runs = self.runs.iter().zip(ends);
        let mut runs: Vec<Run> = runs.map(|(start, end)| Run { at: *start, end, ahead: Vec::new(), used: 0 }).collect();
        let mut next = BinaryHeap::new();
        for (number, run) in runs.iter_mut().enumerate() {
            next.extend(run.place(&mut file).map_err(failed)?.map(|place| Reverse((place, number))));
        }
        while let Some(Reverse((place, number))) = next.pop() {
            let Some(run) = runs.get_mut(number) else { continue };
            if let Err(fault) = see(place, run.texts(&mut file).map_err(failed)?) {
                return Ok(Err(fault));
            }
            next.extend(run.place(&mut file).map_err(failed)?.map(|place| Reverse((place, number))));
        }
        Ok(Ok(()))
    }
}

/// A place, how many texts, and each with its length.
fn record(place: u64, texts: &[&str]) -> io::Result<Vec<u8>> {
    let length = |length: usize| u32::try_from(length).map(u32::to_le_bytes).map_err(io::Error::other);
    let mut record = place.to_le_bytes().to_vec();
    record.extend(length(texts.len())?);
    for text in texts {
        record.extend(length(text.len())?);
        record.extend(text.as_bytes());
    }
    Ok(record)
}

/// A run that is read again.
struct Run {
    /// What is to be read next of the file, and where the run ends.
    at: u64,
    end: u64,
    /// What was read ahead, and how much of it is used.
    ahead: Vec<u8>,
    used: usize,
}

impl Run {
    /// The place of the next texts; none after the last.
    fn place(&mut self, file: &mut File) -> io::Result<Option<u64>> {
        if self.used == self.ahead.len() && self.at == self.end {
            return Ok(None);
        }
        let mut place = [0; 8];
        self.fill(&mut place, file)?;
        Ok(Some(u64::from_le_bytes(place)))
    }

    fn texts(&mut self, file: &mut File) -> io::Result<Vec<String>> {
        let texts = 0..self.small(file)?;
        texts.map(|_| self.text(file)).collect()
    }

    fn text(&mut self, file: &mut File) -> io::Result<String> {
        let length = usize::try_from(self.small(file)?).map_err(io::Error::other)?;
        let mut bytes = vec![0; length];
        self.fill(&mut bytes, file)?;
        String::from_utf8(bytes).map_err(io::Error::other)
    }

    fn small(&mut self, file: &mut File) -> io::Result<u32> {
        let mut number = [0; 4];
        self.fill(&mut number, file)?;
        Ok(u32::from_le_bytes(number))
    }

    /// Takes as many bytes as there is room for.
    fn fill(&mut self, mut room: &mut [u8], file: &mut File) -> io::Result<()> {
        while !room.is_empty() {
            // No more is used than was read.
            let mut here = self.ahead.get(self.used..).unwrap_or_default();
            if here.is_empty() {
                self.read_on(file)?;
                continue;
            }
            let taken = here.read(room)?;
            self.used += taken;
            // No more is taken than there is room for.
            room = room.get_mut(taken..).unwrap_or_default();
        }
        Ok(())
    }

    fn read_on(&mut self, file: &mut File) -> io::Result<()> {
        file.seek(SeekFrom::Start(self.at))?;
        self.ahead.clear();
        self.used = 0;
        let most = (self.end - self.at).min(AHEAD as u64);
        let read = file.take(most).read_to_end(&mut self.ahead)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.at += read as u64;
        Ok(())
    }
}
