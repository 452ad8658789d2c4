//! Room for what is worked out of each event: how much a case takes, and which the host gives.

use crate::emit::assembler::{Bin, Code, Node, Ty, int};
use crate::emit::memory::{HEAP, MOST_EVENTS, WORKSPACE};
use crate::emit::walk::Context;

/// A power of two: the bytes of a page of memory.
const PAGE: u32 = 16;

fn least(a: &Node, b: &Node) -> Node {
    a.when(&a.bin(Bin::LtS, b), b)
}

/// `workspace(events) -> bytes, or −1 for more events than a case may have`.
pub(crate) fn workspace(context: &Context<'_>) -> Code {
    let mut code = Code::new(&[Ty::I32]);
    let events = code.parameter(0);
    let (space, most) = (context.map.workspace, int(context.plan.most_events()));
    let bytes = space.places(&events).bin(Bin::Mul, &int(i64::from(space.each)));
    code.push(&bytes.when(&events.bin(Bin::LeU, &most), &int(-1)));
    code
}

/// `set_workspace(address, bytes) -> the most events of a case, or −1`: it is too small for any case, or not in the host's memory,
/// and that in force stays. Address 0 is the module's own.
pub(crate) fn set_workspace(context: &Context<'_>) -> Code {
    let mut code = Code::new(&[Ty::I32, Ty::I32]);
    let (address, bytes) = (code.parameter(0), code.parameter(1));
    let (space, most) = (context.map.workspace, int(context.plan.most_events()));
    if space.each == 0 {
        code.push(&most);
        return code;
    }
    let own = int(i64::from(space.own_events()));
    code.when(&address.not());
    code.set(&WORKSPACE, &HEAP.sub(&int(i64::from(space.own()))));
    code.set(&MOST_EVENTS, &own);
    code.finish(&own);
    code.end();
    let memory = code.pages().to(Ty::I64).shl(PAGE);
    let end = address.to(Ty::I64).add(&bytes.to(Ty::I64));
    let outside =
        address.bin(Bin::LtS, &HEAP).either(&bytes.bin(Bin::LtS, &int(0))).either(&end.bin(Bin::GtS, &memory));
    let places = bytes.bin(Bin::DivS, &int(i64::from(space.each)));
    let events = code.share(&space.events(&places));
    code.when(&outside.either(&events.bin(Bin::LtS, &int(0))));
    code.finish(&int(-1));
    code.end();
    code.set(&WORKSPACE, &address);
    code.set(&MOST_EVENTS, &least(&events, &most));
    code.push(&MOST_EVENTS);
    code
}
