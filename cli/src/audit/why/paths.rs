//! The usual path, and how the cases of one organisation differ from it: steps skipped, done again, or before their turn.
//!
//! The usual path has the kinds of event that half of all cases or more have, in the order in which most cases have each two of them.

use crate::audit::places::{Place, Places};
use crate::results::{MemberPath, MemberStep};
use concord_engine::plan::{Id, KindId, Plan};

/// A kind that fewer cases than this have is no step of the usual path.
const HALF: f64 = 0.5;
/// Of fewer cases no path is told.
const LEAST: u64 = 20;

/// The usual path.
pub(super) struct Usual {
    /// Kinds by their places; nothing where it has fewer than two steps.
    steps: Vec<u8>,
    /// The usual share of cases that have all of them in this order.
    on: Option<f64>,
}

/// The usual path of all organisations.
pub(super) fn usual(places: &Places<'_>) -> Usual {
    let steps = usual_steps(places);
    let on = if steps.is_empty() { None } else { places.usual(("on path", 0, None), |place| on_path(place, &steps)) };
    Usual { steps, on }
}

fn usual_steps(places: &Places<'_>) -> Vec<u8> {
    let all: u64 = places.iter().map(|(_, place)| place.cases).sum();
    let with = |kind: u8| -> u64 {
        places.iter().filter_map(|(_, place)| place.ways.with.get(usize::from(kind)).map(|[with, _]| *with)).sum()
    };
    let before = |one: u8, other: u8| -> u64 {
        places.iter().filter_map(|(_, place)| place.ways.before.get(&(one, other))).sum()
    };
    let kinds = places.iter().map(|(_, place)| place.ways.with.len()).max().unwrap_or(0);
    let kinds = u8::try_from(kinds).unwrap_or(0);
    let mut steps: Vec<u8> = (0..kinds).filter(|kind| with(*kind) as f64 >= HALF * all.max(1) as f64).collect();
    let wins =
        |kind: u8, steps: &[u8]| steps.iter().filter(|other| before(kind, **other) > before(**other, kind)).count();
    let mut ranked: Vec<(usize, u8)> = steps.iter().map(|kind| (wins(*kind, &steps), *kind)).collect();
    ranked.sort_by_key(|(wins, kind)| (std::cmp::Reverse(*wins), *kind));
    steps = ranked.into_iter().map(|(_, kind)| kind).collect();
    if steps.len() < 2 { Vec::new() } else { steps }
}

/// How an organisation's cases go.
pub(super) fn path(plan: &Plan, places: &Places<'_>, place: &Place, of: &Usual) -> Option<MemberPath> {
    let usual = of.steps.as_slice();
    if usual.is_empty() || place.cases < LEAST {
        return None;
    }
    let name = |kind: &u8| {
        plan.subject.events.get(KindId::at(usize::from(*kind))).map_or("", |of| of.name.as_str()).to_owned()
    };
    let (commonest, cases) = place.ways.ways.iter().max_by_key(|(_, cases)| **cases)?;
    let steps = usual.iter().enumerate().map(|(at, kind)| {
        let next = usual.get(at + 1);
        let skipped = |place: &Place| of_cases(place, place.cases.saturating_sub(with(place, *kind)[0]));
        let again = |place: &Place| of_cases(place, with(place, *kind)[1]);
        let after = |place: &Place| {
            let next = next?;
            let count = |one: u8, other: u8| place.ways.before.get(&(one, other)).copied().unwrap_or(0);
            let (right, wrong) = (count(*kind, *next), count(*next, *kind));
            (right + wrong >= LEAST).then(|| wrong as f64 / (right + wrong) as f64)
        };
        let both =
            |what: &'static str, of: &dyn Fn(&Place) -> Option<f64>| of(place).zip(places.usual((what, at, None), of));
        MemberStep {
            step: name(kind),
            skipped: both("skipped", &skipped),
            again: both("again", &again),
            after_next: both("after next", &after),
        }
    });
    Some(MemberPath {
        steps: steps.collect(),
        on_path: on_path(place, usual)?,
        usual: of.on?,
        ways: place.ways.ways.len() as u64,
        commonest: commonest.iter().map(name).collect(),
        share: *cases as f64 / place.cases as f64,
    })
}

fn with(place: &Place, kind: u8) -> [u64; 2] {
    place.ways.with.get(usize::from(kind)).copied().unwrap_or_default()
}

fn of_cases(place: &Place, some: u64) -> Option<f64> {
    (place.cases >= LEAST).then(|| some.min(place.cases) as f64 / place.cases as f64)
}

/// The share of cases that have all steps of a path, in its order.
fn on_path(place: &Place, usual: &[u8]) -> Option<f64> {
    let on = place.ways.ways.iter().filter(|(way, _)| way.iter().filter(|kind| usual.contains(kind)).eq(usual));
    of_cases(place, on.map(|(_, cases)| *cases).sum())
}
