//! `GET /cds-services`: the services, and the data that each needs, as queries that the record system answers beforehand.

use std::sync::Arc;

use axum::extract::State;
use serde_json::{Map, Value, json};

use crate::app::App;
use crate::hooks::Service;
use crate::module::Served;
use crate::reply::{Reply, json as reply_json};

/// Every service whose rule is served.
pub async fn services(State(app): State<Arc<App>>) -> Reply {
    let shelf = app.keeper.shelf();
    let one = |service: &Service| {
        let served = shelf.find(&service.package, service.which()).ok()?;
        Some(described(service, &served))
    };
    let all: Vec<Value> = app.options.cds.service.iter().filter_map(one).collect();
    reply_json(json!({ "services": all }).to_string())
}

fn described(service: &Service, served: &Served) -> Value {
    let title = served.manifest.pointer("/logic/title").and_then(Value::as_str).unwrap_or(&service.id);
    json!({
        "hook": service.hook, "id": service.id, "title": title,
        "description": service.description.as_deref().unwrap_or(title),
        "prefetch": prefetch(&served.manifest),
    })
}

/// A query for each kind of resource from which the facts and events of a rule are read, by their codes.
fn prefetch(manifest: &Value) -> Value {
    let array = |at: &str| manifest.pointer(at).and_then(Value::as_array).into_iter().flatten();
    let mut observed = Vec::new();
    let mut stated = Vec::new();
    let mut happened = Vec::new();
    for fact in array("/layout/facts") {
        observed.extend(codes(fact));
        if fact.pointer("/type/kind").and_then(Value::as_str) == Some("yes_no") {
            stated.extend(codes(fact));
        }
    }
    for event in array("/layout/events") {
        observed.extend(codes(event));
        happened.extend(codes(event));
    }
    let mut queries = Map::from_iter([("patient".to_owned(), json!("Patient/{{context.patientId}}"))]);
    let mut ask = |name: &str, kind: &str, by: &str, codes: &[String]| {
        if !codes.is_empty() {
            let query = format!("{kind}?patient={{{{context.patientId}}}}&{by}={}", codes.join(","));
            queries.insert(name.to_owned(), query.into());
        }
    };
    ask("observations", "Observation", "code", &observed);
    ask("conditions", "Condition", "code", &[stated, happened.clone()].concat());
    ask("procedures", "Procedure", "code", &happened);
    ask("medications", "MedicationAdministration", "code", &happened);
    ask("immunizations", "Immunization", "vaccine-code", &happened);
    ask("encounters", "Encounter", "type", &happened);
    // A search by code finds no administration that refers to a medication.
    if !happened.is_empty() {
        let query = format!(
            "MedicationAdministration?patient={{{{context.patientId}}}}&medication.code={}&_include=MedicationAdministration:medication",
            happened.join(",")
        );
        queries.insert("medications_by_reference".to_owned(), query.into());
    }
    queries.into()
}

/// The kinds of resource that a record system was asked for and did not send along, by the names under which some came: what it sends as null is none,
/// and what it leaves out it could not ask for.
pub fn lacking(manifest: &Value, came: impl Fn(&str) -> bool) -> Vec<String> {
    let queries = prefetch(manifest);
    let asked = queries.as_object().into_iter().flatten().filter(|(name, _)| !came(name));
    let kinds = asked.filter_map(|(_, query)| query.as_str()?.split(['?', '/']).next());
    kinds.map(str::to_owned).collect()
}

/// The codes of a fact or an event as FHIR searches for them.
fn codes(of: &Value) -> Vec<String> {
    let codings = of.get("codings").and_then(Value::as_array).into_iter().flatten();
    let text = |coding: &Value, name: &str| coding.get(name).and_then(Value::as_str).map(str::to_owned);
    let one = |coding: &Value| {
        let code = text(coding, "code")?;
        Some(text(coding, "system").map_or_else(|| code.clone(), |system| format!("{system}|{code}")))
    };
    codings.filter_map(one).collect()
}
