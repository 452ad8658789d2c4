//! What was counted of some cases of an export, added to what was counted of others of it. Each count is named, so that none is forgotten.

use super::figures::{self, FigureTally};
use super::measures::MeasureTally;
use super::mix;
use super::part::Part;

impl MeasureTally<'_> {
    /// Adds all that was counted of other cases of the export.
    pub(super) fn take_all(&mut self, other: MeasureTally<'_>) {
        other.cells().for_each(|(code, period, counts)| self.take(code, period, &counts));
        // What the cells are made of, and what is the same of all, goes.
        #[rustfmt::skip]
        let MeasureTally {
            plan: _, measure: _, each: _, calendar: _, required: _, periods: _, unnamed: _, places: _, named: _,
            unset, strata, mixes, clusters, clusters_of, review,
        } = other;
        self.unset.extend(unset);
        for (own, other) in self.strata.iter_mut().zip(&strata) {
            own.take(other, Part::take);
        }
        for (own, other) in self.mixes.iter_mut().zip(&mixes) {
            own.take(other, mix::take);
        }
        self.clusters.take(&clusters.counted());
        self.clusters_of.take(&clusters_of, |sums, own| sums.take(&own.counted()));
        self.review.take(review);
    }
}

impl FigureTally<'_> {
    /// Adds the numbers of other cases of the export.
    pub(super) fn take(&mut self, other: FigureTally<'_>) {
        let FigureTally { plan: _, measure: _, calendar: _, required: _, cells, unset, strata } = other;
        for (place, pile) in &cells {
            self.cells.entry(place.clone()).or_default().take(pile);
        }
        self.unset.extend(unset);
        for (own, other) in self.strata.iter_mut().zip(&strata) {
            own.take(other, figures::Part::take);
        }
    }
}
