//! Where readers get their files from: text at once, or bytes that are hashed and counted while they are read. What is packed is unpacked
//! on the way.

use super::counted::Counted;
use super::error::ReadError;
use super::forms::{FIRST, Form, Seems, form_of};
use super::unhashed::Unhashed;
use super::utf16::Utf16;
use super::win1252::Windows1252;
use super::zstd::Frames;
use crate::data::mapping::file::Encoding;
use crate::results::DataFile;
use concord_engine::text::with_line_ends;
use flate2::read::MultiGzDecoder;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::Path;

/// A file being read.
pub(super) struct ExportFile {
    packed: Packed,
    /// What turns text in another encoding into bytes of UTF-8.
    turned: Turned,
}

/// What turns text into bytes of UTF-8.
enum Turned {
    /// It is UTF-8.
    Not,
    Utf16(Utf16),
    Windows1252(Windows1252),
}

impl Turned {
    fn of(encoding: Encoding) -> Turned {
        match encoding {
            Encoding::Utf8 => Turned::Not,
            Encoding::Utf16 => Turned::Utf16(Utf16::default()),
            Encoding::Windows1252 => Turned::Windows1252(Windows1252::default()),
        }
    }
}

/// How a file is packed.
enum Packed {
    /// As stored.
    Plain(Counted),
    Gzip(Box<MultiGzDecoder<Counted>>),
    Zstd(Box<Frames>),
}

impl Read for Packed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Packed::Plain(file) => file.read(buffer),
            Packed::Gzip(file) => file.read(buffer).map_err(corrupt),
            Packed::Zstd(file) => file.read(buffer),
        }
    }
}

/// Why a file cannot be unpacked; a disk that fails stays what it is.
fn corrupt(error: io::Error) -> io::Error {
    if !is_of_data(&error) {
        return error;
    }
    io::Error::new(io::ErrorKind::InvalidData, format!("what was packed with gzip cannot be unpacked: {error}"))
}

/// Whether it is the bytes of a file that are wrong, and not the way to them.
fn is_of_data(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::UnexpectedEof)
}

impl Read for ExportFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match &mut self.turned {
            Turned::Not => self.packed.read(buffer),
            Turned::Utf16(wide) => wide.read(&mut self.packed, buffer),
            Turned::Windows1252(letters) => letters.read(&mut self.packed, buffer),
        }
    }
}

/// Whether it is standard input.
fn is_standard(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Opens a file; `-` is standard input.
fn opened(path: &Path) -> io::Result<File> {
    File::open(if is_standard(path) { Path::new("/dev/stdin") } else { path })
}

/// Whether what is in it comes once: standard input, or a pipe. One that is not there is refused when it is opened.
pub(in crate::data) fn comes_once(path: &Path) -> bool {
    is_standard(path) || std::fs::metadata(path).is_ok_and(|data| !data.is_file())
}

/// What a file seems to be, unpacked, and how its text is encoded.
///
/// # Errors
/// Where it cannot be opened, or is of a form that is not read.
pub(in crate::data) fn what_it_seems(path: &Path) -> Result<(Seems, Encoding), ReadError> {
    let start = |file: &mut dyn Read| {
        let mut start = Vec::new();
        let read = file.take(FIRST as u64).read_to_end(&mut start);
        read.map(|_| start).map_err(|error| stopped(path, &error))
    };
    let stored = Seems::of(&start(&mut opened(path).map_err(|error| failed(path, &error))?)?);
    let encoding = if stored == Seems::Utf16 { Encoding::Utf16 } else { Encoding::Utf8 };
    if stored == Seems::Parquet {
        return Ok((stored, encoding));
    }
    let text = start(&mut ExportFile::open_log(path, encoding)?)?;
    Ok((Seems::of(&text), encoding))
}

/// The first bytes of a file, and the file, which gives them again.
fn start_of(mut file: File) -> io::Result<(Vec<u8>, Counted)> {
    let mut start = Vec::new();
    file.by_ref().take(16).read_to_end(&mut start)?;
    if !file.metadata()?.is_file() {
        return Ok((start.clone(), Counted::after(start, file)));
    }
    file.rewind()?;
    Ok((start, Counted::of(file)))
}

impl ExportFile {
    /// Opens a file whose text is encoded so; how it is packed is told by its first bytes, or else by its name.
    pub(super) fn open(path: &Path, encoding: Encoding) -> Result<ExportFile, ReadError> {
        ExportFile::of(path, encoding, false)
    }

    /// The same of an event log, which is XML.
    pub(super) fn open_log(path: &Path, encoding: Encoding) -> Result<ExportFile, ReadError> {
        ExportFile::of(path, encoding, true)
    }

    fn of(path: &Path, encoding: Encoding, log: bool) -> Result<ExportFile, ReadError> {
        let file = opened(path).map_err(|error| failed(path, &error))?;
        let (start, file) = start_of(file).map_err(|error| failed(path, &error))?;
        let called = |word: &str| path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case(word));
        let name = || path.display().to_string();
        let packed = match form_of(&start) {
            Some(Form::Gzip) => Packed::Gzip(Box::new(MultiGzDecoder::new(file))),
            Some(Form::Zstd) => Packed::Zstd(Box::new(Frames::of(file))),
            Some(Form::Xml) if log => Packed::Plain(file),
            Some(Form::Xml) => return Err(ReadError::Xml(name())),
            Some(Form::Parquet) => return Err(ReadError::Parquet(name())),
            Some(Form::Other(what)) => return Err(ReadError::Form(name(), what)),
            Some(Form::Utf16) if encoding != Encoding::Utf16 => return Err(ReadError::Wide(name())),
            _ if called("gz") => Packed::Gzip(Box::new(MultiGzDecoder::new(file))),
            _ if called("zst") => Packed::Zstd(Box::new(Frames::of(file))),
            _ => Packed::Plain(file),
        };
        Ok(ExportFile { packed, turned: Turned::of(encoding) })
    }

    /// The same, where others may hash what is read.
    pub(super) fn hashed_aside(mut self, unhashed: Option<&Unhashed>) -> ExportFile {
        let file = match &mut self.packed {
            Packed::Plain(file) => file,
            Packed::Gzip(file) => file.get_mut(),
            Packed::Zstd(file) => file.file_mut(),
        };
        unhashed.into_iter().for_each(|unhashed| file.set_aside(unhashed));
        self
    }

    /// Stored bytes read so far.
    pub(super) fn bytes(&self) -> u64 {
        match &self.packed {
            Packed::Plain(file) => file.bytes(),
            Packed::Gzip(file) => file.get_ref().bytes(),
            Packed::Zstd(file) => file.file().bytes(),
        }
    }

    /// Reads what is left, so that the hash covers the whole file.
    pub(super) fn finish(self, path: &Path, lines: u64) -> Result<DataFile, ReadError> {
        let counted = match self.packed {
            Packed::Plain(file) => file,
            Packed::Gzip(file) => file.into_inner(),
            Packed::Zstd(file) => file.into_file(),
        };
        let (bytes, hash) = counted.finish().map_err(|error| failed(path, &error))?;
        let name = if is_standard(path) { "standard input".to_owned() } else { path.display().to_string() };
        Ok(DataFile { name, lines: Some(lines), bytes, sha256: hex(&hash), is_bare: false })
    }
}

/// A file as it is read, unpacked, where nobody asks for its hash.
///
/// # Errors
/// Where it cannot be opened, or is of a form that is no text.
pub(in crate::data) fn open_text(path: &Path, encoding: Encoding) -> Result<Box<dyn Read>, ReadError> {
    Ok(Box::new(ExportFile::open(path, encoding)?))
}

/// How many bytes a file has, and their hash, where it is read by other ways than one after another.
pub(super) fn hashed(path: &Path) -> Result<(u64, String), ReadError> {
    let file = File::open(path).map_err(|error| failed(path, &error))?;
    let (bytes, hash) = Counted::of(file).finish().map_err(|error| failed(path, &error))?;
    Ok((bytes, hex(&hash)))
}

/// A whole file as text.
pub(super) fn text(path: &Path) -> Result<String, ReadError> {
    std::fs::read_to_string(path).map(with_line_ends).map_err(|error| failed(path, &error))
}

/// Stored bytes of a file; 0 where it cannot be asked, which only progress sees.
pub(super) fn size(path: &Path) -> u64 {
    // As it says.
    std::fs::metadata(path).map_or(0, |data| data.len())
}

/// What stopped a reader in the midst of a file: its bytes, or the way to them.
pub(super) fn stopped(path: &Path, error: &io::Error) -> ReadError {
    if is_of_data(error) { broken(path, error) } else { failed(path, error) }
}

/// A file whose bytes are not what they must be.
pub(super) fn broken(path: &Path, why: &dyn std::fmt::Display) -> ReadError {
    ReadError::Damaged(path.display().to_string(), why.to_string())
}

pub(super) fn failed(path: &Path, error: &dyn std::fmt::Display) -> ReadError {
    ReadError::File(path.display().to_string(), error.to_string())
}

/// SHA-256 of a file, in hexadecimal.
///
/// # Errors
/// Where it cannot be read.
pub fn sha256_of_file(path: &Path) -> Result<String, ReadError> {
    hashed(path).map(|(_, sha256)| sha256)
}

/// SHA-256 in hexadecimal.
#[must_use]
pub fn sha256_of(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What a file is called in messages and rows, without its folder.
pub(in crate::data) fn name_of(path: &Path) -> String {
    // Only messages are without a name where a path has none.
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
