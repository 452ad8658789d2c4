//! Answers in the words in which a case expects them: what `concord test` prints can be typed after `=>`.

use super::{Judged, cell, due};
use crate::evaluate::{Known, Outcome, Value};
use crate::plan::case::Case;
use crate::plan::library::{Due, Expected, LateBy};
use crate::plan::{Answer, AnswerKind, Class, Needs, Plan, Verdict};
use crate::values::calendar::{FIRST_DATE, FIRST_INSTANT, LAST_DATE, LAST_INSTANT, show_day, show_local_instant};
use crate::values::legend::Legend;
use crate::values::types::{LONGEST_DURATION, Type, duration};

/// What came out for an answer: `20`, `unknown 0..3 needs temperature`, `late by 2 h 5 min due 2026-01-05 10:00`, `late by 1 calendar
/// day due 29 January 2026`.
#[must_use]
pub fn found(plan: &Plan, case: &Case, outcome: &Outcome, answer: &Answer) -> String {
    match &answer.kind {
        AnswerKind::Value { cell: index, ty } | AnswerKind::Output { cell: index, ty, .. } => {
            let value = cell(outcome, *index);
            let class = plan.cells.get(*index).map_or(Class::Range, |s| s.class);
            match value.only(class) {
                None => unknown(plan, &possible(&value, class, ty), Some(value.needs)),
                Some(Known::Value(value)) => typed(plan.legend(case), ty, value),
                Some(Known::None) => "none".to_owned(),
            }
        }
        AnswerKind::Obligation(obligation) => {
            let judged = super::judged(plan, outcome, obligation);
            match judged.verdict {
                Some(found) => {
                    let by = judged.late_by.map(super::Lateness::text);
                    verdict(found, by, judged.due_text(), judged.excuse.as_deref())
                }
                None => {
                    let value = cell(outcome, obligation.verdict);
                    unknown(plan, &verdicts(&judged), Some(value.needs))
                }
            }
        }
    }
}

/// What an expectation says, in the words in which it is written.
#[must_use]
pub fn expected(plan: &Plan, case: &Case, ty: Option<&Type>, expected: &Expected) -> String {
    let value = |value: i64| ty.map_or_else(String::new, |ty| typed(plan.legend(case), ty, value));
    match expected {
        Expected::Value(v) => value(*v),
        Expected::None => "none".to_owned(),
        Expected::Unknown { range, one_of, or_none, needs } => {
            let mut words = String::new();
            if let (Some((low, high)), Some(ty)) = (range, ty) {
                words = range_of(ty, *low, *high);
            }
            if let (Some(mask), Some(ty)) = (one_of, ty) {
                words = braces(choices(*mask, ty));
            }
            unknown(plan, &with_none(words, *or_none), *needs)
        }
        Expected::Verdict { verdict: expected, by, due, because } => {
            verdict(*expected, by.map(late_by), due.map(due_when), because.as_deref())
        }
        Expected::UnknownVerdict { one_of, needs } => {
            let named = |mask: u64| Verdict::ALL.into_iter().filter(move |v| mask >> (*v as u32) & 1 == 1).map(word);
            unknown(plan, &one_of.map(|mask| braces(named(mask).collect())).unwrap_or_default(), *needs)
        }
    }
}

fn unknown(plan: &Plan, possible: &str, needs: Option<Needs>) -> String {
    let gap = if possible.is_empty() { "" } else { " " };
    let needs = needs.map_or_else(String::new, |mask| {
        let named = (0..plan.unknowns.len()).filter(|bit| mask >> bit & 1 == 1).map(|bit| plan.unknown_path(bit));
        format!(" needs {}", named.collect::<Vec<_>>().join(", "))
    });
    format!("unknown{gap}{possible}{needs}")
}

fn late_by(expected: LateBy) -> String {
    match expected {
        LateBy::Elapsed(milliseconds) => duration(milliseconds),
        LateBy::CalendarDays(count) => due::days(count, "calendar"),
        LateBy::WorkingDays(count) => due::days(count, "working"),
    }
}

fn due_when(expected: Due) -> String {
    match expected {
        Due::At(instant) => show_local_instant(instant),
        Due::On(day) => show_day(day),
    }
}

fn verdict(verdict: Verdict, by: Option<String>, due: Option<String>, because: Option<&str>) -> String {
    let mut words = verdict.name().to_owned();
    words.extend(by.map(|by| format!(" by {by}")));
    words.extend(because.map(|reason| format!(" because {}", quoted(reason))));
    words.extend(due.map(|due| format!(" due {due}")));
    words
}

fn verdicts(judged: &Judged) -> String {
    braces(judged.possible.iter().copied().map(word).collect())
}

fn word(verdict: Verdict) -> String {
    verdict.name().to_owned()
}

fn possible(value: &Value, class: Class, ty: &Type) -> String {
    let words = match class {
        _ if !value.may_be_some => String::new(),
        Class::Set => braces(choices(value.low.cast_unsigned(), ty)),
        Class::Range => range_of(ty, value.low, value.high),
    };
    with_none(words, value.may_be_none)
}

fn choices(mask: u64, ty: &Type) -> Vec<String> {
    (0..63).filter(|variant| mask >> variant & 1 == 1).map(|variant| ty.show(variant)).collect()
}

fn braces(choices: Vec<String>) -> String {
    if choices.is_empty() { String::new() } else { format!("{{ {} }}", choices.join(", ")) }
}

/// A range that says nothing is left out: one of codes, and one that goes as far as the language does.
fn range_of(ty: &Type, low: i64, high: i64) -> String {
    let as_far = match ty {
        Type::Code | Type::NhsNumber => true,
        Type::Instant => low == FIRST_INSTANT || high == LAST_INSTANT,
        Type::Date => low == FIRST_DATE || high >= LAST_DATE,
        Type::Duration => low < -LONGEST_DURATION || high > LONGEST_DURATION,
        _ => false,
    };
    match ty {
        _ if as_far => String::new(),
        Type::YesNo => braces((low..=high).map(|v| ty.show(v)).collect()),
        Type::Number { .. } => format!("{}..{}", ty.show_bare(low), ty.show(high)),
        _ => format!("{}..{}", ty.show(low), ty.show(high)),
    }
}

fn with_none(words: String, or_none: bool) -> String {
    match (or_none, words.is_empty()) {
        (false, _) | (true, true) => words,
        (true, false) => format!("{words} or none"),
    }
}

fn typed(legend: Legend<'_>, ty: &Type, value: i64) -> String {
    let shown = legend.show(ty, value);
    if ty.is_name() { quoted(&shown) } else { shown }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
