//! Events that no row of the whole export carries under the name that the mapping gives: that nobody did them is not to be read from it.
//!
//! Where a case was missed, or a condition is not met, for want of such an event alone, that is unknown. What rests on the absence the other
//! way stands: that something forbidden did not happen, and that there was no excuse, as what is rare is in few exports.

use super::judge::{AuditError, Judge};
use concord_engine::evaluate::{Judgement, Known, Outcome, Value};
use concord_engine::plan::case::Case;
use concord_engine::plan::library::Basis;
use concord_engine::plan::{AnswerKind, CellId, JudgedEach, Obligation, Package, Plan, Verdict};

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
    let doubtful: Vec<Case> = cases.iter().map(|case| doubtful(case, absent)).collect();
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

/// A case of which events that nobody carries are not supplied.
#[must_use]
pub fn doubtful(case: &Case, absent: u64) -> Case {
    Case { not_supplied: case.not_supplied | absent, ..case.clone() }
}

/// Whether an obligation is missed for want of such events alone: `other` is what comes of the case where they are not supplied.
#[must_use]
pub fn is_doubted(plan: &Plan, cells: &Obligation, outcome: &Outcome, other: &Outcome) -> bool {
    outcome.verdict(plan, cells) == Some(Verdict::Missed) && other.cells.get(cells.verdict).is_some_and(may_be_done)
}

fn one(package: &Package, (obligations, met): (&[&Obligation], &[CellId]), outcome: &mut Outcome, other: &Outcome) {
    let plan = &package.plan;
    let missed = obligations.iter().filter(|cells| is_doubted(plan, cells, outcome, other));
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
        let missed = |judgement: &Judgement| {
            let place = judgement.only(plan, each, JudgedEach::VERDICT).and_then(Known::place);
            place.and_then(|place| Verdict::ALL.get(place)) == Some(&Verdict::Missed)
        };
        for judgement in own.iter_mut().filter(|judgement| missed(judgement)) {
            let doubted = others.iter().find(|other| other.event == judgement.event);
            let doubted = doubted.filter(|other| other.values.get(JudgedEach::VERDICT).is_some_and(may_be_done));
            if let Some(doubted) = doubted {
                judgement.values.clone_from(&doubted.values);
            }
        }
    }
}

/// Whether a verdict may be one of a thing done: met, or late.
fn may_be_done(verdict: &Value) -> bool {
    let done = |of: &Verdict| matches!(of, Verdict::Met | Verdict::Late);
    Verdict::ALL.iter().enumerate().any(|(place, of)| done(of) && verdict.low >> place & 1 != 0)
}
