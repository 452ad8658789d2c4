//! Figures under small-number control: none that few people make, and what counts people in steps as wide as counts are rounded by.

use super::delays::nearest;
use super::disclose::{Disclosure, stands_for};
use super::estimate::{Pile, Standings, counted, estimate, found, places, scale, so_many, standings};
use super::series::{Rounded, Within};
use crate::results::{Estimate, FigureValue};
use concord_engine::plan::figure::Statistic;
use concord_engine::plan::library::{Basis, Measure};
use concord_engine::values::types::Type;
use concord_engine::variation::delays::ends;
use concord_engine::variation::disclosure::{LEAST_SHOWN, ROUNDED_TO};
use concord_engine::variation::figures::{Standing, Sums, rate};
use concord_engine::variation::funnel::Flag;
use concord_engine::variation::{Interval, Z_95, Z_998};
use std::collections::BTreeMap;

const CONTROL: Disclosure = Disclosure::On;
/// Counts are rounded to so many.
const STEP: f64 = ROUNDED_TO as f64;
/// Numbers that are less than this in the mean are told as counts are: of larger ones nobody can tell whose they are.
const SMALL: i128 = LEAST_SHOWN as i128;
/// Fewer cases have no interval by the normal distribution, and are not compared.
const LEAST_FOR_NORMAL: u64 = 30;

/// The figure of some cases as it may be shown.
pub(super) fn shown_value(measure: &Measure, pile: &Pile, disclosure: &Disclosure) -> FigureValue {
    let ([cases, excluded, open, unknown, without], hidden) =
        disclosure.hide([pile.cases(), pile.excluded, pile.open, pile.unknown, pile.without]);
    // Where all of them are unknown there is no figure: what an export does not supply is not 0.
    let nothing = pile.against > 0 && pile.against == pile.sums.cases;
    let shows = disclosure.shows_distribution(pile.cases()) && !nothing;
    let exact = shows.then(|| estimate(measure, pile)).flatten();
    let told = if disclosure.shows_cases() { exact } else { exact.and_then(|exact| protected(measure, pile, exact)) };
    FigureValue { cases, excluded, open, unknown, without, estimate: told, hidden }
}

fn statistic(measure: &Measure) -> Option<Statistic> {
    if let Basis::Number(figure) = &measure.basis { Some(figure.statistic) } else { None }
}

/// Whether its numbers are whole, as people are.
fn is_whole(measure: &Measure) -> bool {
    matches!(&measure.basis, Basis::Number(figure) if matches!(figure.ty, Type::Number { places: 0, .. }))
}

/// No more than three figures, and two of a sum: from an exact sum or mean of all, and of all but a few, those few could be told. None where 1 to 7
/// people make it, or would.
fn protected(measure: &Measure, pile: &Pile, exact: Estimate) -> Option<Estimate> {
    let (statistic, sums) = (statistic(measure), &pile.sums);
    let few = |count: u64| CONTROL.count(count).is_none();
    let digits = if statistic == Some(Statistic::Sum) { 2 } else { 3 };
    let exact = match statistic {
        Some(Statistic::Percentile { per_mille, bands }) => {
            at_place(pile, (per_mille, bands.is_none()), exact, scale(measure))
        }
        // Of what is not in a sum it tells nothing.
        Some(Statistic::Sum | Statistic::Per { .. }) if few(pile.some) => return None,
        Some(Statistic::Mean) | None if few(pile.some) || few(pile.other) => return None,
        _ if is_whole(measure) && u64::try_from(sums.part).is_ok_and(few) => return None,
        Some(Statistic::Per { times, places, events: true, .. }) => by_events(sums, so_many(times, places), exact)?,
        _ => exact,
    };
    let by_normal = matches!(statistic, Some(Statistic::Mean | Statistic::Per { events: false, .. }) | None);
    let interval = exact.interval.filter(|_| !by_normal || CONTROL.surely(sums.cases) >= LEAST_FOR_NORMAL);
    let step = step(measure, sums);
    let value = figures(stepped(exact.value, step, f64::round), digits);
    let interval = interval.map(|(low, high)| {
        (figures(stepped(low, step, f64::floor), digits), figures(stepped(high, step, f64::ceil), digits))
    });
    // Nothing is told as nothing, and all as all.
    let rounded = if pile.some == 0 || pile.other == 0 { 0.0 } else { step / 2.0 };
    let off = rounded + half_a_digit(value, digits);
    Some(Estimate { value, interval, within: Some((value - off, value + off)), ..exact })
}

/// The number that lies nearest to a percentile, and the ends of its interval that so many surely have.
fn at_place(pile: &Pile, (per_mille, is_number): (u16, bool), exact: Estimate, scale: f64) -> Estimate {
    let (low, high) = ends(CONTROL.surely(pile.cases()), per_mille, 0.95);
    let readings = pile.readings.iter().map(|reading| (reading.value, reading.cases));
    let nearest = nearest(readings, per_mille).filter(|_| is_number).map(|value| value as f64 / scale);
    // In bands it lies within one, as it is published.
    let value = nearest.unwrap_or(exact.value);
    Estimate { value, interval: exact.interval.filter(|_| low && high), ..exact }
}

/// Events as they are rounded, per so much exposure, with the interval of all that they may stand for.
fn by_events(sums: &Sums, per: f64, exact: Estimate) -> Option<Estimate> {
    let (events, exposure) = counted(sums);
    let shown = CONTROL.count(events)?;
    let of = |events: u64| rate(events, exposure, per, 0.95).ok();
    let low = of(CONTROL.least(shown))?.interval?.lower;
    let high = of(CONTROL.most(shown))?.interval?.upper;
    Some(Estimate { value: of(shown)?.value, interval: Some((low, high)), ..exact })
}

/// How far the values lie apart that a figure is told in: as far as one of so many counts of people, each to the nearest 5; 0 where it counts none.
fn step(measure: &Measure, sums: &Sums) -> f64 {
    let shown = |sum: i128| u64::try_from(sum).map_or(f64::INFINITY, |sum| CONTROL.stand_in(sum).max(1) as f64);
    let unit = match (&measure.shared, &measure.weight) {
        (Some(shared), _) => i128::from(shared.whole),
        (None, Some(weight)) => (0..places(&weight.ty)).fold(1, |unit, _| unit * 10),
        (None, None) => 1,
    };
    match statistic(measure) {
        None if sums.whole < SMALL * unit * i128::from(sums.cases) => STEP / shown(sums.whole / unit.max(1)),
        Some(Statistic::Sum) if is_whole(measure) => STEP,
        Some(Statistic::Mean) if is_whole(measure) && sums.part.abs() < SMALL * sums.whole => STEP / shown(sums.whole),
        Some(Statistic::Per { times, places, events: false, .. }) if is_whole(measure) => {
            STEP * so_many(times, places) / shown(sums.whole)
        }
        _ => 0.0,
    }
}

fn stepped(value: f64, step: f64, round: impl Fn(f64) -> f64) -> f64 {
    if step > 0.0 { round(value / step) * step } else { value }
}

fn figures(value: f64, figures: usize) -> f64 {
    // A number that was just written is read again.
    format!("{value:.*e}", figures - 1).parse().unwrap_or(value)
}

/// Half of the last digit of a figure of so many.
fn half_a_digit(told: f64, digits: usize) -> f64 {
    if told == 0.0 {
        return 0.0;
    }
    let text = format!("{told:e}");
    let exponent = text.rsplit_once('e').and_then(|(_, exponent)| exponent.parse::<i32>().ok());
    let last = exponent.zip(i32::try_from(digits).ok()).map(|(exponent, digits)| exponent + 1 - digits);
    // What has no last digit may be anything.
    last.and_then(|last| format!("0.500001e{last}").parse().ok()).unwrap_or(f64::INFINITY)
}

/// Where each organisation stands: with small-number control on where it stands whatever was rounded, and no further off than that.
pub(super) fn told_standings(
    measure: &Measure,
    organisations: &BTreeMap<String, Pile>,
    total: &Pile,
    disclosure: &Disclosure,
) -> Standings {
    let exact = standings(measure, organisations, total);
    if disclosure.shows_cases() {
        return exact;
    }
    let Some(of_all) = shown_value(measure, total, disclosure).estimate else { return Standings::default() };
    let events = matches!(statistic(measure), Some(Statistic::Per { events: true, .. }));
    let surely = |(pile, standing): (&Pile, Option<Standing>)| {
        let (standing, of) = (standing?, shown_value(measure, pile, disclosure).estimate?);
        let enough = events || disclosure.surely(pile.cases()) >= LEAST_FOR_NORMAL;
        let left = left(measure, (pile, &of), (total, &of_all), standing.z)?;
        let (flag, flag_adjusted) =
            (nearer(standing.flag, standing.z * left), nearer(standing.flag_adjusted, standing.z_adjusted * left));
        enough.then_some(Standing { flag, flag_adjusted, ..standing })
    };
    let found = organisations.values().zip(exact.found).map(surely).collect();
    // It is of exact numbers, and of as many as there are organisations.
    Standings { found, phi: None, method: exact.method }
}

/// What is left of the distance between two figures, as a part of it, were what is rounded of both as near as can be.
fn left(measure: &Measure, (pile, of): (&Pile, &Estimate), (total, all): (&Pile, &Estimate), z: f64) -> Option<f64> {
    let (off, apart) = match statistic(measure) {
        Some(Statistic::Percentile { per_mille, .. }) => {
            let (n, share) = (pile.cases() as f64, f64::from(per_mille) / 1_000.0);
            // As many cases more or less up to it, of as many more or less.
            (4.0 / n, z.abs() * (share * (1.0 - share) / n).sqrt())
        }
        Some(Statistic::Per { events: true, .. }) => {
            let ((events, exposure), (of_all, all)) = (counted(&pile.sums), counted(&total.sums));
            (2.0, (events as f64 - of_all as f64 * exposure / all).abs())
        }
        _ => {
            let value = |pile: &Pile| Some(found(measure, pile).ok()?.value / scale(measure));
            let half = |of: &Estimate| of.within.map_or(0.0, |(low, high)| (high - low) / 2.0);
            (half(of) + half(all), (value(pile)? - value(total)?).abs())
        }
    };
    Some(if apart > 0.0 { (1.0 - off / apart).max(0.0) } else { 0.0 })
}

/// A flag no further out than so many standard errors.
fn nearer(flag: Flag, z: f64) -> Flag {
    match flag {
        Flag::High998 if z > Z_998 => Flag::High998,
        Flag::Low998 if z < -Z_998 => Flag::Low998,
        Flag::High998 | Flag::High95 if z > Z_95 => Flag::High95,
        Flag::Low998 | Flag::Low95 if z < -Z_95 => Flag::Low95,
        _ => Flag::Within,
    }
}

/// What figures of periods leave open that are told with few digits, and not told of few cases.
pub(super) fn rounded(values: &[(i64, FigureValue)]) -> Rounded {
    let within = |(first, value): &(i64, FigureValue)| {
        let (lower, upper) = value.estimate?.within?;
        let cases = stands_for(value.cases, value.hidden & 1 != 0);
        Some(Within { first: *first, value: Interval { lower, upper }, numerator: (0, cases.1), denominator: cases })
    };
    let untold = |value: &FigureValue| value.estimate.is_none() && (value.cases > 0 || value.hidden & 1 != 0);
    let untold = values.iter().filter(|(_, value)| untold(value)).count() as u64;
    let of = if untold == 1 { "one period" } else { "some periods" };
    let untold = (untold > 0).then(|| format!("the figure of {of} is not told, as the cases are few"));
    // How far the nearest number lies from where a percentile is, nobody knows.
    let unbounded = values.iter().any(|(_, value)| value.estimate.is_some_and(|told| told.within.is_none()));
    let nearest = || "the figure of a period is the number nearest to it that somebody has".to_owned();
    Rounded {
        periods: values.iter().filter_map(within).collect(),
        whole: None,
        doubtful: untold.or_else(|| unbounded.then(nearest)),
    }
}
