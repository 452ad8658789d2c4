//! Which states of a path symbols lead to.

use super::registry::Helpers;
use super::routines::Routine;
use crate::emit::assembler::{Bin, Code, Node, Ty, Width, long};

pub(crate) const STATE: Width = Width::unsigned(1);

/// The lowest bit that is set, alone.
fn lowest(bits: &Node) -> Node {
    bits.bin(Bin::And, &long(0).sub(bits))
}

/// See [`Routine::PathStep`].
pub(crate) fn step(code: &mut Code, [table, symbols]: [&Node; 2], states: &Node, possible: &Node) {
    let open = code.variable(states);
    let found = code.variable(&long(0));
    let done = code.block();
    let top = code.repeat();
    code.leave_when(done, &open.eq(&long(0)));
    let row = code.share(&table.add(&open.ctz().to(Ty::I32).bin(Bin::Mul, symbols)));
    code.set(&open, &open.bin(Bin::Xor, &lowest(&open)));
    let rest = code.variable(possible);
    let end = code.block();
    let again = code.repeat();
    code.leave_when(end, &rest.eq(&long(0)));
    let next = row.add(&rest.ctz().to(Ty::I32)).load(STATE, 0);
    code.set(&found, &found.bin(Bin::Or, &long(1).bin(Bin::Shl, &next.to(Ty::I64))));
    code.set(&rest, &rest.bin(Bin::Xor, &lowest(&rest)));
    code.leave(again);
    code.end();
    code.end();
    code.leave(top);
    code.end();
    code.end();
    code.push(&found);
}

/// See [`Routine::PathReach`].
pub(crate) fn reach(code: &mut Code, helpers: &mut Helpers, table: [&Node; 2], [states, possible, left]: [&Node; 3]) {
    let [address, symbols] = table;
    let stays = code.share(&left.bin(Bin::Xor, &long(-1)));
    let found = code.variable(states);
    let open = code.variable(&states.bin(Bin::And, &stays));
    let done = code.block();
    let top = code.repeat();
    code.leave_when(done, &open.eq(&long(0)));
    let first = code.share(&lowest(&open));
    let operands = vec![address.clone(), symbols.clone(), first.clone(), possible.clone()];
    let led = helpers.call(Routine::PathStep, operands);
    let led = code.share(&led.bin(Bin::And, &found.bin(Bin::Xor, &long(-1))));
    code.set(&found, &found.bin(Bin::Or, &led));
    code.set(&open, &open.bin(Bin::Xor, &first).bin(Bin::Or, &led.bin(Bin::And, &stays)));
    code.leave(top);
    code.end();
    code.end();
    code.push(&found);
}
