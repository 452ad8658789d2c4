//! The codes by which records know the facts and events of a package. They change no answer, and are no part of the plan.

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
