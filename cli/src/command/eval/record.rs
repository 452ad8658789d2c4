//! The decision record: enough to replay an answer, and nothing that identifies a patient unless the case does.

use concord_engine::explain::Explained;
use concord_engine::plan::Package;
use concord_engine::plan::case::{Case, Settings};
use concord_engine::plan::fingerprint::fingerprint;
use serde_json::{Map, Value, json};

use crate::data::decision::module_record;
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
        let mut record = module_record(self.package, &self.fingerprint, case, (settings, answers), self.bare);
        let after = |record: &Map<String, Value>, name: &str| record.keys().take_while(|key| *key != name).count();
        record.shift_insert(after(&record, "as_of"), "module".to_owned(), self.module.as_str().into());
        let notes = self.notes(case);
        if !notes.is_empty() {
            record.shift_insert(after(&record, "answers"), "notes".to_owned(), notes.into());
        }
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
