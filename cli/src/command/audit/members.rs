//! The exports of a run and of its members, and the versions of the rules that members ran.

use std::path::{Path, PathBuf};

use concord_engine::plan::Package;
use concord_fhir::Wanted;
use serde_json::Value;

use crate::args::Audit as Args;
use crate::audit::definition::{MemberDefinition, RunDefinition};
use crate::audit::members::{MemberRun, Part, Span, join};
use crate::command::wanted::wanted_of;
use crate::data::read::{Export, ReadError, ReadOptions, ReadSoFar, load_mapping, read_export};
use crate::exit::Exit;
use crate::files::Staged;
use crate::judge::Version;
use crate::module::Module;
use crate::output::Output;
use crate::progress::Progress;
use crate::project;

/// The exports of a run and of its members, as one; and where the cases of each stand.
pub fn read(
    args: &Args,
    index: usize,
    run: &RunDefinition,
    (package, carried): (&Package, &Value),
    staged: &Staged,
    output: &Output,
) -> Result<(Export, Vec<Span>), Exit> {
    let mut parts = Vec::new();
    if !run.data.is_empty() {
        let rejects = format!("rejects-{}-{}.csv", index + 1, package.credentials.path);
        let export = read_one(args, run, (&run.map, &run.data), (package, carried), staged.file(&rejects), output)?;
        parts.push(Part { code: None, export });
    }
    for (place, member) in run.members.iter().enumerate().filter(|(_, member)| !member.data.is_empty()) {
        let rejects = format!("rejects-{}-{}-{}.csv", index + 1, package.credentials.path, place + 1);
        let map = member.map.as_ref().unwrap_or(&run.map);
        let export = read_one(args, run, (map, &member.data), (package, carried), staged.file(&rejects), output)?;
        parts.push(Part { code: Some(member.code.clone()), export });
    }
    let several = parts.len() > 1;
    let (export, spans) = join(&package.plan, parts).ok_or(Exit::Internal)?;
    Ok((export, if several { spans } else { Vec::new() }))
}

fn read_one(
    args: &Args,
    run: &RunDefinition,
    (map, data): (&Path, &[PathBuf]),
    (package, carried): (&Package, &Value),
    rejects: PathBuf,
    output: &Output,
) -> Result<Export, Exit> {
    let refuse = |error: ReadError| {
        output.error(&error.to_string(), None);
        error.exit()
    };
    let mapping = load_mapping(package, map).map_err(refuse)?;
    let options = reading(args, run, rejects, wanted_of(&mapping, carried, output)?);
    let mut progress = Progress::start("reading", output);
    let mut show = |so_far: ReadSoFar| progress.at(so_far.bytes, Some(so_far.total), "bytes");
    read_export(&package.plan, &mapping, data, &options, &mut show).map_err(refuse)
}

/// How the exports of a run are read, and where what is refused is listed.
pub fn reading(args: &Args, run: &RunDefinition, rejects: PathBuf, wanted: Option<Wanted>) -> ReadOptions {
    // The lines of refused rows would say how many there are.
    let rejects = Some(rejects).filter(|_| run.disclosure.shows_cases());
    ReadOptions { show_values: args.show_values, rejects, as_of: run.as_of, own_as_of: false, wanted }
}

/// What the definition says of a member.
pub fn run_of(member: &MemberDefinition) -> MemberRun {
    MemberRun {
        code: member.code.clone(),
        version: member.version.clone(),
        judged: member.rules.is_some(),
        from: member.from,
        until: member.until,
    }
}

/// The packages of other versions that members ran. They judge the same cases, and so must have the same subject.
pub fn versions(package: &Package, run: &RunDefinition, output: &Output) -> Result<Vec<Version>, Exit> {
    let mut all = Vec::new();
    for member in &run.members {
        let Some(rules) = &member.rules else { continue };
        let (loaded, other) = project::one(rules, output)?;
        let wrong = if other.plan.subject != package.plan.subject {
            Some("its subject is another one, so it cannot judge the same cases".to_owned())
        } else if member.version.as_ref() != Some(&other.credentials.version) {
            Some(format!("it is version {}", other.credentials.version))
        } else {
            None
        };
        if let Some(why) = wrong {
            output.error(&format!("member `{}`: `{}`: {why}", member.code, rules.display()), None);
            return Err(Exit::Usage);
        }
        let module = Module::whole(&other, &loaded.examples().collect::<Vec<_>>(), None, output)?;
        all.push(Version { run: run_of(member), package: other, module });
    }
    Ok(all)
}
