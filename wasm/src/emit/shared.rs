//! What the functions of one module share: the plan, the layout, constant data and helper functions.

use concord_engine::plan::{Expr, MAX_EVENTS, MAX_UNKNOWNS, Plan, Step};

use super::EmitError;
use super::columns::{Room, rooms};
use super::helpers::Helpers;
use super::layout::Layout;
use super::node::{Node, Ty, Width, int};
use super::used::Used;
use super::written_table::{COLUMN, MOST_COLUMNS};

/// The first address in use, that of a record for the batch entry to fill; 0 is no pointer.
pub(super) const SCRATCH: u32 = 16;

/// Room for the values of a median: every event, and one left out of each kind.
pub(super) const LIST: u32 = MAX_EVENTS as u32 + MAX_UNKNOWNS as u32 + 1;

/// See the module.
pub(super) struct Shared<'p> {
    pub(super) plan: &'p Plan,
    pub(super) layout: Layout,
    pub(super) used: Used,
    pub(super) data: Data,
    pub(super) helpers: Helpers,
    /// Where what is possible of facts and of columns of tables is held; see [`super::facts`].
    pub(super) held: u32,
    /// Where medians gather their values: for each depth the least, then the greatest.
    lists: u32,
    /// Room for each column that something looks at.
    rooms: Vec<Option<Room>>,
    /// The medians being asked where the walk stands.
    medians: u32,
    /// Where the values of the parameters stand, 8 bytes each; before them the mask of those not set.
    pub(super) parameters: u32,
    definitions: Vec<Option<&'p Expr>>,
}

impl<'p> Shared<'p> {
    pub(super) fn new(plan: &'p Plan) -> Result<Shared<'p>, EmitError> {
        let layout = Layout::of(plan)?;
        let used = Used::of(plan);
        let held = (SCRATCH + layout.record_in + layout.record_out).next_multiple_of(8);
        let lists = held + COLUMN * (u32::try_from(layout.inputs.len()).unwrap_or(0) + MOST_COLUMNS);
        let (rooms, end) = rooms(plan, &used, lists + 16 * LIST * used.medians)?;
        let mut data = Data::at(end);
        let mut settings = Vec::new();
        let missing = plan.parameters.iter().enumerate().filter(|(_, p)| p.value.is_none());
        settings.extend(missing.map(|(index, _)| 1_i64 << index).sum::<i64>().to_le_bytes());
        for parameter in &plan.parameters {
            settings.extend(parameter.value.unwrap_or(0).to_le_bytes());
        }
        let parameters = 8 + if plan.parameters.is_empty() { 0 } else { data.place(&settings) };
        let mut definitions = vec![None; plan.cells.len()];
        for step in &plan.steps {
            if let Step::Value { cell, expr } = step
                && let Some(place) = definitions.get_mut(*cell)
            {
                *place = Some(expr);
            }
        }
        let helpers = Helpers::default();
        Ok(Shared { plan, layout, used, held, lists, rooms, medians: 0, data, helpers, parameters, definitions })
    }

    /// Whether a later step or a caller looks at a cell.
    pub(super) fn is_wanted(&self, cell: usize) -> bool {
        self.used.cells.contains(&cell) || self.layout.output_of(cell).is_some()
    }

    /// The address of constant bytes.
    pub(super) fn constant(&mut self, bytes: &[u8]) -> u32 {
        let settings = u32::try_from(8 * self.plan.parameters.len()).unwrap_or(0);
        self.data.constant(bytes, self.parameters + settings)
    }

    /// Where the values of a list of the plan stand, and how many they are.
    pub(super) fn list(&mut self, values: &[i64]) -> [Node; 2] {
        let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        let address = if bytes.is_empty() { 0 } else { self.constant(&bytes) };
        [int(i64::from(address)), int(i64::try_from(values.len()).unwrap_or(0))]
    }

    /// Takes the lists of a median, the least and the greatest, until [`Shared::give_lists_back`].
    pub(super) fn take_lists(&mut self) -> [Node; 2] {
        let least = i64::from(self.lists + 16 * LIST * self.medians);
        self.medians += 1;
        [int(least), int(least + 8 * i64::from(LIST))]
    }

    /// See [`Shared::take_lists`].
    pub(super) fn give_lists_back(&mut self) {
        self.medians -= 1;
    }

    /// Whether a later step looks at a column.
    pub(super) fn is_column_wanted(&self, column: usize) -> bool {
        self.used.columns.contains(&column)
    }

    /// Where a column stands.
    pub(super) fn room(&self, column: usize) -> Result<Room, EmitError> {
        self.rooms.get(column).copied().flatten().ok_or(EmitError::NoSuch("column", column))
    }

    /// The expression that fills a cell, unless a table does.
    pub(super) fn definition(&self, cell: usize) -> Option<&'p Expr> {
        self.definitions.get(cell).copied().flatten()
    }

    /// The value of a parameter in memory.
    pub(super) fn parameter(&self, index: usize) -> Node {
        int(0).load(Width::signed(8), self.parameters + 8 * u32::try_from(index).unwrap_or(0))
    }

    /// The bits of the parameters that are used and not set, if there may be any.
    pub(super) fn parameters_missing(&self) -> Option<Node> {
        let open = self.plan.parameters.iter().enumerate();
        let mask = open
            .filter(|(index, p)| p.value.is_none() && self.used.parameters >> index & 1 == 1)
            .map(|(index, _)| 1_i64 << index)
            .sum::<i64>();
        (mask != 0).then(|| {
            let missing = int(0).load(Width::signed(8), self.parameters - 8);
            missing.bin(super::node::Bin::And, &Node::Const(Ty::I64, mask))
        })
    }
}

/// The constant data of a module, and the parameters' values.
pub(super) struct Data {
    start: u32,
    bytes: Vec<u8>,
}

impl Data {
    fn at(start: u32) -> Data {
        Data { start, bytes: Vec::new() }
    }

    /// Adds bytes at an address that is a multiple of 8.
    pub(super) fn place(&mut self, bytes: &[u8]) -> u32 {
        self.bytes.resize(self.bytes.len().next_multiple_of(8), 0);
        let address = self.end();
        self.bytes.extend_from_slice(bytes);
        address
    }

    /// The address of these bytes, shared with whatever else holds them.
    pub(super) fn constant(&mut self, bytes: &[u8], from: u32) -> u32 {
        let skip = usize::try_from(from.saturating_sub(self.start)).unwrap_or(0);
        let old = self.bytes.get(skip..).unwrap_or_default();
        if let Some(offset) = old.windows(bytes.len().max(1)).position(|window| window == bytes) {
            return from.max(self.start) + u32::try_from(offset).unwrap_or(0);
        }
        let address = self.end();
        self.bytes.extend_from_slice(bytes);
        address
    }

    /// The address after the last byte.
    pub(super) fn end(&self) -> u32 {
        self.start + u32::try_from(self.bytes.len()).unwrap_or(0)
    }

    /// Where the bytes go, and the bytes.
    pub(super) fn segment(&self) -> (i32, &[u8]) {
        (i32::try_from(self.start).unwrap_or(0), &self.bytes)
    }
}

/// Where the events of the case at hand lie: the first, the one after the last, and the columns.
#[derive(Clone)]
pub(super) struct EventSource {
    pub(super) first: Node,
    pub(super) last: Node,
    pub(super) kinds: Node,
    pub(super) times: Node,
    pub(super) fields: Vec<Node>,
}
