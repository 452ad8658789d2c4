//! The manifest of a module as JSON: whose logic it is, what it costs, and where everything lies in its memory, so that a host in any
//! language can call it (`wasm/ABI.md` says how) without reading the rule. What it says is worked out in [`concord_wasm::abi`].

use concord_engine::plan::{DueBy, Package};
use concord_engine::values::types::Type;
use concord_wasm::abi::{AnswerParts, Event, Fact, Field, Form, List, Manifest, ObligationParts, Row};
use serde_json::{Value, json};

use crate::description::describe;
use crate::module::Module;

/// The version of this format.
const FORMAT: u32 = 1;

/// The manifest of a module that was written to a file of this name and tried with so many examples.
#[must_use]
pub fn manifest(package: &Package, module: &Module, file: &str, examples: usize) -> Value {
    let manifest = Manifest::of(&package.plan, module.layout());
    let holidays = manifest.bank_holidays.map(|of| json!({ "edition": of.edition, "days": of.days }));
    json!({
        "manifest": FORMAT,
        "binary_interface": manifest.binary_interface,
        "language": manifest.language,
        "module": { "file": file, "bytes": module.bytes().len(), "sha256": module.sha256(), "examples": examples },
        "logic": describe(package),
        "lists": manifest.lists.iter().map(list).collect::<Vec<_>>(),
        "bank_holidays": holidays,
        "work": { "at_most": manifest.work.to_string(), "factors": manifest.work.factors, "unplaced": manifest.work.unplaced },
        "limits": { "events": manifest.most_events },
        "layout": layout(&manifest),
    })
}

fn layout(manifest: &Manifest) -> Value {
    let layout = &manifest.layout;
    let field_bytes: Vec<u8> = layout.event_fields.iter().map(|column| column.bytes).collect();
    let outputs = layout.outputs.iter().zip(&manifest.outputs);
    let outputs = outputs.map(|(output, of)| json!({ "bytes": output.bytes, "value": form(*of) }));
    json!({
        "heap": layout.heap,
        "record_in": layout.record_in, "record_in_events": layout.record_in_events,
        "record_in_bounds": layout.record_in_bounds,
        "record_out": layout.record_out,
        "columns": layout.columns, "columns_events": layout.columns_events, "columns_bounds": layout.columns_bounds,
        "columns_out": layout.columns_out,
        "facts": manifest.facts.iter().map(fact).collect::<Vec<_>>(),
        "events": manifest.events.iter().map(event).collect::<Vec<_>>(),
        "event_field_bytes": field_bytes,
        "outputs": outputs.collect::<Vec<_>>(),
        "answers": manifest.answers.iter().map(|(name, parts)| answer(name, parts)).collect::<Vec<_>>(),
        "claims": manifest.claims.iter().map(|row| row.as_ref().map(claim)).collect::<Vec<_>>(),
        "verdicts": manifest.verdicts,
        "needs": manifest.needs,
    })
}

fn list(list: &List) -> Value {
    let file = list.file.as_ref().map(|(name, sha256)| json!({ "name": name, "sha256": sha256 }));
    json!({ "name": list.name, "values": list.values, "file": file })
}

fn fact(Fact { field, column }: &Fact) -> Value {
    json!({
        "name": field.name, "value": form(field.form), "unit": unit(&field.ty),
        "bytes": column.bytes, "may_be_none": column.optional, "looked_at": column.used,
    })
}

fn event(event: &Event) -> Value {
    let field = |field: &Field| json!({ "name": field.name, "value": form(field.form), "unit": unit(&field.ty) });
    json!({ "name": event.name, "fields": event.fields.iter().map(field).collect::<Vec<_>>() })
}

/// Where the parts of an answer stand among the outputs.
fn answer(name: &str, parts: &AnswerParts) -> Value {
    match parts {
        AnswerParts::Value(output, ty) => json!({ "name": name, "output": output, "unit": unit(ty) }),
        AnswerParts::Obligation(ObligationParts { verdict, trigger, due, due_by, done, excuse, excuses, counts }) => {
            json!({
                "name": name,
                "verdict": verdict, "trigger": trigger, "due": due, "due_by": falls_on(*due_by), "done": done,
                "excuse": excuse, "excuses": excuses,
                "counts": counts,
            })
        }
    }
}

/// What a deadline falls on.
fn falls_on(due_by: DueBy) -> &'static str {
    match due_by {
        DueBy::Instant => "instant",
        DueBy::Day => "day",
        DueBy::WorkingDay => "working day",
        DueBy::Part => "part",
    }
}

/// A row that is claimed to be impossible.
fn claim(row: &Row) -> Value {
    json!({ "table": row.table, "row": row.text })
}

/// A range of scaled integers, or so many variants.
fn form(form: Form) -> Value {
    match form {
        Form::Range(from, to) => json!({ "from": from, "to": to }),
        Form::Variants(count) => json!({ "variants": count }),
    }
}

/// How the integer is read: its places and unit, or its variants.
fn unit(ty: &Type) -> Value {
    match ty {
        Type::Number { places, unit } => json!({ "places": places, "unit": unit }),
        Type::Enum { variants, .. } => json!({ "variants": variants }),
        Type::YesNo => json!("yes/no"),
        Type::Date => json!("days since 1970-01-01"),
        Type::TimeOfDay => json!("milliseconds after midnight"),
        Type::Instant => json!("milliseconds since 1970-01-01T00:00:00Z"),
        Type::Duration => json!("milliseconds"),
        Type::NhsNumber => json!("NHS number as a whole number"),
        Type::Code => json!("code, packed as engine/src/values/codes.rs says"),
        Type::Organisation | Type::Text => Value::Null,
    }
}
