//! Dates that systems write where there is none: their calendars begin or end there. What is no time is refused as that, and by its date, so
//! that a reader of the list of reasons knows at once what it is.
//!
//! A fact may be such a day within the calendar, as a date of birth is: only what happened in a case is refused for it.

use concord_engine::values::calendar::{DAY, FIRST_INSTANT, days_from_date};

/// A zone may be so far from UTC.
const FARTHEST: i64 = 14 * 3_600_000;
/// Before 1910 nothing happened in any case that a system holds: of so many days are the years from 1900 to 1909.
const TOO_EARLY: i64 = 3_652 * DAY;

/// Dates outside the calendar of the language, by year, month and day.
const OUTSIDE: [(i64, i64, i64, &str); 8] = [
    (1899, 12, 30, "it is 1899-12-30, the empty date of spreadsheets and of databases made with them"),
    (1899, 12, 31, "it is 1899-12-31, the empty date of a spreadsheet"),
    (1858, 11, 17, "it is 1858-11-17, the empty date of some hospital systems"),
    (1840, 12, 31, "it is 1840-12-31, the empty date of some hospital systems"),
    (1753, 1, 1, "it is 1753-01-01, the empty date of a database"),
    (1601, 1, 1, "it is 1601-01-01, the empty date of Windows"),
    (1, 1, 1, "it is 0001-01-01, an empty date"),
    (9999, 12, 31, "it is 9999-12-31, which stands for no end"),
];

const NULL: &str = "it is 1 January 1900, the empty date of spreadsheets and databases";
const BEFORE: &str = "it is before 1910, as only an empty date of a spreadsheet or a database is";

/// Days within the calendar with which some system's begins.
const WITHIN: [(i64, i64, i64); 5] = [(1900, 1, 1), (1901, 1, 1), (1904, 1, 1), (1970, 1, 1), (1980, 1, 1)];

/// Why a time outside the calendar is none; nothing where it is no date that is known to be empty.
#[must_use]
pub fn outside(instant: i64) -> Option<&'static str> {
    let from = |year, month, day| Some((instant - days_from_date(year, month, day)? * DAY).abs());
    let near = OUTSIDE.iter().filter_map(|(year, month, day, why)| Some((from(*year, *month, *day)?, *why)));
    near.filter(|(far, _)| *far <= FARTHEST).min_by_key(|(far, _)| *far).map(|(_, why)| why)
}

/// Whether nothing can have happened so early.
#[inline]
#[must_use]
pub fn is_too_early(instant: i64) -> bool {
    instant < FIRST_INSTANT + TOO_EARLY
}

/// Why an event at so early a time is refused.
#[must_use]
pub fn too_early(instant: i64) -> &'static str {
    if instant <= FIRST_INSTANT + DAY + FARTHEST { NULL } else { BEFORE }
}

/// Whether a reason is that a time is no time, but the empty date of a system.
#[must_use]
pub fn is_reason(reason: &str) -> bool {
    OUTSIDE.iter().map(|(.., why)| *why).chain([NULL, BEFORE]).any(|why| reason.ends_with(why))
}

/// The day within the calendar with which some system's begins, where a time is its midnight in some zone.
#[must_use]
pub fn within(instant: i64) -> Option<i64> {
    let mut days = WITHIN.iter().filter_map(|(year, month, day)| days_from_date(*year, *month, *day));
    days.find(|day| (instant - day * DAY).abs() <= FARTHEST)
}
