//! How many of each group each organisation has, as far as what a measure tells of who their cases are is made of it.

use super::adds::sum;
use super::disclose::Disclosure;
use super::measures::MeasureTally;
use super::mix;
use super::together::{GroupOf, MixOf};
use super::unset;
use crate::results::Counts;
use std::collections::{BTreeMap, BTreeSet};

impl MeasureTally<'_> {
    /// Of each split, as it may be told; which of them are used is known once organisations are compared.
    pub(super) fn mixed(&self, disclosure: &Disclosure) -> Vec<MixOf> {
        if self.mixes.is_empty() {
            return Vec::new();
        }
        let mut organisations: BTreeMap<&String, Counts> = BTreeMap::new();
        for (code, _, counts) in self.cells().filter(|(code, ..)| !unset::has(&self.unset, *code)) {
            code.into_iter().for_each(|code| sum(organisations.entry(code).or_default(), &counts));
        }
        let decided = |counts: &Counts| {
            let against = if self.measure.unknown_counts_against { counts.unknown } else { 0 };
            counts.denominator.saturating_sub(against)
        };
        let of_split = |split| {
            let (title, groups) = mix::groups(split, &self.unset);
            let stratum = self.strata.iter().find(|stratum| split.is_as(stratum));
            let exact = |part: &super::part::Part| decided(&unset::of_part(&self.unset, &part.counts, &part.of));
            let of_groups: BTreeMap<String, u64> =
                stratum.map(|stratum| stratum.named(exact).1.into_iter().collect()).unwrap_or_default(); // then none is whole
            let all_of =
                |code: &String| groups.iter().filter_map(|(_, mix)| mix.get(code)).map(|[_, of]| of).sum::<u64>();
            let whole = organisations.iter().filter(|(code, counts)| all_of(code) == decided(counts));
            let whole: BTreeSet<String> = whole.map(|(code, _)| (*code).clone()).collect();
            let of_group = |(name, mix): &(String, mix::ExactMix)| {
                let [met, of] = mix.values().fold([0, 0], |[met, of], [r, n]| [met + r, of + n]);
                let cells = mix.iter().filter(|(_, [_, of])| *of > 0);
                let told = |exact: [u64; 2]| exact.map(|exact| disclosure.stand_in(exact));
                GroupOf {
                    name: name.clone(),
                    of: told([met, of]),
                    cells: cells.map(|(code, exact)| (code.clone(), told(*exact))).collect(),
                    whole: of_groups.get(name) == Some(&of),
                }
            };
            MixOf { used: false, groups: groups.iter().map(of_group).collect(), title, whole }
        };
        self.mixes.iter().map(of_split).collect()
    }
}
