//! The JSON Schema of a module's cases, from what its manifest says. It refuses nothing that the module reads: of each value the plain form stands first, for
//! whoever makes types or cases of it, and then ranges, values beyond others and other units.

use concord_engine::values::patterns::{CLOCK, DATE, DURATION, EDGE, INSTANT, LABEL, MAX_LABEL, NHS_NUMBER, NUMERAL};
use serde_json::{Map, Value, json};

/// The schema of one case.
pub fn case_schema(manifest: &Value) -> Value {
    let all = |at: &str| manifest.pointer(at).and_then(Value::as_array).into_iter().flatten();
    let mut properties = Map::new();
    properties.insert("case".to_owned(), label());
    properties.insert("as_of".to_owned(), instant());
    properties.extend(all("/layout/facts").filter_map(fact));
    properties.extend(all("/logic/labels").filter_map(|name| Some((name.as_str()?.to_owned(), label()))));
    let names: Vec<&Value> = all("/layout/events").filter_map(|kind| kind.get("name")).collect();
    if !names.is_empty() {
        let kinds: Vec<Value> = all("/layout/events").map(event).collect();
        properties.insert("events".to_owned(), json!({ "type": ["array", "null"], "items": { "oneOf": kinds } }));
        properties.insert("not_supplied".to_owned(), json!({ "type": ["array", "null"], "items": { "enum": names } }));
    }
    // Whether a rule about facts alone asks for the instant, only the module knows.
    let required: &[&str] = if names.is_empty() { &[] } else { &["as_of"] };
    let title = manifest.pointer("/logic/package").cloned().unwrap_or(Value::Null);
    json!({
        "title": title, "type": "object", "properties": properties, "required": required, "additionalProperties": false,
    })
}

/// The schema of the settings of a member.
pub fn settings_schema(manifest: &Value) -> Value {
    let all = manifest.pointer("/layout/parameters").and_then(Value::as_array).into_iter().flatten();
    let may_set = all.filter_map(|parameter| {
        let within = parameter.get("members_may_set")?.as_object()?;
        let mut of = parameter.as_object()?.clone();
        of.extend(within.clone());
        property(&Value::Object(of))
    });
    json!({ "type": "object", "properties": may_set.collect::<Map<_, _>>(), "additionalProperties": false })
}

fn event(kind: &Value) -> Value {
    let name = kind.get("name").cloned().unwrap_or(Value::Null);
    let fields = kind.get("fields").and_then(Value::as_array).into_iter().flatten();
    let mut properties: Map<String, Value> = fields.filter_map(fact).collect();
    properties.insert("event".to_owned(), json!({ "const": name }));
    let at = [moment(), from_and_to(&moment()), json!({ "type": "null" })];
    properties.insert("at".to_owned(), json!({ "anyOf": at }));
    json!({
        "type": "object", "properties": properties, "required": ["event", "at"], "additionalProperties": false,
    })
}

/// A fact or field, by its name: in its plain form, or in any other in which it may be known.
fn fact(of: &Value) -> Option<(String, Value)> {
    let (name, mut plain) = property(of)?;
    let string = |pattern: &str| json!({ "type": "string", "pattern": pattern });
    let beyond = |rest: &str| string(&format!("{EDGE}{rest}"));
    let others = match of.pointer("/type/kind")?.as_str()? {
        "number" => {
            let number = json!({ "type": "number" });
            let value = json!({ "anyOf": [number, beyond(NUMERAL), from_and_to(&number)] });
            let in_unit = json!({
                "type": "object", "properties": { "value": value, "unit": { "type": "string" } },
                "required": ["value", "unit"], "additionalProperties": false,
            });
            vec![beyond(NUMERAL), from_and_to(&number), in_unit]
        }
        "date" => vec![beyond(r"\S"), from_and_to(&string(DATE))],
        "instant" => vec![string(DATE), beyond(r"\S"), from_and_to(&moment())],
        "time_of_day" => vec![beyond(r"\S"), from_and_to(&string(CLOCK))],
        "duration" => vec![string(DURATION), beyond(r"\S"), from_and_to(&string(DURATION))],
        _ => Vec::new(),
    };
    plain.get_mut("anyOf")?.as_array_mut()?.extend(others);
    Some((name, plain))
}

/// An instant, or a day.
fn moment() -> Value {
    json!({ "anyOf": [instant(), { "type": "string", "pattern": DATE }] })
}

/// From one value to another.
fn from_and_to(value: &Value) -> Value {
    json!({
        "type": "object", "properties": { "from": value, "to": value },
        "required": ["from", "to"], "additionalProperties": false,
    })
}

/// A fact, field or parameter, by its name, in its plain form.
fn property(of: &Value) -> Option<(String, Value)> {
    let name = of.get("name")?.as_str()?.to_owned();
    let ty = of.get("type")?;
    let value = match ty.get("kind")?.as_str()? {
        "yes_no" => json!({ "type": "boolean" }),
        // A number of which none are said has no places.
        "number" => number(of, ty.get("places").and_then(Value::as_u64).unwrap_or(0)),
        "enum" => json!({ "enum": ty.get("variants") }),
        "date" => json!({ "type": "string", "pattern": DATE }),
        "instant" => instant(),
        "time_of_day" => json!({ "type": "string", "pattern": CLOCK }),
        "duration" => json!({ "type": "string", "pattern": minutes(of) }),
        "nhs_number" => json!({ "type": "string", "pattern": NHS_NUMBER }),
        _ => label(),
    };
    // A parameter has a value, and says nothing of none.
    let none = of.get("may_be_none").and_then(Value::as_bool).unwrap_or(false);
    let choices = [Some(value), none.then(|| json!({ "const": "none" })), Some(json!({ "type": "null" }))];
    Some((name, json!({ "anyOf": choices.into_iter().flatten().collect::<Vec<_>>() })))
}

/// An end of a range, which the manifest gives as an integer, as text where it is long.
fn end_of(of: &Value, key: &str) -> Option<i64> {
    let end = of.get(key)?;
    end.as_i64().or_else(|| end.as_str()?.parse().ok())
}

/// Whole minutes within a range of milliseconds, of at most a week where the range does not begin later.
fn minutes(of: &Value) -> String {
    const MINUTE: u64 = 60_000;
    const WEEK: u64 = 7 * 24 * 60;
    let end = |key: &str| end_of(of, key).and_then(|end| u64::try_from(end).ok());
    let from = end("from").map_or(0, |from| from.div_ceil(MINUTE)); // a length of time below none is written otherwise
    let to = end("to").map_or(WEEK, |to| to / MINUTE).min(from.max(WEEK));
    format!("^PT({})M$", whole_numbers(from, to))
}

/// A pattern of the whole numbers of a range: `15` to `60` is `1[5-9]|[2-5]\d|6[0-0]`.
fn whole_numbers(from: u64, to: u64) -> String {
    let (mut parts, mut next) = (Vec::new(), from);
    while next <= to {
        let (mut block, mut rest) = (1, String::new());
        while next > 0 && next % (block * 10) == 0 && next + block * 10 - 1 <= to {
            block *= 10;
            rest.push_str(r"\d");
        }
        let (first, before) = (next / block % 10, next / block / 10);
        let last = (first..=9).rev().find(|last| next + (last - first + 1) * block - 1 <= to).unwrap_or(first);
        let before = if before == 0 { String::new() } else { before.to_string() };
        parts.push(format!("{before}[{first}-{last}]{rest}"));
        next += (last - first + 1) * block;
    }
    parts.join("|")
}

/// A number in its range, which is in integers of its last place. Steps below 1 are said in words: common validators work in binary fractions, where 38.4 is no
/// multiple of 0.1.
fn number(of: &Value, places: u64) -> Value {
    let end = |key: &str| -> Option<Value> {
        let end = end_of(of, key)?;
        serde_json::from_str(&format!("{end}e-{places}")).ok().filter(|_| places > 0).or(Some(end.into()))
    };
    if places == 0 {
        return json!({ "type": "number", "minimum": end("from"), "maximum": end("to"), "multipleOf": 1 });
    }
    let digits = if places == 1 { "digit" } else { "digits" };
    let words = format!("At most {places} {digits} after the point.");
    json!({ "type": "number", "minimum": end("from"), "maximum": end("to"), "description": words })
}

fn instant() -> Value {
    json!({ "type": "string", "pattern": INSTANT })
}

fn label() -> Value {
    json!({ "type": ["string", "null"], "minLength": 1, "maxLength": MAX_LABEL, "pattern": LABEL })
}
