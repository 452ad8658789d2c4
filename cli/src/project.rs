//! Finding rule packages on disk, with those that they use, and compiling them: each file is read once a run.

mod finder;

use std::fs;
use std::path::{Path, PathBuf};

use concord_engine::compile::{Compiled, packages};
use concord_engine::diagnostics::render;
use concord_engine::plan::Plan;
use concord_engine::plan::library::Example;
use concord_engine::text::Source;

use crate::exit::Exit;
use crate::output::Output;
use finder::Finder;

/// The folder of members' settings.
const MEMBERS: &str = "members";
/// The largest rule file that is read, in bytes.
const LARGEST: u64 = 16 * 1024 * 1024;

/// Packages, and the files that they and those they use came from.
#[derive(Debug)]
pub struct Project {
    /// All files read; spans refer to this list.
    pub sources: Vec<Source>,
    /// The packages asked for, in order.
    pub packages: Vec<Package>,
}

/// A package and what came of it.
#[derive(Debug)]
pub struct Package {
    /// The rule file.
    pub path: PathBuf,
    /// What came of it.
    pub compiled: Compiled,
}

impl Package {
    /// The examples of the rule file and the cases beside it.
    pub fn examples(&self) -> impl Iterator<Item = &Example> {
        self.compiled.plan.iter().flat_map(|plan| &plan.examples).chain(&self.compiled.cases)
    }
}

impl Project {
    /// Shows what is wrong with a package.
    pub fn show(&self, package: &Package, output: &Output) {
        for diagnostic in &package.compiled.diagnostics {
            output.line(&render::human(diagnostic, &self.sources, output.colour));
        }
        output.error(&format!("{}: the rules have errors, so nothing was run", package.path.display()), None);
    }
}

/// All rule files at `paths`, folders searched, in order of name.
///
/// # Errors
/// Where a path does not exist, cannot be read, or holds no rule file: said on standard error.
pub fn rule_files(paths: &[PathBuf], output: &Output) -> Result<Vec<PathBuf>, Exit> {
    let mut files = Vec::new();
    for path in paths {
        let before = files.len();
        collect(path, &mut files, 0).map_err(|(path, why)| {
            output.error(&format!("{}: {why}", path.display()), None);
            Exit::Usage
        })?;
        if files.len() == before {
            let text = format!("{}: no rule files here", path.display());
            output.error(&text, Some("rule files end in .concord; `concord new FOLDER` starts one"));
            return Err(Exit::Usage);
        }
    }
    files.sort();
    files.dedup();
    Ok(files)
}

fn collect(path: &Path, files: &mut Vec<PathBuf>, depth: usize) -> Result<(), (PathBuf, String)> {
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
        let is_rule = inner.extension().is_some_and(|e| e == "concord");
        let settings = inner.is_dir() && inner.file_name().is_some_and(|n| n == MEMBERS);
        if is_rule || (inner.is_dir() && !settings) {
            collect(&inner, files, depth + 1)?;
        }
    }
    Ok(())
}

/// Reads rule files with what stands beside them, finds the packages that they use, and compiles each once.
///
/// # Errors
/// Where a file cannot be read, or there are too many: said on standard error.
pub fn load(paths: &[PathBuf], output: &Output) -> Result<Project, Exit> {
    let mut finder = Finder::new(output);
    for path in paths {
        let rule = finder.rules(path)?;
        finder.package(rule, path);
    }
    let asked_for = finder.found.len();
    let mut units = Vec::new();
    while let Some((path, rule)) = finder.found.get(units.len()).cloned() {
        units.push(finder.unit(&path, rule, units.len() < asked_for)?);
    }
    let compiled = packages(&finder.texts, &units).into_iter().take(asked_for);
    let paths = finder.found.into_iter().map(|(path, _)| path);
    let packages = paths.zip(compiled).map(|(path, compiled)| Package { path, compiled }).collect();
    Ok(Project { sources: finder.texts.into_sources(), packages })
}

/// The files beside a rule that it may name, such as code lists: name and text.
fn files_beside(path: &Path, output: &Output) -> Result<Vec<(String, String)>, Exit> {
    let Some(folder) = path.parent() else { return Ok(Vec::new()) };
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let Ok(entries) = fs::read_dir(folder) else { return Ok(Vec::new()) };
    let mut files: Vec<PathBuf> = entries.flatten().map(|e| e.path()).collect();
    files.retain(|f| f.extension().is_some_and(|e| e == "csv" || e == "txt"));
    files.sort();
    let mut read_files = Vec::new();
    for file in files {
        let name = file.file_name().and_then(|n| n.to_str()).unwrap_or_default().to_owned();
        read_files.push((name, read(&file, output)?.text));
    }
    Ok(read_files)
}

/// The members' settings that go with a rule: the rule files in the nearest `members` folder above it.
fn member_files(path: &Path) -> Vec<PathBuf> {
    let folder = whole(path).ancestors().skip(1).map(|above| above.join(MEMBERS)).find(|folder| folder.is_dir());
    folder.map(|folder| rules_below(&folder, 1)).unwrap_or_default()
}

/// The rule files in a folder and so many levels of folders in it, in order of name; what cannot be read is not there.
fn rules_below(folder: &Path, levels: usize) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() && levels > 0 {
            files.extend(rules_below(&path, levels - 1));
        } else if path.extension().is_some_and(|e| e == "concord") && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// A path from the root, so that a file is known by it.
fn whole(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf())
}

/// A path as it is shown: from where the command runs, if it lies there.
fn shown(path: &Path) -> PathBuf {
    let here = std::env::current_dir().ok().and_then(|here| fs::canonicalize(here).ok());
    let below = here.and_then(|here| path.strip_prefix(here).ok().map(Path::to_path_buf));
    below.unwrap_or_else(|| path.to_path_buf())
}

fn rules_in(folder: &Path) -> usize {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let Ok(entries) = fs::read_dir(folder) else { return 0 };
    entries.flatten().filter(|entry| entry.path().extension().is_some_and(|e| e == "concord")).count()
}

fn read(path: &Path, output: &Output) -> Result<Source, Exit> {
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

/// The one package at a path that must compile; what is wrong with it is shown.
///
/// # Errors
/// Where there is none, several, or one with errors.
pub fn one(path: &Path, output: &Output) -> Result<(Package, Plan), Exit> {
    let files = rule_files(&[path.to_path_buf()], output)?;
    if files.len() > 1 {
        let names: Vec<String> = files.iter().map(|f| f.display().to_string()).collect();
        output.error(
            &format!("{}: several packages here", path.display()),
            Some(&format!("name one: {}", names.join(", "))),
        );
        return Err(Exit::Usage);
    }
    let mut project = load(&files, output)?;
    let Some(package) = project.packages.pop() else { return Err(Exit::Internal) };
    let Some(plan) = package.compiled.plan.clone() else {
        project.show(&package, output);
        return Err(Exit::Rule);
    };
    Ok((package, plan))
}
