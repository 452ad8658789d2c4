//! Clocks that are an hour off in summer: one of several, or that of the whole export.
//!
//! One clock that is off moves some events against others: what is done before its trigger in summer alone, or an hour later then. An export
//! that is off as a whole keeps all distances; it shows in the hours of the day at which its cases begin, or at which something comes that keeps closer
//! hours, such as a ward round: they lie an hour early in summer and not in winter (`concord_engine::variation::shifted`).

use super::{Found, LEAST, elsewhere, share, share_at};
use crate::audit::disclose::between;
use crate::audit::places::{Judged, Place, Places};
use crate::results::CauseKind;
use crate::words::percent;
use concord_engine::plan::{Id, KindId, Plan};
use concord_engine::values::calendar::HOUR;
use concord_engine::values::types::duration;
use concord_engine::variation::shifted::Shifted;

/// So much larger must a share be than elsewhere, and so many times.
const LEAST_MORE: f64 = 0.2;
const LEAST_TIMES: f64 = 3.0;
/// An hour, give or take, beside twice the standard error.
const ABOUT: f64 = 10.0 * 60_000.0;
/// Of one organisation in a group, an hour must be so many times as likely as that chance made one of them look so.
const LEAST_LIKELY: f64 = 20.0;
/// A kind of event keeps closer hours than cases begin at where an hour is worth so much more of it.
const SHARPER: f64 = 1.25;
/// A day that lies earlier than by this is early for another reason.
const MOST_HOURS: f64 = 2.0;
/// Standard errors by which a day may fall short of an hour before it speaks against one.
const AGAINST: f64 = 3.0;

/// Of a day so large a part has to be shown.
const LEAST_LEFT: f64 = 0.9;

const WINTER: usize = 0;
const SUMMER: usize = 1;

/// One clock of several.
pub(super) fn one(places: &Places<'_>, place: &Place) -> Option<Found> {
    let found = places.obligations.iter().enumerate().find_map(|(number, (answer, _))| {
        let judged = place.judged.get(number)?;
        let what = if judged.is_order() { None } else { early(places, place, number) };
        let what = what.or_else(|| later(places, place, number))?;
        Some((number, answer.label.clone().unwrap_or_else(|| answer.name.clone()), what))
    });
    let (off, title, what) = found?;
    let moved = |number: &usize| {
        let difference = |judged: &Judged| {
            let rate = |season: usize| judged.seasons.get(season).copied().and_then(share);
            Some(rate(SUMMER)? - rate(WINTER)?)
        };
        let own = place.judged.get(*number).and_then(difference);
        let of_other = |other: &Place| difference(other.judged.get(*number)?);
        let usual = places.elsewhere(place, ("seasons", *number, None), of_other).unwrap_or(0.0); // where nobody else has any
        own.is_some_and(|own| (own - usual).abs() >= 0.1)
    };
    let mut moved: Vec<usize> = (0..places.obligations.len()).filter(moved).collect();
    let text = format!("{title}: {what}: one of its clocks may be an hour off in summer");
    let effect = match moved.first().and_then(|number| seasons(place.judged.get(*number)?)) {
        Some((winter, summer)) if places.disclosure.shows_cases() => format!(
            "Its rate is {} in summer and {} in winter; that of winter stands.",
            percent(summer),
            percent(winter)
        ),
        // How many cases a season has no table tells.
        Some(_) => "Its rate is another in summer than in winter; that of winter stands.".to_owned(),
        None => "Times of summer cannot be compared until that is settled.".to_owned(),
    };
    // Where its times are off its rate is not to be believed, however little it moves.
    if !moved.contains(&off) {
        moved.push(off);
    }
    Some(Found::new(CauseKind::Clock, text, effect).explaining(moved))
}

fn seasons(judged: &Judged) -> Option<(f64, f64)> {
    let rate = |season: usize| judged.seasons.get(season).copied().and_then(share);
    Some((rate(WINTER)?, rate(SUMMER)?))
}

/// What is done before its trigger in summer, far more than in winter and elsewhere.
fn early(places: &Places<'_>, place: &Place, number: usize) -> Option<String> {
    let judged = place.judged.get(number)?;
    let of = |judged: &Judged, season: usize| judged.early.get(season).copied().unwrap_or([0, 0]);
    let at_most = |pair: [u64; 2]| share_at(&pair, |early| places.disclosure.most(early));
    let at_least = |pair: [u64; 2]| share_at(&pair, |early| places.disclosure.least(early));
    let of_other = |other: &Place| other.judged.get(number).map_or([0, 0], |other| of(other, SUMMER));
    let (summer, winter) = (at_least(of(judged, SUMMER))?, at_most(of(judged, WINTER)).unwrap_or(0.0));
    let usual = places.elsewhere(place, ("early", number, None), |other| at_most(of_other(other)))?;
    let least = usual.max(winter);
    let far = summer - least >= LEAST_MORE && summer >= LEAST_TIMES * least;
    far.then(|| match places.disclosure.shows_cases() {
        true => format!(
            "done before what it counts from in {} of its cases in summer time, {} in winter, elsewhere {}",
            percent(summer),
            between((at_least(of(judged, WINTER)).unwrap_or(0.0), winter)),
            elsewhere(places, place, ("early", number, None), of_other)
        ),
        false => "done before what it counts from in far more of its cases in summer time than in winter, or elsewhere"
            .to_owned(),
    })
}

/// What takes an hour more, or less, in summer than in winter, and nowhere else.
fn later(places: &Places<'_>, place: &Place, number: usize) -> Option<String> {
    let judged = place.judged.get(number)?;
    let of = |judged: &Judged, season: usize| judged.settled.seasons.get(season).copied().flatten();
    let between = |judged: &Judged| Some(of(judged, SUMMER)?.0 - of(judged, WINTER)?.0);
    let own = between(judged)?;
    let usual = places.elsewhere(place, ("later", number, None), |other| between(other.judged.get(number)?))?;
    // Of two an hour apart it is the one whose times do move with the season.
    if places.count() == 2 && own.abs() <= usual.abs() {
        return None;
    }
    let hour = HOUR as f64;
    let chance = (of(judged, SUMMER)?.1 + of(judged, WINTER)?.1).sqrt();
    let far = ((own - usual).abs() - hour).abs() <= ABOUT + 2.0 * chance && (own - usual).abs() >= 4.0 * chance;
    // A clock moves all times alike, where a median between two heaps of them jumps by itself.
    let quarters = |season: usize| judged.settled.quarters.get(season).copied().flatten();
    let (winter, summer) = (quarters(WINTER)?, quarters(SUMMER)?);
    let alike = |moved: f64| (moved - own).abs() <= hour / 2.0;
    let far = far && summer.iter().zip(&winter).all(|(summer, winter)| alike(summer - winter));
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
pub(super) fn whole(plan: &Plan, places: &Places<'_>, place: &Place) -> Option<Found> {
    // Of a day of which much is suppressed the shape is another.
    let whole = |what: usize, cases: u64| {
        let shown = |count: &&u64| what > 0 || !places.disclosure.hides(**count);
        let left: u64 = place.days(what).iter().flatten().filter(shown).sum();
        left as f64 >= LEAST_LEFT * cases as f64
    };
    let first = place.early.first().copied().flatten().filter(|_| whole(0, place.cases))?;
    let kinds = place.early.iter().skip(1).zip(plan.subject.events.placed());
    let events = |kind: KindId| place.kinds.get(kind.place()).map_or(0, |of| of.events);
    let kinds = kinds.filter(|(_, (kind, _))| whole(kind.place() + 1, events(*kind).min(place.cases)));
    let sharper = kinds.filter_map(|(early, (_, of))| Some(((*early)?, Some(of.name.as_str()))));
    let sharper = sharper.filter(|(early, _)| early.expected >= SHARPER * first.expected);
    let days: Vec<(Shifted, Option<&str>)> = [(first, None)].into_iter().chain(sharper).collect();
    let (most, kind) = *days.iter().max_by(|a, b| a.0.z.total_cmp(&b.0.z))?;
    // Of many organisations, each held by several days, one lies early by chance.
    let least = LEAST_LIKELY * days.len() as f64 * places.count() as f64;
    let cases = place.hours.get(SUMMER).map_or(0, |hours| hours.iter().sum::<u64>());
    let against = place.early.iter().flatten().any(|early| early.z < early.expected - AGAINST);
    if most.ratio() < least || most.hours() > MOST_HOURS || cases < LEAST || against {
        return None;
    }
    let what = kind.map_or_else(|| "its cases begin".to_owned(), |name| format!("`{name}` comes"));
    let text = format!(
        "{what} an hour earlier in the day in summer time than elsewhere, and not in winter: the whole export may be in UTC, and read as local time"
    );
    let effect = "Distances within a case stay; days, shifts and opening hours are an hour off in summer.".to_owned();
    Some(Found::new(CauseKind::WholeExport, text, effect))
}
