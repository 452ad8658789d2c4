//! Values of a case in JSON that do not fit, where the case is one of an export: as in a row, each counts as missing, and the case is used.

use super::case_path::dotted;
use super::input_error::InputError;
use super::json_text::Node;

/// So many characters of a value are kept.
const MOST_KEPT: usize = 80;

/// A value that counts as missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedValue {
    /// Where in the case: `events[3].at`.
    pub path: String,
    /// The same as a JSON pointer.
    pub at: String,
    /// What is wrong, without the value.
    pub reason: String,
    /// The value, or its first characters; patient data.
    pub found: String,
}

/// What was refused of a case.
#[derive(Default)]
pub(super) struct Refused {
    pub(super) values: Vec<RefusedValue>,
    /// Kinds of event of which one is left out, as nobody can tell when it happened.
    pub(super) kinds: u64,
}

impl Refused {
    /// Keeps a value at a place (a JSON pointer), by the first that is wrong with it.
    pub(super) fn keep(&mut self, at: &str, node: Node<'_>, wrong: InputError) {
        // A row does not say what kind of JSON it has in the place of a value.
        let reason = match wrong.expected {
            Some(expected) if wrong.code == "D07" => format!("expected {expected}"),
            _ => wrong.message,
        };
        let found = node.string().unwrap_or_else(|| node.text().to_owned());
        let found = found.chars().take(MOST_KEPT).collect();
        self.values.push(RefusedValue { path: dotted(at), at: at.to_owned(), reason, found });
    }
}
