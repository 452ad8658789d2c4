//! What is served: `GET /packages`, and of each its manifest and the schema of its cases; `GET /health` and `GET /metrics`.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::app::App;
use crate::case_schema::case_schema;
use crate::choose::Named;
use crate::module::Served;
use crate::openapi::openapi;
use crate::problem::{ENDING, PACKAGE};
use crate::reply::{JSON, Reply, json, reply, signed};
use crate::shelf::Which;

/// Every package and version.
pub async fn packages(State(app): State<Arc<App>>) -> Reply {
    let shelf = app.keeper.shelf();
    let all: Vec<Value> = shelf.all().map(|served| entry(served)).collect();
    json(json!({ "packages": all }).to_string())
}

fn entry(served: &Served) -> Value {
    let said = |name: &str| served.manifest.pointer(&format!("/logic/{name}")).cloned().unwrap_or(Value::Null);
    let [from, until] = &served.in_force;
    json!({
        "package": served.package, "version": served.version, "title": said("title"), "status": said("status"),
        "in_force": { "from": from, "until": until }, "fingerprint": served.fingerprint, "module": served.hash,
    })
}

/// All that a module says of itself.
pub async fn manifest(State(app): State<Arc<App>>, named: Named) -> Reply {
    of(&app, named, |served| served.manifest.to_string())
}

/// The JSON Schema of its cases.
pub async fn schema(State(app): State<Arc<App>>, named: Named) -> Reply {
    of(&app, named, |served| case_schema(&served.manifest).to_string())
}

fn of(app: &App, named: Named, what: impl Fn(&Served) -> String) -> Reply {
    let found = named.ok().flatten().and_then(|Path((package, version))| {
        app.keeper.shelf().find(&package, Which { version: Some(&version), on: None }).ok()
    });
    found.map_or_else(
        || PACKAGE.because("GET /packages lists those that are"),
        |served| signed(json(what(&served)), &served),
    )
}

/// Whether it answers: 503 once it is about to end, so that nobody new is sent here.
pub async fn health(State(app): State<Arc<App>>) -> Reply {
    if app.is_ending() {
        return ENDING.reply();
    }
    let modules = app.keeper.shelf().all().count();
    json(json!({ "status": "ok", "modules": modules, "last_change": app.keeper.last_change() }).to_string())
}

/// What is counted.
pub async fn metrics(State(app): State<Arc<App>>) -> Reply {
    let text = app.metrics.text(&app.keeper.shelf(), app.at_once());
    reply(StatusCode::OK, "text/plain; version=0.0.4; charset=utf-8", text)
}

/// What this service takes and gives.
pub async fn description(State(app): State<Arc<App>>) -> Reply {
    reply(StatusCode::OK, JSON, openapi(&app).to_string())
}
