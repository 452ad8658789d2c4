//! A rate that changed at one organisation from some month on, or in some months and no longer, and not elsewhere.
//!
//! Of all places at which its months can be parted, the one with the largest likelihood ratio of two binomial rates against one (Hinkley and
//! Hinkley 1970, Biometrika 57: 477–488). A ratio from 24 on (2 ln L) is told: of one parting chance exceeds it once in a million times, and a report asks some
//! thousands of them, each of a place that was chosen. How the other organisations went at the same time is taken off before it counts, in points and as odds.
//! A month of which much is still open takes no part, as those decided by then are not like the rest. A spell of months that parts them better than any one day, by more than its
//! second end may do by chance, is told as a spell.

use crate::audit::disclose::Disclosure;
use crate::audit::places::Places;
use concord_engine::variation::evidence::two_rates;

/// Of one parting, χ² with one degree of freedom: of groups in which nothing changes, of 12 organisations with five obligations, fewer than one in twenty has one.
pub(super) const LEAST_RATIO: f64 = 24.0;
/// And by so much.
pub(super) const LEAST_STEP: f64 = 0.1;
/// Standard errors by which it lies from where the others' change would have taken it.
const LEAST_Z: f64 = 4.5;
/// Fewer cases before or after say nothing.
pub(super) const LEAST: u64 = 30;
/// And fewer months, so that one bad month is no change.
const LEAST_MONTHS: usize = 2;

/// A spell has an end of its own to choose: so much more must its ratio be.
const SECOND_END: f64 = 8.0;
/// No odds are told of a rate nearer to none, or to all.
const LEAST_RATE: f64 = 0.005;
/// What it is in so many last months says whether a change still holds.
const LATEST: usize = 3;

/// The months of the change, and the rates within these and without.
#[derive(Clone, Copy)]
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
    /// Of a spell, another of its kind: its first month, its last where others come after it, and its rate, which is in neither of the others.
    pub(super) again: Option<(i64, Option<i64>, f64)>,
}

impl Change {
    /// Whether it is better since, and no worse than the others are.
    pub(super) fn is_for_the_better(&self) -> bool {
        let now = self.latest.unwrap_or(self.after); // where nothing else is told it still holds
        self.until.is_none() && self.after > self.before && now >= self.elsewhere.1
    }
}

pub(super) fn change(places: &Places<'_>, code: &str, number: usize) -> Option<Change> {
    let found = once(places, code, number)?;
    Some(with_another(places, code, number, &found).unwrap_or(found)) // a spell that comes once
}

/// The same where a spell comes back, as each winter: the best of the months outside it that parts these as well, the same way and as far.
fn with_another(places: &Places<'_>, code: &str, number: usize, found: &Change) -> Option<Change> {
    let own = places.of(code)?.judged.get(number)?;
    let until = found.until?;
    let complete = |month: i64| !places.is_unfinished(number, own, month);
    let is_one = |month: i64| month >= found.month && month <= until;
    let rest: Vec<i64> =
        own.months.counted().keys().copied().filter(|month| complete(*month) && !is_one(*month)).collect();
    let parted = |(first, last): (i64, i64)| {
        let within = move |month: i64| month >= first && month <= last;
        let outside = |month: i64| rest.binary_search(&month).is_ok() && !within(month);
        nearest(
            &places.disclosure,
            own.in_months(outside),
            own.in_months(|month| rest.contains(&month) && within(month)),
        )
    };
    let spells = rest.iter().enumerate().flat_map(|(at, first)| {
        let lasts = rest.iter().skip(at + LEAST_MONTHS - 1).map(move |last| (*first, *last));
        lasts.filter(|(first, last)| (*last < found.month) || (*first > until))
    });
    let (span, most) =
        spells.filter_map(|span| Some((span, ratio(parted(span))?))).max_by(|a, b| a.1.total_cmp(&b.1))?;
    let rate = |[met, all]: [u64; 2]| met as f64 / all.max(1) as f64;
    let (outside, within) = parted(span);
    let step = rate(within) - rate(outside);
    if most < LEAST_RATIO || step.abs() < LEAST_STEP || step * (found.after - found.before) <= 0.0 {
        return None;
    }
    let is_other = |month: i64| month >= span.0 && month <= span.1;
    let known = |month: i64| rest.binary_search(&month).is_ok();
    let others =
        |of: &dyn Fn(i64) -> bool| rate(places.others_in_months(number, own, |month| complete(month) && of(month)));
    let before = rate(own.in_months(|month| known(month) && !is_other(month)));
    let other = rate(own.in_months(|month| known(month) && is_other(month)));
    let elsewhere = others(&|month| !is_one(month) && !is_other(month));
    Some(if span.0 > until {
        let again = Some((span.0, Some(span.1).filter(|last| rest.last() != Some(last)), other));
        Change { before, elsewhere: (elsewhere, found.elsewhere.1), again, ..*found }
    } else {
        // As they came.
        let again = Some((found.month, Some(until), found.after));
        let elsewhere = (elsewhere, others(&is_other));
        Change { month: span.0, until: Some(span.1), before, after: other, elsewhere, again, ..*found }
    })
}

fn once(places: &Places<'_>, code: &str, number: usize) -> Option<Change> {
    let own = places.of(code)?.judged.get(number)?;
    // Of what was completed the first months have those who waited long, and the last who did not.
    if places.of_completed(number).is_some() {
        return None;
    }
    let complete = |month: i64| !places.is_unfinished(number, own, month);
    let months: Vec<i64> = own.months.counted().keys().copied().filter(|month| complete(*month)).collect();
    let known = |month: i64| months.binary_search(&month).is_ok();
    let inner = months.get(LEAST_MONTHS..months.len().checked_sub(LEAST_MONTHS - 1)?)?;
    let parted = |(first, last): (i64, i64)| {
        let within = move |month: i64| month >= first && month <= last;
        (own.in_months(|month| known(month) && !within(month)), own.in_months(|month| known(month) && within(month)))
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
    let elsewhere =
        |of: &dyn Fn(i64) -> bool| places.others_in_months(number, own, |month| complete(month) && of(month));
    let others = (elsewhere(&|month| !within(month)), elsewhere(&within));
    let rate = |[met, all]: [u64; 2]| met as f64 / all.max(1) as f64;
    let (before, after) = parted(span);
    let elsewhere = (rate(others.0), rate(others.1));
    let (own_step, step_elsewhere) = (rate(after) - rate(before), elsewhere.1 - elsewhere.0);
    // As little of a step as it may be, whatever was rounded.
    let (least_before, least_after) = nearest(&places.disclosure, before, after);
    let least = rate(least_after) - rate(least_before);
    let step = least - step_elsewhere;
    // Where the others come near to none or all, whoever had further to go went further by no more.
    let expected = moved_as(rate(least_before), elsewhere);
    let gone = rate(least_after) - expected;
    let [_, n_before] = least_before;
    let [_, n_after] = least_after;
    let error = (expected * (1.0 - expected) * (1.0 / n_before.max(1) as f64 + 1.0 / n_after.max(1) as f64)).sqrt();
    let is_far = gone.abs() >= LEAST_Z * error;
    let same_way = step * own_step > 0.0 && least * own_step > 0.0 && gone * own_step > 0.0;
    let last = months.get(months.len().saturating_sub(LATEST)).copied().filter(|from| !is_spell && *from > span.0);
    let latest = last
        .map(|from| own.in_months(|month| known(month) && month >= from))
        .filter(|[_, all]| *all >= LEAST)
        .map(rate);
    (step.abs().min(gone.abs()) >= LEAST_STEP && same_way && is_far).then(|| Change {
        month: span.0,
        until: is_spell.then_some(span.1),
        before: rate(before),
        after: rate(after),
        elsewhere,
        latest: latest.filter(|latest| (latest - rate(after)).abs() >= LEAST_STEP / 2.0),
        again: None,
    })
}

/// What a rate would have become, were its odds to move as those of the others did.
pub(super) fn moved_as(before: f64, elsewhere: (f64, f64)) -> f64 {
    // Of all there are no odds.
    let odds = |rate: f64| {
        let rate = rate.clamp(LEAST_RATE, 1.0 - LEAST_RATE);
        rate / (1.0 - rate)
    };
    let moved = odds(before) * odds(elsewhere.1) / odds(elsewhere.0);
    moved / (1.0 + moved)
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
