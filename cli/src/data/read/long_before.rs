//! Events years before everything else of their case: what a spreadsheet or a database writes for no date counts as a time, unless it is
//! refused.

use super::told::Told;
use crate::data::mapping::empty;
use concord_engine::plan::case::Occurrence;
use concord_engine::values::calendar::{DAY, show_date};
use std::collections::BTreeMap;

/// So long before whatever comes next in its case, an event is hardly of it.
const LONG: i64 = 20 * 365 * DAY;
/// So many days are counted.
const MOST_DAYS: usize = 400;

/// What was found so far.
#[derive(Default)]
pub(super) struct LongBefore {
    events: u64,
    /// By their day, for those that are known to mean that there is no date.
    empty: BTreeMap<i64, u64>,
}

impl LongBefore {
    /// Looks through the events of a case, which are in order.
    pub(super) fn add(&mut self, events: &[Occurrence]) {
        // Those at known times come first. Nearly every case lies within a few years, which its ends say.
        let known = || events.iter().map_while(|event| event.at.known());
        let last = events.iter().rev().find_map(|event| event.at.known());
        if known().next().zip(last).is_none_or(|(first, last)| last - first < LONG) {
            return;
        }
        let times: Vec<i64> = known().collect();
        let gap = times.windows(2).rposition(|two| matches!(two, [one, next] if next - one >= LONG));
        let before = times.get(..gap.map_or(0, |gap| gap + 1)).unwrap_or_default(); // a gap is between two of them
        self.events += before.len() as u64;
        for day in before.iter().filter_map(|at| empty::within(*at)) {
            if self.empty.len() < MOST_DAYS || self.empty.contains_key(&day) {
                *self.empty.entry(day).or_default() += 1;
            }
        }
    }

    /// Adds those of other cases; whether all their days are counted still.
    pub(super) fn take(&mut self, other: &LongBefore) -> bool {
        self.events += other.events;
        for (day, events) in &other.empty {
            *self.empty.entry(*day).or_default() += events;
        }
        self.empty.len() < MOST_DAYS && other.empty.len() < MOST_DAYS
    }

    pub(super) fn told(&self) -> Option<Told> {
        let most = self.empty.iter().max_by_key(|(_, events)| **events);
        let what = "more than 20 years before everything else of their case, and used as recorded";
        let text = match most {
            None => format!("{what}: is it the empty date of a spreadsheet or a database?"),
            Some((day, _)) => {
                let day = show_date(*day);
                format!("{what}; {{}} on {day}, which many systems write where there is no date: name it in `missing`")
            }
        };
        let told = Told::counted(self.events, ("event is", "events are"), &text)?;
        let also = most.map(|(_, events)| (*events, "of them is".into(), "of them are".into()));
        let text = told.text.replace("?.", "?");
        Some(Told { also, text, ..told.weighing() })
    }
}
