//! Writing files so that nothing is ever half there.

mod beside;
mod staged;

use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use crate::exit::Exit;
use crate::output::Output;
use beside::beside;
pub use staged::Staged;

/// Writes a file beside its place and moves it there when it is whole.
///
/// # Errors
/// Where it cannot be written: said on standard error.
pub fn write(path: &Path, content: &[u8], output: &Output) -> Result<(), Exit> {
    let partial = beside(path);
    let written = fs::write(&partial, content).and_then(|()| fs::rename(&partial, path));
    written.map_err(|error| {
        let _ = fs::remove_file(&partial);
        cannot(path, &error, output)
    })
}

/// The same for what only its owner may read, where the system knows owners.
///
/// # Errors
/// Where it cannot be written: said on standard error.
pub fn write_private(path: &Path, content: &[u8], output: &Output) -> Result<(), Exit> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(path).and_then(|mut file| file.write_all(content));
    written.map_err(|error| cannot(path, &error, output))
}

/// A file that is written bit by bit and takes its place only when it is whole.
#[derive(Debug)]
pub struct Growing {
    place: PathBuf,
    partial: PathBuf,
    file: BufWriter<File>,
}

impl Growing {
    /// Starts an empty file beside `place`.
    ///
    /// # Errors
    /// Where it cannot be created: said on standard error.
    pub fn new(place: &Path, output: &Output) -> Result<Growing, Exit> {
        let partial = beside(place);
        let file = File::create(&partial).map_err(|error| cannot(place, &error, output))?;
        Ok(Growing { place: place.to_path_buf(), partial, file: BufWriter::with_capacity(256 * 1024, file) })
    }

    /// Where it waits until it is whole.
    #[must_use]
    pub fn partial(&self) -> PathBuf {
        self.partial.clone()
    }

    /// Adds to its end.
    ///
    /// # Errors
    /// Where it cannot be written: said on standard error.
    pub fn add(&mut self, content: &[u8], output: &Output) -> Result<(), Exit> {
        self.file.write_all(content).map_err(|error| cannot(&self.place, &error, output))
    }

    /// Puts the file in its place.
    ///
    /// # Errors
    /// Where it cannot be written or moved: said on standard error.
    pub fn finish(mut self, output: &Output) -> Result<(), Exit> {
        let moved = self.file.flush().and_then(|()| fs::rename(&self.partial, &self.place));
        moved.map_err(|error| cannot(&self.place, &error, output))
    }
}

impl Drop for Growing {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.partial);
    }
}

fn cannot(place: &Path, error: &std::io::Error, output: &Output) -> Exit {
    output.error(&format!("{} could not be written: {error}", place.display()), None);
    Exit::Limit
}

/// The name of a file without its folder.
#[must_use]
pub fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Whether a path names a module rather than a rule.
#[must_use]
pub fn is_module(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "wasm")
}
