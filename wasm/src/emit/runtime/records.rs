//! Parts of records and columns.

use crate::abi::COLUMNS_FACTS;
use crate::emit::assembler::{Bin, Code, Node, SLOT, Width, int, long};

pub(super) fn put(code: &mut Code, parts: u32) {
    let at = code.parameter(0);
    for part in 0..4 {
        let value = code.parameter(part + 1);
        code.store(&at, part * parts, &value, SLOT);
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
