//! What is set and from when: parameters, the dates from which figures hold, and what members may set.

mod dated;
mod member;
mod parameter;

use crate::plan::{Expr, ParameterId};
use crate::text::Span;
use crate::types::Typed;
use crate::types::expressions::which_days::Used;
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
    /// Parameters that are the length of a deadline or a window, or move a time, and where first.
    lengths: BTreeMap<ParameterId, (Used, Span)>,
    /// Lengths that are faulted already.
    said: Vec<Span>,
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

    /// A parameter is used as a length.
    pub fn becomes_length(&mut self, parameter: ParameterId, used: Used, at: Span) {
        self.lengths.entry(parameter).or_insert((used, at));
    }

    /// What a parameter is a length of, and where.
    pub fn length(&self, parameter: ParameterId) -> Option<(Used, Span)> {
        self.lengths.get(&parameter).copied()
    }

    /// Whether nothing was said yet of a length that is written here.
    pub fn first_said_of(&mut self, length: Span) -> bool {
        let first = !self.said.contains(&length);
        self.said.push(length);
        first
    }
}
