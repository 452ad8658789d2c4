//! What a command reads it does not write over: one slip of a file's name would lose a rule, or the only copy of an export.

use std::fs;
use std::path::{Path, PathBuf};

use super::takes_at_once;
use crate::exit::Exit;
use crate::output::Output;

/// Refuses, before anything is written, to write a file that is read, by whatever name or link, or a file of rules that are read.
///
/// # Errors
/// Where one of them is: said on standard error.
pub fn not_over<'p>(
    written: impl IntoIterator<Item = &'p PathBuf>,
    read: impl IntoIterator<Item = &'p PathBuf>,
    output: &Output,
) -> Result<(), Exit> {
    let read: Vec<&PathBuf> = read.into_iter().collect();
    let twice = written.into_iter().find(|written| {
        !takes_at_once(written) && read.iter().any(|read| is_same(written, read) || is_of_rules(written, read))
    });
    twice.map_or(Ok(()), |place| {
        let title = format!("{} is read by this command, and would be written over", place.display());
        output.error(&title, Some("nothing was written: name another file"));
        Err(Exit::Usage)
    })
}

/// Whether both are one file; of names that lead to none, they are not.
fn is_same(one: &Path, other: &Path) -> bool {
    let (Ok(own), Ok(its)) = (fs::metadata(one), fs::metadata(other)) else { return false };
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        own.is_file() && (own.dev(), own.ino()) == (its.dev(), its.ino())
    }
    #[cfg(not(unix))]
    {
        own.is_file() && its.is_file() && fs::canonicalize(one).ok() == fs::canonicalize(other).ok()
    }
}

/// Whether a file that is there is a rule, or its cases and reasons, in a folder of rules.
fn is_of_rules(file: &Path, folder: &Path) -> bool {
    let is_theirs = file.extension().is_some_and(|extension| extension == "concord" || extension == "md");
    let (Ok(file), Ok(folder)) = (fs::canonicalize(file), fs::canonicalize(folder)) else { return false };
    let of_rule = folder.extension().is_some_and(|extension| extension == "concord");
    let folder = if of_rule { folder.parent() } else { Some(folder.as_path()).filter(|folder| folder.is_dir()) };
    is_theirs && folder.is_some_and(|folder| file.starts_with(folder))
}
