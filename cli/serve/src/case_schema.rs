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

/// The schema of the settings of members of these modules.
pub fn settings_schema<'m>(manifests: impl Iterator<Item = &'m Value>) -> Value {
    let all = manifests.filter_map(|manifest| manifest.pointer("/layout/parameters")?.as_array());
    let may_set = all.flatten().filter_map(|parameter| {
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
        "duration" => json!({ "type": "string", "pattern": r"^PT\d{1,4}M$" }),
        "nhs_number" => json!({ "type": "string", "pattern": r"^\d{10}$" }),
        "code" => json!({ "type": "string", "pattern": "^[A-Za-z0-9]{1,12}$" }),
        _ => label(),
    };
    let none = of.get("may_be_none").and_then(Value::as_bool).unwrap_or(false);
    let choices = [Some(value), none.then(|| json!({ "const": "none" })), Some(json!({ "type": "null" }))];
    Some((name, json!({ "anyOf": choices.into_iter().flatten().collect::<Vec<_>>() })))
}

/// A number in its range, which the manifest gives as integers of its last place, as text where they are long.
fn number(of: &Value, places: u64) -> Value {
    let end = |key: &str| -> Option<Value> {
        let end = of.get(key)?;
        let end: i64 = end.as_i64().or_else(|| end.as_str()?.parse().ok())?;
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
