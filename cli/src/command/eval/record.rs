//! The decision record: enough to replay an answer, and nothing that identifies a patient unless the case does.

use concord_engine::explain::Explained;
use concord_engine::plan::Package;
use concord_engine::plan::case::{Case, Settings};
use concord_engine::plan::fingerprint::fingerprint;
use concord_engine::values::calendar::show_utc;
use serde_json::{Map, Value, json};

use crate::data::answer_json::json_shown;
use crate::data::decision::answer_json;
use crate::data::input_error::InputError;
use crate::data::plausible::Plausible;

/// What every record of a run has in common.
pub struct Records<'a> {
    package: &'a Package,
    fingerprint: String,
    module: String,
    plausible: Plausible<'a>,
    bare: bool,
}

impl<'a> Records<'a> {
    /// For a package and the SHA-256 of its module; `bare` leaves the reasons out.
    pub fn new(package: &'a Package, module: &str, bare: bool) -> Records<'a> {
        let plausible = Plausible::of(&package.plan);
        Records { package, fingerprint: fingerprint(package), module: format!("sha256:{module}"), plausible, bare }
    }

    /// A sentence for each thing that cannot be as the case records it.
    pub fn notes(&self, case: &Case) -> Vec<String> {
        self.plausible.notes(case)
    }

    /// The record of one case.
    pub fn of(&self, case: &Case, settings: &Settings, answers: &[Explained]) -> Map<String, Value> {
        let Package { credentials, plan, .. } = self.package;
        let mut given = Map::new();
        for answer in answers {
            given.insert(answer.name.clone(), answer_json(plan, answer, self.bare));
        }
        let mut local = Map::new();
        for (parameter, value) in plan.parameters.iter().zip(settings) {
            if let Some(value) = value {
                let shown = json_shown(plan.legend(case), &parameter.ty, *value);
                local.insert(parameter.name.clone(), shown);
            }
        }
        let mut record = Map::new();
        let mut put = |name: &str, value: Value| record.insert(name.to_owned(), value);
        put("package", credentials.path.as_str().into());
        put("version", credentials.version.as_str().into());
        put("status", if credentials.approval.is_some() { "approved" } else { "draft" }.into());
        put("unverified", credentials.unverified.into());
        put("fingerprint", self.fingerprint.as_str().into());
        put("module", self.module.as_str().into());
        put("as_of", plan.subject.uses_as_of.then(|| show_utc(case.as_of)).into());
        put("settings", local.into());
        let notes = self.notes(case);
        if !notes.is_empty() {
            put("notes", notes.into());
        }
        put("answers", given.into());
        record
    }
}

/// Which of several cases a record is about: its line, where it has one of its own, and its name, where it has one.
pub fn headed(line: Option<u64>, case: Option<&str>, record: Map<String, Value>) -> Value {
    let mut headed = Map::new();
    headed.extend(line.map(|line| ("line".to_owned(), line.into())));
    headed.extend(case.map(|case| ("case".to_owned(), case.into())));
    headed.extend(record);
    Value::Object(headed)
}

/// Why a case was refused.
pub fn refused(errors: &[InputError]) -> Map<String, Value> {
    let errors: Vec<Value> = errors.iter().map(InputError::json).collect();
    Map::from_iter([("refused".to_owned(), json!(errors))])
}

/// A case that no answer is given to, because it reached a row that claims to be impossible.
pub fn broken(why: &str) -> Map<String, Value> {
    Map::from_iter([("broken".to_owned(), why.into())])
}
