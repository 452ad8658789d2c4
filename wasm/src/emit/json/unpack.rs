//! What the module carries, unpacked where there is room: [`crate::abi`] says how it is packed. The constants that only texts need come
//! first, so that the manifest may copy from them; they are unpacked to their own place when the first text comes.

use super::body::{BYTE, Body, HALF, WORD, Written};
use super::entry::aligned;
use super::frame::{ALLOCATED, OUT, OUT_START, PACKED, STATE};
use super::routines::Routine;
use crate::abi::{
    APART_DOWN, APART_UP, CURVE_BITS, CURVE_RATE, CURVE_START, DIGEST, KEY_BITS, KEY_BYTES, KINDS, KNOWN_BITS, LONG,
    ODDS_BITS, OFTEN, OTHER, OTHER_LEAST, RIGHT, SHIFT_BITS, SHIFTS, STEP, TABLE_BITS, VIEWS, WEIGHT, WEIGHT_BITS,
    WEIGHT_RATE,
};
use crate::emit::assembler::{Bin, Label, Node, SLOT, Ty, Width, int, long};
use crate::emit::memory::{CARRIED, CARRIED_BYTES, CARRIED_TEXTS, HEAP};

/// Where all stands from the address of the work on. Of each view, in 16 bytes: what it sees, where what it knows stands, its step.
const SEEN: u32 = 0;
const PLACE: u32 = 4;
const STEP_OF_VIEW: u32 = 8;
const VIEW: u32 = 16;
/// The weights, those of each kind of stretch as far apart as the views are among themselves, and a row of them.
const WEIGHTS_AT: u32 = 1 << ROW_BITS;
const ROW_BITS: u32 = 7;
/// The curve: its odds, and the middle of its steps.
const HALF_CURVE: i64 = 1 << (CURVE_BITS - 1);
const ODDS_AT: u32 = WEIGHTS_AT + (KINDS << ROW_BITS);
const STEPS_AT: u32 = ODDS_AT + (2 << CURVE_BITS) + (1 << CURVE_BITS);
/// What is known, and where bytes came before.
const KNOWN_AT: u32 = STEPS_AT + (1 << CURVE_BITS) + 8;
const PLACES_AT: u32 = KNOWN_AT + (2 << TABLE_BITS);
const WORK: u32 = PLACES_AT + (4 << KEY_BITS);
/// Two bytes with a sign.
const SIGNED: Width = Width::signed(2);

/// `describe() -> address, or 0`.
pub(super) fn describe(b: &mut Body<'_, '_>) -> Written {
    let start = b.local(&aligned(&HEAP.add(&ALLOCATED)));
    b.set(&OUT_START, &int(0));
    b.set(&OUT, &int(0));
    let carried = b.local(&CARRIED_TEXTS.add(&CARRIED_BYTES));
    let there = b.of(Routine::Unpack, &[&start, &carried, &aligned(&start.add(&carried))]);
    b.code.push(&start.add(&CARRIED_TEXTS).when(&there, &int(0)));
    Ok(())
}

/// `describe_bytes() -> bytes`.
pub(super) fn describe_bytes(b: &mut Body<'_, '_>) -> Written {
    b.code.push(&CARRIED_BYTES);
    Ok(())
}

/// What is at work while a text is unpacked.
struct Unpacking {
    /// Where the next byte goes, and where the rest stands.
    to: Node,
    work: Node,
    /// What digests are multiplied by.
    digest: Node,
    /// The last eight bytes; where the byte stands that would come next; how many came already.
    before: Node,
    from: Node,
    length: Node,
    /// How many bits that number has.
    kind: Node,
    /// The byte that would come next, if any, and the one that comes.
    next: Node,
    byte: Node,
}

/// No byte.
const NONE: i64 = 256;

/// See [`Routine::Unpack`].
pub(super) fn unpack(b: &mut Body<'_, '_>) -> Written {
    let [to, bytes, work] = b.parameters();
    let end = b.local(&to.add(&bytes));
    // Far enough up that steps below 0 lead to addresses above 0.
    b.advance(&work, 2 * HALF_CURVE);
    let last = b.local(&work.add(&int(i64::from(WORK))));
    let there = b.of(Routine::Reserve, &[&last]);
    b.finish_when(&there.not(), &int(0));
    clear(b, &work, &last)?;
    curve(b, &work)?;
    b.set(&STATE, &CARRIED.load(WORD, 0));
    b.set(&PACKED, &CARRIED.add(&int(4)));
    let digest = b.local(&long(DIGEST.cast_signed()));
    let before = b.code.local(Ty::I64);
    let [from, length, kind, next, byte] = [(); 5].map(|()| b.code.local(Ty::I32));
    let it = Unpacking { to, work, digest, before, from, length, kind, next, byte };
    b.repeat_while(|b| {
        it.looks_for_next(b)?;
        b.block(|b, known| {
            it.takes_next(b, known)?;
            it.looks(b)?;
            it.takes_bits(b)
        })?;
        it.came(b);
        Ok(it.to.bin(Bin::LtS, &end))
    })?;
    b.code.push(&int(1));
    Ok(())
}

/// Nothing is known yet; from the last address down.
fn clear(b: &mut Body<'_, '_>, work: &Node, last: &Node) -> Written {
    b.repeat_while(|b| {
        b.advance(last, -8);
        b.code.store(last, 0, &long(0), SLOT);
        Ok(last.ne(work))
    })
}

/// The curve, both ways. Four steps are written at a time, as odds of the middle are so far apart.
fn curve(b: &mut Body<'_, '_>, work: &Node) -> Written {
    let (all, step) = (b.local(&long(CURVE_START.cast_signed())), b.local(&int(-HALF_CURVE)));
    b.repeat_while(|b| {
        let odds = b.local(&all.bin(Bin::ShrU, &long(16)).to(Ty::I32));
        b.code.store(&work.add(&step.shl(1)), ODDS_AT + (1 << CURVE_BITS), &odds, HALF);
        let place = odds.bin(Bin::ShrU, &int(i64::from(KNOWN_BITS))).shl(1);
        let four = step.bin(Bin::And, &int(0xFFFF)).to(Ty::I64).bin(Bin::Mul, &long(0x0001_0001_0001_0001));
        b.code.store(&work.add(&place), STEPS_AT - (1 << CURVE_BITS), &four, SLOT);
        let left = long(1 << 32).sub(&all);
        let more = all.bin(Bin::Mul, &left).bin(Bin::ShrU, &long(i64::from(CURVE_RATE)));
        b.set(&all, &all.add(&more));
        b.advance(&step, 1);
        Ok(step.ne(&int(HALF_CURVE)))
    })
}

impl Unpacking {
    /// The highest bits of the digest of a number, so many.
    fn digest(&self, number: &Node, bits: u32) -> Node {
        number.bin(Bin::Mul, &self.digest).bin(Bin::ShrU, &long(i64::from(64 - bits))).to(Ty::I32)
    }

    /// Where the last bytes came before: an address within the text, or 0. What stands there counts only where it is one.
    fn looks_for_next(&self, b: &mut Body<'_, '_>) -> Written {
        let bytes = self.before.bin(Bin::ShrU, &long(i64::from(64 - 8 * KEY_BYTES)));
        let place = b.local(&self.work.add(&self.digest(&bytes, KEY_BITS).shl(2)));
        b.when(&self.length.not(), |b| {
            b.set(&self.from, &place.load(WORD, PLACES_AT));
            b.set(&self.length, &self.from.ne(&int(0)));
            Ok(())
        })?;
        b.code.store(&place, PLACES_AT, &self.to, WORD);
        b.set(&self.kind, &int(32).sub(&self.length.clz()));
        b.set(&self.next, &self.from.load(BYTE, 0).when(&self.length, &int(NONE)));
        Ok(())
    }

    /// After a long stretch, leaves where the next byte is the one that came then.
    fn takes_next(&self, b: &mut Body<'_, '_>, known: Label) -> Written {
        b.when(&self.length.bin(Bin::GeS, &int(i64::from(LONG))), |b| {
            b.set(&self.byte, &self.next);
            let odds = int(i64::from(OTHER)).bin(Bin::ShrU, &self.kind).add(&int(i64::from(OTHER_LEAST)));
            let other = b.of(Routine::Bit, &[&odds]);
            b.code.leave_when(known, &other.not());
            Ok(())
        })
    }

    /// What each view sees.
    fn looks(&self, b: &mut Body<'_, '_>) -> Written {
        let (at, shifts) = (b.local(&self.work), b.local(&long(SHIFTS.cast_signed())));
        b.repeat_while(|b| {
            let seen = self.before.bin(Bin::ShrU, &shifts).add(&shifts);
            b.code.store(&at, SEEN, &self.digest(&seen, 32), WORD);
            b.advance(&at, i64::from(VIEW));
            b.set(&shifts, &shifts.bin(Bin::ShrU, &long(i64::from(SHIFT_BITS))));
            Ok(shifts.ne(&long(0)))
        })?;
        let next = self.kind.shl(9).add(&self.next).to(Ty::I64);
        let apart = self.before.bin(Bin::ShrU, &long(i64::from(APART_DOWN))).bin(Bin::Shl, &long(i64::from(APART_UP)));
        b.code.store(&at, SEEN, &self.digest(&apart, 32), WORD);
        b.code.store(&at, SEEN + VIEW, &self.digest(&next, 32), WORD);
        Ok(())
    }

    /// Eight bits, each foretold.
    fn takes_bits(&self, b: &mut Body<'_, '_>) -> Written {
        let row = b.local(&self.kind.shl(ROW_BITS));
        let end = b.local(&self.work.add(&int(i64::from(VIEW * VIEWS))));
        let [at, sum, bit, wrong] = [(); 4].map(|()| b.code.local(Ty::I32));
        b.set(&self.byte, &int(1));
        let each_view = |b: &mut Body<'_, '_>, view: &dyn Fn(&mut Body<'_, '_>, &Node)| {
            b.set(&at, &self.work);
            b.repeat_while(|b| {
                view(b, &at.add(&row));
                b.advance(&at, i64::from(VIEW));
                Ok(at.ne(&end))
            })
        };
        b.repeat_while(|b| {
            b.set(&sum, &int(0));
            each_view(b, &|b, weight| self.view(b, &at, weight, &sum))?;
            let step = b.local(&sum.bin(Bin::ShrS, &int(i64::from(WEIGHT_BITS))).add(&int(HALF_CURVE)));
            // Beyond its ends the curve goes on as it ends.
            let beyond = int(-1).sub(&step).bin(Bin::ShrS, &int(31)).bin(Bin::And, &int(2 * HALF_CURVE - 1));
            let step = step.when(&step.bin(Bin::ShrU, &int(i64::from(CURVE_BITS))).not(), &beyond);
            let odds = b.local(&self.work.add(&step.shl(1)).load(HALF, ODDS_AT));
            let came = b.of(Routine::Bit, &[&odds]);
            b.set(&bit, &came);
            b.set(&wrong, &bit.shl(ODDS_BITS).sub(&odds));
            let right = wrong.add(&int(i64::from(RIGHT))).bin(Bin::LeU, &int(i64::from(2 * RIGHT)));
            b.when(&right.not(), |b| each_view(b, &|b, weight| follow(b, &at, weight, [&bit, &wrong])))?;
            b.set(&self.byte, &self.byte.shl(1).add(&bit));
            Ok(self.byte.bin(Bin::ShrU, &int(8)).not())
        })
    }

    /// What a view adds to the sum.
    fn view(&self, b: &mut Body<'_, '_>, at: &Node, weight: &Node, sum: &Node) {
        let digest = at.load(WORD, SEEN).add(&self.byte).bin(Bin::Mul, &int(i64::from(STEP.cast_signed())));
        let place = digest.bin(Bin::ShrU, &int(i64::from(32 - TABLE_BITS)));
        let place = b.local(&self.work.add(&place.shl(1)));
        b.code.store(at, PLACE, &place, WORD);
        let known = place.load(SIGNED, KNOWN_AT).bin(Bin::ShrS, &int(i64::from(KNOWN_BITS)));
        let step = b.local(&self.work.add(&known.shl(1)).load(SIGNED, STEPS_AT));
        b.code.store(at, STEP_OF_VIEW, &step, WORD);
        let weight = weight.load(WORD, WEIGHTS_AT).add(&int(i64::from(WEIGHT)));
        b.set(sum, &sum.add(&step.bin(Bin::Mul, &weight)));
    }

    /// The byte came.
    fn came(&self, b: &mut Body<'_, '_>) {
        b.code.store(&self.to, 0, &self.byte, BYTE);
        let as_before = self.next.eq(&self.to.load(BYTE, 0));
        b.set(&self.length, &self.length.add(&int(1)).when(&as_before, &int(0)));
        let highest = self.byte.to(Ty::I64).shl(56);
        b.set(&self.before, &self.before.bin(Bin::ShrU, &long(8)).bin(Bin::Or, &highest));
        b.advance(&self.from, 1);
        b.advance(&self.to, 1);
    }
}

/// What a view knows follows a bit, as does its weight.
fn follow(b: &mut Body<'_, '_>, at: &Node, weight: &Node, [bit, wrong]: [&Node; 2]) {
    let moved = at.load(WORD, STEP_OF_VIEW).bin(Bin::Mul, wrong).bin(Bin::ShrS, &int(i64::from(WEIGHT_RATE)));
    let weight = b.local(weight);
    b.code.store(&weight, WEIGHTS_AT, &weight.load(WORD, WEIGHTS_AT).add(&moved), WORD);
    let place = b.local(&at.load(WORD, PLACE));
    let known = b.local(&place.load(SIGNED, KNOWN_AT));
    let often = b.local(&known.bin(Bin::And, &int(i64::from(OFTEN))));
    let whole = bit.bin(Bin::Mul, &int(2 * HALF_CURVE - 1)).sub(&int(HALF_CURVE));
    let twice = whole.sub(&known.bin(Bin::ShrS, &int(i64::from(KNOWN_BITS)))).shl(1);
    let nearer = twice.bin(Bin::DivS, &often.shl(1).add(&int(3))).shl(KNOWN_BITS);
    let more = often.bin(Bin::LtS, &int(i64::from(OFTEN)));
    b.code.store(&place, KNOWN_AT, &known.add(&nearer).add(&more), HALF);
}

/// See [`Routine::Bit`].
pub(super) fn bit(b: &mut Body<'_, '_>) -> Written {
    let [odds] = b.parameters();
    let bits = int(i64::from(ODDS_BITS));
    let low = b.local(&STATE.bin(Bin::And, &int(0xFFFF)));
    let share = b.local(&odds.bin(Bin::Mul, &STATE.bin(Bin::ShrU, &bits)));
    let bit = b.local(&low.bin(Bin::LtS, &odds));
    b.set(&STATE, &share.add(&low).when(&bit, &STATE.sub(&share).sub(&odds)));
    b.when(&STATE.bin(Bin::ShrU, &bits).not(), |b| {
        b.set(&STATE, &STATE.shl(ODDS_BITS).bin(Bin::Or, &PACKED.load(HALF, 0)));
        b.advance(&PACKED, 2);
        Ok(())
    })?;
    b.code.push(&bit);
    Ok(())
}
