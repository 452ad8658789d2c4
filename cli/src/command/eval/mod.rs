//! `concord eval`: cases in, answers with reasons out.

mod answering;
mod bundles;
mod cases;
mod export;
mod from_module;
mod input;
mod module_settings;
mod record;
mod sink;
mod words;

use std::collections::BTreeSet;
use std::io;

use crate::args::Eval;
use crate::command::instant;
use crate::data::case_json::Options;
use crate::exit::Exit;
use crate::files::{is_module, not_over};
use crate::output::Output;
use crate::project;
use answering::Answering;
use bundles::{Bundles, worse};
use cases::Cases;
use input::{Brought, bring, mistaken, no_table};
use sink::Sink;

/// Evaluates cases in the module and explains the answers.
pub fn run(args: &Eval, output: &Output) -> Exit {
    eval(args, output).unwrap_or_else(|exit| exit)
}

/// A setting that is given twice is refused, as in JSON: nobody can tell which of the two is meant.
fn set_once(settings: &[String], output: &Output) -> Result<(), Exit> {
    let mut names = BTreeSet::new();
    let twice = settings
        .iter()
        .map(|text| text.split_once('=').map_or(text.as_str(), |(name, _)| name).trim())
        .find(|n| !names.insert(*n));
    twice.map_or(Ok(()), |name| {
        output.error(&format!("--set {name} is given twice"), Some("give each setting once"));
        Err(Exit::Usage)
    })
}

fn eval(args: &Eval, output: &Output) -> Result<Exit, Exit> {
    let read = [&args.rule, &args.input].into_iter().chain(&args.fhir).chain(&args.data).chain(&args.map);
    not_over(&args.out, read, output)?;
    set_once(&args.settings, output)?;
    let as_of = args.as_of.as_deref().map(|text| instant::as_of(text, output)).transpose()?;
    if is_module(&args.rule) {
        return from_module::run(args, as_of, output);
    }
    let (loaded, package) = project::one(&args.rule, output)?;
    let mut answering = Answering::new(args, (&loaded, &package), output)?;
    if !args.data.is_empty() {
        return export::run(args, as_of, &mut answering, output);
    }
    let path = args.input.display().to_string();
    let (brought, read) = if args.fhir.is_empty() {
        no_table(&args.input, output)?;
        let brought = bring(&args.input).map_err(|error| {
            output.error(&format!("{path}: {error}"), None);
            if error.kind() == io::ErrorKind::NotFound || path != "-" { Exit::Usage } else { Exit::Data }
        })?;
        (brought, Exit::Fine)
    } else {
        match bundles::cases(args, &answering.manifest(), as_of, output)? {
            Some(Bundles { cases, exit }) => (cases, exit),
            None => return Ok(Exit::Fine),
        }
    };
    let options = Options {
        ignore_unknown: args.ignore_unknown,
        show_values: args.show_values,
        as_of,
        needs_as_of: args.member.is_some(),
    };
    let sink = Sink::new(args.out.as_deref(), output)?;
    let name = if !args.fhir.is_empty() {
        "the case of the bundle".to_owned()
    } else if path == "-" {
        "standard input".to_owned()
    } else {
        path
    };
    let cases = Cases { args, options, answering: &mut answering, sink, output, name };
    let help = mistaken(&brought);
    let answered = match brought {
        Brought::Json(text) => cases.json(&text),
        Brought::Notation(text) => cases.notation(&text),
        Brought::Lines(reader) => cases.lines(reader),
    };
    if let (Ok(Exit::Data), Some(help)) = (&answered, help) {
        output.line(&format!("  help: {help}"));
    }
    answered.map(|answered| worse(answered, read))
}
