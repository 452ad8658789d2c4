//! Delays: medians and high percentiles with their intervals, never the mean alone.
//!
//! Times are whole milliseconds and stay whole: the interpolation between two
//! order statistics is done in integers. A percentile is given in thousandths
//! (`500` the median, `900`, `950`), so that it is exact too.

use serde::Serialize;

use super::Fault;
use super::discrete::Discrete;

/// A percentile of delays with its interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct DelayPercentile {
    /// Which, in thousandths: 500 is the median.
    pub per_mille: u16,
    /// How many delays.
    pub delays: usize,
    /// The percentile in milliseconds: linear between order statistics at
    /// `h = (n-1)q` (type 7 of Hyndman & Fan 1996), rounded half away from 0.
    pub estimate_ms: i64,
    /// Lower end of the interval, an observed delay; `None` when there are too
    /// few delays for one.
    pub lower_ms: Option<i64>,
    /// Upper end of the interval, an observed delay; `None` when there are too
    /// few delays for one.
    pub upper_ms: Option<i64>,
    /// How sure the interval is: at least the level asked for, as order
    /// statistics come in steps. An end that is `None` counts as unbounded.
    pub coverage: f64,
}

/// Percentiles of delays in milliseconds (negative ones, where an event precedes
/// the start of its clock, included) with distribution-free intervals.
///
/// The interval runs between the order statistics `l` and `u` that the binomial
/// distribution with `n` and `q` allows: `l` the largest with
/// `P(B < l) ≤ (1-level)/2`, `u` the smallest with `P(B ≥ u) ≤ (1-level)/2`
/// (Conover 1999, "Practical Nonparametric Statistics", 3.2).
/// Refused: no delays; `per_mille` not 1 to 999; a level not between 0 and 1.
pub fn delay_percentiles(delays_ms: &[i64], per_mille: &[u16], level: f64) -> Result<Vec<DelayPercentile>, Fault> {
    let counts: Vec<(i64, u64)> = delays_ms.iter().map(|delay| (*delay, 1)).collect();
    counted_percentiles(&counts, per_mille, level)
}

/// The same of different delays, each with how often it came up: as of a list that has each so often, in memory for the different ones alone.
/// They may stand in any order, and one more than once.
pub fn counted_percentiles(
    counts: &[(i64, u64)],
    per_mille: &[u16],
    level: f64,
) -> Result<Vec<DelayPercentile>, Fault> {
    let sorted = Counted::of(counts.iter().copied());
    if sorted.is_empty() {
        return Err(Fault::NoData);
    }
    if !(level > 0.0 && level < 1.0) {
        return Err(Fault::BadOption { name: "level" });
    }
    if per_mille.iter().any(|q| !(1..1000).contains(q)) {
        return Err(Fault::BadOption { name: "per_mille" });
    }
    per_mille.iter().map(|q| percentile(&sorted, *q, level).ok_or(Fault::NoData)).collect()
}

/// Values in order, of which few are different.
#[derive(Clone, Debug)]
pub struct Counted {
    /// Each different one, with how many there are up to it.
    up_to: Vec<(i64, u64)>,
}

impl Counted {
    /// Of values with how often each came up, in any order; one may stand more than once.
    #[must_use]
    pub fn of(counts: impl Iterator<Item = (i64, u64)>) -> Counted {
        let mut up_to: Vec<(i64, u64)> = counts.filter(|(_, often)| *often > 0).collect();
        up_to.sort_unstable();
        let mut all = 0_u64;
        for (_, often) in &mut up_to {
            all = all.saturating_add(*often);
            *often = all;
        }
        Counted { up_to }
    }

    /// How many values there are.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.up_to.last().map_or(0, |(_, all)| *all)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.up_to.is_empty()
    }

    /// The value with so many before it in order.
    #[must_use]
    pub fn at(&self, before: u64) -> Option<i64> {
        let place = self.up_to.partition_point(|(_, up_to)| *up_to <= before);
        self.up_to.get(place).map(|(value, _)| *value)
    }
}

fn percentile(sorted: &Counted, per_mille: u16, level: f64) -> Option<DelayPercentile> {
    let n = sorted.len();
    let x = Discrete::Binomial { n, p: f64::from(per_mille) / 1000.0 };
    let (low, high) = order_statistics(n, per_mille, level);
    let order = |k: u64| sorted.at(k.checked_sub(1)?);
    let lower_ms = order(low);
    let upper_ms = order(high);
    let under = if lower_ms.is_some() { x.at_most(low.saturating_sub(1)) } else { 0.0 };
    let over = if upper_ms.is_some() { x.at_least(high) } else { 0.0 };
    Some(DelayPercentile {
        per_mille,
        delays: usize::try_from(n).ok()?,
        estimate_ms: interpolated(sorted, per_mille)?,
        lower_ms,
        upper_ms,
        coverage: (1.0 - under - over).clamp(0.0, 1.0),
    })
}

/// The places, counted from 1, of the order statistics between which a percentile of `n` values lies; 0 and `n + 1` where there is none.
pub(super) fn order_statistics(n: u64, per_mille: u16, level: f64) -> (u64, u64) {
    let x = Discrete::Binomial { n, p: f64::from(per_mille) / 1000.0 };
    let tail = (1.0 - level) / 2.0;
    // The quantile r has P(B < r) < tail ≤ P(B ≤ r): it is the order wanted,
    // unless P(B ≤ r) is the tail exactly. Order 0 does not exist.
    let (r, below) = x.quantile(tail);
    let low = if below <= tail { r + 1 } else { r };
    let (r, _) = x.quantile(1.0 - tail);
    (low, r + 1)
}

/// Whether the interval of a percentile of so many values has a lower end, and an upper one.
#[must_use]
pub fn ends(n: u64, per_mille: u16, level: f64) -> (bool, bool) {
    let (low, high) = order_statistics(n, per_mille, level);
    (low > 0, high <= n)
}

fn interpolated(sorted: &Counted, per_mille: u16) -> Option<i64> {
    let steps = u128::from(sorted.len().checked_sub(1)?) * u128::from(per_mille);
    let below = u64::try_from(steps / 1000).ok()?;
    let part = i128::try_from(steps % 1000).ok()?;
    let a = sorted.at(below)?;
    let (a, b) = (i128::from(a), i128::from(sorted.at(below + 1).unwrap_or(a)));
    let thousandths = a * 1000 + (b - a) * part;
    let half_away = (thousandths.abs() + 500) / 1000;
    i64::try_from(half_away * thousandths.signum()).ok()
}

/// Patients who waited from `week` up to, and not including, `week + 1` weeks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct WeekBand {
    /// Whole weeks waited.
    pub week: u32,
    /// How many patients.
    pub patients: u64,
}

/// A percentile of waits counted in weekly bands, exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct BandPercentile {
    /// The band it falls in.
    pub week: u32,
    /// How far into the band, as a fraction: the numerator, 0 to the denominator.
    pub part: u128,
    /// The denominator of that fraction, above 0.
    pub of: u128,
    /// Whether the band is the open last one ("104 weeks and over"), in which
    /// no figure can be given but "at least `week`".
    pub open_ended: bool,
}

impl BandPercentile {
    /// The percentile in weeks. In an open-ended band it says only "at least `week`".
    pub fn weeks(&self) -> f64 {
        f64::from(self.week) + self.part as f64 / self.of as f64
    }

    /// The percentile in tenths of a week, rounded half up, exactly: 443 is 44.3.
    pub fn tenths(&self) -> u64 {
        let tenths = (self.part * 20 + self.of) / (self.of * 2);
        u64::from(self.week) * 10 + u64::try_from(tenths).unwrap_or(10)
    }
}

/// The percentile of weekly bands, as NHS England publishes referral-to-treatment
/// waits: the smallest band `k` whose cumulative count reaches `q·n`, then
/// `k + (q·n - before) / count`.
///
/// Bands may come in any order; equal weeks are added up. `open_from` names the
/// first week of the open last band, 104 in the national return. `None` when
/// nobody waits, or unless `per_mille` is 1 to 1000.
pub fn band_percentile(bands: &[WeekBand], per_mille: u16, open_from: Option<u32>) -> Option<BandPercentile> {
    if !(1..=1000).contains(&per_mille) {
        return None;
    }
    let mut ordered = bands.to_vec();
    ordered.sort_by_key(|band| band.week);
    let patients: u128 = ordered.iter().map(|b| u128::from(b.patients)).sum();
    let wanted = patients * u128::from(per_mille);
    let mut before = 0;
    for same_week in ordered.chunk_by(|a, b| a.week == b.week) {
        let week = same_week.first()?.week;
        let count: u128 = same_week.iter().map(|b| u128::from(b.patients)).sum();
        if count > 0 && (before + count) * 1000 >= wanted {
            return Some(BandPercentile {
                week,
                part: wanted - before * 1000,
                of: count * 1000,
                open_ended: open_from.is_some_and(|open| week >= open),
            });
        }
        before += count;
    }
    None
}
