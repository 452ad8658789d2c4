//! The XmR chart of a measure over calendar periods, in the words of "Making Data Count".
//!
//! Periods without a rate keep their place; where the chart cannot tell, it says why instead of judging.

use super::period::{following, show_period, unit_name};
use crate::results::{Better, ChartPoint, ControlChart, Counts, Gap, Shown};
use concord_engine::plan::library::CalendarUnit;
use concord_engine::variation::control_chart::{Assurance, Chart, ChartOptions, Observation, Profile, too_rare, xmr};
use concord_engine::variation::proportion::Proportion;
use concord_engine::variation::{Cause, Direction, Rule, Signal};

/// What is charted.
pub(super) struct Series<'a> {
    pub(super) organisation: Option<&'a str>,
    pub(super) unit: CalendarUnit,
    /// First day of each period and its counts, in order.
    pub(super) points: Vec<(i64, Counts)>,
    /// First day of the last period that anybody has: a series that ends before it has a gap at its end.
    pub(super) until: Option<i64>,
    pub(super) target: Option<f64>,
    pub(super) shown: Shown,
    pub(super) better: Better,
}

/// A period with a rate.
struct Point {
    first: i64,
    counts: Counts,
    value: f64,
}

/// The chart; none with fewer than two periods that have a rate.
pub(super) fn control_chart(series: &Series<'_>) -> Option<ControlChart> {
    let rate =
        |(first, counts): &(i64, Counts)| Some(Point { first: *first, counts: *counts, value: counts.rate?.value });
    let points: Vec<Point> = series.points.iter().filter_map(rate).collect();
    if points.len() < 2 {
        return None;
    }
    let gaps = gaps(series, &points);
    let observations = points.iter().enumerate().map(|(place, point)| Observation {
        value: point.value,
        rebase: false,
        after_gap: gaps.iter().any(|gap| gap.after == place),
    });
    let direction = match series.better {
        Better::Higher => Direction::HigherIsBetter,
        Better::Lower => Direction::LowerIsBetter,
        Better::Neither => Direction::Neutral,
    };
    let options =
        ChartOptions { profile: Profile::MAKING_DATA_COUNT, direction, target: series.target, fix_after: None };
    let chart = xmr(&observations.collect::<Vec<_>>(), &options).ok()?;
    let group = chart.groups.last()?;
    let not_judged = not_judged(series, &points, &gaps, &chart);
    let judged = not_judged.is_none();
    let limits = group.limits.filter(|_| judged || group.trial_limits);
    let drawn = points.iter().zip(&chart.points).map(|(point, of)| ChartPoint {
        period: show_period(series.unit, point.first),
        numerator: point.counts.numerator,
        denominator: point.counts.denominator,
        value: point.value,
        special_cause: of.signal.filter(|_| judged).map(|signal| special_cause(signal, &chart.profile)),
        direction: direction_of(of.cause).filter(|_| judged).map(str::to_owned),
    });
    // No share lies beyond 0 or 1, and no limit of one.
    let within = |limit: f64| if series.shown == Shown::Share { limit.clamp(0.0, 1.0) } else { limit };
    let noun = if series.shown == Shown::Share { "rate" } else { "figure" };
    Some(ControlChart {
        organisation: series.organisation.map(str::to_owned),
        method: format!("XmR chart of the {} {noun}, {}", unit_name(series.unit), chart.profile.name),
        mean: group.mean,
        lower: limits.map(|limits| within(limits.lower)),
        upper: limits.map(|limits| within(limits.upper)),
        points: drawn.collect(),
        gaps,
        variation: if judged { variation(chart.variation) } else { "not judged".to_owned() },
        assurance: chart.assurance.filter(|_| judged).map(|assurance| self::assurance(assurance).to_owned()),
        trial_limits: group.trial_limits,
        shown: series.shown.clone(),
        not_judged,
    })
}

/// The periods between points, and after the last, that have no rate.
fn gaps(series: &Series<'_>, points: &[Point]) -> Vec<Gap> {
    let end = series.until.and_then(|until| following(series.unit, until));
    let next = points.iter().skip(1).map(|point| Some(point.first)).chain(std::iter::once(end));
    let mut gaps = Vec::new();
    for (place, (point, next)) in points.iter().zip(next).enumerate() {
        let (Some(next), Some(first)) = (next, following(series.unit, point.first)) else { continue };
        let (mut at, mut last, mut periods) = (first, first, 0);
        while at < next {
            (last, periods) = (at, periods + 1);
            let Some(after) = following(series.unit, at) else { break };
            at = after;
        }
        if periods > 0 {
            let show = |day: i64| show_period(series.unit, day);
            gaps.push(Gap { after: place + 1, first: show(first), last: show(last), periods });
        }
    }
    gaps
}

/// Why the chart tells nothing of the process; none where it does.
fn not_judged(series: &Series<'_>, points: &[Point], gaps: &[Gap], chart: &Chart) -> Option<String> {
    let group = chart.groups.last()?;
    let least = chart.profile.trial_below;
    let unit = series.unit;
    if group.trial_limits {
        return Some(format!("fewer than {least} {}s, too few for a verdict on the process", noun(unit)));
    }
    let counts = points
        .iter()
        .map(|point| Proportion { numerator: point.counts.numerator, denominator: point.counts.denominator });
    if series.shown == Shown::Share && too_rare(&counts.collect::<Vec<_>>()) {
        let why = "the rarer of met and not met comes up less than once a";
        return Some(format!("too rare for this chart: {why} {}", noun(unit)));
    }
    let steps = points.len().saturating_sub(1 + gaps.iter().filter(|gap| gap.after < points.len()).count());
    if steps < least / 2 {
        return Some("hardly any two periods in a row have a rate".to_owned());
    }
    let why = "but for a few large steps nothing moves, so there are no limits";
    group.limits.is_none().then(|| why.to_owned())
}

/// One period in a sentence.
fn noun(unit: CalendarUnit) -> &'static str {
    match unit {
        CalendarUnit::Year => "year",
        CalendarUnit::Quarter => "quarter",
        CalendarUnit::Month => "month",
        CalendarUnit::Week | CalendarUnit::Weekday => "week",
    }
}

fn special_cause(signal: Signal, profile: &Profile) -> String {
    match signal.rule {
        Rule::OutsideLimits => "outside limits".to_owned(),
        Rule::Trend => format!("trend of {}", profile.trend_length),
        Rule::TwoInThree => "2 of 3 near a limit".to_owned(),
        Rule::Shift => format!("{} on one side of the mean", profile.shift_length),
    }
}

fn direction_of(cause: Cause) -> Option<&'static str> {
    match cause {
        Cause::Common => None,
        Cause::Improvement => Some("improvement"),
        Cause::Concern => Some("concern"),
        Cause::NeutralHigh => Some("higher"),
        Cause::NeutralLow => Some("lower"),
    }
}

fn variation(cause: Cause) -> String {
    direction_of(cause).map_or_else(|| "common cause".to_owned(), |direction| format!("special cause, {direction}"))
}

fn assurance(assurance: Assurance) -> &'static str {
    match assurance {
        Assurance::ConsistentlyPassing => "consistently passes",
        Assurance::ConsistentlyFailing => "consistently fails",
        Assurance::Inconsistent => "hit and miss",
    }
}
