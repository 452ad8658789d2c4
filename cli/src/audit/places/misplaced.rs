//! Dates that lie far from the rest of their case, and would lie beside it with day and month exchanged, or in another year.
//!
//! Of a case only its first and its last event are held against the one beside each, so that most cases cost two comparisons.

use super::waiting::Happened;
use concord_engine::values::calendar::{DAY, date_from_days, days_from_date, local_date};
use std::ops::RangeInclusive;

/// Day and month exchanged move a date by four weeks at least: the 1st of February and the 2nd of January are 30 days apart.
const FAR: i64 = 27 * DAY;
/// So many days from the event beside it a date is where it belongs.
const NEAR: i64 = 3;
/// About a year away.
const ABOUT_A_YEAR: RangeInclusive<i64> = 330..=400;

/// How many events of a kind lie far from the rest of their case: all of them; those that would lie beside it with day and month exchanged; those about a year
/// away; and of these those that would lie beside it a year earlier or later.
pub(in crate::audit) type Far = [u64; 4];

/// Of the kind of an event that lies far from the one beside it.
type OfEnd = Option<(u8, Far)>;
/// A first event whose date is mistaken, and the one after it, where there are three or more.
type Mistaken = Option<(i64, Option<i64>)>;

/// The kinds of the first and of the last event of a case that lie far from the one beside them; and the time of the first, with that of the second of three or
/// more, where its date is mistaken.
pub(super) fn misplaced(events: &[Happened]) -> ([OfEnd; 2], Mistaken) {
    let mut known = events.iter().filter_map(|event| Some((event.at()?, event.kind)));
    let (Some(first), Some(last)) = (known.next(), known.next_back()) else { return ([None; 2], None) };
    let second = known.next();
    let beside_last = known.next_back().or(second);
    // Of two events either may be the one.
    let of_first = far(first, second.unwrap_or(last).0);
    let of_last = far(last, beside_last.unwrap_or(first).0);
    let is_mistaken = of_first.is_some_and(|(_, [_, exchanged, _, other_year])| exchanged + other_year > 0);
    ([of_first, of_last], is_mistaken.then(|| (first.0, second.map(|(at, _)| at))))
}

#[inline]
fn far((at, kind): (i64, u8), beside: i64) -> Option<(u8, Far)> {
    if (at - beside).abs() < FAR {
        return None;
    }
    let (own, beside) = (local_date(at), local_date(beside));
    let (year, month, day) = date_from_days(own);
    let near = |date: Option<i64>| date.is_some_and(|date| (date - beside).abs() <= NEAR);
    let exchanged = day <= 12 && near(days_from_date(year, day, month));
    let about_a_year = ABOUT_A_YEAR.contains(&(own - beside).abs());
    let other_year =
        about_a_year && [year - 1, year + 1].into_iter().any(|year| near(days_from_date(year, month, day)));
    let [exchanged, about_a_year, other_year] = [exchanged, about_a_year, other_year].map(u64::from);
    Some((kind, [1, exchanged, about_a_year, other_year]))
}
