//! Where everything lies: the record and batch layouts of one module, as hosts use them.

use concord_engine::plan::bound::WorkBound;
use concord_engine::plan::{ById, CellId, Claim, FieldId, InputId, Shape};

/// A column of values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Bytes of one value: 1, 2, 4 or 8, signed.
    pub bytes: u8,
    /// Whether a value may be none: the least integer of the width.
    pub optional: bool,
    /// Whether the logic reads it.
    pub used: bool,
    /// Where its slot stands in a record in: of a fact its value, of a field of events a pointer.
    pub slot: u32,
    /// Where its pointer stands in the block of columns; of a fact, that to its validity follows.
    pub pointer: u32,
}

/// A cell that a caller sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Output {
    /// The plan's cell.
    pub cell: CellId,
    /// Its shape.
    pub shape: Shape,
    /// Bytes of one value in its column, signed.
    pub bytes: u8,
    /// Where its value stands in a record out; see [`Layout::record_out_parts`].
    pub slot: u32,
    /// Where its pointer stands in the block of outputs.
    pub pointer: u32,
}

/// Where a column of judgements stands after `evaluate_record`, a value for each event of the case in order. In the workspace, for
/// hosts that run the module in process: the first value of each part stands at its start and so many bytes times the places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JudgedColumn {
    /// Its shape.
    pub shape: Shape,
    /// Bytes of one value, signed.
    pub bytes: u8,
    /// The first value: where everything is known the value, elsewhere the least possible, of a set the mask.
    pub low: u32,
    /// The greatest possible.
    pub high: u32,
    /// Where it may be none, a byte: 1 for none where everything is known; elsewhere bit 0 for a value, bit 1 for none.
    pub presence: Option<u32>,
    /// What would settle it, 8 bytes.
    pub needs: u32,
}

/// The layout of one module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// One for each fact of the case.
    pub inputs: ById<InputId, Column>,
    /// One for each slot of event fields: slot `j` holds the `j`-th field of an event, whatever its kind.
    pub event_fields: ById<FieldId, Column>,
    /// Whether there are events at all.
    pub has_events: bool,
    /// The cells that come out, by cell.
    pub outputs: Vec<Output>,
    /// `impossible` claims, by the number in a status.
    pub claims: Vec<Claim>,
    /// Bits of the kinds of event that the logic reads.
    pub kinds_used: u64,
    /// Bytes of a record in.
    pub record_in: u32,
    /// Where in a record in the events start: first, count, kinds, times, then a pointer for each slot of fields.
    pub record_in_events: u32,
    /// Where in a record in the pointers to bounds stand: of its facts, then of events.
    pub record_in_bounds: u32,
    /// Bytes of a record out.
    pub record_out: u32,
    /// Bytes from one part of an output to the next in a record out: low, high, presence, needs.
    pub record_out_parts: u32,
    /// Bytes of the block of column pointers.
    pub columns: u32,
    /// Where in that block the events start: offsets, kinds, times, then a pointer for each slot of fields.
    pub columns_events: u32,
    /// Where in that block the pointers to bounds stand: of facts, then of events.
    pub columns_bounds: u32,
    /// Bytes of the block of output pointers.
    pub columns_out: u32,
    /// Where the judgements stand, for each entry of the plan's.
    pub judged: Vec<Vec<JudgedColumn>>,
    /// Bytes of the workspace for each place of a case; 0 where the module needs none.
    pub workspace_each: u32,
    /// Places of a case beyond those of its events; see [`Layout::places`].
    pub workspace_beyond: u32,
    /// Where the module's own workspace stands.
    pub workspace: u32,
    /// The first address that the host may use.
    pub heap: u32,
    /// The most operators of WebAssembly that one call of `evaluate_record` executes.
    pub operators: WorkBound,
}

impl Layout {
    /// How many places a case of so many events takes in the workspace.
    #[must_use]
    pub fn places(&self, events: u32) -> u32 {
        (events + self.workspace_beyond).next_multiple_of(8)
    }

    /// The place of a cell among the outputs, if it comes out.
    #[must_use]
    pub fn output_of(&self, cell: CellId) -> Option<usize> {
        self.outputs.binary_search_by_key(&cell, |output| output.cell).ok()
    }
}
