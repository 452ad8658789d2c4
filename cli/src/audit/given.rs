//! What a case adds to a figure.

use super::estimate::Pile;
use concord_engine::variation::figures::{Parts, Reading};

/// What a case adds.
pub(super) enum Given {
    Excluded,
    Open,
    Unknown,
    /// It counts, and has no number.
    Without,
    /// Counted against: its weight below the line.
    Against(i64),
    /// A number whose place among all counts.
    Reading(Reading),
    /// A number that is added up.
    Number(Reading),
    Parts(Parts),
}

impl Given {
    pub(super) fn to(&self, pile: &mut Pile) {
        match self {
            Given::Excluded => pile.excluded += 1,
            Given::Open => pile.open += 1,
            Given::Unknown => pile.unknown += 1,
            Given::Without => pile.without += 1,
            Given::Against(whole) => {
                pile.unknown += 1;
                pile.against += 1;
                pile.add(Parts { part: 0, whole: *whole });
            }
            Given::Reading(reading) => pile.readings.push(*reading),
            Given::Number(number) => pile.add_number(*number),
            Given::Parts(parts) => pile.add(*parts),
        }
    }
}
