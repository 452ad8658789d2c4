//! Functions inside the module that more than one place calls; only those called are there.

use wasm_encoder::Function;

use super::code::Code;
use super::node::{Bin, Node, Ty, Width, int, long};

/// The functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Helper {
    /// (i64, i64) → the less
    Min,
    /// (i64, i64) → the greater
    Max,
    /// (pointers to values and validity, row) → validity from the row on, a bit a row, up to the next row that 64 divides
    Valid,
}

/// The number of the first helper among the module's functions.
pub(super) const FIRST: u32 = 5;

/// The helpers called so far.
#[derive(Default)]
pub(super) struct Helpers {
    called: Vec<Helper>,
}

impl Helpers {
    /// The function's number.
    pub(super) fn number(&mut self, helper: Helper) -> u32 {
        let place = self.called.iter().position(|called| *called == helper).unwrap_or_else(|| {
            self.called.push(helper);
            self.called.len() - 1
        });
        FIRST + u32::try_from(place).unwrap_or(0)
    }

    /// A call, as a value.
    pub(super) fn call(&mut self, helper: Helper, operands: Vec<Node>) -> Node {
        Node::Call(self.number(helper), helper.result(), std::rc::Rc::new(operands))
    }

    /// The functions, in order of their numbers.
    pub(super) fn functions(&self) -> impl Iterator<Item = (Vec<Ty>, Ty, Function)> {
        self.called.iter().map(|helper| (helper.parameters(), helper.result(), helper.build()))
    }
}

impl Helper {
    fn parameters(self) -> Vec<Ty> {
        match self {
            Helper::Min | Helper::Max => vec![Ty::I64, Ty::I64],
            Helper::Valid => vec![Ty::I32, Ty::I32],
        }
    }

    fn result(self) -> Ty {
        match self {
            Helper::Min | Helper::Max | Helper::Valid => Ty::I64,
        }
    }

    fn build(self) -> Function {
        let mut code = Code::new(&self.parameters());
        let (a, b) = (code.parameter(0), code.parameter(1));
        match self {
            Helper::Min => code.push(&a.when(&a.bin(Bin::LtS, &b), &b)),
            Helper::Max => code.push(&a.when(&a.bin(Bin::GtS, &b), &b)),
            Helper::Valid => valid(&mut code, &a, &b),
        }
        code.build()
    }
}

fn valid(code: &mut Code, pointers: &Node, row: &Node) {
    let values = pointers.load(Width::signed(4), 0);
    code.when(&values.eq(&int(0)));
    code.finish(&long(0));
    code.end();
    let validity = code.share(&pointers.load(Width::signed(4), 8));
    code.when(&validity.eq(&int(0)));
    code.finish(&long(-1));
    code.end();
    let word = validity.add(&row.bin(Bin::ShrU, &int(6)).shl(3)).load(Width::signed(8), 0);
    code.push(&word.bin(Bin::ShrU, &row.bin(Bin::And, &int(63))));
}

/// A mask with one bit, of a need.
pub(super) fn need(unknown: u8) -> Node {
    long(1_i64.checked_shl(u32::from(unknown)).unwrap_or(0))
}
