//! What a case, or one judgement on an event of it, adds to a measure.

use super::seen::Seen;
use crate::results::Counts;
use concord_engine::evaluate::{Known, Outcome};
use concord_engine::plan::library::{Basis, Measure};
use concord_engine::plan::{AnswerId, AnswerKind, CellId, JudgedEach, Plan, Unknown, Verdict};

/// What a case, or a judgement, adds.
pub(super) enum Adds {
    /// It does not apply.
    Nothing,
    /// Excused.
    Excluded,
    /// Not yet due.
    Open,
    /// Not decided, for want of something else than time: for how many it stands, where that is known.
    Unknown(Option<u64>),
    /// Not decided, for want of a setting that its member has to make.
    Unset,
    /// Numerator and denominator.
    Counts(u64, u64),
}

/// Counts without what is made of them: numerator, denominator, excluded, open and unknown.
pub(super) type Sums = [u64; 5];

/// The same as they are shown.
pub(super) fn counts_of([numerator, denominator, excluded, open, unknown]: Sums) -> Counts {
    Counts { numerator, denominator, excluded, open, unknown, ..Counts::default() }
}

/// Adds counts to others.
pub(super) fn sum(into: &mut Counts, counts: &Counts) {
    into.numerator += counts.numerator;
    into.denominator += counts.denominator;
    into.excluded += counts.excluded;
    into.open += counts.open;
    into.unknown += counts.unknown;
}

impl Adds {
    /// What it adds to each count.
    pub(super) fn sums(&self, unknown_counts_against: bool) -> Sums {
        match self {
            Adds::Nothing => [0; 5],
            Adds::Excluded => [0, 0, 1, 0, 0],
            Adds::Open => [0, 0, 0, 1, 0],
            Adds::Unset => Adds::Unknown(Some(1)).sums(unknown_counts_against),
            Adds::Unknown(Some(of)) => [0, if unknown_counts_against { *of } else { 0 }, 0, 0, *of],
            Adds::Unknown(None) => [0, 0, 0, 0, 1],
            Adds::Counts(met, of) => [*met, *of, 0, 0, 0],
        }
    }

    /// What it adds to numerator and denominator; nothing where it does not concern the measure at all.
    pub(super) fn of(&self, unknown_counts_against: bool) -> Option<(u64, u64)> {
        let [numerator, denominator, ..] = self.sums(unknown_counts_against);
        (!matches!(self, Adds::Nothing)).then_some((numerator, denominator))
    }

    fn of_verdict(verdict: Verdict) -> Adds {
        match verdict {
            Verdict::NotApplicable => Adds::Nothing,
            Verdict::Excused => Adds::Excluded,
            Verdict::Open => Adds::Open,
            Verdict::Met => Adds::Counts(1, 1),
            Verdict::Late | Verdict::Missed => Adds::Counts(0, 1),
        }
    }
}

/// What is seen, as a measure counts it.
pub(super) fn adds(measure: &Measure, seen: &Seen<'_>) -> Adds {
    let known = |cell: CellId| seen.cell(cell)?.value();
    let time = |cells: &[CellId]| of_time_alone(seen.plan, cells, seen.outcome);
    match &measure.basis {
        Basis::Obligation(answer) => of_case(*answer, seen),
        Basis::Each { obligation, .. } => of_event(*obligation, seen),
        Basis::Cases { of, met, excused } => {
            let excuses: Vec<Option<i64>> = excused.iter().map(|(place, _)| known(*place)).collect();
            match (known(*of), known(*met)) {
                (Some(0), _) => Adds::Nothing,
                (Some(_), _) if excuses.contains(&Some(1)) => Adds::Excluded,
                (Some(_), Some(met)) if !excuses.contains(&None) => Adds::Counts(u64::from(met == 1), 1),
                _ => {
                    let mut cells = vec![*of, *met];
                    cells.extend(excused.iter().map(|(cell, _)| *cell));
                    if time(&cells) { Adds::Open } else { unknown(seen, &cells) }
                }
            }
        }
        Basis::Counts { of, met } => {
            let number = |place: CellId| known(place).and_then(|value| u64::try_from(value).ok());
            match (number(*met), number(*of)) {
                (Some(0), Some(0)) => Adds::Nothing,
                (Some(met), Some(of)) if met <= of => Adds::Counts(met, of),
                _ if time(&[*of, *met]) => Adds::Open,
                (_, stands_for) => match unknown(seen, &[*of, *met]) {
                    Adds::Unset => Adds::Unset,
                    _ => Adds::Unknown(stands_for),
                },
            }
        }
        Basis::Number(_) => Adds::Nothing,
    }
}

fn of_case(answer: AnswerId, seen: &Seen<'_>) -> Adds {
    let Some(AnswerKind::Obligation(cells)) = seen.plan.answers.get(answer).map(|answer| &answer.kind) else {
        return Adds::Nothing;
    };
    seen.outcome.verdict(seen.plan, cells).map_or_else(|| unknown(seen, &[cells.verdict]), Adds::of_verdict)
}

/// An event that is certainly judged counts by its verdict; one that may be judged, and events that nobody supplied, are unknown.
fn of_event(answer: AnswerId, seen: &Seen<'_>) -> Adds {
    if seen.judged.is_none() {
        return match of_case(answer, seen) {
            Adds::Nothing => Adds::Nothing,
            Adds::Unset => Adds::Unset,
            _ => Adds::Unknown(Some(1)),
        };
    }
    let verdict = seen.part(JudgedEach::VERDICT).and_then(Known::place).and_then(|place| Verdict::ALL.get(place));
    match (seen.part(JudgedEach::AMONG), verdict) {
        (Some(Known::Value(0)), _) | (_, Some(Verdict::NotApplicable)) => Adds::Nothing,
        (Some(_), Some(verdict)) => Adds::of_verdict(*verdict),
        _ => Adds::Unknown(Some(1)),
    }
}

/// Why these cells are not decided: for want of settings alone, whatever time will tell, or of something else. A case that lacks a fact as
/// well is one case that is not known; a setting that nobody made takes the rate of everybody.
fn unknown(seen: &Seen<'_>, cells: &[CellId]) -> Adds {
    if is_unset(seen, cells) { Adds::Unset } else { Adds::Unknown(Some(1)) }
}

/// Whether what is unknown of these cells is so for want of settings alone, whatever time will tell.
pub(super) fn is_unset(seen: &Seen<'_>, cells: &[CellId]) -> bool {
    let needs =
        cells.iter().filter_map(|cell| seen.outcome.cells.get(*cell)).fold(0, |needs, value| needs | value.needs);
    let needed = seen.plan.unknowns.iter().enumerate().filter(|(bit, _)| needs >> bit & 1 == 1).map(|(_, what)| what);
    let mut needed = needed.filter(|what| !matches!(what, Unknown::Decision(_))).peekable();
    needed.peek().is_some() && needed.all(|what| matches!(what, Unknown::Parameter(_)))
}

/// Whether what is unknown of these cells is so only because an obligation is still open.
fn of_time_alone(plan: &Plan, cells: &[CellId], outcome: &Outcome) -> bool {
    let needs = cells.iter().filter_map(|cell| outcome.cells.get(*cell)).fold(0, |needs, value| needs | value.needs);
    let time = |bit: &usize| matches!(plan.unknowns.get(*bit), Some(Unknown::Decision(_)));
    needs != 0 && (0..plan.unknowns.len()).filter(|bit| needs >> bit & 1 == 1).all(|bit| time(&bit))
}
