//! What is proved before a package builds: that tables are complete, that no two rows of a table answer the same
//! patient, and that every row can be reached.

mod grid;
mod patients;
mod tables;

use crate::diagnostics::Diagnostic;
use crate::types::Elaborated;

/// Checks all tables of a package.
pub fn check(elaborated: &Elaborated, faults: &mut Vec<Diagnostic>) {
    for grid in &elaborated.grids {
        tables::check(&elaborated.plan, grid, faults);
    }
}
