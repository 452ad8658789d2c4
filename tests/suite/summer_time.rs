//! Summer time in London, held to the calendar counted out day by day.

use concord_engine::values::calendar::{DAY, FIRST_DATE, HOUR, LAST_DATE, is_summer_time};

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
