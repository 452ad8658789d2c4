//! Tidiness as tests: what would otherwise be a promise in `docs/architecture.md`.

mod arrows;
mod cli;
mod defaults;
mod dependencies;
mod english;
mod library;
mod rooms;
mod shape;
mod stages;
mod words;

use std::path::{Path, PathBuf};

/// The top of the repository.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// A file of the repository as text.
#[track_caller]
fn text(name: &str) -> String {
    std::fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// What git leaves out at the top, and git itself.
const SKIPPED: [&str; 4] = [".git", "target", "report", "report.partial"];

/// All files below a folder of the repository, by path from its top, in order.
fn files(folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    let folder = if folder.is_empty() { root().to_owned() } else { root().join(folder) };
    collect(&folder, &mut found);
    let mut names: Vec<String> =
        found.iter().map(|path| path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned()).collect();
    names.sort();
    names
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        let at_top = path.parent() == Some(root());
        if name == "node_modules" || at_top && SKIPPED.contains(&name) || name.ends_with(".wasm") {
            continue;
        }
        if path.is_dir() { collect(&path, found) } else { found.push(path) }
    }
}

/// All Rust files below a folder.
fn rust_files(folder: &str) -> Vec<String> {
    files(folder).into_iter().filter(|name| name.ends_with(".rs")).collect()
}

/// Fails with all that was found, one a line.
#[track_caller]
fn none(found: &[String], rule: &str) {
    assert!(found.is_empty(), "{rule}:\n  {}\n", found.join("\n  "));
}
