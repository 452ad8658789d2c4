//! The constants and rules of published tools, which disagree.

use serde::Serialize;

use crate::variation::special_cause::{Rules, TwoInThree};

/// The constants and rules of one published tool.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Profile {
    /// The name to print on the chart.
    pub name: &'static str,
    /// Distance of a limit from the mean, in mean moving ranges.
    pub limit_factor: f64,
    /// Leave out moving ranges of at least this many times their mean, once.
    pub screen_above: Option<f64>,
    /// Points in a run on one side of the mean.
    pub shift_length: usize,
    /// Points in a trend.
    pub trend_length: usize,
    /// Which points the 2-in-3 rule counts.
    pub two_in_three: TwoInThree,
    /// A group with fewer points than this has "trial limits".
    pub trial_below: usize,
}

impl Profile {
    /// NHSRplotthedots, which the NHS rules of 7 and 7 rest on. The default.
    pub const MAKING_DATA_COUNT: Profile = Profile {
        name: "NHS Making Data Count (NHSRplotthedots)",
        limit_factor: 2.66,
        screen_above: Some(3.267),
        shift_length: 7,
        trend_length: 7,
        two_in_three: TwoInThree::AllThreeOnOneSide,
        trial_below: 12,
    };
    /// The Making Data Count spreadsheet: as the default, without screening.
    pub const SPREADSHEET: Profile =
        Profile { name: "NHS Making Data Count (spreadsheet)", screen_above: None, ..Profile::MAKING_DATA_COUNT };
    /// PowerBI-SPC with its rule lengths at 7.
    pub const POWER_BI: Profile = Profile {
        name: "PowerBI-SPC",
        limit_factor: 3.0 / 1.128,
        screen_above: None,
        two_in_three: TwoInThree::TwoOnOneSide,
        ..Profile::MAKING_DATA_COUNT
    };
    /// abspc 1.1.0: a shift of 8, a trend of 6.
    pub const ABSPC: Profile = Profile {
        name: "abspc 1.1.0",
        limit_factor: 3.0 / 1.128,
        screen_above: None,
        shift_length: 8,
        trend_length: 6,
        two_in_three: TwoInThree::AllThreeOnOneSide,
        trial_below: 15,
    };

    pub(super) fn rules(&self) -> Rules {
        Rules { trend_length: self.trend_length, shift_length: self.shift_length, two_in_three: self.two_in_three }
    }
}

impl Default for Profile {
    fn default() -> Self {
        Profile::MAKING_DATA_COUNT
    }
}
