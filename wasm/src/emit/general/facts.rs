//! What is possible of each fact, in the general code: one loop over the facts that are never none writes it into memory,
//! where tables whose conditions are written out read it ([`super::tables_written`]); the others are worked out one by one.

use concord_engine::plan::{Class, Id, Input, InputId, Shape};

use super::value::{Possible, is_yes_no};
use super::{Bounds, General};
use crate::abi::{BOUNDS_FACTS, BOUNDS_WHICH, IN_FACTS, IN_MISSING, IN_NONE, bytes_of};
use crate::emit::assembler::{Bin, EmitError, Node, POINTER, SLOT, Turns, Ty, Width, flag, int, long};
use crate::emit::memory::{SET_MARK, STAGED_BYTES};
use crate::emit::runtime::{need, next_row};
use crate::emit::walk::Context;

/// Whether what is possible of a fact is staged in memory, at the place of its number.
pub(super) fn is_staged(context: &Context<'_>, fact: InputId) -> bool {
    let input = context.plan.subject.inputs.get(fact);
    input.is_some_and(|input| context.reads.inputs >> fact.place() & 1 == 1 && varies(input))
}

/// The bounds of a record's facts.
struct FactBounds {
    address: Node,
    which: Node,
}

/// Whether a fact is never none, and has more than one value.
fn varies(input: &Input) -> bool {
    !input.shape.optional && input.shape.low < input.shape.high
}

impl General<'_, '_> {
    /// Fills the inputs.
    pub(super) fn read_inputs(&mut self) -> Result<(), EmitError> {
        let inputs = &self.context.plan.subject.inputs;
        let slot = |offset: u32| self.record.load(SLOT, offset);
        let (missing, none) = (slot(IN_MISSING), slot(IN_NONE));
        let (missing, none) = (self.code.share(&missing), self.code.share(&none));
        let bounds = self.bounds_of_facts();
        self.stage_facts(&missing, &bounds)?;
        for (number, (id, input)) in (0_u8..).zip(inputs.placed()) {
            let value = if self.context.reads.inputs >> number & 1 == 0 {
                None
            } else if is_staged(self.context, id) {
                Some(self.staged(number, input).shared(self.code, input.shape.class))
            } else {
                let raw = self.record.load(SLOT, IN_FACTS + 8 * u32::from(number));
                let bit = |mask: &Node| mask.bin(Bin::And, &need(number)).ne(&long(0));
                let is_missing = self.code.share(&bit(&missing));
                let is_none = if input.shape.optional { bit(&none).both(&is_missing.not()) } else { flag(false) };
                let apply = self.code.share(&bit(&bounds.which).both(&is_missing));
                let end = |offset: u32| bounds.address.load(SLOT, BOUNDS_FACTS + 16 * u32::from(number) + offset);
                let bounds = Bounds { apply, low: end(0), high: end(8) };
                Some(self.supplied(&raw, &is_missing, &is_none, Some(&bounds), (input.shape, &need(input.unknown))))
            };
            self.inputs.push(value);
        }
        Ok(())
    }

    /// Where the bounds of facts stand, and which facts have bounds: none where the record has no pointer to them.
    fn bounds_of_facts(&mut self) -> FactBounds {
        if self.context.reads.inputs == 0 {
            return FactBounds { address: int(0), which: long(0) };
        }
        let address = self.record.load(POINTER, self.context.layout.record_in_bounds);
        let address = self.code.share(&address);
        let which = self.code.variable(&long(0));
        self.code.when(&address);
        self.code.set(&which, &address.load(SLOT, BOUNDS_WHICH));
        self.code.end();
        FactBounds { address, which }
    }

    /// What is staged of a fact.
    fn staged(&self, number: u8, input: &Input) -> Possible {
        let at = self.context.map.staged + STAGED_BYTES * u32::from(number);
        let part = |part: u32, width: Width| int(0).load(width, at + 8 * part);
        let width = if is_yes_no(input.shape) { Width::signed(4) } else { SLOT };
        let low = part(0, width);
        let high = if input.shape.class == Class::Set { low.clone() } else { part(1, width) };
        Possible { low, high, some: flag(true), none: flag(false), needs: part(2, SLOT) }
    }

    /// Writes what is possible of each fact staged: from the record, or where it is missing from its bounds or from the
    /// constant data.
    fn stage_facts(&mut self, missing: &Node, bounds: &FactBounds) -> Result<(), EmitError> {
        let inputs = &self.context.plan.subject.inputs;
        let all = (0_u8..).zip(inputs.placed()).filter(|(_, (id, _))| is_staged(self.context, *id));
        let all = all.fold(0, |mask, (number, _)| mask | 1_i64.wrapping_shl(u32::from(number)));
        if all == 0 {
            return Ok(());
        }
        let (ends, width) = self.written_ends()?;
        let sets = inputs.iter().zip(0..).filter(|(input, _)| input.shape.class == Class::Set);
        let sets = sets.fold(0, |mask, (_, index)| mask | 1_i64 << index) & all;
        let code = &mut *self.code;
        let [low, high, needs] = [0; 3].map(|_| code.local(Ty::I64));
        let rest = code.variable(&long(all));
        let top = code.repeat_for(Turns::Facts);
        let fact = code.share(&rest.ctz());
        let place = code.share(&fact.to(Ty::I32));
        let of = |mask: &Node| mask.bin(Bin::ShrU, &fact).to(Ty::I32).bin(Bin::And, &int(1));
        code.when(&of(missing));
        let written = place.bin(Bin::Mul, &int(3 * i64::from(width.bytes)));
        let end = |number: u32| written.load(width, ends + number * u32::from(width.bytes)).to(Ty::I64);
        code.set(&low, &end(0));
        code.set(&high, &end(1));
        code.set(&needs, &long(1).bin(Bin::Shl, &end(2)));
        code.when(&of(&bounds.which));
        let bound = code.share(&bounds.address.add(&place.shl(4)));
        code.set(&low, &bound.load(SLOT, BOUNDS_FACTS));
        code.set(&high, &bound.load(SLOT, BOUNDS_FACTS + 8));
        code.end();
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
            code.set(&high, &long(SET_MARK));
            code.end();
        }
        let column = code.share(&place.bin(Bin::Mul, &int(i64::from(STAGED_BYTES))));
        for (number, part) in (0..).zip([&low, &high, &needs]) {
            code.store(&column, self.context.map.staged + 8 * number, part, SLOT);
        }
        next_row(code, &rest, top);
        Ok(())
    }

    /// Where the least, the greatest value and the need of every fact are written, and how wide each.
    fn written_ends(&mut self) -> Result<(u32, Width), EmitError> {
        let inputs = &self.context.plan.subject.inputs;
        let values = inputs.placed().flat_map(|(id, input)| {
            let values = [input.shape.low, input.shape.high, i64::from(input.unknown)];
            if is_staged(self.context, id) { values } else { [0; 3] }
        });
        let values: Vec<i64> = values.collect();
        let (least, most) = values.iter().fold((0, 0), |(least, most), value| (*value.min(&least), *value.max(&most)));
        let bytes = bytes_of(Shape::range(least, most), 0);
        let ends: Vec<u8> =
            values.iter().flat_map(|value| value.to_le_bytes().into_iter().take(usize::from(bytes))).collect();
        Ok((self.context.constant(&ends)?, Width::signed(bytes)))
    }
}
