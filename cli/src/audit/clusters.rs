//! Judgements of one case are not independent: how much less a number of them tells than as many cases would.
//!
//! Rao and Scott (1992), "A simple method for the analysis of clustered binary data", Biometrics 48: 577–585. Of m cases with x of n
//! judgements met each, the rate is p = Σx / Σn, its variance v = m / (m − 1) · Σ(x − p·n)² / (Σn)², and the design effect
//! d = v / (p (1 − p) / Σn): the judgements tell as much as Σn / d independent ones. Below 1 it is taken as 1. Of one case alone, and
//! where all were met or none, it cannot be estimated: then the judgements tell no more than so many cases.

use super::disclose::{Disclosure, bounds};
use super::together::withheld;
use crate::results::Counts;
use concord_engine::variation::proportion::Proportion;
use serde::{Deserialize, Serialize};

/// Sums over the cases so far; the judgements of one case come one after the other.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Clusters {
    row: Option<usize>,
    now: (f64, f64),
    cases: u64,
    largest: u64,
    met: f64,
    of: f64,
    squares: [f64; 3],
}

/// The same as plain data.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OfClusters {
    cases: u64,
    largest: u64,
    met: f64,
    of: f64,
    squares: [f64; 3],
}

impl OfClusters {
    /// The sums of cases each of which is one judgement, of which these are the counts.
    #[allow(clippy::cast_precision_loss, reason = "counts of cases")]
    pub(super) fn of_single(counts: &Counts) -> OfClusters {
        let (met, of) = (counts.numerator as f64, counts.denominator as f64);
        let cases = counts.denominator;
        OfClusters { cases, largest: cases.min(1), met, of, squares: [met, met, of] }
    }
}

impl Clusters {
    /// Its sums.
    pub(super) fn counted(&self) -> OfClusters {
        let mut all = *self;
        all.close();
        OfClusters { cases: all.cases, largest: all.largest, met: all.met, of: all.of, squares: all.squares }
    }

    /// Adds the sums of other cases.
    pub(super) fn take(&mut self, other: &OfClusters) {
        self.close();
        self.row = None;
        self.cases += other.cases;
        self.largest = self.largest.max(other.largest);
        self.met += other.met;
        self.of += other.of;
        self.squares.iter_mut().zip(other.squares).for_each(|(sum, own)| *sum += own);
    }

    /// Adds judgements of the case in a row: so many met of so many.
    #[allow(clippy::cast_precision_loss, reason = "counts of judgements")]
    pub(super) fn add(&mut self, row: usize, met: u64, of: u64) {
        if self.row != Some(row) {
            self.close();
            self.row = Some(row);
        }
        self.now = (self.now.0 + met as f64, self.now.1 + of as f64);
    }

    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
    fn close(&mut self) {
        let (met, of) = std::mem::take(&mut self.now);
        if of > 0.0 {
            self.cases += 1;
            self.largest = self.largest.max(of as u64);
            self.met += met;
            self.of += of;
            let [mm, mo, oo] = self.squares;
            self.squares = [mm + met * met, mo + met * of, oo + of * of];
        }
    }

    /// Cases with a judgement that counts, the most judgements of one, and the design effect; none without a case.
    pub(super) fn finish(&self) -> (u64, u64, Option<f64>) {
        let mut all = *self;
        all.close();
        (all.cases, all.largest, all.design_effect())
    }

    #[allow(clippy::cast_precision_loss, reason = "counts of cases")]
    fn design_effect(&self) -> Option<f64> {
        let (cases, rate) = (self.cases as f64, self.met / self.of);
        let chance = rate * (1.0 - rate) / self.of;
        let [mm, mo, oo] = self.squares;
        let squares = mm - 2.0 * rate * mo + rate * rate * oo;
        let variance = cases / (cases - 1.0) * squares / (self.of * self.of);
        let effect = if chance > 0.0 { variance / chance } else { f64::NAN };
        let each_case_once = self.of / cases;
        Some(if effect.is_finite() { effect.max(1.0) } else { each_case_once }).filter(|effect| effect.is_finite())
    }
}

/// The design effect of records that each hold a numerator and a denominator, by how they vary within their organisations, about the rate of each: what sets
/// organisations apart is none of it. None where no organisation has two.
fn within<'c>(organisations: impl Iterator<Item = &'c Clusters>) -> Option<f64> {
    let sums = organisations.map(Clusters::counted).filter(|own| own.cases > 1 && own.of > 0.0);
    let (squares, chance) = sums.fold((0.0, 0.0), |(squares, chance), own| {
        let (cases, rate, [mm, mo, oo]) = (own.cases as f64, own.met / own.of, own.squares);
        let about = mm - 2.0 * rate * mo + rate * rate * oo;
        (squares + cases / (cases - 1.0) * about, chance + rate * (1.0 - rate) * own.of)
    });
    (chance > 0.0).then(|| (squares / chance).max(1.0))
}

/// The same, of all records together where they name no organisation, or about the rates of the groups of a split where records vary less about these: that an
/// organisation has departments of two kinds is no chance either. None where it is no more than 1.
pub(super) fn of_records<'c>(
    organisations: impl Iterator<Item = &'c Clusters>,
    all: &'c Clusters,
    splits: impl Iterator<Item = Vec<&'c Clusters>>,
) -> Option<f64> {
    let mut organisations = organisations.peekable();
    let found = match organisations.peek() {
        Some(_) => within(organisations),
        None => within(std::iter::once(all)),
    };
    let groups = splits.filter_map(|groups| within(groups.into_iter()));
    found.into_iter().chain(groups).min_by(f64::total_cmp).filter(|effect| *effect > 1.0)
}

/// Records of an organisation besides which what all have weighs as much as its own.
const PRIOR: f64 = 10.0;

/// The design effect of the records of one organisation: about its own rate, or about those of its own groups of a split where they vary less about these, drawn towards
/// what all of them have, for records of its size, the more the fewer it has.
#[allow(clippy::cast_precision_loss, reason = "counts of records")]
pub(super) fn of_own<'c>(
    own: &'c Clusters,
    splits: impl Iterator<Item = Vec<&'c Clusters>>,
    (effect, all): (f64, &Clusters),
) -> f64 {
    let size = |of: &OfClusters| if of.of > 0.0 { of.squares[2] / of.of } else { 0.0 };
    let (sums, all) = (own.counted(), all.counted());
    let found = within(std::iter::once(own)).into_iter();
    let found = found.chain(splits.filter_map(|groups| within(groups.into_iter()))).min_by(f64::total_cmp);
    let larger = if size(&all) > 0.0 { size(&sums) / size(&all) } else { 1.0 };
    let usual = 1.0 + (effect - 1.0).max(0.0) * larger;
    let free = (sums.cases as f64 - 1.0).max(0.0);
    // Records of which all are met, or none, do not vary.
    let own = found.unwrap_or(1.0);
    ((free * own + PRIOR * usual) / (free + PRIOR)).max(1.0)
}

/// Counts with the interval of so many fewer as they tell less, whatever was rounded.
pub(super) fn with_effect(mut counts: Counts, effect: f64, disclosure: &Disclosure) -> Counts {
    let effect = told_effect(effect, disclosure);
    let interval = |of: Proportion| of.wilson_of_effective(0.95, effect);
    let [low, high] = bounds(&counts, disclosure).map(interval);
    if let (Some(rate), Some((low, high))) = (&mut counts.rate, low.zip(high)) {
        (rate.low, rate.high) = (low.lower, high.upper);
    }
    counts
}

/// Counts with the interval of judgements that tell only as much as that part of their number, whatever was rounded; none where 1 to 7 patients have them
/// all.
pub(super) fn widened(counts: Counts, of: &Clusters, disclosure: &Disclosure) -> Counts {
    let (cases, _, effect) = of.finish();
    if disclosure.count(cases).is_none() && counts.denominator > 0 {
        return withheld();
    }
    with_effect(counts, effect.unwrap_or(1.0), disclosure)
}

/// A design effect as it is used: with small-number control on it is rounded up as it is told, since the exact one tells how many patients there are.
pub(super) fn told_effect(effect: f64, disclosure: &Disclosure) -> f64 {
    if disclosure.shows_cases() { effect } else { (effect * 10.0).ceil() / 10.0 }
}
