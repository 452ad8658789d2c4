//! The JSON Schema (2020-12) of a subject: what [`super::case_json`] reads, for other people's tools.
//!
//! The schema says what a schema can: kinds, ranges, steps, variants, names. Numbers are compared as the schema tool reads them,
//! usually as doubles; the reader compares them exactly. Calendar faults (30 February) only the reader finds.

use super::case_json::MAX_LABEL;
use concord_engine::plan::{Input, MAX_EVENTS, Package, Plan};
use concord_engine::values::types::{Type, decimal};
use serde_json::{Map, Value, json};

const INSTANT: &str = r"^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?([Zz]|[+-]\d{2}(:?\d{2})?)$";
const DATE: &str = r"^\d{4}-\d{2}-\d{2}$";
/// A code: digits, or up to 11 letters, digits and signs.
const CODE: &str = r"^([1-9][0-9]{0,17}|[0-9A-Za-z._-]{1,11})$";
const CLOCK: &str = r"^\d{2}:\d{2}(:\d{2}(\.\d+)?)?$";
/// In words, or ISO 8601.
const DURATION: &str = r"^\s*-?\s*(\d+\s+(weeks?|days?|h|min|s|ms)(\s+\d+\s+(weeks?|days?|h|min|s|ms))*|P(\d+W)?(\d+D)?(T(\d+H)?(\d+M)?(\d+([.,]\d+)?S)?)?)\s*$";

/// The schema of one case of the package's subject.
#[must_use]
pub fn input_schema(package: &Package) -> Value {
    let Package { credentials, plan, .. } = package;
    case_schema(plan, &format!("{} {}", credentials.path, plan.subject.name))
}

/// The schema of one case, under a title.
pub(super) fn case_schema(plan: &Plan, title: &str) -> Value {
    let subject = &plan.subject;
    let mut properties = Map::new();
    properties.insert("case".to_owned(), label());
    for input in &subject.inputs {
        properties.insert(input.name.clone(), property(input));
    }
    for of in &subject.labels {
        properties.insert(of.name.clone(), label());
    }
    properties.insert("as_of".to_owned(), json!({ "type": "string", "pattern": INSTANT }));
    let names: Vec<&str> = subject.events.iter().map(|kind| kind.name.as_str()).collect();
    let name = if names.is_empty() { json!(false) } else { json!({ "enum": names }) };
    properties.insert("not_supplied".to_owned(), json!({ "type": ["array", "null"], "items": name }));
    properties.insert("events".to_owned(), events(plan));
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    })
}

fn label() -> Value {
    json!({ "type": ["string", "null"], "minLength": 1, "maxLength": MAX_LABEL })
}

fn events(plan: &Plan) -> Value {
    let kinds = plan.subject.events.iter().map(|kind| {
        let mut properties = Map::new();
        for field in &kind.fields {
            properties.insert(field.name.clone(), property(field));
        }
        properties.insert("event".to_owned(), json!({ "const": kind.name }));
        properties.insert("at".to_owned(), json!({ "type": ["string", "null"], "pattern": INSTANT }));
        json!({
            "type": "object",
            "properties": properties,
            "required": ["event", "at"],
            "additionalProperties": false,
        })
    });
    let kinds: Vec<Value> = kinds.collect();
    let items = if kinds.is_empty() { json!(false) } else { json!({ "oneOf": kinds }) };
    json!({ "type": ["array", "null"], "maxItems": MAX_EVENTS, "items": items })
}

/// What one fact or field may be; null is missing.
fn property(input: &Input) -> Value {
    let value = match &input.ty {
        Type::YesNo => json!({ "type": "boolean" }),
        Type::Number { places, .. } => number(input, *places),
        Type::Enum { variants, .. } => json!({ "enum": variants }),
        Type::Duration => json!({ "type": "string", "pattern": DURATION }),
        Type::Instant => json!({ "type": "string", "pattern": INSTANT }),
        Type::Date => json!({ "type": "string", "pattern": DATE }),
        Type::TimeOfDay => json!({ "type": "string", "pattern": CLOCK }),
        Type::Code => json!({ "type": "string", "pattern": CODE }),
        Type::Organisation | Type::Text => label(),
    };
    let none = input.shape.optional.then(|| json!({ "const": "none" }));
    let choices: Vec<Value> = [Some(value), none, Some(json!({ "type": "null" }))].into_iter().flatten().collect();
    json!({ "anyOf": choices })
}

fn number(input: &Input, places: u8) -> Value {
    let bound = |value: i64| -> Value { serde_json::from_str(&decimal(value, places)).unwrap_or(Value::Null) };
    let step = bound(1);
    json!({
        "type": "number",
        "minimum": bound(input.shape.low),
        "maximum": bound(input.shape.high),
        "multipleOf": step,
    })
}
