//! Parts of records and columns.

use crate::abi::COLUMNS_FACTS;
use crate::emit::assembler::{Bin, Code, Node, SLOT, Ty, Width, int, long};

pub(super) fn put(code: &mut Code, parts: u32) {
    let [at, low, high, needs] = [0, 1, 2, 3].map(|place| code.parameter(place));
    put_parts(code, parts, &at, [&low, &high, &long(1), &needs]);
}

pub(super) fn put_optional(code: &mut Code, parts: u32) {
    let [at, low, high, needs, some, none, bits] = [0, 1, 2, 3, 4, 5, 6].map(|place| code.parameter(place));
    // The mark of none is the least integer of the width.
    let low = low.when(&some, &long(-1).bin(Bin::Shl, &bits.to(Ty::I64)));
    let presence = some.bin(Bin::Or, &none.shl(1)).to(Ty::I64);
    put_parts(code, parts, &at, [&low, &high, &presence, &needs]);
}

fn put_parts(code: &mut Code, parts: u32, at: &Node, values: [&Node; 4]) {
    for (part, value) in (0..).zip(values) {
        code.store(at, part * parts, value, SLOT);
    }
}

pub(crate) fn valid(code: &mut Code, pointers: &Node, row: &Node) {
    let values = pointers.load(Width::signed(4), COLUMNS_FACTS);
    code.when(&values.eq(&int(0)));
    code.finish(&long(0));
    code.end();
    let validity = code.share(&pointers.load(Width::signed(4), COLUMNS_FACTS + 8));
    code.when(&validity.eq(&int(0)));
    code.finish(&long(-1));
    code.end();
    let word = validity.add(&row.bin(Bin::ShrU, &int(6)).shl(3)).load(Width::signed(8), 0);
    code.push(&word.bin(Bin::ShrU, &row.bin(Bin::And, &int(63))));
}
