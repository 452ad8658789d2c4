//! Durations: `1 h 30 min` and `PT1H30M`. What is longer than any that can be declared is as good as any such.

use concord_engine::values::calendar::{DAY, HOUR};

use super::body::{BYTE, Body, Written, is, least, within};
use super::frame::VALUE;
use super::routines::Routine;
use super::told::NO_TIME;
use crate::emit::assembler::{Bin, Node, SLOT, Ty, address, int, long};

/// Beyond any duration that can be declared.
const MOST: i64 = 1 << 53;
const MINUTE: i64 = 60_000;
const SECOND: i64 = 1_000;
/// Where the length of a unit stands in its entry, after what it is called.
const UNIT: u32 = 8;

/// White space of a text of words.
fn is_blank(c: &Node) -> Node {
    // All from the tab to the return but one.
    is(c, b' ').either(&within(c, 9, 13).both(&c.ne(&int(11))))
}

/// See [`Routine::Blank`].
pub(super) fn blank(b: &mut Body<'_, '_>) -> Written {
    let [at, end] = b.parameters();
    b.repeat(|b, out, _| {
        b.code.leave_when(out, &at.eq(&end));
        let c = b.byte(&at, 0);
        b.code.leave_when(out, &is_blank(&c).not());
        b.advance(&at, 1);
        Ok(())
    })?;
    b.code.push(&at);
    Ok(())
}

/// See [`Routine::Count`].
pub(super) fn count(b: &mut Body<'_, '_>) -> Written {
    let [at, end] = b.parameters();
    let value = b.local(&long(0));
    b.repeat(|b, out, _| {
        b.code.leave_when(out, &at.eq(&end));
        let digit = at.load(BYTE, 0).sub(&int(48)).to(Ty::I64);
        b.set(&value, &least(&value.bin(Bin::Mul, &long(10)).add(&digit), &long(MOST)));
        b.advance(&at, 1);
        Ok(())
    })?;
    b.code.push(&value);
    Ok(())
}

/// See [`Routine::Longer`].
pub(super) fn longer(b: &mut Body<'_, '_>) -> Written {
    let [total, count, unit] = b.parameters();
    let beyond = count.bin(Bin::GtS, &long(MOST).bin(Bin::DivS, &unit));
    let sum = total.add(&long(MOST).when(&beyond, &count.bin(Bin::Mul, &unit)));
    let sum = b.local(&sum);
    b.code.push(&least(&sum, &long(MOST)));
    Ok(())
}

/// See [`Routine::Duration`].
pub(super) fn duration(b: &mut Body<'_, '_>) -> Written {
    let [from, end] = b.parameters();
    let at = b.call(Routine::Blank, &[&from, &end]);
    b.repeat(|b, out, _| {
        b.code.leave_when(out, &end.bin(Bin::LeS, &at));
        let last = b.local(&end.sub(&int(1)).load(BYTE, 0));
        b.code.leave_when(out, &is_blank(&last).not());
        b.advance(&end, -1);
        Ok(())
    })?;
    b.finish_when(&at.eq(&end), &int(NO_TIME));
    let negative = b.local(&is(&at.load(BYTE, 0), b'-'));
    b.when(&negative, |b| {
        let after = b.call(Routine::Blank, &[&at.add(&int(1)), &end]);
        b.set(&at, &after);
        Ok(())
    })?;
    b.finish_when(&at.eq(&end), &int(NO_TIME));
    b.either(
        &is(&at.load(BYTE, 0), b'P'),
        |b| {
            let length = b.call(Routine::IsoDuration, &[&at.add(&int(1)), &end]);
            b.set(&VALUE, &length);
            Ok(())
        },
        |b| {
            let length = b.call(Routine::WordsDuration, &[&at, &end]);
            b.set(&VALUE, &length);
            Ok(())
        },
    )?;
    b.finish_when(&VALUE.bin(Bin::LtS, &long(0)), &int(NO_TIME));
    b.set(&VALUE, &long(0).sub(&VALUE).when(&negative, &VALUE));
    b.code.push(&int(0));
    Ok(())
}

/// See [`Routine::WordsDuration`].
pub(super) fn words(b: &mut Body<'_, '_>) -> Written {
    let [at, end] = b.parameters();
    let total = b.local(&long(0));
    b.repeat(|b, out, _| {
        b.code.leave_when(out, &at.eq(&end));
        let after = b.call(Routine::Digits, &[&at]);
        let word = b.call(Routine::Blank, &[&after, &end]);
        let shape = after.ne(&at).both(&word.ne(&after)).both(&word.ne(&end));
        b.finish_when(&shape.not(), &long(-1));
        let past = b.local(&word);
        b.repeat(|b, out, _| {
            b.code.leave_when(out, &past.eq(&end));
            let c = b.byte(&past, 0);
            b.code.leave_when(out, &is_blank(&c));
            b.advance(&past, 1);
            Ok(())
        })?;
        let unit = b.call(Routine::Unit, &[&word, &past]);
        b.finish_when(&unit.eq(&long(0)), &long(-1));
        let count = b.call(Routine::Count, &[&at, &after]);
        let sum = b.call(Routine::Longer, &[&total, &count, &unit]);
        b.set(&total, &sum);
        let next = b.call(Routine::Blank, &[&past, &end]);
        b.set(&at, &next);
        Ok(())
    })?;
    b.code.push(&total);
    Ok(())
}

/// See [`Routine::Unit`]: the letters, as one integer.
pub(super) fn unit(b: &mut Body<'_, '_>) -> Written {
    let [at, end] = b.parameters();
    let length = b.local(&end.sub(&at));
    b.finish_when(&length.bin(Bin::GtS, &int(7)), &long(0));
    let mask = long(1).bin(Bin::Shl, &length.shl(3).to(Ty::I64)).sub(&long(1));
    let letters = b.local(&at.load(SLOT, 0).bin(Bin::And, &mask));
    let units: [(&str, i64); 8] = [
        ("week", 7 * DAY),
        ("weeks", 7 * DAY),
        ("day", DAY),
        ("days", DAY),
        ("h", HOUR),
        ("min", MINUTE),
        ("s", SECOND),
        ("ms", 1),
    ];
    let mut table = Vec::new();
    for (word, unit) in units {
        let value = word.bytes().rev().fold(0_i64, |value, byte| value << 8 | i64::from(byte));
        table.extend([value, unit].map(i64::to_le_bytes).concat());
    }
    each_unit(b, &table, |b, entry| {
        b.finish_when(&letters.eq(&entry.load(SLOT, 0)), &entry.load(SLOT, UNIT));
        Ok(())
    })?;
    b.code.push(&long(0));
    Ok(())
}

/// Goes through the entries of a table of units.
fn each_unit(b: &mut Body<'_, '_>, table: &[u8], each: impl FnOnce(&mut Body<'_, '_>, &Node) -> Written) -> Written {
    let first = b.context.constant(table)?;
    let (entry, end) = (b.local(&int(i64::from(first))), int(i64::from(first + address(table.len())?)));
    b.repeat(|b, out, _| {
        b.code.leave_when(out, &entry.eq(&end));
        each(b, &entry)?;
        b.advance(&entry, 2 * i64::from(UNIT));
        Ok(())
    })
}

/// See [`Routine::IsoDuration`]: each part has its place in the order, 3 being the `T`.
pub(super) fn iso(b: &mut Body<'_, '_>) -> Written {
    let [at, end] = b.parameters();
    let total = b.local(&long(0));
    let (stage, any) = (b.local(&int(0)), b.local(&int(0)));
    b.repeat(|b, out, top| {
        b.code.leave_when(out, &at.eq(&end));
        let mark = is(&at.load(BYTE, 0), b'T').both(&stage.bin(Bin::LtS, &int(3)));
        b.when(&mark, |b| {
            b.set(&stage, &int(3));
            b.set(&any, &int(0));
            b.advance(&at, 1);
            b.code.leave(top);
            Ok(())
        })?;
        let after = b.call(Routine::Digits, &[&at]);
        b.finish_when(&after.eq(&at).either(&after.bin(Bin::GeS, &end)), &long(-1));
        let count = b.call(Routine::Count, &[&at, &after]);
        let letter = b.byte(&after, 0);
        b.set(&at, &after.add(&int(1)));
        b.set(&any, &int(1));
        let timed = stage.bin(Bin::GeS, &int(3));
        let point = is(&letter, b'.').either(&is(&letter, b',')).both(&timed).both(&stage.bin(Bin::LtS, &int(6)));
        b.when(&point, |b| {
            fraction(b, &at, &end, &total)?;
            b.set(&letter, &int(i64::from(b'S')));
            Ok(())
        })?;
        let mut table = Vec::new();
        for (of, unit, from, to) in
            [(b'W', 7 * DAY, 0, 1), (b'D', DAY, 0, 2), (b'H', HOUR, 3, 4), (b'M', MINUTE, 3, 5), (b'S', SECOND, 3, 6)]
        {
            // Of its letter, how many stages it may come after, the first of them, and its own.
            table.extend([of, to - 1 - from, from, to, 0, 0, 0, 0]);
            table.extend(unit.to_le_bytes());
        }
        each_unit(b, &table, |b, entry| {
            let beyond = stage.sub(&entry.load(BYTE, 2));
            let fits = letter.eq(&entry.load(BYTE, 0)).both(&beyond.bin(Bin::LeU, &entry.load(BYTE, 1)));
            b.when(&fits, |b| {
                let sum = b.call(Routine::Longer, &[&total, &count, &entry.load(SLOT, UNIT)]);
                b.set(&total, &sum);
                b.set(&stage, &entry.load(BYTE, 3));
                b.code.leave(top);
                Ok(())
            })
        })?;
        b.code.finish(&long(-1));
        Ok(())
    })?;
    b.code.push(&total.when(&any, &long(-1)));
    Ok(())
}

/// Thousandths of a second, and zeros; up to the letter.
fn fraction(b: &mut Body<'_, '_>, at: &Node, end: &Node, total: &Node) -> Written {
    let after = b.call(Routine::Digits, &[at]);
    let shape = after.ne(at).both(&after.bin(Bin::LtS, end)).both(&is(&after.load(BYTE, 0), b'S'));
    b.finish_when(&shape.not(), &long(-1));
    let unit = b.local(&long(100));
    b.repeat(|b, out, _| {
        b.code.leave_when(out, &at.eq(&after));
        let digit = b.local(&at.load(BYTE, 0).sub(&int(48)).to(Ty::I64));
        b.finish_when(&unit.eq(&long(0)).both(&digit.ne(&long(0))), &long(-1));
        b.set(total, &total.add(&digit.bin(Bin::Mul, &unit)));
        b.set(&unit, &unit.bin(Bin::DivS, &long(10)));
        b.advance(at, 1);
        Ok(())
    })?;
    b.advance(at, 1);
    Ok(())
}
