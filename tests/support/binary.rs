//! Finding the `concord` program that the command-line tests run.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The program, built by cargo if need be.
///
/// It is found beside the test's own binary, so that it is of the same profile; cargo is always asked, so that it is
/// never an old one.
///
/// # Errors
/// Where cargo cannot build it: in words.
pub fn concord() -> Result<&'static Path, String> {
    static FOUND: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    FOUND.get_or_init(build).as_deref().map_err(Clone::clone)
}

fn build() -> Result<PathBuf, String> {
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let profile = own.parent().and_then(Path::parent).ok_or("the test binary is in no target folder")?;
    let target = profile.parent().ok_or("the test binary is in no target folder")?;
    let name = profile.file_name().and_then(|name| name.to_str()).unwrap_or("debug");
    let profile_name = if name == "debug" { "dev" } else { name };
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo)
        .args(["build", "--quiet", "--package", "concord", "--bin", "concord", "--profile", profile_name])
        .arg("--target-dir")
        .arg(target)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
        .output()
        .map_err(|error| format!("cargo could not be run to build `concord`: {error}"))?;
    let program = profile.join(format!("concord{}", std::env::consts::EXE_SUFFIX));
    if !built.status.success() {
        return Err(format!("`concord` did not build:\n{}", String::from_utf8_lossy(&built.stderr)));
    }
    if program.is_file() { Ok(program) } else { Err(format!("cargo built no {}", program.display())) }
}
