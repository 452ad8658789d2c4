//! Functions inside the module that more than one place calls; only those called are there.

use concord_engine::plan::Rounding;
use wasm_encoder::Function;

use super::code::Code;
use super::node::{Bin, Node, Ty, Width, int, long};
use super::{calendar, search};

/// The functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Helper {
    /// (i64, i64) → the less
    Min,
    /// (i64, i64) → the greater
    Max,
    /// (pointers to values and validity, row) → validity from the row on, a bit a row, up to the next row that 64 divides
    Valid,
    /// (dividend, divisor) → quotient; 0 where the divisor is 0
    Quotient(Rounding),
    /// (address and length of a sorted list, value) → how many are less
    Below,
    /// (address and length of a list) → 0, the list sorted
    Sort,
    /// (address and length of a list) → twice its median, the list sorted; 0 of none
    Median,
    /// (day) → year · 512 + month · 32 + day
    Civil,
    /// (instant) → whether it is summer time in London
    Summer,
    /// (instant) → the clock in London, as milliseconds of civil time
    Local,
    /// (instant) → the day in London
    LocalDate,
    /// (day, time of day) → instant
    InstantOn,
    /// (day, count, address and length of the holidays) → day
    WorkingDays,
    /// (day, later day) → completed years
    Years,
    /// (start, end, from, until) → milliseconds
    Overlap,
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
    fn number(&mut self, helper: Helper) -> u32 {
        let place = self.called.iter().position(|called| *called == helper).unwrap_or_else(|| {
            self.called.push(helper);
            self.called.len() - 1
        });
        FIRST + u32::try_from(place).unwrap_or(0)
    }

    /// A call, as a value.
    pub(super) fn call(&mut self, helper: Helper, operands: Vec<Node>) -> Node {
        let types = helper.parameters();
        let operands = operands.iter().zip(types).map(|(operand, ty)| operand.to(ty)).collect();
        Node::Call(self.number(helper), helper.result(), std::rc::Rc::new(operands))
    }

    /// The functions, in order of their numbers; helpers may call helpers, so that the list grows as they are built.
    pub(super) fn functions(&mut self) -> Vec<(Vec<Ty>, Ty, Function)> {
        let mut functions = Vec::new();
        while let Some(helper) = self.called.get(functions.len()).copied() {
            let body = self.build(helper);
            functions.push((helper.parameters(), helper.result(), body));
        }
        functions
    }

    fn build(&mut self, helper: Helper) -> Function {
        let mut code = Code::new(&helper.parameters());
        let at = |index: u32| code.parameter(index);
        let (a, b, c, d) = (at(0), at(1), at(2), at(3));
        match helper {
            Helper::Min => code.push(&a.when(&a.bin(Bin::LtS, &b), &b)),
            Helper::Max => code.push(&a.when(&a.bin(Bin::GtS, &b), &b)),
            Helper::Valid => valid(&mut code, &a, &b),
            Helper::Quotient(how) => search::quotient(&mut code, &a, &b, how),
            Helper::Below => search::below(&mut code, &a, &b, &c),
            Helper::Sort => search::sort(&mut code, &a, &b),
            Helper::Median => search::median(&mut code, self, &a, &b),
            Helper::Civil => calendar::civil(&mut code, &a),
            Helper::Summer => calendar::summer(&mut code, self, &a),
            Helper::Local => calendar::local(&mut code, self, &a),
            Helper::LocalDate => calendar::local_date(&mut code, self, &a),
            Helper::InstantOn => calendar::instant_on(&mut code, self, &a, &b),
            Helper::WorkingDays => calendar::working_days(&mut code, self, [&a, &b, &c, &d]),
            Helper::Years => calendar::years(&mut code, self, &a, &b),
            Helper::Overlap => calendar::overlap(&mut code, self, [&a, &b, &c, &d]),
        }
        code.build()
    }
}

impl Helper {
    fn parameters(self) -> Vec<Ty> {
        use Ty::{I32, I64};
        match self {
            Helper::Valid | Helper::Sort | Helper::Median => vec![I32, I32],
            Helper::Below => vec![I32, I32, I64],
            Helper::Civil | Helper::Summer | Helper::Local | Helper::LocalDate => vec![I64],
            Helper::Min | Helper::Max | Helper::Quotient(_) | Helper::InstantOn | Helper::Years => vec![I64, I64],
            Helper::WorkingDays => vec![I64, I64, I32, I32],
            Helper::Overlap => vec![I64; 4],
        }
    }

    fn result(self) -> Ty {
        match self {
            Helper::Below | Helper::Sort | Helper::Summer => Ty::I32,
            _ => Ty::I64,
        }
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
