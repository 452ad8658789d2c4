//! Obligations: what is expected, of whom, and by when.

use super::{Citation, Expr, Name, Path, Query};
use crate::text::Span;

/// An obligation; see the language reference for what its clauses mean.
#[derive(Clone, Debug)]
pub struct Obligation {
    /// `///` lines above.
    pub doc: String,
    /// Its name.
    pub name: Name,
    /// For people.
    pub label: Option<String>,
    /// Clauses in order; duplicates and gaps are found later.
    pub clauses: Vec<Clause>,
    /// Whole declaration.
    pub span: Span,
}

/// A clause and where it stands.
#[derive(Clone, Debug)]
pub struct Clause {
    /// What it says.
    pub kind: ClauseKind,
    /// Where.
    pub span: Span,
}

/// The clauses of an obligation.
#[derive(Clone, Debug)]
pub enum ClauseKind {
    /// `source nice "1.7" [unverified]`
    Source(Citation),
    /// `applies when EXPR`
    Applies(Expr),
    /// `from EXPR`: the trigger, an event query or an instant
    From(Expr),
    /// `for trust`: which organisation answers for it
    For(Name),
    /// `for each EVENT [where EXPR] [as name]`: one verdict an occurrence
    ForEach(Query),
    /// `for each period of CLOCK`
    ForEachPeriod(Path),
    /// `for each [whole] day of EVENT [where EXPR] [called name]`: one verdict an event that lasts, the worst of its days
    ForEachDay { query: Query, whole: bool },
    /// `every EXPR from EXPR until EXPR`
    Every { interval: Expr, from: Option<Expr>, until: Option<Expr> },
    /// `expect [no] EVENT [where …] [within …] [before …] [after …]`, `expect stop within …`
    Expect { query: Query, negated: bool, deadline: Option<Deadline> },
    /// `all of a, b, c is not none`: obligations and conditions, which must all be kept
    AllOf(Vec<Expr>),
    /// `earlier counts` / `earlier does not count`
    Earlier(bool),
    /// `excused when EXPR because "reason"`
    Excused { when: Expr, because: String },
    /// `severity high`
    Severity(Name),
}

/// By when something is expected.
#[derive(Clone, Debug)]
pub enum Deadline {
    /// `within 1 h`, `within 126 days`, `within 3 working days`
    Within(Expr),
    /// `by 10:00 next day`: that local time on the day so many `days` after the trigger's own; none where no day is said, which is refused
    ByClock { time: Expr, days: Option<u8> },
    /// `by INSTANT`
    By(Expr),
    /// `before QUERY`: in the order of the case, not after it
    Before(Query),
}
