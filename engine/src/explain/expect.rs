//! Holding answers against what an example expects.

use super::{Answered, cell, judged, needs, possible, value};
use crate::evaluate::{Known, Outcome};
use crate::plan::library::{Example, Expectation, Expected};
use crate::plan::{Answer, AnswerKind, Class, Needs, Plan};
use crate::text::Span;
use crate::values::calendar::show_local_instant;
use crate::values::types::{Type, duration};

/// An expectation that was not met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// The answer's name.
    pub answer: String,
    /// What was expected, in words.
    pub expected: String,
    /// What came out, in words.
    pub found: String,
    /// The expectation in the text.
    pub span: Span,
}

/// Everything in which `outcome` differs from what `example` expects; a broken claim is always a difference.
#[must_use]
pub fn mismatches(plan: &Plan, example: &Example, outcome: &Outcome) -> Vec<Mismatch> {
    let mut all: Vec<Mismatch> = example.expect.iter().filter_map(|e| mismatch(plan, e, outcome)).collect();
    if let Some((step, row)) = outcome.broken {
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
        });
    }
    all
}

fn mismatch(plan: &Plan, expectation: &Expectation, outcome: &Outcome) -> Option<Mismatch> {
    let answer = plan.answers.get(expectation.answer)?;
    let differs = match &answer.kind {
        AnswerKind::Value { cell, ty } | AnswerKind::Output { cell, ty, .. } => {
            value_differs(plan, outcome, *cell, ty, &expectation.kind)
        }
        AnswerKind::Obligation(_) => verdict_differs(plan, outcome, answer, &expectation.kind),
    };
    let (expected, found) = differs?;
    Some(Mismatch { answer: answer.name.clone(), expected, found, span: expectation.span })
}

fn value_differs(
    plan: &Plan,
    outcome: &Outcome,
    index: usize,
    ty: &Type,
    expected: &Expected,
) -> Option<(String, String)> {
    let found = cell(outcome, index);
    let class = plan.cells.get(index).map_or(Class::Range, |s| s.class);
    let known = found.only(class);
    let (agrees, wanted) = match expected {
        Expected::Value(v) => (known == Some(Known::Value(*v)), ty.show(*v)),
        Expected::None => (known == Some(Known::None), "none".to_owned()),
        Expected::Unknown { range, one_of, needs: wanted } => {
            let in_range = range.is_none_or(|(low, high)| found.may_be_some && (found.low, found.high) == (low, high));
            let in_set = one_of.is_none_or(|mask| found.low.cast_unsigned() == mask);
            let by = wanted.is_none_or(|n| n == found.needs);
            let mut words = "unknown".to_owned();
            if let Some((low, high)) = range {
                words.push_str(&format!(" {}..{}", ty.show_bare(*low), ty.show(*high)));
            }
            words.push_str(&needs_words(plan, *wanted));
            (known.is_none() && in_range && in_set && by, words)
        }
        Expected::Verdict { .. } | Expected::UnknownVerdict { .. } => (false, "a verdict".to_owned()),
    };
    if agrees {
        return None;
    }
    let mut words = value(plan, outcome, index, ty).text();
    if known.is_none() {
        words = format!("unknown {}{}", possible(&found, class, ty), needs_words(plan, Some(found.needs)));
    }
    Some((wanted, words))
}

fn verdict_differs(plan: &Plan, outcome: &Outcome, answer: &Answer, expected: &Expected) -> Option<(String, String)> {
    let AnswerKind::Obligation(obligation) = &answer.kind else {
        return None;
    };
    let found = judged(plan, outcome, obligation);
    let mask = cell(outcome, obligation.verdict).needs;
    let (agrees, wanted) = match expected {
        Expected::Verdict { verdict, by, due, because } => {
            let same = found.verdict == Some(*verdict)
                && by.is_none_or(|by| found.late_by == Some(by))
                && due.is_none_or(|due| found.due == Some(due))
                && because.as_ref().is_none_or(|b| found.excuse.as_ref() == Some(b));
            let mut words = verdict.name().to_owned();
            words.extend(by.map(|by| format!(" by {}", duration(by))));
            words.extend(due.map(|due| format!(", due {}", show_local_instant(due))));
            words.extend(because.as_ref().map(|b| format!(" because \"{b}\"")));
            (same, words)
        }
        Expected::UnknownVerdict { needs: wanted } => (
            found.verdict.is_none() && wanted.is_none_or(|n| n == mask),
            format!("unknown{}", needs_words(plan, *wanted)),
        ),
        _ => (false, "a value".to_owned()),
    };
    if agrees {
        return None;
    }
    let mut words = Answered::Verdict(found.clone()).text();
    if found.verdict.is_none() {
        words.push_str(&needs_words(plan, Some(mask)));
    }
    words.extend(found.due.map(|due| format!(" (due {})", show_local_instant(due))));
    Some((wanted, words))
}

fn needs_words(plan: &Plan, mask: Option<Needs>) -> String {
    mask.map_or_else(String::new, |mask| format!(" needs {}", needs(plan, mask).join(", ")))
}
