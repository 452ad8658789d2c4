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
use crate::results::Counts;
use crate::words::{count, share};
use concord_engine::variation::proportion::Proportion;

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
        let all = unit.counts.denominator + unit.counts.open;
        format!(
            "{} of its {} cases are still open ({}, elsewhere {elsewhere}): those decided so early are not like the rest",
            count(unit.counts.open),
            count(all),
            share(unit.counts.open, all),
        )
    })
}
