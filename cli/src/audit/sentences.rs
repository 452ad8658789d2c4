//! What the results of an audit say in whole sentences, beside the figures.

use crate::results::{FigureResult, MeasureResult, ObligationResult};
use crate::words::{self, count, counted};
use concord_engine::explain::Lateness;
use concord_engine::plan::figure::Statistic;
use concord_engine::plan::library::{Basis, Measure};
use concord_engine::plan::{AnswerKind, CellId, Plan};

/// Late, over the cases that were timed.
pub(super) const LATE_OF_TIMED: &str = "Late, of the cases that have both the trigger and what was expected";
/// What the rule asks.
pub(super) const NOT_DONE_OF_APPLICABLE: &str =
    "Late or missed, of the cases to which it applies: a missing one counts as not done";
/// The same of what must not happen.
pub(super) const HAPPENED_OF_APPLICABLE: &str = "It happened, and must not, of the cases to which that applies";
/// Late, over everybody.
pub(super) const LATE_OF_ALL: &str = "Late, of all cases in the export: a missing one counts as in order";
/// The strictest reading of what is unknown.
pub(super) const MET_OF_PERHAPS_APPLICABLE: &str =
    "Met, of the cases to which it applies or may apply: an unknown one counts as not met";

/// An excuse where several are possible.
pub(super) const ONE_OF_SEVERAL_EXCUSES: &str = "one of several";

/// How a case that missed its target came out.
pub(super) const MISSED: &str = "missed";

/// How a case that came late came out: `late by 2 h 5 min`, `late by 1 calendar day`; `late` where by how much is not known.
pub(super) fn late(by: Option<Lateness>) -> String {
    by.map_or_else(|| "late".to_owned(), |by| format!("late by {}", by.text()))
}

/// The name of the obligation whose verdicts a measure counts.
pub(super) fn judged_by(plan: &Plan, basis: &Basis) -> Option<String> {
    match basis {
        Basis::Obligation(answer) => plan.answers.get(*answer).map(|answer| answer.name.clone()),
        _ => None,
    }
}

/// Cases, as a count with its noun and verb, that reach a row which the rules claim that no case reaches.
pub(super) fn broken_claims(cases: &str) -> String {
    format!("{cases} a row that the rules claim to be impossible; all answers for them are unknown.")
}

/// A clock that may be an hour off.
pub(super) fn clock_off(title: &str, code: &str, what: &str) -> String {
    let at = if code.is_empty() { String::new() } else { format!(" at {code}") };
    format!("{title}:{at} {what}. Settle that before its rate is believed.")
}

/// The obligations and measures in whose denominators nobody is, and of which nobody is unknown either; none where there are none.
pub(super) fn nobody(obligations: &[ObligationResult], measures: &[MeasureResult]) -> Option<String> {
    let of_obligations = obligations.iter().filter(|obligation| {
        let v = &obligation.verdicts;
        v.not_applicable > 0 && v.hidden == 0 && v.excused + v.met + v.late + v.missed + v.open + v.unknown == 0
    });
    let judged = |measure: &&MeasureResult| measure.obligation.is_none();
    let of_measures = measures.iter().filter(judged).filter(|measure| {
        let c = &measure.total;
        measure.unset.is_none() && c.hidden == 0 && c.denominator + c.excluded + c.open + c.unknown == 0
    });
    let titles = of_obligations.map(|obligation| &obligation.title).chain(of_measures.map(|measure| &measure.title));
    let names: Vec<String> = titles.map(|title| format!("\"{title}\"")).collect();
    (!names.is_empty()).then(|| format!("Nobody is in the denominator of {}.", names.join(", ")))
}

/// What a measure does with cases that cannot be decided.
pub(super) fn unknown_policy(counts_against: bool) -> &'static str {
    if counts_against {
        "Unknown cases count against: they are in the denominator and not in the numerator."
    } else {
        "Unknown cases are left out of the rate and shown beside it."
    }
}

/// What a measure counts.
pub(super) fn basis(plan: &Plan, measure: &Measure) -> String {
    let answer_of = |cell: CellId| {
        let holds = |kind: &AnswerKind| matches!(kind, AnswerKind::Value { cell: c, .. } | AnswerKind::Output { cell: c, .. } if *c == cell);
        let answer = plan.answers.iter().find(|answer| holds(&answer.kind));
        answer.map(|answer| answer.label.clone().unwrap_or_else(|| answer.name.clone()))
    };
    let counted = match &measure.basis {
        Basis::Obligation(place) => {
            let answer = plan.answers.get(*place);
            let title = answer.map_or("the obligation", |a| a.label.as_deref().unwrap_or(&a.name));
            format!("Cases that met \"{title}\", of those to which it applies and that are not excused")
        }
        Basis::Each { obligation, judged } => {
            let title =
                plan.answers.get(*obligation).map_or("the obligation", |a| a.label.as_deref().unwrap_or(&a.name));
            let kind = plan.judged.get(*judged).and_then(|each| plan.subject.events.get(each.kind));
            let kind = kind.map_or("event", |kind| kind.name.as_str());
            format!(
                "Judgements, one for each {kind}, that met \"{title}\", of those to which it applies and that are not excused"
            )
        }
        Basis::Cases { of, met, .. } => match (answer_of(*met), answer_of(*of)) {
            (Some(met), Some(of)) => format!("Cases with {met}, of those with {of}"),
            _ => "Cases that meet the condition, of those to which it applies".to_owned(),
        },
        Basis::Counts { of, met } => match (answer_of(*met), answer_of(*of)) {
            (Some(met), Some(of)) => format!("{met}, of {of}, as counted by each organisation"),
            _ => "Ready-made counts, as reported by each organisation".to_owned(),
        },
        Basis::Number(figure) => {
            let value = said(plan, &figure.words);
            match figure.statistic {
                Statistic::Percentile { per_mille: 500, .. } => format!("The median of {value}"),
                Statistic::Percentile { per_mille, .. } => format!("The {} percentile of {value}", ordinal(per_mille)),
                Statistic::Mean => format!("The mean of {value}"),
                Statistic::Sum => format!("The sum of {value}"),
                Statistic::Per { times, .. } => {
                    // A figure for every so many of something says of what.
                    let per = said(plan, figure.per.as_deref().unwrap_or_default());
                    match u64::try_from(times) {
                        Ok(1) => format!("The sum of {value} for each of the {per}"),
                        Ok(times) => format!("The sum of {value} for every {} {per}", words::count(times)),
                        Err(_) => format!("The sum of {value} for every {times} {per}"),
                    }
                }
            }
        }
    };
    if let Some(shared) = &measure.shared {
        let names: Vec<String> = shared.shares.iter().map(|share| share.name.replace('_', " ")).collect();
        return format!("{counted}; each case counts once in all, and by its shares for each of: {}", names.join(", "));
    }
    match &measure.weight {
        Some(weight) => format!("{counted}; each case counts for its {}", said(plan, &weight.words)),
        None => counted,
    }
}

/// An expression in words: where it is one answer, that answer's title; in a name a figure stays with its word, as in `curb_65`.
fn said(plan: &Plan, words: &str) -> String {
    let titled = plan.answers.iter().find(|answer| answer.name == words).and_then(|answer| answer.label.clone());
    titled.unwrap_or_else(|| {
        let parts: Vec<&str> = words.split('_').collect();
        let mut text = String::new();
        for (place, part) in parts.iter().enumerate() {
            let figure = part.starts_with(|c: char| c.is_ascii_digit());
            text.push_str(if place == 0 {
                ""
            } else if figure {
                "_"
            } else {
                " "
            });
            text.push_str(part);
        }
        text
    })
}

/// `95th`, `97.5th`, `92nd`
fn ordinal(per_mille: u16) -> String {
    if !per_mille.is_multiple_of(10) {
        return format!("{}.{}th", per_mille / 10, per_mille % 10);
    }
    let percent = per_mille / 10;
    let ending = match (percent % 10, percent % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{percent}{ending}")
}

/// An export that has every case's end, and none before a month, though many began before.
pub(super) fn of_completed(title: &str, month: &str) -> String {
    format!(
        "{title}: every case of this export has its end, none ends before {month}, and many began before: it seems to be of what was completed. \
         By the month in which a case began such rates say nothing, and no chart is drawn of them."
    )
}

/// That a measure counts cases of periods that begin after the data end; nothing where it counts none.
pub(super) fn after_the_end(measure: &Measure, periods: &[String]) -> Option<String> {
    let (first, last) = (words::period(periods.first()?), words::period(periods.last()?));
    let title = if measure.title.is_empty() { &measure.name } else { &measure.title };
    let named = if first == last { first } else { format!("{first} to {last}") };
    Some(format!(
        "{title}: it counts cases of {named}, which begins after the data end: what is not due yet counts as not met there, and in the rate of all. \
         Where the measure says of which cases it is, what is due by then can be asked for, as in `due_on <= date of as of`."
    ))
}

/// One in so many that have no known number is told.
const MANY: u64 = 20;
/// So many organisations are named.
const MOST_NAMED: usize = 6;

/// Cases of a figure that are in none, as their number is a range or missing; nothing of few.
pub(super) fn not_in_a_figure(figure: &FigureResult) -> Option<String> {
    let of = &figure.total;
    if of.hidden & 0b1001 != 0 || of.unknown.saturating_mul(MANY) <= of.cases.saturating_add(of.unknown) {
        return None;
    }
    let none =
        figure.organisations.iter().filter(|of| of.value.unknown > 0 && of.value.cases == 0 && of.value.hidden == 0);
    let none: Vec<&str> = none.map(|of| of.code.as_str()).take(MOST_NAMED).collect();
    let alone = if none.is_empty() { String::new() } else { format!("; of {} there is no other", none.join(", ")) };
    Some(format!(
        "{}: {} in no figure, as the number is missing or known as a range alone (one that lies between two, as where a unit was converted){alone}. The figures are of the other {}.",
        figure.title,
        counted(of.unknown, "case is", "cases are"),
        count(of.cases)
    ))
}
