//! The examples of a rule as golden cases, which its module carries and tries itself.

use concord_engine::evaluate::evaluate;
use concord_engine::explain::explain;
use concord_engine::plan::Package;
use concord_engine::plan::fingerprint::fingerprint;
use concord_engine::plan::library::Example;
use concord_wasm::abi::{Golden, digest};
use serde_json::Value;

use crate::data::case_json::{Options, read_case};
use crate::data::case_out::case_out;
use crate::data::decision::{module_record, settings_json};

/// Each example with the digest of what the module must make of it, by the command line's reader and the reference interpreter. An example
/// that breaks a claim has no answer, and is left out; so is one that cannot be said in JSON.
#[must_use]
pub fn golden(package: &Package, examples: &[&Example]) -> Vec<Golden> {
    let logic = fingerprint(package);
    examples.iter().filter_map(|example| one(package, &logic, example)).collect()
}

fn one(package: &Package, logic: &str, example: &Example) -> Option<Golden> {
    let plan = &package.plan;
    let settings = example.settings_for(plan.parameters.len());
    let text = case_out(plan, &example.case).to_string();
    let case = read_case(plan, text.as_bytes(), Options::default()).ok()?.case;
    let outcome = evaluate(plan, &case, &settings);
    let answers = outcome.broken.is_none().then(|| explain(plan, &case, &settings, &outcome))?;
    let record = module_record(package, logic, &case, (&settings, &answers), true);
    Some(Golden {
        name: example.name.clone(),
        settings: Value::Object(settings_json(plan, &case, &settings)).to_string(),
        case: text,
        digest: digest(Value::Object(record).to_string().as_bytes()),
    })
}
