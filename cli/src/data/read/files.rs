//! Where readers get their files from: text at once, or bytes that are hashed and counted while they are read. `.gz` is unpacked on
//! the way.

use super::error::ReadError;
use crate::results::DataFile;
use flate2::read::MultiGzDecoder;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// A file being read.
pub(super) enum ExportFile {
    /// As stored.
    Plain(Counted),
    /// Unpacked.
    Gzip(Box<MultiGzDecoder<Counted>>),
}

/// The stored bytes.
pub(super) struct Counted {
    file: File,
    hasher: Sha256,
    bytes: u64,
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

impl Read for ExportFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            ExportFile::Plain(file) => file.read(buffer),
            ExportFile::Gzip(file) => file.read(buffer),
        }
    }
}

impl ExportFile {
    pub(super) fn open(path: &Path) -> Result<ExportFile, ReadError> {
        let file = File::open(path).map_err(|error| failed(path, &error))?;
        let counted = Counted { file, hasher: Sha256::new(), bytes: 0 };
        let gzip = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("gz"));
        Ok(if gzip { ExportFile::Gzip(Box::new(MultiGzDecoder::new(counted))) } else { ExportFile::Plain(counted) })
    }

    /// Stored bytes read so far.
    pub(super) fn bytes(&self) -> u64 {
        match self {
            ExportFile::Plain(file) => file.bytes,
            ExportFile::Gzip(file) => file.get_ref().bytes,
        }
    }

    /// Reads what is left, so that the hash covers the whole file.
    pub(super) fn finish(self, path: &Path, lines: u64) -> Result<DataFile, ReadError> {
        let mut counted = match self {
            ExportFile::Plain(file) => file,
            ExportFile::Gzip(file) => file.into_inner(),
        };
        io::copy(&mut counted, &mut io::sink()).map_err(|error| failed(path, &error))?;
        let sha256 = hex(&counted.hasher.finalize());
        Ok(DataFile { name: path.display().to_string(), lines: Some(lines), bytes: counted.bytes, sha256 })
    }
}

/// A whole file as text.
pub(super) fn text(path: &Path) -> Result<String, ReadError> {
    std::fs::read_to_string(path).map_err(|error| failed(path, &error))
}

/// Stored bytes of a file; 0 where it cannot be asked, which only progress sees.
pub(super) fn size(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |data| data.len())
}

pub(super) fn failed(path: &Path, error: &dyn std::fmt::Display) -> ReadError {
    ReadError::File(path.display().to_string(), error.to_string())
}

/// SHA-256 in hexadecimal.
#[must_use]
pub fn sha256_of(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
