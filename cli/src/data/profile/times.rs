//! How times and dates are written: the formats that read them, and the zones in which they may be meant.

use crate::data::mapping::time::read_instant;
use jiff::civil::{DateTime, Weekday};
use jiff::fmt::strtime;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;

/// Formats that are tried, the likeliest first; those with a clock before those without.
const FORMATS: [&str; 20] = [
    "rfc3339",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y-%m-%dT%H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M",
    "%d-%m-%Y %H:%M:%S",
    "%d-%m-%Y %H:%M",
    "%d-%b-%Y %H:%M:%S",
    "%d-%b-%Y %H:%M",
    "%Y-%m-%d",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d-%m-%Y",
    "%d-%b-%Y",
];

/// Of a column's values, so many in a hundred may be something else.
const OTHERS: u64 = 5;
/// Values after which a format that reads few of them is no longer tried.
const TRIED: u64 = 20;
/// So many shapes are told apart, and of each so many texts are held.
const MOST_SHAPES: usize = 12;
const MOST_TEXTS: usize = 40;

/// A format that reads a column.
#[derive(Clone, Debug, PartialEq)]
pub struct TimeForm {
    /// As in `strptime`, or `rfc3339`.
    pub format: &'static str,
    /// Values that it does not read.
    pub not_read: u64,
    /// Whether it has a time of day.
    pub clock: bool,
    /// What is known of the zone.
    pub zone: Zones,
}

/// In which zone times may be meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zones {
    /// Each text says its own.
    InText,
    /// They may be times of the clock in London, and of any other zone.
    London,
    /// Some stand in the hour that London's clock skips in spring: they are of another zone, such as UTC.
    NotLondon,
    /// In summer cases begin an hour earlier in the day than in winter, and more so than by chance: they may be UTC.
    PerhapsUtc,
    /// Dates have no zone.
    None,
}

/// A format while values go by.
#[derive(Clone, Debug, PartialEq)]
struct Tried {
    format: &'static str,
    read: u64,
    failed: u64,
    skipped: u64,
}

/// All formats that still may be, and the shapes of texts that may be times.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Times {
    tried: Vec<Tried>,
    shapes: BTreeMap<String, Shape>,
}

/// Texts in which digits, letters and signs follow each other in one way.
#[derive(Clone, Debug, Default, PartialEq)]
struct Shape {
    rows: u64,
    /// The first of them.
    texts: Vec<String>,
}

impl Default for Times {
    fn default() -> Times {
        let tried = |format| Tried { format, read: 0, failed: 0, skipped: 0 };
        Times { tried: FORMATS.into_iter().map(tried).collect(), shapes: BTreeMap::new() }
    }
}

impl Times {
    pub(super) fn add(&mut self, text: &str) {
        // No time is written in so few signs or in so many.
        let may_be = (8..=40).contains(&text.len()) && text.bytes().any(|byte| byte.is_ascii_digit());
        if may_be {
            self.shape(text);
        }
        for tried in &mut self.tried {
            match may_be.then(|| read(tried.format, text)).flatten() {
                Some(at) => tried.take(at),
                None => tried.failed += 1,
            }
        }
        self.tried.retain(|tried| tried.failed < TRIED || tried.failed * 2 < tried.read);
    }

    fn shape(&mut self, text: &str) {
        let shape = shape_of(text);
        if self.shapes.len() >= MOST_SHAPES && !self.shapes.contains_key(&shape) {
            return;
        }
        let of = self.shapes.entry(shape).or_default();
        of.rows += 1;
        if of.texts.len() < MOST_TEXTS {
            of.texts.push(text.to_owned());
        }
    }

    /// The formats that read nearly all values together, and none of them alone; nothing where that is not so.
    pub(super) fn mixed(&self, filled: u64) -> Vec<&'static str> {
        let mut formats: Vec<&'static str> = Vec::new();
        let mut rows = 0;
        for shape in self.shapes.values().filter(|shape| shape.rows * 100 >= filled * OTHERS) {
            let mut left: Vec<&str> = shape.texts.iter().map(String::as_str).collect();
            // At most two formats have one shape: day and month change places.
            for _ in 0..2 {
                let reads = |format: &str| left.iter().filter(|text| read(format, text).is_some()).count();
                let Some(best) = FORMATS.into_iter().rev().max_by_key(|format| reads(format)) else { break };
                if left.is_empty() || reads(best) == 0 {
                    break;
                }
                left.retain(|text| read(best, text).is_none());
                formats.push(best);
            }
            rows += if left.is_empty() { shape.rows } else { 0 };
        }
        formats.sort_unstable();
        formats.dedup();
        let enough = formats.len() > 1 && rows * 100 >= filled * (100 - OTHERS);
        if enough { formats } else { Vec::new() }
    }

    /// The formats that read nearly all values.
    pub(super) fn found(&self, filled: u64) -> Vec<TimeForm> {
        let fits = self.tried.iter().filter(|tried| tried.read > 0 && tried.failed * 100 <= filled * OTHERS);
        let mut found: Vec<TimeForm> = fits.map(Tried::form).collect();
        found.sort_by_key(|form| form.not_read);
        // A date is read from a text with a clock by no format without one, and the longer format says more.
        found.truncate(3);
        found
    }
}

impl Tried {
    fn take(&mut self, at: DateTime) {
        self.read += 1;
        let spring = at.month() == 3 && at.day() >= 25 && at.weekday() == Weekday::Sunday;
        self.skipped += u64::from(spring && at.hour() == 1);
    }

    fn form(&self) -> TimeForm {
        let clock = self.format.contains("%H") || self.format == "rfc3339";
        let zone = match self.format {
            "rfc3339" => Zones::InText,
            _ if !clock => Zones::None,
            _ if self.skipped > 0 => Zones::NotLondon,
            _ => Zones::London,
        };
        TimeForm { format: self.format, not_read: self.failed, clock, zone }
    }
}

/// Runs of digits as `9`, of letters as `a`, and the rest as it is.
fn shape_of(text: &str) -> String {
    let mut shape = String::new();
    for sign in text.chars() {
        let sign = match sign {
            _ if sign.is_ascii_digit() => '9',
            _ if sign.is_alphabetic() => 'a',
            _ => sign,
        };
        if !shape.ends_with(sign) || !sign.is_alphanumeric() {
            shape.push(sign);
        }
    }
    shape
}

/// Whether a text is a date or a time by any of the formats.
pub(super) fn is_time(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit()) && FORMATS.iter().any(|format| read(format, text).is_some())
}

/// The time on the clock that a text says by a format.
pub(super) fn read(format: &str, text: &str) -> Option<DateTime> {
    if format == "rfc3339" {
        let instant = jiff::Timestamp::from_millisecond(read_instant(text).ok()?).ok()?;
        return Some(instant.to_zoned(TimeZone::UTC).datetime());
    }
    let parsed = strtime::parse(format, text).ok()?;
    parsed.to_datetime().ok().or_else(|| Some(parsed.to_date().ok()?.at(0, 0, 0, 0)))
}
