//! What the rows that may match say in an array of constants.

use crate::abi::none_of;
use crate::emit::assembler::{Bin, Code, Label, Node, Turns, Ty, Width, int, long};
use crate::emit::memory::{GREATEST, PRESENCE};

/// Goes on to the next bit of `rows`, and closes the loop.
pub(crate) fn next_row(code: &mut Code, rows: &Node, top: Label) {
    code.set(rows, &rows.without_lowest());
    code.leave_when(top, &rows.ne(&long(0)));
    code.end();
}

/// Does something for each place of a mask, of which there are so many, unless no bound is given of the function.
pub(crate) fn each_place(code: &mut Code, mask: &Node, turns: Option<Turns>, body: impl FnOnce(&mut Code, &Node)) {
    if mask.is(0) {
        return;
    }
    let rest = code.variable(mask);
    use_up(code, &rest, turns, body);
}

/// The same of a mask of which nothing is left then. Whether anything is left is asked once, before each: a second test of what has just been
/// worked out, and what goes on to the next, is a third of a short loop.
pub(super) fn use_up(code: &mut Code, rest: &Node, turns: Option<Turns>, body: impl FnOnce(&mut Code, &Node)) {
    let done = code.block();
    let top = match turns {
        Some(turns) => code.repeat_for(turns),
        None => code.repeat(),
    };
    code.leave_when(done, &rest.eq(&long(0)));
    let place = code.share(&rest.ctz().to(Ty::I32));
    body(code, &place);
    code.set(rest, &rest.without_lowest());
    code.leave(top);
    code.end();
    code.end();
}

/// Whether there is some and whether there is none among what is seen.
fn presence(some: &Node, none: &Node) -> Node {
    some.bin(Bin::Or, &none.shl(1))
}

pub(super) fn least(code: &mut Code, width: Width) {
    let (rows, array) = (code.parameter(0), code.parameter(1));
    let [low, high] = [i64::MAX, i64::MIN].map(|end| code.variable(&long(end)));
    let [some, none] = [0; 2].map(|no| code.variable(&int(no)));
    use_up(code, &rows, Some(Turns::Rows), |code, row| {
        let value = array.add(&row.shl(width.log2())).load(width, 0).to(Ty::I64);
        let value = code.share(&value);
        code.when(&value.eq(&long(none_of(width.bytes))));
        code.set(&none, &int(1));
        code.otherwise();
        code.set(&some, &int(1));
        code.set(&low, &value.when(&value.bin(Bin::LtS, &low), &low));
        code.set(&high, &value.when(&value.bin(Bin::GtS, &high), &high));
        code.end();
    });
    code.set(&PRESENCE, &presence(&some, &none));
    code.set(&GREATEST, &high.when(&some, &long(0)));
    code.push(&low.when(&some, &long(0)));
}

/// Of a mask that is all there may be, which is the third parameter, what it comes to are the fourth and, in a global, the fifth.
pub(super) fn known_of_all(code: &mut Code, mask: &Node, second: &Node) {
    let [all, first, other] = [2, 3, 4].map(|index| code.parameter(index));
    code.when(&mask.eq(&all));
    code.set(second, &other);
    code.finish(&first);
    code.end();
}

/// The least and the greatest of values none of which is none.
pub(super) fn ends(code: &mut Code, width: Width) {
    let (rows, array) = (code.parameter(0), code.parameter(1));
    let [low, high] = [i64::MAX, i64::MIN].map(|end| code.variable(&long(end)));
    use_up(code, &rows, Some(Turns::Rows), |code, row| {
        let value = code.share(&array.add(&row.shl(width.log2())).load(width, 0).to(Ty::I64));
        code.set(&low, &value.when(&value.bin(Bin::LtS, &low), &low));
        code.set(&high, &value.when(&value.bin(Bin::GtS, &high), &high));
    });
    code.set(&GREATEST, &high);
    code.push(&low);
}

pub(super) fn variants(code: &mut Code) {
    let (rows, array) = (code.parameter(0), code.parameter(1));
    let mask = code.variable(&long(0));
    let [some, none] = [0; 2].map(|no| code.variable(&int(no)));
    use_up(code, &rows, Some(Turns::Rows), |code, row| {
        let value = code.share(&array.add(row).load(Width::signed(1), 0).to(Ty::I64));
        code.when(&value.bin(Bin::LtS, &long(0)));
        code.set(&none, &int(1));
        code.otherwise();
        code.set(&some, &int(1));
        code.set(&mask, &mask.bin(Bin::Or, &long(1).bin(Bin::Shl, &value)));
        code.end();
    });
    code.set(&PRESENCE, &presence(&some, &none));
    code.push(&mask);
}
