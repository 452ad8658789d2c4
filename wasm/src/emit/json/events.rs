//! The events of a case: read in the order supplied, one row each.

use concord_engine::plan::{FieldId, Id, KindId, MAX_EVENTS};
use concord_engine::values::calendar::FIRST_INSTANT;

use super::body::{BYTE, Body, WORD, Written, is};
use super::case::{Keys, entries, items, read_text};
use super::frame::{
    BASE, BETWEEN, EVENTS, FIELD, FROM, HIGHEST, KIND, KNOWN, LIST, MISSING, NAME, NONE, PLACE, RANGE, ROW, ROWS,
    SEEN_EVENT, STRING, STRING_END, TAG, TIME, TO, TRUSTED, VALUE,
};
use super::keys::{KEY, KEY_ACTION, KEY_BIT, KEY_SLOT, KEY_TYPE};
use super::literals::{INSTANT, escaped};
use super::routines::Routine;
use super::scan::four;
use crate::abi::{TIME_BETWEEN, TIME_UNKNOWN, missing_of};
use crate::emit::assembler::{Bin, EmitError, Node, SLOT, Ty, address, int, long};

/// Codes of faults.
const WRONG_KIND: i64 = 7;
const BACKWARDS: i64 = 8;
const NO_KIND: i64 = 13;
const NO_TIME: i64 = 14;
const TOO_MANY: i64 = 15;

/// Bytes of a row.
pub(super) fn row_bytes(b: &Body<'_, '_>) -> Result<u32, EmitError> {
    Ok(ROW + FIELD * address(b.context.layout.event_fields.len())?)
}

fn row(b: &mut Body<'_, '_>) -> Result<Node, EmitError> {
    let bytes = row_bytes(b)?;
    Ok(b.local(&ROWS.add(&EVENTS.bin(Bin::Mul, &int(i64::from(bytes))))))
}

/// See [`Routine::Events`].
pub(super) fn events(b: &mut Body<'_, '_>) -> Written {
    let [at, key] = b.parameters();
    b.finish_when(&at.load(WORD, 0).eq(&int(four(b"null"))), &at.add(&int(4)));
    let is_list = is(&at.load(BYTE, 0), b'[');
    b.when(&TRUSTED.either(&is_list.not()), |b| {
        let after = b.call(Routine::Skip, &[&at]);
        b.go_on(&after);
        let expected = b.literal("a list of events")?;
        b.when(&is_list.not(), |b| {
            let told = b.call(Routine::Fault, &[&int(WRONG_KIND), &at, &key, &int(0), &expected, &after]);
            b.code.finish(&told);
            Ok(())
        })?;
        let count = b.call(Routine::Items, &[&at]);
        b.when(&count.bin(Bin::GtS, &int(MAX_EVENTS)), |b| {
            let told = b.call(Routine::Fault, &[&int(TOO_MANY), &at, &key, &int(0), &int(0), &after]);
            b.code.finish(&told);
            Ok(())
        })
    })?;
    let list = b.literal("/events")?;
    b.set(&LIST, &list);
    items(b, &at, |b, at| {
        b.go_on(&EVENTS.bin(Bin::LtS, &int(MAX_EVENTS)));
        let after = b.call(Routine::Event, &[at]);
        b.set(at, &after);
        Ok(())
    })?;
    b.set(&LIST, &int(0));
    b.set(&PLACE, &int(0));
    b.code.push(&at);
    Ok(())
}

/// See [`Routine::Items`].
pub(super) fn count_items(b: &mut Body<'_, '_>) -> Written {
    let [at] = b.parameters();
    let count = b.local(&int(0));
    items(b, &at, |b, at| {
        b.advance(&count, 1);
        let after = b.call(Routine::Skip, &[at]);
        b.set(at, &after);
        Ok(())
    })?;
    b.code.push(&count);
    Ok(())
}

/// See [`Routine::Event`]: one whose kind is not known is not read further.
pub(super) fn event(b: &mut Body<'_, '_>) -> Written {
    let [at] = b.parameters();
    let start = b.local(&at);
    b.when(&is(&at.load(BYTE, 0), b'{').not(), |b| {
        let expected = b.literal(&escaped("an event such as {\"event\": …, \"at\": …}"))?;
        let after = b.call(Routine::Skip, &[&at]);
        b.go_on(&after);
        let told = b.call(Routine::Fault, &[&int(WRONG_KIND), &at, &int(0), &int(0), &expected, &after]);
        b.code.finish(&told);
        Ok(())
    })?;
    let named = b.call(Routine::KindOf, &[&at]);
    b.go_on(&named);
    b.when(&KIND.not(), |b| {
        let after = b.call(Routine::Skip, &[&at]);
        b.code.finish(&after);
        Ok(())
    })?;
    let kind = b.local(&KIND);
    let row = row(b)?;
    b.code.store(&row, 0, &long(TIME_UNKNOWN), SLOT);
    b.code.store(&row, 24, &kind.load(WORD, KEY_ACTION).to(Ty::I64), SLOT);
    let widths: Vec<u8> = b.context.layout.event_fields.iter().map(|field| field.bytes).collect();
    for (offset, bytes) in (ROW..).step_by(24).zip(widths) {
        b.code.store(&row, offset, &long(missing_of(bytes)), SLOT);
    }
    for line in 0..b.tables.most_event_keys.div_ceil(8) {
        b.code.store(&BASE, SEEN_EVENT + 8 * line, &long(0), SLOT);
    }
    let (table, count) = (b.local(&kind.load(WORD, KEY_TYPE)), b.local(&kind.load(WORD, KEY_SLOT)));
    let seen = b.local(&BASE.add(&int(i64::from(SEEN_EVENT))));
    entries(b, &at, &Keys { table: &table, count: &count, seen: &seen }, |b, line, at, key| {
        act(b, &row, line, at, key)
    })?;
    // Its time is the last of its keys.
    b.when(&seen.add(&count).sub(&int(1)).load(BYTE, 0).not(), |b| {
        let suffix = b.literal("/at")?;
        let told = b.call(Routine::Fault, &[&int(NO_TIME), &start, &int(0), &suffix, &int(0), &at]);
        b.set(&at, &told);
        Ok(())
    })?;
    lasts(b, &row, &kind)?;
    b.set(&EVENTS, &EVENTS.add(&int(1)));
    b.code.push(&at);
    Ok(())
}

/// What lasts starts no later than it ends, so an end that is known says by when it started.
fn lasts(b: &mut Body<'_, '_>, row: &Node, kind: &Node) -> Written {
    let ends: Vec<(KindId, FieldId)> =
        b.context.plan.subject.events.placed().filter_map(|(of, kind)| Some((of, kind.ends?))).collect();
    for (of, field) in ends {
        let width = b.context.layout.event_fields.get(field).map(|column| column.bytes);
        let missing = missing_of(width.ok_or(EmitError::no_such("field", field))?);
        let offset = ROW + FIELD * address(field.place())?;
        let place = crate::emit::assembler::count(of.place())?;
        let said = kind.load(WORD, KEY_ACTION).eq(&place).both(&row.load(SLOT, offset).bin(Bin::GtS, &long(missing)));
        b.when(&said, |b| {
            let end = b.local(&row.load(SLOT, offset + 16));
            b.when(&row.load(SLOT, 0).eq(&long(TIME_UNKNOWN)).both(&end.bin(Bin::GtS, &long(FIRST_INSTANT))), |b| {
                for (offset, part) in [(0, &long(TIME_BETWEEN)), (8, &long(FIRST_INSTANT)), (16, &end)] {
                    b.code.store(row, offset, part, SLOT);
                }
                b.set(&BETWEEN, &int(1));
                Ok(())
            })?;
            let inside = row.load(SLOT, 8).bin(Bin::LtS, &end).both(&end.bin(Bin::LtS, &row.load(SLOT, 16)));
            b.when(&row.load(SLOT, 0).eq(&long(TIME_BETWEEN)).both(&inside), |b| {
                b.code.store(row, 16, &end, SLOT);
                Ok(())
            })
        })?;
    }
    Ok(())
}

/// What an event says under one of its keys.
fn act(b: &mut Body<'_, '_>, row: &Node, line: &Node, at: &Node, key: &Node) -> Written {
    let action = b.local(&line.load(WORD, KEY_ACTION));
    b.when(&action.eq(&int(NAME)), |b| {
        let after = b.call(Routine::Skip, &[at]);
        b.set(at, &after);
        Ok(())
    })?;
    b.when(&action.eq(&int(TIME)), |b| {
        let after = b.call(Routine::When, &[at, key]);
        b.set(at, &after);
        Ok(())
    })?;
    if b.context.layout.event_fields.is_empty() {
        return Ok(());
    }
    b.when(&action.not(), |b| {
        let after = b.call(Routine::Value, &[&line.load(WORD, KEY_TYPE), at, key]);
        b.go_on(&after);
        b.set(at, &after);
        let field = b.local(&row.add(&line.load(WORD, KEY_SLOT)));
        let mark = b.local(&line.load(SLOT, KEY_BIT));
        let stands = long(1).add(&mark).when(&TAG.eq(&int(MISSING)), &VALUE);
        let stands = mark.when(&TAG.eq(&int(NONE)), &stands);
        let between = b.local(&TAG.eq(&int(RANGE)));
        b.set(&BETWEEN, &BETWEEN.either(&between));
        b.code.store(&field, 0, &mark.add(&long(2)).when(&between, &stands), SLOT);
        b.code.store(&field, 8, &VALUE, SLOT);
        b.code.store(&field, 16, &HIGHEST, SLOT);
        Ok(())
    })
}

/// See [`Routine::KindOf`].
pub(super) fn kind_of(b: &mut Body<'_, '_>) -> Written {
    let [at] = b.parameters();
    let start = b.local(&at);
    b.set(&KIND, &int(0));
    b.advance(&at, 1);
    b.white(&at)?;
    b.block(|b, missing| {
        b.code.leave_when(missing, &is(&at.load(BYTE, 0), b'}'));
        b.repeat(|b, _, _| {
            let key = b.local(&at);
            b.past(&at, b'"');
            let after = b.call(Routine::String, &[&at]);
            b.go_on(&after);
            let length = STRING_END.sub(&STRING).eq(&int(5)).both(&STRING.ne(&int(0)));
            let is_name =
                length.both(&STRING.load(WORD, 0).eq(&int(four(b"even")))).both(&is(&STRING.load(BYTE, 4), b't'));
            let is_name = b.local(&is_name);
            b.white(&after)?;
            b.past(&after, b':');
            b.white(&after)?;
            b.when(&is_name, |b| {
                let named = b.call(Routine::KindNamed, &[&after, &key]);
                b.code.finish(&named);
                Ok(())
            })?;
            let end = b.call(Routine::Skip, &[&after]);
            b.go_on(&end);
            b.white(&end)?;
            b.set(&at, &end.add(&int(1)));
            let c = b.byte(&end, 0);
            b.code.leave_when(missing, &is(&c, b'}'));
            b.go_on(&is(&c, b','));
            b.white(&at)
        })
    })?;
    let suffix = b.literal("/event")?;
    let told = b.call(Routine::Fault, &[&int(NO_KIND), &start, &int(0), &suffix, &int(0), &int(1)]);
    b.code.push(&told);
    Ok(())
}

/// See [`Routine::KindNamed`].
pub(super) fn kind_named(b: &mut Body<'_, '_>) -> Written {
    let [at, key] = b.parameters();
    b.set(&KIND, &int(0));
    b.block(|b, no_name| {
        b.code.leave_when(no_name, &is(&at.load(BYTE, 0), b'"').not());
        let after = b.call(Routine::String, &[&at.add(&int(1))]);
        b.go_on(&after);
        b.code.leave_when(no_name, &STRING.not());
        let (table, count) = b.tables.kinds.nodes();
        let place = b.call(Routine::Find, &[&table, &count, &int(0)]);
        b.when(&place.bin(Bin::LtS, &int(0)), |b| {
            let told = b.call(Routine::Fault, &[&int(NO_KIND), &at, &key, &int(0), &int(0), &int(1)]);
            b.code.finish(&told);
            Ok(())
        })?;
        b.set(&KIND, &table.add(&place.bin(Bin::Mul, &int(i64::from(KEY)))));
        b.code.finish(&int(1));
        Ok(())
    })?;
    let expected = b.literal("the name of an event")?;
    let told = b.call(Routine::Fault, &[&int(WRONG_KIND), &at, &key, &int(0), &expected, &int(1)]);
    b.code.push(&told);
    Ok(())
}

/// See [`Routine::MomentAt`].
pub(super) fn moment_at(b: &mut Body<'_, '_>) -> Written {
    let [at, key, suffix] = b.parameters();
    b.set(&TAG, &int(KNOWN));
    let (wrong, after) = read_text(b, &at, Routine::Moment)?;
    b.finish_when(&wrong.not(), &after);
    b.set(&TAG, &int(MISSING));
    let expected = b.literal(INSTANT)?;
    let told = b.call(Routine::Fault, &[&wrong, &at, &key, &suffix, &expected, &after]);
    b.code.push(&told);
    Ok(())
}

/// See [`Routine::When`].
pub(super) fn when(b: &mut Body<'_, '_>) -> Written {
    let [at, key] = b.parameters();
    b.finish_when(&at.load(WORD, 0).eq(&int(four(b"null"))), &at.add(&int(4)));
    let (after, known) = (b.local(&int(0)), b.local(&int(0)));
    let (first, last) = (b.local(&long(0)), b.local(&long(0)));
    b.set(&FROM, &int(0));
    b.when(&is(&at.load(BYTE, 0), b'{'), |b| {
        let end = b.call(Routine::FromTo, &[&at]);
        b.go_on(&end);
        b.set(&after, &end);
        Ok(())
    })?;
    b.either(
        &FROM,
        |b| {
            let (from, to) = (b.literal("/from")?, b.literal("/to")?);
            let read = b.call(Routine::MomentAt, &[&FROM, &key, &from]);
            b.go_on(&read);
            b.set(&first, &VALUE);
            b.set(&known, &TAG);
            let read = b.call(Routine::MomentAt, &[&TO, &key, &to]);
            b.go_on(&read);
            b.set(&known, &known.bin(Bin::And, &TAG));
            Ok(())
        },
        |b| {
            let read = b.call(Routine::MomentAt, &[&at, &key, &int(0)]);
            b.go_on(&read);
            b.set(&after, &read);
            b.set(&first, &VALUE);
            b.set(&known, &TAG);
            Ok(())
        },
    )?;
    b.set(&last, &HIGHEST);
    b.finish_when(&known.not(), &after);
    b.when(&first.bin(Bin::GtS, &last), |b| {
        let told = b.call(Routine::Fault, &[&int(BACKWARDS), &at, &key, &int(0), &int(0), &after]);
        b.code.finish(&told);
        Ok(())
    })?;
    let row = row(b)?;
    let one = b.local(&first.eq(&last));
    b.set(&BETWEEN, &BETWEEN.either(&one.not()));
    for (offset, part) in [(0, &first.when(&one, &long(TIME_BETWEEN))), (8, &first), (16, &last)] {
        b.code.store(&row, offset, part, SLOT);
    }
    b.code.push(&after);
    Ok(())
}
