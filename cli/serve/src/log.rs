//! The log: one JSON object a line, to standard error. It says what happened and never what was in a case: no value, no
//! query, no address of a caller.

use std::io::{self, Write as _};

use serde_json::{Map, Value};

use crate::clock::stamp;

/// How much is logged.
#[derive(Clone, Copy, Debug)]
pub struct Log {
    /// Each request too, and not only what goes wrong or changes.
    pub requests: bool,
}

impl Log {
    /// Something that changes what the service does.
    pub fn event(self, what: &str, more: Value) {
        write("info", what, more);
    }

    /// Something that is wrong.
    pub fn fault(self, what: &str, why: &str) {
        write("error", what, serde_json::json!({ "why": why }));
    }

    /// A request that was answered.
    pub fn request(self, of: Value) {
        if self.requests {
            write("info", "request", of);
        }
    }
}

/// One line, in one piece, so that two threads do not mix theirs. A log that cannot be written stops nobody.
fn write(level: &str, event: &str, more: Value) {
    let mut line = Map::new();
    line.insert("time".to_owned(), stamp().into());
    line.insert("level".to_owned(), level.into());
    line.insert("event".to_owned(), event.into());
    if let Value::Object(more) = more {
        line.extend(more);
    }
    let line = format!("{}\n", Value::Object(line));
    let _ = io::stderr().lock().write_all(line.as_bytes());
}
