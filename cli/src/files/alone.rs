//! Holds a place for one command until it ends, however it ends, so that two never write there at once.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

/// A place that is held.
#[derive(Debug)]
pub struct Alone {
    path: PathBuf,
    _file: File,
}

impl Alone {
    /// None where another holds it.
    pub(super) fn at(path: &Path) -> io::Result<Option<Alone>> {
        loop {
            let file = open(path)?;
            match file.try_lock() {
                Err(TryLockError::WouldBlock) => return Ok(None),
                Err(TryLockError::Error(error)) => return Err(error),
                // Whoever held it before may have removed the file since it was opened.
                Ok(()) if is_still(&file, path) => return Ok(Some(Alone { path: path.to_owned(), _file: file })),
                Ok(()) => {}
            }
        }
    }

    /// Waits until no other holds it.
    pub(super) fn in_turn(path: &Path) -> io::Result<Alone> {
        loop {
            let file = open(path)?;
            file.lock()?;
            if is_still(&file, path) {
                return Ok(Alone { path: path.to_owned(), _file: file });
            }
        }
    }

    /// The file by which it is held.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Alone {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

fn open(path: &Path) -> io::Result<File> {
    File::options().write(true).create(true).truncate(false).open(path)
}

/// Whether a path still names this file.
#[cfg(unix)]
fn is_still(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let (Ok(held), Ok(named)) = (file.metadata(), fs::metadata(path)) else { return false };
    (held.dev(), held.ino()) == (named.dev(), named.ino())
}

/// Where a file that is held cannot be removed, its path names it.
#[cfg(not(unix))]
fn is_still(_: &File, _: &Path) -> bool {
    true
}
