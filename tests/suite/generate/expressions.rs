//! Random well-typed expressions.

use concord_engine::plan::{Class, Expr, Level, Needs, ORDER, Op, PathGives, Shape, Unknown, VerdictOf};
use concord_engine::values::calendar::{FIRST_INSTANT, HOUR, LAST_INSTANT};

use super::cases::NOW;
use super::plans::Making;
use super::random::Random;

/// The greatest size of a number.
pub const MOST: i64 = 1 << 50;

/// What is wanted of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// yes/no, never none
    Test,
    /// a range; whether it may be none
    Number(bool),
    /// a set; whether it may be none
    Choice(bool),
}

impl Kind {
    /// Any of them.
    pub fn any(random: &mut Random) -> Kind {
        match random.below(8) {
            0..3 => Kind::Test,
            3 | 4 => Kind::Number(true),
            5 => Kind::Number(false),
            6 => Kind::Choice(true),
            _ => Kind::Choice(false),
        }
    }

    fn accepts(self, shape: Shape) -> bool {
        match self {
            Kind::Test => shape == Shape::YES_NO,
            Kind::Number(optional) => shape.class == Class::Range && (optional || !shape.optional),
            Kind::Choice(optional) => shape.class == Class::Set && (optional || !shape.optional),
        }
    }
}

/// An expression.
pub fn make(op: Op, shape: Shape) -> Expr {
    Expr { op, shape }
}

/// A number as an expression.
pub fn constant(value: i64) -> Expr {
    make(Op::Constant(value), Shape::range(value, value))
}

/// The shape that holds both.
pub fn hull(a: Shape, b: Shape) -> Shape {
    Shape { class: a.class, optional: a.optional || b.optional, low: a.low.min(b.low), high: a.high.max(b.high) }
}

/// An operand.
pub fn boxed(expr: Expr) -> Box<Expr> {
    Box::new(expr)
}

impl Making {
    /// A random expression of a kind.
    pub fn expression(&mut self, kind: Kind, depth: usize) -> Expr {
        if depth == 0 || self.random.percent(12) {
            return self.leaf(kind);
        }
        match kind {
            Kind::Test => self.test(depth - 1),
            Kind::Number(optional) => self.number(optional, depth - 1),
            Kind::Choice(optional) => self.choice(optional, depth - 1),
        }
    }

    /// A random expression without operands.
    pub fn leaf(&mut self, kind: Kind) -> Expr {
        let mut leaves: Vec<Expr> = Vec::new();
        let mut offer = |op: Op, shape: Shape| {
            if kind.accepts(shape) {
                leaves.push(make(op, shape));
            }
        };
        let subject = &self.plan.subject;
        subject.inputs.placed().for_each(|(index, input)| offer(Op::Input(index), input.shape));
        self.plan.parameters.placed().for_each(|(index, p)| offer(Op::Parameter(index), p.shape));
        self.plan.cells.placed().for_each(|(cell, shape)| offer(Op::Cell(cell), *shape));
        let any_time = Shape::range(FIRST_INSTANT, LAST_INSTANT);
        for (level, kinds) in self.at_hand.iter().rev().enumerate() {
            let level = Level::try_from(level).unwrap_or(0);
            if let Some((kind, event)) = kinds.only().and_then(|kind| Some((kind, subject.events.get(kind)?))) {
                for (field, input) in event.fields.placed() {
                    offer(Op::Field(kind, field, level), input.shape);
                    offer(Op::Field(kind, field, level), input.shape);
                }
            }
            let filled =
                self.filled.iter().zip(self.plan.columns.placed()).filter(|(filled, _)| kinds.0 & !filled.0 == 0);
            for (_, (column, of)) in filled {
                // Of an event further out it is rarely there to be offered, so it is offered the more often.
                (0..2 + 4 * level).for_each(|_| offer(Op::Column(column, level), of.shape));
            }
            offer(Op::At(level), any_time);
            if !self.places_compared {
                offer(Op::Order(level), ORDER);
            }
        }
        if self.random.percent(20) {
            offer(Op::AsOf, any_time);
        }
        if self.random.percent(5) {
            offer(Op::None, Shape::range(0, 0).or_none());
            offer(Op::None, Shape::set(1).or_none());
        }
        if !leaves.is_empty() && self.random.percent(85) {
            return leaves.swap_remove(self.random.below(leaves.len()));
        }
        match kind {
            Kind::Test => make(Op::Constant(self.random.between(0, 1)), Shape::YES_NO),
            Kind::Number(_) => constant(self.random.between(-20, 120)),
            Kind::Choice(_) => {
                let variants = self.random.between(1, 6);
                let variant = u8::try_from(self.random.between(0, variants - 1)).unwrap_or(0);
                make(Op::Choice(variant), Shape::set(variants))
            }
        }
    }

    fn tests(&mut self, depth: usize, least: usize) -> Vec<Expr> {
        let count = least + self.random.below(4);
        (0..count).map(|_| self.expression(Kind::Test, depth)).collect()
    }

    /// A number within a shape, its ends more often than not.
    pub fn near(&mut self, shape: Shape) -> i64 {
        match self.random.below(8) {
            0 => shape.low,
            1 => shape.high,
            2 => (shape.high + 1).min(MOST),
            _ => self.random.between(shape.low, shape.high),
        }
    }

    fn test(&mut self, depth: usize) -> Expr {
        let number = Kind::Number(true);
        let op = match self.random.below(16) {
            0 => Op::LessOrEqual(boxed(self.expression(number, depth)), boxed(self.expression(number, depth))),
            1 => Op::Less(boxed(self.expression(number, depth)), boxed(self.expression(number, depth))),
            2 => Op::Equal(boxed(self.expression(number, depth)), boxed(self.expression(number, depth))),
            3 | 4 => {
                let x = self.expression(number, depth);
                let (a, b) = (self.near(x.shape), self.near(x.shape));
                let b = if self.random.percent(10) { a } else { b };
                Op::Within(boxed(x), a.min(b), a.max(b))
            }
            5 => {
                let x = self.expression(number, depth);
                let c = constant(self.near(x.shape));
                match self.random.below(5) {
                    0 => Op::LessOrEqual(boxed(x), boxed(c)),
                    1 => Op::LessOrEqual(boxed(c), boxed(x)),
                    2 => Op::Less(boxed(x), boxed(c)),
                    3 => Op::Less(boxed(c), boxed(x)),
                    _ => Op::Equal(boxed(x), boxed(c)),
                }
            }
            6 | 7 => {
                let x = self.expression(Kind::Choice(true), depth);
                let mask = self.random.bits() & x.shape.full_mask();
                Op::OneOf(boxed(x), mask)
            }
            8 if self.random.percent(50) => {
                let x = self.verdict_in_time(depth);
                let mask = self.random.bits() & 0b1_1111;
                Op::Decided(boxed(x), mask, self.time())
            }
            8 => {
                let choice = Kind::Choice(true);
                Op::SameChoice(boxed(self.expression(choice, depth)), boxed(self.expression(choice, depth)))
            }
            15 => return self.in_list(depth),
            9 => Op::Not(boxed(self.expression(Kind::Test, depth))),
            10 => Op::And(self.guarded_tests(depth)),
            11 => Op::Or(self.tests(depth, 0)),
            12 => {
                let kind = if self.random.percent(50) { number } else { Kind::Choice(true) };
                Op::IsNone(boxed(self.expression(kind, depth)))
            }
            13 => return self.conditional(Kind::Test, depth),
            _ => return self.query(Kind::Test, depth),
        };
        make(op, Shape::YES_NO)
    }

    /// Tests, now and then one that takes for granted what another one checks.
    fn guarded_tests(&mut self, depth: usize) -> Vec<Expr> {
        let mut tests = self.tests(depth, 0);
        if self.random.percent(40) {
            let x = self.expression(Kind::Number(true), depth.min(1));
            let shape = Shape { optional: false, ..x.shape };
            let there = make(Op::IsNone(boxed(x.clone())), Shape::YES_NO);
            tests.push(make(Op::Not(boxed(there)), Shape::YES_NO));
            let (a, b) = (self.near(shape), self.near(shape));
            let assumed = make(Op::Assume(boxed(x)), shape);
            tests.push(make(Op::Within(boxed(assumed), a.min(b), a.max(b)), Shape::YES_NO));
        }
        tests
    }

    fn number(&mut self, optional: bool, depth: usize) -> Expr {
        let kind = Kind::Number(optional);
        let expr = match self.random.below(21) {
            0 => {
                let x = self.expression(kind, depth);
                let shape = Shape { low: -x.shape.high, high: -x.shape.low, ..x.shape };
                make(Op::Negate(boxed(x)), shape)
            }
            1..4 => {
                let (a, b) = (self.expression(kind, depth), self.expression(kind, depth));
                let shape = Shape {
                    low: a.shape.low + b.shape.low,
                    high: a.shape.high + b.shape.high,
                    ..hull(a.shape, b.shape)
                };
                make(Op::Add(boxed(a), boxed(b)), shape)
            }
            4 => {
                let (a, b) = (self.expression(kind, depth), self.expression(kind, depth));
                let shape = Shape {
                    low: a.shape.low - b.shape.high,
                    high: a.shape.high - b.shape.low,
                    ..hull(a.shape, b.shape)
                };
                make(Op::Subtract(boxed(a), boxed(b)), shape)
            }
            5 => return self.product(kind, depth),
            6 | 7 => {
                let count = 1 + self.random.below(3);
                let items: Vec<Expr> = (0..count).map(|_| self.expression(Kind::Number(false), depth)).collect();
                let lowest = self.random.percent(50);
                let shape = items.iter().map(|item| item.shape).reduce(|a, b| {
                    if lowest {
                        Shape::range(a.low.min(b.low), a.high.min(b.high))
                    } else {
                        Shape::range(a.low.max(b.low), a.high.max(b.high))
                    }
                });
                let op = if lowest { Op::Lowest(items) } else { Op::Highest(items) };
                make(op, shape.unwrap_or(Shape::YES_NO))
            }
            8 => self.assumed(Kind::Number(true), depth),
            9 => self.otherwise(Kind::Number(true), kind, depth),
            10 | 11 => self.conditional(kind, depth),
            12..15 => self.calendar(kind, depth),
            15 | 16 => self.formula(kind, depth),
            18 if optional => self.along(PathGives::LeftAt).unwrap_or_else(|| self.leaf(kind)),
            _ => self.query(kind, depth),
        };
        if expr.shape.low < -MOST || expr.shape.high > MOST { self.leaf(kind) } else { expr }
    }

    fn product(&mut self, kind: Kind, depth: usize) -> Expr {
        let (a, b) = (self.expression(kind, depth), self.expression(kind, depth));
        let corners = [
            (a.shape.low, b.shape.low),
            (a.shape.low, b.shape.high),
            (a.shape.high, b.shape.low),
            (a.shape.high, b.shape.high),
        ];
        let corners: Option<Vec<i64>> = corners.into_iter().map(|(x, y)| x.checked_mul(y)).collect();
        let ends = corners.and_then(|all| Some((*all.iter().min()?, *all.iter().max()?)));
        match ends {
            Some((low, high)) if low >= -MOST && high <= MOST => {
                let shape = Shape { low, high, ..hull(a.shape, b.shape) };
                make(Op::Multiply(boxed(a), boxed(b)), shape)
            }
            _ => self.leaf(kind),
        }
    }

    fn assumed(&mut self, kind: Kind, depth: usize) -> Expr {
        let x = self.expression(kind, depth);
        let shape = Shape { optional: false, ..x.shape };
        make(Op::Assume(boxed(x)), shape)
    }

    fn otherwise(&mut self, kind: Kind, rest: Kind, depth: usize) -> Expr {
        let (x, y) = (self.expression(kind, depth), self.expression(rest, depth));
        let shape = hull(Shape { optional: false, ..x.shape }, y.shape);
        make(Op::Else(boxed(x), boxed(y)), shape)
    }

    fn conditional(&mut self, kind: Kind, depth: usize) -> Expr {
        let condition = self.expression(Kind::Test, depth);
        let (then, otherwise) = (self.expression(kind, depth), self.expression(kind, depth));
        let shape = hull(then.shape, otherwise.shape);
        let otherwise = if self.random.percent(20) { rest(&condition, otherwise) } else { otherwise };
        make(Op::If(boxed(condition), boxed(then), boxed(otherwise)), shape)
    }

    fn verdict(&mut self, depth: usize) -> Expr {
        let mut part = || self.expression(Kind::Test, depth);
        let of = VerdictOf { applies: part(), excused: part(), happened: part(), in_time: part(), passed: part() };
        make(Op::Verdict(Box::new(of)), Shape::set(6))
    }

    /// A verdict with a deadline, so that time decides it.
    fn verdict_in_time(&mut self, depth: usize) -> Expr {
        let mut verdict = self.verdict(depth);
        let deadline = constant(NOW + STEP * self.random.between(-2, 14));
        let as_of = make(Op::AsOf, Shape::range(FIRST_INSTANT, LAST_INSTANT));
        let passed = make(Op::LessOrEqual(boxed(deadline), boxed(as_of)), Shape::YES_NO);
        if let Op::Verdict(of) = &mut verdict.op {
            of.passed = passed;
        }
        verdict
    }

    /// The need of time.
    fn time(&self) -> Needs {
        let time = |unknown: &Unknown| matches!(unknown, Unknown::Decision(_));
        self.plan.unknowns.iter().position(time).map_or(0, |bit| 1 << bit)
    }

    fn choice(&mut self, optional: bool, depth: usize) -> Expr {
        let kind = Kind::Choice(optional);
        match self.random.below(11) {
            10 => self.along(PathGives::State).unwrap_or_else(|| self.leaf(kind)),
            9 => self.weekday(kind, depth),
            0 | 1 => {
                let items = self.tests(depth, 0);
                let shape = Shape::set(i64::try_from(items.len()).unwrap_or(0) + 1);
                make(Op::FirstYes(items), shape)
            }
            2 | 3 => self.verdict(depth),
            4 => self.assumed(Kind::Choice(true), depth),
            5 => self.otherwise(Kind::Choice(true), kind, depth),
            6 | 7 => self.conditional(kind, depth),
            _ => self.query(kind, depth),
        }
    }
}

/// An hour, for times.
pub const STEP: i64 = HOUR;

/// The other way of two, which is taken where the condition is no.
fn rest(condition: &Expr, otherwise: Expr) -> Expr {
    let shape = otherwise.shape;
    let not = make(Op::Not(boxed(condition.clone())), Shape::YES_NO);
    make(Op::Rest(boxed(not), boxed(otherwise)), shape)
}
