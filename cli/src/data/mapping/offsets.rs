//! How far the clock on the wall of a zone is ahead of UTC, by its day: a table, but for the days about a change.

use concord_engine::values::calendar::{DAY, FIRST_DATE, LAST_INSTANT};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::fmt;
use std::sync::Arc;

/// The day with which the last instant begins.
const LAST_DAY: i64 = LAST_INSTANT / DAY;
/// Where the table says nothing.
const CHANGES: i32 = i32::MIN;

/// The offsets of a zone.
#[derive(Clone)]
pub(super) struct Offsets {
    /// Milliseconds for each day from [`FIRST_DATE`] to [`LAST_DAY`], by the calendar of the zone.
    days: Arc<[i32]>,
}

impl fmt::Debug for Offsets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Offsets of {} days", self.days.len())
    }
}

impl Offsets {
    /// The table of a zone.
    pub(super) fn of(zone: &TimeZone) -> Offsets {
        // So many days fit into any memory that there is.
        let mut days = vec![CHANGES; usize::try_from(LAST_DAY - FIRST_DATE + 1).unwrap_or_default()];
        // A year to spare before the first day and after the last.
        let (begin, end) = ((FIRST_DATE - 366) * DAY, (LAST_DAY + 366) * DAY);
        if let Ok(first) = Timestamp::from_millisecond(begin) {
            let mut from = (begin, zone.to_offset(first));
            for change in zone.following(first) {
                let at = change.timestamp().as_millisecond().min(end);
                fill(&mut days, (from.0, at), from.1.seconds());
                from = (at, change.offset());
                if at == end {
                    break;
                }
            }
            fill(&mut days, (from.0, end), from.1.seconds());
        }
        Offsets { days: days.into() }
    }

    /// The instant at which the clock shows so many milliseconds of a day since 1970; none about a change, and outside the table.
    #[inline]
    pub(super) fn instant(&self, (day, clock): (i64, i64)) -> Option<i64> {
        let offset = self.days.get(usize::try_from(day - FIRST_DATE).ok()?).filter(|offset| **offset != CHANGES)?;
        Some(day * DAY + clock - i64::from(*offset))
    }
}

/// Fills in the days that lie whole between two changes, and more than a day from either: a clock was never put further at once.
fn fill(days: &mut [i32], (from, until): (i64, i64), seconds: i32) {
    let Some(offset) = seconds.checked_mul(1_000) else { return };
    let first = (from + i64::from(offset)).div_euclid(DAY) + 2;
    let last = (until + i64::from(offset)).div_euclid(DAY) - 2;
    // Within the table, as it was just made sure.
    let place = |day: i64| usize::try_from(day.clamp(FIRST_DATE, LAST_DAY + 1) - FIRST_DATE).unwrap_or_default();
    if let Some(days) = days.get_mut(place(first)..place(last + 1).max(place(first))) {
        days.fill(offset);
    }
}
