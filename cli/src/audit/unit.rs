//! What is compared: an organisation with its counts.

use super::disclose::{Disclosure, bounds};
use crate::results::Counts;
use concord_engine::variation::proportion::Proportion;

/// An organisation with its counts as they may be shown.
pub(super) struct Unit {
    pub(super) code: String,
    pub(super) counts: Counts,
    /// The counts of the least rate that these may stand for, and of the greatest: of how many, so many.
    pub(super) bounds: [Proportion; 2],
}

impl Unit {
    pub(super) fn of(code: String, counts: Counts, disclosure: &Disclosure) -> Unit {
        Unit { code, counts, bounds: bounds(&counts, disclosure) }
    }

    /// Whether it has a denominator, and a numerator of 1 to 7, which is suppressed.
    pub(super) fn is_suppressed(&self) -> bool {
        self.counts.hidden & 3 == 1
    }
}
