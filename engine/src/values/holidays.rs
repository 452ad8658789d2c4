//! England's bank holidays, 1995 to 2050: the Banking and Financial Dealings Act 1971 and the days proclaimed since, as listed at
//! gov.uk/bank-holidays (Open Government Licence v3.0). Days proclaimed after [`EDITION`] are not in it.

use super::calendar::{days_from_date, weekday};

/// The edition of this calendar: it is part of the logic through the days themselves.
pub const EDITION: &str = "2026-11";
const FIRST_YEAR: i64 = 1995;
const LAST_YEAR: i64 = 2050;

/// Days that were moved: the usual day does not hold.
const MOVED: &[(i64, i64, i64)] = &[(1995, 5, 1), (2020, 5, 4), (2002, 5, 27), (2012, 5, 28), (2022, 5, 30)];
/// Days that were added, or that a usual day was moved to.
const ADDED: &[(i64, i64, i64)] = &[
    (1995, 5, 8),
    (1999, 12, 31),
    (2002, 6, 3),
    (2002, 6, 4),
    (2011, 4, 29),
    (2012, 6, 4),
    (2012, 6, 5),
    (2020, 5, 8),
    (2022, 6, 2),
    (2022, 6, 3),
    (2022, 9, 19),
    (2023, 5, 8),
];

/// All bank holidays as days since 1970, in order.
#[must_use]
pub fn england() -> Vec<i64> {
    let mut days: Vec<i64> = (FIRST_YEAR..=LAST_YEAR).flat_map(of_year).collect();
    let date = |(year, month, day): &(i64, i64, i64)| days_from_date(*year, *month, *day);
    let moved: Vec<i64> = MOVED.iter().filter_map(date).collect();
    days.retain(|day| !moved.contains(day));
    days.extend(ADDED.iter().filter_map(date));
    days.sort_unstable();
    days.dedup();
    days
}

fn of_year(year: i64) -> Vec<i64> {
    let day = |month, day| days_from_date(year, month, day).unwrap_or_default();
    let (new_year, christmas) = (day(1, 1), day(12, 25));
    let easter = easter_sunday(year);
    let mut days = vec![
        substitute(new_year),
        easter - 2,
        easter + 1,
        first_monday(day(5, 1)),
        last_monday(day(5, 31)),
        last_monday(day(8, 31)),
    ];
    days.extend(match weekday(christmas) {
        4 => [christmas, christmas + 3],
        5 => [christmas + 2, christmas + 3],
        6 => [christmas + 1, christmas + 2],
        _ => [christmas, christmas + 1],
    });
    days
}

/// The day itself, or the Monday after a weekend.
fn substitute(day: i64) -> i64 {
    day + (7 - weekday(day)) * i64::from(weekday(day) > 4)
}

fn first_monday(day: i64) -> i64 {
    day + (7 - weekday(day)) % 7
}

fn last_monday(day: i64) -> i64 {
    day - weekday(day)
}

/// Easter Sunday in the Gregorian calendar (the anonymous algorithm, Nature 1876).
fn easter_sunday(year: i64) -> i64 {
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 19 * l) / 433;
    let month = (h + l - 7 * m + 90) / 25;
    let day = (h + l - 7 * m + 33 * month + 19) % 32;
    days_from_date(year, month, day).unwrap_or_default()
}
