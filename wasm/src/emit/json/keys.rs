//! Keys and names: which of those that are known a string is.

use super::body::{BYTE, Body, WORD, Written, is};
use super::frame::{
    BASE, BUFFER, COUNT, END, ENTRY, FAULT, FAULTS, FIRST, LIST, MOST_FAULTS, PLACE, SECOND, STRING, STRING_END,
};
use super::literals::parts_of;
use super::routines::Routine;
use super::scan::colon;
use super::told::{NO_JSON, TWICE, UNKNOWN_KEY};
use crate::emit::assembler::{Bin, EmitError, Node, SLOT, Ty, int, long};

/// Offsets in an entry of a table of keys: what is done with its value; its place; the length of its name, and the name.
pub(super) const KEY_PLACE: u32 = 4;
pub(super) const KEY_LENGTH: u32 = 5;
pub(super) const KEY_NAME: u32 = 6;

/// See [`Routine::Same`]: eight bytes at a time; what is read beyond the last does not count.
pub(super) fn same(b: &mut Body<'_, '_>) -> Written {
    let [one, other, bytes] = b.parameters();
    b.finish_when(&bytes.not(), &int(1));
    b.repeat(|b, out, _| {
        let apart = b.local(&one.load(SLOT, 0).bin(Bin::Xor, &other.load(SLOT, 0)));
        b.when(&bytes.bin(Bin::LeS, &int(8)), |b| {
            let rest = long(64).sub(&bytes.to(Ty::I64).shl(3));
            b.code.finish(&apart.bin(Bin::Shl, &rest).eq(&long(0)));
            Ok(())
        })?;
        b.code.leave_when(out, &apart.ne(&long(0)));
        b.advance(&one, 8);
        b.advance(&other, 8);
        b.advance(&bytes, -8);
        Ok(())
    })?;
    b.code.push(&int(0));
    Ok(())
}

/// See [`Routine::Find`]: the likely one first, which in a case written in the order of the subject is the right one.
pub(super) fn find(b: &mut Body<'_, '_>) -> Written {
    let [table, likely] = b.parameters();
    let length = b.local(&STRING_END.sub(&STRING));
    b.repeat(|b, _, _| {
        b.when(&likely.load(WORD, 0), |b| {
            b.when(&likely.load(BYTE, KEY_LENGTH).eq(&length), |b| {
                let same = b.of(Routine::Same, &[&likely.add(&int(i64::from(KEY_NAME))), &STRING, &length]);
                b.finish_when(&same, &likely);
                Ok(())
            })
        })?;
        // Then all, from the first.
        b.set(&likely, &table);
        b.finish_when(&table.load(WORD, 0).not(), &int(0));
        let next = next(&table);
        b.set(&table, &next);
        Ok(())
    })?;
    b.code.push(&int(0));
    Ok(())
}

/// The entry after one.
pub(super) fn next(entry: &Node) -> Node {
    entry.add(&entry.load(BYTE, KEY_LENGTH)).add(&int(i64::from(KEY_NAME)))
}

/// See [`Routine::Name`].
pub(super) fn name(b: &mut Body<'_, '_>) -> Written {
    let [table, seen, likely, at] = b.parameters();
    let key = b.local(&at);
    // Where the likely one stands as it is, nothing has to be looked for.
    let length = b.byte(&likely, KEY_LENGTH);
    let quoted = is(&at.load(BYTE, 0), b'"').both(&is(&at.add(&length).load(BYTE, 1), b'"'));
    let quick = b.local(&quoted.both(&likely.load(WORD, 0).ne(&int(0))));
    b.when(&quick, |b| {
        let same = b.of(Routine::Same, &[&likely.add(&int(i64::from(KEY_NAME))), &at.add(&int(1)), &length]);
        b.set(&quick, &same);
        Ok(())
    })?;
    b.either(
        &quick,
        |b| {
            b.set(&at, &at.add(&length).add(&int(2)));
            Ok(())
        },
        |b| {
            let after = b.of(Routine::String, &[&at]);
            b.set(&at, &after);
            Ok(())
        },
    )?;
    let after = colon(b, &at);
    b.set(&at, &after);
    let (code, named) = (b.local(&int(NO_JSON)), b.local(&int(0)));
    b.set(&ENTRY, &int(0));
    b.block(|b, told| {
        b.when(&quick.either(&STRING), |b| {
            let found = b.local(&likely);
            b.when(&quick.not(), |b| {
                let other = b.of(Routine::Find, &[&table, &likely]);
                b.set(&found, &other);
                Ok(())
            })?;
            b.when(&found.not(), |b| {
                b.run(Routine::UnknownKey, &[&key]);
                b.code.leave(told);
                Ok(())
            })?;
            let seen = b.local(&seen.add(&found.load(BYTE, KEY_PLACE)));
            b.when(&seen.load(BYTE, 0).not(), |b| {
                b.code.store(&seen, 0, &int(1), BYTE);
                b.set(&ENTRY, &found);
                b.code.finish(&at);
                Ok(())
            })?;
            b.set(&code, &int(TWICE));
            b.set(&named, &key);
            Ok(())
        })?;
        b.run(Routine::Fault, &[&code, &key, &named, &int(0)]);
        Ok(())
    })?;
    let after = b.of(Routine::Skip, &[&at]);
    b.code.push(&after);
    Ok(())
}

/// See [`Routine::UnknownKey`]: of those that are told already, one may be the same.
pub(super) fn unknown_key(b: &mut Body<'_, '_>) -> Written {
    let [key] = b.parameters();
    let (name, length) = (b.local(&STRING), b.local(&STRING_END.sub(&STRING)));
    let code = b.local(&int(UNKNOWN_KEY));
    let fault = b.local(&BASE);
    let first = b.local(&BUFFER);
    let told = BASE.add(&FAULTS.bin(Bin::Mul, &int(i64::from(FAULT))));
    let told = b.local(&BASE.when(&FAULTS.bin(Bin::GtS, &int(MOST_FAULTS)), &told));
    b.set(&BUFFER, &first.add(&END.sub(&BASE)));
    b.repeat(|b, out, _| {
        b.code.leave_when(out, &fault.eq(&told));
        let here = fault.load(WORD, 4).eq(&int(UNKNOWN_KEY)).both(&fault.load(WORD, 8).eq(&LIST));
        b.when(&here.both(&fault.load(WORD, 12).eq(&PLACE)), |b| {
            b.call(Routine::String, &[&fault.load(WORD, 16)]);
            b.when(&STRING_END.sub(&STRING).eq(&length), |b| {
                let same = b.of(Routine::Same, &[&STRING, &name, &length]);
                b.set(&code, &code.sub(&same));
                b.code.leave_when(out, &code.eq(&int(TWICE)));
                Ok(())
            })
        })?;
        b.advance(&fault, i64::from(FAULT));
        Ok(())
    })?;
    b.set(&BUFFER, &first);
    b.run(Routine::Fault, &[&code, &key, &key, &int(0)]);
    Ok(())
}

/// See [`Routine::Is`].
pub(super) fn is_text(b: &mut Body<'_, '_>) -> Written {
    let [text] = b.parameters();
    let (start, length) = parts_of(b.context, &text);
    let length = b.local(&length);
    b.finish_when(&STRING.not().either(&STRING_END.sub(&STRING).ne(&length)), &int(0));
    let same = b.of(Routine::Same, &[&start, &STRING, &length]);
    b.code.push(&same);
    Ok(())
}

/// Whether the string read last is this one.
pub(super) fn is_word(b: &mut Body<'_, '_>, word: &str) -> Result<Node, EmitError> {
    let word = b.literal(word)?;
    Ok(b.of(Routine::Is, &[&word]))
}

/// See [`Routine::Members`].
pub(super) fn members(b: &mut Body<'_, '_>) -> Written {
    let [at, one, other] = b.parameters();
    for global in [&FIRST, &SECOND, &COUNT] {
        b.set(global, &int(0));
    }
    let after = b.of(Routine::White, &[&at.add(&int(1))]);
    b.set(&at, &after);
    b.repeat(|b, out, _| {
        b.code.leave_when(out, &is(&at.load(BYTE, 0), b'"').not());
        let after = b.of(Routine::Key, &[&at]);
        b.set(&at, &after);
        for (name, global) in [(&one, &FIRST), (&other, &SECOND)] {
            let is_it = b.of(Routine::Is, &[name]);
            b.set(global, &at.when(&is_it.both(&global.not()), global));
        }
        // Where only one is asked for, what comes after it does not matter.
        b.code.leave_when(out, &FIRST.ne(&int(0)).both(&other.not()));
        b.set(&COUNT, &COUNT.add(&int(1)));
        let after = b.of(Routine::Skip, &[&at]);
        let after = b.of(Routine::White, &[&after]);
        b.set(&at, &after);
        b.code.leave_when(out, &is(&at.load(BYTE, 0), b',').not());
        let after = b.of(Routine::White, &[&at.add(&int(1))]);
        b.set(&at, &after);
        Ok(())
    })?;
    Ok(())
}

/// Whether an object has these two members and no other, which stand in the globals then.
pub(super) fn two(b: &mut Body<'_, '_>, at: &Node, one: &str, other: &str) -> Result<Node, EmitError> {
    let [one, other] = [b.literal(one)?, b.literal(other)?];
    b.run(Routine::Members, &[at, &one, &other]);
    Ok(COUNT.eq(&int(2)).both(&FIRST.ne(&int(0))).both(&SECOND.ne(&int(0))))
}
