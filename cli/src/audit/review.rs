//! The events to review in a measure of judgements: those late or missed, the longest delays first.

use super::look_at::{Furthest, Overdue};
use super::sentences;
use crate::data::read::Cases;
use crate::results::EventToReview;
use concord_engine::evaluate::{Judgement, Known};
use concord_engine::explain::Lateness;
use concord_engine::plan::case::Case;
use concord_engine::plan::{JudgedEach, Plan, Verdict};
use concord_engine::values::calendar::show_local_instant;

/// The furthest so far.
#[derive(Clone, Default)]
pub(super) struct Review {
    late: Furthest,
    missed: Furthest,
}

impl Review {
    pub(super) fn new(most: usize) -> Review {
        Review { late: Furthest::new(most), missed: Furthest::new(most) }
    }

    /// Adds a judgement, if it is one to review.
    pub(super) fn add(
        &mut self,
        row: usize,
        organisation: Option<String>,
        case: &Case,
        (each, judgement): (&JudgedEach, &Judgement),
        plan: &Plan,
    ) {
        let part = |place| judgement.only(plan, each, place);
        let instant = |place| part(place).and_then(Known::value);
        let verdict = part(JudgedEach::VERDICT).and_then(Known::place).and_then(|place| Verdict::ALL.get(place));
        let (due, done) = (instant(JudgedEach::DUE), instant(JudgedEach::DONE));
        let event = Some(judgement.event);
        match verdict {
            Some(Verdict::Late) => {
                let late = due.zip(done).map(|(due, done)| Lateness::of(each.due_by, due, done, &plan.holidays));
                let by = late.and_then(|late| late.elapsed).unwrap_or(0);
                self.late.add(Overdue { by, late, row, organisation, event, kept: None });
            }
            Some(Verdict::Missed) => {
                let by = due.map_or(0, |due| case.as_of - due);
                self.missed.add(Overdue { by, late: None, row, organisation, event, kept: None });
            }
            _ => {}
        }
    }

    /// Keeps the cases that are still among them, of those that begin with this row.
    pub(super) fn keep(&mut self, first: usize, all: Cases<'_>) {
        self.late.keep(first, all);
        self.missed.keep(first, all);
    }

    /// Each case that is kept so far: its number, and its name.
    pub(super) fn each_kept(&mut self, see: &mut dyn FnMut(usize, &mut String)) {
        self.late.each_kept(see);
        self.missed.each_kept(see);
    }

    /// Adds those of other cases of the export.
    pub(super) fn take(&mut self, other: Review) {
        self.late.take(other.late);
        self.missed.take(other.missed);
    }

    /// Each with its case and its own time.
    pub(super) fn finish(self) -> Vec<EventToReview> {
        let late = self.late.finish().into_iter().map(|overdue| (sentences::late(overdue.late), overdue));
        let missed = self.missed.finish().into_iter().map(|overdue| (sentences::MISSED.to_owned(), overdue));
        let listed = late.chain(missed).filter_map(|(verdict, Overdue { organisation, event, kept, .. })| {
            let (id, case) = *kept?;
            let at = case.events.get(event?)?.at.known().map(show_local_instant);
            Some(EventToReview { case: id, organisation, at, verdict })
        });
        listed.collect()
    }
}
