//! A folder of results that takes its place only when everything in it is there: one audit at a time, and nothing that others keep in
//! the folder is lost.

use super::alone::Alone;
use super::beside::beside;
use crate::exit::Exit;
use crate::output::Output;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// A folder that takes its place only when everything in it is there.
pub struct Staged {
    place: PathBuf,
    partial: PathBuf,
    /// Where the report before waits until the new one is in its place.
    before: PathBuf,
    finished: bool,
    /// Held while the folder takes its place, which nothing interrupts.
    moving: Arc<Mutex<()>>,
    alone: Alone,
}

impl Staged {
    /// Starts an empty folder beside `place`.
    ///
    /// # Errors
    /// Where it cannot be made, another audit is writing there, or `place` is there and is not a folder of an earlier report.
    pub fn new(place: &Path, output: &Output) -> Result<Staged, Exit> {
        let partial = beside(place);
        let fail = |why: String, exit: Exit| {
            output.error(&format!("{}: {why}", place.display()), None);
            exit
        };
        let earlier = place.join("results.json").is_file();
        let empty = fs::read_dir(place).is_ok_and(|mut entries| entries.next().is_none());
        if place.exists() && !earlier && !empty {
            let why = "already exists and is not an earlier report, so nothing was changed".to_owned();
            return Err(fail(why, Exit::Usage));
        }
        if let Some(parent) = partial.parent() {
            fs::create_dir_all(parent).map_err(|e| fail(e.to_string(), Exit::Limit))?;
        }
        let alone = Alone::at(&partial.with_extension("lock")).map_err(|e| fail(e.to_string(), Exit::Limit))?;
        let alone = alone.ok_or_else(|| fail("another audit is writing its report there".to_owned(), Exit::Limit))?;
        let before = partial.with_extension("before");
        let staged =
            Staged { place: place.to_path_buf(), partial, before, finished: false, moving: Arc::default(), alone };
        // One that was killed while it replaced a report may have left it beside its place.
        let made = staged.put_back().and_then(|()| {
            let _ = fs::remove_dir_all(&staged.partial);
            fs::create_dir_all(&staged.partial)
        });
        made.map_err(|e| fail(e.to_string(), Exit::Limit))?;
        Ok(staged)
    }

    /// A file in the folder.
    #[must_use]
    pub fn file(&self, name: &str) -> PathBuf {
        self.partial.join(name)
    }

    /// Puts the folder in its place; an earlier report there is replaced, and what else was in its folder moves along. `ours` tells the
    /// files of a report by their names.
    ///
    /// # Errors
    /// Where it cannot be moved.
    pub fn finish(mut self, ours: impl Fn(&str) -> bool, output: &Output) -> Result<(), Exit> {
        self.finished = true;
        let moving = self.moving.clone();
        // Whoever held it before cannot have broken anything.
        let _whole = moving.lock().unwrap_or_else(PoisonError::into_inner);
        self.replace(&ours).map_err(|error| {
            output.error(
                &format!("{}: {error}; the report is in {}", self.place.display(), self.partial.display()),
                None,
            );
            Exit::Limit
        })
    }

    /// What removes all that an audit has begun, and these files, when it is interrupted; but not before a report is in its place that is
    /// about to take it.
    pub fn abandoned(&self, files: Vec<PathBuf>) -> impl FnOnce() + Send + use<> {
        let (partial, lock, moving) = (self.partial.clone(), self.alone.path().to_owned(), self.moving.clone());
        move || {
            let _whole = moving.lock().unwrap_or_else(PoisonError::into_inner);
            // Others may still be writing there.
            for _ in 0..20 {
                if fs::remove_dir_all(&partial).is_ok() || !partial.exists() {
                    break;
                }
                std::thread::sleep(Duration::from_millis(20));
            }
            files.iter().chain([&lock]).for_each(|file| drop(fs::remove_file(file)));
            std::process::exit(i32::from(Exit::Interrupted as u8));
        }
    }

    /// At each moment what others keep in the folder is in it or in the one before, which the next audit puts back.
    fn replace(&self, ours: &dyn Fn(&str) -> bool) -> io::Result<()> {
        if self.place.exists() {
            fs::rename(&self.place, &self.before)?;
        }
        fs::rename(&self.partial, &self.place)?;
        if !self.before.exists() {
            return Ok(());
        }
        for entry in fs::read_dir(&self.before)? {
            let name = entry?.file_name();
            if !name.to_str().is_some_and(ours) {
                fs::rename(self.before.join(&name), self.place.join(&name))?;
            }
        }
        fs::remove_dir_all(&self.before)
    }

    fn put_back(&self) -> io::Result<()> {
        if !self.before.exists() {
            return Ok(());
        }
        if !self.place.exists() {
            return fs::rename(&self.before, &self.place);
        }
        for entry in fs::read_dir(&self.before)? {
            let name = entry?.file_name();
            if !self.place.join(&name).exists() {
                fs::rename(self.before.join(&name), self.place.join(&name))?;
            }
        }
        fs::remove_dir_all(&self.before)
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if !self.finished {
            let _ = fs::remove_dir_all(&self.partial);
        }
    }
}
