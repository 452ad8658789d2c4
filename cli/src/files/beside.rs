//! Where a file or folder waits until it is whole.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// `report.partial` beside `report`.
pub(super) fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(".partial");
    path.with_file_name(name)
}

/// A new file beside another, that no other command writes: `report.html.4711-1.partial` beside `report.html`. A private one only its owner may read, where
/// the system knows owners.
pub(super) fn own_beside(path: &Path, private: bool) -> io::Result<(PathBuf, File)> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, if private { 0o600 } else { 0o666 });
    let mut nth = 1_u32;
    loop {
        let mut name = path.file_name().unwrap_or_default().to_os_string();
        name.push(format!(".{}-{nth}.partial", std::process::id()));
        let place = path.with_file_name(name);
        match options.open(&place) {
            // Another thread has it, or a process of the same number that shares the folder.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && nth < u32::MAX => nth += 1,
            made => return made.map(|file| (place, file)),
        }
    }
}

/// By what a file is held while it is written: `report.html.lock`.
pub(super) fn lock_of(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(".lock");
    path.with_file_name(name)
}

/// Whether what is written there goes on at once, as into a pipe or a device, which no file must replace.
#[must_use]
pub fn takes_at_once(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|data| !data.is_file() && !data.is_dir())
}

/// Where a file is, which a link may name: what it names is written, and the link stays.
pub(super) fn place_of(path: &Path) -> PathBuf {
    // A link to nowhere is as good as a file.
    if path.is_symlink() { fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf()) } else { path.to_path_buf() }
}
