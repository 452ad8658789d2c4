//! Numbers in other units than the declared one: converted exactly, to the two values between which they lie.

use super::body::{BYTE, Body, WORD, Written, is, within};
use super::descriptors::{PLACES, UNITS};
use super::frame::{FIRST, HIGH_HALF, HIGHEST, LOW_HALF, SECOND, STRING, STRING_END, VALUE};
use super::keys::two;
use super::numbers::numeral;
use super::routines::Routine;
use super::spelt::{LENGTH, NAME, OVER, PLUS, TIMES};
use super::told::{OUT_OF_RANGE, TOO_PRECISE, UNKNOWN_UNIT, WRONG_KIND};
use crate::emit::assembler::{Bin, Node, SLOT, Ty, int, long};

/// The most digits of a number that is converted.
const MOST_DIGITS: i64 = 18;
/// The most zeros that a number of 128 bits has.
const MOST_ZEROS: i64 = 38;

fn is_number(at: &Node) -> Node {
    let c = at.load(BYTE, 0);
    is(&c, b'-').either(&within(&c, 48, 57))
}

/// See [`Routine::InUnit`]: the two members stand in the globals.
pub(super) fn in_unit(b: &mut Body<'_, '_>) -> Written {
    let [ty] = b.parameters();
    let value = b.local(&FIRST);
    b.finish_when(&is(&SECOND.load(BYTE, 0), b'"').not(), &int(WRONG_KIND));
    b.call(Routine::String, &[&SECOND]);
    b.finish_when(&STRING.not(), &int(WRONG_KIND));
    let unit = b.local(&ty.load(WORD, UNITS));
    b.repeat(|b, found, _| {
        let length = b.byte(&unit, LENGTH);
        b.finish_when(&length.not(), &int(UNKNOWN_UNIT));
        b.when(&length.eq(&STRING_END.sub(&STRING)), |b| {
            let same = b.of(Routine::Same, &[&unit.add(&int(i64::from(NAME))), &STRING, &length]);
            b.code.leave_when(found, &same);
            Ok(())
        })?;
        b.set(&unit, &unit.add(&length).add(&int(i64::from(NAME))));
        Ok(())
    })?;
    b.when(&is_number(&value), |b| {
        let end = b.call(Routine::NumberEnd, &[&value]);
        let fault = b.of(Routine::Scaled, &[&ty, &value, &end, &unit]);
        b.code.finish(&fault);
        Ok(())
    })?;
    b.when(&is(&value.load(BYTE, 0), b'{'), |b| {
        let are_ends = two(b, &value, "from", "to")?;
        b.when(&are_ends, |b| {
            b.when(&is_number(&FIRST).both(&is_number(&SECOND)), |b| {
                let end = b.call(Routine::NumberEnd, &[&FIRST]);
                let fault = b.call(Routine::Scaled, &[&ty, &FIRST, &end, &unit]);
                b.finish_when(&fault, &fault);
                let low = b.local(&VALUE);
                let end = b.call(Routine::NumberEnd, &[&SECOND]);
                let fault = b.call(Routine::Scaled, &[&ty, &SECOND, &end, &unit]);
                b.set(&VALUE, &low);
                b.code.finish(&fault);
                Ok(())
            })
        })
    })?;
    b.when(&is(&value.load(BYTE, 0), b'"'), |b| {
        b.call(Routine::String, &[&value]);
        b.finish_when(&STRING.not(), &int(WRONG_KIND));
        let fault = b.call(Routine::Beyond, &[&ty, &unit]);
        b.finish_when(&fault.bin(Bin::GeS, &int(0)), &fault);
        Ok(())
    })?;
    b.code.push(&int(WRONG_KIND));
    Ok(())
}

/// Whether a unit is the declared one.
pub(super) fn is_plain(unit: &Node) -> Node {
    unit.load(SLOT, OVER).eq(&long(0))
}

/// See [`Routine::Scaled`]. Sizes have 128 bits, two halves in the globals; what does not fit is out of any range.
pub(super) fn scaled(b: &mut Body<'_, '_>) -> Written {
    let [ty, at, end, unit] = b.parameters();
    b.when(&is_plain(&unit), |b| {
        let fault = b.call(Routine::Decimal, &[&at, &end, &ty.load(BYTE, PLACES)]);
        b.set(&HIGHEST, &VALUE);
        b.code.finish(&fault);
        Ok(())
    })?;
    let places = b.local(&ty.load(BYTE, PLACES).to(Ty::I64));
    let number = numeral(b, &at, &end)?;
    b.finish_when(&number.digits.bin(Bin::GtS, &int(MOST_DIGITS)), &int(TOO_PRECISE));
    let scale = b.local(&number.exponent.add(&places));
    let (plus, over) = (b.local(&unit.load(SLOT, PLUS)), b.local(&unit.load(SLOT, OVER)));
    let below = b.local(&long(0).sub(&scale).when(&scale.bin(Bin::LtS, &long(0)), &long(0)));
    b.set(&VALUE, &long(0));
    b.set(&HIGHEST, &long(0));
    b.finish_when(&number.digits.not().both(&plus.eq(&long(0))), &int(0));
    // What is added, as large as what it is added to.
    let too_large = |b: &mut Body<'_, '_>, wrong: &Node| b.finish_when(wrong, &int(OUT_OF_RANGE));
    let size = b.local(&long(0).sub(&plus).when(&plus.bin(Bin::LtS, &long(0)), &plus));
    b.set(&LOW_HALF, &size);
    b.set(&HIGH_HALF, &long(0));
    b.when(&plus.ne(&long(0)), |b| {
        let wrong = b.of(Routine::TimesTen, &[&places.add(&below)]);
        too_large(b, &wrong);
        Ok(())
    })?;
    let (plus_low, plus_high) = (b.local(&LOW_HALF), b.local(&HIGH_HALF));
    b.set(&LOW_HALF, &number.value);
    b.set(&HIGH_HALF, &long(0));
    let wrong = b.of(Routine::Times, &[&unit.load(SLOT, TIMES)]);
    too_large(b, &wrong);
    // So many zeros are too many even after a 0.
    too_large(b, &scale.bin(Bin::GtS, &long(MOST_ZEROS)));
    let wrong = b.of(Routine::TimesTen, &[&scale.when(&scale.bin(Bin::GtS, &long(0)), &long(0))]);
    too_large(b, &wrong);
    let negative = b.local(&number.negative.both(&number.digits.ne(&int(0))));
    b.when(&plus.ne(&long(0)), |b| add(b, &negative, &plus, [&plus_low, &plus_high]))?;
    divide(b, &over, &below)?;
    // What is left over lies between two.
    let inexact = b.local(&VALUE);
    let size = b.local(&LOW_HALF);
    let most = long(i64::MAX).sub(&inexact);
    let fits = HIGH_HALF.eq(&long(0)).both(&size.bin(Bin::GeS, &long(0))).both(&size.bin(Bin::LeS, &most));
    b.finish_when(&fits.not(), &int(OUT_OF_RANGE));
    b.set(&VALUE, &long(0).sub(&size).sub(&inexact).when(&negative, &size));
    b.set(&HIGHEST, &VALUE.add(&inexact));
    b.code.push(&int(0));
    Ok(())
}

/// Adds what has a sign of its own to what stands in the globals; the sign of the sum is kept.
fn add(b: &mut Body<'_, '_>, negative: &Node, plus: &Node, [low, high]: [&Node; 2]) -> Written {
    let negate = |b: &mut Body<'_, '_>, low: &Node, high: &Node| {
        b.set(high, &high.bin(Bin::Xor, &long(-1)).add(&low.eq(&long(0)).to(Ty::I64)));
        b.set(low, &long(0).sub(low));
    };
    b.when(negative, |b| {
        negate(b, &LOW_HALF, &HIGH_HALF);
        Ok(())
    })?;
    b.when(&plus.bin(Bin::LtS, &long(0)), |b| {
        negate(b, low, high);
        Ok(())
    })?;
    b.set(&LOW_HALF, &LOW_HALF.add(low));
    // A sum that is less than a part of it was carried over.
    let carried = low.bin(Bin::LeU, &LOW_HALF).not();
    let sum = HIGH_HALF.add(high).add(&carried.to(Ty::I64));
    let sum = b.local(&sum);
    let sign = |of: &Node| of.bin(Bin::LtS, &long(0));
    let same = sign(&HIGH_HALF).eq(&sign(high));
    b.finish_when(&same.both(&sign(&sum).ne(&sign(high))), &int(OUT_OF_RANGE));
    b.set(&HIGH_HALF, &sum);
    b.set(negative, &sign(&HIGH_HALF));
    b.when(negative, |b| {
        negate(b, &LOW_HALF, &HIGH_HALF);
        Ok(())
    })
}

/// Divides by one number and then so often by ten; 1 stands as the value where anything was left over.
fn divide(b: &mut Body<'_, '_>, over: &Node, below: &Node) -> Written {
    let left = b.local(&long(0));
    let by = b.local(over);
    b.repeat(|b, out, _| {
        let rest = b.local(&long(0));
        let bits = b.local(&int(128));
        b.repeat(|b, done, _| {
            let high_bit = HIGH_HALF.bin(Bin::ShrU, &long(63));
            b.set(&rest, &rest.shl(1).bin(Bin::Or, &high_bit));
            b.set(&HIGH_HALF, &HIGH_HALF.shl(1).bin(Bin::Or, &LOW_HALF.bin(Bin::ShrU, &long(63))));
            b.set(&LOW_HALF, &LOW_HALF.shl(1));
            b.when(&by.bin(Bin::LeU, &rest), |b| {
                b.set(&rest, &rest.sub(&by));
                b.set(&LOW_HALF, &LOW_HALF.add(&long(1)));
                Ok(())
            })?;
            b.advance(&bits, -1);
            b.code.leave_when(done, &bits.not());
            Ok(())
        })?;
        b.set(&left, &left.bin(Bin::Or, &rest));
        b.code.leave_when(out, &below.eq(&long(0)));
        // What is 0 already stays it.
        b.code.leave_when(out, &LOW_HALF.bin(Bin::Or, &HIGH_HALF).eq(&long(0)));
        b.set(&by, &long(10));
        b.advance(below, -1);
        Ok(())
    })?;
    b.set(&VALUE, &left.ne(&long(0)).to(Ty::I64));
    Ok(())
}

/// See [`Routine::Times`].
pub(super) fn times(b: &mut Body<'_, '_>) -> Written {
    let [by] = b.parameters();
    let (low, high, bit) = (b.local(&LOW_HALF), b.local(&HIGH_HALF), b.local(&long(63)));
    b.set(&LOW_HALF, &long(0));
    b.set(&HIGH_HALF, &long(0));
    let large = b.local(&long(0));
    b.repeat(|b, done, _| {
        b.set(&HIGH_HALF, &HIGH_HALF.shl(1).bin(Bin::Or, &LOW_HALF.bin(Bin::ShrU, &long(63))));
        b.set(&LOW_HALF, &LOW_HALF.shl(1));
        b.set(&large, &large.bin(Bin::Or, &HIGH_HALF));
        b.when(&by.bin(Bin::ShrU, &bit).to(Ty::I32).bin(Bin::And, &int(1)), |b| {
            b.set(&LOW_HALF, &LOW_HALF.add(&low));
            b.set(&HIGH_HALF, &HIGH_HALF.add(&high).add(&low.bin(Bin::LeU, &LOW_HALF).not().to(Ty::I64)));
            b.set(&large, &large.bin(Bin::Or, &HIGH_HALF));
            Ok(())
        })?;
        b.advance(&bit, -1);
        b.code.leave_when(done, &bit.bin(Bin::LtS, &long(0)));
        Ok(())
    })?;
    b.code.push(&large.bin(Bin::LtS, &long(0)));
    Ok(())
}

/// See [`Routine::TimesTen`].
pub(super) fn times_ten(b: &mut Body<'_, '_>) -> Written {
    let [often] = b.parameters();
    b.repeat(|b, done, _| {
        b.code.leave_when(done, &often.eq(&long(0)));
        let large = b.of(Routine::Times, &[&long(10)]);
        b.finish_when(&large, &int(1));
        b.advance(&often, -1);
        Ok(())
    })?;
    b.code.push(&int(0));
    Ok(())
}
