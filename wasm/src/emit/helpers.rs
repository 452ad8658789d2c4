//! Functions inside the module that more than one place calls; only those called are there.

use concord_engine::plan::formula::Formula;
use wasm_encoder::Function;

use super::Emitted;
use super::code::{Code, Label};
use super::layout::COLUMNS_FACTS;
use super::node::{Bin, Node, Ty, Width, int, long};
use super::routines::Routine;
use super::written_table::Tries;

/// The functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Helper {
    /// (i64, i64) → the less
    Min,
    /// (i64, i64) → the greater
    Max,
    /// (the block of columns moved on to a fact, row) → validity from the row on, a bit a row, up to the next row that 64 divides
    Valid,
    /// (low, high, presence, needs): writes the next output of a record out, so many bytes between the parts; what is known
    /// needs nothing
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
    /// (condition, whether the row is `impossible`) → whether the next row, of a unique table or another, certainly matches
    Row(bool),
    /// (address, low, high, needs): writes what is possible of something where [`Helper::Rows`] finds it
    Column,
    /// Tries rows whose conditions are written out; see [`super::written_table`]
    Rows(Tries),
    /// (rows, address of an array, how many bits of 64 its values leave) → the least, the greatest and the presence in
    /// globals; 0 where there is none
    Least,
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
pub(super) const FIRST: u32 = 6;

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
        let result = helper.result().unwrap_or(Ty::I32);
        Node::Call(self.number(helper), result, std::rc::Rc::new(operands))
    }

    /// Calls one without result.
    pub(super) fn run(&mut self, code: &mut Code, helper: Helper, operands: Vec<Node>) {
        let call = self.call(helper, operands);
        code.push(&call);
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
    pub(super) fn functions(&mut self) -> Vec<Emitted> {
        let mut functions = Vec::new();
        while let Some(helper) = self.called.get(functions.len()).copied() {
            let body = match helper {
                Helper::Routine(routine) => routine.build(self),
                Helper::Rows(tries) => tries.build(),
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
            Helper::Put(_) => vec![Ty::I64, Ty::I64, Ty::I32, Ty::I64],
            Helper::Within => vec![Ty::I64; 5],
            Helper::OneOf => vec![Ty::I64; 3],
            Helper::Condition => vec![Ty::I32, Ty::I32, Ty::I64],
            Helper::Start => Vec::new(),
            Helper::Settle => vec![Ty::I64; 3],
            Helper::Row(_) => vec![Ty::I32, Ty::I32],
            Helper::Column => vec![Ty::I32, Ty::I64, Ty::I64, Ty::I64],
            Helper::Rows(_) => vec![Ty::I32, Ty::I64],
            Helper::Least => vec![Ty::I64, Ty::I32, Ty::I64],
            Helper::Variants => vec![Ty::I64, Ty::I32],
            Helper::Routine(routine) => routine.parameters(),
        }
    }

    fn result(self) -> Option<Ty> {
        match self {
            Helper::Put(_) | Helper::Start | Helper::Column => None,
            Helper::Within | Helper::OneOf | Helper::Condition | Helper::Row(_) => Some(Ty::I32),
            Helper::Routine(routine) => Some(routine.result()),
            _ => Some(Ty::I64),
        }
    }

    fn build(self) -> Function {
        let mut code = Code::new(&self.parameters());
        let [a, b, c] = [0, 1, 2].map(|index| code.parameter(index));
        match self {
            Helper::Min => code.push(&a.when(&a.bin(Bin::LtS, &b), &b)),
            Helper::Max => code.push(&a.when(&a.bin(Bin::GtS, &b), &b)),
            Helper::Valid => valid(&mut code, &a, &b),
            Helper::Put(stride) => put(&mut code, stride),
            Helper::Column => {
                for (offset, part) in [(0, 1), (8, 2), (16, 3)] {
                    let part = code.parameter(part);
                    code.store(&a, offset, &part, SLOT);
                }
            }
            Helper::Within => {
                let tests = within([&a, &b], [&c, &code.parameter(3)]);
                let needs = code.parameter(4);
                condition(&mut code, &tests, &needs);
            }
            Helper::OneOf => condition(&mut code, &one_of(&a, &b), &c),
            Helper::Condition => condition(&mut code, &[a, b], &c),
            Helper::Start => TRYING.start(&mut code),
            Helper::Row(unique) => {
                TRYING.take(&mut code, &a, unique, &b);
                code.push(&is_certain(&a));
            }
            Helper::Settle => code.push(&long(0).when(&a.eq(&b), &c)),
            Helper::Least => least(&mut code),
            Helper::Variants => variants(&mut code),
            Helper::Routine(_) | Helper::Rows(_) => {}
        }
        code.build()
    }
}

const SLOT: Width = Width::signed(8);

fn put(code: &mut Code, stride: u32) {
    let [low, high, presence, needs] = [0, 1, 2, 3].map(|index| code.parameter(index));
    let is_known = low.eq(&high).when(&presence.eq(&int(1)), &presence.eq(&int(2)));
    let needs = long(0).when(&is_known, &needs);
    for (part, value) in (0..).zip([low, high, presence, needs]) {
        code.store(&OUT, part * stride, &value, SLOT);
    }
    code.set(&OUT, &OUT.add(&int(8)));
}

/// Whether a value of these ends certainly, and possibly, lies within others.
pub(super) fn within([low, high]: [&Node; 2], [least, most]: [&Node; 2]) -> [Node; 2] {
    let certain = low.bin(Bin::GeS, least).both(&high.bin(Bin::LeS, most));
    let possible = low.bin(Bin::LeS, most).both(&high.bin(Bin::GeS, least));
    [certain, possible]
}

/// Whether a variant of a mask certainly, and possibly, is one of those accepted.
pub(super) fn one_of(mask: &Node, accepted: &Node) -> [Node; 2] {
    let certain = mask.bin(Bin::And, &accepted.bin(Bin::Xor, &long(-1))).eq(&long(0));
    [certain, mask.bin(Bin::And, accepted).ne(&long(0))]
}

/// Leaves a condition as bits; what is only possible adds to what the row needs.
fn condition(code: &mut Code, tests: &[Node; 2], needs: &Node) {
    let [certain, possible] = tests.each_ref().map(|test| code.share(test));
    code.when(&certain.ne(&possible));
    code.set(&ROW_NEEDS, &ROW_NEEDS.bin(Bin::Or, needs));
    code.end();
    code.push(&possible.bin(Bin::Or, &certain.shl(1)));
}

/// Whether a condition certainly holds.
pub(super) fn is_certain(condition: &Node) -> Node {
    condition.bin(Bin::ShrU, &int(1))
}

/// What is gathered while rows are tried.
pub(super) struct Trying {
    pub(super) rows: Node,
    pub(super) needs: Node,
    pub(super) claims: Node,
    pub(super) row: Node,
    pub(super) row_needs: Node,
}

/// Gathered in globals.
const TRYING: Trying = Trying { rows: ROWS, needs: NEEDS, claims: CLAIMS, row: ROW, row_needs: ROW_NEEDS };

impl Trying {
    /// Gathered in locals.
    pub(super) fn new(code: &mut Code) -> Trying {
        let [rows, needs, claims, row_needs] = [0; 4].map(|_| code.local(Ty::I64));
        Trying { rows, needs, claims, row: code.variable(&long(1)), row_needs }
    }

    /// Before the first row; after a row it needs nothing.
    fn start(&self, code: &mut Code) {
        for mask in [&self.rows, &self.needs, &self.claims] {
            code.set(mask, &long(0));
        }
        code.set(&self.row, &long(1));
    }

    /// A row that may match joins the others; one that certainly does replaces them in a unique table.
    pub(super) fn take(&self, code: &mut Code, condition: &Node, unique: bool, impossible: &Node) {
        code.when(&condition.bin(Bin::And, &int(1)));
        code.set(&self.needs, &self.needs.bin(Bin::Or, &self.row_needs));
        if unique {
            code.when(&is_certain(condition));
            code.set(&self.rows, &long(0));
            code.set(&self.needs, &long(0));
            code.end();
        }
        code.when(impossible);
        code.set(&self.claims, &self.claims.bin(Bin::Or, &self.row));
        code.otherwise();
        code.set(&self.rows, &self.rows.bin(Bin::Or, &self.row));
        code.end();
        code.end();
        code.set(&self.row, &self.row.shl(1));
        code.set(&self.row_needs, &long(0));
    }
}

/// Goes on to the next bit of `rows`, and closes the loop.
pub(super) fn next_row(code: &mut Code, rows: &Node, top: Label) {
    code.set(rows, &rows.bin(Bin::And, &rows.sub(&long(1))));
    code.leave_when(top, &rows.ne(&long(0)));
    code.end();
}

/// A value is read with those after it, which are then shifted out.
fn least(code: &mut Code) {
    let [rows, array, spare] = [0, 1, 2].map(|index| code.parameter(index));
    let low = code.variable(&long(i64::MAX));
    code.set(&GREATEST, &long(i64::MIN));
    code.set(&PRESENCE, &int(0));
    let top = code.repeat();
    let bytes = long(8).sub(&spare.bin(Bin::ShrU, &long(3)));
    let address = array.add(&rows.ctz().bin(Bin::Mul, &bytes).to(Ty::I32));
    let value = code.share(&address.load(SLOT, 0).bin(Bin::Shl, &spare));
    code.when(&value.eq(&long(i64::MIN)));
    code.set(&PRESENCE, &PRESENCE.bin(Bin::Or, &int(2)));
    code.otherwise();
    code.set(&PRESENCE, &PRESENCE.bin(Bin::Or, &int(1)));
    code.set(&low, &value.when(&value.bin(Bin::LtS, &low), &low));
    code.set(&GREATEST, &value.when(&value.bin(Bin::GtS, &GREATEST), &GREATEST));
    code.end();
    next_row(code, &rows, top);
    let is_some = PRESENCE.bin(Bin::And, &int(1));
    code.set(&GREATEST, &GREATEST.bin(Bin::ShrS, &spare).when(&is_some, &long(0)));
    code.push(&low.bin(Bin::ShrS, &spare).when(&is_some, &long(0)));
}

fn variants(code: &mut Code) {
    let (rows, array) = (code.parameter(0), code.parameter(1));
    let mask = code.variable(&long(0));
    code.set(&PRESENCE, &int(0));
    let top = code.repeat();
    let value = code.share(&array.add(&rows.ctz().to(Ty::I32)).load(Width::signed(1), 0).to(Ty::I64));
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
    let values = pointers.load(Width::signed(4), COLUMNS_FACTS);
    code.when(&values.eq(&int(0)));
    code.finish(&long(0));
    code.end();
    let validity = code.share(&pointers.load(Width::signed(4), COLUMNS_FACTS + 8));
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
