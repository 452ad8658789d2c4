//! Clocks: what starts, stops and pauses them.

use super::{Expr, Name, Query};
use crate::text::Span;

/// `clock rtt "Referral to treatment" { start … stop … nullify … }`
#[derive(Clone, Debug)]
pub struct Clock {
    /// Its name.
    pub name: Name,
    /// For people.
    pub label: Option<String>,
    /// Its edges in order; at one event the first that fits counts.
    pub edges: Vec<Edge>,
    /// Whole declaration.
    pub span: Span,
}

/// One line of a clock: `stop FirstTreatment where … as treated`
#[derive(Clone, Debug)]
pub struct Edge {
    /// `start`, `stop`, `nullify`, `pause`, `resume`, `continue`.
    pub verb: Name,
    /// On which events.
    pub on: Query,
    /// `at EXPR`: the instant that counts, if not the event's own (a transfer keeps its start date).
    pub at: Option<Expr>,
    /// `as treated`: how it stopped, or which hold this begins or ends
    pub label: Option<Name>,
    /// Whole line.
    pub span: Span,
}
