//! Numbers: digits straight into scaled integers, exactly.

use super::body::{BYTE, Body, Written, is, least, within};
use super::frame::VALUE;
use super::told::{OUT_OF_RANGE, TOO_PRECISE, WRONG_KIND};
use crate::emit::assembler::{Bin, EmitError, Node, Ty, int, long};

/// The most digits that count; no declared range needs more.
const MOST_DIGITS: i64 = 18;
/// Beyond this an exponent is as good as any.
const MOST_EXPONENT: i64 = 1 << 40;

/// A number as it is written.
pub(super) struct Numeral {
    pub(super) negative: Node,
    /// Its digits as a whole number, where they are not too many.
    pub(super) value: Node,
    /// How many digits it has, without zeros at either end.
    pub(super) digits: Node,
    /// What power of ten the last of them has.
    pub(super) exponent: Node,
}

/// See [`Routine::Decimal`].
pub(super) fn decimal(b: &mut Body<'_, '_>) -> Written {
    let [at, end, places] = b.parameters();
    let number = numeral(b, &at, &end)?;
    b.set(&VALUE, &long(0));
    b.finish_when(&number.digits.not(), &int(0));
    let scale = b.local(&number.exponent.add(&places.to(Ty::I64)));
    b.finish_when(&scale.bin(Bin::LtS, &long(0)), &int(TOO_PRECISE));
    b.finish_when(&scale.add(&number.digits.to(Ty::I64)).bin(Bin::GtS, &long(MOST_DIGITS)), &int(OUT_OF_RANGE));
    times_ten(b, &number.value, &scale.to(Ty::I32))?;
    b.set(&VALUE, &long(0).sub(&number.value).when(&number.negative, &number.value));
    b.code.push(&int(0));
    Ok(())
}

/// Whether there is a minus; moves past the sign.
fn sign(b: &mut Body<'_, '_>, at: &Node) -> Node {
    let c = b.byte(at, 0);
    let negative = b.local(&is(&c, b'-'));
    b.set(at, &at.add(&negative.either(&is(&c, b'+'))));
    negative
}

/// Ten times as much, so often.
fn times_ten(b: &mut Body<'_, '_>, value: &Node, often: &Node) -> Written {
    let left = b.local(often);
    b.repeat(|b, out, _| {
        b.code.leave_when(out, &left.not());
        b.set(value, &value.bin(Bin::Mul, &long(10)));
        b.advance(&left, -1);
        Ok(())
    })
}

/// Reads a number; leaves the function where it is none.
pub(super) fn numeral(b: &mut Body<'_, '_>, at: &Node, end: &Node) -> Result<Numeral, EmitError> {
    let negative = sign(b, at);
    let [digits, zeros, fraction, any, point] = [(); 5].map(|()| b.local(&int(0)));
    let value = b.local(&long(0));
    b.repeat(|b, out, _| {
        b.code.leave_when(out, &at.eq(end));
        let digit = b.local(&at.load(BYTE, 0).sub(&int(48)));
        b.either(
            &digit.bin(Bin::LeU, &int(9)),
            |b| {
                b.set(&any, &int(1));
                b.set(&fraction, &fraction.add(&point));
                b.advance(&zeros, 1);
                b.when(&digit, |b| {
                    b.set(&digits, &digits.add(&zeros).when(&digits, &int(1)));
                    b.when(&digits.bin(Bin::LeS, &int(MOST_DIGITS)), |b| {
                        times_ten(b, &value, &zeros)?;
                        b.set(&value, &value.add(&digit.to(Ty::I64)));
                        Ok(())
                    })?;
                    b.set(&zeros, &int(0));
                    Ok(())
                })
            },
            |b| {
                b.code.leave_when(out, &digit.ne(&int(i64::from(b'.') - 48)).either(&point));
                b.set(&point, &int(1));
                Ok(())
            },
        )?;
        b.advance(at, 1);
        Ok(())
    })?;
    let exponent = exponent(b, at, end)?;
    b.finish_when(&any.not(), &int(WRONG_KIND));
    let exponent = b.local(&exponent.add(&zeros.sub(&fraction).to(Ty::I64)));
    Ok(Numeral { negative, value, digits, exponent })
}

fn exponent(b: &mut Body<'_, '_>, at: &Node, end: &Node) -> Result<Node, EmitError> {
    let exponent = b.local(&long(0));
    b.when(&at.ne(end), |b| {
        b.finish_when(&is(&at.load(BYTE, 0).bin(Bin::Or, &int(32)), b'e').not(), &int(WRONG_KIND));
        b.advance(at, 1);
        let negative = sign(b, at);
        b.finish_when(&at.eq(end), &int(WRONG_KIND));
        b.repeat(|b, out, _| {
            let digit = b.local(&at.load(BYTE, 0).sub(&int(48)));
            b.finish_when(&digit.bin(Bin::LeU, &int(9)).not(), &int(WRONG_KIND));
            let longer = exponent.bin(Bin::Mul, &long(10)).add(&digit.to(Ty::I64));
            b.set(&exponent, &longer);
            b.set(&exponent, &least(&exponent, &long(MOST_EXPONENT)));
            b.advance(at, 1);
            b.code.leave_when(out, &at.eq(end));
            Ok(())
        })?;
        b.set(&exponent, &long(0).sub(&exponent).when(&negative, &exponent));
        Ok(())
    })?;
    Ok(exponent)
}

/// See [`Routine::Two`].
pub(super) fn two(b: &mut Body<'_, '_>) -> Written {
    let [at] = b.parameters();
    let (tens, ones) = (b.byte(&at, 0), b.byte(&at, 1));
    b.finish_when(&within(&tens, 48, 57).both(&within(&ones, 48, 57)).not(), &int(-1));
    b.code.push(&tens.bin(Bin::Mul, &int(10)).add(&ones).sub(&int(48 * 11)));
    Ok(())
}
