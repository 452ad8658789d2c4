//! Event queries, and what is worked out once for each event.

use super::{Expr, Id, KindId, Op, Shape};
use crate::values::calendar::{FIRST_INSTANT, LAST_INSTANT};

/// Which event is meant where queries stand inside queries: 0 is the event of the innermost query.
pub type Level = u8;

/// The deepest that event queries may stand inside one another.
pub const MAX_LEVELS: u8 = 3;

/// Kinds of event: bit `k` stands for [`super::Subject::events`]`[k]`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Kinds(pub u64);

impl Kinds {
    /// One kind.
    #[must_use]
    #[inline]
    pub fn one(kind: KindId) -> Kinds {
        Kinds(u32::try_from(kind.place()).ok().and_then(|kind| 1_u64.checked_shl(kind)).unwrap_or(0))
    }

    /// Whether a kind is among them.
    #[must_use]
    #[inline]
    pub fn contain(self, kind: KindId) -> bool {
        self.0 & Kinds::one(kind).0 != 0
    }

    /// These and those.
    #[must_use]
    #[inline]
    pub fn and(self, others: Kinds) -> Kinds {
        Kinds(self.0 | others.0)
    }

    /// Whether some kinds are among both.
    #[must_use]
    #[inline]
    pub fn meet(self, others: Kinds) -> bool {
        self.0 & others.0 != 0
    }

    /// The places of the kinds, in order.
    pub fn places(self) -> impl Iterator<Item = KindId> {
        (0..super::MAX_UNKNOWNS).map(KindId::at).filter(move |kind| self.contain(*kind))
    }

    /// The kind, where it is only one.
    #[must_use]
    pub fn only(self) -> Option<KindId> {
        self.0.is_power_of_two().then(|| self.places().next()).flatten()
    }
}

/// What is worked out once for each event and looked up afterwards: the shape of its values. See [`super::Step::Column`].
///
/// It means the same as the expression that fills it, in every place where [`super::Op::Column`] stands; but it is not worked out
/// again in each query that asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// What may come out.
    pub shape: Shape,
}

/// Where events stand in the order of the case, as [`in_order`] has it.
pub const ORDER: Shape = Shape::range(before(FIRST_INSTANT), after(LAST_INSTANT));

/// How many bits of a place in the order tell events at one instant apart: one more than [`MAX_EVENTS`] has, so that what comes after all
/// events of one instant comes before what comes before all events of the next.
pub const ORDER_BITS: u32 = 17;

/// The place in the order of the case of an event at an instant, of which so many are listed before it: events stand by their time, and
/// those at equal times as they are listed. One whose instant is not known may stand anywhere from [`before`] the first
/// instant that it may have to [`after`] the last.
#[must_use]
pub const fn in_order(at: i64, listed_before: i64) -> i64 {
    (at << ORDER_BITS) + listed_before
}

/// Before any event at an instant.
#[must_use]
pub const fn before(at: i64) -> i64 {
    in_order(at, -1)
}

/// After any event at an instant.
#[must_use]
pub const fn after(at: i64) -> i64 {
    in_order(at, MAX_EVENTS)
}

/// A query over the events of one or more kinds.
///
/// An event belongs under an alternative when it is of one of its kinds, its time is not after `as of`, and the filter holds; of several
/// alternatives the first counts. Events come in the order of the case: by time, events at equal times in the order supplied; one
/// whose instant is not known may be anywhere that its time allows. Where the export does not supply a kind, one event of it may or may not exist at an unknown time
/// with unknown fields (for `count` and `sum`: up to [`MAX_EVENTS`] of them).
///
/// Inside `filter` and `value`, level 0 is the event asked about; levels outside the query are one higher.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// What is asked.
    pub function: Function,
    /// Which events, and what is taken of each.
    pub alternatives: Vec<Alternative>,
}

impl Query {
    /// Whether something is taken of the events that belong; `count` and `any` only ask whether they do.
    #[must_use]
    pub fn takes_values(&self) -> bool {
        !matches!(self.function, Function::Count | Function::Any)
    }

    /// Whether `first` or `last` takes of each event its own time, or its own place. The first is then no later than any event that
    /// certainly belongs, and the last no earlier.
    #[must_use]
    pub fn is_bounded(&self) -> bool {
        let all = |op: &Op| self.alternatives.iter().all(|alternative| alternative.value.op == *op);
        matches!(self.function, Function::First | Function::Last) && (all(&Op::At(0)) || all(&Op::Order(0)))
    }
}

impl Alternative {
    /// Whether what is taken of an event is its time, which is then not after `as of`.
    #[must_use]
    pub fn takes_time(&self) -> bool {
        self.value.op == Op::At(0)
    }
}

/// Events of some kinds in a query. Where there are several kinds, `filter` and `value` take no fields of the event.
#[derive(Clone, Debug, PartialEq)]
pub struct Alternative {
    /// The kinds.
    pub kinds: Kinds,
    /// Which of them; yes/no.
    pub filter: Expr,
    /// What is taken of the event: its time, its place, a field, another query. Not used by `count` and `any`.
    pub value: Expr,
}

/// The queries. Where none of the events belongs, all but `count`, `any` and `sum` are none. Events whose value is none are
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
    /// the sum of the values, held to the shape of the query
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
