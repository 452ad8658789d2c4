//! `concord audit`: from exports to a report, through the same module that the members embed.

mod cases;
mod members;
mod resume;
mod side_by_side;
mod tallies;
pub mod written;

use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use concord_engine::plan::Package;
use concord_engine::values::calendar::{DAY, local_from_instant, show_utc};

use crate::args::Audit as Args;
use crate::audit::definition::{Definition, RunDefinition, load_definition, load_organisations};
use crate::audit::tallies::Tallied;
use crate::audit::{self, AuditError, Disclosure, Failure, Judge as _, Limits, OfRun, Options, Split};
use crate::command::instant;
use crate::data::read::{PIECE, ReadSoFar};
use crate::exit::Exit;
use crate::files::{Staged, not_over};
use crate::judge::ByModule;
use crate::manifest::manifest;
use crate::module::Module;
use crate::output::Output;
use crate::progress::Progress;
use crate::project;
use crate::results::{Audit, Run};
use cases::CaseFile;
use members::Ready;
use resume::Finished;
use side_by_side::Given;
use written::{is_ours, sum_up, write};

/// Reads, judges, compares and writes the report.
pub fn run(args: &Args, output: &Output) -> Exit {
    audit_all(args, output).unwrap_or_else(|exit| exit)
}

fn audit_all(args: &Args, output: &Output) -> Result<Exit, Exit> {
    let definition = definition(args, output)?;
    let of_runs = definition.runs.iter().flat_map(|run| {
        let own = run.members.iter().flat_map(|member| &member.data);
        run.data.iter().chain([&run.rules, &run.map]).chain(&run.organisations).chain(own)
    });
    not_over(args.cases.iter().chain(&args.tallies), of_runs.chain([&args.rules]), output)?;
    let place = args.out.clone().or(definition.output.clone()).unwrap_or_else(|| PathBuf::from("report"));
    let staged = Staged::new(&place, output)?;
    let progress = Progress::start("audit", output);
    let cases = args.cases.as_deref().map(|file| CaseFile::new(file, &definition, output)).transpose()?;
    let begun = cases.as_ref().map(CaseFile::begun).unwrap_or_default();
    concord_serve::when_told_to_stop(staged.abandoned(begun)).unwrap_or_else(|why| output.warning(&why));
    let finished = args.resume.then(|| Finished::beside(&place, output)).transpose()?;
    let beside = Beside { cases: cases.map(Mutex::new), finished };
    let (all, one_after_another) = (threads(args.threads), beside.cases.is_some());
    let done = side_by_side::each(&definition.runs, (all, one_after_another), output, |given| {
        let run = definition.runs.get(given.index).ok_or(Exit::Internal)?;
        audit_one(args, run, (&staged, &beside), &given)
    })?;
    let (audits, tallied): (Vec<Audit>, Vec<Option<Tallied>>) = done.into_iter().unzip();
    let disclosures: Vec<Disclosure> = definition.runs.iter().map(|run| run.disclosure.clone()).collect();
    let as_of = definition.runs.iter().map(|r| r.as_of).max().unwrap_or(0);
    let title = match (definition.title.as_str(), audits.first()) {
        ("", Some(audit)) => audit.logic.title.clone(),
        (title, _) => title.to_owned(),
    };
    let run = Run {
        title: title.clone(),
        as_of: show_utc(as_of),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        disclosure: disclosure(&disclosures, &audits),
    };
    let results = audit::results(run, audits);
    write(&results, &staged, threads(args.threads), output)?;
    staged.finish(is_ours, output)?;
    beside.finished.into_iter().for_each(Finished::done);
    let cases = beside.cases.map(|cases| cases.into_inner().unwrap_or_else(PoisonError::into_inner));
    cases.map_or(Ok(()), CaseFile::finish)?;
    if let Some(file) = &args.tallies {
        tallies::write(&title, tallied.into_iter().flatten().collect(), file, output)?;
    }
    if args.json {
        let text = serde_json::to_string(&results).map_err(|_| Exit::Internal)?;
        output.data(&format!("{text}\n"))?;
    }
    sum_up(&results, &place, progress.elapsed().as_secs_f64(), output);
    Ok(Exit::Fine)
}

fn definition(args: &Args, output: &Output) -> Result<Definition, Exit> {
    let usage = |why: &str, help: &str| {
        output.error(why, Some(help));
        Exit::Usage
    };
    if args.rules.extension().is_some_and(|e| e == "toml") {
        if let Some(flag) = said_by_definition(args) {
            let name = args.rules.display();
            return Err(usage(
                &format!("{flag} beside an audit definition: `{name}` says that for each of its audits"),
                "change it in the definition, or name the rule with --data, --map and --as-of",
            ));
        }
        return load_definition(&args.rules).map_err(|why| usage(&why, "see docs/auditing.md for an audit definition"));
    }
    let (Some(map), Some(as_of), false) = (&args.map, &args.as_of, args.data.is_empty()) else {
        return Err(usage(
            "an audit needs --data, --map and --as-of",
            "or an audit definition (.toml) that gives them",
        ));
    };
    let as_of = instant::as_of(as_of, output)?;
    let disclosure =
        args.no_disclosure_control.as_ref().map_or(Disclosure::On, |because| Disclosure::Off(because.clone()));
    let run = RunDefinition {
        rules: args.rules.clone(),
        data: args.data.clone(),
        map: map.clone(),
        as_of,
        organisations: None,
        split: args.split.clone(),
        cross: Vec::new(),
        rebase: Vec::new(),
        disclosure,
        members: Vec::new(),
    };
    // The package gives the title, once it is read: no path of a machine stands on a report.
    Ok(Definition { title: String::new(), output: None, runs: vec![run] })
}

/// A flag that says what a definition says for each of its audits, so that one of the two would not count.
fn said_by_definition(args: &Args) -> Option<&'static str> {
    let flags = [
        ("--data", !args.data.is_empty()),
        ("--map", args.map.is_some()),
        ("--as-of", args.as_of.is_some()),
        ("--split", !args.split.is_empty()),
        ("--no-disclosure-control", args.no_disclosure_control.is_some()),
    ];
    flags.into_iter().find_map(|(flag, is_said)| is_said.then_some(flag))
}

/// What is written beside the report, where it is asked for.
struct Beside<'a> {
    cases: Option<Mutex<CaseFile<'a>>>,
    finished: Option<Finished>,
}

fn audit_one(
    args: &Args,
    run: &RunDefinition,
    (staged, beside): (&Staged, &Beside<'_>),
    given: &Given<'_>,
) -> Result<(Audit, Option<Tallied>), Exit> {
    let (index, output) = (given.index, given.output);
    let (loaded, package) = project::one(&run.rules, output)?;
    let module = Module::for_many(&package, &loaded.examples().collect::<Vec<_>>(), output)?;
    let splits = run.split.iter().map(|name| Split::named(&package.plan, name)).collect::<Result<_, _>>();
    let splits = splits.map_err(|why| {
        output.error(&why, None);
        Exit::Usage
    })?;
    let options = Options {
        id: package.credentials.path.replace('.', "-"),
        disclosure: run.disclosure.clone(),
        names: organisations(run.organisations.as_deref(), output)?,
        as_of: local_from_instant(run.as_of).div_euclid(DAY),
        splits,
        members: run.members.iter().map(members::run_of).collect(),
        cross: run.cross.clone(),
        rebase: run.rebase.clone(),
        threads: given.threads,
        ..Options::default()
    };
    audit::crossed(&package, &options).map_err(|why| {
        output.error(&why, None);
        Exit::Usage
    })?;
    let versions = members::versions(&package, run, output)?;
    let finished = beside.finished.as_ref();
    let key = finished.and_then(|finished| {
        let others = versions.iter().map(|version| (version.module.sha256(), &version.package));
        let rules: Vec<(&str, &Package)> = std::iter::once((module.sha256(), &package)).chain(others).collect();
        finished.key(args, run, &rules)
    });
    let kept = finished.zip(key.as_deref()).and_then(|(finished, key)| finished.take_up(index, key, staged, output));
    if let Some(audit) = kept {
        return Ok((audit, None));
    }
    let carried = manifest(&package, module.layout(), true, 0);
    let mut judge = ByModule::new(&package, module, output).with_versions(versions);
    let exports = members::exports(args, index, run, (&package, &carried), staged, output)?;
    let whole = (exports.as_slice(), &package, &options);
    let mut counted = while_reading(args, whole, (&mut judge, staged, beside), given)?;
    let tallied = args.tallies.is_some();
    let tallied = tallied.then(|| tallies::of(run, (&package, &options), judge.logic(), counted.tallies()));
    let audit = counted.finish(&mut judge);
    for warning in &audit.data.warnings {
        output.warning(&format!("{}: {warning}", audit.logic.title));
    }
    let finished = finished.zip(key);
    finished.map_or(Ok(()), |(finished, key)| finished.keep(index, key, &audit, (staged, output)))?;
    Ok((audit, tallied))
}

/// The exports of a run, judged and counted while they are read, with a row for each of their cases where they are listed.
fn while_reading<'a>(
    args: &Args,
    (exports, package, options): (&[Ready<'_>], &'a Package, &'a Options),
    (judge, staged, beside): (&mut ByModule<'_>, &Staged, &Beside<'_>),
    given: &Given<'_>,
) -> Result<audit::CountedExport<'a>, Exit> {
    let exports: Vec<OfRun<'_>> = exports.iter().map(|export| export.of_run(&package.plan)).collect();
    let limits = Limits {
        memory: args.held.memory / given.share,
        scratch: staged.file(&format!("rows-{}", given.index + 1)),
        threads: given.threads,
        piece: PIECE,
        turn: given.turn.clone(),
    };
    let mut show = |so_far: ReadSoFar| given.show(so_far);
    // Whoever held it before has failed, and so will the audit.
    let mut cases = beside.cases.as_ref().map(|cases| cases.lock().unwrap_or_else(PoisonError::into_inner));
    let sink = cases.as_mut().map(|cases| -> &mut dyn audit::cases::Sink {
        cases.package.clone_from(&package.credentials.path);
        &mut **cases
    });
    let counted = audit::count_while_reading(package, &exports, judge, (options, &limits), (sink, &mut show));
    let _ = std::fs::remove_dir_all(&limits.scratch);
    counted.map_err(|failure| failed(failure, package, given.output))
}

/// How many threads may work at once: as many as are asked for, or as this machine has cores.
fn threads(asked: Option<usize>) -> usize {
    // Where nobody can tell, there is at least the one that runs.
    asked.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, NonZero::get)).max(1)
}

fn failed(failure: Failure, package: &Package, output: &Output) -> Exit {
    match failure {
        Failure::Read(error) => {
            output.error(&error.to_string(), None);
            error.exit()
        }
        Failure::NotMeant(why, help) => {
            output.error(&format!("{}: {why}", package.credentials.title), Some(help));
            Exit::Data
        }
        Failure::Audit(error) => {
            output.error(&error.to_string(), None);
            if let AuditError::Cases(_) = error { Exit::Limit } else { Exit::Rule }
        }
        // It tells nothing: what failed before it is told.
        Failure::Needless => Exit::Internal,
        Failure::Thread => {
            output.error(&failure.to_string(), None);
            Exit::Internal
        }
    }
}

/// Whether small numbers are protected: once where that is the same for all, else by standard.
pub fn disclosure(runs: &[Disclosure], audits: &[Audit]) -> String {
    let words = || runs.iter().map(Disclosure::words);
    match words().next() {
        Some(first) if runs.len() > 1 && words().all(|other| other == first) => first,
        _ => {
            let each = words().zip(audits).map(|(words, audit)| format!("{}: {words}", audit.logic.title));
            each.collect::<Vec<_>>().join(" ")
        }
    }
}

fn organisations(path: Option<&Path>, output: &Output) -> Result<std::collections::BTreeMap<String, String>, Exit> {
    let Some(path) = path else { return Ok(std::collections::BTreeMap::new()) };
    load_organisations(path).map_err(|why| {
        output.error(&why, None);
        Exit::Data
    })
}
