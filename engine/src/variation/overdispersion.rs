//! Over-dispersion: how much more units differ than chance allows, and which of them make it so.
//!
//! Two estimates of the between-unit variance τ². That of Spiegelhalter (2005, 2012): the z values are winsorised, φ is the mean of
//! their squares, and the between-unit variance τ² has the DerSimonian–Laird form:
//!
//! ```text
//! φ  = Σ z² / k
//! τ² = 0 if kφ < k-1, else max(0, (kφ - (k-1)) / (W1 - W2/W1)),  W1 = Σ 1/s², W2 = Σ 1/s⁴
//! ```
//!
//! The other uses the middle half alone, so that up to a quarter of the units may stand apart without widening the limits that are to show
//! them: τ² is where the median of `|z| s / √(s² + τ²)` is that of chance, 0.6745 (the median absolute deviation of Hampel 1974 as an
//! estimating equation), with `z` from the median unit. Whether a unit lies beyond that spread is then asked from the median unit as well: the rate of all
//! together is where one large unit takes it, and all others may lie beyond their own spread of that. tests/oracle/overdispersion.py
//! compares the two; docs/auditing.md has its table.

use serde::Serialize;

use super::{Fault, LARGEST, maths};

/// The excess spread of a set of z values.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct OverDispersion {
    /// Number of units.
    pub units: usize,
    /// The mean of squared winsorised z: 1 where chance alone explains the spread.
    pub phi: f64,
    /// The between-unit variance on the scale of the funnel, not below 0.
    pub tau_squared: f64,
    /// z values below this were moved up to it.
    pub winsor_lower: f64,
    /// z values above this were moved down to it.
    pub winsor_upper: f64,
}

/// How τ² is estimated.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SpreadEstimate {
    /// From winsorised squares (DerSimonian–Laird form).
    Winsorised,
    /// From the middle half of the units.
    Middle,
}

/// The median of |Z| where Z is standard normal.
const MIDDLE: f64 = 0.674_489_750_196_081_7;

/// By how much the median absolute deviation of few values falls short of that of many (Croux & Rousseeuw 1992, "Time-efficient algorithms
/// for two highly robust estimators of scale").
fn shortfall(units: usize) -> f64 {
    const OF_FEW: [f64; 8] = [1.196, 1.495, 1.363, 1.206, 1.200, 1.140, 1.129, 1.107];
    let few = units.checked_sub(2).and_then(|place| OF_FEW.get(place).copied());
    few.unwrap_or_else(|| units as f64 / (units as f64 - 0.8))
}

/// What the median of so many distances in standard errors is by chance.
pub(super) fn usually(units: usize) -> f64 {
    MIDDLE / shortfall(units)
}

/// τ² from the middle half: see the head of this file, 0 where that differs no more than by chance; and how far the median unit, about which it is, lies from
/// where z is 0.
pub(super) fn of_the_middle(units: &[(f64, f64)]) -> (f64, f64) {
    let off: Vec<f64> = units.iter().map(|(z, s)| z * s).collect();
    let Some(centre) = maths::quantile(&maths::sorted(&off), 0.5) else { return (0.0, 0.0) };
    let usual = usually(units.len());
    let excess = |tau_squared: f64| {
        let apart = units.iter().zip(&off).map(|((_, s), off)| (off - centre).abs() / (s * s + tau_squared).sqrt());
        maths::quantile(&maths::sorted(&apart.collect::<Vec<_>>()), 0.5).map_or(0.0, |median| median - usual)
    };
    if excess(0.0) <= 0.0 {
        return (0.0, centre);
    }
    let most = off.iter().map(|off| (off - centre) * (off - centre)).fold(0.0, f64::max) / (usual * usual);
    (maths::root(0.0, most, 1e-12, excess), centre)
}

/// φ and τ² from each unit's z value and standard error `s` on the same scale.
///
/// `trim` is the share winsorised at *each* end (0.1 in NHS use; 0 to below 0.5),
/// between R's type-7 quantiles. Needs at least two units.
pub fn over_dispersion(units: &[(f64, f64)], trim: f64) -> Result<OverDispersion, Fault> {
    if !(0.0..0.5).contains(&trim) {
        return Err(Fault::BadOption { name: "trim" });
    }
    for (index, (z, s)) in units.iter().enumerate() {
        if !z.is_finite() || !s.is_finite() {
            return Err(Fault::NotFinite { index });
        }
        if *s <= 0.0 {
            return Err(Fault::NotPositive { index });
        }
        if z.abs() > LARGEST || *s > LARGEST || *s < 1.0 / LARGEST {
            return Err(Fault::TooLarge { index });
        }
    }
    if units.len() < 2 {
        return Err(Fault::NoData);
    }
    let z: Vec<f64> = units.iter().map(|(z, _)| *z).collect();
    let ordered = maths::sorted(&z);
    let winsor_lower = maths::quantile(&ordered, trim).ok_or(Fault::NoData)?;
    let winsor_upper = maths::quantile(&ordered, 1.0 - trim).ok_or(Fault::NoData)?;
    let squares = maths::total(z.iter().map(|z| {
        let z = z.max(winsor_lower).min(winsor_upper);
        z * z
    }));
    let k = units.len() as f64;
    let weights: Vec<f64> = units.iter().map(|(_, s)| 1.0 / (s * s)).collect();
    let w1 = maths::total(weights.iter().copied());
    let w2 = maths::total(weights.iter().map(|w| w * w));
    let spare = w1 - w2 / w1;
    let tau_squared = if spare > 0.0 { ((squares - (k - 1.0)) / spare).max(0.0) } else { 0.0 };
    Ok(OverDispersion { units: units.len(), phi: squares / k, tau_squared, winsor_lower, winsor_upper })
}
