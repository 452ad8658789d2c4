//! Quotients, and values within ends.

use concord_engine::plan::Rounding;

use crate::emit::assembler::{Bin, Code, Node, Ty, flag, long};

/// `a / divisor` and the rest, both of one sign rule: the rest is never below 0. The divisor is above 0.
pub(crate) fn floor(code: &mut Code, a: &Node, divisor: &Node) -> (Node, Node) {
    let a = code.share(a);
    let towards_zero = code.share(&a.bin(Bin::DivS, divisor));
    let rest = code.share(&a.sub(&towards_zero.bin(Bin::Mul, divisor)));
    let sign = rest.bin(Bin::ShrS, &Node::Const(rest.ty(), if rest.ty() == Ty::I64 { 63 } else { 31 }));
    let sign = code.share(&sign);
    let quotient = code.share(&towards_zero.add(&sign));
    let rest = code.share(&rest.add(&sign.bin(Bin::And, divisor)));
    (quotient, rest)
}

/// See [`Routine::Quotient`].
pub(super) fn quotient(code: &mut Code, a: &Node, b: &Node, how: Rounding) {
    code.when(&b.eq(&long(0)));
    code.finish(&long(0));
    code.end();
    let negative = code.share(&b.bin(Bin::LtS, &long(0)));
    let a = code.share(&long(0).sub(a).when(&negative, a));
    let b = code.share(&long(0).sub(b).when(&negative, b));
    let (down, rest) = floor(code, &a, &b);
    let other = code.share(&b.sub(&rest));
    let (more, half) = (rest.bin(Bin::GtS, &other), rest.eq(&other));
    let up = match how {
        Rounding::Down => flag(false),
        Rounding::AwayFromZero => rest.bin(Bin::GtS, &long(0)).both(&a.bin(Bin::GtS, &long(0))),
        Rounding::TowardsZero => rest.bin(Bin::GtS, &long(0)).both(&a.bin(Bin::LtS, &long(0))),
        Rounding::HalfUp => more.either(&half.both(&a.bin(Bin::GtS, &long(0)))),
        Rounding::HalfEven => more.either(&half.both(&down.bin(Bin::And, &long(1)).to(Ty::I32))),
    };
    code.push(&down.add(&up.to(Ty::I64)));
}

/// A mask with one bit, of a need: there are at most 64.
pub(crate) fn need(unknown: u8) -> Node {
    long(1_i64.wrapping_shl(u32::from(unknown)))
}
