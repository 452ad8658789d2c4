//! Writing files so that nothing is ever half there.

mod alone;
mod aside;
mod beside;
mod over;
mod staged;

use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use crate::exit::Exit;
use crate::output::Output;
pub use alone::Alone;
pub use aside::Aside;
pub use beside::takes_at_once;
use beside::{beside, lock_of, own_beside, place_of};
pub use over::not_over;
pub use staged::Staged;

/// Writes a file beside its place, under a name of its own, and moves it there when it is whole: of two that write it at once the later stands,
/// whole. Whoever might read the file before may still. Into a pipe or a device it is written at once.
///
/// # Errors
/// Where it cannot be written: said on standard error.
pub fn write(path: &Path, content: &[u8], output: &Output) -> Result<(), Exit> {
    if takes_at_once(path) {
        return fs::write(path, content).map_err(|error| cannot(path, &error, output));
    }
    let path = &place_of(path);
    let (partial, mut file) = own_beside(path, false).map_err(|error| cannot(path, &error, output))?;
    let written = file.write_all(content);
    if let Ok(before) = fs::metadata(path) {
        let _ = file.set_permissions(before.permissions());
    }
    drop(file);
    written.and_then(|()| fs::rename(&partial, path)).map_err(|error| {
        let _ = fs::remove_file(&partial);
        cannot(path, &error, output)
    })
}

/// Waits until no other command writes a file and what stands beside it, and holds them while they are written: they belong together.
///
/// # Errors
/// Where nothing can be written there: said on standard error.
pub fn in_turn(path: &Path, output: &Output) -> Result<Option<Alone>, Exit> {
    if takes_at_once(path) {
        return Ok(None);
    }
    let path = place_of(path);
    Alone::in_turn(&lock_of(&path)).map(Some).map_err(|error| cannot(&path, &error, output))
}

/// The same for what only its owner may read, where the system knows owners, and for what takes no other file's place.
///
/// # Errors
/// Where it cannot be written: said on standard error.
pub fn write_private(path: &Path, content: &[u8], output: &Output) -> Result<(), Exit> {
    let (partial, mut file) = own_beside(path, true).map_err(|error| cannot(path, &error, output))?;
    let written = file.write_all(content);
    drop(file);
    let placed = written.and_then(|()| match fs::hard_link(&partial, path) {
        // Not every file system has links; one that is there stays in any case.
        Err(_) if !path.exists() => fs::rename(&partial, path),
        placed => placed,
    });
    let _ = fs::remove_file(&partial);
    placed.map_err(|error| cannot(path, &error, output))
}

/// A file that is written bit by bit and takes its place only when it is whole; one command at a time.
#[derive(Debug)]
pub struct Growing {
    place: PathBuf,
    /// Where it waits until it is whole, and that no other is written there; nowhere where what is written goes on at once.
    partial: Option<(PathBuf, Alone)>,
    file: BufWriter<File>,
}

impl Growing {
    /// Starts an empty file beside `place`.
    ///
    /// # Errors
    /// Where it cannot be created, or another command is writing it: said on standard error.
    pub fn new(place: &Path, output: &Output) -> Result<Growing, Exit> {
        let place = place_of(place);
        let mut partial = None;
        if !takes_at_once(&place) {
            let alone = Alone::at(&lock_of(&place)).map_err(|error| cannot(&place, &error, output))?;
            let Some(alone) = alone else {
                let title = format!("{}: another command is writing it", place.display());
                output.error(&title, Some("wait until it has ended, or name another file"));
                return Err(Exit::Limit);
            };
            partial = Some((beside(&place), alone));
        }
        // What goes on at once waits nowhere.
        let begun = File::create(partial.as_ref().map_or(&place, |(partial, _)| partial));
        let file = begun.map_err(|error| cannot(&place, &error, output))?;
        Ok(Growing { place, partial, file: BufWriter::with_capacity(256 * 1024, file) })
    }

    /// The files that are there until it is whole.
    #[must_use]
    pub fn begun(&self) -> Vec<PathBuf> {
        self.partial.iter().flat_map(|(partial, alone)| [partial.clone(), alone.path().to_owned()]).collect()
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
        let written = self.file.flush();
        let moved = written.and_then(|()| match &self.partial {
            Some((partial, _)) => fs::rename(partial, &self.place),
            None => Ok(()),
        });
        moved.map_err(|error| cannot(&self.place, &error, output))
    }
}

impl Drop for Growing {
    fn drop(&mut self) {
        self.partial.iter().for_each(|(partial, _)| drop(fs::remove_file(partial)));
    }
}

fn cannot(place: &Path, error: &std::io::Error, output: &Output) -> Exit {
    let folder = place.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.exists());
    let help = match folder {
        Some(folder) => Some(format!("there is no folder {}: make it first", folder.display())),
        None if place.is_dir() => Some("this is a folder: name a file in it".to_owned()),
        None => None,
    };
    output.error(&format!("{} could not be written: {error}", place.display()), help.as_deref());
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
