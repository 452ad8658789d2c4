//! Months that an export leaves out, in whole, in half, or of one kind of event; and kinds of event that it leaves out altogether.
//!
//! What a month should hold is the organisation's own volume, spread as that of all organisations is. An organisation with a month less than
//! chance allows (exact Poisson tail below one in 100,000) has not sent it all.

use super::{Found, LEAST};
use crate::audit::period::show_period;
use crate::audit::places::{Judged, Month, Place, Places};
use crate::results::CauseKind;
use crate::words::{listed, percent, period};
use concord_engine::plan::library::CalendarUnit;
use concord_engine::plan::{Id, KindId, Kinds, Plan, RestsOn};
use concord_engine::values::calendar::DAY;
use concord_engine::variation::evidence::{none_of, so_few};
use std::collections::BTreeMap;

/// The chance below which a month is not complete.
const LEAST_CHANCE: f64 = 1e-5;
/// A month with less than this of what it should hold is a half one.
const HALF: f64 = 0.6;
/// Under small-number control a share of cases that have a kind of event is told by the tenth below it: no table has so many.
const TENTHS: f64 = 10.0;
/// So many months before an export ends may hold cases of which it does not know what became.
const AT_THE_END: usize = 2;
/// Of what is due within less of two months, a twentieth, hardly anybody waits when they end.
const LEAST_WAIT: i64 = 3 * DAY;
/// A month is held against so many before it, and so many after it.
const BESIDE: usize = 3;
/// A kind of event that fewer cases than this usually have is not missed.
const LEAST_USUAL: f64 = 0.3;

pub(super) fn not_exported(plan: &Plan, places: &Places<'_>, place: &Place) -> Vec<Found> {
    let all = by_month(places);
    let mut found = Vec::new();
    let exact = places.disclosure.shows_cases();
    let bound = if exact { "" } else { "at least " };
    let said = |share: f64| percent(if exact { share } else { (share * TENTHS).floor() / TENTHS });
    found.extend(of_cases(&all, place, places));
    for (kind, of) in plan.subject.events.placed() {
        if let Some(elsewhere) = never(place, kind.place(), places) {
            let text = format!(
                "`{}` is in hardly any of its cases, or in none, and in {}{} of those elsewhere",
                of.name,
                bound,
                said(elsewhere)
            );
            let effect = match is_unknown(plan, places, place, kind) {
                true => format!("What rests on `{}` is unknown in its cases: was it exported at all?", of.name),
                false => format!("Its cases count as if `{}` had not been done: was it exported at all?", of.name),
            };
            let moved = (0..place.judged.len()).filter(|judged| is_at_an_end(place, *judged, places)).collect();
            let events = Found::new(CauseKind::Events, text, effect).explaining(moved);
            found.push(Found { not_exported: Kinds::one(kind), ..events });
            continue;
        }
        let months = without(place, kind.place(), places);
        if months.is_empty() {
            continue;
        }
        let share = has(places, place, kind.place(), |month| !months.contains(&month));
        let text = format!(
            "`{}` is in none of its cases of {}, and in {bound}{} of those of its other months",
            of.name,
            named(&months),
            said(share.unwrap_or(0.0))
        );
        let effect = match rests_unknown(plan, places, place, kind) {
            true => format!(
                "Rows of its export were refused: cases in which these may have been `{}` are unknown, and others count as if it had not been done.",
                of.name
            ),
            false => format!("Cases of these months count as if `{}` had not been done.", of.name),
        };
        let moved = (0..place.judged.len()).filter(|judged| moves(place, *judged, &months)).collect();
        found.push(Found::new(CauseKind::Months, text, effect).explaining(moved));
    }
    found
}

/// Months without a case, or with hardly one.
fn of_cases(all: &BTreeMap<i64, u64>, place: &Place, places: &Places<'_>) -> Option<Found> {
    let (none, half) = short(all, place, places);
    if none.is_empty() && half.is_empty() {
        return None;
    }
    let mut parts = Vec::new();
    if !none.is_empty() {
        parts.push(format!("no case begins in {}", named(&none)));
    }
    let full = full(all, place, places, &none);
    if !full.is_empty() {
        parts.push(format!(
            "far more than its other months would have begin in {}: are some of these dated in another month?",
            named(&full)
        ));
    }
    if !half.is_empty() {
        parts.push(format!("far fewer than its other months would have begin in {}", named(&half)));
    }
    let effect = match none.len() {
        0 => "Its figures are mostly those of its other months.".to_owned(),
        none => format!("Its figures speak of {} of {} months.", all.len() - none, all.len()),
    };
    let moved = moved_at_the_end(all, place, &none);
    let effect = match moved.is_empty() {
        true => effect,
        false => format!("{effect} It ends before the others, and who was waiting then counts as missed."),
    };
    Some(Found::new(CauseKind::Months, parts.join("; "), effect).explaining(moved))
}

/// Cases of all organisations by month.
pub(super) fn by_month(places: &Places<'_>) -> BTreeMap<i64, u64> {
    let mut all: BTreeMap<i64, u64> = places.totals.months.iter().map(|(month, (cases, _))| (*month, *cases)).collect();
    // A few strays, from a year that was mistyped, make no period.
    let most = all.values().max().copied().unwrap_or(0);
    all.retain(|_, cases| *cases * 20 >= most);
    all
}

/// The months of which nothing, and of which half was sent; of what is suppressed the most is taken.
fn short(all: &BTreeMap<i64, u64>, place: &Place, places: &Places<'_>) -> (Vec<i64>, Vec<i64>) {
    let own = |month: &i64| place.months.get(month).map_or(0, |of| places.disclosure.most(of.cases));
    let own_of = own;
    let least = |month: &i64| place.months.get(month).map_or(0, |of| places.disclosure.least(of.cases));
    let mut left_out: Vec<i64> = at_the_ends(all, place, least);
    // What was left out makes the rest look like more than it is, so months are taken out until none more is short.
    for _ in 0..all.len() {
        let kept = || all.iter().filter(|(month, _)| !left_out.contains(month));
        let (mine, whole) = kept().fold((0, 0), |(mine, whole), (month, cases)| (mine + own(month), whole + cases));
        let expected = |cases: u64| mine as f64 * cases as f64 / whole.max(1) as f64;
        let next = kept().find(|(month, cases)| {
            let (own, expected) = (own(month), expected(**cases));
            let is_few = |expected: f64| (own as f64) < HALF * expected && so_few(own, expected) < LEAST_CHANCE;
            // Of one that has had more cases from some month on, those before it are no fewer than they were.
            is_few(expected) && beside(all, (**month, **cases), &left_out, own_of).into_iter().all(is_few)
        });
        match next.map(|(month, _)| *month) {
            Some(month) => left_out.push(month),
            None => break,
        }
    }
    left_out.sort_unstable();
    left_out.into_iter().partition(|month| own(month) == 0)
}

/// So much more than they should hold have months in which those of another may be.
const FULL: f64 = 1.6;
/// Standard errors of a Poisson count, beyond which chance has one in 300,000.
const LEAST_FULL_Z: f64 = 4.5;

/// The months beside one of which nothing was sent that hold far more than they should; of what is rounded the least is taken.
fn full(all: &BTreeMap<i64, u64>, place: &Place, places: &Places<'_>, none: &[i64]) -> Vec<i64> {
    let own = |month: &i64| place.months.get(month).map_or(0, |of| places.disclosure.least(of.cases));
    let is_beside = |month: i64| none.iter().any(|other| (other - month).abs() <= 31);
    let far_more = |(month, cases): (&i64, &u64)| {
        let others = all.iter().filter(|(other, _)| *other != month && !none.contains(other));
        let (mine, whole) = others.fold((0, 0), |(mine, whole), (other, cases)| (mine + own(other), whole + cases));
        let expected = mine as f64 * *cases as f64 / whole.max(1) as f64;
        let more = own(month) as f64 - expected;
        expected > 0.0 && own(month) as f64 >= FULL * expected && more >= LEAST_FULL_Z * expected.sqrt()
    };
    let beside = all.iter().filter(|(month, _)| !none.contains(month) && is_beside(**month));
    beside.filter(|of| far_more(*of)).map(|(month, _)| *month).collect()
}

/// Whether rows were refused there, and cases of an obligation that rests on a kind of event are unknown.
fn rests_unknown(plan: &Plan, places: &Places<'_>, place: &Place, kind: KindId) -> bool {
    let judged = places.obligations.iter().zip(&place.judged);
    let mut resting = judged.filter(|((_, cells), _)| RestsOn::of(plan, &[cells.verdict]).kinds.contain(kind));
    let is_unknown = |judged: &Judged| judged.verdicts.unknown > 0 || judged.verdicts.hidden >> 6 & 1 != 0;
    place.touched > 0 && resting.any(|(_, judged)| is_unknown(judged))
}

/// The months before its first and after its last, where its volume and the group's months lead to expect more of all of them than none: told however few it has sent.
fn at_the_ends(all: &BTreeMap<i64, u64>, place: &Place, own: impl Fn(&i64) -> u64) -> Vec<i64> {
    let sent: Vec<i64> = all.keys().filter(|month| place.months.contains_key(month)).copied().collect();
    let (Some(first), Some(last)) = (sent.first(), sent.last()) else { return Vec::new() };
    let (mine, whole) = all.range(first..=last).fold((0, 0), |(mine, whole), (m, n)| (mine + own(m), whole + n));
    // Of a few it tells nothing that some months have none.
    let mine = if mine < LEAST { 0 } else { mine };
    let unlikely = |months: &[(i64, u64)]| {
        let cases: u64 = months.iter().map(|(_, cases)| cases).sum();
        so_few(0, mine as f64 * cases as f64 / whole.max(1) as f64) < LEAST_CHANCE
    };
    let before: Vec<(i64, u64)> = all.range(..first).map(|(month, cases)| (*month, *cases)).collect();
    let after = all.iter().filter(|(month, _)| *month > last).map(|(month, cases)| (*month, *cases)).collect();
    let told = [before, after].into_iter().filter(|months: &Vec<(i64, u64)>| unlikely(months));
    told.flatten().map(|(month, _)| month).collect()
}

/// How many cases a month should have by the months that come right before it, and by those that come right after, as far as there are any.
fn beside(
    all: &BTreeMap<i64, u64>,
    (month, cases): (i64, u64),
    left_out: &[i64],
    own: impl Fn(&i64) -> u64,
) -> Vec<f64> {
    let kept = |of: &(&i64, &u64)| !left_out.contains(of.0);
    let before: Vec<(&i64, &u64)> = all.range(..month).rev().filter(kept).take(BESIDE).collect();
    let after: Vec<(&i64, &u64)> = all.iter().filter(|(of, _)| **of > month).filter(kept).take(BESIDE).collect();
    let expected = |months: &Vec<(&i64, &u64)>| {
        let (mine, whole) = months.iter().fold((0, 0), |(mine, whole), (of, n)| (mine + own(of), whole + **n));
        mine as f64 * cases as f64 / whole.max(1) as f64
    };
    [before, after].iter().filter(|months| !months.is_empty()).map(expected).collect()
}

/// Obligations of which otherwise much is met in the last months of an export that ends before the others: it knows nothing of what came of these cases since.
fn moved_at_the_end(all: &BTreeMap<i64, u64>, place: &Place, none: &[i64]) -> Vec<usize> {
    let ends_early = all.keys().next_back().is_some_and(|last| none.contains(last));
    let last: Vec<i64> = place.months.keys().rev().take(if ends_early { AT_THE_END } else { 0 }).copied().collect();
    // Nobody still waits for what is due within the hour.
    let waits = |judged: &usize| {
        let of = place.judged.get(*judged);
        of.and_then(|of| of.limits).is_some_and(|(_, longest)| longest >= LEAST_WAIT)
    };
    (0..place.judged.len()).filter(|judged| !last.is_empty() && waits(judged) && moves(place, *judged, &last)).collect()
}

/// The share of cases of some months that have a kind of event, at least.
fn has(places: &Places<'_>, place: &Place, kind: usize, within: impl Fn(i64) -> bool) -> Option<f64> {
    let least = |count: u64| places.disclosure.least(count);
    let months = place.months.iter().filter(|(month, _)| within(**month));
    let [with, cases] = months.fold([0, 0], |[with, cases], (_, of)| {
        let own = of.with.get(kind).copied().unwrap_or(0);
        [with + least(own), cases + places.disclosure.most(of.cases)]
    });
    (cases >= LEAST).then(|| with as f64 / cases as f64)
}

/// The same of all months, of counts of them all.
fn has_any(places: &Places<'_>, place: &Place, kind: usize) -> Option<f64> {
    // Where there are too many kinds for ways, they are counted by month alone.
    if place.ways.counted().with.len() <= kind {
        return has(places, place, kind, |_| true);
    }
    let [with] = place.ways.told(|ways| [ways.of(kind)[0]]);
    let (with, cases) = (places.disclosure.least(with), places.disclosure.most(place.cases));
    (cases >= LEAST).then(|| with as f64 / cases as f64)
}

/// Months with cases, none of which has a kind of event that cases usually have, there and elsewhere, and have elsewhere in that month: what comes
/// weeks after a case begins is not there yet for the last of them, anywhere.
fn without(place: &Place, kind: usize, places: &Places<'_>) -> Vec<i64> {
    let told = |of: &Month| of.cases > 0 && !places.disclosure.hides(of.cases);
    let empty = place.months.iter().filter(|(_, of)| told(of) && of.with.get(kind) == Some(&0));
    let empty: Vec<i64> = empty.map(|(month, _)| *month).collect();
    let share = has(places, place, kind, |month| !empty.contains(&month));
    let elsewhere = places.elsewhere(place, ("has", kind, None), |other| has_any(places, other, kind));
    let Some(share) = share.filter(|share| *share >= LEAST_USUAL && elsewhere.is_some_and(|e| e >= LEAST_USUAL)) else {
        return Vec::new();
    };
    // That all of a few had one does not say that the next must.
    let share = elsewhere.map_or(share, |elsewhere| share.min(elsewhere)).min(1.0 - 0.5 / place.cases.max(1) as f64);
    let unlikely = |month: &i64| {
        let cases = place.months.get(month).map_or(0, |of| of.cases);
        none_of(cases, share * in_its_month(place, kind, *month, places)) < LEAST_CHANCE
    };
    empty.into_iter().filter(unlikely).collect()
}

/// The share of cases that usually have a kind of event of which an organisation has none, or too few to be shown, where chance hardly allows
/// that: what is common everywhere else is rather not exported there than never done.
fn never(place: &Place, kind: usize, places: &Places<'_>) -> Option<f64> {
    let events = place.kinds.get(kind)?.events;
    has_any(places, place, kind).filter(|_| events == 0 || places.disclosure.hides(events))?;
    let elsewhere = places.elsewhere(place, ("has", kind, None), |other| has_any(places, other, kind));
    let cases = places.disclosure.least(place.cases);
    let chance = |share: f64| {
        let expected = cases as f64 * share;
        if events == 0 { none_of(cases, share) } else { so_few(places.disclosure.most(events), expected) }
    };
    elsewhere.filter(|share| *share >= LEAST_USUAL && chance(*share) < LEAST_CHANCE)
}

/// Whether no case there is missed of any obligation that rests on a kind of event, and some are unknown: an export of its own that carries none at all says
/// nothing of it, where one of all organisations that carries some says that it was not done.
fn is_unknown(plan: &Plan, places: &Places<'_>, place: &Place, kind: KindId) -> bool {
    let judged = places.obligations.iter().zip(&place.judged);
    let resting = judged.filter(|((_, cells), _)| RestsOn::of(plan, &[cells.verdict]).kinds.contain(kind));
    let counts = resting.map(|(_, judged)| (&judged.verdicts, judged.verdicts.hidden));
    let [missed, unknown] = counts.fold([false; 2], |[missed, unknown], (v, hidden)| {
        [missed || v.missed > 0 || hidden >> 4 & 1 != 0, unknown || v.unknown > 0 || hidden >> 6 & 1 != 0]
    });
    unknown && !missed
}

/// Whether nearly all of an obligation is met there, or nearly nothing, and more than a few points otherwise than elsewhere.
fn is_at_an_end(place: &Place, judged: usize, places: &Places<'_>) -> bool {
    let Some(of) = place.judged.get(judged) else { return false };
    let rate = |[met, all]: [u64; 2]| (all > 0).then(|| met as f64 / all as f64);
    let (own, others) = (of.in_months(|_| true), rate(places.others_in_months(judged, of, |_| true)));
    let is = |own: f64, others: f64| !(0.05..=0.95).contains(&own) && (own - others).abs() > 0.05;
    rate(own).zip(others).is_some_and(|(own, others)| is(own, others))
}

/// How much of its usual share a kind of event has in a month at the other organisations, 1 at most; nothing where they have no case.
fn in_its_month(place: &Place, kind: usize, month: i64, places: &Places<'_>) -> f64 {
    let with = |with: &[u64]| with.get(kind).copied().unwrap_or(0);
    let share = |of_month: bool| {
        let all = places.totals.months.iter().filter(|(at, _)| !of_month || **at == month);
        let [some, cases] = all.fold([0, 0], |[some, cases], (_, (n, of))| [some + with(of), cases + n]);
        let own = place.months.iter().filter(|(at, _)| !of_month || **at == month);
        let [some, cases] = own.fold([some, cases], |[some, cases], (_, of)| [some - with(&of.with), cases - of.cases]);
        (cases > 0).then(|| some as f64 / cases as f64)
    };
    share(true).zip(share(false)).filter(|(_, all)| *all > 0.0).map_or(0.0, |(then, all)| (then / all).min(1.0))
}

/// Whether what is met of an obligation differs in these months by more than a few points.
fn moves(place: &Place, judged: usize, months: &[i64]) -> bool {
    let Some(judged) = place.judged.get(judged) else { return false };
    let rate = |within: bool| {
        let [met, all] = judged.in_months(|month| months.contains(&month) == within);
        (all > 0).then(|| met as f64 / all as f64)
    };
    rate(true).zip(rate(false)).is_some_and(|(within, without)| (within - without).abs() > 0.05)
}

pub(super) fn name(first: i64) -> String {
    period(&show_period(CalendarUnit::Month, first))
}

/// Months in words; those in a row by their first and last.
pub(super) fn named(months: &[i64]) -> String {
    let mut runs: Vec<(i64, i64)> = Vec::new();
    for month in months {
        match runs.last_mut() {
            Some((_, last)) if *month - *last <= 31 => *last = *month,
            _ => runs.push((*month, *month)),
        }
    }
    let runs = runs
        .into_iter()
        .map(|(first, last)| if first == last { name(first) } else { format!("{} to {}", name(first), name(last)) });
    listed(&runs.collect::<Vec<_>>())
}
