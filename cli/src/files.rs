//! Writing files so that nothing is ever half there.

use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use crate::exit::Exit;
use crate::output::Output;

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

/// A folder that takes its place only when everything in it is there.
pub struct Staged {
    place: PathBuf,
    partial: PathBuf,
}

impl Staged {
    /// Starts an empty folder beside `place`.
    ///
    /// # Errors
    /// Where it cannot be made, or `place` is there and is not a folder of an earlier report.
    pub fn new(place: &Path, output: &Output) -> Result<Staged, Exit> {
        let partial = beside(place);
        let fail = |why: String, exit: Exit| {
            output.error(&format!("{}: {why}", place.display()), None);
            exit
        };
        let earlier = place.join("results.json").is_file();
        let empty = fs::read_dir(place).map_or(true, |mut entries| entries.next().is_none());
        if place.exists() && !earlier && !empty {
            let why = "already exists and is not an earlier report, so nothing was changed".to_owned();
            return Err(fail(why, Exit::Usage));
        }
        let _ = fs::remove_dir_all(&partial);
        fs::create_dir_all(&partial).map_err(|e| fail(e.to_string(), Exit::Limit))?;
        Ok(Staged { place: place.to_path_buf(), partial })
    }

    /// A file in the folder.
    #[must_use]
    pub fn file(&self, name: &str) -> PathBuf {
        self.partial.join(name)
    }

    /// Puts the folder in its place; an earlier report there is replaced.
    ///
    /// # Errors
    /// Where it cannot be moved.
    pub fn finish(self, output: &Output) -> Result<(), Exit> {
        let moved = match fs::remove_dir_all(&self.place) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
            _ => fs::rename(&self.partial, &self.place),
        };
        moved.map_err(|error| {
            output.error(
                &format!("{}: {error}; the report is in {}", self.place.display(), self.partial.display()),
                None,
            );
            Exit::Limit
        })
    }
}

fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(".partial");
    path.with_file_name(name)
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
