//! Events that no row of the whole export carries under the name that the mapping gives: that nobody did them is not to be read from it.
//!
//! Where a verdict of missed, or a condition that is not met, rests on such an event alone, it is unknown. What rests on the absence the other
//! way, as that something forbidden did not happen, stands.

use super::judge::{AuditError, Judge};
use concord_engine::evaluate::{Known, Outcome};
use concord_engine::plan::case::Case;
use concord_engine::plan::library::Basis;
use concord_engine::plan::{AnswerKind, CellId, JudgedEach, Obligation, Package, Verdict};

/// Makes unknown what rests on events that nobody carries; `absent` has their bits.
pub(super) fn doubt(
    package: &Package,
    absent: u64,
    cases: &[Case],
    outcomes: &mut [Outcome],
    judge: &mut dyn Judge,
) -> Result<(), AuditError> {
    if absent == 0 {
        return Ok(());
    }
    let doubtful: Vec<Case> =
        cases.iter().map(|case| Case { not_supplied: case.not_supplied | absent, ..case.clone() }).collect();
    let others = judge.judge(&doubtful).map_err(AuditError::Judge)?;
    if others.len() != outcomes.len() {
        return Err(AuditError::Outcomes { cases: cases.len(), outcomes: others.len() });
    }
    let obligations = package.plan.answers.iter().filter_map(|answer| match &answer.kind {
        AnswerKind::Obligation(cells) => Some(cells),
        _ => None,
    });
    let obligations: Vec<&Obligation> = obligations.collect();
    let met: Vec<CellId> = package
        .measures
        .iter()
        .filter_map(|measure| match &measure.basis {
            Basis::Cases { met, .. } => Some(*met),
            _ => None,
        })
        .collect();
    for (outcome, other) in outcomes.iter_mut().zip(&others) {
        one(package, (&obligations, &met), outcome, other);
    }
    Ok(())
}

fn one(package: &Package, (obligations, met): (&[&Obligation], &[CellId]), outcome: &mut Outcome, other: &Outcome) {
    let plan = &package.plan;
    let missed = obligations
        .iter()
        .filter(|cells| outcome.verdict(plan, cells) == Some(Verdict::Missed) && other.verdict(plan, cells).is_none());
    let not_met = met
        .iter()
        .filter(|cell| outcome.only(plan, **cell) == Some(Known::Value(0)) && other.only(plan, **cell).is_none());
    let doubtful: Vec<CellId> = missed.map(|cells| cells.verdict).chain(not_met.copied()).collect();
    for cell in doubtful {
        if let (Some(slot), Some(value)) = (outcome.cells.get_mut(cell), other.cells.get(cell)) {
            *slot = *value;
        }
    }
    for ((each, own), others) in plan.judged.iter().zip(&mut outcome.judged).zip(&other.judged) {
        let verdict = |judgement: &concord_engine::evaluate::Judgement| {
            let place = judgement.only(plan, each, JudgedEach::VERDICT).and_then(Known::place);
            place.and_then(|place| Verdict::ALL.get(place).copied())
        };
        for judgement in own {
            let doubted = others.iter().find(|other| other.event == judgement.event);
            if let Some(doubted) = doubted.filter(|other| verdict(other).is_none())
                && verdict(judgement) == Some(Verdict::Missed)
            {
                judgement.values.clone_from(&doubted.values);
            }
        }
    }
}
