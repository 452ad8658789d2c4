//! A folder for what does not fit into memory while a command runs.

use std::path::{Path, PathBuf};

use super::beside::place_of;
use crate::exit::Exit;

/// The folder, which goes when this does.
pub struct Aside(PathBuf);

impl Aside {
    /// Beside a file that is written; without one, where the system keeps what is for a while.
    #[must_use]
    pub fn of(out: Option<&Path>) -> Aside {
        Aside(match out {
            Some(out) => place_of(out).with_extension("rows.partial"),
            None => std::env::temp_dir().join(format!("concord-{}.partial", std::process::id())),
        })
    }

    /// Where it is, or will be.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// What removes it, and these files, when the command is interrupted.
    pub fn abandoned(&self, files: Vec<PathBuf>) -> impl FnOnce() + Send + use<> {
        let folder = self.0.clone();
        move || {
            let _ = std::fs::remove_dir_all(&folder);
            files.iter().for_each(|file| drop(std::fs::remove_file(file)));
            std::process::exit(i32::from(Exit::Interrupted as u8));
        }
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
