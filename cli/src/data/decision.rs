//! Answers as JSON: each says of which kind it is, and what a program needs of it is data; the words stand beside it.

use concord_engine::evaluate::Value as Possible;
use concord_engine::explain::{Answered, Explained, Judged, Lateness, Need};
use concord_engine::plan::case::{Case, Settings};
use concord_engine::plan::{Package, Plan, Unknown};
use concord_engine::values::calendar::{show_date, show_utc};
use concord_engine::values::types::Type;
use serde_json::{Map, Value, json};

use super::answer_json::{iso_duration, json_shown, json_value};

/// The record that a module of this fingerprint makes of a case itself, with the reasons of the answers unless `bare`.
#[must_use]
pub fn module_record(
    package: &Package,
    fingerprint: &str,
    case: &Case,
    (settings, answers): (&Settings, &[Explained]),
    bare: bool,
) -> Map<String, Value> {
    let Package { credentials, plan, .. } = package;
    let given = answers.iter().map(|answer| (answer.name.clone(), answer_json(plan, answer, bare)));
    let mut record = Map::new();
    let mut put = |name: &str, value: Value| record.insert(name.to_owned(), value);
    put("package", credentials.path.as_str().into());
    put("version", credentials.version.as_str().into());
    put("status", if credentials.approval.is_some() { "approved" } else { "draft" }.into());
    put("unverified", credentials.unverified.into());
    put("fingerprint", fingerprint.into());
    put("as_of", plan.subject.uses_as_of.then(|| show_utc(case.as_of)).into());
    put("settings", settings_json(plan, case, settings).into());
    put("answers", given.collect::<Map<_, _>>().into());
    record
}

/// What is set of the parameters, by name.
#[must_use]
pub fn settings_json(plan: &Plan, case: &Case, settings: &Settings) -> Map<String, Value> {
    let set = plan.parameters.iter().zip(settings);
    let set = set.filter_map(|(of, value)| Some((of.name.clone(), json_shown(plan.legend(case), &of.ty, (*value)?))));
    set.collect()
}

/// One answer, with its reasons unless `bare`.
#[must_use]
pub fn answer_json(plan: &Plan, answer: &Explained, bare: bool) -> Value {
    let mut object = Map::new();
    let mut put = |name: &str, value: Value| object.insert(name.to_owned(), value);
    match &answer.result {
        Answered::Known { value, ty, text } => {
            put("kind", "value".into());
            put("value", if *ty == Type::Code { text.as_str().into() } else { json_value(ty, *value) });
        }
        Answered::None => {
            put("kind", "none".into());
            put("value", Value::Null);
        }
        Answered::Unknown { value, ty, needs, .. } => {
            put("kind", "unknown".into());
            put("possible", possible(value, ty));
            put("needs", needs_json(plan, needs));
        }
        Answered::Verdict(judged) => {
            put("kind", "verdict".into());
            object.extend(verdict_json(plan, judged));
        }
    }
    object.insert("text".into(), answer.result.text().into());
    if !bare {
        object.extend(reasons_json(answer));
    }
    Value::Object(object)
}

/// Why an answer is as it is, as it comes last of it.
pub fn reasons_json(answer: &Explained) -> impl Iterator<Item = (String, Value)> {
    let source = answer.source.as_ref().map(|source| ("source".to_owned(), source.as_str().into()));
    [("because".to_owned(), answer.because.clone().into())].into_iter().chain(source)
}

/// What is possible: the ends of a range, or the choices; and whether none is.
fn possible(value: &Possible, ty: &Type) -> Value {
    let mut object = Map::new();
    match ty {
        _ if !value.may_be_some => {
            object.insert("values".into(), json!([]));
        }
        Type::Enum { .. } => {
            let choices = (0..63).filter(|place| value.low >> place & 1 == 1);
            object.insert("values".into(), choices.map(|place| json_value(ty, place)).collect());
        }
        // Codes and NHS numbers have no order: whatever is not one of them may be any.
        ty if ty.is_name() => {}
        Type::YesNo => {
            let ends = value.low..=value.high;
            object.insert("values".into(), ends.map(|end| json_value(ty, end)).collect());
        }
        _ => {
            object.insert("from".into(), json_value(ty, value.low));
            object.insert("to".into(), json_value(ty, value.high));
        }
    }
    object.insert("or_none".into(), value.may_be_none.into());
    Value::Object(object)
}

fn verdict_json(plan: &Plan, judged: &Judged) -> Map<String, Value> {
    let mut object = Map::new();
    object.insert("verdict".into(), judged.verdict.map_or("unknown", |v| v.name()).into());
    if judged.verdict.is_none() {
        let possible: Vec<&str> = judged.possible.iter().map(|v| v.name()).collect();
        object.insert("possible".into(), possible.into());
        object.insert("needs".into(), needs_json(plan, &judged.needs));
    }
    let utc = |instant: Option<i64>| instant.map(show_utc);
    let (due, due_on) = (utc(judged.due), judged.due_on().map(show_date));
    let times = [("from", utc(judged.trigger)), ("due", due), ("due_on", due_on), ("done", utc(judged.done))];
    object.extend(times.into_iter().filter_map(|(name, time)| Some((name.to_owned(), time?.into()))));
    if let Some(Lateness { elapsed, days }) = judged.late_by {
        object.extend(elapsed.map(|elapsed| ("late_by".to_owned(), iso_duration(elapsed).into())));
        object.extend(days.map(|days| ("late_by_days".to_owned(), days.calendar.into())));
        let working = days.and_then(|days| days.working);
        object.extend(working.map(|days| ("late_by_working_days".to_owned(), days.into())));
    }
    object.extend(judged.excuse.as_ref().map(|e| ("excuse".to_owned(), e.as_str().into())));
    object
}

fn needs_json(plan: &Plan, needs: &[Need]) -> Value {
    let one = |need: &Need| {
        let mut object = need_json(plan, &need.what);
        object.extend(need.until.map(|until| ("until".to_owned(), show_utc(until).into())));
        object.insert("text".into(), need.text.as_str().into());
        Value::Object(object)
    };
    needs.iter().map(one).collect()
}

/// Something that can be missing, as data: its kind, and what it is of.
#[must_use]
pub fn need_json(plan: &Plan, what: &Unknown) -> Map<String, Value> {
    let event = |kind| plan.subject.events.get(kind);
    let (kind, parts) = match what {
        Unknown::Fact(fact) => ("fact", vec![("fact", plan.subject.inputs.get(*fact).map(|of| &of.name))]),
        Unknown::Field { kind, field } => {
            let of = event(*kind).and_then(|of| of.fields.get(*field));
            ("field", vec![("event", event(*kind).map(|of| &of.name)), ("field", of.map(|of| &of.name))])
        }
        Unknown::Time(kind) => ("time", vec![("event", event(*kind).map(|of| &of.name))]),
        Unknown::Events(kind) => ("events", vec![("event", event(*kind).map(|of| &of.name))]),
        Unknown::Parameter(index) => ("parameter", vec![("parameter", plan.parameters.get(*index).map(|of| &of.name))]),
        Unknown::Decision(index) => ("decision", vec![("answer", plan.answers.get(*index).map(|of| &of.name))]),
    };
    let parts = parts.into_iter().map(|(key, name)| (key.to_owned(), json!(name)));
    Map::from_iter([("kind".to_owned(), kind.into())].into_iter().chain(parts))
}
