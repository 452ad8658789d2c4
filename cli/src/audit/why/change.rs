//! A rate that changed at one organisation from some month on, or in some months and no longer, and not elsewhere.
//!
//! Of all places at which its months can be parted, the one with the largest likelihood ratio of two binomial rates against one (Hinkley and
//! Hinkley 1970, Biometrika 57: 477–488). A ratio from 16 on (2 ln L) is told: of one parting chance exceeds it once in 16,000 times. How the
//! other organisations went at the same time is taken off before it counts. A spell of months that parts them better than any one day, by more than its
//! second end may do by chance, is told as a spell.

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

/// A spell has an end of its own to choose: so much more must its ratio be.
const SECOND_END: f64 = 8.0;
/// What it is in so many last months says whether a change still holds.
const LATEST: usize = 3;

/// The months of the change, and the rates within these and without.
pub(super) struct Change {
    /// The first.
    pub(super) month: i64,
    /// The last, where others come after it.
    pub(super) until: Option<i64>,
    pub(super) before: f64,
    pub(super) after: f64,
    pub(super) elsewhere: (f64, f64),
    /// The rate of the last months, where that is no longer what it was from the change on.
    pub(super) latest: Option<f64>,
}

pub(super) fn change(places: &Places<'_>, code: &str, number: usize) -> Option<Change> {
    let own = places.of(code)?.judged.get(number)?;
    let months: Vec<i64> = own.months.counted().keys().copied().collect();
    let inner = months.get(LEAST_MONTHS..months.len().checked_sub(LEAST_MONTHS - 1)?)?;
    let parted = |(first, last): (i64, i64)| {
        let within = move |month: i64| month >= first && month <= last;
        (own.in_months(|month| !within(month)), own.in_months(within))
    };
    let of = |span: (i64, i64)| {
        let (before, after) = parted(span);
        Some((span, ratio(nearest(&places.disclosure, before, after))?))
    };
    let best = |spans: &mut dyn Iterator<Item = (i64, i64)>| spans.filter_map(of).max_by(|a, b| a.1.total_cmp(&b.1));
    let step = best(&mut inner.iter().map(|month| (*month, i64::MAX)));
    let spells = months.windows(LEAST_MONTHS).flat_map(|two| {
        let (first, least) = (two.first().copied(), two.last().copied());
        let last = months.iter().rev().skip(1).take_while(move |last| Some(**last) >= least);
        last.filter_map(move |last| Some((first?, *last)))
    });
    let spell = best(&mut spells.filter(|(first, _)| months.first() != Some(first)));
    let is_spell = spell.is_some_and(|(_, ratio)| step.is_none_or(|(_, other)| ratio >= other + SECOND_END));
    let (span, ratio) = if is_spell { spell? } else { step? };
    if ratio < LEAST_RATIO {
        return None;
    }
    let within = |month: i64| month >= span.0 && month <= span.1;
    let others =
        (places.others_in_months(number, own, |month| !within(month)), places.others_in_months(number, own, within));
    let rate = |[met, all]: [u64; 2]| met as f64 / all.max(1) as f64;
    let (before, after) = parted(span);
    let elsewhere = (rate(others.0), rate(others.1));
    let (own_step, step_elsewhere) = (rate(after) - rate(before), elsewhere.1 - elsewhere.0);
    // As little of a step as it may be, whatever was rounded.
    let (least_before, least_after) = nearest(&places.disclosure, before, after);
    let least = rate(least_after) - rate(least_before);
    let step = least - step_elsewhere;
    let same_way = step * own_step > 0.0 && least * own_step > 0.0;
    let last = months.get(months.len().saturating_sub(LATEST)).copied().filter(|from| !is_spell && *from > span.0);
    let latest = last.map(|from| own.in_months(|month| month >= from)).filter(|[_, all]| *all >= LEAST).map(rate);
    (step.abs() >= LEAST_STEP && same_way).then(|| Change {
        month: span.0,
        until: is_spell.then_some(span.1),
        before: rate(before),
        after: rate(after),
        elsewhere,
        latest: latest.filter(|latest| (latest - rate(after)).abs() >= LEAST_STEP / 2.0),
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
