//! What is counted of a share of cases.

use crate::audit::adds::sum;
use crate::audit::clusters::OfClusters;
use crate::audit::group::Group;
use crate::audit::measures::MeasureTally;
use crate::audit::part::Part;
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
type OfPart = (Group, Counts, OfClusters, Vec<(Option<String>, Counts)>, Vec<(String, OfClusters)>);

type OfGroup = (Group, Vec<(String, [u64; 2])>);

impl OfMeasure {
    pub(in crate::audit) fn of(tally: &MeasureTally<'_>) -> OfMeasure {
        let cells = tally.cells().map(|(code, period, counts)| (code.cloned(), period, counts));
        let (clusters, clusters_of) = if tally.is_clustered() {
            let of = tally.clusters_of.iter().map(|(code, clusters)| (code.clone(), clusters.counted()));
            (tally.clusters.counted(), of.collect())
        } else {
            single(tally)
        };
        let strata = tally.strata.iter().map(|split| {
            let part = |part: &Part| part.of.iter().map(|(code, counts)| (code.clone(), *counts)).collect();
            let sums = |part: &Part| match tally.is_clustered() {
                true => part.clusters.counted(),
                false => OfClusters::of_single(&part.counts),
            };
            let records =
                |part: &Part| part.clusters_of.iter().map(|(code, own)| (code.clone(), own.counted())).collect();
            split.iter().map(|(group, of)| (group.clone(), of.counts, sums(of), part(of), records(of))).collect()
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
            clusters,
            clusters_of,
            strata: strata.collect(),
            mixes: mixes.collect(),
        }
    }

    /// Counts by organisation and period.
    pub(super) fn by_cell(&self) -> impl Iterator<Item = &Counts> {
        self.cells.iter().map(|(_, _, counts)| counts)
    }

    /// Of each split the counts of its groups.
    pub(super) fn by_split(&self) -> impl Iterator<Item = impl Iterator<Item = &Counts>> {
        self.strata.iter().map(|groups| groups.iter().map(|(_, counts, ..)| counts))
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
        // Where a case is one judgement, the counts say as much.
        let clustered = tally.is_clustered();
        if clustered {
            tally.clusters.take(&self.clusters);
            self.clusters_of.iter().for_each(|(code, clusters)| tally.clusters_of.of(code).take(clusters));
        }
        for (split, groups) in tally.strata.iter_mut().zip(&self.strata) {
            for (group, counts, clusters, of, records) in groups {
                let part = split.of(group);
                sum(&mut part.counts, counts);
                if clustered {
                    part.clusters.take(clusters);
                    records.iter().for_each(|(code, own)| part.clusters_of.of(code).take(own));
                }
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

/// What is summed of judgements where each case is one: of all, and by organisation.
fn single(tally: &MeasureTally<'_>) -> (OfClusters, Vec<(String, OfClusters)>) {
    let (mut all, mut by_code) = (Counts::default(), Vec::<(&String, Counts)>::new());
    // Those of one organisation come one after the other.
    for (code, _, counts) in tally.cells() {
        sum(&mut all, &counts);
        match (by_code.last_mut(), code) {
            (_, None) => {}
            (Some((last, own)), Some(code)) if *last == code => sum(own, &counts),
            (_, Some(code)) => by_code.push((code, counts)),
        }
    }
    let of = by_code.into_iter().map(|(code, counts)| (code.clone(), OfClusters::of_single(&counts)));
    (OfClusters::of_single(&all), of.collect())
}
