//! Small timelines, all of them: some kinds of event on a few minutes of one morning, with ties in every order.

use concord_engine::plan::case::{Case, Occurrence, When};
use concord_engine::plan::{Id, KindId};
use concord_engine::values::calendar::{DAY, HOUR};

/// 2026-01-05 09:00 in London.
const NINE: i64 = 20_458 * DAY + 9 * HOUR;
const MINUTE: i64 = HOUR / 60;

/// An event: its kind, and the minute after nine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Event {
    pub kind: usize,
    pub at: i64,
}

/// Events in the order of the case.
pub type Timeline = Vec<Event>;

/// The instant of a minute after nine.
pub fn instant(minute: i64) -> i64 {
    NINE + minute * MINUTE
}

/// Every timeline of exactly so many events of these kinds on these minutes; of events in one minute, every order.
pub fn timelines(events: usize, kinds: usize, minutes: &[i64]) -> Vec<Timeline> {
    let Some(fewer) = events.checked_sub(1) else { return vec![Vec::new()] };
    let mut all = Vec::new();
    for timeline in timelines(fewer, kinds, minutes) {
        let from = timeline.last().map_or(i64::MIN, |last| last.at);
        for at in minutes.iter().copied().filter(|at| *at >= from) {
            all.extend((0..kinds).map(|kind| with(&timeline, timeline.len(), Event { kind, at })));
        }
    }
    all
}

/// Every way in which one more event of a kind may stand in a timeline: at any of these minutes, and at any place among those of its own.
pub fn placed(timeline: &Timeline, kind: usize, minutes: &[i64]) -> Vec<Timeline> {
    let mut all = Vec::new();
    for at in minutes.iter().copied() {
        let first = timeline.iter().filter(|event| event.at < at).count();
        let last = timeline.iter().filter(|event| event.at <= at).count();
        all.extend((first..=last).map(|place| with(timeline, place, Event { kind, at })));
    }
    all
}

fn with(timeline: &Timeline, place: usize, event: Event) -> Timeline {
    let mut more = timeline.clone();
    more.insert(place, event);
    more
}

/// A case: the timeline, events of some kinds at unknown times, kinds that are not supplied, and the minute asked about.
pub fn case(timeline: &Timeline, unplaced: &[usize], not_supplied: u64, now: i64) -> Case {
    let occurrence =
        |kind: usize, at: Option<i64>| Occurrence { kind: KindId::at(kind), at: at.into(), fields: Vec::new() };
    let timed = timeline.iter().map(|event| occurrence(event.kind, Some(instant(event.at))));
    let events = timed.chain(unplaced.iter().map(|kind| occurrence(*kind, None))).collect();
    Case { as_of: instant(now), events, not_supplied, ..Case::default() }
}

/// Says of the events of a case whose time is not known between which minutes it was.
pub fn known_between(case: &mut Case, from: i64, to: i64) {
    for event in case.events.iter_mut().filter(|event| event.at == When::Unknown) {
        event.at = When::between(instant(from), instant(to));
    }
}
