//! What a calendar or a clock may show from one moment to another: within one day, month or year it goes from the one end to the other;
//! over more than one it may be anything.

use super::calendar::{DAY, HOUR, date_from_days, is_summer_time, local_from_instant, week, weekday};

/// What the clock in London may show from one instant to a later one, milliseconds after midnight. Where the clocks go back
/// between the two, it has shown the whole hour that comes twice.
#[must_use]
pub fn local_times(first: i64, last: i64) -> (i64, i64) {
    let [start, end] = [first, last].map(local_from_instant);
    if start.div_euclid(DAY) != end.div_euclid(DAY) {
        return (0, DAY - 1);
    }
    let (start, end) = (start.rem_euclid(DAY), end.rem_euclid(DAY));
    if is_summer_time(first) && !is_summer_time(last) {
        return (start.min(HOUR), end.max(2 * HOUR - 1));
    }
    (start, end)
}

/// The months from one date to a later one, each from 1.
#[must_use]
pub fn months(first: i64, last: i64) -> (i64, i64) {
    let ((year, month, _), (same, until, _)) = (date_from_days(first), date_from_days(last));
    if year == same { (month, until) } else { (1, 12) }
}

/// The days of the month from one date to a later one.
#[must_use]
pub fn days_of_month(first: i64, last: i64) -> (i64, i64) {
    let ((year, month, day), (same, also, until)) = (date_from_days(first), date_from_days(last));
    if (year, month) == (same, also) { (day, until) } else { (1, 31) }
}

/// The weeks by ISO 8601 from one date to a later one; the year of a week is that of its Thursday.
#[must_use]
pub fn weeks(first: i64, last: i64) -> (i64, i64) {
    let [year, same] = [first, last].map(|date| date_from_days(date - weekday(date) + 3).0);
    if year == same { (week(first), week(last)) } else { (1, 53) }
}
