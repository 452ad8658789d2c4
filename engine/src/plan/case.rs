//! A case, as the logic sees it: no names, only values in the order the plan declares.

use super::{EventKind, FieldId, Id, KindId, Subject};
use crate::values::calendar::FIRST_INSTANT;
use crate::values::codes::Codes;

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
    /// Supplied as a range: a value that is there, from the first to the second, ends included. Never of a choice.
    Between(i64, i64),
}

/// When something happened, milliseconds UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum When {
    /// At an unknown time.
    #[default]
    Unknown,
    /// At this instant.
    Known(i64),
    /// At some instant from the first to the second, ends included: an event known to the day.
    Between(i64, i64),
}

impl When {
    /// The instant, where it is known.
    #[must_use]
    #[inline]
    pub fn known(self) -> Option<i64> {
        if let When::Known(at) = self { Some(at) } else { None }
    }

    /// Where an event stands in the list of a case: by its instant; after those, by the first that it may have; then the others.
    #[must_use]
    #[inline]
    pub fn listed(self) -> (bool, i64) {
        match self {
            When::Known(at) => (false, at),
            When::Between(first, _) => (true, first),
            When::Unknown => (true, i64::MAX),
        }
    }

    /// An instant between two, which are the instant itself where they are one.
    #[must_use]
    pub fn between(first: i64, last: i64) -> When {
        if first == last { When::Known(first) } else { When::Between(first, last) }
    }
}

impl From<Option<i64>> for When {
    fn from(at: Option<i64>) -> When {
        at.map_or(When::Unknown, When::Known)
    }
}

impl Datum {
    /// A value between two, which are the value itself where they are one.
    #[must_use]
    pub fn between(low: i64, high: i64) -> Datum {
        if low == high { Datum::Known(low) } else { Datum::Between(low, high) }
    }
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
    /// The codes in it that neither pack nor are named by the package; see [`crate::values::codes`].
    pub codes: Codes,
}

/// One event of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occurrence {
    /// Place in the subject's kinds of event.
    pub kind: KindId,
    /// When; one whose instant is not known may stand anywhere in the order.
    pub at: When,
    /// One for each field of the kind.
    pub fields: Vec<Datum>,
}

impl Case {
    /// Puts the events in the order of the case: by time, the order supplied where times are equal, those whose instant is not
    /// known last, by the first that they may have.
    pub fn sort_events(&mut self, subject: &Subject) {
        self.events.sort_by_key(|event| subject.started(event).listed());
    }
}

impl Subject {
    /// When an event was, as far as its case says: see [`EventKind::started`].
    #[must_use]
    #[inline]
    pub fn started(&self, event: &Occurrence) -> When {
        match event.at {
            // What is known needs nothing else.
            When::Known(_) => event.at,
            at => self.events.get(event.kind).map_or(at, |kind| kind.started(event)),
        }
    }
}

impl EventKind {
    /// When an event of this kind was, as far as its case says: what lasts starts no later than it ends, so an end that is known says that it
    /// did start, and by when.
    #[must_use]
    #[inline]
    pub fn started(&self, event: &Occurrence) -> When {
        let end = match self.ends.and_then(|field| event.fields.get(field.place())) {
            Some(Datum::Known(end) | Datum::Between(_, end)) => *end,
            _ => return event.at,
        };
        match event.at {
            When::Unknown if FIRST_INSTANT < end => When::Between(FIRST_INSTANT, end),
            When::Between(first, last) if first < end && end < last => When::Between(first, end),
            at => at,
        }
    }

    /// The field by which an event of this kind certainly ends before it starts, if it does.
    #[must_use]
    pub fn ends_early(&self, event: &Occurrence) -> Option<FieldId> {
        let field = self.ends?;
        match (event.at, event.fields.get(field.place())) {
            (When::Known(start) | When::Between(start, _), Some(Datum::Known(end) | Datum::Between(_, end))) => {
                (*end < start).then_some(field)
            }
            _ => None,
        }
    }
}

/// A member's settings: one for each parameter, none where the group's value stands.
pub type Settings = Vec<Option<i64>>;
