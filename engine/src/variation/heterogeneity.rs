//! Whether units differ more than chance would have them: Pearson's χ² of the table of units by met and not met.
//!
//! ```text
//! X² = Σ (r - n c)² / (n c (1 - c)),  c = Σr / Σn,  k - 1 degrees of freedom
//! ```
//!
//! Units of which fewer than 5 are expected to be met, or not to be met, count as one unit together (Cochran 1954, "Some methods for
//! strengthening the common χ² tests"), so that the distribution holds.

use super::proportion::Proportion;
use statrs::function::gamma::checked_gamma_ur;

/// Fewer expected than this, of met or of not met, and a unit is put together with others like it.
const LEAST_EXPECTED: f64 = 5.0;

/// The p value of the test; none where fewer than two units are large enough to tell, and 1 where all were met or none.
#[must_use]
pub fn heterogeneity(units: &[Proportion]) -> Option<f64> {
    let sized = units.iter().filter(|unit| unit.rate().is_some());
    let sized: Vec<(f64, f64)> = sized.map(|unit| (unit.numerator as f64, unit.denominator as f64)).collect();
    let (met, cases) = sized.iter().fold((0.0, 0.0), |(met, cases), (r, n)| (met + r, cases + n));
    if sized.len() < 2 {
        return None;
    }
    if met <= 0.0 || met >= cases {
        return Some(1.0);
    }
    let rate = met / cases;
    let large = |n: f64| n * rate.min(1.0 - rate) >= LEAST_EXPECTED;
    let mut told: Vec<(f64, f64)> = sized.iter().copied().filter(|(_, n)| large(*n)).collect();
    let rest = sized.iter().filter(|(_, n)| !large(*n));
    let rest = rest.fold((0.0, 0.0), |(met, cases), (r, n)| (met + r, cases + n));
    if large(rest.1) {
        told.push(rest);
    }
    if told.len() < 2 {
        return None;
    }
    let squares = told.iter().map(|(r, n)| {
        let off = r - n * rate;
        off * off / (n * rate * (1.0 - rate))
    });
    let found = super::maths::total(squares);
    let freedom = (told.len() - 1) as f64;
    checked_gamma_ur(freedom / 2.0, found / 2.0).ok().map(|p| p.clamp(0.0, 1.0)).or(Some(if found > freedom {
        0.0
    } else {
        1.0
    }))
}
