//! p and u control charts, and Laney's p' and u' for large denominators.
//!
//! With `y` the rate, `n` its denominator and `c = Σ events / Σ denominators`:
//!
//! ```text
//! p   sd = √(c(1-c)/n), limits clamped to 0..1      u   sd = √(c/n), not below 0
//! p', u'  z = (y - c)/sd, σz = mean |z(i) - z(i-1)| / 1.128, sd becomes sd · σz
//! limits = c ± 3 sd, near limits c ± 2 sd
//! ```
//!
//! Shewhart's p and u charts as in Montgomery, "Introduction to Statistical
//! Quality Control"; the primes in Laney (2002), Quality Engineering 14(4).
//! Ordinary limits assume that chance is binomial or Poisson and become too
//! narrow once denominators reach about 1,000.

use serde::Serialize;

use super::control_chart::{Limits, Profile};
use super::proportion::Proportion;
use super::special_cause::{Cause, Direction, Position, Rules, Signal, signals};
use super::{Fault, LARGEST, maths};

/// Number of events over an exposure, such as falls per 1,000 bed days.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct EventRate {
    /// How many events.
    pub events: u64,
    /// The exposure, above 0, in the unit the rate is quoted per.
    pub exposure: f64,
}

/// Whether limits are widened (or narrowed) by σz.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Prime {
    /// Ordinary limits.
    Never,
    /// Laney's limits.
    Always,
    /// Laney's limits where σz is above 1.1, the choice of the audit.
    WhenOverDispersed,
}

/// The σz above which [`Prime::WhenOverDispersed`] chooses Laney's limits.
pub const OVER_DISPERSED_ABOVE: f64 = 1.1;

/// One period of a p or u chart.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct AttributePoint {
    /// How many events.
    pub events: u64,
    /// The denominator: cases, or exposure.
    pub denominator: f64,
    /// Events per unit of the denominator.
    pub rate: f64,
    /// The limits at this denominator.
    pub limits: Limits,
    /// The special cause, if any.
    pub signal: Option<Signal>,
    /// What it means, given which way is better.
    pub cause: Cause,
}

/// A p, p', u or u' chart.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AttributeChart {
    /// `p`, `p'`, `u` or `u'`.
    pub kind: &'static str,
    /// The centre line: all events over all denominators.
    pub centre: f64,
    /// Laney's σz: 1 where chance alone explains the spread. `None` with fewer
    /// than two points or where every rate is 0 or 1.
    pub sigma_z: Option<f64>,
    /// The points in the order of the input.
    pub points: Vec<AttributePoint>,
    /// The variation icon: what the last point is.
    pub variation: Cause,
}

struct Row {
    events: u64,
    denominator: f64,
}

/// The p chart (or p') of proportions in order of time.
///
/// Rule lengths come from `profile`. A denominator of 0 is refused: leave the
/// period out and say so.
pub fn p_chart(
    series: &[Proportion],
    prime: Prime,
    direction: Direction,
    profile: &Profile,
) -> Result<AttributeChart, Fault> {
    let mut rows = Vec::with_capacity(series.len());
    for (index, p) in series.iter().enumerate() {
        if p.denominator == 0 {
            return Err(Fault::NotPositive { index });
        }
        if p.numerator > p.denominator {
            return Err(Fault::NumeratorExceedsDenominator { index });
        }
        rows.push(Row { events: p.numerator, denominator: p.denominator as f64 });
    }
    let variance = |centre: f64| centre * (1.0 - centre);
    chart(&rows, ("p", "p'"), 1.0, variance, (prime, direction, profile))
}

/// The u chart (or u') of event rates in order of time.
///
/// Rule lengths come from `profile`. An exposure that is not finite, below
/// 0.000000001 or above [`LARGEST`] is refused.
pub fn u_chart(
    series: &[EventRate],
    prime: Prime,
    direction: Direction,
    profile: &Profile,
) -> Result<AttributeChart, Fault> {
    let mut rows = Vec::with_capacity(series.len());
    for (index, r) in series.iter().enumerate() {
        if !r.exposure.is_finite() {
            return Err(Fault::NotFinite { index });
        }
        if r.exposure < 1e-9 {
            return Err(Fault::NotPositive { index });
        }
        if r.exposure > LARGEST {
            return Err(Fault::TooLarge { index });
        }
        rows.push(Row { events: r.events, denominator: r.exposure });
    }
    chart(&rows, ("u", "u'"), f64::MAX, |centre| centre, (prime, direction, profile))
}

fn chart(
    rows: &[Row],
    names: (&'static str, &'static str),
    most: f64,
    variance: impl Fn(f64) -> f64,
    (prime, direction, profile): (Prime, Direction, &Profile),
) -> Result<AttributeChart, Fault> {
    if rows.is_empty() {
        return Err(Fault::NoData);
    }
    let denominators = maths::total(rows.iter().map(|r| r.denominator));
    let centre = maths::total(rows.iter().map(|r| r.events as f64)) / denominators;
    let variance = variance(centre);
    let deviation = |row: &Row| (variance / row.denominator).sqrt();
    let sigma_z = sigma_z(rows, centre, deviation);
    let primed = match prime {
        Prime::Never => None,
        Prime::Always => sigma_z,
        Prime::WhenOverDispersed => sigma_z.filter(|s| *s > OVER_DISPERSED_ABOVE),
    };
    let limits = |row: &Row| {
        let sd = deviation(row) * primed.unwrap_or(1.0);
        let at = |k: f64| (centre + k * sd).clamp(0.0, most);
        Limits { lower: at(-3.0), upper: at(3.0), near_lower: at(-2.0), near_upper: at(2.0) }
    };
    let positions: Vec<Position> = rows.iter().map(|r| position(r, centre, limits(r))).collect();
    let rules = Rules {
        trend_length: profile.trend_length,
        shift_length: profile.shift_length,
        two_in_three: profile.two_in_three,
    };
    let points: Vec<AttributePoint> = rows
        .iter()
        .zip(signals(&positions, rules))
        .map(|(row, signal)| AttributePoint {
            events: row.events,
            denominator: row.denominator,
            rate: row.events as f64 / row.denominator,
            limits: limits(row),
            signal,
            cause: Cause::of(signal, direction),
        })
        .collect();
    let kind = if primed.is_some() { names.1 } else { names.0 };
    let variation = points.last().map_or(Cause::Common, |p| p.cause);
    Ok(AttributeChart { kind, centre, sigma_z, points, variation })
}

fn position(row: &Row, centre: f64, limits: Limits) -> Position {
    Position {
        value: row.events as f64 / row.denominator,
        centre,
        lower: limits.lower,
        upper: limits.upper,
        near_lower: limits.near_lower,
        near_upper: limits.near_upper,
    }
}

/// Laney's σz: the mean moving range of the z values over 1.128, unscreened.
fn sigma_z(rows: &[Row], centre: f64, deviation: impl Fn(&Row) -> f64) -> Option<f64> {
    let z: Vec<f64> = rows.iter().map(|r| (r.events as f64 / r.denominator - centre) / deviation(r)).collect();
    if z.iter().any(|z| !z.is_finite()) {
        return None;
    }
    let ranges: Vec<f64> = z.iter().zip(z.iter().skip(1)).map(|(a, b)| (b - a).abs()).collect();
    maths::mean(&ranges).map(|mean| mean / 1.128)
}
