//! What each operator does with lanes.

use concord_engine::plan::formula::Formula;
use concord_engine::plan::{Call, Expr, Needs, Op, PathOf, Query, Region, Shape, Verdict};

use super::held::{bytes, flag_of, op, resized, same, test};
use super::lookup::byte_at;
use super::{Flag, Held, Laned, Lanes, lane_of};
use crate::emit::assembler::{EmitError, Lane, Node, Vector};
use crate::emit::walk::{
    Arithmetic, Choice, Comparison, Context, Domain, TimeOp, VerdictParts, else_branch, is_among, then_branch, walk,
    where_it_holds,
};

/// What [`super::takes`] does not let through.
fn not_in_lanes(what: &'static str) -> EmitError {
    EmitError::NoSuch(what, 0)
}

impl<'p> Domain<'p> for Lanes<'_, 'p> {
    type Value = Laned;

    fn context(&self) -> &Context<'p> {
        self.context
    }

    fn context_mut(&mut self) -> &mut Context<'p> {
        self.context
    }

    fn guards(&mut self) -> &mut Vec<&'p Expr> {
        &mut self.guards
    }

    fn remembered(&mut self) -> &mut Vec<(&'p Expr, Laned)> {
        &mut self.remembered
    }

    fn kept(&mut self, value: Laned, _shape: Shape) -> Laned {
        value
    }

    fn number(&mut self, value: i64) -> Laned {
        Laned::some(Held::Same(value))
    }

    fn choice(&mut self, variant: u8) -> Laned {
        Laned::some(Held::Same(i64::from(variant)))
    }

    fn none(&mut self) -> Laned {
        Laned { value: Held::Same(0), none: Flag::Always(true) }
    }

    fn leaf(&mut self, leaf: &Op) -> Result<Laned, EmitError> {
        match leaf {
            Op::Input(index) => self.inputs.get(*index).cloned().flatten().ok_or(EmitError::no_such("fact", *index)),
            Op::Cell(cell) => self.cells.get(*cell).cloned().flatten().ok_or(EmitError::no_such("cell", *cell)),
            Op::Parameter(index) => self.parameter(*index),
            _ => Err(not_in_lanes("lane of what events know")),
        }
    }

    fn negate(&mut self, x: Laned, shape: Shape) -> Laned {
        let zero = Laned::some(Held::Same(0));
        self.arithmetic(Arithmetic::Subtract, zero, x, shape)
    }

    fn arithmetic(&mut self, how: Arithmetic, a: Laned, b: Laned, shape: Shape) -> Laned {
        let none = a.none.either(self.code, &b.none);
        let lane = a.value.lane().max(b.value.lane());
        let chosen = matches!(how, Arithmetic::Lowest | Arithmetic::Highest);
        let lane = if chosen { lane } else { lane.max(lane_of(shape)) };
        // Bytes are not multiplied; what fits them is narrowed again.
        let lane = if how == Arithmetic::Multiply { lane.max(Lane::I16) } else { lane };
        let (x, y) = (a.value.numbers(self.code, lane), b.value.numbers(self.code, lane));
        let parts: Vec<Node> = x.iter().zip(&y).map(|(x, y)| self.of_two(how, lane, x, y)).collect();
        let (parts, lane) = if chosen || lane == lane_of(shape) {
            (parts, lane)
        } else {
            (resized(self.code, parts, lane, lane_of(shape)), lane_of(shape))
        };
        Laned { value: Held::Numbers(lane, parts), none }
    }

    fn compare(&mut self, how: Comparison, a: Laned, b: Laned) -> Laned {
        let holds = match how {
            Comparison::Less => test(self.code, Vector::Greater, &b.value, &a.value),
            Comparison::LessOrEqual => test(self.code, Vector::Greater, &a.value, &b.value).not(self.code),
            Comparison::Equal | Comparison::SameChoice => test(self.code, Vector::Eq, &a.value, &b.value),
        };
        let none = a.none.either(self.code, &b.none).not(self.code);
        Laned::some(holds.both(self.code, &none).into())
    }

    fn within(&mut self, x: Laned, shape: Shape, low: i64, high: i64) -> Laned {
        let holds = if low > high {
            Flag::Always(false)
        } else if low <= shape.low && high >= shape.high {
            Flag::Always(true)
        } else {
            self.between(&x.value, shape, low, high)
        };
        let there = x.none.not(self.code);
        Laned::some(holds.both(self.code, &there).into())
    }

    fn one_of(&mut self, x: Laned, shape: Shape, mask: u64) -> Laned {
        let full = shape.full_mask();
        let mask = mask & full;
        let holds = if mask == 0 || mask == full {
            Flag::Always(mask == full)
        } else if mask.is_power_of_two() {
            x.value.is_same(self.code, i64::from(mask.trailing_zeros()))
        } else if (full & !mask).is_power_of_two() {
            x.value.is_same(self.code, i64::from((full & !mask).trailing_zeros())).not(self.code)
        } else {
            let array: Vec<u8> =
                (0..64 - full.leading_zeros()).map(|place| if mask >> place & 1 == 1 { u8::MAX } else { 0 }).collect();
            let place = self.byte(&x.value);
            Flag::Of(byte_at(self.code, &place, &array))
        };
        let there = x.none.not(self.code);
        Laned::some(holds.both(self.code, &there).into())
    }

    fn decided(&mut self, x: Laned, shape: Shape, mask: u64, _needs: Needs) -> Laned {
        let open = self.one_of(x.clone(), shape, 1 << Verdict::Open as u64);
        let open = open.value.flag(self.code);
        self.raise(&open);
        self.one_of(x, shape, mask)
    }

    fn lets_through(&mut self, region: &Region, x: &Laned, shape: Shape) -> Laned {
        let among = is_among(self, region, x.clone(), shape);
        if region.none { self.any(&[among, Laned::some(x.none.clone().into())]) } else { among }
    }

    fn time_op(&mut self, _op: TimeOp, _a: Laned, _b: Laned, _shape: Shape) -> Result<Laned, EmitError> {
        Err(not_in_lanes("lane of a time"))
    }

    fn call(&mut self, _call: Call, _operands: &[Laned], _shape: Shape) -> Result<Laned, EmitError> {
        Err(not_in_lanes("lane of a call"))
    }

    fn formula(&mut self, _formula: &'p Formula, _operands: &[Laned], _shape: Shape) -> Result<Laned, EmitError> {
        Err(not_in_lanes("lane of a formula"))
    }

    fn weekday(&mut self, _x: Laned) -> Result<Laned, EmitError> {
        Err(not_in_lanes("lane of a day"))
    }

    fn in_list(&mut self, _x: Laned, _values: &[i64]) -> Result<Laned, EmitError> {
        Err(not_in_lanes("lane of a list"))
    }

    fn not(&mut self, x: Laned) -> Laned {
        let flag = x.value.flag(self.code).not(self.code);
        Laned { value: flag.into(), none: x.none }
    }

    fn all(&mut self, items: &[Laned]) -> Laned {
        let mut all = Flag::Always(true);
        for item in items {
            let flag = item.value.flag(self.code);
            all = all.both(self.code, &flag);
        }
        Laned::some(all.into())
    }

    fn any(&mut self, items: &[Laned]) -> Laned {
        let mut any = Flag::Always(false);
        for item in items {
            let flag = item.value.flag(self.code);
            any = any.either(self.code, &flag);
        }
        Laned::some(any.into())
    }

    fn is_none(&mut self, x: Laned) -> Laned {
        Laned::some(x.none.into())
    }

    fn assume(&mut self, x: Laned, _shape: Shape, guarded: bool) -> Laned {
        if !guarded {
            self.raise(&x.none);
        }
        Laned::some(x.value)
    }

    fn first_yes(&mut self, items: &[Laned]) -> Result<Laned, EmitError> {
        let most =
            i64::try_from(items.len()).map_err(|_| EmitError::TooLarge("more conditions than can be counted"))?;
        let (shape, mut first) = (Shape::range(0, most), Held::Same(most));
        for (place, item) in (0..most).rev().zip(items.iter().rev()) {
            let flag = item.value.flag(self.code);
            first = self.choose_value(&flag, &Held::Same(place), &first, shape);
        }
        Ok(Laned::some(first))
    }

    fn verdict(&mut self, of: VerdictParts<Laned>) -> Laned {
        use concord_engine::plan::Verdict as V;
        let mut so = |flag: Laned, yes: Held, no: Held| {
            let flag = flag.value.flag(self.code);
            self.choose_value(&flag, &yes, &no, Shape::set(64))
        };
        let is = |verdict: V| Held::Same(verdict as i64);
        let done = so(of.in_time, is(V::Met), is(V::Late));
        let not_done = so(of.passed, is(V::Missed), is(V::Open));
        let due = so(of.happened, done, not_done);
        let applying = so(of.excused, is(V::Excused), due);
        Laned::some(so(of.applies, applying, is(V::NotApplicable)))
    }

    fn otherwise(&mut self, x: Laned, y: &'p Expr, shape: Shape) -> Result<Laned, EmitError> {
        if matches!(x.none, Flag::Always(false)) {
            return Ok(x);
        }
        let y = walk(self, y)?;
        let value = self.choose_value(&x.none, &y.value, &x.value, shape);
        let none = x.none.both(self.code, &y.none);
        Ok(Laned { value, none })
    }

    fn choose(&mut self, condition: Laned, of: Choice<'p>, shape: Shape) -> Result<Laned, EmitError> {
        let condition = condition.value.flag(self.code);
        match condition {
            Flag::Always(true) => return then_branch(self, &of),
            Flag::Always(false) => return else_branch(self, &of),
            Flag::Of(_) => {}
        }
        let (then, otherwise) = (then_branch(self, &of)?, else_branch(self, &of)?);
        let value = self.choose_value(&condition, &then.value, &otherwise.value, shape);
        let none = condition.choose(self.code, &then.none, &otherwise.none);
        Ok(Laned { value, none })
    }

    fn rest(&mut self, condition: &'p Expr, value: &'p Expr, _shape: Shape) -> Result<Laned, EmitError> {
        where_it_holds(self, condition, value)
    }

    fn query(&mut self, _query: &'p Query, _shape: Shape) -> Result<Laned, EmitError> {
        Err(not_in_lanes("lane of a query"))
    }

    fn path(&mut self, _path: &'p PathOf, _shape: Shape) -> Result<Laned, EmitError> {
        Err(not_in_lanes("lane of a path"))
    }
}

impl Lanes<'_, '_> {
    fn of_two(&mut self, how: Arithmetic, lane: Lane, x: &Node, y: &Node) -> Node {
        let least = how == Arithmetic::Lowest;
        match how {
            Arithmetic::Add => op(self.code, Vector::Add(lane), &[x, y]),
            Arithmetic::Subtract => op(self.code, Vector::Sub(lane), &[x, y]),
            Arithmetic::Multiply => op(self.code, Vector::Mul(lane), &[x, y]),
            Arithmetic::Lowest | Arithmetic::Highest if lane == Lane::I64 => {
                let greater = op(self.code, Vector::Greater(lane), &[x, y]);
                let (yes, no) = if least { (y, x) } else { (x, y) };
                op(self.code, Vector::Select, &[yes, no, &greater])
            }
            Arithmetic::Lowest => op(self.code, Vector::Least(lane), &[x, y]),
            Arithmetic::Highest => op(self.code, Vector::Most(lane), &[x, y]),
        }
    }

    /// The one byte of each row.
    pub(super) fn byte(&mut self, x: &Held) -> Node {
        x.numbers(self.code, Lane::I8).into_iter().next().unwrap_or(bytes(0))
    }

    /// Whether a value lies between two, of which one at least is inside its shape.
    fn between(&mut self, x: &Held, shape: Shape, low: i64, high: i64) -> Flag {
        if let Held::Same(value) = x {
            return Flag::Always((low..=high).contains(value));
        }
        if low == high {
            return x.is_same(self.code, low);
        }
        let above = (low > shape.low).then(|| low - 1);
        let below = (high < shape.high).then(|| high + 1);
        let ends = [above, below].into_iter().flatten().map(|end| Lane::holding(end, end));
        let lane = ends.fold(x.lane(), Lane::max);
        let mut parts = x.numbers(self.code, lane);
        for part in &mut parts {
            let above = above.map(|end| op(self.code, Vector::Greater(lane), &[part, &same(lane, end)]));
            let below = below.map(|end| op(self.code, Vector::Greater(lane), &[&same(lane, end), part]));
            *part = match (above, below) {
                (Some(above), Some(below)) => op(self.code, Vector::And, &[&above, &below]),
                (Some(one), None) | (None, Some(one)) => one,
                (None, None) => same(lane, -1),
            };
        }
        flag_of(self.code, parts, lane)
    }
}
