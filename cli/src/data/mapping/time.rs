//! Times as an export writes them: a format, and a zone that must be named.
//!
//! What a text leaves open is not filled in. A date without a time of day is any time of that day, and a time in the hour that a clock
//! on the wall shows twice in autumn is one between its two passes; an hour that the clock leaves out in spring is refused.

use super::empty;
use super::format::{Format, Refusal};
use super::hint;
use super::offsets::Offsets;
use super::pattern::{LastDay, Pattern};
use concord_engine::values::calendar::{self, DAY, FIRST_INSTANT, LAST_INSTANT, days_from_date};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousOffset, TimeZone};
use std::borrow::Cow;

/// How to read times.
#[derive(Clone, Debug)]
pub struct TimeRule {
    /// As in `strptime`; none for RFC 3339.
    format: Option<Format>,
    /// None: each text says its own.
    zone: Option<TimeZone>,
    /// No format is given, as values have types of their own.
    typed: bool,
    /// How texts of one width are read, away from changes of the clock.
    usual: Option<Box<(Pattern, Offsets)>>,
}

/// As nearly all texts of RFC 3339 stand in exports.
const USUAL_RFC3339: &str = "%Y-%m-%dT%H:%M:%SZ";

/// As a time without a zone is written out, with a fraction where it has one.
const TYPED: &str = "%Y-%m-%dT%H:%M:%S%.f";
const USUAL_TYPED: &str = "%Y-%m-%dT%H:%M:%S";

/// What a text says of a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadTime {
    /// Milliseconds UTC.
    At(i64),
    /// Between two instants, ends included.
    Between(i64, i64, Why),
    /// Not even which day it was.
    Unknown(Why),
}

/// Why an instant that was read is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The text is a date, or an hour without its minutes.
    NoClock,
    /// The clock showed this time twice, and the text does not say on which pass.
    Twice,
}

impl Why {
    /// In a clause.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Why::NoClock => "the text has no time of day",
            Why::Twice => "the clock showed this time twice in autumn, and the text does not say on which pass",
        }
    }
}

const NOT_OF_THE_FORMAT: &str = "the time is not of the format that the mapping gives";

impl TimeRule {
    /// A rule from the mapping's words. `zone` is `in text` or an IANA name.
    ///
    /// # Errors
    /// What is wrong with the format or the zone.
    pub fn new(format: Option<&str>, zone: &str) -> Result<TimeRule, Refusal> {
        let format = format.filter(|format| *format != "rfc3339").map(Format::new).transpose()?;
        let zone = if zone == "in text" { None } else { Some(named(zone)?) };
        let of = |check: fn(&Format) -> bool| format.as_ref().is_some_and(check);
        if zone.is_none() && of(|format| !format.says_its_zone()) {
            return Err(("the format has no %z, so the zone cannot be `in text`".to_owned(), None));
        }
        if zone.is_some() && of(Format::counts_from_1970) {
            return Err(("`%s` counts from 1970 in UTC, so the zone is `in text`".to_owned(), None));
        }
        let usual = match &format {
            None => Pattern::new(USUAL_RFC3339),
            Some(format) if zone.is_some() || format.writes_utc() => Pattern::new(format.text()),
            Some(_) => None,
        };
        let offsets = |pattern| Box::new((pattern, Offsets::of(zone.as_ref().unwrap_or(&TimeZone::UTC))));
        let usual = usual.map(offsets);
        Ok(TimeRule { format, zone, typed: false, usual })
    }

    /// The same where values have types of their own: without a format, and in a zone that is named, a time is what a clock there showed,
    /// and none that claims a zone is read.
    ///
    /// # Errors
    /// As [`TimeRule::new`].
    pub fn of(format: Option<&str>, zone: &str, typed: bool) -> Result<TimeRule, Refusal> {
        if format.is_some() || zone == "in text" || !typed {
            return TimeRule::new(format, zone);
        }
        let rule = TimeRule::new(Some(TYPED), zone)?;
        let place = named(zone)?;
        let usual = Pattern::new(USUAL_TYPED).map(|pattern| Box::new((pattern, Offsets::of(&place))));
        Ok(TimeRule { usual, typed: true, ..rule })
    }

    /// Whether it reads values that have a type: no format is given for their texts.
    #[must_use]
    pub fn reads_values(&self) -> bool {
        self.typed || self.format.is_none()
    }

    /// Whether each text says its own zone.
    #[must_use]
    pub fn is_in_text(&self) -> bool {
        self.zone.is_none()
    }

    /// Whether the text claims a zone that the mapping overrides.
    #[must_use]
    pub fn overrides_the_text(&self) -> bool {
        let Some(zone) = &self.zone else { return false };
        let agrees = |format: &Format| !format.carries_zone() || (format.writes_utc() && *zone == TimeZone::UTC);
        !self.format.as_ref().is_some_and(agrees)
    }

    /// Reads one time as nearly all stand in an export; nothing where it stands otherwise, or is none. The day that was read last must be by this rule.
    #[must_use]
    pub fn usual(&self, text: &[u8], last: &mut LastDay) -> Option<i64> {
        within(self.by_pattern(text, last)?).ok()
    }

    /// What a text is known to be that cannot be read, for a reason; nothing of most.
    #[must_use]
    pub fn hint(&self, text: &str, why: &str) -> Option<&'static str> {
        let format = self.format.as_ref().filter(|_| why == NOT_OF_THE_FORMAT);
        hint::of_time(text).or_else(|| format?.hint(text))
    }

    #[inline]
    fn by_pattern(&self, text: &[u8], last: &mut LastDay) -> Option<i64> {
        let (pattern, offsets) = self.usual.as_deref()?;
        offsets.instant(pattern.read(text, last)?)
    }

    /// Whether a text that is read says more than milliseconds, which are left out.
    #[must_use]
    pub fn is_finer(&self, text: &str) -> bool {
        match &self.format {
            None => without_finer(text).1,
            Some(format) if format.has_fraction() => format.parse(text).is_some_and(|parsed| {
                parsed.subsec_nanosecond().is_some_and(|nanoseconds| nanoseconds % 1_000_000 != 0)
            }),
            Some(_) => false,
        }
    }

    /// Reads one time; what is finer than a millisecond is left out.
    ///
    /// # Errors
    /// A sentence that does not repeat the text.
    pub fn read(&self, text: &str) -> Result<ReadTime, &'static str> {
        if let Some(instant) = self.by_pattern(text.as_bytes(), &mut LastDay::default()) {
            return within(instant).map(ReadTime::At);
        }
        let Some(format) = &self.format else {
            return match &self.zone {
                None => read_instant(text).map(ReadTime::At),
                Some(zone) => on_the_wall(zone, local_part(text)?),
            };
        };
        let parsed = format.parse(text).ok_or(NOT_OF_THE_FORMAT)?;
        if !format.has_clock() {
            let days = if format.has_day() { Some(parsed.to_date().map_err(|_| NOT_OF_THE_FORMAT)?) } else { None };
            let whole_day = days.zip(self.zone.as_ref());
            return whole_day.map_or(Ok(ReadTime::Unknown(Why::NoClock)), |(day, zone)| on_the_day(zone, day));
        }
        if let Some(zone) = &self.zone {
            return on_the_wall(zone, parsed.to_datetime().map_err(|_| NOT_OF_THE_FORMAT)?);
        }
        if format.writes_utc() {
            return on_the_wall(&TimeZone::UTC, parsed.to_datetime().map_err(|_| NOT_OF_THE_FORMAT)?);
        }
        let instant = parsed.to_timestamp().or_else(|_| parsed.to_zoned().map(|zoned| zoned.timestamp()));
        within(milliseconds(instant.map_err(|_| NOT_OF_THE_FORMAT)?)).map(ReadTime::At)
    }
}

/// An instant by RFC 3339; what is finer than a millisecond is left out.
///
/// # Errors
/// A sentence that does not repeat the text.
pub fn read_instant(text: &str) -> Result<i64, &'static str> {
    calendar::read_instant(&without_finer(text).0)
}

/// A time of day, or one by RFC 3339, without what is finer than a millisecond; and whether there was such.
#[must_use]
pub fn without_finer(text: &str) -> (Cow<'_, str>, bool) {
    let Some((head, rest)) = text.split_once('.') else { return (Cow::Borrowed(text), false) };
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let parts = rest.split_at_checked(3).zip(rest.get(digits..));
    let Some(((kept, _), after)) = parts.filter(|_| digits > 3) else { return (Cow::Borrowed(text), false) };
    let finer = rest.bytes().take(digits).skip(3).any(|digit| digit != b'0');
    (Cow::Owned(format!("{head}.{kept}{after}")), finer)
}

/// Whole milliseconds, and of an instant before 1970 the earlier one.
fn milliseconds(at: Timestamp) -> i64 {
    at.as_millisecond() - i64::from(at.subsec_nanosecond() % 1_000_000 < 0)
}

/// A zone by its name.
///
/// # Errors
/// That there is none.
pub(super) fn named(zone: &str) -> Result<TimeZone, Refusal> {
    TimeZone::get(zone).map_err(|_| (format!("`{zone}` is not an IANA time zone such as Europe/London"), None))
}

/// The instant at which a clock on the wall shows a time.
fn on_the_wall(zone: &TimeZone, local: DateTime) -> Result<ReadTime, &'static str> {
    let ambiguous = zone.to_ambiguous_timestamp(local);
    match ambiguous.offset() {
        AmbiguousOffset::Unambiguous { .. } => {}
        AmbiguousOffset::Fold { .. } => {
            let (Ok(first), Ok(second)) = (ambiguous.earlier(), ambiguous.later()) else {
                return Err(NOT_OF_THE_FORMAT);
            };
            let (first, second) = (within(milliseconds(first))?, within(milliseconds(second))?);
            return Ok(ReadTime::Between(first, second, Why::Twice));
        }
        AmbiguousOffset::Gap { .. } => return Err("the clock never showed this time: it went forward over it"),
    }
    let instant = ambiguous.earlier().map_err(|_| out_of_reach(local))?;
    within(milliseconds(instant)).map(ReadTime::At)
}

/// Why a time is none that is too far away for any instant.
fn out_of_reach(local: DateTime) -> &'static str {
    let day = days_from_date(local.year().into(), local.month().into(), local.day().into());
    // Of any other than an empty one nothing more is known.
    day.and_then(|day| empty::outside(day * DAY)).unwrap_or(NOT_OF_THE_CALENDAR)
}

/// Any instant of a day on the calendar of a zone.
fn on_the_day(zone: &TimeZone, day: Date) -> Result<ReadTime, &'static str> {
    let midnight = |day: Date| day.to_zoned(zone.clone()).map(|at| at.timestamp().as_millisecond());
    let (first, next) = (midnight(day), day.tomorrow().and_then(midnight));
    let (Ok(first), Ok(next)) = (first, next) else { return Err(NOT_OF_THE_FORMAT) };
    Ok(ReadTime::Between(within(first)?, within(next - 1)?, Why::NoClock))
}

const NOT_OF_THE_CALENDAR: &str = "the time is not between the years 1900 and 2199";

/// An instant of the calendar; where it is none, and no date that is known to be empty, that is said.
fn within(instant: i64) -> Result<i64, &'static str> {
    let known = (FIRST_INSTANT..=LAST_INSTANT).contains(&instant);
    // Of any other nothing more is known.
    known.then_some(instant).ok_or_else(|| empty::outside(instant).unwrap_or(NOT_OF_THE_CALENDAR))
}

/// The date and clock of an RFC 3339 text, whatever zone it claims.
pub(super) fn local_part(text: &str) -> Result<DateTime, &'static str> {
    let (date, clock) = text.split_once(['T', 't', ' ']).ok_or(NOT_OF_THE_FORMAT)?;
    // The first part of a split is always there.
    let clock = clock.split(['Z', 'z', '+', '-']).next().unwrap_or_default();
    let to_the_minute = clock.len() >= 4;
    to_the_minute.then(|| format!("{date}T{clock}").parse().ok()).flatten().ok_or(NOT_OF_THE_FORMAT)
}
