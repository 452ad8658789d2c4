//! What the data of each organisation show before any rate is believed: months that are not there, times that are missing, rounded or an hour
//! off, copies, codes that are nearly equal. Each is held against what is usual at the others, and says what it does to a rate.

mod before;
mod clock;
mod complete;
mod copies;
mod dates;
mod day_late;
mod merged;
mod months;
mod near_code;
mod returns;
mod times;

pub(super) use returns::Returns;

use super::disclose::{Disclosure, between};
use super::places::{Place, Places, What};
use crate::data::read::Otherwise;
use crate::results::{CauseKind, Check};
use concord_engine::plan::{Kinds, Plan};
use std::collections::BTreeMap;

/// Standard errors by which a share must lie above the usual one: chance alone does so once in 300,000 times.
const LEAST_Z: f64 = 4.5;
/// Fewer than this tell nothing.
const LEAST: u64 = 20;
/// So much more than usual of what times show is no matter of practice.
const LEAST_MORE_OF_TIMES: f64 = 0.2;

/// What was found of an organisation.
pub(super) struct Found {
    pub(super) check: Check,
    /// Obligations, by their place, whose rate this may explain: they are not compared as practice.
    pub(super) explains: Vec<usize>,
    /// The kind of event that it does not export, if that is what was found.
    pub(super) not_exported: Kinds,
}

impl Found {
    fn new(kind: CauseKind, text: String, effect: String) -> Found {
        Found { check: Check { kind, text, effect }, explains: Vec::new(), not_exported: Kinds::default() }
    }

    fn explaining(self, explains: Vec<usize>) -> Found {
        Found { explains, ..self }
    }
}

/// All that is found of an organisation.
pub(super) fn found(
    plan: &Plan,
    places: &Places<'_>,
    (code, place): (&str, &Place),
    (otherwise, names, returns): (&[Otherwise], &BTreeMap<String, String>, &Returns),
    disclosure: &Disclosure,
) -> Vec<Found> {
    let mut all = Vec::new();
    all.extend(months::not_exported(plan, places, place));
    all.extend(merged::merged(places, code));
    all.extend(returns.found(code));
    all.extend(times::untimed(plan, places, place));
    let one = clock::one(places, place);
    let off = if one.is_none() { before::before(places, place) } else { one };
    all.extend(off);
    all.extend(dates::mistaken(plan, places, place));
    all.extend(before::no_time_of_day(plan, places, place));
    all.extend(day_late::day_late(plan, places, place));
    all.extend(clock::whole(plan, places, place));
    match times::rounded(plan, places, place) {
        Some(rounded) => all.push(rounded),
        None => all.extend(times::under_target(places, place)),
    }
    all.extend(times::late_start(plan, places, place));
    all.extend(times::future(places, place));
    all.extend(complete::only_done(plan, places, place));
    all.extend(copies::duplicates(places, place));
    all.extend(copies::elsewhere_too(places, place));
    all.extend(near_code::near_code(places, (code, place), names));
    let written = copies::written(otherwise, (code, place), disclosure);
    let refused = if written.is_empty() { copies::refused(places, place) } else { None };
    all.extend(written.into_iter().chain(refused));
    all.extend(copies::facts(plan, places, place));
    all
}

/// What is usual elsewhere: the middle one of the others, and how many they have together.
#[derive(Clone, Copy)]
struct Usual {
    share: f64,
    of: f64,
}

impl Usual {
    /// No less than so much.
    fn at_least(self, share: f64) -> Usual {
        Usual { share: self.share.max(share), ..self }
    }
}

/// A share that lies above the usual one by so much at least, and by more than chance, there and elsewhere; of what is suppressed the least is taken.
fn apart(places: &Places<'_>, [part, whole]: [u64; 2], usual: Usual, least: f64) -> Option<f64> {
    if whole < LEAST {
        return None;
    }
    let n = places.disclosure.most(whole) as f64;
    let own = places.disclosure.least(part) as f64 / n;
    let Usual { share: usual, of } = usual;
    let of_so_many = |n: f64| usual.max(0.5 / n) * (1.0 - usual).max(0.5 / n) / n;
    let chance = (of_so_many(n) + of_so_many(of.max(1.0))).sqrt();
    (own - usual >= least && own - usual >= LEAST_Z * chance).then_some(part as f64 / whole as f64)
}

/// A share of enough.
fn share([part, whole]: [u64; 2]) -> Option<f64> {
    (whole >= LEAST).then(|| part as f64 / whole as f64)
}

/// What is usual of a share at the others than one, where another shows it; of what is suppressed the most is taken.
fn usual(
    places: &Places<'_>,
    own: &Place,
    (name, number, other): What,
    of: impl Fn(&Place) -> [u64; 2],
) -> Option<Usual> {
    let most = |place: &Place| share_at(&of(place), |part| places.disclosure.most(part));
    let share = places.elsewhere(own, (name, number, other), most)?;
    let (first, second) = other.unwrap_or((0, 0));
    // No other place in what is known ends below 0.
    let what = (name, number, Some((first, !second)));
    let of = places.of_others(own, what, |place| Some(of(place)[1]).filter(|whole| *whole >= LEAST).unwrap_or(0)); // as of those too few
    Some(Usual { share, of })
}

/// The same in words.
fn elsewhere(places: &Places<'_>, own: &Place, (name, number, other): What, of: impl Fn(&Place) -> [u64; 2]) -> String {
    let (first, second) = other.unwrap_or((0, 0));
    // No other place in what is known begins below 0.
    let what = (name, number, Some((!first, second)));
    let least = places.elsewhere(own, what, |place| share_at(&of(place), |part| places.disclosure.least(part)));
    let most = usual(places, own, (name, number, other), of).map(|usual| usual.share);
    // Whoever tells it has found what is usual.
    between((least.unwrap_or(0.0), most.unwrap_or(0.0)))
}

fn share_at([part, whole]: &[u64; 2], bound: impl Fn(u64) -> u64) -> Option<f64> {
    share([bound(*part).min(*whole), *whole])
}
