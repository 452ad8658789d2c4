//! How a case is asked about.

use std::time::Duration;

use serde_json::Value;

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

    /// The settings of the call itself.
    pub(crate) fn given(&self) -> &str {
        self.settings.as_deref().unwrap_or("{}")
    }

    /// The text of a case with the instant, put before whatever else it says, so that the module sees what is given twice.
    pub(crate) fn text(&self, case: &[u8]) -> Vec<u8> {
        let as_of = self.as_of.iter().map(|as_of| ("as_of", Value::from(as_of.as_str())));
        with_first(case, as_of.collect())
    }
}

/// An object with these entries put before whatever else it says, so that the module sees what is given twice. What is no object stays as it is.
pub(crate) fn with_first(text: &[u8], entries: Vec<(&str, Value)>) -> Vec<u8> {
    let blank = |byte: &&u8| matches!(**byte, b' ' | b'\t' | b'\r' | b'\n');
    let marked = if text.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let open = marked + text.iter().skip(marked).take_while(blank).count();
    // A text that ends before is no object.
    let (head, rest) = text.split_at_checked(open + 1).unwrap_or((text, &[]));
    if entries.is_empty() || head.last() != Some(&b'{') {
        return text.to_vec();
    }
    let alone = rest.iter().find(|byte| !blank(byte)) == Some(&b'}');
    let said: Vec<String> = entries.into_iter().map(|(name, value)| format!("{}:{value}", Value::from(name))).collect();
    let comma = if alone { "" } else { "," };
    [head, said.join(",").as_bytes(), comma.as_bytes(), rest].concat()
}
