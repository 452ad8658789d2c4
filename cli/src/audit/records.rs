//! How much records tell that each hold ready-made counts: of all together, and of each organisation by its own.

use super::by_code::ByCode;
use super::clusters::{Clusters, of_own, of_records};
use super::part::Part;
use super::strata::StratumTally;
use std::collections::BTreeMap;

/// What is summed of the records of a measure.
pub(super) struct Records<'r, 'a> {
    pub(super) all: &'r Clusters,
    pub(super) by_code: &'r ByCode<Clusters>,
    pub(super) strata: &'r [StratumTally<'a, Part>],
}

impl Records<'_, '_> {
    /// By how much less than so many cases they tell; nothing where that is no less.
    pub(super) fn effect(&self) -> Option<f64> {
        let splits = self.strata.iter().map(|split| split.iter().map(|(_, part)| &part.clusters).collect());
        of_records(self.by_code.iter().map(|(_, own)| own), self.all, splits)
    }

    /// The same of each organisation.
    pub(super) fn effects(&self) -> BTreeMap<String, f64> {
        // Where they tell as much as cases would, the effect is 1.
        let all = self.effect().unwrap_or(1.0);
        let own = self.by_code.iter().map(|(code, own)| {
            let splits = self.strata.iter().map(|split| {
                split.iter().filter_map(|(_, part)| part.clusters_of.get(code)).collect::<Vec<&Clusters>>()
            });
            (code.clone(), of_own(own, splits, (all, self.all)))
        });
        own.collect()
    }
}
