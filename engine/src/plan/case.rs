//! A case, as the logic sees it: no names, only values in the order the plan declares.

use super::KindId;

/// One value as supplied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Datum {
    /// Not supplied.
    #[default]
    Missing,
    /// Recorded as none; only where the type is optional.
    None,
    /// Supplied: a scaled integer, or a variant's place.
    Known(i64),
}

/// A patient, an invoice, a month's return: whatever the package's subject is.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Case {
    /// The instant asked about, milliseconds UTC; required when the plan has events.
    pub as_of: i64,
    /// One for each of the subject's inputs.
    pub facts: Vec<Datum>,
    /// One for each of the subject's labels.
    pub labels: Vec<Option<String>>,
    /// What happened, in the order of the case; see [`Case::sort_events`].
    pub events: Vec<Occurrence>,
    /// Bit `k`: the export does not supply events of kind `k`.
    pub not_supplied: u64,
}

/// One event of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occurrence {
    /// Place in the subject's kinds of event.
    pub kind: KindId,
    /// When, milliseconds UTC; none when it happened at an unknown time.
    pub at: Option<i64>,
    /// One for each field of the kind.
    pub fields: Vec<Datum>,
}

impl Case {
    /// Puts the events in the order of the case: by time, the order supplied where times are equal, unknown times last.
    pub fn sort_events(&mut self) {
        self.events.sort_by_key(|event| event.at.unwrap_or(i64::MAX));
    }
}

/// A member's settings: one for each parameter, none where the group's value stands.
pub type Settings = Vec<Option<i64>>;
