//! The usual path, and how the cases of one organisation differ from it: steps skipped, done again, or before their turn.
//!
//! The usual path has the kinds of event that half of all cases or more have, in the order in which most cases have each two of them. Each
//! count is told as small-number control has it: where that leaves open what the usual path is, none is told, and of a share whose count is suppressed
//! only that it is.

use crate::audit::disclose::{Disclosure, MOST_SUPPRESSED};
use crate::audit::places::{Place, Places, TIMELESS, Ways};
use crate::audit::together::{PathOf, StepOf};
use crate::results::{MemberPath, MemberStep, StepShare};
use concord_engine::plan::{Id, KindId, Plan};

/// A kind that fewer cases than this have is no step of the usual path.
const HALF: f64 = 0.5;
/// Of fewer cases no path is told.
const LEAST: u64 = 20;
/// A count of 1 to 7 is not told.
const LEAST_TOLD: u64 = MOST_SUPPRESSED + 1;

/// The usual path.
pub(in crate::audit) struct Usual {
    /// Kinds by their places; nothing where it has fewer than two steps, or where nobody can tell which.
    steps: Vec<u8>,
    /// The usual share of cases that have all of them in this order; none where none is told.
    on: Option<Option<f64>>,
}

/// The usual path of all organisations.
pub(in crate::audit) fn usual(places: &Places<'_>) -> Usual {
    // What is not told of it is no step.
    let steps = usual_steps(places).unwrap_or_default();
    let on =
        if steps.is_empty() { None } else { usually(places, ("on path", 0), &|place| on_path(places, place, &steps)) };
    Usual { steps, on }
}

/// None where what is rounded leaves it open.
fn usual_steps(places: &Places<'_>) -> Option<Vec<u8>> {
    let disclosure = &places.disclosure;
    let bounds = |exact: u64| {
        let shown = disclosure.stand_in(exact);
        (disclosure.least(shown), disclosure.most(shown))
    };
    let sum = |of: &dyn Fn(&Place) -> u64| places.iter().map(|(_, place)| of(place)).sum::<u64>();
    let all = (sum(&|place| disclosure.least(place.cases)), sum(&|place| disclosure.most(place.cases)));
    let with = |kind: u8| bounds(sum(&|place| place.ways.counted().of(usize::from(kind))[0]));
    let before = |one: u8, other: u8| bounds(sum(&|place| place.ways.counted().in_order(one, other)));
    let kinds = places.iter().map(|(_, place)| place.ways.counted().with.len()).max().unwrap_or(0);
    let kinds = u8::try_from(kinds).unwrap_or(0);
    let half = |all: u64| HALF * all.max(1) as f64;
    let mut steps = Vec::new();
    for kind in 0..kinds {
        let (least, most) = with(kind);
        match (least as f64 >= half(all.1), most as f64 >= half(all.0)) {
            (true, _) => steps.push(kind),
            (false, true) => return None,
            (false, false) => {}
        }
    }
    let mut ranked: Vec<(usize, u8)> = Vec::new();
    for kind in &steps {
        let mut wins = 0;
        for other in &steps {
            let (own, turned) = (before(*kind, *other), before(*other, *kind));
            match (own.0 > turned.1, own.1 > turned.0) {
                (true, _) => wins += 1,
                (false, true) => return None,
                (false, false) => {}
            }
        }
        ranked.push((wins, *kind));
    }
    ranked.sort_by_key(|(wins, kind)| (std::cmp::Reverse(*wins), *kind));
    let steps: Vec<u8> = ranked.into_iter().map(|(_, kind)| kind).collect();
    Some(if steps.len() < 2 { Vec::new() } else { steps })
}

/// The counts that the path of an organisation tells, as they may be told; none where it has none.
pub(in crate::audit) fn counts(places: &Places<'_>, place: &Place, of: &Usual) -> Option<PathOf> {
    path(places.plan(), places, place, of)?;
    let usual = of.steps.as_slice();
    let steps = usual.iter().enumerate().map(|(at, kind)| {
        let own = usize::from(*kind);
        let [skipped, again] = place.ways.told(|ways| [ways.cases.saturating_sub(ways.of(own)[0]), ways.of(own)[1]]);
        let wrong = usual.get(at + 1).map(|next| place.ways.told(|ways| [ways.in_order(*next, *kind)])[0]);
        StepOf { step: name(places.plan(), kind), skipped, again, wrong }
    });
    let off = |ways: &Ways| {
        let on: u64 = ways.ways.iter().filter(|(way, _)| is_on(usual, way)).map(|(_, cases)| *cases).sum();
        ways.cases.saturating_sub(on)
    };
    let exact = place.ways.counted();
    let skips = usual.iter().map(|kind| exact.cases.saturating_sub(exact.of(usize::from(*kind))[0]));
    let turned = usual.iter().zip(usual.iter().skip(1)).map(|(kind, next)| exact.in_order(*next, *kind));
    Some(PathOf {
        accounted: skips.chain(turned).sum::<u64>() >= off(exact),
        steps: steps.collect(),
        on_path: place.ways.told(|ways| [ordered(ways, usual, Some(true))])[0],
        commonest: commonest(place, &places.disclosure).map(|(way, cases)| (cases, is_on(usual, way))),
    })
}

/// How an organisation's cases go.
pub(super) fn path(plan: &Plan, places: &Places<'_>, place: &Place, of: &Usual) -> Option<MemberPath> {
    let usual = of.steps.as_slice();
    if usual.is_empty() || place.cases < LEAST {
        return None;
    }
    let disclosure = &places.disclosure;
    let name = |kind: &u8| match kind.checked_sub(TIMELESS) {
        Some(kind) => format!("{} (its time is missing)", name(plan, &kind)),
        None => name(plan, kind),
    };
    let ways = &place.ways.counted().ways;
    ways.first_key_value()?;
    let steps = usual.iter().enumerate().map(|(at, kind)| {
        let next = usual.get(at + 1);
        let own = usize::from(*kind);
        let skipped = |place: &Place| of_cases(place, |ways| ways.cases.saturating_sub(ways.of(own)[0]));
        let again = |place: &Place| of_cases(place, |ways| ways.of(own)[1]);
        let after = |place: &Place| {
            let next = next?;
            let [wrong, all] = place.ways.told(|ways| {
                let wrong = ways.in_order(*next, *kind);
                [wrong, ways.in_order(*kind, *next) + wrong]
            });
            (all >= LEAST).then_some([wrong, all])
        };
        let both = |what: &'static str, of: &dyn Fn(&Place) -> Option<[u64; 2]>| -> Option<StepShare> {
            Some((told(disclosure, of(place)?), usually(places, (what, at), of)?))
        };
        MemberStep {
            step: name(kind),
            skipped: both("skipped", &skipped),
            again: both("again", &again),
            after_next: both("after next", &after),
        }
    });
    let commonest = commonest(place, disclosure);
    let [unknown] = place.ways.told(|ways| [ordered(ways, usual, None)]);
    Some(MemberPath {
        steps: steps.collect(),
        on_path: on_path(places, place, usual).and_then(|of| told(disclosure, of)),
        is_open: unknown > 0,
        known: (unknown > 0 && disclosure.shows_cases()).then(|| place.cases.saturating_sub(unknown)),
        usual: of.on?,
        ways: disclosure.shows_cases().then_some(ways.len() as u64),
        share: commonest.map(|(_, cases)| cases as f64 / place.cases as f64),
        commonest: commonest.map(|(way, _)| way.iter().map(name).collect()).unwrap_or_default(),
    })
}

fn name(plan: &Plan, kind: &u8) -> String {
    plan.subject.events.get(KindId::at(usize::from(*kind))).map_or("", |of| of.name.as_str()).to_owned()
}

/// The way that most cases go; where counts are rounded, none that another may be as common as.
fn commonest<'p>(place: &'p Place, disclosure: &Disclosure) -> Option<(&'p Vec<u8>, u64)> {
    let ways = &place.ways.counted().ways;
    let shown = |cases: u64| disclosure.stand_in(cases);
    let (way, cases) = ways.iter().max_by_key(|(_, cases)| **cases)?;
    let least = disclosure.least(shown(*cases));
    let others = ways.iter().filter(|(other, _)| *other != way);
    let stands = others.map(|(_, other)| disclosure.most(shown(*other))).all(|most| most < least);
    let told = (shown(*cases) >= LEAST_TOLD && stands) || disclosure.shows_cases();
    told.then(|| (way, shown(*cases)))
}

/// Cases of which something is so, as they may be told, and all; none of an organisation that has few.
fn of_cases(place: &Place, some: impl FnOnce(&Ways) -> u64) -> Option<[u64; 2]> {
    let [some] = place.ways.told(|ways| [some(ways)]);
    (place.cases >= LEAST).then(|| [some.min(place.cases), place.cases])
}

/// The share that some are of all; none where they are suppressed.
fn told(disclosure: &Disclosure, [some, all]: [u64; 2]) -> Option<f64> {
    (!disclosure.hides(some)).then(|| some as f64 / all as f64)
}

/// The middle one of all organisations' shares; what is suppressed may be any of 1 to 7, and where that moves the middle one, none is told.
fn usually(
    places: &Places<'_>,
    (what, at): (&'static str, usize),
    of: &dyn Fn(&Place) -> Option<[u64; 2]>,
) -> Option<Option<f64>> {
    let disclosure = &places.disclosure;
    let share = |place: &Place, bound: &dyn Fn(u64) -> u64| {
        let [some, all] = of(place)?;
        let some = if disclosure.hides(some) { bound(some) } else { some };
        Some(some.min(all) as f64 / all as f64)
    };
    let least = places.usual((what, at, None), |place| share(place, &|some| disclosure.least(some)))?;
    let most = places.usual((what, at, Some((0, 0))), |place| share(place, &|some| disclosure.most(some)))?;
    Some(Some(least).filter(|least| least.total_cmp(&most).is_eq()))
}

/// The cases that have all steps of a path, in its order, and all of which that is known; none of few, and none where that is not known of all and counts are
/// rounded.
fn on_path(places: &Places<'_>, place: &Place, usual: &[u8]) -> Option<[u64; 2]> {
    let [on, unknown] = place.ways.told(|ways| [Some(true), None].map(|is| ordered(ways, usual, is)));
    let known = place.cases.saturating_sub(unknown);
    let is_told = unknown == 0 || places.disclosure.shows_cases();
    (known >= LEAST && is_told).then(|| [on.min(known), known])
}

/// Cases of which it is so, not so, or not known whether they have all steps of a path in its order.
fn ordered(ways: &Ways, usual: &[u8], is: Option<bool>) -> u64 {
    ways.ways.iter().filter(|(way, _)| has_all(usual, way) == is).map(|(_, cases)| *cases).sum()
}

/// Whether a way has all steps of a path in its order; not known where it has them all, and the time of one is missing.
fn has_all(usual: &[u8], way: &[u8]) -> Option<bool> {
    let timeless = |kind: &u8| way.contains(&kind.saturating_add(TIMELESS));
    let timed = usual.iter().filter(|kind| !timeless(kind));
    let is_open = usual.iter().any(timeless) && way.iter().filter(|kind| usual.contains(kind)).eq(timed);
    if is_open { None } else { Some(is_on(usual, way)) }
}

fn is_on(usual: &[u8], way: &[u8]) -> bool {
    way.iter().filter(|kind| usual.contains(kind)).eq(usual)
}
