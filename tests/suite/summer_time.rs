//! Summer time in London, held to the calendar counted out day by day.

use crate::packages::Random;
use concord_engine::values::calendar::{
    self, DAY, FIRST_DATE, HOUR, LAST_DATE, date_from_days, days_from_date, is_summer_time, local_date, local_time,
    overlap,
};
use concord_engine::values::periods;

fn length(year: i64, month: usize) -> i64 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    [31, 28 + i64::from(leap), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
}

#[test]
fn clocks_change_at_one_on_the_last_sundays_of_march_and_october() {
    // 1 January 1900 was a Monday.
    let (mut year, mut month, mut of_month, mut weekday) = (1900, 1, 1, 0);
    let mut summer = false;
    for day in FIRST_DATE..=LAST_DATE {
        let last_sunday = weekday == 6 && of_month + 7 > length(year, month);
        let changes = last_sunday && (month == 3 || month == 10);
        let at = |time: i64| (is_summer_time(day * DAY + time), format!("{year}-{month}-{of_month} at {time}"));
        for before in [0, HOUR - 1] {
            assert_eq!(at(before).0, summer, "{}", at(before).1);
        }
        summer ^= changes;
        for after in [HOUR, DAY - 1] {
            assert_eq!(at(after).0, summer, "{}", at(after).1);
        }
        weekday = (weekday + 1) % 7;
        of_month += 1;
        if of_month > length(year, month) {
            (month, of_month) = (month + 1, 1);
        }
        if month > 12 {
            (year, month) = (year + 1, 1);
        }
    }
    assert_eq!((year, month, of_month), (2200, 1, 1));
}

/// How long the hands show a time of the window, counted out minute by minute: over the changes of 2026, and any other days.
#[test]
fn what_lies_between_two_times_of_day_is_what_the_hands_show() {
    const MINUTE: i64 = 60_000;
    let mut random = Random::seeded(0xc10c);
    let mut below = |most: u64| random.below(most).cast_signed();
    for turn in 0..400 {
        let day = [(2026, 3, 27), (2026, 10, 23), (2025, 1, 1)][turn % 3];
        let first = days_from_date(day.0, day.1, day.2).unwrap();
        let start = first * DAY + below(3 * 24 * 60) * MINUTE;
        let end = start + (below(3 * 24 * 60) - 60) * MINUTE;
        // Often about the hour that is left out or comes twice.
        let mut edge = || if below(2) == 0 { 45 * MINUTE + below(6) * 15 * MINUTE } else { below(24 * 60) * MINUTE };
        let (from, until) = (edge(), edge());
        let shown = |instant: &i64| {
            let time = local_time(*instant);
            if from < until { (from..until).contains(&time) } else { time >= from || time < until }
        };
        let minutes = (start..end).step_by(60_000).filter(shown).count() as i64;
        assert_eq!(overlap(start, end, from, until), minutes * MINUTE, "{start} {end} {from} {until}");
    }
}

/// However many nights there are: 731 of seven hours in 2024 and 2025, of which the first and the last are two parts of one, and the hours
/// that summer time takes and gives cancel out.
#[test]
fn no_night_of_many_is_left_out() {
    let at = |year: i64| days_from_date(year, 1, 1).unwrap() * DAY;
    assert_eq!(overlap(at(2024), at(2026), 23 * HOUR, 6 * HOUR), 731 * 7 * HOUR);
    assert_eq!(overlap(at(1900), at(2199), 9 * HOUR, 17 * HOUR), (at(2199) - at(1900)) / DAY * 8 * HOUR);
}

/// From one minute to a later one, held to what the clock shows at each of them: over the changes of 2026, and any other days.
#[test]
fn what_a_clock_may_show_within_a_day_is_what_it_shows_then() {
    const MINUTE: i64 = 60_000;
    let mut random = Random::seeded(0xc10c);
    let mut below = |most: u64| random.below(most).cast_signed();
    let mut within_a_day = 0;
    for turn in 0..2_000 {
        let (year, month, day) = [(2026, 3, 29), (2026, 10, 25), (2025, 1, 1)][turn % 3];
        let first = days_from_date(year, month, day).unwrap() * DAY + below(6 * 60) * MINUTE;
        let last = first + below([30, 130, 24 * 60][turn % 7 % 3]) * MINUTE;
        let (low, high) = periods::local_times(first, last);
        let shown = || (first..=last).step_by(60_000).chain([last]).map(local_time);
        let (least, most) = (shown().min().unwrap(), shown().max().unwrap());
        if local_date(first) == local_date(last) {
            within_a_day += 1;
            // Of the hour that comes twice, its last moment is not one of these.
            assert!(low == least && (high == most || high == most + MINUTE - 1), "{first} {last} {low} {high}");
        } else {
            assert_eq!((low, high), (0, DAY - 1));
        }
    }
    assert!(within_a_day > 1_000);
}

/// From one date to a later one, held to the calendar day by day.
#[test]
fn what_a_calendar_may_show_within_a_period_is_what_it_shows_then() {
    let all = |first: i64, last: i64, of: fn(i64) -> i64| {
        let shown = || (first..=last).map(of);
        (shown().min().unwrap(), shown().max().unwrap())
    };
    for first in days_from_date(2019, 12, 1).unwrap()..days_from_date(2027, 2, 1).unwrap() {
        for last in [0, 1, 2, 5, 6, 7, 27, 30, 31, 60, 363, 370].map(|more| first + more) {
            let ((year, month, _), (same, also, _)) = (date_from_days(first), date_from_days(last));
            let expected = if year == same { all(first, last, calendar::month) } else { (1, 12) };
            assert_eq!(periods::months(first, last), expected, "{first} {last}");
            let expected =
                if (year, month) == (same, also) { all(first, last, calendar::day_of_month) } else { (1, 31) };
            assert_eq!(periods::days_of_month(first, last), expected, "{first} {last}");
            let (least, most) = all(first, last, calendar::week);
            let found = periods::weeks(first, last);
            // Within a year the weeks never fall; a date of the next year is in one that is no later, or a year on.
            let rises = (first..last).all(|day| calendar::week(day) <= calendar::week(day + 1));
            assert_eq!(found, if rises { (least, most) } else { (1, 53) }, "{first} {last}");
        }
    }
}
