//! A rate over time, as a control chart shows it.

use serde::{Deserialize, Serialize};

/// A control chart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ControlChart {
    /// Organisation code, or none for all together.
    pub organisation: Option<String>,
    /// Method in words, with its profile.
    pub method: String,
    /// Centre line and limits.
    pub mean: f64,
    /// Lower process limit.
    pub lower: f64,
    /// Upper process limit.
    pub upper: f64,
    /// Points by month.
    pub points: Vec<ChartPoint>,
    /// Variation icon in words: `common cause`, `special cause, improvement`, …
    pub variation: String,
    /// Assurance icon in words, where there is a target: `consistently fails`, `hit and miss`, …
    pub assurance: Option<String>,
    /// Too few points for firm limits.
    pub trial_limits: bool,
}

/// A point of a control chart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChartPoint {
    /// `2016-04`
    pub period: String,
    /// Counts behind it.
    pub numerator: u64,
    /// Of how many.
    pub denominator: u64,
    /// Rate.
    pub value: f64,
    /// Special cause in words, if any: `outside limits`, `trend of 7` …
    pub special_cause: Option<String>,
    /// Whether that is `improvement`, `concern` or neither.
    pub direction: Option<String>,
}
