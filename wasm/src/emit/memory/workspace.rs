//! The workspace: what grows with the events of a case. Columns and the lists of medians stand there one after the other, each with a
//! place for every event of the current case and one more for each kind of event that an export may have left out.
//!
//! Room for a few events stands below the heap; for more, the host gives as much as `workspace` says.

use concord_engine::plan::{MAX_EVENTS, Plan};

use super::globals::{MOST_EVENTS, PLACES, WORKSPACE};
use crate::abi::WORKSPACE_EVENTS;
use crate::emit::assembler::{Bin, EmitError, Node, address, int};

/// The most bytes that it may take.
const MOST: u64 = 512 << 20;
/// How many places there are is a multiple of this, so that every part starts where the widest value may.
const STEP: u32 = 8;

/// See the module.
#[derive(Clone, Copy)]
pub(crate) struct Workspace {
    /// Bytes of one place, in all parts together.
    pub(crate) each: u32,
    /// Places beyond those of the events.
    kinds: u32,
    /// The most events of a case.
    most: u32,
}

impl Workspace {
    /// Of so many bytes a place.
    pub(super) fn new(plan: &Plan, each: u64) -> Result<Workspace, EmitError> {
        let kinds = address(plan.subject.events.len())?;
        let places = MAX_EVENTS as u64 + u64::from(kinds + STEP);
        let each = u32::try_from(each).ok().filter(|each| u64::from(*each).saturating_mul(places) <= MOST);
        let each = each.ok_or(EmitError::TooLarge("more is worked out for each event than fits in memory"))?;
        Ok(Workspace { each, kinds, most: address(usize::try_from(plan.most_events()).unwrap_or(usize::MAX))? })
    }

    /// Places beyond those of the events, before they are rounded up.
    pub(crate) fn beyond(self) -> u32 {
        self.kinds
    }

    /// How many places a case of so many events takes.
    pub(crate) fn places(self, events: &Node) -> Node {
        let least = events.add(&int(i64::from(self.kinds + STEP - 1)));
        least.bin(Bin::And, &int(-i64::from(STEP)))
    }

    /// Of so many places, those that are left for events; negative where there are too few for none.
    pub(crate) fn events(self, places: &Node) -> Node {
        places.bin(Bin::And, &int(-i64::from(STEP))).sub(&int(i64::from(self.kinds)))
    }

    /// Bytes of the room below the heap.
    pub(crate) fn own(self) -> u32 {
        (WORKSPACE_EVENTS + self.kinds).next_multiple_of(STEP) * self.each
    }

    /// The most events for which the room below the heap is enough.
    pub(crate) fn own_events(self) -> u32 {
        WORKSPACE_EVENTS.min(self.most)
    }

    /// Whether a case may have so many events, and the workspace is large enough for them; unless nothing stands there and any may be.
    pub(crate) fn holds(self, events: &Node) -> Option<Node> {
        let fewer = i64::from(self.most) < MAX_EVENTS;
        let most = if self.each > 0 { MOST_EVENTS } else { int(i64::from(self.most)) };
        (self.each > 0 || fewer).then(|| events.bin(Bin::LeU, &most))
    }

    /// Where a part starts: after so many bytes of every place.
    pub(crate) fn part(before: u32) -> Node {
        WORKSPACE.add(&PLACES.bin(Bin::Mul, &int(i64::from(before))))
    }
}
