//! `concord build`: one package to one module, tried against its own examples before it is written.

pub mod vectors;

use std::path::{Path, PathBuf};

use concord_engine::explain::expect::mismatches;
use concord_engine::plan::Package;
use concord_engine::plan::bound::{WorkBound, work_bound};
use concord_engine::plan::fingerprint::fingerprint;
use concord_engine::plan::library::Example;
use concord_wasm::run::Program;

use crate::args::Build;
use crate::exit::Exit;
use crate::files;
use crate::manifest::{self, BATCH, manifest, written};
use crate::module::Module;
use crate::output::Output;
use crate::project::{self, Loaded};
use vectors::vectors;

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
    let (loaded, package) = project::one(&args.rule, output)?;
    let Package { credentials, plan, .. } = &package;
    let examples: Vec<_> = loaded.examples().collect();
    let whole = || Module::whole(&package, &examples, None, output);
    let mut module = if args.no_json { Module::build_plain(&package, output) } else { whole() }?;
    module.try_itself(output)?;
    let tried = examples_hold(&args.rule, &loaded, &package, &mut module, output)?;
    let path = args.out.clone().unwrap_or_else(|| PathBuf::from(format!("{}.wasm", credentials.path)));
    files::write(&path, module.bytes(), output)?;
    let file = files::file_name(&path);
    let carried = manifest(&package, module.layout(), module.takes_json(), tried);
    let batches = if args.batch { Some(for_batches(&loaded, &package, output)?) } else { None };
    let for_batches_to = path.with_extension(BATCH);
    if let Some(batches) = &batches {
        files::write(&for_batches_to, batches.bytes(), output)?;
    }
    let said = manifest::beside(carried, batches.as_ref(), &file, module.bytes());
    let beside = path.with_extension("manifest.json");
    files::write(&beside, written(&said).as_bytes(), output)?;
    let tries = path.with_extension("vectors.json");
    files::write(&tries, vectors(&package, &mut module, &examples, output)?.as_bytes(), output)?;
    let (logic, work) = (fingerprint(&package), work_bound(plan));
    let status = if credentials.approval.is_some() { "approved" } else { "draft" };
    if args.json {
        let built = serde_json::json!({
            "package": credentials.path, "version": credentials.version, "status": status,
            "unverified": credentials.unverified, "fingerprint": logic,
            "module": path.display().to_string(), "manifest": beside.display().to_string(),
            "vectors": tries.display().to_string(), "bytes": module.bytes().len(),
            "sha256": module.sha256(), "examples": tried, "work": work.to_string(),
            "batches": batches.as_ref().map(|_| for_batches_to.display().to_string()),
        });
        output.data(&format!("{built}\n"))?;
        return Ok(Exit::Fine);
    }
    output.note(&format!("{} {} ({status}), {tried} examples tried", credentials.path, credentials.version));
    output.note(&format!("logic   {logic}"));
    output.note(&format!("module  {}  {} bytes, sha256 {}", path.display(), module.bytes().len(), module.sha256()));
    if let Some(batches) = &batches {
        let how = if batches.needs_simd() { "for engines with simd128" } else { "for any engine that compiles" };
        output.note(&format!("batches {}  {} bytes, {how}", for_batches_to.display(), batches.bytes().len()));
    }
    output.note(&format!("beside  {}  what a host needs to know", beside.display()));
    output.note(&format!("        {}  what it must answer", tries.display()));
    output.note(&format!("work    at most {work} operators {}", of_what(&work)));
    Ok(Exit::Fine)
}

/// What the letters in a formula of the work stand for.
fn of_what(work: &WorkBound) -> &'static str {
    match (work.factors.len(), work.unplaced.is_empty()) {
        (0 | 1, _) => "a case",
        (_, true) => "for a case of n events",
        (_, false) => "for a case of n events, m of them at times not known",
    }
}
