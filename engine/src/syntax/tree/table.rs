//! Decision tables.

use super::{Citation, Comparison, Date, Expr, Name, Path};
use crate::text::{Span, Spanned};

/// A decision table.
#[derive(Clone, Debug)]
pub struct Table {
    /// `///` lines above.
    pub doc: String,
    /// Its name.
    pub name: Name,
    /// `of EVENT`: it answers for one event of this kind, not for the case.
    pub of: Option<Path>,
    /// `unique` unless asked for.
    pub policy: Policy,
    /// Left of the bar.
    pub inputs: Vec<Column>,
    /// Right of the bar: output names.
    pub outputs: Vec<Name>,
    /// Rows in order.
    pub rows: Vec<Row>,
    /// `source …` after the closing brace.
    pub source: Option<Citation>,
    /// Whole declaration.
    pub span: Span,
}

/// How the rows of a table combine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Policy {
    /// Exactly one row answers; proved.
    Unique,
    /// `table x first`: the first row that answers.
    First,
    /// `table x any`: several rows may answer where they give the same answer; proved.
    Any,
    /// `table x collect sum|count|max|min|list`.
    Collect(Name),
}

/// An input column: a name or path, or `(expression) as name`.
#[derive(Clone, Debug)]
pub struct Column {
    /// What is tested.
    pub expr: Expr,
    /// What it is called in messages.
    pub title: String,
    /// Where.
    pub span: Span,
}

impl Table {
    /// Whether it is written as a list of conditions: `choose`.
    #[must_use]
    pub fn is_choice(&self) -> bool {
        self.inputs.is_empty() && self.rows.iter().any(|row| !matches!(row.asks, Asks::Cells(_)))
    }
}

/// A row of a table, or an entry of a `choose`.
#[derive(Clone, Debug)]
pub struct Row {
    /// For whom it answers.
    pub asks: Asks,
    /// One for each output column, or the single claim `impossible`.
    pub outputs: RowOutput,
    /// `from DATE`/`until DATE` at the end of the row.
    pub in_force: Option<(Option<Spanned<Date>>, Option<Spanned<Date>>)>,
    /// The whole row.
    pub span: Span,
}

/// For whom a row answers.
#[derive(Clone, Debug)]
pub enum Asks {
    /// One cell for each input column.
    Cells(Vec<Cell>),
    /// `when EXPR`
    When(Expr),
    /// `otherwise`: for all whom no other entry answers for
    Otherwise(Span),
}

/// Right of the bar.
#[derive(Clone, Debug)]
pub enum RowOutput {
    /// One expression a column: a literal, a name, `none`, or a parenthesised expression.
    Values(Vec<Expr>),
    /// `impossible`
    Impossible(Span),
}

/// A condition on one input column.
#[derive(Clone, Debug)]
pub struct Cell {
    /// What it asks.
    pub test: Test,
    /// Where.
    pub span: Span,
}

/// The conditions a cell can hold.
#[derive(Clone, Debug)]
pub enum Test {
    /// `any`
    Any,
    /// `none`: recorded as none
    None,
    /// `3`, `scale_1`, `yes`, `"text"`: equal to
    Is(Expr),
    /// `9..11`, ends included
    Range(Expr, Expr),
    /// `<= 8`, `>= 25`, `< 3.0`, `> 4`, `not 3`; the operand may be another fact
    Compare(Comparison, Expr),
    /// `voice, pain` or `{ voice, pain }`: one of
    OneOf(Vec<Test>),
    /// `not scale_1`, `not { … }`
    Not(Box<Test>),
    /// `in code_list`
    InList(Path),
}
