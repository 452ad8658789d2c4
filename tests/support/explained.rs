//! Reasons by the module itself, held to those of the command line byte for byte.

use concord_cli::data::case_out::case_out;
use concord_cli::data::decision::module_record;
use concord_engine::evaluate::evaluate;
use concord_engine::explain::explain;
use concord_engine::plan::Package;
use concord_engine::plan::library::Example;
use concord_wasm::abi::{Identity, claim_in_words};
use concord_wasm::run::{Calls, Program, Replied};
use serde_json::{Value, json};

/// The examples of which a module that takes JSON says something else than the command line.
///
/// # Errors
/// Where there is no module, or it stops.
pub fn differently<'e>(package: &Package, examples: impl Iterator<Item = &'e Example>) -> Result<Vec<String>, String> {
    let plan = &package.plan;
    let mut examples = examples.peekable();
    if examples.peek().is_none() {
        return Ok(Vec::new());
    }
    let identity = Identity::of(package);
    let program = Program::compile_named(plan, Some(&identity), Calls::Many).map_err(|error| error.to_string())?;
    let mut instance = program.instance().map_err(|error| error.to_string())?;
    let mut wrong = Vec::new();
    for example in examples {
        let settings = example.settings_for(plan.parameters.len());
        let mut case = example.case.clone();
        case.sort_events(&plan.subject);
        let outcome = evaluate(plan, &case, &settings);
        let wanted = match outcome.broken {
            Some(claim) => json!({ "broken": claim_in_words(plan, claim) }).to_string(),
            None => {
                let answers = explain(plan, &case, &settings, &outcome);
                let given = (&settings, answers.as_slice());
                Value::Object(module_record(package, &identity.fingerprint, &case, given, false)).to_string()
            }
        };
        instance.configure(&settings).map_err(|error| error.to_string())?;
        let replied = instance.explain_json(case_out(plan, &example.case).to_string().as_bytes());
        let (Replied::Answered(found) | Replied::Refused(found) | Replied::Broken(found)) =
            replied.map_err(|error| error.to_string())?;
        let found = String::from_utf8_lossy(&found);
        if found != wanted {
            wrong.push(format!("`{}`: the module says {found}\nand the command line {wanted}", example.name));
        }
    }
    Ok(wrong)
}
