//! Numbers: digits straight into scaled integers, exactly.

use super::body::{BYTE, Body, Written, is, least, within};
use super::frame::VALUE;
use super::routines::Routine;
use crate::emit::assembler::{Bin, Node, Ty, int, long};

/// The most digits that count; no declared range needs more.
const MOST_DIGITS: i64 = 18;
/// Beyond this an exponent is as good as any.
const MOST_EXPONENT: i64 = 1 << 40;
/// Not a number, too precise, too large: the codes of the faults.
const NOT_ONE: i64 = 7;
const TOO_PRECISE: i64 = 9;
const TOO_LARGE: i64 = 8;

struct Mantissa {
    value: Node,
    /// How many digits it has, without zeros at either end.
    digits: Node,
    /// Zeros after the last of them.
    zeros: Node,
    /// Digits after the point.
    fraction: Node,
    /// Whether there is any digit.
    any: Node,
}

/// See [`Routine::Decimal`].
pub(super) fn decimal(b: &mut Body<'_, '_>) -> Written {
    let [at, end, places] = b.parameters();
    let negative = sign(b, &at);
    let number = mantissa(b, &at, &end)?;
    let exponent = exponent(b, &at, &end)?;
    b.finish_when(&number.any.not(), &int(NOT_ONE));
    b.set(&VALUE, &long(0));
    b.finish_when(&number.digits.not(), &int(0));
    let scale = exponent.sub(&number.fraction.to(Ty::I64)).add(&number.zeros.to(Ty::I64)).add(&places.to(Ty::I64));
    let scale = b.local(&scale);
    b.finish_when(&scale.bin(Bin::LtS, &long(0)), &int(TOO_PRECISE));
    b.finish_when(&scale.add(&number.digits.to(Ty::I64)).bin(Bin::GtS, &long(MOST_DIGITS)), &int(TOO_LARGE));
    let scale = b.local(&scale.to(Ty::I32));
    times_ten(b, &number.value, &scale)?;
    b.set(&VALUE, &long(0).sub(&number.value).when(&negative, &number.value));
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
    b.repeat(|b, out, _| {
        b.code.leave_when(out, &often.not());
        b.set(value, &value.bin(Bin::Mul, &long(10)));
        b.advance(often, -1);
        Ok(())
    })
}

fn mantissa(b: &mut Body<'_, '_>, at: &Node, end: &Node) -> Result<Mantissa, crate::emit::assembler::EmitError> {
    let [digits, zeros, fraction, any, point] = [(); 5].map(|()| b.local(&int(0)));
    let value = b.local(&long(0));
    b.repeat(|b, out, _| {
        b.code.leave_when(out, &at.eq(end));
        let c = b.byte(at, 0);
        let digit = b.local(&c.sub(&int(48)));
        b.either(
            &digit.bin(Bin::LeU, &int(9)),
            |b| {
                b.set(&any, &int(1));
                b.set(&fraction, &fraction.add(&point));
                b.either(
                    &digit,
                    |b| {
                        b.set(&digits, &digits.add(&zeros).add(&int(1)));
                        b.when(&digits.bin(Bin::LeS, &int(MOST_DIGITS)), |b| {
                            b.advance(&zeros, 1);
                            times_ten(b, &value, &zeros)?;
                            b.set(&value, &value.add(&digit.to(Ty::I64)));
                            Ok(())
                        })?;
                        b.set(&zeros, &int(0));
                        Ok(())
                    },
                    |b| {
                        b.set(&zeros, &zeros.add(&digits.ne(&int(0))));
                        Ok(())
                    },
                )
            },
            |b| {
                b.code.leave_when(out, &is(&c, b'.').not().either(&point));
                b.set(&point, &int(1));
                Ok(())
            },
        )?;
        b.advance(at, 1);
        Ok(())
    })?;
    Ok(Mantissa { value, digits, zeros, fraction, any })
}

fn exponent(b: &mut Body<'_, '_>, at: &Node, end: &Node) -> Result<Node, crate::emit::assembler::EmitError> {
    let exponent = b.local(&long(0));
    b.when(&at.ne(end), |b| {
        b.finish_when(&is(&at.load(BYTE, 0).bin(Bin::Or, &int(32)), b'e').not(), &int(NOT_ONE));
        b.advance(at, 1);
        let negative = sign(b, at);
        let after = b.call(Routine::Digits, &[at]);
        b.finish_when(&after.eq(at).either(&after.ne(end)), &int(NOT_ONE));
        b.repeat(|b, out, _| {
            b.code.leave_when(out, &at.eq(end));
            let digit = at.load(BYTE, 0).sub(&int(48)).to(Ty::I64);
            b.set(&exponent, &least(&exponent.bin(Bin::Mul, &long(10)).add(&digit), &long(MOST_EXPONENT)));
            b.advance(at, 1);
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
    b.code.push(&tens.sub(&int(48)).bin(Bin::Mul, &int(10)).add(&ones.sub(&int(48))));
    Ok(())
}
