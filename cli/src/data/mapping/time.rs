//! Times as an export writes them: a format, and a zone that must be named.
//!
//! A clock on the wall that shows an hour twice in autumn is read as its first pass, and counted; an hour that the clock
//! leaves out in spring is refused.

use concord_engine::values::calendar::{
    FIRST_DATE, FIRST_INSTANT, LAST_DATE, LAST_INSTANT, days_from_date, read_date, read_instant,
};
use jiff::civil::DateTime;
use jiff::fmt::strtime::{self, BrokenDownTime};
use jiff::tz::{AmbiguousOffset, TimeZone};

/// How to read times.
#[derive(Clone, Debug)]
pub struct TimeRule {
    /// As in `strptime`; none for RFC 3339.
    format: Option<String>,
    /// None: each text says its own.
    zone: Option<TimeZone>,
}

/// A time that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadTime {
    /// Milliseconds UTC.
    pub instant: i64,
    /// The clock showed this time twice; the first pass was taken.
    pub twice: bool,
}

const NOT_OF_THE_FORMAT: &str = "the time is not of the format that the mapping gives";

impl TimeRule {
    /// A rule from the mapping's words. `zone` is `in text` or an IANA name.
    ///
    /// # Errors
    /// A sentence that says what is wrong with the format or the zone.
    pub fn new(format: Option<&str>, zone: &str) -> Result<TimeRule, String> {
        let format = format.filter(|format| *format != "rfc3339");
        let zone = if zone == "in text" {
            None
        } else {
            let unknown = |_| format!("`{zone}` is not an IANA time zone such as Europe/London");
            Some(TimeZone::get(zone).map_err(unknown)?)
        };
        let carries_zone = format.is_none_or(|format| format.contains("%z") || format.contains("%:z"));
        if zone.is_none() && !carries_zone {
            return Err("the format has no %z, so the zone cannot be `in text`".to_owned());
        }
        let format = format.map(str::to_owned);
        Ok(TimeRule { format, zone })
    }

    /// Whether the text claims a zone that the mapping overrides.
    #[must_use]
    pub fn overrides_the_text(&self) -> bool {
        let Some(zone) = &self.zone else { return false };
        let claims = |format: &String| {
            let plain = format.replace("%Z", "").replace("%%", "");
            plain.contains('Z') || plain.contains("%z") || plain.contains("%:z")
        };
        self.format.as_ref().is_none_or(claims) && *zone != TimeZone::UTC
    }

    /// Reads one time.
    ///
    /// # Errors
    /// A sentence that does not repeat the text.
    pub fn read(&self, text: &str) -> Result<ReadTime, &'static str> {
        let local = match (&self.format, &self.zone) {
            (None, None) => return read_instant(text).map(once),
            (None, Some(_)) => local_part(text)?,
            (Some(format), None) => {
                let time = strtime::parse(format, text).map_err(|_| NOT_OF_THE_FORMAT)?;
                let instant = time.to_timestamp().map_err(|_| NOT_OF_THE_FORMAT)?;
                return within(instant.as_millisecond()).map(once);
            }
            (Some(format), Some(_)) => {
                parts(format, text).and_then(|time| time.to_datetime().ok()).ok_or(NOT_OF_THE_FORMAT)?
            }
        };
        let zone = self.zone.as_ref().ok_or("the mapping names no zone")?;
        let ambiguous = zone.to_ambiguous_timestamp(local);
        let twice = match ambiguous.offset() {
            AmbiguousOffset::Unambiguous { .. } => false,
            AmbiguousOffset::Fold { .. } => true,
            AmbiguousOffset::Gap { .. } => {
                return Err("the clock never showed this time: it went forward over it");
            }
        };
        let instant = ambiguous.earlier().map_err(|_| NOT_OF_THE_FORMAT)?;
        let instant = within(instant.as_millisecond())?;
        Ok(ReadTime { instant, twice })
    }
}

fn once(instant: i64) -> ReadTime {
    ReadTime { instant, twice: false }
}

fn within(instant: i64) -> Result<i64, &'static str> {
    let known = (FIRST_INSTANT..=LAST_INSTANT).contains(&instant);
    known.then_some(instant).ok_or("the time is not between the years 1900 and 2199")
}

/// The date and clock of an RFC 3339 text, whatever zone it claims.
fn local_part(text: &str) -> Result<DateTime, &'static str> {
    let (date, clock) = text.split_once(['T', 't', ' ']).ok_or(NOT_OF_THE_FORMAT)?;
    let clock = clock.split(['Z', 'z', '+', '-']).next().unwrap_or_default();
    format!("{date}T{clock}").parse().map_err(|_| NOT_OF_THE_FORMAT)
}

/// The parts of a time; a format without the hour means midnight, one without the day the first of the month.
fn parts(format: &str, text: &str) -> Option<BrokenDownTime> {
    let mut time = strtime::parse(format, text).ok()?;
    if time.hour().is_none() {
        time.set_hour(Some(0)).ok()?;
    }
    if time.day().is_none() && time.day_of_year().is_none() {
        time.set_day(Some(1)).ok()?;
    }
    Some(time)
}

/// Reads a date in a format such as `%d/%m/%Y` or `%Y-%m`, as days since 1970.
///
/// # Errors
/// A sentence that does not repeat the text.
pub fn read_date_as(format: Option<&str>, text: &str) -> Result<i64, &'static str> {
    let Some(format) = format.filter(|format| *format != "%Y-%m-%d") else {
        return read_date(text);
    };
    let date = parts(format, text).and_then(|time| time.to_date().ok());
    let date = date.ok_or("the date is not of the format that the mapping gives")?;
    let (year, month, day) = (date.year().into(), date.month().into(), date.day().into());
    days_from_date(year, month, day)
        .filter(|days| (FIRST_DATE..LAST_DATE).contains(days))
        .ok_or("the date is not between the years 1900 and 2199")
}
