//! Columns: what is asked of an event more than once is worked out once for each event.

use super::Builder;
use crate::plan::operators::outermost;
use crate::plan::{Column, Expr, Kinds, Op, Shape, Step};

/// An expression of at most so many operators, and without a query in it, is worked out again wherever it stands.
const CHEAP: usize = 6;

impl Builder<'_> {
    /// The value of an expression about one event of some kinds: looked up where working it out again would cost more.
    ///
    /// An expression that speaks of further events in scope stays as it is.
    pub(super) fn kept_for_each(&mut self, kinds: Kinds, expr: Expr) -> Expr {
        if outermost(&expr) != Some(0) || size(&expr).is_some_and(|size| size <= CHEAP) {
            return expr;
        }
        let shape = expr.shape;
        let same = self.plan.steps.iter().find_map(|step| match step {
            Step::Column { column, kinds: of, expr: other } if *of == kinds && *other == expr => Some(*column),
            _ => None,
        });
        let column = same.unwrap_or_else(|| self.new_column(shape, [(kinds, expr)]));
        Expr { op: Op::Column(column, 0), shape }
    }

    /// What each kind of event says in its own way, as one value about an event of any of them.
    pub(super) fn by_kind(&mut self, shape: Shape, parts: impl IntoIterator<Item = (usize, Expr)>) -> Expr {
        let parts: Vec<_> = parts.into_iter().map(|(kind, expr)| (Kinds::one(kind), expr)).collect();
        Expr { op: Op::Column(self.new_column(shape, parts), 0), shape }
    }

    fn new_column(&mut self, shape: Shape, parts: impl IntoIterator<Item = (Kinds, Expr)>) -> usize {
        let column = self.plan.columns.len();
        self.plan.columns.push(Column { shape });
        let steps = parts.into_iter().map(|(kinds, expr)| Step::Column { column, kinds, expr });
        self.plan.steps.extend(steps);
        column
    }
}

/// How many operators an expression has; nothing where it asks about events.
fn size(expr: &Expr) -> Option<usize> {
    if let Op::Query(_) = expr.op {
        return None;
    }
    expr.op.operands().into_iter().try_fold(1, |sum, operand| Some(sum + size(operand)?))
}
