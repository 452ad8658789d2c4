//! Branches of an `if` that nothing reaches, as those above take all that they would: `if n > 3 then 1 else if n > 5 then 2 else 0`.

use crate::diagnostics::{Diagnostic, codes};
use crate::plan::{Expr, Op};
use crate::syntax::tree::{self, ExprKind};
use crate::types::Builder;

impl Builder<'_> {
    /// Warns of each `else if` of a chain whose condition holds only where the first of the chain holds, or one of those between. What those
    /// between take by themselves was told where the chain below was read.
    pub(super) fn warn_of_branches(&mut self, (first, otherwise): (&Expr, &tree::Expr), below: &Expr) {
        if self.guards_count() || self.context.inlining().is_some() {
            return;
        }
        let (mut above, mut tree, mut built) = (vec![first], otherwise, below);
        while let (ExprKind::If { condition: written, otherwise: last, .. }, Op::If(condition, _, rest)) =
            (&tree.kind, &built.op)
        {
            let by_others = above.get(1..).is_some_and(|others| is_taken(condition, others));
            if !by_others && is_taken(condition, &above) {
                let title = "nothing reaches this branch: one above takes all that it would";
                let fault = Diagnostic::warning(codes::W0601, written.span, title, "never reached");
                self.faults.push(fault.help("the first branch that fits counts: put the narrower condition first"));
            }
            above.push(condition);
            (tree, built) = (last, rest);
        }
    }
}

/// Whether a condition holds only where one of some others does.
fn is_taken(condition: &Expr, others: &[&Expr]) -> bool {
    let alone = others.iter().any(|other| implies(condition, other));
    let each: Vec<&Expr> = others.iter().flat_map(|other| ways(other)).collect();
    alone || parts(condition).into_iter().any(|part| is_covered(part, &each))
}

/// The conditions that all hold where one does.
fn parts(condition: &Expr) -> Vec<&Expr> {
    if let Op::And(items) = &condition.op { items.iter().collect() } else { vec![condition] }
}

/// The conditions of which each is enough for one.
fn ways(condition: &Expr) -> Vec<&Expr> {
    if let Op::Or(items) = &condition.op { items.iter().collect() } else { vec![condition] }
}

/// Whether a condition holds only where another does.
fn implies(one: &Expr, other: &Expr) -> bool {
    if one == other {
        return true;
    }
    match (&one.op, &other.op) {
        (Op::Or(items), _) => items.iter().all(|item| implies(item, other)),
        (_, Op::And(items)) => items.iter().all(|item| implies(one, item)),
        (_, Op::Or(items)) if items.iter().any(|item| implies(one, item)) => true,
        (Op::And(items), _) => items.iter().any(|item| implies(item, other)),
        (Op::Within(x, from, to), Op::Within(y, low, high)) => x == y && low <= from && to <= high,
        (Op::OneOf(x, some), Op::OneOf(y, all)) => x == y && some & !all == 0,
        _ => false,
    }
}

/// Whether conditions on the same value, each by itself, leave nothing of what one takes.
fn is_covered(one: &Expr, others: &[&Expr]) -> bool {
    match &one.op {
        Op::Within(x, from, to) => {
            let mut taken: Vec<(i64, i64)> = others.iter().filter_map(|other| range_of(other, x)).collect();
            taken.sort_unstable();
            let mut next = *from;
            for (low, high) in taken {
                if low <= next {
                    next = next.max(high.saturating_add(1));
                }
            }
            next > *to
        }
        Op::OneOf(x, some) => {
            let taken = others.iter().filter_map(|other| choices_of(other, x)).fold(0, |all, one| all | one);
            some & !taken == 0
        }
        _ => false,
    }
}

/// The range of a value that a condition asks for, and nothing else.
fn range_of(condition: &Expr, x: &Expr) -> Option<(i64, i64)> {
    match &condition.op {
        Op::Within(y, low, high) if y.as_ref() == x => Some((*low, *high)),
        _ => None,
    }
}

/// The same of choices.
fn choices_of(condition: &Expr, x: &Expr) -> Option<u64> {
    match &condition.op {
        Op::OneOf(y, some) if y.as_ref() == x => Some(*some),
        _ => None,
    }
}
