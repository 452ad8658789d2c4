//! The XmR chart of a measure over calendar periods, in the words of "Making Data Count".
//!
//! Periods without a rate keep their place; where the chart cannot tell, it says why instead of judging.

use super::attributes::{asked_for, attributes};
use super::hardly::{Size, hardly_any};
use super::options::Rebase;
use super::period::{following, show_period, unit_name};
use super::series::{Point, Series, assurance, direction_of, special_cause, variation};
use crate::results::{Better, ChartPoint, ControlChart, Counts, Gap, MORE_MET, MORE_NOT_MET, PointLimits, Shown};
use crate::words::period;
use concord_engine::plan::library::CalendarUnit;
use concord_engine::variation::Cause;
use concord_engine::variation::control_chart::{Chart, ChartOptions, Observation, Profile, too_rare, xmr};
use concord_engine::variation::crowded::crowded;
use concord_engine::variation::proportion::Proportion;

/// Periods so many days before others are of another process.
const LONG_BEFORE: i64 = 20 * 365;

/// Where more than one period in so many is suppressed, those left are no measure of the process.
pub(super) const MOST_SUPPRESSED: usize = 10;

/// The chart; none with fewer than two periods that have a rate.
pub(super) fn control_chart(series: &Series<'_>) -> Option<ControlChart> {
    let rate =
        |(first, counts): &(i64, Counts)| Some(Point { first: *first, counts: *counts, value: counts.rate?.value });
    let mut points: Vec<Point> = series.points.iter().filter_map(rate).collect();
    let size = |point: &Point| (point.first, (point.counts.denominator, point.counts.denominator));
    let sizes: Vec<Size> = points.iter().map(size).filter(|_| series.shown == Shown::Share).collect();
    let [hardly, _] = hardly_any(series.unit, &sizes);
    points.retain(|point| !hardly.contains(&point.first));
    let hardly: Vec<String> = hardly.iter().map(|first| show_period(series.unit, *first)).collect();
    let before = long_before(&firsts(&points));
    points.drain(..before);
    if points.len() < 2 {
        return None;
    }
    let firsts = firsts(&points);
    let gaps = gaps(series, &firsts);
    let rebased = rebased(series.rebase, &firsts);
    let observations = points.iter().enumerate().map(|(place, point)| Observation {
        value: point.value,
        rebase: rebased.iter().any(|(at, _)| *at == place),
        after_gap: gaps.iter().any(|gap| gap.after == place),
    });
    let direction = series.direction();
    let options =
        ChartOptions { profile: Profile::MAKING_DATA_COUNT, direction, target: series.target, fix_after: None };
    let chart = xmr(&observations.collect::<Vec<_>>(), &options).ok()?;
    let group = chart.groups.last()?;
    let rare = rare(series, &points);
    let not_judged = not_judged(series, &points, &gaps, (&chart, rare.as_ref()));
    let judged = not_judged.is_none();
    let of_counts = judged && !series.weighed && gaps.is_empty() && rebased.is_empty();
    if of_counts && asked_for(series, &points) {
        return attributes(series, &points).map(|chart| ControlChart { hardly, ..chart });
    }
    let limits = group.limits.filter(|_| judged || group.trial_limits);
    let drawn = drawn(series, &points, (&chart, !rebased.is_empty()), (judged, rare.as_ref()));
    let noun = if series.shown == Shown::Share { "rate" } else { "figure" };
    let without = if before > 0 { ", without what lies more than 20 years before the rest" } else { "" };
    Some(ControlChart {
        organisation: series.organisation.map(str::to_owned),
        method: format!("XmR chart of the {} {noun}, {}{without}", unit_name(series.unit), chart.profile.name),
        mean: group.mean,
        lower: limits.map(|limits| within(limits.lower, &series.shown)),
        upper: limits.map(|limits| within(limits.upper, &series.shown)),
        points: drawn,
        gaps,
        variation: if judged { variation(chart.variation) } else { "not judged".to_owned() },
        assurance: chart
            .assurance
            .filter(|_| judged)
            .and_then(|assurance| series.borne_out(assurance, &points))
            .map(|assurance| self::assurance(assurance).to_owned()),
        trial_limits: group.trial_limits,
        before_target: series.before_target(&points),
        shown: series.shown.clone(),
        weighed: series.weighed,
        not_judged,
        rebased: rebased.iter().filter_map(|(at, why)| Some((points.get(*at)?.shown(series), why.clone()))).collect(),
        rounded: false,
        unfinished: Vec::new(),
        hardly,
    })
}

/// The points as they are drawn; of a process that is not judged none is a special cause but one in which what is rare comes up often.
fn drawn(
    series: &Series<'_>,
    points: &[Point],
    (chart, own_limits): (&Chart, bool),
    (judged, rare): (bool, Option<&Rare>),
) -> Vec<ChartPoint> {
    let crowded = rare.iter().flat_map(|rare| rare.crowded.iter().map(|is| is.then_some((rare.cause, rare.what))));
    let crowded = crowded.chain(std::iter::repeat(None)).map(|cause| cause.filter(|_| !judged));
    let drawn = points.iter().zip(&chart.points).zip(crowded).map(|((point, of), often)| ChartPoint {
        period: show_period(series.unit, point.first),
        numerator: if series.weighed { 0 } else { point.counts.numerator },
        denominator: point.counts.denominator,
        value: point.value,
        special_cause: match often {
            Some((_, what)) => Some(what.to_owned()),
            None => of.signal.filter(|_| judged).map(|signal| special_cause(signal, &chart.profile)),
        },
        direction: often
            .map(|(cause, _)| cause)
            .or(Some(of.cause).filter(|_| judged))
            .and_then(direction_of)
            .map(str::to_owned),
        limits: stretch(chart, of.group, &series.shown).filter(|_| own_limits),
    });
    drawn.collect()
}

/// The days on which points begin.
fn firsts(points: &[Point]) -> Vec<i64> {
    points.iter().map(|point| point.first).collect()
}

/// How many periods lie so long before those after them that hardly anything of this process was in them: an empty date that counts as a time is
/// told of the data, and a chart that began there would show nothing.
pub(super) fn long_before(firsts: &[i64]) -> usize {
    let gap = firsts.windows(2).rposition(|two| matches!(two, [one, next] if next - one >= LONG_BEFORE));
    gap.map_or(0, |gap| gap + 1)
}

/// The points from which limits are set anew, with the reason: each mark's first, where points come before it.
pub(super) fn rebased(marks: &[Rebase], firsts: &[i64]) -> Vec<(usize, String)> {
    let at = |mark: &Rebase| firsts.iter().position(|first| *first >= mark.from).filter(|at| *at > 0);
    let mut found: Vec<(usize, String)> =
        marks.iter().filter_map(|mark| Some((at(mark)?, mark.because.clone()))).collect();
    found.sort();
    found.dedup_by_key(|(at, _)| *at);
    found
}

/// No share lies beyond 0 or 1, and no limit of one.
pub(super) fn within(limit: f64, shown: &Shown) -> f64 {
    if *shown == Shown::Share { limit.clamp(0.0, 1.0) } else { limit }
}

/// Mean and limits of a stretch between two marks.
fn stretch(chart: &Chart, group: usize, shown: &Shown) -> Option<PointLimits> {
    let group = chart.groups.get(group)?;
    let limits = group.limits;
    Some(PointLimits {
        mean: group.mean,
        lower: limits.map(|limits| within(limits.lower, shown)),
        upper: limits.map(|limits| within(limits.upper, shown)),
    })
}

/// The periods between points, and after the last, that have no rate.
pub(super) fn gaps(series: &Series<'_>, firsts: &[i64]) -> Vec<Gap> {
    let end = series.until.and_then(|until| following(series.unit, until));
    let next = firsts.iter().skip(1).map(|first| Some(*first)).chain(std::iter::once(end));
    let mut gaps = Vec::new();
    for (place, (own, next)) in firsts.iter().zip(next).enumerate() {
        let (Some(next), Some(first)) = (next, following(series.unit, *own)) else { continue };
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

/// What is too rare for a chart of rates.
struct Rare {
    /// Of each period, whether it has more of it than chance puts there.
    crowded: Vec<bool>,
    /// What that would be.
    cause: Cause,
    /// In words.
    what: &'static str,
}

/// Where met or not met is too rare for a chart of rates.
fn rare(series: &Series<'_>, points: &[Point]) -> Option<Rare> {
    let counts = points
        .iter()
        .map(|point| Proportion { numerator: point.counts.numerator, denominator: point.counts.denominator });
    let counts: Vec<Proportion> = counts.collect();
    // Whether what cases weigh may be of few of them is known of rounded values by these alone.
    let by_value = series.weighed && series.rounded.is_some();
    if series.shown != Shown::Share || by_value || !too_rare(&counts) {
        return None;
    }
    let failures = |of: &Proportion| of.denominator.saturating_sub(of.numerator);
    let sum = |of: &dyn Fn(&Proportion) -> u64| counts.iter().map(of).fold(0, u64::saturating_add);
    let failed = sum(&failures) <= sum(&|of| of.numerator);
    let cause = match (series.better, failed) {
        (Better::Higher, true) | (Better::Lower, false) => Cause::Concern,
        (Better::Higher, false) | (Better::Lower, true) => Cause::Improvement,
        (Better::Neither, true) => Cause::NeutralLow,
        (Better::Neither, false) => Cause::NeutralHigh,
    };
    let events = |of: &Proportion| if failed { failures(of) } else { of.numerator };
    let periods: Vec<(u64, u64)> = counts.iter().map(|of| (events(of), of.denominator)).collect();
    Some(Rare { crowded: crowded(&periods), cause, what: if failed { MORE_NOT_MET } else { MORE_MET } })
}

/// Why the chart tells nothing of the process; none where it does.
fn not_judged(
    series: &Series<'_>,
    points: &[Point],
    gaps: &[Gap],
    (chart, rare): (&Chart, Option<&Rare>),
) -> Option<String> {
    let group = chart.groups.last()?;
    let least = chart.profile.trial_below;
    let unit = series.unit;
    if group.trial_limits {
        let since = if chart.groups.len() > 1 { " since its limits were set anew" } else { "" };
        return Some(format!("fewer than {least} {}s{since}, too few for a verdict on the process", noun(unit)));
    }
    let suppressed = series.points.iter().filter(|(_, counts)| counts.hidden & 3 == 1).count();
    if suppressed * MOST_SUPPRESSED > points.len() + suppressed {
        let why = "are suppressed, and those left are more than the process has";
        return Some(format!("the counts of {suppressed} {}s {why}", noun(unit)));
    }
    if let Some(rare) = rare {
        let out =
            points.iter().zip(&rare.crowded).filter(|(_, crowded)| **crowded).map(|(point, _)| point.shown(series));
        let out: Vec<String> = out.map(|shown| period(&shown)).collect();
        let but = if out.is_empty() {
            String::new()
        } else {
            format!(", and more often than chance has it in {}", out.join(", "))
        };
        let why = "the rarer of met and not met comes up less than once a";
        return Some(format!("too rare for this chart: {why} {}{but}", noun(unit)));
    }
    if steps(points.len(), gaps) < least / 2 {
        return Some("hardly any two periods in a row have a rate".to_owned());
    }
    let why = "but for a few large steps nothing moves, so there are no limits";
    group.limits.is_none().then(|| why.to_owned())
}

/// How many of so many points come right after another.
pub(super) fn steps(points: usize, gaps: &[Gap]) -> usize {
    points.saturating_sub(1 + gaps.iter().filter(|gap| gap.after < points).count())
}

/// One period in a sentence.
pub(super) fn noun(unit: CalendarUnit) -> &'static str {
    match unit {
        CalendarUnit::Year => "year",
        CalendarUnit::Quarter => "quarter",
        CalendarUnit::Month => "month",
        CalendarUnit::Week | CalendarUnit::Weekday => "week",
    }
}
