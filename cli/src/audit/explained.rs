//! What explains where organisations stand in a measure: what was found of the obligation that it counts, or of those on whose events and settings it rests.

use super::sentences;
use concord_engine::plan::library::{Basis, Measure};
use concord_engine::plan::{AnswerKind, Plan, Responsible, RestsOn};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What explains where organisations stand.
pub(super) struct Explained {
    /// By what a case tells the organisation of which that was found.
    pub(super) by: Option<Responsible>,
    /// By name of the obligation and code.
    pub(super) of: BTreeMap<String, BTreeMap<String, String>>,
}

impl Explained {
    /// Whether a measure compares other organisations: who referred, and not who treated. Of their cases what was found of those says nothing.
    pub(super) fn is_of_others(&self, measure: &Measure) -> bool {
        measure.compares().is_some_and(|compared| Some(compared) != self.by)
    }
}

/// By code, what explains where an organisation stands in a measure.
pub(super) fn of_measure<'e>(
    plan: &Plan,
    measure: &Measure,
    explained: &'e Explained,
) -> Cow<'e, BTreeMap<String, String>> {
    if explained.is_of_others(measure) {
        return Cow::default();
    }
    if let Some(judged) = sentences::judged_by(plan, &measure.basis) {
        // Of an obligation of which nothing was found there is nothing.
        return explained.of.get(&judged).map(Cow::Borrowed).unwrap_or_default();
    }
    let mut all = BTreeMap::new();
    let found = rests_on(plan, measure).into_iter().filter_map(|name| explained.of.get(name));
    for (code, why) in found.flatten() {
        all.entry(code.clone()).or_insert_with(|| why.clone());
    }
    Cow::Owned(all)
}

/// The obligations on whose events and settings a measure of cases rests.
fn rests_on<'p>(plan: &'p Plan, measure: &Measure) -> Vec<&'p String> {
    let Basis::Cases { of, met, .. } = &measure.basis else { return Vec::new() };
    let own = RestsOn::of(plan, &[*of, *met]);
    let within = plan.answers.iter().filter(|answer| {
        let AnswerKind::Obligation(cells) = &answer.kind else { return false };
        let other = RestsOn::of(plan, &[cells.verdict]);
        let is_within = other.kinds.0 != 0 && other.kinds.0 & !own.kinds.0 == 0;
        is_within && other.parameters.is_subset(&own.parameters)
    });
    within.map(|answer| &answer.name).collect()
}

/// The one obligation of which a measure weighs what comes of it; none where it is of several or of none.
pub(super) fn judges(plan: &Plan, measure: &Measure) -> Option<String> {
    let rests = || match rests_on(plan, measure).as_slice() {
        [one] => Some((*one).clone()),
        _ => None,
    };
    sentences::judged_by(plan, &measure.basis).or_else(rests)
}
