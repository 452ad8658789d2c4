//! `POST /cds-services/{id}`: what the record system sends, as a case; and the card that its answers make.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::{Path, Request, State};
use concord_engine::values::calendar::read_instant;
use concord_fhir::{Mapped, read_about};
use concord_wasm::run::Replied;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::app::App;
use crate::asked;
use crate::cds::card::card;
use crate::cds::discovery::lacking;
use crate::clock::stamp;
use crate::evaluate::{Used, is_of, whole, with_module};
use crate::faults;
use crate::hooks::Service;
use crate::module::Served;
use crate::object::{Object, Once};
use crate::pool::{Entry, Failure, GROUP};
use crate::problem::{BROKEN, DEADLINE, NOWHERE, PREFETCH, REFUSED, SHAPE, STOPPED};
use crate::reply::{JSON, Reply, json as reply_json, signed};

/// What a record system sends.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Call<'a> {
    hook: String,
    #[serde(rename = "hookInstance")]
    _instance: String,
    context: Object<Context>,
    #[serde(borrow, default)]
    prefetch: Option<Prefetch<'a>>,
}

/// Where in the record system somebody works; of which patient, every hook that has data says.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Context {
    patient_id: String,
}

/// What came along, by the names that discovery gave it; null where there is none.
type Prefetch<'a> = Once<Option<&'a RawValue>>;

/// A resource of those that came along, or a bundle of them, as far as its shape goes.
#[derive(Deserialize)]
struct Brought {
    #[serde(rename = "resourceType")]
    _resource_type: String,
    #[serde(rename = "entry", default)]
    _entry: Vec<Object<serde::de::IgnoredAny>>,
}

/// What was asked: of which patient, one bundle of all that came along, and the names under which something, or nothing, did.
struct Asked {
    patient: String,
    bundle: Vec<u8>,
    names: BTreeSet<String>,
}

const CALL: &str = "a call has `hook`, `hookInstance`, `context` with the `patientId`, and `prefetch`, an object, as CDS Hooks 2.0 has it";
const RESOURCE: &str = "each of `prefetch` is null or a FHIR resource, with its `resourceType`";

/// Answers with a card, or with none.
pub async fn call(State(app): State<Arc<App>>, Path(id): Path<String>, request: Request) -> Reply {
    called(app, id, request).await.unwrap_or_else(|problem| *problem)
}

async fn called(app: Arc<App>, id: String, request: Request) -> Result<Reply, Box<Reply>> {
    let (head, body) = request.into_parts();
    if app.options.cds.called(&id).is_none() {
        return Err(Box::new(NOWHERE.reply()));
    }
    is_of(&head.headers, &[JSON])?;
    let text = whole(&app, &head.headers, body).await?;
    // A patient may have thousands of resources, and nobody else waits for them to be read.
    let own = Arc::clone(&app);
    let answered = tokio::task::spawn_blocking(move || answered(&own, &id, &text)).await;
    answered.unwrap_or_else(|_| {
        app.log.fault("module stopped", "its thread ended");
        Err(Box::new(STOPPED.reply()))
    })
}

/// What a call is answered with, from the text of it.
fn answered(app: &App, id: &str, text: &[u8]) -> Result<Reply, Box<Reply>> {
    let Some(service) = app.options.cds.called(id) else { return Err(Box::new(NOWHERE.reply())) };
    let served = app.keeper.shelf().find(&service.package, service.which()).map_err(|_| Box::new(NOWHERE.reply()))?;
    let Asked { patient, bundle, names } = asked(service, text)?;
    let wanted = served.wanted.as_ref().map_err(|why| Box::new(STOPPED.because(why)))?;
    // A record system asks about now, and sends no time of its own.
    let as_of = read_instant(&stamp()).ok();
    let lacking = lacking(&served.manifest, |name| names.contains(name));
    let lacking: Vec<&str> = lacking.iter().map(String::as_str).collect();
    let Mapped { case, report } =
        read_about(&patient, &lacking, &bundle, (wanted, as_of)).map_err(|why| Box::new(SHAPE.because(&why)))?;
    let stopped = |why: String| {
        app.log.fault("no card could be made", &why);
        Box::new(STOPPED.reply())
    };
    let record = record(app, &served, &case)?;
    let record: Value = serde_json::from_slice(&record).map_err(|_| stopped("the record is no JSON".to_owned()))?;
    let card = card(service, &served, &record, &report).map_err(stopped)?;
    let cards: Vec<Value> = card.into_iter().collect();
    let mut reply = signed(reply_json(json!({ "cards": cards }).to_string()), &served);
    reply.extensions_mut().insert(Used { served, outcome: if cards.is_empty() { "no card" } else { "card" } });
    Ok(reply)
}

/// Reads a call.
fn asked(service: &Service, text: &[u8]) -> Result<Asked, Box<Reply>> {
    let Object(call): Object<Call<'_>> = serde_json::from_slice(text).map_err(|_| Box::new(SHAPE.because(CALL)))?;
    if call.hook != service.hook {
        return Err(Box::new(SHAPE.because(&format!("this service answers at the hook `{}`", service.hook))));
    }
    let Some(Once(prefetch)) = call.prefetch else { return Err(Box::new(PREFETCH.reply())) };
    let names = prefetch.keys().cloned().collect();
    let mut entries = Vec::new();
    for text in prefetch.into_values().flatten() {
        let _: Object<Brought> = serde_json::from_str(text.get()).map_err(|_| Box::new(SHAPE.because(RESOURCE)))?;
        // What came as a bundle is one within this, so that a page of several, or an outcome that says that something is not there, is noticed.
        entries.push(format!("{{\"resource\":{}}}", text.get()));
    }
    let bundle = format!("{{\"resourceType\":\"Bundle\",\"entry\":[{}]}}", entries.join(",")).into_bytes();
    let Object(Context { patient_id }) = call.context;
    let patient = patient_id.strip_prefix("Patient/").map_or_else(|| patient_id.clone(), str::to_owned);
    Ok(Asked { patient, bundle, names })
}

/// The record of the case, with reasons.
fn record(app: &App, served: &Served, case: &Value) -> Result<Vec<u8>, Box<Reply>> {
    let asked = served.pool.ask(case.to_string().as_bytes(), Entry::Explain, GROUP);
    asked::outcome(app, served, &asked);
    match asked {
        Ok(Replied::Answered(record)) => Ok(with_module(&record, served)),
        Ok(Replied::Refused(faults)) => Err(Box::new(REFUSED.of_module(&faults::read(&faults)))),
        Ok(Replied::Broken(said)) => Err(Box::new(BROKEN.of_module(&faults::read(&said)))),
        Err(Failure::Deadline) => Err(Box::new(DEADLINE.reply())),
        Err(Failure::Settings(_) | Failure::Stopped(_)) => Err(Box::new(STOPPED.reply())),
    }
}
