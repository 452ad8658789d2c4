//! Charts of values that are known within bounds: whatever is told holds of every series within them.

use concord_engine::variation::attribute_chart::{Prime, p_chart};
use concord_engine::variation::bounded::{self, Bounded, BoundedShare, Sure};
use concord_engine::variation::control_chart::{ChartOptions, Limits, Observation, Profile, xmr};
use concord_engine::variation::proportion::Proportion;
use concord_engine::variation::{Direction, Interval, Rule, Signal};

use super::close;
use crate::packages::Random;

const PROFILES: [Profile; 3] = [Profile::MAKING_DATA_COUNT, Profile::SPREADSHEET, Profile::POWER_BI];
const SERIES: usize = 600;
const FILLINGS: usize = 60;

fn options(profile: Profile) -> ChartOptions {
    ChartOptions { profile, direction: Direction::HigherIsBetter, target: None, fix_after: None }
}

fn part(dice: &mut Random) -> f64 {
    f64::from(u32::try_from(dice.below(10_001)).unwrap()) / 10_000.0
}

/// A value within bounds, often at an end.
fn filled(within: Interval, dice: &mut Random) -> f64 {
    match dice.below(4) {
        0 => within.lower,
        1 => within.upper,
        _ => within.lower + part(dice) * (within.upper - within.lower),
    }
}

#[track_caller]
fn holds(sure: &Sure, signal: Option<Signal>, limits: Option<Limits>) {
    if let Some(told) = sure.signal {
        let found = signal.unwrap_or_else(|| panic!("{told:?} is none"));
        assert_eq!(told.side, found.side, "{told:?} and {found:?}");
        assert!(told.rule != Rule::OutsideLimits || found.rule == Rule::OutsideLimits, "{found:?}");
    }
    if let Some((within, limits)) = sure.limits.zip(limits) {
        let lies = |at: f64, within: Interval| within.lower - 1e-9 <= at && at <= within.upper + 1e-9;
        assert!(lies(limits.lower, within.lower) && lies(limits.upper, within.upper), "{limits:?} {within:?}");
    }
}

#[test]
fn what_an_xmr_chart_surely_tells_holds_of_every_series_within_its_bounds() {
    let mut dice = Random::seeded(20_261_201);
    let mut told = 0;
    for number in 0..SERIES {
        let profile = PROFILES[number % PROFILES.len()];
        let (step, slope) = (part(&mut dice) * 6.0, part(&mut dice) * 0.4);
        let noise = 0.05 + part(&mut dice);
        let width = part(&mut dice) * if number % 2 == 0 { 0.3 } else { 1.5 } * noise;
        let series = (0..12 + dice.below(14)).map(|place| {
            let jump = if place >= 8 { step } else { 0.0 };
            let middle = jump + slope * place as f64 + noise * part(&mut dice);
            let value = Interval { lower: middle - width * part(&mut dice), upper: middle + width * part(&mut dice) };
            Bounded { value, rebase: place > 0 && dice.below(40) == 0, after_gap: place > 0 && dice.below(30) == 0 }
        });
        let series: Vec<Bounded> = series.collect();
        let sure = bounded::xmr(&series, &profile);
        assert_eq!(sure.len(), series.len());
        told += sure.iter().filter(|sure| sure.signal.is_some()).count();
        for _ in 0..FILLINGS {
            let filled = series.iter().map(|of| Observation {
                value: filled(of.value, &mut dice),
                rebase: of.rebase,
                after_gap: of.after_gap,
            });
            let chart = xmr(&filled.collect::<Vec<_>>(), &options(profile)).unwrap();
            for (sure, point) in sure.iter().zip(&chart.points) {
                holds(sure, point.signal, chart.groups[point.group].limits);
            }
        }
    }
    assert!(told > 10 * SERIES / 10, "{told}");
}

/// A share known exactly has the chart of exact values.
#[test]
fn without_room_all_is_told() {
    let values: Vec<f64> =
        (0..24).map(|month: u32| f64::from(month * 7 % 5) + if month < 12 { 0.0 } else { 9.0 }).collect();
    let observations: Vec<Observation> =
        values.iter().map(|value| Observation { value: *value, rebase: false, after_gap: false }).collect();
    let chart = xmr(&observations, &options(PROFILES[0])).unwrap();
    let bounded = values.iter().map(|value| Bounded {
        value: Interval { lower: *value, upper: *value },
        rebase: false,
        after_gap: false,
    });
    let sure = bounded::xmr(&bounded.collect::<Vec<_>>(), &PROFILES[0]);
    let limits = chart.groups[0].limits.unwrap();
    for (sure, point) in sure.iter().zip(&chart.points) {
        assert_eq!(sure.signal, point.signal);
        close(sure.limits.unwrap().lower.lower, limits.lower, 1e-12);
        close(sure.limits.unwrap().upper.upper, limits.upper, 1e-12);
    }
    assert!(sure.iter().any(|sure| sure.signal.is_some()));
}

#[test]
fn what_a_p_chart_surely_tells_holds_of_all_counts_within_their_bounds() {
    let mut dice = Random::seeded(20_261_202);
    let profile = Profile::MAKING_DATA_COUNT;
    let mut told = 0;
    for _ in 0..SERIES {
        let (rate, after) = (0.2 + 0.6 * part(&mut dice), 0.2 + 0.6 * part(&mut dice));
        let size = 60 + dice.below(3_000);
        let counts = (0..16).map(|place| {
            let of = size / 2 + dice.below(size);
            let share = if place < 8 { rate } else { after } + 0.1 * (part(&mut dice) - 0.5);
            (((of as f64 * share) as u64).clamp(10, of - 10), of)
        });
        let counts: Vec<(u64, u64)> = counts.collect();
        let room = |count: u64| (count - 2, count + 2);
        let share = |(met, of): &(u64, u64)| {
            let ((fewest, most), (least, all)) = (room(*met), room(*of));
            let value = Interval { lower: fewest as f64 / all as f64, upper: most as f64 / least as f64 };
            BoundedShare { value, denominator: Interval { lower: least as f64, upper: all as f64 } }
        };
        let sum = |of: fn(&(u64, u64)) -> u64, more: i64| {
            counts.iter().map(|count| of(count) as f64 + more as f64).sum::<f64>()
        };
        let centre =
            Interval { lower: sum(|of| of.0, -2) / sum(|of| of.1, 2), upper: sum(|of| of.0, 2) / sum(|of| of.1, -2) };
        let sure = bounded::p_chart(&counts.iter().map(share).collect::<Vec<_>>(), centre, &profile);
        told += sure.iter().filter(|sure| sure.signal.is_some()).count();
        for _ in 0..FILLINGS {
            let filled = counts.iter().map(|(met, of)| {
                let mut other = |count: u64| count - 2 + dice.below(5);
                Proportion { numerator: other(*met), denominator: other(*of) }
            });
            let filled: Vec<Proportion> = filled.collect();
            let chart = p_chart(&filled, Prime::WhenOverDispersed, Direction::HigherIsBetter, &profile).unwrap();
            for (sure, point) in sure.iter().zip(&chart.points) {
                holds(sure, point.signal, Some(point.limits));
            }
        }
    }
    assert!(told > SERIES, "{told}");
}
