//! Values that are names: choices, NHS numbers.

use super::body::{Body, WORD, Written, is};
use super::descriptors::EXPECTED;
use super::frame::VALUE;
use super::routines::Routine;
use super::told::{CHECK_DIGIT, NO_CHOICE, WRONG_KIND};
use crate::emit::assembler::{Bin, Ty, int, long};

/// See [`Routine::Choice`].
pub(super) fn choice(b: &mut Body<'_, '_>) -> Written {
    let [ty, from, end] = b.parameters();
    let length = b.local(&end.sub(&from));
    let name = b.local(&ty.load(WORD, EXPECTED));
    b.set(&VALUE, &long(0));
    b.repeat(|b, _, _| {
        let here = b.byte(&name, 0);
        b.finish_when(&here.not(), &int(NO_CHOICE));
        b.advance(&name, 1);
        b.when(&here.eq(&length), |b| {
            let same = b.of(Routine::Same, &[&name, &from, &length]);
            b.finish_when(&same, &int(0));
            Ok(())
        })?;
        b.set(&name, &name.add(&here));
        b.set(&VALUE, &VALUE.add(&long(1)));
        Ok(())
    })?;
    b.code.push(&int(0));
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
        b.finish_when(&digit.bin(Bin::LeU, &int(9)).not().either(&weight.not()), &int(WRONG_KIND));
        b.set(&sum, &sum.add(&digit.bin(Bin::Mul, &weight)));
        b.set(&number, &number.bin(Bin::Mul, &long(10)).add(&digit.to(Ty::I64)));
        b.advance(&weight, -1);
        Ok(())
    })?;
    b.finish_when(&weight, &int(WRONG_KIND));
    let fits = sum.sub(&sum.bin(Bin::DivS, &int(11)).bin(Bin::Mul, &int(11))).eq(&int(0));
    b.finish_when(&fits.both(&number.ne(&long(0))).not(), &int(CHECK_DIGIT));
    b.set(&VALUE, &number);
    b.code.push(&int(0));
    Ok(())
}
