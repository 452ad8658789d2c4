//! The golden cases that a module carries, tried by itself: what `evaluate_json` gives of each is held to its digest.

use super::body::{BYTE, Body, Written};
use super::entry::aligned;
use super::frame::{ALLOCATED, OUT, OUT_START, REASONS, SET};
use super::routines::Routine;
use crate::abi::{DIGEST_PRIME, DIGEST_START};
use crate::emit::assembler::{Bin, EmitError, Node, SLOT, Ty, address, int, long};
use crate::emit::memory::{CARRIED_BYTES, CARRIED_TEXTS, HEAP};

/// What comes after the digest of a case in the first of its lines, and after its settings in the second.
pub(crate) const AFTER_DIGEST: &str = "\",\"settings\":";
pub(crate) const AFTER_SETTINGS: &str = ",\"case\":";
/// The digits of a short digest, and those that are read at a time.
const DIGITS: u32 = 8;
const AT_ONCE: u32 = 4;

/// `self_test() -> failures`, or −1 where there is no room. Settings in force stay so, and what the host has allocated stays its own.
pub(super) fn self_test(b: &mut Body<'_, '_>) -> Written {
    // It is an entry only where there is such a text, if an empty one.
    let (text, as_packed) = b.context.golden.unwrap_or_default();
    let settings = b.context.map.unset;
    let bytes = b.context.map.parameters + 8 * address(b.context.plan.parameters.len())? - settings;
    let (allocated, set) = (b.local(&ALLOCATED), b.local(&SET));
    let kept = b.local(&aligned(&HEAP.add(&ALLOCATED)));
    let start = b.local(&kept.add(&int(i64::from(bytes.next_multiple_of(16)))));
    let before = b.local(&CARRIED_TEXTS.add(&CARRIED_BYTES));
    let carried = b.local(&before.add(&int(i64::from(text))));
    let there = b.of(Routine::Unpack, &[&start, &carried, &aligned(&start.add(&carried))]);
    b.finish_when(&there.not(), &int(-1));
    let (at, end) = (b.local(&start.add(&before)), b.local(&start.add(&carried)));
    move_slots(b, &int(i64::from(settings)), &kept, bytes)?;
    b.set(&ALLOCATED, &end.sub(&HEAP));
    b.set(&REASONS, &int(0));
    let digest = b.of(Routine::Digest, &[&at, &end]);
    let failures = b.local(&digest.ne(&long(as_packed.cast_signed())));
    // A text that is another than was packed is not read at all.
    if text > 0 {
        b.when(&failures.not(), |b| tries(b, &at, &end, &failures))?;
    }
    move_slots(b, &kept, &int(i64::from(settings)), bytes)?;
    for (global, value) in [(&SET, &set), (&ALLOCATED, &allocated), (&OUT, &int(0)), (&OUT_START, &int(0))] {
        b.set(global, value);
    }
    b.code.push(&failures);
    Ok(())
}

/// Tries all cases of a text, and counts failures. Each has three lines: one that ends with the digest, its settings, and the case.
fn tries(b: &mut Body<'_, '_>, at: &Node, end: &Node, failures: &Node) -> Written {
    let next_line = |b: &mut Body<'_, '_>, before: &Node| {
        let line = b.of(Routine::Line, &[before]);
        b.local(&line.add(&int(1)))
    };
    let less = |after: &str| Ok::<_, EmitError>(int(-i64::from(address(after.len() + 1)?)));
    let (after_digest, after_settings, after_case) = (less(AFTER_DIGEST)?, less(AFTER_SETTINGS)?, less("}")?);
    let first = next_line(b, at);
    b.set(at, &first);
    b.repeat(|b, out, _| {
        let settings = next_line(b, at);
        b.code.leave_when(out, &settings.eq(end));
        let case = next_line(b, &settings);
        let next = next_line(b, &case);
        let refused = b.call(Routine::Configure, &[&settings, &case.add(&after_settings).sub(&settings)]);
        let status = b.call(Routine::Evaluate, &[&case, &next.add(&after_case).sub(&case)]);
        let digits = b.local(&settings.add(&after_digest).sub(&int(i64::from(DIGITS))));
        let high = b.call(Routine::Hex, &[&digits]);
        let low = b.call(Routine::Hex, &[&digits.add(&int(i64::from(AT_ONCE)))]);
        let answered = b.call(Routine::Digest, &[&OUT_START, &OUT]);
        let short = answered.bin(Bin::Xor, &answered.bin(Bin::ShrU, &long(32))).to(Ty::I32);
        let told = high.shl(4 * AT_ONCE).bin(Bin::Or, &low);
        let as_it_must = refused.either(&status).not().both(&short.eq(&told));
        b.set(failures, &failures.add(&as_it_must.not()));
        b.set(at, &next);
        Ok(())
    })
}

/// See [`Routine::Line`].
pub(super) fn line(b: &mut Body<'_, '_>) -> Written {
    let [at] = b.parameters();
    b.repeat(|b, out, _| {
        b.code.leave_when(out, &at.load(BYTE, 0).eq(&int(i64::from(b'\n'))));
        b.advance(&at, 1);
        Ok(())
    })?;
    b.code.push(&at);
    Ok(())
}

/// Copies so many bytes, in slots.
fn move_slots(b: &mut Body<'_, '_>, from: &Node, to: &Node, bytes: u32) -> Written {
    let place = b.local(&int(0));
    b.repeat(|b, out, _| {
        b.code.leave_when(out, &place.eq(&int(i64::from(bytes))));
        b.code.store(&to.add(&place), 0, &from.add(&place).load(SLOT, 0), SLOT);
        b.advance(&place, 8);
        Ok(())
    })
}

/// See [`Routine::Digest`]: as [`crate::abi::digest`].
pub(super) fn digest(b: &mut Body<'_, '_>) -> Written {
    let [at, end] = b.parameters();
    let sum = b.local(&long(DIGEST_START.cast_signed()));
    b.repeat(|b, out, _| {
        b.code.leave_when(out, &at.eq(&end));
        let next = sum.bin(Bin::Xor, &at.load(BYTE, 0).to(Ty::I64));
        b.set(&sum, &next.bin(Bin::Mul, &long(DIGEST_PRIME.cast_signed())));
        b.advance(&at, 1);
        Ok(())
    })?;
    b.code.push(&sum);
    Ok(())
}
