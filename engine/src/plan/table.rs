//! Decision tables of a plan.

use super::{CellId, Expr, Region, StepId};
use crate::text::Span;
use crate::values::types::Type;

/// A decision table, ready to run. Rows are tried in order.
///
/// A row matches when the region in each of its cells lets the column's value through: certainly where everything that is possible
/// of the value is let through, possibly where something is.
///
/// *unique*: the rows are proved disjoint and complete. A row that certainly matches is the answer, whatever else might;
/// otherwise the answer is the union over the rows that may match.
/// Where rows that overlap are proved to give the same answer (`any`), the table is run as *first*: no row before the one that
/// certainly matches can answer otherwise.
/// *first*: the union over the rows that may match, down to and including the first that certainly does.
/// An `impossible` row never joins the union; if it certainly matches, or if no other row can, the claim is broken:
/// every output takes its whole range and the case is reported as broken.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// `first` tables stop at the first match; unique ones have only one.
    pub first: bool,
    /// The cell that receives the row's number, counted from 0.
    pub row_cell: CellId,
    /// The cells that receive the outputs.
    pub output_cells: Vec<CellId>,
    /// What is tested: the left side.
    pub columns: Vec<TableColumn>,
    /// The rows.
    pub rows: Vec<TableRow>,
    /// Output names.
    pub outputs: Vec<String>,
    /// Citation, shown with the answer.
    pub source: Option<String>,
    /// Where it is written.
    pub span: Span,
}

/// The claim that no case reaches a row of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The step that the table is.
    pub step: StepId,
    /// The row.
    pub row: usize,
}

/// A column of a table's left side.
#[derive(Clone, Debug, PartialEq)]
pub struct TableColumn {
    /// As the author calls it.
    pub title: String,
    /// What is tested; its shape is the whole that the cells divide.
    pub expr: Expr,
    /// Its type, to show it.
    pub ty: Type,
}

/// A row.
#[derive(Clone, Debug, PartialEq)]
pub struct TableRow {
    /// One a column: the values that it lets through.
    pub cells: Vec<Region>,
    /// One an output; `None` for an `impossible` row.
    pub outputs: Option<Vec<Expr>>,
    /// As written, without layout: `scale_1 92..93 any | 2`.
    pub text: String,
    /// Where.
    pub span: Span,
}

impl Table {
    /// The columns that tell rows apart: those in which not every cell is `any`. No other is worked out.
    pub fn tested(&self) -> impl Iterator<Item = (usize, &TableColumn)> {
        let tells = |place: usize, column: &TableColumn| {
            self.rows.iter().any(|row| row.cells.get(place).is_some_and(|region| !region.is_all(column.expr.shape)))
        };
        self.columns.iter().enumerate().filter(move |(place, column)| tells(*place, column))
    }
}

impl TableRow {
    /// What must hold for the row to match: see [`conditions`].
    #[must_use]
    pub fn conditions(&self, columns: &[TableColumn]) -> Vec<Expr> {
        conditions(&self.cells, columns)
    }
}

/// What cells ask of their columns, as yes/no expressions that are never none; `any` asks nothing.
#[must_use]
pub fn conditions(cells: &[Region], columns: &[TableColumn]) -> Vec<Expr> {
    cells.iter().zip(columns).filter_map(|(region, column)| region.condition(&column.expr)).collect()
}
