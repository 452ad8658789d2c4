//! `any Fall where harm or frail`: a condition goes on as far as it can, so a fact of the patient is asked of each fall, and of nobody who has none.

use crate::diagnostics::{Diagnostic, codes};
use crate::plan::operators::speaks_of_events;
use crate::plan::{Expr, Op};
use crate::syntax::tree::{self, BinaryOp, ExprKind};
use crate::text::Span;
use crate::types::Builder;

impl Builder<'_> {
    /// Warns where the last part of the condition of an `any`, after an `or`, asks nothing of the event, and no brackets say that it is meant.
    pub(super) fn warn_of_taken_along(&mut self, query: &tree::Query, condition: &Expr) {
        let any = query.function.as_ref().is_some_and(|function| function.node == "any");
        let (Some(filter), Op::Or(parts)) = (&query.filter, &condition.op) else { return };
        let ExprKind::Binary { op, left, right } = &filter.kind else { return };
        let bare = op.node == BinaryOp::Or && filter.span.start == left.span.start;
        // Where parts in brackets were joined with the others, which is which is not known.
        let plain = alternatives(filter) == parts.len();
        let alone = parts.last().is_some_and(|last| !speaks_of_events(last)) && parts.iter().any(speaks_of_events);
        if !any || !bare || !plain || !alone || self.context.inlining().is_some() {
            return;
        }
        let place = |at: u32| Span { start: at, end: at, ..query.span };
        let title = format!(
            "`{}` is asked of each `{}`, and of nobody without one",
            self.context.words(right.span),
            self.context.words(query.events.span)
        );
        let fault = Diagnostic::warning(codes::W0503, right.span, title, "the condition of the query goes on to here");
        let help = "put the query in brackets, or, where it is meant so, what stands after `where`: `where (… or …)`";
        self.faults.push(fault.help(help).edit(place(query.span.start), "(").edit(place(left.span.end), ")"));
    }
}

/// How many conditions are joined with `or`, without brackets.
fn alternatives(condition: &tree::Expr) -> usize {
    match &condition.kind {
        ExprKind::Binary { op, left, .. } if op.node == BinaryOp::Or && condition.span.start == left.span.start => {
            1 + alternatives(left)
        }
        _ => 1,
    }
}
