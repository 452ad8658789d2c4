//! `any … where x < y`, with x of the event asked about and y of the current one: whether the lowest x is less than y. So what is asked of
//! the others no longer depends on y, and is a running query.

use crate::plan::operators::outermost;
use crate::plan::{Alternative, Class, Expr, Function, Op, Query, Running, Shape};

/// The comparison that an expression comes to, if it asks whether there is any event before or after the current one with less or more
/// than it has.
pub(super) fn as_comparison(expr: &Expr) -> Option<Expr> {
    let Op::Query(query) = &expr.op else { return None };
    let ([only], Function::Any) = (query.alternatives.as_slice(), query.function) else { return None };
    let Op::And(conditions) = &only.filter.op else { return None };
    let mut compared = conditions.iter().enumerate().filter_map(|(place, one)| Some((place, compared(one)?)));
    let (place, Compared { own, current, own_is_less, or_equal }) = compared.next()?;
    let mut others = conditions.clone();
    others.remove(place);
    let filter = Expr { op: Op::And(others), shape: Shape::YES_NO };
    let shape = own.shape.or_none();
    let function = if own_is_less { Function::Lowest } else { Function::Highest };
    let alternatives = vec![Alternative { kinds: only.kinds, filter, value: own }];
    let farthest = Expr { op: Op::Query(Box::new(Query { function, alternatives })), shape };
    Running::of(&farthest)?;
    let (a, b) = if own_is_less { (farthest, current) } else { (current, farthest) };
    let (a, b) = (Box::new(a), Box::new(b));
    let op = if or_equal { Op::LessOrEqual(a, b) } else { Op::Less(a, b) };
    Some(Expr { op, shape: Shape::YES_NO })
}

/// A comparison of something of the event asked about with something of the current one.
struct Compared {
    own: Expr,
    /// As it is said outside the query.
    current: Expr,
    own_is_less: bool,
    or_equal: bool,
}

fn compared(condition: &Expr) -> Option<Compared> {
    let (a, b, or_equal) = match &condition.op {
        Op::Less(a, b) => (a, b, false),
        Op::LessOrEqual(a, b) => (a, b, true),
        _ => return None,
    };
    let own = |expr: &Expr| (outermost(expr) == Some(0) && !is_place(expr)).then(|| expr.clone());
    let (own, current, own_is_less) = match (own(a), own(b)) {
        (Some(own), None) => (own, outside(b)?, true),
        (None, Some(own)) => (own, outside(a)?, false),
        _ => return None,
    };
    let is_limit = own.op == Op::At(0) && current.op == Op::At(0);
    (own.shape.class == Class::Range && !is_limit).then_some(Compared { own, current, own_is_less, or_equal })
}

/// Where an event stands is not compared with anything but where others stand.
fn is_place(expr: &Expr) -> bool {
    matches!(expr.op, Op::Order(_)) || expr.op.operands().into_iter().any(is_place)
}

/// An expression about nothing but the event around a query, as it is said outside the query.
fn outside(expr: &Expr) -> Option<Expr> {
    let mut said = expr.clone();
    lower(&mut said).then_some(said)
}

fn lower(expr: &mut Expr) -> bool {
    match &mut expr.op {
        Op::At(level) | Op::Field(_, _, level) | Op::Column(_, level) => {
            let around = *level == 1;
            *level = 0;
            around
        }
        Op::Order(_) | Op::Query(_) => false,
        op => op.operands_mut().into_iter().all(lower),
    }
}
