//! Functions inside the module that more than one place calls; only those called are there.

use concord_engine::plan::formula::Formula;
use wasm_encoder::Function;

use super::code::{Code, Label};
use super::layout::{IN_FACTS, IN_MISSING, none_of};
use super::node::{Bin, Node, Ty, Width, int, long};
use super::routines::Routine;

/// The functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Helper {
    /// (i64, i64) → the less
    Min,
    /// (i64, i64) → the greater
    Max,
    /// (pointers to values and validity, row) → validity from the row on, a bit a row, up to the next row that 64 divides
    Valid,
    /// (low, high, presence, needs): writes the next output of a record out; so many bytes lie between the parts
    Put(u32),
    /// (low, high, least, most, needs) → a table's condition: bit 0 possibly, bit 1 certainly
    Within,
    /// (mask, accepted, needs) → a condition
    OneOf,
    /// (certain, possible, needs) → a condition
    Condition,
    /// () before the first row of a table
    Start,
    /// (low, high, needs) → the needs, or nothing where the ends are the same
    Settle,
    /// (record, fact, other) → the fact, or the other where it is missing
    Fact,
    /// (record, fact, other) → the fact as a mask, or the other where it is missing
    FactMask,
    /// (record, fact, needs) → the needs where the fact is missing
    FactNeeds,
    /// (condition) → whether the next row, of this kind, certainly matches
    Row(u8),
    /// (rows, address of an array of so many bytes each) → the least; the greatest and the presence in globals
    Least(u8),
    /// (rows, address of an array of variants) → the mask; the presence in a global
    Variants,
    /// Arithmetic of its own
    Routine(Routine),
}

impl From<Routine> for Helper {
    fn from(routine: Routine) -> Helper {
        Helper::Routine(routine)
    }
}

/// Kinds of row: of a unique table, and `impossible`.
pub(super) const UNIQUE: u8 = 1;
pub(super) const IMPOSSIBLE: u8 = 2;

/// What the conditions of the row being tried need.
pub(super) const ROW_NEEDS: Node = Node::Global(Ty::I64, 2);
/// The rows that may match, as a mask.
pub(super) const ROWS: Node = Node::Global(Ty::I64, 3);
/// What the table needs.
pub(super) const NEEDS: Node = Node::Global(Ty::I64, 4);
/// The greatest value an array gave.
pub(super) const GREATEST: Node = Node::Global(Ty::I64, 5);
/// The `impossible` rows that may match, as a mask.
pub(super) const CLAIMS: Node = Node::Global(Ty::I64, 6);
/// The row being tried, as a mask.
pub(super) const ROW: Node = Node::Global(Ty::I64, 7);
/// The presence an array gave: bit 0 may be some, bit 1 may be none.
pub(super) const PRESENCE: Node = Node::Global(Ty::I32, 8);
/// Where the next output goes.
pub(super) const OUT: Node = Node::Global(Ty::I32, 9);
/// The types of the globals that helpers use, in order, from 2.
pub(super) const GLOBALS: [Ty; 8] = [Ty::I64, Ty::I64, Ty::I64, Ty::I64, Ty::I64, Ty::I64, Ty::I32, Ty::I32];

/// The number of the first helper among the module's functions.
pub(super) const FIRST: u32 = 5;

/// The helpers called so far.
#[derive(Default)]
pub(super) struct Helpers {
    called: Vec<Helper>,
    /// The formulas that [`Routine::Formula`] means by their numbers.
    formulas: Vec<Formula>,
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
    pub(super) fn call(&mut self, helper: impl Into<Helper>, operands: Vec<Node>) -> Node {
        let helper = helper.into();
        let operands = operands.iter().zip(helper.parameters()).map(|(operand, ty)| operand.to(ty)).collect();
        Node::Call(self.number(helper), helper.result(), std::rc::Rc::new(operands))
    }

    /// The number of a formula, one that was there before or the next.
    pub(super) fn number_of_formula(&mut self, formula: &Formula) -> usize {
        self.formulas.iter().position(|other| other == formula).unwrap_or_else(|| {
            self.formulas.push(formula.clone());
            self.formulas.len() - 1
        })
    }

    /// The formula of this number.
    pub(super) fn formula(&self, number: usize) -> Option<Formula> {
        self.formulas.get(number).cloned()
    }

    /// The functions, in order of their numbers; helpers may call helpers, so that the list grows as they are built.
    pub(super) fn functions(&mut self) -> Vec<(Vec<Ty>, Ty, Function)> {
        let mut functions = Vec::new();
        while let Some(helper) = self.called.get(functions.len()).copied() {
            let body = match helper {
                Helper::Routine(routine) => routine.build(self),
                _ => helper.build(),
            };
            functions.push((helper.parameters(), helper.result(), body));
        }
        functions
    }
}

impl Helper {
    fn parameters(self) -> Vec<Ty> {
        match self {
            Helper::Min | Helper::Max => vec![Ty::I64, Ty::I64],
            Helper::Valid => vec![Ty::I32, Ty::I32],
            Helper::Put(_) => vec![Ty::I64; 4],
            Helper::Within => vec![Ty::I64; 5],
            Helper::OneOf => vec![Ty::I64; 3],
            Helper::Condition => vec![Ty::I32, Ty::I32, Ty::I64],
            Helper::Start => Vec::new(),
            Helper::Settle => vec![Ty::I64; 3],
            Helper::Fact | Helper::FactMask | Helper::FactNeeds => vec![Ty::I32, Ty::I32, Ty::I64],
            Helper::Row(_) => vec![Ty::I32],
            Helper::Least(_) | Helper::Variants => vec![Ty::I64, Ty::I32],
            Helper::Routine(routine) => routine.parameters(),
        }
    }

    fn result(self) -> Ty {
        match self {
            Helper::Put(_) | Helper::Within | Helper::OneOf | Helper::Condition | Helper::Row(_) | Helper::Start => {
                Ty::I32
            }
            Helper::Routine(routine) => routine.result(),
            _ => Ty::I64,
        }
    }

    fn build(self) -> Function {
        let mut code = Code::new(&self.parameters());
        let [a, b, c] = [0, 1, 2].map(|index| code.parameter(index));
        match self {
            Helper::Min => code.push(&a.when(&a.bin(Bin::LtS, &b), &b)),
            Helper::Max => code.push(&a.when(&a.bin(Bin::GtS, &b), &b)),
            Helper::Valid => valid(&mut code, &a, &b),
            Helper::Put(stride) => {
                for part in 0..4 {
                    let value = code.parameter(part);
                    code.store(&OUT, part * stride, &value, SLOT);
                }
                code.set(&OUT, &OUT.add(&int(8)));
                code.push(&int(0));
            }
            Helper::Within => {
                let (most, needs) = (code.parameter(3), code.parameter(4));
                let certain = a.bin(Bin::GeS, &c).both(&b.bin(Bin::LeS, &most));
                let possible = a.bin(Bin::LeS, &most).both(&b.bin(Bin::GeS, &c));
                condition(&mut code, &certain, &possible, &needs);
            }
            Helper::OneOf => {
                let possible = a.bin(Bin::And, &b).ne(&long(0));
                let certain = a.bin(Bin::And, &b.bin(Bin::Xor, &long(-1))).eq(&long(0));
                condition(&mut code, &certain, &possible, &c);
            }
            Helper::Condition => condition(&mut code, &a, &b, &c),
            Helper::Start => {
                for mask in [ROWS, NEEDS, CLAIMS] {
                    code.set(&mask, &long(0));
                }
                code.set(&ROW, &long(1));
                code.push(&int(0));
            }
            Helper::Row(kind) => row(&mut code, kind),
            Helper::Settle => code.push(&long(0).when(&a.eq(&b), &c)),
            Helper::Fact => code.push(&c.when(&missing(&a, &b), &fact(&a, &b))),
            Helper::FactMask => code.push(&c.when(&missing(&a, &b), &long(1).bin(Bin::Shl, &fact(&a, &b)))),
            Helper::FactNeeds => code.push(&c.when(&missing(&a, &b), &long(0))),
            Helper::Least(bytes) => least(&mut code, Width::signed(bytes)),
            Helper::Variants => variants(&mut code),
            Helper::Routine(_) => {}
        }
        code.build()
    }
}

const SLOT: Width = Width::signed(8);

/// Whether a fact of a record is missing.
fn missing(record: &Node, fact: &Node) -> Node {
    let mask = record.load(SLOT, IN_MISSING);
    mask.bin(Bin::ShrU, &fact.to(Ty::I64)).to(Ty::I32).bin(Bin::And, &int(1))
}

fn fact(record: &Node, fact: &Node) -> Node {
    record.add(&fact.shl(3)).load(SLOT, IN_FACTS)
}

/// Leaves a condition as bits; what is only possible adds to what the row needs.
fn condition(code: &mut Code, certain: &Node, possible: &Node, needs: &Node) {
    let certain = code.share(certain);
    let possible = code.share(possible);
    code.when(&certain.ne(&possible));
    code.set(&ROW_NEEDS, &ROW_NEEDS.bin(Bin::Or, needs));
    code.end();
    code.push(&possible.bin(Bin::Or, &certain.shl(1)));
}

/// A row that may match joins the others; one that certainly does replaces them in a unique table.
fn row(code: &mut Code, kind: u8) {
    let condition = code.parameter(0);
    let certain = condition.bin(Bin::ShrU, &int(1));
    let unique = kind & UNIQUE != 0;
    code.when(&condition.bin(Bin::And, &int(1)));
    code.set(&NEEDS, &NEEDS.bin(Bin::Or, &ROW_NEEDS));
    if unique {
        code.when(&certain);
        code.set(&ROWS, &long(0));
        code.set(&NEEDS, &long(0));
        code.end();
    }
    let joined = if kind & IMPOSSIBLE == 0 { ROWS } else { CLAIMS };
    code.set(&joined, &joined.bin(Bin::Or, &ROW));
    code.end();
    code.set(&ROW, &ROW.shl(1));
    code.set(&ROW_NEEDS, &long(0));
    code.push(&certain);
}

/// Opens a loop over the bits of `rows`; gives the address of each one's value.
fn each_row(code: &mut Code, rows: &Node, array: &Node, width: Width) -> (Label, Node) {
    let top = code.repeat();
    let row = rows.ctz().to(Ty::I32);
    let value = array.add(&row.shl(width.log2())).load(width, 0);
    (top, code.share(&value.to(Ty::I64)))
}

fn next_row(code: &mut Code, rows: &Node, top: Label) {
    code.set(rows, &rows.bin(Bin::And, &rows.sub(&long(1))));
    code.leave_when(top, &rows.ne(&long(0)));
    code.end();
}

fn least(code: &mut Code, width: Width) {
    let (rows, array) = (code.parameter(0), code.parameter(1));
    let low = code.variable(&long(i64::MAX));
    code.set(&GREATEST, &long(i64::MIN));
    code.set(&PRESENCE, &int(0));
    let (top, value) = each_row(code, &rows, &array, width);
    code.when(&value.eq(&long(none_of(width.bytes))));
    code.set(&PRESENCE, &PRESENCE.bin(Bin::Or, &int(2)));
    code.otherwise();
    code.set(&PRESENCE, &PRESENCE.bin(Bin::Or, &int(1)));
    code.set(&low, &value.when(&value.bin(Bin::LtS, &low), &low));
    code.set(&GREATEST, &value.when(&value.bin(Bin::GtS, &GREATEST), &GREATEST));
    code.end();
    next_row(code, &rows, top);
    code.push(&low);
}

fn variants(code: &mut Code) {
    let (rows, array) = (code.parameter(0), code.parameter(1));
    let mask = code.variable(&long(0));
    code.set(&PRESENCE, &int(0));
    let (top, value) = each_row(code, &rows, &array, Width::signed(1));
    code.when(&value.bin(Bin::LtS, &long(0)));
    code.set(&PRESENCE, &PRESENCE.bin(Bin::Or, &int(2)));
    code.otherwise();
    code.set(&PRESENCE, &PRESENCE.bin(Bin::Or, &int(1)));
    code.set(&mask, &mask.bin(Bin::Or, &long(1).bin(Bin::Shl, &value)));
    code.end();
    next_row(code, &rows, top);
    code.push(&mask);
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
