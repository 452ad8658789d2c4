//! What was counted of the cases of an organisation, added to what was counted of others of its cases.

use super::{Judged, Month, OfKind, Place, Places};
use crate::audit::sums::{add, span};
use crate::data::read::Spread;
use concord_engine::variation::shifted::Days;

impl Places<'_> {
    /// Holds the numbers of cases until they are handed over.
    pub(in crate::audit) fn hold_marks(&mut self) {
        self.marks = Some(Spread::at(None));
    }

    /// Hands the numbers of cases over so far.
    pub(in crate::audit) fn pour_marks(&mut self, into: &mut Places<'_>) {
        self.marks.as_mut().zip(into.marks.as_mut()).into_iter().for_each(|(marks, into)| marks.pour(into));
    }

    /// Adds what was counted of other cases, but for the numbers of these.
    pub(in crate::audit) fn take(&mut self, mut other: Places<'_>) {
        self.count_waiting();
        other.count_waiting();
        for (code, place) in other.iter() {
            self.begun(code).into_iter().for_each(|own| own.take(place));
        }
    }

    /// Whether of some organisation more ways came up than are counted one by one: which of them are depends on which came first.
    pub(in crate::audit) fn has_too_many_ways(&self) -> bool {
        self.iter().any(|(_, place)| place.ways.counted().are_too_many())
    }
}

impl Place {
    fn take(&mut self, other: &Place) {
        // Each count is named, so that none is forgotten; those that are worked out at the end, and numbers of cases, go.
        #[rustfmt::skip]
        let Place {
            early: _, seen: _,
            cases, months, kinds, missing, hours: by_hour, touched, copies, elsewhere, future, judged, ways,
        } = other;
        each(
            [&mut self.cases, &mut self.touched, &mut self.copies, &mut self.elsewhere, &mut self.future],
            [cases, touched, copies, elsewhere, future],
        );
        for (first, month) in months {
            self.months.entry(*first).or_default().take(month);
        }
        self.kinds.iter_mut().zip(kinds).for_each(|(kind, own)| kind.take(own));
        each(&mut self.missing, missing);
        hours(&mut self.hours, by_hour);
        self.judged.iter_mut().zip(judged).for_each(|(judged, own)| judged.take(own));
        self.ways.counting().take(ways.counted());
    }
}

impl Month {
    fn take(&mut self, other: &Month) {
        let Month { cases, with, days } = other;
        self.cases += cases;
        self.with.resize(self.with.len().max(with.len()), 0);
        each(&mut self.with, with);
        self.days = span(self.days, *days);
    }
}

impl OfKind {
    fn take(&mut self, other: &OfKind) {
        let OfKind { usually_after: _, events, untimed, copies, far, minutes, hours: by_hour, after_first } = other;
        each([&mut self.events, &mut self.untimed, &mut self.copies], [events, untimed, copies]);
        each(&mut self.far, far);
        each(self.minutes.counting(), minutes.counted());
        hours(&mut self.hours, by_hour);
        self.after_first.take(after_first);
    }
}

impl Judged {
    fn take(&mut self, other: &Judged) {
        #[rustfmt::skip]
        let Judged {
            few: _, open: _, settled: _,
            verdicts, months, waiting, first_done, times, margins, missed_excused, limits, seasons, early,
        } = other;
        add(&mut self.verdicts, verdicts);
        for (month, counts) in months.counted() {
            each(self.months.counting().entry(*month).or_default(), counts);
        }
        for (month, open) in waiting.counted() {
            *self.waiting.counting().entry(*month).or_default() += open;
        }
        self.times.iter_mut().zip(times).for_each(|(all, own)| all.take(own));
        self.margins.counting().take(margins.counted());
        self.first_done = self.first_done.into_iter().chain(*first_done).min();
        self.missed_excused += missed_excused;
        self.limits = span(self.limits, *limits);
        let pairs = self.seasons.iter_mut().chain(&mut self.early).zip(seasons.iter().chain(early));
        pairs.for_each(|(sums, own)| each(sums, own));
    }
}

fn each<'a>(sums: impl IntoIterator<Item = &'a mut u64>, own: impl IntoIterator<Item = &'a u64>) {
    sums.into_iter().zip(own).for_each(|(sum, own)| *sum += own);
}

fn hours(sums: &mut Days, own: &Days) {
    sums.iter_mut().zip(own).for_each(|(sums, own)| each(sums, own));
}
