//! Organisations of which so much more is unknown than of the others that this explains their rate.

use super::disclose::{Disclosure, MOST_SUPPRESSED};
use super::unit::Unit;
use crate::words::{count, percent, share};
use concord_engine::variation::funnel::{Flag, FunnelOptions, proportion_funnel};
use concord_engine::variation::proportion::Proportion;

/// By so much more of its cases than is usual, at least.
const LEAST_MORE: f64 = 0.05;

/// For each organisation whose unknown cases count against it and are many, what to say; none where that is so of half of them or more.
pub(super) fn causes(units: &[&Unit], disclosure: &Disclosure) -> Vec<Option<String>> {
    let is_suppressed = |unit: &Unit| unit.counts.hidden & 1 << 4 != 0;
    let known = |unit: &&&Unit| !is_suppressed(unit) && unit.counts.unknown <= unit.counts.denominator;
    let unknown: Vec<Proportion> = units
        .iter()
        .map(|unit| {
            let numerator = if known(&unit) { disclosure.least(unit.counts.unknown) } else { 0 };
            Proportion { numerator, denominator: unit.counts.denominator }
        })
        .collect();
    let mut found = vec![None; units.len()];
    let mut shares: Vec<f64> = unknown.iter().filter_map(|of| of.rate()).collect();
    shares.sort_by(f64::total_cmp);
    let Some(usual) = shares.get(shares.len() / 2).copied() else { return found };
    let Ok(funnel) = proportion_funnel(&unknown, &FunnelOptions::default()) else { return found };
    for point in funnel.points.iter().filter(|point| point.flag == Flag::High998) {
        if point.value - usual >= LEAST_MORE
            && let (Some(slot), Some(unit)) = (found.get_mut(point.unit), units.get(point.unit))
        {
            let elsewhere = unknown.iter().zip(units).enumerate().filter(|(place, _)| *place != point.unit);
            let sums = elsewhere.fold((0, 0, false), |(some, all, hidden), (_, (of, unit))| {
                let shown = if is_suppressed(unit) { MOST_SUPPRESSED } else { unit.counts.unknown };
                let own = shown.min(of.denominator);
                (some + own, all + of.denominator, hidden || is_suppressed(unit))
            });
            let (some, all, hidden) = sums;
            let most = if hidden { "at most " } else { "" };
            *slot = Some(cause(unit, format!("{most}{}", share(some, all))));
        }
    }
    if found.iter().filter(|cause| cause.is_some()).count() * 2 >= units.len() {
        vec![None; units.len()]
    } else {
        found
    }
}

fn cause(unit: &Unit, elsewhere: String) -> String {
    let counts = &unit.counts;
    let decided = counts.denominator.saturating_sub(counts.unknown);
    let rate = Proportion { numerator: counts.numerator, denominator: decided }.rate();
    let of_decided = rate.map(|rate| format!("; of those decided it has {}", percent(rate))).unwrap_or_default();
    format!(
        "{} of its {} cases cannot be decided and count against it ({}, elsewhere {elsewhere}){of_decided}",
        count(counts.unknown),
        count(counts.denominator),
        share(counts.unknown, counts.denominator),
    )
}
