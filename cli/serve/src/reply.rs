//! Answers as HTTP has them.

use axum::body::{Body, Bytes};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue};
use axum::http::{Response, StatusCode};

use crate::module::Served;

/// What is sent back.
pub type Reply = Response<Body>;

/// The hash of the logic that answered, and that a caller may require.
pub const FINGERPRINT: HeaderName = HeaderName::from_static("concord-fingerprint");
/// The hash of the module that answered.
const MODULE: HeaderName = HeaderName::from_static("concord-module");

/// Settings of the member that were not in force for a case.
const NOT_APPLIED: HeaderName = HeaderName::from_static("concord-not-applied");

/// JSON.
pub const JSON: &str = "application/json";
/// A JSON text a line.
pub const NDJSON: &str = "application/x-ndjson";

/// A body of this type. Answers are about patients: no cache keeps them.
pub fn reply(status: StatusCode, kind: &'static str, body: impl Into<Body>) -> Reply {
    let mut reply = Response::new(body.into());
    *reply.status_mut() = status;
    reply.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    reply.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    reply
}

/// JSON, answered well.
pub fn json(body: impl Into<Bytes>) -> Reply {
    reply(StatusCode::OK, JSON, body.into())
}

/// Says which logic answered.
pub fn signed(mut reply: Reply, served: &Served) -> Reply {
    let headers = [(FINGERPRINT, &served.fingerprint), (MODULE, &served.hash)];
    for (name, value) in headers {
        if let Ok(value) = HeaderValue::from_str(value) {
            reply.headers_mut().insert(name, value);
        }
    }
    reply
}

/// Says which settings of the member were not in force.
pub fn without(mut reply: Reply, not_applied: &[String]) -> Reply {
    if let Ok(names) = HeaderValue::from_str(&not_applied.join(", "))
        && !not_applied.is_empty()
    {
        reply.headers_mut().insert(NOT_APPLIED, names);
    }
    reply
}
