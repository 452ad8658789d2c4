//! What all organisations have of an obligation by month: whether a month is complete, whether the export is of what was completed, and from when on all changed.

use super::{Judged, Places, judged};
use crate::audit::explained::Explained;
use crate::results::Counts;
use concord_engine::values::calendar::{DAY, date_from_days, local_from_instant};
use concord_engine::variation::evidence::two_rates;
use std::collections::BTreeMap;

/// Of the cases so large a part, and so many, began before anything ended.
const LEAST_BEFORE: u64 = 20;
/// The places of what is missed, open and unknown among the verdicts that may be hidden.
const WITHOUT_END: u8 = 1 << 4 | 1 << 5 | 1 << 6;

impl Places<'_> {
    /// Whether so much of an obligation, by its place, is still open in a month, of all or at one organisation, that those decided by then are not like the rest; by
    /// what may be told.
    pub(in crate::audit) fn is_unfinished(&self, number: usize, own: &Judged, month: i64) -> bool {
        let own_open = own.waiting.counted().get(&month).copied();
        self.is_open((own_open, own.in_months(|of| of == month))) || self.is_unfinished_for_all(number, month)
    }

    fn is_unfinished_for_all(&self, number: usize, month: i64) -> bool {
        let waiting = self.totals.waiting.get(number).and_then(|all| all.get(&month)).copied();
        self.is_open((waiting, self.all_in_months(number, |of| of == month)))
    }

    fn is_open(&self, (open, [numerator, denominator]): (Option<u64>, [u64; 2])) -> bool {
        let Some(open) = open else { return false };
        let counts = Counts { numerator: numerator.min(denominator), denominator, open, ..Counts::default() };
        self.disclosure.counts(counts).is_unfinished()
    }

    /// Of an obligation, by its place, met and of how many decided of all organisations, in some months; exact.
    pub(in crate::audit) fn all_in_months(&self, number: usize, within: impl Fn(i64) -> bool) -> [u64; 2] {
        self.totals.judged.get(number).map_or([0, 0], |all| judged::summed(all, within))
    }

    /// Whom data or rules explain takes no part in what the others have of an obligation, unless that is so of most; by name of the obligation and code.
    pub(in crate::audit) fn leave_out(&mut self, explained: &Explained) {
        let left_out = self.obligations.iter().enumerate().map(|(number, (answer, _))| {
            let has = |place: &usize| {
                self.found.get(*place).and_then(|of| of.judged.get(number)).is_some_and(|judged| judged.decided() > 0)
            };
            let all = self.codes.values().filter(|place| has(place)).count();
            let codes = explained.by_obligation.get(&answer.name).into_iter().flat_map(BTreeMap::keys);
            let those: Vec<usize> = codes.filter_map(|code| self.codes.get(code).copied()).filter(has).collect();
            let left = all.saturating_sub(those.len());
            if left * 2 < all { Vec::new() } else { those }
        });
        self.left_out = left_out.collect();
    }

    /// Of an obligation, by its place, met and of how many decided at the others in some months, as they may be told: at all but one organisation, and but those
    /// that take no part.
    pub(in crate::audit) fn others_in_months(
        &self,
        number: usize,
        own: &Judged,
        within: impl Fn(i64) -> bool,
    ) -> [u64; 2] {
        let all = self.all_in_months(number, &within);
        let left_out = self.those_left_out(number).filter(|other| !std::ptr::eq(*other, own));
        let apart = left_out.chain([own]).map(|other| judged::summed(other.months.counted(), &within));
        // All of them have what one has.
        let but = |left: [u64; 2], of: [u64; 2]| [left[0].saturating_sub(of[0]), left[1].saturating_sub(of[1])];
        apart.fold(all, but).map(|exact| self.disclosure.stand_in(exact))
    }

    fn those_left_out(&self, number: usize) -> impl Iterator<Item = &Judged> {
        let places = self.left_out.get(number).into_iter().flatten();
        places.filter_map(move |place| self.found.get(*place)?.judged.get(number))
    }

    /// The first day of the month in which anything of an obligation ended, where every case has its end and many began in months before: an export of what
    /// was completed from some day on has of those who began before only who waited long.
    pub(in crate::audit) fn of_completed(&self, number: usize) -> Option<i64> {
        let found = self.known.of(("completed", number, None), || {
            let all = || self.found.iter().filter_map(|place| place.judged.get(number));
            let has_end = |judged: &Judged| {
                let v = &judged.verdicts;
                v.missed + v.open + v.unknown == 0 && v.hidden & WITHOUT_END == 0
            };
            let first = all().filter_map(|judged| judged.first_done).min().filter(|_| all().all(has_end))?;
            let day = local_from_instant(first).div_euclid(DAY);
            let (_, _, of_month) = date_from_days(day);
            let month = day - (of_month - 1);
            let [before, whole] =
                [self.all_in_months(number, |of| of < month), self.all_in_months(number, |_| true)].map(|[_, all]| all);
            let [before, whole] = [self.disclosure.stand_in(before), self.disclosure.stand_in(whole)];
            (before >= LEAST_BEFORE && before.saturating_mul(LEAST_BEFORE) >= whole).then_some(month as f64)
        });
        found.map(|month| month as i64)
    }

    /// The month from which on all of them that take part have another rate of an obligation, where two rates have a likelihood so many times that of one (2 ln L).
    pub(in crate::audit) fn all_changed(&self, number: usize, least_ratio: f64) -> Option<i64> {
        let found = self.known.of(("all changed", number, None), || {
            let mut all = self.totals.judged.get(number)?.clone();
            for (month, [own_met, own]) in self.those_left_out(number).flat_map(|of| of.months.counted()) {
                if let Some([met, of]) = all.get_mut(month) {
                    (*met, *of) = (met.saturating_sub(*own_met), of.saturating_sub(*own));
                }
            }
            let complete = |month: &i64| !self.is_unfinished_for_all(number, *month);
            let months: BTreeMap<i64, [u64; 2]> = all.into_iter().filter(|(month, _)| complete(month)).collect();
            let parted = months.keys().skip(1).map(|month| {
                let before = judged::summed(&months, |of| of < *month);
                (*month, two_rates(before, judged::summed(&months, |of| of >= *month)))
            });
            let (month, ratio) = parted.max_by(|a, b| a.1.total_cmp(&b.1))?;
            (ratio >= least_ratio).then_some(month as f64)
        });
        found.map(|month| month as i64)
    }
}
