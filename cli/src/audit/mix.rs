//! Whether organisations are alike: what each would have if each of its groups fared as that group does in all (indirect standardisation,
//! one split at a time).

use super::by_code::ByCode;
use super::strata::StratumTally;
use crate::audit::Disclosure;
use crate::results::{OrganisationRate, Unlike};
use std::collections::{BTreeMap, BTreeSet};

/// Counts of a group by organisation: met, and of how many.
pub(super) type Mix = ByCode<[u64; 2]>;
/// The same as they may be shown.
type ShownMix = BTreeMap<String, [u64; 2]>;

/// Expected rates that run over less than this are no reason to hold back.
const LEAST_RANGE: f64 = 0.05;
/// An organisation, or a group, with less than this part of all cases sets nobody apart.
const LEAST_PART: f64 = 0.01;
/// Nor does one of fewer cases.
const LEAST_CASES: u64 = 10;

/// Expected rates by one split.
struct Expected {
    unlike: Option<Unlike>,
    range: f64,
    rates: BTreeMap<String, f64>,
}

/// Fills in what each organisation is expected to have, by the split that sets them most apart; the split, where that is far. Of those that have not
/// made a setting nothing is decided, and so they tell nothing of a group.
pub(super) fn expect(
    splits: &[StratumTally<'_, Mix>],
    rates: &mut [OrganisationRate],
    disclosure: &Disclosure,
    unset: &BTreeSet<Option<String>>,
) -> Option<Unlike> {
    let is_set = |code: &String| unset.is_empty() || !unset.contains(&Some(code.clone()));
    let all = splits.iter().filter_map(|split| {
        let (title, mut groups) = split.named(|mix| shown(mix, disclosure));
        groups.iter_mut().for_each(|(_, mix)| mix.retain(|code, _| is_set(code)));
        expected(&title, &groups)
    });
    let most = all.max_by(|a, b| a.range.total_cmp(&b.range))?;
    for rate in rates {
        rate.expected = most.rates.get(&rate.code).copied().filter(|_| rate.counts.rate.is_some());
    }
    most.unlike
}

fn shown(mix: &Mix, disclosure: &Disclosure) -> ShownMix {
    // What is suppressed counts for nobody.
    let count = |exact: u64| disclosure.count(exact).unwrap_or(0);
    mix.iter().map(|(code, [met, of])| (code.clone(), [count(*met).min(count(*of)), count(*of)])).collect()
}

fn expected(title: &str, groups: &[(String, ShownMix)]) -> Option<Expected> {
    let total = |mix: &ShownMix| mix.values().fold([0, 0], |[met, of], [r, n]| [met + r, of + n]);
    let all: u64 = groups.iter().map(|(_, mix)| total(mix)[1]).sum();
    let mut by_group: Vec<(&String, f64, u64)> = Vec::new();
    let mut sums: BTreeMap<&String, (f64, u64)> = BTreeMap::new();
    for (name, mix) in groups {
        let [met, of] = total(mix);
        if of == 0 {
            continue;
        }
        let rate = met as f64 / of as f64;
        by_group.push((name, rate, of));
        for (code, [_, own]) in mix {
            let sum = sums.entry(code).or_default();
            *sum = (sum.0 + rate * *own as f64, sum.1 + own);
        }
    }
    let large = |of: u64| of >= LEAST_CASES && of as f64 >= LEAST_PART * all as f64;
    let rates: BTreeMap<String, f64> = sums
        .iter()
        .filter(|(_, (_, of))| *of > 0)
        .map(|(code, (met, of))| ((*code).clone(), met / *of as f64))
        .collect();
    let sized = sums.iter().filter(|(_, (_, of))| large(*of)).filter_map(|(code, _)| rates.get_key_value(*code));
    let mut sized: Vec<(&String, &f64)> = sized.collect();
    sized.sort_by(|a, b| a.1.total_cmp(b.1));
    let (least, most) = (sized.first()?, sized.last()?);
    let range = most.1 - least.1;
    by_group.retain(|(_, _, of)| large(*of));
    by_group.sort_by(|a, b| a.1.total_cmp(&b.1));
    let unlike = by_group.first().zip(by_group.last()).filter(|_| range >= LEAST_RANGE).map(|(low, high)| Unlike {
        title: title.to_owned(),
        low: (low.0.clone(), low.1),
        high: (high.0.clone(), high.1),
        least: (least.0.clone(), *least.1),
        most: (most.0.clone(), *most.1),
    });
    Some(Expected { unlike, range, rates })
}
