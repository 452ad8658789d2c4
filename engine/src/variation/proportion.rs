//! A proportion and its interval.

use serde::Serialize;

use super::{Interval, normal_deviate};

/// A count out of a count: `numerator` of `denominator` cases.
///
/// The fields are open because an audit must be able to carry an impossible
/// pair (more events than cases) to the page that reports it; every function
/// here answers `None` to one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Proportion {
    /// How many met the condition.
    pub numerator: u64,
    /// How many could have.
    pub denominator: u64,
}

impl Proportion {
    /// The rate, 0 to 1; `None` if the denominator is 0 or less than the numerator.
    pub fn rate(self) -> Option<f64> {
        if self.denominator == 0 || self.numerator > self.denominator {
            return None;
        }
        Some(self.numerator as f64 / self.denominator as f64)
    }

    /// The score interval without continuity correction (Wilson 1927) at a
    /// confidence level such as 0.95:
    ///
    /// `(p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n)`
    ///
    /// `None` where [`rate`](Self::rate) is, or unless `0 < level < 1`. The lower
    /// end is exactly 0 when the numerator is 0, the upper exactly 1 when all met.
    pub fn wilson(self, level: f64) -> Option<Interval> {
        self.wilson_of_effective(level, 1.0)
    }

    /// The same where the cases are not independent, for a design effect of at least 1 (Rao and Scott 1992): n is the denominator
    /// divided by it. `None` for a smaller one.
    pub fn wilson_of_effective(self, level: f64, design_effect: f64) -> Option<Interval> {
        if !(design_effect.is_finite() && design_effect >= 1.0) {
            return None;
        }
        let p = self.rate()?;
        let z = normal_deviate(level)?;
        let n = self.denominator as f64 / design_effect;
        let scale = 1.0 + z * z / n;
        let centre = p + z * z / (2.0 * n);
        let half = z * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
        let lower = if self.numerator == 0 { 0.0 } else { ((centre - half) / scale).max(0.0) };
        let upper = if self.numerator == self.denominator { 1.0 } else { ((centre + half) / scale).min(1.0) };
        Some(Interval { lower, upper })
    }

    /// [`wilson`](Self::wilson) at 95 %, the interval of every rate in a report.
    pub fn wilson_95(self) -> Option<Interval> {
        self.wilson(0.95)
    }
}
