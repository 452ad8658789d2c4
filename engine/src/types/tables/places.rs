//! Where a table stands in the text: what its messages point at.

use crate::plan::StepId;
use crate::text::Span;

/// The places of a table that the plan's own does not keep.
#[derive(Clone, Debug)]
pub struct TablePlaces {
    /// Place of its step in the plan.
    pub step: StepId,
    /// Its name.
    pub name: Span,
    /// For each row, its cells, one a column.
    pub cells: Vec<Vec<Span>>,
    /// Whether it says `any`: rows may overlap where they give the same answer.
    pub any: bool,
}
