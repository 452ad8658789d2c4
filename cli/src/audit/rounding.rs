//! Cases whose verdict or place in a measure depends on how a converted value was rounded.
//!
//! A conversion rarely comes out at the declared places: 17.7 mg/dL is 1.96 mmol/L, and 2.0 where one place is declared. Each such
//! case is judged again with all its rounded values down, with all of them up, and with each one alone on its other side.

use super::judge::{AuditError, Judge};
use crate::data::read::{Rounded, RoundedAt};
use concord_engine::evaluate::{Outcome, Value};
use concord_engine::plan::case::{Case, Datum};
use concord_engine::plan::library::Basis;
use concord_engine::plan::{AnswerKind, CellId, Id, Package};
use std::collections::BTreeSet;

/// Of a case with more rounded values than this, no single one is turned alone.
const MOST_ALONE: usize = 32;

/// Finds the cases that depend on rounding.
pub(super) struct Rounding {
    /// The cells that the audit counts by.
    cells: Vec<CellId>,
    batch: usize,
}

impl Rounding {
    pub(super) fn new(package: &Package, batch: usize) -> Rounding {
        let verdicts = package.plan.answers.iter().filter_map(|answer| match &answer.kind {
            AnswerKind::Obligation(cells) => Some(cells.verdict),
            _ => None,
        });
        let mut cells: Vec<CellId> = verdicts.collect();
        for measure in &package.measures {
            match &measure.basis {
                Basis::Obligation(_) | Basis::Each { .. } => {}
                Basis::Cases { of, met, excused } => {
                    cells.extend([*of, *met]);
                    cells.extend(excused.iter().map(|(cell, _)| *cell));
                }
                Basis::Counts { of, met } => cells.extend([*of, *met]),
                Basis::Number(figure) => cells.extend([figure.of, figure.value]),
            }
            cells.extend(measure.weight.iter().map(|weight| weight.cell));
            let shares = measure.shared.iter().flat_map(|shared| &shared.shares);
            cells.extend(shares.map(|share| share.cell));
        }
        Rounding { cells, batch }
    }

    /// How many of these cases come out otherwise; `rounded` are the rounded values of a case, by its place among them.
    pub(super) fn decides<'a>(
        &self,
        cases: &[Case],
        outcomes: &[Outcome],
        rounded: impl Fn(usize) -> Option<&'a Vec<Rounded>>,
        judge: &mut dyn Judge,
    ) -> Result<u64, AuditError> {
        let (mut others, mut owners) = (Vec::new(), Vec::new());
        for (place, case) in cases.iter().enumerate() {
            let made = rounded(place).map(|rounded| variants(case, rounded)).unwrap_or_default();
            owners.extend(std::iter::repeat_n(place, made.len()));
            others.extend(made);
        }
        let mut found = BTreeSet::new();
        for (others, owners) in others.chunks(self.batch).zip(owners.chunks(self.batch)) {
            let judged = judge.judge(others).map_err(AuditError::Judge)?;
            let differing = owners.iter().zip(&judged).filter(|(owner, other)| {
                outcomes.get(**owner).is_some_and(|outcome| differ(&self.cells, outcome, other))
            });
            found.extend(differing.map(|(owner, _)| *owner));
        }
        Ok(found.len() as u64)
    }
}

/// The case with its rounded values on other sides of what they exactly are.
fn variants(case: &Case, rounded: &[Rounded]) -> Vec<Case> {
    let turned = |wanted: &dyn Fn(usize, &Rounded) -> bool| {
        let mut other = case.clone();
        for (_, value) in rounded.iter().enumerate().filter(|(place, value)| wanted(*place, value)) {
            if let Some(slot) = slot(&mut other, value.at) {
                *slot = Datum::Known(value.other);
            }
        }
        other
    };
    let is_lower = |value: &Rounded| now(case, value.at).is_some_and(|now| value.other < now);
    let mut variants = vec![turned(&|_, value| is_lower(value)), turned(&|_, value| !is_lower(value))];
    if rounded.len() > 1 && rounded.len() <= MOST_ALONE {
        variants.extend((0..rounded.len()).map(|alone| turned(&|place, _| place == alone)));
    }
    variants.retain(|variant| variant != case);
    variants
}

fn now(case: &Case, at: RoundedAt) -> Option<i64> {
    let datum = match at {
        RoundedAt::Fact(input) => case.facts.get(input.place())?,
        RoundedAt::Field { event, field } => case.events.get(event)?.fields.get(field.place())?,
    };
    if let Datum::Known(value) = datum { Some(*value) } else { None }
}

fn slot(case: &mut Case, at: RoundedAt) -> Option<&mut Datum> {
    match at {
        RoundedAt::Fact(input) => case.facts.get_mut(input.place()),
        RoundedAt::Field { event, field } => case.events.get_mut(event)?.fields.get_mut(field.place()),
    }
}

/// Whether two outcomes are counted differently.
fn differ(cells: &[CellId], a: &Outcome, b: &Outcome) -> bool {
    let possible = |value: Option<&Value>| value.map(|v| (v.low, v.high, v.may_be_some, v.may_be_none));
    let judged = |outcome: &Outcome| -> Vec<_> {
        let all = outcome.judged.iter().flatten().flat_map(|judgement| &judgement.values);
        all.map(|value| possible(Some(value))).collect()
    };
    cells.iter().any(|cell| possible(a.cells.get(*cell)) != possible(b.cells.get(*cell))) || judged(a) != judged(b)
}
