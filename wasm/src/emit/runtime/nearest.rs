//! The instant of the first or the last of several events of which something may be missing: what is possible of it, gathered in globals
//! while a loop comes to the events that may belong ([`super::events`]). Inside such a loop there is no other.

use super::events::{EventOrder, NextEvent};
use super::{Helper, Helpers};
use crate::emit::assembler::{Bin, Code, Node, Turns, int, long};
use crate::emit::memory::{
    AS_OF, AT_LEAST, AT_MOST, NEAREST_BOUND, NEAREST_CERTAIN, NEAREST_HIGH, NEAREST_IS_LAST, NEAREST_LOW,
    NEAREST_NEEDS, NEAREST_NONE, NEAREST_REACH, NEAREST_SOME, NEAREST_STOPPED, ORDER_LEAST, ORDER_MOST, SUPPLIED,
    TIMED,
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
    start_of(code, &last);
}

fn start_of(code: &mut Code, last: &Node) {
    code.set(&NEAREST_IS_LAST, last);
    let end = code.share(&long(i64::MIN).when(last, &long(i64::MAX)));
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

/// The whole of it for the time of the first or the last event of one kind, from an instant on that does not depend on the event: see
/// [`Helper::NearestOfKind`].
pub(super) fn of_kind(next: NextEvent, helpers: &mut Helpers) -> Code {
    let mut code = Code::new(&Helper::NearestOfKind(next).parameters());
    let [kinds, beyond, unsupplied, untimed, since_least, since_most, since_needs] =
        [0, 1, 2, 3, 4, 5, 6].map(|place| code.parameter(place));
    let last = matches!(next.order, EventOrder::TimedFirst { from_the_first: false, .. });
    start_of(&mut code, &int(i64::from(last)));
    let end = code.share(&SUPPLIED.add(&beyond));
    let number = code.variable(&int(0));
    let out = code.block();
    let top = code.repeat_for(Turns::EventsAndKinds);
    code.leave_when(out, &number.bin(Bin::GeS, &end));
    let skip = code.block();
    let none = helpers.call(Helper::Event(next), vec![kinds, number.clone()]);
    code.leave_when(skip, &none);
    code.leave_when(skip, &TIMED.both(&NEAREST_STOPPED));
    let left_out = code.share(&number.bin(Bin::GeS, &SUPPLIED));
    let reached =
        if last { ORDER_MOST.bin(Bin::LtS, &NEAREST_REACH) } else { ORDER_LEAST.bin(Bin::GtS, &NEAREST_REACH) };
    code.leave_when(skip, &reached.both(&TIMED.not()));
    let may_be_since = code.share(&since_least.bin(Bin::LeS, &AT_MOST));
    code.leave_when(skip, &may_be_since.not());
    let since = code.share(&since_most.bin(Bin::LeS, &AT_LEAST));
    let by_now = code.share(&AT_MOST.bin(Bin::LeS, &AS_OF));
    let certain = code.share(&by_now.both(&since).both(&left_out.not()));
    let time_needs = code.share(&long(0).when(&TIMED, &unsupplied.when(&left_out, &untimed)));
    let of_filter = long(0).when(&since, &time_needs.bin(Bin::Or, &since_needs));
    let needs =
        long(0).when(&by_now, &time_needs).bin(Bin::Or, &of_filter).bin(Bin::Or, &unsupplied.when(&left_out, &long(0)));
    let needs = long(0).when(&certain, &needs).bin(Bin::Or, &time_needs);
    let take = helpers.call(Helper::TakeNearest, vec![certain, needs]);
    code.push(&take);
    code.end();
    code.set(&number, &number.add(&int(1)));
    code.leave(top);
    code.end();
    code.end();
    let least = helpers.call(Helper::Nearest, Vec::new());
    code.push(&least);
    code
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
