//! Small numbers: the NHS disclosure-control scheme.
//!
//! 0 is shown; 1 to 7 are suppressed; 8 and over are rounded to the nearest 5;
//! rates come from the rounded figures, never from the true ones (NHS England,
//! Hospital Episode Statistics analysis guide). On by default below national level.

use serde::Serialize;

use super::proportion::Proportion;

/// The least count that is shown, apart from 0.
pub const LEAST_SHOWN: u64 = 8;
/// Counts are rounded to a multiple of this.
pub const ROUNDED_TO: u64 = 5;

/// The most that is suppressed.
pub const MOST_SUPPRESSED: u64 = LEAST_SHOWN - 1;
/// What stands for a count that is suppressed, where one has to: the middle of those that are.
pub const MIDDLE_OF_SUPPRESSED: u64 = LEAST_SHOWN / 2;
/// A count that is shown is no further than this from the exact one.
pub const FURTHEST_OFF: u64 = ROUNDED_TO / 2;

/// A count as a reader outside may see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "shown", content = "count", rename_all = "snake_case")]
pub enum Disclosed {
    /// 0, or rounded to the nearest 5.
    Count(u64),
    /// Between 1 and 7: not shown.
    Suppressed,
}

/// The count as the scheme shows it. `u64::MAX` and its neighbours round down.
pub fn disclose(count: u64) -> Disclosed {
    match count {
        0 => Disclosed::Count(0),
        1..LEAST_SHOWN => Disclosed::Suppressed,
        _ => {
            let below = count - count % ROUNDED_TO;
            let up = count % ROUNDED_TO > FURTHEST_OFF;
            let rounded = if up { below.saturating_add(ROUNDED_TO) } else { below };
            Disclosed::Count(rounded - rounded % ROUNDED_TO)
        }
    }
}

/// A proportion as a reader outside may see it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct DisclosedProportion {
    /// The numerator, rounded or suppressed.
    pub numerator: Disclosed,
    /// The denominator, rounded or suppressed.
    pub denominator: Disclosed,
    /// The rate of the rounded figures, 0 to 1; `None` when either is suppressed
    /// or the denominator is 0.
    pub rate: Option<f64>,
}

/// The proportion as the scheme shows it. An impossible one (numerator above
/// denominator) has no rate.
///
/// Rounding keeps order, so the rate never exceeds 1.
pub fn disclose_proportion(proportion: Proportion) -> DisclosedProportion {
    let numerator = disclose(proportion.numerator);
    let denominator = disclose(proportion.denominator);
    let rate = match (numerator, denominator) {
        (Disclosed::Count(numerator), Disclosed::Count(denominator)) => {
            proportion.rate().and_then(|_| Proportion { numerator, denominator }.rate())
        }
        _ => None,
    };
    DisclosedProportion { numerator, denominator, rate }
}
