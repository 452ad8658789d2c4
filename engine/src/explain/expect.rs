//! Holding answers against what an example expects.

use super::{Lateness, cell, in_a_case, judged};
use crate::evaluate::{Known, Outcome};
use crate::plan::case::Case;
use crate::plan::library::{Due, Example, Expectation, Expected, LateBy};
use crate::plan::{AnswerKind, CellId, Claim, Class, Obligation, Plan};
use crate::text::Span;

/// An expectation that was not met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// The answer's name.
    pub answer: String,
    /// What was expected, as a case says it.
    pub expected: String,
    /// What came out, as a case says it.
    pub found: String,
    /// The expectation in the text.
    pub span: Span,
    /// How the expectation would be written, where both may mean the same to a reader.
    pub help: Option<&'static str>,
}

/// Everything in which `outcome` differs from what `example` expects; a broken claim is always a difference.
#[must_use]
pub fn mismatches(plan: &Plan, example: &Example, outcome: &Outcome) -> Vec<Mismatch> {
    let mut all: Vec<Mismatch> =
        example.expect.iter().filter_map(|e| mismatch(plan, &example.case, e, outcome)).collect();
    if let Some(Claim { step, row }) = outcome.broken {
        let table = match plan.steps.get(step) {
            Some(crate::plan::Step::Table(table)) => table.name.clone(),
            _ => String::new(),
        };
        let expected = "a case that reaches no impossible row".to_owned();
        all.push(Mismatch {
            answer: table,
            expected,
            found: format!("row {} was reached", row + 1),
            span: example.span,
            help: None,
        });
    }
    all
}

fn mismatch(plan: &Plan, case: &Case, expectation: &Expectation, outcome: &Outcome) -> Option<Mismatch> {
    let answer = plan.answers.get(expectation.answer)?;
    let (agrees, ty) = match &answer.kind {
        AnswerKind::Value { cell, ty } | AnswerKind::Output { cell, ty, .. } => {
            (value_agrees(plan, outcome, *cell, &expectation.kind), Some(ty))
        }
        AnswerKind::Obligation(obligation) => (verdict_agrees(plan, outcome, obligation, &expectation.kind), None),
    };
    (!agrees).then(|| Mismatch {
        answer: answer.name.clone(),
        expected: in_a_case::expected(plan, case, ty, &expectation.kind),
        found: in_a_case::found(plan, case, outcome, answer),
        span: expectation.span,
        help: days_meant(outcome, plan, &answer.kind, &expectation.kind),
    })
}

/// `late by 1 day` is 24 hours; a deadline that is a day is late by days of its own kind.
fn days_meant(outcome: &Outcome, plan: &Plan, answer: &AnswerKind, expected: &Expected) -> Option<&'static str> {
    let AnswerKind::Obligation(obligation) = answer else { return None };
    let Expected::Verdict { by: Some(LateBy::Elapsed(_)), .. } = expected else { return None };
    let days = judged(plan, outcome, obligation).late_by?.days?;
    Some(if days.working.is_some() {
        "the deadline is the end of a working day, so how late is counted in days: `late by 1 working day`"
    } else {
        "the deadline is the end of a day, so how late is counted in days: `late by 1 calendar day`"
    })
}

fn value_agrees(plan: &Plan, outcome: &Outcome, index: CellId, expected: &Expected) -> bool {
    let found = cell(outcome, index);
    let class = plan.cells.get(index).map_or(Class::Range, |s| s.class);
    let known = found.only(class);
    match expected {
        Expected::Value(v) => known == Some(Known::Value(*v)),
        Expected::None => known == Some(Known::None),
        Expected::Unknown { range, one_of, or_none, needs } => {
            let in_range = range.is_none_or(|(low, high)| found.may_be_some && (found.low, found.high) == (low, high));
            let in_set = one_of.is_none_or(|mask| found.low.cast_unsigned() == mask);
            let by = needs.is_none_or(|needs| needs == found.needs);
            known.is_none() && in_range && in_set && by && (found.may_be_none || !or_none)
        }
        Expected::Verdict { .. } | Expected::UnknownVerdict { .. } => false,
    }
}

fn verdict_agrees(plan: &Plan, outcome: &Outcome, obligation: &Obligation, expected: &Expected) -> bool {
    let found = judged(plan, outcome, obligation);
    let value = cell(outcome, obligation.verdict);
    match expected {
        Expected::Verdict { verdict, by, due, because } => {
            found.verdict == Some(*verdict)
                && by.is_none_or(|by| found.late_by.is_some_and(|found| is_late_by(found, by)))
                && due.is_none_or(|due| match due {
                    Due::At(instant) => found.due == Some(instant),
                    Due::On(day) => found.due_on() == Some(day),
                })
                && because.as_ref().is_none_or(|b| found.excuse.as_ref() == Some(b))
        }
        Expected::UnknownVerdict { one_of, needs } => {
            found.verdict.is_none()
                && one_of.is_none_or(|mask| value.low.cast_unsigned() == mask)
                && needs.is_none_or(|needs| needs == value.needs)
        }
        _ => false,
    }
}

fn is_late_by(found: Lateness, expected: LateBy) -> bool {
    match expected {
        LateBy::Elapsed(milliseconds) => found.elapsed == Some(milliseconds),
        LateBy::CalendarDays(count) => found.days.is_some_and(|days| days.calendar == count),
        LateBy::WorkingDays(count) => found.days.is_some_and(|days| days.working == Some(count)),
    }
}
