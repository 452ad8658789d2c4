//! Pieces of what comes out: literals, numbers, durations, dates and times.

use concord_engine::values::calendar::{DAY, HOUR, MONTHS};

use super::body::{BYTE, Body, WORD, Written};
use super::frame::{BASE, DIGITS_END, OUT};
use super::literals::{list, literal};
use super::routines::Routine;
use crate::emit::assembler::{Bin, Node, SLOT, Ty, int, long};
use crate::emit::runtime::{Routine as Calendar, floor};

const MINUTE: i64 = 60_000;
const SECOND: i64 = 1_000;

/// See [`Routine::Put`].
pub(super) fn put(b: &mut Body<'_, '_>) -> Written {
    let [literal] = b.parameters();
    b.call(Routine::PutBytes, &[&literal.add(&int(4)), &literal.load(WORD, 0)]);
    b.code.push(&int(0));
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
    })?;
    b.code.push(&int(0));
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
        b.put("-")
    })?;
    Ok(size)
}

/// See [`Routine::PutWhole`]: written from the last digit to the first, then copied.
pub(super) fn put_whole(b: &mut Body<'_, '_>) -> Written {
    let [value, least] = b.parameters();
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
    b.call(Routine::PutBytes, &[&at, &end.sub(&at)]);
    b.code.push(&int(0));
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
    b.call(Routine::PutBytes, &[&at, &end.sub(&at)]);
    b.code.push(&int(0));
    Ok(())
}

/// See [`Routine::PutIso`].
pub(super) fn put_iso(b: &mut Body<'_, '_>) -> Written {
    let [value] = b.parameters();
    let size = sign(b, &value)?;
    b.put("PT")?;
    let (hours, rest) = split(b, &size, HOUR);
    let (minutes, rest) = split(b, &rest, MINUTE);
    let (seconds, ms) = split(b, &rest, SECOND);
    for (count, letter) in [(&hours, "H"), (&minutes, "M")] {
        b.when(&count.ne(&long(0)), |b| {
            b.call(Routine::PutWhole, &[count, &int(1)]);
            b.put(letter)
        })?;
    }
    let whole = hours.bin(Bin::Or, &minutes).ne(&long(0)).both(&rest.eq(&long(0)));
    b.finish_when(&whole, &int(0));
    b.call(Routine::PutWhole, &[&seconds, &int(1)]);
    b.when(&ms.ne(&long(0)), |b| {
        b.put(".")?;
        b.call(Routine::PutWhole, &[&ms, &int(3)]);
        Ok(())
    })?;
    b.put("S")?;
    b.code.push(&int(0));
    Ok(())
}

/// See [`Routine::PutDuration`].
pub(super) fn put_duration(b: &mut Body<'_, '_>) -> Written {
    let [value] = b.parameters();
    b.when(&value.eq(&long(0)), |b| {
        b.put("0 min")?;
        b.code.finish(&int(0));
        Ok(())
    })?;
    let left = sign(b, &value)?;
    let any = b.local(&int(0));
    for (unit, one, many) in
        [(DAY, " day", " days"), (HOUR, " h", " h"), (MINUTE, " min", " min"), (SECOND, " s", " s"), (1, " ms", " ms")]
    {
        let (count, rest) = split(b, &left, unit);
        b.set(&left, &rest);
        b.when(&count.ne(&long(0)), |b| {
            b.when(&any, |b| b.put(" "))?;
            b.set(&any, &int(1));
            b.call(Routine::PutWhole, &[&count, &int(1)]);
            let (one, many) = (b.literal(one)?, b.literal(many)?);
            b.call(Routine::Put, &[&one.when(&count.eq(&long(1)), &many)]);
            Ok(())
        })?;
    }
    b.code.push(&int(0));
    Ok(())
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
    b.call(Routine::PutWhole, &[&year, &int(4)]);
    for part in [month, day] {
        b.put("-")?;
        b.call(Routine::PutWhole, &[&part, &int(2)]);
    }
    b.code.push(&int(0));
    Ok(())
}

/// See [`Routine::PutDay`].
pub(super) fn put_day(b: &mut Body<'_, '_>) -> Written {
    let [days] = b.parameters();
    let names = MONTHS.map(|name| literal(b.context, &format!(" {name} ")));
    let names = names.into_iter().collect::<Result<Vec<_>, _>>()?;
    let names = list(b.context, &names)?;
    let [year, month, day] = civil(b, &days);
    b.call(Routine::PutWhole, &[&day, &int(1)]);
    let name = month.sub(&long(1)).shl(2).to(Ty::I32).add(&int(i64::from(names))).load(WORD, 0);
    b.call(Routine::Put, &[&name]);
    b.call(Routine::PutWhole, &[&year, &int(1)]);
    b.code.push(&int(0));
    Ok(())
}

/// Hours and minutes; what is left after them.
fn hours_and_minutes(b: &mut Body<'_, '_>, value: &Node) -> Result<Node, crate::emit::assembler::EmitError> {
    let (hours, rest) = split(b, value, HOUR);
    let (minutes, rest) = split(b, &rest, MINUTE);
    b.call(Routine::PutWhole, &[&hours, &int(2)]);
    b.put(":")?;
    b.call(Routine::PutWhole, &[&minutes, &int(2)]);
    Ok(rest)
}

/// See [`Routine::PutSeconds`]: left out where they are 0, unless wanted.
pub(super) fn put_seconds(b: &mut Body<'_, '_>) -> Written {
    let [rest, always] = b.parameters();
    b.finish_when(&always.either(&rest.ne(&long(0))).not(), &int(0));
    let (seconds, ms) = split(b, &rest, SECOND);
    b.put(":")?;
    b.call(Routine::PutWhole, &[&seconds, &int(2)]);
    b.when(&ms.ne(&long(0)), |b| {
        b.put(".")?;
        b.call(Routine::PutWhole, &[&ms, &int(3)]);
        Ok(())
    })?;
    b.code.push(&int(0));
    Ok(())
}

/// See [`Routine::PutClock`].
pub(super) fn put_clock(b: &mut Body<'_, '_>) -> Written {
    let [value] = b.parameters();
    let rest = hours_and_minutes(b, &value)?;
    b.call(Routine::PutSeconds, &[&rest, &int(0)]);
    b.code.push(&int(0));
    Ok(())
}

/// See [`Routine::PutUtc`].
pub(super) fn put_utc(b: &mut Body<'_, '_>) -> Written {
    let [instant] = b.parameters();
    let (day, within) = floor(&mut b.code, &instant, &long(DAY));
    b.call(Routine::PutDate, &[&day]);
    b.put("T")?;
    let rest = hours_and_minutes(b, &within)?;
    b.call(Routine::PutSeconds, &[&rest, &int(1)]);
    b.put("Z")?;
    b.code.push(&int(0));
    Ok(())
}

/// See [`Routine::PutLocal`]: in the hour that October has twice, which of the two it is.
pub(super) fn put_local(b: &mut Body<'_, '_>) -> Written {
    let [instant] = b.parameters();
    let local = b.help(Calendar::Local, &[&instant]);
    let (day, within) = floor(&mut b.code, &local, &long(DAY));
    b.call(Routine::PutDate, &[&day]);
    b.put(" ")?;
    b.call(Routine::PutClock, &[&within]);
    let first = b.local(&local.sub(&long(HOUR)));
    let as_summer = b.help(Calendar::Summer, &[&first]);
    let as_winter = b.help(Calendar::Summer, &[&local]);
    b.when(&as_summer.both(&as_winter.not()), |b| {
        let (summer, winter) = (b.literal(" BST")?, b.literal(" GMT")?);
        b.call(Routine::Put, &[&summer.when(&instant.eq(&first), &winter)]);
        Ok(())
    })?;
    b.code.push(&int(0));
    Ok(())
}
