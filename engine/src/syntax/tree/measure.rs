//! Measures, their targets and how they are split.

use super::{Citation, Comparison, Date, Expr, Name, Number, Path};
use crate::text::{Span, Spanned};

/// A measure over verdicts, decisions or ready-made counts.
#[derive(Clone, Debug)]
pub struct Measure {
    /// `///` lines above.
    pub doc: String,
    /// Its name.
    pub name: Name,
    /// Entries in order.
    pub entries: Vec<MeasureEntry>,
    /// Whole declaration.
    pub span: Span,
}

impl Measure {
    /// The obligation whose judgements it counts, where it counts those.
    #[must_use]
    pub fn judged(&self) -> Option<&Path> {
        self.entries.iter().find_map(|entry| match &entry.kind {
            MeasureKind::OfEach { of, .. } => Some(of),
            _ => None,
        })
    }
}

/// One line of a measure.
#[derive(Clone, Debug)]
pub struct MeasureEntry {
    /// What it says.
    pub kind: MeasureKind,
    /// Where.
    pub span: Span,
}

/// The lines of a measure.
#[derive(Clone, Debug)]
pub enum MeasureKind {
    /// `title "…"`
    Title(String),
    /// `source nice "1.7"`
    Source(Citation),
    /// `of obligation antibiotics_1h`
    OfObligation(Path),
    /// `of each Fall in reviewed`
    OfEach { event: Name, of: Path },
    /// `of cases [where EXPR]`: denominator by a condition
    OfCases(Option<Expr>),
    /// `met when EXPR`: numerator by a condition (with `of cases`)
    MetWhen(Expr),
    /// `excused when EXPR because "…"` (with `of cases`)
    Excused { when: Expr, because: String },
    /// `of count EXPR`: denominator ready-made
    OfCount(Expr),
    /// `met count EXPR`: numerator ready-made (with `of count`)
    MetCount(Expr),
    /// `value median of wait`
    Value(Figure),
    /// `weighted by amount`
    Weighted(Expr),
    /// `shared by referrer referrer_share, treater treater_share`
    Shared(Vec<Share>),
    /// `unknown counts against` (true) or `unknown left out` (false)
    Unknown { against: bool },
    /// `target >= 90 % [from DATE] [unverified]`
    Target { op: Comparison, value: Number, from: Option<Spanned<Date>>, unverified: bool },
    /// `higher is better`, `lower is better`, `neither is better`
    Better(Better),
    /// `for trust`: which organisation answers for it
    For(Name),
    /// `by trust, month of trigger, age band 16..64, 65..79, 80..`
    By(Vec<Stratum>),
}

/// What one organisation answers for of each case.
#[derive(Clone, Debug)]
pub struct Share {
    /// Which organisation.
    pub of: Name,
    /// How much of the case.
    pub share: Expr,
}

/// A number made of the numbers of cases.
#[derive(Clone, Debug)]
pub struct Figure {
    /// What is made of them.
    pub made: Spanned<Made>,
    /// The number of a case.
    pub value: Expr,
    /// `in bands of 1 up to 104`
    pub bands: Option<Bands>,
    /// `per 1000 bed_days`
    pub per: Option<(Number, Expr)>,
}

/// What is made of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Made {
    /// In thousandths: 500 is the median.
    Percentile(u16),
    /// `mean`
    Mean,
    /// `sum`
    Sum,
}

/// Numbers that stand for all from them up to one width more.
#[derive(Clone, Debug)]
pub struct Bands {
    /// How wide.
    pub width: Number,
    /// Where the open last band begins.
    pub open_from: Option<Number>,
}

/// Which way is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Better {
    Higher,
    Lower,
    Neither,
}

/// One way of splitting a measure.
#[derive(Clone, Debug)]
pub struct Stratum {
    /// Which.
    pub kind: StratumKind,
    /// Where.
    pub span: Span,
}

/// The ways of splitting a measure.
#[derive(Clone, Debug)]
pub enum StratumKind {
    /// a fact or define, by value
    Value(Expr),
    /// `month of EXPR`, `year of`, `quarter of`, `week of`, `weekday of`
    Calendar { unit: Name, of: Expr },
    /// `age band 16..64, 65..79, 80..`: lower and upper ends, open at either
    Band { of: Expr, bands: Vec<(Option<Number>, Option<Number>)> },
}
