//! How long it took: percentiles with their intervals, and a histogram whose edges fall on the rule's limit.

use super::disclose::Disclosure;
use super::sample::Numbered;
use crate::data::marks::mixed;
use crate::results::{Days, Delay, LateBy, Quantile};
use concord_engine::plan::DueBy;
use concord_engine::values::calendar::{DAY, HOUR, local_date};
use concord_engine::values::working_days;
use concord_engine::variation::delays::{Counted, DelayPercentile, counted_percentiles, ends};
use concord_engine::variation::sketch::sketch;
use std::collections::BTreeSet;

const MINUTE: i64 = 60_000;
/// Upper edges where the rule has no single limit.
const EDGES: [i64; 18] = [
    HOUR / 4,
    HOUR / 2,
    HOUR,
    2 * HOUR,
    4 * HOUR,
    8 * HOUR,
    12 * HOUR,
    DAY,
    2 * DAY,
    7 * DAY,
    14 * DAY,
    28 * DAY,
    56 * DAY,
    91 * DAY,
    126 * DAY,
    182 * DAY,
    364 * DAY,
    728 * DAY,
];
/// Upper edges in quarters of the limit where there is one: the limit itself is an edge, and belongs to the bin before it.
const QUARTERS: [i64; 13] = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96];

/// Upper edges where the rule asks for an order: how far before or after.
const AROUND: [i64; 14] = [
    -4 * HOUR,
    -2 * HOUR,
    -HOUR,
    -HOUR / 2,
    -HOUR / 4,
    0,
    HOUR / 4,
    HOUR / 2,
    HOUR,
    2 * HOUR,
    4 * HOUR,
    8 * HOUR,
    DAY,
    7 * DAY,
];

/// How long one case took, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Took {
    /// From the trigger to what was expected.
    pub(super) time: i64,
    /// By how much that is beyond the deadline, where it is late.
    pub(super) late_by: Option<i64>,
}

impl Numbered for Took {
    #[inline]
    fn number(self) -> u64 {
        // What is late by so much has the number of what is not late: the two are told apart by more than that.
        mixed(self.time.cast_unsigned(), self.late_by.unwrap_or(i64::MIN).cast_unsigned())
    }
}

/// How long the cases of an obligation took, each time with how many cases took it; none where there are none.
pub(super) fn delay(
    of_each: &[(Took, u64)],
    limit: Option<i64>,
    days: Option<Days>,
    disclosure: &Disclosure,
) -> Option<Delay> {
    let delays: Vec<(i64, u64)> = of_each.iter().map(|(took, often)| (took.time, *often)).collect();
    let percentiles = counted_percentiles(&delays, &[500, 900, 950], 0.95).ok()?;
    let [median, p90, p95] = percentiles.as_slice() else {
        return None;
    };
    let told = |percentile: &DelayPercentile| told(percentile, days, &delays, disclosure);
    Some(Delay {
        n: median.delays as u64,
        days,
        median: told(median),
        p90: told(p90),
        p95: told(p95),
        limit,
        limit_days: days.and(limit).map(|limit| limit / DAY),
        bins: if days.is_some() { bins_of_days(&delays, limit) } else { bins(of_each, limit) },
        hidden: 0,
        late_by: late_by(of_each, days, disclosure),
    })
}

fn late_by(of_each: &[(Took, u64)], days: Option<Days>, disclosure: &Disclosure) -> Option<LateBy> {
    let late: Vec<(i64, u64)> = of_each.iter().filter_map(|(took, often)| Some((took.late_by?, *often))).collect();
    let percentiles = counted_percentiles(&late, &[500, 900], 0.95).ok()?;
    let [median, p90] = percentiles.as_slice() else {
        return None;
    };
    let told = |percentile: &DelayPercentile| told(percentile, days, &late, disclosure);
    Some(LateBy { n: median.delays as u64, median: told(median), p90: told(p90) })
}

/// A percentile as it may be told: with small-number control on the time that lies nearest, in its bin. How far it lies between two times would tell
/// of how many it is, as would an end of its interval that only so many have.
fn told(percentile: &DelayPercentile, days: Option<Days>, delays: &[(i64, u64)], disclosure: &Disclosure) -> Quantile {
    if disclosure.shows_cases() {
        return quantile(percentile, days);
    }
    let n = percentile.delays as u64;
    let (low, high) = ends(disclosure.surely(n), percentile.per_mille, 0.95);
    // Where there are times one is nearest.
    let nearest = nearest(delays.iter().copied(), percentile.per_mille).unwrap_or(percentile.estimate_ms);
    Quantile {
        value: in_its_bin(nearest),
        low: percentile.lower_ms.filter(|_| low).map(in_its_bin),
        high: percentile.upper_ms.filter(|_| high).map(in_its_bin),
    }
}

/// The value that lies nearest to a percentile.
pub(super) fn nearest(values: impl Iterator<Item = (i64, u64)>, per_mille: u16) -> Option<i64> {
    let sorted = Counted::of(values);
    let before = u128::from(sorted.len().checked_sub(1)?) * u128::from(per_mille);
    sorted.at(u64::try_from((before + 500) / 1_000).ok()?)
}

/// A time as tallies hold it, within a 128th part: to the minute below 4 hours 40 where it was recorded so; days stay whole.
fn in_its_bin(time: i64) -> i64 {
    if time % DAY == 0 {
        return time;
    }
    sketch([(time, 1)], &[], MINUTE).first().map_or(time, |(bin, _)| *bin)
}

/// A percentile as it is told; between two numbers of days it is the greater, as nothing takes half a day there.
pub(super) fn quantile(percentile: &DelayPercentile, days: Option<Days>) -> Quantile {
    let value = days.map_or(percentile.estimate_ms, |_| whole_days(percentile.estimate_ms));
    Quantile { value, low: percentile.lower_ms, high: percentile.upper_ms }
}

/// As many whole days as a time reaches into.
pub(super) fn whole_days(time: i64) -> i64 {
    -(-time).div_euclid(DAY) * DAY
}

/// The days in which it is counted how long something took that is due by a day, as one is late by days then; none where it is due at an instant.
pub(super) fn in_days(by: DueBy) -> Option<Days> {
    match by {
        DueBy::Day => Some(Days::Calendar),
        DueBy::WorkingDay => Some(Days::Working),
        DueBy::Instant | DueBy::Part => None,
    }
}

/// How long it took; in days so many times 24 h, whatever the hour.
pub(super) fn took(by: DueBy, trigger: i64, done: i64, holidays: &[i64]) -> i64 {
    in_days(by).map_or(done - trigger, |days| days_from(days, trigger, done, holidays) * DAY)
}

/// The days from that of one instant to that of another, fewer than 0 where it is earlier.
pub(super) fn days_from(days: Days, from: i64, to: i64, holidays: &[i64]) -> i64 {
    let (from, to) = (local_date(from), local_date(to));
    match days {
        Days::Calendar => to - from,
        Days::Working if to < from => -working_days::within(to, from, holidays),
        Days::Working => working_days::within(from, to, holidays),
    }
}

/// So many different times that cases have are kept: those of one length, across changes of the clock, are three at most.
pub(super) const MOST_LIMITS: usize = 4;

/// The time that all cases have; one of whole days may be an hour off where the clock changes within it.
pub(super) fn the_limit(limits: &BTreeSet<i64>) -> Option<i64> {
    let (least, most) = (*limits.first()?, *limits.last()?);
    if least == most {
        return Some(least);
    }
    let whole = (least + HOUR).div_euclid(DAY) * DAY;
    (limits.len() < MOST_LIMITS && whole >= DAY && least >= whole - HOUR && most <= whole + HOUR).then_some(whole)
}

/// All edges that a histogram may have where cases have so long.
pub(super) fn edges(limits: &[i64]) -> Vec<i64> {
    let mut all: Vec<i64> = EDGES.into_iter().chain(AROUND).chain([-1]).collect();
    all.extend(limits.iter().flat_map(|limit| quarters(*limit)));
    all
}

fn quarters(limit: i64) -> impl Iterator<Item = i64> {
    QUARTERS.into_iter().map(move |quarters| limit / 4 * quarters + limit % 4 * quarters / 4)
}

/// Bins as (after the edge before, up to and including this edge]; the last is open. Negative delays get a bin of their own.
/// Where order is asked for, what is late at the very same time belongs to the bins after.
fn bins(of_each: &[(Took, u64)], limit: Option<i64>) -> Vec<(Option<i64>, u64)> {
    let order = limit == Some(0);
    let placed = |took: &Took| if order && took.late_by.is_some() { took.time.max(1) } else { took.time };
    let delays: Vec<(i64, u64)> = of_each.iter().map(|(took, often)| (placed(took), *often)).collect();
    let mut edges: Vec<i64> = match limit {
        Some(0) => AROUND.to_vec(),
        Some(limit) if limit >= 4 => quarters(limit).collect(),
        _ => EDGES.to_vec(),
    };
    if !order && delays.iter().any(|(delay, _)| *delay < 0) {
        edges.insert(0, -1);
    }
    let longest = delays.iter().map(|(delay, _)| *delay).max().unwrap_or(0);
    let enough = edges.iter().position(|edge| *edge >= longest).map_or(edges.len(), |place| place + 1);
    edges.truncate(enough);
    filled(edges, &delays)
}

/// Bins up to these edges, with how many delays each has; the open last one where it has some.
fn filled(edges: Vec<i64>, delays: &[(i64, u64)]) -> Vec<(Option<i64>, u64)> {
    let mut bins: Vec<(Option<i64>, u64)> = edges.into_iter().map(|edge| (Some(edge), 0)).collect();
    bins.push((None, 0));
    for (delay, often) in delays {
        let bin = bins.iter_mut().find(|(edge, _)| edge.is_none_or(|edge| *delay <= edge));
        if let Some((_, count)) = bin {
            *count += often;
        }
    }
    if let Some((None, 0)) = bins.last() {
        bins.pop();
    }
    bins
}

/// So many columns of days stand beside each other.
const MOST_COLUMNS: i64 = 20;
/// How many days a column may have.
const WIDTHS: [i64; 10] = [1, 2, 5, 7, 14, 28, 56, 91, 182, 364];
/// And at most.
const WIDEST: i64 = 728;

/// Bins of days: each day its own, or as many as make some twenty bins of three times the limit, which ends one of them; what lies further
/// is one bin, and what was done on an earlier day another.
fn bins_of_days(delays: &[(i64, u64)], limit: Option<i64>) -> Vec<(Option<i64>, u64)> {
    let days = |time: i64| time.div_euclid(DAY);
    let longest = delays.iter().map(|(delay, _)| days(*delay)).max().unwrap_or(0).max(0);
    let limit = limit.map_or(0, days);
    let far = longest.min(if limit > 0 { (3 * limit).max(MOST_COLUMNS) } else { MOST_COLUMNS * WIDEST });
    // What is longer than all of these is as wide as they come.
    let width = WIDTHS.into_iter().find(|width| far / width <= MOST_COLUMNS).unwrap_or(WIDEST);
    let first = limit.rem_euclid(width);
    let mut edges: Vec<i64> =
        (0..).map(|number| first + number * width).take_while(|edge| edge - width < far).collect();
    if delays.iter().any(|(delay, _)| *delay < 0) {
        edges.insert(0, -1);
    }
    filled(edges.into_iter().map(|edge| edge * DAY).collect(), delays)
}
