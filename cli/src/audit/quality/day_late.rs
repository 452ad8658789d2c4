//! A step of which each time is stamped whole days late, or early: less these days its times are those of the others, and with them none is.

use super::Found;
use crate::audit::delays::in_days;
use crate::audit::places::{Judged, Place, Places};
use crate::results::CauseKind;
use crate::words::listed;
use concord_engine::plan::{Kinds, Plan, RestsOn};
use concord_engine::values::calendar::DAY;
use concord_engine::values::types::duration;
use concord_engine::variation::delays::{Counted, counted_percentiles};

/// The percentiles that are held against the usual ones, each with the interval that holds it in 998 of 1,000.
const PER_MILLE: [u16; 5] = [100, 250, 500, 750, 900];
const LEVEL: f64 = 0.998;
/// Of fewer times their ends say little.
const LEAST_TIMES: u64 = 40;
/// What usually takes longer than half a day may well be done on the next.
const LONGEST: i64 = DAY / 2;

/// One of the obligations, told of the kinds of event that are expected.
pub(super) fn day_late(plan: &Plan, places: &Places<'_>, place: &Place) -> Option<Found> {
    let found = places.obligations.iter().enumerate().find_map(|(number, (_, cells))| {
        let judged = place.judged.get(number).filter(|judged| !judged.is_order() && judged.has_one_limit(false))?;
        // Of what is due by a day, a day is a day.
        let shift = if in_days(cells.due_by).is_none() { shift(places, number, judged)? } else { return None };
        Some((number, judged, shift))
    });
    let (number, judged, shift) = found?;
    let kinds = *places.expected.get(number)?;
    let named = plan.subject.events.placed().filter(|(kind, _)| kinds.contain(*kind));
    let names: Vec<String> = named.map(|(_, of)| format!("`{}`", of.name)).collect();
    let (days, late) = (shift.abs() / DAY, if shift > 0 { "later" } else { "earlier" });
    let days = if days == 1 { "a day".to_owned() } else { format!("{days} days") };
    let half = judged.settled.median.filter(|_| places.disclosure.shows_cases());
    let half = half
        .map(|(median, _)| format!(" (half take {} or longer)", duration((median / 60_000.0).floor() as i64 * 60_000)));
    let text = format!(
        "{} comes {days} {late} than elsewhere after what it counts from{}, and but for that as soon: its date seems to be mistaken",
        listed(&names),
        half.unwrap_or_default()
    );
    let effect =
        "What is late, missed or in another order by that date is not compared until that is settled.".to_owned();
    let moved = (0..place.judged.len()).filter(|number| rests(plan, places, *number, kinds));
    (!names.is_empty()).then(|| Found::new(CauseKind::Dates, text, effect).explaining(moved.collect()))
}

/// By how many whole days all times of an obligation lie apart from the usual ones, where that is all in which they differ.
fn shift(places: &Places<'_>, number: usize, judged: &Judged) -> Option<i64> {
    let times: Vec<(i64, u64)> = judged.took().collect();
    if times.iter().map(|(_, often)| often).sum::<u64>() < LEAST_TIMES {
        return None;
    }
    let own = counted_percentiles(&times, &PER_MILLE, LEVEL).ok()?;
    let usual = |per_mille: u16| {
        let at = |judged: &Judged| {
            let sorted = Counted::of(judged.took());
            let before = (sorted.len() as f64 * f64::from(per_mille) / 1_000.0) as u64;
            (sorted.len() >= LEAST_TIMES).then(|| sorted.at(before)).flatten().map(|time| time as f64)
        };
        let what = ("percentile", number, Some((i64::from(per_mille), 0)));
        places.usual(what, |place| at(place.judged.get(number)?)).map(|time| time as i64)
    };
    let all: Vec<(i64, i64, i64, i64)> = own
        .iter()
        .zip(PER_MILLE)
        .map(|(own, per_mille)| Some((own.estimate_ms, own.lower_ms?, own.upper_ms?, usual(per_mille)?)))
        .collect::<Option<_>>()?;
    let (middle, (longest, shortest)) = (all.get(all.len() / 2)?, (all.last()?.3, all.first()?.3));
    let shift = (middle.0 - middle.3 + DAY / 2).div_euclid(DAY) * DAY;
    let like_theirs = all.iter().all(|(_, lower, upper, usual)| lower - shift <= *usual && *usual <= upper - shift);
    let is_short = longest - shortest <= LONGEST;
    (shift != 0 && is_short && like_theirs).then_some(shift)
}

fn rests(plan: &Plan, places: &Places<'_>, number: usize, kinds: Kinds) -> bool {
    let cells = places.obligations.get(number).map(|(_, cells)| cells.verdict);
    cells.is_some_and(|cell| RestsOn::of(plan, &[cell]).kinds.meet(kinds))
}
