//! Keys and names: which of those that are known a string is.

use super::body::{Body, WORD, Written};
use super::frame::{BASE, BUFFER, END, FAULT, FAULTS, LIST, MOST_FAULTS, PLACE, STRING, STRING_END};
use super::routines::Routine;
use crate::emit::assembler::{Bin, Node, SLOT, Ty, int, long};

/// Bytes of a key in a table.
pub(super) const KEY: u32 = 32;
/// Its offsets: the name and its length, what is done with its value, the type, the place of the value, and the bit.
pub(super) const KEY_LENGTH: u32 = 4;
pub(super) const KEY_ACTION: u32 = 8;
pub(super) const KEY_TYPE: u32 = 12;
pub(super) const KEY_SLOT: u32 = 16;
pub(super) const KEY_BIT: u32 = 24;

/// The code of a key that is not known.
const UNKNOWN_KEY: i64 = 6;
/// The code of a key that came before.
const TWICE: i64 = 5;

/// See [`Routine::Same`]: eight bytes at a time; what is read beyond the last does not count.
pub(super) fn same(b: &mut Body<'_, '_>) -> Written {
    let [one, other, bytes] = b.parameters();
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
    let [table, count, place] = b.parameters();
    let left = b.local(&count);
    let length = b.local(&STRING_END.sub(&STRING));
    b.repeat(|b, out, _| {
        b.code.leave_when(out, &left.not());
        b.set(&place, &int(0).when(&place.bin(Bin::GeS, &count), &place));
        let key = b.local(&table.add(&place.bin(Bin::Mul, &int(i64::from(KEY)))));
        b.when(&key.load(WORD, KEY_LENGTH).eq(&length), |b| {
            let same = b.call(Routine::Same, &[&key.load(WORD, 0), &STRING, &length]);
            b.finish_when(&same, &place);
            Ok(())
        })?;
        b.advance(&place, 1);
        b.advance(&left, -1);
        Ok(())
    })?;
    b.code.push(&int(-1));
    Ok(())
}

/// See [`Routine::UnknownKey`]: of those that are told already, one may be the same.
pub(super) fn unknown_key(b: &mut Body<'_, '_>) -> Written {
    let [key, after] = b.parameters();
    let (name, end) = (b.local(&STRING), b.local(&STRING_END));
    let code = b.local(&int(UNKNOWN_KEY));
    let fault = b.local(&BASE);
    let second = b.local(&BUFFER.add(&END.sub(&BASE)));
    let first = b.local(&BUFFER);
    let past = b.local(&BASE.add(&FAULTS.bin(Bin::Mul, &int(i64::from(FAULT)))));
    b.set(&past, &BASE.when(&FAULTS.bin(Bin::GtS, &int(MOST_FAULTS)), &past));
    b.repeat(|b, out, _| {
        b.code.leave_when(out, &fault.eq(&past));
        let here = fault
            .load(WORD, 4)
            .eq(&int(UNKNOWN_KEY))
            .both(&fault.load(WORD, 8).eq(&LIST))
            .both(&fault.load(WORD, 12).eq(&PLACE));
        b.when(&here, |b| {
            b.set(&BUFFER, &second);
            b.call(Routine::String, &[&fault.load(WORD, 16).add(&int(1))]);
            b.set(&BUFFER, &first);
            let length = b.local(&end.sub(&name));
            b.when(&STRING_END.sub(&STRING).eq(&length), |b| {
                let same = b.call(Routine::Same, &[&STRING, &name, &length]);
                b.set(&same, &same.either(&length.not()));
                b.set(&code, &int(TWICE).when(&same, &code));
                Ok(())
            })
        })?;
        b.advance(&fault, i64::from(FAULT));
        Ok(())
    })?;
    let told = b.call(Routine::Fault, &[&code, &key, &key, &int(0), &int(0), &after]);
    b.code.push(&told);
    Ok(())
}

/// Whether the string is this word of four letters at most.
pub(super) fn is_word(word: &str) -> Node {
    let bytes: Vec<u8> = word.bytes().chain(std::iter::repeat(0)).take(4).collect();
    let value = bytes.iter().rev().fold(0_i64, |value, byte| value << 8 | i64::from(*byte));
    let mask = (1_i64 << (8 * word.len())) - 1;
    let length = i64::try_from(word.len()).unwrap_or(4);
    let read = STRING.load(WORD, 0).to(Ty::I64).bin(Bin::And, &long(mask));
    STRING_END.sub(&STRING).eq(&int(length)).both(&read.eq(&long(value)))
}
