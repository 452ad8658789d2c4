//! Operators that differ only in what they work out.

use concord_engine::plan::{Expr, Op, Rounding};

/// Operators on two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Lowest,
    Highest,
}

/// Tests of two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    LessOrEqual,
    Less,
    Equal,
    SameChoice,
}

/// Operators of division and the calendar that have more to them than their two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TimeOp {
    Divide(Rounding),
    WorkingDays,
    Overlap(i64, i64),
}

/// A comparison with a constant, as an expression and the interval it must lie in.
pub(super) fn as_interval<'p>(op: Comparison, a: &'p Expr, b: &'p Expr) -> Option<(&'p Expr, i64, i64)> {
    let (x, c, constant_right) = match (&a.op, &b.op) {
        (Op::Constant(_), Op::Constant(_)) => return None,
        (_, Op::Constant(c)) => (a, *c, true),
        (Op::Constant(c), _) => (b, *c, false),
        _ => return None,
    };
    let (low, high) = match (op, constant_right) {
        (Comparison::LessOrEqual, true) => (i64::MIN, c),
        (Comparison::LessOrEqual, false) => (c, i64::MAX),
        (Comparison::Less, true) => (i64::MIN, c.checked_sub(1)?),
        (Comparison::Less, false) => (c.checked_add(1)?, i64::MAX),
        (Comparison::Equal, _) => (c, c),
        (Comparison::SameChoice, _) => return None,
    };
    Some((x, low, high))
}
