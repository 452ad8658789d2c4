//! In which way an export is read: the one that holds least, and the next where that turns out not to do.

use super::error::ReadError;
use super::export::{Part, ReadSoFar};
use super::files::comes_once;
use super::noted::Noted;
use super::partitioned::{InParts, partition_export};
use super::paths::files_of;
use super::pieces::Pieces;
use super::{Export, Source, hold_export, stream_export};
use crate::data::mapping::file::Format;
use std::path::{Path, PathBuf};

/// So many bytes of memory does a byte of an export take at most while it is held, as it is and packed.
const HELD: u64 = 4;
const HELD_PACKED: u64 = 40;
/// An export that is not grouped by case is set apart in so many files: no more than any system lets a program have open.
const LEAST_FILES: usize = 64;
const MOST_FILES: usize = 128;

/// The way.
pub struct Way<'a> {
    source: Source<'a>,
    memory: u64,
    folder: &'a Path,
    how: How,
    /// The kinds of event that no row carries, as far as that is known.
    absent: u64,
    /// So often it may be read.
    left: u8,
}

/// How an export is read.
#[derive(Clone, Copy)]
enum How {
    /// Pieces of it are read side by side.
    SideBySide,
    /// A case is handed over as soon as rows of others follow.
    Streamed,
    /// All are held until the end.
    Held,
    /// Rows are set apart by case, in so many files.
    Apart(usize),
}

impl<'a> Way<'a> {
    /// The one to begin with; with so much memory, and a folder for what does not fit into it.
    ///
    /// # Errors
    /// Where a folder or a pattern of files cannot be read.
    pub fn of(source: Source<'a>, memory: u64, folder: &'a Path) -> Result<Way<'a>, ReadError> {
        let how = match source.mapping.file.source.format {
            // The resources of a patient stand in several files.
            Format::Fhir => How::of_ungrouped(source, memory)?,
            _ if is_read_once(source.paths)? => How::Held,
            _ => How::Streamed,
        };
        // It is known after the first time which events no row carries, and after the second at the latest whether rows are grouped by case.
        Ok(Way { source, memory, folder, how, absent: 0, left: 4 })
    }

    /// The same, where as many as may work read pieces of it side by side, unless it cannot be had in pieces of so many bytes.
    ///
    /// # Errors
    /// As [`Way::of`].
    pub fn side_by_side(self, bytes: usize) -> Result<Way<'a>, ReadError> {
        let may = matches!(self.how, How::Streamed) && Pieces::of(self.source, bytes)?.is_some();
        Ok(if may { Way { how: How::SideBySide, left: self.left + 1, ..self } } else { self })
    }

    /// The kinds of event of which it is taken for granted that no row carries them, where pieces are to be read side by side.
    #[must_use]
    pub fn in_pieces(&self) -> Option<u64> {
        matches!(self.how, How::SideBySide).then_some(self.absent)
    }

    /// Reads the export and hands its cases over, as [`stream_export`] does.
    ///
    /// # Errors
    /// What makes the export unreadable as a whole, or that the disk is full.
    pub fn read(
        &self,
        parts: &mut dyn FnMut(Part) -> Option<Part>,
        progress: &mut dyn FnMut(ReadSoFar),
    ) -> Result<InParts, ReadError> {
        match self.how {
            How::SideBySide | How::Streamed => stream_export(self.source, self.absent, parts, progress),
            How::Held => hold_export(self.source, parts, progress),
            How::Apart(files) => partition_export(self.source, (self.folder, files, self.absent), parts, progress),
        }
    }

    /// The export, if that was the way; none where it must be read again, and what was handed over does not count.
    ///
    /// # Errors
    /// Where no way does, as the files change while they are read.
    pub fn came_to(&mut self, read: InParts) -> Result<Option<Export>, ReadError> {
        match read {
            InParts::All(export) => return Ok(Some(*export)),
            InParts::Absent(found) => self.absent = found,
            InParts::Over if matches!(self.how, How::SideBySide) => self.how = How::Streamed,
            InParts::Over => self.how = How::of_ungrouped(self.source, self.memory)?,
        }
        self.left -= 1;
        if self.left == 0 {
            // Only messages are without a name where there is no file.
            let name = self.source.paths.first().map(|path| path.display().to_string()).unwrap_or_default();
            return Err(ReadError::Damaged(name, "what is in it changes while it is read".to_owned()));
        }
        Ok(None)
    }
}

/// What an export is, without its cases, of which none is held.
///
/// # Errors
/// What makes the export unreadable as a whole, or that the disk is full.
pub fn account(source: Source<'_>, memory: u64, folder: &Path) -> Result<Export, ReadError> {
    let mut way = Way::of(source, memory, folder)?;
    loop {
        let mut noted = Noted::of(source);
        let mut note = |part: Part| {
            noted.add(part.all());
            Some(part)
        };
        let read = way.read(&mut note, &mut |_| {})?;
        if let Some(export) = way.came_to(read)? {
            return noted.complete(export);
        }
    }
}

impl How {
    /// How an export is read whose rows are not grouped by case.
    fn of_ungrouped(source: Source<'_>, memory: u64) -> Result<How, ReadError> {
        let size = held_size(source.paths)?;
        if size <= memory || is_read_once(source.paths)? {
            return Ok(How::Held);
        }
        // Each file is held while it is read.
        let most = usize::try_from(size / (memory / 4).max(1)).unwrap_or(MOST_FILES);
        Ok(How::Apart(most.clamp(LEAST_FILES, MOST_FILES)))
    }
}

/// Whether one of the files is a pipe, which gives what is in it once.
fn is_read_once(paths: &[PathBuf]) -> Result<bool, ReadError> {
    Ok(files_of(paths)?.iter().any(|path| comes_once(path)))
}

/// What an export takes at most while it is held.
fn held_size(paths: &[PathBuf]) -> Result<u64, ReadError> {
    let size = |path: &PathBuf| {
        let packed = path.extension().is_some_and(|word| ["gz", "zst", "parquet"].iter().any(|own| word == *own));
        // As above.
        let bytes = std::fs::metadata(path).map_or(0, |data| data.len());
        bytes.saturating_mul(if packed { HELD_PACKED } else { HELD })
    };
    Ok(files_of(paths)?.iter().map(size).fold(0, u64::saturating_add))
}
