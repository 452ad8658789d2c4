//! The manifest of a module: whose logic it is, what it costs, and where everything lies in its memory, so that a host in any language can
//! call it (`wasm/ABI.md` says how) without reading the rule.

use concord_engine::explain::unknown_name;
use concord_engine::plan::bound::work_bound;
use concord_engine::plan::fingerprint::LANGUAGE;
use concord_engine::plan::{Answer, AnswerKind, Class, EventKind, MAX_EVENTS, Plan, Shape, Step, Verdict};
use concord_engine::values::holidays::EDITION;
use concord_wasm::emit::{ABI_VERSION, Layout};
use serde_json::{Value, json};

use crate::description::describe;
use crate::module::Module;

/// The version of this format.
const FORMAT: u32 = 1;

/// The manifest of a module that was written to a file of this name and tried with so many examples.
#[must_use]
pub fn manifest(plan: &Plan, module: &Module, file: &str, examples: usize) -> Value {
    let work = work_bound(plan);
    let lists = plan.lists.iter().map(|list| {
        let file = list.file.as_ref().map(|(name, sha256)| json!({ "name": name, "sha256": sha256 }));
        json!({ "name": list.name, "values": list.values.len(), "file": file })
    });
    let holidays = (!plan.holidays.is_empty()).then(|| json!({ "edition": EDITION, "days": plan.holidays.len() }));
    json!({
        "manifest": FORMAT,
        "binary_interface": ABI_VERSION,
        "language": LANGUAGE,
        "module": { "file": file, "bytes": module.bytes().len(), "sha256": module.sha256(), "examples": examples },
        "logic": describe(plan),
        "lists": lists.collect::<Vec<_>>(),
        "bank_holidays": holidays,
        "work": { "at_most": work.to_string(), "factors": work.factors },
        "limits": { "events": MAX_EVENTS },
        "layout": layout(plan, module.layout()),
    })
}

fn layout(plan: &Plan, layout: &Layout) -> Value {
    let facts = plan.subject.inputs.iter().zip(&layout.inputs).map(|(input, column)| {
        json!({
            "name": input.name, "value": form(input.shape), "unit": unit(&input.ty),
            "bytes": column.bytes, "may_be_none": column.optional, "looked_at": column.used,
        })
    });
    let field_bytes: Vec<u8> = layout.event_fields.iter().map(|column| column.bytes).collect();
    let outputs = layout.outputs.iter().map(|output| json!({ "bytes": output.bytes, "value": form(output.shape) }));
    json!({
        "heap": layout.heap,
        "record_in": layout.record_in, "record_in_events": layout.in_events(),
        "record_out": layout.record_out,
        "columns": layout.columns, "columns_events": layout.columns_events(), "columns_out": layout.columns_out,
        "facts": facts.collect::<Vec<_>>(),
        "events": plan.subject.events.iter().map(event).collect::<Vec<_>>(),
        "event_field_bytes": field_bytes,
        "outputs": outputs.collect::<Vec<_>>(),
        "answers": plan.answers.iter().map(|of| answer(layout, of)).collect::<Vec<_>>(),
        "claims": layout.claims.iter().map(|of| claim(plan, *of)).collect::<Vec<_>>(),
        "verdicts": Verdict::ALL.map(Verdict::name),
        "needs": (0..plan.unknowns.len()).map(|bit| unknown_name(plan, bit)).collect::<Vec<_>>(),
    })
}

/// A row that is claimed to be impossible, by its number in a status.
fn claim(plan: &Plan, (step, row): (usize, usize)) -> Value {
    match plan.steps.get(step) {
        Some(Step::Table(table)) => json!({ "table": table.name, "row": table.rows.get(row).map(|row| &row.text) }),
        _ => Value::Null,
    }
}

fn event(kind: &EventKind) -> Value {
    let field = |field: &concord_engine::plan::Input| json!({ "name": field.name, "value": form(field.shape), "unit": unit(&field.ty) });
    json!({ "name": kind.name, "fields": kind.fields.iter().map(field).collect::<Vec<_>>() })
}

/// Where the parts of an answer stand among the outputs.
fn answer(layout: &Layout, answer: &Answer) -> Value {
    let place = |cell: usize| layout.output_of(cell);
    match &answer.kind {
        AnswerKind::Value { cell, ty } | AnswerKind::Output { cell, ty, .. } => {
            json!({ "name": answer.name, "output": place(*cell), "unit": unit(ty) })
        }
        AnswerKind::Obligation(o) => json!({
            "name": answer.name,
            "verdict": place(o.verdict), "trigger": place(o.trigger), "due": place(o.due), "done": place(o.done),
            "excuse": place(o.excuse), "excuses": o.excuses,
            "counts": o.counts.map(|cells| cells.map(place)),
        }),
    }
}

/// A range of scaled integers, or so many variants.
fn form(shape: Shape) -> Value {
    match shape.class {
        Class::Range => json!({ "from": shape.low, "to": shape.high }),
        Class::Set => json!({ "variants": shape.high + 1 }),
    }
}

/// How the integer is read: its places and unit, or its variants.
fn unit(ty: &concord_engine::values::types::Type) -> Value {
    use concord_engine::values::types::Type;
    match ty {
        Type::Number { places, unit } => json!({ "places": places, "unit": unit }),
        Type::Enum { variants, .. } => json!({ "variants": variants }),
        Type::YesNo => json!("yes/no"),
        Type::Date => json!("days since 1970-01-01"),
        Type::TimeOfDay => json!("milliseconds after midnight"),
        Type::Instant => json!("milliseconds since 1970-01-01T00:00:00Z"),
        Type::Duration => json!("milliseconds"),
        Type::Code => json!("code, packed as engine/src/values/codes.rs says"),
        Type::Organisation | Type::Text => Value::Null,
    }
}
