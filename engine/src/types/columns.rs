//! Columns: what is asked of an event more than once is worked out once for each event.

use super::Builder;
use crate::plan::operators::outermost;
use crate::plan::{Column, Expr, Op, Step};

/// An expression of at most so many operators, and without a question in it, is worked out again wherever it stands.
const CHEAP: usize = 6;

impl Builder<'_> {
    /// The value of an expression about one event of a kind: looked up where working it out again would cost more.
    ///
    /// An expression that speaks of further events at hand stays as it is.
    pub(super) fn kept_for_each(&mut self, event: usize, expr: Expr) -> Expr {
        if outermost(&expr) != Some(0) || size(&expr).is_some_and(|size| size <= CHEAP) {
            return expr;
        }
        let shape = expr.shape;
        let of_kind = |column: usize| self.plan.columns.get(column).is_some_and(|c| c.event == event);
        let same = self.plan.steps.iter().find_map(|step| match step {
            Step::Column { column, expr: other } if *other == expr && of_kind(*column) => Some(*column),
            _ => None,
        });
        let column = same.unwrap_or_else(|| {
            let column = self.plan.columns.len();
            self.plan.columns.push(Column { event, shape });
            self.plan.steps.push(Step::Column { column, expr });
            column
        });
        Expr { op: Op::Column(column, 0), shape }
    }
}

/// How many operators an expression has; nothing where it asks about events.
fn size(expr: &Expr) -> Option<usize> {
    if let Op::Query(_) = expr.op {
        return None;
    }
    expr.op.operands().into_iter().try_fold(1, |sum, operand| Some(sum + size(operand)?))
}
