//! What an answer rests on: the parameters and the kinds of event that are read on the way to it.

use super::{CellId, ColumnId, Expr, Kinds, Op, ParameterId, Plan, Step};
use std::collections::BTreeSet;

/// What some cells rest on.
#[derive(Clone, Debug, Default)]
pub struct RestsOn {
    /// Parameters.
    pub parameters: BTreeSet<ParameterId>,
    /// Kinds of event.
    pub kinds: Kinds,
    cells: BTreeSet<CellId>,
    columns: BTreeSet<ColumnId>,
}

impl RestsOn {
    /// What these cells rest on, by the steps before them.
    #[must_use]
    pub fn of(plan: &Plan, cells: &[CellId]) -> RestsOn {
        let mut found = RestsOn { cells: cells.iter().copied().collect(), ..RestsOn::default() };
        for step in plan.steps.iter().rev() {
            match step {
                Step::Value { cell, expr } if found.cells.contains(cell) => found.visit(expr),
                Step::Column { column, expr, .. } if found.columns.contains(column) => found.visit(expr),
                Step::Table(table) => {
                    let mut filled = std::iter::once(&table.row_cell).chain(&table.output_cells);
                    if filled.any(|cell| found.cells.contains(cell)) {
                        table.tested().for_each(|(_, column)| found.visit(&column.expr));
                        table.rows.iter().flat_map(|row| &row.outputs).flatten().for_each(|expr| found.visit(expr));
                    }
                }
                Step::Value { .. } | Step::Column { .. } => {}
            }
        }
        found
    }

    fn visit(&mut self, expr: &Expr) {
        match &expr.op {
            Op::Parameter(parameter) => {
                self.parameters.insert(*parameter);
            }
            Op::Cell(cell) => {
                self.cells.insert(*cell);
            }
            Op::Column(column, _) => {
                self.columns.insert(*column);
            }
            Op::Query(query) => {
                for alternative in &query.alternatives {
                    self.kinds = self.kinds.and(alternative.kinds);
                    self.visit(&alternative.filter);
                    self.visit(&alternative.value);
                }
            }
            Op::Path(path) => {
                self.kinds = self.kinds.and(path.kinds);
                self.columns.insert(path.column);
            }
            _ => {}
        }
        expr.op.operands().into_iter().for_each(|operand| self.visit(operand));
    }
}
