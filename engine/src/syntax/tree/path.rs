//! The standard paths of pathways.

use super::{Name, Query};
use crate::text::Span;

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
