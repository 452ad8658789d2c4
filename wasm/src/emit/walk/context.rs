//! What the functions of one module share: the plan, the layout, the memory's map, constant data and helper functions.

use std::collections::BTreeMap;

use concord_engine::plan::{CellId, Expr, Id, ParameterId, Plan, Step};

use super::dependence::Dependences;
use super::repeats::Repeats;
use super::steps::{Work, work};
use crate::abi::Layout;
use crate::emit::assembler::{Bin, EmitError, Node, SLOT, address, bit, count, int, long};
use crate::emit::memory::{Data, Map, Reads, Rows, is_wanted, layout_of};
use crate::emit::runtime::{Days, Helpers, List};

/// Where the strict code stands, which answers complete cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Complete {
    /// in each entry that needs it
    WrittenOut,
    /// in a function of its own, as it is too long for that
    Apart,
    /// nowhere, as the module would be too large: they go the way of those in which something is missing
    AsOthers,
}

/// See the module.
pub(crate) struct Context<'p> {
    /// The plan as it is compiled.
    pub(crate) plan: &'p Plan,
    /// The same as it was written, of which reasons speak.
    pub(crate) said: &'p Plan,
    pub(crate) layout: Layout,
    pub(crate) reads: Reads,
    pub(crate) map: Map,
    pub(crate) data: Data,
    pub(crate) helpers: Helpers,
    /// What each cell can depend on.
    pub(crate) dependence: Dependences,
    /// What the plan does several times.
    pub(crate) repeats: Repeats,
    /// Where the strict code stands.
    pub(crate) complete: Complete,
    /// How the batch entry goes about its rows.
    pub(crate) rows: Rows,
    /// Where it is kept which parameters were set, in a module that tells.
    pub(crate) set: Option<Node>,
    /// The bytes of the text of the golden cases that the module carries, and their digest; none where it carries nothing.
    pub(crate) golden: Option<(u32, u64)>,
    /// Whether any number is shown in pounds, whose sign stands before it.
    pub(crate) shows_money: bool,
    /// Whether any whole number is shown with a unit that is a word, which is another of one: `1 day`, `2 days`.
    pub(crate) counts_words: bool,
    /// The medians being asked where the walk stands.
    pub(super) medians: u32,
    /// The expressions that fill cells.
    definitions: BTreeMap<CellId, &'p Expr>,
}

impl<'p> Context<'p> {
    /// For a module whose helper functions follow so many others, with room for so many bytes of constants beside those of texts.
    pub(crate) fn new(
        (plan, said): (&'p Plan, &'p Plan),
        functions: u32,
        (complete, rows): (Complete, Rows),
        room: u32,
    ) -> Result<Context<'p>, EmitError> {
        let reads = Reads::of(plan);
        let layout = layout_of(plan, &reads)?;
        let map = Map::of(plan, &layout, &reads, rows)?;
        let data = Data::of(plan, &map, room);
        let definitions = plan.steps.iter().filter_map(|step| match step {
            Step::Value { cell, expr } => Some((*cell, expr)),
            _ => None,
        });
        let (helpers, definitions) = (Helpers::after(functions), definitions.collect());
        let dependence = Dependences::of(plan)?;
        Ok(Context {
            plan,
            said,
            layout,
            reads,
            map,
            data,
            helpers,
            dependence,
            repeats: Repeats::of(plan),
            complete,
            rows,
            set: None,
            golden: None,
            shows_money: false,
            counts_words: false,
            medians: 0,
            definitions,
        })
    }

    /// Whether a later step or a caller reads a cell.
    pub(crate) fn is_wanted(&self, cell: CellId) -> bool {
        is_wanted(cell, &self.reads, &self.layout)
    }

    /// What the steps of the plan come to.
    pub(crate) fn work(&self) -> Vec<Work<'p>> {
        work(self.plan, &self.reads)
    }

    /// The expression that fills a cell, unless a table does.
    pub(crate) fn definition(&self, cell: CellId) -> Option<&'p Expr> {
        self.definitions.get(&cell).copied()
    }

    /// The address of constant bytes.
    pub(crate) fn constant(&mut self, bytes: &[u8]) -> Result<u32, EmitError> {
        self.data.constant(bytes)
    }

    /// Where the values of a list of the plan stand, and how many they are.
    pub(crate) fn list(&mut self, values: &[i64]) -> Result<List, EmitError> {
        let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        let address = if bytes.is_empty() { 0 } else { self.constant(&bytes)? };
        Ok(List { address: int(i64::from(address)), length: count(values.len())? })
    }

    /// Where days stand, and how many they are.
    pub(crate) fn days(&mut self, days: &[i64]) -> Result<Days, EmitError> {
        let bytes = days.iter().map(|day| i32::try_from(*day).map(i32::to_le_bytes)).collect::<Result<Vec<_>, _>>();
        let bytes = bytes.map_err(|_| EmitError::TooLarge("a day beyond any"))?.concat();
        let address = if bytes.is_empty() { 0 } else { self.constant(&bytes)? };
        Ok(Days { address: int(i64::from(address)), length: count(days.len())? })
    }

    /// The value of a parameter in memory.
    pub(crate) fn parameter(&self, index: ParameterId) -> Result<Node, EmitError> {
        Ok(int(0).load(SLOT, self.map.parameters + 8 * address(index.place())?))
    }

    /// The bits of the parameters that members have not set.
    pub(crate) fn unset(&self) -> Node {
        int(0).load(SLOT, self.map.unset)
    }

    /// The bits of the parameters that are used and not set, if there may be any.
    pub(crate) fn parameters_missing(&self) -> Result<Option<Node>, EmitError> {
        let mask = self.open_parameters()?;
        Ok((mask != 0).then(|| self.unset().bin(Bin::And, &long(mask.cast_signed()))))
    }

    /// The bits of the parameters that are used and that the group leaves to its members.
    pub(crate) fn open_parameters(&self) -> Result<u64, EmitError> {
        let mut mask = 0;
        for (index, parameter) in self.plan.parameters.iter().enumerate() {
            if parameter.value.is_none() {
                mask |= bit(index)? & self.reads.parameters;
            }
        }
        Ok(mask)
    }
}
