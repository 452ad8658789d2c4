//! What explains where organisations stand in a measure: what was found of the obligation that it counts, or of those on whose events and settings it rests.

use super::sentences;
use concord_engine::plan::library::{Basis, Measure};
use concord_engine::plan::{AnswerKind, Plan, RestsOn};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// By name of the obligation and code, what explains where an organisation stands.
pub(super) type Explained = BTreeMap<String, BTreeMap<String, String>>;

/// By code, what explains where an organisation stands in a measure.
pub(super) fn of_measure<'e>(
    plan: &Plan,
    measure: &Measure,
    explained: &'e Explained,
) -> Cow<'e, BTreeMap<String, String>> {
    if let Some(judged) = sentences::judged_by(plan, &measure.basis) {
        // Of an obligation of which nothing was found there is nothing.
        return explained.get(&judged).map(Cow::Borrowed).unwrap_or_default();
    }
    let Basis::Cases { of, met, .. } = &measure.basis else { return Cow::default() };
    let own = RestsOn::of(plan, &[*of, *met]);
    let mut all = BTreeMap::new();
    for answer in &plan.answers {
        let (AnswerKind::Obligation(cells), Some(found)) = (&answer.kind, explained.get(&answer.name)) else {
            continue;
        };
        let other = RestsOn::of(plan, &[cells.verdict]);
        let is_within = other.kinds.0 != 0 && other.kinds.0 & !own.kinds.0 == 0;
        if is_within && other.parameters.is_subset(&own.parameters) {
            for (code, why) in found {
                all.entry(code.clone()).or_insert_with(|| why.clone());
            }
        }
    }
    Cow::Owned(all)
}
