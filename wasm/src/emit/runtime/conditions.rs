//! Conditions as two bits, possibly and certainly.

use crate::emit::assembler::{Bin, Code, Node, int, long};
use crate::emit::memory::ROW_NEEDS;

/// Whether something holds: certainly, and possibly.
pub(super) struct Test {
    pub(super) certain: Node,
    pub(super) possible: Node,
}

/// The ends of a range.
pub(super) struct Ends<'a> {
    pub(super) low: &'a Node,
    pub(super) high: &'a Node,
}

/// Whether a value of these ends lies within others.
pub(super) fn within(value: &Ends<'_>, range: &Ends<'_>) -> Test {
    let certain = value.low.bin(Bin::GeS, range.low).both(&value.high.bin(Bin::LeS, range.high));
    let possible = value.low.bin(Bin::LeS, range.high).both(&value.high.bin(Bin::GeS, range.low));
    Test { certain, possible }
}

/// Whether a variant of a mask is one of those accepted.
pub(super) fn one_of(mask: &Node, accepted: &Node) -> Test {
    let certain = mask.bin(Bin::And, &accepted.bin(Bin::Xor, &long(-1))).eq(&long(0));
    Test { certain, possible: mask.bin(Bin::And, accepted).ne(&long(0)) }
}

/// Leaves a condition as bits; what is only possible adds to what the row needs.
pub(super) fn condition(code: &mut Code, test: &Test, needs: &Node) {
    let (certain, possible) = (code.share(&test.certain), code.share(&test.possible));
    code.when(&certain.ne(&possible));
    code.set(&ROW_NEEDS, &ROW_NEEDS.bin(Bin::Or, needs));
    code.end();
    code.push(&possible.bin(Bin::Or, &certain.shl(1)));
}

/// Whether a condition certainly holds.
pub(super) fn is_certain(condition: &Node) -> Node {
    condition.bin(Bin::ShrU, &int(1))
}
