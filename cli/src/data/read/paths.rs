//! The files of an export: as named, all of a folder, or all that fit a pattern such as `trust-*.csv.gz`, in the order of their names.

use super::error::ReadError;
use super::files::failed;
use std::path::{Path, PathBuf};

/// The files that paths, folders and patterns name. What stands on disk as it is named is meant as it is, whatever signs it has.
///
/// # Errors
/// A folder that cannot be read, or a pattern that no file fits.
pub fn files_of(paths: &[PathBuf]) -> Result<Vec<PathBuf>, ReadError> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            files.extend(within(path, "*")?);
        } else if let Some((folder, pattern)) = pattern_of(path) {
            files.extend(within(folder, pattern)?);
        } else {
            files.push(path.clone());
        }
    }
    Ok(files)
}

/// The folder and the pattern of a path whose last part is one.
fn pattern_of(path: &Path) -> Option<(&Path, &str)> {
    let name = path.file_name()?.to_str()?;
    let is_pattern = name.contains(['*', '?']) && !path.exists();
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    is_pattern.then_some((folder, name))
}

/// The files of a folder that fit a pattern. Those are left out whose name begins with a full stop or, where the pattern does not, with `_`:
/// Spark and others put notes of their own beside the data under such names.
fn within(folder: &Path, pattern: &str) -> Result<Vec<PathBuf>, ReadError> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(|error| failed(folder, &error))? {
        let path = entry.map_err(|error| failed(folder, &error))?.path();
        let name = path.file_name().and_then(std::ffi::OsStr::to_str);
        let is_note = |name: &str| name.starts_with('.') || name.starts_with('_') && !pattern.starts_with('_');
        let fits_pattern = name.is_some_and(|name| !is_note(name) && fits(pattern.as_bytes(), name.as_bytes()));
        if fits_pattern && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    if files.is_empty() {
        let what = if pattern == "*" { "the folder has no file" } else { "no file fits the pattern" };
        return Err(failed(&folder.join(pattern), &what));
    }
    Ok(files)
}

/// Whether a name fits a pattern: `*` stands for any letters, `?` for one byte.
fn fits(pattern: &[u8], name: &[u8]) -> bool {
    let (mut at, mut of) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while of < name.len() {
        match pattern.get(at) {
            Some(b'*') => {
                star = Some((at, of));
                at += 1;
            }
            Some(sign) if *sign == b'?' || name.get(of) == Some(sign) => (at, of) = (at + 1, of + 1),
            _ => {
                // The last star takes one letter more.
                let Some((star_at, taken)) = star else { return false };
                star = Some((star_at, taken + 1));
                (at, of) = (star_at + 1, taken + 1);
            }
        }
    }
    // Past its end nothing is left of it.
    pattern.get(at..).unwrap_or_default().iter().all(|sign| *sign == b'*')
}
