//! Pieces of what comes out: literals, numbers, durations, dates and times.

use concord_engine::values::calendar::{DAY, HOUR, MONTHS};

use super::body::{BYTE, Body, WORD, Written, within};
use super::frame::{BASE, DIGITS_END, OUT};
use super::literals::{NAME, OTHER, list, literal, parts_of};
use super::routines::Routine;
use crate::emit::assembler::{Bin, Node, SLOT, Ty, int, long};
use crate::emit::runtime::{Routine as Calendar, floor};

const MINUTE: i64 = 60_000;
const SECOND: i64 = 1_000;

/// See [`Routine::Put`].
pub(super) fn put(b: &mut Body<'_, '_>) -> Written {
    let [text] = b.parameters();
    let (start, length) = parts_of(b.context, &text);
    let length = b.local(&length);
    b.set(&text, &start);
    b.when(&length.not(), |b| {
        b.set(&length, &text.load(WORD, 0));
        b.advance(&text, 4);
        Ok(())
    })?;
    b.run(Routine::PutBytes, &[&text, &length]);
    Ok(())
}

/// See [`Routine::PutBytes`]: eight at a time; those beyond the last are overwritten by what follows.
pub(super) fn put_bytes(b: &mut Body<'_, '_>) -> Written {
    let [from, bytes] = b.parameters();
    let to = b.local(&OUT);
    b.set(&OUT, &to.add(&bytes));
    b.repeat(|b, out, _| {
        b.code.leave_when(out, &bytes.bin(Bin::LeS, &int(0)));
        b.code.store(&to, 0, &from.load(SLOT, 0), SLOT);
        b.advance(&to, 8);
        b.advance(&from, 8);
        b.advance(&bytes, -8);
        Ok(())
    })
}

/// See [`Routine::PutForm`].
pub(super) fn put_form(b: &mut Body<'_, '_>) -> Written {
    let [form, name, other] = b.parameters();
    let (start, bytes) = parts_of(b.context, &form);
    let at = b.local(&start);
    let end = b.local(&at.add(&bytes));
    b.repeat(|b, _, _| {
        let c = b.byte(&at, 0);
        b.advance(&at, 1);
        b.either(
            &c.bin(Bin::LeU, &int(OTHER as i64)),
            |b| {
                b.run(Routine::Put, &[&name.when(&c.eq(&int(NAME as i64)), &other)]);
                Ok(())
            },
            |b| {
                put_byte(b, &c);
                Ok(())
            },
        )?;
        b.stop_when(&at.eq(&end));
        Ok(())
    })
}

/// Writes one byte.
pub(super) fn put_byte(b: &mut Body<'_, '_>, byte: &Node) {
    b.run(Routine::PutByte, &[byte]);
}

/// The same where it stands.
pub(super) fn put_byte_here(b: &mut Body<'_, '_>, byte: &Node) {
    b.code.store(&OUT, 0, byte, BYTE);
    b.set(&OUT, &OUT.add(&int(1)));
}

/// See [`Routine::PutByte`].
pub(super) fn put_one(b: &mut Body<'_, '_>) -> Written {
    let [byte] = b.parameters();
    put_byte_here(b, &byte);
    Ok(())
}

/// The quotient and the rest of what is not below 0.
fn split(b: &mut Body<'_, '_>, value: &Node, by: i64) -> (Node, Node) {
    let by = Node::Const(value.ty(), by);
    let quotient = b.local(&value.bin(Bin::DivS, &by));
    let rest = b.local(&value.sub(&quotient.bin(Bin::Mul, &by)));
    (quotient, rest)
}

/// Writes a minus where it is below 0; the value without it comes back.
fn sign(b: &mut Body<'_, '_>, value: &Node) -> Result<Node, crate::emit::assembler::EmitError> {
    let size = b.local(value);
    b.when(&value.bin(Bin::LtS, &long(0)), |b| {
        b.set(&size, &long(0).sub(value));
        put_byte(b, &int(i64::from(b'-')));
        Ok(())
    })?;
    Ok(size)
}

/// See [`Routine::PutWhole`]: written from the last digit to the first, then copied.
pub(super) fn put_whole(b: &mut Body<'_, '_>) -> Written {
    let [value, least] = b.parameters();
    b.when(&within(&value, 0, 9).both(&least.eq(&int(1))), |b| {
        put_byte_here(b, &value.to(Ty::I32).add(&int(48)));
        b.code.stop();
        Ok(())
    })?;
    let size = sign(b, &value)?;
    let end = b.local(&BASE.add(&int(i64::from(DIGITS_END))));
    let at = b.local(&end);
    b.repeat(|b, out, _| {
        let (rest, digit) = split(b, &size, 10);
        b.advance(&at, -1);
        b.code.store(&at, 0, &digit.add(&long(48)).to(Ty::I32), BYTE);
        b.set(&size, &rest);
        b.advance(&least, -1);
        b.code.leave_when(out, &size.eq(&long(0)).both(&least.bin(Bin::LeS, &int(0))));
        Ok(())
    })?;
    b.run(Routine::PutBytes, &[&at, &end.sub(&at)]);
    Ok(())
}

/// See [`Routine::PutDecimal`].
pub(super) fn put_decimal(b: &mut Body<'_, '_>) -> Written {
    let [value, places, trim] = b.parameters();
    let size = sign(b, &value)?;
    let end = b.local(&BASE.add(&int(i64::from(DIGITS_END))));
    let at = b.local(&end);
    let left = b.local(&places);
    b.repeat(|b, out, top| {
        let (rest, digit) = split(b, &size, 10);
        b.set(&size, &rest);
        // Zeros at the end are left out, but for one after the point.
        let needless = trim.both(&left.bin(Bin::GtS, &int(1))).both(&digit.eq(&long(0)));
        b.when(&needless, |b| {
            b.advance(&left, -1);
            b.code.leave(top);
            Ok(())
        })?;
        b.set(&trim, &int(0));
        b.advance(&at, -1);
        b.code.store(&at, 0, &digit.add(&long(48)).to(Ty::I32), BYTE);
        b.advance(&left, -1);
        b.when(&left.not(), |b| {
            b.advance(&at, -1);
            b.code.store(&at, 0, &int(i64::from(b'.')), BYTE);
            Ok(())
        })?;
        b.code.leave_when(out, &size.eq(&long(0)).both(&left.bin(Bin::LtS, &int(0))));
        Ok(())
    })?;
    b.run(Routine::PutBytes, &[&at, &end.sub(&at)]);
    Ok(())
}

/// See [`Routine::PutIso`].
pub(super) fn put_iso(b: &mut Body<'_, '_>) -> Written {
    let [value] = b.parameters();
    let size = sign(b, &value)?;
    b.put("PT")?;
    let (hours, rest) = split(b, &size, HOUR);
    let (minutes, rest) = split(b, &rest, MINUTE);
    for (count, letter) in [(&hours, b'H'), (&minutes, b'M')] {
        b.when(&count.ne(&long(0)), |b| {
            b.run(Routine::PutWhole, &[count, &int(1)]);
            put_byte(b, &int(i64::from(letter)));
            Ok(())
        })?;
    }
    b.stop_when(&size.ne(&long(0)).both(&rest.eq(&long(0))));
    seconds(b, &rest, 1)?;
    put_byte(b, &int(i64::from(b'S')));
    Ok(())
}

/// Seconds, and their thousandths where there are any.
fn seconds(b: &mut Body<'_, '_>, rest: &Node, digits: i64) -> Written {
    let (seconds, ms) = split(b, rest, SECOND);
    b.run(Routine::PutWhole, &[&seconds, &int(digits)]);
    b.when(&ms.ne(&long(0)), |b| {
        put_byte(b, &int(i64::from(b'.')));
        b.run(Routine::PutWhole, &[&ms, &int(3)]);
        Ok(())
    })
}

/// See [`Routine::PutDuration`]: its units are data, each its length and its name of one and of more.
pub(super) fn put_duration(b: &mut Body<'_, '_>) -> Written {
    let [value] = b.parameters();
    let left = sign(b, &value)?;
    let mut units = Vec::new();
    for (unit, one, more) in
        [(DAY, " day", " days"), (HOUR, " h", " h"), (MINUTE, " min", " min"), (SECOND, " s", " s"), (1, " ms", " ms")]
    {
        units.extend(unit.to_le_bytes());
        units.extend(literal(b.context, one)?.to_le_bytes());
        units.extend(literal(b.context, more)?.to_le_bytes());
    }
    b.when(&left.eq(&long(0)), |b| b.put("0 min"))?;
    let units = b.context.constant(&units)?;
    let unit = b.local(&int(i64::from(units)));
    b.repeat(|b, _, _| {
        b.stop_when(&left.eq(&long(0)));
        let length = b.local(&unit.load(SLOT, 0));
        let count = b.local(&left.bin(Bin::DivS, &length));
        b.when(&count.ne(&long(0)), |b| {
            b.set(&left, &left.sub(&count.bin(Bin::Mul, &length)));
            b.run(Routine::PutWhole, &[&count, &int(1)]);
            b.run(Routine::Put, &[&unit.load(WORD, 8).when(&count.eq(&long(1)), &unit.load(WORD, 12))]);
            b.when(&left.ne(&long(0)), |b| {
                put_byte(b, &int(i64::from(b' ')));
                Ok(())
            })
        })?;
        b.advance(&unit, 16);
        Ok(())
    })
}

/// The year, the month and the day of the month.
fn civil(b: &mut Body<'_, '_>, days: &Node) -> [Node; 3] {
    let packed = b.help(Calendar::Civil, &[days]);
    let year = packed.bin(Bin::ShrS, &long(9));
    let month = packed.bin(Bin::ShrS, &long(5)).bin(Bin::And, &long(15));
    [year, month, packed.bin(Bin::And, &long(31))]
}

/// See [`Routine::PutDate`].
pub(super) fn put_date(b: &mut Body<'_, '_>) -> Written {
    let [days] = b.parameters();
    let [year, month, day] = civil(b, &days);
    b.run(Routine::PutWhole, &[&year, &int(4)]);
    for part in [month, day] {
        put_byte(b, &int(i64::from(b'-')));
        b.run(Routine::PutWhole, &[&part, &int(2)]);
    }
    Ok(())
}

/// See [`Routine::PutDay`].
pub(super) fn put_day(b: &mut Body<'_, '_>) -> Written {
    let [days] = b.parameters();
    let names = MONTHS.map(|name| literal(b.context, &format!(" {name} ")));
    let names = names.into_iter().collect::<Result<Vec<_>, _>>()?;
    let names = list(b.context, &names)?;
    let [year, month, day] = civil(b, &days);
    b.run(Routine::PutWhole, &[&day, &int(1)]);
    let name = month.sub(&long(1)).shl(2).to(Ty::I32).load(WORD, names);
    b.run(Routine::Put, &[&name]);
    b.run(Routine::PutWhole, &[&year, &int(1)]);
    Ok(())
}

/// See [`Routine::PutClock`].
pub(super) fn put_clock(b: &mut Body<'_, '_>) -> Written {
    let [value, always] = b.parameters();
    let colon = int(i64::from(b':'));
    let (hours, rest) = split(b, &value, HOUR);
    let (minutes, rest) = split(b, &rest, MINUTE);
    b.run(Routine::PutWhole, &[&hours, &int(2)]);
    put_byte(b, &colon);
    b.run(Routine::PutWhole, &[&minutes, &int(2)]);
    b.stop_when(&always.either(&rest.ne(&long(0))).not());
    put_byte(b, &colon);
    seconds(b, &rest, 2)
}

/// See [`Routine::PutUtc`].
pub(super) fn put_utc(b: &mut Body<'_, '_>) -> Written {
    let [instant] = b.parameters();
    let (day, within) = floor(&mut b.code, &instant, &long(DAY));
    b.run(Routine::PutDate, &[&day]);
    put_byte(b, &int(i64::from(b'T')));
    b.run(Routine::PutClock, &[&within, &int(1)]);
    put_byte(b, &int(i64::from(b'Z')));
    Ok(())
}

/// See [`Routine::PutLocal`]: in the hour that October has twice, which of the two it is.
pub(super) fn put_local(b: &mut Body<'_, '_>) -> Written {
    let [instant] = b.parameters();
    let local = b.help(Calendar::Local, &[&instant]);
    let (day, within) = floor(&mut b.code, &local, &long(DAY));
    b.run(Routine::PutDate, &[&day]);
    put_byte(b, &int(i64::from(b' ')));
    b.run(Routine::PutClock, &[&within, &int(0)]);
    let first = b.local(&local.sub(&long(HOUR)));
    let as_summer = b.help(Calendar::Summer, &[&first]);
    let as_winter = b.help(Calendar::Summer, &[&local]);
    b.when(&as_summer.both(&as_winter.not()), |b| {
        let (summer, winter) = (b.literal(" BST")?, b.literal(" GMT")?);
        b.run(Routine::Put, &[&summer.when(&instant.eq(&first), &winter)]);
        Ok(())
    })
}
