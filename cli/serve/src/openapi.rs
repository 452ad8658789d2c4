//! `GET /openapi.json`: what this service takes and gives, as OpenAPI 3.1, for the modules that are served now. The tests hold its answers
//! to it.

use serde_json::{Map, Value, json};

use crate::app::App;
use crate::case_schema::{case_schema, settings_schema};
use crate::module::Served;
use crate::problem::{
    ALL, BROKEN, BUSY, DEADLINE, ENDING, LARGE, LOGIC, MEDIA, NOWHERE, PACKAGE, PREFETCH, PROBLEM, Problem, QUERY,
    REFUSED, SETTINGS, SHAPE, SLOW, STOPPED, SYNTAX, TOKEN,
};
use crate::reply::{JSON, NDJSON};
use crate::shelf::Shelf;

/// What can be wrong with any request for a module.
const OF_MODULE: [Problem; 5] = [PACKAGE, LOGIC, MEDIA, SETTINGS, SYNTAX];
/// What can be wrong with a case.
const OF_CASE: [Problem; 6] = [SLOW, LARGE, REFUSED, BROKEN, STOPPED, DEADLINE];

/// The description of this service.
pub fn openapi(app: &App) -> Value {
    let shelf = app.keeper.shelf();
    let mut paths = json!({
        "/packages": { "get": gives("Every package and version that is served", JSON, "Packages", &[], &[]) },
        "/packages/{package}/{version}": { "get": of_package(&shelf, "All that a module says of itself", "Object") },
        "/packages/{package}/{version}/schema": { "get": of_package(&shelf, "The JSON Schema of its cases", "Object") },
        "/cds-services": { "get": gives("The services of CDS Hooks 2.0, and the data that each needs", JSON, "Object", &[], &[]) },
        "/cds-services/{id}": { "post": of_hook(app, "The cards of a service", "Call", &OF_HOOK) },
        "/cds-services/{id}/feedback": {
            "post": of_hook(app, "What became of cards", "Feedback", &[SHAPE, NOWHERE, SLOW, LARGE, MEDIA, SYNTAX]),
        },
        "/health": { "get": { "security": [], "summary": "Whether it answers", "responses": {
            "200": content("It does", JSON, "Health"),
            "503": problems(&[ENDING]),
            "429": problems(&[BUSY]),
            "400": problems(&[QUERY]),
        } } },
        "/metrics": { "get": gives("What is counted, as Prometheus reads it", "text/plain", "Text", &[], &[]) },
        "/openapi.json": { "get": gives("This description", JSON, "Object", &[], &[]) },
    });
    if let Some(all) = paths.as_object_mut() {
        all.extend(routes_of_modules(&shelf));
    }
    let secured = app.options.token.is_some();
    let schemes = secured.then(|| json!({ "token": { "type": "http", "scheme": "bearer" } }));
    let mut components = Map::from_iter([("schemas".to_owned(), Value::Object(schemas(app, &shelf)))]);
    components.extend(schemes.map(|schemes| ("securitySchemes".to_owned(), schemes)));
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Concord", "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
            "description": "Clinical and operational standards, answered by the modules that are named here. A missing fact is unknown, and what it leaves possible is said.",
        },
        "paths": paths,
        "components": components,
        "security": if secured { json!([{ "token": [] }]) } else { json!([]) },
    })
}

/// The routes that are sent cases. Those that name the module in their query are described where there is one, as only then it is clear which body they take.
fn routes_of_modules(shelf: &Shelf) -> Map<String, Value> {
    let mut all = Map::new();
    for served in shelf.all() {
        let at = format!("/packages/{}/{}", served.package, served.version);
        let only = shelf.all().count() == 1;
        for (prefix, parameters) in [(Some(at.as_str()), Vec::new()), (only.then_some(""), which(shelf))] {
            let Some(prefix) = prefix else { continue };
            for (route, how) in cases(served, &parameters) {
                all.insert(format!("{prefix}{route}"), json!({ "post": how }));
            }
        }
    }
    all
}

/// The three routes that are sent cases of a module.
fn cases(served: &Served, parameters: &[Value]) -> [(&'static str, Value); 3] {
    let of_case: Vec<Problem> = OF_MODULE.into_iter().chain(OF_CASE).collect();
    let case = case_name(&served.package, &served.version);
    let asks = |summary, kind, body: &str, said, wrong: &[Problem]| {
        asks(served, summary, parameters, (kind, body), (kind, said), wrong)
    };
    [
        ("/evaluate", asks("Answers a case: a decision record without reasons", JSON, &case, "Record", &of_case)),
        (
            "/explain",
            asks(
                "Answers a case, with the reasons of every answer in the author's words",
                JSON,
                &case,
                "Record",
                &of_case,
            ),
        ),
        (
            "/evaluate/batch",
            asks(
                "Answers a case a line with a record a line, while the lines still come",
                NDJSON,
                "Lines",
                "Lines",
                &OF_MODULE,
            ),
        ),
    ]
}

/// The query that names a module.
fn which(shelf: &Shelf) -> Vec<Value> {
    let query = |name: &str, schema: Value, words: &str| json!({ "name": name, "in": "query", "required": name == "package", "schema": schema, "description": words });
    let day = json!({ "type": "string", "format": "date" });
    vec![
        query("package", json!({ "enum": names(shelf) }), "Whose logic"),
        query(
            "version",
            json!({ "type": "string" }),
            "Which version; needed where several are served, unless `on` says",
        ),
        query("on", day, "The version in force on this day"),
    ]
}

/// A route that is sent a body for a module.
fn asks(
    served: &Served,
    summary: &str,
    which: &[Value],
    (kind, body): (&str, &str),
    gives_: (&str, &str),
    wrong: &[Problem],
) -> Value {
    let mut parameters = which.to_vec();
    parameters.extend([
        json!({
            "name": "settings", "in": "query", "required": false,
            "content": { JSON: { "schema": settings_schema(&served.manifest) } },
            "description": "A member's settings, within what the standard lets members set",
        }),
        json!({
            "name": "member", "in": "query", "required": false, "schema": member_schema(&served.manifest),
            "description": "A member's code: its settings are in force as far as their approval holds on the day of `as_of`; `settings` count before them",
        }),
        json!({
            "name": "Concord-Fingerprint", "in": "header", "required": false, "schema": { "type": "string" },
            "description": "The logic that must answer; 409 where another runs",
        }),
    ]);
    let mut route = gives(summary, gives_.0, gives_.1, &parameters, wrong);
    let schema = json!({ "$ref": format!("#/components/schemas/{body}") });
    let body = json!({ "required": true, "content": { kind: { "schema": schema } } });
    route.insert("requestBody".to_owned(), body);
    Value::Object(route)
}

fn of_package(shelf: &Shelf, summary: &str, schema: &str) -> Value {
    let versions: Vec<&str> = shelf.all().map(|served| served.version.as_str()).collect();
    let path =
        |name: &str, all: Value| json!({ "name": name, "in": "path", "required": true, "schema": { "enum": all } });
    let parameters = [path("package", json!(names(shelf))), path("version", json!(versions))];
    Value::Object(gives(summary, JSON, schema, &parameters, &[PACKAGE]))
}

/// What can be wrong with a call of CDS Hooks.
const OF_HOOK: [Problem; 11] =
    [SHAPE, SYNTAX, NOWHERE, PREFETCH, SLOW, LARGE, MEDIA, REFUSED, BROKEN, STOPPED, DEADLINE];

/// A route of a service of CDS Hooks.
fn of_hook(app: &App, summary: &str, body: &str, wrong: &[Problem]) -> Value {
    let ids: Vec<&str> = app.options.cds.service.iter().map(|service| service.id.as_str()).collect();
    // Where there is no service, any id is none.
    let schema = if ids.is_empty() { json!({ "type": "string" }) } else { json!({ "enum": ids }) };
    let parameter = json!({ "name": "id", "in": "path", "required": true, "schema": schema });
    let mut route = gives(summary, JSON, "Object", &[parameter], wrong);
    let schema = json!({ "$ref": format!("#/components/schemas/{body}") });
    let body = json!({ "required": true, "content": { JSON: { "schema": schema } } });
    route.insert("requestBody".to_owned(), body);
    Value::Object(route)
}

/// What can be wrong with any request: its query, that it comes without the token, or that there is no room.
const OF_ALL: [Problem; 3] = [QUERY, TOKEN, BUSY];

/// A route that answers with this.
fn gives(summary: &str, kind: &str, schema: &str, parameters: &[Value], wrong: &[Problem]) -> Map<String, Value> {
    let mut responses = Map::new();
    responses.insert("200".to_owned(), content("Answered", kind, schema));
    for problem in OF_ALL.iter().chain(wrong) {
        let same: Vec<Problem> = OF_ALL.iter().chain(wrong).filter(|other| other.1 == problem.1).copied().collect();
        responses.insert(problem.1.to_string(), problems(&same));
    }
    let all: [(&str, Value); 3] =
        [("summary", summary.into()), ("parameters", parameters.into()), ("responses", responses.into())];
    all.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn content(words: &str, kind: &str, schema: &str) -> Value {
    json!({
        "description": words,
        "content": { kind: { "schema": { "$ref": format!("#/components/schemas/{schema}") } } },
    })
}

fn problems(of: &[Problem]) -> Value {
    let mut words: Vec<&str> = of.iter().map(|problem| problem.2).collect();
    words.dedup();
    content(&words.join(" Or: "), PROBLEM, "Problem")
}

fn names(shelf: &Shelf) -> Vec<&str> {
    let mut names: Vec<&str> = shelf.all().map(|served| served.package.as_str()).collect();
    names.dedup();
    names
}

/// What goes in and out, by name.
fn schemas(app: &App, shelf: &Shelf) -> Map<String, Value> {
    let cases = shelf.all().map(|served| (case_name(&served.package, &served.version), case_schema(&served.manifest)));
    let mut all = Map::from_iter(cases);
    let rest = [
        ("Record", record()),
        ("Problem", problem()),
        ("Lines", json!({ "description": LINES })),
        ("Call", hook_call(app)),
        ("Feedback", hook_feedback()),
        ("Packages", packages()),
        ("Health", health()),
        ("Object", json!({ "type": "object" })),
        ("Text", json!({ "type": "string" })),
    ];
    all.extend(rest.into_iter().map(|(name, schema)| (name.to_owned(), schema)));
    all
}

/// What stands on the lines of a batch.
const LINES: &str = "A JSON text a line. Each that comes out has its `line`, and is a Record, or has `refused`, `broken` or a `problem`.";

fn record() -> Value {
    json!({
        "type": "object", "required": ["package", "version", "status", "fingerprint", "module", "answers"],
        "properties": {
            "package": { "type": "string" }, "version": { "type": "string" },
            "status": { "enum": ["approved", "draft"] }, "fingerprint": { "type": "string" },
            "module": { "type": "string", "pattern": "^sha256:[0-9a-f]{64}$" },
            "as_of": { "type": ["string", "null"] }, "settings": { "type": "object" },
            "answers": { "type": "object", "additionalProperties": {
                "type": "object", "required": ["kind", "text"],
                "properties": {
                    "kind": { "enum": ["value", "none", "unknown", "verdict"] }, "text": { "type": "string" },
                },
            } },
        },
    })
}

fn problem() -> Value {
    let urns: Vec<String> = ALL.into_iter().map(Problem::urn).collect();
    let fault = json!({
        "type": "object", "required": ["code", "at"],
        "properties": {
            "code": { "type": "string", "pattern": "^D[0-9]{2}$" }, "at": { "type": "string" },
            "expected": { "type": "string" },
        },
    });
    json!({
        "type": "object", "required": ["type", "title", "status"],
        "properties": {
            "type": { "enum": urns }, "title": { "type": "string" }, "status": { "type": "integer" },
            "detail": { "type": "string" }, "refused": { "type": "array", "items": fault },
            "broken": { "type": "string" },
        },
    })
}

/// What a record system sends, as CDS Hooks 2.0 has it.
fn hook_call(app: &App) -> Value {
    let mut hooks: Vec<&str> = app.options.cds.service.iter().map(|service| service.hook.as_str()).collect();
    hooks.sort_unstable();
    hooks.dedup();
    let hook = if hooks.is_empty() { json!({ "type": "string" }) } else { json!({ "enum": hooks }) };
    let resource = json!({
        "type": "object", "required": ["resourceType"],
        "properties": { "resourceType": { "type": "string" } },
    });
    json!({
        "type": "object", "required": ["hook", "hookInstance", "context", "prefetch"],
        "properties": {
            "hook": hook, "hookInstance": { "type": "string" },
            "context": {
                "type": "object", "required": ["patientId"], "properties": { "patientId": { "type": "string" } },
            },
            "prefetch": { "type": "object", "additionalProperties": { "anyOf": [{ "type": "null" }, resource] } },
        },
    })
}

/// What became of cards, as CDS Hooks 2.0 has it.
fn hook_feedback() -> Value {
    let one = json!({
        "type": "object", "required": ["card", "outcome", "outcomeTimestamp"],
        "properties": {
            "card": { "type": "string", "format": "uuid", "pattern": "^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$" },
            "outcome": { "enum": ["accepted", "overridden"] },
            "outcomeTimestamp": { "type": "string" },
            "overrideReason": {
                "type": ["object", "null"],
                "properties": {
                    "reason": {
                        "type": ["object", "null"], "required": ["code"],
                        "properties": { "code": { "type": "string" }, "system": { "type": ["string", "null"] } },
                    },
                    "userComment": { "type": ["string", "null"] },
                },
            },
        },
    });
    json!({
        "type": "object", "required": ["feedback"], "properties": { "feedback": { "type": "array", "items": one } },
    })
}

fn packages() -> Value {
    let one = json!({
        "type": "object",
        "required": ["package", "version", "title", "status", "in_force", "fingerprint", "module"],
    });
    json!({
        "type": "object", "required": ["packages"],
        "properties": { "packages": { "type": "array", "items": one } },
    })
}

fn health() -> Value {
    json!({
        "type": "object", "required": ["status", "modules", "last_change"],
        "properties": {
            "status": { "const": "ok" }, "modules": { "type": "integer" },
            "last_change": { "enum": ["in use", "refused"] },
        },
    })
}

/// The name of a module's cases among the schemas.
fn case_name(package: &str, version: &str) -> String {
    format!("{package}_{version}")
}

/// The codes of a package's members.
fn member_schema(manifest: &Value) -> Value {
    let members = manifest.pointer("/logic/members").and_then(Value::as_array).into_iter().flatten();
    let codes: Vec<&Value> = members.filter_map(|member| member.get("code")).collect();
    // Of none every code is refused, and an enumeration of nothing is no schema.
    if codes.is_empty() {
        json!({ "type": "string", "maxLength": 0 })
    } else {
        json!({ "type": "string", "enum": codes })
    }
}
