//! Which states of a path symbols lead to.

use super::registry::Helpers;
use super::routines::Routine;
use crate::emit::assembler::{Bin, Code, Node, Turns, Ty, Width, long};

pub(crate) const STATE: Width = Width::unsigned(1);

/// Where the states that symbols lead to stand, and how many symbols there are.
pub(super) struct Automaton<'a> {
    pub(super) next: &'a Node,
    pub(super) symbols: &'a Node,
}

/// Where a case may be, the symbols that may come, and the states in which it has left the path.
pub(super) struct Ways<'a> {
    pub(super) states: &'a Node,
    pub(super) symbols: &'a Node,
    pub(super) left: &'a Node,
}

/// The lowest bit that is set, alone.
fn lowest(bits: &Node) -> Node {
    bits.bin(Bin::And, &long(0).sub(bits))
}

/// See [`Routine::PathStep`].
pub(super) fn step(code: &mut Code, automaton: &Automaton<'_>, states: &Node, possible: &Node) {
    let open = code.variable(states);
    let found = code.variable(&long(0));
    let done = code.block();
    let top = code.repeat_for(Turns::States);
    code.leave_when(done, &open.eq(&long(0)));
    let row = code.share(&automaton.next.add(&open.ctz().to(Ty::I32).bin(Bin::Mul, automaton.symbols)));
    code.set(&open, &open.bin(Bin::Xor, &lowest(&open)));
    let rest = code.variable(possible);
    let end = code.block();
    let again = code.repeat_for(Turns::Symbols);
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
pub(super) fn reach(code: &mut Code, helpers: &mut Helpers, automaton: &Automaton<'_>, ways: &Ways<'_>) {
    let Ways { states, symbols, left } = ways;
    let stays = code.share(&left.bin(Bin::Xor, &long(-1)));
    let found = code.variable(states);
    let open = code.variable(&states.bin(Bin::And, &stays));
    let done = code.block();
    let top = code.repeat_for(Turns::States);
    code.leave_when(done, &open.eq(&long(0)));
    let first = code.share(&lowest(&open));
    let Automaton { next, symbols: count } = automaton;
    let operands = vec![Node::clone(next), Node::clone(count), first.clone(), Node::clone(symbols)];
    let led = helpers.call(Routine::PathStep, operands);
    let led = code.share(&led.bin(Bin::And, &found.bin(Bin::Xor, &long(-1))));
    code.set(&found, &found.bin(Bin::Or, &led));
    code.set(&open, &open.bin(Bin::Xor, &first).bin(Bin::Or, &led.bin(Bin::And, &stays)));
    code.leave(top);
    code.end();
    code.end();
    code.push(&found);
}
