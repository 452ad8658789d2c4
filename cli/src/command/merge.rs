//! `concord merge`: one report from what members of a group counted each for itself. No row of a patient is read.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use concord_engine::plan::Package;
use concord_engine::plan::counted::counted;
use concord_engine::values::calendar::{DAY, local_from_instant, show_utc};

use crate::args::Merge;
use crate::audit::members::{MemberRun, OfMember, join, missing};
use crate::audit::tallies::{Tallied, TalliesFile, read};
use crate::audit::{self, Auditing, Disclosure, Options, Rebase, Split};
use crate::command::audit::disclosure;
use crate::command::audit::written::{is_ours, sum_up, write};
use crate::exit::Exit;
use crate::files::Staged;
use crate::judge::ByModule;
use crate::module::Module;
use crate::output::Output;
use crate::progress::Progress;
use crate::project;
use crate::results::{Audit, Run};

/// More members make no group.
const MOST_FILES: usize = 1_000;

/// Adds up what each file counted and writes the report.
pub fn run(args: &Merge, output: &Output) -> Exit {
    merge(args, output).unwrap_or_else(|exit| exit)
}

fn merge(args: &Merge, output: &Output) -> Result<Exit, Exit> {
    let progress = Progress::start("merge", output);
    if args.tallies.len() > MOST_FILES {
        output.error(&format!("more than {MOST_FILES} files"), None);
        return Err(Exit::Limit);
    }
    let files: Vec<TalliesFile> = args.tallies.iter().map(|path| load(path, output)).collect::<Result<_, _>>()?;
    alike(args, &files, output)?;
    let Some(first) = files.first() else { return Err(Exit::Usage) };
    let staged = Staged::new(&args.out, output)?;
    let mut audits = Vec::new();
    for place in 0..first.runs.len() {
        let runs: Vec<&Tallied> = files.iter().filter_map(|file| file.runs.get(place)).collect();
        audits.push(one(args, &runs, output)?);
    }
    let disclosures: Vec<Disclosure> = first.runs.iter().map(Tallied::disclosure).collect();
    let run = Run {
        title: args.title.clone().unwrap_or_else(|| first.title.clone()),
        as_of: show_utc(first.runs.iter().map(|run| run.as_of).max().unwrap_or(0)),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        disclosure: disclosure(&disclosures, &audits),
    };
    let results = audit::results(run, audits);
    write(&results, &staged, 1, output)?;
    staged.finish(is_ours, output)?;
    sum_up(&results, &args.out, progress.elapsed().as_secs_f64(), output);
    Ok(Exit::Fine)
}

fn load(path: &Path, output: &Output) -> Result<TalliesFile, Exit> {
    let refuse = |why: String, exit: Exit| {
        output.error(&format!("{}: {why}", path.display()), None);
        exit
    };
    let text = fs::read_to_string(path).map_err(|error| refuse(error.to_string(), Exit::Usage))?;
    read(&text).map_err(|why| refuse(why, Exit::Data))
}

/// Refuses what cannot be added up: other rules, another question, and cases that would count twice.
fn alike(args: &Merge, files: &[TalliesFile], output: &Output) -> Result<(), Exit> {
    let refuse = |at: usize, text: String, help: &str| {
        let name = args.tallies.get(at).map(|path| path.display().to_string()).unwrap_or_default();
        output.error(&format!("{name}: {text}"), Some(help));
        Err(Exit::Data)
    };
    let name = |at: usize| args.tallies.get(at).map(|path| path.display().to_string()).unwrap_or_default();
    for (at, file) in files.iter().enumerate() {
        for (before, other) in files.iter().enumerate().take(at) {
            if file.runs.len() != other.runs.len() {
                let text = format!("another number of runs than {}", name(before));
                return refuse(at, text, "each member audits by the same definition");
            }
            for (run, first) in file.runs.iter().zip(&other.runs) {
                if let Err(what) = run.like(first) {
                    let text = format!("{}: {what} than {}", run.package, name(before));
                    return refuse(
                        at,
                        text,
                        "each member audits by the same definition, with the same release of Concord",
                    );
                }
                if let Some(twice) = run.twice(first) {
                    let text = format!("{}: {twice} is counted in {} too", run.package, name(before));
                    return refuse(at, text, "each case counts once: leave one of the files out");
                }
            }
        }
    }
    Ok(())
}

/// One run of all members.
fn one(args: &Merge, runs: &[&Tallied], output: &Output) -> Result<Audit, Exit> {
    let Some(first) = runs.first() else { return Err(Exit::Usage) };
    let (module, package) = rules(args, first, output)?;
    let refuse = |why: &str, exit: Exit| {
        output.error(&format!("{}: {why}", first.package), None);
        exit
    };
    let splits = first.split.iter().map(|name| Split::named(&package.plan, name)).collect::<Result<_, _>>();
    let options = Options {
        id: package.credentials.path.replace('.', "-"),
        disclosure: first.disclosure(),
        names: runs.iter().flat_map(|run| run.names.clone()).collect(),
        as_of: local_from_instant(first.as_of).div_euclid(DAY),
        splits: splits.map_err(|why: String| refuse(&why, Exit::Usage))?,
        cross: first.cross.clone(),
        rebase: first.rebase.iter().map(|(from, because)| Rebase { from: *from, because: because.clone() }).collect(),
        members: members(runs).map_err(|why| refuse(&why, Exit::Data))?,
        ..Options::default()
    };
    let codes: BTreeSet<String> = runs.iter().flat_map(|run| run.counts.codes.clone()).collect();
    let of_member = |run: &&Tallied| {
        let (code, export) = (run.member.clone(), run.counts.export.shell());
        // What a member's export had of others, it says itself.
        OfMember { code, export, strangers: 0 }
    };
    let mut export = join(runs.iter().map(of_member).collect(), codes.len()).ok_or(Exit::Internal)?;
    let named = options.members.iter().map(|member| member.code.as_str());
    export.told.extend(missing(named, &options.names, &codes));
    let mut auditing = Auditing::new(&package, &options);
    for run in runs {
        auditing.take(&run.counts).map_err(|why| refuse(why, Exit::Data))?;
    }
    let mut judge = ByModule::new(&package, module, output);
    let audit = auditing.finish(&export, &mut judge);
    for warning in &audit.data.warnings {
        output.warning(&format!("{}: {warning}", audit.logic.title));
    }
    Ok(audit)
}

/// The rules by which it was counted; others are refused.
fn rules(args: &Merge, run: &Tallied, output: &Output) -> Result<(Module, Package), Exit> {
    for path in &args.rules {
        let (loaded, package) = project::one(path, output)?;
        if package.credentials.path != run.package {
            continue;
        }
        let module = Module::for_many(&package, &loaded.examples().collect::<Vec<_>>(), output)?;
        let fingerprint = concord_engine::plan::fingerprint::fingerprint(&package);
        if fingerprint != run.fingerprint || module.sha256() != run.module_sha256 {
            let text = format!("{}: it was counted by other rules than those in {}", run.package, path.display());
            output.error(&text, Some("give the version that the members ran, and the same release of Concord"));
            return Err(Exit::Rule);
        }
        if let Some(what) = run.means_otherwise(&counted(&package)) {
            let text = format!("{}: another {what} was counted than that in {}", run.package, path.display());
            output.error(&text, Some("give the rules as the members have them: the same text of the same version"));
            return Err(Exit::Rule);
        }
        return Ok((module, package));
    }
    output.error(&format!("the rules of {} are not given", run.package), Some("name their folder with --rules"));
    Err(Exit::Usage)
}

/// What is said of members, each once.
fn members(runs: &[&Tallied]) -> Result<Vec<MemberRun>, String> {
    let mut all: BTreeMap<String, MemberRun> = BTreeMap::new();
    for said in runs.iter().flat_map(|run| &run.members) {
        let run = MemberRun::from(said);
        match all.get(&run.code) {
            Some(other) if *other != run => {
                return Err(format!("two files say of `{}` that it ran another version", run.code));
            }
            _ => {
                all.insert(run.code.clone(), run);
            }
        }
    }
    Ok(all.into_values().collect())
}
