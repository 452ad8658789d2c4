//! What a chart over time tells where counts are rounded or suppressed: only what holds whatever the exact ones are.
//!
//! It follows from the shown counts alone. [`super::chart`] draws the chart of these. Here its limits, each special cause and what it says of a target are
//! made anew from the bounds of every period, of those that are suppressed as well, in each way in which a chart of the exact counts may be made: with
//! or without periods that have hardly a case, with one pair of limits or one for each point. Told is what all ways agree on.

use super::attributes::{FAR, MOST_FAR};
use super::chart::{MOST_SUPPRESSED, control_chart, gaps, long_before, noun, rebased, steps, within};
use super::hardly::{Size, hardly_any};
use super::period::show_period;
use super::series::{Rounded, Series, Within, assurance, direction_of, special_cause, variation};
use crate::results::{Better, ControlChart, NOT_SURE, Shown};
use crate::words::counted;
use concord_engine::variation::bounded::{Bounded, BoundedLimits, BoundedShare, Sure, p_chart, xmr};
use concord_engine::variation::control_chart::{Assurance, Profile};
use concord_engine::variation::{Cause, Interval, Signal};
use std::collections::{BTreeMap, BTreeSet};

const PROFILE: Profile = Profile::MAKING_DATA_COUNT;

/// The chart of a series; of one whose counts are rounded, what holds whatever the exact ones are.
pub(super) fn charted(series: &Series<'_>) -> Option<ControlChart> {
    let chart = control_chart(series)?;
    let Some(rounded) = &series.rounded else { return Some(chart) };
    Some(match judged(&chart, series, rounded) {
        Ok(ways) => told(chart, series, rounded, &ways),
        Err(why) => untold(chart, why),
    })
}

/// A way in which a chart of the exact counts may be made.
struct Way {
    /// By the first day of each period that is in it.
    points: BTreeMap<i64, Sure>,
    assurance: Option<Assurance>,
}

/// All ways, or why the process is not judged.
fn judged(chart: &ControlChart, series: &Series<'_>, rounded: &Rounded) -> Result<Vec<Way>, String> {
    if let Some(why) = &rounded.doubtful {
        return Err(why.clone());
    }
    let mut ways = Vec::new();
    let (windows, hardly) = windows(series, &rounded.periods)?;
    for periods in windows {
        ways.extend(ways_of(series, rounded, &periods)?);
    }
    let points = series.points.iter().filter(|(first, _)| !hardly.contains(first));
    let suppressed = points.filter(|(_, counts)| counts.hidden & 3 != 0).count();
    let are = |suppressed: usize| {
        let unit = noun(series.unit);
        format!("the counts of {} are suppressed", counted(suppressed as u64, unit, &format!("{unit}s")))
    };
    if suppressed * MOST_SUPPRESSED > rounded.periods.len() {
        return Err(format!("{}, and those left are more than the process has", are(suppressed)));
    }
    if chart.not_judged.is_some() {
        let left = "what rounded counts leave open is more than a chart of them would tell";
        return Err(if suppressed > 0 {
            format!("{}, and too few are left", are(suppressed))
        } else {
            left.to_owned()
        });
    }
    if is_coarse(chart, &rounded.periods) {
        let unit = noun(series.unit);
        return Err(format!("counts are so small that rounding them moves a {unit} by as much as its limits are wide"));
    }
    let has_limits = |way: &Way| way.points.values().any(|sure| sure.limits.is_some());
    if ways.is_empty() || !ways.iter().all(has_limits) {
        return Err("rounded counts leave open whether it has limits".to_owned());
    }
    Ok(ways)
}

/// Whether what rounding leaves open of a period is usually as wide as the limits.
fn is_coarse(chart: &ControlChart, periods: &[Within]) -> bool {
    let mean = |widths: &[f64]| widths.iter().sum::<f64>() / widths.len().max(1) as f64;
    let open: Vec<f64> = periods.iter().map(|of| of.value.upper - of.value.lower).collect();
    let own = chart.points.iter().filter_map(|point| point.limits).filter_map(|of| of.lower.zip(of.upper));
    let own: Vec<(f64, f64)> = own.collect();
    let limits = if own.is_empty() { chart.lower.zip(chart.upper).into_iter().collect() } else { own };
    let limits: Vec<f64> = limits.into_iter().map(|(lower, upper)| upper - lower).collect();
    mean(&open) >= mean(&limits)
}

/// So many periods may have hardly a case or not, before there are too many ways to go through them.
const MOST_DOUBTFUL: usize = 4;

/// The periods that a chart may be made of: without those that have hardly a case, in each way in which counts leave that open, and without what lies long before. With
/// the first days of those that surely have hardly a case.
fn windows(series: &Series<'_>, periods: &[Within]) -> Result<(Vec<Vec<Within>>, BTreeSet<i64>), String> {
    let is_share = series.shown == Shown::Share;
    let sizes: Vec<Size> = periods.iter().map(|of| (of.first, of.denominator)).filter(|_| is_share).collect();
    let [surely, perhaps] = hardly_any(series.unit, &sizes);
    let doubtful: Vec<i64> = perhaps.difference(&surely).copied().collect();
    if doubtful.len() > MOST_DOUBTFUL {
        return Err("rounded counts leave open which of its periods have hardly a case".to_owned());
    }
    let without = |chosen: u32| {
        let left_out = doubtful.iter().enumerate().filter(|(bit, _)| chosen >> bit & 1 == 1).map(|(_, first)| *first);
        let left_out: BTreeSet<i64> = left_out.chain(surely.iter().copied()).collect();
        let kept: Vec<Within> = periods.iter().filter(|of| !left_out.contains(&of.first)).copied().collect();
        let firsts: Vec<i64> = kept.iter().map(|of| of.first).collect();
        kept.into_iter().skip(long_before(&firsts)).collect()
    };
    Ok(((0..1 << doubtful.len()).map(without).collect(), surely))
}

/// The charts that may be made of some periods; why there is none that judges the process, where that may be.
fn ways_of(series: &Series<'_>, rounded: &Rounded, periods: &[Within]) -> Result<Vec<Way>, String> {
    let firsts: Vec<i64> = periods.iter().map(|of| of.first).collect();
    let (gaps, rebased, unit) = (gaps(series, &firsts), rebased(series.rebase, &firsts), noun(series.unit));
    let since = rebased.last().map_or(0, |(at, _)| *at);
    let least = PROFILE.trial_below;
    if periods.len() - since.min(periods.len()) < least {
        let since = if rebased.is_empty() { "" } else { " since its limits were set anew" };
        return Err(format!("fewer than {least} {unit}s{since}, too few for a verdict on the process"));
    }
    if steps(periods.len(), &gaps) < least / 2 {
        return Err("hardly any two periods in a row have a rate".to_owned());
    }
    let is_share = series.shown == Shown::Share;
    let whole = rounded.whole.filter(|_| periods.len() == rounded.periods.len());
    let sums = summed(periods, whole);
    // Where cases weigh differently their shares tell only that in each period some are met and some are not.
    let one_sided = |of: &Within| of.value.lower <= 0.0 || of.value.upper >= 1.0;
    let is_rare = if series.weighed { periods.iter().any(one_sided) } else { may_be_rare(&sums, periods.len()) };
    if is_share && is_rare {
        let why = "the rarer of met and not met may come up less than once a";
        return Err(format!("too rare for this chart, as far as rounded counts tell: {why} {unit}"));
    }
    let [may_be_each, may_be_one] = if is_share && !series.weighed && gaps.is_empty() && rebased.is_empty() {
        differ(periods)
    } else {
        [false, true]
    };
    let mut charts: Vec<Vec<Sure>> = Vec::new();
    if may_be_one {
        let bounded = periods.iter().enumerate().map(|(place, of)| Bounded {
            value: of.value,
            rebase: rebased.iter().any(|(at, _)| *at == place),
            after_gap: gaps.iter().any(|gap| gap.after == place),
        });
        charts.push(xmr(&bounded.collect::<Vec<_>>(), &PROFILE));
    }
    if may_be_each {
        let share = |of: &Within| {
            let (least, most) = of.denominator;
            BoundedShare { value: of.value, denominator: Interval { lower: least as f64, upper: most as f64 } }
        };
        let [numerator, denominator] = sums;
        charts.push(p_chart(&periods.iter().map(share).collect::<Vec<_>>(), part(numerator, denominator), &PROFILE));
    }
    let way = |sure: Vec<Sure>| {
        let assurance = sure.last().and_then(|last| last.limits).and_then(|limits| assured(series, periods, limits));
        Way { points: firsts.iter().copied().zip(sure).collect(), assurance }
    };
    Ok(charts.into_iter().map(way).collect())
}

/// Numerators and denominators of some periods together.
fn summed(periods: &[Within], whole: Option<[(u64, u64); 2]>) -> [(u64, u64); 2] {
    let sum = |of: fn(&Within) -> (u64, u64)| {
        periods.iter().map(of).fold((0, 0), |(least, most), (low, high)| (least + low, most + high))
    };
    let sums = [sum(|of| of.numerator), sum(|of| of.denominator)];
    let Some(whole) = whole else { return sums };
    let both = |((low, high), (least, most)): ((u64, u64), (u64, u64))| (low.max(least), high.min(most));
    let [numerator, denominator] = [both((sums[0], whole[0])), both((sums[1], whole[1]))];
    [numerator, denominator]
}

/// From where to where a share may lie.
pub(super) fn part((least, most): (u64, u64), (fewest, all): (u64, u64)) -> Interval {
    let share = |some: u64, of: u64| if of == 0 { 0.0 } else { some.min(of) as f64 / of as f64 };
    Interval { lower: share(least, all), upper: share(most, fewest) }
}

/// Whether the rarer of met and not met may come up less than once a period.
fn may_be_rare([numerator, denominator]: &[(u64, u64); 2], periods: usize) -> bool {
    let not_met = denominator.0.saturating_sub(numerator.1);
    numerator.0.min(not_met) < periods as u64
}

/// Whether denominators may differ so much that one pair of limits does not fit them all, and whether they may not.
fn differ(periods: &[Within]) -> [bool; 2] {
    let all = periods.len().max(1) as f64;
    let mean = |of: fn(&Within) -> u64| periods.iter().map(of).sum::<u64>() as f64 / all;
    let (low, high) = (mean(|of| of.denominator.0), mean(|of| of.denominator.1));
    let far = |size: (u64, u64), (low, high): (f64, f64)| size.1 as f64 > FAR * low || (size.0 as f64) * FAR < high;
    let may_be = periods.iter().filter(|of| far(of.denominator, (low, high))).count();
    let turned = |of: &&Within| far((of.denominator.1, of.denominator.0), (high, low));
    let surely = periods.iter().filter(turned).count();
    [may_be as f64 >= MOST_FAR * all, (surely as f64) < MOST_FAR * all]
}

/// What limits say of the target, where all that they may be say the same; the latest points have to bear it out.
fn assured(series: &Series<'_>, periods: &[Within], limits: BoundedLimits) -> Option<Assurance> {
    let target = series.target?;
    let before = series.days_before_target(periods.iter().map(|of| of.first)).unwrap_or(0);
    let held = periods.get(before..).filter(|held| !held.is_empty())?;
    let anew = series.anew(held.iter().map(|of| of.first));
    let mut latest = held.iter().filter(|of| anew.is_none_or(|from| of.first >= from)).map(|of| of.value);
    let BoundedLimits { lower, upper } = limits;
    let (passes, fails, may_pass, may_fail) = match series.better {
        Better::Higher => (target < lower.lower, target > upper.upper, target < lower.upper, target > upper.lower),
        Better::Lower => (target > upper.upper, target < lower.lower, target > upper.lower, target < lower.upper),
        Better::Neither => return None,
    };
    let lower_is_better = series.better == Better::Lower;
    let reach = |value: Interval| if lower_is_better { value.upper <= target } else { value.lower >= target };
    let may_reach = |value: Interval| if lower_is_better { value.lower <= target } else { value.upper >= target };
    if passes && latest.all(reach) {
        Some(Assurance::ConsistentlyPassing)
    } else if fails && !latest.any(may_reach) {
        Some(Assurance::ConsistentlyFailing)
    } else {
        (!may_pass && !may_fail).then_some(Assurance::Inconsistent)
    }
}

/// The chart with what all ways agree on.
fn told(mut chart: ControlChart, series: &Series<'_>, rounded: &Rounded, ways: &[Way]) -> ControlChart {
    let firsts: BTreeMap<String, i64> =
        rounded.periods.iter().map(|of| (show_period(series.unit, of.first), of.first)).collect();
    let mut causes: BTreeMap<i64, Signal> = BTreeMap::new();
    let mut widest: BTreeMap<i64, (f64, f64)> = BTreeMap::new();
    for first in firsts.values() {
        let signals: Vec<Option<Signal>> = ways.iter().map(|way| way.points.get(first)?.signal).collect();
        if let Some(Some(signal)) = signals.first().filter(|one| signals.iter().all(|other| other == *one)) {
            causes.insert(*first, *signal);
        }
        let limits = ways.iter().filter_map(|way| way.points.get(first)?.limits);
        let limits = limits.map(|of| (of.lower.lower, of.upper.upper));
        let limits = limits.reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)));
        widest.extend(limits.map(|limits| (*first, limits)));
    }
    let shown = |(lower, upper): (f64, f64)| (within(lower, &series.shown), within(upper, &series.shown));
    let mut latest = None;
    for point in &mut chart.points {
        let first = firsts.get(&point.period);
        latest = first.copied();
        let signal = first.and_then(|first| causes.get(first).copied());
        point.special_cause = signal.map(|signal| special_cause(signal, &PROFILE));
        point.direction = direction_of(Cause::of(signal, series.direction())).map(str::to_owned);
        if let Some(limits) = &mut point.limits {
            let own = first.and_then(|first| widest.get(first).copied()).map(shown);
            (limits.lower, limits.upper) = (own.map(|own| own.0), own.map(|own| own.1));
        }
    }
    // Whether the latest period is one that is told, whatever was rounded.
    let last = rounded.periods.last().map(|of| of.first);
    let stands = latest == last && ways.iter().all(|way| way.points.last_key_value().map(|of| *of.0) == last);
    let cause = last.filter(|_| stands).and_then(|last| causes.get(&last));
    chart.variation =
        cause.map_or_else(|| NOT_SURE.to_owned(), |signal| variation(Cause::of(Some(*signal), series.direction())));
    let same = ways.first().map(|way| way.assurance).filter(|one| ways.iter().all(|way| way.assurance == *one));
    chart.assurance = same.flatten().map(|found| assurance(found).to_owned());
    let own = chart.points.last().and_then(|last| last.limits);
    let all = widest.into_values().reduce(|one, other| (one.0.min(other.0), one.1.max(other.1))).map(shown);
    (chart.lower, chart.upper) = match own {
        Some(own) => (own.lower, own.upper),
        None => (all.map(|all| all.0), all.map(|all| all.1)),
    };
    chart.method.push_str("; as counts are rounded, limits are the widest that there may be, and a special cause is told where it is one whatever the exact counts are");
    chart.rounded = true;
    chart
}

/// The chart without a verdict on the process.
fn untold(mut chart: ControlChart, why: String) -> ControlChart {
    for point in &mut chart.points {
        (point.special_cause, point.direction) = (None, None);
        point.limits.iter_mut().for_each(|limits| (limits.lower, limits.upper) = (None, None));
    }
    ControlChart {
        lower: None,
        upper: None,
        variation: "not judged".to_owned(),
        assurance: None,
        trial_limits: false,
        not_judged: Some(why),
        rounded: true,
        ..chart
    }
}
