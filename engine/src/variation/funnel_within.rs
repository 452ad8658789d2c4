//! A funnel of counts that are known within bounds, as rounded ones are: where each unit lies for certain, whatever the exact counts are.
//!
//! A flag of exact counts rests on the unit's own, on the rate of all and on the spread of all. Each is taken as it says least: the unit as near to the
//! others as its counts allow, the rate of all and the median unit as near to it as theirs allow, and τ² as large. With each unit's transformed rate between
//! `l` and `h`, and its standard error no less than `s`, of n cases at the most:
//!
//! ```text
//! middle half   of each c that may be the median: τ² where the median of max(h - c, c - l) / √(s² + τ²) is that of chance
//! winsorised    Σ max(|z of all least|, |z of all greatest|)², as winsorising keeps the order of z, over the least W1 - W2/W1
//! ```
//!
//! Units of which it is open whether they have enough cases to take part in the spread take part as far as that makes it larger.

use super::funnel::{FunnelOptions, FunnelPoint, LEAST_CASES, LEAST_FOR_THE_MIDDLE};
use super::funnel_limits::{Flag, FunnelModel, chance};
use super::overdispersion::{SpreadEstimate, usually};
use super::proportion::Proportion;
use super::{Interval, maths};

/// A unit whose counts are known within bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnitWithin {
    /// The counts of its least rate, and of its greatest.
    pub bounds: [Proportion; 2],
    /// Whether it takes part in the rate and the spread of all.
    pub counts: bool,
}

/// Each numerator and denominator at the least and at the most.
pub type SumWithin = [(u64, u64); 2];

/// Of so many units that may take part in the spread or not, all ways are gone through where few take part for certain.
const MOST_OPEN: usize = 6;
/// Medians that may be are tried in so many steps, each as it says least.
const STEPS: u32 = 16;

/// A spread that may be: no larger than this, about a unit between these, on the transformed scale.
#[derive(Clone, Copy)]
struct Widest {
    tau_squared: f64,
    about: (f64, f64),
}

impl UnitWithin {
    /// Cases, at the least and at the most.
    fn cases(&self) -> (u64, u64) {
        let [low, high] = self.bounds;
        (high.denominator, low.denominator)
    }

    /// Of its cases so many, at the least and at the most.
    fn events(&self) -> (u64, u64) {
        let [low, high] = self.bounds;
        // Where all of the fewest cases may be such, all of the most may be.
        let most = if high.numerator < high.denominator { high.numerator } else { low.denominator };
        (low.numerator, most)
    }
}

/// The points of a funnel, each where its unit lies for certain; `units` are in its order, and others that are in the rate and the spread of all come after
/// them. `whole` is what those that take part have together, where that is known better than by each. Of a model of proportions.
#[must_use]
pub fn surely(
    (model, points): (&FunnelModel, &[FunnelPoint]),
    (units, whole): (&[UnitWithin], Option<SumWithin>),
    options: &FunnelOptions,
) -> Vec<FunnelPoint> {
    let target = rate_within(units, whole);
    let widest = widest(model, (units, &target), options);
    let sure = |point: &FunnelPoint| {
        units.get(point.unit).map_or(*point, |unit| nearest(model, (point, unit), (&target, &widest), options))
    };
    points.iter().map(sure).collect()
}

/// From where to where the rate of all may lie.
fn rate_within(units: &[UnitWithin], whole: Option<SumWithin>) -> Interval {
    let counting = || units.iter().filter(|unit| unit.counts);
    let sum = |of: fn(&UnitWithin) -> (u64, u64)| {
        counting().map(of).fold((0_u64, 0_u64), |(least, most), (low, high)| (least + low, most + high))
    };
    let both = |(low, high): (u64, u64), other: Option<(u64, u64)>| {
        other.map_or((low, high), |(least, most)| (low.max(least), high.min(most)))
    };
    let events = both(sum(UnitWithin::events), whole.map(|[events, _]| events));
    let cases = both(sum(UnitWithin::cases), whole.map(|[_, cases]| cases));
    let share = |events: u64, cases: u64| (events as f64 / cases.max(1) as f64).min(1.0);
    Interval { lower: share(events.0, cases.1), upper: share(events.1, cases.0) }
}

/// A unit's place, with all as it says least.
fn nearest(
    model: &FunnelModel,
    (point, unit): (&FunnelPoint, &UnitWithin),
    (target, widest): (&Interval, &Option<Vec<Widest>>),
    options: &FunnelOptions,
) -> FunnelPoint {
    let high = point.value >= model.target;
    let [low_counts, high_counts] = unit.bounds;
    let (counts, target) = if high { (low_counts, target.upper) } else { (high_counts, target.lower) };
    let near = FunnelModel { target, ..*model };
    let size = counts.denominator as f64;
    let value = counts.rate().unwrap_or(target);
    // On the other side it is as near as can be.
    let is_beyond = |off: f64| if high { off > 0.0 } else { off < 0.0 };
    let (z, p) = match is_beyond(value - target) {
        true => (near.z(value, size), near.chance_at(size).mid_p(counts.numerator)),
        false => (0.0, 1.0),
    };
    let s = chance(size);
    let adjusted = |of: &Widest| {
        let off = near.transform(value) - if high { of.about.1 } else { of.about.0 };
        let z = off / (s * s + of.tau_squared).sqrt();
        if is_beyond(off) { (z, maths::normal_two_sided(z).max(p)) } else { (0.0, 1.0) }
    };
    let least = |one: (f64, f64), other: (f64, f64)| if other.1 > one.1 { other } else { one };
    let adjusted = widest.as_ref().and_then(|widest| widest.iter().map(adjusted).reduce(least));
    // Of a spread that may be any nothing lies beyond it.
    let (z_adjusted, p_adjusted) = adjusted.unwrap_or((0.0, 1.0));
    let few = (unit.cases().0 as f64) < options.least.unwrap_or(LEAST_CASES);
    let flag = |p: f64| if few { Flag::Within } else { Flag::of(p, high) };
    FunnelPoint { z, z_adjusted, p, p_adjusted, flag: flag(p), flag_adjusted: flag(p_adjusted), ..*point }
}

/// A unit on the transformed scale: from where to where, with its least standard error and its cases.
struct Row {
    low: f64,
    high: f64,
    cases: (u64, u64),
    /// Whether it surely has enough cases to take part in the spread.
    surely: bool,
}

/// The spreads that there may be at the most, one by each estimate that may be the one; none where nothing holds them.
fn widest(
    model: &FunnelModel,
    (units, target): (&[UnitWithin], &Interval),
    options: &FunnelOptions,
) -> Option<Vec<Widest>> {
    let least = options.least.unwrap_or(LEAST_CASES);
    let rows = units.iter().filter(|unit| unit.counts && unit.cases().1 as f64 >= least).filter_map(|unit| {
        let [low, high] = unit.bounds;
        let [low, high] = [low.rate()?, high.rate()?].map(|rate| model.transform(rate));
        Some(Row { low, high, cases: unit.cases(), surely: unit.cases().0 as f64 >= least })
    });
    let (sure, open): (Vec<Row>, Vec<Row>) = rows.partition(|row| row.surely);
    let is_middle = |units: usize| options.estimate == SpreadEstimate::Middle && units >= LEAST_FOR_THE_MIDDLE;
    let mut all = Vec::new();
    if is_middle(sure.len() + open.len()) {
        all.extend(of_the_middle(&sure, &open)?);
    }
    if !is_middle(sure.len()) {
        let target = (model.transform(target.lower), model.transform(target.upper));
        let about = |tau_squared| Widest { tau_squared, about: target };
        all.push(about(winsorised((&sure, &open), target, options)?));
    }
    Some(all)
}

/// The most that the median of some values and of any of some others is.
fn greatest_median(sure: &[f64], open: &[f64], less: impl Fn(usize) -> f64) -> Option<f64> {
    let mut open = open.to_vec();
    open.sort_by(|a, b| b.total_cmp(a));
    let with = |more: usize| {
        let all: Vec<f64> = sure.iter().chain(open.iter().take(more)).copied().collect();
        maths::quantile(&maths::sorted(&all), 0.5).map(|median| median - less(all.len()))
    };
    (0..=open.len()).filter_map(with).reduce(f64::max)
}

fn each(rows: &[Row], of: &dyn Fn(&Row) -> f64) -> Vec<f64> {
    rows.iter().map(of).collect()
}

/// The most that τ² of the middle half may be, about each median that may be.
fn of_the_middle(sure: &[Row], open: &[Row]) -> Option<Vec<Widest>> {
    let median = |of: &dyn Fn(&Row) -> f64| greatest_median(&each(sure, of), &each(open, of), |_| 0.0);
    let (from, to) = (-median(&|row| -row.low)?, median(&|row| row.high)?);
    let at = |step: u32| from + (to - from) * f64::from(step) / f64::from(STEPS);
    Some((0..STEPS).map(|step| about_the_middle((sure, open), (at(step), at(step + 1)))).collect())
}

/// The same about a median between two.
fn about_the_middle((sure, open): (&[Row], &[Row]), about: (f64, f64)) -> Widest {
    let off = |row: &Row| (row.high - about.0).max(about.1 - row.low);
    let excess = |tau_squared: f64| {
        let apart = |row: &Row| {
            let s = chance(row.cases.1 as f64);
            off(row) / (s * s + tau_squared).sqrt()
        };
        // Of fewer the middle half is not asked.
        let usual = |units: usize| if units < LEAST_FOR_THE_MIDDLE { f64::INFINITY } else { usually(units) };
        greatest_median(&each(sure, &apart), &each(open, &apart), usual).unwrap_or(f64::INFINITY)
    };
    if excess(0.0) <= 0.0 {
        return Widest { tau_squared: 0.0, about };
    }
    let furthest = sure.iter().chain(open).map(off).fold(0.0, f64::max);
    let least = usually(LEAST_FOR_THE_MIDDLE);
    Widest { tau_squared: maths::root(0.0, furthest * furthest / (least * least), 1e-12, excess), about }
}

/// The most that the winsorised τ² may be, of any of those of which it is open whether they take part; none where these are many, or too few are left.
fn winsorised((sure, open): (&[Row], &[Row]), target: (f64, f64), options: &FunnelOptions) -> Option<f64> {
    if open.len() > MOST_OPEN || sure.len() < 2 {
        return None;
    }
    let of = |chosen: u32| {
        let taken = open.iter().enumerate().filter(|(place, _)| chosen >> place & 1 == 1).map(|(_, row)| row);
        winsorised_of(&sure.iter().chain(taken).collect::<Vec<_>>(), target, options.trim)
    };
    let all: Option<Vec<f64>> = (0..1_u32 << open.len()).map(of).collect();
    all?.into_iter().reduce(f64::max)
}

fn winsorised_of(rows: &[&Row], target: (f64, f64), trim: f64) -> Option<f64> {
    // As few cases where that brings it nearer to the target, as many where it takes it further.
    let scaled = |off: f64, (least, most): (u64, u64), up: bool| {
        off / chance(if (off > 0.0) == up { most as f64 } else { least as f64 })
    };
    let least: Vec<f64> = rows.iter().map(|row| scaled(row.low - target.1, row.cases, false)).collect();
    let most: Vec<f64> = rows.iter().map(|row| scaled(row.high - target.0, row.cases, true)).collect();
    let trimmed = |z: &[f64]| {
        let ordered = maths::sorted(z);
        let (lower, upper) = (maths::quantile(&ordered, trim)?, maths::quantile(&ordered, 1.0 - trim)?);
        Some(z.iter().map(|z| z.max(lower).min(upper)).collect::<Vec<f64>>())
    };
    let squares =
        trimmed(&least)?.into_iter().zip(trimmed(&most)?).map(|(least, most)| (least * least).max(most * most));
    let squares = maths::total(squares);
    // It grows with each of them.
    let weights = || rows.iter().map(|row| 4.0 * row.cases.0 as f64);
    let w1 = maths::total(weights());
    let spare = w1 - maths::total(weights().map(|w| w * w)) / w1;
    (spare > 0.0).then(|| ((squares - (rows.len() as f64 - 1.0)) / spare).max(0.0))
}
