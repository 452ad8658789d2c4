//! How times and dates are written: the formats that read them, and the zones in which they may be meant.

use concord_engine::values::calendar::read_instant;
use concord_engine::variation::evidence::an_hour_later;
use jiff::civil::{DateTime, Weekday};
use jiff::fmt::strtime;
use jiff::tz::TimeZone;

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
/// The logarithm of the likelihood ratio from which on the hours of summer are those of winter an hour earlier.
const LEAST_EVIDENCE: f64 = 6.0;
/// Times of each season without which that is not asked.
const LEAST: u64 = 200;

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
    /// In summer all comes an hour earlier in the day than in winter: they may be UTC.
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
    /// By hour of the clock, in winter and in summer.
    hours: [[u64; 24]; 2],
}

/// All formats that still may be.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Times(Vec<Tried>);

impl Default for Times {
    fn default() -> Times {
        let tried = |format| Tried { format, read: 0, failed: 0, skipped: 0, hours: [[0; 24]; 2] };
        Times(FORMATS.into_iter().map(tried).collect())
    }
}

impl Times {
    pub(super) fn add(&mut self, text: &str) {
        // No time is written in so few signs or in so many.
        let may_be = (8..=40).contains(&text.len()) && text.bytes().any(|byte| byte.is_ascii_digit());
        for tried in &mut self.0 {
            match may_be.then(|| read(tried.format, text)).flatten() {
                Some(at) => tried.take(at),
                None => tried.failed += 1,
            }
        }
        self.0.retain(|tried| tried.failed < TRIED || tried.failed * 2 < tried.read);
    }

    /// The formats that read nearly all values.
    pub(super) fn found(&self, filled: u64) -> Vec<TimeForm> {
        let fits = self.0.iter().filter(|tried| tried.read > 0 && tried.failed * 100 <= filled * OTHERS);
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
        let hour = usize::try_from(at.hour()).unwrap_or_default(); // 0 to 23
        let season = self.hours.iter_mut().skip(usize::from((4..=10).contains(&at.month()))).take(1);
        season.flatten().skip(hour).take(1).for_each(|count| *count += 1);
    }

    fn form(&self) -> TimeForm {
        let clock = self.format.contains("%H") || self.format == "rfc3339";
        let zone = match self.format {
            "rfc3339" => Zones::InText,
            _ if !clock => Zones::None,
            _ if self.skipped > 0 => Zones::NotLondon,
            _ if self.an_hour_early() => Zones::PerhapsUtc,
            _ => Zones::London,
        };
        TimeForm { format: self.format, not_read: self.failed, clock, zone }
    }

    /// Whether the hours of summer are like those of winter an hour earlier, and far more so than like those of winter.
    fn an_hour_early(&self) -> bool {
        let [winter, summer] = &self.hours;
        let sum = |hours: &[u64; 24]| hours.iter().sum::<u64>();
        sum(winter) >= LEAST && sum(summer) >= LEAST && an_hour_later(summer, winter) >= LEAST_EVIDENCE
    }
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
