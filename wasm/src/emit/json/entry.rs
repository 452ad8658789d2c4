//! The functions that hosts call for JSON: room for a text, the answer to it, and where that lies.

use super::body::{Body, WORD, Written};
use super::case::end_list;
use super::descriptors::Kind;
use super::events::row_bytes;
use super::frame::{
    ALLOCATED, BAD, BASE, BUFFER, CODES, CODES_END, CODES_ROOT, CODES_START, END, EVENT_BOUNDS, EVENTS, FAULTS,
    FOREIGN, MOST_BYTES, OPEN, OUT, OUT_START, REASONS, ROWS,
};
use super::listed;
use super::literals::{NAME, OTHER};
use super::routines::Routine;
use super::told::{EMPTY, NO_JSON, NOT_UTF_8, TOO_LONG};
use crate::abi::{JSON_ANSWERED, JSON_BROKEN, JSON_LIMIT, JSON_REFUSED, STATUS_BROKEN};
use crate::emit::assembler::{Bin, EmitError, Node, SLOT, Ty, address, int, long};
use crate::emit::memory::{CARRIED_TEXTS, HAS_TEXTS, HEAP, MOST_EVENTS, WORKSPACE};

/// A power of two: the bytes of a page of memory.
const PAGE: u32 = 16;
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
    // An end is a number without a sign: the events of a case may take it beyond 2 GiB, which no memory has.
    let want = end.sub(&int(1)).bin(Bin::ShrU, &int(i64::from(PAGE))).add(&int(1));
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
    b.finish_when(&bytes.bin(Bin::LeU, &most).not(), &int(0));
    let start = b.local(&HEAP.add(&ALLOCATED));
    let end = b.local(&aligned(&start.add(&bytes)));
    b.finish_when(&end.bin(Bin::LeU, &most).not(), &int(0));
    let there = b.of(Routine::Reserve, &[&end]);
    b.finish_when(&there.not(), &int(0));
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

/// See [`Routine::Copy`]: eight bytes at a time, for which there is room beyond the text; sixteen zeros come after it.
pub(super) fn copy(b: &mut Body<'_, '_>) -> Written {
    let [from, bytes] = b.parameters();
    let to = b.local(&END.sub(&bytes));
    b.repeat(|b, out, _| {
        b.code.leave_when(out, &to.bin(Bin::GeS, &END));
        b.code.store(&to, 0, &from.load(SLOT, 0), SLOT);
        b.advance(&to, 8);
        b.advance(&from, 8);
        Ok(())
    })?;
    for offset in [0, 8] {
        b.code.store(&END, offset, &long(0), SLOT);
    }
    Ok(())
}

/// See [`Routine::Read`]: whatever was found wrong, a text that is none at all is told as that alone.
pub(super) fn read(b: &mut Body<'_, '_>) -> Written {
    let [settings] = b.parameters();
    let start = b.local(&BASE.add(&int(i64::from(text_offset(b)?))));
    start_reading(b);
    let mark = start.load(WORD, 0).bin(Bin::And, &int(0x00FF_FFFF)).eq(&int(0x00BF_BBEF));
    b.set(&start, &start.add(&int(3).when(&mark, &int(0))));
    let first = b.call(Routine::White, &[&start]);
    let after = b.local(&int(0));
    let by = |routine: Routine| {
        let (first, after) = (&first, &after);
        move |b: &mut Body<'_, '_>| {
            let read = b.of(routine, &[first]);
            b.set(after, &read);
            Ok(())
        }
    };
    b.either(&settings, by(Routine::Settings), by(Routine::Case))?;
    b.white(&after);
    let none = b.local(&BAD.either(&after.ne(&END)));
    let code = b.local(&int(NO_JSON).when(&none, &int(0)));
    b.set(&code, &int(EMPTY).when(&first.eq(&END), &code));
    b.when(&FOREIGN.either(&none), |b| {
        b.repeat(|b, out, _| {
            b.code.leave_when(out, &start.eq(&END));
            let after = b.of(Routine::Character, &[&start]);
            b.set(&start, &after);
            b.when(&start.not(), |b| {
                b.set(&code, &int(NOT_UTF_8));
                b.code.leave(out);
                Ok(())
            })
        })
    })?;
    b.when(&code, |b| {
        tell(b, &code);
        Ok(())
    })?;
    b.code.push(&FAULTS);
    Ok(())
}

/// Nothing was found yet.
fn start_reading(b: &mut Body<'_, '_>) {
    for global in [FAULTS, BAD, FOREIGN] {
        b.set(&global, &int(0));
    }
    end_list(b);
}

/// What is wrong with the text as a whole.
fn tell(b: &mut Body<'_, '_>, code: &Node) {
    b.set(&FAULTS, &int(0));
    end_list(b);
    b.run(Routine::Fault, &[code, &int(0), &int(0), &int(0)]);
}

/// Whether a text does not lie between the heap and the end of the memory: then nothing comes out.
fn refuse_outside(b: &mut Body<'_, '_>, from: &Node, bytes: &Node) {
    b.set(&OUT_START, &int(0));
    b.set(&OUT, &int(0));
    let memory = b.code.pages().to(Ty::I64).shl(PAGE);
    let end = from.to(Ty::I64).add(&bytes.to(Ty::I64));
    let outside = from.bin(Bin::LtS, &HEAP).either(&bytes.bin(Bin::LtS, &int(0))).either(&end.bin(Bin::GtS, &memory));
    b.finish_when(&outside, &int(JSON_LIMIT));
}

/// `evaluate_json(address, bytes) -> status`, or `explain_json`, which gives reasons.
pub(super) fn answered(b: &mut Body<'_, '_>, reasons: bool) -> Written {
    let [from, bytes] = b.parameters();
    b.set(&REASONS, &int(i64::from(reasons)));
    let status = b.of(Routine::Evaluate, &[&from, &bytes]);
    b.code.push(&status);
    Ok(())
}

/// Unpacks the constants that only texts need, unless they are; the work of it is done where the frame will be.
fn unpack_texts(b: &mut Body<'_, '_>) -> Written {
    b.when(&HAS_TEXTS.not(), |b| {
        let to = int(i64::from(b.context.data.texts_at()));
        let there = b.of(Routine::Unpack, &[&to, &CARRIED_TEXTS, &BASE]);
        b.finish_when(&there.not(), &int(JSON_LIMIT));
        b.set(&HAS_TEXTS, &int(1));
        Ok(())
    })
}

/// See [`Routine::Take`].
pub(super) fn take(b: &mut Body<'_, '_>) -> Written {
    let [from, bytes, settings] = b.parameters();
    refuse_outside(b, &from, &bytes);
    let text = text_offset(b)?;
    let (given, allocated) = (b.local(&from.add(&bytes)), b.local(&HEAP.add(&ALLOCATED)));
    b.set(&BASE, &aligned(&given.when(&given.bin(Bin::GtS, &allocated), &allocated)));
    unpack_texts(b)?;
    let too_large = b.local(&bytes.bin(Bin::GtS, &int(MOST_BYTES)));
    let read = b.local(&int(0).when(&too_large, &bytes));
    let room = b.local(&aligned(&read.add(&int(16))));
    b.set(&END, &BASE.add(&int(i64::from(text))).add(&read));
    b.set(&BUFFER, &BASE.add(&int(i64::from(text))).add(&room));
    b.set(&OPEN, &BUFFER.add(&room.shl(1)));
    b.set(&ROWS, &OPEN.add(&room));
    let reads_codes = b.tables.kinds_read.contains(&Kind::Code);
    if reads_codes {
        b.set(&CODES, &int(0));
        b.set(&CODES_START, &ROWS);
        b.set(&CODES_END, &ROWS);
        // A code takes 8 bytes of the text at least.
        b.set(&ROWS, &ROWS.add(&room.shl(2)).add(&int(i64::from(listed::MOST_BYTES.next_multiple_of(16)))));
    }
    // A fault has its words and what belongs there; its path comes out of the text.
    let faults = address(51 * (b.tables.longest_expected + 256))?;
    let whole = b.outputs.most_bytes.max(faults) + text + 64;
    let most = events_room(b, &read, whole)?;
    let last = ROWS.add(&room.shl(1)).add(&most);
    let there = b.of(Routine::Reserve, &[&last]);
    b.finish_when(&there.not(), &int(JSON_LIMIT));
    // Only now is there memory from the base up.
    if reads_codes {
        b.code.store(&BASE, CODES_ROOT, &int(0), WORD);
    }
    let refused = b.local(&int(1));
    b.either(
        &too_large,
        |b| {
            tell(b, &int(TOO_LONG));
            Ok(())
        },
        |b| {
            b.run(Routine::Copy, &[&from, &read]);
            let faults = b.of(Routine::Read, &[&settings]);
            b.set(&refused, &faults);
            Ok(())
        },
    )?;
    b.when(&refused, |b| {
        b.set(&OUT_START, &ROWS);
        b.set(&OUT, &ROWS);
        b.run(Routine::PutFaults, &[]);
        b.code.finish(&int(JSON_REFUSED));
        Ok(())
    })?;
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
        let claim = b.local(&claims.add(&status.bin(Bin::ShrS, &int(8)).shl(3)));
        let form =
            format!("{{\"broken\":\"this case reaches a row of `{NAME}` that is marked impossible: `{OTHER}`\"}}");
        let form = b.literal(&form)?;
        b.run(Routine::PutForm, &[&form, &claim.load(WORD, 0), &claim.load(WORD, 4)]);
        b.code.finish(&int(JSON_BROKEN));
        Ok(())
    })?;
    b.run(Routine::PutAnswers, &[]);
    b.code.push(&int(JSON_ANSWERED));
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
    let most = int(b.context.plan.most_events());
    let events = most.when(&events.bin(Bin::GtS, &most), &events);
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
