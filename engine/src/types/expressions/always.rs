//! Conditions joined with `or` of which one holds for every value: `route is not oral or route is not iv`.

use crate::diagnostics::{Diagnostic, codes};
use crate::plan::{Expr, Op, Shape};
use crate::text::Span;
use crate::types::Builder;

impl Builder<'_> {
    /// Warns where a condition on the left of an `or` and one on its right leave out none of the values of what both ask.
    pub(super) fn warn_of_always(&mut self, (left, right): (&Expr, &Expr), span: Span) {
        let (left, right) = (alternatives(left), alternatives(right));
        let always = left.iter().any(|one| right.iter().any(|other| leave_out_nothing(one, other)));
        if !always || self.guards_count() || self.context.inlining().is_some() {
            return;
        }
        let title = "every value fulfils one of these, so it is always yes";
        let fault = Diagnostic::warning(codes::W0601, span, title, "always yes");
        self.faults.push(fault.help("write `and` if both must hold, as of two that it is not, or correct the figures"));
    }
}

fn alternatives(condition: &Expr) -> &[Expr] {
    match &condition.op {
        Op::Or(all) => all,
        _ => std::slice::from_ref(condition),
    }
}

/// Whether two conditions are on one value, and each of its values fulfils one of them.
fn leave_out_nothing(one: &Expr, other: &Expr) -> bool {
    let (Some((x, some)), Some((y, others))) = (fulfilled(one), fulfilled(other)) else { return false };
    // What is none fulfils the opposite of a test alone.
    let denied = [one, other].iter().any(|condition| matches!(condition.op, Op::Not(_)));
    if x != y || x.shape.optional && !denied {
        return false;
    }
    // Where no value fulfils both, it asks whether the value is known: `harm or not harm`.
    let both = |(a, b): &(i64, i64)| others.iter().any(|(c, d)| a.max(c) <= b.min(d));
    let opposites = [one, other].iter().all(|condition| matches!(condition.op, Op::Not(_)));
    if !opposites && !some.iter().any(both) {
        return false;
    }
    let mut ranges: Vec<(i64, i64)> = some.into_iter().chain(others).filter(|(low, high)| low <= high).collect();
    ranges.sort_unstable();
    let mut next = x.shape.low;
    for (low, high) in ranges {
        if low > next {
            return false;
        }
        next = next.max(high.saturating_add(1));
    }
    next > x.shape.high
}

/// What a condition asks about, and the values that fulfil it as ranges; choices by their places.
fn fulfilled(condition: &Expr) -> Option<(&Expr, Vec<(i64, i64)>)> {
    let (inner, is) = match &condition.op {
        Op::Not(inner) => (inner.as_ref(), false),
        _ => (condition, true),
    };
    let (x, ranges) = match &inner.op {
        Op::Within(x, low, high) => (x.as_ref(), vec![(*low, *high)]),
        Op::OneOf(x, mask) => {
            let choices = x.shape.low..=x.shape.high.min(63);
            (x.as_ref(), choices.filter(|choice| mask >> choice & 1 == 1).map(|choice| (choice, choice)).collect())
        }
        _ if inner.shape == Shape::YES_NO => (inner, vec![(1, 1)]),
        _ => return None,
    };
    if is {
        return Some((x, ranges));
    }
    let mut others = Vec::new();
    let mut next = x.shape.low;
    for (low, high) in ranges {
        others.push((next, low.saturating_sub(1).min(x.shape.high)));
        next = high.saturating_add(1).max(next);
    }
    others.push((next, x.shape.high));
    Some((x, others))
}
