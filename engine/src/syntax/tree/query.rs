//! Queries over the events of a case.

use super::{Expr, Name, Path};
use crate::text::Span;

/// A query over the events of a case: `first Antibiotics where route is intravenous after first Triage`,
/// `lowest value of Creatinine within 7 days before last Creatinine`, `count Shift`, `any Fall`.
#[derive(Clone, Debug)]
pub struct Query {
    /// `first`, `last`, `nth`, `next`, `previous`, `count`, `any`, `all`, `lowest`, `highest`, `sum`, `median`, `latest`; `first` when
    /// omitted.
    pub function: Option<Name>,
    /// For `3rd`: which.
    pub nth: Option<u32>,
    /// `value of`: what is taken from the event; its time when absent.
    pub field: Option<Box<Expr>>,
    /// Which events.
    pub events: Events,
    /// `called s`: a name for the current event, for queries inside this one.
    pub alias: Option<Name>,
    /// `where …`
    pub filter: Option<Box<Expr>>,
    /// `all E where … have …`
    pub have: Option<Box<Expr>>,
    /// `after …`, `before …`, `since …`, `until …`, `within D before|after|of …`
    pub windows: Vec<Window>,
    /// Whole query.
    pub span: Span,
}

/// Events of one kind, or of several: what stands wherever an event is named.
#[derive(Clone, Debug)]
pub struct Events {
    /// Which.
    pub kind: EventsKind,
    /// Where.
    pub span: Span,
}

impl Events {
    /// The one name that stands there.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match &self.kind {
            EventsKind::Named(path) if path.parts.len() == 1 => path.parts.first().map(|name| name.node.as_str()),
            _ => None,
        }
    }
}

/// The ways to say which events.
#[derive(Clone, Debug)]
pub enum EventsKind {
    /// `Antibiotics`, or a set of events by its name
    Named(Path),
    /// `event`: every kind that the subject has
    Every,
    /// `(Seen or Telephoned where answered)`
    Either(Vec<Part>),
}

/// A part of a set of events: `Telephoned where answered`
#[derive(Clone, Debug)]
pub struct Part {
    /// Events.
    pub events: Events,
    /// Which of them.
    pub filter: Option<Expr>,
}

/// `events Prophylaxis = Medication where code in heparins or Device where code in stockings`
#[derive(Clone, Debug)]
pub struct EventSet {
    /// `///` lines above.
    pub doc: String,
    /// Its name.
    pub name: Name,
    /// What belongs to it.
    pub parts: Vec<Part>,
    /// Whole declaration.
    pub span: Span,
}

/// A limit on which events belong to a query.
#[derive(Clone, Debug)]
pub struct Window {
    /// Which.
    pub kind: WindowKind,
    /// `, if any`: that its end may be none, and that no event lies in it then, is meant.
    pub if_any: Option<Span>,
    /// Where, without `, if any`.
    pub span: Span,
}

/// The limits on a query. An end given by another query compares places in the case's order, so that
/// events recorded at the same time keep it; an end given by an instant compares times.
#[derive(Clone, Debug)]
pub enum WindowKind {
    /// later in order than (excludes it)
    After(Expr),
    /// earlier in order than (excludes it)
    Before(Expr),
    /// at or after
    Since(Expr),
    /// at or before
    Until(Expr),
    /// `during Ward`: at or after the start of one that lasts, and at or before its end
    During(Expr),
    /// `within 7 days before X`: X − 7 days ≤ t ≤ X
    WithinBefore(Expr, Expr),
    /// `within 7 days after X`: X ≤ t ≤ X + 7 days
    WithinAfter(Expr, Expr),
}

impl WindowKind {
    /// Whether it comes to an end, so that what happens later is not in it.
    #[must_use]
    pub fn closes(&self) -> bool {
        !matches!(self, WindowKind::After(_) | WindowKind::Since(_))
    }

    /// The end that it has, or is counted from.
    #[must_use]
    pub fn end(&self) -> &Expr {
        match self {
            WindowKind::After(end) | WindowKind::Before(end) | WindowKind::Since(end) | WindowKind::Until(end) => end,
            WindowKind::During(end) => end,
            WindowKind::WithinBefore(_, end) | WindowKind::WithinAfter(_, end) => end,
        }
    }
}
