//! The periods of a calendar in which something was counted, each with a number.

use super::period::Calendar;
use super::seen::Seen;
use std::collections::BTreeMap;

/// The numbers of so many days are looked up and not worked out again, in so little room that they stay near the processor.
const DAYS: i32 = 1_024;
/// A day that never comes up, in the place of none.
const NEVER: i32 = i32::MIN;

/// Numbers of periods, in the order in which they came up; that of what has none is one of them.
#[derive(Clone, Default)]
pub(super) struct Periods {
    numbers: BTreeMap<Option<i64>, usize>,
    /// Days that came up last, with the numbers of their periods.
    days: Vec<(i32, u32)>,
}

impl Periods {
    /// The number of the period in which something seen falls.
    #[inline]
    pub(super) fn of(&mut self, calendar: Option<Calendar<'_>>, seen: &Seen<'_>) -> usize {
        let day = calendar.and_then(|calendar| calendar.day(seen));
        let near = day.and_then(|day| i32::try_from(day).ok()).filter(|near| *near != NEVER);
        // Which slot it is decides only what is worked out again.
        let slot = near.and_then(|near| usize::try_from(near.rem_euclid(DAYS)).ok());
        let known = slot.and_then(|slot| self.days.get(slot)).filter(|(known, _)| Some(*known) == near);
        known.and_then(|(_, number)| usize::try_from(*number).ok()).unwrap_or_else(|| self.look_up(calendar, day, slot))
    }

    fn look_up(&mut self, calendar: Option<Calendar<'_>>, day: Option<i64>, slot: Option<usize>) -> usize {
        let number = self.number(calendar.zip(day).and_then(|(calendar, day)| calendar.of_day(day)));
        let near = day.and_then(|day| i32::try_from(day).ok()).zip(u32::try_from(number).ok());
        if let Some((slot, near)) = slot.zip(near) {
            self.days.resize(self.days.len().max(slot + 1), (NEVER, 0));
            self.days.iter_mut().skip(slot).take(1).for_each(|known| *known = near);
        }
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
