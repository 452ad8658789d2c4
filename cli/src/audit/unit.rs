//! What is compared: an organisation with its counts.

use super::disclose::Disclosure;
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

/// The counts of the least rate that some counts may stand for, and of the greatest.
pub(super) fn bounds(counts: &Counts, disclosure: &Disclosure) -> [Proportion; 2] {
    let (least, most) = (disclosure.least(counts.denominator), disclosure.most(counts.denominator));
    let low = Proportion { numerator: disclosure.least(counts.numerator).min(most), denominator: most };
    [low, Proportion { numerator: disclosure.most(counts.numerator).min(least), denominator: least }]
}
