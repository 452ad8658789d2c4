//! The manifest of a module as JSON: whose logic it is, what it costs, and where everything lies in its memory, so that a host in any
//! language can call it (`wasm/ABI.md` says how) without reading the rule. What it says is worked out in [`concord_wasm::abi`].

use std::path::Path;

use concord_engine::plan::bound::WorkBound;
use concord_engine::plan::coding::Coded;
use concord_engine::plan::fingerprint::hex;
use concord_engine::plan::{DueBy, FieldId, Id, Input, InputId, KindId, OtherUnit, Package, Plan, Unknown};
use concord_engine::values::dimension::Conversion;
use concord_engine::values::types::Type;
use concord_wasm::abi::{
    AnswerParts, Event, Fact, Field, Form, Layout, List, MANIFEST_SECTION, Manifest, ObligationParts, Role, Row, Rows,
    Setting, WORKSPACE_EVENTS,
};
use concord_wasm::run::Program;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use crate::data::decision::need_json;
use crate::data::duration::iso_duration;
use crate::data::schema_codes::{coding, coding_of};
use crate::description::describe;

/// How the file of a module for batches ends.
pub const BATCH: &str = "batch.wasm";

/// The version of this format.
const FORMAT: u32 = 2;

/// The manifest that a module of this layout carries, which takes cases as JSON or not and was tried with so many examples. What only its
/// file knows is not in it.
#[must_use]
pub fn manifest(package: &Package, of_module: &Layout, json: bool, examples: usize) -> Value {
    let manifest = Manifest::of(&package.plan, of_module);
    let holidays = manifest.bank_holidays.map(|of| json!({ "edition": of.edition, "days": of.days }));
    json!({
        "manifest": FORMAT,
        "binary_interface": manifest.binary_interface,
        "language": manifest.language,
        "module": { "examples": examples, "json": json },
        "logic": logic(package),
        "lists": manifest.lists.iter().map(list).collect::<Vec<_>>(),
        "bank_holidays": holidays,
        "work": with(bound(&manifest.work), [("operators", Value::Object(bound(&manifest.layout.operators)))]),
        "limits": { "events": manifest.most_events },
        "layout": layout(package, &manifest),
    })
}

/// What a package decides and what it needs. Of a member that has set nothing its code is all: names stand in the rules, not in each module.
fn logic(package: &Package) -> Value {
    let mut logic = describe(package);
    let members = logic.get_mut("members").and_then(Value::as_array_mut);
    for member in members.into_iter().flatten().filter_map(Value::as_object_mut) {
        if member.get("differs").and_then(Value::as_array).is_some_and(Vec::is_empty) {
            member.retain(|name, _| matches!(name.as_str(), "code" | "differs"));
        }
    }
    logic
}

/// The manifest that stands beside a module: what it carries, with what is to be said of its file, and of the module for batches beside it,
/// where there is one.
#[must_use]
pub fn beside(mut carried: Value, batches: Option<&Program>, file: &str, module: &[u8]) -> Value {
    if let Some(of_file) = carried.get_mut("module").and_then(Value::as_object_mut) {
        let sha256 = hex(&Sha256::digest(module));
        let said = [("file", json!(file)), ("bytes", module.len().into()), ("sha256", sha256.into())];
        for (place, (name, value)) in said.into_iter().enumerate() {
            of_file.shift_insert(place, name.to_owned(), value);
        }
    }
    if let (Some(batches), Some(said)) = (batches, carried.as_object_mut()) {
        let file = Path::new(file).with_extension(BATCH).display().to_string();
        let (bytes, heap, simd) = (batches.bytes().len(), batches.layout().heap, batches.needs_simd());
        let of = json!({ "file": file, "bytes": bytes, "sha256": hex(&batches.sha256()), "heap": heap, "simd": simd });
        said.insert("batches".to_owned(), of);
    }
    carried
}

/// The manifest that a module carries; none where it carries none.
///
/// # Errors
/// What is wrong with the file, in words.
pub fn carried(module: &[u8]) -> Result<Option<Value>, String> {
    let text = concord_wasm::abi::carried(module, MANIFEST_SECTION)?;
    let read = |text: String| {
        serde_json::from_str(&text).map_err(|error| format!("the manifest that it carries is none: {error}"))
    };
    text.map(read).transpose()
}

/// A manifest as it is written to a file.
#[must_use]
pub fn written(manifest: &Value) -> String {
    format!("{manifest:#}\n")
}

/// The JSON Schema of a manifest, the same for every package.
#[must_use]
pub fn manifest_schema() -> Value {
    serde_json::from_str(include_str!("manifest.schema.json")).unwrap_or_default()
}

/// A formula in the events of a case.
fn bound(work: &WorkBound) -> Map<String, Value> {
    let factors = |factors: &[u64]| -> Value {
        factors.iter().map(|factor| i64::try_from(*factor).map_or(factor.to_string().into(), integer)).collect()
    };
    let parts = [("factors", factors(&work.factors)), ("unplaced", factors(&work.unplaced))];
    parts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn layout(package: &Package, manifest: &Manifest) -> Value {
    let layout = &manifest.layout;
    let field_bytes: Vec<u8> = layout.event_fields.iter().map(|column| column.bytes).collect();
    let outputs = layout.outputs.iter().zip(&manifest.outputs);
    json!({
        "heap": layout.heap,
        "workspace": { "bytes": layout.workspace_each, "beyond": layout.workspace_beyond, "events": WORKSPACE_EVENTS },
        "record_in": layout.record_in, "record_in_events": layout.record_in_events,
        "record_in_bounds": layout.record_in_bounds,
        "record_out": layout.record_out,
        "columns": layout.columns, "columns_events": layout.columns_events, "columns_bounds": layout.columns_bounds,
        "columns_out": layout.columns_out,
        "facts": manifest.facts.iter().enumerate().map(|(place, of)| fact(package, place, of)).collect::<Vec<_>>(),
        "events": manifest.events.iter().enumerate().map(|(place, of)| event(package, place, of)).collect::<Vec<_>>(),
        "event_field_bytes": field_bytes,
        "parameters": manifest.parameters.iter().map(parameter).collect::<Vec<_>>(),
        "outputs": outputs.map(|(output, (of, roles))| out(output.bytes, *of, roles)).collect::<Vec<_>>(),
        "tables": manifest.tables.iter().map(table).collect::<Vec<_>>(),
        "answers": manifest.answers.iter().map(|(name, parts)| answer(name, parts)).collect::<Vec<_>>(),
        "claims": manifest.claims.iter().map(|row| row.as_ref().map(claim)).collect::<Vec<_>>(),
        "verdicts": manifest.verdicts,
        "needs": manifest.needs.iter().map(|(what, text)| need(&package.plan, what, text)).collect::<Vec<_>>(),
    })
}

fn list(list: &List) -> Value {
    let file = list.file.as_ref().map(|(name, sha256)| json!({ "name": name, "sha256": sha256 }));
    json!({ "name": list.name, "values": list.values, "file": file })
}

/// The name of a value, how its integer is read, and which integers it may be.
fn field(field: &Field) -> Map<String, Value> {
    let named = [("name".to_owned(), field.name.as_str().into()), ("type".to_owned(), type_json(&field.ty))];
    Map::from_iter(named.into_iter().chain(ends(field.form)))
}

fn with(mut object: Map<String, Value>, more: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    object.extend(more.into_iter().map(|(name, value)| (name.to_owned(), value)));
    Value::Object(object)
}

fn fact(package: &Package, place: usize, Fact { field: of, column }: &Fact) -> Value {
    let more = [("bytes", json!(column.bytes)), ("may_be_none", json!(column.optional)), ("used", json!(column.used))];
    let input = package.plan.subject.inputs.get(InputId::at(place));
    recorded(package, Coded::Fact(InputId::at(place)), input, with(field(of), more))
}

fn event(package: &Package, place: usize, event: &Event) -> Value {
    let kind = KindId::at(place);
    let one = |(place, of): (usize, &Field)| {
        let inputs = package.plan.subject.events.get(kind).map(|kind| &kind.fields);
        let input = inputs.and_then(|fields| fields.get(FieldId::at(place)));
        let may_be_none = input.is_some_and(|input| input.shape.optional);
        let said = with(field(of), [("may_be_none", json!(may_be_none))]);
        recorded(package, Coded::Field(kind, FieldId::at(place)), input, said)
    };
    let fields: Vec<Value> = event.fields.iter().enumerate().map(one).collect();
    let mut said = Map::from_iter([("name".to_owned(), json!(event.name)), ("fields".to_owned(), fields.into())]);
    said.extend(event.ends.map(|ends| ("ends".to_owned(), ends.into())));
    recorded(package, Coded::Event(kind), None, Value::Object(said))
}

/// What is said of a fact or an event, with the codes by which records know it and its other units, where it has such.
fn recorded(package: &Package, of: Coded, input: Option<&Input>, mut said: Value) -> Value {
    let codings: Vec<Value> = package.codings_of(of).map(coding).collect();
    let also = input.map(|input| input.also.as_slice()).unwrap_or_default();
    let units = |other: &OtherUnit| {
        let Conversion { times, plus, over } = other.conversion;
        json!({ "unit": other.unit, "times": integer(times), "plus": integer(plus), "over": integer(over) })
    };
    if let Some(said) = said.as_object_mut() {
        said.extend((!codings.is_empty()).then(|| ("codings".to_owned(), codings.into())));
        let also: Vec<Value> = also.iter().map(units).collect();
        said.extend((!also.is_empty()).then(|| ("other_units".to_owned(), also.into())));
        let choices = choices(package, input);
        said.extend((!choices.is_empty()).then(|| ("choices".to_owned(), choices.into())));
        let taking = package.takings.iter().find(|taking| of == Coded::Fact(taking.fact));
        said.extend(taking.map(|taking| {
            let within = taking.within.map(iso_duration);
            ("taking".to_owned(), json!({ "which": taking.which.word(), "within": within }))
        }));
    }
    said
}

/// The choices of an enum that records know by codes, with these.
fn choices(package: &Package, input: Option<&Input>) -> Vec<Value> {
    let Some(Type::Enum { name, variants, .. }) = input.map(|input| &input.ty) else { return Vec::new() };
    let of = |(place, variant): (usize, &String)| {
        let known = package.choices.iter().filter(|of| of.of == *name && of.choice == place);
        let codings: Vec<Value> = known.map(|of| coding_of(of.system, &of.code)).collect();
        (!codings.is_empty()).then(|| json!({ "choice": variant, "codings": codings }))
    };
    variants.iter().enumerate().filter_map(of).collect()
}

fn parameter(Setting { field: of, value, within }: &Setting) -> Value {
    let within = within.map(|(from, to)| json!({ "from": integer(from), "to": integer(to) }));
    with(field(of), [("value", value.map(integer).into()), ("members_may_set", within.into())])
}

/// A cell that comes out, and what it is.
fn out(bytes: u8, form: Form, roles: &[Role]) -> Value {
    let of = roles.iter().map(|role| match role {
        Role::Value(answer) => json!({ "answer": answer, "part": "value" }),
        Role::Part(answer, part) => json!({ "answer": answer, "part": part }),
        Role::Count(answer, verdict) => json!({ "answer": answer, "part": "count", "verdict": verdict.name() }),
        Role::Condition(answer, words) => json!({ "answer": answer, "part": "condition", "words": words }),
        Role::Row(table) => json!({ "table": table, "part": "row" }),
        Role::Counted => json!({ "part": "counted by measures" }),
    });
    with(Map::from_iter(ends(form)), [("bytes", json!(bytes)), ("of", of.collect())])
}

fn table(Rows { name, output, texts, source, answers }: &Rows) -> Value {
    json!({ "name": name, "output": output, "rows": texts, "source": source, "answers": answers })
}

/// Where the parts of an answer stand among the outputs, and a name for it in programs.
fn answer(name: &str, parts: &AnswerParts) -> Value {
    let identifier = name.replace('.', "_");
    match parts {
        AnswerParts::Value(output, ty) => {
            json!({ "name": name, "identifier": identifier, "output": output, "type": type_json(ty) })
        }
        AnswerParts::Obligation(ObligationParts { verdict, trigger, due, due_by, done, excuse, excuses, counts }) => {
            json!({
                "name": name,
                "identifier": identifier,
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

fn need(plan: &Plan, what: &Unknown, text: &str) -> Value {
    with(need_json(plan, what), [("text", text.into())])
}

/// The ends of a range of integers; of variants their places.
fn ends(form: Form) -> [(String, Value); 2] {
    let (from, to) = match form {
        Form::Range(from, to) => (from, to),
        Form::Variants(count) => (0, count - 1),
    };
    [("from".to_owned(), integer(from)), ("to".to_owned(), integer(to))]
}

/// The greatest integer up to which every reader of JSON is exact (RFC 8259, section 6).
const EXACT: u64 = (1 << 53) - 1;

/// An integer: as text where some readers of JSON would round it.
fn integer(value: i64) -> Value {
    if value.unsigned_abs() <= EXACT { value.into() } else { value.to_string().into() }
}

/// How an integer is read.
fn type_json(ty: &Type) -> Value {
    match ty {
        Type::Number { places, unit } => json!({ "kind": "number", "places": places, "unit": unit }),
        Type::Enum { name, variants, labels, .. } => {
            json!({ "kind": "enum", "enum": name, "variants": variants, "labels": labels })
        }
        Type::YesNo => json!({ "kind": "yes_no" }),
        Type::Date => json!({ "kind": "date" }),
        Type::TimeOfDay => json!({ "kind": "time_of_day" }),
        Type::Instant => json!({ "kind": "instant" }),
        Type::Duration => json!({ "kind": "duration" }),
        Type::NhsNumber => json!({ "kind": "nhs_number" }),
        Type::Code => json!({ "kind": "code" }),
        Type::Organisation => json!({ "kind": "organisation" }),
        Type::Text => json!({ "kind": "text" }),
    }
}
