//! The steps of a plan as they are worked on: columns that are filled for the same events, one after the other and without a look at other
//! events, are filled in one loop.

use concord_engine::plan::{ColumnId, Expr, Kinds, Plan, Step, StepId};

use crate::emit::memory::{Reads, asks_for_events};

/// See the module.
pub(crate) enum Work<'p> {
    /// A step that fills cells.
    Step(StepId, &'p Step),
    /// Columns for events of these kinds.
    Columns(Kinds, Vec<(ColumnId, &'p Expr)>),
}

/// What is to be done, without columns that nothing reads.
pub(super) fn work<'p>(plan: &'p Plan, reads: &Reads) -> Vec<Work<'p>> {
    let mut all = Vec::new();
    for (number, step) in plan.steps.placed() {
        let Step::Column { column, kinds, expr } = step else {
            all.push(Work::Step(number, step));
            continue;
        };
        if !reads.columns.contains(column) {
            continue;
        }
        match all.last_mut() {
            Some(Work::Columns(same, columns)) if same == kinds && are_plain(columns, expr) => {
                columns.push((*column, expr));
            }
            _ => all.push(Work::Columns(*kinds, vec![(*column, expr)])),
        }
    }
    all
}

/// Whether columns and one more only look at the event that they are filled for.
fn are_plain(columns: &[(ColumnId, &Expr)], expr: &Expr) -> bool {
    !columns.iter().map(|(_, expr)| *expr).chain([expr]).any(asks_for_events)
}
