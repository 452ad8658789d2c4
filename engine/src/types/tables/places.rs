//! Where a table stands in the text: what its messages point at.

use crate::plan::{StepId, Table};
use crate::text::Span;

/// A table of the plan, or one about an event, which the plan holds as an expression.
#[derive(Clone, Debug)]
pub enum Placed {
    /// The step that it is.
    Step(StepId),
    /// As it would stand in the plan.
    OfEvent(Box<Table>),
}

/// The places of a table that the plan's own does not keep.
#[derive(Clone, Debug)]
pub struct TablePlaces {
    /// The table itself.
    pub table: Placed,
    /// Its name.
    pub name: Span,
    /// For each row, its cells, one a column.
    pub cells: Vec<Vec<Span>>,
    /// Whether it says `any`: rows may overlap where they give the same answer.
    pub any: bool,
}
