//! Periods and organisations of which many cases are still open: those that are decided by then are the quick ones where something is expected,
//! and those that failed where something must not happen, so that their rate says more of the end of the data than of the care.
//!
//! Whoever is watched for a shorter time than a deadline takes is censored, and a rate of those that are decided alone is biased by that (Kaplan and
//! Meier 1958, Journal of the American Statistical Association 53: 457–481): a period counts from when nearly all of its deadlines have passed.
//! Where a share s of the cases that would count is open, the rate of those decided lies no more than s from that of all; so a twentieth, 5 points,
//! is the most that is taken for nothing.

use super::disclose::Disclosure;
use super::unit::Unit;
use super::unknowns::{Part, Words, far_more};
use crate::results::{ControlChart, Counts, FigureValue};
use crate::words::{count, period, share};
use concord_engine::variation::Z_998;
use concord_engine::variation::control_chart::Profile;
use concord_engine::variation::proportion::Proportion;
use std::collections::{BTreeMap, BTreeSet};

/// So much larger a share of cases without a number than at first says that some have none yet.
const MOST_WITHOUT: f64 = 0.05;

/// Whether a rate reaches a target, whatever becomes of the cases that are open, given the least and the most that it may be of those decided; nothing where that
/// depends on them.
pub(super) fn reached(counts: &Counts, [low, high]: [Proportion; 2], reaches: impl Fn(f64) -> bool) -> Option<bool> {
    let open = if counts.is_unfinished() { counts.most_open() } else { 0 };
    let least = Proportion { numerator: low.numerator, denominator: low.denominator.saturating_add(open) };
    let (met, of) = (high.numerator.saturating_add(open), high.denominator.saturating_add(open));
    let most = Proportion { numerator: met, denominator: of };
    let (low, high) = (reaches(least.rate()?), reaches(most.rate()?));
    (low == high).then_some(low)
}

/// For each organisation of which far more cases are open than of the others, what to say; none where that is so of half of them or more.
pub(super) fn causes(units: &[&Unit], disclosure: &Disclosure) -> Vec<Option<String>> {
    let part = Part { place: 3, count: |counts| counts.open, is_in_denominator: false };
    far_more(units, (&part, disclosure), |Words { unit, elsewhere }| {
        let Counts { denominator, open, .. } = unit.told;
        let all = denominator + open;
        format!(
            "{} of its {} cases are still open ({}, elsewhere {elsewhere}): those decided so early are not like the rest",
            count(open),
            count(all),
            share(open, all),
        )
    })
}

/// A chart without the periods that are not complete; where it is too short for a verdict for want of these, it says from when there may be one.
pub(super) fn without(chart: ControlChart, unfinished: Vec<String>) -> ControlChart {
    let least = Profile::MAKING_DATA_COUNT.trial_below;
    let points = chart.points.len();
    // Since limits were set anew, others count.
    let next = least.checked_sub(points + 1).and_then(|more| unfinished.get(more)).filter(|_| chart.rebased.is_empty());
    let not_judged = match next {
        Some(next) => Some(format!(
            "{points} periods are complete, and a verdict on the process takes {least}: not before {} is complete",
            period(next)
        )),
        None => chart.not_judged,
    };
    ControlChart { unfinished, not_judged, ..chart }
}

/// The last periods of a figure of which far more cases have no number than of the first half: what a length of time ends with is not there yet, and those
/// that have it are the quick ones. As counts are shown, which is all that this rests on.
pub(super) fn still_without(periods: &BTreeMap<i64, FigureValue>) -> BTreeSet<i64> {
    let shares = periods.values().map(FigureValue::without_and_all);
    let shares: Vec<[u64; 2]> = shares.collect();
    let sum = |of: &[[u64; 2]]| of.iter().fold([0, 0], |[some, all], own| [some + own[0], all + own[1]]);
    let [some, all] = sum(shares.get(..shares.len() / 2).unwrap_or(&shares));
    if all == 0 {
        return BTreeSet::new();
    }
    let usual = some as f64 / all as f64;
    let more = |[some, all]: &[u64; 2]| *some as f64 > (usual + MOST_WITHOUT) * *all as f64;
    let last = shares.iter().rev().take_while(|own| more(own)).count();
    let [own, of] = sum(shares.get(shares.len() - last..).unwrap_or(&[]));
    let either = (some + own) as f64 / (all + of) as f64;
    let chance = (either * (1.0 - either) * (1.0 / all as f64 + 1.0 / of.max(1) as f64)).sqrt();
    let is_chance = own as f64 <= (usual + Z_998 * chance) * of as f64;
    if is_chance { BTreeSet::new() } else { periods.keys().rev().take(last).copied().collect() }
}
