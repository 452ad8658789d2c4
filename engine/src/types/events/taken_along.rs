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
        if let (Some(filter), None, None, Op::Or(parts)) = (&query.filter, &query.function, query.nth, &condition.op) {
            self.warn_of_other_events(query, filter, parts);
        }
        let any = query.function.as_ref().is_some_and(|function| function.node == "any");
        let denied = self.denied == Some(query.span);
        let (Some(filter), true) = (&query.filter, any) else { return };
        match &condition.op {
            Op::Or(parts) => self.warn_of_idle(query, (filter, BinaryOp::Or), parts),
            Op::And(parts) if denied => self.warn_of_idle(query, (filter, BinaryOp::And), parts),
            _ => {}
        }
    }

    /// `expect Review where doc or any Scan`: another event that will do as well is asked of each review, and nobody waits for it.
    fn warn_of_other_events(&mut self, query: &tree::Query, filter: &tree::Expr, parts: &[Expr]) {
        let ExprKind::Binary { op, left, right } = &filter.kind else { return };
        let ExprKind::Query(other) = &right.kind else { return };
        let any = other.function.as_ref().is_some_and(|function| function.node == "any") && other.span == right.span;
        let bare = op.node == BinaryOp::Or && filter.span.start == left.span.start;
        let idle = parts.last().is_some_and(|part| !speaks_of_events(part));
        if !(any && bare && idle) || self.context.inlining().is_some() {
            return;
        }
        let [said, events] = [right.span, query.events.span].map(|span| self.context.words(span));
        let either = self.context.words(Span { start: other.events.span.start, ..other.span });
        let first = self.context.words(Span { end: left.span.end, ..query.span });
        let title =
            format!("`{said}` is asked of each `{events}`: by itself it is none of the events that are meant here");
        let fault = Diagnostic::warning(codes::W0503, right.span, title, "the condition of the query goes on to here");
        let help = format!(
            "events of either kind stand in brackets: `({first} or {either})`; where it is meant so, put what stands after `where` in brackets"
        );
        let place = |at: u32| Span { start: at, end: at, ..query.span };
        self.faults.push(fault.help(help).edit(place(filter.span.start), "(").edit(place(filter.span.end), ")"));
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
