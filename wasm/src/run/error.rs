//! What can go wrong with a case, a setting or a module.

use std::fmt;

use wasmtime::Trap;

use crate::emit::EmitError;

/// What can go wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunError {
    /// The plan has no module.
    Emit(EmitError),
    /// The module is not one of this plan, or not to be trusted.
    Module(String),
    /// The module stopped, or memory ran out.
    Trap(String),
    /// No memory is left for the text of a case, or for what it takes to answer it.
    Room,
    /// A call took longer than it may: see [`Instance::within`](super::Instance::within).
    Deadline,
    /// A case does not fit the plan: its place in the batch, and why.
    Case(usize, CaseFault),
    /// A setting is refused: the parameter.
    Setting(usize),
}

/// Why a case does not fit the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaseFault {
    /// The instant asked about is outside the years 1900 to 2200.
    AsOf,
    /// A fact is outside its declared range.
    Fact(usize),
    /// An event is of no known kind, or its time is outside the years 1900 to 2200.
    Event(usize),
    /// A field of an event is outside its declared range: event and field.
    Field(usize, usize),
    /// The events are not in order: see `Case::sort_events`.
    Order(usize),
    /// There are more events than a case may have.
    TooManyEvents,
}

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RunError::Emit(error) => write!(f, "{error}"),
            RunError::Module(why) => write!(f, "the module cannot be used: {why}"),
            RunError::Trap(why) => write!(f, "the module stopped: {why}"),
            RunError::Room => write!(f, "no memory is left"),
            RunError::Deadline => write!(f, "it took longer than it may"),
            RunError::Case(index, fault) => {
                write!(f, "case {index} does not fit the plan: {fault:?}")
            }
            RunError::Setting(index) => write!(f, "the setting of parameter {index} is refused"),
        }
    }
}

impl std::error::Error for RunError {}

impl From<EmitError> for RunError {
    fn from(error: EmitError) -> RunError {
        RunError::Emit(error)
    }
}

/// A module that stopped, in words.
pub(super) fn trap(error: &wasmtime::Error) -> RunError {
    match error.downcast_ref() {
        Some(Trap::Interrupt) => RunError::Deadline,
        _ => RunError::Trap(format!("{error:#}")),
    }
}
