//! What is asked of the counts of a measure before they are finished, and what is added to them from elsewhere.

use super::measures::MeasureTally;
use super::period::{Calendar, show_period};
use super::together::PeriodsOf;
use crate::data::read::Cases;
use crate::results::Counts;
use concord_engine::plan::library::{Basis, CalendarUnit};
use std::collections::{BTreeMap, BTreeSet};

impl MeasureTally<'_> {
    /// Of each organisation, and of all together, in which periods anybody is in a numerator, in a denominator, and in this and not in that.
    pub(super) fn over_time(&self) -> PeriodsOf {
        let mut found: BTreeMap<Option<String>, BTreeMap<Option<i64>, [bool; 3]>> = BTreeMap::new();
        for (code, period, Counts { numerator, denominator, .. }) in self.set() {
            let own = code.map(|code| Some(code.clone()));
            for of in std::iter::once(None).chain(own) {
                let any = found.entry(of).or_default().entry(period).or_default();
                let counts = [numerator, denominator, denominator.saturating_sub(numerator)];
                any.iter_mut().zip(counts).for_each(|(any, count)| *any |= count > 0);
            }
        }
        // Without a calendar nothing is in a period.
        let unit = self.calendar.map(|calendar| calendar.unit);
        let named = |period: Option<i64>| unit.zip(period).map(|(unit, first)| show_period(unit, first));
        let of_each = found
            .into_iter()
            .map(|(code, periods)| (code, periods.into_iter().map(|(period, any)| (named(period), any)).collect()));
        of_each.collect()
    }

    /// The periods that begin after the data end, in which something is counted as decided all the same.
    pub(super) fn after_the_end(&self, as_of: i64) -> Vec<String> {
        let counted = self.set().filter(|(_, _, counts)| counts.denominator > 0);
        after(self.calendar, counted.filter_map(|(_, period, _)| period), as_of)
    }

    /// Adds what was counted of other cases of an organisation in a period.
    pub(super) fn take(&mut self, code: Option<&String>, period: Option<i64>, counts: &Counts) {
        let (number, next) = (self.periods.number(period), self.places.len());
        let place = code.map(|code| *self.places.of(code).get_or_insert(next));
        let Counts { numerator, denominator, excluded, open, unknown, .. } = *counts;
        let sums = [numerator, denominator, excluded, open, unknown];
        match place {
            Some(place) => self.named.add_many(number, place, sums),
            None => self.unnamed.add_many(number, 0, sums),
        }
    }

    /// Whether it has ready-made counts by month.
    pub(super) fn is_of_returns(&self) -> bool {
        let by_month = self.calendar.is_some_and(|calendar| calendar.unit == CalendarUnit::Month);
        by_month && matches!(self.measure.basis, Basis::Counts { .. })
    }

    /// Whether each organisation and group that is named counts a case: not where some are in no total, or count for as many as nobody knows.
    pub(super) fn counts_what_it_names(&self) -> bool {
        self.unset.is_empty() && !matches!(self.measure.basis, Basis::Counts { .. })
    }

    /// Keeps the cases that will be listed, of those that begin with this row.
    pub(super) fn keep(&mut self, first: usize, all: Cases<'_>) {
        self.review.keep(first, all);
    }

    /// Each case that is kept so far: its number, and its name.
    pub(super) fn each_kept(&mut self, see: &mut dyn FnMut(usize, &mut String)) {
        self.review.each_kept(see);
    }
}

/// Periods that begin after a day, by their names.
pub(super) fn after(calendar: Option<Calendar<'_>>, periods: impl Iterator<Item = i64>, day: i64) -> Vec<String> {
    let after: BTreeSet<i64> = periods.filter(|first| *first > day).collect();
    let named = after.into_iter().filter_map(|first| Some(show_period(calendar?.unit, first)));
    named.collect()
}
