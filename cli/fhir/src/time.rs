//! Times as FHIR writes them: to the millisecond, the day, the month or the year, and periods. What is not known to the millisecond is the span in which
//! it lies, and never its beginning.

use concord_engine::values::calendar::{
    DAY, FIRST_DATE, FIRST_INSTANT, LAST_DATE, LAST_INSTANT, days_from_date, instant_on, read_date, read_instant,
    show_date, show_utc,
};
use serde_json::{Value, json};
use std::cmp::Ordering;

/// Before 1910 nothing happened in any case that a system holds: of so many days are the years from 1900 to 1909.
const TOO_EARLY: i64 = 3_652 * DAY;

/// When something was: somewhere between two instants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// At an instant.
    At(i64),
    /// On one of these days in London, both included.
    On(i64, i64),
    /// Between two instants.
    Between(i64, i64),
    /// Now, whenever that is: of what is the case, and does not say since when.
    Present,
    /// Nobody knows.
    Unknown,
}

impl Moment {
    /// `2026-03-29T09:00:00+01:00`, `2026-03-29`, `2026-03` or `2026`; and whether more than milliseconds were left out.
    pub fn read(text: &str) -> Option<(Moment, bool)> {
        if text.contains('T') {
            let (text, finer) = without_finer(text);
            return Some((Moment::At(read_instant(&text).ok()?), finer));
        }
        let (first, last) = days(text)?;
        Some((Moment::On(first, last), false))
    }

    /// Whether it is so early that nothing can have happened then: an empty date of a system.
    pub fn is_empty(self) -> bool {
        self.span().is_some_and(|(_, last)| last < FIRST_INSTANT + TOO_EARLY)
    }

    /// From the start of one to the end of another; unknown where that is earlier.
    pub fn period(start: Moment, end: Moment) -> Moment {
        start.span().zip(end.span()).map_or(Moment::Unknown, |((low, _), (_, high))| Moment::between(low, high))
    }

    fn between(low: i64, high: i64) -> Moment {
        match low.cmp(&high) {
            Ordering::Less => Moment::Between(low, high),
            Ordering::Equal => Moment::At(low),
            Ordering::Greater => Moment::Unknown,
        }
    }

    /// This, or any time before it.
    pub fn or_before(self) -> Moment {
        self.span().map_or(Moment::Unknown, |(_, high)| Moment::Between(FIRST_INSTANT, high))
    }

    /// This, or any time after it.
    pub fn or_after(self) -> Moment {
        self.span().map_or(Moment::Unknown, |(low, _)| Moment::Between(low, LAST_INSTANT - 1))
    }

    /// What is known by both; by the first alone where they contradict each other.
    pub fn and(self, other: Moment) -> Moment {
        match (self.span(), other.span()) {
            (_, None) => self,
            (None, Some(_)) => other,
            (Some((low, high)), Some((least, most))) if least <= low && high <= most => self,
            (Some((low, high)), Some((least, most))) => match Moment::between(low.max(least), high.min(most)) {
                Moment::Unknown => self,
                both => both,
            },
        }
    }

    /// The first and the last millisecond at which it may have been.
    pub fn span(self) -> Option<(i64, i64)> {
        match self {
            Moment::At(instant) => Some((instant, instant)),
            Moment::On(first, last) => Some((instant_on(first, 0), instant_on(last + 1, 0) - 1)),
            Moment::Between(low, high) => Some((low, high)),
            Moment::Present | Moment::Unknown => None,
        }
    }

    /// As a case has it.
    pub fn json(self) -> Value {
        match self {
            Moment::At(instant) => show_utc(instant).into(),
            Moment::On(first, last) if first == last => show_date(first).into(),
            Moment::On(first, last) => json!({ "from": show_date(first), "to": show_date(last) }),
            Moment::Between(low, high) => json!({ "from": show_utc(low), "to": show_utc(high) }),
            Moment::Present | Moment::Unknown => Value::Null,
        }
    }
}

/// The first and last day of a date, a month or a year, of those that the language knows.
pub fn days(text: &str) -> Option<(i64, i64)> {
    span_of_days(text).filter(|(first, last)| FIRST_DATE <= *first && *last < LAST_DATE)
}

fn span_of_days(text: &str) -> Option<(i64, i64)> {
    match text.len() {
        10 => read_date(text).ok().map(|day| (day, day)),
        7 => {
            let (year, month) = text.split_once('-')?;
            let (year, month) = (digits(year, 4)?, digits(month, 2)?);
            let next = if month == 12 { days_from_date(year + 1, 1, 1) } else { days_from_date(year, month + 1, 1) };
            Some((days_from_date(year, month, 1)?, next? - 1))
        }
        4 => {
            let year = digits(text, 4)?;
            Some((days_from_date(year, 1, 1)?, days_from_date(year + 1, 1, 1)? - 1))
        }
        _ => None,
    }
}

/// A number of so many digits, and of nothing else: no sign stands before it.
fn digits(text: &str, count: usize) -> Option<i64> {
    let is_plain = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    is_plain.then(|| text.parse().ok()).flatten()
}

/// A time without what is finer than a millisecond, and whether there was such.
fn without_finer(text: &str) -> (String, bool) {
    let Some((head, rest)) = text.split_once('.') else { return (text.to_owned(), false) };
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (fraction, zone) = rest.split_at(end);
    let kept = fraction.get(..3).unwrap_or(fraction);
    let finer = fraction.get(3..).is_some_and(|finer| finer.bytes().any(|digit| digit != b'0'));
    (format!("{head}.{kept}{zone}"), finer)
}
