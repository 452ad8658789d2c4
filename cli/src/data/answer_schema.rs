//! The JSON Schema (2020-12) of a decision record: the answers of a package as [`super::decision`] writes them, for generators of
//! types and for whoever checks what arrives.

use concord_engine::plan::{Answer, AnswerKind, Obligation, Package, Plan, Shape, Verdict};
use concord_engine::values::patterns::{CLOCK, DATE, INSTANT};
use concord_engine::values::types::{Type, decimal};
use serde_json::{Map, Value, json};

/// What is printed of a duration.
const DURATION: &str = r"^-?P(\d+D)?(T(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?$";

/// The schema of one decision record of a package.
#[must_use]
pub fn record_schema(package: &Package) -> Value {
    let Package { credentials, plan, .. } = package;
    let text = || json!({ "type": "string" });
    let answers = plan.answers.iter().map(|answer| (answer.name.clone(), answer_schema(plan, answer)));
    let answers: Map<String, Value> = answers.collect();
    let names: Vec<&str> = plan.answers.iter().map(|answer| answer.name.as_str()).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": format!("{} decision record", credentials.path),
        "type": "object",
        "properties": {
            "line": { "type": "integer", "minimum": 1 },
            "case": text(),
            "package": { "const": credentials.path },
            "version": text(),
            "status": { "enum": ["draft", "approved"] },
            "unverified": { "type": "boolean" },
            "fingerprint": { "type": "string", "pattern": "^[0-9a-f]{64}$" },
            "module": { "type": "string", "pattern": "^sha256:[0-9a-f]{64}$" },
            "as_of": { "anyOf": [instant(), { "type": "null" }] },
            "settings": { "type": "object" },
            "notes": { "type": "array", "items": text() },
            "answers": {
                "type": "object", "properties": answers, "required": names, "additionalProperties": false,
            },
        },
        // A module writes its own record, and no module knows its own hash.
        "required": [
            "package", "version", "status", "unverified", "fingerprint", "as_of", "settings", "answers",
        ],
        "additionalProperties": false,
        "$defs": { "need": need(), "needs": { "type": "array", "items": { "$ref": "#/$defs/need" } } },
    })
}

/// An answer: one of a few kinds, told apart by `kind`.
fn answer_schema(plan: &Plan, answer: &Answer) -> Value {
    let (cell, ty) = match &answer.kind {
        AnswerKind::Value { cell, ty } | AnswerKind::Output { cell, ty, .. } => (*cell, ty),
        AnswerKind::Obligation(obligation) => return verdict(obligation),
    };
    let shape = plan.cells.get(cell).copied();
    let value = value(ty, shape);
    let possible = match ty {
        Type::Enum { .. } | Type::YesNo => json!({ "values": { "type": "array", "items": value } }),
        _ => json!({ "from": value, "to": value, "values": { "const": [] } }),
    };
    let mut possible = closed(&possible, &[]);
    if let Some(properties) = possible.get_mut("properties").and_then(Value::as_object_mut) {
        properties.insert("or_none".to_owned(), json!({ "type": "boolean" }));
    }
    let needs = json!({ "$ref": "#/$defs/needs" });
    json!({ "oneOf": [
        kind("value", &json!({ "value": value })),
        kind("none", &json!({ "value": { "type": "null" } })),
        kind("unknown", &json!({ "possible": possible, "needs": needs })),
    ] })
}

/// One kind of answer, with its parts, its words and its reasons.
fn kind(kind: &str, parts: &Value) -> Value {
    let mut properties = json!({
        "kind": { "const": kind },
        "text": { "type": "string" },
        "because": { "type": "array", "items": { "type": "string" } },
        "source": { "type": "string" },
    });
    let mut required = vec!["kind", "text"];
    if let (Some(properties), Some(parts)) = (properties.as_object_mut(), parts.as_object()) {
        required.extend(parts.keys().map(String::as_str));
        properties.extend(parts.clone());
    }
    closed(&properties, &required)
}

fn closed(properties: &Value, required: &[&str]) -> Value {
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

fn verdict(obligation: &Obligation) -> Value {
    let names: Vec<&str> = Verdict::ALL.into_iter().map(Verdict::name).collect();
    let with_unknown: Vec<&str> = names.iter().copied().chain(["unknown"]).collect();
    let mut schema = kind("verdict", &json!({ "verdict": { "enum": with_unknown } }));
    let more = json!({
        "possible": { "type": "array", "items": { "enum": names } },
        "needs": { "$ref": "#/$defs/needs" },
        "from": instant(),
        "due": instant(),
        "due_on": { "type": "string", "pattern": DATE },
        "done": instant(),
        "late_by": { "type": "string", "pattern": DURATION },
        "late_by_days": { "type": "integer", "minimum": 0 },
        "late_by_working_days": { "type": "integer", "minimum": 0 },
        "excuse": { "enum": obligation.excuses },
    });
    let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
    if let (Some(properties), Some(more)) = (properties, more.as_object()) {
        properties.extend(more.clone());
    }
    schema
}

/// Something that is missing: its kind, what it is of, and its words.
fn need() -> Value {
    let text = || json!({ "type": "string" });
    let of = |kind: &str, parts: &[&str]| {
        let mut properties =
            Map::from_iter([("kind".to_owned(), json!({ "const": kind })), ("text".to_owned(), text())]);
        properties.extend(parts.iter().map(|part| ((*part).to_owned(), text())));
        if kind == "decision" {
            properties.insert("until".to_owned(), instant());
        }
        let required: Vec<&str> = ["kind", "text"].into_iter().chain(parts.iter().copied()).collect();
        closed(&Value::Object(properties), &required)
    };
    json!({ "oneOf": [
        of("fact", &["fact"]),
        of("field", &["event", "field"]),
        of("time", &["event"]),
        of("events", &["event"]),
        of("parameter", &["parameter"]),
        of("decision", &["answer"]),
    ] })
}

fn instant() -> Value {
    json!({ "type": "string", "pattern": INSTANT })
}

/// A value on its way out.
fn value(ty: &Type, shape: Option<Shape>) -> Value {
    match ty {
        Type::YesNo => json!({ "type": "boolean" }),
        Type::Number { places, .. } => number(*places, shape),
        Type::Enum { variants, .. } => json!({ "enum": variants }),
        Type::Duration => json!({ "type": "string", "pattern": DURATION }),
        Type::Instant => instant(),
        Type::Date => json!({ "type": "string", "pattern": DATE }),
        Type::TimeOfDay => json!({ "type": "string", "pattern": CLOCK }),
        Type::Code | Type::NhsNumber | Type::Organisation | Type::Text => json!({ "type": "string" }),
    }
}

fn number(places: u8, shape: Option<Shape>) -> Value {
    let bound = |value: i64| -> Value { serde_json::from_str(&decimal(value, places)).unwrap_or(Value::Null) };
    let ty = if places == 0 { "integer" } else { "number" };
    match shape {
        Some(shape) => json!({ "type": ty, "minimum": bound(shape.low), "maximum": bound(shape.high) }),
        None => json!({ "type": ty }),
    }
}
