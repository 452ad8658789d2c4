//! Which organisation answers for what is judged in a case, as the rule names it.

use concord_engine::evaluate::Outcome;
use concord_engine::plan::case::Case;
use concord_engine::plan::{Id, Plan, Responsible};
use std::borrow::Cow;

/// The code of the organisation that answers; nothing where the case does not say.
pub(super) fn answering<'c>(
    plan: &Plan,
    of: Option<Responsible>,
    case: &'c Case,
    outcome: &Outcome,
) -> Option<Cow<'c, str>> {
    match of? {
        Responsible::Label(label) => case.labels.get(label.place())?.as_deref().map(Cow::Borrowed),
        Responsible::Cell(cell) => Some(plan.legend(case).code(outcome.only(plan, cell)?.value()?).into()),
    }
}
