//! `concord map --check`: what an export is ready for, rule by rule, before anything is judged by it.

use std::fmt::Write as _;

use concord_engine::plan::Package;
use concord_engine::plan::library::Example;
use concord_engine::text::with_line_ends;
use serde_json::{Value, json};

use crate::args::Map as Args;
use crate::command::instant;
use crate::command::wanted::wanted_of;
use crate::data::mapping::file::Format;
use crate::data::mapping::read_mapping;
use crate::data::read::{Mapping, ReadError, ReadOptions, Source, account, load_mapping};
use crate::data::ready::{Given, Names, Ready};
use crate::exit::Exit;
use crate::files::Aside;
use crate::manifest::manifest;
use crate::module::Module;
use crate::output::Output;
use crate::project::{self, Loaded, rule_files};
use crate::results::Data;

/// Memory for an export whose rows are not grouped by case.
const MEMORY: u64 = 1 << 30;

/// Says what is ready and what is missing; exit code 1 where a rule cannot be asked in full.
pub fn run(args: &Args, output: &Output) -> Exit {
    check(args, output).unwrap_or_else(|exit| exit)
}

/// What is known of one rule.
struct Checked {
    package: Package,
    /// What is read is found by the codes of the rule.
    by_codes: bool,
    /// Facts, labels, events and fields of events.
    names: [(&'static str, Names); 4],
    answers: Vec<Ready>,
}

fn check(args: &Args, output: &Output) -> Result<Exit, Exit> {
    let text = std::fs::read_to_string(&args.map).map(with_line_ends).map_err(|error| {
        output.error(&format!("{}: {error}", args.map.display()), None);
        Exit::Usage
    })?;
    // What is wrong with the file is told when it is bound.
    let of = read_mapping(&text).ok().map(|file| file.package.into_inner());
    let (mut all, mut others) = (Vec::new(), Vec::new());
    let files = rule_files(&args.rules, output)?;
    for path in &files {
        let (loaded, package) = project::one(path, output)?;
        if files.len() > 1 && of.as_ref().is_some_and(|of| *of != package.credentials.path) {
            others.push(package.credentials.path);
        } else {
            all.push(one(args, (loaded, package), output)?);
        }
    }
    if !others.is_empty() {
        let of = of.unwrap_or_default();
        output.note(&format!("the mapping is for {of}; these rules want one of their own: {}", others.join(", ")));
    }
    if args.json {
        let rules: Vec<Value> = all.iter().map(as_json).collect();
        let text = serde_json::to_string(&rules).map_err(|_| Exit::Internal)?;
        output.data(&format!("{text}\n"))?;
    } else {
        let texts: Vec<String> = all.iter().map(in_words).collect();
        output.data(&texts.join("\n"))?;
    }
    let whole = |checked: &Checked| checked.answers.iter().all(|answer| answer.decided == answer.cases);
    Ok(if all.iter().all(whole) { Exit::Fine } else { Exit::Findings })
}

fn one(args: &Args, (loaded, package): (Loaded, Package), output: &Output) -> Result<Checked, Exit> {
    let refuse = |error: ReadError| {
        output.error(&error.to_string(), None);
        error.exit()
    };
    let mapping = load_mapping(&package, &args.map).map_err(refuse)?;
    let data = data(args, &package, &mapping, output)?;
    let given = Given::of(&package, &mapping, data.as_ref());
    let examples: Vec<&Example> = loaded.examples().collect();
    let answers = given.ready(&package, &examples);
    let plan = &package.plan;
    let names = [
        ("facts", given.facts(plan)),
        ("labels", given.labels(plan)),
        ("events", given.events_by_name(plan)),
        ("fields", given.fields(plan)),
    ];
    let by_codes = mapping.file.source.format == Format::Fhir;
    Ok(Checked { package, by_codes, names, answers })
}

/// The account of the data, where some are given.
fn data(args: &Args, package: &Package, mapping: &Mapping, output: &Output) -> Result<Option<Data>, Exit> {
    if args.data.is_empty() {
        return Ok(None);
    }
    // Only what is there at all is asked, and not by when.
    let as_of = args.as_of.as_deref().unwrap_or("2199-01-01T00:00:00Z");
    let as_of = instant::as_of(as_of, output)?;
    let aside = Aside::of(None);
    let wanted = match mapping.file.source.format {
        Format::Fhir => {
            let module = Module::for_trial(package, output)?;
            wanted_of(mapping, &manifest(package, module.layout(), true, 0), output)?
        }
        _ => None,
    };
    let scratch = Some(aside.path().join("names"));
    let options = ReadOptions { as_of, scratch, wanted, ..ReadOptions::default() };
    let source = Source { plan: &package.plan, mapping, paths: &args.data, options: &options };
    let export = account(source, MEMORY, aside.path()).map_err(|error| {
        output.error(&error.to_string(), None);
        error.exit()
    })?;
    Ok(Some(export.data))
}

/// In JSON, and in words.
fn state(answer: &Ready) -> (&'static str, &'static str) {
    match (answer.cases, answer.decided) {
        (0, _) => ("not_tried", "not tried: no case of the rule decides it"),
        (cases, decided) if cases == decided => ("yes", "can be given"),
        (_, 0) => ("no", "cannot be given"),
        _ => ("in_part", "can be given in part"),
    }
}

fn as_json(of: &Checked) -> Value {
    let names = |names: &Names| json!({ "given": names.given, "never_seen": names.never, "not_mapped": names.lacking });
    let answers = of.answers.iter().map(|answer| {
        json!({
            "name": answer.name,
            "ready": state(answer).0,
            "cases": answer.cases,
            "decided": answer.decided,
            "wants": answer.wants,
        })
    });
    let mut value = json!({
        "package": of.package.credentials.path,
        "version": of.package.credentials.version,
        "answers": answers.collect::<Vec<_>>(),
    });
    for (what, listed) in &of.names {
        value.as_object_mut().into_iter().for_each(|fields| drop(fields.insert((*what).to_owned(), names(listed))));
    }
    value
}

fn in_words(of: &Checked) -> String {
    let credentials = &of.package.credentials;
    let mut text = format!("{} {}: {}\n", credentials.path, credentials.version, credentials.title);
    for (what, names) in &of.names {
        let all = names.given.len() + names.never.len() + names.lacking.len();
        if all == 0 {
            continue;
        }
        let (given, lacking, never) = match of.by_codes && *what != "labels" {
            false => ("in the mapping", "not in it", "in it, and in no case of the data"),
            true => ("with a code of the rule", "without one", "with one, and in no case of the data"),
        };
        let mut line = format!("  {what:<7} {} of {all} {given}", all - names.lacking.len());
        for (how, list) in [(lacking, &names.lacking), (never, &names.never)] {
            if !list.is_empty() {
                let quoted: Vec<String> = list.iter().map(|name| format!("`{name}`")).collect();
                // To a String nothing fails to be written.
                let _ = write!(line, "; {how}: {}", quoted.join(", "));
            }
        }
        text.push_str(&line);
        text.push('\n');
    }
    let widest = of.answers.iter().map(|answer| answer.name.chars().count()).max().unwrap_or(0);
    for answer in &of.answers {
        let (_, words) = state(answer);
        let _ = write!(text, "  {:widest$}  {words}", answer.name);
        if answer.cases > 0 {
            let _ = write!(text, ": {} of {} cases of the rule", answer.decided, answer.cases);
        }
        if !answer.wants.is_empty() {
            let _ = write!(text, "; the others want {}", answer.wants.join(", "));
        }
        text.push('\n');
    }
    let whole = of.answers.iter().filter(|answer| answer.cases > 0 && answer.decided == answer.cases).count();
    let tried = of.answers.iter().filter(|answer| answer.cases > 0).count();
    let _ = writeln!(text, "  ready for {whole} of {tried} answers");
    text
}
