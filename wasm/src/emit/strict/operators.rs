//! What each operator does with known values.

use concord_engine::plan::formula::Formula;
use concord_engine::plan::{Call, Expr, Needs, ORDER_BITS, Op, PathOf, Query, Region, Shape, Verdict};

use super::{Known, Strict, strict_type};
use crate::emit::assembler::{Bin, EmitError, Node, Ty, count, flag, int, long};
use crate::emit::walk::{
    Arithmetic, Choice, Comparison, Context, Domain, TimeOp, VerdictParts, else_branch, is_among, then_branch, walk,
    where_it_holds, with_lists,
};

impl<'p> Domain<'p> for Strict<'_, 'p> {
    type Value = Known;

    fn context(&self) -> &Context<'p> {
        self.context
    }

    fn context_mut(&mut self) -> &mut Context<'p> {
        self.context
    }

    fn guards(&mut self) -> &mut Vec<&'p Expr> {
        &mut self.guards
    }

    fn remembered(&mut self) -> &mut Vec<(&'p Expr, Known)> {
        &mut self.remembered
    }

    fn kept(&mut self, value: Known, _shape: Shape) -> Known {
        Known { value: self.code.share(&value.value), none: self.code.share(&value.none) }
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
            Op::Input(index) => self.inputs.get(*index).cloned().flatten().ok_or(EmitError::no_such("fact", *index)),
            Op::Cell(cell) => self.cells.get(*cell).cloned().flatten().ok_or(EmitError::no_such("cell", *cell)),
            Op::Parameter(index) => self.parameter(*index),
            Op::AsOf => Ok(Known::some(self.as_of.clone())),
            Op::At(level) => Ok(Known::some(self.event(*level)?.at.clone())),
            Op::Order(level) => {
                let event = self.event(*level)?;
                let instant = event.at.to(Ty::I64).bin(Bin::Shl, &long(i64::from(ORDER_BITS)));
                Ok(Known::some(instant.add(&event.order.to(Ty::I64))))
            }
            Op::Field(kind, field, level) => {
                let found = self.event(*level)?.fields.get(&(*kind, *field)).cloned();
                Ok(found.unwrap_or_else(|| self.none()))
            }
            Op::Column(column, level) => {
                if let (0, Some(expr)) = (*level, self.once.get(column).copied()) {
                    return self.worked_out_here(expr);
                }
                let slot = self.event(*level)?.order.clone();
                self.of_column(*column, &slot)
            }
            _ => Err(EmitError::NoEvent),
        }
    }

    fn negate(&mut self, x: Known, shape: Shape) -> Known {
        // The opposite of the least number of a type is none of its numbers.
        let result = Ty::holding(shape.low, shape.high);
        let wide = result.max(x.value.ty());
        Known { value: Node::Const(wide, 0).sub(&x.value.to(wide)).to(result), none: x.none }
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

    fn decided(&mut self, x: Known, shape: Shape, mask: u64, _needs: Needs) -> Known {
        let open = self.one_of(x.clone(), shape, 1 << Verdict::Open as u64);
        self.raise(&open.value);
        self.one_of(x, shape, mask)
    }

    fn lets_through(&mut self, region: &Region, x: &Known, shape: Shape) -> Known {
        let among = is_among(self, region, x.clone(), shape);
        if region.none { self.any(&[among, Known::some(x.none.clone())]) } else { among }
    }

    fn time_op(&mut self, op: TimeOp, a: Known, b: Known, shape: Shape) -> Result<Known, EmitError> {
        self.work_out(op, &a, &b, shape)
    }

    fn call(&mut self, call: Call, operands: &[Known], shape: Shape) -> Result<Known, EmitError> {
        Ok(self.call_of(call, operands, shape))
    }

    fn formula(&mut self, formula: &'p Formula, operands: &[Known], shape: Shape) -> Result<Known, EmitError> {
        Ok(self.work_out_formula(formula, operands, shape))
    }

    fn weekday(&mut self, x: Known) -> Result<Known, EmitError> {
        Ok(self.day_of_week(x))
    }

    fn in_list(&mut self, x: Known, values: &[i64]) -> Result<Known, EmitError> {
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

    fn first_yes(&mut self, items: &[Known]) -> Result<Known, EmitError> {
        let mut first = count(items.len())?;
        for (place, item) in items.iter().enumerate().rev() {
            first = count(place)?.when(&item.value.to(Ty::I32), &first);
        }
        Ok(Known::some(first))
    }

    fn verdict(&mut self, of: VerdictParts<Known>) -> Known {
        use concord_engine::plan::Verdict as V;
        let verdict = |v: V| int(v as i64);
        let test = |x: Known| x.value.to(Ty::I32);
        let done = verdict(V::Met).when(&test(of.in_time), &verdict(V::Late));
        let not_done = verdict(V::Missed).when(&test(of.passed), &verdict(V::Open));
        let due = done.when(&test(of.happened), &not_done);
        let applying = verdict(V::Excused).when(&test(of.excused), &due);
        Known::some(applying.when(&test(of.applies), &verdict(V::NotApplicable)))
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

    fn choose(&mut self, condition: Known, of: Choice<'p>, shape: Shape) -> Result<Known, EmitError> {
        let condition = self.code.share(&condition.value.to(Ty::I32));
        if let Some(known) = condition.constant() {
            return if known == 0 { else_branch(self, &of) } else { then_branch(self, &of) };
        }
        let then = then_branch(self, &of)?;
        let otherwise = else_branch(self, &of)?;
        let ty = strict_type(shape);
        Ok(Known {
            value: then.value.to(ty).when(&condition, &otherwise.value.to(ty)),
            none: then.none.when(&condition, &otherwise.none),
        })
    }

    fn rest(&mut self, condition: &'p Expr, value: &'p Expr, _shape: Shape) -> Result<Known, EmitError> {
        where_it_holds(self, condition, value)
    }

    fn query(&mut self, query: &'p Query, shape: Shape) -> Result<Known, EmitError> {
        with_lists(self, query, |strict, lists| strict.ask(query, shape, lists))
    }

    fn path(&mut self, path: &'p PathOf, _shape: Shape) -> Result<Known, EmitError> {
        self.follow(path)
    }
}
