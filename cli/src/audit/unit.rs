//! What is compared: an organisation with its counts.

use super::disclose::{Disclosure, bounds, rate, within};
use crate::results::Counts;
use concord_engine::variation::funnel_within::{SumWithin, UnitWithin};
use concord_engine::variation::proportion::Proportion;

/// An organisation with its counts as they may be shown.
pub(super) struct Unit {
    pub(super) code: String,
    pub(super) counts: Counts,
    /// The same as they are told, where `counts` are as many fewer as tell as much.
    pub(super) told: Counts,
    /// The counts of the least rate that these may stand for, and of the greatest: of how many, so many.
    pub(super) bounds: [Proportion; 2],
}

impl Unit {
    pub(super) fn of(code: String, counts: Counts, disclosure: &Disclosure) -> Unit {
        Unit { code, counts, told: counts, bounds: bounds(&counts, disclosure) }
    }

    /// The same, and whether it takes part in the rate and the spread of all.
    pub(super) fn within(&self, counts: bool) -> UnitWithin {
        UnitWithin { bounds: self.bounds, counts }
    }

    /// Whether it has a denominator, and a numerator of 1 to 7, which is suppressed.
    pub(super) fn is_suppressed(&self) -> bool {
        self.counts.hidden & 3 == 1
    }
}

/// All organisations together, as they may be shown.
pub(super) struct Whole {
    pub(super) counts: Counts,
    /// What they may be; none where they are no more than the sum of what is shown of each.
    pub(super) within: Option<SumWithin>,
}

impl Whole {
    pub(super) fn of(counts: Counts, disclosure: &Disclosure) -> Whole {
        Whole { counts, within: Some(within(&counts, disclosure)) }
    }

    /// What is left of them without some.
    pub(super) fn but<'u>(&self, apart: impl Iterator<Item = &'u Unit>, disclosure: &Disclosure) -> Option<SumWithin> {
        let apart = apart.map(|unit| within(&unit.counts, disclosure));
        let but = |all: (u64, u64), own: (u64, u64)| (all.0.saturating_sub(own.1), all.1.saturating_sub(own.0));
        Some(apart.fold(self.within?, |[met, of], [own_met, own]| [but(met, own_met), but(of, own)]))
    }
}

/// The sum of what is shown of those that have a rate, or one that is suppressed.
pub(super) fn summed<'u>(units: impl Iterator<Item = &'u Unit>, disclosure: &Disclosure) -> Counts {
    let rated = units.map(|unit| unit.counts).filter(|counts| counts.rate.is_some() || counts.hidden & 3 != 0);
    // What is suppressed counts as one that stands for it.
    let shown = |count: u64, hides: bool| if hides { disclosure.stand_in(1) } else { count };
    let [numerator, denominator] = rated.fold([0, 0], |[met, of], counts| {
        let own = [shown(counts.numerator, counts.hidden & 1 != 0), shown(counts.denominator, counts.hidden & 2 != 0)];
        [met + own[0], of + own[1]]
    });
    Counts { numerator, denominator, rate: rate(numerator, denominator), ..Counts::default() }
}
