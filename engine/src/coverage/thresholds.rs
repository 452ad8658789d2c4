//! Thresholds: a value at each, just below it and just above it.
//!
//! A threshold is a comparison of a value with something that no case changes. A step is one in the last digit of what is
//! compared; of times a minute, as cases are written to the minute.

use super::notes::{Notes, fits};
use super::{Aspect, Differs, Point};
use crate::evaluate::{Evaluated, Known};
use crate::plan::{Class, Expr, Op};
use crate::syntax::tree::{self, Comparison, ExprKind};
use crate::text::Span;
use crate::values::types::Type;

/// The smallest difference between two times that cases are written with.
pub(super) const MINUTE: i64 = 60_000;

/// The three sides.
pub(super) const SIDES: [&str; 3] = ["just below", "at", "just above"];

/// A value and what it is held against.
struct Threshold<'e> {
    value: &'e Expr,
    limit: Limit<'e>,
    /// The test that it was found in.
    of_test: &'e Expr,
}

enum Limit<'e> {
    Fixed(i64),
    Set(&'e Expr),
}

/// The thresholds in a test. Equality has none.
fn thresholds<'e>(test: &'e Expr, found: &mut Vec<Threshold<'e>>) {
    match &test.op {
        Op::Not(x) => thresholds(x, found),
        Op::And(items) | Op::Or(items) => items.iter().for_each(|item| thresholds(item, found)),
        Op::Within(x, low, high) if x.shape.class == Class::Range && low < high => {
            let ends = [(*low > x.shape.low).then_some(*low), (*high < x.shape.high).then_some(*high)];
            found.extend(ends.into_iter().flatten().map(|end| Threshold {
                value: x,
                limit: Limit::Fixed(end),
                of_test: test,
            }));
        }
        Op::LessOrEqual(a, b) | Op::Less(a, b) => match (is_set(a), is_set(b)) {
            (false, true) => found.push(Threshold { value: a, limit: Limit::Set(b), of_test: test }),
            (true, false) => found.push(Threshold { value: b, limit: Limit::Set(a), of_test: test }),
            _ => {}
        },
        _ => {}
    }
}

/// Whether no case changes a value.
fn is_set(expr: &Expr) -> bool {
    match &expr.op {
        Op::Constant(_) | Op::Parameter(_) => true,
        Op::Negate(_) | Op::Add(..) | Op::Subtract(..) | Op::Multiply(..) => expr.op.operands().into_iter().all(is_set),
        _ => false,
    }
}

/// The smallest step of a value.
pub(super) fn step(ty: &Type, expr: &Expr) -> i64 {
    match (ty, &expr.op) {
        (Type::Instant | Type::Duration | Type::TimeOfDay, _) => MINUTE,
        // What was made finer to be compared moves by more than one.
        (_, Op::Multiply(a, b)) => match (&a.op, &b.op) {
            (_, Op::Constant(by)) | (Op::Constant(by), _) if *by > 0 => *by,
            _ => 1,
        },
        _ => 1,
    }
}

/// On which side of a threshold a value is, if it is near.
pub(super) fn side(value: i64, limit: i64, step: i64) -> Option<&'static str> {
    // What is compared lies within proved ranges.
    let over = value.saturating_sub(limit);
    match over {
        0 => Some("at"),
        _ if (1..=step).contains(&over) => Some("just above"),
        _ if (-step..0).contains(&over) => Some("just below"),
        _ => None,
    }
}

/// What is written where `low` or `high` is the last value let through: by `> 7` and `< 90` the one beside it.
fn written(expr: &tree::Expr, threshold: &Threshold<'_>) -> Option<i64> {
    let Limit::Fixed(limit) = threshold.limit else { return None };
    let strict = matches!(&expr.kind, ExprKind::Compare { op: Comparison::Less | Comparison::Greater, .. });
    match &threshold.of_test.op {
        Op::Within(x, low, _) if strict && limit == *low && *low > x.shape.low => limit.checked_sub(1),
        Op::Within(..) if strict => limit.checked_add(1),
        _ => Some(limit),
    }
}

/// The compared value in the text, where an expression is a comparison.
fn compared(expr: &tree::Expr) -> Option<(Span, Span)> {
    match &expr.kind {
        ExprKind::Compare { left, right, .. } => Some((left.span, right.span)),
        ExprKind::InRange { value, low, .. } => Some((value.span, low.span)),
        _ => None,
    }
}

/// Notes the sides of the thresholds in a comparison.
pub(super) fn declare(notes: &mut Notes<'_>, expr: &tree::Expr) {
    let Some((left, right)) = compared(expr) else { return };
    let (mut sides, mut exact) = (Vec::new(), Vec::new());
    for asked in notes.asked(expr.span) {
        let mut found = Vec::new();
        thresholds(&asked.expr, &mut found);
        for (number, threshold) in found.iter().enumerate() {
            let (value, limit) = (threshold.value, written(expr, threshold));
            let typed = notes.asked(left).chain(notes.asked(right)).find(|typed| typed.expr == *value);
            let step = notes.asked(left).next().map_or(1, |typed| step(&typed.ty, value));
            for side in SIDES {
                let at = limit.map(|limit| beside(notes, value, side, (limit, step)));
                // A sum of points may not come to the limit, or to nothing beside it.
                let Some(at) = at.map_or(Some(None), |at| at.map(Some)) else { continue };
                if at.is_some_and(|at| at < value.shape.low || at > value.shape.high) {
                    continue;
                }
                exact.extend(at.map(|at| (label(number, side), at)));
                let shown = at.zip(typed).map(|(at, typed)| notes.of.package.plan.show(&typed.ty, at));
                sides.push((label(number, side), side, shown.clone(), differs(notes, value, shown)));
            }
        }
    }
    let words = notes.words(expr.span);
    exact.into_iter().for_each(|(which, value)| notes.declare_exact(expr.span, which, value));
    for (which, side, value, by) in sides {
        notes.declare(which, Point { side, value, by, ..Point::of(Aspect::Side, expr.span, words.clone()) });
    }
}

/// The value on a side of a limit; none where there is no such value.
fn beside(notes: &Notes<'_>, value: &Expr, side: &str, (limit, step): (i64, i64)) -> Option<i64> {
    let few = notes.possible.values(value);
    match side {
        "just below" => notes.possible.beside(value, limit, step).1,
        "at" => few.is_none_or(|values| values.contains(&limit)).then_some(limit),
        _ => match few {
            Some(values) => values.range(limit.checked_add(1)?..).next().copied(),
            None => limit.checked_add(step),
        },
    }
}

/// Sides of the second threshold of a comparison have names of their own.
fn label(number: usize, side: &'static str) -> &'static str {
    match (number, side) {
        (0, side) => side,
        (_, "just below") => "just below the upper end",
        (_, "at") => "at the upper end",
        _ => "just above the upper end",
    }
}

/// A value that is a fact, set to another.
pub(super) fn differs(notes: &Notes<'_>, value: &Expr, shown: Option<String>) -> Option<Differs> {
    let Op::Input(input) = &value.op else { return None };
    let input = notes.of.package.plan.subject.inputs.get(*input)?;
    Some(Differs::Facts(vec![(input.name.clone(), shown?)]))
}

/// Marks the sides that a case shows.
pub(super) fn mark(notes: &mut Notes<'_>, evaluated: &Evaluated<'_>, expr: &tree::Expr, events: &[usize]) {
    let Some((left, _)) = compared(expr) else { return };
    let mut shown = Vec::new();
    for asked in notes.asked(expr.span).filter(|asked| fits(evaluated, &asked.around, events)) {
        let mut found = Vec::new();
        thresholds(&asked.expr, &mut found);
        for (number, threshold) in found.iter().enumerate() {
            let value = threshold.value;
            let step = notes.asked(left).next().map_or(1, |typed| step(&typed.ty, value));
            let limit = match threshold.limit {
                Limit::Fixed(_) => written(expr, threshold),
                Limit::Set(set) => number_of(evaluated, set, events),
            };
            let near = number_of(evaluated, value, events).zip(limit);
            let Some((is, limit)) = near else { continue };
            let sides = SIDES.iter().map(|on| (*on, label(number, on)));
            let on = |(on, label): &(&'static str, &'static str)| {
                side(is, limit, step) == Some(*on) || notes.is_exact(expr.span, label, is)
            };
            shown.extend(sides.filter(on).map(|(_, label)| label));
        }
    }
    shown.into_iter().for_each(|side| notes.mark(Aspect::Side, expr.span, side));
}

/// The number that an expression certainly is.
pub(super) fn number_of(evaluated: &Evaluated<'_>, expr: &Expr, events: &[usize]) -> Option<i64> {
    evaluated.ask(expr, events).only(Class::Range).and_then(Known::value)
}
