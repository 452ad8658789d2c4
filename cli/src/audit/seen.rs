//! What a measure counts: a case, or the judgement on one event of it.

use concord_engine::evaluate::{Judgement, Known, Outcome};
use concord_engine::plan::case::Case;
use concord_engine::plan::library::Taken;
use concord_engine::plan::{CellId, JudgedEach, Plan};

/// A case with its outcome, and which of its judgements is meant.
#[derive(Clone, Copy)]
pub(super) struct Seen<'o> {
    pub(super) plan: &'o Plan,
    pub(super) case: &'o Case,
    pub(super) outcome: &'o Outcome,
    pub(super) judged: Option<(&'o JudgedEach, &'o Judgement)>,
}

impl Seen<'_> {
    /// The one thing that is possible of a cell; nothing where several are.
    pub(super) fn cell(&self, cell: CellId) -> Option<Known> {
        self.outcome.only(self.plan, cell)
    }

    /// A part of the judgement, by its place among the columns.
    pub(super) fn part(&self, place: usize) -> Option<Known> {
        let (each, judgement) = self.judged?;
        judgement.only(self.plan, each, place)
    }

    /// From where to where it lies, and surely is something; of a date by the day it is the whole day.
    pub(super) fn within(&self, taken: Taken) -> Option<(i64, i64)> {
        let value = match (taken, self.judged) {
            (Taken::Case(cell), _) => self.outcome.cells.get(cell)?,
            (Taken::Trigger, Some((_, judgement))) => judgement.values.get(JudgedEach::TRIGGER)?,
            (Taken::Event(split), Some((_, judgement))) => judgement.values.get(JudgedEach::SPLITS + split)?,
            (Taken::Trigger | Taken::Event(_), None) => return None,
        };
        (value.may_be_some && !value.may_be_none).then_some((value.low, value.high))
    }

    /// What splits the measure.
    pub(super) fn taken(&self, taken: Taken) -> Option<Known> {
        match taken {
            Taken::Case(cell) => self.cell(cell),
            Taken::Trigger => self.part(JudgedEach::TRIGGER),
            Taken::Event(split) => self.part(JudgedEach::SPLITS + split),
        }
    }
}
