//! What lies on disk: the rule files in folders, and what stands beside each.

use std::fs;
use std::path::{Path, PathBuf};

use concord_engine::text::Source;

use crate::exit::Exit;
use crate::output::Output;

/// The folder of members' settings.
const MEMBERS: &str = "members";
/// The largest rule file that is read, in bytes.
const LARGEST: u64 = 16 * 1024 * 1024;

/// Gathers the rule files at a path, folders searched; members' settings are left out.
pub(super) fn collect(path: &Path, files: &mut Vec<PathBuf>, depth: usize) -> Result<(), (PathBuf, String)> {
    let fault = |error: std::io::Error| (path.to_path_buf(), error.to_string());
    let metadata = fs::metadata(path).map_err(fault)?;
    if !metadata.is_dir() {
        files.push(path.to_path_buf());
        return Ok(());
    }
    if depth > 16 {
        return Err((path.to_path_buf(), "folders are nested too deeply".to_owned()));
    }
    for entry in fs::read_dir(path).map_err(fault)? {
        let inner = entry.map_err(fault)?.path();
        let settings = inner.file_name().is_some_and(|n| n == MEMBERS);
        if is_rule(&inner) || (inner.is_dir() && !settings && !is_passed_over(&inner)) {
            collect(&inner, files, depth + 1)?;
        }
    }
    Ok(())
}

/// Whether a file holds rules, by its name.
fn is_rule(path: &Path) -> bool {
    path.extension().is_some_and(|e| e == "concord") && path.is_file() && !is_passed_over(path)
}

/// What is hidden, and what systems and editors leave beside a file: `._rule.concord`, `~$rule.concord`.
fn is_passed_over(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy());
    name.is_some_and(|name| name.starts_with('.') || name.starts_with("~$"))
}

/// The files beside a rule that its code lists name: name and text. Nothing else that lies there is read.
pub(super) fn files_beside<'a>(
    path: &Path,
    names: impl Iterator<Item = &'a str>,
    output: &Output,
) -> Result<Vec<(String, String)>, Exit> {
    let mut files: Vec<(String, String)> = Vec::new();
    for name in names {
        let file = path.with_file_name(name);
        // A name is a name: nothing in another folder is read.
        let beside = file.file_name().is_some_and(|last| *last == *name) && file.is_file();
        if beside && !files.iter().any(|(known, _)| known == name) {
            files.push((name.to_owned(), read(&file, output)?.text));
        }
    }
    Ok(files)
}

/// The members' settings that go with a rule: the rule files in the nearest `members` folder above it.
pub(super) fn member_files(path: &Path) -> Vec<PathBuf> {
    let folder = whole(path).ancestors().skip(1).map(|above| above.join(MEMBERS)).find(|folder| folder.is_dir());
    folder.map(|folder| rules_below(&folder, 1)).unwrap_or_default()
}

/// Where the rules are to which a file of members' settings belongs, for whoever gave that file alone.
pub(super) fn rules_of_settings(file: &Path) -> String {
    let folder = file.ancestors().skip(1).find(|above| above.file_name().is_some_and(|name| name == MEMBERS));
    match folder.and_then(Path::parent) {
        Some(above) if above.as_os_str().is_empty() => "give the folder above: .".to_owned(),
        Some(above) => format!("give the folder above: {}", above.display()),
        None => format!("they stand in a folder `{MEMBERS}` beside or above the rules; give the folder of the rules"),
    }
}

/// The rule files in a folder and so many levels of folders in it, in order of name; what cannot be read is not there.
pub(super) fn rules_below(folder: &Path, levels: usize) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() && levels > 0 && !is_passed_over(&path) {
            files.extend(rules_below(&path, levels - 1));
        } else if is_rule(&path) {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// A path from the root, so that a file is known by it.
pub(super) fn whole(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf())
}

/// A path as it is shown: from where the command runs, if it lies there.
pub(super) fn shown(path: &Path) -> PathBuf {
    let here = std::env::current_dir().ok().and_then(|here| fs::canonicalize(here).ok());
    let below = here.and_then(|here| path.strip_prefix(here).ok().map(Path::to_path_buf));
    below.unwrap_or_else(|| path.to_path_buf())
}

/// What the cases beside a rule are called.
const CASES: &str = "cases.md";

/// The cases beside a rule, if there are any. Beside several rules nobody could say whose they are.
pub(super) fn cases_beside(path: &Path, output: &Output) -> Result<Option<PathBuf>, Exit> {
    let cases = path.with_file_name(CASES);
    if !cases.is_file() {
        return Ok(None);
    }
    if path.parent().is_some_and(|folder| rules_in(folder) > 1) {
        let why = format!("{}: its cases are not run, because there are several rules beside it", cases.display());
        output.error(&why, Some("give each rule a folder of its own, with its cases"));
        return Err(Exit::Rule);
    }
    Ok(Some(cases))
}

/// Pages beside a rule that hold cases as well, which nobody runs.
pub(super) fn cases_elsewhere(path: &Path) -> Vec<PathBuf> {
    let cases = path.with_file_name(CASES);
    pages_beside(path).into_iter().filter(|page| *page != cases && holds_cases(page)).collect()
}

/// The pages in the folder of a rule, in order of name.
fn pages_beside(path: &Path) -> Vec<PathBuf> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // What cannot be read is not there.
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut pages: Vec<PathBuf> = entries.map(|entry| path.with_file_name(entry.file_name())).collect();
    pages.retain(|page| page.extension().is_some_and(|e| e == "md") && page.is_file() && !is_passed_over(page));
    pages.sort();
    pages
}

/// Whether a page has blocks that open as cases do.
fn holds_cases(page: &Path) -> bool {
    let is_small = fs::metadata(page).is_ok_and(|metadata| metadata.len() <= LARGEST);
    is_small && fs::read_to_string(page).is_ok_and(|text| text.lines().any(|line| line.trim_end() == "```case"))
}

/// How many rule files there are in a folder.
fn rules_in(folder: &Path) -> usize {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let Ok(entries) = fs::read_dir(folder) else { return 0 };
    entries.flatten().filter(|entry| is_rule(&entry.path())).count()
}

/// Reads a file; what stands against it is said.
pub(super) fn read(path: &Path, output: &Output) -> Result<Source, Exit> {
    let name = path.display().to_string();
    let fail = |why: &str, help: Option<&str>, exit: Exit| {
        output.error(&format!("{name}: {why}"), help);
        exit
    };
    let size = fs::metadata(path).map(|m| m.len()).map_err(|e| fail(&e.to_string(), None, Exit::Usage))?;
    if size > LARGEST {
        return Err(fail("the file is larger than 16 MiB", Some("split the package"), Exit::Limit));
    }
    let bytes = fs::read(path).map_err(|e| fail(&e.to_string(), None, Exit::Usage))?;
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Source { name, text }),
        Err(error) => {
            let line =
                error.as_bytes().iter().take(error.utf8_error().valid_up_to()).filter(|b| **b == b'\n').count() + 1;
            Err(fail(&format!("line {line} is not UTF-8"), Some("save the file as UTF-8"), Exit::Rule))
        }
    }
}
