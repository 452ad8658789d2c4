//! Finding rule packages on disk and compiling them.

use std::fs;
use std::path::{Path, PathBuf};

use concord_engine::compile::{Beside, CaseFile, Compiled, compile_with};
use concord_engine::diagnostics::render;
use concord_engine::plan::Plan;
use concord_engine::plan::library::Example;
use concord_engine::syntax::tree::Item;
use concord_engine::text::Source;

use crate::exit::Exit;
use crate::output::Output;

/// The folder of members' settings.
const MEMBERS: &str = "members";
/// The largest rule file that is read, in bytes.
const LARGEST: u64 = 16 * 1024 * 1024;

/// A package with the sources it came from.
#[derive(Debug)]
pub struct Package {
    /// The rule file.
    pub path: PathBuf,
    /// The rule file first, then the cases beside it; spans refer to this list.
    pub sources: Vec<Source>,
    /// What came of it.
    pub compiled: Compiled,
}

impl Package {
    /// The examples of the rule file and the cases beside it.
    pub fn examples(&self) -> impl Iterator<Item = &Example> {
        self.compiled.plan.iter().flat_map(|plan| &plan.examples).chain(&self.compiled.cases)
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

/// Reads and compiles one rule file with the cases beside it.
///
/// # Errors
/// Where it cannot be read.
pub fn load(path: &Path, output: &Output) -> Result<Package, Exit> {
    let rule = read(path, output)?;
    let mut sources = vec![rule];
    let cases = path.with_file_name("cases.md");
    let alone = path.parent().is_some_and(|folder| rules_in(folder) == 1);
    if alone && cases.is_file() {
        sources.push(read(&cases, output)?);
    }
    let first_member = sources.len();
    for file in member_files(path) {
        sources.push(read(&file, output)?);
    }
    let case_files: Vec<CaseFile<'_>> = sources
        .iter()
        .enumerate()
        .skip(1)
        .map(|(index, source)| CaseFile { index: u32::try_from(index).unwrap_or(u32::MAX), source })
        .collect();
    let Some(rule) = sources.first() else { return Err(Exit::Internal) };
    let packages = used_packages(path, rule, output)?;
    let files = files_beside(path, std::iter::once(rule).chain(&packages), output)?;
    let (case_files, members) = case_files.split_at(case_files.len().min(first_member - 1));
    let compiled = compile_with(0, rule, &Beside { cases: case_files, files: &files, packages: &packages, members });
    Ok(Package { path: path.to_path_buf(), sources, compiled })
}

/// The files beside a rule that its code lists name: name and text. Nothing else that lies there is read.
fn files_beside<'a>(
    path: &Path,
    rules: impl Iterator<Item = &'a Source>,
    output: &Output,
) -> Result<Vec<(String, String)>, Exit> {
    let mut files = Vec::new();
    for name in rules.flat_map(code_files) {
        let file = path.with_file_name(&name);
        // A name is a name: nothing in another folder is read.
        let beside = file.file_name().is_some_and(|last| *last == *name) && file.is_file();
        if beside && !files.iter().any(|(known, _)| *known == name) {
            files.push((name, read(&file, output)?.text));
        }
    }
    Ok(files)
}

/// The files that the code lists of a rule come from.
fn code_files(rule: &Source) -> Vec<String> {
    let (tree, _) = concord_engine::syntax::parse(0, &rule.text);
    let lists = tree.items.into_iter().filter_map(|item| match item {
        Item::Codes(codes) => codes.file,
        _ => None,
    });
    lists.map(|file| file.node).collect()
}

/// The members' settings that go with a rule: the rule files in the nearest `members` folder above it.
fn member_files(path: &Path) -> Vec<PathBuf> {
    let absolute = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let folder = absolute.ancestors().skip(1).map(|a| a.join(MEMBERS)).find(|f| f.is_dir());
    let mut files = Vec::new();
    if let Some(folder) = folder {
        let _ = collect(&folder, &mut files, 15);
    }
    files.sort();
    files
}

/// The packages that a rule uses: clinical.news2 is looked for in clinical/news2 of the rule's own folders, the nearest first.
fn used_packages(path: &Path, rule: &Source, output: &Output) -> Result<Vec<Source>, Exit> {
    let (file, _) = concord_engine::syntax::parse(0, &rule.text);
    let absolute = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let mut found = Vec::new();
    for used in &file.uses {
        let below: PathBuf = used.path.parts.iter().map(|p| p.node.as_str()).collect();
        let folder = absolute.ancestors().skip(1).map(|a| a.join(&below)).find(|f| f.is_dir());
        let mut files = Vec::new();
        if let Some(folder) = folder {
            let _ = collect(&folder, &mut files, 15);
        }
        files.sort();
        for file in files {
            found.push(read(&file, output)?);
        }
    }
    Ok(found)
}

fn rules_in(folder: &Path) -> usize {
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
    let [file] = files.as_slice() else {
        let names: Vec<String> = files.iter().map(|f| f.display().to_string()).collect();
        output.error(
            &format!("{}: several packages here", path.display()),
            Some(&format!("name one: {}", names.join(", "))),
        );
        return Err(Exit::Usage);
    };
    let package = load(file, output)?;
    let Some(plan) = package.compiled.plan.clone() else {
        for diagnostic in &package.compiled.diagnostics {
            output.line(&render::human(diagnostic, &package.sources, output.colour));
        }
        output.error(&format!("{}: the rules have errors, so nothing was run", file.display()), None);
        return Err(Exit::Rule);
    };
    Ok((package, plan))
}
