//! The strict lowering: every fact is there, so every value is one integer and, where it may be none, a flag.
//!
//! Sets are the variant's place. Where the meaning is not one known value after all (a broken claim, or an
//! [`Op::Assume`] of what is none, unguarded), a flag is raised and the caller falls back to the general lowering.
//! Nothing here branches on a value except the loops over events, so the same walk can drive lanes of `v128`:
//! a [`Node`] per operator, `select` as `bitselect`, table classes as sums of lane tests.

use std::collections::BTreeMap;

use concord_engine::plan::formula::Formula;
use concord_engine::plan::{Class, Expr, Level, Op, PathOf, Query, Shape, Step};

use super::EmitError;
use super::code::Code;
use super::layout::none_of;
use super::node::{Bin, Node, Ty, Width, flag, int};
use super::shared::{EventSource, Shared};
use super::walk::{Arithmetic, Comparison, Domain, Worked, else_branch, then_branch, walk};

/// One known value, or none.
#[derive(Clone)]
pub(super) struct Known {
    /// The integer, or the variant's place; anything at all where it is none.
    pub(super) value: Node,
    /// Whether it is none.
    pub(super) none: Node,
}

impl Known {
    pub(super) fn some(value: Node) -> Known {
        Known { value, none: flag(false) }
    }

    pub(super) fn constant(value: i64) -> Known {
        Known::some(Node::Const(Ty::holding(value, value), value))
    }
}

/// The event at hand.
#[derive(Clone)]
pub(super) struct EventAtHand {
    /// Its place in the order of the case.
    pub(super) order: Node,
    pub(super) at: Node,
    /// The fields that are asked for, by kind and field; of another kind there are none.
    pub(super) fields: BTreeMap<(usize, usize), Known>,
}

/// See the module.
pub(super) struct Strict<'a, 'p> {
    pub(super) code: &'a mut Code,
    pub(super) shared: &'a mut Shared<'p>,
    pub(super) inputs: Vec<Option<Known>>,
    pub(super) as_of: Node,
    pub(super) events: Option<EventSource>,
    /// The events at hand, the innermost question's last.
    pub(super) at_hand: Vec<EventAtHand>,
    pub(super) cells: Vec<Option<Known>>,
    /// Raised when the general lowering must decide.
    pub(super) doubt: Node,
    guards: Vec<&'p Expr>,
}

impl<'a, 'p> Strict<'a, 'p> {
    pub(super) fn new(
        code: &'a mut Code,
        shared: &'a mut Shared<'p>,
        inputs: Vec<Option<Known>>,
        as_of: Node,
        events: Option<EventSource>,
    ) -> Strict<'a, 'p> {
        let doubt = code.variable(&int(0));
        let cells = vec![None; shared.plan.cells.len()];
        Strict { code, shared, inputs, as_of, events, at_hand: Vec::new(), cells, doubt, guards: Vec::new() }
    }

    /// Emits every step that something looks at.
    pub(super) fn run(&mut self) -> Result<(), EmitError> {
        let plan = self.shared.plan;
        for step in &plan.steps {
            match step {
                Step::Value { cell, expr } => {
                    if self.shared.is_wanted(*cell) {
                        let value = walk(self, expr)?;
                        self.fill(*cell, value)?;
                    }
                }
                Step::Column { column, kinds, expr } => {
                    if self.shared.is_column_wanted(*column) {
                        self.column(*column, *kinds, expr)?;
                    }
                }
                Step::Table(table) => self.table(table)?,
            }
        }
        Ok(())
    }

    pub(super) fn fill(&mut self, cell: usize, value: Known) -> Result<(), EmitError> {
        let value = self.shared_value(&value);
        let place = self.cells.get_mut(cell).ok_or(EmitError::NoSuch("cell", cell))?;
        *place = Some(value);
        Ok(())
    }

    fn shared_value(&mut self, value: &Known) -> Known {
        Known { value: self.code.share(&value.value), none: self.code.share(&value.none) }
    }

    /// A cell as it goes out: the integer, or the least of its width where it is none.
    pub(super) fn outgoing(&self, cell: usize, bytes: u8) -> Result<Node, EmitError> {
        let value = self.cells.get(cell).and_then(Option::as_ref).ok_or(EmitError::NoSuch("cell", cell))?;
        let ty = Width::signed(bytes).ty();
        Ok(Node::Const(ty, none_of(bytes)).when(&value.none, &value.value.to(ty)))
    }

    pub(super) fn raise(&mut self, doubt: &Node) {
        if !doubt.is(0) {
            let raised = self.doubt.either(doubt);
            let place = self.doubt.clone();
            self.code.set(&place, &raised);
        }
    }

    fn parameter(&mut self, index: usize) -> Result<Known, EmitError> {
        let parameter = self.shared.plan.parameters.get(index).ok_or(EmitError::NoSuch("parameter", index))?;
        let ty = Ty::holding(parameter.shape.low, parameter.shape.high);
        Ok(Known::some(self.shared.parameter(index).to(ty)))
    }

    pub(super) fn event(&self, level: Level) -> Result<&EventAtHand, EmitError> {
        self.at_hand.iter().rev().nth(usize::from(level)).ok_or(EmitError::NoEvent)
    }
}

impl<'p> Domain<'p> for Strict<'_, 'p> {
    type Value = Known;

    fn shared(&self) -> &Shared<'p> {
        self.shared
    }

    fn guards(&mut self) -> &mut Vec<&'p Expr> {
        &mut self.guards
    }

    fn number(&mut self, value: i64) -> Known {
        Known::constant(value)
    }

    fn choice(&mut self, variant: u8) -> Known {
        Known::constant(i64::from(variant))
    }

    fn none(&mut self) -> Known {
        Known { value: int(0), none: flag(true) }
    }

    fn leaf(&mut self, op: &Op) -> Result<Known, EmitError> {
        match op {
            Op::Input(index) => self.inputs.get(*index).cloned().flatten().ok_or(EmitError::NoSuch("fact", *index)),
            Op::Cell(cell) => self.cells.get(*cell).cloned().flatten().ok_or(EmitError::NoSuch("cell", *cell)),
            Op::Parameter(index) => self.parameter(*index),
            Op::AsOf => Ok(Known::some(self.as_of.clone())),
            Op::At(level) => Ok(Known::some(self.event(*level)?.at.clone())),
            Op::Order(level) => Ok(Known::some(self.event(*level)?.order.clone())),
            Op::Field(kind, field, level) => {
                let found = self.event(*level)?.fields.get(&(*kind, *field)).cloned();
                Ok(found.unwrap_or_else(|| self.none()))
            }
            Op::Column(column, level) => {
                let slot = self.event(*level)?.order.clone();
                self.of_column(*column, &slot)
            }
            _ => Err(EmitError::NoEvent),
        }
    }

    fn negate(&mut self, x: Known) -> Known {
        Known { value: Node::Const(x.value.ty(), 0).sub(&x.value), none: x.none }
    }

    fn arithmetic(&mut self, op: Arithmetic, a: Known, b: Known, shape: Shape) -> Known {
        let none = a.none.either(&b.none);
        let chosen = matches!(op, Arithmetic::Lowest | Arithmetic::Highest);
        let operands = a.value.ty().max(b.value.ty());
        let result = if chosen { operands } else { Ty::holding(shape.low, shape.high) };
        let wide = result.max(operands);
        let (x, y) = (a.value.to(wide), b.value.to(wide));
        let value = match op {
            Arithmetic::Add => x.add(&y),
            Arithmetic::Subtract => x.sub(&y),
            Arithmetic::Multiply => x.bin(Bin::Mul, &y),
            Arithmetic::Lowest | Arithmetic::Highest => {
                let (x, y) = (self.code.share(&x), self.code.share(&y));
                let test = if op == Arithmetic::Lowest { Bin::LeS } else { Bin::GeS };
                x.when(&x.bin(test, &y), &y)
            }
        };
        Known { value: value.to(result), none }
    }

    fn compare(&mut self, op: Comparison, a: Known, b: Known) -> Known {
        let test = match op {
            Comparison::LessOrEqual => Bin::LeS,
            Comparison::Less => Bin::LtS,
            Comparison::Equal | Comparison::SameChoice => Bin::Eq,
        };
        let holds = a.value.bin(test, &b.value);
        Known::some(holds.both(&a.none.not()).both(&b.none.not()))
    }

    fn within(&mut self, x: Known, shape: Shape, low: i64, high: i64) -> Known {
        let ty = x.value.ty().max(strict_type(shape));
        let constant = |value: i64| Node::Const(ty, value);
        let x = Known { value: x.value.to(ty), none: x.none };
        let holds = if low > high {
            flag(false)
        } else if low == high {
            x.value.eq(&constant(low))
        } else if low <= shape.low && high >= shape.high {
            flag(true)
        } else if low <= shape.low {
            x.value.bin(Bin::LeS, &constant(high))
        } else if high >= shape.high {
            x.value.bin(Bin::GeS, &constant(low))
        } else {
            x.value.sub(&constant(low)).bin(Bin::LeU, &constant(high.wrapping_sub(low)))
        };
        Known::some(holds.both(&x.none.not()))
    }

    fn one_of(&mut self, x: Known, shape: Shape, mask: u64) -> Known {
        let full = shape.full_mask();
        let mask = mask & full;
        let place = |mask: u64| int(i64::from(mask.trailing_zeros()));
        let holds = if mask == 0 {
            flag(false)
        } else if mask == full {
            flag(true)
        } else if mask.is_power_of_two() {
            x.value.eq(&place(mask))
        } else if (full & !mask).is_power_of_two() {
            x.value.ne(&place(full & !mask))
        } else {
            let ty = if shape.high < 32 { Ty::I32 } else { Ty::I64 };
            Node::Const(ty, mask.cast_signed()).bin(Bin::ShrU, &x.value.to(ty)).to(Ty::I32).bin(Bin::And, &int(1))
        };
        Known::some(holds.both(&x.none.not()))
    }

    fn worked(&mut self, op: Worked, a: Known, b: Known, shape: Shape) -> Known {
        self.work_out(op, &a, &b, shape)
    }

    fn formula(&mut self, formula: &'p Formula, operands: &[Known], shape: Shape) -> Known {
        self.work_out_formula(formula, operands, shape)
    }

    fn weekday(&mut self, x: Known) -> Known {
        self.day_of_week(x)
    }

    fn in_list(&mut self, x: Known, values: &[i64]) -> Known {
        self.one_of_list(&x, values)
    }

    fn not(&mut self, x: Known) -> Known {
        Known { value: x.value.to(Ty::I32).not(), none: x.none }
    }

    fn all(&mut self, items: &[Known]) -> Known {
        Known::some(items.iter().fold(flag(true), |sum, item| sum.both(&item.value.to(Ty::I32))))
    }

    fn any(&mut self, items: &[Known]) -> Known {
        Known::some(items.iter().fold(flag(false), |sum, item| sum.either(&item.value.to(Ty::I32))))
    }

    fn is_none(&mut self, x: Known) -> Known {
        Known::some(x.none)
    }

    fn assume(&mut self, x: Known, _shape: Shape, guarded: bool) -> Known {
        if !guarded {
            self.raise(&x.none);
        }
        Known::some(x.value)
    }

    fn first_yes(&mut self, items: &[Known]) -> Known {
        let last = int(i64::try_from(items.len()).unwrap_or(0));
        let places = items.iter().enumerate().rev();
        Known::some(places.fold(last, |rest, (place, item)| {
            int(i64::try_from(place).unwrap_or(0)).when(&item.value.to(Ty::I32), &rest)
        }))
    }

    fn verdict(&mut self, [applies, excused, happened, in_time, passed]: [Known; 5]) -> Known {
        use concord_engine::plan::Verdict as V;
        let verdict = |v: V| int(v as i64);
        let test = |x: Known| x.value.to(Ty::I32);
        let done = verdict(V::Met).when(&test(in_time), &verdict(V::Late));
        let not_done = verdict(V::Missed).when(&test(passed), &verdict(V::Open));
        let due = done.when(&test(happened), &not_done);
        let applying = verdict(V::Excused).when(&test(excused), &due);
        Known::some(applying.when(&test(applies), &verdict(V::NotApplicable)))
    }

    fn otherwise(&mut self, x: Known, y: &'p Expr, shape: Shape) -> Result<Known, EmitError> {
        if x.none.is(0) {
            return Ok(x);
        }
        let y = walk(self, y)?;
        let none = self.code.share(&x.none);
        let ty = strict_type(shape);
        Ok(Known { value: y.value.to(ty).when(&none, &x.value.to(ty)), none: none.both(&y.none) })
    }

    fn choose(
        &mut self,
        condition: Known,
        [test, then, otherwise]: [&'p Expr; 3],
        shape: Shape,
    ) -> Result<Known, EmitError> {
        let condition = self.code.share(&condition.value.to(Ty::I32));
        if let Some(known) = condition.constant() {
            return if known == 0 { else_branch(self, test, otherwise) } else { then_branch(self, test, then) };
        }
        let then = then_branch(self, test, then)?;
        let otherwise = else_branch(self, test, otherwise)?;
        let ty = strict_type(shape);
        Ok(Known {
            value: then.value.to(ty).when(&condition, &otherwise.value.to(ty)),
            none: then.none.when(&condition, &otherwise.none),
        })
    }

    fn query(&mut self, query: &'p Query, shape: Shape) -> Result<Known, EmitError> {
        self.ask(query, shape)
    }

    fn path(&mut self, path: &'p PathOf, _shape: Shape) -> Result<Known, EmitError> {
        self.follow(path)
    }
}

/// The type that holds a known value of a shape.
pub(super) fn strict_type(shape: Shape) -> Ty {
    match shape.class {
        Class::Range => Ty::holding(shape.low, shape.high),
        Class::Set => Ty::I32,
    }
}
