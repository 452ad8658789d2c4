//! One sentence for each obligation, and one where many of its cases cannot be decided.

use super::ranked::{Matters, Rank, Ranked, in_words, say};
use crate::results::{ControlChart, Delay, LateBy, MeasureResult, ObligationResult, Reading, Tone};
use crate::words::{NOT_SHOWN, WITHHELD, at_most, count, part_and_share, part_of, period, told, told_counted};
use concord_engine::values::types::duration;

/// A month of fewer cases makes no headline.
const LEAST_IN_MONTH: u64 = 20;

/// Of fewer cases nothing is said of how long they took.
const LEAST_TIMED: u64 = 10;

/// The share of cases in which an obligation was not met, as the rule counts it.
pub(super) fn not_done(obligation: &ObligationResult) -> f64 {
    let rule = obligation.readings.iter().find(|reading| reading.is_the_rule);
    rule.and_then(|reading| reading.rate).map_or(0.0, |rate| rate.value)
}

pub(super) fn of_obligation(obligation: &ObligationResult, measure: Option<&MeasureResult>, all: &mut Ranked) {
    let title = &obligation.title;
    let Some(rule) = obligation.readings.iter().find(|reading| reading.is_the_rule) else {
        return;
    };
    let tone = match rule.numerator {
        0 if rule.denominator > 0 && rule.hidden == 0 => Tone::Good,
        _ if not_done(obligation) >= 0.1 => Tone::Concern,
        _ => Tone::Note,
    };
    let severity = obligation.severity.as_deref();
    let delays = obligation.delay.is_some().then_some("delays");
    let text = match (rule.denominator, rule.hidden) {
        (0, 0) => format!("{title}: it applies to no case."),
        (of, 0) if rule.numerator == 0 => {
            let judged = if obligation.verdicts.unknown > 0 { " that can be judged" } else { "" };
            let all = if of == 1 { "its one case".to_owned() } else { format!("all {}", count(of)) };
            format!("{title}: met in {all}{judged}.")
        }
        (_, hidden) if hidden & WITHHELD != 0 => format!("{title}: in how many it was met is not shown."),
        (_, hidden) if rule.numerator == 0 && hidden & 1 == 0 => {
            format!("{title}: met in all of its {} cases that can be judged.", told(rule.denominator, hidden, 1))
        }
        _ if obligation.delay.as_ref().is_some_and(|delay| delay.is_order()) => in_order(obligation, rule),
        _ if obligation.forbidden => {
            format!("{title}: not met in {}, where it happened.", size(rule))
        }
        _ => in_time(obligation, rule),
    };
    let latest = measure.and_then(|measure| measure.chart.as_ref()).map(self::latest).unwrap_or_default();
    let nothing = rule.denominator == 0 && rule.hidden == 0;
    let rank = if nothing { Rank::Nothing } else { Rank::Obligation };
    let matters = Matters { severity, people: rule.numerator, chart: delays };
    let v = &obligation.verdicts;
    let hidden = v.hidden & UNKNOWN != 0;
    if !nothing || (v.unknown == 0 && !hidden) {
        say(all, rank, tone, &obligation.id, format!("{text}{latest}"), matters);
    }
    let may_apply = v.met + v.late + v.missed + v.unknown;
    if v.unknown.saturating_mul(20) >= may_apply.max(1) || (nothing && hidden) {
        let needs = obligation.needs.iter().map(|(name, count)| format!("{name} ({})", at_most(*count)));
        let needs = needs.collect::<Vec<String>>().join(", ");
        let missing = if needs.is_empty() { needs } else { format!("; missing: {needs}") };
        let none = if nothing { " no case can be judged, so there is no rate:" } else { "" };
        let text = format!(
            "{title}:{none} {} cannot be decided{missing}.",
            told_counted(v.unknown, v.hidden, 6, "case", "cases")
        );
        let matters = Matters { severity, people: v.unknown, chart: None };
        say(all, Rank::Data, Tone::Data, &obligation.id, text, matters);
    }
}

/// Places of late and missed in what a table of verdicts hides.
const LATE: u8 = 3;
const MISSED: u8 = 4;
/// And the bit of unknown.
const UNKNOWN: u8 = 1 << 6;

fn verdict(obligation: &ObligationResult, cases: u64, place: u8) -> String {
    told(cases, obligation.verdicts.hidden, place)
}

/// Whether a verdict adds to a sentence.
fn says(count: &str) -> bool {
    count != "0" && count != NOT_SHOWN
}

fn size(reading: &Reading) -> String {
    match reading.hidden {
        0 => part_and_share(reading.numerator, reading.denominator),
        hidden => part_of(reading.numerator, reading.denominator, hidden),
    }
}

fn in_time(obligation: &ObligationResult, rule: &Reading) -> String {
    let late = verdict(obligation, obligation.verdicts.late, LATE);
    let missed = verdict(obligation, obligation.verdicts.missed, MISSED);
    let took = obligation.delay.as_ref().filter(|delay| delay.limit.is_some() && delay.n >= LEAST_TIMED);
    let took = took.map(|delay| format!(" Where it was done, {}.", how_long(delay)));
    let title = &obligation.title;
    let parts = [(late, "late"), (missed, "not done")].into_iter().filter(|(count, _)| says(count));
    let parts: Vec<String> = parts.map(|(count, what)| format!("{count} {what}")).collect();
    let parts = if parts.is_empty() { String::new() } else { format!(": {}", parts.join(", ")) };
    format!("{title}: not met in {}{parts}.{}", size(rule), took.unwrap_or_default())
}

/// How long it took, in words that hold however many took the same time.
fn how_long(delay: &Delay) -> String {
    let (half, tenth) = (delay.median.value, delay.p90.value);
    let words = |time: i64| delay.days.map_or_else(|| minutes(time), |days| days.words(time));
    let earlier = delay.bins.first().is_some_and(|(edge, _)| edge.is_some_and(|edge| edge < 0));
    let same_day = if earlier { "on the same day or earlier" } else { "on the same day" };
    if words(half) == words(tenth) {
        let up = |time: i64| delay.days.map_or_else(|| minutes_up(time), |days| days.words(time));
        return match delay.days {
            Some(_) if tenth <= 0 => format!("nine in ten were done {same_day}"),
            _ => format!("nine in ten took no longer than {}", up(tenth)),
        };
    }
    if delay.days.is_some() && half <= 0 {
        return format!("half were done {same_day}, one in ten took {} or longer", words(tenth));
    }
    format!("half took {} or longer, one in ten {} or longer", words(half), words(tenth))
}

fn in_order(obligation: &ObligationResult, rule: &Reading) -> String {
    let late = verdict(obligation, obligation.verdicts.late, LATE);
    let missed = verdict(obligation, obligation.verdicts.missed, MISSED);
    let missed = if says(&missed) { format!("; {missed} not done") } else { String::new() };
    let by = |late: &LateBy| {
        format!(
            ", half of them by {} or more, one in ten by {} or more",
            minutes(late.median.value),
            minutes(late.p90.value)
        )
    };
    let by = obligation.delay.as_ref().and_then(|delay| delay.late_by.as_ref()).map(by).unwrap_or_default();
    let title = &obligation.title;
    if late == NOT_SHOWN {
        return format!("{title}: not met in {}.", size(rule));
    }
    format!("{title}: not met in {}: {late} in the wrong order{by}{missed}.", size(rule))
}

/// The latest period, where it is special cause and holds enough cases.
fn latest(chart: &ControlChart) -> String {
    let last = chart.points.last().filter(|last| last.denominator >= LEAST_IN_MONTH);
    let Some((last, cause)) = last.zip(chart.latest_cause()) else {
        return String::new();
    };
    let of = format!("{} of {}", count(last.numerator), count(last.denominator));
    format!(" The latest period, {} ({of} met), is {} ({cause}).", period(&last.period), in_words(&chart.variation))
}

const MINUTE: i64 = 60_000;

/// In full minutes from one on, as a headline needs no seconds: what took so long or longer took these or longer.
fn minutes(milliseconds: i64) -> String {
    let whole = milliseconds.div_euclid(MINUTE) * MINUTE;
    duration(if milliseconds.abs() < MINUTE { milliseconds } else { whole })
}

/// The same, for what took no longer.
fn minutes_up(milliseconds: i64) -> String {
    let whole = -(-milliseconds).div_euclid(MINUTE) * MINUTE;
    duration(if milliseconds.abs() < MINUTE { milliseconds } else { whole })
}
