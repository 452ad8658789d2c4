//! What stands out, in words, with the size of it: a pure function of the audits.
//!
//! A board reads eight sentences, not thirty: one for each standard missed, one for each obligation, one for how far the
//! organisations differ, one for change; data problems only where they are large enough to move a figure.

use super::words::{count, number, percent, share};
use crate::report::model::{
    Audit, ControlChart, Funnel, Headline, LateBy, MeasureResult, ObligationResult, Reading, Target, Tone,
};
use crate::report::words::{at_most, counted, missing_periods, period};
use concord_engine::values::types::duration;

/// No more sentences than this.
const MOST: usize = 8;
/// Of a report with more obligations, at least so many are named.
const LEAST_OBLIGATIONS: usize = 4;
/// A month of fewer cases makes no headline.
const LEAST_IN_MONTH: u64 = 20;

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

/// The sentences: concerns first and data last; within a tone the standards missed, then obligations, organisations, change.
#[must_use]
pub fn headlines(audits: &[Audit]) -> Vec<Headline> {
    let mut all = Vec::new();
    for audit in audits {
        of_measures(audit, &mut all);
        let mut obligations: Vec<&ObligationResult> = audit.obligations.iter().collect();
        obligations.sort_by(|a, b| not_done(b).total_cmp(&not_done(a)));
        for obligation in obligations {
            let measure = audit.measures.iter().find(|measure| measure.name == obligation.name);
            of_obligation(obligation, measure, &mut all);
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
    while all.len() > MOST {
        let obligations = all.iter().filter(|(rank, _)| *rank == Rank::Obligation).count();
        let last = all.iter().rposition(|(rank, _)| *rank == Rank::Obligation);
        match last.filter(|_| obligations > LEAST_OBLIGATIONS) {
            Some(last) => drop(all.remove(last)),
            None => all.truncate(MOST),
        }
    }
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

/// Organisations are compared by the measures that compare like with like, where the package has one.
fn of_measures(audit: &Audit, all: &mut Ranked) {
    let alike = |measure: &MeasureResult| measure.funnel.is_some() && measure.unlike().is_none();
    let any_alike = audit.measures.iter().any(alike);
    for measure in &audit.measures {
        let compares = measure.funnel.as_ref().filter(|_| alike(measure) || !any_alike);
        match &measure.target {
            Some(target) => of_target(measure, target, all),
            // A rate without a target is worth a headline only where no obligation and no comparison says it.
            None if audit.obligations.is_empty() && compares.is_none() => {
                let of = share(measure.total.numerator, measure.total.denominator);
                say(all, Rank::Target, Tone::Note, &measure.id, format!("{}: {of}.", measure.title));
            }
            None => {}
        }
        if let Some(funnel) = compares {
            of_funnel(measure, funnel, all);
            of_charts(measure, all);
        }
    }
}

fn of_target(measure: &MeasureResult, target: &Target, all: &mut Ranked) {
    let Some(rate) = measure.total.rate else {
        return;
    };
    let reached = |value: f64| if target.at_least { value >= target.value } else { value <= target.value };
    let of = format!(
        "{}: {} ({} of {})",
        measure.title,
        percent(rate.value),
        number(measure.total.numerator),
        number(measure.total.denominator)
    );
    let points = (rate.value - target.value).abs() * 100.0;
    let side = if target.at_least { "below" } else { "above" };
    let (tone, against) = if reached(rate.value) {
        (Tone::Good, format!("which meets the target of {}", target.text))
    } else {
        (Tone::Concern, format!("{points:.1} points {side} the target of {}", target.text))
    };
    let change = measure.chart.as_ref().map(|chart| {
        let months = chart.points.iter().filter(|point| reached(point.value)).count();
        let in_months = match months {
            0 => format!("no period of {} reached it", chart.points.len()),
            some => format!("{some} of {} periods reached it", chart.points.len()),
        };
        format!("; {in_months}.{}", change(chart))
    });
    let text = format!("{of}, {against}{}", change.unwrap_or_else(|| ".".to_owned()));
    say(all, Rank::Target, tone, &measure.id, text);
}

/// From the first point to the last, and what the chart makes of it.
fn change(chart: &ControlChart) -> String {
    let (Some(first), Some(last)) = (chart.points.first(), chart.points.last()) else {
        return String::new();
    };
    let cause = match (&last.special_cause, chart.assurance.as_deref()) {
        _ if chart.not_judged.is_some() => chart.not_judged.clone().unwrap_or_default(),
        (Some(cause), _) => format!("the latest is {} ({cause})", in_words(&chart.variation)),
        (None, Some("consistently fails")) => {
            "the latest shows no special cause: as the process stands, it will go on missing the target".to_owned()
        }
        (None, Some("consistently passes")) => {
            "the latest shows no special cause: as the process stands, it will go on meeting the target".to_owned()
        }
        (None, Some("hit and miss")) => {
            "the latest shows no special cause: whether a period meets the target is chance".to_owned()
        }
        (None, _) => "the latest shows no special cause".to_owned(),
    };
    format!(
        " It went from {} in {} to {} in {}; {cause}.{}",
        percent(first.value),
        period(&first.period),
        percent(last.value),
        period(&last.period),
        gaps(chart)
    )
}

/// The periods without a rate, as a sentence.
fn gaps(chart: &ControlChart) -> String {
    if chart.gaps.is_empty() { String::new() } else { format!(" No rate in {}.", missing_periods(chart)) }
}

fn of_funnel(measure: &MeasureResult, funnel: &Funnel, all: &mut Ranked) {
    let compared = measure.organisations.iter().filter(|o| o.z.is_some()).count();
    let [[_, plain], [_, adjusted]] = funnel.outside;
    let beyond =
        |side: &str| measure.organisations.iter().filter(|o| o.place_adjusted == format!("{side} 99.8%")).count();
    let (below, above) = (beyond("below"), beyond("above"));
    let higher_is_better = measure.target.as_ref().is_none_or(|target| target.at_least);
    let worse = if higher_is_better { below } else { above };
    let tone = if worse > 0 { Tone::Concern } else { Tone::Note };
    let meaning = match adjusted {
        0 => "none stands apart: they differ widely, and no single one is out of line".to_owned(),
        1 => format!("1 still stands apart ({below} below, {above} above)"),
        some => format!("{} still stand apart ({below} below, {above} above)", number(some)),
    };
    let text = format!(
        "{}: {} over {compared} organisations ({} of {}). {} of them lie outside the 99.8% limits, where chance \
         alone would put {}; allowing for the usual spread between them, {meaning}.",
        measure.title,
        percent(funnel.centre),
        number(measure.total.numerator),
        number(measure.total.denominator),
        number(plain),
        expected_outside(compared),
    );
    say(all, Rank::Organisations, tone, &measure.id, text);
}

/// How many of so many lie outside the 99.8 % limits by chance.
fn expected_outside(organisations: usize) -> &'static str {
    match organisations {
        0..250 => "none or one",
        250..750 => "about one",
        _ => "2 in 1,000",
    }
}

fn of_charts(measure: &MeasureResult, all: &mut Ranked) {
    let shows = |direction: &str| {
        let last = |chart: &&ControlChart| {
            chart.points.last().is_some_and(|point| point.direction.as_deref() == Some(direction))
        };
        measure.charts.iter().filter(last).count()
    };
    let (concern, improvement) = (shows("concern"), shows("improvement"));
    let judged = measure.charts.iter().filter(|chart| chart.not_judged.is_none()).count();
    if judged < 2 || concern + improvement == 0 {
        return;
    }
    let text = format!(
        "{}: against its own past, the latest period is special cause for concern at {concern} of {} organisations and for the \
         better at {improvement}.",
        measure.title,
        number(count(judged))
    );
    say(all, Rank::Change, Tone::Note, &measure.id, text);
}

fn of_obligation(obligation: &ObligationResult, measure: Option<&MeasureResult>, all: &mut Ranked) {
    let title = &obligation.title;
    let Some(rule) = obligation.readings.iter().find(|reading| reading.is_the_rule) else {
        return;
    };
    let tone = match rule.numerator {
        0 if rule.denominator > 0 && rule.hidden == 0 => Tone::Good,
        _ if not_done(obligation) >= 0.1 => Tone::Concern,
        _ => Tone::Note,
    };
    let text = match (rule.denominator, rule.hidden) {
        (0, 0) if obligation.verdicts.unknown > 0 => format!("{title}: no case can be judged."),
        (0, 0) => format!("{title}: it applies to no case."),
        _ if obligation.delay.as_ref().is_some_and(|delay| delay.is_order()) => in_order(obligation, rule),
        _ => in_time(obligation, rule),
    };
    let latest = measure.and_then(|measure| measure.chart.as_ref()).map(self::latest).unwrap_or_default();
    say(all, Rank::Obligation, tone, &obligation.id, format!("{text}{latest}"));
    let v = &obligation.verdicts;
    let may_apply = v.met + v.late + v.missed + v.unknown;
    if v.unknown.saturating_mul(20) >= may_apply.max(1) {
        let needs = obligation.needs.iter().map(|(name, count)| format!("{name} ({})", at_most(*count)));
        let needs = needs.collect::<Vec<String>>().join(", ");
        let missing = if needs.is_empty() { needs } else { format!("; missing: {needs}") };
        let text = format!("{title}: {} cannot be decided{missing}.", counted(v.unknown, "case", "cases"));
        say(all, Rank::Data, Tone::Data, &obligation.id, text);
    }
}

/// Places of late and missed in what a table of verdicts hides.
const LATE: u8 = 1 << 3;
const MISSED: u8 = 1 << 4;

fn verdict(obligation: &ObligationResult, count: u64, bit: u8) -> String {
    if obligation.verdicts.hidden & bit != 0 { at_most(0) } else { number(count) }
}

fn size(reading: &Reading) -> String {
    match reading.hidden {
        0 => share(reading.numerator, reading.denominator),
        1 => format!("{} of {}", at_most(0), number(reading.denominator)),
        _ => format!("{} of {}", at_most(0), at_most(0)),
    }
}

fn in_time(obligation: &ObligationResult, rule: &Reading) -> String {
    let late = verdict(obligation, obligation.verdicts.late, LATE);
    let missed = verdict(obligation, obligation.verdicts.missed, MISSED);
    let took = obligation.delay.as_ref().filter(|delay| delay.limit.is_some());
    let took = took.map(|delay| {
        let (half, tenth) = (minutes(delay.median.value), minutes(delay.p90.value));
        format!(" Where it was done, half took longer than {half}, one in ten longer than {tenth}.")
    });
    let title = &obligation.title;
    format!("{title}: not so in {}: {late} late, {missed} not at all.{}", size(rule), took.unwrap_or_default())
}

fn in_order(obligation: &ObligationResult, rule: &Reading) -> String {
    let late = verdict(obligation, obligation.verdicts.late, LATE);
    let missed = match verdict(obligation, obligation.verdicts.missed, MISSED).as_str() {
        "0" => String::new(),
        missed => format!("; {missed} not at all"),
    };
    let by = |late: &LateBy| {
        format!(
            ", half of them by more than {}, one in ten by more than {}",
            minutes(late.median.value),
            minutes(late.p90.value)
        )
    };
    let by = obligation.delay.as_ref().and_then(|delay| delay.late_by.as_ref()).map(by).unwrap_or_default();
    let title = &obligation.title;
    format!("{title}: not so in {}: {late} in the wrong order{by}{missed}.", size(rule))
}

/// The latest period, where it is special cause and holds enough cases.
fn latest(chart: &ControlChart) -> String {
    let last = chart.points.last().filter(|last| last.denominator >= LEAST_IN_MONTH);
    let Some((last, cause)) = last.and_then(|last| Some((last, last.special_cause.as_ref()?))) else {
        return String::new();
    };
    let of = format!("{} of {}", number(last.numerator), number(last.denominator));
    format!(" The latest period, {} ({of} met), is {} ({cause}).", period(&last.period), in_words(&chart.variation))
}

/// `special cause for concern`
fn in_words(variation: &str) -> String {
    variation.replace(", ", " for ")
}

/// To the minute, above an hour; a headline needs no seconds.
fn minutes(milliseconds: i64) -> String {
    const MINUTE: i64 = 60_000;
    if milliseconds.abs() < MINUTE {
        return duration(milliseconds);
    }
    duration((milliseconds + MINUTE / 2).div_euclid(MINUTE) * MINUTE)
}

/// Rows and values refused, from 1 in 100 rows on.
fn of_data(audit: &Audit, all: &mut Ranked) {
    let data = &audit.data;
    if (data.rows_rejected + data.values_rejected).saturating_mul(100) < data.rows.max(1) {
        return;
    }
    let text = format!(
        "{}: {} and {} did not fit and were refused, of {}.",
        audit.logic.title,
        counted(data.rows_rejected, "row", "rows"),
        counted(data.values_rejected, "value", "values"),
        counted(data.rows, "row", "rows")
    );
    say(all, Rank::Data, Tone::Data, &audit.id, text);
}
