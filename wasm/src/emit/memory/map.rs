//! Every address of a module's memory below the heap, from 0 up.
//!
//! Nothing stands at 0, which is no pointer. Then: a record in, its bounds and a record out for the batch entry, which rows it has set
//! aside and what they lack; what is possible of facts; the first and last events being gathered; the parameters; the constants ([`Data`](super::data::Data)); what functions that were cut hand on; and the
//! workspace ([`Workspace`]), unless the host has given a larger one.

use concord_engine::plan::{ById, ColumnId, Plan};

use super::batches::Rows;
use super::reads::Reads;
use super::rooms::{Room, rooms};
use super::sizes::{LACKING_BYTES, NEAREST_BYTES, ROWS_ASIDE, STAGED_BYTES, UNWANTED_BYTES};
use super::workspace::Workspace;
use crate::abi::{BOUNDS_FACTS, Layout};
use crate::emit::assembler::{EmitError, Node, address};

/// The first address in use.
const FIRST: u32 = 16;

/// See the module.
pub(crate) struct Map {
    /// A record in for the batch entry to fill.
    pub(crate) record: u32,
    /// A record out for it.
    pub(crate) record_out: u32,
    /// The bounds of its facts.
    pub(crate) bounds: u32,
    /// Which rows the batch entry has set aside: a bit a row, for [`ROWS_ASIDE`] rows.
    pub(crate) aside: u32,
    /// Where it keeps which facts each of 64 of them lacks.
    pub(crate) lacking: u32,
    /// Where it keeps which outputs the host asks for: a bit each, 64 a word.
    pub(crate) wanted: u32,
    /// Where it writes the outputs that nobody wants, and by lanes reads the facts that nobody needs: a row of the widest column, by lanes as
    /// many as are set aside.
    pub(crate) unwanted: u32,
    /// Where what is possible of facts is staged.
    pub(crate) staged: u32,
    /// What grows with the events of a case.
    pub(crate) workspace: Workspace,
    /// How many bytes of every place there stand before the lists of medians.
    lists: u32,
    /// Room for each column that something reads.
    rooms: ById<ColumnId, Option<Room>>,
    /// The mask of the parameters that are not set.
    pub(crate) unset: u32,
    /// The values of the parameters, 8 bytes each.
    pub(crate) parameters: u32,
    /// Where the first or the last of several events is gathered: twice [`NEAREST_BYTES`] for each time that it is asked for.
    pub(crate) nearest: u32,
    /// The first constant.
    pub(super) constants: u32,
}

/// Room for the values of a median.
#[derive(Clone)]
pub(crate) struct Lists {
    /// The least that each may be.
    pub(crate) least: Node,
    /// The greatest that each may be.
    pub(crate) greatest: Node,
}

impl Map {
    pub(crate) fn of(plan: &Plan, layout: &Layout, reads: &Reads, way: Rows) -> Result<Map, EmitError> {
        let record = FIRST;
        let record_out = record + layout.record_in;
        let bounds = record_out + layout.record_out;
        let aside = bounds + BOUNDS_FACTS + 16 * address(layout.inputs.len())?;
        let lacking = aside + ROWS_ASIDE / 8;
        let wanted = lacking + LACKING_BYTES;
        let unwanted = wanted + 8 * address(layout.outputs.len().div_ceil(64))?;
        let staged = unwanted + if way == Rows::ByLanes { UNWANTED_BYTES } else { 8 };
        let nearest = staged + STAGED_BYTES * address(layout.inputs.len())?;
        let unset = nearest + 2 * NEAREST_BYTES * reads.nearest;
        let (rooms, lists) = rooms(plan, reads)?;
        let workspace = Workspace::new(plan, u64::from(lists) + 16 * u64::from(reads.medians))?;
        // Where there are no parameters, neither are there these.
        let parameters = unset + if plan.parameters.is_empty() { 0 } else { 8 };
        let constants = parameters + 8 * address(plan.parameters.len())?;
        Ok(Map {
            record,
            record_out,
            bounds,
            aside,
            lacking,
            wanted,
            unwanted,
            staged,
            workspace,
            lists,
            rooms,
            unset,
            parameters,
            nearest,
            constants,
        })
    }

    /// The lists of a median inside so many others.
    pub(crate) fn lists(&self, depth: u32) -> Lists {
        let [least, greatest] = [0, 8].map(|before| Workspace::part(self.lists + 16 * depth + before));
        Lists { least, greatest }
    }

    /// Where a column stands.
    pub(crate) fn room(&self, column: ColumnId) -> Result<Room, EmitError> {
        self.rooms.get(column).copied().flatten().ok_or(EmitError::no_such("column", column))
    }
}
