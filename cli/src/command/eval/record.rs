//! The decision record: enough to replay an answer, and nothing that identifies a patient unless the case does.

use concord_engine::explain::{Answered, Explained, Judged, Lateness};
use concord_engine::plan::Package;
use concord_engine::plan::case::{Case, Settings};
use concord_engine::plan::fingerprint::fingerprint;
use concord_engine::values::calendar::{show_date, show_utc};
use serde_json::{Map, Value, json};

use crate::data::answer_json::{iso_duration, json_value};
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
            given.insert(answer.name.clone(), answer_json(answer, self.bare));
        }
        let mut local = Map::new();
        for (parameter, value) in plan.parameters.iter().zip(settings) {
            if let Some(value) = value {
                local.insert(parameter.name.clone(), json_value(&parameter.ty, *value));
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
    let utc = |instant: Option<i64>| instant.map(show_utc);
    let (due, due_on) = (utc(judged.due), judged.due_on().map(show_date));
    let times = [("from", utc(judged.trigger)), ("due", due), ("due_on", due_on), ("done", utc(judged.done))];
    object.extend(times.into_iter().filter_map(|(name, time)| Some((name.to_owned(), time?.into()))));
    if let Some(Lateness { elapsed, days }) = judged.late_by {
        object.insert("late_by".into(), iso_duration(elapsed).into());
        object.extend(days.map(|days| ("late_by_days".to_owned(), days.calendar.into())));
        let working = days.and_then(|days| days.working);
        object.extend(working.map(|days| ("late_by_working_days".to_owned(), days.into())));
    }
    object.extend(judged.excuse.as_ref().map(|e| ("excuse".to_owned(), e.as_str().into())));
}
