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
    let bounds: Vec<[Proportion; 2]> = units.iter().map(|unit| bounds(unit, known(&unit), disclosure)).collect();
    let mut found = vec![None; units.len()];
    let mut shares: Vec<f64> = bounds.iter().filter_map(|[_, most]| most.rate()).collect();
    shares.sort_by(f64::total_cmp);
    let Some(usual) = shares.get(shares.len() / 2).copied() else { return found };
    let far = |[least, _]: &[Proportion; 2]| least.rate().is_some_and(|rate| rate - usual >= 0.99 * LEAST_MORE);
    for (place, (slot, unit)) in
        found.iter_mut().zip(units).enumerate().filter(|(at, _)| bounds.get(*at).is_some_and(far))
    {
        // It as few, and all others as many, as the shown counts may stand for.
        let unknown = bounds.iter().enumerate();
        let unknown: Vec<Proportion> =
            unknown.map(|(other, [least, most])| if other == place { *least } else { *most }).collect();
        let Ok(funnel) = proportion_funnel(&unknown, &FunnelOptions::default()) else { continue };
        let own = funnel.points.iter().find(|point| point.unit == place);
        if own.is_some_and(|own| own.flag == Flag::High998 && own.value - usual >= LEAST_MORE) {
            let elsewhere = unknown.iter().zip(units).enumerate().filter(|(other, _)| *other != place);
            let sums = elsewhere.fold((0, 0, false), |(some, all, hidden), (_, (_, unit))| {
                let (of, hides) = (unit.counts.denominator, is_suppressed(unit));
                let shown = if hides { MOST_SUPPRESSED } else { unit.counts.unknown };
                (some + shown.min(of), all + of, hidden || hides)
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

/// The least and the greatest share that may be unknown; of one that is suppressed it is none at least, and 7 at most.
fn bounds(unit: &Unit, is_known: bool, disclosure: &Disclosure) -> [Proportion; 2] {
    let (unknown, of) = (unit.counts.unknown, unit.counts.denominator);
    let least = if is_known { disclosure.least(unknown) } else { 0 };
    let most = match unit.counts.hidden & 1 << 4 != 0 {
        true => MOST_SUPPRESSED,
        false if is_known || !disclosure.shows_cases() => disclosure.most(unknown),
        false => 0,
    };
    let (fewest, all) = (disclosure.least(of), disclosure.most(of));
    [
        Proportion { numerator: least.min(all), denominator: all },
        Proportion { numerator: most.min(fewest), denominator: fewest },
    ]
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
