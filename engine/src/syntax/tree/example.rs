//! Examples: what is supplied, and what must come of it.

use super::{Expr, Name, Path};
use crate::text::{Span, Spanned};
use crate::values::interval::Edge;

/// `example "septic shock" { facts … => expectations }`; also a case in `cases.md`.
#[derive(Clone, Debug)]
pub struct Example {
    /// Its name.
    pub name: Spanned<String>,
    /// What is supplied.
    pub given: Vec<Given>,
    /// What must come out.
    pub expect: Vec<Expectation>,
    /// Whole declaration.
    pub span: Span,
}

/// One thing supplied in an example.
#[derive(Clone, Debug)]
pub enum Given {
    /// `spo2 91`, `scale scale_1`, `route none`, `lactate <0.5`
    Fact { name: Name, supplied: Supplied },
    /// `Antibiotics at 2026-01-05 10:00 { route intravenous }`
    Event { name: Name, at: Option<Supplied>, fields: Vec<(Name, Supplied)>, span: Span },
    /// `Lactate not supplied`: this export does not supply the event
    NotSupplied(Name),
    /// `as of 2026-01-05 12:00`
    AsOf(Expr),
    /// `like "quiet"`: everything that another case of the file is given; written out once the file is read
    Like(Spanned<String>),
    /// `parameter antibiotics_within 45 min`
    Parameter { name: Name, value: Expr },
}

/// What is supplied of a fact, or of when an event happened.
#[derive(Clone, Debug)]
pub enum Supplied {
    /// `0.5`; of a time, a day alone is any time of that day
    Value(Expr),
    /// `0.5..2.0`
    Range(Expr, Expr),
    /// `<0.5`, `>=15.0`
    Beyond(Edge, Expr),
}

impl Supplied {
    /// Where its values stand.
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            Supplied::Value(value) | Supplied::Beyond(_, value) => value.span,
            Supplied::Range(low, high) => low.span.to(high.span),
        }
    }
}

/// `total 20`, `total unknown 0..3 needs temperature`, `antibiotics_1h late by 30 min`
#[derive(Clone, Debug)]
pub struct Expectation {
    /// The answer's name.
    pub name: Path,
    /// What it must be.
    pub kind: Expected,
    /// Where.
    pub span: Span,
}

/// What an example expects.
#[derive(Clone, Debug)]
pub enum Expected {
    /// a value, `none` included
    Value(Expr),
    /// `unknown [lo..hi | { a, b }] [needs x, y]`
    Unknown { range: Option<(Expr, Expr)>, one_of: Vec<Name>, needs: Option<Vec<Path>> },
    /// `met`, `late [by D]`, `missed`, `open [due INSTANT or DAY]`, `excused [because "…"]`, `not applicable`
    Verdict { verdict: Name, by: Option<Expr>, due: Option<Expr>, because: Option<String> },
}
