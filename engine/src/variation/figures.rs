//! Figures that are numbers and no shares of cases: percentiles, means, ratios of sums and rates, each with its interval, and
//! organisations beside one another.
//!
//! Values are whole, in the declared precision (pence, milliseconds, tenths), with how many cases each stands for.

use serde::Serialize;

use super::delays::{WeekBand, band_percentile, order_statistics};
use super::overdispersion::{OverDispersion, over_dispersion};
use super::standardise::poisson_interval;
use super::{Fault, Interval, LARGEST, maths, normal_deviate};
use crate::variation::funnel::Flag;

/// A value and how many cases have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// In the declared precision.
    pub value: i64,
    /// Cases, above 0.
    pub cases: u64,
}

/// A figure and its accuracy, in the unit of the readings.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Figure {
    /// The figure.
    pub value: f64,
    /// Its interval; none where there are too few cases for one.
    pub interval: Option<Interval>,
    /// Whether it lies in an open last band, so that it is "at least" so much.
    pub at_least: bool,
    /// The same of the upper end of the interval.
    pub upper_at_least: bool,
}

/// Values that stand for all from themselves up to one width more: 17 completed weeks are 17 and less than 18.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bands {
    /// The width of a band, above 0.
    pub width: i64,
    /// The least value of the open last band ("104 weeks and over").
    pub open_from: Option<i64>,
}

/// A percentile in thousandths (500 is the median), linear between order statistics (type 7 of Hyndman & Fan 1996) or, in bands, within
/// the band as NHS England publishes waits. The interval runs between the order statistics that the binomial
/// distribution allows (Conover 1999, 3.2); in bands from the lower end of the one's band to the upper end of the other's.
///
/// # Errors
/// No readings; `per_mille` not 1 to 999; a level not between 0 and 1; a width below 1.
pub fn percentile(readings: &[Reading], per_mille: u16, level: f64, bands: Option<Bands>) -> Result<Figure, Fault> {
    if !(1..1000).contains(&per_mille) {
        return Err(Fault::BadOption { name: "per_mille" });
    }
    if bands.is_some_and(|bands| bands.width < 1) {
        return Err(Fault::BadOption { name: "width" });
    }
    if !(level > 0.0 && level < 1.0) {
        return Err(Fault::BadOption { name: "level" });
    }
    let ordered = in_order(readings);
    let n = cases(&ordered);
    if n == 0 {
        return Err(Fault::NoData);
    }
    let (low, high) = order_statistics(n, per_mille, level);
    let ends = nth(&ordered, low).zip(nth(&ordered, high));
    let Some(bands) = bands else {
        let value = between(&ordered, n, per_mille).ok_or(Fault::NoData)?;
        let interval = ends.map(|(low, high)| Interval { lower: low as f64, upper: high as f64 });
        return Ok(Figure { value, interval, at_least: false, upper_at_least: false });
    };
    let interval = ends.map(|(low, high)| Interval {
        lower: bands.start(low) as f64,
        upper: bands.end(high).unwrap_or_else(|| bands.start(high)) as f64,
    });
    let (value, at_least) = within_band(&ordered, per_mille, bands)?;
    Ok(Figure { value, interval, at_least, upper_at_least: ends.is_some_and(|(_, high)| bands.end(high).is_none()) })
}

impl Bands {
    fn is_open(self, value: i64) -> bool {
        self.open_from.is_some_and(|open| value >= open)
    }

    /// The least value of the band that has a value.
    #[must_use]
    pub fn start(self, value: i64) -> i64 {
        match self.open_from {
            Some(open) if value >= open => open,
            _ => value.div_euclid(self.width) * self.width,
        }
    }

    /// Where it ends; the open one does not, and the one before it ends where that begins.
    fn end(self, value: i64) -> Option<i64> {
        let end = self.start(value) + self.width;
        (!self.is_open(value)).then(|| self.open_from.map_or(end, |open| end.min(open)))
    }
}

fn within_band(ordered: &[Reading], per_mille: u16, bands: Bands) -> Result<(f64, bool), Fault> {
    let least = bands.start(ordered.first().map_or(0, |reading| reading.value).min(0));
    let place = |value: i64| u32::try_from((value - least).div_euclid(bands.width)).ok();
    // The open band comes after the last one before it, which may be narrower than the others.
    let open = bands.open_from.and_then(|open| place(open - 1)?.checked_add(1));
    let mut counted = Vec::new();
    for (index, reading) in ordered.iter().enumerate() {
        let band = if bands.is_open(reading.value) { open } else { place(reading.value) };
        counted.push(WeekBand { week: band.ok_or(Fault::TooLarge { index })?, patients: reading.cases });
    }
    let found = band_percentile(&counted, per_mille, open).ok_or(Fault::NoData)?;
    if let Some(open) = bands.open_from.filter(|_| found.open_ended) {
        return Ok((open as f64, true));
    }
    let start = least + i64::from(found.week) * bands.width;
    let end = bands.end(start).unwrap_or(start);
    Ok((start as f64 + found.part as f64 / found.of as f64 * (end - start) as f64, false))
}

/// Fewer cases than this have no interval by the normal distribution.
const LEAST_FOR_NORMAL: u64 = 30;

/// What one case adds to both sums of a ratio: pounds paid in time, and pounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parts {
    /// Above the line, at most what is below it where the ratio is a share.
    pub part: i64,
    /// Below the line, not below 0.
    pub whole: i64,
}

/// All that a sum, a mean or a ratio needs to know of its cases: whole numbers, so that sums of parts are the sum of all, in any order. Of a
/// mean, each case is 1 below the line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// How many cases.
    pub cases: u64,
    /// Above the line.
    pub part: i128,
    /// Below it.
    pub whole: i128,
    /// Squares above the line.
    pub part_squared: i128,
    /// Products of both.
    pub part_by_whole: i128,
    /// Squares below the line.
    pub whole_squared: i128,
}

impl Sums {
    /// Adds a case of a ratio.
    pub fn add(&mut self, case: Parts) {
        let (part, whole) = (i128::from(case.part), i128::from(case.whole));
        self.take(&Sums {
            cases: 1,
            part,
            whole,
            part_squared: part * part,
            part_by_whole: part * whole,
            whole_squared: whole * whole,
        });
    }

    /// Adds cases of a mean or a sum.
    pub fn add_reading(&mut self, reading: Reading) {
        let (value, cases) = (i128::from(reading.value), i128::from(reading.cases));
        let part = value.saturating_mul(cases);
        self.take(&Sums {
            cases: reading.cases,
            part,
            whole: cases,
            part_squared: part.saturating_mul(value),
            part_by_whole: part,
            whole_squared: cases,
        });
    }

    /// Adds the sums of other cases.
    pub fn take(&mut self, other: &Sums) {
        self.cases = self.cases.saturating_add(other.cases);
        self.part = self.part.saturating_add(other.part);
        self.whole = self.whole.saturating_add(other.whole);
        self.part_squared = self.part_squared.saturating_add(other.part_squared);
        self.part_by_whole = self.part_by_whole.saturating_add(other.part_by_whole);
        self.whole_squared = self.whole_squared.saturating_add(other.whole_squared);
    }

    /// Of the cases of a ratio.
    #[must_use]
    pub fn of_parts(parts: &[Parts]) -> Sums {
        let mut sums = Sums::default();
        parts.iter().for_each(|case| sums.add(*case));
        sums
    }

    /// Of the cases of a mean.
    #[must_use]
    pub fn of_readings(readings: &[Reading]) -> Sums {
        let mut sums = Sums::default();
        readings.iter().for_each(|reading| sums.add_reading(*reading));
        sums
    }

    /// The ratio; none of nothing below the line.
    pub(super) fn ratio(&self) -> Option<f64> {
        (self.whole > 0).then(|| self.part as f64 / self.whole as f64)
    }

    /// The standard error of the ratio: √(n/(n−1) Σ(part − ratio·whole)²) / Σ whole; of a mean that is s/√n.
    ///
    /// The squares are taken from the whole number next to the ratio, exactly, so that little is lost on the way to the ratio itself.
    #[allow(clippy::cast_possible_truncation, reason = "a whole number within the range of the parts")]
    pub(super) fn error(&self, ratio: f64) -> f64 {
        let near = ratio.round() as i128;
        let part_squared = self
            .part_squared
            .saturating_sub(near.saturating_mul(2).saturating_mul(self.part_by_whole))
            .saturating_add(near.saturating_mul(near).saturating_mul(self.whole_squared));
        let part_by_whole = self.part_by_whole.saturating_sub(near.saturating_mul(self.whole_squared));
        let rest = ratio - near as f64;
        let (first, last) = (part_squared as f64, rest * rest * self.whole_squared as f64);
        let squares = first - 2.0 * rest * part_by_whole as f64 + last;
        // What is no more than the rounding of these sums is no spread.
        let squares = if squares > NO_SPREAD * (first + last) { squares } else { 0.0 };
        let n = self.cases.max(2) as f64;
        (n / (n - 1.0) * squares).sqrt() / self.whole as f64
    }
}

/// A part of sums that is lost in their rounding.
const NO_SPREAD: f64 = 1e-13;

/// A mean, Σ part / n, or the ratio of two sums, Σ part / Σ whole, cases being the units that vary: the linearised variance of a ratio
/// (Cochran 1977, "Sampling Techniques", 6.3–6.4). The interval is of the normal distribution, and none below 30 cases.
///
/// # Errors
/// Nothing below the line, or a level not between 0 and 1.
pub fn ratio(sums: &Sums, level: f64) -> Result<Figure, Fault> {
    let z = normal_deviate(level).ok_or(Fault::BadOption { name: "level" })?;
    let value = sums.ratio().ok_or(Fault::NoData)?;
    let interval = (sums.cases >= LEAST_FOR_NORMAL).then(|| {
        let reach = z * sums.error(value);
        Interval { lower: value - reach, upper: value + reach }
    });
    Ok(Figure { value, interval, at_least: false, upper_at_least: false })
}

/// Events per `per` units of exposure, with the exact interval of a Poisson count (Garwood 1936).
///
/// # Errors
/// No exposure, one beyond [`LARGEST`], or a level not between 0 and 1.
pub fn rate(events: u64, exposure: f64, per: f64, level: f64) -> Result<Figure, Fault> {
    if !exposure.is_finite() || exposure <= 0.0 || !per.is_finite() {
        return Err(Fault::NoData);
    }
    if exposure > LARGEST || per > LARGEST {
        return Err(Fault::TooLarge { index: 0 });
    }
    let found = poisson_interval(events, level).ok_or(Fault::BadOption { name: "level" })?;
    let scaled = |count: f64| count / exposure * per;
    let interval = Interval { lower: scaled(found.lower), upper: scaled(found.upper) };
    Ok(Figure { value: scaled(events as f64), interval: Some(interval), at_least: false, upper_at_least: false })
}

/// What one organisation is compared by.
#[derive(Clone, Debug, PartialEq)]
pub enum Compared<'a> {
    /// The share of its cases at or below the group's percentile, half of those equal to it, against the whole group's
    /// (the quantile test: Conover 1999, 3.2).
    Percentile(&'a [Reading]),
    /// Its mean, or its ratio of sums.
    Ratio(&'a Sums),
}

/// Where an organisation stands.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Standing {
    /// Standard errors from the group by chance alone; above 0 where its figure is higher.
    pub z: f64,
    /// The same with over-dispersion allowed for.
    pub z_adjusted: f64,
    /// Two-sided normal p value of [`z_adjusted`](Self::z_adjusted).
    pub p_adjusted: f64,
    /// Where it lies by chance alone.
    pub flag: Flag,
    /// Where it lies with over-dispersion allowed for.
    pub flag_adjusted: Flag,
}

/// Each unit against the group's figure `centre`; none for a unit with fewer than 30 cases. One whose cases are all alike has the spread of the group's.
/// Over-dispersion as in [`over_dispersion`].
#[must_use]
pub fn standings(
    units: &[Compared<'_>],
    all: &Compared<'_>,
    centre: f64,
) -> (Vec<Option<Standing>>, Option<OverDispersion>) {
    let target = match all {
        Compared::Percentile(readings) => up_to(readings, centre),
        Compared::Ratio(_) => centre,
    };
    let found: Vec<Option<(f64, f64)>> = units.iter().map(|unit| distance((unit, all), centre, target)).collect();
    let known: Vec<(f64, f64)> = found.iter().flatten().copied().collect();
    let over = over_dispersion(&known, 0.1).ok();
    let tau2 = over.as_ref().map_or(0.0, |over| over.tau_squared);
    let standing = |(z, s): (f64, f64)| {
        let z_adjusted = z * s / (s * s + tau2).sqrt();
        let p_adjusted = maths::normal_two_sided(z_adjusted);
        Standing { z, z_adjusted, p_adjusted, flag: flag(z), flag_adjusted: flag(z_adjusted) }
    };
    (found.into_iter().map(|unit| unit.map(standing)).collect(), over)
}

/// z and standard error of a unit, on the scale on which it is compared.
fn distance((unit, all): (&Compared<'_>, &Compared<'_>), centre: f64, target: f64) -> Option<(f64, f64)> {
    let (value, s, n) = match unit {
        Compared::Percentile(readings) => {
            let n = cases(readings);
            // More cases at or below the group's percentile is a lower figure.
            (2.0 * target - up_to(readings, centre), (target * (1.0 - target) / n.max(1) as f64).sqrt(), n)
        }
        Compared::Ratio(sums) => {
            let ratio = sums.ratio()?;
            let error = sums.error(ratio);
            let error = if error > 0.0 { error } else { of_group(sums, all, centre) };
            (ratio, error, sums.cases)
        }
    };
    (n >= LEAST_FOR_NORMAL && s > 0.0).then(|| ((value - target) / s, s))
}

/// The standard error of sums whose cases are all alike, by how the group's cases vary about its ratio, each by what it is worth.
fn of_group(own: &Sums, all: &Compared<'_>, centre: f64) -> f64 {
    let Compared::Ratio(all) = all else { return 0.0 };
    let each = all.error(centre) * all.whole as f64 / (all.whole_squared as f64).sqrt();
    let error = each * (own.whole_squared as f64).sqrt() / own.whole as f64;
    if error.is_finite() { error } else { 0.0 }
}

fn flag(z: f64) -> Flag {
    match z {
        z if z > super::Z_998 => Flag::High998,
        z if z < -super::Z_998 => Flag::Low998,
        z if z > super::Z_95 => Flag::High95,
        z if z < -super::Z_95 => Flag::Low95,
        _ => Flag::Within,
    }
}

/// The share of cases below a value, and half of those equal to it.
fn up_to(readings: &[Reading], value: f64) -> f64 {
    let part = readings.iter().map(|reading| match (reading.value as f64).total_cmp(&value) {
        std::cmp::Ordering::Less => reading.cases as f64,
        std::cmp::Ordering::Equal => reading.cases as f64 / 2.0,
        std::cmp::Ordering::Greater => 0.0,
    });
    maths::total(part) / cases(readings).max(1) as f64
}

fn cases(readings: &[Reading]) -> u64 {
    readings.iter().fold(0, |sum, reading| sum.saturating_add(reading.cases))
}

fn in_order(readings: &[Reading]) -> Vec<Reading> {
    let mut ordered = readings.to_vec();
    ordered.sort_by_key(|reading| reading.value);
    ordered
}

/// The value in this place, counted from 1, of readings in order.
fn nth(ordered: &[Reading], place: u64) -> Option<i64> {
    let mut before = 0_u64;
    let found = ordered.iter().find(|reading| {
        before = before.saturating_add(reading.cases);
        before >= place
    })?;
    (place > 0).then_some(found.value)
}

/// Linear between order statistics, at `h = (n-1)q`.
fn between(ordered: &[Reading], n: u64, per_mille: u16) -> Option<f64> {
    let steps = u128::from(n - 1) * u128::from(per_mille);
    let below = u64::try_from(steps / 1000).ok()? + 1;
    let (a, b) = (nth(ordered, below)?, nth(ordered, (below + 1).min(n))?);
    let part = (steps % 1000) as f64 / 1000.0;
    Some(a as f64 + (b as f64 - a as f64) * part)
}
