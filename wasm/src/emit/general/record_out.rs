//! Cells go into the record out as they are filled.

use concord_engine::plan::{CellId, Class};

use super::General;
use super::value::Possible;
use crate::abi::none_of;
use crate::emit::assembler::{Bin, Ty, int, long};
use crate::emit::memory::OUT;
use crate::emit::runtime::Helper;

impl General<'_, '_> {
    /// Writes a cell into the record out, if it goes out. A range may come with needs though it is known.
    pub(super) fn put(&mut self, cell: CellId, value: &Possible) {
        let Some(output) = self.context.layout.outputs.iter().find(|output| output.cell == cell).copied() else {
            return;
        };
        if self.next_slot != Some(output.slot) {
            self.code.set(&OUT, &self.out.add(&int(i64::from(output.slot))));
        }
        // Every put moves on by one slot; what one in a block does is not known after it, as it may not have been reached.
        self.next_slot = self.code.is_straight().then_some(output.slot + 8);
        let [some, none] = [&value.some, &value.none].map(|flag| self.code.share(flag));
        let low = if output.shape.class == Class::Set { value.low.ctz() } else { value.low.to(Ty::I64) };
        let low = low.when(&some, &long(none_of(output.bytes)));
        let presence = some.bin(Bin::Or, &none.shl(1));
        let operands = vec![low, value.high.to(Ty::I64), presence, value.needs.clone()];
        let parts = self.context.layout.record_out_parts;
        self.context.helpers.run(self.code, Helper::Put(parts), operands);
    }
}
