//! Dates that cannot be what they seem: with day and month exchanged, or in another year.

use super::{Found, LEAST, apart, elsewhere, usual};
use crate::audit::places::{Far, Place, Places, kind_of};
use crate::results::CauseKind;
use crate::words::{count, percent};
use concord_engine::plan::{Id, KindId, Plan, RestsOn};
use concord_engine::values::calendar::day_of_month;

/// So much more than usual of the dates of a kind are exchanged: in a year more than a third of all can be.
const LEAST_EXCHANGED: f64 = 0.02;
/// A year is mistyped in a few rows.
const LEAST_MISTYPED: f64 = 0.005;
/// Of those that lie far from the rest of their case so many would lie beside it, where it is not by chance.
const MOSTLY_EXCHANGED: f64 = 0.5;
const MOSTLY_MISTYPED: f64 = 0.8;
/// Kinds of which nearly as many are mistaken may be the ones as well.
const NEARLY: f64 = 0.9;
/// Of fewer mistaken dates a rate hardly moves.
const MOVES: f64 = 0.05;
/// The last day of a month that is a month as well.
const LAST_MONTH: i64 = 12;
/// So many cases never all begin by then by chance, in so many months.
const LEAST_CASES: u64 = 40;
const LEAST_MONTHS: usize = 3;

/// How a date is mistaken.
struct Mistake {
    name: &'static str,
    /// Those that are, and those that might be.
    of: fn(&Far) -> [u64; 2],
    least: f64,
    mostly: f64,
}

const EXCHANGED: Mistake = Mistake {
    name: "exchanged",
    of: |[far, exchanged, ..]| [*exchanged, *far],
    least: LEAST_EXCHANGED,
    mostly: MOSTLY_EXCHANGED,
};
const MISTYPED: Mistake = Mistake {
    name: "mistyped",
    of: |[.., about_a_year, other_year]| [*other_year, *about_a_year],
    least: LEAST_MISTYPED,
    mostly: MOSTLY_MISTYPED,
};

/// Day and month exchanged, or another year.
pub(super) fn mistaken(plan: &Plan, places: &Places<'_>, place: &Place) -> Vec<Found> {
    let exact = places.disclosure.shows_cases();
    let effect = "What is early, late or missed by these dates is not known, nor in which month such a case begins.";
    let found = |mistake: &Mistake, said: &dyn Fn(&str, &str, &str) -> String| {
        let (kinds, share, others) = of_kinds(plan, places, place, mistake)?;
        let names: Vec<String> = kinds.iter().map(|(_, name)| format!("`{name}`")).collect();
        // How many dates of a kind there are no table tells.
        let [share_said, others] = match exact {
            true => [percent(share), format!(", elsewhere {others}")],
            false => ["far more than elsewhere".to_owned(), String::new()],
        };
        let text = said(&share_said, &names.join(" or "), &others);
        let moved = (0..place.judged.len()).filter(|number| share >= MOVES && rests(plan, places, *number, &kinds));
        Some(Found::new(CauseKind::Dates, text, effect.to_owned()).explaining(moved.collect()))
    };
    let exchanged = found(&EXCHANGED, &|share, names, others| {
        format!(
            "day and month seem to be exchanged in {share} of the dates of {names}{others}: they lie weeks from the rest of their case, and beside it the other way round"
        )
    });
    let mistyped = found(&MISTYPED, &|share, names, others| {
        format!(
            "{share} of the dates of {names} lie a year from the rest of their case{others}: the year seems to be mistyped"
        )
    });
    let exchanged = exchanged.or_else(|| never_after_the_12th(places, place));
    exchanged.into_iter().chain(mistyped).collect()
}

type Kinds<'p> = Vec<(KindId, &'p str)>;

/// The kinds of which most are mistaken, with the share, and that elsewhere.
fn of_kinds<'p>(
    plan: &'p Plan,
    places: &Places<'_>,
    place: &Place,
    mistake: &Mistake,
) -> Option<(Kinds<'p>, f64, String)> {
    let found = plan.subject.events.placed().filter_map(|(kind, of)| {
        let what = (mistake.name, kind.place(), None);
        let share =
            |place: &Place| kind_of(&place.kinds, kind).map_or([0, 0], |of| [(mistake.of)(&of.far)[0], of.events]);
        let own = apart(places, share(place), usual(places, place, what, share)?, mistake.least)?;
        let [mistaken, may_be] = (mistake.of)(&kind_of(&place.kinds, kind)?.far);
        let mostly = places.disclosure.least(mistaken) as f64 >= mistake.mostly * places.disclosure.most(may_be) as f64;
        mostly.then(|| (kind, of.name.as_str(), mistaken, own, elsewhere(places, place, what, share)))
    });
    let found: Vec<_> = found.collect();
    let (.., most, share, others) = found.iter().max_by_key(|(.., mistaken, _, _)| *mistaken)?;
    let nearly = found.iter().filter(|(.., mistaken, _, _)| *mistaken as f64 >= NEARLY * *most as f64);
    Some((nearly.map(|(kind, name, ..)| (*kind, *name)).collect(), *share, others.clone()))
}

fn rests(plan: &Plan, places: &Places<'_>, number: usize, kinds: &Kinds<'_>) -> bool {
    let cells = places.obligations.get(number).map(|(_, cells)| cells.verdict);
    cells.is_some_and(|cell| kinds.iter().any(|(kind, _)| RestsOn::of(plan, &[cell]).kinds.contain(*kind)))
}

/// Cases that all begin on a day that is a month as well, as where the others are refused.
fn never_after_the_12th(places: &Places<'_>, place: &Place) -> Option<Found> {
    // On which days cases begin no table tells.
    if !places.disclosure.shows_cases() || place.cases < LEAST_CASES || place.months.len() < LEAST_MONTHS {
        return None;
    }
    let later = |place: &Place| {
        let mut last = place.months.values().filter_map(|month| month.days);
        last.any(|(_, last)| day_of_month(last) > LAST_MONTH)
    };
    let has = |place: &Place| (place.cases >= LEAST).then(|| f64::from(u8::from(later(place))));
    if later(place) || places.elsewhere(place, ("after the 12th", 0, None), has)? < 1.0 {
        return None;
    }
    let text = format!(
        "none of its {} cases begins after the 12th of a month: day and month may be exchanged, and what cannot be so read refused",
        count(place.cases)
    );
    let effect = "Nothing that rests on its dates is to be believed until that is settled.".to_owned();
    Some(Found::new(CauseKind::Dates, text, effect).explaining((0..place.judged.len()).collect()))
}
