//! Files of an export, opened in the way of their form.

use super::files::{self, ExportFile};
use super::forms::{self, FIRST};
use super::{ReadError, Reader};
use crate::data::mapping::file::Format;
use std::io::{BufRead, BufReader};
use std::path::Path;

impl Reader<'_> {
    /// Opens a file of the export.
    pub(super) fn open(&self, path: &Path) -> Result<ExportFile, ReadError> {
        let file = ExportFile::open(path, self.mapping.file.source.encoding)?;
        Ok(file.hashed_aside(self.options.unhashed.as_ref()))
    }

    /// Opens a file of the export that begins as those of its form do.
    pub(super) fn begun(&self, path: &Path) -> Result<BufReader<ExportFile>, ReadError> {
        let format = self.mapping.file.source.format;
        let file = match format {
            Format::Xes => ExportFile::open_log(path, self.mapping.file.source.encoding)?,
            _ => ExportFile::open(path, self.mapping.file.source.encoding)?,
        };
        let file = file.hashed_aside(self.options.unhashed.as_ref());
        let mut file = BufReader::with_capacity(256 * 1024, file);
        let start = file.fill_buf().map_err(|error| files::stopped(path, &error))?;
        // A small file has no more than it has.
        let wrong = forms::is_not(format, start.get(..FIRST).unwrap_or(start));
        wrong.map_or(Ok(file), |why| Err(ReadError::Damaged(path.display().to_string(), why)))
    }
}
