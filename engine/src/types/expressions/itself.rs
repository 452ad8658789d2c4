//! `expect Review where ward = ward`: a value that is compared with itself, mostly where an inner event has a field of the same name as what is meant.

use crate::diagnostics::{Diagnostic, codes};
use crate::plan::Op;
use crate::syntax::tree::{self, BinaryOp, Comparison, ExprKind};
use crate::text::Span;
use crate::types::{Builder, Place, Typed};

impl Builder<'_> {
    /// Warns where both sides of a comparison are one and the same value.
    pub(super) fn warn_of_itself(
        &mut self,
        op: Comparison,
        (a, b): (&Typed, &Typed),
        (left, right): (&tree::Expr, &tree::Expr),
        place: Place,
    ) {
        let fixed = matches!(a.expr.op, Op::Constant(_) | Op::Choice(_) | Op::None);
        let apart = left.span.end <= right.span.start;
        if fixed || !apart || self.guards_count() || self.context.inlining().is_some() {
            return;
        }
        if a.expr != b.expr {
            return self.warn_of_both_sides((left, right), place);
        }
        let always = match op {
            Comparison::Equal | Comparison::LessOrEqual | Comparison::GreaterOrEqual => "yes",
            Comparison::NotEqual | Comparison::Less | Comparison::Greater => "no",
        };
        let said = self.context.words(right.span);
        let title = format!("`{said}` is compared with itself, so this is always {always} where it is known");
        let fault = Diagnostic::warning(codes::W0601, left.span.to(right.span), title, "the same value on both sides");
        self.faults.push(fault.help(self.another_meant(right, place)));
    }

    /// `at >= at + 10 min`, `v + 1 > v`: what stands on both sides changes nothing.
    fn warn_of_both_sides(&mut self, (left, right): (&tree::Expr, &tree::Expr), place: Place) {
        let twice = self.stands_twice(terms(left), terms(right));
        let Some((_, again)) = twice else { return };
        let said = self.context.words(again.span);
        let title = format!("`{said}` stands on both sides, so what it is changes nothing");
        let fault = Diagnostic::warning(codes::W0601, left.span.to(right.span), title, "the same value on both sides");
        self.faults.push(fault.help(self.another_meant(again, place)));
    }

    /// `at in at + 10 min..at + 20 min`
    pub(super) fn warn_of_range_of_itself(
        &mut self,
        value: &tree::Expr,
        (low, high): (&tree::Expr, &tree::Expr),
        place: Place,
    ) {
        if self.guards_count() || self.context.inlining().is_some() {
            return;
        }
        let end = if self.stands_twice(terms(value), terms(low)).is_some() { low } else { high };
        self.warn_of_both_sides((value, end), place);
    }

    /// `at - at`, `v + 1 - v`: a value that is taken from itself.
    pub(super) fn warn_of_no_difference(&mut self, (left, right): (&tree::Expr, &tree::Expr), place: Place) {
        let (of, off) = (terms(left), terms(right));
        // How long a month is depends on what it is added to.
        let moves_by_calendar = of.iter().chain(&off).any(|(term, _)| is_of_calendar(term));
        if let Some((_, again)) = self.stands_twice(of, off).filter(|_| !moves_by_calendar) {
            self.taken_from_itself(again, left.span.to(right.span), place);
        }
    }

    /// `days from at to at`
    pub(super) fn warn_of_nothing_between(&mut self, arguments: &[tree::Expr], place: Place) {
        let [from, to] = arguments else { return };
        if self.context.words(from.span) == self.context.words(to.span) {
            self.taken_from_itself(to, from.span.to(to.span), place);
        }
    }

    fn taken_from_itself(&mut self, again: &tree::Expr, span: Span, place: Place) {
        if self.guards_count() || self.context.inlining().is_some() {
            return;
        }
        let said = self.context.words(again.span);
        let title = format!("`{said}` is taken from itself, so what it is changes nothing");
        let fault = Diagnostic::warning(codes::W0601, span, title, "the same value twice");
        self.faults.push(fault.help(self.another_meant(again, place)));
    }

    /// A value of the case that both of two sums add, or both take off.
    fn stands_twice<'t>(
        &self,
        sum: Vec<(&'t tree::Expr, bool)>,
        other: Vec<(&'t tree::Expr, bool)>,
    ) -> Option<(&'t tree::Expr, &'t tree::Expr)> {
        let same = |(one, off): &(&'t tree::Expr, bool)| {
            let said = self.context.words(one.span);
            let is = |(two, its): &&(&'t tree::Expr, bool)| {
                off == its && is_value(two) && self.context.words(two.span) == said
            };
            other.iter().find(is).map(|(two, _)| (*one, *two))
        };
        sum.iter().filter(|(one, _)| is_value(one)).find_map(same)
    }

    /// What was meant in the place of a value that stands there twice.
    fn another_meant(&self, value: &tree::Expr, place: Place) -> String {
        let said = self.context.words(value.span);
        let bare = match &value.kind {
            ExprKind::Path(path) => path.parts.len() == 1,
            kind => matches!(kind, ExprKind::At),
        };
        if place.has_event() && bare {
            return format!(
                "a name means what the innermost event has; another event is given a name to ask it: `for each Fall called f` and `f.{said}`"
            );
        }
        "compare it with what is meant, or leave it out".to_owned()
    }
}

/// What a sum adds up, with whether it is taken off.
pub(super) fn terms(sum: &tree::Expr) -> Vec<(&tree::Expr, bool)> {
    let (mut found, mut waiting) = (Vec::new(), vec![(sum, false)]);
    while let Some((next, off)) = waiting.pop() {
        match &next.kind {
            ExprKind::Binary { op, left, right } if matches!(op.node, BinaryOp::Add | BinaryOp::Subtract) => {
                waiting.push((right, off != (op.node == BinaryOp::Subtract)));
                waiting.push((left, off));
            }
            _ => found.push((next, off)),
        }
    }
    found
}

/// Whether an expression is written as a value of the case: a figure stands for itself.
fn is_value(tree: &tree::Expr) -> bool {
    matches!(
        tree.kind,
        ExprKind::At | ExprKind::AsOf | ExprKind::Path(_) | ExprKind::Query(_) | ExprKind::Calendar { .. }
    )
}

/// Whether an expression is a length that the calendar decides: months, days and working days.
fn is_of_calendar(tree: &tree::Expr) -> bool {
    let ExprKind::Number(number) = &tree.kind else { return false };
    number.unit.as_ref().is_some_and(|unit| !matches!(unit.text.as_str(), "s" | "min" | "h"))
}
