//! The first or the last of several events of which something may be missing, gathered in memory: while events are asked about in turn for
//! several questions, or for each of others, or while other loops go on inside. What [`super::nearest`] has in globals stands at an address.

use crate::emit::assembler::{Bin, Code, Node, POINTER, SLOT, Width, flag, int, long};
use crate::emit::memory::{NEAREST_HIGH, NEAREST_LOW, NEAREST_NEEDS, NEAREST_NONE, NEAREST_SOME};

/// What is asked for, as bits: whether it is the last; whether what is taken is a choice; whether one that certainly belongs takes the place of all
/// before it; whether what is taken is where the event stands, so that none that certainly belongs is beyond.
pub(crate) const LAST: u32 = 1;
pub(crate) const CHOICE: u32 = 2;
pub(crate) const RENEWS: u32 = 4;
pub(crate) const PLACED: u32 = 8;

// What stands at the address, and how many bytes.
const LOW: u32 = 0;
const HIGH: u32 = 8;
const NEEDS: u32 = 16;
const REACH: u32 = 24;
const BOUND: u32 = 32;
const SOME: u32 = 40;
const NONE: u32 = 41;
const CERTAIN: u32 = 42;
const STOPPED: u32 = 43;
const MODE: u32 = 44;
const FLAG: Width = Width::unsigned(1);

/// What is gathered at an address.
struct Kept {
    at: Node,
    mode: Node,
}

impl Kept {
    fn of(code: &mut Code) -> Kept {
        let at = code.parameter(0);
        let mode = code.share(&at.load(POINTER, MODE));
        Kept { at, mode }
    }

    fn is(&self, bit: u32) -> Node {
        self.mode.bin(Bin::And, &int(i64::from(bit)))
    }

    fn value(&self, part: u32) -> Node {
        self.at.load(SLOT, part)
    }

    fn flag(&self, part: u32) -> Node {
        self.at.load(FLAG, part)
    }

    fn put(&self, code: &mut Code, part: u32, value: &Node) {
        code.store(&self.at, part, value, SLOT);
    }

    fn raise(&self, code: &mut Code, part: u32, also: &Node) {
        code.store(&self.at, part, &self.flag(part).either(also), FLAG);
    }

    fn need(&self, code: &mut Code, needs: &Node) {
        self.put(code, NEEDS, &self.value(NEEDS).bin(Bin::Or, needs));
    }

    /// Nothing is gathered; how far it was come to stays.
    fn clear(&self, code: &mut Code) {
        self.put(code, LOW, &long(0).when(&self.is(CHOICE), &long(i64::MAX)));
        self.put(code, HIGH, &long(i64::MIN));
        self.put(code, NEEDS, &long(0));
        for part in [SOME, NONE, CERTAIN] {
            code.store(&self.at, part, &int(0), FLAG);
        }
    }

    /// An end: that of the last is never lower than what it was, that of the first never higher.
    fn nearer(&self, code: &mut Code, part: u32, (first, last): (&Node, &Node)) {
        let before = code.share(&self.value(part));
        let value = code.share(&last.when(&self.is(LAST), first));
        let is_nearer = before.bin(Bin::LtS, &value).when(&self.is(LAST), &value.bin(Bin::LtS, &before));
        self.put(code, part, &value.when(&is_nearer, &before));
    }
}

/// `(address, what is asked for)`: nothing is gathered yet.
pub(super) fn start(code: &mut Code) {
    let kept = Kept { at: code.parameter(0), mode: code.parameter(1) };
    code.store(&kept.at, MODE, &kept.mode, POINTER);
    kept.clear(code);
    code.store(&kept.at, STOPPED, &int(0), FLAG);
    let end = code.share(&long(i64::MIN).when(&kept.is(LAST), &long(i64::MAX)));
    kept.put(code, REACH, &end);
    kept.put(code, BOUND, &end);
}

/// `(address, whether the instant of an event is known, between which places it stands) → whether it comes after one that certainly belongs`.
pub(super) fn past(code: &mut Code) {
    let kept = Kept::of(code);
    let [timed, first, last] = [1, 2, 3].map(|place| code.parameter(place));
    let reach = code.share(&kept.value(REACH));
    let beyond = last.bin(Bin::LtS, &reach).when(&kept.is(LAST), &first.bin(Bin::GtS, &reach));
    code.push(&kept.flag(STOPPED).when(&timed, &beyond));
}

/// `(address, whether the event certainly belongs, what would settle that and its value, the least, the greatest, whether it may be some,
/// and none, whether its instant is known, between which places it stands)`.
pub(super) fn take(code: &mut Code) {
    let kept = Kept::of(code);
    let [certain, needs, low, high, some] = [1, 2, 3, 4, 5].map(|place| code.parameter(place));
    let [none, timed, first, last] = [6, 7, 8, 9].map(|place| code.parameter(place));
    code.when(&certain);
    code.when(&timed);
    code.when(&kept.is(RENEWS));
    kept.clear(code);
    code.otherwise();
    code.store(&kept.at, STOPPED, &flag(true), FLAG);
    code.end();
    code.end();
    kept.nearer(code, REACH, (&last, &first));
    code.when(&kept.is(PLACED));
    kept.nearer(code, BOUND, (&high, &low));
    code.end();
    code.store(&kept.at, CERTAIN, &flag(true), FLAG);
    code.end();
    code.when(&kept.is(CHOICE));
    kept.put(code, LOW, &kept.value(LOW).bin(Bin::Or, &low));
    code.otherwise();
    code.when(&some);
    let (least, greatest) = (code.share(&kept.value(LOW)), code.share(&kept.value(HIGH)));
    kept.put(code, LOW, &low.when(&low.bin(Bin::LtS, &least), &least));
    kept.put(code, HIGH, &high.when(&high.bin(Bin::GtS, &greatest), &greatest));
    code.end();
    code.end();
    kept.raise(code, SOME, &some);
    kept.raise(code, NONE, &none);
    kept.need(code, &needs);
}

/// `(address to, address from)`: the same there.
pub(super) fn copy(code: &mut Code) {
    let [to, from] = [0, 1].map(|place| code.parameter(place));
    for part in (0..MODE).step_by(8) {
        code.store(&to, part, &from.load(SLOT, part), SLOT);
    }
}

/// `(address) → the least`, or the choices; the rest in globals.
pub(super) fn result(code: &mut Code) {
    let kept = Kept::of(code);
    code.set(&NEAREST_LOW, &kept.value(LOW));
    code.set(&NEAREST_HIGH, &kept.value(HIGH));
    code.when(&kept.is(PLACED));
    let bound = code.share(&kept.value(BOUND));
    code.when(&kept.is(LAST));
    code.set(&NEAREST_LOW, &bound.when(&bound.bin(Bin::GtS, &NEAREST_LOW), &NEAREST_LOW));
    code.otherwise();
    code.set(&NEAREST_HIGH, &bound.when(&bound.bin(Bin::LtS, &NEAREST_HIGH), &NEAREST_HIGH));
    code.end();
    code.end();
    code.set(&NEAREST_SOME, &kept.flag(SOME));
    code.set(&NEAREST_NONE, &kept.flag(NONE).either(&kept.flag(CERTAIN).not()));
    for end in [NEAREST_LOW, NEAREST_HIGH] {
        code.set(&end, &end.when(&NEAREST_SOME, &long(0)));
    }
    let one = NEAREST_LOW.without_lowest().eq(&long(0)).when(&kept.is(CHOICE), &NEAREST_LOW.eq(&NEAREST_HIGH));
    let known = one.both(&NEAREST_SOME.both(&NEAREST_NONE).not());
    code.set(&NEAREST_NEEDS, &long(0).when(&known, &kept.value(NEEDS)));
    code.push(&NEAREST_LOW);
}
