//! Types for TypeScript, as `Rule.load<Case, Answers>` of the host takes them.

use super::names::used;
use super::subject::{Answer, Event, Field, Kind, Subject};

const IMPORTED: [&str; 10] =
    ["Duration", "Exact", "InUnit", "Instant", "Known", "None", "NumberIn", "Unknown", "Value", "Verdict"];

/// The module as a text.
pub fn write(subject: &Subject) -> String {
    let subject = &subject.apart(IMPORTED.into_iter().chain(["Answers", "Case", "Event", "Settings"]), str::to_owned);
    let Subject { package, version, fingerprint, .. } = subject;
    let mut out = String::new();
    for of in &subject.enums {
        let choices: Vec<String> = of.variants.iter().map(|name| format!("\"{name}\"")).collect();
        out.push_str(&format!("\nexport type {} = {};\n", of.name, choices.join(" | ")));
    }
    out.push_str(&case_type(subject));
    let parameters = subject.parameters.iter().map(|of| field(subject, of)).collect::<String>();
    out.push_str(&format!("\nexport interface Settings {{\n{parameters}}}\n"));
    let answers = subject.answers.iter().map(|of| answer(subject, of)).collect::<String>();
    out.push_str(&format!("\n/** `type` and not `interface`, so that it can be looked through by name. */\nexport type Answers = {{\n{answers}}};\n"));
    let imported = used(&out, &IMPORTED).join(", ");
    format!(
        "// The case and the answers of {package} {version}. Made by `concord bindings`: not to be edited.\n\
         import type {{ {imported} }} from \"@concord/rule\";\n\n\
         export const PACKAGE = \"{package}\";\n\
         /** Give it to `Rule.load(…, {{ fingerprint: FINGERPRINT }})`: then these are the types of what is loaded. */\n\
         export const FINGERPRINT = \"{fingerprint}\";\n{out}"
    )
}

fn case_type(subject: &Subject) -> String {
    let mut out = String::new();
    let mut entries = [member("case", "string", None), member("as_of", "Instant", None)].concat();
    entries.extend(subject.facts.iter().map(|of| field(subject, of)));
    entries.extend(subject.labels.iter().map(|label| member(label, "string | null", None)));
    if !subject.events.is_empty() {
        let kinds: String = subject.events.iter().map(|event| event_type(subject, event)).collect();
        out.push_str(&format!("\nexport type Event =\n{};\n", kinds.trim_end()));
        entries.push_str(&member("events", "readonly Event[] | null", None));
        entries.push_str(&member("not_supplied", "readonly Event[\"event\"][] | null", None));
    }
    out.push_str(&format!("\nexport type Case = {{\n{entries}}};\n"));
    out
}

fn event_type(subject: &Subject, event: &Event) -> String {
    let fields: String =
        event.fields.iter().map(|of| field(subject, of).trim_end().trim_start().to_owned() + " ").collect();
    format!("  | {{ event: \"{}\"; at: Instant | null; {fields}}}\n", event.name)
}

fn member(name: &str, ty: &str, words: Option<&String>) -> String {
    let words = words.map(|words| format!("/** {} */ ", words.replace("*/", "* /"))).unwrap_or_default();
    format!("  {words}{}?: {ty} | undefined;\n", quoted(name))
}

fn field(subject: &Subject, of: &Field) -> String {
    let ty = match of.kind {
        Kind::YesNo => "boolean | null".to_owned(),
        Kind::Whole | Kind::Decimal => number(of),
        Kind::Enum(place) => format!("{} | null", enum_name(subject, place)),
        Kind::Duration => "Known<Duration>".to_owned(),
        Kind::Instant => "Instant | null".to_owned(),
        Kind::Date | Kind::TimeOfDay => "Known<string>".to_owned(),
        Kind::Text => "string | null".to_owned(),
    };
    let ty = if of.may_be_none { format!("{ty} | \"none\"") } else { ty };
    member(&of.name, &ty, of.words.as_ref())
}

/// A number, in any of its units where there are several.
fn number(of: &Field) -> String {
    if of.units.len() < 2 {
        return "NumberIn".to_owned();
    }
    let units: Vec<String> = of.units.iter().map(|unit| format!("\"{unit}\"")).collect();
    format!("NumberIn | InUnit<{}>", units.join(" | "))
}

fn answer(subject: &Subject, of: &Answer) -> String {
    let ty = of.kind.as_ref().map_or_else(
        || "Verdict".to_owned(),
        |kind| {
            let value = match kind {
                Kind::YesNo => "boolean",
                Kind::Whole | Kind::Decimal if of.long => "number | Exact",
                Kind::Whole | Kind::Decimal => "number",
                Kind::Enum(place) => enum_name(subject, *place),
                Kind::Duration | Kind::Instant | Kind::Date | Kind::TimeOfDay | Kind::Text => "string",
            };
            format!("Value<{value}> | None | Unknown<{value}>")
        },
    );
    let words = of.label.as_ref().map(|label| format!("  /** {} */\n", label.replace("*/", "* /"))).unwrap_or_default();
    format!("{words}  {}: {ty};\n", quoted(&of.name))
}

/// A name with a dot in it stands in quotes.
fn quoted(name: &str) -> String {
    if name.contains('.') { format!("\"{name}\"") } else { name.to_owned() }
}

fn enum_name(subject: &Subject, place: usize) -> &str {
    subject.enums.get(place).map_or("string", |of| &of.name)
}
