//! The periods of a calendar in which something was counted, each with a number.

use super::period::Calendar;
use super::seen::Seen;
use std::collections::BTreeMap;

/// The numbers of so many days are looked up and not worked out again.
const DAYS: i64 = 1_024;

/// Numbers of periods, in the order in which they came up; that of what has none is one of them.
#[derive(Clone, Default)]
pub(super) struct Periods {
    numbers: BTreeMap<Option<i64>, usize>,
    /// Days that came up last, with the numbers of their periods.
    days: Vec<Option<(Option<i64>, usize)>>,
}

impl Periods {
    /// The number of the period in which something seen falls.
    pub(super) fn of(&mut self, calendar: Option<Calendar<'_>>, seen: &Seen<'_>) -> usize {
        let day = calendar.and_then(|calendar| calendar.day(seen));
        // Which slot it is decides only what is worked out again.
        let slot = day.and_then(|day| usize::try_from(day.rem_euclid(DAYS)).ok()).unwrap_or(0);
        if let Some((_, number)) = self.days.get(slot).copied().flatten().filter(|(known, _)| *known == day) {
            return number;
        }
        let number = self.number(calendar.zip(day).and_then(|(calendar, day)| calendar.of_day(day)));
        self.days.resize(self.days.len().max(slot + 1), None);
        self.days.iter_mut().skip(slot).take(1).for_each(|known| *known = Some((day, number)));
        number
    }

    /// The number of a period.
    pub(super) fn number(&mut self, period: Option<i64>) -> usize {
        let next = self.numbers.len();
        *self.numbers.entry(period).or_insert(next)
    }

    /// The periods in order, with their numbers.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Option<i64>, usize)> {
        self.numbers.iter().map(|(period, number)| (*period, *number))
    }
}
