//! What is possible of each fact, in the general code: one loop over the facts that are never none writes it into memory,
//! where tables whose conditions are written out look at it ([`super::written_table`]); the others are worked out one by one.

use concord_engine::plan::{Class, Input, Shape};

use super::general::General;
use super::helpers::{need, next_row};
use super::layout::{IN_FACTS, IN_MISSING, IN_NONE, bytes_of, is_yes_no};
use super::node::{Bin, Node, Ty, Width, flag, int, long};
use super::possible::Possible;
use super::shared::Shared;
use super::written_table::{COLUMN, SET};

const SLOT: Width = Width::signed(8);

/// Whether what is possible of a fact is held in memory, at the place of its number.
pub(super) fn is_held(shared: &Shared<'_>, fact: usize) -> bool {
    let input = shared.plan.subject.inputs.get(fact);
    input.is_some_and(|input| shared.used.inputs >> fact & 1 == 1 && varies(input))
}

/// Whether a fact is never none, and has more than one value.
fn varies(input: &Input) -> bool {
    !input.shape.optional && input.shape.low < input.shape.high
}

impl General<'_, '_> {
    /// Fills the inputs.
    pub(super) fn read_inputs(&mut self) {
        let inputs = &self.shared.plan.subject.inputs;
        let slot = |offset: u32| self.record.load(SLOT, offset);
        let (missing, none) = (slot(IN_MISSING), slot(IN_NONE));
        let (missing, none) = (self.code.share(&missing), self.code.share(&none));
        self.hold_facts(&missing);
        for (index, input) in inputs.iter().enumerate() {
            if self.shared.used.inputs >> index & 1 == 0 {
                self.inputs.push(None);
                continue;
            }
            if is_held(self.shared, index) {
                let value = self.held(index, input).shared(self.code, input.shape.class);
                self.inputs.push(Some(value));
                continue;
            }
            let offset = IN_FACTS + 8 * u32::try_from(index).unwrap_or(0);
            let raw = self.record.load(SLOT, offset);
            let bit = |mask: &Node| mask.bin(Bin::And, &need(u8::try_from(index).unwrap_or(63))).ne(&long(0));
            let is_missing = self.code.share(&bit(&missing));
            let is_none = if input.shape.optional { bit(&none).both(&is_missing.not()) } else { flag(false) };
            let value = self.supplied(&raw, &is_missing, &is_none, input.shape, &need(input.unknown));
            self.inputs.push(Some(value));
        }
    }

    /// What is held of a fact.
    fn held(&self, index: usize, input: &Input) -> Possible {
        let at = self.shared.held + COLUMN * u32::try_from(index).unwrap_or(0);
        let part = |part: u32, width: Width| int(0).load(width, at + 8 * part);
        let width = if is_yes_no(input.shape) { Width::signed(4) } else { SLOT };
        let low = part(0, width);
        let high = if input.shape.class == Class::Set { low.clone() } else { part(1, width) };
        Possible { low, high, some: flag(true), none: flag(false), needs: part(2, SLOT) }
    }

    /// Writes what is possible of each fact held: from the record, or from the constant data where it is missing.
    fn hold_facts(&mut self, missing: &Node) {
        let inputs = &self.shared.plan.subject.inputs;
        let all = (0..inputs.len()).filter(|index| is_held(self.shared, *index));
        let all = all.fold(0, |mask, index| mask | 1_i64.wrapping_shl(u32::try_from(index).unwrap_or(0)));
        if all == 0 {
            return;
        }
        let (ends, width) = self.written_ends();
        let sets = inputs.iter().zip(0..).filter(|(input, _)| input.shape.class == Class::Set);
        let sets = sets.fold(0, |mask, (_, index)| mask | 1_i64 << index) & all;
        let code = &mut *self.code;
        let [low, high, needs] = [0; 3].map(|_| code.local(Ty::I64));
        let rest = code.variable(&long(all));
        let top = code.repeat();
        let fact = code.share(&rest.ctz());
        let place = code.share(&fact.to(Ty::I32));
        let of = |mask: &Node| mask.bin(Bin::ShrU, &fact).to(Ty::I32).bin(Bin::And, &int(1));
        code.when(&of(missing));
        let written = place.bin(Bin::Mul, &int(3 * i64::from(width.bytes)));
        let end = |number: u32| written.load(width, ends + number * u32::from(width.bytes)).to(Ty::I64);
        code.set(&low, &end(0));
        code.set(&high, &end(1));
        code.set(&needs, &long(1).bin(Bin::Shl, &end(2)));
        code.otherwise();
        code.set(&low, &self.record.add(&place.shl(3)).load(SLOT, IN_FACTS));
        code.set(&high, &low);
        code.set(&needs, &long(0));
        code.end();
        if sets != 0 {
            code.when(&of(&long(sets)));
            let mask = long(-1).bin(Bin::Shl, &low);
            let above = long(-2).bin(Bin::Shl, &high);
            code.set(&low, &mask.bin(Bin::Xor, &above));
            code.set(&high, &long(SET));
            code.end();
        }
        let column = code.share(&place.bin(Bin::Mul, &int(i64::from(COLUMN))));
        for (number, part) in (0..).zip([&low, &high, &needs]) {
            code.store(&column, self.shared.held + 8 * number, part, SLOT);
        }
        next_row(code, &rest, top);
    }

    /// Where the least, the greatest value and the need of every fact are written, and how wide each.
    fn written_ends(&mut self) -> (u32, Width) {
        let inputs = &self.shared.plan.subject.inputs;
        let values = inputs.iter().enumerate().flat_map(|(index, input)| {
            let values = [input.shape.low, input.shape.high, i64::from(input.unknown)];
            if is_held(self.shared, index) { values } else { [0; 3] }
        });
        let values: Vec<i64> = values.collect();
        let (least, most) = values.iter().fold((0, 0), |(least, most), value| (*value.min(&least), *value.max(&most)));
        let bytes = bytes_of(Shape::range(least, most), 0);
        let ends: Vec<u8> =
            values.iter().flat_map(|value| value.to_le_bytes().into_iter().take(usize::from(bytes))).collect();
        (self.shared.constant(&ends), Width::signed(bytes))
    }
}
