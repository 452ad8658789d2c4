//! `expect Review where ward = ward`: a value that is compared with itself, mostly where an inner event has a field of the same name as what is meant.

use crate::diagnostics::{Diagnostic, codes};
use crate::plan::Op;
use crate::syntax::tree::{self, Comparison, ExprKind};
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
        if a.expr != b.expr || fixed || !apart || self.guards_count() || self.context.inlining().is_some() {
            return;
        }
        let always = match op {
            Comparison::Equal | Comparison::LessOrEqual | Comparison::GreaterOrEqual => "yes",
            Comparison::NotEqual | Comparison::Less | Comparison::Greater => "no",
        };
        let said = self.context.words(right.span);
        let title = format!("`{said}` is compared with itself, so this is always {always} where it is known");
        let fault = Diagnostic::warning(codes::W0601, left.span.to(right.span), title, "the same value on both sides");
        let of_event = place.has_event() && matches!(right.kind, ExprKind::Path(_));
        self.faults.push(if of_event {
            fault.help(format!(
                "a name means what the innermost event has; another event is given a name to ask it: `for each Fall called f` and `f.{said}`"
            ))
        } else {
            fault.help("compare it with what is meant, or leave it out")
        });
    }
}
