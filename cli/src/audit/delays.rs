//! How long it took: percentiles with their intervals, and a histogram whose edges fall on the rule's limit.

use crate::results::{Delay, LateBy, Quantile};
use concord_engine::plan::{DueBy, Obligation};
use concord_engine::values::calendar::{DAY, HOUR, local_date};
use concord_engine::variation::delays::{DelayPercentile, counted_percentiles};
use std::collections::BTreeSet;

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

/// How long the cases of an obligation took, each time with how many cases took it; none where there are none.
pub(super) fn delay(of_each: &[(Took, u64)], limit: Option<i64>) -> Option<Delay> {
    let delays: Vec<(i64, u64)> = of_each.iter().map(|(took, often)| (took.time, *often)).collect();
    let percentiles = counted_percentiles(&delays, &[500, 900, 950], 0.95).ok()?;
    let [median, p90, p95] = percentiles.as_slice() else {
        return None;
    };
    Some(Delay {
        n: median.delays as u64,
        median: quantile(median),
        p90: quantile(p90),
        p95: quantile(p95),
        limit,
        limit_days: None,
        bins: bins(of_each, limit),
        hidden: 0,
        late_by: late_by(of_each),
    })
}

fn late_by(of_each: &[(Took, u64)]) -> Option<LateBy> {
    let late: Vec<(i64, u64)> = of_each.iter().filter_map(|(took, often)| Some((took.late_by?, *often))).collect();
    let percentiles = counted_percentiles(&late, &[500, 900], 0.95).ok()?;
    let [median, p90] = percentiles.as_slice() else {
        return None;
    };
    Some(LateBy { n: median.delays as u64, median: quantile(median), p90: quantile(p90) })
}

fn quantile(percentile: &DelayPercentile) -> Quantile {
    Quantile { value: percentile.estimate_ms, low: percentile.lower_ms, high: percentile.upper_ms }
}

/// How long it took: in whole days where the deadline is a day, as one is late by days then, and not by hours.
pub(super) fn took(cells: &Obligation, trigger: i64, done: i64) -> i64 {
    match cells.due_by {
        DueBy::Day => (local_date(done) - local_date(trigger)) * DAY,
        _ => done - trigger,
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
    let mut bins: Vec<(Option<i64>, u64)> = edges.into_iter().map(|edge| (Some(edge), 0)).collect();
    bins.push((None, 0));
    for (delay, often) in &delays {
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
