//! What a manifest says of a case and its answers, as far as types go.

use concord_engine::values::types::decimal;
use serde_json::Value;

use super::names::{Distinct, pascal};

/// A rule as a program sees it.
#[derive(Clone)]
pub struct Subject {
    pub package: String,
    pub version: String,
    pub fingerprint: String,
    pub facts: Vec<Field>,
    /// Facts that only label a case.
    pub labels: Vec<String>,
    pub events: Vec<Event>,
    pub parameters: Vec<Field>,
    pub answers: Vec<Answer>,
    /// Every enum that occurs, once.
    pub enums: Vec<Enum>,
}

/// A fact, a field of an event, or a parameter.
#[derive(Clone)]
pub struct Field {
    pub name: String,
    pub kind: Kind,
    pub may_be_none: bool,
    /// Other units in which it is recorded.
    pub units: Vec<String>,
    /// For people: the range and the unit of a number.
    pub words: Option<String>,
}

/// A kind of event.
#[derive(Clone)]
pub struct Event {
    pub name: String,
    /// The type of one, where it is written as a type: `FallEvent`.
    pub of: String,
    pub fields: Vec<Field>,
}

/// An answer; an obligation has no kind of value.
#[derive(Clone)]
pub struct Answer {
    pub name: String,
    pub identifier: String,
    pub kind: Option<Kind>,
    /// Whether it may be a number that some languages cannot hold exactly.
    pub long: bool,
    /// For people.
    pub label: Option<String>,
}

/// An enum and its choices.
#[derive(Clone, PartialEq, Eq)]
pub struct Enum {
    pub name: String,
    pub variants: Vec<String>,
}

/// The kinds of value.
#[derive(Clone, PartialEq, Eq)]
pub enum Kind {
    YesNo,
    Whole,
    Decimal,
    /// The place of an enum in the subject's list.
    Enum(usize),
    Duration,
    Instant,
    Date,
    TimeOfDay,
    /// A code, an NHS number, an organisation or a text.
    Text,
}

impl Subject {
    /// Reads a manifest; none where it is not one of ours.
    pub fn read(manifest: &Value) -> Option<Subject> {
        let logic = manifest.get("logic")?;
        let layout = manifest.get("layout")?;
        let mut enums = Vec::new();
        let facts = fields(layout.get("facts")?, &mut enums)?;
        let events =
            list(layout.get("events")?)?.iter().map(|event| event_of(event, &mut enums)).collect::<Option<_>>()?;
        let parameters = fields(layout.get("parameters")?, &mut enums)?;
        let answers = list(layout.get("answers")?)?.iter();
        let answers = answers.map(|answer| answer_of(answer, manifest, &mut enums)).collect::<Option<_>>()?;
        let labels = list(logic.get("labels")?)?.iter().filter_map(|label| Some(label.as_str()?.to_owned())).collect();
        Some(Subject {
            package: text(logic, "package")?,
            version: text(logic, "version")?,
            fingerprint: text(logic, "fingerprint")?,
            facts,
            labels,
            events,
            parameters,
            answers,
            enums,
        })
    }
}

impl Subject {
    /// The same with types apart from what a language has of these names, and from each other; `written` is how the language writes the name of a type.
    pub fn apart<'a>(&self, taken: impl IntoIterator<Item = &'a str>, written: impl Fn(&str) -> String) -> Subject {
        let mut names = Distinct::beside(taken);
        let mut apart = self.clone();
        apart.enums.iter_mut().for_each(|of| of.name = names.name(&written(&of.name)));
        apart.events.iter_mut().for_each(|of| of.of = names.name(&written(&of.of)));
        apart
    }

    /// Facts, fields of events and parameters.
    pub fn all_fields(&self) -> impl Iterator<Item = &Field> {
        let fields = self.events.iter().flat_map(|event| &event.fields);
        self.facts.iter().chain(fields).chain(&self.parameters)
    }
}

fn list(value: &Value) -> Option<&Vec<Value>> {
    value.as_array()
}

fn text(of: &Value, key: &str) -> Option<String> {
    Some(of.get(key)?.as_str()?.to_owned())
}

fn texts(value: &Value) -> Option<Vec<String>> {
    list(value)?.iter().map(|text| Some(text.as_str()?.to_owned())).collect()
}

fn fields(listed: &Value, enums: &mut Vec<Enum>) -> Option<Vec<Field>> {
    list(listed)?.iter().map(|field| field_of(field, enums)).collect()
}

fn field_of(field: &Value, enums: &mut Vec<Enum>) -> Option<Field> {
    let ty = field.get("type")?;
    let units = field.get("other_units").and_then(Value::as_array);
    let units = units.into_iter().flatten().filter_map(|other| text(other, "unit"));
    Some(Field {
        name: text(field, "name")?,
        kind: kind_of(ty, enums)?,
        may_be_none: field.get("may_be_none").and_then(Value::as_bool).unwrap_or(false),
        units: text(ty, "unit").into_iter().chain(units).collect(),
        words: words(field, ty),
    })
}

/// `30 to 100 %`.
fn words(field: &Value, ty: &Value) -> Option<String> {
    let places = u8::try_from(ty.get("places")?.as_u64()?).ok()?;
    let end = |key| Some(decimal(field.get(key)?.as_i64()?, places));
    let unit = text(ty, "unit").map(|unit| format!(" {unit}")).unwrap_or_default();
    Some(format!("{} to {}{unit}", end("from")?, end("to")?))
}

fn event_of(event: &Value, enums: &mut Vec<Enum>) -> Option<Event> {
    let name = text(event, "name")?;
    Some(Event { of: format!("{}Event", pascal(&name)), name, fields: fields(event.get("fields")?, enums)? })
}

fn answer_of(answer: &Value, manifest: &Value, enums: &mut Vec<Enum>) -> Option<Answer> {
    let name = text(answer, "name")?;
    let described = manifest.pointer("/logic/answers").and_then(Value::as_array).into_iter().flatten();
    let described = described.into_iter().find(|of| of.get("name").and_then(Value::as_str) == Some(&name));
    Some(Answer {
        kind: answer.get("type").map(|ty| kind_of(ty, enums)).map_or(Some(None), |kind| kind.map(Some))?,
        long: long(answer, manifest),
        identifier: text(answer, "identifier")?,
        label: described.and_then(|of| text(of, "label")),
        name,
    })
}

/// Whether an end of its range stands in the manifest as a text, as it does where readers of JSON would round it.
fn long(answer: &Value, manifest: &Value) -> bool {
    let outputs = manifest.pointer("/layout/outputs").and_then(Value::as_array);
    let place = answer.get("output").and_then(Value::as_u64).and_then(|place| usize::try_from(place).ok());
    let output = outputs.zip(place).and_then(|(outputs, place)| outputs.get(place));
    output.is_some_and(|of| ["from", "to"].iter().any(|end| of.get(end).is_some_and(Value::is_string)))
}

fn kind_of(ty: &Value, enums: &mut Vec<Enum>) -> Option<Kind> {
    Some(match ty.get("kind")?.as_str()? {
        "yes_no" => Kind::YesNo,
        "number" if ty.get("places")?.as_u64()? == 0 => Kind::Whole,
        "number" => Kind::Decimal,
        "enum" => Kind::Enum(place_of(ty, enums)?),
        "duration" => Kind::Duration,
        "instant" => Kind::Instant,
        "date" => Kind::Date,
        "time_of_day" => Kind::TimeOfDay,
        _ => Kind::Text,
    })
}

/// Names that every file of types has; an enum of such a name gets a number.
const TAKEN: [&str; 14] = [
    "Answer", "Answers", "Case", "Decision", "Event", "Exact", "Instant", "Known", "List", "Map", "None", "Settings",
    "Unknown", "Value",
];

/// The place of an enum, which is added where it is new. Two of one name and other choices, from packages that are used, are told apart by a number.
fn place_of(ty: &Value, enums: &mut Vec<Enum>) -> Option<usize> {
    let (written, variants) = (text(ty, "enum")?, texts(ty.get("variants")?)?);
    let base = pascal(&written);
    let mut number = 1;
    loop {
        let name = if number == 1 { base.clone() } else { format!("{base}{number}") };
        match enums.iter().position(|of| of.name == name) {
            None if number == 1 && TAKEN.contains(&name.as_str()) => number += 1,
            None => {
                enums.push(Enum { name, variants });
                return Some(enums.len() - 1);
            }
            Some(place) if enums.get(place).is_some_and(|of| of.variants == variants) => return Some(place),
            Some(_) => number += 1,
        }
    }
}
