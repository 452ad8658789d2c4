//! Why a plan has no module.

use concord_engine::plan::Id;
use std::fmt;

/// Why a plan has no module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EmitError {
    /// The plan refers to something that is not there, or not yet: what, and its number.
    NoSuch(&'static str, usize),
    /// The plan speaks of an event where there is none.
    NoEvent,
    /// The plan is larger than the binary interface allows.
    TooLarge(&'static str),
    /// The module is not valid WebAssembly 1.0; a fault of this compiler.
    Invalid(String),
}

impl EmitError {
    /// The plan refers to something at a place where nothing is.
    pub(crate) fn no_such(what: &'static str, id: impl Id) -> EmitError {
        EmitError::NoSuch(what, id.place())
    }
}

impl fmt::Display for EmitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EmitError::NoSuch(what, number) => {
                write!(f, "the plan refers to {what} {number}, which is not there")
            }
            EmitError::NoEvent => write!(f, "the plan speaks of an event where there is none"),
            EmitError::TooLarge(what) => write!(f, "this package is too large to compile: {what}"),
            EmitError::Invalid(why) => write!(f, "the module is not valid: {why}"),
        }
    }
}

impl std::error::Error for EmitError {}
