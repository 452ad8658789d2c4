//! Dates, times of day, instants with their zone, and days where an instant is wanted.

use concord_engine::plan::Call;
use concord_engine::values::calendar::{DAY, FIRST_DATE, FIRST_INSTANT, HOUR, LAST_DATE, LAST_INSTANT};

use super::body::{BYTE, Body, Written, is, within};
use super::frame::{HIGHEST, VALUE};
use super::routines::Routine;
use crate::emit::assembler::{Bin, Node, Ty, int, long};
use crate::emit::runtime::{Routine as Calendar, first_of_month};

/// Milliseconds of a minute.
const MINUTE: i64 = 60_000;
/// The code of what is no time, and of one that is too fine.
const NO_TIME: i64 = 11;
const TOO_FINE: i64 = 20;

/// See [`Routine::FirstOfMonth`].
pub(super) fn first_of(b: &mut Body<'_, '_>) -> Written {
    let [months] = b.parameters();
    let first = first_of_month(&mut b.code, &months);
    b.code.push(&first);
    Ok(())
}

/// See [`Routine::Date`].
pub(super) fn date(b: &mut Body<'_, '_>) -> Written {
    let [at, end] = b.parameters();
    let marks = is(&at.load(BYTE, 4), b'-').both(&is(&at.load(BYTE, 7), b'-'));
    b.go_on(&end.sub(&at).eq(&int(10)).both(&marks));
    let [century, year, month, day] = [0, 2, 5, 8].map(|offset| b.call(Routine::Two, &[&at.add(&int(offset))]));
    b.finish_when(&century.bin(Bin::Or, &year).bin(Bin::LtS, &int(0)), &int(0));
    b.go_on(&within(&month, 1, 12).both(&within(&day, 1, 31)));
    let months = b.local(&century.bin(Bin::Mul, &int(100)).add(&year).bin(Bin::Mul, &int(12)).add(&month).to(Ty::I64));
    let first = b.call(Routine::FirstOfMonth, &[&months.sub(&long(1))]);
    b.set(&VALUE, &first.add(&day.to(Ty::I64)).sub(&long(1)));
    let next = b.call(Routine::FirstOfMonth, &[&months]);
    b.code.push(&VALUE.bin(Bin::LtS, &next).both(&within(&VALUE, FIRST_DATE, LAST_DATE - 1)));
    Ok(())
}

/// See [`Routine::Clock`].
pub(super) fn clock(b: &mut Body<'_, '_>) -> Written {
    let [at, end] = b.parameters();
    let [hours, minutes] = [0, 3].map(|offset| b.call(Routine::Two, &[&at.add(&int(offset))]));
    let shape = end.sub(&at).bin(Bin::GeS, &int(5)).both(&is(&at.load(BYTE, 2), b':'));
    b.go_on(&shape.both(&within(&hours, 0, 23)).both(&within(&minutes, 0, 59)));
    let value = hours.bin(Bin::Mul, &int(HOUR)).add(&minutes.bin(Bin::Mul, &int(MINUTE)));
    b.set(&VALUE, &value.to(Ty::I64));
    b.advance(&at, 5);
    b.finish_when(&at.eq(&end), &int(1));
    let seconds = b.local(&is(&at.load(BYTE, 0), b':'));
    b.when(&seconds, |b| {
        let count = b.call(Routine::Two, &[&at.add(&int(1))]);
        b.go_on(&end.sub(&at).bin(Bin::GeS, &int(3)).both(&within(&count, 0, 59)));
        b.set(&VALUE, &VALUE.add(&count.bin(Bin::Mul, &int(1_000)).to(Ty::I64)));
        b.advance(&at, 3);
        b.finish_when(&at.eq(&end), &int(1));
        Ok(())
    })?;
    fraction(b, &at, &end, &seconds)
}

/// What stands after the point; it is read to see that it is digits even where it is too fine.
fn fraction(b: &mut Body<'_, '_>, at: &Node, end: &Node, seconds: &Node) -> Written {
    b.go_on(&is(&at.load(BYTE, 0), b'.'));
    b.advance(at, 1);
    let length = b.local(&end.sub(at));
    b.go_on(&length);
    let (unit, finer) = (b.local(&int(100)), b.local(&int(0)));
    b.repeat(|b, out, _| {
        b.code.leave_when(out, &at.eq(end));
        let digit = b.local(&at.load(BYTE, 0).sub(&int(48)));
        b.go_on(&digit.bin(Bin::LeU, &int(9)));
        b.set(&VALUE, &VALUE.add(&digit.bin(Bin::Mul, &unit).to(Ty::I64)));
        b.set(&finer, &finer.bin(Bin::Or, &digit.when(&unit.not(), &int(0))));
        b.set(&unit, &unit.bin(Bin::DivS, &int(10)));
        b.advance(at, 1);
        Ok(())
    })?;
    b.finish_when(&seconds.not(), &int(2).when(&length.bin(Bin::GtS, &int(3)), &int(0)));
    b.code.push(&int(2).when(&finer, &int(1)));
    Ok(())
}

/// See [`Routine::Instant`].
pub(super) fn instant(b: &mut Body<'_, '_>) -> Written {
    let [at, end] = b.parameters();
    let mark = b.byte(&at, 10);
    let marked = is(&mark, b'T').either(&is(&mark, b't')).either(&is(&mark, b' '));
    b.finish_when(&end.sub(&at).bin(Bin::GtS, &int(10)).both(&marked).not(), &int(NO_TIME));
    let date = b.call(Routine::Date, &[&at, &at.add(&int(10))]);
    b.finish_when(&date.not(), &int(NO_TIME));
    let day = b.local(&VALUE);
    let clock = b.local(&at.add(&int(11)));
    let zone = b.local(&clock);
    let c = b.local(&int(0));
    b.repeat(|b, out, _| {
        b.finish_when(&zone.bin(Bin::GeS, &end), &int(NO_TIME));
        b.set(&c, &zone.load(BYTE, 0));
        let found = [b'Z', b'z', b'+', b'-'].into_iter().fold(int(0), |found, sign| found.either(&is(&c, sign)));
        b.code.leave_when(out, &found);
        b.advance(&zone, 1);
        Ok(())
    })?;
    let offset = offset(b, &zone, &end, &c)?;
    let read = b.call(Routine::Clock, &[&clock, &zone]);
    b.finish_when(&read.ne(&int(1)), &int(TOO_FINE).when(&read, &int(NO_TIME)));
    b.set(&VALUE, &day.bin(Bin::Mul, &long(DAY)).add(&VALUE).sub(&offset));
    let known = VALUE.bin(Bin::GeS, &long(FIRST_INSTANT)).both(&VALUE.bin(Bin::LeS, &long(LAST_INSTANT)));
    b.code.push(&int(0).when(&known, &int(NO_TIME)));
    Ok(())
}

/// How far a zone is ahead: `Z`, `+01:00`, `+0100`, `+01`.
fn offset(
    b: &mut Body<'_, '_>,
    zone: &Node,
    end: &Node,
    sign: &Node,
) -> Result<Node, crate::emit::assembler::EmitError> {
    let offset = b.local(&long(0));
    b.either(
        &is(&sign.bin(Bin::Or, &int(32)), b'z'),
        |b| {
            b.finish_when(&zone.add(&int(1)).ne(end), &int(NO_TIME));
            Ok(())
        },
        |b| {
            let hours = b.call(Routine::Two, &[&zone.add(&int(1))]);
            let minutes = b.local(&int(0));
            let after = b.local(&zone.add(&int(3)));
            b.when(&after.ne(end), |b| {
                b.set(&after, &after.add(&is(&after.load(BYTE, 0), b':')));
                let two = b.call(Routine::Two, &[&after]);
                b.set(&minutes, &two);
                b.advance(&after, 2);
                Ok(())
            })?;
            let known = after.eq(end).both(&within(&hours, 0, 23)).both(&within(&minutes, 0, 59));
            b.finish_when(&known.not(), &int(NO_TIME));
            let ahead = b.local(&hours.bin(Bin::Mul, &int(HOUR)).add(&minutes.bin(Bin::Mul, &int(MINUTE))).to(Ty::I64));
            b.set(&offset, &long(0).sub(&ahead).when(&is(sign, b'-'), &ahead));
            Ok(())
        },
    )?;
    Ok(offset)
}

/// See [`Routine::Moment`].
pub(super) fn moment(b: &mut Body<'_, '_>) -> Written {
    let [at, end] = b.parameters();
    let is_day = b.call(Routine::Date, &[&at, &end]);
    b.when(&is_day, |b| {
        let day = b.local(&VALUE);
        let [first, next] = [0, DAY].map(|time| b.help(Calendar::Call(Call::InstantOn), &[&day, &long(time)]));
        b.set(&VALUE, &first);
        b.set(&HIGHEST, &next.sub(&long(1)));
        b.code.finish(&int(0));
        Ok(())
    })?;
    let fault = b.call(Routine::Instant, &[&at, &end]);
    b.set(&HIGHEST, &VALUE);
    b.code.push(&fault);
    Ok(())
}
