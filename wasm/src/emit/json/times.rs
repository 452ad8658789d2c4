//! Dates, times of day, instants with their zone, and days where an instant is wanted.

use concord_engine::plan::Call;
use concord_engine::values::calendar::{DAY, FIRST_DATE, FIRST_INSTANT, LAST_DATE, LAST_INSTANT};

use super::body::{BYTE, Body, Written, is, within};
use super::frame::{HIGHEST, VALUE};
use super::routines::Routine;
use super::told::{NO_TIME, TOO_FINE};
use crate::emit::assembler::{Bin, EmitError, Node, Ty, int, long};
use crate::emit::runtime::Routine as Calendar;

/// Milliseconds of a minute.
const MINUTE: i64 = 60_000;

/// See [`Routine::FirstOfMonth`]: of any year in which dates lie.
pub(super) fn first_of(b: &mut Body<'_, '_>) -> Written {
    let [months] = b.parameters();
    // Counted from March, so that what a leap year adds comes last.
    let since = b.local(&months.sub(&int(2)));
    let year = b.local(&since.bin(Bin::DivS, &int(12)));
    let month = since.sub(&year.bin(Bin::Mul, &int(12)));
    let by = |number: i64| year.bin(Bin::DivS, &int(number));
    let years = year.bin(Bin::Mul, &int(365)).add(&by(4)).sub(&by(100)).add(&by(400));
    let days = month.bin(Bin::Mul, &int(153)).add(&int(2)).bin(Bin::DivS, &int(5));
    b.code.push(&years.add(&days).sub(&int(719_468)));
    Ok(())
}

/// See [`Routine::Date`].
pub(super) fn date(b: &mut Body<'_, '_>) -> Written {
    let [at, end] = b.parameters();
    let [century, year, month, day] = [0, 2, 5, 8].map(|offset| b.call(Routine::Two, &[&at.add(&int(offset))]));
    let marks = is(&at.load(BYTE, 4), b'-').both(&is(&at.load(BYTE, 7), b'-')).both(&end.sub(&at).eq(&int(10)));
    let parts = within(&month, 1, 12).both(&century.bin(Bin::Or, &year).bin(Bin::GeS, &int(0)));
    b.finish_when(&marks.both(&parts).not(), &int(NO_TIME));
    let months = b.local(&century.bin(Bin::Mul, &int(100)).add(&year).bin(Bin::Mul, &int(12)).add(&month));
    let first = b.call(Routine::FirstOfMonth, &[&months.sub(&int(1))]);
    let next = b.call(Routine::FirstOfMonth, &[&months]);
    let date = b.local(&first.add(&day).sub(&int(1)));
    b.set(&VALUE, &date.to(Ty::I64));
    let fits = date.bin(Bin::GeS, &first).both(&date.bin(Bin::LtS, &next));
    b.code.push(&int(0).when(&fits.both(&within(&date, FIRST_DATE, LAST_DATE)), &int(NO_TIME)));
    Ok(())
}

/// See [`Routine::Clock`]: hours, minutes and, it may be, seconds. What ends it is no digit.
pub(super) fn clock(b: &mut Body<'_, '_>) -> Written {
    let [at, end] = b.parameters();
    let (parts, most, value) = (b.local(&int(0)), b.local(&int(23)), b.local(&int(0)));
    b.repeat(|b, out, _| {
        let part = b.call(Routine::Two, &[&at]);
        b.finish_when(&part.bin(Bin::LeU, &most).not(), &int(NO_TIME));
        b.set(&value, &value.bin(Bin::Mul, &int(60)).add(&part));
        b.set(&most, &int(59));
        b.advance(&parts, 1);
        b.advance(&at, 2);
        b.code.leave_when(out, &is(&at.load(BYTE, 0), b':').not().either(&parts.eq(&int(3))));
        b.advance(&at, 1);
        Ok(())
    })?;
    b.finish_when(&parts.eq(&int(1)), &int(NO_TIME));
    let seconds = b.local(&parts.eq(&int(3)));
    b.set(&VALUE, &value.bin(Bin::Mul, &int(1_000).when(&seconds, &int(MINUTE))).to(Ty::I64));
    b.finish_when(&at.eq(&end), &int(0));
    fraction(b, &at, &end, &seconds)
}

/// What stands after the point; it is read to see that it is digits even where it is too fine.
fn fraction(b: &mut Body<'_, '_>, at: &Node, end: &Node, seconds: &Node) -> Written {
    let point = b.local(at);
    let (unit, finer) = (b.local(&int(100)), b.local(&is(&at.load(BYTE, 0), b'.').not()));
    b.advance(at, 1);
    b.finish_when(&finer.either(&at.eq(end)), &int(NO_TIME));
    b.repeat(|b, out, _| {
        let digit = b.local(&at.load(BYTE, 0).sub(&int(48)));
        b.finish_when(&digit.bin(Bin::LeU, &int(9)).not(), &int(NO_TIME));
        b.set(&VALUE, &VALUE.add(&digit.bin(Bin::Mul, &unit).to(Ty::I64)));
        b.set(&finer, &finer.bin(Bin::Or, &digit.when(&unit.not(), &int(0))));
        b.set(&unit, &unit.bin(Bin::DivS, &int(10)));
        b.advance(at, 1);
        b.code.leave_when(out, &at.eq(end));
        Ok(())
    })?;
    // Of minutes there is no fraction, which is told only where it is not too fine.
    let long_fraction = at.sub(&point).bin(Bin::GtS, &int(4));
    let without = int(TOO_FINE).when(&long_fraction, &int(NO_TIME));
    b.code.push(&int(TOO_FINE).when(&finer, &int(0)).when(seconds, &without));
    Ok(())
}

/// See [`Routine::Instant`].
pub(super) fn instant(b: &mut Body<'_, '_>) -> Written {
    let [at, end] = b.parameters();
    let mark = b.byte(&at, 10);
    let marked = is(&mark, b'T').either(&is(&mark, b't')).either(&is(&mark, b' '));
    b.finish_when(&end.sub(&at).bin(Bin::GtS, &int(10)).both(&marked).not(), &int(NO_TIME));
    let no_date = b.of(Routine::Date, &[&at, &at.add(&int(10))]);
    b.finish_when(&no_date, &int(NO_TIME));
    let day = b.local(&VALUE);
    let clock = b.local(&at.add(&int(11)));
    let zone = b.local(&clock);
    let c = b.local(&int(0));
    // Digits, colons and the point; no zone begins with one of what else lies between.
    b.repeat(|b, out, _| {
        b.set(&c, &zone.load(BYTE, 0));
        b.code.leave_when(out, &within(&c, 0x2E, 0x3A).not());
        b.advance(&zone, 1);
        Ok(())
    })?;
    let offset = offset(b, &zone, &end, &c)?;
    let wrong = b.call(Routine::Clock, &[&clock, &zone]);
    b.finish_when(&wrong, &wrong);
    b.set(&VALUE, &day.bin(Bin::Mul, &long(DAY)).add(&VALUE).sub(&offset.to(Ty::I64)));
    let known = VALUE.bin(Bin::GeS, &long(FIRST_INSTANT)).both(&VALUE.bin(Bin::LeS, &long(LAST_INSTANT)));
    b.code.push(&int(0).when(&known, &int(NO_TIME)));
    Ok(())
}

/// How far a zone is ahead: `Z`, `+01:00`, `+0100`, `+01`.
fn offset(b: &mut Body<'_, '_>, zone: &Node, end: &Node, sign: &Node) -> Result<Node, EmitError> {
    let offset = b.local(&int(0));
    let after = b.local(&zone.add(&int(1)));
    let is_sign = is(sign, b'+').either(&is(sign, b'-'));
    b.finish_when(&is_sign.either(&is(&sign.bin(Bin::Or, &int(32)), b'z')).not(), &int(NO_TIME));
    b.when(&sign.bin(Bin::LtS, &int(64)), |b| {
        let hours = b.call(Routine::Two, &[&after]);
        let minutes = b.local(&int(0));
        b.advance(&after, 2);
        b.when(&after.ne(end), |b| {
            b.set(&after, &after.add(&is(&after.load(BYTE, 0), b':')));
            let two = b.of(Routine::Two, &[&after]);
            b.set(&minutes, &two);
            b.advance(&after, 2);
            Ok(())
        })?;
        let known = hours.bin(Bin::LeU, &int(23)).both(&minutes.bin(Bin::LeU, &int(59)));
        b.finish_when(&known.not(), &int(NO_TIME));
        b.set(&offset, &hours.bin(Bin::Mul, &int(60)).add(&minutes).bin(Bin::Mul, &int(MINUTE)));
        b.set(&offset, &int(0).sub(&offset).when(&is(sign, b'-'), &offset));
        Ok(())
    })?;
    b.finish_when(&after.ne(end), &int(NO_TIME));
    Ok(offset)
}

/// See [`Routine::Moment`].
pub(super) fn moment(b: &mut Body<'_, '_>) -> Written {
    let [at, end] = b.parameters();
    let no_day = b.of(Routine::Date, &[&at, &end]);
    b.when(&no_day.not(), |b| {
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
