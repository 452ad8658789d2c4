//! `concord eval`: one case in, answers with reasons out.

use std::fs;
use std::io::Read as _;

use concord_engine::explain::{Answered, Explained, Judged, explain};
use concord_engine::plan::case::{Case, Settings};
use concord_engine::plan::fingerprint::fingerprint;
use concord_engine::plan::library::Credentials;
use concord_engine::plan::{Package, Plan};
use concord_engine::values::calendar::{DAY, local_from_instant, read_instant, show_utc};
use serde_json::{Map, Value, json};

use crate::args::Eval;
use crate::data::answer_json::{iso_duration, json_value};
use crate::data::case_json::{CaseInput, MAX_BYTES, Options, read_case};
use crate::exit::Exit;
use crate::module::Module;
use crate::output::Output;
use crate::project;
use crate::settings::Asked;

/// Evaluates one case in the module and explains the answers.
pub fn run(args: &Eval, output: &Output) -> Exit {
    eval(args, output).unwrap_or_else(|exit| exit)
}

fn eval(args: &Eval, output: &Output) -> Result<Exit, Exit> {
    let (_, package) = project::one(&args.rule, output)?;
    let plan = &package.plan;
    let asked = Asked::read(&package, args.member.as_deref(), &args.settings, output)?;
    let input = read_input(args, plan, output)?;
    let settings = asked.on(local_from_instant(input.case.as_of).div_euclid(DAY), output);
    for path in &input.ignored {
        output.note(&format!("ignored: `{path}` is not part of the subject"));
    }
    let mut module = Module::build(&package, output)?;
    let outcome = module.evaluate(&input.case, &settings, output)?;
    if let Some((step, row)) = outcome.broken {
        output.error(&module.broken(plan, step, row), Some("no answer is given; please tell the owner of the package"));
        return Ok(Exit::Rule);
    }
    let answers = explain(plan, &input.case, &settings, &outcome);
    let text = if args.json {
        let record = record(args, &package, &input.case, &answers, module.sha256(), &settings);
        serde_json::to_string_pretty(&record).map_err(|_| Exit::Internal)?
    } else {
        in_words(args, &package.credentials, &answers)
    };
    output.data(&format!("{text}\n"))?;
    Ok(Exit::Fine)
}

fn read_input(args: &Eval, plan: &Plan, output: &Output) -> Result<CaseInput, Exit> {
    let name = args.input.display().to_string();
    let fail = |why: String, exit: Exit| {
        output.error(&format!("{name}: {why}"), None);
        exit
    };
    let as_of = match args.as_of.as_deref().map(read_instant) {
        None => None,
        Some(Ok(instant)) => Some(instant),
        Some(Err(why)) => return Err(fail(format!("--as-of: {why}"), Exit::Usage)),
    };
    let mut bytes = Vec::new();
    let limit = MAX_BYTES as u64 + 1;
    if name == "-" {
        std::io::stdin().lock().take(limit).read_to_end(&mut bytes).map_err(|e| fail(e.to_string(), Exit::Data))?;
    } else {
        let file = fs::File::open(&args.input).map_err(|e| fail(e.to_string(), Exit::Usage))?;
        file.take(limit).read_to_end(&mut bytes).map_err(|e| fail(e.to_string(), Exit::Data))?;
    }
    let options = Options {
        ignore_unknown: args.ignore_unknown,
        show_values: args.show_values,
        as_of,
        needs_as_of: args.member.is_some(),
    };
    read_case(plan, &bytes, options).map_err(|errors| {
        let shown = if name == "-" { "standard input" } else { &name };
        errors.iter().for_each(|e| output.line(&format!("{shown}: {e}")));
        let count = if errors.len() == 1 { "1 error".to_owned() } else { format!("{} errors", errors.len()) };
        output.line(&format!("{count} in the case, so nothing was answered; `concord explain CODE` says more"));
        Exit::Data
    })
}

/// The decision record: enough to replay it, and nothing that identifies a patient unless the case does.
fn record(
    args: &Eval,
    package: &Package,
    case: &Case,
    answers: &[Explained],
    module: &str,
    settings: &Settings,
) -> Value {
    let Package { credentials, plan, .. } = package;
    let mut given = Map::new();
    for answer in answers {
        given.insert(answer.name.clone(), answer_json(answer, args.bare));
    }
    let mut local = Map::new();
    for (parameter, value) in plan.parameters.iter().zip(settings) {
        if let Some(value) = value {
            local.insert(parameter.name.clone(), json_value(&parameter.ty, *value));
        }
    }
    json!({
        "package": credentials.path,
        "version": credentials.version,
        "status": if credentials.approval.is_some() { "approved" } else { "draft" },
        "unverified": credentials.unverified,
        "fingerprint": fingerprint(package),
        "module": format!("sha256:{module}"),
        "as_of": plan.subject.uses_as_of.then(|| show_utc(case.as_of)),
        "settings": local,
        "answers": given,
    })
}

fn answer_json(answer: &Explained, bare: bool) -> Value {
    let mut object = Map::new();
    match &answer.result {
        Answered::Known { value, ty } => {
            object.insert("value".into(), json_value(ty, *value));
            object.insert("text".into(), ty.show(*value).into());
        }
        Answered::None => {
            object.insert("value".into(), Value::Null);
            object.insert("text".into(), "none".into());
        }
        Answered::Unknown { possible, needs } => {
            object.insert("unknown".into(), possible.as_str().into());
            object.insert("needs".into(), needs.clone().into());
        }
        Answered::Verdict(judged) => verdict_json(judged, &mut object),
    }
    if !bare {
        object.insert("because".into(), answer.because.clone().into());
        if let Some(source) = &answer.source {
            object.insert("source".into(), source.as_str().into());
        }
    }
    Value::Object(object)
}

fn verdict_json(judged: &Judged, object: &mut Map<String, Value>) {
    object.insert("verdict".into(), judged.verdict.map_or("unknown", |v| v.name()).into());
    object.insert("text".into(), judged.text().into());
    if judged.verdict.is_none() {
        let possible: Vec<&str> = judged.possible.iter().map(|v| v.name()).collect();
        object.insert("possible".into(), possible.into());
        object.insert("needs".into(), judged.needs.clone().into());
    }
    let times = [("from", judged.trigger), ("due", judged.due), ("done", judged.done)];
    for (name, instant) in times {
        object.extend(instant.map(|at| (name.to_owned(), show_utc(at).into())));
    }
    object.extend(judged.late_by.map(|by| ("late_by".to_owned(), iso_duration(by).into())));
    object.extend(judged.excuse.as_ref().map(|e| ("excuse".to_owned(), e.as_str().into())));
}

fn in_words(args: &Eval, package: &Credentials, answers: &[Explained]) -> String {
    let mut lines = Vec::new();
    let status = if package.approval.is_none() { ", draft: not approved for use" } else { "" };
    lines.push(format!("{} {} ({}{status})", package.title, package.version, package.path));
    if package.unverified {
        lines.push("Some figures have not been checked against their source.".to_owned());
    }
    lines.push(String::new());
    for answer in answers {
        lines.push(format!("{}: {}", answer.name, answer.result.text()));
        if !answer.result.needs().is_empty() {
            lines.push(format!("    would be settled by: {}", answer.result.needs().join(", ")));
        }
        if args.bare {
            continue;
        }
        lines.extend(answer.label.iter().map(|label| format!("    {label}")));
        lines.extend(answer.because.iter().map(|line| format!("    {line}")));
        lines.extend(answer.source.iter().map(|source| format!("    source: {source}")));
    }
    lines.join("\n")
}
