//! The part of the tree that says what happens to a case and how it should run: events, clocks, and the standard paths of pathways.

use super::tree::{Expr, Fact, Name, Path, Query};
use crate::text::Span;

/// `event Antibiotics { route : Route }` or `event Observations : news2.Observation`
#[derive(Clone, Debug)]
pub struct Event {
    /// Its name.
    pub name: Name,
    /// The other package's subject that it carries.
    pub carries: Option<Path>,
    /// Its own fields.
    pub fields: Vec<Fact>,
    /// Whole declaration.
    pub span: Span,
}

/// `ends with Discharge, Death where expected`: events after which a case is over.
#[derive(Clone, Debug)]
pub struct Ends {
    /// The first of any of these ends it.
    pub events: Vec<Query>,
    /// Whole entry.
    pub span: Span,
}

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
    /// `as treated`
    pub label: Option<Name>,
    /// Whole line.
    pub span: Span,
}

/// `path standard "The standard path of an attendance" { stage … }`
#[derive(Clone, Debug)]
pub struct Pathway {
    /// Its name.
    pub name: Name,
    /// For people.
    pub label: Option<String>,
    /// Its stages in order.
    pub stages: Vec<Stage>,
    /// Whole declaration.
    pub span: Span,
}

/// `stage bloods "Blood tests" any order { Lactate, CRP }`
#[derive(Clone, Debug)]
pub struct Stage {
    /// Its name.
    pub name: Name,
    /// For people.
    pub label: Option<String>,
    /// It may be left out.
    pub optional: bool,
    /// What it asks for may come again.
    pub repeated: bool,
    /// What it asks for of its events.
    pub kind: StageKind,
    /// Its events, each perhaps with a filter.
    pub events: Vec<Query>,
    /// Whole line.
    pub span: Span,
}

/// What a stage asks for of its events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StageKind {
    /// an event, or `one of { … }`
    One,
    /// `any order { … }`: each of them
    All,
}
