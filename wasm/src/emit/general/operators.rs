//! What each operator does with possible values.

use concord_engine::plan::formula::Formula;
use concord_engine::plan::{Call, Class, Expr, Level, Needs, Op, PathOf, Query, Region, Shape, Verdict};

use super::General;
use super::value::{Possible, Union, ends, is_yes_no, test};
use crate::emit::assembler::{Bin, EmitError, Node, Ty, address, flag, long};
use crate::emit::memory::{SUPPLIED, VERDICT_NEEDS};
use crate::emit::runtime::{Helper, Part, need, verdict};
use crate::emit::walk::{
    Arithmetic, Choice, Comparison, Context, Domain, TimeOp, VerdictParts, else_branch, is_among, then_branch, walk,
    where_it_holds, with_lists,
};

impl<'p> Domain<'p> for General<'_, 'p> {
    type Value = Possible;

    fn context(&self) -> &Context<'p> {
        self.context
    }

    fn context_mut(&mut self) -> &mut Context<'p> {
        self.context
    }

    fn guards(&mut self) -> &mut Vec<&'p Expr> {
        &mut self.guards
    }

    fn remembered(&mut self) -> &mut Vec<(&'p Expr, Possible)> {
        &mut self.remembered
    }

    fn kept(&mut self, value: Possible, shape: Shape) -> Possible {
        value.shared(self.code, shape.class)
    }

    fn number(&mut self, value: i64) -> Possible {
        Possible::known(long(value))
    }

    fn choice(&mut self, variant: u8) -> Possible {
        Possible::known(need(variant))
    }

    fn none(&mut self) -> Possible {
        Possible::none()
    }

    fn leaf(&mut self, op: &Op) -> Result<Possible, EmitError> {
        let event = |level: Level| self.scopes.iter().rev().nth(usize::from(level)).ok_or(EmitError::NoEvent);
        match op {
            Op::Input(index) => self.fact(*index),
            Op::Cell(cell) => self.cell(*cell),
            Op::Parameter(index) => self.parameter(*index),
            Op::AsOf => Ok(Possible::known(self.as_of.clone())),
            Op::At(level) => Ok(event(*level)?.at.clone()),
            Op::Order(level) => Ok(event(*level)?.order.clone()),
            Op::Field(kind, field, level) => {
                let found = event(*level)?.fields.get(&(*kind, *field)).cloned();
                Ok(found.unwrap_or_else(Possible::none))
            }
            Op::Column(column, level) => {
                let slot = event(*level)?.slot.clone();
                self.of_column(*column, &slot)
            }
            _ => Err(EmitError::NoEvent),
        }
    }

    fn negate(&mut self, x: Possible, _shape: Shape) -> Possible {
        let zero = Possible::known(long(0));
        self.arithmetic(Arithmetic::Subtract, zero, x, Shape::YES_NO)
    }

    fn arithmetic(&mut self, op: Arithmetic, a: Possible, b: Possible, _shape: Shape) -> Possible {
        let (low, high) = self.ends_of(op, &a, &b);
        let sum = matches!(op, Arithmetic::Add | Arithmetic::Subtract);
        let settles = !(sum && a.is_there() && b.is_there());
        let value = Possible::of_both(&a, &b, low, high);
        if settles { self.settled_from(value, &[&a, &b]) } else { value.shared(self.code, Class::Range) }
    }

    fn compare(&mut self, op: Comparison, a: Possible, b: Possible) -> Possible {
        let (certain, possible) = match op {
            Comparison::LessOrEqual => (a.high.bin(Bin::LeS, &b.low), a.low.bin(Bin::LeS, &b.high)),
            Comparison::Less => (a.high.bin(Bin::LtS, &b.low), a.low.bin(Bin::LtS, &b.high)),
            Comparison::Equal => {
                let known = a.low.eq(&a.high).both(&b.low.eq(&b.high));
                let overlap = a.low.bin(Bin::LeS, &b.high).both(&b.low.bin(Bin::LeS, &a.high));
                (known.both(&a.low.eq(&b.low)), overlap)
            }
            Comparison::SameChoice => {
                let one = a.low.without_lowest().eq(&long(0));
                let overlap = self.code.share(&a.low.bin(Bin::And, &b.low).ne(&long(0)));
                (a.low.eq(&b.low).both(&one).both(&overlap), overlap)
            }
        };
        if op != Comparison::SameChoice && a.is_single() && b.is_single() {
            return Possible::known(self.code.share(&certain));
        }
        self.tested(&a, &b, &certain, &possible)
    }

    fn of_one_event(
        &mut self,
        op: Comparison,
        (a, b): (Level, Level),
        compared: Possible,
    ) -> Result<Possible, EmitError> {
        let slot = |level: Level| self.scopes.iter().rev().nth(usize::from(level)).map(|event| event.slot.clone());
        let (a, b) = slot(a).zip(slot(b)).ok_or(EmitError::NoEvent)?;
        // Of events that an export left out there may be several.
        let one = self.code.share(&a.eq(&b).both(&a.bin(Bin::LtS, &SUPPLIED.steady())));
        let same = flag(op != Comparison::Less);
        let [certain, possible] = [compared.low, compared.high].map(|end| same.when(&one, &end.to(Ty::I32)));
        let needs = long(0).when(&one, &compared.needs);
        Ok(test(self.code, &certain, &possible, &needs))
    }

    fn within(&mut self, x: Possible, shape: Shape, low: i64, high: i64) -> Possible {
        if low > high {
            return Possible::known(flag(false));
        }
        let ty = if is_yes_no(shape) { x.low.ty() } else { Ty::I64 };
        let constant = |value: i64| Node::Const(ty, value);
        let x = Possible { low: x.low.to(ty), high: x.high.to(ty), ..x };
        let (mut certain, mut possible) = (flag(true), flag(true));
        if low > shape.low {
            certain = certain.both(&x.low.bin(Bin::GeS, &constant(low)));
            possible = possible.both(&x.high.bin(Bin::GeS, &constant(low)));
        }
        if high < shape.high {
            certain = certain.both(&x.high.bin(Bin::LeS, &constant(high)));
            possible = possible.both(&x.low.bin(Bin::LeS, &constant(high)));
        }
        if x.is_single() {
            return Possible::known(self.code.share(&certain));
        }
        let nothing = Possible::known(long(0));
        self.tested(&x, &nothing, &certain, &possible)
    }

    fn one_of(&mut self, x: Possible, _shape: Shape, mask: u64) -> Possible {
        let mask = mask.cast_signed();
        let certain = x.low.bin(Bin::And, &long(!mask)).eq(&long(0));
        let possible = x.low.bin(Bin::And, &long(mask)).ne(&long(0));
        let certain = certain.both(&x.some).both(&x.none.not());
        let possible = possible.both(&x.some);
        test(self.code, &certain, &possible, &x.needs)
    }

    fn decided(&mut self, x: Possible, _shape: Shape, mask: u64, needs: Needs) -> Possible {
        let (mask, open) = (mask.cast_signed(), 1 << Verdict::Open as i64);
        let certain = x.low.bin(Bin::And, &long(!mask)).eq(&long(0));
        let possible = x.low.bin(Bin::And, &long(mask | open)).ne(&long(0));
        let certain = certain.both(&x.some).both(&x.none.not());
        let possible = possible.both(&x.some);
        let is_open = x.low.bin(Bin::And, &long(open)).ne(&long(0));
        let time = long(needs.cast_signed()).when(&is_open, &long(0));
        test(self.code, &certain, &possible, &x.needs.bin(Bin::Or, &time))
    }

    /// Certainly, where all that is possible is let through; possibly, where anything is.
    fn lets_through(&mut self, region: &Region, x: &Possible, shape: Shape) -> Possible {
        let there = Possible { some: flag(true), none: flag(false), ..x.clone() };
        let among = is_among(self, region, there, shape);
        if x.is_there() {
            return among;
        }
        let none_too = flag(region.none);
        let certain = among.low.to(Ty::I32).either(&x.some.not()).both(&none_too.either(&x.none.not()));
        let possible = among.high.to(Ty::I32).both(&x.some).either(&none_too.both(&x.none));
        test(self.code, &certain, &possible, &x.needs)
    }

    fn time_op(&mut self, op: TimeOp, a: Possible, b: Possible, _shape: Shape) -> Result<Possible, EmitError> {
        self.work_out(op, &a, &b)
    }

    fn call(&mut self, call: Call, operands: &[Possible], _shape: Shape) -> Result<Possible, EmitError> {
        Ok(self.call_of(call, operands))
    }

    fn formula(&mut self, formula: &'p Formula, operands: &[Possible], _shape: Shape) -> Result<Possible, EmitError> {
        Ok(self.work_out_formula(formula, operands))
    }

    fn weekday(&mut self, x: Possible) -> Result<Possible, EmitError> {
        Ok(self.day_of_week(x))
    }

    fn in_list(&mut self, x: Possible, values: &[i64]) -> Result<Possible, EmitError> {
        self.one_of_list(&x, values)
    }

    fn not(&mut self, x: Possible) -> Possible {
        let (low, high) = (x.high.to(Ty::I32).not(), x.low.to(Ty::I32).not());
        Possible { low, high, ..x }.shared(self.code, Class::Range)
    }

    fn all(&mut self, items: &[Possible]) -> Possible {
        let (mut certain, mut possible, mut needs) = (flag(true), flag(true), long(0));
        for item in items {
            certain = certain.both(&item.low.to(Ty::I32));
            possible = possible.both(&item.high.to(Ty::I32));
            needs = needs.bin(Bin::Or, &item.needs);
        }
        test(self.code, &certain, &possible, &needs)
    }

    fn any(&mut self, items: &[Possible]) -> Possible {
        let (mut certain, mut possible, mut needs) = (flag(false), flag(false), long(0));
        for item in items {
            certain = certain.either(&item.low.to(Ty::I32));
            possible = possible.either(&item.high.to(Ty::I32));
            needs = needs.bin(Bin::Or, &item.needs);
        }
        test(self.code, &certain, &possible, &needs)
    }

    fn is_none(&mut self, x: Possible) -> Possible {
        test(self.code, &x.some.not(), &x.none, &x.needs)
    }

    fn assume(&mut self, x: Possible, shape: Shape, _guarded: bool) -> Possible {
        if x.is_there() {
            return x;
        }
        let (least, most) = ends(shape);
        let low = x.low.to(least.ty()).when(&x.some, &least);
        let high = if shape.class == Class::Set { low.clone() } else { x.high.to(most.ty()).when(&x.some, &most) };
        let value = Possible { low, high, some: flag(true), none: flag(false), needs: x.needs };
        value.settled(self.code, shape.class)
    }

    fn first_yes(&mut self, items: &[Possible]) -> Result<Possible, EmitError> {
        let mask = self.code.variable(&long(0));
        let needs = self.code.variable(&long(0));
        let mut live = flag(true);
        for (place, item) in (0_u32..).zip(items) {
            let here = self.code.share(&item.high.to(Ty::I32).both(&live));
            let bit = here.to(Ty::I64).shl(place);
            self.code.set(&mask, &mask.bin(Bin::Or, &bit));
            if !item.needs.is(0) {
                self.code.set(&needs, &needs.bin(Bin::Or, &item.needs.when(&here, &long(0))));
            }
            live = self.code.share(&live.both(&item.low.to(Ty::I32).not()));
        }
        let last = live.to(Ty::I64).shl(address(items.len())?);
        self.code.set(&mask, &mask.bin(Bin::Or, &last));
        let value = Possible { low: mask.clone(), high: mask, some: flag(true), none: flag(false), needs };
        Ok(value.settled(self.code, Class::Set))
    }

    fn verdict(&mut self, of: VerdictParts<Possible>) -> Possible {
        let VerdictParts { applies, excused, happened, in_time, passed } = of;
        let parts = [applies, excused, happened, in_time, passed].map(|part| Part {
            certain: part.low.to(Ty::I32),
            possible: part.high.to(Ty::I32),
            needs: part.needs,
        });
        if self.context.repeats.verdicts > 1 {
            let operands = parts.into_iter().flat_map(|part| [part.certain, part.possible, part.needs]).collect();
            let mask = self.context.helpers.call(Helper::Verdict, operands);
            let mask = self.code.variable(&mask);
            let needs = self.code.variable(&VERDICT_NEEDS);
            return Possible { low: mask.clone(), high: mask, some: flag(true), none: flag(false), needs };
        }
        let (mask, needs) = verdict(self.code, &parts);
        Possible { low: mask.clone(), high: mask, some: flag(true), none: flag(false), needs }
            .settled(self.code, Class::Set)
    }

    fn otherwise(&mut self, x: Possible, y: &'p Expr, shape: Shape) -> Result<Possible, EmitError> {
        if x.none.is(0) {
            return Ok(x);
        }
        let union = Union::of(self.code, shape.or_none(), &Possible { none: flag(false), ..x.clone() });
        self.code.when(&x.none);
        let y = walk(self, y)?;
        union.join(self.code, &mut self.context.helpers, &y);
        self.code.end();
        let value = union.value(self.code);
        Ok(self.narrowed(value, shape))
    }

    fn choose(&mut self, condition: Possible, of: Choice<'p>, shape: Shape) -> Result<Possible, EmitError> {
        if let (Some(one), Some(other)) = (comes_to(of.then), comes_to(of.otherwise))
            && one == other
        {
            return self.either_way(&condition, &of, shape);
        }
        let union = self.where_it_may_hold(&condition, (of.condition, of.then), shape)?;
        self.code.when(&condition.low.to(Ty::I32).not());
        let value = else_branch(self, &of)?;
        union.join(self.code, &mut self.context.helpers, &value);
        self.code.end();
        Ok(union.value(self.code))
    }

    fn rest(&mut self, condition: &'p Expr, value: &'p Expr, shape: Shape) -> Result<Possible, EmitError> {
        // What settles the other ways settles this one.
        let holds = Possible { needs: long(0), ..walk(self, condition)? };
        let union = self.where_it_may_hold(&holds, (condition, value), shape)?;
        Ok(union.value(self.code))
    }

    fn query(&mut self, query: &'p Query, shape: Shape) -> Result<Possible, EmitError> {
        with_lists(self, query, |general, lists| general.ask(query, shape, lists))
    }

    fn path(&mut self, path: &'p PathOf, shape: Shape) -> Result<Possible, EmitError> {
        self.follow(path, shape)
    }
}

impl<'p> General<'_, 'p> {
    /// What a value is where a condition may hold; nothing yet where it cannot.
    fn where_it_may_hold(
        &mut self,
        holds: &Possible,
        (condition, value): (&'p Expr, &'p Expr),
        shape: Shape,
    ) -> Result<Union, EmitError> {
        if let Some(value) = constant_when(holds, value) {
            return Ok(Union::of(self.code, shape, &value));
        }
        let union = Union::needing(self.code, shape, &holds.needs);
        self.code.when(&holds.high.to(Ty::I32));
        let value = where_it_holds(self, condition, value)?;
        union.join(self.code, &mut self.context.helpers, &value);
        self.code.end();
        Ok(union)
    }

    /// What both branches come to: the condition only tells what else would have to be known.
    fn either_way(&mut self, condition: &Possible, of: &Choice<'p>, shape: Shape) -> Result<Possible, EmitError> {
        let then = then_branch(self, of)?;
        let otherwise = else_branch(self, of)?;
        let others = long(0).when(&condition.low.to(Ty::I32), &otherwise.needs);
        let needs = then.needs.bin(Bin::Or, &condition.needs).bin(Bin::Or, &others);
        Ok(Possible { needs, ..then }.settled(self.code, shape.class))
    }
}

/// A constant where a condition may hold, and nothing where it cannot.
fn constant_when(condition: &Possible, then: &Expr) -> Option<Possible> {
    let may_be = condition.high.to(Ty::I32);
    let value = match then.op {
        Op::None => Possible { some: flag(false), none: may_be, ..Possible::none() },
        Op::Choice(variant) => {
            let mask = need(variant).when(&may_be, &long(0));
            Possible { some: may_be, ..Possible::known(mask) }
        }
        Op::Constant(value) => Possible { some: may_be, ..Possible::known(long(value)) },
        _ => return None,
    };
    Some(Possible { needs: condition.needs.clone(), ..value })
}

/// What an expression comes to whatever its conditions are, if that is the time of an event or its place.
fn comes_to(expr: &Expr) -> Option<&Op> {
    match &expr.op {
        Op::At(_) | Op::Order(_) | Op::AsOf => Some(&expr.op),
        Op::If(_, then, otherwise) => comes_to(then).filter(|op| comes_to(otherwise) == Some(op)),
        _ => None,
    }
}
