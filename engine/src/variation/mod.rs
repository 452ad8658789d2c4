//! How organisations differ: the statistics of an audit.
//!
//! Everything here is a pure function from counts, values and times to plain
//! results. Sums run in the order of the input and are compensated, sorting is
//! by `total_cmp`, and `ln`, `exp`, `sin`, `asin` and `erfc` come from `libm`
//! rather than from the platform, so that the same figures come out on every
//! machine. No function returns a NaN: what cannot be computed is `None`, and
//! input that makes no sense is a [`Fault`].

mod discrete;
mod funnel_limits;
mod maths;
mod random_intercept;
mod special_cause;

pub mod attribute_chart;
pub mod bounded;
pub mod clustered;
pub mod control_chart;
pub mod crowded;
pub mod delays;
pub mod disclosure;
pub mod evidence;
pub mod figures;
pub mod funnel;
pub mod funnel_within;
pub mod heterogeneity;
pub mod multiple_testing;
pub mod overdispersion;
pub mod proportion;
pub mod shifted;
pub mod sketch;
pub mod spread;
pub mod standardise;

pub use special_cause::{Cause, Direction, Rule, Side, Signal, TwoInThree};

use serde::Serialize;

/// Why a statistic was refused. `index` is the position in the input, from 0.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum Fault {
    /// There is nothing to compute from: no rows, or no row with a denominator.
    NoData,
    /// A value is infinite or not a number.
    NotFinite {
        /// Position of the value in the input.
        index: usize,
    },
    /// A value that must lie between 0 and 1 does not.
    NotAProbability {
        /// Position of the value in the input.
        index: usize,
    },
    /// A size is above [`LARGEST`], or a distance from a target further than that.
    TooLarge {
        /// Position of the value in the input.
        index: usize,
    },
    /// A numerator is larger than its denominator.
    NumeratorExceedsDenominator {
        /// Position of the row in the input.
        index: usize,
    },
    /// A value that must be above 0 is not.
    NotPositive {
        /// Position of the value in the input.
        index: usize,
    },
    /// No case has the event, or every case has it: there is no spread to estimate.
    NoVariation,
    /// An option is outside the range its documentation gives.
    BadOption {
        /// Name of the option.
        name: &'static str,
    },
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Fault::NoData => write!(f, "there is nothing to compute from"),
            Fault::NotFinite { index } => write!(f, "value {index} is not a finite number"),
            Fault::NotAProbability { index } => {
                write!(f, "value {index} is not between 0 and 1")
            }
            Fault::TooLarge { index } => write!(f, "value {index} is too large"),
            Fault::NumeratorExceedsDenominator { index } => {
                write!(f, "in row {index} the numerator exceeds the denominator")
            }
            Fault::NotPositive { index } => write!(f, "value {index} is not above 0"),
            Fault::NoVariation => write!(f, "no case has the event, or every case has it"),
            Fault::BadOption { name } => write!(f, "the option {name} is out of range"),
        }
    }
}

impl std::error::Error for Fault {}

/// A range with its two ends, both included, in the unit of the estimate.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Interval {
    /// The lower end.
    pub lower: f64,
    /// The upper end.
    pub upper: f64,
}

/// The largest size (cases, expected events, exposure) that is computed with; no
/// register comes near, and beyond it squares would overflow.
pub const LARGEST: f64 = 1e15;

/// Two-sided normal deviate of the 95 % level: 1.959964.
pub const Z_95: f64 = 1.959_963_984_540_054;
/// Two-sided normal deviate of the 99.8 % level: 3.090232.
pub const Z_998: f64 = 3.090_232_306_167_813_5;

/// The two-sided normal deviate of a confidence level, e.g. 0.95 gives 1.959964.
///
/// `None` unless `0 < level < 1`.
pub fn normal_deviate(level: f64) -> Option<f64> {
    if !(level > 0.0 && level < 1.0) {
        return None;
    }
    if (level - 0.95).abs() < 1e-12 {
        Some(Z_95)
    } else if (level - 0.998).abs() < 1e-12 {
        Some(Z_998)
    } else {
        Some(maths::normal_quantile(0.5 + level / 2.0))
    }
}
