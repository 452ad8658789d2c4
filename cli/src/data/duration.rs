//! Durations as text: in the words of the language, and in ISO 8601 as answers give them. Both can come in.

use concord_engine::values::calendar::{DAY, HOUR};

const MINUTE: i64 = 60_000;
const SECOND: i64 = 1_000;
/// Beyond any duration that can be declared.
const MOST: i64 = 1 << 53;

/// Reads `1 h 30 min`, `2 days`, `-10 min`, `PT1H30M` as milliseconds.
#[must_use]
pub fn read_duration(text: &str) -> Option<i64> {
    let text = text.trim_ascii();
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest.trim_ascii_start()),
        None => (1, text),
    };
    let length = match rest.strip_prefix('P') {
        Some(iso) => read_iso(iso),
        None => read_words(rest),
    };
    Some(sign * length?)
}

fn read_words(text: &str) -> Option<i64> {
    let mut words = text.split_ascii_whitespace().peekable();
    words.peek()?;
    let mut total: i64 = 0;
    while let Some(count) = words.next() {
        let unit = match words.next()? {
            "week" | "weeks" => 7 * DAY,
            "day" | "days" => DAY,
            "h" => HOUR,
            "min" => MINUTE,
            "s" => SECOND,
            "ms" => 1,
            _ => return None,
        };
        total = longer(total, read_count(count)?, unit);
    }
    Some(total)
}

/// What follows the `P`: weeks and days of 24 hours, then hours, minutes and seconds. Months and years have no length.
fn read_iso(text: &str) -> Option<i64> {
    let (days, time) = match text.split_once('T') {
        Some((_, "")) => return None,
        Some(parts) => parts,
        None if text.is_empty() => return None,
        None => (text, ""),
    };
    let (rest, weeks) = part(days, 'W', 7 * DAY)?;
    let (rest, days) = part(rest, 'D', DAY)?;
    let (time, hours) = part(time, 'H', HOUR)?;
    let (time, minutes) = part(time, 'M', MINUTE)?;
    let seconds = match time.strip_suffix('S') {
        Some(seconds) => read_seconds(seconds)?,
        None => (time.is_empty()).then_some(0)?,
    };
    let parts = [weeks, days, hours, minutes, seconds];
    rest.is_empty().then(|| parts.into_iter().fold(0, |total, part| longer(total, part, 1)))
}

/// The rest, and the length of the part that ends in a letter; 0 where there is none.
fn part(text: &str, letter: char, unit: i64) -> Option<(&str, i64)> {
    match text.split_once(letter) {
        Some((count, rest)) => Some((rest, longer(0, read_count(count)?, unit))),
        None => Some((text, 0)),
    }
}

/// Seconds to the millisecond; zeros may follow.
fn read_seconds(text: &str) -> Option<i64> {
    let Some((whole, fraction)) = text.split_once(['.', ',']) else {
        return Some(longer(0, read_count(text)?, SECOND));
    };
    let (ms, finer) = fraction.split_at_checked(3).unwrap_or((fraction, ""));
    let exact = finer.bytes().all(|b| b == b'0');
    let ms = exact.then(|| read_count(&format!("{ms:0<3}"))).filter(|_| !fraction.is_empty())??;
    Some(longer(ms, read_count(whole)?, SECOND))
}

fn read_count(digits: &str) -> Option<i64> {
    let known = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    known.then(|| digits.parse().unwrap_or(MOST))
}

/// A duration and so many of a unit; what is longer than any that can be declared is as good as any such.
fn longer(total: i64, count: i64, unit: i64) -> i64 {
    total.saturating_add(count.saturating_mul(unit).min(MOST)).min(MOST)
}

/// Milliseconds as an ISO 8601 duration in hours, minutes and seconds: `PT1H30M`. Days are never used: a day on the
/// clock is not always 24 hours.
#[must_use]
pub fn iso_duration(milliseconds: i64) -> String {
    let left = milliseconds.unsigned_abs();
    let (hours, minutes, seconds, ms) = (left / 3_600_000, left / 60_000 % 60, left / 1_000 % 60, left % 1_000);
    let mut text = String::from(if milliseconds < 0 { "-PT" } else { "PT" });
    for (count, letter) in [(hours, 'H'), (minutes, 'M')] {
        if count > 0 {
            text.push_str(&format!("{count}{letter}"));
        }
    }
    match (seconds, ms) {
        (0, 0) if hours + minutes > 0 => {}
        (seconds, 0) => text.push_str(&format!("{seconds}S")),
        (seconds, ms) => text.push_str(&format!("{seconds}.{ms:03}S")),
    }
    text
}
