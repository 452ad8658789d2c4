//! Decision tables of a plan.

use super::Expr;
use crate::text::Span;
use crate::values::types::Type;

/// A decision table, ready to run. Conditions are tried in order of rows.
///
/// *unique*: the rows are proved disjoint and complete. A row that certainly matches is the answer, whatever else might;
/// otherwise the answer is the union over the rows that may match.
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
    pub row_cell: usize,
    /// The cells that receive the outputs.
    pub output_cells: Vec<usize>,
    /// The rows.
    pub rows: Vec<Row>,
    /// What the columns ask about, for explanations: titles and expressions.
    pub inputs: Vec<TableInput>,
    /// Output names.
    pub outputs: Vec<String>,
    /// Citation, shown with the answer.
    pub source: Option<String>,
    /// Where it is written.
    pub span: Span,
}

/// A column of a table's left side.
#[derive(Clone, Debug, PartialEq)]
pub struct TableInput {
    /// As the author calls it.
    pub title: String,
    /// What is tested.
    pub expr: Expr,
    /// Its type, to show it.
    pub ty: Type,
}

/// A row.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// All must hold; yes/no expressions that are never none. `any` cells are left out.
    pub conditions: Vec<Expr>,
    /// One a column; `None` for an `impossible` row.
    pub outputs: Option<Vec<Expr>>,
    /// As written, without layout: `scale_1 92..93 any | 2`.
    pub text: String,
    /// Where.
    pub span: Span,
}
