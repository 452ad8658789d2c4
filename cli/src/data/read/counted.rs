//! The bytes of a file as stored, hashed and counted while they are read.

use super::unhashed::{Pieces, Unhashed};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, Read};
use std::sync::Arc;

/// A file as stored.
pub(super) struct Counted {
    file: File,
    /// Its first bytes, where they were read to tell its form, and cannot be read again.
    ahead: Vec<u8>,
    hash: Hash,
    bytes: u64,
}

/// The hash of what was read.
enum Hash {
    /// Worked out at once.
    Here(Box<Sha256>),
    /// Worked out of what is set aside.
    Aside(Arc<Pieces>),
}

impl Counted {
    pub(super) fn of(file: File) -> Counted {
        Counted { file, ahead: Vec::new(), hash: Hash::Here(Box::default()), bytes: 0 }
    }

    /// The same, where the first bytes of what comes once were read already.
    pub(super) fn after(ahead: Vec<u8>, file: File) -> Counted {
        Counted { ahead, ..Counted::of(file) }
    }

    /// From now on others may hash what is read.
    pub(super) fn set_aside(&mut self, unhashed: &Unhashed) {
        if let Hash::Here(hasher) = &mut self.hash {
            self.hash = Hash::Aside(unhashed.begin(std::mem::take(hasher)));
        }
    }

    /// How many were read.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Reads what is left, so that the hash covers the whole file: how many bytes it has, and its hash.
    pub(super) fn finish(mut self) -> io::Result<(u64, Vec<u8>)> {
        io::copy(&mut self, &mut io::sink())?;
        let hash = match self.hash {
            Hash::Here(hasher) => hasher.finalize().to_vec(),
            Hash::Aside(pieces) => pieces.finish(),
        };
        Ok((self.bytes, hash))
    }
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let ahead = self.ahead.len().min(buffer.len());
        let length = match buffer.get_mut(..ahead).filter(|_| ahead > 0) {
            Some(start) => {
                // As many as were taken.
                start.iter_mut().zip(self.ahead.drain(..ahead)).for_each(|(slot, byte)| *slot = byte);
                ahead
            }
            None => self.file.read(buffer)?,
        };
        // What was read lies within the buffer.
        let read = buffer.get(..length).unwrap_or_default();
        match &mut self.hash {
            Hash::Here(hasher) => hasher.update(read),
            Hash::Aside(pieces) if !read.is_empty() => pieces.add(read),
            Hash::Aside(_) => {}
        }
        // A length in memory is never longer than 64 bits can count.
        self.bytes += u64::try_from(length).unwrap_or(0);
        Ok(length)
    }
}
