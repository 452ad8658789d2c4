//! The events of a case: read in the order supplied, one row each.

use concord_engine::plan::{FieldId, Id, KindId, Kinds};
use concord_engine::values::calendar::FIRST_INSTANT;

use super::body::{BYTE, Body, WORD, Written, is};
use super::case::{Keys, end_list, entries, items, object_only, path, read_text};
use super::descriptors::{NAME, TIME};
use super::frame::{
    BASE, BETWEEN, ENTRY, EVENTS, FAULTS, FIELD, FIRST, HIGHEST, KIND, KNOWN, LIST, MISSING, NONE, RANGE, ROW, ROWS,
    SECOND, SEEN_EVENT, STRING, TAG, VALUE,
};
use super::keys::{KEY_PLACE, two};
use super::literals::{INSTANT, escaped};
use super::routines::Routine;
use super::scan::four;
use super::told::{ENDS_EARLY, NO_AT, NO_KIND, OUT_OF_RANGE, TOO_MANY, WRONG_KIND};
use crate::abi::{IN_NOT_SUPPLIED, TIME_BETWEEN, TIME_UNKNOWN, missing_of};
use crate::emit::assembler::{Bin, EmitError, Node, SLOT, Ty, address, int, long};

/// Bytes of a row.
pub(super) fn row_bytes(b: &Body<'_, '_>) -> Result<u32, EmitError> {
    Ok(ROW + FIELD * address(b.context.layout.event_fields.len())?)
}

fn row(b: &mut Body<'_, '_>) -> Result<Node, EmitError> {
    let bytes = row_bytes(b)?;
    Ok(b.local(&ROWS.add(&EVENTS.bin(Bin::Mul, &int(i64::from(bytes))))))
}

/// See [`Routine::List`]. Null in the place of events is a list that nobody has: no kind is supplied. Of too many events, none is read, and what was wrong with them is not told.
pub(super) fn list(b: &mut Body<'_, '_>) -> Written {
    let [at, key, events] = b.parameters();
    let [all, names] = [b.literal("a list of events")?, b.literal("a list of names of events")?];
    b.when(&is(&at.load(BYTE, 0), b'[').not(), |b| {
        b.when(&at.load(WORD, 0).ne(&int(four(b"null"))), |b| {
            b.run(Routine::Fault, &[&int(WRONG_KIND), &at, &key, &all.when(&events, &names)]);
            Ok(())
        })?;
        // Of what is neither, a fault is told and no answer is asked for.
        b.when(&events, none_supplied)?;
        let after = b.of(Routine::Skip, &[&at]);
        b.code.finish(&after);
        Ok(())
    })?;
    let (start, faults, count) = (b.local(&at), b.local(&FAULTS), b.local(&int(0)));
    let most = int(b.context.plan.most_events());
    let [all, names] = [b.literal("/events")?, b.literal("/not_supplied")?];
    b.set(&LIST, &all.when(&events, &names));
    items(b, &at, b']', |b, at| {
        b.set(&count, &count.add(&events));
        b.block(|b, done| {
            b.when(&events.both(&count.bin(Bin::LeS, &most)), |b| {
                let after = b.of(Routine::Event, &[at]);
                b.set(at, &after);
                b.code.leave(done);
                Ok(())
            })?;
            b.when(&events.not(), |b| {
                b.run(Routine::KindNamed, &[at, &int(0)]);
                not_supplied(b)
            })?;
            let after = b.of(Routine::Skip, &[at]);
            b.set(at, &after);
            Ok(())
        })
    })?;
    end_list(b);
    b.when(&count.bin(Bin::GtS, &most), |b| {
        b.set(&FAULTS, &faults);
        b.run(Routine::Fault, &[&int(TOO_MANY), &start, &key, &int(0)]);
        Ok(())
    })?;
    b.code.push(&at);
    Ok(())
}

/// Marks all kinds of event as not supplied.
fn none_supplied(b: &mut Body<'_, '_>) -> Written {
    let kinds = b.context.plan.subject.events.placed().fold(0, |mask, (kind, _)| mask | Kinds::one(kind).0);
    if kinds == 0 {
        return Ok(());
    }
    // There is no other kind that may be marked already.
    b.code.store(&int(i64::from(b.context.map.record)), IN_NOT_SUPPLIED, &long(kinds.cast_signed()), SLOT);
    Ok(())
}

/// Marks a kind of event as not supplied.
fn not_supplied(b: &mut Body<'_, '_>) -> Written {
    if b.tables.most_event_keys == 0 {
        return Ok(());
    }
    let record = int(i64::from(b.context.map.record));
    b.when(&KIND, |b| {
        let bit = long(1).bin(Bin::Shl, &KIND.load(BYTE, KEY_PLACE).to(Ty::I64));
        let mask = record.load(SLOT, IN_NOT_SUPPLIED).bin(Bin::Or, &bit);
        b.code.store(&record, IN_NOT_SUPPLIED, &mask, SLOT);
        Ok(())
    })
}

/// See [`Routine::Event`]: one whose kind is not known is not read further.
pub(super) fn event(b: &mut Body<'_, '_>) -> Written {
    let [at] = b.parameters();
    let start = b.local(&at);
    b.set(&KIND, &int(0));
    object_only(b, &at, &escaped("an event such as {\"event\": …, \"at\": …}"))?;
    let name = b.literal("event")?;
    b.run(Routine::Members, &[&at, &name, &int(0)]);
    let key = path(b, "event")?;
    b.either(
        &FIRST,
        |b| {
            b.run(Routine::KindNamed, &[&FIRST, &key]);
            Ok(())
        },
        |b| {
            b.run(Routine::Fault, &[&int(NO_KIND), &at, &key, &int(0)]);
            Ok(())
        },
    )?;
    b.when(&KIND.not(), |b| {
        let after = b.of(Routine::Skip, &[&at]);
        b.code.finish(&after);
        Ok(())
    })?;
    if b.tables.most_event_keys > 0 {
        fields(b, &at, &start)?;
    }
    b.code.push(&at);
    Ok(())
}

/// Reads an event of a known kind into its row.
fn fields(b: &mut Body<'_, '_>, at: &Node, start: &Node) -> Written {
    let kind = b.local(&KIND);
    let row = row(b)?;
    b.code.store(&row, 0, &long(TIME_UNKNOWN), SLOT);
    b.code.store(&row, 24, &kind.load(BYTE, KEY_PLACE).to(Ty::I64), SLOT);
    let widths: Vec<u8> = b.context.layout.event_fields.iter().map(|field| field.bytes).collect();
    for (offset, bytes) in (ROW..).step_by(24).zip(widths) {
        b.code.store(&row, offset, &long(missing_of(bytes)), SLOT);
    }
    let table = b.local(&kind.load(WORD, 0));
    let keys = Keys { table: &table, seen: SEEN_EVENT, most: b.tables.most_event_keys };
    entries(b, at, &keys, |b, at, key| act(b, &row, at, key))?;
    // Its time is the first of its keys.
    b.when(&BASE.load(BYTE, SEEN_EVENT).not(), |b| {
        let path = path(b, "at")?;
        b.run(Routine::Fault, &[&int(NO_AT), start, &path, &int(0)]);
        Ok(())
    })?;
    lasts(b, &row, &kind, start)?;
    b.set(&EVENTS, &EVENTS.add(&int(1)));
    Ok(())
}

/// What lasts starts no later than it ends: one that certainly does not is a fault, and an end that is known says by when it started.
fn lasts(b: &mut Body<'_, '_>, row: &Node, kind: &Node, start: &Node) -> Written {
    let plan = b.context.plan;
    let ends: Vec<(KindId, FieldId, &str)> = plan
        .subject
        .events
        .placed()
        .filter_map(|(of, kind)| Some((of, kind.ends?, kind.fields.get(kind.ends?)?.name.as_str())))
        .collect();
    for (of, field, name) in ends {
        let width = b.context.layout.event_fields.get(field).map(|column| column.bytes);
        let missing = missing_of(width.ok_or(EmitError::no_such("field", field))?);
        let offset = ROW + FIELD * address(field.place())?;
        let place = crate::emit::assembler::count(of.place())?;
        let said = kind.load(BYTE, KEY_PLACE).eq(&place).both(&row.load(SLOT, offset).bin(Bin::GtS, &long(missing)));
        b.when(&said, |b| {
            let end = b.local(&row.load(SLOT, offset + 16));
            let early = row.load(SLOT, 0).ne(&long(TIME_UNKNOWN)).both(&end.bin(Bin::LtS, &row.load(SLOT, 8)));
            b.when(&early, |b| {
                let path = path(b, name)?;
                b.run(Routine::Fault, &[&int(ENDS_EARLY), start, &path, &int(0)]);
                Ok(())
            })?;
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
fn act(b: &mut Body<'_, '_>, row: &Node, at: &Node, key: &Node) -> Written {
    let action = b.local(&ENTRY.load(WORD, 0));
    for (of, routine) in [(NAME, Routine::Skip), (TIME, Routine::When)] {
        b.when(&action.eq(&int(i64::from(of))), |b| {
            let both = [at, key];
            let after = b.of(routine, if of == NAME { &both[..1] } else { &both });
            b.set(at, &after);
            Ok(())
        })?;
    }
    let widths: Vec<u8> = b.context.layout.event_fields.iter().map(|field| field.bytes).collect();
    if widths.is_empty() {
        return Ok(());
    }
    // The bits of each column but one.
    let widths: Vec<u8> = widths.into_iter().map(|bytes| 8 * bytes - 1).collect();
    let widths = b.context.constant(&widths)?;
    b.when(&action.bin(Bin::GtS, &int(i64::from(TIME))), |b| {
        // Two keys come before the fields.
        let place = b.local(&ENTRY.load(BYTE, KEY_PLACE).sub(&int(2)));
        let after = b.of(Routine::Value, &[&action, at, key]);
        b.set(at, &after);
        let field = b.local(&row.add(&place.bin(Bin::Mul, &int(i64::from(FIELD)))));
        let mark = b.local(&long(-1).bin(Bin::Shl, &place.load(BYTE, widths).to(Ty::I64)));
        let stands = long(1).add(&mark).when(&TAG.eq(&int(MISSING)), &VALUE);
        let stands = mark.when(&TAG.eq(&int(NONE)), &stands);
        let between = b.local(&TAG.eq(&int(RANGE)));
        b.set(&BETWEEN, &BETWEEN.either(&between));
        b.code.store(&field, ROW, &mark.add(&long(2)).when(&between, &stands), SLOT);
        b.code.store(&field, ROW + 8, &VALUE, SLOT);
        b.code.store(&field, ROW + 16, &HIGHEST, SLOT);
        Ok(())
    })
}

/// See [`Routine::KindNamed`].
pub(super) fn kind_named(b: &mut Body<'_, '_>) -> Written {
    let [at, key] = b.parameters();
    let (code, expected) = (b.local(&int(WRONG_KIND)), b.literal("the name of an event")?);
    let expected = b.local(&expected);
    b.set(&KIND, &int(0));
    b.set(&STRING, &int(0));
    b.call(Routine::Skip, &[&at]);
    b.when(&is(&at.load(BYTE, 0), b'"').both(&STRING.ne(&int(0))), |b| {
        let kinds = int(i64::from(b.tables.kinds));
        if b.tables.most_event_keys > 0 {
            let found = b.of(Routine::Find, &[&kinds, &kinds]);
            b.set(&KIND, &found);
            b.stop_when(&KIND);
        }
        b.set(&code, &int(NO_KIND));
        b.set(&expected, &int(0));
        Ok(())
    })?;
    b.run(Routine::Fault, &[&code, &at, &key, &expected]);
    Ok(())
}

/// See [`Routine::MomentAt`].
pub(super) fn moment_at(b: &mut Body<'_, '_>) -> Written {
    let [at, key] = b.parameters();
    b.set(&TAG, &int(KNOWN));
    let (wrong, after) = read_text(b, &at, Routine::Moment)?;
    b.when(&wrong, |b| {
        b.set(&TAG, &int(MISSING));
        let expected = b.literal(INSTANT)?;
        b.run(Routine::Fault, &[&wrong, &at, &key, &expected]);
        Ok(())
    })?;
    b.code.push(&after);
    Ok(())
}

/// See [`Routine::When`].
pub(super) fn when(b: &mut Body<'_, '_>) -> Written {
    let [at, key] = b.parameters();
    let after = b.call(Routine::Skip, &[&at]);
    b.finish_when(&at.load(WORD, 0).eq(&int(four(b"null"))), &after);
    let (first, known) = (b.local(&long(0)), b.local(&int(0)));
    b.block(|b, read| {
        b.when(&is(&at.load(BYTE, 0), b'{'), |b| {
            let are_ends = two(b, &at, "from", "to")?;
            b.when(&are_ends, |b| {
                let second = b.local(&SECOND);
                let (from, to) = (path(b, "at/from")?, path(b, "at/to")?);
                b.call(Routine::MomentAt, &[&FIRST, &from]);
                b.set(&first, &VALUE);
                b.set(&known, &TAG);
                b.call(Routine::MomentAt, &[&second, &to]);
                b.set(&known, &known.bin(Bin::And, &TAG));
                b.code.leave(read);
                Ok(())
            })
        })?;
        b.call(Routine::MomentAt, &[&at, &key]);
        b.set(&first, &VALUE);
        b.set(&known, &TAG);
        Ok(())
    })?;
    b.finish_when(&known.not(), &after);
    b.when(&first.bin(Bin::GtS, &HIGHEST), |b| {
        b.run(Routine::Fault, &[&int(OUT_OF_RANGE), &at, &key, &int(0)]);
        b.code.finish(&after);
        Ok(())
    })?;
    let row = row(b)?;
    let one = b.local(&first.eq(&HIGHEST));
    b.set(&BETWEEN, &BETWEEN.either(&one.not()));
    for (offset, part) in [(0, &first.when(&one, &long(TIME_BETWEEN))), (8, &first), (16, &HIGHEST)] {
        b.code.store(&row, offset, part, SLOT);
    }
    b.code.push(&after);
    Ok(())
}
