//! Dates, instants and the clock on the wall in London, by arithmetic alone.
//!
//! Days are counted from 1970-01-01 in the proleptic Gregorian calendar (Howard Hinnant, "chrono-Compatible
//! Low-Level Date Algorithms"). Summer time follows the rule in force in the United Kingdom since 1996 (EU
//! directive 2000/84/EC, kept by the Summer Time Order 2002): one hour ahead of UTC from 01:00 UTC on the last
//! Sunday in March to 01:00 UTC on the last Sunday in October.

/// Milliseconds in a day of 24 hours.
pub const DAY: i64 = 86_400_000;
/// Milliseconds in an hour.
pub const HOUR: i64 = 3_600_000;
/// The earliest instant the language knows: 1900-01-01T00:00Z.
pub const FIRST_INSTANT: i64 = -25_567 * DAY;
/// The latest: 2200-01-01T00:00Z.
pub const LAST_INSTANT: i64 = 84_006 * DAY;
/// The first date, as days since 1970.
pub const FIRST_DATE: i64 = -25_567;
/// The last date, 31 December 2199.
pub const LAST_DATE: i64 = 84_005;

/// Days since 1970-01-01 of a date; `None` where there is no such day.
#[must_use]
pub fn days_from_date(year: i64, month: i64, day: i64) -> Option<i64> {
    let known = (1..=12).contains(&month) && (1..=days_in_month(year, month)).contains(&day);
    known.then(|| days_from_civil(year, month, day))
}

fn days_in_month(year: i64, month: i64) -> i64 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let year_of_era = y.rem_euclid(400);
    let shifted = (month + 9) % 12;
    let day_of_year = (153 * shifted + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// Year, month and day of a day counted from 1970-01-01.
#[must_use]
pub fn date_from_days(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_part = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_part + 2) / 5 + 1;
    let month = if month_part < 10 { month_part + 3 } else { month_part - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

/// Day of the week of a day counted from 1970-01-01: 0 is Monday, 6 is Sunday.
#[must_use]
pub fn weekday(days: i64) -> i64 {
    (days + 3).rem_euclid(7)
}

fn last_sunday(year: i64, month: i64) -> i64 {
    let last = days_from_civil(year, month, 31);
    last - (weekday(last) + 1) % 7
}

/// A year on average. From 1900 to 2199 no year begins more than three days from where it would if all were so long.
const MEAN_YEAR: i64 = 31_556_952_000;

/// Whether London is on summer time at a UTC instant.
#[must_use]
#[inline]
pub fn is_summer_time(instant: i64) -> bool {
    // Counted in mean years, all changes of these years lie from day 82 to 91 and from day 296 to 305.
    let day = instant.rem_euclid(MEAN_YEAR) / DAY;
    if (FIRST_INSTANT..LAST_INSTANT).contains(&instant) && !matches!(day, 82..91 | 296..305) {
        return (91..296).contains(&day);
    }
    by_the_rule(instant)
}

fn by_the_rule(instant: i64) -> bool {
    let (year, month, _) = date_from_days(instant.div_euclid(DAY));
    match month {
        3 => instant >= last_sunday(year, 3) * DAY + HOUR,
        10 => instant < last_sunday(year, 10) * DAY + HOUR,
        _ => (4..10).contains(&month),
    }
}

/// What a clock on the wall in London shows, as milliseconds of civil time since 1970.
#[must_use]
#[inline]
pub fn local_from_instant(instant: i64) -> i64 {
    instant + if is_summer_time(instant) { HOUR } else { 0 }
}

/// A civil time in London read back as an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LocalTime {
    /// Exactly one instant.
    One(i64),
    /// The hour that comes twice in October: summer time first, then winter time.
    Twice(i64, i64),
    /// The hour that is left out in March: the instant at which the clocks go forward.
    Never(i64),
}

/// The instants at which a clock on the wall in London shows `local` (milliseconds of civil time since 1970).
#[must_use]
pub fn instant_from_local(local: i64) -> LocalTime {
    let as_winter = local;
    let as_summer = local - HOUR;
    match (is_summer_time(as_summer), !is_summer_time(as_winter)) {
        (true, true) => LocalTime::Twice(as_summer, as_winter),
        (true, false) => LocalTime::One(as_summer),
        (false, true) => LocalTime::One(as_winter),
        (false, false) => LocalTime::Never(as_winter - as_winter.rem_euclid(HOUR)),
    }
}

/// `2026-03-29`
#[must_use]
pub fn show_date(days: i64) -> String {
    let (year, month, day) = date_from_days(days);
    format!("{year:04}-{month:02}-{day:02}")
}

/// The months, January first.
pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// `29 March 2026`
#[must_use]
pub fn show_day(days: i64) -> String {
    let (year, month, day) = date_from_days(days);
    let name = usize::try_from(month - 1).ok().and_then(|place| MONTHS.get(place));
    name.map_or_else(|| show_date(days), |name| format!("{day} {name} {year}"))
}

/// `10:00`, `10:00:30`, `10:00:30.250`
#[must_use]
pub fn show_time_of_day(milliseconds: i64) -> String {
    let (hours, minutes) = (milliseconds / HOUR, milliseconds / 60_000 % 60);
    let (seconds, thousandths) = (milliseconds / 1000 % 60, milliseconds % 1000);
    match (seconds, thousandths) {
        (0, 0) => format!("{hours:02}:{minutes:02}"),
        (_, 0) => format!("{hours:02}:{minutes:02}:{seconds:02}"),
        _ => format!("{hours:02}:{minutes:02}:{seconds:02}.{thousandths:03}"),
    }
}

/// An instant on the London clock: `2026-03-29 10:00`; in the hour that October has twice with `BST` or `GMT` behind it.
#[must_use]
pub fn show_local_instant(instant: i64) -> String {
    let local = local_from_instant(instant);
    let day = show_date(local.div_euclid(DAY));
    let time = show_time_of_day(local.rem_euclid(DAY));
    let zone = match instant_from_local(local) {
        LocalTime::Twice(first, _) if first == instant => " BST",
        LocalTime::Twice(..) => " GMT",
        _ => "",
    };
    format!("{day} {time}{zone}")
}

/// An instant in RFC 3339: `2026-03-29T09:00:00Z`.
#[must_use]
pub fn show_utc(instant: i64) -> String {
    let day = show_date(instant.div_euclid(DAY));
    let within = instant.rem_euclid(DAY);
    let (hours, minutes, seconds) = (within / HOUR, within / 60_000 % 60, within / 1000 % 60);
    match within % 1000 {
        0 => format!("{day}T{hours:02}:{minutes:02}:{seconds:02}Z"),
        ms => format!("{day}T{hours:02}:{minutes:02}:{seconds:02}.{ms:03}Z"),
    }
}

/// Why a time is refused that would have to be rounded.
pub const TOO_FINE: &str = "more precise than a millisecond: further digits must be 0";

/// Reads RFC 3339 (`2026-03-29T09:00:00Z`, `…+01:00`, seconds and fraction optional, `+0100` and `+01` as well): milliseconds
/// UTC.
///
/// # Errors
/// A sentence that says what is wrong; a time without a zone is refused, and [`TOO_FINE`] one that is more precise than a
/// millisecond.
pub fn read_instant(text: &str) -> Result<i64, &'static str> {
    const SHAPE: &str = "expected a time such as 2026-03-29T09:00:00Z or 2026-03-29T10:00:00+01:00";
    let (date, rest) = text.split_once(['T', 't', ' ']).ok_or(SHAPE)?;
    let days = read_date(date)?;
    let zone_at =
        rest.find(['Z', 'z', '+', '-']).ok_or("the time has no zone: write Z for UTC or an offset such as +01:00")?;
    let (clock, zone) = rest.split_at(zone_at);
    let offset = read_offset(zone).ok_or("the offset from UTC is not of the form Z, +01:00 or -05:00")?;
    let time = read_clock(clock).ok_or(if is_too_fine(clock) { TOO_FINE } else { SHAPE })?;
    let instant = days * DAY + time - offset;
    if (FIRST_INSTANT..=LAST_INSTANT).contains(&instant) {
        Ok(instant)
    } else {
        Err("the time is not between the years 1900 and 2199")
    }
}

/// Reads `2026-03-29` as days since 1970.
///
/// # Errors
/// A sentence that says what is wrong.
pub fn read_date(text: &str) -> Result<i64, &'static str> {
    const SHAPE: &str = "expected a date such as 2026-03-29";
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next(), parts.next(), parts.next());
    if parts.next().is_some() {
        return Err(SHAPE);
    }
    let number = |part: Option<&str>, width: usize| part.and_then(|p| digits(p, width)).ok_or(SHAPE);
    let days = days_from_date(number(year, 4)?, number(month, 2)?, number(day, 2)?)
        .ok_or("there is no such day in the calendar")?;
    if (FIRST_DATE..=LAST_DATE).contains(&days) {
        Ok(days)
    } else {
        Err("the date is not between the years 1900 and 2199")
    }
}

/// Reads `10:00`, `10:00:30` or `10:00:30.25` as milliseconds after midnight.
#[must_use]
pub fn read_clock(text: &str) -> Option<i64> {
    let mut parts = text.splitn(3, ':');
    let hours = digits(parts.next()?, 2).filter(|h| *h < 24)?;
    let minutes = digits(parts.next()?, 2).filter(|m| *m < 60)?;
    let seconds = parts.next().map_or(Some(0), read_seconds)?;
    Some(hours * HOUR + minutes * 60_000 + seconds)
}

fn read_seconds(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let seconds = digits(whole, 2).filter(|s| *s < 60)?;
    let known = !fraction.is_empty() && fraction.bytes().all(|b| b.is_ascii_digit());
    let (ms, finer) = fraction.split_at_checked(3).unwrap_or((fraction, ""));
    let exact = finer.bytes().all(|b| b == b'0');
    (known && exact).then_some(())?;
    format!("{ms:0<3}").parse::<i64>().ok().map(|ms| seconds * 1000 + ms)
}

/// Whether a time of day could be read but for digits after its thousandths of a second.
#[must_use]
pub fn is_too_fine(text: &str) -> bool {
    let Some((whole, fraction)) = text.split_once('.') else { return false };
    fraction.len() > 3 && fraction.bytes().all(|b| b.is_ascii_digit()) && read_clock(whole).is_some()
}

fn read_offset(text: &str) -> Option<i64> {
    if text.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+')?),
    };
    let (hours, minutes) = rest.split_at_checked(2)?;
    let minutes = minutes.strip_prefix(':').unwrap_or(if minutes.is_empty() { "00" } else { minutes });
    let (hours, minutes) = (digits(hours, 2)?, digits(minutes, 2)?);
    (hours < 24 && minutes < 60).then_some(sign * (hours * HOUR + minutes * 60_000))
}

fn digits(text: &str, width: usize) -> Option<i64> {
    (text.len() == width && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

/// The calendar day in London of an instant.
#[must_use]
pub fn local_date(instant: i64) -> i64 {
    local_from_instant(instant).div_euclid(DAY)
}

/// The instant at which a clock in London shows `time` (milliseconds after midnight, may run past 24 hours) on a date. Of an hour
/// that comes twice the first; of an hour that is left out the moment at which the clocks go forward.
#[must_use]
pub fn instant_on(date: i64, time: i64) -> i64 {
    match instant_from_local(date * DAY + time) {
        LocalTime::One(instant) | LocalTime::Twice(instant, _) | LocalTime::Never(instant) => instant,
    }
}

/// The time of day on the clock in London of an instant, milliseconds after midnight.
#[must_use]
pub fn local_time(instant: i64) -> i64 {
    local_from_instant(instant).rem_euclid(DAY)
}

/// Completed years from one date to another; below 0 where the second is earlier.
#[must_use]
pub fn years_between(from: i64, to: i64) -> i64 {
    let (year, month, day) = date_from_days(from);
    let (to_year, to_month, to_day) = date_from_days(to);
    to_year - year - i64::from((to_month, to_day) < (month, day))
}

/// Completed months from one date to another; below 0 where the second is earlier. A month is completed on the same day of the
/// month or, where there is none, on the first day of the next.
#[must_use]
pub fn months_between(from: i64, to: i64) -> i64 {
    let (year, month, day) = date_from_days(from);
    let (to_year, to_month, to_day) = date_from_days(to);
    (to_year - year) * 12 + to_month - month - i64::from(to_day < day)
}

/// The most months that [`months_after`] goes either way: a thousand years.
pub const MOST_MONTHS: i64 = 12_000;

/// The day so many months after a date: the same day of the month or, where there is none, the last of the month.
#[must_use]
pub fn months_after(date: i64, count: i64) -> i64 {
    let (year, month, day) = date_from_days(date);
    let months = year * 12 + month - 1 + count.clamp(-MOST_MONTHS, MOST_MONTHS);
    let (year, month) = (months.div_euclid(12), months.rem_euclid(12) + 1);
    days_from_civil(year, month, day.min(days_in_month(year, month)))
}

/// The year of a date.
#[must_use]
pub fn year(date: i64) -> i64 {
    date_from_days(date).0
}

/// The month of a date, from 1.
#[must_use]
pub fn month(date: i64) -> i64 {
    date_from_days(date).1
}

/// The day of the month, from 1.
#[must_use]
pub fn day_of_month(date: i64) -> i64 {
    date_from_days(date).2
}

/// The week of a date by ISO 8601: the one in which its Thursday lies, counted from 1 January.
#[must_use]
pub fn week(date: i64) -> i64 {
    let thursday = date - weekday(date) + 3;
    (thursday - days_from_civil(year(thursday), 1, 1)) / 7 + 1
}

/// How much of the time from `start` to `end` lies between two times of day on the London clock: what its hands show is not before `from`, and
/// before `until`. Where `until` is not later than `from` the window runs past midnight.
#[must_use]
pub fn overlap(start: i64, end: i64, from: i64, until: i64) -> i64 {
    let past_midnight = i64::from(until <= from);
    // Of a day, up to a time of it.
    let of_day = |time: i64| (time - from).max(0) - (time - until).max(0) + past_midnight * time;
    // The hour that summer time leaves out in March comes twice in October: it is no part of the one, and twice one of the other.
    let moved = of_day(2 * HOUR) - of_day(HOUR);
    let so_far = |instant: i64| {
        let local = local_from_instant(instant);
        let whole = local.div_euclid(DAY) * of_day(DAY);
        whole + of_day(local.rem_euclid(DAY)) - (local - instant) / HOUR * moved
    };
    (so_far(end) - so_far(start)).max(0)
}
