//! Running queries that stand inside others get a column of their own, so that they are worked out for all events in one pass; queries inside
//! others that speak of no event get a cell, so that they are worked out once.

use crate::plan::operators::outermost;
use crate::plan::{CellId, ColumnId, Expr, Kinds, Op, Running, Step};
use crate::types::builder::least::as_comparison;
use crate::types::builder::plan_writer::PlanWriter;

impl PlanWriter {
    /// An expression in which every query is looked up that can be. `around` are the kinds of the events in scope,
    /// the innermost query's last.
    pub(super) fn lifted(&mut self, mut expr: Expr, around: &mut Vec<Kinds>) -> Expr {
        self.lift_inside(&mut expr, around);
        let Some(kinds) = around.last().copied() else { return expr };
        if is_of_the_case(&expr) {
            let cell = self.store_once(expr);
            return self.load(cell);
        }
        if !is_running(&expr) {
            return expr;
        }
        let (shape, column) = (expr.shape, self.column_holding(kinds, &expr));
        let column = column.unwrap_or_else(|| self.column(shape, [(kinds, expr)]));
        Expr { op: Op::Column(column, 0), shape }
    }

    /// The same inside an expression, which itself is looked up nowhere.
    pub(in crate::types) fn lift_inside(&mut self, expr: &mut Expr, around: &mut Vec<Kinds>) {
        if let Some(comparison) = as_comparison(expr).filter(|_| !around.is_empty()) {
            *expr = comparison;
        }
        let Op::Query(query) = &mut expr.op else {
            for operand in expr.op.operands_mut() {
                self.lift(operand, around);
            }
            return;
        };
        for alternative in &mut query.alternatives {
            around.push(alternative.kinds);
            self.lift(&mut alternative.filter, around);
            self.lift(&mut alternative.value, around);
            around.pop();
        }
    }

    fn lift(&mut self, expr: &mut Expr, around: &mut Vec<Kinds>) {
        let inner = std::mem::replace(expr, Expr { op: Op::None, shape: expr.shape });
        *expr = self.lifted(inner, around);
    }

    /// The cell that is filled with an expression.
    pub(super) fn cell_holding(&self, expr: &Expr) -> Option<CellId> {
        self.steps.iter().find_map(|step| match step {
            Step::Value { cell, expr: other } if other == expr => Some(*cell),
            _ => None,
        })
    }

    /// The column that is filled with an expression for events of these kinds.
    pub(in crate::types) fn column_holding(&self, kinds: Kinds, expr: &Expr) -> Option<ColumnId> {
        self.steps.iter().find_map(|step| match step {
            Step::Column { column, kinds: of, expr: other } if *of == kinds && other == expr => Some(*column),
            _ => None,
        })
    }
}

/// Whether an expression is a query that speaks of no event in scope.
fn is_of_the_case(expr: &Expr) -> bool {
    matches!(expr.op, Op::Query(_)) && outermost(expr).is_none()
}

/// Whether an expression is a running query about the event around it.
fn is_running(expr: &Expr) -> bool {
    Running::of(expr).is_some() && outermost(expr) == Some(0)
}
