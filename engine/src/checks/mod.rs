//! What is proved before a package builds: that tables are complete, that no two rows of a table answer the same
//! patient, that every row can be reached, and that the shares of a case add up to 1.

mod grid;
mod patient;
mod shares;
mod table;
mod unused;

use crate::diagnostics::{Diagnostic, Severity};
use crate::plan::Step;
use crate::text::Span;
use crate::types::{Elaborated, Placed};

pub use unused::unused;

/// Checks all tables of a package, but those in which something could not be read: a row that was left out would be
/// reported again as a gap.
pub fn check(elaborated: &Elaborated, unread: &[Span], faults: &mut Vec<Diagnostic>) {
    for places in &elaborated.tables {
        let table = match &places.table {
            Placed::Step(step) => match elaborated.package.plan.steps.get(*step) {
                Some(Step::Table(table)) => table,
                _ => continue,
            },
            Placed::OfEvent(table) => table,
        };
        if !unread.iter().any(|place| table.span.covers(*place)) {
            table::check(table::Checked { plan: &elaborated.package.plan, table, places }, faults);
        }
    }
    if faults.iter().all(|fault| fault.severity < Severity::Error) {
        shares::check(&elaborated.package, faults);
    }
}
