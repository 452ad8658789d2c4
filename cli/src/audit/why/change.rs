//! A rate that changed at one organisation from some month on, and not elsewhere.
//!
//! Of all places at which its months can be parted, the one with the largest likelihood ratio of two binomial rates against one (Hinkley and
//! Hinkley 1970, Biometrika 57: 477–488). A ratio from 16 on (2 ln L) is told: of one parting chance exceeds it once in 16,000 times. How the
//! other organisations went at the same time is taken off before it counts.

use crate::audit::disclose::Disclosure;
use crate::audit::places::Places;
use concord_engine::variation::evidence::two_rates;

/// Of one parting, χ² with one degree of freedom.
const LEAST_RATIO: f64 = 16.0;
/// And by so much.
pub(super) const LEAST_STEP: f64 = 0.1;
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
    let months: Vec<i64> = own.months.counted().keys().copied().collect();
    let inner = months.get(LEAST_MONTHS..months.len().checked_sub(LEAST_MONTHS - 1)?)?;
    let parted = |month: i64| (own.in_months(|m| m < month), own.in_months(|m| m >= month));
    let nearest = |(before, after)| nearest(&places.disclosure, before, after);
    let found = inner.iter().filter_map(|month| Some((*month, ratio(nearest(parted(*month)))?)));
    let (month, ratio) = found.max_by(|a, b| a.1.total_cmp(&b.1))?;
    if ratio < LEAST_RATIO {
        return None;
    }
    let others =
        (places.others_in_months(number, own, |m| m < month), places.others_in_months(number, own, |m| m >= month));
    let rate = |[met, all]: [u64; 2]| met as f64 / all.max(1) as f64;
    let (before, after) = parted(month);
    let elsewhere = (rate(others.0), rate(others.1));
    let (own_step, step_elsewhere) = (rate(after) - rate(before), elsewhere.1 - elsewhere.0);
    // As little of a step as it may be, whatever was rounded.
    let (least_before, least_after) = nearest((before, after));
    let least = rate(least_after) - rate(least_before);
    let step = least - step_elsewhere;
    let same_way = step * own_step > 0.0 && least * own_step > 0.0;
    (step.abs() >= LEAST_STEP && same_way).then(|| Change {
        month,
        before: rate(before),
        after: rate(after),
        elsewhere,
    })
}

/// Two pairs of counts as near to each other as what is shown of them allows.
fn nearest(disclosure: &Disclosure, before: [u64; 2], after: [u64; 2]) -> ([u64; 2], [u64; 2]) {
    let rate = |[met, all]: [u64; 2]| met as f64 / all.max(1) as f64;
    let low = |[met, all]: [u64; 2]| [disclosure.least(met), disclosure.most(all)];
    let high = |[met, all]: [u64; 2]| [disclosure.most(met).min(disclosure.least(all)), disclosure.least(all)];
    let falls = rate(before) > rate(after);
    let near = if falls { (low(before), high(after)) } else { (high(before), low(after)) };
    let still = if falls { rate(near.0) > rate(near.1) } else { rate(near.0) < rate(near.1) };
    // Where they may be the same, they are.
    if still { near } else { (near.0, near.0) }
}

/// 2 ln L of two rates against one; none of too few.
fn ratio((before, after): ([u64; 2], [u64; 2])) -> Option<f64> {
    (before[1] >= LEAST && after[1] >= LEAST).then(|| two_rates(before, after))
}
