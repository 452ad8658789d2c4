//! Over-dispersion: how much more units differ than chance allows.
//!
//! Spiegelhalter (2005, 2012): the z values are winsorised, φ is the mean of
//! their squares, and the between-unit variance τ² has the DerSimonian–Laird form:
//!
//! ```text
//! φ  = Σ z² / k
//! τ² = 0 if kφ < k-1, else max(0, (kφ - (k-1)) / (W1 - W2/W1)),  W1 = Σ 1/s², W2 = Σ 1/s⁴
//! ```

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
