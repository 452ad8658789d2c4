//! Where a file or folder waits until it is whole.

use std::path::{Path, PathBuf};

/// `report.partial` beside `report`.
pub(super) fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(".partial");
    path.with_file_name(name)
}
