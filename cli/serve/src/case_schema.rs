//! The JSON Schema of a module's cases, from what its manifest says. It has the plain form of each value alone; ranges, values beyond others and
//! other units are taken as well (`concord inspect --schema` has all of it).

use serde_json::{Map, Value, json};

/// An instant with its zone, of the years that a case may have.
const INSTANT: &str = r"^(19|20|21)\d{2}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$";

/// The schema of one case.
pub fn case_schema(manifest: &Value) -> Value {
    let all = |at: &str| manifest.pointer(at).and_then(Value::as_array).into_iter().flatten();
    let mut properties = Map::new();
    properties.insert("case".to_owned(), label());
    properties.insert("as_of".to_owned(), instant());
    properties.extend(all("/layout/facts").filter_map(property));
    properties.extend(all("/logic/labels").filter_map(|name| Some((name.as_str()?.to_owned(), label()))));
    let names: Vec<&Value> = all("/layout/events").filter_map(|kind| kind.get("name")).collect();
    if !names.is_empty() {
        let kinds: Vec<Value> = all("/layout/events").map(event).collect();
        properties.insert("events".to_owned(), json!({ "type": "array", "items": { "oneOf": kinds } }));
        properties.insert("not_supplied".to_owned(), json!({ "type": "array", "items": { "enum": names } }));
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
    let mut properties: Map<String, Value> = fields.filter_map(property).collect();
    properties.insert("event".to_owned(), json!({ "const": name }));
    properties.insert("at".to_owned(), or_null(instant()));
    json!({
        "type": "object", "properties": properties, "required": ["event", "at"], "additionalProperties": false,
    })
}

/// A fact or field, by its name.
fn property(of: &Value) -> Option<(String, Value)> {
    let name = of.get("name")?.as_str()?.to_owned();
    let ty = of.get("type")?;
    let value = match ty.get("kind")?.as_str()? {
        "yes_no" => json!({ "type": "boolean" }),
        "number" => number(of, ty.get("places").and_then(Value::as_u64).unwrap_or(0)),
        "enum" => json!({ "enum": ty.get("variants") }),
        "date" => json!({ "type": "string", "format": "date", "pattern": "^(19|20|21)" }),
        "instant" => instant(),
        "time_of_day" => json!({ "type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d$" }),
        "duration" => json!({ "type": "string", "pattern": minutes(of) }),
        "nhs_number" => json!({ "type": "string", "pattern": r"^\d{10}$" }),
        "code" => json!({ "type": "string", "pattern": "^[A-Za-z0-9]{1,12}$" }),
        _ => label(),
    };
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

/// A number in its range, which is in integers of its last place.
fn number(of: &Value, places: u64) -> Value {
    let end = |key: &str| -> Option<Value> {
        let end = end_of(of, key)?;
        serde_json::from_str(&format!("{end}e-{places}")).ok().filter(|_| places > 0).or(Some(end.into()))
    };
    let step = if places == 0 { json!(1) } else { serde_json::from_str(&format!("1e-{places}")).unwrap_or_default() };
    json!({ "type": "number", "minimum": end("from"), "maximum": end("to"), "multipleOf": step })
}

fn instant() -> Value {
    json!({ "type": "string", "format": "date-time", "pattern": INSTANT })
}

fn label() -> Value {
    json!({ "type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9 ._/-]{0,39}$" })
}

fn or_null(of: Value) -> Value {
    json!({ "anyOf": [of, { "type": "null" }] })
}
