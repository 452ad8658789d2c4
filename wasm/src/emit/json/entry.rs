//! The functions that hosts call for JSON: room for a text, the answer to it, and where that lies.

use concord_engine::plan::MAX_EVENTS;

use super::body::{BYTE, Body, WORD, Written};
use super::events::row_bytes;
use super::frame::{
    ALLOCATED, BASE, BUFFER, END, EVENT_BOUNDS, EVENTS, FAULTS, LIST, MOST_BYTES, OUT, OUT_START, PLACE, REASONS, ROWS,
    TRUSTED,
};
use super::routines::Routine;
use crate::abi::{JSON_ANSWERED, JSON_BROKEN, JSON_LIMIT, JSON_REFUSED, STATUS_BROKEN};
use crate::emit::assembler::{Bin, EmitError, Node, SLOT, Ty, address, int, long};
use crate::emit::memory::{HEAP, MOST_EVENTS, WORKSPACE};

/// A power of two: the bytes of a page of memory.
const PAGE: u32 = 16;
/// The code of a text that is too large.
const TOO_LARGE: i64 = 3;
/// An address that 16 divides.
pub(super) fn aligned(at: &Node) -> Node {
    at.add(&int(15)).bin(Bin::And, &int(-16))
}

/// Offset of the text from the base.
fn text_offset(b: &Body<'_, '_>) -> Result<u32, EmitError> {
    let fields = address(b.context.layout.event_fields.len())?;
    Ok((EVENT_BOUNDS + 16 + 16 * fields).next_multiple_of(16))
}

/// See [`Routine::Reserve`].
pub(super) fn reserve(b: &mut Body<'_, '_>) -> Written {
    let [end] = b.parameters();
    let have = b.code.pages();
    let want = end.to(Ty::I64).add(&long((1 << PAGE) - 1)).bin(Bin::ShrU, &long(i64::from(PAGE))).to(Ty::I32);
    let more = b.local(&want.sub(&have));
    b.finish_when(&more.bin(Bin::LeS, &int(0)), &int(1));
    let grown = b.code.grow(&more);
    b.code.push(&grown.ne(&int(-1)));
    Ok(())
}

/// `alloc(bytes) -> address, or 0`.
pub(super) fn alloc(b: &mut Body<'_, '_>) -> Written {
    let [bytes] = b.parameters();
    let most = int(1 << 30);
    b.go_on(&bytes.bin(Bin::LeU, &most));
    let start = b.local(&HEAP.add(&ALLOCATED));
    let end = b.local(&aligned(&start.add(&bytes)));
    b.go_on(&end.bin(Bin::LeU, &most));
    let there = b.call(Routine::Reserve, &[&end]);
    b.go_on(&there);
    b.set(&ALLOCATED, &end.sub(&HEAP));
    b.set(&OUT_START, &int(0));
    b.set(&OUT, &int(0));
    b.code.push(&start);
    Ok(())
}

/// `reset() -> 0`.
pub(super) fn reset(b: &mut Body<'_, '_>) -> Written {
    for global in [ALLOCATED, OUT_START, OUT] {
        b.set(&global, &int(0));
    }
    b.code.push(&int(0));
    Ok(())
}

/// `json_out() -> address`.
pub(super) fn json_out(b: &mut Body<'_, '_>) -> Written {
    b.code.push(&OUT_START);
    Ok(())
}

/// `json_out_bytes() -> bytes`.
pub(super) fn json_out_bytes(b: &mut Body<'_, '_>) -> Written {
    b.code.push(&OUT.sub(&OUT_START));
    Ok(())
}

/// See [`Routine::Copy`]: sixteen zeros come after the text.
pub(super) fn copy(b: &mut Body<'_, '_>) -> Written {
    let [from, bytes] = b.parameters();
    let to = b.local(&END.sub(&bytes));
    b.repeat(|b, out, _| {
        b.code.leave_when(out, &to.add(&int(8)).bin(Bin::GtS, &END));
        b.code.store(&to, 0, &from.load(SLOT, 0), SLOT);
        b.advance(&to, 8);
        b.advance(&from, 8);
        Ok(())
    })?;
    b.repeat(|b, out, _| {
        b.code.leave_when(out, &to.eq(&END));
        b.code.store(&to, 0, &from.load(BYTE, 0), BYTE);
        b.advance(&to, 1);
        b.advance(&from, 1);
        Ok(())
    })?;
    for offset in [0, 8] {
        b.code.store(&END, offset, &long(0), SLOT);
    }
    b.code.push(&int(0));
    Ok(())
}

/// See [`Routine::Read`]: once trusting the text, which is enough for what is right and plain; else again, checked first.
pub(super) fn read(b: &mut Body<'_, '_>) -> Written {
    let [settings] = b.parameters();
    let start = b.local(&BASE.add(&int(i64::from(text_offset(b)?))));
    let at = b.local(&int(0));
    b.set(&TRUSTED, &int(0));
    read_as(b, &settings, &at, &start)?;
    b.when(&at, |b| {
        b.white(&at)?;
        b.finish_when(&at.eq(&END), &int(0));
        Ok(())
    })?;
    told(b);
    let mark = start.load(WORD, 0).bin(Bin::And, &int(0x00FF_FFFF)).eq(&int(0x00BF_BBEF));
    b.set(&start, &start.add(&int(3)).when(&mark, &start));
    let wrong = b.call(Routine::Check, &[&start]);
    b.when(&wrong, |b| {
        b.call(Routine::Fault, &[&wrong, &int(0), &int(0), &int(0), &int(0), &int(1)]);
        b.code.finish(&int(1));
        Ok(())
    })?;
    read_as(b, &settings, &at, &start)?;
    b.code.push(&FAULTS.ne(&int(0)));
    Ok(())
}

/// Reads a text as settings or as a case.
fn read_as(b: &mut Body<'_, '_>, settings: &Node, at: &Node, start: &Node) -> Written {
    let by = |routine: Routine| {
        move |b: &mut Body<'_, '_>| {
            let after = b.call(routine, &[start]);
            b.set(at, &after);
            Ok(())
        }
    };
    b.either(settings, by(Routine::Settings), by(Routine::Case))
}

/// From now on what is wrong is told, and nothing is yet.
fn told(b: &mut Body<'_, '_>) {
    for (global, value) in [(&TRUSTED, 1), (&FAULTS, 0), (&LIST, 0), (&PLACE, 0)] {
        b.set(global, &int(value));
    }
}

/// Whether a text does not lie between the heap and the end of the memory: then nothing comes out.
pub(super) fn refuse_outside(b: &mut Body<'_, '_>, from: &Node, bytes: &Node) {
    b.set(&OUT_START, &int(0));
    b.set(&OUT, &int(0));
    let memory = b.code.pages().to(Ty::I64).shl(PAGE);
    let end = from.to(Ty::I64).add(&bytes.to(Ty::I64));
    let outside = from.bin(Bin::LtS, &HEAP).either(&bytes.bin(Bin::LtS, &int(0))).either(&end.bin(Bin::GtS, &memory));
    b.finish_when(&outside, &int(JSON_LIMIT));
}

/// `evaluate_json(address, bytes) -> status`.
pub(super) fn evaluate_json(b: &mut Body<'_, '_>) -> Written {
    let [from, bytes] = b.parameters();
    answered(b, false, [&from, &bytes])
}

/// `explain_json(address, bytes) -> status`.
pub(super) fn explain_json(b: &mut Body<'_, '_>) -> Written {
    let [from, bytes] = b.parameters();
    answered(b, true, [&from, &bytes])
}

/// Answers a case, with reasons or without.
fn answered(b: &mut Body<'_, '_>, reasons: bool, [from, bytes]: [&Node; 2]) -> Written {
    refuse_outside(b, from, bytes);
    b.set(&REASONS, &int(i64::from(reasons)));
    let status = b.call(Routine::Evaluate, &[from, bytes]);
    b.code.push(&status);
    Ok(())
}

/// See [`Routine::Take`].
pub(super) fn take(b: &mut Body<'_, '_>) -> Written {
    let [from, bytes, settings] = b.parameters();
    let text = text_offset(b)?;
    let (given, allocated) = (b.local(&from.add(&bytes)), b.local(&HEAP.add(&ALLOCATED)));
    b.set(&BASE, &aligned(&given.when(&given.bin(Bin::GtS, &allocated), &allocated)));
    let too_large = b.local(&bytes.bin(Bin::GtS, &int(MOST_BYTES)));
    let read = b.local(&int(0).when(&too_large, &bytes));
    let room = b.local(&aligned(&read.add(&int(16))));
    b.set(&END, &BASE.add(&int(i64::from(text))).add(&read));
    b.set(&BUFFER, &BASE.add(&int(i64::from(text))).add(&room));
    b.set(&ROWS, &BUFFER.add(&room.shl(1)));
    let whole = b.outputs.most_bytes.max(50 * 512) + text + 64;
    let most = events_room(b, &read, whole)?;
    let last = ROWS.add(&room.shl(1)).add(&most);
    let there = b.call(Routine::Reserve, &[&last]);
    b.finish_when(&there.not(), &int(JSON_LIMIT));
    b.when(&too_large, |b| {
        told(b);
        b.call(Routine::Fault, &[&int(TOO_LARGE), &int(0), &int(0), &int(0), &int(0), &int(1)]);
        refuse(b)
    })?;
    b.call(Routine::Copy, &[&from, &read]);
    let refused = b.call(Routine::Read, &[&settings]);
    b.when(&refused, refuse)?;
    b.code.push(&int(JSON_ANSWERED));
    Ok(())
}

/// See [`Routine::Evaluate`].
pub(super) fn evaluate(b: &mut Body<'_, '_>) -> Written {
    let [from, bytes] = b.parameters();
    let taken = b.call(Routine::Take, &[&from, &bytes, &int(0)]);
    b.finish_when(&taken, &taken);
    let status = answer(b)?;
    b.set(&OUT, &OUT_START);
    let claims = int(i64::from(b.outputs.claims));
    b.when(&status.bin(Bin::And, &int(i64::from(STATUS_BROKEN))), |b| {
        let claim = claims.add(&status.bin(Bin::ShrS, &int(8)).shl(2)).load(WORD, 0);
        b.call(Routine::Put, &[&claim]);
        b.code.finish(&int(JSON_BROKEN));
        Ok(())
    })?;
    b.call(Routine::PutAnswers, &[&status]);
    b.code.push(&int(JSON_ANSWERED));
    Ok(())
}

fn refuse(b: &mut Body<'_, '_>) -> Written {
    b.set(&OUT_START, &ROWS);
    b.set(&OUT, &ROWS);
    b.call(Routine::PutFaults, &[]);
    b.code.finish(&int(JSON_REFUSED));
    Ok(())
}

/// Bytes for the events that a text of so many bytes may have, and for so many others.
fn events_room(b: &mut Body<'_, '_>, read: &Node, others: u32) -> Result<Node, EmitError> {
    let layout = &b.context.layout;
    if !layout.has_events {
        return Ok(int(i64::from(others)));
    }
    let fields: u32 = layout.event_fields.iter().map(|field| 3 * u32::from(field.bytes)).sum();
    let space = b.context.map.workspace;
    let each = row_bytes(b)? + 8 + 3 * 8 + fields + 1 + space.each;
    let others = others + space.each * (space.beyond() + 16);
    // An event takes more than 8 bytes of text.
    let events = b.local(&read.bin(Bin::ShrU, &int(3)).add(&int(1)));
    let events = int(MAX_EVENTS).when(&events.bin(Bin::GtS, &int(MAX_EVENTS)), &events);
    Ok(events.bin(Bin::Mul, &int(i64::from(each))).add(&int(i64::from(others))))
}

/// Evaluates the record that was read; the status comes back, and what comes out has a place.
fn answer(b: &mut Body<'_, '_>) -> Result<Node, EmitError> {
    let (record, out) = (b.context.map.record, b.context.map.record_out);
    let layout = &b.context.layout;
    let (bounds, has_events) = (layout.record_in_bounds, layout.has_events);
    let record_at = int(i64::from(record));
    b.code.store(&record_at, bounds, &long(i64::from(b.context.map.bounds)), SLOT);
    b.set(&OUT_START, &ROWS);
    let evaluate = b.evaluate.call(vec![record_at.clone(), int(i64::from(out))]);
    if !has_events {
        b.code.store(&record_at, bounds + 8, &long(0), SLOT);
        return Ok(b.local(&evaluate));
    }
    let after = b.call(Routine::Arrange, &[]);
    let space = b.context.map.workspace;
    if space.each == 0 {
        b.set(&OUT_START, &aligned(&after));
        return Ok(b.local(&evaluate));
    }
    let (given, most) = (b.local(&WORKSPACE), b.local(&MOST_EVENTS));
    b.set(&WORKSPACE, &aligned(&after));
    b.set(&MOST_EVENTS, &EVENTS);
    let places = space.places(&EVENTS);
    b.set(&OUT_START, &WORKSPACE.add(&places.bin(Bin::Mul, &int(i64::from(space.each)))));
    let status = b.local(&evaluate);
    b.set(&WORKSPACE, &given);
    b.set(&MOST_EVENTS, &most);
    Ok(status)
}
