//! Which organisation answers for what is judged in a case, as the rule names it.

use concord_engine::evaluate::Outcome;
use concord_engine::plan::case::Case;
use concord_engine::plan::{Id, Plan, Responsible};

/// The code of the organisation that answers; nothing where the case does not say.
pub(super) fn answering(plan: &Plan, of: Option<Responsible>, case: &Case, outcome: &Outcome) -> Option<String> {
    match of? {
        Responsible::Label(label) => case.labels.get(label.place())?.clone(),
        Responsible::Cell(cell) => Some(plan.legend(case).code(outcome.only(plan, cell)?.value()?)),
    }
}
