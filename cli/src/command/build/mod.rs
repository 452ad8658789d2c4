//! `concord build`: packages to modules, each tried against its own examples before it is written.

mod built;
pub mod vectors;

use std::collections::BTreeSet;
use std::fs;
use std::io::Read as _;
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};

use concord_engine::explain::expect::mismatches;
use concord_engine::plan::Package;
use concord_engine::plan::library::Example;
use concord_wasm::run::Program;

use crate::args::Build;
use crate::exit::Exit;
use crate::files::{is_module, takes_at_once};
use crate::module::Module;
use crate::output::Output;
use crate::parallel::in_order;
use crate::project::{self, Loaded, Project};
use built::Built;

/// Compiles, tries and writes.
pub fn run(args: &Build, output: &Output) -> Exit {
    build(args, output).unwrap_or_else(|exit| exit)
}

/// Tries a module against the examples of its rule: how many there are.
///
/// # Errors
/// Where one is not answered as expected: said on standard error.
pub fn examples_hold(
    rule: &Path,
    loaded: &Loaded,
    package: &Package,
    module: &mut Module,
    output: &Output,
) -> Result<usize, Exit> {
    let mut tried = 0;
    for example in loaded.examples() {
        let settings = example.settings_for(package.plan.parameters.len());
        let outcome = module.evaluate(&example.case, &settings, output)?;
        if !mismatches(&package.plan, example, &outcome).is_empty() {
            let help = format!("`concord test {}` shows the difference", rule.display());
            output.error(&format!("the module fails the example `{}`", example.name), Some(&help));
            return Err(Exit::Rule);
        }
        tried += 1;
    }
    Ok(tried)
}

/// The module for batches, tried with the examples.
///
/// # Errors
/// Where there is none, or it answers otherwise than the reference: said on standard error.
pub fn for_batches(loaded: &Loaded, package: &Package, output: &Output) -> Result<Program, Exit> {
    let refuse = |why: String| {
        output.error(&format!("{}: the module for batches cannot be used: {why}", package.credentials.path), None);
        Exit::Rule
    };
    let program = Program::for_batches(&package.plan).map_err(|error| refuse(error.to_string()))?;
    let examples: Vec<Example> = loaded.examples().cloned().collect();
    let failures = program.self_test(&examples).map_err(|error| refuse(error.to_string()))?;
    if failures.is_empty() { Ok(program) } else { Err(refuse(format!("it fails {}", failures.join(", ")))) }
}

fn build(args: &Build, output: &Output) -> Result<Exit, Exit> {
    // The process ends with it, and the system takes memory back at once.
    let project =
        ManuallyDrop::new(project::load(&project::rule_files(std::slice::from_ref(&args.rule), output)?, output)?);
    let packages = compiled(&project, output)?;
    let places = places(args, &packages, output)?;
    let weights: Vec<usize> = packages.iter().map(|(loaded, _)| loaded.weight()).collect();
    let built = in_order(&weights, |at| {
        let ((loaded, package), place) = packages.get(at).zip(places.get(at)).ok_or(Exit::Internal)?;
        Built::build(args, (loaded, package), place, output)
    })?;
    let built = built.into_iter().collect::<Result<Vec<Built<'_>>, Exit>>()?;
    if args.json {
        built.iter().try_for_each(|built| output.data(&format!("{}\n", built.json())))?;
    } else if let [one] = built.as_slice() {
        one.tell(output);
    } else {
        built.iter().for_each(|built| output.note(&built.line()));
        let examples: usize = built.iter().map(|built| built.examples).sum();
        output.note(&format!("{} modules built, {examples} examples tried", built.len()));
    }
    Ok(Exit::Fine)
}

/// The packages to build: all of them, or none is built.
fn compiled<'a>(project: &'a Project, output: &Output) -> Result<Vec<(&'a Loaded, &'a Package)>, Exit> {
    let packages = || project.packages.iter().map(|loaded| (loaded, loaded.compiled.package.as_ref()));
    let mut refused = packages().filter(|(_, package)| package.is_none()).peekable();
    if refused.peek().is_some() {
        refused.for_each(|(loaded, _)| project.show(loaded, output));
        return Err(Exit::Rule);
    }
    Ok(packages().filter_map(|(loaded, package)| Some((loaded, package?))).collect())
}

/// Refuses a name that nobody would look for a module under, and to take the place of a file that is none: a slip of the name would lose the rule.
fn is_for_a_module(file: &Path, output: &Output) -> Result<(), Exit> {
    let begins = |file: &Path| {
        let mut begin = [0_u8; 4];
        fs::File::open(file).and_then(|mut file| file.read_exact(&mut begin)).is_ok() && begin == *b"\0asm"
    };
    let empty = fs::metadata(file).is_ok_and(|data| data.len() == 0);
    if takes_at_once(file) || is_module(file) && (!file.exists() || empty || begins(file)) {
        return Ok(());
    }
    let why = if file.exists() { "is there, and is no module" } else { "is no name of a module" };
    let help = "give --out a file that ends in .wasm, or a folder, with a slash at its end where it is not there yet";
    output.error(&format!("{} {why}", file.display()), Some(help));
    Err(Exit::Usage)
}

/// Where the module of each package goes: one to the file that is named, several to the folder that is named.
fn places(args: &Build, packages: &[(&Loaded, &Package)], output: &Output) -> Result<Vec<PathBuf>, Exit> {
    let make = |folder: &Path| {
        fs::create_dir_all(folder).map_err(|error| {
            let title = format!("{}: cannot be made a folder: {error}", folder.display());
            let help = "--out names the file of one module, or the folder that several go to";
            output.error(&title, Some(help));
            Exit::Limit
        })
    };
    if let ([(_, package)], Some(out)) = (packages, &args.out) {
        // As `cp` does: into a folder that is there, or is written as one.
        let into = out.is_dir() || out.as_os_str().to_string_lossy().ends_with(std::path::is_separator);
        let file = if into { out.join(format!("{}.wasm", package.credentials.path)) } else { out.clone() };
        is_for_a_module(&file, output)?;
        file.parent().filter(|folder| !folder.as_os_str().is_empty()).map_or(Ok(()), make)?;
        return Ok(vec![file]);
    }
    let folder = args.out.as_deref().unwrap_or(Path::new(""));
    let mut names = BTreeSet::new();
    if let Some((_, twice)) = packages.iter().find(|(_, package)| !names.insert(&package.credentials.path)) {
        let title = format!("two of the packages are called {}", twice.credentials.path);
        output.error(&title, Some("build each by itself, with --out"));
        return Err(Exit::Usage);
    }
    if args.out.is_some() {
        make(folder)?;
    }
    Ok(packages.iter().map(|(_, package)| folder.join(format!("{}.wasm", package.credentials.path))).collect())
}
