//! Groups of few cases that only an export names (a text, a code that came with the cases), put together: under small-number control no
//! report says who they are. Of groups that the rule itself names, and of organisations, a count of 1 to 7 is suppressed, and the name tells
//! nobody anything.

use super::disclose::MOST_SUPPRESSED;
use super::estimate::Pile;
use super::figures::FigureTally;
use super::measures::MeasureTally;
use super::mix;
use super::part::Part;
use super::unset;
use crate::results::Counts;

impl MeasureTally<'_> {
    /// Puts the few together, in its splits and in what tells who the cases of organisations are.
    pub(super) fn pool(&mut self) {
        let against = self.measure.unknown_counts_against;
        for split in &mut self.strata {
            let cases = |part: &Part| of_counts(&unset::of_part(&self.unset, &part.counts, &part.of), against);
            let few = split.few(self.plan, |part| cases(part) <= MOST_SUPPRESSED);
            if few.is_empty() {
                continue;
            }
            for mix in self.mixes.iter_mut().filter(|mix| mix.is_as(split)) {
                *mix = mix.put_together(&few, mix::take);
            }
            *split = split.put_together(&few, |all, own| all.take(own));
        }
    }
}

impl FigureTally<'_> {
    /// Puts the few together.
    pub(super) fn pool(&mut self) {
        let is_few = |part: &_| of_pile(&self.of_part(part)) <= MOST_SUPPRESSED;
        let few: Vec<_> = self.strata.iter().map(|split| split.few(self.plan, is_few)).collect();
        for (split, few) in self.strata.iter_mut().zip(&few) {
            *split = split.put_together(few, |all, own| all.take(own));
        }
    }
}

/// All cases of a group, each once.
fn of_counts(counts: &Counts, against: bool) -> u64 {
    let unknown = if against { 0 } else { counts.unknown };
    counts.denominator + counts.excluded + counts.open + unknown
}

fn of_pile(pile: &Pile) -> u64 {
    pile.cases() + pile.unknown.saturating_sub(pile.against) + pile.excluded + pile.open + pile.without
}
