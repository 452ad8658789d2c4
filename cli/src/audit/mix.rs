//! Whether organisations are alike: what each would have if each of its groups fared as that group does at the others (indirect standardisation,
//! one split at a time, each organisation left out of what it is held against, and those of which data or rules explain where they stand: the others are
//! those that its distance is from).
//!
//! ```text
//! E(i) = Σ n(i, g) r(g, but i) / n(i)        r(g, but i) = (met(g) - met(i, g)) / (n(g) - n(i, g))
//! what who its cases are adds = E(i) - r(but i)
//! ```
//!
//! Of a group of which the others have hardly a case nobody can tell what it would have: its cases fare as those of the others do in all. An organisation
//! most of whose cases are in such groups has no expected rate, and a split that puts nearly all cases in such groups (sites, wards, consultants) lies within
//! organisations and tells nothing of who their cases are.

use super::by_code::ByCode;
use super::strata::StratumTally;
use super::together::keep;
use crate::audit::Disclosure;
use crate::results::{OrganisationRate, Unlike};
use std::collections::{BTreeMap, BTreeSet};

/// Counts of a group by organisation: met, and of how many.
pub(super) type Mix = ByCode<[u64; 2]>;
/// Adds what was counted of other cases of a group.
pub(super) fn take(all: &mut Mix, own: &Mix) {
    all.take(own, |sum, own| *sum = [sum[0] + own[0], sum[1] + own[1]]);
}

/// The same, exact, in order of the codes.
pub(super) type ExactMix = BTreeMap<String, [u64; 2]>;

/// Expected rates that run over less than this are no reason to hold back.
const LEAST_RANGE: f64 = 0.05;
/// An organisation, or a group, with less than this part of all cases sets nobody apart.
const LEAST_PART: f64 = 0.01;
/// Nor does one of fewer cases.
const LEAST_CASES: u64 = 10;

/// Of a group of which the others have fewer cases it is not known how it fares.
pub(super) const LEAST_ELSEWHERE: u64 = 10;
/// Where so much of its cases is in such groups, that is said of an organisation; from more on nothing is expected of it;
const LEAST_ALONE: f64 = 0.1;
const MOST_ALONE: f64 = 0.5;
/// and where so much of all cases is, the split lies within organisations.
const NESTED: f64 = 0.9;

/// What is suppressed is so far from what stands for it, at most.
const AROUND: f64 = 3.0;
/// An expected rate that may be off by more is none.
const MOST_OFF: f64 = 0.01;

/// Whether a group is that of those of whom it is not known; of two splits at once, by one of them.
pub(super) fn is_not_known(group: &str) -> bool {
    group == "not known" || group.starts_with("not known, ") || group.ends_with(", not known")
}

/// Counts as they may be told, or what stands for them: met, and of how many.
#[derive(Clone, Copy, Default)]
struct Told {
    met: u64,
    of: u64,
    /// How far off what was met may be.
    off: f64,
}

impl Told {
    fn new([met, of]: [u64; 2], disclosure: &Disclosure) -> Told {
        let [met, of] = [met, of].map(|exact| disclosure.stand_in(exact));
        Told { met: met.min(of), of, off: if disclosure.hides(met) { AROUND } else { 0.0 } }
    }

    fn and(self, other: Told) -> Told {
        Told { met: self.met + other.met, of: self.of + other.of, off: self.off + other.off }
    }

    fn but(self, own: Told) -> Told {
        let of = self.of.saturating_sub(own.of);
        Told { met: self.met.saturating_sub(own.met).min(of), of, off: self.off + own.off }
    }

    fn rate(self) -> f64 {
        self.met as f64 / self.of.max(1) as f64
    }
}

/// What an organisation is expected to have, of its groups of which the others have cases.
#[derive(Default)]
struct Sum {
    met: f64,
    of: u64,
    /// Its cases in groups of which the others have none, or hardly any; and those of them of which the group is not known.
    alone: u64,
    not_known: u64,
    /// The rates of the groups of which it has so few that they are suppressed.
    suppressed: Vec<f64>,
    /// How far off what it has met may be, as the rates of groups are.
    off: f64,
    /// All that it has.
    own: Told,
}

impl Sum {
    fn add(&mut self, own: Told, others: Told, (is_suppressed, is_known): (bool, bool)) {
        self.own = self.own.and(own);
        if others.of < LEAST_ELSEWHERE {
            self.alone += own.of;
            self.not_known += if is_known { 0 } else { own.of };
            return;
        }
        let (rate, of) = (others.rate(), own.of as f64);
        (self.met, self.of) = (self.met + rate * of, self.of + own.of);
        self.off += others.off / others.of as f64 * of;
        self.suppressed.extend(is_suppressed.then_some(rate));
    }

    /// The part of its cases that is in groups of which the others have hardly any.
    fn is_alone(&self) -> f64 {
        self.alone as f64 / (self.of + self.alone).max(1) as f64
    }

    /// The same of groups that are known.
    fn is_alone_of_known(&self) -> f64 {
        (self.alone - self.not_known) as f64 / (self.of + self.alone).max(1) as f64
    }

    /// What it is expected to have, where the others have this rate in all. None without cases that the others have too, and where what is suppressed may move it far.
    fn rate(&self, others: f64) -> Option<f64> {
        let (of, all) = (self.of as f64, (self.of + self.alone) as f64);
        let rate = self.met / of;
        let moved: f64 = self.suppressed.iter().map(|of_group| AROUND * (of_group - rate).abs()).sum();
        let is_known = self.of > 0 && self.is_alone() <= MOST_ALONE && (self.off + moved) / of <= MOST_OFF;
        is_known.then(|| (self.met + others * self.alone as f64) / all)
    }
}

/// What is expected by one split.
struct Expected {
    title: String,
    unlike: Option<Unlike>,
    /// How far apart it sets them; none of whom nothing is expected by it.
    range: Option<f64>,
    rates: BTreeMap<String, f64>,
    /// Of each, the part of its cases in groups of which the others have hardly any; and the part in such groups that are known.
    alone: BTreeMap<String, (f64, f64)>,
    /// Whether that is so of nearly all cases.
    nested: bool,
}

/// What is told of all organisations.
#[derive(Default)]
pub(super) struct Mixed {
    pub(super) unlike: Option<Unlike>,
    /// The splits that lie within organisations.
    pub(super) nested: Vec<String>,
    /// The titles of the splits by which something is told of what organisations are expected to have.
    pub(super) used: BTreeSet<String>,
    /// The split by which something is expected of them.
    pub(super) by: Option<String>,
}

/// Who takes no part in what the others have: those that have not made a setting, of whom nothing is decided, and those of which data or rules explain where they
/// stand.
pub(super) struct LeftOut<'u> {
    pub(super) unset: &'u BTreeSet<Option<String>>,
    pub(super) apart: &'u [String],
}

/// Fills in what each organisation is expected to have, by the split that sets them most apart; the split, where that is far, and those that lie within
/// organisations. Of those that have not made a setting nothing is decided, and so they tell nothing of a group.
pub(super) fn expect(
    splits: &[StratumTally<'_, Mix>],
    rates: &mut [OrganisationRate],
    disclosure: &Disclosure,
    left_out: &LeftOut<'_>,
) -> Mixed {
    let mut all = each(splits, disclosure, left_out);
    let nested: Vec<String> = all.iter().filter(|of| of.nested).map(|of| of.title.clone()).collect();
    let most = most_apart(&all);
    let used = nested.iter().cloned().chain(most.map(|most| most.title.clone())).collect();
    let Some(most) = most else { return Mixed { nested, used, ..Mixed::default() } };
    for rate in rates.iter_mut().filter(|rate| rate.counts.rate.is_some()) {
        rate.expected = most.rates.get(&rate.code).copied();
        let alone = most.alone.get(&rate.code).copied().filter(|(alone, _)| *alone >= LEAST_ALONE);
        rate.alone = alone.map(|(alone, of_known)| {
            let many = |alone: f64| if alone > MOST_ALONE { "most" } else { "some" };
            match of_known >= LEAST_ALONE {
                true => format!("nobody else has cases such as {} of its own (by {})", many(of_known), most.title),
                false => format!("who {} of its cases are is not known (by {})", many(alone), most.title),
            }
        });
    }
    let title = most.title.clone();
    let most = all.iter_mut().find(|of| of.title == title);
    Mixed { unlike: most.and_then(|most| most.unlike.take()), nested, used, by: Some(title) }
}

fn each(splits: &[StratumTally<'_, Mix>], disclosure: &Disclosure, left_out: &LeftOut<'_>) -> Vec<Expected> {
    let of_split = |split| {
        let (title, groups) = groups(split, left_out.unset);
        expected(&title, &groups, left_out.apart, disclosure)
    };
    splits.iter().map(of_split).collect()
}

/// The split by which what organisations are expected to have runs furthest; or else one by which some have cases that nobody else has.
fn most_apart(all: &[Expected]) -> Option<&Expected> {
    let ranged = all.iter().filter(|of| of.range.is_some() && !of.nested);
    let most = ranged.max_by(|a, b| a.range.unwrap_or(0.0).total_cmp(&b.range.unwrap_or(0.0))); // each has one
    most.or_else(|| all.iter().find(|of| !of.nested && of.alone.values().any(|(alone, _)| *alone >= LEAST_ALONE)))
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

/// Rates of groups are those of the others; what is suppressed, of a group or of an organisation's part of one, may be 3 more or less than what
/// stands for it, and an expected rate that this moves far is none.
fn expected(title: &str, groups: &[(String, ExactMix)], apart: &[String], disclosure: &Disclosure) -> Expected {
    let is_apart = |code: &String| apart.contains(code);
    let mut by_group: Vec<(&String, f64, u64)> = Vec::new();
    let mut sums: BTreeMap<&String, Sum> = BTreeMap::new();
    let mut of_each: BTreeMap<&String, Vec<[u64; 2]>> = BTreeMap::new();
    let mut all = Told::default();
    for (name, mix) in groups {
        let total = mix.values().fold([0, 0], |[met, of], [r, n]| [met + r, of + n]);
        let whole = Told::new(total, disclosure);
        // Whoever has some of a group so small is told by nothing; nor of one that leaves hardly anything open of those who have few of it.
        if whole.of == 0 || disclosure.hides(whole.of) || !keep_both(total, mix.values().copied(), disclosure) {
            continue;
        }
        // Made of what is told of each: no other sum of them stands behind a rate.
        let of_apart = mix.iter().filter(|(code, _)| is_apart(code)).map(|(_, exact)| Told::new(*exact, disclosure));
        let reference = of_apart.fold(whole, Told::but);
        all = all.and(reference);
        if !disclosure.hides(whole.met) {
            by_group.push((name, whole.rate(), whole.of));
        }
        for (code, exact) in mix {
            let own = Told::new(*exact, disclosure);
            let others = if is_apart(code) { reference } else { reference.but(own) };
            let is_known = !is_not_known(name);
            sums.entry(code).or_default().add(own, others, (disclosure.hides(own.of), is_known));
            of_each.entry(code).or_default().push(*exact);
        }
    }
    for (code, own) in of_each {
        let total = own.iter().fold([0, 0], |[met, of], [r, n]| [met + r, of + n]);
        if !keep_both(total, own.into_iter(), disclosure) {
            sums.remove(code);
        }
    }
    let others = |code: &String, sum: &Sum| if is_apart(code) { all.rate() } else { all.but(sum.own).rate() };
    let rates =
        sums.iter().filter_map(|(code, sum)| Some(((*code).clone(), told(sum.rate(others(code, sum))?, disclosure))));
    let rates: BTreeMap<String, f64> = rates.collect();
    let alone = sums.iter().map(|(code, sum)| ((*code).clone(), (sum.is_alone(), sum.is_alone_of_known()))).collect();
    let large = |of: u64| of >= LEAST_CASES && of as f64 >= LEAST_PART * all.of as f64;
    // By what who its cases are adds to what the others have.
    let sized = sums.iter().filter(|(_, sum)| large(sum.own.of)).filter_map(|(code, sum)| {
        let (code, rate) = rates.get_key_value(*code)?;
        Some((code, *rate, rate - others(code, sum)))
    });
    let mut sized: Vec<(&String, f64, f64)> = sized.collect();
    sized.sort_by(|a, b| a.2.total_cmp(&b.2));
    let ends = sized.first().zip(sized.last());
    let range = ends.map(|(least, most)| most.2 - least.2);
    by_group.retain(|(_, _, of)| large(*of));
    by_group.sort_by(|a, b| a.1.total_cmp(&b.1));
    let far = ends.filter(|_| range.is_some_and(|range| range >= LEAST_RANGE));
    let unlike = by_group.first().zip(by_group.last()).zip(far).map(|((low, high), (least, most))| Unlike {
        title: title.to_owned(),
        low: (low.0.clone(), low.1),
        high: (high.0.clone(), high.1),
        least: (least.0.clone(), least.1),
        most: (most.0.clone(), most.1),
    });
    let in_none = sums.values().map(|sum| sum.alone).sum::<u64>() as f64;
    let nested = in_none > 0.0 && in_none >= NESTED * sums.values().map(|sum| sum.own.of).sum::<u64>() as f64;
    Expected { title: title.to_owned(), unlike, range, rates, alone, nested }
}

/// Whether what is suppressed stays open both of cases and of those met.
fn keep_both(whole: [u64; 2], parts: impl Iterator<Item = [u64; 2]> + Clone, disclosure: &Disclosure) -> bool {
    let [met, of] = whole;
    let (of_met, of_all) = (parts.clone().map(|[met, _]| met), parts.map(|[_, of]| of));
    keeps(met, of_met, disclosure) && keeps(of, of_all, disclosure)
}
