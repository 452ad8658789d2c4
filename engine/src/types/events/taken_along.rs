//! `any Fall where harm or frail`: a condition goes on as far as it can, so a fact of the patient is asked of each fall, and of nobody who has none;
//! and `not any Fall where harm and age >= 65` is yes of everybody who is younger.

use crate::diagnostics::{Diagnostic, codes};
use crate::plan::operators::speaks_of_events;
use crate::plan::{Expr, Op};
use crate::syntax::tree::{self, BinaryOp, ExprKind};
use crate::text::Span;
use crate::types::Builder;

impl Builder<'_> {
    /// Warns where the last parts of the condition of an `any` ask nothing of the event, and no brackets say that it is meant: after an `or`,
    /// and after an `and` where the `any` is denied. Without that it comes to the same which of the two the `and` belongs to.
    pub(super) fn warn_of_taken_along(&mut self, query: &tree::Query, condition: &Expr) {
        let any = query.function.as_ref().is_some_and(|function| function.node == "any");
        let denied = self.denied == Some(query.span);
        let (Some(filter), true) = (&query.filter, any) else { return };
        match &condition.op {
            Op::Or(parts) => self.warn_of_idle(query, (filter, BinaryOp::Or), parts),
            Op::And(parts) if denied => self.warn_of_idle(query, (filter, BinaryOp::And), parts),
            _ => {}
        }
    }

    /// The same of `all Dose have mg <= 500 and frail`.
    pub(super) fn warn_of_had_along(&mut self, query: &tree::Query, condition: &Expr) {
        if let (Some(have), Op::And(parts)) = (&query.have, &condition.op) {
            self.warn_of_idle(query, (have, BinaryOp::And), parts);
        }
    }

    fn warn_of_idle(&mut self, query: &tree::Query, (condition, joint): (&tree::Expr, BinaryOp), parts: &[Expr]) {
        let ExprKind::Binary { op, left, right } = &condition.kind else { return };
        let bare = op.node == joint && condition.span.start == left.span.start;
        // Where parts in brackets were joined with the others, which is which is not known.
        let plain = joined(condition, joint) == parts.len();
        let idle = parts.iter().rev().take_while(|part| !speaks_of_events(part)).count();
        if !bare || !plain || idle == 0 || idle == parts.len() || self.context.inlining().is_some() {
            return;
        }
        let (mut kept, mut first) = (left, right);
        for _ in 1..idle {
            let ExprKind::Binary { left, right, .. } = &kept.kind else { return };
            (kept, first) = (left, right);
        }
        let place = |at: u32| Span { start: at, end: at, ..query.span };
        let span = first.span.to(right.span);
        let (said, events) = (self.context.words(span), self.context.words(query.events.span));
        let fault = if joint == BinaryOp::And && query.have.is_none() {
            let title = format!(
                "the `not` goes on over `{said}`: where that is not so, this is yes, whatever `{events}` there was"
            );
            let help = "put the query in brackets, so that `not` ends with it, or, where it is meant so, what stands after `where`: `where (… and …)`";
            Diagnostic::warning(codes::W0503, span, title, "the condition of the query goes on to here").help(help)
        } else {
            let word = if joint == BinaryOp::And { "have" } else { "where" };
            let title = format!("`{said}` is asked of each `{events}`, and of nobody without one");
            let or = if joint == BinaryOp::And { "and" } else { "or" };
            let help = format!(
                "put the query in brackets, or, where it is meant so, what stands after `{word}`: `{word} (… {or} …)`"
            );
            Diagnostic::warning(codes::W0503, span, title, "the condition of the query goes on to here").help(help)
        };
        self.faults.push(fault.edit(place(query.span.start), "(").edit(place(kept.span.end), ")"));
    }
}

/// How many conditions are joined with one word, without brackets.
fn joined(condition: &tree::Expr, joint: BinaryOp) -> usize {
    match &condition.kind {
        ExprKind::Binary { op, left, .. } if op.node == joint && condition.span.start == left.span.start => {
            1 + joined(left, joint)
        }
        _ => 1,
    }
}
