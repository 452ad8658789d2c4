//! `concord build`: one package to one module, tried against its own examples before it is written.

use std::path::PathBuf;

use concord_engine::explain::expect::mismatches;
use concord_engine::plan::Package;
use concord_engine::plan::bound::work_bound;
use concord_engine::plan::fingerprint::fingerprint;

use crate::args::Build;
use crate::exit::Exit;
use crate::manifest::manifest;
use crate::module::Module;
use crate::output::Output;
use crate::{files, project};

/// Compiles, tries and writes.
pub fn run(args: &Build, output: &Output) -> Exit {
    build(args, output).unwrap_or_else(|exit| exit)
}

fn build(args: &Build, output: &Output) -> Result<Exit, Exit> {
    let (loaded, package) = project::one(&args.rule, output)?;
    let Package { credentials, plan, .. } = &package;
    let mut module = Module::build(&package, output)?;
    let mut tried = 0;
    for example in loaded.examples() {
        let settings = example.settings_for(plan.parameters.len());
        let outcome = module.evaluate(&example.case, &settings, output)?;
        if !mismatches(plan, example, &outcome).is_empty() {
            let help = format!("`concord test {}` shows the difference", args.rule.display());
            output.error(&format!("the example `{}` fails, so no module was written", example.name), Some(&help));
            return Err(Exit::Rule);
        }
        tried += 1;
    }
    let path = args.out.clone().unwrap_or_else(|| PathBuf::from(format!("{}.wasm", credentials.path)));
    files::write(&path, module.bytes(), output)?;
    let file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let text = serde_json::to_string_pretty(&manifest(&package, &module, &file, tried)).map_err(|_| Exit::Internal)?;
    let beside = path.with_extension("manifest.json");
    files::write(&beside, format!("{text}\n").as_bytes(), output)?;
    let (logic, work) = (fingerprint(&package), work_bound(plan));
    let status = if credentials.approval.is_some() { "approved" } else { "draft" };
    if args.json {
        let built = serde_json::json!({
            "package": credentials.path, "version": credentials.version, "status": status,
            "unverified": credentials.unverified, "fingerprint": logic,
            "module": path.display().to_string(), "manifest": beside.display().to_string(), "bytes": module.bytes().len(),
            "sha256": module.sha256(), "examples": tried, "work": work.to_string(),
        });
        output.data(&format!("{built}\n"))?;
        return Ok(Exit::Fine);
    }
    output.note(&format!("{} {} ({status}), {tried} examples tried", credentials.path, credentials.version));
    output.note(&format!("logic   {logic}"));
    output.note(&format!("module  {}  {} bytes, sha256 {}", path.display(), module.bytes().len(), module.sha256()));
    output.note(&format!("beside  {}  what a host needs to know", beside.display()));
    let per = match (work.factors.len(), work.unplaced.is_empty()) {
        (0 | 1, _) => "a case",
        (_, true) => "for a case of n events",
        (_, false) => "for a case of n events, m of them at times not known",
    };
    output.note(&format!("work    at most {work} operators {per}"));
    Ok(Exit::Fine)
}
