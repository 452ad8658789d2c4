//! What is possible of a verdict, from what is possible of its parts.

use concord_engine::plan::Verdict;

use crate::emit::assembler::{Bin, Code, Node, Ty, int, long};
use crate::emit::memory::VERDICT_NEEDS;

/// Of a part of a verdict: whether it certainly holds, whether it may, and what would settle that.
#[derive(Clone)]
pub(crate) struct Part {
    pub(crate) certain: Node,
    pub(crate) possible: Node,
    pub(crate) needs: Node,
}

/// How many parts there are: whether it applies, is excused, happened, in time, and whether the time has passed.
pub(crate) const PARTS: usize = 5;

/// The verdicts that are possible as a mask, and what would settle which it is.
pub(crate) fn verdict(code: &mut Code, parts: &[Part; PARTS]) -> (Node, Node) {
    let [applies, excused, happened, in_time, passed] = parts;
    let applying = &applies.possible;
    let due = code.share(&applying.both(&excused.certain.not()));
    let done = code.share(&due.both(&happened.possible));
    let not_done = code.share(&due.both(&happened.certain.not()));
    let mask = [
        (Verdict::NotApplicable, applies.certain.not()),
        (Verdict::Excused, applying.both(&excused.possible)),
        (Verdict::Met, done.both(&in_time.possible)),
        (Verdict::Late, done.both(&in_time.certain.not())),
        (Verdict::Missed, not_done.both(&passed.possible)),
        (Verdict::Open, not_done.both(&passed.certain.not())),
    ];
    let mask = mask.iter().fold(int(0), |sum, (verdict, possible)| sum.bin(Bin::Or, &possible.shl(*verdict as u32)));
    let mask = code.share(&mask.to(Ty::I64));
    let when = |flag: &Node, needs: &Node| needs.when(flag, &long(0));
    let needs = applies
        .needs
        .bin(Bin::Or, &when(applying, &excused.needs))
        .bin(Bin::Or, &when(&due, &happened.needs))
        .bin(Bin::Or, &when(&done, &in_time.needs))
        .bin(Bin::Or, &when(&not_done, &passed.needs));
    (mask, needs)
}

/// `(certain, possible, needs of each part) → mask`; what would settle it is in a global.
pub(super) fn function(code: &mut Code) {
    let mut numbers = 0..;
    // Numbers do not end.
    let mut next = || numbers.next().unwrap_or(0);
    let parts: [Part; PARTS] = std::array::from_fn(|_| {
        let [certain, possible, needs] = [next(), next(), next()].map(|place| code.parameter(place));
        Part { certain, possible, needs }
    });
    let (mask, needs) = verdict(code, &parts);
    let known = mask.without_lowest().eq(&long(0));
    code.set(&VERDICT_NEEDS, &long(0).when(&known, &needs));
    code.push(&mask);
}
