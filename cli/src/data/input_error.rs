//! What is wrong with a case that was handed in: a stable code, the place, and a sentence that never repeats patient data.

use serde_json::{Map, Value};
use std::fmt;

/// One thing wrong with an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputError {
    /// A stable code, see [`CODES`].
    pub code: &'static str,
    /// Where in the case: `events[3].at`; empty for the whole input.
    pub path: String,
    /// The same as a JSON pointer: `/events/3/at`.
    pub at: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What belongs there: `a whole number from 30 to 100 %`.
    pub expected: Option<String>,
    /// What is wrong; the value itself only where the caller asked to show values.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl InputError {
    /// For programs: code, place, and what belongs there.
    #[must_use]
    pub fn json(&self) -> Value {
        let mut object = Map::new();
        object.insert("code".to_owned(), self.code.into());
        object.insert("at".to_owned(), self.at.as_str().into());
        object.insert("line".to_owned(), self.line.into());
        object.insert("column".to_owned(), self.column.into());
        object.extend(self.expected.as_ref().map(|expected| ("expected".to_owned(), expected.as_str().into())));
        object.insert("message".to_owned(), self.message.as_str().into());
        object.extend(self.help.as_ref().map(|help| ("help".to_owned(), help.as_str().into())));
        Value::Object(object)
    }
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let InputError { code, line, column, .. } = self;
        write!(f, "error[{code}]: line {line}, column {column}: ")?;
        if !self.path.is_empty() {
            write!(f, "`{}`: ", self.path)?;
        }
        f.write_str(&self.message)?;
        match &self.help {
            Some(help) => write!(f, " ({help})"),
            None => Ok(()),
        }
    }
}

/// Every code with what it means; `concord explain` and the documentation read this.
pub const CODES: [(&str, &str); 24] = [
    ("D01", "The input is empty."),
    ("D02", "The input is not UTF-8."),
    ("D03", "The input is larger than the limit of 16 MiB a case."),
    ("D04", "The input is not well-formed JSON."),
    ("D05", "A key occurs twice in one object."),
    ("D06", "The subject has no fact of this name."),
    ("D07", "The value is of a different kind from the declared type."),
    ("D08", "The value is outside the declared range."),
    ("D09", "The number has more digits after the point than declared."),
    ("D10", "The enum has no such variant."),
    ("D11", "This is not a date, time or duration."),
    ("D12", "`as_of` is missing, and the rules depend on it."),
    ("D13", "The subject has no such event, or the event is not named."),
    ("D14", "An event has no `at`: write null if it happened at an unknown time."),
    ("D15", "The case has more events than the rule takes."),
    ("D16", "The value is \"none\" and the type is not optional."),
    ("D17", "A label is empty, too long, or has characters that act on what shows it."),
    ("D18", "The record does not fit the JSON Schema of the subject."),
    ("D19", "More errors follow than are listed."),
    ("D20", "A time is more precise than a millisecond; digits that are 0 may follow."),
    ("D21", "The NHS number does not check: its last digit does not fit the others."),
    ("D23", "The number is in a unit that its fact does not declare."),
    ("D24", "The standard fixes this parameter for every member."),
    ("D25", "An event that lasts ends before it starts."),
];
