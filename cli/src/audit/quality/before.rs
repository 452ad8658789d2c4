//! Times that cannot be what they seem: what is done before what it counts from, a kind of event of which all times are midnights, and one that has no time
//! after noon, as where a clock of twelve hours is written without its half of the day.

use super::{Found, LEAST, LEAST_MORE_OF_TIMES, apart, elsewhere, usual};
use crate::audit::places::{Place, Places, kind_of};
use crate::results::CauseKind;
use crate::words::percent;
use concord_engine::plan::{Id, KindId, Plan, RestsOn};
use concord_engine::variation::evidence::none_of;
use std::ops::Range;

/// So much larger must a share be than usual, and so many times.
const LEAST_TIMES: f64 = 3.0;
/// Of a kind so much comes in the first hour of the day where its times are midnights.
const MOSTLY: f64 = 0.5;
/// So much comes after one o'clock in the afternoon elsewhere, where none does here,
const AFTER_NOON: Range<usize> = 13..24;
const LEAST_AFTER_NOON: f64 = 0.2;
/// where chance has that less often.
const LEAST_CHANCE: f64 = 1e-5;
/// And so much more before seven in the morning, as nobody who only works in the morning has.
const AT_NIGHT: Range<usize> = 0..7;
const LEAST_AT_NIGHT: f64 = 0.1;

/// Done before what it counts from, far more than elsewhere.
pub(super) fn before(places: &Places<'_>, place: &Place) -> Option<Found> {
    let of = |place: &Place, number: usize| {
        let seasons = place.judged.get(number).map(|judged| judged.early).unwrap_or_default();
        seasons.into_iter().fold([0, 0], |[some, all], [early, timed]| [some + early, all + timed])
    };
    let found = places.obligations.iter().enumerate().filter_map(|(number, (answer, _))| {
        if place.judged.get(number)?.is_order() {
            return None;
        }
        let what = ("before", number, None);
        let usual = usual(places, place, what, |place| of(place, number))?;
        let own = apart(places, of(place, number), usual, LEAST_MORE_OF_TIMES)?;
        let title = answer.label.clone().unwrap_or_else(|| answer.name.clone());
        let others = elsewhere(places, place, what, |place| of(place, number));
        (own >= LEAST_TIMES * usual.share).then_some((number, own, title, others))
    });
    let found: Vec<(usize, f64, String, String)> = found.collect();
    let (_, own, title, others) = found.iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
    let text =
        format!("{title}: done before what it counts from in {} of its cases, elsewhere {others}", percent(*own));
    let effect = "Where what is earlier does not count, such cases are missed though it was done: are its times right?";
    let moved = found.iter().map(|(number, ..)| *number).collect();
    Some(Found::new(CauseKind::Before, text, effect.to_owned()).explaining(moved))
}

/// A kind of event without its time of day.
pub(super) fn no_time_of_day(plan: &Plan, places: &Places<'_>, place: &Place) -> Option<Found> {
    let found = plan.subject.events.placed().find_map(|(kind, of)| {
        let what = midnights(places, place, kind).or_else(|| mornings(places, place, kind))?;
        Some((kind, of.name.as_str(), what))
    });
    let (kind, name, what) = found?;
    let rests = |number: &usize| {
        let cells = places.obligations.get(*number).map(|(_, cells)| cells.verdict);
        cells.is_some_and(|cell| RestsOn::of(plan, &[cell]).kinds.contain(kind))
    };
    let moved = (0..place.judged.len()).filter(rests).collect();
    let effect = "What is early, late or missed by these times is not known.".to_owned();
    Some(Found::new(CauseKind::TimeOfDay, format!("`{name}` {what}"), effect).explaining(moved))
}

/// Of a kind, those in some hours of the day, and all.
fn in_hours(place: &Place, kind: KindId, hours: Range<usize>) -> [u64; 2] {
    let seasons = kind_of(&place.kinds, kind).map(|kind| kind.hours).unwrap_or_default();
    let sum = |hours: Range<usize>| {
        let of = seasons.iter().map(|day| day.iter().skip(hours.start).take(hours.len()).sum::<u64>());
        of.sum()
    };
    [sum(hours), sum(0..24)]
}

fn midnights(places: &Places<'_>, place: &Place, kind: KindId) -> Option<String> {
    let what = ("midnight", kind.place(), None);
    let of = |place: &Place| in_hours(place, kind, 0..1);
    let own =
        apart(places, of(place), usual(places, place, what, of)?, LEAST_MORE_OF_TIMES).filter(|own| *own >= MOSTLY)?;
    let [whole, all] = kind_of(&place.kinds, kind)?.on_step(60);
    let is_whole = all >= LEAST && whole as f64 >= own * all as f64 * 0.9;
    is_whole.then(|| {
        let others = elsewhere(places, place, what, of);
        format!(
            "comes at midnight in {} of its cases, elsewhere {others}: as dates without their time of day are read",
            percent(own)
        )
    })
}

fn mornings(places: &Places<'_>, place: &Place, kind: KindId) -> Option<String> {
    let after = |place: &Place| in_hours(place, kind, AFTER_NOON);
    let at_night = |place: &Place| in_hours(place, kind, AT_NIGHT);
    let usual_after = usual(places, place, ("afternoon", kind.place(), None), after)?;
    let usual_at_night = usual(places, place, ("night", kind.place(), None), at_night)?;
    let [own, all] = after(place);
    let none = own == 0 && usual_after.share >= LEAST_AFTER_NOON && none_of(all, usual_after.share) < LEAST_CHANCE;
    let night = apart(places, at_night(place), usual_at_night, LEAST_AT_NIGHT);
    (none && night.is_some()).then(|| {
        let others = percent(usual_after.share);
        format!("never comes after 12:59, elsewhere in {others} of cases: a clock of twelve hours may have lost its half of the day")
    })
}
