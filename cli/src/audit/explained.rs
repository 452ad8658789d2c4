//! What explains where organisations stand in a measure: what was found of the obligation that it counts, or of those on whose events and settings it rests.

use super::sentences;
use concord_engine::plan::figure::{Figure, Statistic};
use concord_engine::plan::library::{Basis, Measure};
use concord_engine::plan::{AnswerKind, CellId, Kinds, Plan, Responsible, RestsOn};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What in data or rules explains where organisations stand.
#[derive(Default)]
pub(super) struct Explained {
    /// By name of the obligation and code.
    pub(super) by_obligation: BTreeMap<String, BTreeMap<String, String>>,
    /// By code, the kinds of event that it does not export, and what is said of each.
    pub(super) not_exported: BTreeMap<String, Vec<(Kinds, String)>>,
    /// By what a case tells the organisation of which that was found.
    pub(super) by: Option<Responsible>,
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
        return explained.by_obligation.get(&judged).map(Cow::Borrowed).unwrap_or_default();
    }
    let Some(own) = used_by(plan, measure) else { return Cow::default() };
    let mut all = BTreeMap::new();
    let found = within(plan, &own).into_iter().filter_map(|name| explained.by_obligation.get(name));
    for (code, why) in found.flatten() {
        all.entry(code.clone()).or_insert_with(|| why.clone());
    }
    // What rests on an event that is not exported there says nothing, whatever else it rests on.
    for (code, gone) in &explained.not_exported {
        if let Some((_, why)) = gone.iter().find(|(kinds, _)| kinds.meet(own.kinds)) {
            all.entry(code.clone()).or_insert_with(|| why.clone());
        }
    }
    Cow::Owned(all)
}

/// The one obligation of which a measure weighs what comes of it; none where it is of several or of none.
pub(super) fn judges(plan: &Plan, measure: &Measure) -> Option<String> {
    // A number that rests on the same events is none of what it comes to.
    let is_share = matches!(measure.basis, Basis::Cases { .. });
    let rests = || match within(plan, &used_by(plan, measure).filter(|_| is_share)?).as_slice() {
        [one] => Some((*one).clone()),
        _ => None,
    };
    sentences::judged_by(plan, &measure.basis).or_else(rests)
}

/// The events and settings on which a measure of cases or a figure rests; nothing of others.
fn used_by(plan: &Plan, measure: &Measure) -> Option<RestsOn> {
    match &measure.basis {
        Basis::Cases { of, met, .. } => Some(RestsOn::of(plan, &[*of, *met])),
        Basis::Number(figure) => Some(RestsOn::of(plan, &cells_of(figure))),
        _ => None,
    }
}

/// The obligations that rest on nothing else.
fn within<'p>(plan: &'p Plan, own: &RestsOn) -> Vec<&'p String> {
    let within = plan.answers.iter().filter(|answer| {
        let AnswerKind::Obligation(cells) = &answer.kind else { return false };
        let other = RestsOn::of(plan, &[cells.verdict]);
        let is_within = other.kinds.0 != 0 && other.kinds.0 & !own.kinds.0 == 0;
        is_within && other.parameters.is_subset(&own.parameters)
    });
    within.map(|answer| &answer.name).collect()
}

/// What a figure is made of.
fn cells_of(figure: &Figure) -> Vec<CellId> {
    let exposure = match figure.statistic {
        Statistic::Per { exposure, .. } => Some(exposure),
        _ => None,
    };
    [figure.of, figure.value].into_iter().chain(exposure).collect()
}
