//! What a measure asks of each event that an obligation judges: columns that come out beside the cells.

use super::{ColumnId, DueBy, KindId};

/// The judgements of an obligation on each event of a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JudgedEach {
    /// The kind of event.
    pub kind: KindId,
    /// Whether the event is among those judged, yes or no.
    pub among: ColumnId,
    /// The verdict on it.
    pub verdict: ColumnId,
    /// The instant from which it applies.
    pub trigger: ColumnId,
    /// The deadline.
    pub due: ColumnId,
    /// What the deadline falls on.
    pub due_by: DueBy,
    /// When it was done.
    pub done: ColumnId,
    /// What the judgements are split by.
    pub splits: Vec<ColumnId>,
}

impl JudgedEach {
    /// The place among [`JudgedEach::columns`] of whether the event is judged.
    pub const AMONG: usize = 0;
    /// The place of the verdict.
    pub const VERDICT: usize = 1;
    /// The place of the trigger.
    pub const TRIGGER: usize = 2;
    /// The place of the deadline.
    pub const DUE: usize = 3;
    /// The place of when it was done.
    pub const DONE: usize = 4;
    /// The place of the first split.
    pub const SPLITS: usize = 5;

    /// All that comes out of each event, in order.
    #[must_use]
    pub fn columns(&self) -> Vec<ColumnId> {
        let mut columns = vec![self.among, self.verdict, self.trigger, self.due, self.done];
        columns.extend(&self.splits);
        columns
    }
}
