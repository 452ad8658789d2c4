//! What is counted of a share of cases.

use crate::audit::clusters::OfClusters;
use crate::audit::group::Group;
use crate::audit::measures::{MeasureTally, Part, sum};
use crate::results::Counts;
use serde::{Deserialize, Serialize};

/// Counts by organisation, period and group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfMeasure {
    /// Its name in the rule.
    pub name: String,
    /// By organisation and first day of the period.
    cells: Vec<(Option<String>, Option<i64>, Counts)>,
    unset: Vec<Option<String>>,
    clusters: OfClusters,
    clusters_of: Vec<(String, OfClusters)>,
    /// By split and group.
    strata: Vec<Vec<OfPart>>,
    /// By split, group and organisation: met, and of how many.
    mixes: Vec<Vec<OfGroup>>,
}

/// A group, its counts, and by organisation where each has to make a setting of its own.
type OfPart = (Group, Counts, OfClusters, Vec<(Option<String>, Counts)>);

type OfGroup = (Group, Vec<(String, [u64; 2])>);

impl OfMeasure {
    pub(in crate::audit) fn of(tally: &MeasureTally<'_>) -> OfMeasure {
        let cells = tally.cells().map(|(code, period, counts)| (code.cloned(), period, counts));
        let clusters_of = tally.clusters_of.iter().map(|(code, clusters)| (code.clone(), clusters.counted()));
        let strata = tally.strata.iter().map(|split| {
            let part = |part: &Part| part.of.iter().map(|(code, counts)| (code.clone(), *counts)).collect();
            split.iter().map(|(group, of)| (group.clone(), of.counts, of.clusters.counted(), part(of))).collect()
        });
        let mixes = tally.mixes.iter().map(|split| {
            let by_code = split.iter().map(|(group, mix)| {
                (group.clone(), mix.iter().map(|(code, counts)| (code.clone(), *counts)).collect())
            });
            by_code.collect()
        });
        OfMeasure {
            name: tally.measure.name.clone(),
            cells: cells.collect(),
            unset: tally.unset.iter().cloned().collect(),
            clusters: tally.clusters.counted(),
            clusters_of: clusters_of.collect(),
            strata: strata.collect(),
            mixes: mixes.collect(),
        }
    }

    pub(in crate::audit) fn to(&self, tally: &mut MeasureTally<'_>) -> Option<()> {
        let alike = self.strata.len() == tally.strata.len() && self.mixes.len() == tally.mixes.len();
        if self.name != tally.measure.name || !alike {
            return None;
        }
        for (code, period, counts) in &self.cells {
            tally.take(code.as_ref(), *period, counts);
        }
        tally.unset.extend(self.unset.iter().cloned());
        tally.clusters.take(&self.clusters);
        self.clusters_of.iter().for_each(|(code, clusters)| tally.clusters_of.of(code).take(clusters));
        for (split, groups) in tally.strata.iter_mut().zip(&self.strata) {
            for (group, counts, clusters, of) in groups {
                let part = split.of(group);
                sum(&mut part.counts, counts);
                part.clusters.take(clusters);
                of.iter().for_each(|(code, own)| sum(part.of.entry(code.clone()).or_default(), own));
            }
        }
        for (split, groups) in tally.mixes.iter_mut().zip(&self.mixes) {
            for (group, codes) in groups {
                let mix = split.of(group);
                for (code, [met, of]) in codes {
                    let [all_met, all] = mix.of(code);
                    (*all_met, *all) = (*all_met + met, *all + of);
                }
            }
        }
        Some(())
    }
}
