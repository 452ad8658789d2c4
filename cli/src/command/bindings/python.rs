//! Types for Python: typed dictionaries, as `mypy` and editors know them.

use super::names::used;
use super::subject::{Answer, Event, Field, Kind, Subject};

/// The module as a text.
pub fn write(subject: &Subject) -> String {
    let own = ["Answers", "Case", "Settings"];
    let subject = &subject.apart(TYPING.into_iter().chain(HOST).chain(TYPED).chain(own), str::to_owned);
    let Subject { package, version, fingerprint, .. } = subject;
    let mut out = String::new();
    for of in &subject.enums {
        let choices: Vec<String> = of.variants.iter().map(|name| format!("\"{name}\"")).collect();
        out.push_str(&format!("{} = Literal[{}]\n", of.name, choices.join(", ")));
    }
    for event in &subject.events {
        out.push_str(&event_type(subject, event));
    }
    out.push_str(&case_type(subject));
    out.push_str(&dictionary("Settings", true, subject.parameters.iter().map(|of| field(subject, of)).collect()));
    out.push_str(&dictionary("Answers", false, subject.answers.iter().map(|of| answer(subject, of)).collect()));
    out.push_str(ANSWERS);
    let [typing, host, typed] = [&TYPING[..], &HOST[..], &TYPED[..]].map(|names| used(&out, names).join(", "));
    format!(
        "\"\"\"The case and the answers of {package} {version}. Made by `concord bindings`: not to be edited.\"\"\"\n\n\
         from __future__ import annotations\n\n\
         from typing import {typing}\n\n\
         from concord import {host}\n\
         from concord.typed import {typed}\n\n\
         PACKAGE = \"{package}\"\n\
         FINGERPRINT = \"{fingerprint}\"\n\
         \"\"\"Give it to `Rule.load(..., fingerprint=FINGERPRINT)`: then these are the types of what is loaded.\"\"\"\n\n{out}"
    )
}

const TYPING: [&str; 4] = ["Literal", "TypedDict", "Union", "cast"];
const HOST: [&str; 5] = ["Decision", "Nothing", "Unknown", "Value", "Verdict"];
const TYPED: [&str; 13] = [
    "Clock",
    "ClockOut",
    "Code",
    "Date",
    "DateOut",
    "Duration",
    "DurationOut",
    "Instant",
    "InstantOut",
    "Number",
    "NumberOut",
    "WholeOut",
    "YesNo",
];
const ANSWERS: &str = "

def answers(decision: Decision) -> Answers:
    \"\"\"The answers of a decision, typed.\"\"\"
    return cast(Answers, decision.answers)
";

/// A dictionary written as a call: names of answers may have a dot in them.
fn dictionary(name: &str, partial: bool, entries: Vec<String>) -> String {
    let total = if partial { "    total=False,\n" } else { "" };
    format!("\n{name} = TypedDict(\n    \"{name}\",\n    {{\n{}    }},\n{total})\n", entries.concat())
}

fn entry(name: &str, ty: &str, words: Option<&String>) -> String {
    let words = words.map(|words| format!("  # {words}")).unwrap_or_default();
    format!("        \"{name}\": {ty},{words}\n")
}

fn case_type(subject: &Subject) -> String {
    let mut entries: Vec<String> = vec![entry("case", "str", None), entry("as_of", "Instant", None)];
    entries.extend(subject.facts.iter().map(|of| field(subject, of)));
    entries.extend(subject.labels.iter().map(|label| entry(label, "Code", None)));
    if !subject.events.is_empty() {
        let kinds: Vec<&str> = subject.events.iter().map(|event| event.of.as_str()).collect();
        let names: Vec<String> = subject.events.iter().map(|event| format!("\"{}\"", event.name)).collect();
        entries.push(entry("events", &format!("list[Union[{}]]", kinds.join(", ")), None));
        entries.push(entry("not_supplied", &format!("list[Literal[{}]]", names.join(", ")), None));
    }
    dictionary("Case", true, entries)
}

fn event_type(subject: &Subject, event: &Event) -> String {
    let mut entries = vec![entry("event", &format!("Literal[\"{}\"]", event.name), None), entry("at", "Instant", None)];
    entries.extend(event.fields.iter().map(|of| field(subject, of)));
    dictionary(&event.of, true, entries)
}

fn field(subject: &Subject, of: &Field) -> String {
    let ty = match of.kind {
        Kind::YesNo => "YesNo".to_owned(),
        Kind::Whole | Kind::Decimal => "Number".to_owned(),
        Kind::Enum(place) => format!("Union[{}, None]", enum_name(subject, place)),
        Kind::Duration => "Duration".to_owned(),
        Kind::Instant => "Instant".to_owned(),
        Kind::Date => "Date".to_owned(),
        Kind::TimeOfDay => "Clock".to_owned(),
        Kind::Text => "Code".to_owned(),
    };
    let ty = if of.may_be_none { format!("Union[{ty}, Literal[\"none\"]]") } else { ty };
    entry(&of.name, &ty, of.words.as_ref())
}

fn answer(subject: &Subject, of: &Answer) -> String {
    let ty = of.kind.as_ref().map_or_else(
        || "Verdict".to_owned(),
        |kind| {
            let value = match kind {
                Kind::YesNo => "bool",
                Kind::Whole => "WholeOut",
                Kind::Decimal => "NumberOut",
                Kind::Enum(place) => enum_name(subject, *place),
                Kind::Duration => "DurationOut",
                Kind::Instant => "InstantOut",
                Kind::Date => "DateOut",
                Kind::TimeOfDay => "ClockOut",
                Kind::Text => "str",
            };
            format!("Union[Value[{value}], Nothing, Unknown[{value}]]")
        },
    );
    entry(&of.name, &ty, of.label.as_ref())
}

fn enum_name(subject: &Subject, place: usize) -> &str {
    subject.enums.get(place).map_or("str", |of| &of.name)
}
