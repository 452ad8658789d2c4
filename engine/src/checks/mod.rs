//! What is proved before a package builds: that tables are complete, that no two rows of a table answer the same
//! patient, and that every row can be reached.

mod grid;
mod patient;
mod table;

use crate::diagnostics::Diagnostic;
use crate::plan::Step;
use crate::text::Span;
use crate::types::Elaborated;

/// Checks all tables of a package, but those in which something could not be read: a row that was left out would be
/// reported again as a gap.
pub fn check(elaborated: &Elaborated, unread: &[Span], faults: &mut Vec<Diagnostic>) {
    for grid in &elaborated.grids {
        let table = match elaborated.plan.steps.get(grid.step) {
            Some(Step::Table(table)) => table.span,
            _ => grid.name_span,
        };
        if !unread.iter().any(|place| table.covers(*place)) {
            table::check(&elaborated.plan, grid, faults);
        }
    }
}
