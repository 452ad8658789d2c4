//! What the module carries, unpacked where there is room: [`crate::abi`] says how it is packed. The constants that only texts need come
//! first, so that the manifest may copy from them; they are unpacked to their own place when the first text comes.

use super::body::{BYTE, Body, HALF, WORD, Written};
use super::entry::aligned;
use super::frame::{ALLOCATED, OUT, OUT_START, PACKED, STATE};
use super::routines::Routine;
use crate::abi::{AGAIN, BACK, BYTES, COPY, EVEN, LENGTH, MOST_BITS, ODDS_BITS, ODDS_BYTES, RATE};
use crate::emit::assembler::{Bin, Node, SLOT, int, long};
use crate::emit::memory::{CARRIED, CARRIED_BYTES, CARRIED_TEXTS, HEAP};

/// The bytes of the odds of a place.
const EACH: u32 = ODDS_BITS / 8;

/// Where the odds of a place stand.
fn odds_of(b: &Body<'_, '_>, place: u32) -> Node {
    int(i64::from(b.context.data.odds() + EACH * place))
}

/// `describe() -> address, or 0`.
pub(super) fn describe(b: &mut Body<'_, '_>) -> Written {
    let start = b.local(&aligned(&HEAP.add(&ALLOCATED)));
    b.set(&OUT_START, &int(0));
    b.set(&OUT, &int(0));
    let there = b.of(Routine::Unpack, &[&start, &CARRIED_TEXTS.add(&CARRIED_BYTES)]);
    b.code.push(&start.add(&CARRIED_TEXTS).when(&there, &int(0)));
    Ok(())
}

/// `describe_bytes() -> bytes`.
pub(super) fn describe_bytes(b: &mut Body<'_, '_>) -> Written {
    b.code.push(&CARRIED_BYTES);
    Ok(())
}

/// See [`Routine::Unpack`].
pub(super) fn unpack(b: &mut Body<'_, '_>) -> Written {
    let [to, bytes] = b.parameters();
    let (start, end) = (b.local(&to), b.local(&to.add(&bytes)));
    let there = b.of(Routine::Reserve, &[&end]);
    b.finish_when(&there.not(), &int(0));
    let at = b.local(&int(0));
    let even = (0..4).fold(0, |all, _| all << ODDS_BITS | i64::from(EVEN));
    b.repeat(|b, out, _| {
        b.code.store(&at, b.context.data.odds(), &long(even), SLOT);
        b.advance(&at, 8);
        b.code.leave_when(out, &at.eq(&int(i64::from(ODDS_BYTES))));
        Ok(())
    })?;
    b.set(&STATE, &CARRIED.load(WORD, 0));
    b.set(&PACKED, &CARRIED.add(&int(4)));
    let (after_copy, back) = (b.local(&int(0)), b.local(&int(1)));
    b.repeat(|b, out, _| {
        b.code.leave_when(out, &to.bin(Bin::GeS, &end));
        let copies = b.of(Routine::Bit, &[&odds_of(b, COPY).add(&after_copy.bin(Bin::Mul, &int(i64::from(EACH))))]);
        let copies = b.local(&copies);
        b.either(&copies, |b| copy(b, [&start, &to, &end], (&after_copy, &back)), |b| byte(b, &to))?;
        b.set(&after_copy, &copies);
        Ok(())
    })?;
    b.code.push(&int(1));
    Ok(())
}

/// Copies what came before. Where the bytes are not what was packed, they may be any, and stay within the text.
fn copy(b: &mut Body<'_, '_>, [start, to, end]: [&Node; 3], (after_copy, back): (&Node, &Node)) -> Written {
    let again = b.local(&int(0));
    b.when(&after_copy.not(), |b| {
        let bit = b.of(Routine::Bit, &[&odds_of(b, AGAIN)]);
        b.set(&again, &bit);
        Ok(())
    })?;
    b.when(&again.not(), |b| {
        let number = b.call(Routine::Number, &[&odds_of(b, BACK)]);
        b.set(back, &number.when(&number.bin(Bin::LeS, &to.sub(start)), &int(1)));
        Ok(())
    })?;
    let length = b.call(Routine::Number, &[&odds_of(b, LENGTH)]);
    let last = b.local(&to.add(&length));
    b.repeat(|b, out, _| {
        b.code.store(to, 0, &to.sub(back).load(BYTE, 0), BYTE);
        b.code.leave_when(out, &to.eq(&last).either(&to.eq(end)));
        b.advance(to, 1);
        Ok(())
    })?;
    b.advance(to, 1);
    Ok(())
}

/// One that did not come before.
fn byte(b: &mut Body<'_, '_>, to: &Node) -> Written {
    let before = b.local(&int(1));
    b.repeat(|b, out, _| {
        let place = odds_of(b, BYTES).add(&before.bin(Bin::Mul, &int(i64::from(EACH))));
        let bit = b.of(Routine::Bit, &[&place]);
        b.set(&before, &before.shl(1).add(&bit));
        b.code.leave_when(out, &before.bin(Bin::ShrU, &int(8)));
        Ok(())
    })?;
    b.code.store(to, 0, &before, BYTE);
    b.advance(to, 1);
    Ok(())
}

/// See [`Routine::Bit`].
pub(super) fn bit(b: &mut Body<'_, '_>) -> Written {
    let [at] = b.parameters();
    let bits = int(i64::from(ODDS_BITS));
    let (odds, high) = (b.local(&at.load(HALF, 0)), b.local(&STATE.bin(Bin::ShrU, &bits)));
    let (low, share) = (b.local(&STATE.bin(Bin::And, &int(0xFFFF))), b.local(&odds.bin(Bin::Mul, &high)));
    let bit = b.local(&low.bin(Bin::LtS, &odds));
    b.set(&STATE, &share.add(&low).when(&bit, &STATE.sub(&share).sub(&odds)));
    let nearer = |by: &Node| by.bin(Bin::ShrU, &int(i64::from(RATE)));
    let follows = odds.add(&nearer(&int(0xFFFF).sub(&odds))).when(&bit, &odds.sub(&nearer(&odds)));
    b.code.store(&at, 0, &follows, HALF);
    b.when(&STATE.bin(Bin::ShrU, &bits).not(), |b| {
        b.set(&STATE, &STATE.shl(ODDS_BITS).bin(Bin::Or, &PACKED.load(HALF, 0)));
        b.advance(&PACKED, i64::from(EACH));
        Ok(())
    })?;
    b.code.push(&bit);
    Ok(())
}

/// See [`Routine::Number`].
pub(super) fn number(b: &mut Body<'_, '_>) -> Written {
    let [at] = b.parameters();
    let (number, highest) = (b.local(&int(0)), b.local(&int(1)));
    b.repeat(|b, out, _| {
        let more = b.of(Routine::Bit, &[&at]);
        b.code.leave_when(out, &more.not());
        let bit = b.of(Routine::Bit, &[&at.add(&int(i64::from(EACH)))]);
        b.set(&number, &number.add(&bit.bin(Bin::Mul, &highest)));
        b.set(&highest, &highest.shl(1));
        b.advance(&at, i64::from(2 * EACH));
        b.code.leave_when(out, &highest.bin(Bin::ShrU, &int(i64::from(MOST_BITS))));
        Ok(())
    })?;
    b.code.push(&number.add(&highest));
    Ok(())
}
