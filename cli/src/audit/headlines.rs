//! What stands out, in words, with the size of it: a pure function of the audits.

use super::obligations::LATE_OF_BOTH;
use super::words::{number, percent, share};
use crate::report::model::{Audit, ControlChart, Headline, MeasureResult, ObligationResult, Tone};
use concord_engine::values::types::duration;

/// Sentences with what they are sorted by.
type Ranked = Vec<(Rank, Headline)>;

/// What comes first among sentences of one tone; then the larger share of patients.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Target,
    Obligation,
    Organisations,
    Change,
    Data,
}

/// The sentences: concerns first and data last; within a tone the standards missed, then organisations, then change.
#[must_use]
pub fn headlines(audits: &[Audit]) -> Vec<Headline> {
    let mut all = Vec::new();
    for audit in audits {
        for measure in &audit.measures {
            of_measure(measure, audit.obligations.is_empty(), &mut all);
        }
        let mut obligations: Vec<&ObligationResult> = audit.obligations.iter().collect();
        obligations.sort_by(|a, b| not_done(b).total_cmp(&not_done(a)));
        for obligation in obligations {
            of_obligation(obligation, &mut all);
        }
        of_data(audit, &mut all);
    }
    let tone = |headline: &Headline| match headline.tone {
        Tone::Concern => 0,
        Tone::Good => 1,
        Tone::Note => 2,
        Tone::Data => 3,
    };
    all.sort_by_key(|(rank, headline)| (tone(headline), *rank));
    all.into_iter().map(|(_, headline)| headline).collect()
}

/// The share of cases in which an obligation was not met, as the rule counts it.
fn not_done(obligation: &ObligationResult) -> f64 {
    let rule = obligation.readings.iter().find(|reading| reading.is_the_rule);
    rule.and_then(|reading| reading.rate).map_or(0.0, |rate| rate.value)
}

fn say(all: &mut Ranked, rank: Rank, tone: Tone, anchor: &str, text: String) {
    all.push((rank, Headline { tone, text, anchor: anchor.to_owned() }));
}

/// A rate without a target is worth a headline only where no obligation says it already.
fn of_measure(measure: &MeasureResult, alone: bool, all: &mut Ranked) {
    let Some(rate) = measure.total.rate else {
        return;
    };
    let title = &measure.title;
    let of = share(measure.total.numerator, measure.total.denominator);
    let (tone, text) = match &measure.target {
        None => (Tone::Note, format!("{title}: {of}.")),
        Some(target) => {
            let met = if target.at_least { rate.value >= target.value } else { rate.value <= target.value };
            let points = (rate.value - target.value).abs() * 100.0;
            if met {
                (Tone::Good, format!("{title}: {of} meets the target of {}.", target.text))
            } else {
                let side = if target.at_least { "below" } else { "above" };
                (Tone::Concern, format!("{title}: {of}, {points:.1} points {side} the target of {}.", target.text))
            }
        }
    };
    if measure.target.is_some() || alone {
        say(all, Rank::Target, tone, &measure.id, text);
    }
    of_funnel(measure, all);
    if let Some(chart) = &measure.chart {
        of_change(measure, chart, all);
    }
    of_charts(measure, all);
}

fn of_funnel(measure: &MeasureResult, all: &mut Ranked) {
    let Some(funnel) = &measure.funnel else {
        return;
    };
    let compared = measure.organisations.iter().filter(|o| o.z.is_some()).count();
    let [[_, plain], [_, adjusted]] = funnel.outside;
    let worse = if measure.target.as_ref().is_none_or(|target| target.at_least) { "below" } else { "above" };
    let beyond = measure.organisations.iter().filter(|o| o.place_adjusted == format!("{worse} 99.8%")).count();
    let tone = if beyond > 0 { Tone::Concern } else { Tone::Note };
    let text = format!(
        "{}: of {compared} organisations {} lie outside the 99.8% limits that chance alone would give, and {} once the spread \
         between organisations is allowed for ({beyond} of them {worse}; dispersion ratio {:.1}).",
        measure.title,
        number(plain),
        number(adjusted),
        funnel.phi
    );
    say(all, Rank::Organisations, tone, &measure.id, text);
}

fn of_change(measure: &MeasureResult, chart: &ControlChart, all: &mut Ranked) {
    let (Some(first), Some(last)) = (chart.points.first(), chart.points.last()) else {
        return;
    };
    if last.special_cause.is_none() && chart.assurance.is_none() {
        return;
    }
    let tone = match last.direction.as_deref() {
        Some("concern") => Tone::Concern,
        Some("improvement") => Tone::Good,
        _ => Tone::Note,
    };
    let cause = match (&last.special_cause, chart.trial_limits) {
        (None, _) => "no special cause".to_owned(),
        (Some(cause), false) => format!("{} ({cause})", chart.variation),
        (Some(cause), true) => format!("{} ({cause}; trial limits)", chart.variation),
    };
    let assurance = chart.assurance.iter().map(|words| format!("; against the target the process {}", process(words)));
    let text = format!(
        "{}: {} in {}, {} in {}; the last point shows {cause}{}.",
        measure.title,
        percent(first.value),
        first.period,
        percent(last.value),
        last.period,
        assurance.collect::<String>()
    );
    say(all, Rank::Change, tone, &measure.id, text);
}

fn process(assurance: &str) -> String {
    if assurance == "hit and miss" { "is hit and miss".to_owned() } else { assurance.to_owned() }
}

fn of_charts(measure: &MeasureResult, all: &mut Ranked) {
    let shows = |direction: &str| {
        let last = |chart: &&ControlChart| {
            chart.points.last().is_some_and(|point| point.direction.as_deref() == Some(direction))
        };
        measure.charts.iter().filter(last).count()
    };
    let (concern, improvement) = (shows("concern"), shows("improvement"));
    if measure.charts.len() < 2 || concern + improvement == 0 {
        return;
    }
    let text = format!(
        "{}: the last point of {concern} of {} organisations' own charts is special cause for concern, of {improvement} special \
         cause for the better.",
        measure.title,
        measure.charts.len()
    );
    say(all, Rank::Organisations, Tone::Note, &measure.id, text);
}

fn of_obligation(obligation: &ObligationResult, all: &mut Ranked) {
    of_readings(obligation, all);
    let title = &obligation.title;
    let unknown = obligation.verdicts.unknown;
    if unknown > 0 {
        let needs = obligation.needs.iter().map(|(name, count)| format!("{name} ({})", number(*count)));
        let needs = needs.collect::<Vec<String>>().join(", ");
        let missing = if needs.is_empty() { needs } else { format!("; missing: {needs}") };
        let text = format!("{title}: {} cases cannot be decided{missing}.", number(unknown));
        say(all, Rank::Data, Tone::Data, &obligation.id, text);
    }
}

/// How long it took, where the rule gives it time at all.
fn took(obligation: &ObligationResult) -> String {
    let Some(delay) = obligation.delay.as_ref().filter(|delay| delay.limit.is_some_and(|limit| limit > 0)) else {
        return String::new();
    };
    let (half, tenth) = (minutes(delay.median.value), minutes(delay.p90.value));
    format!(" Half took longer than {half}, one in ten longer than {tenth}.")
}

fn of_readings(obligation: &ObligationResult, all: &mut Ranked) {
    let title = &obligation.title;
    let readings = &obligation.readings;
    let Some(rule) = readings.iter().find(|reading| reading.is_the_rule) else {
        return;
    };
    let both = readings.iter().find(|reading| reading.question == LATE_OF_BOTH);
    let both =
        both.map(|both| format!("{} late where both ends are recorded; ", share(both.numerator, both.denominator)));
    let both = both.unwrap_or_default();
    let tone = match rule.numerator {
        0 if rule.denominator > 0 => Tone::Good,
        _ if not_done(obligation) >= 0.1 => Tone::Concern,
        _ => Tone::Note,
    };
    let text = if rule.denominator == 0 {
        format!("{title}: it applies to no case.")
    } else {
        format!(
            "{title}: {both}{} late or missed where a missing one counts as not done.{}",
            share(rule.numerator, rule.denominator),
            took(obligation)
        )
    };
    say(all, Rank::Obligation, tone, &obligation.id, text);
}

/// To the minute, above an hour; a headline needs no seconds.
fn minutes(milliseconds: i64) -> String {
    const MINUTE: i64 = 60_000;
    if milliseconds.abs() < MINUTE {
        return duration(milliseconds);
    }
    duration((milliseconds + MINUTE / 2).div_euclid(MINUTE) * MINUTE)
}

fn of_data(audit: &Audit, all: &mut Ranked) {
    let data = &audit.data;
    let title = &audit.logic.title;
    if data.rows_rejected > 0 || data.values_rejected > 0 {
        let text = format!(
            "{title}: {} rows and {} values did not fit and were refused, of {} rows.",
            number(data.rows_rejected),
            number(data.values_rejected),
            number(data.rows)
        );
        say(all, Rank::Data, Tone::Data, &audit.id, text);
    }
    let absent = data.completeness.iter().filter(|line| line.not_supplied);
    let names: Vec<&str> = absent.map(|line| line.name.as_str()).collect();
    if !names.is_empty() {
        let text = format!("{title}: the export does not carry {}.", names.join(", "));
        say(all, Rank::Data, Tone::Data, &audit.id, text);
    }
}
