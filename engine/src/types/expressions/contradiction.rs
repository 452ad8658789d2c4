//! Conditions joined with `and` that no value fulfils together: `time of at >= 20:00 and time of at < 08:00`.

use crate::diagnostics::{Diagnostic, codes};
use crate::plan::Expr;
use crate::syntax::tree::{self, BinaryOp, ExprKind};
use crate::text::Span;
use crate::types::expressions::together::shut_out;
use crate::types::{Builder, Place};
use crate::values::types::Type;

impl Builder<'_> {
    /// Warns where two of the conditions on one value, one of those before an `and` and one of those after it, leave none of its values.
    pub(super) fn warn_of_contradiction(
        &mut self,
        (before, after): (&[Expr], &[Expr]),
        (left, span): (&tree::Expr, Span),
        place: Place,
    ) {
        let parts = |all: &[Expr]| {
            let mut parts = Vec::new();
            all.iter().for_each(|one| self.parts_of_all(one, &mut parts));
            parts.iter().map(|part| (*part).clone()).collect::<Vec<Expr>>()
        };
        let (before, after) = (parts(before), parts(after));
        let apart = before.iter().any(|one| after.iter().any(|other| shut_out(one, other)));
        if !apart || self.guards_count() || self.context.inlining().is_some() {
            return;
        }
        let clock = self.of_time_of_day(left, place);
        let fault =
            Diagnostic::warning(codes::W0601, span, "no value fulfils all of this, so it is always no", "always no");
        self.faults.push(fault.help(if clock {
            "hours of the night are before midnight or after it: write `or` between the two"
        } else {
            "write `or` if one of them is enough, or correct the figures"
        }));
    }

    /// Whether the last of some conditions compares a time of day.
    fn of_time_of_day(&mut self, condition: &tree::Expr, place: Place) -> bool {
        let mut last = condition;
        while let ExprKind::Binary { op, right, .. } = &last.kind
            && op.node == BinaryOp::And
        {
            last = right;
        }
        let ExprKind::Compare { left: value, .. } = &last.kind else { return false };
        let mark = self.faults.mark();
        let ty = self.expr(value, None, place).map(|typed| typed.ty);
        self.faults.take_back(mark);
        ty == Some(Type::TimeOfDay)
    }
}
