//! When the last event of an export was: where cases are judged as of a day long after it, what was due in between counts as missed though nobody was
//! asked any more.

use super::disclose::Disclosure;
use super::places::Became;
use super::sums::span;
use crate::results::Data;
use concord_engine::plan::Verdict;
use concord_engine::plan::case::Case;
use concord_engine::values::calendar::{DAY, local_from_instant, show_day};
use std::collections::BTreeMap;

/// So many days without an event are more than what lies between two,
const LEAST_DAYS: i64 = 7;
/// where it is so many times as long as usually lies between them: of events that come by chance that is so once in some thousands of exports.
const LEAST_TIMES: f64 = 12.0;
/// So many verdicts of missed, and one in so many of all that are decided, may be of that.
const LEAST_MISSED: u64 = 20;
const ONE_IN: u64 = 100;

/// The first and the last event up to `as of`, and when what was missed was due.
#[derive(Clone, Default)]
pub(super) struct LastEvent {
    ends: Option<(i64, i64)>,
    events: u64,
    as_of: i64,
    /// By day, since 1970; of days after the last event, of others only those that were so when they were counted.
    missed: BTreeMap<i64, u64>,
    decided: u64,
}

impl LastEvent {
    /// Adds a case, with what became of each obligation.
    pub(super) fn add(&mut self, case: &Case, became: &[Became]) {
        self.as_of = self.as_of.max(case.as_of);
        // Those at known times come first, in order.
        let last = case.events.iter().rposition(|event| event.at.known().is_some_and(|at| at <= case.as_of));
        if let Some(last) = last {
            let at = |place: usize| case.events.get(place)?.at.known();
            self.ends = span(self.ends, at(0).zip(at(last)));
            self.events += last as u64 + 1;
        }
        // What was due by the day of an event that is counted already was not due since the last.
        let day = |at: i64| at.div_euclid(DAY);
        let last = self.ends.map_or(i64::MIN, |(_, last)| day(last));
        for of in became {
            self.decided += u64::from(matches!(of.verdict, Some(Verdict::Met | Verdict::Late | Verdict::Missed)));
            let [_, due, done] = of.times();
            let due = due.filter(|due| of.verdict == Some(Verdict::Missed) && done.is_none() && day(*due) > last);
            if let Some(due) = due {
                *self.missed.entry(day(due)).or_default() += 1;
            }
        }
    }

    /// Adds what is known of other cases.
    pub(super) fn take(&mut self, other: &LastEvent) {
        self.ends = span(self.ends, other.ends);
        self.events += other.events;
        self.as_of = self.as_of.max(other.as_of);
        for (day, missed) in &other.missed {
            *self.missed.entry(*day).or_default() += missed;
        }
        self.decided += other.decided;
    }

    /// Tells it of the data.
    pub(super) fn tell(&self, data: &mut Data, disclosure: &Disclosure) {
        let said = self.told(disclosure);
        data.notes.extend(said.clone());
        data.warnings.extend(said);
    }

    /// In words; nothing where hardly anything was due since.
    fn told(&self, disclosure: &Disclosure) -> Option<String> {
        let (first, last) = self.ends?;
        let usual = (last - first) as f64 / self.events.max(1) as f64;
        let silent = self.as_of - last;
        let since = self.missed.range(last.div_euclid(DAY) + 1..).map(|(_, missed)| missed).sum::<u64>();
        // What is suppressed is few.
        let missed = disclosure.count(since).unwrap_or(0);
        let many = missed >= LEAST_MISSED && missed.saturating_mul(ONE_IN) >= disclosure.stand_in(self.decided);
        let long = silent / DAY >= LEAST_DAYS && silent as f64 >= LEAST_TIMES * usual;
        (many && long).then(|| {
            let day = show_day(local_from_instant(last).div_euclid(DAY));
            let days = silent / DAY;
            format!("The last event is of {day}, {days} days before `as of`: was the export drawn then? What was due since counts as missed.")
        })
    }
}
