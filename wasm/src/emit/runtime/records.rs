//! Parts of records and columns.

use crate::abi::COLUMNS_FACTS;
use crate::emit::assembler::{Bin, Code, Node, SLOT, Width, int, long};
use crate::emit::memory::OUT;

pub(crate) fn put(code: &mut Code, stride: u32) {
    let [low, high, presence, needs] = [0, 1, 2, 3].map(|index| code.parameter(index));
    let is_known = low.eq(&high).when(&presence.eq(&int(1)), &presence.eq(&int(2)));
    let needs = long(0).when(&is_known, &needs);
    for (part, value) in (0..).zip([low, high, presence, needs]) {
        code.store(&OUT, part * stride, &value, SLOT);
    }
    code.set(&OUT, &OUT.add(&int(8)));
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
