//! What the manifest says of the columns of a batch; `wasm/ABI.md` has what it means.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use crate::info::Type;

/// Sizes, facts and outputs.
#[derive(Deserialize)]
pub(crate) struct Placing {
    pub(super) columns: usize,
    pub(super) columns_events: usize,
    pub(super) columns_out: usize,
    pub(super) record_out: usize,
    pub(super) event_field_bytes: Vec<IgnoredAny>,
    pub(super) facts: Vec<Fact>,
    pub(super) events: Vec<IgnoredAny>,
    pub(super) outputs: Vec<Output>,
    pub(super) answers: Vec<Answer>,
    pub(super) verdicts: Vec<String>,
}

impl Placing {
    /// Whether it can be so at all: what a damaged manifest says may lie anywhere.
    pub(crate) fn is_whole(&self) -> bool {
        let Placing { columns, columns_events, columns_out, record_out, .. } = self;
        let sizes = [columns, columns_events, columns_out, record_out];
        let facts = self.facts.iter().map(|fact| fact.bytes);
        let outputs = self.outputs.iter().map(|output| output.bytes);
        let answers = self.answers.iter().flat_map(|of| [of.output, of.verdict, of.trigger, of.due, of.done]);
        sizes.iter().all(|size| (1..1 << 24).contains(*size))
            && facts.chain(outputs).all(|bytes| [1, 2, 4, 8].contains(&bytes))
            && answers.flatten().all(|output| output < self.outputs.len())
            && self.events.len() < 64
    }
}

/// A fact, and its column.
#[derive(Deserialize)]
pub(super) struct Fact {
    pub(super) name: String,
    #[serde(rename = "type")]
    pub(super) of: Type,
    from: Value,
    to: Value,
    pub(super) bytes: usize,
}

impl Fact {
    /// The integers that it may be.
    pub(super) fn range(&self) -> Option<(i64, i64)> {
        let integer = |value: &Value| value.as_i64().or_else(|| value.as_str()?.parse().ok());
        integer(&self.from).zip(integer(&self.to))
    }
}

/// An output, and its column.
#[derive(Deserialize)]
pub(super) struct Output {
    pub(super) bytes: usize,
}

/// Which outputs belong to an answer.
#[derive(Deserialize)]
pub(super) struct Answer {
    pub(super) name: String,
    #[serde(rename = "type")]
    of: Option<Type>,
    output: Option<usize>,
    verdict: Option<usize>,
    trigger: Option<usize>,
    due: Option<usize>,
    done: Option<usize>,
}

impl Answer {
    /// The output of all of it, or of a part, and how that is read; none where batches do not give it.
    pub(super) fn output(&self, part: Option<&str>, verdicts: &[String]) -> Option<(usize, Type)> {
        let kind = |kind: &str, variants| Type { kind: kind.to_owned(), places: None, unit: None, variants };
        let instant = |output: Option<usize>| Some((output?, kind("instant", None)));
        match part {
            None => match &self.of {
                Some(of) => Some((self.output?, of.clone())),
                None => Some((self.verdict?, kind("enum", Some(verdicts.to_vec())))),
            },
            Some("from") => instant(self.trigger),
            Some("due") => instant(self.due),
            Some("done") => instant(self.done),
            Some(_) => None,
        }
    }
}
