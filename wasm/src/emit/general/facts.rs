//! What is possible of each fact, in the general code. Of the facts that are never none it is *staged* in memory: whoever calls the general code
//! writes down those that are there, and it writes the few that are missing itself. The others are worked out one by one.

use concord_engine::plan::{Class, Id, Input, InputId, Shape};

use super::value::{Possible, is_yes_no};
use super::{Bounds, General};
use crate::abi::{BOUNDS_FACTS, BOUNDS_WHICH, IN_FACTS, IN_MISSING, IN_NONE, bytes_of};
use crate::emit::assembler::{Bin, Code, EmitError, Node, POINTER, SLOT, Turns, Ty, Width, flag, int, long};
use crate::emit::memory::STAGED_BYTES;
use crate::emit::runtime::{each_place, need};
use crate::emit::walk::Context;

/// Whether what is possible of a fact is staged in memory, at the place of its number.
fn is_staged(context: &Context<'_>, fact: InputId) -> bool {
    let input = context.plan.subject.inputs.get(fact);
    input.is_some_and(|input| context.reads.inputs >> fact.place() & 1 == 1 && varies(input))
}

/// Masks of the facts that are staged: of numbers, and of choices.
pub(crate) struct Staged {
    pub(crate) ranges: i64,
    pub(crate) sets: i64,
}

impl Staged {
    pub(crate) fn of(context: &Context<'_>) -> Staged {
        let inputs = || (0_u32..).zip(context.plan.subject.inputs.placed());
        let of_class = |class: Class| {
            let facts = inputs().filter(|(_, (id, input))| is_staged(context, *id) && input.shape.class == class);
            facts.fold(0, |mask, (number, _)| mask | 1_i64.wrapping_shl(number))
        };
        Staged { ranges: of_class(Class::Range), sets: of_class(Class::Set) }
    }
}

/// Writes down what is possible of a fact: its ends, of a choice the mask.
pub(crate) fn stage(code: &mut Code, staged: u32, place: &Node, ends: [&Node; 2]) {
    let (at, staged) = match place.constant().and_then(|place| u32::try_from(place).ok()) {
        Some(place) => (int(0), staged + STAGED_BYTES * place),
        None => (code.share(&place.bin(Bin::Mul, &int(i64::from(STAGED_BYTES)))), staged),
    };
    for (number, end) in (0..).zip(ends) {
        code.store(&at, staged + 8 * number, end, SLOT);
    }
}

/// Writes down the facts of a record that are there.
pub(crate) fn stage_known(code: &mut Code, context: &Context<'_>, record: &Node) {
    let (Staged { ranges, sets }, staged) = (Staged::of(context), context.map.staged);
    if ranges | sets == 0 {
        return;
    }
    let is_there = code.share(&record.load(SLOT, IN_MISSING).bin(Bin::Xor, &long(-1)));
    let slot = |place: &Node| record.add(&place.shl(3)).load(SLOT, IN_FACTS);
    each_place(code, &is_there.bin(Bin::And, &long(ranges)), Some(Turns::Facts), |code, place| {
        let value = code.share(&slot(place));
        stage(code, staged, place, [&value, &value]);
    });
    each_place(code, &is_there.bin(Bin::And, &long(sets)), Some(Turns::Facts), |code, place| {
        let mask = code.share(&long(1).bin(Bin::Shl, &slot(place)));
        stage(code, staged, place, [&mask, &mask]);
    });
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
        self.stage_missing(&missing, &bounds)?;
        for (number, (id, input)) in (0_u8..).zip(inputs.placed()) {
            let value = if self.context.reads.inputs >> number & 1 == 0 {
                None
            } else if is_staged(self.context, id) {
                Some(self.staged(number, input, &missing))
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

    /// What is possible of a fact: where nothing is skipped, read from memory once for all that comes after.
    pub(super) fn fact(&mut self, fact: InputId) -> Result<Possible, EmitError> {
        let class = self.context.plan.subject.inputs.get(fact).map(|input| input.shape.class);
        let place = self.inputs.get_mut(fact).and_then(Option::as_mut);
        let (Some(class), Some(place)) = (class, place) else { return Err(EmitError::no_such("fact", fact)) };
        if self.code.is_straight() {
            let needs = place.needs.clone();
            *place = Possible { needs, ..Possible { needs: long(0), ..place.clone() }.shared(self.code, class) };
        }
        Ok(place.clone())
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

    /// What is staged of a fact; it needs itself where it is missing.
    fn staged(&self, number: u8, input: &Input, missing: &Node) -> Possible {
        let at = self.context.map.staged + STAGED_BYTES * u32::from(number);
        let part = |part: u32, width: Width| int(0).load(width, at + 8 * part);
        let width = if is_yes_no(input.shape) { Width::signed(4) } else { SLOT };
        let low = part(0, width);
        let high = if input.shape.class == Class::Set { low.clone() } else { part(1, width) };
        let is_missing = missing.bin(Bin::And, &need(number));
        let needs = if input.unknown == number {
            is_missing
        } else {
            need(input.unknown).when(&is_missing.ne(&long(0)), &long(0))
        };
        Possible { low, high, some: flag(true), none: flag(false), needs }
    }

    /// Writes what is possible of the facts that are missing: from their bounds or from the constant data.
    fn stage_missing(&mut self, missing: &Node, bounds: &FactBounds) -> Result<(), EmitError> {
        let Staged { ranges, sets } = Staged::of(self.context);
        if ranges | sets == 0 {
            return Ok(());
        }
        let (ends, width) = self.written_ends()?;
        let [low, high] = [0; 2].map(|_| self.code.local(Ty::I64));
        let staged = self.context.map.staged;
        each_place(self.code, &missing.bin(Bin::And, &long(ranges | sets)), Some(Turns::Facts), |code, place| {
            let of = |mask: &Node| mask.bin(Bin::ShrU, &place.to(Ty::I64)).to(Ty::I32).bin(Bin::And, &int(1));
            let written = code.share(&place.shl(width.log2() + 1));
            code.set(&low, &written.load(width, ends).to(Ty::I64));
            code.set(&high, &written.load(width, ends + u32::from(width.bytes)).to(Ty::I64));
            code.when(&of(&bounds.which));
            let bound = code.share(&bounds.address.add(&place.shl(4)));
            code.set(&low, &bound.load(SLOT, BOUNDS_FACTS));
            code.set(&high, &bound.load(SLOT, BOUNDS_FACTS + 8));
            code.end();
            if sets != 0 {
                code.when(&of(&long(sets)));
                let above = long(-2).bin(Bin::Shl, &high);
                code.set(&low, &long(-1).bin(Bin::Shl, &low).bin(Bin::Xor, &above));
                code.end();
            }
            stage(code, staged, place, [&low, &high]);
        });
        Ok(())
    }

    /// Where the least and the greatest value of every fact are written, and how wide each.
    fn written_ends(&mut self) -> Result<(u32, Width), EmitError> {
        let inputs = &self.context.plan.subject.inputs;
        let values = inputs.placed().flat_map(|(id, input)| {
            let values = [input.shape.low, input.shape.high];
            if is_staged(self.context, id) { values } else { [0; 2] }
        });
        let values: Vec<i64> = values.collect();
        let (least, most) = values.iter().fold((0, 0), |(least, most), value| (*value.min(&least), *value.max(&most)));
        let bytes = bytes_of(Shape::range(least, most), 0);
        let ends: Vec<u8> =
            values.iter().flat_map(|value| value.to_le_bytes().into_iter().take(usize::from(bytes))).collect();
        Ok((self.context.constant(&ends)?, Width::signed(bytes)))
    }
}
