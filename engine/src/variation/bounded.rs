//! What a control chart tells whatever its values are within bounds: where counts are rounded or suppressed, a special cause is one only where
//! every series of values within the bounds has it.
//!
//! Of an XmR chart, with `N` the moving ranges that screening may leave:
//!
//! ```text
//! beyond(x) = x(i) - mean(x) - k · mean of N(x)     never more than the chart's own, as what is screened is large
//! surely outside a limit: the least of beyond(x) within the bounds is above 0
//! ```
//!
//! `beyond` is concave, so that its least lies at a corner of the bounds, and one walk over the points, two values each, finds it: no bound is wider than it
//! has to be. Of a p chart, whose bounds are those of counts, centre, deviations and σz are each taken at their ends.

use super::attribute_chart::OVER_DISPERSED_ABOVE;
use super::control_chart::Profile;
use super::special_cause::{Rule, Side, Signal, TwoInThree, in_trends, runs};
use super::{Interval, maths};

/// Ends nearer to each other than this part of the largest value tell nothing.
const SLACK: f64 = 1e-9;

/// A value that is known within bounds, in order of time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounded {
    /// From where to where it may lie.
    pub value: Interval,
    /// Whether limits are computed afresh from this point on.
    pub rebase: bool,
    /// Whether periods without a value lie between this point and the one before.
    pub after_gap: bool,
}

/// Where the limits of a point may lie.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BoundedLimits {
    /// The lower limit.
    pub lower: Interval,
    /// The upper limit.
    pub upper: Interval,
}

/// What holds of a point whatever the values are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sure {
    /// The special cause that it has in every series within the bounds.
    pub signal: Option<Signal>,
    /// Its limits; none where there are none.
    pub limits: Option<BoundedLimits>,
}

/// What rules ask of a point.
struct Facts {
    value: Interval,
    outside: Option<Side>,
    may_be_outside: [bool; 2],
    near: Option<Side>,
    side: Option<Side>,
    limits: BoundedLimits,
}

/// What an XmR chart surely tells, point by point: see [`super::control_chart::xmr`].
#[must_use]
pub fn xmr(series: &[Bounded], profile: &Profile) -> Vec<Sure> {
    let groups = series.chunk_by(|_, next| !next.rebase);
    groups.flat_map(|group| of_group(group, profile)).collect()
}

fn of_group(group: &[Bounded], profile: &Profile) -> Vec<Sure> {
    let Some(ranges) = Ranges::of(group, profile.screen_above).filter(|ranges| ranges.mean.upper > 0.0) else {
        return vec![Sure { signal: None, limits: None }; group.len()];
    };
    let turned: Vec<Bounded> =
        group.iter().map(|of| Bounded { value: interval(-of.value.upper, -of.value.lower), ..*of }).collect();
    let (factor, slack) = (profile.limit_factor, slack(group.iter().map(|of| of.value)));
    let width = factor * ranges.mean.lower;
    let mean = mean_of(group);
    let limits = BoundedLimits {
        lower: interval(least(group, None, factor, &ranges), mean.upper - width),
        upper: interval(mean.lower + width, -least(&turned, None, factor, &ranges)),
    };
    let facts = group.iter().enumerate().map(|(at, of)| {
        let surely = |factor: f64| {
            let beyond = |values: &[Bounded]| least(values, Some(at), factor, &ranges) > slack;
            if beyond(group) { Some(Side::High) } else { beyond(&turned).then_some(Side::Low) }
        };
        // The others at their other ends.
        let all = group.len() as f64;
        let most = of.value.upper - (mean.lower + (of.value.upper - of.value.lower) / all);
        let least = of.value.lower - (mean.upper - (of.value.upper - of.value.lower) / all);
        Facts {
            value: of.value,
            outside: surely(factor),
            may_be_outside: [most - width > -slack, -least - width > -slack],
            near: surely(2.0 * factor / 3.0),
            side: surely(0.0),
            limits,
        }
    });
    let facts: Vec<Facts> = facts.collect();
    let mut sure = Vec::with_capacity(group.len());
    let mut facts = facts.as_slice();
    for stretch in group.chunk_by(|_, next| !next.after_gap) {
        let (own, rest) = facts.split_at(stretch.len().min(facts.len()));
        sure.extend(signals(own, profile));
        facts = rest;
    }
    sure
}

/// The moving ranges of a group.
struct Ranges {
    /// Of each point, whether the range from the one before it may take part in their mean.
    take_part: Vec<bool>,
    /// How many do.
    count: usize,
    /// Where their mean may lie, once screened.
    mean: Interval,
}

impl Ranges {
    fn of(group: &[Bounded], screen_above: Option<f64>) -> Option<Ranges> {
        let between = |(a, b): (&Bounded, &Bounded)| {
            let apart = (b.value.lower - a.value.upper).max(a.value.lower - b.value.upper).max(0.0);
            (!b.after_gap).then(|| interval(apart, (b.value.upper - a.value.lower).max(a.value.upper - b.value.lower)))
        };
        let all: Vec<Option<Interval>> =
            std::iter::once(None).chain(group.iter().zip(group.iter().skip(1)).map(between)).collect();
        let found: Vec<Interval> = all.iter().copied().flatten().collect();
        let mean =
            |of: fn(&Interval) -> f64, among: &[Interval]| maths::mean(&among.iter().map(of).collect::<Vec<_>>());
        let first = interval(mean(|of| of.lower, &found)?, mean(|of| of.upper, &found)?);
        let k = screen_above.unwrap_or(f64::INFINITY);
        // A mean of 0 screens nothing.
        let screened = |of: &Interval| of.lower > 0.0 && of.lower >= k * first.upper;
        let take_part: Vec<bool> = all.iter().map(|of| of.is_some_and(|of| !screened(&of))).collect();
        let left: Vec<Interval> = found.into_iter().filter(|of| !screened(of)).collect();
        let (kept, doubtful): (Vec<Interval>, Vec<Interval>) =
            left.iter().copied().partition(|of| of.upper < k * first.lower);
        let least = least_mean(&kept, &doubtful);
        Some(Ranges { take_part, count: left.len(), mean: interval(least, mean(|of| of.upper, &left)?) })
    }
}

/// The least mean of the least of some, with any of the doubtful.
fn least_mean(kept: &[Interval], doubtful: &[Interval]) -> f64 {
    let (mut sum, mut count) = (maths::total(kept.iter().map(|of| of.lower)), kept.len() as f64);
    let doubtful: Vec<f64> = doubtful.iter().map(|of| of.lower).collect();
    for lower in maths::sorted(&doubtful) {
        if count == 0.0 || lower * count < sum {
            (sum, count) = (sum + lower, count + 1.0);
        }
    }
    if count > 0.0 { sum / count } else { 0.0 }
}

/// The least, within the bounds, of a value less the mean and so many times the mean of the ranges that may take part; without a value, of the mean less
/// these. It is concave, and so lies where each value is at one of its ends.
fn least(group: &[Bounded], at: Option<usize>, factor: f64, ranges: &Ranges) -> f64 {
    let (all, part) = (group.len() as f64, factor / ranges.count.max(1) as f64);
    // A mean is added where nothing is held against it.
    let weight = |place: usize| match at {
        None => 1.0 / all,
        Some(at) => {
            if at == place {
                1.0 - 1.0 / all
            } else {
                -1.0 / all
            }
        }
    };
    let mut before: Option<[(f64, f64); 2]> = None;
    for (place, (of, takes_part)) in group.iter().zip(&ranges.take_part).enumerate() {
        let ends = [of.value.lower, of.value.upper].map(|end| {
            let reached = before.map_or(0.0, |before| {
                let step =
                    |(least, from): (f64, f64)| least - if *takes_part { part * (end - from).abs() } else { 0.0 };
                before.map(step).into_iter().fold(f64::INFINITY, f64::min)
            });
            (reached + weight(place) * end, end)
        });
        before = Some(ends);
    }
    before.map_or(0.0, |ends| ends.map(|(least, _)| least).into_iter().fold(f64::INFINITY, f64::min))
}

/// A share of which numerator and denominator are known within bounds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BoundedShare {
    /// From where to where the share may lie.
    pub value: Interval,
    /// The denominator, above 0.
    pub denominator: Interval,
}

/// What a p chart, or p′ where it is over-dispersed, surely tells, point by point: see [`super::attribute_chart::p_chart`]. `centre` is where all of them
/// together may lie.
#[must_use]
pub fn p_chart(series: &[BoundedShare], centre: Interval, profile: &Profile) -> Vec<Sure> {
    let variance = |at: f64| at * (1.0 - at);
    let ends = [variance(centre.lower), variance(centre.upper)];
    let middle = if centre.lower < 0.5 && centre.upper > 0.5 { variance(0.5) } else { 0.0 };
    let variance = interval(ends[0].min(ends[1]), ends[0].max(ends[1]).max(middle));
    let deviation = |of: &BoundedShare| {
        interval((variance.lower / of.denominator.upper).sqrt(), (variance.upper / of.denominator.lower).sqrt())
    };
    let z = |of: &BoundedShare| {
        let (sd, from) = (deviation(of), interval(of.value.lower - centre.upper, of.value.upper - centre.lower));
        let low = from.lower / if from.lower < 0.0 { sd.lower } else { sd.upper };
        interval(low, from.upper / if from.upper < 0.0 { sd.upper } else { sd.lower })
    };
    let z: Vec<Interval> = series.iter().map(z).collect();
    if z.iter().any(|z| !z.lower.is_finite() || !z.upper.is_finite()) {
        return vec![Sure { signal: None, limits: None }; series.len()];
    }
    let wider = over_dispersed(&z);
    let slack = slack(series.iter().map(|of| of.value));
    let facts = series.iter().map(|of| {
        let sd = deviation(of);
        let (narrow, wide) = (sd.lower * wider.lower, sd.upper * wider.upper);
        let at = |k: f64| {
            let share = |at: f64| at.clamp(0.0, 1.0);
            BoundedLimits {
                lower: interval(share(centre.lower - k * wide), share(centre.upper - k * narrow)),
                upper: interval(share(centre.lower + k * narrow), share(centre.upper + k * wide)),
            }
        };
        let surely = |limits: BoundedLimits| {
            if of.value.lower > limits.upper.upper + slack {
                Some(Side::High)
            } else {
                (of.value.upper < limits.lower.lower - slack).then_some(Side::Low)
            }
        };
        let limits = at(3.0);
        Facts {
            value: of.value,
            outside: surely(limits),
            may_be_outside: [of.value.upper > limits.upper.lower - slack, of.value.lower < limits.lower.upper + slack],
            near: surely(at(2.0)),
            side: surely(BoundedLimits { lower: centre, upper: centre }),
            limits,
        }
    });
    signals(&facts.collect::<Vec<_>>(), profile)
}

/// By how much limits are widened: Laney's σz where it is above what chance allows.
fn over_dispersed(z: &[Interval]) -> Interval {
    let between = |(a, b): (&Interval, &Interval)| {
        let apart = (b.lower - a.upper).max(a.lower - b.upper).max(0.0);
        interval(apart, (b.upper - a.lower).max(a.upper - b.lower))
    };
    let ranges: Vec<Interval> = z.iter().zip(z.iter().skip(1)).map(between).collect();
    let widened = |of: fn(&Interval) -> f64| {
        let mean = maths::mean(&ranges.iter().map(of).collect::<Vec<_>>());
        // A single point varies by chance alone.
        mean.map(|mean| mean / 1.128).filter(|sigma| *sigma > OVER_DISPERSED_ABOVE).unwrap_or(1.0)
    };
    interval(widened(|of| of.lower), widened(|of| of.upper))
}

/// The special causes that points have whatever their values are, with no gap between them. One that another rule, which comes first, may turn the
/// other way is none.
fn signals(points: &[Facts], profile: &Profile) -> Vec<Sure> {
    let slack = slack(points.iter().map(|of| of.value));
    let step = |(a, b): (&Facts, &Facts)| {
        if b.value.lower > a.value.upper + slack {
            Some(Side::High)
        } else {
            (b.value.upper < a.value.lower - slack).then_some(Side::Low)
        }
    };
    let moves: Vec<Option<Side>> = points.iter().zip(points.iter().skip(1)).map(step).collect();
    let trend = in_trends(&moves, profile.trend_length);
    let sides: Vec<Option<Side>> = points.iter().map(|of| of.side).collect();
    let shift = runs(&sides, profile.shift_length);
    let near = two_in_three(points, profile.two_in_three);
    let may = [Side::High, Side::Low].map(|side| may_be_in_trend(points, profile.trend_length, side));
    let found = points.iter().zip(trend).zip(near.into_iter().zip(shift)).enumerate();
    let found = found.map(|(at, ((of, trend), (near, shift)))| {
        let turned = |side: Side| usize::from(side == Side::High);
        let may_turn = |side: Side| may.get(turned(side)).and_then(|may| may.get(at)).is_none_or(|may| *may);
        let may_be_out = |side: Side| of.may_be_outside.get(turned(side)).is_none_or(|may| *may);
        let trend = trend.filter(|side| !may_turn(*side) && !may_be_out(*side));
        let others = [(Rule::TwoInThree, near), (Rule::Shift, shift)];
        let others = others.map(|(rule, side)| (rule, side.filter(|side| !may_turn(*side))));
        let all = [(Rule::OutsideLimits, of.outside), (Rule::Trend, trend)].into_iter().chain(others);
        let signal = all.into_iter().find_map(|(rule, side)| side.map(|side| Signal { rule, side }));
        Sure { signal, limits: Some(of.limits) }
    });
    found.collect()
}

/// The points that are near a limit with another of three, whatever their values are.
fn two_in_three(points: &[Facts], variant: TwoInThree) -> Vec<Option<Side>> {
    let mut marked = vec![None; points.len()];
    for (start, window) in points.windows(3).enumerate() {
        for (side, place) in [(Side::High, 0), (Side::Low, 1)] {
            let within = |of: &Facts| of.may_be_outside.get(place).is_some_and(|may| !may);
            let close = |of: &Facts| of.near == Some(side) && (variant == TwoInThree::TwoOnOneSide || within(of));
            let together = variant == TwoInThree::TwoOnOneSide || window.iter().all(|of| of.side == Some(side));
            if together && window.iter().filter(|of| close(of)).count() >= 2 {
                let near = marked.iter_mut().skip(start).zip(window).filter(|(_, of)| close(of));
                near.for_each(|(mark, _)| *mark = Some(side));
            }
        }
    }
    marked
}

/// The points that may be in a trend to one side: some values within the bounds all move there.
fn may_be_in_trend(points: &[Facts], length: usize, side: Side) -> Vec<bool> {
    let follows = |a: &Facts, b: &Facts| match side {
        Side::High => b.value.upper >= a.value.lower,
        Side::Low => b.value.lower <= a.value.upper,
    };
    let mut may = vec![false; points.len()];
    for (start, window) in points.windows(length.max(1)).enumerate() {
        let mut later = window.iter();
        let mut all = true;
        while let Some(first) = later.next() {
            all = all && later.clone().all(|next| follows(first, next));
        }
        if all {
            may.iter_mut().skip(start).take(window.len()).for_each(|may| *may = true);
        }
    }
    may
}

fn interval(lower: f64, upper: f64) -> Interval {
    Interval { lower, upper }
}

fn mean_of(group: &[Bounded]) -> Interval {
    let sum = |of: fn(&Bounded) -> f64| maths::total(group.iter().map(of)) / group.len().max(1) as f64;
    interval(sum(|of| of.value.lower), sum(|of| of.value.upper))
}

fn slack(values: impl Iterator<Item = Interval>) -> f64 {
    SLACK * values.fold(0.0, |most: f64, of| most.max(of.lower.abs()).max(of.upper.abs()))
}
