//! What stands before every route: is there room, may the caller; and behind it: how long it took, what is logged and counted.

use std::sync::Arc;

use axum::extract::{MatchedPath, Request, State};
use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, CONNECTION, HeaderValue};
use axum::middleware::Next;
use serde_json::{Map, Value};

use crate::app::App;
use crate::clock;
use crate::evaluate::Used;
use crate::problem::{BUSY, TOKEN};
use crate::reply::Reply;

/// The one route that needs no token, so that whoever starts and stops services can ask.
const OPEN: &str = "/health";
/// Routes that answer however many others are under way: a busy service is not a dead one, and its metrics tell most while it is busy.
const ALWAYS: [&str; 2] = [OPEN, "/metrics"];
/// Methods by the names that they have; what else a caller writes there is his, and not logged.
const METHODS: [&str; 8] = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"];

/// Lets a request through, and says what became of it.
pub async fn guard(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Reply {
    let began = clock::now();
    let route =
        request.extensions().get::<MatchedPath>().map_or("other".into(), |path| Arc::<str>::from(path.as_str()));
    let method = request.method().clone();
    let trace = trace(request.headers());
    let shown = request.headers().get(AUTHORIZATION).map(HeaderValue::as_bytes);
    let known = &*route == OPEN || app.options.token.as_ref().is_none_or(|token| token.is_shown(shown));
    let ticket = app.enter(ALWAYS.contains(&&*route));
    let mut reply = match ticket {
        None => BUSY.reply(),
        Some(_) if !known => TOKEN.reply(),
        Some(ticket) => {
            let ticket = Arc::new(ticket);
            request.extensions_mut().insert(Arc::clone(&ticket));
            let reply = next.run(request).await;
            drop(ticket);
            reply
        }
    };
    if app.is_ending() {
        reply.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    let took = began.elapsed();
    let status = reply.status().as_u16();
    app.metrics.request(&route, status, took);
    if app.log.requests {
        let mut line = Map::new();
        let named = METHODS.into_iter().find(|name| *name == method.as_str());
        // Of any other method the log says that it was another.
        line.insert("method".to_owned(), named.unwrap_or("other").into());
        line.insert("route".to_owned(), (*route).into());
        line.insert("status".to_owned(), status.into());
        line.insert("micros".to_owned(), u64::try_from(took.as_micros()).unwrap_or(u64::MAX).into());
        if let Some(Used { served, outcome }) = reply.extensions_mut().remove::<Used>() {
            line.insert("package".to_owned(), served.package.as_str().into());
            line.insert("version".to_owned(), served.version.as_str().into());
            line.insert("outcome".to_owned(), outcome.into());
        }
        line.extend(trace.map(|trace| ("trace".to_owned(), trace.into())));
        app.log.request(Value::Object(line));
    }
    reply
}

/// The id of a W3C trace: 32 hexadecimal digits of `traceparent`, and nothing else that a caller sends.
fn trace(headers: &HeaderMap) -> Option<String> {
    let text = headers.get("traceparent")?.to_str().ok()?;
    let id = text.split('-').nth(1)?;
    (id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit())).then(|| id.to_owned())
}
