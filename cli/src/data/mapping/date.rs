//! Dates as an export writes them: a day, a month that is declared to stand for its first day, or the day of an instant.

use super::empty;
use super::format::{Format, Refusal};
use super::time::{ReadTime, TimeRule, local_part, named, read_instant};
use concord_engine::values::calendar::{DAY, FIRST_DATE, LAST_DATE, days_from_date, read_date};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// How to read dates.
#[derive(Clone, Debug)]
pub enum DateRule {
    /// `2026-03-29`
    Iso,
    /// The day as written, whatever time stands beside it; of a month its first.
    Written(Format),
    /// The day as an RFC 3339 text writes it, whatever zone it claims.
    WrittenIso,
    /// The day on which an instant falls in a zone.
    Of(TimeRule, TimeZone),
    /// Of values that have types of their own: a date, the day of a time as it stands, or that of an instant in a zone.
    Value(TimeZone),
}

/// What the mapping says of a date.
#[derive(Clone, Copy, Debug)]
pub(super) struct DateWords<'a> {
    /// As in `strptime`.
    pub(super) format: Option<&'a str>,
    /// Which day a month stands for.
    pub(super) first_day: bool,
    /// The zone of the column, or of all times.
    pub(super) zone: Option<&'a str>,
    /// The zone that the text claims is declared not to hold.
    pub(super) overridden: bool,
    /// Values have types of their own.
    pub(super) typed: bool,
}

const NOT_OF_THE_CALENDAR: &str = "the date is not between the years 1900 and 2199";
const NOT_OF_THE_FORMAT: &str = "the date is not of the format that the mapping gives";

impl DateRule {
    /// A rule from the mapping's words.
    ///
    /// # Errors
    /// What the words leave to be guessed, and what to say.
    pub(super) fn new(words: DateWords<'_>) -> Result<DateRule, Refusal> {
        let format = words.format.filter(|format| *format != "%Y-%m-%d");
        let place = words.zone.filter(|zone| *zone != "in text" && !is_utc(zone));
        let Some(text) = format else {
            let value = place.filter(|_| words.typed && words.format.is_none()).map(named);
            return value.map_or(Ok(DateRule::Iso), |zone| zone.map(DateRule::Value));
        };
        let format = if text == "rfc3339" { None } else { Some(Format::new(text)?) };
        let of = |check: fn(&Format) -> bool| format.as_ref().is_none_or(check);
        if !of(Format::has_month) {
            return Err(("the format has no month, so no date could be read".to_owned(), None));
        }
        if !of(Format::has_day) && !words.first_day {
            let help = "where a month stands for its first day, say day = \"first\"; a date of birth is not known by its month";
            return Err(("the format has no day".to_owned(), Some(help.to_owned())));
        }
        if !of(Format::has_any_clock) {
            return Ok(format.map_or(DateRule::Iso, DateRule::Written));
        }
        let Some(place) = place else {
            let help = "say it beside the format: zone = \"Europe/London\"";
            let message =
                "a date is read from a text with a time of day, and the zone whose calendar it follows is not named";
            return Err((message.to_owned(), Some(help.to_owned())));
        };
        let zone = named(place)?;
        if of(Format::carries_zone) && !words.overridden {
            return Ok(DateRule::Of(TimeRule::new(Some(text), "in text")?, zone));
        }
        Ok(format.map_or(DateRule::WrittenIso, DateRule::Written))
    }

    /// What a column of times is to be read with instead, where no value of it would be a date by this rule.
    #[must_use]
    pub fn fault_of_times(&self, utc: bool) -> Option<&'static str> {
        let name_it =
            "name the zone whose calendar the date follows, such as `zone = \"Europe/London\"`, and no `format`";
        match self {
            DateRule::Iso => Some(name_it),
            // Instants have a `Z`, and what a clock showed has none.
            DateRule::Written(format) if !format.has_any_clock() || format.carries_zone() != utc => Some(name_it),
            DateRule::Written(_) | DateRule::Value(_) | DateRule::WrittenIso => None,
            DateRule::Of(..) => (!utc).then_some(name_it),
        }
    }

    /// The same of a column of dates.
    #[must_use]
    pub fn fault_of_dates(&self) -> Option<&'static str> {
        (!matches!(self, DateRule::Iso | DateRule::Value(_))).then_some("leave `format` out")
    }

    /// Reads a date as days since 1970.
    ///
    /// # Errors
    /// A sentence that does not repeat the text.
    pub fn read(&self, text: &str) -> Result<i64, &'static str> {
        match self {
            DateRule::Iso => read_date(text),
            DateRule::Value(zone) if text.ends_with('Z') => day_in(zone, read_instant(text)?),
            DateRule::Value(_) if text.contains('T') => days(local_part(text)?.date()),
            DateRule::Value(_) => read_date(text),
            DateRule::Written(format) => days(written(format, text).ok_or(NOT_OF_THE_FORMAT)?),
            DateRule::WrittenIso => days(local_part(text)?.date()),
            DateRule::Of(rule, zone) => match rule.read(text)? {
                ReadTime::At(instant) => day_in(zone, instant),
                ReadTime::Between(_, _, why) | ReadTime::Unknown(why) => Err(why.reason()),
            },
        }
    }
}

/// The day of an instant by the calendar of a zone.
fn day_in(zone: &TimeZone, instant: i64) -> Result<i64, &'static str> {
    let instant = Timestamp::from_millisecond(instant).map_err(|_| NOT_OF_THE_FORMAT)?;
    days(instant.to_zoned(zone.clone()).date())
}

/// Whether a zone is UTC by one of its names: no place keeps its calendar by it.
fn is_utc(zone: &str) -> bool {
    zone.starts_with("Etc/")
        || ["UTC", "GMT", "UCT", "Zulu", "Universal", "Greenwich"].iter().any(|name| zone.eq_ignore_ascii_case(name))
}

/// The day that stands in a text; a format without the day means the first of the month.
fn written(format: &Format, text: &str) -> Option<Date> {
    let mut parsed = format.parse(text)?;
    if !format.has_day() {
        parsed.set_day(Some(1)).ok()?;
    }
    parsed.to_date().ok()
}

fn days(date: Date) -> Result<i64, &'static str> {
    let (year, month, day) = (date.year().into(), date.month().into(), date.day().into());
    let Some(days) = days_from_date(year, month, day) else { return Err(NOT_OF_THE_CALENDAR) };
    if (FIRST_DATE..=LAST_DATE).contains(&days) {
        return Ok(days);
    }
    // Of any other than an empty one nothing more is known.
    Err(empty::outside(days * DAY).unwrap_or(NOT_OF_THE_CALENDAR))
}
