//! Which class a number is of, where classes start at cuts: how many of these it has reached.
//!
//! Of several cuts, as many as there is room for stand side by side in one word: how far the number is beyond each is worked out for all
//! at once, and the bits that say "at it or beyond" are counted.

use concord_engine::plan::Shape;

use crate::emit::assembler::{Bin, Node, Ty, int, long};

/// The bits of a short word, and of a long one: its sign stays free, so that no constant is negative.
const SHORT: usize = 32;
const LONG: usize = 63;
/// The least cuts for which a long word is less work than a test each.
const LEAST: usize = 3;

/// The class of a number of this shape; of any other some class. The number is a constant or a local.
pub(crate) fn class_of(value: &Node, cuts: &[i64], shape: Shape) -> Node {
    if is_itself(cuts, shape) {
        return value.to(Ty::I32).bin(Bin::And, &int(shape.high));
    }
    // A yes or no may stand where larger numbers do, and cuts are among those.
    let is_wide = cuts.iter().any(|cut| i32::try_from(*cut).is_err());
    let value = &if is_wide { value.to(Ty::I64) } else { value.clone() };
    let bits = bits(cuts, shape).filter(|_| value.constant().is_none());
    let (mut class, mut rest) = (int(0), cuts);
    loop {
        let (ty, together) = bits.map_or((value.ty(), 1), |bits| word_for(rest.len(), bits));
        let (these, others) = rest.split_at(together.min(rest.len()));
        class = class.add(&match (these, bits) {
            ([], _) => return class,
            ([_, _, ..], Some(bits)) => reached(value, these, bits, ty),
            ([cut, ..], _) => value.bin(Bin::GeS, &Node::Const(value.ty(), *cut)),
        });
        rest = others;
    }
}

/// Whether a number of a shape is its own class, and one of as many as bits tell apart.
fn is_itself(cuts: &[i64], shape: Shape) -> bool {
    let all = shape.low == 0 && (1..=shape.high).eq(cuts.iter().copied());
    all && shape.high & (shape.high + 1) == 0
}

/// In how many bits it stands how far a number of a shape is beyond each cut: the highest is set where that is nothing or more.
fn bits(cuts: &[i64], shape: Shape) -> Option<usize> {
    let (first, last) = (cuts.iter().min()?, cuts.iter().max()?);
    let (before, beyond) = (last.checked_sub(shape.low)?, shape.high.checked_sub(*first)?);
    (2..=SHORT / 2).find(|bits| before <= 1 << (bits - 1) && beyond < 1 << (bits - 1))
}

/// The word for so many cuts, each in so many bits, and how many of them it holds.
fn word_for(cuts: usize, bits: usize) -> (Ty, usize) {
    let (short, long) = (SHORT / bits, LONG / bits);
    if cuts <= short || long < LEAST { (Ty::I32, cuts.min(short)) } else { (Ty::I64, cuts.min(long)) }
}

/// How many of these cuts, each in so many bits of a word, a number has reached.
fn reached(value: &Node, cuts: &[i64], bits: usize, ty: Ty) -> Node {
    let half = 1_i64 << (bits - 1);
    let (mut each, mut from, mut highest, mut all) = (0_i64, 0_i64, 0_i64, 0_i64);
    for cut in cuts {
        each = each << bits | 1;
        from = (from << bits).wrapping_add(half.wrapping_sub(*cut));
        highest = highest << bits | half;
        all = all << bits | (half | (half - 1));
    }
    let [each, from, highest] = [each, from & all, highest].map(|word| long(word).to(ty));
    value.to(ty).bin(Bin::Mul, &each).add(&from).bin(Bin::And, &highest).ones().to(Ty::I32)
}
