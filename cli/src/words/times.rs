//! Durations, months and instants.

use super::numbers::{count, grouped};
use concord_engine::values::calendar::MONTHS;

const SECOND: u64 = 1_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;

/// From so many days on a duration is told in years as well.
const MANY_DAYS: u64 = 2 * 365;

/// A duration in its two largest units, rounded to the smaller: `2 h 5 min`, `3 days 4 h`; a long one as `4,566 days (12.5 years)`.
pub fn duration(milliseconds: i64) -> String {
    let exact = milliseconds.unsigned_abs();
    let sign = if milliseconds < 0 { "−" } else { "" };
    let (seconds, minutes, hours) = (rounded(exact, SECOND), rounded(exact, MINUTE), rounded(exact, HOUR));
    let text = match () {
        () if exact == 0 => "0 min".into(),
        () if exact < 10 * SECOND && !exact.is_multiple_of(SECOND) => {
            format!("{:.1} s", exact as f64 / SECOND as f64)
        }
        () if seconds < 60 => format!("{seconds} s"),
        () if seconds < 3_600 => two(seconds / 60, "min", seconds % 60, "s"),
        () if minutes < 2 * 24 * 60 => two(minutes / 60, "h", minutes % 60, "min"),
        () if hours >= MANY_DAYS * 24 => {
            let days = rounded(hours, 24);
            format!("{} days ({} years)", count(days), grouped(days as f64 / 365.25, 1))
        }
        () => two(hours / 24, "days", hours % 24, "h"),
    };
    format!("{sign}{text}")
}

fn two(large: u64, large_name: &str, little: u64, little_name: &str) -> String {
    match little {
        0 => format!("{} {large_name}", count(large)),
        _ => format!("{} {large_name} {little} {little_name}", count(large)),
    }
}

fn rounded(ms: u64, unit: u64) -> u64 {
    ms.saturating_add(unit / 2) / unit
}

/// A month `2016-04` as its year and its number from 1, if it is one.
pub fn year_and_month(period: &str) -> Option<(i32, u32)> {
    let (year, month) = period.split_once('-')?;
    let (year, month) = (year.parse().ok()?, month.parse().ok()?);
    (1..=12).contains(&month).then_some((year, month))
}

/// A month `2016-04` as `Apr 2016`; anything else as it is.
pub fn period(text: &str) -> String {
    let named = year_and_month(text).and_then(|(year, month)| {
        let name = MONTHS.get(month as usize - 1)?.get(..3)?;
        Some(format!("{name} {year}"))
    });
    named.unwrap_or_else(|| text.to_string())
}

/// What a period as charts write it is one of, in a sentence: `month` of `2016-04`.
pub fn noun_of(period: &str) -> &'static str {
    match period {
        week if week.starts_with("week of ") => "week",
        quarter if quarter.contains(" Q") => "quarter",
        month if month.contains('-') => "month",
        _ => "year",
    }
}

/// An instant `2026-10-31T09:30:00Z` as `31 October 2026 at 09:30 UTC`; anything else as it is.
pub fn instant(text: &str) -> String {
    date_and_time(text).unwrap_or_else(|| text.to_string())
}

fn date_and_time(text: &str) -> Option<String> {
    let (date, rest) = text.split_once(['T', 't', ' ']).unwrap_or((text, ""));
    let (month, day) = date.rsplit_once('-')?;
    let (year, month) = year_and_month(month)?;
    let day: u32 = day.parse().ok()?;
    let name = MONTHS.get(month as usize - 1)?;
    let date = format!("{day} {name} {year}");
    if rest.is_empty() {
        return Some(date);
    }
    let time = rest.get(..5)?;
    let zone = match rest.rfind(['Z', 'z', '+', '-']).and_then(|at| rest.get(at..))? {
        "Z" | "z" | "+00:00" => "UTC".to_string(),
        offset => format!("(UTC{})", offset.replace('-', "−")),
    };
    Some(format!("{date} at {time} {zone}"))
}
