//! Guards: expressions that are certainly not none where the walk stands, because the answer does not depend on this place
//! otherwise.

use concord_engine::plan::operators::speaks_of_events;
use concord_engine::plan::{Expr, Function, Op, Query, Shape, Table, TableRow};

use super::context::Context;
use super::domain::Domain;
use crate::emit::assembler::EmitError;

/// What is certainly there when all conditions hold.
pub(crate) fn guards_of<'p, D: Domain<'p>>(d: &mut D, items: &'p [Expr]) -> Vec<&'p Expr> {
    let mut guards = Vec::new();
    items.iter().for_each(|item| some_when_yes(d.context(), item, 0, &mut guards));
    guards
}

pub(super) fn yes_guards<'p, D: Domain<'p>>(d: &mut D, condition: &'p Expr) -> Vec<&'p Expr> {
    guards_of(d, std::slice::from_ref(condition))
}

/// What is certainly there when a row of a table matches.
pub(crate) fn guards_of_row<'p, D: Domain<'p>>(d: &mut D, table: &'p Table, row: &TableRow) -> Vec<&'p Expr> {
    let mut guards = Vec::new();
    for (region, column) in row.cells.iter().zip(&table.columns) {
        let x = &column.expr;
        match region.ranges.as_slice() {
            [(1, 1)] if x.shape == Shape::YES_NO => some_when_yes(d.context(), x, 0, &mut guards),
            [(0, 0)] if x.shape == Shape::YES_NO => some_when_no(d.context(), x, 0, &mut guards),
            _ if !region.none => guards.push(x),
            _ => {}
        }
    }
    guards
}

/// Walks under guards.
pub(crate) fn guarded<'p, D: Domain<'p>, T>(
    d: &mut D,
    guards: Vec<&'p Expr>,
    inner: impl FnOnce(&mut D) -> Result<T, EmitError>,
) -> Result<T, EmitError> {
    let mark = d.guards().len();
    d.guards().extend(guards);
    let value = inner(d);
    d.guards().truncate(mark);
    value
}

/// Walks inside one more query: what is known to be there of the current events outside it goes by other levels within,
/// and is left out, and so is what was worked out of them.
pub(crate) fn inside<'p, D: Domain<'p>, T>(
    d: &mut D,
    inner: impl FnOnce(&mut D) -> Result<T, EmitError>,
) -> Result<T, EmitError> {
    let outside = d.guards().clone();
    d.guards().retain(|guard| !speaks_of_events(guard));
    let remembered = std::mem::take(d.remembered());
    let value = inner(d);
    *d.guards() = outside;
    *d.remembered() = remembered;
    value
}

/// How many definitions are looked through for guards.
const DEPTH: usize = 6;

/// Whether an expression is certainly not none where the guards are not: what a deadline is counted from is there, and so is the deadline.
pub(super) fn is_there<'p, D: Domain<'p>>(d: &mut D, x: &Expr) -> bool {
    let guards = d.guards().clone();
    is_there_within(d.context(), &guards, x, 0)
}

fn is_there_within<'p>(context: &Context<'p>, guards: &[&'p Expr], x: &Expr, depth: usize) -> bool {
    if depth > DEPTH {
        return false;
    }
    let is_there = |x: &Expr| !x.shape.optional || is_there_within(context, guards, x, depth + 1);
    guards.iter().any(|guard| **guard == *x)
        || match &x.op {
            Op::Cell(cell) => context.definition(*cell).is_some_and(is_there),
            Op::Negate(a) => is_there(a),
            Op::Add(a, b) | Op::Subtract(a, b) | Op::Multiply(a, b) | Op::AddWorkingDays(a, b) => {
                is_there(a) && is_there(b)
            }
            Op::Lowest(all) | Op::Highest(all) | Op::Call(_, all) => all.iter().all(is_there),
            Op::Query(query) => guards.iter().any(|guard| finds(context, guard, query)),
            _ => false,
        }
}

/// Whether an expression is none only where the other finds no event either: the time of the one that is asked for, where that is its place.
fn finds(context: &Context<'_>, expr: &Expr, other: &Query) -> bool {
    let definition = match &expr.op {
        Op::Cell(cell) => context.definition(*cell),
        _ => None,
    };
    let Op::Query(query) = &definition.unwrap_or(expr).op else { return false };
    let of_one = |query: &Query| matches!(query.function, Function::First | Function::Last);
    let same_events = query.alternatives.len() == other.alternatives.len()
        && query.alternatives.iter().zip(&other.alternatives).all(|(a, b)| {
            let always = !a.value.shape.optional && !b.value.shape.optional;
            always && a.kinds == b.kinds && a.filter == b.filter
        });
    let same_function = query.takes_values() && query.function == other.function;
    same_events && (same_function || of_one(query) && of_one(other))
}

fn some_when_yes<'p>(context: &Context<'p>, condition: &'p Expr, depth: usize, found: &mut Vec<&'p Expr>) {
    if depth > DEPTH {
        return;
    }
    match &condition.op {
        Op::Not(x) => some_when_no(context, x, depth + 1, found),
        Op::And(items) => items.iter().for_each(|item| some_when_yes(context, item, depth + 1, found)),
        Op::LessOrEqual(a, b) | Op::Less(a, b) | Op::Equal(a, b) | Op::SameChoice(a, b) => found.extend([&**a, &**b]),
        Op::Within(x, ..) | Op::OneOf(x, _) | Op::Decided(x, ..) | Op::InList(x, _) => found.push(x),
        Op::Cell(cell) => {
            if let Some(definition) = context.definition(*cell) {
                some_when_yes(context, definition, depth + 1, found);
            }
        }
        _ => {}
    }
}

pub(super) fn some_when_no<'p>(context: &Context<'p>, condition: &'p Expr, depth: usize, found: &mut Vec<&'p Expr>) {
    if depth > DEPTH {
        return;
    }
    match &condition.op {
        Op::IsNone(x) => found.push(x),
        Op::Not(x) => some_when_yes(context, x, depth + 1, found),
        Op::Or(items) => items.iter().for_each(|item| some_when_no(context, item, depth + 1, found)),
        Op::Cell(cell) => {
            if let Some(definition) = context.definition(*cell) {
                some_when_no(context, definition, depth + 1, found);
            }
        }
        _ => {}
    }
}
