//! Questions about events, and what is worked out once for each event.

use super::{Expr, Shape};

/// Which event is meant where questions stand inside questions: 0 is the event of the innermost question.
pub type Level = u8;

/// The deepest that questions about events may stand inside one another.
pub const MAX_LEVELS: u8 = 3;

/// What is worked out once for each event of a kind and looked up afterwards: see [`super::Step::Column`].
///
/// It means the same as the expression that fills it, in every place where [`super::Op::Column`] stands; but it is not worked out
/// again in each question that asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// The kind of event.
    pub event: usize,
    /// The shape of its values.
    pub shape: Shape,
}

/// A question about the events of one or more kinds.
///
/// An event belongs under an alternative when it is of its kind, its time is not after `as of`, and the filter holds; of several
/// alternatives the first counts. Events come in the order of the case: by time, events at equal times in the order supplied,
/// events at unknown times last. Where the export does not carry a kind, one event of it may or may not exist at an unknown time
/// with unknown fields (for `count` and `sum`: up to [`MAX_EVENTS`] of them).
///
/// Inside `filter` and `value`, level 0 is the event asked about; levels outside the question are one higher.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// What is asked.
    pub function: Function,
    /// Which events, and what is taken of each.
    pub alternatives: Vec<Alternative>,
}

/// One kind of event in a question.
#[derive(Clone, Debug, PartialEq)]
pub struct Alternative {
    /// The kind.
    pub event: usize,
    /// Which of them; yes/no.
    pub filter: Expr,
    /// What is taken of the event: its time, its place, a field, another question. For `count` and `any` not looked at.
    pub value: Expr,
}

/// The questions. Where none of the events belongs, all but `count`, `any` and `sum` are none. Events whose value is none are
/// passed over by `sum`, `lowest`, `highest` and `median`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// the value at the earliest
    First,
    /// the value at the latest
    Last,
    /// the value at the n-th, counted from 1
    Nth(u32),
    /// how many
    Count,
    /// whether there is one
    Any,
    /// the sum of the values, held to the shape of the question
    Sum,
    /// the least value
    Lowest,
    /// the greatest value
    Highest,
    /// the median of the values, times two: of an even number the sum of the two in the middle, of an odd number twice the one
    MedianDoubled,
}

/// The most events a case may have.
pub const MAX_EVENTS: i64 = 65_535;
