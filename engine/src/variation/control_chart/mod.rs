//! The XmR control chart of NHS England's "Making Data Count".
//!
//! For each group of points between two rebases:
//!
//! ```text
//! base   = the first points of the group, all unless the baseline is fixed
//! mean   = average of the base
//! mr     = |y(i) - y(i-1)| within the base, never across a rebase or a gap
//! amr    = average of mr; with screening, once more over mr < 3.267 amr
//! limits = mean ± k amr          near limits = mean ± (2/3) k amr
//! ```
//!
//! NHS tools disagree on `k` (2.66 or 3/1.128), on screening and on the lengths
//! of the rules: the choice is a [`Profile`], to be named on every chart.
//!
//! Periods without a value break the series: no moving range and no run goes
//! across them. Where the mean moving range is 0 there are no limits: either
//! nothing varies, or screening has left out all that does, as it will where
//! failures are rare ([`too_rare`]).

mod profile;

use serde::Serialize;

use super::proportion::Proportion;
use super::special_cause::{Cause, Direction, Position, Rules, Signal, signals};
use super::{Fault, maths};
pub use profile::Profile;

/// One value of a series, in order of time.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Observation {
    /// The value, in the unit of the measure.
    pub value: f64,
    /// Whether the limits are computed afresh from this point on.
    pub rebase: bool,
    /// Whether periods without a value lie between this point and the one before.
    pub after_gap: bool,
}

/// What a chart is asked for beside its values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChartOptions {
    /// The published tool to agree with.
    pub profile: Profile,
    /// Which way is better.
    pub direction: Direction,
    /// The target, in the unit of the values.
    pub target: Option<f64>,
    /// Compute each group's limits from its first so many points only.
    pub fix_after: Option<usize>,
}

/// The limits of a group, in the unit of the values.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Limits {
    /// Lower process limit.
    pub lower: f64,
    /// Upper process limit.
    pub upper: f64,
    /// Two thirds of the way to the lower limit.
    pub near_lower: f64,
    /// Two thirds of the way to the upper limit.
    pub near_upper: f64,
}

/// The points between two rebases.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Group {
    /// Position of the first point.
    pub first: usize,
    /// Number of points.
    pub points: usize,
    /// The centre line.
    pub mean: f64,
    /// The mean moving range after screening; `None` without two adjacent points.
    pub mean_moving_range: Option<f64>,
    /// The limits; `None` without two adjacent points, and where the mean moving
    /// range is 0. No point has a signal then.
    pub limits: Option<Limits>,
    /// Whether there are too few points for lasting limits.
    pub trial_limits: bool,
}

/// One point with its reading.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ChartPoint {
    /// The value.
    pub value: f64,
    /// Position in [`Chart::groups`].
    pub group: usize,
    /// The special cause, if any.
    pub signal: Option<Signal>,
    /// What it means, given which way is better.
    pub cause: Cause,
}

/// Whether the process can be relied on to meet its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Assurance {
    /// The limits lie wholly on the right side of the target.
    ConsistentlyPassing,
    /// The limits lie wholly on the wrong side of the target.
    ConsistentlyFailing,
    /// The target lies within the limits: "hit and miss".
    Inconsistent,
}

/// An XmR chart: plain data to draw and to tabulate.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Chart {
    /// The tool it agrees with.
    pub profile: Profile,
    /// Which way is better.
    pub direction: Direction,
    /// The target, if one is set.
    pub target: Option<f64>,
    /// The groups in order; limits are never carried across a rebase.
    pub groups: Vec<Group>,
    /// The points in the order of the input.
    pub points: Vec<ChartPoint>,
    /// The variation icon: what the last point is.
    pub variation: Cause,
    /// The assurance icon, from the last group; `None` without a target, without
    /// limits, or where neither way is better.
    pub assurance: Option<Assurance>,
}

/// The XmR chart of a series in order of time.
///
/// A series without a value is refused, and so is a value or target that is not
/// finite: leave missing periods out and mark the point after them. `fix_after`
/// must be at least 2.
pub fn xmr(series: &[Observation], options: &ChartOptions) -> Result<Chart, Fault> {
    check(series, options)?;
    let mut groups = Vec::new();
    let mut points = Vec::with_capacity(series.len());
    for run in series.chunk_by(|_, next| !next.rebase) {
        let group = group_of(points.len(), run, options)?;
        let number = groups.len();
        let found = run.chunk_by(|_, next| !next.after_gap);
        let found = found.flat_map(|stretch| stretch_signals(stretch, &group, options.profile.rules()));
        points.extend(run.iter().zip(found).map(|(observation, signal)| ChartPoint {
            value: observation.value,
            group: number,
            signal,
            cause: Cause::of(signal, options.direction),
        }));
        groups.push(group);
    }
    let variation = points.last().map_or(Cause::Common, |p| p.cause);
    let assurance = assurance_of(groups.last().and_then(|g| g.limits), options);
    Ok(Chart {
        profile: options.profile,
        direction: options.direction,
        target: options.target,
        groups,
        points,
        variation,
        assurance,
    })
}

fn check(series: &[Observation], options: &ChartOptions) -> Result<(), Fault> {
    if series.is_empty() {
        return Err(Fault::NoData);
    }
    if let Some(index) = series.iter().position(|o| !o.value.is_finite()) {
        return Err(Fault::NotFinite { index });
    }
    if options.target.is_some_and(|t| !t.is_finite()) {
        return Err(Fault::BadOption { name: "target" });
    }
    if options.fix_after.is_some_and(|n| n < 2) {
        return Err(Fault::BadOption { name: "fix_after" });
    }
    let profile = &options.profile;
    if !(profile.limit_factor > 0.0 && profile.limit_factor.is_finite()) {
        return Err(Fault::BadOption { name: "limit_factor" });
    }
    if profile.screen_above.is_some_and(|k| k.is_nan() || k <= 1.0) {
        return Err(Fault::BadOption { name: "screen_above" });
    }
    Ok(())
}

fn group_of(first: usize, run: &[Observation], options: &ChartOptions) -> Result<Group, Fault> {
    let profile = &options.profile;
    let base_length = options.fix_after.unwrap_or(run.len()).min(run.len());
    let base = run.get(..base_length).unwrap_or(run);
    let values: Vec<f64> = base.iter().map(|o| o.value).collect();
    let mean = maths::mean(&values).ok_or(Fault::NoData)?;
    let mean_moving_range = mean_moving_range(base, profile.screen_above);
    let limits = mean_moving_range.filter(|amr| *amr > 0.0).map(|amr| {
        let far = profile.limit_factor * amr;
        let near = 2.0 * profile.limit_factor / 3.0 * amr;
        Limits { lower: mean - far, upper: mean + far, near_lower: mean - near, near_upper: mean + near }
    });
    // Values near the largest float overflow; that is input no measure has.
    let width = limits.map_or(0.0, |l| l.upper - l.lower);
    if !mean.is_finite() || !width.is_finite() || mean_moving_range.is_some_and(|amr| !amr.is_finite()) {
        return Err(Fault::NotFinite { index: first });
    }
    Ok(Group {
        first,
        points: run.len(),
        mean,
        mean_moving_range,
        limits,
        trial_limits: base_length < profile.trial_below,
    })
}

/// The mean of the moving ranges between adjacent points, screened once if asked.
///
/// Screening keeps ranges strictly below `k` times their mean; as `k > 1`, it
/// drops all only where every range is 0, and then the mean stays 0.
fn mean_moving_range(base: &[Observation], screen_above: Option<f64>) -> Option<f64> {
    let pairs = base.iter().zip(base.iter().skip(1)).filter(|(_, b)| !b.after_gap);
    let ranges: Vec<f64> = pairs.map(|(a, b)| (b.value - a.value).abs()).collect();
    let first = maths::mean(&ranges)?;
    let Some(k) = screen_above else {
        return Some(first);
    };
    let kept: Vec<f64> = ranges.into_iter().filter(|r| *r < k * first).collect();
    maths::mean(&kept).or(Some(first))
}

/// Whether the rarer of success and failure comes up less than once a period.
///
/// Most values are then 0 or 1 and a chart of rates mistakes the usual for a run:
/// such events are charted by the time or the cases between them (Benneyan 2001,
/// Health Care Management Science 4; the t and g charts of Making Data Count).
pub fn too_rare(series: &[Proportion]) -> bool {
    let sum = |of: fn(&Proportion) -> u64| series.iter().map(of).fold(0, u64::saturating_add);
    let successes = sum(|p| p.numerator);
    let failures = sum(|p| p.denominator.saturating_sub(p.numerator));
    let periods = u64::try_from(series.len()).unwrap_or(u64::MAX);
    successes.min(failures) < periods
}

/// The signals of points with no gap between them.
fn stretch_signals(stretch: &[Observation], group: &Group, rules: Rules) -> Vec<Option<Signal>> {
    let Some(limits) = group.limits else {
        return vec![None; stretch.len()];
    };
    let positions: Vec<Position> = stretch
        .iter()
        .map(|observation| Position {
            value: observation.value,
            centre: group.mean,
            lower: limits.lower,
            upper: limits.upper,
            near_lower: limits.near_lower,
            near_upper: limits.near_upper,
        })
        .collect();
    signals(&positions, rules)
}

fn assurance_of(limits: Option<Limits>, options: &ChartOptions) -> Option<Assurance> {
    let (limits, target) = (limits?, options.target?);
    let (failing, passing) = match options.direction {
        Direction::HigherIsBetter => (target > limits.upper, target < limits.lower),
        Direction::LowerIsBetter => (target < limits.lower, target > limits.upper),
        Direction::Neutral => return None,
    };
    Some(match (failing, passing) {
        (true, _) => Assurance::ConsistentlyFailing,
        (_, true) => Assurance::ConsistentlyPassing,
        _ => Assurance::Inconsistent,
    })
}
