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
    /// Whose exports were held against each other.
    pub(super) by: Option<Responsible>,
}

/// By code, what explains where an organisation stands in a measure.
pub(super) fn of_measure<'e>(
    plan: &Plan,
    measure: &Measure,
    explained: &'e Explained,
) -> Cow<'e, BTreeMap<String, String>> {
    if let Some(judged) = sentences::judged_by(plan, &measure.basis) {
        // Of an obligation of which nothing was found there is nothing.
        return explained.by_obligation.get(&judged).map(Cow::Borrowed).unwrap_or_default();
    }
    let cells = match &measure.basis {
        Basis::Cases { of, met, .. } => vec![*of, *met],
        Basis::Number(figure) => cells_of(figure),
        _ => return Cow::default(),
    };
    let own = RestsOn::of(plan, &cells);
    let mut all = BTreeMap::new();
    for answer in &plan.answers {
        let (AnswerKind::Obligation(cells), Some(found)) = (&answer.kind, explained.by_obligation.get(&answer.name))
        else {
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
    // What rests on an event that is not exported there says nothing, whatever else it rests on.
    let of_events = explained.not_exported.iter().filter(|_| measure.compares() == explained.by);
    for (code, gone) in of_events {
        if let Some((_, why)) = gone.iter().find(|(kinds, _)| kinds.meet(own.kinds)) {
            all.entry(code.clone()).or_insert_with(|| why.clone());
        }
    }
    Cow::Owned(all)
}

/// What a figure is made of.
fn cells_of(figure: &Figure) -> Vec<CellId> {
    let exposure = match figure.statistic {
        Statistic::Per { exposure, .. } => Some(exposure),
        _ => None,
    };
    [figure.of, figure.value].into_iter().chain(exposure).collect()
}
