//! Calendar periods in London, as the places of a control chart.

use super::seen::Seen;
use concord_engine::plan::library::{CalendarUnit, Measure, StratumKind, Taken};
use concord_engine::values::calendar::{DAY, date_from_days, days_from_date, local_from_instant, weekday};
use concord_engine::values::types::Type;

/// By which calendar a measure is followed over time.
#[derive(Clone, Copy)]
pub(super) struct Calendar<'a> {
    pub(super) unit: CalendarUnit,
    taken: Taken,
    ty: &'a Type,
}

impl<'a> Calendar<'a> {
    /// The first split of a measure that makes a series.
    pub(super) fn of(measure: &'a Measure) -> Option<Calendar<'a>> {
        measure.strata.iter().find_map(|stratum| match &stratum.kind {
            StratumKind::Calendar(unit, taken, ty) if *unit != CalendarUnit::Weekday => {
                Some(Calendar { unit: *unit, taken: *taken, ty })
            }
            _ => None,
        })
    }

    /// The first day of the period that something seen falls in.
    pub(super) fn period(&self, seen: &Seen<'_>) -> Option<i64> {
        self.of_day(self.day(seen)?)
    }

    /// The day that something seen falls on, or may first fall on where it may be any of several in one period.
    pub(super) fn day(&self, seen: &Seen<'_>) -> Option<i64> {
        let (from, to) = seen.ends(self.taken)?;
        let first = day_of(self.ty, from)?;
        let last = if from == to { first } else { day_of(self.ty, to)? };
        (first == last || self.of_day(first) == self.of_day(last)).then_some(first)
    }

    /// The first day of the period that a day falls in.
    pub(super) fn of_day(&self, day: i64) -> Option<i64> {
        period_of(self.unit, day)
    }
}

/// The day (since 1970) of a value of a date or instant.
fn day_of(ty: &Type, value: i64) -> Option<i64> {
    match ty {
        Type::Date => Some(value),
        Type::Instant => Some(local_from_instant(value).div_euclid(DAY)),
        _ => None,
    }
}

/// The first day of the period that a day falls in; none for what makes no series.
fn period_of(unit: CalendarUnit, days: i64) -> Option<i64> {
    let (year, month, day) = date_from_days(days);
    match unit {
        CalendarUnit::Year => days_from_date(year, 1, 1),
        CalendarUnit::Quarter => days_from_date(year, (month - 1) / 3 * 3 + 1, 1),
        CalendarUnit::Month => Some(days - (day - 1)),
        CalendarUnit::Week => Some(days - weekday(days)),
        CalendarUnit::Weekday => None,
    }
}

/// The first day of the period after the one that begins with `first`; none at the end of the calendar.
pub(super) fn following(unit: CalendarUnit, first: i64) -> Option<i64> {
    let (year, month, _) = date_from_days(first);
    let months = |more: i64| days_from_date(year + (month - 1 + more) / 12, (month - 1 + more) % 12 + 1, 1);
    match unit {
        CalendarUnit::Year => months(12),
        CalendarUnit::Quarter => months(3),
        CalendarUnit::Month => months(1),
        CalendarUnit::Week | CalendarUnit::Weekday => first.checked_add(7),
    }
}

/// The period in words: `2016-04`, `2016 Q2`, `week of 2016-04-04`.
pub(super) fn show_period(unit: CalendarUnit, first: i64) -> String {
    let (year, month, day) = date_from_days(first);
    match unit {
        CalendarUnit::Year => format!("{year:04}"),
        CalendarUnit::Quarter => format!("{year:04} Q{}", (month - 1) / 3 + 1),
        CalendarUnit::Month => format!("{year:04}-{month:02}"),
        CalendarUnit::Week | CalendarUnit::Weekday => {
            format!("week of {year:04}-{month:02}-{day:02}")
        }
    }
}

/// What one period is called.
pub(super) fn unit_name(unit: CalendarUnit) -> &'static str {
    match unit {
        CalendarUnit::Year => "yearly",
        CalendarUnit::Quarter => "quarterly",
        CalendarUnit::Month => "monthly",
        CalendarUnit::Week | CalendarUnit::Weekday => "weekly",
    }
}
