//! The codes by which records know the facts and events of a package. They decide what a
//! record gives, are part of the fingerprint, and no part of the plan: a case as such has none.

use super::{FieldId, InputId, KindId, LabelId};
use crate::values::systems::System;

/// The code by which records know a fact, an event or a field of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coding {
    /// What.
    pub of: Coded,
    /// The code system.
    pub system: &'static System,
    /// The code in it.
    pub code: String,
}

/// The code by which records know a choice of an enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChoiceCoding {
    /// The enum.
    pub of: String,
    /// The place of the choice in it.
    pub choice: usize,
    /// The code system.
    pub system: &'static System,
    /// The code in it.
    pub code: String,
}

/// Which of several in a record a fact is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taking {
    /// The fact.
    pub fact: InputId,
    /// Which.
    pub which: Which,
    /// Milliseconds before the instant asked about, at most.
    pub within: Option<i64>,
}

/// Which of several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// The earliest.
    First,
    /// The latest.
    Last,
    /// The greatest.
    Highest,
    /// The least.
    Lowest,
}

impl Which {
    /// The word of the language.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Which::First => "first",
            Which::Last => "last",
            Which::Highest => "highest",
            Which::Lowest => "lowest",
        }
    }

    /// Whether it asks for the size of values and not for their times.
    #[must_use]
    pub fn is_by_size(self) -> bool {
        matches!(self, Which::Highest | Which::Lowest)
    }
}

/// What is known by a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coded {
    /// A fact.
    Fact(InputId),
    /// A fact that labels the case.
    Label(LabelId),
    /// A kind of event.
    Event(KindId),
    /// A field of an event.
    Field(KindId, FieldId),
}
