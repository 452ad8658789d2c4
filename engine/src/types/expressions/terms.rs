//! Small expressions put together by hand: constants, tests, sums, and plain queries.

use crate::plan::{Alternative, Expr, Function, Kinds, ORDER, Op, Query, Shape};
use crate::values::calendar::{FIRST_INSTANT, LAST_INSTANT};

/// A known number as an expression.
pub(in crate::types) fn constant(value: i64) -> Expr {
    Expr { op: Op::Constant(value), shape: Shape::range(value, value) }
}

/// A yes/no expression.
pub(in crate::types) fn yes_no(op: Op) -> Expr {
    Expr { op, shape: Shape::YES_NO }
}

/// `no` for `yes`.
pub(in crate::types) fn not(expr: Expr) -> Expr {
    match expr.op {
        Op::Not(inner) => *inner,
        op => yes_no(Op::Not(Box::new(yes_no(op)))),
    }
}

/// The smallest shape that holds both.
pub(in crate::types) fn hull(a: Shape, b: Shape) -> Shape {
    Shape { class: a.class, optional: a.optional || b.optional, low: a.low.min(b.low), high: a.high.max(b.high) }
}

/// The sum of several; it is proved elsewhere that it fits.
pub(super) fn add_all(exprs: Vec<Expr>) -> Expr {
    exprs.into_iter().reduce(plus).unwrap_or_else(|| constant(0))
}

/// `a + b`
pub(in crate::types) fn plus(a: Expr, b: Expr) -> Expr {
    let optional = a.shape.optional || b.shape.optional;
    let shape = Shape { optional, ..Shape::range(a.shape.low + b.shape.low, a.shape.high + b.shape.high) };
    Expr { op: Op::Add(Box::new(a), Box::new(b)), shape }
}

/// All of several conditions.
pub(in crate::types) fn all(mut conditions: Vec<Expr>) -> Expr {
    match (conditions.pop(), conditions.is_empty()) {
        (None, _) => yes(),
        (Some(only), true) => only,
        (Some(last), false) => {
            conditions.push(last);
            yes_no(Op::And(conditions))
        }
    }
}

/// `a < b`
pub(in crate::types) fn less(a: Expr, b: Expr) -> Expr {
    yes_no(Op::Less(Box::new(a), Box::new(b)))
}

/// `a ≤ b`
pub(in crate::types) fn at_most(a: Expr, b: Expr) -> Expr {
    yes_no(Op::LessOrEqual(Box::new(a), Box::new(b)))
}

/// The time of the current event.
pub(in crate::types) fn at() -> Expr {
    Expr { op: Op::At(0), shape: Shape::range(FIRST_INSTANT, LAST_INSTANT) }
}

/// The place of the current event in the order of the case.
pub(in crate::types) fn order() -> Expr {
    Expr { op: Op::Order(0), shape: ORDER }
}

/// A query over events of some kinds.
pub(in crate::types) fn query_of(function: Function, kinds: Kinds, filter: Expr, value: Expr, shape: Shape) -> Expr {
    query_over(function, Alternative { kinds, filter, value }, shape)
}

/// What always holds.
pub(in crate::types) fn yes() -> Expr {
    yes_no(Op::Constant(1))
}

/// Whether an expression has a value.
pub(in crate::types) fn present(expr: &Expr) -> Expr {
    if expr.shape.optional { not(yes_no(Op::IsNone(Box::new(expr.clone())))) } else { yes() }
}

/// The expression, taking for granted that it is not none.
pub(in crate::types) fn assume(expr: Expr) -> Expr {
    if !expr.shape.optional {
        return expr;
    }
    let shape = Shape { optional: false, ..expr.shape };
    Expr { op: Op::Assume(Box::new(expr)), shape }
}

/// A query over one set of events.
pub(in crate::types) fn query_over(function: Function, alternative: Alternative, shape: Shape) -> Expr {
    Expr { op: Op::Query(Box::new(Query { function, alternatives: vec![alternative] })), shape }
}
