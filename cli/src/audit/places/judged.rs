//! What became of one obligation at one organisation.

use super::guarded::Guarded;
use super::middle::middle_of;
use super::waiting::Became;
use crate::audit::delays::took;
use crate::audit::disclose::Disclosure;
use crate::audit::sample::Sample;
use crate::results::Verdicts;
use concord_engine::plan::{Obligation, Verdict};
use concord_engine::values::calendar::{DAY, HOUR, local_from_instant};
use concord_engine::variation::delays::Counted;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// Verdicts, times and seasons.
#[derive(Clone, Debug, Default)]
pub(in crate::audit) struct Judged {
    pub(in crate::audit) verdicts: Verdicts,
    /// Met, and of how many decided, by month.
    pub(in crate::audit) months: Guarded<BTreeMap<i64, [u64; 2]>>,
    /// Still open, by month.
    pub(in crate::audit) waiting: Guarded<BTreeMap<i64, u64>>,
    /// From trigger to what was expected, in winter and in summer time, milliseconds.
    pub(in crate::audit) times: [Sample<i64>; 2],
    /// From the deadline to what was expected; before it where negative.
    pub(in crate::audit) margins: Guarded<Sample<i64>>,
    /// When what was expected was done for the first time.
    pub(in crate::audit) first_done: Option<i64>,
    /// Missed in cases that a documented reason excuses from another obligation.
    pub(in crate::audit) missed_excused: u64,
    /// The shortest and the longest time that a case has, milliseconds.
    pub(in crate::audit) limits: Option<(i64, i64)>,
    /// Met, and of how many decided, in winter and in summer time.
    pub(in crate::audit) seasons: [[u64; 2]; 2],
    /// Done before what it counts from, and of how many, in winter and in summer time.
    pub(in crate::audit) early: [[u64; 2]; 2],
    /// Winter and summer times of which nothing is made by themselves, as they are few.
    pub(super) few: [bool; 2],
    /// By what is shown nobody can say whether the times are enough to make anything of them; nothing is.
    pub(super) open: bool,
    /// Worked out once all cases are in.
    pub(in crate::audit) settled: Settled,
}

/// What is made of the times once all are there, so that organisations can be held against each other without sorting them again.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::audit) struct Settled {
    /// The median of the times, and its variance by the middle half of them; none of fewer than [`LEAST_TIMES`].
    pub(in crate::audit) median: Option<(f64, f64)>,
    /// The same of winter and of summer time.
    pub(in crate::audit) seasons: [Option<(f64, f64)>; 2],
    /// And the first and the third quarter of these.
    pub(in crate::audit) quarters: [Option<[f64; 2]>; 2],
    /// Times in the last minutes before the deadline, and in as many after it.
    pub(in crate::audit) just: [u64; 2],
    /// Times beside a deadline, in all.
    pub(in crate::audit) timed: u64,
}

/// Of fewer times no median is told.
const LEAST_TIMES: u64 = 20;
/// So long before and after a deadline is just under and just over it.
const JUST: i64 = 5 * 60_000;

impl Judged {
    pub(super) fn add(
        &mut self,
        (cells, holidays): (&Obligation, &[i64]),
        became: &Became,
        (month, summer): (Option<i64>, bool),
        excused: bool,
    ) {
        let (verdict, [trigger, due, done]) = (became.verdict, became.times());
        *match verdict {
            None => &mut self.verdicts.unknown,
            Some(Verdict::NotApplicable) => &mut self.verdicts.not_applicable,
            Some(Verdict::Excused) => &mut self.verdicts.excused,
            Some(Verdict::Met) => &mut self.verdicts.met,
            Some(Verdict::Late) => &mut self.verdicts.late,
            Some(Verdict::Missed) => &mut self.verdicts.missed,
            Some(Verdict::Open) => &mut self.verdicts.open,
        } += 1;
        if let Some(month) = month.filter(|_| verdict == Some(Verdict::Open)) {
            *self.waiting.counting().entry(month).or_default() += 1;
        }
        let Some(Verdict::Met | Verdict::Late | Verdict::Missed) = verdict else { return };
        self.missed_excused += u64::from(verdict == Some(Verdict::Missed) && excused);
        let met = u64::from(verdict == Some(Verdict::Met));
        let summer = trigger.map_or(summer, |trigger| local_from_instant(trigger) != trigger);
        let tick = |[some, all]: &mut [u64; 2]| (*some, *all) = (*some + met, *all + 1);
        if let Some(month) = month {
            tick(self.months.counting().entry(month).or_default());
        }
        self.seasons.iter_mut().skip(usize::from(summer)).take(1).for_each(tick);
        if let Some((trigger, due)) = trigger.zip(due) {
            let (least, most) = self.limits.unwrap_or((due - trigger, due - trigger));
            self.limits = Some((least.min(due - trigger), most.max(due - trigger)));
        }
        if became.before {
            // It was done, and not when it counts.
            let early = self.early.iter_mut().skip(usize::from(summer)).take(1);
            early.for_each(|[early, all]| (*early, *all) = (*early + 1, *all + 1));
        }
        let (Some(trigger), Some(done)) = (trigger, done) else { return };
        self.first_done = Some(self.first_done.map_or(done, |first| first.min(done)));
        due.into_iter().for_each(|due| self.margins.counting().push(done - due));
        if let (Some(times), Some([early, all])) =
            (self.times.get_mut(usize::from(summer)), self.early.get_mut(usize::from(summer)))
        {
            times.push(took(cells.due_by, trigger, done, holidays));
            (*early, *all) = (*early + u64::from(done < trigger), *all + 1);
        }
    }

    /// Cases that are decided.
    pub(in crate::audit) fn decided(&self) -> u64 {
        self.verdicts.met + self.verdicts.late + self.verdicts.missed
    }

    /// Whether it asks for an order, before or after, and not for a time.
    pub(in crate::audit) fn is_order(&self) -> bool {
        self.limits == Some((0, 0))
    }

    /// Whether all cases have as long, give or take where the clock changes or a day ends: where each has its own time, how long it took says nothing
    /// of how late it was.
    pub(in crate::audit) fn has_one_limit(&self, by_day: bool) -> bool {
        let apart = |(least, most): (i64, i64)| {
            let within = HOUR * i64::from(least >= DAY) + DAY * i64::from(by_day);
            most - least <= within
        };
        self.limits.is_none_or(apart)
    }

    /// How long it took, in both seasons: each time with how often it came up.
    pub(in crate::audit) fn took(&self) -> impl Iterator<Item = (i64, u64)> {
        self.times.iter().flat_map(Sample::counts)
    }

    /// Met, and of how many decided, in some months, as they may be told.
    pub(in crate::audit) fn in_months(&self, within: impl Fn(i64) -> bool) -> [u64; 2] {
        self.months.told(|months| summed(months, within))
    }

    /// Works out what is made of the times.
    pub(super) fn settle(&mut self) {
        let [winter, summer] = &self.times;
        let of_season = [(winter, self.few[0]), (summer, self.few[1])]
            .map(|(times, few)| Counted::of(times.counts().filter(|_| !few)));
        let (seasons, quarters) = (of_season.each_ref().map(median), of_season.each_ref().map(quarters));
        let [under, over, timed] = self.margins.told(|margins| {
            let count = |within: RangeInclusive<i64>| margins.count(|margin| within.contains(&margin));
            [count(-JUST..=0), count(1..=JUST), margins.len()]
        });
        let median = median(&Counted::of(self.took()));
        self.settled = Settled { median, seasons, quarters, just: [under, over], timed };
    }

    /// Times so near a deadline, and all, as they may be told.
    pub(in crate::audit) fn near(&self, half: i64) -> [u64; 2] {
        self.margins.told(|margins| [margins.count(|margin| margin.abs() <= half), margins.len()])
    }

    pub(super) fn show(&mut self, disclosure: &Disclosure) {
        self.verdicts = disclosure.verdicts(self.verdicts);
        self.missed_excused = disclosure.stand_in(self.missed_excused);
        let pairs = self.seasons.iter_mut().chain(&mut self.early);
        // Of so few that they are suppressed nothing is made.
        pairs.for_each(|[some, all]| {
            *all = disclosure.count(*all).unwrap_or(0);
            *some = if *all == 0 { 0 } else { disclosure.stand_in(*some) };
        });
        // A season of few is part of the times of both, and nothing by itself.
        self.few = self.times.each_ref().map(|times| !disclosure.shows_distribution(times.len()));
        let cases = self.times.iter().map(Sample::len).sum();
        if !disclosure.shows_distribution(cases) {
            self.open = disclosure.most(disclosure.stand_in(cases)) >= LEAST_TIMES;
            self.times = Default::default();
        }
        let margins = self.margins.counting();
        if !disclosure.shows_distribution(margins.len()) {
            margins.clear();
        }
        self.margins.protect();
        self.months.protect();
        self.waiting.protect();
    }
}

/// Met, and of how many, in some months.
pub(super) fn summed(months: &BTreeMap<i64, [u64; 2]>, within: impl Fn(i64) -> bool) -> [u64; 2] {
    let months = months.iter().filter(|(month, _)| within(**month));
    months.fold([0, 0], |[met, all], (_, [r, n])| [met + (*r).min(*n), all + n])
}

/// The first and the third quarter of times.
fn quarters(sorted: &Counted) -> Option<[f64; 2]> {
    let at = |quarter: u64| sorted.at(sorted.len() * quarter / 4).map(|time| time as f64);
    Some([at(1)?, at(3)?])
}

/// The median of times, and its variance were they normal with their middle half.
pub(super) fn median(sorted: &Counted) -> Option<(f64, f64)> {
    if sorted.len() < LEAST_TIMES {
        return None;
    }
    let [first, third] = quarters(sorted)?;
    let width = (third - first) / 1.349;
    let variance = std::f64::consts::FRAC_PI_2 * width * width / sorted.len() as f64;
    Some((middle_of(sorted)?, variance))
}
