//! `age >= 65 or frail and not palliative`: `and` is taken before `or`, which whoever reads one line of conditions need not know.

use crate::diagnostics::{Diagnostic, codes};
use crate::syntax::tree::{self, BinaryOp, ExprKind, Item, MeasureKind, Node};
use crate::text::Span;
use crate::types::Builder;

impl Builder<'_> {
    /// Warns where an `and` stands behind an `or`, and no brackets say which is taken first. Where what is joined by it begins a line of its own
    /// the lines say it.
    pub(in crate::types) fn warn_of_mixed(&mut self) {
        let mut waiting: Vec<&tree::Expr> = Vec::new();
        for item in self.context.items() {
            if let Item::Measure(measure) = item {
                waiting.extend(measure.entries.iter().filter_map(|entry| asked_by(&entry.kind)));
            }
            for part in item.parts() {
                match part {
                    Node::Expr(expr) => waiting.push(expr),
                    Node::Query(query) => waiting.extend(query.parts()),
                }
            }
        }
        while let Some(expr) = waiting.pop() {
            waiting.extend(expr.parts());
            if let Some((either, and)) = behind_an_or(expr) {
                self.warn_of_taken_first(either, and);
            }
        }
    }

    fn warn_of_taken_first(&mut self, either: &tree::Expr, and: &tree::Expr) {
        let ExprKind::Binary { left, right, .. } = &and.kind else { return };
        let between = Span { start: either.span.end, end: left.span.start, ..and.span };
        if self.context.has_several_lines(between) {
            return;
        }
        let before = self.context.words(either.span);
        let [said, first, last] = [and.span, left.span, right.span].map(|span| self.context.words(span));
        let title = format!("`{said}` is taken together before the `or`, and no brackets say so");
        let fault = Diagnostic::warning(codes::W0505, and.span, title, "`and` binds more closely than `or`");
        let fault = fault.help(format!(
            "write which is meant: `{before} or ({said})`, which it is now, or `({before} or {first}) and {last}`"
        ));
        let at = |place: u32| Span { start: place, end: place, ..and.span };
        self.faults.push(fault.edit(at(and.span.start), "(").edit(at(and.span.end), ")"));
    }
}

/// What a line of a measure asks of a case.
fn asked_by(kind: &MeasureKind) -> Option<&tree::Expr> {
    match kind {
        MeasureKind::OfCases(asked) => asked.as_ref(),
        MeasureKind::MetWhen(asked) | MeasureKind::Excused { when: asked, .. } => Some(asked),
        MeasureKind::OfCount(asked) | MeasureKind::MetCount(asked) | MeasureKind::Weighted(asked) => Some(asked),
        _ => None,
    }
}

/// What stands before an `or`, and the conditions joined with `and` that stand behind it without brackets. Of two pairs, `a and b or c and d`, nobody
/// asks.
fn behind_an_or(expr: &tree::Expr) -> Option<(&tree::Expr, &tree::Expr)> {
    let ExprKind::Binary { op, left, right } = &expr.kind else { return None };
    let is_pair = op.node == BinaryOp::Or && joined_bare(right) && !joined_bare(left);
    is_pair.then_some((left, right))
}

fn joined_bare(expr: &tree::Expr) -> bool {
    matches!(&expr.kind, ExprKind::Binary { op, left, .. } if op.node == BinaryOp::And && expr.span.start == left.span.start)
}
