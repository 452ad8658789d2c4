//! The instant of the first or the last of several events of which something may be missing: what is possible of it, gathered in globals
//! while a loop comes to the events that may belong ([`super::events`]). Inside such a loop there is no other.

use crate::emit::assembler::{Bin, Code, Node, int, long};
use crate::emit::memory::{
    AS_OF, AT_LEAST, AT_MOST, NEAREST_BOUND, NEAREST_CERTAIN, NEAREST_HIGH, NEAREST_IS_LAST, NEAREST_LOW,
    NEAREST_NEEDS, NEAREST_NONE, NEAREST_REACH, NEAREST_SOME, NEAREST_STOPPED, ORDER_LEAST, ORDER_MOST, TIMED,
};

/// The lesser of two where the flag is not set, else the greater.
fn nearer(code: &mut Code, place: &Node, first: &Node, last: &Node) {
    let is_nearer = place.bin(Bin::LtS, last).when(&NEAREST_IS_LAST, &first.bin(Bin::LtS, place));
    code.when(&is_nearer);
    code.set(place, &last.when(&NEAREST_IS_LAST, first));
    code.end();
}

/// `(whether it is the last)`: nothing is gathered yet.
pub(super) fn start(code: &mut Code) {
    let last = code.parameter(0);
    code.set(&NEAREST_IS_LAST, &last);
    let end = code.share(&long(i64::MIN).when(&last, &long(i64::MAX)));
    code.set(&NEAREST_REACH, &end);
    code.set(&NEAREST_BOUND, &end);
    code.set(&NEAREST_LOW, &long(i64::MAX));
    code.set(&NEAREST_HIGH, &long(i64::MIN));
    for flag in [NEAREST_SOME, NEAREST_NONE, NEAREST_CERTAIN, NEAREST_STOPPED] {
        code.set(&flag, &int(0));
    }
    code.set(&NEAREST_NEEDS, &long(0));
}

/// `(whether it certainly belongs, what would settle that and its time)`: the time of the event come to last.
pub(super) fn take(code: &mut Code) {
    let [certain, needs] = [0, 1].map(|place| code.parameter(place));
    let high = code.share(&AT_MOST.when(&AT_MOST.bin(Bin::LtS, &AS_OF), &AS_OF));
    code.when(&certain);
    nearer(code, &NEAREST_BOUND, &high, &AT_LEAST);
    belongs(code);
    widen(code, &AT_LEAST, &high);
    code.set(&NEAREST_NEEDS, &NEAREST_NEEDS.bin(Bin::Or, &needs));
}

/// `(whether it certainly belongs, what would settle that and the value, the least, the greatest, whether it may be some, and none)`: what is
/// taken of the event come to last.
pub(super) fn take_value(code: &mut Code) {
    let [certain, needs, low, high, some, none] = [0, 1, 2, 3, 4, 5].map(|place| code.parameter(place));
    code.when(&certain);
    belongs(code);
    code.when(&some);
    widen(code, &low, &high);
    code.end();
    code.set(&NEAREST_NONE, &NEAREST_NONE.either(&none));
    code.set(&NEAREST_NEEDS, &NEAREST_NEEDS.bin(Bin::Or, &needs));
}

/// An event that certainly belongs, and the end of what is done only then.
fn belongs(code: &mut Code) {
    nearer(code, &NEAREST_REACH, &ORDER_MOST, &ORDER_LEAST);
    code.set(&NEAREST_CERTAIN, &int(1));
    code.set(&NEAREST_STOPPED, &NEAREST_STOPPED.either(&TIMED));
    code.end();
}

/// A value that it may be.
fn widen(code: &mut Code, low: &Node, high: &Node) {
    code.set(&NEAREST_LOW, &low.when(&low.bin(Bin::LtS, &NEAREST_LOW), &NEAREST_LOW));
    code.set(&NEAREST_HIGH, &high.when(&high.bin(Bin::GtS, &NEAREST_HIGH), &NEAREST_HIGH));
    code.set(&NEAREST_SOME, &int(1));
}

/// `() → the least`; the rest stays in the globals.
pub(super) fn result(code: &mut Code) {
    // An event that certainly belongs is one that the answer is not beyond.
    code.when(&NEAREST_IS_LAST);
    code.set(&NEAREST_LOW, &NEAREST_BOUND.when(&NEAREST_BOUND.bin(Bin::GtS, &NEAREST_LOW), &NEAREST_LOW));
    code.otherwise();
    code.set(&NEAREST_HIGH, &NEAREST_BOUND.when(&NEAREST_BOUND.bin(Bin::LtS, &NEAREST_HIGH), &NEAREST_HIGH));
    code.end();
    code.set(&NEAREST_NONE, &NEAREST_NONE.either(&NEAREST_CERTAIN.not()));
    for end in [NEAREST_LOW, NEAREST_HIGH] {
        code.set(&end, &end.when(&NEAREST_SOME, &long(0)));
    }
    let known = NEAREST_LOW.eq(&NEAREST_HIGH).both(&NEAREST_SOME.both(&NEAREST_NONE).not());
    code.set(&NEAREST_NEEDS, &long(0).when(&known, &NEAREST_NEEDS));
    code.push(&NEAREST_LOW);
}
