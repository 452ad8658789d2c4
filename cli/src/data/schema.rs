//! The JSON Schema (2020-12) of a subject: what [`super::case_json`] reads, for other people's tools.
//!
//! The schema says what a schema can: kinds, ranges, variants, names. It refuses nothing that the reader takes. What it lets through,
//! only the reader finds: more digits after the point than declared, and days that are not in the calendar (30 February).

use super::interval::is_ordered;
use super::other_unit::spelt;
use super::schema_codes::annotate;
use concord_engine::plan::{Input, Package, Plan};
use concord_engine::values::codes::MOST_CHARACTERS;
use concord_engine::values::patterns::{CLOCK, DATE, DURATION, EDGE, INSTANT, LABEL, MAX_LABEL, NHS_NUMBER, NUMERAL};
use concord_engine::values::types::{Type, decimal};
use serde_json::{Map, Value, json};

const CHECKED: &str = "An NHS number, whose last digit checks the others.";
/// A code: what a label may have, but no blank at its ends.
const CODE: &str = r"^[^ \u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]([^\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]*[^ \u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069])?$";

/// The schema of one case of the package's subject.
#[must_use]
pub fn input_schema(package: &Package) -> Value {
    let Package { credentials, plan, .. } = package;
    let mut schema = case_schema(plan, &format!("{} {}", credentials.path, plan.subject.name));
    annotate(package, &mut schema);
    schema
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
    json!({ "type": ["string", "null"], "minLength": 1, "maxLength": MAX_LABEL, "pattern": LABEL })
}

fn events(plan: &Plan) -> Value {
    let kinds = plan.subject.events.iter().map(|kind| {
        let mut properties = Map::new();
        for field in &kind.fields {
            properties.insert(field.name.clone(), property(field));
        }
        properties.insert("event".to_owned(), json!({ "const": kind.name }));
        properties.insert("at".to_owned(), json!({ "anyOf": [moment(), from_and_to(&moment()), { "type": "null" }] }));
        json!({
            "type": "object",
            "properties": properties,
            "required": ["event", "at"],
            "additionalProperties": false,
        })
    });
    let kinds: Vec<Value> = kinds.collect();
    let items = if kinds.is_empty() { json!(false) } else { json!({ "oneOf": kinds }) };
    json!({ "type": ["array", "null"], "maxItems": plan.most_events(), "items": items })
}

/// An instant, or a day.
fn moment() -> Value {
    json!({ "anyOf": [{ "type": "string", "pattern": INSTANT }, { "type": "string", "pattern": DATE }] })
}

/// From one value to another.
fn from_and_to(value: &Value) -> Value {
    json!({
        "type": "object",
        "properties": { "from": value, "to": value },
        "required": ["from", "to"],
        "additionalProperties": false,
    })
}

/// A value beyond another, and one between two, where the values of a type have an order.
fn ranges(input: &Input, value: &Value) -> Vec<Value> {
    if !is_ordered(&input.ty, input.shape) {
        return Vec::new();
    }
    let number = matches!(input.ty, Type::Number { .. });
    let beyond = format!("{EDGE}{}", if number { NUMERAL } else { r"\S" });
    vec![json!({ "type": "string", "pattern": beyond }), from_and_to(value)]
}

/// A number in one of its units, where there are several; only the reader holds the ranges of the others.
fn in_units(input: &Input) -> Option<Value> {
    let units: Vec<&str> = spelt(input).collect();
    let number = json!({ "type": "number" });
    let beyond = json!({ "type": "string", "pattern": format!("{EDGE}{NUMERAL}") });
    let value = json!({ "anyOf": [number, beyond, from_and_to(&number)] });
    (units.len() > 1).then(|| {
        json!({
            "type": "object",
            "properties": { "value": value, "unit": { "enum": units } },
            "required": ["value", "unit"],
            "additionalProperties": false,
        })
    })
}

/// What one fact or field may be; null is missing.
fn property(input: &Input) -> Value {
    let value = match &input.ty {
        Type::YesNo => json!({ "type": "boolean" }),
        Type::Number { places, .. } => number(input, *places),
        Type::Enum { variants, .. } => json!({ "enum": variants }),
        Type::Duration => json!({ "type": "string", "pattern": DURATION }),
        Type::Instant => moment(),
        Type::Date => json!({ "type": "string", "pattern": DATE }),
        Type::TimeOfDay => json!({ "type": "string", "pattern": CLOCK }),
        Type::Code => json!({ "type": "string", "pattern": CODE, "maxLength": MOST_CHARACTERS }),
        Type::NhsNumber => json!({ "type": "string", "pattern": NHS_NUMBER, "description": CHECKED }),
        Type::Organisation | Type::Text => label(),
    };
    let none = input.shape.optional.then(|| json!({ "const": "none" }));
    let ranges: Vec<Value> = ranges(input, &value).into_iter().chain(in_units(input)).collect();
    let others = [none, Some(json!({ "type": "null" }))].into_iter().flatten();
    let choices: Vec<Value> = std::iter::once(value).chain(ranges).chain(others).collect();
    json!({ "anyOf": choices })
}

/// A number in its range. Steps below 1 are said in words: common validators work in binary fractions, where 38.4 is no multiple
/// of 0.1.
fn number(input: &Input, places: u8) -> Value {
    let bound = |value: i64| -> Value { serde_json::from_str(&decimal(value, places)).unwrap_or(Value::Null) };
    let (low, high) = (bound(input.shape.low), bound(input.shape.high));
    if places == 0 {
        return json!({ "type": "number", "minimum": low, "maximum": high, "multipleOf": 1 });
    }
    let digits = if places == 1 { "digit" } else { "digits" };
    let words = format!("At most {places} {digits} after the point.");
    json!({ "type": "number", "minimum": low, "maximum": high, "description": words })
}
