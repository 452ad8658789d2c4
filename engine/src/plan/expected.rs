//! What an example expects of an answer.

use super::{AnswerId, Needs, Verdict};
use crate::text::Span;

/// One expected answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Expectation {
    /// Of which answer.
    pub answer: AnswerId,
    /// What it must be.
    pub kind: Expected,
    /// Where it is written.
    pub span: Span,
}

/// What is expected of an answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Expected {
    /// this value
    Value(i64),
    /// none
    None,
    /// unknown; where given, exactly this range or set of variants, possibly none, and exactly these needs
    Unknown {
        /// Least and greatest possible value.
        range: Option<(i64, i64)>,
        /// Possible variants.
        one_of: Option<u64>,
        /// Said that it may be none; where that is not said, it may or may not.
        or_none: bool,
        /// What would settle it.
        needs: Option<Needs>,
    },
    /// a verdict, with how late, when due and why excused where given
    Verdict {
        /// Which.
        verdict: Verdict,
        /// How late.
        by: Option<LateBy>,
        /// The deadline.
        due: Option<Due>,
        /// The excuse.
        because: Option<String>,
    },
    /// the verdict is unknown; where given, exactly these verdicts are possible, and exactly these needs
    UnknownVerdict {
        /// Possible verdicts.
        one_of: Option<u64>,
        /// What would settle it.
        needs: Option<Needs>,
    },
}

/// How late something is expected to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LateBy {
    /// so many milliseconds after the deadline
    Elapsed(i64),
    /// so many calendar days after the day on which it was due
    CalendarDays(i64),
    /// so many working days after it
    WorkingDays(i64),
}

/// When something is expected to be due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// at this instant
    At(i64),
    /// on this day (since 1970)
    On(i64),
}
