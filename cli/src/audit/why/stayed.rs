//! A rate that did not change when those of the others did: what all were to do, and one does not.
//!
//! From the month on in which all have another rate, it is held against what its own rate before would have become were its odds to move as those of the others did.
//! Of exact counts alone.

use super::change::{LEAST, LEAST_RATIO, LEAST_STEP, moved_as};
use crate::audit::places::Places;

/// Of fewer organisations nobody can tell who changed and who did not.
const LEAST_OTHERS: usize = 5;
/// Standard errors by which it lies from there.
const LEAST_Z: f64 = 4.5;

/// The month, and the rates before and from then on: its own, and those of the others.
pub(super) struct Stayed {
    pub(super) month: i64,
    pub(super) own: [f64; 2],
    pub(super) elsewhere: [f64; 2],
}

/// That it did not change, where it is worse than the others are since.
pub(super) fn stayed(places: &Places<'_>, code: &str, number: usize) -> Option<Stayed> {
    let own = places.of(code)?.judged.get(number)?;
    if !places.disclosure.shows_cases() || places.count() < LEAST_OTHERS || places.of_completed(number).is_some() {
        return None;
    }
    let month = places.all_changed(number, LEAST_RATIO)?;
    let complete = |of: i64| !places.is_unfinished(number, own, of);
    let parts = [
        own.in_months(|of| of < month && complete(of)),
        own.in_months(|of| of >= month && complete(of)),
        places.others_in_months(number, own, |of| of < month && complete(of)),
        places.others_in_months(number, own, |of| of >= month && complete(of)),
    ];
    if parts.iter().any(|[_, all]| *all < LEAST) {
        return None;
    }
    let [before, after, others_before, others_after] = parts.map(|[met, all]| met as f64 / all as f64);
    let expected = moved_as(before, (others_before, others_after));
    let [[_, n_before], [_, n_after], ..] = parts;
    let error = (expected * (1.0 - expected) * (1.0 / n_before as f64 + 1.0 / n_after as f64)).sqrt();
    let (short, moved) = (expected - after, others_after - others_before);
    // Less than half of what the others did.
    let did_not = (after - before) < moved / 2.0;
    let far = short >= LEAST_STEP && short >= LEAST_Z * error && moved >= LEAST_STEP && after < others_after;
    (far && did_not).then_some(Stayed { month, own: [before, after], elsewhere: [others_before, others_after] })
}
