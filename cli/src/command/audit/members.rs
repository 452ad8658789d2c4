//! The exports of a run and of its members, and the versions of the rules that members ran.

use std::path::{Path, PathBuf};

use concord_engine::plan::{Package, Plan};
use concord_fhir::Wanted;
use serde_json::Value;

use crate::args::Audit as Args;
use crate::audit::OfRun;
use crate::audit::definition::{MemberDefinition, RunDefinition};
use crate::audit::members::MemberRun;
use crate::command::wanted::wanted_of;
use crate::data::read::{Mapping, ReadOptions, Source, load_mapping};
use crate::exit::Exit;
use crate::files::Staged;
use crate::judge::Version;
use crate::module::Module;
use crate::output::Output;
use crate::project;

/// An export of a run, ready to be read.
pub struct Ready<'a> {
    /// The code of the member that it is of; none for files of several.
    code: Option<&'a str>,
    mapping: Mapping,
    data: &'a [PathBuf],
    options: ReadOptions,
}

/// The exports of a run and of its members.
pub fn exports<'a>(
    args: &Args,
    index: usize,
    run: &'a RunDefinition,
    (package, carried): (&Package, &Value),
    staged: &Staged,
    output: &Output,
) -> Result<Vec<Ready<'a>>, Exit> {
    let ready = |code, map: &Path, data, rejects: &str| {
        let mapping = load_mapping(package, map).map_err(|error| {
            output.error(&error.to_string(), None);
            error.exit()
        })?;
        let options = reading(args, run, staged.file(rejects), wanted_of(&mapping, carried, output)?);
        Ok(Ready { code, mapping, data, options })
    };
    let rejects = format!("rejects-{}-{}", index + 1, package.credentials.path);
    let own = (!run.data.is_empty()).then(|| ready(None, &run.map, &run.data, &format!("{rejects}.csv")));
    let members = run.members.iter().enumerate().filter(|(_, member)| !member.data.is_empty());
    let members = members.map(|(place, member)| {
        let map = member.map.as_ref().unwrap_or(&run.map);
        ready(Some(&member.code), map, &member.data, &format!("{rejects}-{}.csv", place + 1))
    });
    own.into_iter().chain(members).collect()
}

impl Ready<'_> {
    /// As the audit takes it.
    pub fn of_run<'r>(&'r self, plan: &'r Plan) -> OfRun<'r> {
        let source = Source { plan, mapping: &self.mapping, paths: self.data, options: &self.options };
        OfRun { code: self.code, source }
    }
}

/// How the exports of a run are read, and where what is refused is listed.
fn reading(args: &Args, run: &RunDefinition, rejects: PathBuf, wanted: Option<Wanted>) -> ReadOptions {
    // The lines of refused rows would say how many there are.
    let rejects = Some(rejects).filter(|_| run.disclosure.shows_cases());
    let as_of = run.as_of;
    ReadOptions { show_values: args.show_values, rejects, as_of, own_as_of: false, wanted, ..ReadOptions::default() }
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
        let module = Module::for_many(&other, &loaded.examples().collect::<Vec<_>>(), output)?;
        all.push(Version { run: run_of(member), package: other, module });
    }
    Ok(all)
}
