//! Times that are missing, rounded, in the future, heaped just under a limit, or of a start that is recorded late.

use super::{Found, LEAST, LEAST_Z, apart, elsewhere, share, usual};
use crate::audit::places::{Judged, Place, Places, kind_of};
use crate::results::CauseKind;
use crate::words::{listed, percent};
use concord_engine::plan::{Id, Plan, RestsOn};
use concord_engine::values::types::duration;

/// So much more than usual of the times is missing.
const LEAST_MORE: f64 = 0.05;
/// Steps to which minutes are rounded, the widest first, and the share of all minutes that lies on each by chance.
const STEPS: [(usize, f64); 5] =
    [(60, 1.0 / 60.0), (30, 2.0 / 60.0), (15, 4.0 / 60.0), (10, 6.0 / 60.0), (5, 12.0 / 60.0)];
/// So much more than usual must lie on a step.
const LEAST_ON_STEP: f64 = 0.2;
/// Nearly all of those that lie on any step.
const NEARLY_ALL: f64 = 0.9;
/// A start is late where it lies so much further from the first event than usual.
const LEAST_LATER: f64 = 15.0 * 60_000.0;
/// And what counts from it comes within this part of the usual time.
const QUICK: f64 = 0.6;

pub(super) fn untimed(plan: &Plan, places: &Places<'_>, place: &Place) -> Option<Found> {
    let found = plan.subject.events.placed().filter_map(|(kind, of)| {
        let times = |place: &Place| kind_of(&place.kinds, kind).map_or([0, 0], |kind| [kind.untimed, kind.events]);
        let usual = usual(places, place, ("untimed", kind.place(), None), times)?;
        let share = apart(places, times(place), usual, LEAST_MORE)?;
        let elsewhere = elsewhere(places, place, ("untimed", kind.place(), None), times);
        let told = match places.disclosure.shows_cases() {
            true => format!("{} of `{}` (elsewhere {elsewhere})", percent(share), of.name),
            // How many events of a kind it has no table tells.
            false => format!("far more of `{}` than elsewhere", of.name),
        };
        Some((share, told))
    });
    let mut found: Vec<(f64, String)> = found.collect();
    if found.is_empty() {
        return None;
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    let names: Vec<String> = found.into_iter().map(|(_, text)| text).collect();
    let text = format!("the time is missing from {}", listed(&names));
    let effect = "Verdicts that rest on these times are unknown, and are neither met nor missed.".to_owned();
    Some(Found::new(CauseKind::Times, text, effect))
}

pub(super) fn rounded(plan: &Plan, places: &Places<'_>, place: &Place) -> Option<Found> {
    let mut found: Vec<(usize, f64, String, &str)> = Vec::new();
    for (kind, of) in plan.subject.events.placed() {
        let steps = STEPS.iter().filter_map(|(step, chance)| {
            let on = |place: &Place| kind_of(&place.kinds, kind).map_or([0, 0], |kind| kind.on_step(*step));
            // Fewer than that lie on it by more than chance, whatever is usual.
            share(on(place)).filter(|own| own - chance >= LEAST_ON_STEP)?;
            let what = ("rounded", kind.place(), Some((*step as i64, 0)));
            let usual = usual(places, place, what, on)?.at_least(*chance);
            Some((*step, apart(places, on(place), usual, LEAST_ON_STEP)?, elsewhere(places, place, what, on)))
        });
        let steps: Vec<(usize, f64, String)> = steps.collect();
        // Of what is rounded to quarters of an hour a part lies on the full hour: the widest step on which nearly all lie that lie on any.
        let most = steps.iter().map(|(_, share, _)| *share).fold(0.0, f64::max);
        let step = steps.into_iter().find(|(_, share, _)| *share >= NEARLY_ALL * most);
        found.extend(step.map(|(step, share, usual)| (step, share, usual, of.name.as_str())));
    }
    let (step, share, usual, _) = found.iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
    let (step, share) = (*step, *share);
    let names: Vec<String> = found.iter().map(|(.., name)| format!("`{name}`")).collect();
    let steps = if step == 60 { "the full hour".to_owned() } else { format!("a step of {step} minutes") };
    let exact = places.disclosure.shows_cases();
    let names = listed(&names);
    // How many times there are no table tells.
    let text = match exact {
        true => format!(
            "minutes are rounded: up to {} of the times of {names} lie on {steps}, elsewhere {usual}",
            percent(share)
        ),
        false => format!("minutes are rounded: far more of the times of {names} than elsewhere lie on {steps}"),
    };
    let half = i64::try_from(step).unwrap_or(0) * 60_000 / 2;
    let near = place.judged.iter().filter_map(|judged| super::share(judged.near(half)));
    let most = near.fold(0.0, f64::max);
    let effect = match exact {
        true => format!(
            "Up to {} of the times lie so near a limit that rounding may decide: its rates may be off by as much.",
            percent(most)
        ),
        false => "Where times lie near a limit, rounding may decide: its rates may be off by as much.".to_owned(),
    };
    let moved = (0..place.judged.len()).filter(|number| decides(places, place, *number, half)).collect();
    Some(Found::new(CauseKind::Rounded, text, effect).explaining(moved))
}

/// Whether so many times lie within half a step of a limit as what is not met lies above the usual, or more.
fn decides(places: &Places<'_>, place: &Place, number: usize, half: i64) -> bool {
    let not_met = |place: &Place| {
        let judged = place.judged.get(number)?;
        let all = judged.decided();
        (all >= LEAST).then(|| (judged.verdicts.late + judged.verdicts.missed) as f64 / all as f64)
    };
    let Some((own, usual)) = not_met(place).zip(places.elsewhere(place, ("not met", number, None), not_met)) else {
        return false;
    };
    let Some(judged) = place.judged.get(number) else { return false };
    let [near, _] = judged.near(half);
    let near = near as f64 / judged.decided().max(1) as f64;
    near >= LEAST_MORE && near >= (own - usual).abs()
}

pub(super) fn under_target(places: &Places<'_>, place: &Place) -> Option<Found> {
    let found = places.obligations.iter().enumerate().find_map(|(number, (answer, _))| {
        let limits = place.judged.get(number)?.limits;
        // Of another limit, other times lie just under it; and an order is no limit.
        let alike = |judged: &&Judged| judged.limits == limits && !judged.is_order();
        let under = |place: &Place| {
            let judged = place.judged.get(number).filter(alike);
            judged.map_or([0, 0], |judged| [judged.settled.just[0], judged.settled.timed])
        };
        let after = place.judged.get(number).map_or(0, |judged| judged.settled.just[1]);
        let usual = usual(places, place, ("under", number, limits), under)?;
        let share = apart(places, under(place), usual, 0.1)?;
        // A place that is merely quick has as many just after the limit.
        let usual = || elsewhere(places, place, ("under", number, limits), under);
        (places.disclosure.least(under(place)[0]) >= 3 * places.disclosure.most(after))
            .then(|| (answer.label.clone().unwrap_or_default(), share, usual()))
    });
    let (title, share, usual) = found?;
    let heaped = format!("times are heaped just under the limit of \"{title}\"");
    let text = match places.disclosure.shows_cases() {
        true => format!("{heaped}: {} in its last 5 minutes, elsewhere {usual}", percent(share)),
        false => format!("{heaped}: far more in its last 5 minutes than elsewhere"),
    };
    let effect = "Times that are entered to fit a limit make a rate look better than the care was.".to_owned();
    Some(Found::new(CauseKind::UnderTarget, text, effect))
}

/// A kind of event from which deadlines count comes much longer after the first event of the case than elsewhere, and what is due after it sooner, each by more than
/// chance and the usual spread of medians allow.
pub(super) fn late_start(plan: &Plan, places: &Places<'_>, place: &Place) -> Option<Found> {
    let starts = plan.subject.events.placed().filter_map(|(kind, of)| {
        let after = |place: &Place| kind_of(&place.kinds, kind)?.usually_after;
        let (own, usual, off) = apart_by(places, ("after", kind.place()), place, after)?;
        let far = own - usual >= LEAST_LATER.max(off) && own >= 2.0 * usual && usual > 0.0;
        if !far {
            return None;
        }
        // What is expected, and not what it counts from, is a matter of practice.
        let looks_prompt = places.obligations.iter().enumerate().find(|(number, (_, cells))| {
            let counts_from = RestsOn::of(plan, &[cells.trigger]).kinds.contain(kind) && cells.due != cells.trigger;
            let took = |place: &Place| {
                let judged = place.judged.get(*number).filter(|judged| !judged.is_order())?;
                judged.settled.median
            };
            let sooner = || apart_by(places, ("start", *number), place, took);
            counts_from && sooner().is_some_and(|(own, usual, off)| own < QUICK * usual && usual - own >= off)
        });
        let (_, (answer, _)) = looks_prompt?;
        Some((of.name.as_str(), own, usual, answer.label.as_ref().unwrap_or(&answer.name)))
    });
    let (name, own, usual, title) = starts.max_by(|a, b| (a.1 - a.2).total_cmp(&(b.1 - b.2)))?;
    let text = format!(
        "`{name}` comes {} after the first event of a case, elsewhere {} (medians), and what counts from it comes sooner: {title}",
        rounded_minutes(own),
        rounded_minutes(usual)
    );
    let effect = "A clock that starts late makes what follows look prompt.".to_owned();
    Some(Found::new(CauseKind::LateStart, text, effect))
}

/// A median there, the usual one, and how far apart chance and the usual spread of medians have them at most: the variance of the middle half of medians, less that of
/// chance.
fn apart_by(
    places: &Places<'_>,
    (name, number): (&'static str, usize),
    place: &Place,
    of: impl Fn(&Place) -> Option<(f64, f64)>,
) -> Option<(f64, f64, f64)> {
    let (own, variance) = of(place)?;
    let what = |part: i64| (name, number, Some((part, 0)));
    let usual = places.elsewhere(place, what(0), |place| of(place).map(|(median, _)| median))?;
    let middle = places.usual(what(0), |place| of(place).map(|(median, _)| median))?;
    let middle_half = 1.4826 * places.usual(what(1), |place| of(place).map(|(median, _)| (median - middle).abs()))?;
    let typical = places.usual(what(2), |place| of(place).map(|(_, variance)| variance))?;
    let between = (middle_half * middle_half - typical).max(0.0);
    Some((own, usual, LEAST_Z * (variance + between).sqrt()))
}

fn rounded_minutes(milliseconds: f64) -> String {
    duration((milliseconds / 60_000.0).round() as i64 * 60_000)
}

pub(super) fn future(places: &Places<'_>, place: &Place) -> Option<Found> {
    let of = |place: &Place| [place.future, place.cases];
    let usual = usual(places, place, ("future", 0, None), of)?;
    let found = apart(places, of(place), usual, 0.01)?;
    let text = format!(
        "{} of its cases have an event after the end of the data, elsewhere {}",
        percent(found),
        elsewhere(places, place, ("future", 0, None), of)
    );
    let effect = "Such events are left out; what they would have shown is not known.".to_owned();
    Some(Found::new(CauseKind::Future, text, effect))
}
