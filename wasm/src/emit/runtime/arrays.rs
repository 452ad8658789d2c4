//! What the rows that may match say in an array of constants.

use crate::emit::assembler::{Bin, Code, Label, Node, SLOT, Turns, Ty, Width, int, long};
use crate::emit::memory::{GREATEST, PRESENCE};

/// Goes on to the next bit of `rows`, and closes the loop.
pub(crate) fn next_row(code: &mut Code, rows: &Node, top: Label) {
    code.set(rows, &rows.bin(Bin::And, &rows.sub(&long(1))));
    code.leave_when(top, &rows.ne(&long(0)));
    code.end();
}

/// A value is read with those after it, which are then shifted out.
pub(crate) fn least(code: &mut Code) {
    let [rows, array, spare] = [0, 1, 2].map(|index| code.parameter(index));
    let low = code.variable(&long(i64::MAX));
    code.set(&GREATEST, &long(i64::MIN));
    code.set(&PRESENCE, &int(0));
    let top = code.repeat_for(Turns::Rows);
    let bytes = long(8).sub(&spare.bin(Bin::ShrU, &long(3)));
    let address = array.add(&rows.ctz().bin(Bin::Mul, &bytes).to(Ty::I32));
    let value = code.share(&address.load(SLOT, 0).bin(Bin::Shl, &spare));
    code.when(&value.eq(&long(i64::MIN)));
    code.set(&PRESENCE, &PRESENCE.bin(Bin::Or, &int(2)));
    code.otherwise();
    code.set(&PRESENCE, &PRESENCE.bin(Bin::Or, &int(1)));
    code.set(&low, &value.when(&value.bin(Bin::LtS, &low), &low));
    code.set(&GREATEST, &value.when(&value.bin(Bin::GtS, &GREATEST), &GREATEST));
    code.end();
    next_row(code, &rows, top);
    let is_some = PRESENCE.bin(Bin::And, &int(1));
    code.set(&GREATEST, &GREATEST.bin(Bin::ShrS, &spare).when(&is_some, &long(0)));
    code.push(&low.bin(Bin::ShrS, &spare).when(&is_some, &long(0)));
}

pub(super) fn variants(code: &mut Code) {
    let (rows, array) = (code.parameter(0), code.parameter(1));
    let mask = code.variable(&long(0));
    code.set(&PRESENCE, &int(0));
    let top = code.repeat_for(Turns::Rows);
    let value = code.share(&array.add(&rows.ctz().to(Ty::I32)).load(Width::signed(1), 0).to(Ty::I64));
    code.when(&value.bin(Bin::LtS, &long(0)));
    code.set(&PRESENCE, &PRESENCE.bin(Bin::Or, &int(2)));
    code.otherwise();
    code.set(&PRESENCE, &PRESENCE.bin(Bin::Or, &int(1)));
    code.set(&mask, &mask.bin(Bin::Or, &long(1).bin(Bin::Shl, &value)));
    code.end();
    next_row(code, &rows, top);
    code.push(&mask);
}
