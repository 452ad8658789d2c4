//! What each cell can depend on: facts, parameters and kinds of event. Whatever else is missing cannot change it.

use concord_engine::plan::{ById, CellId, ColumnId, Expr, Id, Kinds, Op, Plan, Step, Table};

use super::grid::Grid;
use crate::emit::assembler::{EmitError, bit};
use crate::emit::memory::takes_values;

/// See the module.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Dependence {
    /// Bits of facts.
    pub(crate) facts: u64,
    /// Bits of parameters.
    pub(crate) parameters: u64,
    /// Bits of kinds of event.
    pub(crate) kinds: u64,
}

impl Dependence {
    /// On what either depends.
    pub(crate) fn join(&mut self, other: Dependence) {
        self.facts |= other.facts;
        self.parameters |= other.parameters;
        self.kinds |= other.kinds;
    }
}

/// The dependences of one plan.
pub(crate) struct Dependences {
    cells: ById<CellId, Dependence>,
    columns: ById<ColumnId, Dependence>,
    /// Of the claims: a case that breaks one is refused whatever is wanted of it.
    pub(crate) claims: Dependence,
}

impl Dependences {
    pub(super) fn of(plan: &Plan) -> Result<Dependences, EmitError> {
        let mut all = Dependences {
            cells: ById::filled(Dependence::default(), plan.cells.len()),
            columns: ById::filled(Dependence::default(), plan.columns.len()),
            claims: Dependence::default(),
        };
        for step in &plan.steps {
            all.step(step)?;
        }
        Ok(all)
    }

    /// Of a cell.
    pub(crate) fn cell(&self, cell: CellId) -> Dependence {
        // A cell that no step fills depends on nothing, as does a column; whoever reads it is refused.
        self.cells.get(cell).copied().unwrap_or_default()
    }

    /// Of a column.
    pub(crate) fn column(&self, column: ColumnId) -> Dependence {
        // As of a cell.
        self.columns.get(column).copied().unwrap_or_default()
    }

    fn step(&mut self, step: &Step) -> Result<(), EmitError> {
        match step {
            Step::Value { cell, expr } => {
                let of = self.expr(expr)?;
                self.fill(*cell, of);
            }
            Step::Column { column, kinds, expr } => {
                let mut of = self.expr(expr)?;
                of.join(Dependence { kinds: kinds.0, ..Dependence::default() });
                if let Some(place) = self.columns.get_mut(*column) {
                    place.join(of);
                }
            }
            Step::Table(table) => self.table(table)?,
        }
        Ok(())
    }

    fn table(&mut self, table: &Table) -> Result<(), EmitError> {
        let mut of_row = Dependence::default();
        for (_, column) in table.tested() {
            of_row.join(self.expr(&column.expr)?);
        }
        self.fill(table.row_cell, of_row);
        if may_break(table) {
            self.claims.join(of_row);
        }
        for (place, cell) in table.output_cells.iter().enumerate() {
            let mut of = of_row;
            for output in table.rows.iter().filter_map(|row| row.outputs.as_ref()?.get(place)) {
                of.join(self.expr(output)?);
            }
            self.fill(*cell, of);
        }
        Ok(())
    }

    fn fill(&mut self, cell: CellId, of: Dependence) {
        if let Some(place) = self.cells.get_mut(cell) {
            *place = of;
        }
    }

    fn expr(&self, expr: &Expr) -> Result<Dependence, EmitError> {
        let mut of = self.own(&expr.op)?;
        for operand in expr.op.operands() {
            of.join(self.expr(operand)?);
        }
        Ok(of)
    }

    /// Of an operator, without its operands.
    fn own(&self, op: &Op) -> Result<Dependence, EmitError> {
        let nothing = Dependence::default();
        let on = |kinds: Kinds| Dependence { kinds: kinds.0, ..nothing };
        Ok(match op {
            Op::Input(fact) => Dependence { facts: bit(fact.place())?, ..nothing },
            Op::Parameter(parameter) => Dependence { parameters: bit(parameter.place())?, ..nothing },
            Op::Cell(cell) => self.cell(*cell),
            Op::Column(column, _) => self.column(*column),
            Op::Path(path) => {
                let mut of = self.column(path.column);
                of.join(on(path.kinds));
                of
            }
            Op::Query(query) => {
                let mut of = nothing;
                for alternative in &query.alternatives {
                    of.join(on(alternative.kinds));
                    of.join(self.expr(&alternative.filter)?);
                    if takes_values(query) {
                        of.join(self.expr(&alternative.value)?);
                    }
                }
                of
            }
            _ => nothing,
        })
    }
}

/// Whether a case may reach no row of a table with an answer.
fn may_break(table: &Table) -> bool {
    let claims = table.first || table.rows.iter().any(|row| row.outputs.is_none());
    claims && Grid::of(table).is_none_or(|grid| grid.rows.contains(&table.rows.len()))
}
