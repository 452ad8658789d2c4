//! The case itself: an object with facts, labels, events and what is asked.

use super::body::{BYTE, Body, WORD, Written, is};
use super::descriptors::Action;
use super::frame::{
    BASE, BETWEEN, EVENTS, FAULTS, HIGHEST, KIND, KNOWN, LIST, MISSING, NONE, PLACE, SEEN_CASE, STRING, STRING_END,
    TAG, VALUE,
};
use super::keys::{KEY, KEY_ACTION, KEY_BIT, KEY_SLOT, KEY_TYPE};
use super::literals::INSTANT;
use super::routines::Routine;
use super::scan::four;
use crate::abi::{BOUNDS_FACTS, BOUNDS_WHICH, IN_AS_OF, IN_FACTS, IN_MISSING, IN_NONE, IN_NOT_SUPPLIED};
use crate::emit::assembler::{Bin, EmitError, Node, SLOT, int, long};

/// Codes of faults.
const NO_KEY: i64 = 4;
const TWICE: i64 = 5;
const WRONG_KIND: i64 = 7;
const NO_AS_OF: i64 = 12;

/// What is done with each entry of an object.
pub(super) struct Keys<'t> {
    /// Where the keys stand, and how many.
    pub(super) table: &'t Node,
    pub(super) count: &'t Node,
    /// Where it is kept which of them came before: an address.
    pub(super) seen: &'t Node,
}

/// Goes through an object at `at`, which stands at its bracket: keys once each, those that are known done with `each`, which is given the
/// line of the table, the address of the value and that of the key, and sets the first to what follows.
pub(super) fn entries(
    b: &mut Body<'_, '_>,
    at: &Node,
    keys: &Keys<'_>,
    each: impl FnOnce(&mut Body<'_, '_>, &Node, &Node, &Node) -> Written,
) -> Written {
    b.advance(at, 1);
    b.white(at)?;
    let likely = b.local(&int(0));
    b.block(|b, done| {
        b.when(&is(&at.load(BYTE, 0), b'}'), |b| {
            b.advance(at, 1);
            b.code.leave(done);
            Ok(())
        })?;
        b.repeat(|b, _, _| {
            let key = b.local(at);
            b.past(at, b'"');
            let after = b.call(Routine::String, &[at]);
            b.go_on(&after);
            b.white(&after)?;
            b.past(&after, b':');
            b.white(&after)?;
            b.set(at, &after);
            entry(b, at, &key, keys, &likely, each)?;
            b.go_on(at);
            b.white(at)?;
            let c = b.byte(at, 0);
            b.advance(at, 1);
            b.code.leave_when(done, &is(&c, b'}'));
            b.go_on(&is(&c, b','));
            b.white(at)
        })
    })
}

/// One entry, whose name is the string read last.
fn entry(
    b: &mut Body<'_, '_>,
    at: &Node,
    key: &Node,
    keys: &Keys<'_>,
    likely: &Node,
    each: impl FnOnce(&mut Body<'_, '_>, &Node, &Node, &Node) -> Written,
) -> Written {
    b.block(|b, told| {
        let code = b.local(&int(NO_KEY));
        let named = b.local(&int(0));
        b.block(|b, wrong| {
            b.code.leave_when(wrong, &STRING.not());
            let place = b.call(Routine::Find, &[keys.table, keys.count, likely]);
            b.when(&place.bin(Bin::LtS, &int(0)), |b| {
                let after = b.call(Routine::Skip, &[at]);
                b.go_on(&after);
                // Once more: skipping a value writes what is open to the buffer of strings.
                b.call(Routine::String, &[&key.add(&int(1))]);
                let after = b.call(Routine::UnknownKey, &[key, &after]);
                b.set(at, &after);
                b.code.leave(told);
                Ok(())
            })?;
            let seen = b.local(&keys.seen.add(&place));
            b.set(&code, &int(TWICE));
            b.set(&named, key);
            b.code.leave_when(wrong, &seen.load(BYTE, 0));
            b.code.store(&seen, 0, &int(1), BYTE);
            b.set(likely, &place.add(&int(1)));
            let line = b.local(&keys.table.add(&place.bin(Bin::Mul, &int(i64::from(KEY)))));
            each(b, &line, at, key)?;
            b.code.leave(told);
            Ok(())
        })?;
        let after = b.call(Routine::Skip, &[at]);
        b.go_on(&after);
        let after = b.call(Routine::Fault, &[&code, key, &named, &int(0), &int(0), &after]);
        b.set(at, &after);
        Ok(())
    })
}

/// See [`Routine::Case`].
pub(super) fn case(b: &mut Body<'_, '_>) -> Written {
    let [at] = b.parameters();
    b.white(&at)?;
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
    for (global, value) in [(&LIST, 0), (&PLACE, 0), (&FAULTS, 0), (&KIND, 0), (&EVENTS, 0), (&BETWEEN, 0)] {
        b.set(global, &int(value));
    }
    b.when(&is(&at.load(BYTE, 0), b'{').not(), |b| {
        let expected = b.literal("an object with the facts of one case")?;
        let after = b.call(Routine::Skip, &[&at]);
        b.go_on(&after);
        let told = b.call(Routine::Fault, &[&int(WRONG_KIND), &at, &int(0), &int(0), &expected, &after]);
        b.code.finish(&told);
        Ok(())
    })?;
    let (case, as_of) = (b.tables.case, b.tables.as_of);
    for line in 0..case.count.div_ceil(8) {
        b.code.store(&BASE, SEEN_CASE + 8 * line, &long(0), SLOT);
    }
    let (table, count) = (int(i64::from(case.address)), int(i64::from(case.count)));
    let seen = b.local(&BASE.add(&int(i64::from(SEEN_CASE))));
    entries(b, &at, &Keys { table: &table, count: &count, seen: &seen }, act)?;
    if let Some(place) = as_of {
        b.when(&BASE.load(BYTE, SEEN_CASE + place).not(), |b| {
            let suffix = b.literal("/as_of")?;
            let told = b.call(Routine::Fault, &[&int(NO_AS_OF), &root, &int(0), &suffix, &int(0), &at]);
            b.code.finish(&told);
            Ok(())
        })?;
    }
    b.code.push(&at);
    Ok(())
}

/// What the case says under one of its keys.
fn act(b: &mut Body<'_, '_>, line: &Node, at: &Node, key: &Node) -> Written {
    let action = b.local(&line.load(WORD, KEY_ACTION));
    let actions = b.tables.actions.clone();
    for of in actions {
        b.when(&action.eq(&int(of as i64)), |b| {
            let after = match of {
                Action::Fact => {
                    let after = b.call(Routine::Value, &[&line.load(WORD, KEY_TYPE), at, key]);
                    b.go_on(&after);
                    b.call(Routine::KeepFact, &[line]);
                    after
                }
                Action::Label => b.call(Routine::Label, &[at, key]),
                Action::AsOf => b.call(Routine::AsOf, &[at, key]),
                Action::Events => b.call(Routine::Events, &[at, key]),
                Action::NotSupplied => b.call(Routine::NotSupplied, &[at, key]),
            };
            b.set(at, &after);
            Ok(())
        })?;
    }
    Ok(())
}

/// See [`Routine::KeepFact`].
pub(super) fn keep_fact(b: &mut Body<'_, '_>) -> Written {
    let [line] = b.parameters();
    let record = int(i64::from(b.context.map.record));
    let bounds = int(i64::from(b.context.map.bounds));
    let (bit, slot) = (b.local(&line.load(SLOT, KEY_BIT)), b.local(&line.load(WORD, KEY_SLOT)));
    let there = |b: &mut Body<'_, '_>, address: &Node, offset: u32| {
        let mask = address.load(SLOT, offset).bin(Bin::Or, &bit);
        b.code.store(address, offset, &mask, SLOT);
    };
    b.finish_when(&TAG.eq(&int(MISSING)), &int(0));
    b.code.store(&slot, 0, &VALUE, SLOT);
    b.either(
        &TAG.bin(Bin::LeS, &int(KNOWN)),
        |b| {
            let missing = record.load(SLOT, IN_MISSING).bin(Bin::And, &bit.bin(Bin::Xor, &long(-1)));
            b.code.store(&record, IN_MISSING, &missing, SLOT);
            b.when(&TAG.eq(&int(NONE)), |b| {
                there(b, &record, IN_NONE);
                Ok(())
            })
        },
        |b| {
            there(b, &bounds, BOUNDS_WHICH);
            let ends = slot.sub(&record.add(&int(i64::from(IN_FACTS)))).shl(1).add(&bounds);
            b.code.store(&ends, BOUNDS_FACTS, &VALUE, SLOT);
            b.code.store(&ends, BOUNDS_FACTS + 8, &HIGHEST, SLOT);
            Ok(())
        },
    )?;
    b.code.push(&int(0));
    Ok(())
}

/// Reads a text by a routine of its own: what is wrong with it, which is its kind where it is no text, and where it ends.
pub(super) fn read_text(b: &mut Body<'_, '_>, at: &Node, by: Routine) -> Result<(Node, Node), EmitError> {
    let (wrong, after) = (b.local(&int(WRONG_KIND)), b.local(&int(0)));
    b.either(
        &is(&at.load(BYTE, 0), b'"'),
        |b| {
            let end = b.call(Routine::String, &[&at.add(&int(1))]);
            b.go_on(&end);
            b.set(&after, &end);
            b.when(&STRING, |b| {
                let fault = b.call(by, &[&STRING, &STRING_END]);
                b.set(&wrong, &fault);
                Ok(())
            })
        },
        |b| {
            let end = b.call(Routine::Skip, &[at]);
            b.go_on(&end);
            b.set(&after, &end);
            Ok(())
        },
    )?;
    Ok((wrong, after))
}

/// See [`Routine::AsOf`].
pub(super) fn as_of(b: &mut Body<'_, '_>) -> Written {
    let [at, key] = b.parameters();
    let (wrong, after) = read_text(b, &at, Routine::Instant)?;
    b.when(&wrong, |b| {
        let expected = b.literal(INSTANT)?;
        let told = b.call(Routine::Fault, &[&wrong, &at, &key, &int(0), &expected, &after]);
        b.code.finish(&told);
        Ok(())
    })?;
    let record = int(i64::from(b.context.map.record));
    b.code.store(&record, IN_AS_OF, &VALUE, SLOT);
    b.code.push(&after);
    Ok(())
}

/// See [`Routine::NotSupplied`].
pub(super) fn not_supplied(b: &mut Body<'_, '_>) -> Written {
    let [at, key] = b.parameters();
    b.finish_when(&at.load(WORD, 0).eq(&int(four(b"null"))), &at.add(&int(4)));
    b.when(&is(&at.load(BYTE, 0), b'[').not(), |b| {
        let expected = b.literal("a list of names of events")?;
        let after = b.call(Routine::Skip, &[&at]);
        b.go_on(&after);
        let told = b.call(Routine::Fault, &[&int(WRONG_KIND), &at, &key, &int(0), &expected, &after]);
        b.code.finish(&told);
        Ok(())
    })?;
    let record = int(i64::from(b.context.map.record));
    let list = b.literal("/not_supplied")?;
    b.set(&LIST, &list);
    items(b, &at, |b, at| {
        let named = b.call(Routine::KindNamed, &[at, &int(0)]);
        b.go_on(&named);
        b.when(&KIND, |b| {
            let mask = record.load(SLOT, IN_NOT_SUPPLIED).bin(Bin::Or, &KIND.load(SLOT, KEY_BIT));
            b.code.store(&record, IN_NOT_SUPPLIED, &mask, SLOT);
            Ok(())
        })?;
        let after = b.call(Routine::Skip, &[at]);
        b.set(at, &after);
        Ok(())
    })?;
    b.set(&LIST, &int(0));
    b.set(&PLACE, &int(0));
    b.code.push(&at);
    Ok(())
}

/// Goes through a list at `at`, which stands at its bracket; `each` moves past an item, whose place is in a global.
pub(super) fn items(
    b: &mut Body<'_, '_>,
    at: &Node,
    each: impl FnOnce(&mut Body<'_, '_>, &Node) -> Written,
) -> Written {
    b.advance(at, 1);
    b.white(at)?;
    b.set(&PLACE, &int(0));
    b.block(|b, done| {
        b.when(&is(&at.load(BYTE, 0), b']'), |b| {
            b.advance(at, 1);
            b.code.leave(done);
            Ok(())
        })?;
        b.repeat(|b, _, _| {
            each(b, at)?;
            b.go_on(at);
            b.white(at)?;
            let c = b.byte(at, 0);
            b.advance(at, 1);
            b.code.leave_when(done, &is(&c, b']'));
            b.go_on(&is(&c, b','));
            b.white(at)?;
            b.set(&PLACE, &PLACE.add(&int(1)));
            Ok(())
        })
    })
}
