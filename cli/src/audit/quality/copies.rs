//! Cases and events that stand twice, rows that are written otherwise than they should be or were refused, and facts that are missing.

use super::{Found, LEAST, apart, elsewhere, usual};
use crate::audit::disclose::Disclosure;
use crate::audit::places::{Place, Places};
use crate::data::read::{Otherwise, Written};
use crate::results::CauseKind;
use crate::words::percent;
use concord_engine::plan::{Id, Plan};

/// Copies of so many in a hundred are no accident of entry.
const LEAST_COPIES: f64 = 0.02;
/// Of fewer rows in a hundred it is no way of writing.
const LEAST_ROWS: f64 = 0.01;
/// Refused rows, or missing facts, in so many more cases than usual.
const LEAST_MORE: f64 = 0.05;

pub(super) fn duplicates(places: &Places<'_>, place: &Place) -> Option<Found> {
    let cases = |place: &Place| [place.copies, place.cases];
    let events = |place: &Place| {
        place.kinds.iter().fold([0, 0], |[copies, all], kind| [copies + kind.copies, all + kind.events])
    };
    let whole = apart(places, cases(place), usual(places, place, ("copied cases", 0, None), cases)?, LEAST_COPIES);
    let single = apart(places, events(place), usual(places, place, ("copied events", 0, None), events)?, LEAST_COPIES);
    if let Some(share) = whole {
        let text = format!(
            "{} of its cases are exactly like another in every fact and time, elsewhere {}",
            percent(share),
            elsewhere(places, place, ("copied cases", 0, None), cases)
        );
        let effect = "It counts such cases twice: its rate stays near, and its interval is too narrow.".to_owned();
        return Some(Found::new(CauseKind::Duplicates, text, effect));
    }
    let share = single?;
    let text = match places.disclosure.shows_cases() {
        true => format!(
            "{} of its events stand twice in their case, with the same time and values; elsewhere {}",
            percent(share),
            elsewhere(places, place, ("copied events", 0, None), events)
        ),
        // How many events it has no table tells.
        false => {
            "far more of its events than elsewhere stand twice in their case, with the same time and values".to_owned()
        }
    };
    let effect = "They move no deadline by themselves; whatever counts events counts these twice.".to_owned();
    Some(Found::new(CauseKind::Duplicates, text, effect))
}

/// Cases that another organisation has as well, in every fact and time.
pub(super) fn elsewhere_too(places: &Places<'_>, place: &Place) -> Option<Found> {
    let cases = |place: &Place| [place.elsewhere, place.cases];
    let what = ("cases elsewhere", 0, None);
    let share = apart(places, cases(place), usual(places, place, what, cases)?, LEAST_COPIES)?;
    let like = "exactly like one of another organisation in every fact and time";
    let text = match places.disclosure.shows_cases() {
        true => {
            format!("{} of its cases are {like}, elsewhere {}", percent(share), elsewhere(places, place, what, cases))
        }
        // How many there are no table tells.
        false => format!("far more of its cases than elsewhere are {like}"),
    };
    let effect = "The same patients seem to be sent by two, or under two numbers: each counts twice.".to_owned();
    Some(Found::new(CauseKind::Duplicates, text, effect))
}

/// What its rows write otherwise than they should: names that are nearly those of the mapping; and, of some rows at least, codes with blanks
/// around them and times that cannot be read.
pub(super) fn written(otherwise: &[Otherwise], (code, place): (&str, &Place), disclosure: &Disclosure) -> Vec<Found> {
    let events: u64 = place.kinds.iter().map(|kind| kind.events).sum();
    let own = otherwise.iter().filter(|of| of.organisation == code);
    let found = own.filter_map(|of| {
        let rows = |one: &str, many: &str| disclosure.counted(of.rows, one, many);
        let many = of.rows >= LEAST && of.rows as f64 >= LEAST_ROWS * (events + of.rows) as f64;
        let (kind, text, effect) = match &of.what {
            Written::Name(known) => (
                CauseKind::NearCode,
                format!(
                    "{} a name that is nearly `{known}`, which the mapping knows; they are refused",
                    rows("row carries", "rows carry")
                ),
                "What happened there is unknown until the mapping names it.",
            ),
            Written::Code if many => (
                CauseKind::NearCode,
                format!("{} its code with blanks around it, which do not count", rows("row writes", "rows write")),
                "They are read as rows of one organisation; other tools may read two.",
            ),
            Written::Time if many => (
                CauseKind::Times,
                format!("{} a time that cannot be read, and are refused", rows("row has", "rows have")),
                "What happened there is unknown, and is neither met nor missed.",
            ),
            _ => return None,
        };
        Some(Found::new(kind, text, effect.to_owned()))
    });
    found.collect()
}

pub(super) fn refused(places: &Places<'_>, place: &Place) -> Option<Found> {
    let of = |place: &Place| [place.touched, place.cases];
    let usual = usual(places, place, ("refused", 0, None), of)?;
    let share = apart(places, of(place), usual, LEAST_MORE)?;
    let text = format!(
        "rows were refused in {} of its cases, elsewhere {}: a name or a form of its export that the mapping does not know",
        percent(share),
        elsewhere(places, place, ("refused", 0, None), of)
    );
    let effect = "What such rows could have changed is unknown, and counts as the measure says.".to_owned();
    Some(Found::new(CauseKind::Refused, text, effect))
}

pub(super) fn facts(plan: &Plan, places: &Places<'_>, place: &Place) -> Vec<Found> {
    let inputs = plan.subject.inputs.placed();
    let found = inputs.filter_map(|(input, of)| {
        let missing = |place: &Place| [place.missing.get(input.place()).copied().unwrap_or(0), place.cases];
        let usual = usual(places, place, ("missing", input.place(), None), missing)?;
        let share = apart(places, missing(place), usual, LEAST_MORE)?;
        let text = format!(
            "`{}` is missing in {} of its cases, elsewhere {}",
            of.name,
            percent(share),
            elsewhere(places, place, ("missing", input.place(), None), missing)
        );
        let effect = "What rests on it is unknown there.".to_owned();
        Some(Found::new(CauseKind::Facts, text, effect))
    });
    found.collect()
}
