//! The bytes of a file as stored, hashed and counted while they are read.

use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, Read};

/// A file as stored.
pub(super) struct Counted {
    file: File,
    hasher: Sha256,
    bytes: u64,
}

impl Counted {
    pub(super) fn of(file: File) -> Counted {
        Counted { file, hasher: Sha256::new(), bytes: 0 }
    }

    /// How many were read.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Reads what is left, so that the hash covers the whole file: how many bytes it has, and its hash.
    pub(super) fn finish(mut self) -> io::Result<(u64, Vec<u8>)> {
        io::copy(&mut self, &mut io::sink())?;
        Ok((self.bytes, self.hasher.finalize().to_vec()))
    }
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.file.read(buffer)?;
        // What was read lies within the buffer.
        self.hasher.update(buffer.get(..length).unwrap_or_default());
        // A length in memory is never longer than 64 bits can count.
        self.bytes += u64::try_from(length).unwrap_or(0);
        Ok(length)
    }
}
