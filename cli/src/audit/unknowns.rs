//! Organisations of which so much more is unknown, or open, than of the others that this explains their rate.

use super::disclose::{Disclosure, MOST_SUPPRESSED};
use super::unit::Unit;
use crate::results::Counts;
use crate::words::{count, percent, share};
use concord_engine::variation::funnel::{Flag, FunnelOptions, proportion_funnel};
use concord_engine::variation::proportion::Proportion;

/// By so much more of its cases than is usual, at least.
const LEAST_MORE: f64 = 0.05;

/// A part of an organisation's cases.
pub(super) struct Part {
    /// Its place among the counts.
    pub(super) place: u8,
    pub(super) count: fn(&Counts) -> u64,
    /// Whether it stands in the denominator; if not, it comes on top of that.
    pub(super) is_in_denominator: bool,
}

impl Part {
    fn is_suppressed(&self, unit: &Unit) -> bool {
        unit.counts.hidden & 1 << self.place != 0
    }

    /// All cases of which it is a part, as they are shown.
    fn of(&self, counts: &Counts) -> u64 {
        if self.is_in_denominator { counts.denominator } else { counts.denominator + (self.count)(counts) }
    }
}

/// One of which it is far more than elsewhere.
pub(super) struct Words<'u> {
    pub(super) unit: &'u Unit,
    /// The share of the others together.
    pub(super) elsewhere: String,
}

/// For each organisation of whose cases many are unknown, what to say; none where that is so of half of them or more. `against` where unknown cases count
/// against.
pub(super) fn causes(units: &[&Unit], against: bool, disclosure: &Disclosure) -> Vec<Option<String>> {
    let part = Part { place: 4, count: |counts| counts.unknown, is_in_denominator: against };
    far_more(units, (&part, disclosure), |words| cause(&words, against))
}

/// For each organisation that has far more of a part than the others, beyond the 99.8 % limits; none where that is so of half of them or more.
pub(super) fn far_more(
    units: &[&Unit],
    (part, disclosure): (&Part, &Disclosure),
    cause: impl Fn(Words<'_>) -> String,
) -> Vec<Option<String>> {
    let known = |unit: &&&Unit| !part.is_suppressed(unit) && (part.count)(&unit.counts) <= part.of(&unit.counts);
    let bounds: Vec<[Proportion; 2]> =
        units.iter().map(|unit| bounds(unit, known(&unit), (part, disclosure))).collect();
    let mut found = vec![None; units.len()];
    let mut shares: Vec<f64> = bounds.iter().filter_map(|[_, most]| most.rate()).collect();
    shares.sort_by(f64::total_cmp);
    let Some(usual) = shares.get(shares.len() / 2).copied() else { return found };
    let far = |[least, _]: &[Proportion; 2]| least.rate().is_some_and(|rate| rate - usual >= 0.99 * LEAST_MORE);
    for (place, (slot, unit)) in
        found.iter_mut().zip(units).enumerate().filter(|(at, _)| bounds.get(*at).is_some_and(far))
    {
        // It as few, and all others as many, as the shown counts may stand for.
        let of_part = bounds.iter().enumerate();
        let of_part: Vec<Proportion> =
            of_part.map(|(other, [least, most])| if other == place { *least } else { *most }).collect();
        let Ok(funnel) = proportion_funnel(&of_part, &FunnelOptions::default()) else { continue };
        let own = funnel.points.iter().find(|point| point.unit == place);
        if own.is_some_and(|own| own.flag == Flag::High998 && own.value - usual >= LEAST_MORE) {
            let elsewhere = of_part.iter().zip(units).enumerate().filter(|(other, _)| *other != place);
            let sums = elsewhere.fold((0, 0, false), |(some, all, hidden), (_, (_, unit))| {
                let (of, hides) = (part.of(&unit.told), part.is_suppressed(unit));
                let shown = if hides { MOST_SUPPRESSED } else { (part.count)(&unit.told) };
                (some + shown.min(of), all + of, hidden || hides)
            });
            let (some, all, hidden) = sums;
            let most = if hidden { "at most " } else { "" };
            *slot = Some(cause(Words { unit, elsewhere: format!("{most}{}", share(some, all)) }));
        }
    }
    if found.iter().filter(|cause| cause.is_some()).count() * 2 >= units.len() {
        vec![None; units.len()]
    } else {
        found
    }
}

/// The least and the greatest share that a part may be; of one that is suppressed it is none at least, and 7 at most.
fn bounds(unit: &Unit, is_known: bool, (part, disclosure): (&Part, &Disclosure)) -> [Proportion; 2] {
    let own = (part.count)(&unit.counts);
    let least = if is_known { disclosure.least(own) } else { 0 };
    let most = match part.is_suppressed(unit) {
        true => MOST_SUPPRESSED,
        false if is_known || !disclosure.shows_cases() => disclosure.most(own),
        false => 0,
    };
    let of = |decided: u64, own: u64| if part.is_in_denominator { decided } else { decided.saturating_add(own) };
    let (fewest, all) = (disclosure.least(unit.counts.denominator), disclosure.most(unit.counts.denominator));
    let (fewest, all) = (of(fewest, most), of(all, least));
    [
        Proportion { numerator: least.min(all), denominator: all },
        Proportion { numerator: most.min(fewest), denominator: fewest },
    ]
}

fn cause(Words { unit, elsewhere }: &Words<'_>, against: bool) -> String {
    let counts = &unit.told;
    if !against {
        let all = counts.denominator + counts.unknown;
        return format!(
            "{} of its {} cases cannot be decided and are left out ({}, elsewhere {elsewhere}): those that can be may all be of one kind",
            count(counts.unknown),
            count(all),
            share(counts.unknown, all),
        );
    }
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
