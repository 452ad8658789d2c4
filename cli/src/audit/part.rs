//! What is counted of a group of a split of a measure.

use super::adds::sum;
use super::by_code::ByCode;
use super::clusters::Clusters;
use crate::results::Counts;
use std::collections::BTreeMap;

/// What is counted of a group of a split.
#[derive(Clone, Default)]
pub(super) struct Part {
    pub(super) counts: Counts,
    pub(super) clusters: Clusters,
    /// By organisation, of records that each hold ready-made counts.
    pub(super) clusters_of: ByCode<Clusters>,
    /// By organisation, where each has to make a setting of its own.
    pub(super) of: BTreeMap<Option<String>, Counts>,
}

impl Part {
    /// Adds what was counted of other cases.
    pub(super) fn take(&mut self, other: &Part) {
        sum(&mut self.counts, &other.counts);
        self.clusters.take(&other.clusters.counted());
        self.clusters_of.take(&other.clusters_of, |own, other| own.take(&other.counted()));
        for (code, counts) in &other.of {
            sum(self.of.entry(code.clone()).or_default(), counts);
        }
    }
}
