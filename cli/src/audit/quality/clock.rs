//! Clocks that are an hour off in summer: one of several, or that of the whole export.
//!
//! One clock that is off moves some events against others: what is done before its trigger in summer alone, or an hour later then. An export
//! that is off as a whole keeps all distances; it shows in the hours of the day at which its cases begin, which lie an hour early in summer and
//! not in winter. Of a case that begins at hour `h` by the clock, with the group's share of cases `f(h)`, the evidence is
//! `ln f(h + 1) - ln f(h)`; summed over the cases of summer it is the logarithm of a likelihood ratio.

use super::{Found, LEAST, share};
use crate::audit::places::{Judged, Place, Places};
use crate::results::CauseKind;
use crate::words::percent;
use concord_engine::values::calendar::HOUR;
use concord_engine::values::types::duration;
use concord_engine::variation::evidence::{an_hour_later, so_few};

/// So much larger must a share be than elsewhere, and so many times.
const LEAST_MORE: f64 = 0.2;
const LEAST_TIMES: f64 = 3.0;
/// An hour, give or take.
const ABOUT: f64 = 25.0 * 60_000.0;
/// The logarithm of the likelihood ratio from which an hour is told: whatever the size,
/// chance alone exceeds it less than once in 400 times.
const LEAST_EVIDENCE: f64 = 4.0;
/// Groups in which chance alone tells it of an organisation: a ratio of e^x comes up by chance no more often than e^-x.
const MOST_BY_CHANCE: f64 = 0.05;

const WINTER: usize = 0;
const SUMMER: usize = 1;

/// One clock of several.
pub(super) fn one(places: &Places<'_>, place: &Place) -> Option<Found> {
    let found = places.obligations.iter().enumerate().find_map(|(number, (answer, _))| {
        let judged = place.judged.get(number)?;
        let what = if judged.is_order() { None } else { early(places, number, judged) };
        let what = what.or_else(|| later(places, number, judged))?;
        Some((answer.label.clone().unwrap_or_else(|| answer.name.clone()), what))
    });
    let (title, what) = found?;
    let moved = |number: &usize| {
        let difference = |judged: &Judged| {
            let rate = |season: usize| judged.seasons.get(season).copied().and_then(share);
            Some(rate(SUMMER)? - rate(WINTER)?)
        };
        let own = place.judged.get(*number).and_then(difference);
        let usual = places.usual(|other| difference(other.judged.get(*number)?)).unwrap_or(0.0);
        own.is_some_and(|own| (own - usual).abs() >= 0.1)
    };
    let moved: Vec<usize> = (0..places.obligations.len()).filter(moved).collect();
    let text = format!("{title}: {what}: one of its clocks may be an hour off in summer");
    let effect = match moved.first().and_then(|number| seasons(place.judged.get(*number)?)) {
        Some((winter, summer)) => format!(
            "Its rate is {} in summer and {} in winter; that of winter stands.",
            percent(summer),
            percent(winter)
        ),
        None => "Times of summer cannot be compared until that is settled.".to_owned(),
    };
    Some(Found::new(CauseKind::Clock, text, effect).explaining(moved))
}

fn seasons(judged: &Judged) -> Option<(f64, f64)> {
    let rate = |season: usize| judged.seasons.get(season).copied().and_then(share);
    Some((rate(WINTER)?, rate(SUMMER)?))
}

/// What is done before its trigger in summer, far more than in winter and elsewhere.
fn early(places: &Places<'_>, number: usize, judged: &Judged) -> Option<String> {
    let of = |judged: &Judged, season: usize| judged.early.get(season).copied().and_then(share);
    let (summer, winter) = (of(judged, SUMMER)?, of(judged, WINTER).unwrap_or(0.0));
    let usual = places.usual(|other| of(other.judged.get(number)?, SUMMER))?;
    let least = usual.max(winter);
    let far = summer - least >= LEAST_MORE && summer >= LEAST_TIMES * least;
    far.then(|| {
        format!(
            "done before what it counts from in {} of its cases in summer time, {} in winter, elsewhere {}",
            percent(summer),
            percent(winter),
            percent(usual)
        )
    })
}

/// What takes an hour more, or less, in summer than in winter, and nowhere else.
fn later(places: &Places<'_>, number: usize, judged: &Judged) -> Option<String> {
    let of = |judged: &Judged, season: usize| judged.settled.seasons.get(season).copied().flatten();
    let between = |judged: &Judged| Some(of(judged, SUMMER)?.0 - of(judged, WINTER)?.0);
    let own = between(judged)?;
    let usual = places.usual(|other| between(other.judged.get(number)?))?;
    let hour = HOUR as f64;
    let chance = (of(judged, SUMMER)?.1 + of(judged, WINTER)?.1).sqrt();
    let far = ((own - usual).abs() - hour).abs() <= ABOUT && (own - usual).abs() >= 4.0 * chance;
    far.then(|| {
        let minutes = |time: f64| duration((time / 60_000.0).round() as i64 * 60_000);
        let way = if own > usual { "more" } else { "less" };
        format!(
            "it takes {} {way} in summer time than in winter (median), elsewhere {}",
            minutes(own.abs()),
            minutes(usual.abs())
        )
    })
}

/// The whole export.
pub(super) fn whole(places: &Places<'_>, code: &str, place: &Place) -> Option<Found> {
    let mut usual = [0; 24];
    for (_, other) in places.iter().filter(|(other, _)| *other != code) {
        other.hours.iter().for_each(|hours| usual.iter_mut().zip(hours).for_each(|(sum, cases)| *sum += cases));
    }
    let evidence = |season: usize| place.hours.get(season).map_or(0.0, |hours| an_hour_later(hours, &usual));
    let cases = |season: usize| place.hours.get(season).map_or(0, |hours| hours.iter().sum::<u64>());
    let (summer, winter) = (evidence(SUMMER), evidence(WINTER));
    // A place whose patients come early all the year round has evidence in winter too.
    // What a shift of an hour would tell of each case; those whose day merely looks otherwise tell less.
    let shifted: [u64; 24] = std::array::from_fn(|hour| usual.get((hour + 1) % 24).copied().unwrap_or(0));
    let expected = an_hour_later(&shifted, &usual) / usual.iter().sum::<u64>().max(1) as f64;
    let of_winter = winter / cases(WINTER).max(1) as f64;
    let of_summer = summer / cases(SUMMER).max(1) as f64;
    // Of many organisations one has evidence by chance: of so many groups as these, no more than one in 20.
    let by_chance = so_few(0, summer) * places.iter().count() as f64 > MOST_BY_CHANCE;
    if summer < LEAST_EVIDENCE
        || by_chance
        || cases(SUMMER) < LEAST
        || of_winter > of_summer / 2.0
        || of_summer < expected / 2.0
    {
        return None;
    }
    let text = "its cases begin an hour earlier in the day in summer time than elsewhere, and not in winter: the whole export is probably in UTC, and read as local time".to_owned();
    let effect = "Distances within a case stay; days, shifts and opening hours are an hour off in summer.".to_owned();
    Some(Found::new(CauseKind::WholeExport, text, effect))
}
