//! How a case is asked about.

use std::time::Duration;

/// How a case is asked about.
#[derive(Clone, Debug, Default)]
pub struct Asking {
    pub(crate) as_of: Option<String>,
    pub(crate) settings: Option<String>,
    pub(crate) member: Option<String>,
    pub(crate) explain: bool,
    pub(crate) deadline: Option<Duration>,
}

impl Asking {
    /// Without anything said.
    #[must_use]
    pub fn new() -> Asking {
        Asking::default()
    }

    /// The instant to judge at, RFC 3339 with its zone, for a case that does not say it.
    #[expect(clippy::wrong_self_convention, reason = "the word of the rules, and of all hosts")]
    #[must_use]
    pub fn as_of(mut self, instant: impl Into<String>) -> Asking {
        self.as_of = Some(instant.into());
        self
    }

    /// A member's settings as JSON, in force for this call and no others.
    #[must_use]
    pub fn settings(mut self, json: impl Into<String>) -> Asking {
        self.settings = Some(json.into());
        self
    }

    /// A member's code: its settings of the manifest are in force, as far as their approval holds on the day of `as_of` in London.
    #[must_use]
    pub fn member(mut self, code: impl Into<String>) -> Asking {
        self.member = Some(code.into());
        self
    }

    /// Has each answer say why.
    #[must_use]
    pub fn explain(mut self) -> Asking {
        self.explain = true;
        self
    }

    /// After how long the answer is of no use; where nothing is left, there is none.
    #[must_use]
    pub fn deadline(mut self, most: Duration) -> Asking {
        self.deadline = Some(most);
        self
    }

    /// The text of a case with the instant, put before whatever else it says, so that the module sees what is given twice.
    pub(crate) fn text(&self, case: &[u8]) -> Vec<u8> {
        let open = case.iter().position(|byte| !byte.is_ascii_whitespace());
        let rest = open.and_then(|at| case.get(at..)).and_then(|case| case.strip_prefix(b"{"));
        let (Some(as_of), Some(rest)) = (&self.as_of, rest) else { return case.to_vec() };
        let comma = if rest.trim_ascii_start().starts_with(b"}") { "" } else { "," };
        let said = format!("{{\"as_of\":{}{comma}", serde_json::Value::from(as_of.as_str()));
        [said.as_bytes(), rest].concat()
    }
}
