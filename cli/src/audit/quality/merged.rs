//! An organisation that ends to send in the month in which another has as many cases more: they may be one since.
//!
//! Cases by month are counts: the other has more than its own months before lead to expect (Poisson, 4.5 standard errors), and what it has lies no further from its
//! own and those of the one that ended together than chance allows (3 standard errors).

use super::months::{by_month, name};
use super::{Found, LEAST_Z};
use crate::audit::places::{Place, Places};
use crate::results::CauseKind;
use std::collections::BTreeMap;

/// So many months before, and so many after, tell how many cases an organisation has in one.
const LEAST_BEFORE: usize = 3;
const LEAST_AFTER: usize = 2;
/// Standard errors by which it may lie from both together.
const MOST_Z: f64 = 3.0;

/// The other organisation, if there is just one, told of both.
pub(super) fn merged(places: &Places<'_>, code: &str) -> Option<Found> {
    let all = by_month(places);
    let found = |text: String| {
        let effect = "Compare them as one, or the months before and after apart.".to_owned();
        Found::new(CauseKind::Volume, text, effect)
    };
    if let Some((since, other)) = taken_over(places, &all, code) {
        let text = format!(
            "from {} on `{other}` has as many cases more as it has fewer: they may be one organisation since",
            name(since)
        );
        return Some(found(text));
    }
    let mut ended = places.iter().filter(|(other, _)| *other != code).filter_map(|(other, _)| {
        let (since, by) = taken_over(places, &all, other)?;
        (by == code).then_some((since, other))
    });
    let (since, other) = ended.next()?;
    Some(found(format!(
        "from {} on it has as many cases more as `{other}` has fewer: they may be one organisation since",
        name(since)
    )))
}

/// From which month on an organisation has no case, and the only one that has as many more since.
fn taken_over<'p>(places: &'p Places<'_>, all: &BTreeMap<i64, u64>, code: &str) -> Option<(i64, &'p str)> {
    let place = places.of(code)?;
    let last = all.keys().rev().find(|month| place.months.contains_key(month))?;
    let before: Vec<i64> = all.range(..=last).map(|(month, _)| *month).collect();
    let after: Vec<i64> = all.keys().filter(|month| *month > last).copied().collect();
    if before.len() < LEAST_BEFORE || after.len() < LEAST_AFTER {
        return None;
    }
    let sum = |of: &Place, months: &[i64]| {
        months.iter().filter_map(|month| of.months.get(month)).map(|month| month.cases).sum::<u64>() as f64
    };
    let times = after.len() as f64 / before.len() as f64;
    let spread = |expected: f64| (expected * (1.0 + times)).sqrt();
    let own = sum(place, &before) * times;
    let has_as_many_more = |of: &Place| {
        let (alone, now) = (sum(of, &before) * times, sum(of, &after));
        let both = alone + own;
        now - alone >= LEAST_Z * spread(alone.max(1.0)) && (now - both).abs() <= MOST_Z * spread(both)
    };
    let mut found = places.iter().filter(|(other, of)| *other != code && has_as_many_more(of));
    let (other, _) = found.next()?;
    found.next().is_none().then_some((*after.first()?, other))
}
