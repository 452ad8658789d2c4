//! Small numbers at the edge of the results: no exact figure leaves the tally while the control is on.
//!
//! Where it is on, every count of patients is put through the NHS scheme (0 shown, 1 to 7 suppressed, 8 and over to the nearest
//! 5) before anything is computed from it: rates, limits and charts come from the rounded figures and cannot be used to work
//! back. A flag, a reason, a target that is reached: each is told only where it holds for all that the shown counts may stand for, so that a
//! suppressed one is never taken for 0. Single cases are then not listed.

use crate::results::{Counts, Data, Delay, Rate, Verdicts};
use crate::words::{at_most, counted, percent};
pub(in crate::audit) use concord_engine::variation::disclosure::MOST_SUPPRESSED;
use concord_engine::variation::disclosure::{Disclosed, FURTHEST_OFF, LEAST_SHOWN, MIDDLE_OF_SUPPRESSED, disclose};
use concord_engine::variation::proportion::Proportion;
use std::ops::RangeInclusive;

/// Small-number control; on unless it is switched off by name, with a reason that the report prints.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Disclosure {
    /// The NHS scheme.
    #[default]
    On,
    /// Exact figures, because.
    Off(String),
}

/// What is suppressed: under the control no count that is shown lies there.
const SUPPRESSED: RangeInclusive<u64> = 1..=MOST_SUPPRESSED;

/// A distribution of fewer cases is not shown.
const LEAST_OF_A_DISTRIBUTION: u64 = 20;

impl Disclosure {
    /// The scheme in words.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Disclosure::On => {
                "small numbers are protected: 1 to 7 are suppressed, 8 and over are rounded to the nearest 5, \
                rates come from the rounded figures, what would let a suppressed count be worked out is \"not shown\", a difference or a target is told only where that holds whatever the exact counts are, and single cases \
                are not listed. That protects one report of one set of data: two of the same cases, with other splits or of another day, can be held against each other."
                    .to_owned()
            }
            Disclosure::Off(because) => {
                format!("small-number control is off (disclosure = \"off\"), because {because}.")
            }
        }
    }

    /// Whether single cases may be listed.
    #[must_use]
    pub fn shows_cases(&self) -> bool {
        *self != Disclosure::On
    }

    /// A count as it may be shown; none where it is suppressed.
    #[must_use]
    pub fn count(&self, exact: u64) -> Option<u64> {
        match self {
            Disclosure::Off(_) => Some(exact),
            Disclosure::On => match disclose(exact) {
                Disclosed::Count(count) => Some(count),
                Disclosed::Suppressed => None,
            },
        }
    }

    /// A count as something may be made of it that is not shown itself: the middle of 1 to 7 stands for one that is suppressed, so that it is never
    /// taken for 0.
    pub(super) fn stand_in(&self, exact: u64) -> u64 {
        self.count(exact).unwrap_or(MIDDLE_OF_SUPPRESSED)
    }

    /// Whether a count as it may be shown, or [`Disclosure::stand_in`], only stands for one that is suppressed.
    pub(super) fn hides(&self, shown: u64) -> bool {
        *self == Disclosure::On && SUPPRESSED.contains(&shown)
    }

    /// The least that it may stand for: 1 where it is suppressed, 2 less where it is rounded.
    pub(super) fn least(&self, shown: u64) -> u64 {
        match self {
            Disclosure::On if self.hides(shown) => 1,
            Disclosure::On => shown.saturating_sub(FURTHEST_OFF).max(if shown > 0 { LEAST_SHOWN } else { 0 }),
            Disclosure::Off(_) => shown,
        }
    }

    /// The most: 7, or 2 more.
    pub(super) fn most(&self, shown: u64) -> u64 {
        match self {
            Disclosure::On if self.hides(shown) => MOST_SUPPRESSED,
            Disclosure::On if shown > 0 => shown + FURTHEST_OFF,
            _ => shown,
        }
    }

    /// A count with its noun, `3 cases`; of a suppressed one only that it is small.
    pub(super) fn counted(&self, exact: u64, one: &str, many: &str) -> String {
        self.count(exact).map_or_else(|| format!("{} {many}", at_most(0)), |count| counted(count, one, many))
    }

    /// Whether a distribution over so many cases may be shown: where they are 20 whatever was rounded, so that it tells no more than their count does.
    #[must_use]
    pub fn shows_distribution(&self, cases: u64) -> bool {
        *self != Disclosure::On || self.surely(cases) >= LEAST_OF_A_DISTRIBUTION
    }

    /// So many there are at least, as what is shown of a count tells.
    pub(super) fn surely(&self, exact: u64) -> u64 {
        self.least(self.stand_in(exact))
    }

    pub(super) fn hide<const N: usize>(&self, exact: [u64; N]) -> ([u64; N], u8) {
        let mut hidden = 0;
        let mut shown = [0; N];
        for (place, (slot, exact)) in shown.iter_mut().zip(exact).enumerate() {
            match self.count(exact) {
                Some(count) => *slot = count,
                None => hidden |= 1 << place,
            }
        }
        (shown, hidden)
    }

    pub(super) fn verdicts(&self, v: Verdicts) -> Verdicts {
        let (shown, hidden) = self.hide(v.each());
        Verdicts::of_each(shown, hidden)
    }

    pub(super) fn counts(&self, c: Counts) -> Counts {
        let exact = [c.numerator, c.denominator, c.excluded, c.open, c.unknown];
        let ([numerator, denominator, excluded, open, unknown], hidden) = self.hide(exact);
        let rate = if hidden & 3 == 0 { rate(numerator, denominator) } else { None };
        let shown = Counts { numerator, denominator, excluded, open, unknown, rate, hidden };
        // The interval is that of whatever was rounded.
        let [low, high] = bounds(&shown, self).map(|counts| counts.wilson_95());
        let rate = rate.zip(low.zip(high)).map(|(rate, (low, high))| Rate { low: low.lower, high: high.upper, ..rate });
        Counts { rate, ..shown }
    }

    /// A list of counts of patients, all of them above 0: a suppressed one stands as 0.
    pub(super) fn list(&self, counts: impl Iterator<Item = (String, u64)>) -> Vec<(String, u64)> {
        counts.map(|(name, exact)| (name, self.count(exact).unwrap_or(0))).collect()
    }

    /// How long it took; none for few cases.
    pub(super) fn delay(&self, delay: Option<Delay>) -> Option<Delay> {
        let mut delay = delay.filter(|delay| self.shows_distribution(delay.n))?;
        delay.late_by = delay.late_by.filter(|late| self.shows_distribution(late.n));
        delay.n = self.count(delay.n).unwrap_or(0);
        if let Some(late) = &mut delay.late_by {
            late.n = self.count(late.n).unwrap_or(0);
        }
        for (place, (_, count)) in delay.bins.iter_mut().enumerate() {
            match self.count(*count) {
                Some(shown) => *count = shown,
                None => {
                    *count = 0;
                    delay.hidden |= 1 << place;
                }
            }
        }
        Some(delay)
    }

    /// The account of the data. Where a row is a case, so many rows are so many patients: rows, events and what is refused or left out are
    /// protected as cases are, and the sizes of files with them.
    pub(super) fn data(&self, data: &mut Data) {
        if *self != Disclosure::On {
            return;
        }
        let exact = [data.rows, data.rows_used, data.rows_rejected, data.values_rejected, data.cases, data.events];
        let ([rows, used, refused, values, cases, events], hidden) = self.hide(exact);
        (data.rows, data.rows_used, data.rows_rejected) = (rows, used, refused);
        (data.values_rejected, data.cases, data.events, data.hidden) = (values, cases, events, hidden);
        for list in [&mut data.rows_left_out, &mut data.reject_reasons] {
            *list = self.list(std::mem::take(list).into_iter());
        }
        for line in &mut data.completeness {
            ([line.present, line.missing], line.hidden) = self.hide([line.present, line.missing]);
        }
        for file in &mut data.files {
            file.lines = None;
            file.bytes = file.bytes.saturating_add(500) / 1_000 * 1_000;
        }
        let what = "Counts of cases, rows and events are rounded to the nearest 5, and 1 to 7 are suppressed; sizes of files are rounded, and refused rows are not listed.";
        data.notes.push(what.to_owned());
    }
}

/// A rate with its 95 % Wilson interval; none where the denominator is 0.
pub(super) fn rate(numerator: u64, denominator: u64) -> Option<Rate> {
    let proportion = Proportion { numerator, denominator };
    let interval = proportion.wilson_95()?;
    Some(Rate { value: proportion.rate()?, low: interval.lower, high: interval.upper })
}

/// What a count stands for that is shown, or hidden as it is few: from the least to the most.
pub(super) fn stands_for(shown: u64, is_hidden: bool) -> (u64, u64) {
    let shown = if is_hidden { MIDDLE_OF_SUPPRESSED } else { shown };
    (Disclosure::On.least(shown), Disclosure::On.most(shown))
}

/// The counts of the least rate that some counts may stand for, and of the greatest; what is suppressed is 1 to 7, and no 0.
pub(super) fn bounds(counts: &Counts, disclosure: &Disclosure) -> [Proportion; 2] {
    let [(few, many), (least, most)] = within(counts, disclosure);
    let low = Proportion { numerator: few.min(most), denominator: most };
    [low, Proportion { numerator: many.min(least), denominator: least }]
}

/// What the numerator and the denominator may be, each at the least and at the most.
pub(super) fn within(counts: &Counts, disclosure: &Disclosure) -> [(u64, u64); 2] {
    let of = |place: u8, count: u64| match counts.hidden & 1 << place {
        0 => (disclosure.least(count), disclosure.most(count)),
        _ => (1, MOST_SUPPRESSED),
    };
    [of(0, counts.numerator), of(1, counts.denominator)]
}

/// A share in words: the most that it may be, where counts are suppressed.
pub(super) fn between((least, most): (f64, f64)) -> String {
    let (least, most) = (percent(least), percent(most));
    if least == most { most } else { format!("at most {most}") }
}
