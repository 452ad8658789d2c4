//! Values that are names: choices, NHS numbers.

use super::body::{Body, WORD, Written, is};
use super::descriptors::{CHOICES, PLACES};
use super::frame::{HIGHEST, VALUE};
use super::routines::Routine;
use crate::emit::assembler::{Bin, Ty, int, long};

/// The code of what is of another kind, of a choice that there is not, and of a check digit that does not fit.
const NOT_ONE: i64 = 7;
const NO_CHOICE: i64 = 10;
const CHECK_DIGIT: i64 = 21;

/// See [`Routine::Choice`].
pub(super) fn choice(b: &mut Body<'_, '_>) -> Written {
    let [ty, from, end] = b.parameters();
    let length = b.local(&end.sub(&from));
    let count = b.local(&ty.load(WORD, PLACES));
    let choices = b.local(&ty.load(WORD, CHOICES));
    let place = b.local(&int(0));
    b.repeat(|b, out, _| {
        b.code.leave_when(out, &place.eq(&count));
        let name = b.local(&choices.add(&place.shl(2)).load(WORD, 0));
        b.when(&name.load(WORD, 0).eq(&length), |b| {
            let same = b.call(Routine::Same, &[&name.add(&int(4)), &from, &length]);
            b.when(&same, |b| {
                b.set(&VALUE, &place.to(Ty::I64));
                b.set(&HIGHEST, &VALUE);
                b.code.finish(&int(0));
                Ok(())
            })
        })?;
        b.advance(&place, 1);
        Ok(())
    })?;
    b.code.push(&int(NO_CHOICE));
    Ok(())
}

/// See [`Routine::NhsNumber`]: the digits are weighted by 10, 9, … 1, which makes the sum one that 11 divides.
pub(super) fn nhs_number(b: &mut Body<'_, '_>) -> Written {
    let [at, end] = b.parameters();
    let spaced = b.local(&end.sub(&at).eq(&int(12)));
    let start = b.local(&at);
    let (weight, sum, number) = (b.local(&int(10)), b.local(&int(0)), b.local(&long(0)));
    b.repeat(|b, out, top| {
        b.code.leave_when(out, &at.eq(&end));
        let c = b.byte(&at, 0);
        let place = b.local(&at.sub(&start));
        b.advance(&at, 1);
        let between = is(&c, b' ').either(&is(&c, b'-')).both(&place.eq(&int(3)).either(&place.eq(&int(7))));
        b.code.leave_when(top, &between.both(&spaced));
        let digit = b.local(&c.sub(&int(48)));
        b.finish_when(&digit.bin(Bin::LeU, &int(9)).not().either(&weight.not()), &int(NOT_ONE));
        b.set(&sum, &sum.add(&digit.bin(Bin::Mul, &weight)));
        b.set(&number, &number.bin(Bin::Mul, &long(10)).add(&digit.to(Ty::I64)));
        b.advance(&weight, -1);
        Ok(())
    })?;
    b.finish_when(&weight, &int(NOT_ONE));
    let fits = sum.sub(&sum.bin(Bin::DivS, &int(11)).bin(Bin::Mul, &int(11))).eq(&int(0));
    b.finish_when(&fits.both(&number.ne(&long(0))).not(), &int(CHECK_DIGIT));
    b.set(&VALUE, &number);
    b.code.push(&int(0));
    Ok(())
}
