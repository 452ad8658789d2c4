//! Working days in England: Monday to Friday, bank holidays left out.
//!
//! The bank holidays come from a calendar file that belongs to the logic; this is only the counting.

use super::calendar::weekday;

/// The most working days that are counted.
pub const MOST: i64 = 1_000;

/// Whether a day counts; `holidays` is sorted.
#[must_use]
pub fn is_working_day(day: i64, holidays: &[i64]) -> bool {
    weekday(day) < 5 && holidays.binary_search(&day).is_err()
}

/// The date `count` working days after `day`, which is not itself counted; of 0 the day itself. Counts beyond [`MOST`] are
/// taken as that, negative ones as 0.
#[must_use]
pub fn after(day: i64, count: i64, holidays: &[i64]) -> i64 {
    let mut day = day;
    let mut left = count.clamp(0, MOST);
    while left > 0 {
        day += 1;
        left -= i64::from(is_working_day(day, holidays));
    }
    day
}

/// The fewest working days after one day with which another is reached: what falls on no working day counts to the next; 0 where it is not later.
#[must_use]
pub fn within(day: i64, until: i64, holidays: &[i64]) -> i64 {
    between(day, until, holidays) + i64::from(until > day && !is_working_day(until, holidays))
}

/// The working days after one day up to another, which is counted; 0 where that is not later.
#[must_use]
pub fn between(day: i64, until: i64, holidays: &[i64]) -> i64 {
    let counted = |day: i64| (day + 3).div_euclid(7) * 5 + (weekday(day) + 1).min(5);
    let off = holidays.iter().filter(|holiday| (day + 1..=until).contains(holiday) && weekday(**holiday) < 5);
    if until > day { counted(until) - counted(day) - off.map(|_| 1).sum::<i64>() } else { 0 }
}
