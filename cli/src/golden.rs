//! The examples of a rule as golden cases, which its module carries and tries itself.

use concord_engine::evaluate::{Outcome, evaluate};
use concord_engine::explain::explain;
use concord_engine::plan::Package;
use concord_engine::plan::case::Settings;
use concord_engine::plan::fingerprint::fingerprint;
use concord_engine::plan::library::Example;
use concord_wasm::abi::{Golden, digest, short};
use concord_wasm::run::Program;
use serde_json::{Map, Value, to_string, to_vec};

use crate::data::case_json::{Options, read_case};
use crate::data::case_out::case_out;
use crate::data::decision::{answer_json, module_record, reasons_json, settings_json};

/// An example as JSON, and what the reference interpreter makes of it: worked out once for all that is built of it.
pub struct Tried<'e> {
    /// The example.
    pub example: &'e Example,
    /// The settings in force.
    pub settings: Settings,
    /// The same as JSON.
    pub set: Map<String, Value>,
    /// The case.
    pub case: Value,
    /// Nothing where it breaks a claim, so that it has no answer, or cannot be said in JSON.
    answered: Option<Answered>,
}

/// What the reference makes of a case as it is read.
struct Answered {
    /// The digest of what the module must make of it.
    digest: u32,
    /// The outcome and the answers with their reasons, where what is read is the case to the last bit.
    whole: Option<(Outcome, Map<String, Value>)>,
}

/// Tries the examples.
#[must_use]
pub fn tried<'e>(package: &Package, examples: &[&'e Example]) -> Vec<Tried<'e>> {
    let logic = fingerprint(package);
    examples.iter().map(|example| one(package, &logic, example)).collect()
}

/// Each with the digest of what the module must make of it; those without an answer are left out.
#[must_use]
pub fn golden(tried: &[Tried<'_>]) -> Vec<Golden> {
    let one = |tried: &Tried<'_>| {
        let digest = tried.answered.as_ref()?.digest;
        Some(Golden { settings: to_string(&tried.set).ok()?, case: to_string(&tried.case).ok()?, digest })
    };
    tried.iter().filter_map(one).collect()
}

fn one<'e>(package: &Package, logic: &str, example: &'e Example) -> Tried<'e> {
    let plan = &package.plan;
    let settings = example.settings_for(plan.parameters.len());
    let set = settings_json(plan, &example.case, &settings);
    let case = case_out(plan, &example.case);
    let answered = answered(package, logic, example, (&settings, &case));
    Tried { example, settings, set, case, answered }
}

fn answered(
    package: &Package,
    logic: &str,
    example: &Example,
    (settings, case): (&Settings, &Value),
) -> Option<Answered> {
    let plan = &package.plan;
    let read = read_case(plan, &to_vec(case).ok()?, Options::default()).ok()?.case;
    let outcome = evaluate(plan, &read, settings);
    let explained = outcome.broken.is_none().then(|| explain(plan, &read, settings, &outcome))?;
    let mut record = Value::Object(module_record(package, logic, &read, (settings, &explained), true));
    let digest = short(digest(&to_vec(&record).ok()?));
    let answers = record.get_mut("answers").and_then(Value::as_object_mut).map(std::mem::take);
    let with_reasons = |mut answers: Map<String, Value>| {
        for answer in &explained {
            answers.get_mut(&answer.name).and_then(Value::as_object_mut)?.extend(reasons_json(answer));
        }
        Some((outcome, answers))
    };
    let is_same = read == example.case;
    Some(Answered { digest, whole: answers.filter(|_| is_same).and_then(with_reasons) })
}

impl Tried<'_> {
    /// The answers with their reasons, once: those of the reference, where the module came to the same outcome.
    pub fn answers(&mut self, package: &Package, program: &Program, outcome: &Outcome) -> Map<String, Value> {
        let whole = self.answered.as_mut().and_then(|answered| answered.whole.take());
        if let Some((_, answers)) = whole.filter(|(reference, _)| program.visible(reference) == *outcome) {
            return answers;
        }
        let plan = &package.plan;
        let explained = explain(plan, &self.example.case, &self.settings, outcome);
        explained.iter().map(|answer| (answer.name.clone(), answer_json(plan, answer, false))).collect()
    }
}
