//! How one case's path differs from the standard one, and where differences gather.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

/// The first place where a path leaves the standard path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Divergence {
    /// Position in the path, from 0.
    pub position: usize,
    /// What the standard path has there; `None` past its end.
    pub expected: Option<String>,
    /// What the case did there; `None` if it ended.
    pub found: Option<String>,
}

/// How a path differs from the standard path.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PathDifference {
    /// Where the two first differ; `None` if the path is the standard one.
    pub first: Option<Divergence>,
    /// Steps of the standard path done less often than it asks, in its order.
    pub skipped: Vec<String>,
    /// Steps of the standard path done more often than it asks, with how many
    /// times more, in its order.
    pub repeated: Vec<(String, u64)>,
    /// Steps done, but not in the standard's order: the fewest whose removal
    /// puts the rest in order, going by the first time each was done. In the
    /// order of the path.
    pub out_of_order: Vec<String>,
    /// Activities that are no step of the standard path, with how often, in the
    /// order of the path.
    pub extra: Vec<(String, u64)>,
}

/// Compares a case's activities, in order, with the standard path.
///
/// A step that the standard path has several times counts as many; its order is
/// judged by the first.
pub fn compare(standard: &[&str], path: &[&str]) -> PathDifference {
    let wanted = tally(standard);
    let done = tally(path);
    let times = |counts: &BTreeMap<&str, u64>, step: &str| counts.get(step).copied().unwrap_or(0);
    let mut difference = PathDifference { first: divergence(standard, path), ..Default::default() };
    for step in firsts(standard) {
        let (asked, had) = (times(&wanted, step), times(&done, step));
        if had < asked {
            difference.skipped.push(step.to_owned());
        } else if had > asked {
            difference.repeated.push((step.to_owned(), had - asked));
        }
    }
    for step in firsts(path) {
        if !wanted.contains_key(step) {
            difference.extra.push((step.to_owned(), times(&done, step)));
        }
    }
    difference.out_of_order = out_of_order(standard, path);
    difference
}

fn tally<'a>(path: &[&'a str]) -> BTreeMap<&'a str, u64> {
    let mut counts = BTreeMap::new();
    for step in path {
        *counts.entry(*step).or_default() += 1;
    }
    counts
}

/// The different steps in the order in which each is first met.
fn firsts<'a>(path: &[&'a str]) -> Vec<&'a str> {
    let mut met = BTreeSet::new();
    path.iter().copied().filter(|step| met.insert(*step)).collect()
}

fn divergence(standard: &[&str], path: &[&str]) -> Option<Divergence> {
    let position = standard
        .iter()
        .zip(path)
        .position(|(expected, found)| expected != found)
        .unwrap_or(standard.len().min(path.len()));
    let expected = standard.get(position);
    let found = path.get(position);
    if expected.is_none() && found.is_none() {
        return None;
    }
    Some(Divergence { position, expected: expected.map(|s| (*s).to_owned()), found: found.map(|s| (*s).to_owned()) })
}

/// The steps off a longest increasing run of standard positions; of equally long
/// runs, the one that keeps the earliest steps of the path.
fn out_of_order(standard: &[&str], path: &[&str]) -> Vec<String> {
    let order: BTreeMap<&str, usize> = firsts(standard).into_iter().enumerate().map(|(i, step)| (step, i)).collect();
    let steps: Vec<(&str, usize)> =
        firsts(path).into_iter().filter_map(|step| order.get(step).map(|place| (step, *place))).collect();
    // For each step from the last back: the longest run that starts with it.
    let mut longest: Vec<usize> = Vec::with_capacity(steps.len());
    for (place_from_end, (_, place)) in steps.iter().rev().enumerate() {
        let later = steps.iter().rev().take(place_from_end).zip(&longest);
        let best = later.filter(|((_, p), _)| p > place).map(|(_, run)| *run).max();
        longest.push(best.unwrap_or(0) + 1);
    }
    let mut wanted = longest.iter().copied().max().unwrap_or(0);
    let mut after = None;
    let mut moved = Vec::new();
    for ((step, place), run) in steps.iter().zip(longest.iter().rev()) {
        if *run == wanted && after.is_none_or(|last| *place > last) {
            wanted -= 1;
            after = Some(*place);
        } else {
            moved.push((*step).to_owned());
        }
    }
    moved
}

/// Counts differences from the standard path over the cases of an organisation
/// or of the group.
#[derive(Clone, Debug, Default)]
pub struct DifferenceCounts {
    cases: u64,
    on_standard: u64,
    first: BTreeMap<Divergence, u64>,
    skipped: BTreeMap<String, u64>,
    repeated: BTreeMap<String, u64>,
    out_of_order: BTreeMap<String, u64>,
    extra: BTreeMap<String, u64>,
}

/// Differences from the standard path, each list commonest first and of equals
/// the earlier in position or name. Counts are of cases, not of events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DifferenceSummary {
    /// Cases compared.
    pub cases: u64,
    /// Cases exactly on the standard path.
    pub on_standard: u64,
    /// Where cases first leave the standard path.
    pub first: Vec<(Divergence, u64)>,
    /// Cases that skipped each step.
    pub skipped: Vec<(String, u64)>,
    /// Cases that repeated each step.
    pub repeated: Vec<(String, u64)>,
    /// Cases that did each step out of order.
    pub out_of_order: Vec<(String, u64)>,
    /// Cases that did each activity which is no step of the standard.
    pub extra: Vec<(String, u64)>,
}

impl DifferenceCounts {
    /// Counts nothing yet.
    pub fn new() -> Self {
        DifferenceCounts::default()
    }

    /// Counts `cases` cases with the same path, and so the same difference.
    pub fn add(&mut self, difference: &PathDifference, cases: u64) {
        self.cases = self.cases.saturating_add(cases);
        match &difference.first {
            None => self.on_standard = self.on_standard.saturating_add(cases),
            Some(first) => bump(&mut self.first, first, cases),
        }
        for step in &difference.skipped {
            bump(&mut self.skipped, step, cases);
        }
        for (step, _) in &difference.repeated {
            bump(&mut self.repeated, step, cases);
        }
        for step in &difference.out_of_order {
            bump(&mut self.out_of_order, step, cases);
        }
        for (step, _) in &difference.extra {
            bump(&mut self.extra, step, cases);
        }
    }

    /// What was counted so far.
    pub fn summary(&self) -> DifferenceSummary {
        DifferenceSummary {
            cases: self.cases,
            on_standard: self.on_standard,
            first: commonest(&self.first),
            skipped: commonest(&self.skipped),
            repeated: commonest(&self.repeated),
            out_of_order: commonest(&self.out_of_order),
            extra: commonest(&self.extra),
        }
    }
}

fn commonest<K: Clone>(counts: &BTreeMap<K, u64>) -> Vec<(K, u64)> {
    let mut found: Vec<(K, u64)> = counts.iter().map(|(k, n)| (k.clone(), *n)).collect();
    found.sort_by_key(|(_, cases)| std::cmp::Reverse(*cases));
    found
}

fn bump<K: Clone + Ord>(counts: &mut BTreeMap<K, u64>, key: &K, cases: u64) {
    let count = counts.entry(key.clone()).or_default();
    *count = count.saturating_add(cases);
}
