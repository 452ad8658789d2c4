//! Which rows of a table let classes of a column's values through.

use super::arrays::use_up;
use crate::emit::assembler::{Bin, Code, Turns, Ty, Width, int, long};
use crate::emit::memory::CERTAIN;

/// Of a mask of classes, none of which is not there: the rows that let any of them through, and in a global those that let through all.
pub(super) fn meet(code: &mut Code, width: Width) {
    let (masks, classes) = (code.parameter(0), code.parameter(1));
    let [any, all] = [0, -1].map(|first| code.variable(&long(first)));
    use_up(code, &classes, Some(Turns::Classes), |code, class| {
        let rows = code.share(&masks.add(&class.shl(width.log2())).load(width, 0).to(Ty::I64));
        code.set(&any, &any.bin(Bin::Or, &rows));
        code.set(&all, &all.bin(Bin::And, &rows));
    });
    code.set(&CERTAIN, &all);
    code.push(&any);
}

/// Of cuts that start classes of values, and of a value: its class.
pub(super) fn class(code: &mut Code, width: Width) {
    let (cuts, end, value) = (code.parameter(0), code.parameter(1), code.parameter(2));
    let class = code.variable(&long(0));
    let top = code.repeat_for(Turns::Classes);
    let reached = value.bin(Bin::GeS, &cuts.load(width, 0).to(Ty::I64));
    code.set(&class, &class.add(&reached.to(Ty::I64)));
    code.set(&cuts, &cuts.add(&int(i64::from(width.bytes))));
    code.leave_when(top, &cuts.bin(Bin::LtS, &end));
    code.end();
    code.push(&class);
}
