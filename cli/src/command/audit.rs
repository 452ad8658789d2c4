//! `concord audit`: from exports to a report, through the same module that the trusts embed.

use std::path::{Component, Path, PathBuf};

use concord_engine::explain::explain_one;
use concord_engine::plan::Plan;
use concord_engine::plan::fingerprint::fingerprint;
use concord_engine::values::calendar::{DAY, local_from_instant, read_instant, show_utc};

use crate::args::Audit as Args;
use crate::audit::definition::{Definition, RunDefinition, load_definition, load_organisations};
use crate::audit::logic;
use crate::audit::{self, Disclosure, Options};
use crate::data::read::{ReadError, ReadOptions, load_mapping, read_export};
use crate::exit::Exit;
use crate::files::{self, Staged};
use crate::module::Module;
use crate::output::Output;
use crate::progress::Progress;
use crate::project;
use crate::report::model::{Audit, Results, Run};
use crate::report::{csv, html, words};

/// Reads, judges, compares and writes the report.
pub fn run(args: &Args, output: &Output) -> Exit {
    audit_all(args, output).unwrap_or_else(|exit| exit)
}

fn audit_all(args: &Args, output: &Output) -> Result<Exit, Exit> {
    let definition = definition(args, output)?;
    let place = args.out.clone().or(definition.output.clone()).unwrap_or_else(|| PathBuf::from("report"));
    let staged = Staged::new(&place, output)?;
    let progress = Progress::start("audit", output);
    let mut audits = Vec::new();
    for (index, run) in definition.runs.iter().enumerate() {
        audits.push(audit_one(args, index, run, &staged, output)?);
    }
    let as_of = definition.runs.iter().map(|r| r.as_of).max().unwrap_or(0);
    let disclosure: Vec<String> = definition
        .runs
        .iter()
        .zip(&audits)
        .map(|(r, a)| format!("{}: {}", a.logic.title, r.disclosure.words()))
        .collect();
    let run = Run {
        title: definition.title.clone(),
        as_of: show_utc(as_of),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        disclosure: disclosure.join(" "),
    };
    let results = audit::results(run, audits);
    write(&results, &staged, output)?;
    staged.finish(output)?;
    if args.json {
        let text = serde_json::to_string(&results).map_err(|_| Exit::Internal)?;
        output.data(&format!("{text}\n"))?;
    }
    summary(&results, &place, progress.elapsed().as_secs_f64(), output);
    Ok(Exit::Fine)
}

fn definition(args: &Args, output: &Output) -> Result<Definition, Exit> {
    let usage = |why: &str, help: &str| {
        output.error(why, Some(help));
        Exit::Usage
    };
    if args.rules.extension().is_some_and(|e| e == "toml") {
        return load_definition(&args.rules).map_err(|why| usage(&why, "see docs/auditing.md for an audit definition"));
    }
    let (Some(map), Some(as_of), false) = (&args.map, &args.as_of, args.data.is_empty()) else {
        return Err(usage(
            "an audit needs --data, --map and --as-of",
            "or name an audit definition (.toml) that holds them",
        ));
    };
    let as_of =
        read_instant(as_of).map_err(|why| usage(&format!("--as-of: {why}"), "for example 2026-10-31T23:59:59Z"))?;
    let disclosure =
        args.no_disclosure_control.as_ref().map_or(Disclosure::On, |because| Disclosure::Off(because.clone()));
    let run = RunDefinition {
        rules: args.rules.clone(),
        data: args.data.clone(),
        map: map.clone(),
        as_of,
        organisations: None,
        disclosure,
    };
    Ok(Definition { title: format!("Audit of {}", args.rules.display()), output: None, runs: vec![run] })
}

fn audit_one(args: &Args, index: usize, run: &RunDefinition, staged: &Staged, output: &Output) -> Result<Audit, Exit> {
    let (_, plan) = project::one(&run.rules, output)?;
    let mut module = Module::build(&plan, output)?;
    let settings = vec![None; plan.parameters.len()];
    let export = read(args, index, run, &plan, staged, output)?;
    let names = organisations(run.organisations.as_deref(), output)?;
    let logic = logic(&plan, &settings, &fingerprint(&plan), module.sha256());
    let options = Options {
        id: plan.package.path.replace('.', "-"),
        disclosure: run.disclosure.clone(),
        names,
        as_of: local_from_instant(run.as_of).div_euclid(DAY),
        ..Options::default()
    };
    let total = export.cases.len() as u64;
    let mut progress = Progress::start("judging", output);
    let mut explainer = Module::build(&plan, output)?;
    let mut explain = |answer: usize, case: &concord_engine::plan::case::Case| {
        let found = plan.answers.get(answer).zip(explainer.evaluate(case, &settings, output).ok());
        found.map_or_else(Vec::new, |(answer, outcome)| explain_one(&plan, case, &settings, &outcome, answer).because)
    };
    let mut judge = |cases: &[concord_engine::plan::case::Case]| module.evaluate_batch(cases, &settings);
    let mut show = |done: u64| progress.at(done, Some(total), "cases");
    audit::audit(&plan, logic, export, &mut judge, &mut explain, &mut show, &options).map_err(|error| {
        output.error(&error.to_string(), None);
        Exit::Rule
    })
}

fn read(
    args: &Args,
    index: usize,
    run: &RunDefinition,
    plan: &Plan,
    staged: &Staged,
    output: &Output,
) -> Result<crate::data::read::Export, Exit> {
    let refuse = |error: ReadError| {
        output.error(&error.to_string(), None);
        error.exit()
    };
    let mapping = load_mapping(plan, &run.map).map_err(refuse)?;
    let rejects = staged.file(&format!("rejects-{}-{}.csv", index + 1, plan.package.path));
    let options = ReadOptions { show_values: args.show_values, rejects: Some(rejects), as_of: run.as_of };
    let mut progress = Progress::start("reading", output);
    let mut show = |p: crate::data::read::Progress| progress.at(p.bytes, Some(p.total), "bytes");
    read_export(plan, &mapping, &run.data, &options, &mut show).map_err(refuse)
}

fn organisations(path: Option<&Path>, output: &Output) -> Result<std::collections::BTreeMap<String, String>, Exit> {
    let Some(path) = path else { return Ok(std::collections::BTreeMap::new()) };
    load_organisations(path).map_err(|why| {
        output.error(&why, None);
        Exit::Data
    })
}

fn write(results: &Results, staged: &Staged, output: &Output) -> Result<(), Exit> {
    let json = serde_json::to_string_pretty(results).map_err(|_| Exit::Internal)?;
    files::write(&staged.file("results.json"), json.as_bytes(), output)?;
    for (name, content) in csv::files(results) {
        files::write(&staged.file(&name), content.as_bytes(), output)?;
    }
    files::write(&staged.file("report.html"), html::page(results).as_bytes(), output)
}

/// What came of it, in words: a line for each audit, and where the report is.
fn summary(results: &Results, place: &Path, seconds: f64, output: &Output) {
    for audit in &results.audits {
        output.note(&in_a_line(audit));
    }
    output.note(&format!("done in {seconds:.1} s; report: {}", short(&place.join("report.html")).display()));
}

/// `Sepsis: the first hours: 1,050 cases, 15,214 events; 5 obligations, not done in 14.5% to 67.4% of cases`
fn in_a_line(audit: &Audit) -> String {
    let data = &audit.data;
    let mut parts = vec![words::shown_counted(data.cases, data.cases_hidden, "case", "cases")];
    if data.organisations > 1 {
        parts.push(words::counted(data.organisations, "organisation", "organisations"));
    }
    let refused = data.rows_rejected + data.values_rejected;
    let refused =
        (refused > 0).then(|| format!("{} refused", words::counted(refused, "row or value", "rows or values")));
    let unknown = audit.obligations.iter().map(|o| o.verdicts.unknown).max().filter(|most| *most > 0);
    let unknown = unknown.map(|most| format!("up to {} not decidable", words::count(most)));
    let not_done = audit.obligations.iter().flat_map(|o| &o.readings).filter(|r| r.is_the_rule);
    let mut rates: Vec<f64> = not_done.filter_map(|r| Some(r.rate?.value)).collect();
    rates.sort_by(f64::total_cmp);
    let obligations = rates.first().zip(rates.last()).map(|(least, most)| {
        let n = words::counted(audit.obligations.len() as u64, "obligation", "obligations");
        let range = if least < most {
            format!("{} to {}", words::percent(*least), words::percent(*most))
        } else {
            words::percent(*most)
        };
        format!("{n}, late or missed in {range}")
    });
    let measures = audit.measures.iter().filter(|m| audit.obligations.is_empty() || m.funnel.is_some());
    let measures = measures.filter_map(|m| {
        let rate = words::percent(m.total.rate?.value);
        let apart = m.funnel.as_ref().map(|f| format!(", {} outside the 99.8% limits", words::count(f.outside[1][1])));
        Some(format!("{} {rate}{}", m.title, apart.unwrap_or_default()))
    });
    let found: Vec<String> = refused.into_iter().chain(unknown).chain(obligations).chain(measures).collect();
    format!("{}: {}; {}", audit.logic.title, parts.join(", "), found.join("; "))
}

/// A path without its detours, as far as it can be told from the path alone: `tests/data/../../report` is `report`.
fn short(path: &Path) -> PathBuf {
    let mut short = PathBuf::new();
    for part in path.components() {
        let named = matches!(short.components().next_back(), Some(Component::Normal(_)));
        match part {
            Component::CurDir => {}
            Component::ParentDir if named => {
                short.pop();
            }
            part => short.push(part),
        }
    }
    short
}
