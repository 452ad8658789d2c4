//! The golden cases that a module carries, tried by itself: what `evaluate_json` gives of each is held to its digest.

use super::body::{BYTE, Body, WORD, Written};
use super::entry::aligned;
use super::frame::{ALLOCATED, OUT, OUT_START, REASONS, SET};
use super::routines::Routine;
use crate::abi::{DIGEST_PRIME, DIGEST_START};
use crate::emit::assembler::{Bin, Node, SLOT, Ty, address, int, long};
use crate::emit::memory::{CARRIED, CARRIED_BYTES, GOLDEN, GOLDEN_CASE, GOLDEN_DIGEST, GOLDEN_SETTINGS, HEAP};

/// `self_test() -> failures`, or −1 where there is no room. Settings in force stay so, and what the host has allocated stays its own.
pub(super) fn self_test(b: &mut Body<'_, '_>) -> Written {
    // It is an entry only where there are some.
    let (count, text) = b.context.golden.unwrap_or_default();
    let settings = b.context.map.unset;
    let bytes = b.context.map.parameters + 8 * address(b.context.plan.parameters.len())? - settings;
    let (allocated, set) = (b.local(&ALLOCATED), b.local(&SET));
    let kept = b.local(&aligned(&HEAP.add(&ALLOCATED)));
    let end = b.local(&kept.add(&int(i64::from(bytes.next_multiple_of(16)))));
    let there = b.call(Routine::Reserve, &[&end]);
    b.finish_when(&there.not(), &int(-1));
    move_slots(b, &int(i64::from(settings)), &kept, bytes)?;
    b.set(&ALLOCATED, &end.sub(&HEAP));
    b.set(&REASONS, &int(0));
    let vectors = b.local(&CARRIED.add(&CARRIED_BYTES));
    let line = b.local(&vectors.add(&int(i64::from(text))));
    let last = b.local(&line.add(&int(i64::from(count * GOLDEN))));
    let failures = b.local(&int(0));
    b.repeat(|b, out, _| {
        b.code.leave_when(out, &line.eq(&last));
        let part = |b: &mut Body<'_, '_>, routine: Routine, offset: u32| {
            let from = b.local(&vectors.add(&line.load(WORD, offset)));
            b.call(routine, &[&from, &line.load(WORD, offset + 4)])
        };
        let refused = part(b, Routine::Configure, GOLDEN_SETTINGS);
        let status = part(b, Routine::Evaluate, GOLDEN_CASE);
        let digest = b.call(Routine::Digest, &[&OUT_START, &OUT]);
        let as_it_must = refused.either(&status).not().both(&digest.eq(&line.load(SLOT, GOLDEN_DIGEST)));
        b.set(&failures, &failures.add(&as_it_must.not()));
        b.advance(&line, i64::from(GOLDEN));
        Ok(())
    })?;
    move_slots(b, &kept, &int(i64::from(settings)), bytes)?;
    for (global, value) in [(&SET, &set), (&ALLOCATED, &allocated), (&OUT, &int(0)), (&OUT_START, &int(0))] {
        b.set(global, value);
    }
    b.code.push(&failures);
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
