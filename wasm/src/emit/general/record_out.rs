//! Cells go into the record out as they are filled.

use concord_engine::plan::{CellId, Class};

use super::General;
use super::value::Possible;
use crate::abi::none_of;
use crate::emit::assembler::{Bin, SLOT, Ty, int, long};
use crate::emit::runtime::Helper;

/// The most outputs of which each is written where it is filled: of more, by a call.
const MOST_WRITTEN_OUT: usize = 32;

impl General<'_, '_> {
    /// Writes a cell into the record out, if it goes out.
    pub(super) fn put(&mut self, cell: CellId, value: &Possible) {
        let Some(output) = self.context.layout.outputs.iter().find(|output| output.cell == cell).copied() else {
            return;
        };
        let low = if output.shape.class == Class::Set { value.low.ctz() } else { value.low.to(Ty::I64) };
        let parts = self.context.layout.record_out_parts;
        let values = [low, value.high.to(Ty::I64), value.needs.clone()];
        // Beside what goes through events, calls are little.
        let short = self.context.layout.outputs.len() > MOST_WRITTEN_OUT || self.context.layout.kinds_used != 0;
        if short {
            let at = self.out.add(&int(i64::from(output.slot)));
            let operands = [at].into_iter().chain(values);
            let put = if value.is_there() {
                self.context.helpers.call(Helper::Put(parts), operands.collect())
            } else {
                let bits = int(8 * i64::from(output.bytes) - 1);
                let presence = [value.some.clone(), value.none.clone(), bits];
                self.context.helpers.call(Helper::PutOptional(parts), operands.chain(presence).collect())
            };
            self.code.push(&put);
            return;
        }
        let [low, high, needs] = values;
        let low = low.when(&value.some, &long(none_of(output.bytes)));
        let presence = value.some.bin(Bin::Or, &value.none.shl(1)).to(Ty::I64);
        for (number, value) in (0..).zip(&[low, high, presence, needs]) {
            self.code.store(&self.out, output.slot + number * parts, value, SLOT);
        }
    }
}
