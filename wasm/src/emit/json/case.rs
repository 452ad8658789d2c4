//! The case itself: an object with facts, labels, events and what is asked.

use super::body::{BYTE, Body, WORD, Written, is};
use super::descriptors::Action;
use super::frame::{
    BASE, BETWEEN, ENTRY, EVENTS, HIGHEST, KNOWN, LIST, MISSING, NONE, PLACE, SEEN_CASE, STRING, STRING_END, TAG, VALUE,
};
use super::keys::{KEY_PLACE, next};
use super::literals::INSTANT;
use super::routines::Routine;
use super::told::{NO_AS_OF, WRONG_KIND};
use crate::abi::{BOUNDS_FACTS, BOUNDS_WHICH, IN_AS_OF, IN_FACTS, IN_MISSING, IN_NONE, IN_NOT_SUPPLIED};
use crate::emit::assembler::{Bin, EmitError, Node, SLOT, Ty, int, long};

/// The rest of a path, as a key of a fault.
pub(super) fn path(b: &mut Body<'_, '_>, rest: &str) -> Result<Node, EmitError> {
    Ok(int(0).sub(&b.literal(rest)?))
}

/// What is done with each entry of an object.
pub(super) struct Keys<'t> {
    /// Where the keys stand.
    pub(super) table: &'t Node,
    /// Where it is kept which of them came before, so far from the base, and the most that they are.
    pub(super) seen: u32,
    pub(super) most: usize,
}

/// What is no object is told to be none, and passed by.
pub(super) fn object_only(b: &mut Body<'_, '_>, at: &Node, expected: &str) -> Written {
    b.when(&is(&at.load(BYTE, 0), b'{').not(), |b| {
        let expected = b.literal(expected)?;
        b.run(Routine::Fault, &[&int(WRONG_KIND), at, &int(0), &expected]);
        let after = b.of(Routine::Skip, &[at]);
        b.code.finish(&after);
        Ok(())
    })
}

/// Goes through an object at `at`, which stands at its bracket: keys once each, those that are known done with `each`, which is given the
/// address of the value and that of the key, and sets the first to what follows.
pub(super) fn entries(
    b: &mut Body<'_, '_>,
    at: &Node,
    keys: &Keys<'_>,
    each: impl FnOnce(&mut Body<'_, '_>, &Node, &Node) -> Written,
) -> Written {
    let seen = b.local(&BASE.add(&int(i64::from(keys.seen))));
    for line in (0..keys.most.div_ceil(8)).map_while(|line| u32::try_from(line).ok()) {
        b.code.store(&seen, 8 * line, &long(0), SLOT);
    }
    let likely = b.local(keys.table);
    items(b, at, b'}', |b, at| {
        let key = b.local(at);
        let after = b.of(Routine::Name, &[keys.table, &seen, &likely, at]);
        b.set(at, &after);
        b.when(&ENTRY, |b| {
            b.set(&likely, &next(&ENTRY));
            each(b, at, &key)
        })
    })
}

/// See [`Routine::Case`].
pub(super) fn case(b: &mut Body<'_, '_>) -> Written {
    let [at] = b.parameters();
    let root = b.local(&at);
    let record = int(i64::from(b.context.map.record));
    let bounds = int(i64::from(b.context.map.bounds));
    for (address, offset, value) in [
        (&record, IN_MISSING, -1),
        (&record, IN_NONE, 0),
        (&record, IN_AS_OF, 0),
        (&record, IN_NOT_SUPPLIED, 0),
        (&bounds, BOUNDS_WHICH, 0),
    ] {
        b.code.store(address, offset, &long(value), SLOT);
    }
    for global in [&EVENTS, &BETWEEN] {
        b.set(global, &int(0));
    }
    object_only(b, &at, "an object with the facts of one case")?;
    let (table, as_of) = (int(i64::from(b.tables.case)), b.tables.as_of);
    let keys = Keys { table: &table, seen: SEEN_CASE, most: b.tables.case_keys };
    entries(b, &at, &keys, act)?;
    if let Some(place) = as_of {
        b.when(&BASE.load(BYTE, SEEN_CASE + place).not(), |b| {
            let path = path(b, "as_of")?;
            b.run(Routine::Fault, &[&int(NO_AS_OF), &root, &path, &int(0)]);
            Ok(())
        })?;
    }
    b.code.push(&at);
    Ok(())
}

/// What the case says under one of its keys.
fn act(b: &mut Body<'_, '_>, at: &Node, key: &Node) -> Written {
    let action = b.local(&ENTRY.load(WORD, 0));
    b.block(|b, done| {
        if !b.context.plan.subject.inputs.is_empty() {
            b.when(&action.bin(Bin::GtS, &int(Action::LAST)), |b| {
                let place = b.byte(&ENTRY, KEY_PLACE);
                let after = b.of(Routine::Value, &[&action, at, key]);
                b.set(at, &after);
                keep_fact(b, &place)?;
                b.code.leave(done);
                Ok(())
            })?;
        }
        for (of, routine) in [(Action::Label, Routine::Label), (Action::AsOf, Routine::AsOf)] {
            b.when(&action.eq(&int(of as i64)), |b| {
                let after = b.of(routine, &[at, key]);
                b.set(at, &after);
                b.code.leave(done);
                Ok(())
            })?;
        }
        let after = b.of(Routine::List, &[at, key, &action.eq(&int(Action::Events as i64))]);
        b.set(at, &after);
        Ok(())
    })
}

/// Keeps the value read last as that of a fact.
fn keep_fact(b: &mut Body<'_, '_>, place: &Node) -> Written {
    let record = int(i64::from(b.context.map.record));
    let bounds = int(i64::from(b.context.map.bounds));
    let bit = b.local(&long(1).bin(Bin::Shl, &place.to(Ty::I64)));
    b.when(&TAG.ne(&int(MISSING)), |b| {
        let mark = |b: &mut Body<'_, '_>, address: &Node, offset: u32, op: Bin| {
            let mask = address.load(SLOT, offset).bin(op, &bit);
            b.code.store(address, offset, &mask, SLOT);
            Ok(())
        };
        b.code.store(&place.shl(3), b.context.map.record + IN_FACTS, &VALUE, SLOT);
        b.either(
            &TAG.bin(Bin::LeS, &int(KNOWN)),
            |b| {
                // It is marked as missing until it is read, which it is once.
                mark(b, &record, IN_MISSING, Bin::Xor)?;
                b.when(&TAG.eq(&int(NONE)), |b| mark(b, &record, IN_NONE, Bin::Or))
            },
            |b| {
                mark(b, &bounds, BOUNDS_WHICH, Bin::Or)?;
                let ends = b.local(&place.shl(4));
                b.code.store(&ends, b.context.map.bounds + BOUNDS_FACTS, &VALUE, SLOT);
                b.code.store(&ends, b.context.map.bounds + BOUNDS_FACTS + 8, &HIGHEST, SLOT);
                Ok(())
            },
        )
    })
}

/// Reads a text by a routine of its own: what is wrong with it, which is its kind where it is no text, and where it ends.
pub(super) fn read_text(b: &mut Body<'_, '_>, at: &Node, by: Routine) -> Result<(Node, Node), EmitError> {
    let wrong = b.local(&int(WRONG_KIND));
    b.set(&STRING, &int(0));
    let after = b.call(Routine::Skip, &[at]);
    b.when(&is(&at.load(BYTE, 0), b'"').both(&STRING.ne(&int(0))), |b| {
        let fault = b.of(by, &[&STRING, &STRING_END]);
        b.set(&wrong, &fault);
        Ok(())
    })?;
    Ok((wrong, after))
}

/// See [`Routine::AsOf`].
pub(super) fn as_of(b: &mut Body<'_, '_>) -> Written {
    let [at, key] = b.parameters();
    let (wrong, after) = read_text(b, &at, Routine::Instant)?;
    b.either(
        &wrong,
        |b| {
            let expected = b.literal(INSTANT)?;
            b.run(Routine::Fault, &[&wrong, &at, &key, &expected]);
            Ok(())
        },
        |b| {
            b.code.store(&int(i64::from(b.context.map.record)), IN_AS_OF, &VALUE, SLOT);
            Ok(())
        },
    )?;
    b.code.push(&after);
    Ok(())
}

/// What comes next is in no list.
pub(super) fn end_list(b: &mut Body<'_, '_>) {
    b.set(&LIST, &int(0));
    b.set(&PLACE, &int(0));
}

/// Goes through a list, or an object, at `at`, which stands at its bracket; `each` moves past an item. In a list, in which no other is
/// gone through, a global says the place of the item.
pub(super) fn items(
    b: &mut Body<'_, '_>,
    at: &Node,
    closing: u8,
    each: impl FnOnce(&mut Body<'_, '_>, &Node) -> Written,
) -> Written {
    let is_list = closing == b']';
    let after = b.of(Routine::White, &[&at.add(&int(1))]);
    b.set(at, &after);
    if is_list {
        b.set(&PLACE, &int(0));
    }
    b.when(&is(&at.load(BYTE, 0), closing).not(), |b| {
        b.repeat(|b, out, _| {
            each(b, at)?;
            b.white(at);
            b.code.leave_when(out, &is(&at.load(BYTE, 0), b',').not());
            let after = b.of(Routine::White, &[&at.add(&int(1))]);
            b.set(at, &after);
            if is_list {
                b.set(&PLACE, &PLACE.add(&int(1)));
            }
            Ok(())
        })
    })?;
    let after = b.of(Routine::Past, &[at, &int(i64::from(closing))]);
    b.set(at, &after);
    Ok(())
}
