//! Finding rule packages on disk, with those that they use, and compiling them: each file is read once a run.

mod finder;
mod folders;
mod unknown;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use concord_engine::compile::{CasesRead, Compiled, Texts, Unit, packages_by};
use concord_engine::diagnostics::render;
use concord_engine::plan::Package;
use concord_engine::plan::library::Example;
use concord_engine::text::Source;

use crate::exit::Exit;
use crate::files::is_module;
use crate::output::Output;
use crate::parallel::{Cores, in_order};
use finder::Finder;
use folders::collect;
pub use unknown::settings_of_nothing;

/// Packages, and the files that they and those they use came from.
#[derive(Debug)]
pub struct Project {
    /// All files read.
    pub texts: Texts,
    /// What belongs to each package: those asked for, in their order, then those that they use.
    pub units: Vec<Unit>,
    /// The packages asked for, in order.
    pub packages: Vec<Loaded>,
}

/// A package and what came of it.
#[derive(Debug)]
pub struct Loaded {
    /// The rule file.
    pub path: PathBuf,
    /// What came of it.
    pub compiled: Compiled,
}

impl Loaded {
    /// The examples of the rule file and the cases beside it.
    pub fn examples(&self) -> impl Iterator<Item = &Example> {
        self.compiled.package.iter().flat_map(|package| &package.examples).chain(&self.compiled.cases)
    }

    /// How much work it is to build and try, next to others.
    #[must_use]
    pub fn weight(&self) -> usize {
        let plan = self.compiled.package.as_ref().map(|package| &package.plan);
        plan.map_or(0, |plan| plan.steps.len() + plan.columns.len()) + self.examples().count()
    }
}

impl Project {
    /// All files read; spans refer to this list.
    #[must_use]
    pub fn sources(&self) -> &[Source] {
        self.texts.sources()
    }

    /// Shows what is wrong with a package.
    pub fn show(&self, package: &Loaded, output: &Output) {
        for diagnostic in &package.compiled.diagnostics {
            output.drawn(&render::human(diagnostic, self.sources(), output.colour));
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
        if let Some(module) = files.iter().skip(before).find(|file| is_module(file)) {
            let text = format!("{}: this is a module, and the rule is asked for", module.display());
            let help = "give the rule that it was built from, its folder or its .concord file; \
                eval, replay, inspect, verify, bindings and serve take the module";
            output.error(&text, Some(help));
            return Err(Exit::Usage);
        }
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

/// Reads rule files with what stands beside them, finds the packages that they use, and compiles each once.
///
/// # Errors
/// Where a file cannot be read, or there are too many: said on standard error.
pub fn load(paths: &[PathBuf], output: &Output) -> Result<Project, Exit> {
    let mut finder = Finder::new(output);
    for path in paths {
        let rule = finder.rules(path)?;
        if finder.texts.holds_settings(rule) {
            let text =
                format!("{}: members' settings are checked together with the rules that they set", path.display());
            output.error(&text, Some(&folders::rules_of_settings(path)));
            return Err(Exit::Usage);
        }
        finder.package(rule, path);
    }
    let asked_for = finder.found.len();
    let mut units = Vec::new();
    while let Some((path, rule)) = finder.found.get(units.len()).cloned() {
        units.push(finder.unit(&path, rule, units.len() < asked_for)?);
    }
    read_cases(&mut finder.texts, &units)?;
    let compiled = packages_by(&finder.texts, &units, &Cores).into_iter().take(asked_for);
    let paths = finder.found.into_iter().map(|(path, _)| path);
    let packages = paths.zip(compiled).map(|(path, compiled)| Loaded { path, compiled }).collect();
    Ok(Project { texts: finder.texts, units, packages })
}

/// Tells of pages beside rule files that hold cases and are not run.
pub fn tell_cases_elsewhere(paths: &[PathBuf], output: &Output) {
    let pages: BTreeSet<PathBuf> = paths.iter().flat_map(|path| folders::cases_elsewhere(path)).collect();
    for page in pages {
        output.warning(&format!("{}: its cases are not run: only those of `cases.md` are", page.display()));
    }
}

/// Reads the cases beside packages, which are most of the text: nothing needs them before all packages are found.
fn read_cases(texts: &mut Texts, units: &[Unit]) -> Result<(), Exit> {
    let places: Vec<u32> = units.iter().flat_map(|unit| &unit.cases).copied().collect();
    let read: Vec<CasesRead> = if let [place] = places.as_slice() {
        vec![texts.read_cases(*place)]
    } else {
        let weights: Vec<usize> = places.iter().map(|place| texts.source(*place).text.len()).collect();
        let texts = &*texts;
        in_order(&weights, |at| places.get(at).map(|place| texts.read_cases(*place)))?.into_iter().flatten().collect()
    };
    read.into_iter().for_each(|cases| texts.take_cases(cases));
    Ok(())
}

/// The one package at a path that must compile; what is wrong with it is shown.
///
/// # Errors
/// Where there is none, several, or one with errors.
pub fn one(path: &Path, output: &Output) -> Result<(Loaded, Package), Exit> {
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
    let Some(loaded) = project.packages.pop() else { return Err(Exit::Internal) };
    let Some(package) = loaded.compiled.package.clone() else {
        project.show(&loaded, output);
        return Err(Exit::Rule);
    };
    Ok((loaded, package))
}
