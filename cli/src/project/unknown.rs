//! Members' settings of packages that are nowhere: one that is misspelt would be left to a package that nobody has.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use concord_engine::compile::{Texts, Unit};
use concord_engine::diagnostics::{Diagnostic, codes};
use concord_engine::syntax::spelling::nearest;

use super::folders::whole;

/// The settings of packages that are none of those checked, where all are checked that lie beside the folder of members.
#[must_use]
pub fn settings_of_nothing((texts, units): (&Texts, &[Unit]), paths: &[PathBuf]) -> Vec<Diagnostic> {
    let known: BTreeSet<String> = units.iter().filter_map(|unit| texts.path(unit.rule)).collect();
    let files: BTreeSet<u32> = units.iter().flat_map(|unit| &unit.members).copied().collect();
    let files = files.into_iter().filter(|file| holds_all(&texts.source(*file).name, paths));
    let settings = files.flat_map(|file| texts.set_by_members(file));
    let unknown = settings.filter(|(package, _)| !known.contains(package));
    let told = unknown.map(|(package, span)| {
        let title = format!("there is no package `{package}` here, so this sets nothing");
        let fault = Diagnostic::error(codes::E0806, span, title, "not found");
        match nearest(&package, known.iter().map(String::as_str)) {
            Some(near) => fault.help(format!("did you mean `{near}`?")),
            None => fault,
        }
    });
    told.collect()
}

/// Whether one of the paths is a folder above that of the members.
fn holds_all(file: &str, paths: &[PathBuf]) -> bool {
    let file = whole(Path::new(file));
    paths.iter().map(|path| whole(path)).any(|path| path.is_dir() && file.starts_with(&path))
}
