//! What is wrong with a request, as RFC 9457 has it: `application/problem+json`. A case that is refused has its faults beside, each with
//! its code and its place as a JSON pointer.

use axum::http::StatusCode;
use axum::http::header::{CONNECTION, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use serde_json::{Map, Value};

use crate::reply::{Reply, reply};

/// The type of the body.
pub const PROBLEM: &str = "application/problem+json";

/// A problem: its name in the `type`, its status, and what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Problem(pub &'static str, pub u16, pub &'static str);

/// Every problem there is.
pub const ALL: [Problem; 19] = [
    QUERY, SYNTAX, SHAPE, PREFETCH, TOKEN, NOWHERE, PACKAGE, METHOD, SLOW, LOGIC, LARGE, MEDIA, REFUSED, SETTINGS,
    BROKEN, BUSY, STOPPED, DEADLINE, ENDING,
];

/// The query cannot be read.
pub const QUERY: Problem = Problem("query", 400, "The query of the address is not one that this route has.");
/// The body is no JSON.
pub const SYNTAX: Problem = Problem("not-json", 400, "The body is not well-formed JSON.");
/// The body has another shape.
pub const SHAPE: Problem = Problem("shape", 400, "The body is not what this route takes.");
/// A record system sent no data along.
pub const PREFETCH: Problem = Problem("prefetch", 412, "The data that the service asks for were not sent along.");
/// No token, or another.
pub const TOKEN: Problem = Problem("token", 401, "The token of this service is needed: Authorization: Bearer …");
/// No such route.
pub const NOWHERE: Problem = Problem("route", 404, "There is no such route; GET /openapi.json lists those there are.");
/// No such package, or no such version.
pub const PACKAGE: Problem = Problem("package", 404, "No such package or version is served.");
/// The route has another method.
pub const METHOD: Problem = Problem("method", 405, "This route does not have this method.");
/// The body did not arrive in time.
pub const SLOW: Problem = Problem("slow", 408, "The body did not arrive in time.");
/// Another logic runs than was required, or it is not said which version is meant.
pub const LOGIC: Problem = Problem("version", 409, "It is not one logic that is meant and runs.");
/// The body is too large.
pub const LARGE: Problem = Problem("large", 413, "The body is larger than this service takes.");
/// The body is of another type.
pub const MEDIA: Problem = Problem("media-type", 415, "The body is not of a type that this route takes.");
/// The case is refused.
pub const REFUSED: Problem = Problem("refused", 422, "The case is refused.");
/// The settings are refused.
pub const SETTINGS: Problem = Problem("settings", 422, "The settings are refused.");
/// A claim is broken.
pub const BROKEN: Problem = Problem("broken", 422, "The case cannot be as it is recorded; no answer is given.");
/// Too many at once.
pub const BUSY: Problem = Problem("busy", 429, "More requests at once than this service takes; try again.");
/// The module stopped.
pub const STOPPED: Problem = Problem("stopped", 500, "The module stopped; no answer is given.");
/// The case took too long.
pub const DEADLINE: Problem = Problem("deadline", 503, "The case took longer than this service allows.");
/// The service is about to end.
pub const ENDING: Problem = Problem("ending", 503, "This service is about to end.");

impl Problem {
    /// The URN in `type`.
    pub fn urn(self) -> String {
        format!("urn:concord:problem:{}", self.0)
    }

    fn object(self, detail: Option<&str>) -> Map<String, Value> {
        let mut object = Map::new();
        object.insert("type".to_owned(), self.urn().into());
        object.insert("title".to_owned(), self.2.into());
        object.insert("status".to_owned(), self.1.into());
        object.extend(detail.map(|detail| ("detail".to_owned(), detail.into())));
        object
    }

    /// With nothing more to say.
    pub fn reply(self) -> Reply {
        self.with(self.object(None))
    }

    /// With what is wrong here.
    pub fn because(self, detail: &str) -> Reply {
        self.with(self.object(Some(detail)))
    }

    /// With what a module says of it: `{"refused": […]}` or `{"broken": …}`.
    pub fn of_module(self, said: &Value) -> Reply {
        let mut object = self.object(None);
        // What a module says is an object; else there is nothing to add.
        object.extend(said.as_object().cloned().unwrap_or_default());
        self.with(object)
    }

    fn with(self, object: Map<String, Value>) -> Reply {
        let status = StatusCode::from_u16(self.1).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut reply = reply(status, PROBLEM, Value::Object(object).to_string());
        let headers = reply.headers_mut();
        match self.1 {
            401 => headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"concord\"")),
            429 | 503 => headers.insert(RETRY_AFTER, HeaderValue::from_static("1")),
            // The rest of the body is not read.
            408 | 413 => headers.insert(CONNECTION, HeaderValue::from_static("close")),
            _ => None,
        };
        reply
    }
}
