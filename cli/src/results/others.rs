//! The others that an organisation is held against: those that take part in the group's rate.

use super::measure::{MeasureResult, OrganisationRate};

impl MeasureResult {
    /// The others that an organisation is held against are all but these: itself, and those that take no part in the group's rate.
    fn not_others<'m>(&'m self, of: &'m OrganisationRate) -> impl Iterator<Item = &'m OrganisationRate> {
        let apart = self.funnel.iter().flat_map(|funnel| &funnel.apart).filter(|code| **code != of.code);
        // They are in order of their codes.
        let found = |code: &String| self.organisations.binary_search_by(|other| other.code.cmp(code)).ok();
        let apart = apart.filter_map(move |code| self.organisations.get(found(code)?));
        std::iter::once(of).chain(apart)
    }

    /// The rate of those of the others that are decided.
    #[must_use]
    pub fn others_decided(&self, of: &OrganisationRate) -> Option<f64> {
        let left_out = self.not_others(of).map(|other| self.decided(&other.counts));
        let [met, all] = left_out.fold(self.decided(&self.total), |[met, all], [own_met, own]| {
            [met.saturating_sub(own_met), all.saturating_sub(own)]
        });
        (all > 0 && self.total.rate.is_some()).then(|| met.min(all) as f64 / all as f64)
    }

    /// How many of the others documented reasons excuse, and how many are in their denominators.
    #[must_use]
    pub fn others_excluded(&self, of: &OrganisationRate) -> [u64; 2] {
        let all = [self.total.excluded, self.total.denominator];
        self.not_others(of).fold(all, |[excluded, cases], other| {
            [excluded.saturating_sub(other.counts.excluded), cases.saturating_sub(other.counts.denominator)]
        })
    }
}
