//! A rate that changed at one organisation from some month on, and not elsewhere.
//!
//! Of all places at which its months can be parted, the one with the largest likelihood ratio of two binomial rates against one (Hinkley and
//! Hinkley 1970, Biometrika 57: 477–488). A ratio from 16 on (2 ln L) is told: of one parting chance exceeds it once in 16,000 times. How the
//! other organisations went at the same time is taken off before it counts.

use crate::audit::places::{Judged, Places};
use concord_engine::variation::evidence::two_rates;
use std::collections::BTreeMap;

/// Of one parting, χ² with one degree of freedom.
const LEAST_RATIO: f64 = 16.0;
/// And by so much.
const LEAST_STEP: f64 = 0.1;
/// Fewer cases before or after say nothing.
const LEAST: u64 = 30;
/// And fewer months, so that one bad month is no change.
const LEAST_MONTHS: usize = 2;

/// From which month on, and the rates before and after.
pub(super) struct Change {
    pub(super) month: i64,
    pub(super) before: f64,
    pub(super) after: f64,
    pub(super) elsewhere: (f64, f64),
}

pub(super) fn change(places: &Places<'_>, code: &str, number: usize) -> Option<Change> {
    let own = places.of(code)?.judged.get(number)?;
    let months: Vec<i64> = own.months.keys().copied().collect();
    let inner = months.get(LEAST_MONTHS..months.len().checked_sub(LEAST_MONTHS - 1)?)?;
    let found = inner.iter().filter_map(|month| {
        let (before, after) = (counted(own, |m| m < *month), counted(own, |m| m >= *month));
        let ratio = ratio(before, after)?;
        Some((*month, before, after, ratio))
    });
    let (month, before, after, ratio) = found.max_by(|a, b| a.3.total_cmp(&b.3))?;
    if ratio < LEAST_RATIO {
        return None;
    }
    let all = places.totals.judged.get(number)?;
    let others = [less(summed(all, |m| m < month), before), less(summed(all, |m| m >= month), after)];
    let rate = |[met, all]: [u64; 2]| met as f64 / all.max(1) as f64;
    let elsewhere = (rate(others[0]), rate(others[1]));
    let step = (rate(after) - rate(before)) - (elsewhere.1 - elsewhere.0);
    let same_way = step * (rate(after) - rate(before)) > 0.0;
    (step.abs() >= LEAST_STEP && same_way).then(|| Change {
        month,
        before: rate(before),
        after: rate(after),
        elsewhere,
    })
}

fn counted(judged: &Judged, within: impl Fn(i64) -> bool) -> [u64; 2] {
    summed(&judged.months, within)
}

fn summed(months: &BTreeMap<i64, [u64; 2]>, within: impl Fn(i64) -> bool) -> [u64; 2] {
    let months = months.iter().filter(|(month, _)| within(**month));
    months.fold([0, 0], |[met, all], (_, [r, n])| [met + (*r).min(*n), all + n])
}

/// All but its own.
fn less([met, all]: [u64; 2], [own_met, own]: [u64; 2]) -> [u64; 2] {
    [met.saturating_sub(own_met), all.saturating_sub(own)]
}

/// 2 ln L of two rates against one; none of too few.
fn ratio(before: [u64; 2], after: [u64; 2]) -> Option<f64> {
    (before[1] >= LEAST && after[1] >= LEAST).then(|| two_rates(before, after))
}
