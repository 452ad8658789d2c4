//! The examples of a rule as vectors for hosts: what goes in and what must come out, as JSON and as bytes. Whoever embeds the module
//! runs them before trusting it.

use std::fmt::Write as _;

use concord_engine::explain::explain;
use concord_engine::plan::fingerprint::hex;
use concord_engine::plan::library::Example;
use concord_engine::plan::{Package, Plan};
use serde_json::{Map, Value, json};

use crate::data::case_out::case_out;
use crate::data::decision::{answer_json, settings_json};
use crate::exit::Exit;
use crate::module::{Bytes, Module};
use crate::output::Output;

/// The version of this format.
const FORMAT: u32 = 2;

/// The vectors of a module's examples, as text: a line each, so that a difference between two versions can be read.
///
/// # Errors
/// Where the module stops: said on standard error.
pub fn vectors(package: &Package, module: &mut Module, examples: &[&Example], output: &Output) -> Result<String, Exit> {
    let head = json!({ "vectors": FORMAT, "package": package.credentials.path, "module": module.sha256() });
    let head = head.to_string();
    let mut text = format!("{},\n\"cases\": [", head.trim_end_matches('}'));
    for (number, example) in examples.iter().enumerate() {
        let vector = vector(&package.plan, module, example, output)?;
        let comma = if number == 0 { "" } else { "," };
        write!(text, "{comma}\n{vector}").map_err(|_| Exit::Internal)?;
    }
    text.push_str("\n]}\n");
    Ok(text)
}

fn vector(plan: &Plan, module: &mut Module, example: &Example, output: &Output) -> Result<Value, Exit> {
    let settings = example.settings_for(plan.parameters.len());
    let Bytes { placed, given: memory, out, outcome } = module.evaluate_with_bytes(&example.case, &settings, output)?;
    let answers = explain(plan, &example.case, &settings, &outcome);
    let answers = answers.iter().map(|answer| (answer.name.clone(), answer_json(plan, answer, false)));
    Ok(json!({
        "name": example.name,
        "case": case_out(plan, &example.case),
        "settings": settings_json(plan, &example.case, &settings),
        "answers": answers.collect::<Map<_, _>>(),
        "memory": { "at": placed.record, "bytes": hex(&memory), "record_out": placed.out },
        "record_out": hex(&out),
    }))
}
