//! Organisations that have not made a setting which each has to make for itself: what is decided of them all the same is decided against them, so
//! that they have no rate and stand in no total, month or split.

use super::adds::sum;
use super::disclose::Disclosure;
use crate::results::{Counts, Unset};
use concord_engine::plan::library::{Basis, Measure};
use concord_engine::plan::{AnswerId, AnswerKind, CellId, Plan, RestsOn};
use std::collections::{BTreeMap, BTreeSet};

/// The codes; none of cases that name no organisation.
type Codes = BTreeSet<Option<String>>;

/// Whether an organisation is one of them.
pub(super) fn has(unset: &Codes, code: Option<&String>) -> bool {
    !unset.is_empty() && unset.contains(&code.cloned())
}

/// Counts of an organisation; of one of them none is decided.
pub(super) fn settled(unset: &Codes, against: bool, code: Option<&String>, counts: &Counts) -> Counts {
    if !has(unset, code) {
        return *counts;
    }
    let decided = counts.denominator.saturating_sub(if against { counts.unknown } else { 0 });
    let denominator = if against { counts.denominator } else { 0 };
    Counts { numerator: 0, denominator, unknown: counts.unknown + decided, ..*counts }
}

/// Counts of a group of a split, of those by organisation without theirs.
pub(super) fn of_part(unset: &Codes, counts: &Counts, of: &BTreeMap<Option<String>, Counts>) -> Counts {
    if unset.is_empty() {
        return *counts;
    }
    let mut all = Counts::default();
    of.iter().filter(|(code, _)| !has(unset, code.as_ref())).for_each(|(_, counts)| sum(&mut all, counts));
    all
}

/// What is told of them; nothing where there are none.
pub(super) fn told<'c>(
    unset: &Codes,
    (plan, measure): (&Plan, &Measure),
    cells: impl Iterator<Item = (Option<&'c String>, Option<i64>, Counts)>,
    disclosure: &Disclosure,
) -> Option<Unset> {
    if unset.is_empty() {
        return None;
    }
    let mut of_each: BTreeMap<Option<&String>, u64> = BTreeMap::new();
    for (code, _, counts) in cells.filter(|(code, ..)| has(unset, *code)) {
        let unknown = if measure.unknown_counts_against { 0 } else { counts.unknown };
        *of_each.entry(code).or_default() += counts.denominator + counts.excluded + counts.open + unknown;
    }
    // The sum of several that are hidden each would tell of them.
    let tells = of_each.len() > 1 && of_each.values().any(|of| disclosure.count(*of).is_none());
    let parameters = RestsOn::of(plan, &cells_of(plan, measure)).parameters;
    let required = parameters.iter().filter_map(|of| plan.parameters.get(*of)).filter(|of| of.value.is_none());
    Some(Unset {
        settings: required.map(|of| of.name.clone()).collect(),
        organisations: unset.iter().flatten().count() as u64,
        cases: disclosure.count(of_each.values().sum()).filter(|_| !tells),
    })
}

/// The cells by which a measure counts.
fn cells_of(plan: &Plan, measure: &Measure) -> Vec<CellId> {
    let verdict = |answer: AnswerId| match plan.answers.get(answer).map(|answer| &answer.kind) {
        Some(AnswerKind::Obligation(cells)) => vec![cells.verdict],
        _ => Vec::new(),
    };
    match &measure.basis {
        Basis::Obligation(answer) => verdict(*answer),
        Basis::Each { obligation, .. } => verdict(*obligation),
        Basis::Cases { of, met, excused } => {
            [*of, *met].into_iter().chain(excused.iter().map(|(cell, _)| *cell)).collect()
        }
        Basis::Counts { of, met } => vec![*of, *met],
        Basis::Number(figure) => {
            let excused = figure.excused.iter().map(|(cell, _)| *cell);
            [figure.of, figure.value].into_iter().chain(excused).collect()
        }
    }
}
