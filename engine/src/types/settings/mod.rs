//! What is set and from when: parameters, the dates from which figures hold, and what members may set.

mod dated;
mod member;
mod parameter;

use crate::plan::{Expr, ParameterId};
use crate::types::Typed;
use std::collections::BTreeMap;

/// What is kept of the settings while types are worked out.
#[derive(Debug, Default)]
pub(in crate::types) struct Settings {
    /// The date by which a case is judged, once asked for.
    index: Option<Expr>,
    /// Parameters with dated values, by place.
    dated: BTreeMap<ParameterId, Typed>,
    /// Parameters with a fault of their own: what uses them is not faulted again.
    unbuilt: Vec<ParameterId>,
}

impl Settings {
    /// Whether a parameter has a fault of its own.
    pub fn is_unbuilt(&self, parameter: ParameterId) -> bool {
        self.unbuilt.contains(&parameter)
    }

    /// What a parameter with dated values comes to for a case.
    pub fn dated(&self, parameter: ParameterId) -> Option<&Typed> {
        self.dated.get(&parameter)
    }
}
