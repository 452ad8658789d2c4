//! Files that only this run needs: each loses its name as soon as it is open, so that nothing stays behind, however the run ends.

use super::error::ReadError;
use std::fs::{self, File};
use std::io::{self, BufReader, Seek};
use std::path::{Path, PathBuf};

/// A folder for them.
#[derive(Clone, Debug)]
pub(super) struct Scratch {
    folder: PathBuf,
    made: usize,
}

impl Scratch {
    pub(super) fn at(folder: &Path) -> Scratch {
        Scratch { folder: folder.to_path_buf(), made: 0 }
    }

    /// Opens another file.
    pub(super) fn file(&mut self) -> Result<File, ReadError> {
        let path = self.folder.join(format!("rows-{}", self.made));
        self.made += 1;
        let made = fs::create_dir_all(&self.folder)
            .and_then(|()| File::options().read(true).write(true).create(true).truncate(true).open(&path));
        let file = made.map_err(|error| self.failed(&error))?;
        // Where a system keeps the name of a file that is open, whoever owns the folder removes it.
        let _ = fs::remove_file(&path);
        Ok(file)
    }

    /// The file from its start.
    pub(super) fn again(&self, mut file: File) -> Result<BufReader<File>, ReadError> {
        file.rewind().map_err(|error| self.failed(&error))?;
        // As many files as there are may be open at once.
        Ok(BufReader::with_capacity(16 * 1024, file))
    }

    pub(super) fn failed(&self, error: &io::Error) -> ReadError {
        ReadError::Scratch(self.folder.display().to_string(), error.to_string())
    }
}
