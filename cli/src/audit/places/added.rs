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
        let sums = [
            (&mut self.cases, other.cases),
            (&mut self.touched, other.touched),
            (&mut self.copies, other.copies),
            (&mut self.future, other.future),
        ];
        sums.into_iter().for_each(|(sum, own)| *sum += own);
        for (first, month) in &other.months {
            self.months.entry(*first).or_default().take(month);
        }
        self.kinds.iter_mut().zip(&other.kinds).for_each(|(kind, own)| kind.take(own));
        each(&mut self.missing, &other.missing);
        hours(&mut self.hours, &other.hours);
        self.judged.iter_mut().zip(&other.judged).for_each(|(judged, own)| judged.take(own));
        self.ways.counting().take(other.ways.counted());
    }
}

impl Month {
    fn take(&mut self, other: &Month) {
        self.cases += other.cases;
        self.with.resize(self.with.len().max(other.with.len()), 0);
        each(&mut self.with, &other.with);
        self.days = span(self.days, other.days);
    }
}

impl OfKind {
    fn take(&mut self, other: &OfKind) {
        self.events += other.events;
        self.untimed += other.untimed;
        self.copies += other.copies;
        each(self.minutes.counting(), other.minutes.counted());
        hours(&mut self.hours, &other.hours);
        self.after_first.take(&other.after_first);
    }
}

impl Judged {
    fn take(&mut self, other: &Judged) {
        add(&mut self.verdicts, &other.verdicts);
        for (month, counts) in other.months.counted() {
            each(self.months.counting().entry(*month).or_default(), counts);
        }
        self.times.iter_mut().zip(&other.times).for_each(|(all, own)| all.take(own));
        self.margins.counting().take(other.margins.counted());
        self.missed_excused += other.missed_excused;
        self.limits = span(self.limits, other.limits);
        let pairs = self.seasons.iter_mut().chain(&mut self.early).zip(other.seasons.iter().chain(&other.early));
        pairs.for_each(|(sums, own)| each(sums, own));
    }
}

fn each(sums: &mut [u64], own: &[u64]) {
    sums.iter_mut().zip(own).for_each(|(sum, own)| *sum += own);
}

fn hours(sums: &mut Days, own: &Days) {
    sums.iter_mut().zip(own).for_each(|(sums, own)| each(sums, own));
}
