//! Conditions as two bits, possibly and certainly.

use super::globals::ROW_NEEDS;
use crate::emit::assembler::{Bin, Code, Node, int, long};

/// Whether a value of these ends certainly, and possibly, lies within others.
pub(crate) fn within([low, high]: [&Node; 2], [least, most]: [&Node; 2]) -> [Node; 2] {
    let certain = low.bin(Bin::GeS, least).both(&high.bin(Bin::LeS, most));
    let possible = low.bin(Bin::LeS, most).both(&high.bin(Bin::GeS, least));
    [certain, possible]
}

/// Whether a variant of a mask certainly, and possibly, is one of those accepted.
pub(crate) fn one_of(mask: &Node, accepted: &Node) -> [Node; 2] {
    let certain = mask.bin(Bin::And, &accepted.bin(Bin::Xor, &long(-1))).eq(&long(0));
    [certain, mask.bin(Bin::And, accepted).ne(&long(0))]
}

/// Leaves a condition as bits; what is only possible adds to what the row needs.
pub(crate) fn condition(code: &mut Code, tests: &[Node; 2], needs: &Node) {
    let [certain, possible] = tests.each_ref().map(|test| code.share(test));
    code.when(&certain.ne(&possible));
    code.set(&ROW_NEEDS, &ROW_NEEDS.bin(Bin::Or, needs));
    code.end();
    code.push(&possible.bin(Bin::Or, &certain.shl(1)));
}

/// Whether a condition certainly holds.
pub(crate) fn is_certain(condition: &Node) -> Node {
    condition.bin(Bin::ShrU, &int(1))
}
