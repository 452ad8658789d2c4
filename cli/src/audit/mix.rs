//! Whether organisations are alike: what each would have if each of its groups fared as that group does in all (indirect standardisation,
//! one split at a time).

use super::by_code::ByCode;
use super::strata::StratumTally;
use super::together::keep;
use crate::audit::Disclosure;
use crate::results::{OrganisationRate, Unlike};
use std::collections::{BTreeMap, BTreeSet};

/// Counts of a group by organisation: met, and of how many.
pub(super) type Mix = ByCode<[u64; 2]>;
/// The same, exact, in order of the codes.
pub(super) type ExactMix = BTreeMap<String, [u64; 2]>;

/// Expected rates that run over less than this are no reason to hold back.
const LEAST_RANGE: f64 = 0.05;
/// An organisation, or a group, with less than this part of all cases sets nobody apart.
const LEAST_PART: f64 = 0.01;
/// Nor does one of fewer cases.
const LEAST_CASES: u64 = 10;

/// What is suppressed is so far from what stands for it, at most.
const AROUND: f64 = 3.0;
/// An expected rate that may be off by more is none.
const MOST_OFF: f64 = 0.01;

/// What an organisation is expected to have.
#[derive(Default)]
struct Sum {
    met: f64,
    of: u64,
    /// The rates of the groups of which it has so few that they are suppressed.
    suppressed: Vec<f64>,
    /// How far off what it has met may be, as the rates of groups are.
    off: f64,
}

impl Sum {
    fn add(&mut self, rate: f64, own: u64, unsure: f64, is_suppressed: bool) {
        (self.met, self.of, self.off) = (self.met + rate * own as f64, self.of + own, self.off + unsure * own as f64);
        self.suppressed.extend(is_suppressed.then_some(rate));
    }

    /// None without cases, or where what is suppressed may move it far.
    fn rate(&self) -> Option<f64> {
        let (of, rate) = (self.of as f64, self.met / self.of as f64);
        let moved: f64 = self.suppressed.iter().map(|of_group| AROUND * (of_group - rate).abs()).sum();
        (self.of > 0 && (self.off + moved) / of <= MOST_OFF).then_some(rate)
    }
}

/// Expected rates by one split.
struct Expected {
    title: String,
    unlike: Option<Unlike>,
    range: f64,
    rates: BTreeMap<String, f64>,
}

/// The title of the split by which it is told what organisations are expected to have.
pub(super) fn used(
    splits: &[StratumTally<'_, Mix>],
    disclosure: &Disclosure,
    unset: &BTreeSet<Option<String>>,
) -> Option<String> {
    most_apart(splits, disclosure, unset).map(|most| most.title)
}

/// Fills in what each organisation is expected to have, by the split that sets them most apart; the split, where that is far. Of those that have not
/// made a setting nothing is decided, and so they tell nothing of a group.
pub(super) fn expect(
    splits: &[StratumTally<'_, Mix>],
    rates: &mut [OrganisationRate],
    disclosure: &Disclosure,
    unset: &BTreeSet<Option<String>>,
) -> Option<Unlike> {
    let most = most_apart(splits, disclosure, unset)?;
    for rate in rates {
        rate.expected = most.rates.get(&rate.code).copied().filter(|_| rate.counts.rate.is_some());
    }
    most.unlike
}

/// By the split by which what organisations are expected to have runs furthest.
fn most_apart(
    splits: &[StratumTally<'_, Mix>],
    disclosure: &Disclosure,
    unset: &BTreeSet<Option<String>>,
) -> Option<Expected> {
    let all = splits.iter().filter_map(|split| {
        let (title, groups) = groups(split, unset);
        expected(&title, &groups, disclosure)
    });
    all.max_by(|a, b| a.range.total_cmp(&b.range))
}

/// The title of a split, and its groups, without those who have not made a setting.
pub(super) fn groups(
    split: &StratumTally<'_, Mix>,
    unset: &BTreeSet<Option<String>>,
) -> (String, Vec<(String, ExactMix)>) {
    let is_set = |code: &String| unset.is_empty() || !unset.contains(&Some(code.clone()));
    let exact = |mix: &Mix| mix.iter().filter(|(code, _)| is_set(code)).map(|(code, of)| (code.clone(), *of)).collect();
    split.named(exact)
}

/// Whether a group may take part, and an organisation: where how many of each they have does not tell what is suppressed of it.
fn keeps(whole: u64, parts: impl Iterator<Item = u64>, disclosure: &Disclosure) -> bool {
    let told = |exact: u64| {
        let shown = disclosure.stand_in(exact);
        (disclosure.least(shown), disclosure.most(shown))
    };
    disclosure.shows_cases() || keep(told(whole), parts.map(told))
}

/// With small-number control on to a tenth of a point: its last digits would tell how many of each group an organisation has.
fn told(rate: f64, disclosure: &Disclosure) -> f64 {
    if disclosure.shows_cases() { rate } else { (rate * 1_000.0).round() / 1_000.0 }
}

/// Rates of groups are those of all together; what is suppressed, of a group or of an organisation's part of one, may be 3 more or less than what
/// stands for it, and an expected rate that this moves far is none.
fn expected(title: &str, groups: &[(String, ExactMix)], disclosure: &Disclosure) -> Option<Expected> {
    let mut by_group: Vec<(&String, f64, u64)> = Vec::new();
    let mut sums: BTreeMap<&String, Sum> = BTreeMap::new();
    let mut of_each: BTreeMap<&String, Vec<u64>> = BTreeMap::new();
    let mut all = 0;
    for (name, mix) in groups {
        let total = mix.values().fold([0, 0], |[met, of], [r, n]| [met + r, of + n]);
        let [met, of] = total.map(|exact| disclosure.stand_in(exact));
        // Whoever has some of a group so small is told by nothing; nor of one that leaves hardly anything open of those who have few of it.
        if of == 0 || disclosure.hides(of) || !keeps(total[1], mix.values().map(|[_, own]| *own), disclosure) {
            continue;
        }
        all += of;
        let rate = (met as f64 / of as f64).min(1.0);
        let unsure = if disclosure.hides(met) {
            AROUND / of as f64
        } else {
            by_group.push((name, rate, of));
            0.0
        };
        for (code, [_, exact]) in mix {
            let own = disclosure.stand_in(*exact);
            sums.entry(code).or_default().add(rate, own, unsure, disclosure.hides(own));
            of_each.entry(code).or_default().push(*exact);
        }
    }
    for (code, own) in of_each {
        if !keeps(own.iter().sum(), own.iter().copied(), disclosure) {
            sums.remove(code);
        }
    }
    let large = |of: u64| of >= LEAST_CASES && of as f64 >= LEAST_PART * all as f64;
    let rates = sums.iter().filter_map(|(code, sum)| Some(((*code).clone(), told(sum.rate()?, disclosure))));
    let rates: BTreeMap<String, f64> = rates.collect();
    let sized = sums.iter().filter(|(_, sum)| large(sum.of)).filter_map(|(code, _)| rates.get_key_value(*code));
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
    Some(Expected { title: title.to_owned(), unlike, range, rates })
}
