//! Expressions, and the defines that name them.

use super::{Date, Name, Number, Path, Query, Unit};
use crate::text::{Span, Spanned};

/// `define total "Total score" = …`, `define low of Observations = …`
#[derive(Clone, Debug)]
pub struct Define {
    /// `///` lines above.
    pub doc: String,
    /// Its name.
    pub name: Name,
    /// `of EVENT`: it is said of one event of this kind, not of the case.
    pub of: Option<Path>,
    /// For people.
    pub label: Option<String>,
    /// What it is.
    pub expr: Expr,
    /// Whole declaration.
    pub span: Span,
}

/// An expression.
#[derive(Clone, Debug)]
pub struct Expr {
    /// Which.
    pub kind: ExprKind,
    /// Where.
    pub span: Span,
}

/// The forms of an expression.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// `3`, `2.5 mmol/L`, `1 h`
    Number(Number),
    /// `"text"`
    Text(String),
    /// `yes`, `no`
    YesNo(bool),
    /// `none`
    None,
    /// `2026-04-01`
    Date(Date),
    /// `2026-01-05 10:00[:30]` London local, or with `Z`: milliseconds of local or UTC civil time since 1970
    DateTime { civil_ms: i64, utc: bool },
    /// `10:00`, milliseconds after midnight
    TimeOfDay(i64),
    /// `total`, `news2.total`, `scale_1`, and inside an event query its fields
    Path(Path),
    /// `at`: the time of the current event
    At,
    /// `as of`: the instant as of which the case is judged
    AsOf,
    /// `-x`
    Negate(Box<Expr>),
    /// `not x`
    Not(Box<Expr>),
    /// `a + b`, `a and b` …
    Binary { op: Spanned<BinaryOp>, left: Box<Expr>, right: Box<Expr> },
    /// `a <= b`; also `is`, `is not`
    Compare { op: Comparison, left: Box<Expr>, right: Box<Expr> },
    /// `x in 5..6`
    InRange { value: Box<Expr>, low: Box<Expr>, high: Box<Expr> },
    /// `x in { a, b }`, `x is one of a, b`
    OneOf { value: Box<Expr>, options: Vec<Expr> },
    /// `x in code_list` (a path that names a code list)
    InList { value: Box<Expr>, list: Path },
    /// `x is none`, `x is not none`
    IsNone { value: Box<Expr>, negated: bool },
    /// `x is unknown`, `x is known`
    IsUnknown { value: Box<Expr>, negated: bool },
    /// `x else y`: y when x is none
    Else { value: Box<Expr>, otherwise: Box<Expr> },
    /// `if c then a else b`
    If { condition: Box<Expr>, then: Box<Expr>, otherwise: Box<Expr> },
    /// `any of a, b, c is 3`, `all of …`, `count of a, b, c is 3`: a test over a list
    Quantified { quantifier: Name, items: Vec<Expr>, op: Comparison, operand: Box<Expr> },
    /// `highest of a, b`, `lowest of a, b`, `sum of a, b`, `count of a, b` (of yes/no)
    Fold { fold: Name, items: Vec<Expr> },
    /// `round x to 2 places [up|down|half up|half even]`
    Round { value: Box<Expr>, places: u8, mode: Option<Name> },
    /// `exp(x)`, `ln(x)`, `log10(x)`, `sqrt(x)`, `min(x, y)`, `abs(x)`
    Call { function: Name, arguments: Vec<Expr> },
    /// `x to mmol/L`: named unit conversion
    Convert { value: Box<Expr>, unit: Unit },
    /// `month of x`, `date of x`, `time of x`, `years from a to b`, `days from a to b`
    Calendar { function: Name, arguments: Vec<Expr> },
    /// an event query
    Query(Box<Query>),
}

/// Operators with two sides, other than comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum BinaryOp {
    Add,
    Subtract,
    Multiply,
    Divide,
    Power,
    And,
    Or,
}

/// Comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}
