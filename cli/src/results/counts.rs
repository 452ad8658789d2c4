//! Counts of cases, and the rates made of them. A count that small-number control suppresses
//! stands as 0 with its bit set, and is `null` in JSON. Where the bit [`super::WITHHELD`] is set as well, whatever is hidden of the row may be 0, few or many.

use super::nulls::null_where_hidden;
use concord_engine::variation::disclosure;
use serde::{Deserialize, Serialize};

/// Cases by verdict; without disclosure control the seven add up to all cases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "VerdictsJson", into = "VerdictsJson")]
#[allow(missing_docs, reason = "the verdicts of the language")]
pub struct Verdicts {
    pub not_applicable: u64,
    pub excused: u64,
    pub met: u64,
    pub late: u64,
    pub missed: u64,
    pub open: u64,
    pub unknown: u64,
    /// Bit `i`: the count in place `i` lies between 1 and 7, stands here as 0 and must be shown as suppressed.
    pub hidden: u8,
}

impl Verdicts {
    /// The counts, in order of their places.
    #[must_use]
    pub fn each(&self) -> [u64; 7] {
        [self.not_applicable, self.excused, self.met, self.late, self.missed, self.open, self.unknown]
    }

    /// Of such a list, and which of it are hidden.
    #[must_use]
    pub fn of_each([not_applicable, excused, met, late, missed, open, unknown]: [u64; 7], hidden: u8) -> Verdicts {
        Verdicts { not_applicable, excused, met, late, missed, open, unknown, hidden }
    }
}

null_where_hidden!(Verdicts as VerdictsJson, u8, [not_applicable, excused, met, late, missed, open, unknown], {});

/// The counts behind a rate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "CountsJson", into = "CountsJson")]
pub struct Counts {
    /// Counted as met.
    pub numerator: u64,
    /// Of how many.
    pub denominator: u64,
    /// Excused, not in the denominator.
    pub excluded: u64,
    /// Not yet due, not in the denominator.
    pub open: u64,
    /// Unknown; whether they are in the denominator is the measure's policy.
    pub unknown: u64,
    /// The rate.
    pub rate: Option<Rate>,
    /// Bit `i`: the count in place `i` lies between 1 and 7, stands here as 0 and must be shown as suppressed.
    pub hidden: u8,
}

/// One in so many of the cases that would count may be open before those that are decided say little of all.
const MOST_OPEN: u64 = 20;

impl Counts {
    /// Of a number that is suppressed, the most that it may be.
    pub const MOST_SUPPRESSED: u64 = disclosure::MOST_SUPPRESSED;

    /// Whether so many cases are still open that their rate may turn out more than 5 points otherwise.
    #[must_use]
    pub fn is_unfinished(&self) -> bool {
        let open = self.most_open();
        open.saturating_mul(MOST_OPEN) > self.denominator.saturating_add(open)
    }

    /// The cases that are open; of a number that is suppressed the most.
    #[must_use]
    pub fn most_open(&self) -> u64 {
        if self.hidden & 1 << 3 == 0 { self.open } else { Counts::MOST_SUPPRESSED }
    }
}

null_where_hidden!(Counts as CountsJson, u8, [numerator, denominator, excluded, open, unknown], { rate: Option<Rate> });

/// A proportion with its interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "value and interval")]
pub struct Rate {
    pub value: f64,
    pub low: f64,
    pub high: f64,
}
