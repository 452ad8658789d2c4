//! The lowering for sixteen complete rows at once, for `simd128`: a value is a vector of lanes in the least width that holds it, or several.
//!
//! It is the strict domain once more, [`super::strict`], with a lane for each row: nothing there branches on a value, so `select` is a
//! choice of bits, the classes of a table are sums of tests, and what a table says is looked up sixteen rows at once. Yes and no are all
//! bits of a row's byte, or none. Rows that are not complete are worked out with the others, from whatever stands in their columns,
//! as nothing here can trap or reach outside its columns; their answers do not count.
//!
//! Lanes do not take event queries, times, reals and divisions ([`takes`]): such rules go row by row.

mod held;
mod lookup;
mod operators;
mod tables;
mod takes;

use std::collections::BTreeMap;

use concord_engine::plan::{ById, CellId, Expr, InputId, ParameterId, Shape, Step};

use crate::abi::none_of;
use crate::emit::assembler::{Code, EmitError, Lane, Node, Ty, Vector, int};
use crate::emit::strict::Ignored;
use crate::emit::walk::{Context, Dependence, walk};
use held::{op, same, spread};

pub(crate) use held::{Flag, Held, Laned, ROWS};
pub(crate) use takes::takes;

/// Where the value of a cell stands in an array.
struct Looked {
    place: Node,
    /// What each place of it holds, and whether it is none.
    array: Vec<Option<i64>>,
}

/// See the module.
pub(crate) struct Lanes<'a, 'p> {
    pub(crate) code: &'a mut Code,
    pub(crate) context: &'a mut Context<'p>,
    inputs: ById<InputId, Option<Laned>>,
    cells: ById<CellId, Option<Laned>>,
    looked: BTreeMap<CellId, Looked>,
    /// Raised in the rows in which the general lowering must decide.
    doubt: Flag,
    ignored: Ignored,
    /// Whether what is being worked out depends on nothing that is ignored.
    counts: Node,
    guards: Vec<&'p Expr>,
    remembered: Vec<(&'p Expr, Laned)>,
}

impl<'a, 'p> Lanes<'a, 'p> {
    pub(crate) fn new(
        code: &'a mut Code,
        context: &'a mut Context<'p>,
        inputs: ById<InputId, Option<Laned>>,
        ignored: Ignored,
    ) -> Lanes<'a, 'p> {
        let cells = ById::filled(None, context.plan.cells.len());
        let (doubt, counts) = (Flag::Always(false), int(1));
        Lanes {
            code,
            context,
            inputs,
            cells,
            looked: BTreeMap::new(),
            doubt,
            ignored,
            counts,
            guards: Vec::new(),
            remembered: Vec::new(),
        }
    }

    /// Emits every step that something reads; the rows in doubt.
    pub(crate) fn run(&mut self) -> Result<Flag, EmitError> {
        let plan = self.context.plan;
        for step in &plan.steps {
            match step {
                Step::Value { cell, expr } => {
                    if self.context.is_wanted(*cell) {
                        self.about(self.context.dependence.cell(*cell));
                        let value = walk(self, expr)?;
                        self.fill(*cell, value)?;
                    }
                }
                Step::Table(table) => self.table(table)?,
                // Lanes do not take a plan in which one is wanted.
                Step::Column { .. } => {}
            }
        }
        Ok(self.doubt.clone())
    }

    /// What comes next depends on this.
    fn about(&mut self, of: Dependence) {
        self.counts = self.ignored.leaves(of);
    }

    fn fill(&mut self, cell: CellId, value: Laned) -> Result<(), EmitError> {
        let place = self.cells.get_mut(cell).ok_or(EmitError::no_such("cell", cell))?;
        *place = Some(value);
        Ok(())
    }

    /// A cell as it goes out in lanes of a width: the numbers, or the least of its width where it is none.
    pub(crate) fn outgoing(&mut self, cell: CellId, bytes: u8) -> Result<Vec<Node>, EmitError> {
        let lane = Lane::of(bytes);
        if let Some(Looked { place, array }) = self.looked.get(&cell) {
            let array: Vec<i64> = array.iter().map(|value| value.unwrap_or(none_of(bytes))).collect();
            return Ok(lookup::number_at(self.code, &place.clone(), &array, lane));
        }
        let value = self.cells.get(cell).cloned().flatten().ok_or(EmitError::no_such("cell", cell))?;
        Ok(self.marked(&value, lane, none_of(bytes)))
    }

    /// Numbers in lanes of a width, with another number where there is none.
    fn marked(&mut self, value: &Laned, lane: Lane, mark: i64) -> Vec<Node> {
        let none = match &value.none {
            Flag::Always(true) => return vec![same(lane, mark); lane.bytes()],
            Flag::Always(false) => return value.value.numbers(self.code, lane),
            Flag::Of(none) => none.clone(),
        };
        let numbers = value.value.numbers(self.code, lane);
        let none = spread(self.code, &none, lane);
        let all = numbers.iter().zip(&none);
        all.map(|(number, none)| op(self.code, Vector::Select, &[&same(lane, mark), number, none])).collect()
    }

    fn raise(&mut self, doubt: &Flag) {
        let counts = match self.counts.constant() {
            Some(_) => Flag::Always(true),
            None => {
                let all = int(0).sub(&self.counts);
                Flag::Of(op(self.code, Vector::Splat(Lane::I8), &[&all]))
            }
        };
        let doubt = doubt.both(self.code, &counts);
        self.doubt = self.doubt.either(self.code, &doubt);
    }

    /// A parameter, the same in all rows.
    fn parameter(&mut self, index: ParameterId) -> Result<Laned, EmitError> {
        let parameter = self.context.plan.parameters.get(index).ok_or(EmitError::no_such("parameter", index))?;
        let lane = Lane::holding(parameter.shape.low, parameter.shape.high);
        let value = self.context.parameter(index)?.to(if lane == Lane::I64 { Ty::I64 } else { Ty::I32 });
        let value = op(self.code, Vector::Splat(lane), &[&value]);
        Ok(Laned::some(Held::Numbers(lane, vec![value; lane.bytes()])))
    }

    /// `a` where a flag is set, else `b`; both fit a shape.
    fn choose_value(&mut self, flag: &Flag, a: &Held, b: &Held, shape: Shape) -> Held {
        let node = match flag {
            Flag::Always(true) => return a.clone(),
            Flag::Always(false) => return b.clone(),
            Flag::Of(node) => node.clone(),
        };
        let is_yes_no = shape.low >= 0 && shape.high <= 1;
        let numbers = |held: &Held| matches!(held, Held::Numbers(..));
        if is_yes_no && !numbers(a) && !numbers(b) {
            let (a, b) = (a.flag(self.code), b.flag(self.code));
            return flag.choose(self.code, &a, &b).into();
        }
        if let (Held::Same(a), Held::Same(b)) = (a, b)
            && a == b
        {
            return Held::Same(*a);
        }
        let lane = lane_of(shape).max(a.lane()).max(b.lane());
        let (a, b, flag) = (a.numbers(self.code, lane), b.numbers(self.code, lane), spread(self.code, &node, lane));
        let all = a.iter().zip(&b).zip(&flag);
        let parts = all.map(|((a, b), flag)| op(self.code, Vector::Select, &[a, b, flag])).collect();
        Held::Numbers(lane, parts)
    }
}

/// The lanes that hold the values of a shape.
fn lane_of(shape: Shape) -> Lane {
    Lane::holding(shape.low, shape.high)
}
