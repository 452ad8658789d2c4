//! Random event queries, up to three inside one another, with one to three alternatives.

use concord_engine::plan::{
    Alternative, Expr, Function, Kinds, Level, MAX_EVENTS, MAX_LEVELS, ORDER, Op, Query, Shape,
};
use concord_engine::values::calendar::{FIRST_INSTANT, LAST_INSTANT};

use super::expressions::{Kind, MOST, boxed, hull, make};
use super::plans::Making;

/// The greatest size of a value to be summed.
const SUMMED: i64 = 1 << 44;

impl Making {
    /// A random question that gives a value of a kind.
    pub fn query(&mut self, kind: Kind, depth: usize) -> Expr {
        let nested = self.at_hand.len();
        let deep = nested >= usize::from(MAX_LEVELS) || (nested > 0 && !self.random.percent(60));
        if self.plan.subject.events.is_empty() || deep {
            return self.leaf(kind);
        }
        let value_kind = if let Kind::Choice(_) = kind { Kind::Choice(true) } else { Kind::Number(true) };
        let count = [1, 1, 1, 2, 2, 3][self.random.below(6)];
        let mut kinds = self.kinds();
        let mut alternatives = Vec::new();
        for _ in 0..count {
            if self.random.percent(40) {
                kinds = self.kinds();
            }
            alternatives.push(self.alternative(kinds, value_kind, depth));
        }
        let shape = alternatives.iter().map(|a| a.value.shape).reduce(hull).unwrap_or(Shape::YES_NO);
        let (function, shape) = self.function(kind, shape);
        let expr = make(Op::Query(Box::new(Query { function, alternatives })), shape);
        if kind == Kind::Choice(false) {
            let shape = Shape { optional: false, ..shape };
            return make(Op::Assume(boxed(expr)), shape);
        }
        expr
    }

    fn alternative(&mut self, kinds: Kinds, value_kind: Kind, depth: usize) -> Alternative {
        self.at_hand.push(kinds);
        let filter = match self.random.below(10) {
            0..3 => make(Op::And(Vec::new()), Shape::YES_NO),
            3 | 4 => self.before(),
            5 => self.query(Kind::Test, depth.max(2)),
            _ => self.expression(Kind::Test, depth),
        };
        let value = match self.random.below(10) {
            0 => self.query(value_kind, depth.clamp(1, 2)),
            1 if value_kind == Kind::Number(true) => self.place(),
            _ => self.expression(value_kind, depth.min(2)),
        };
        self.at_hand.pop();
        Alternative { kinds, filter, value }
    }

    /// The place in the order, or the time, of one of the events in scope.
    pub fn place(&mut self) -> Expr {
        let level = Level::try_from(self.random.below(self.at_hand.len())).unwrap_or(0);
        if self.random.percent(60) && !self.places_compared {
            return make(Op::Order(level), ORDER);
        }
        make(Op::At(level), Shape::range(FIRST_INSTANT, LAST_INSTANT))
    }

    /// Whether one event in scope comes before another, with another test now and then.
    fn before(&mut self) -> Expr {
        let (a, b) = if self.places_compared { self.two_places() } else { (self.place(), self.place()) };
        let (a, b) = (boxed(a), boxed(b));
        let before = if self.random.percent(50) { Op::Less(a, b) } else { Op::LessOrEqual(a, b) };
        let before = make(before, Shape::YES_NO);
        if self.random.percent(50) {
            return before;
        }
        let more = self.expression(Kind::Test, 1);
        make(Op::And(vec![before, more]), Shape::YES_NO)
    }

    /// Two places in the order, of events at hand or of the first or last of some; or two times.
    fn two_places(&mut self) -> (Expr, Expr) {
        if self.random.percent(40) {
            return (self.place(), self.place());
        }
        let mut place = || {
            let level = Level::try_from(self.random.below(self.at_hand.len())).unwrap_or(0);
            let own = make(Op::Order(level), ORDER);
            if self.at_hand.len() >= usize::from(MAX_LEVELS) || self.random.percent(50) {
                return own;
            }
            let kinds = self.kinds();
            self.at_hand.push(kinds);
            let filter = self.expression(Kind::Test, 1);
            self.at_hand.pop();
            let value = make(Op::Order(0), ORDER);
            let function = [Function::First, Function::Last][self.random.below(2)];
            let alternatives = vec![Alternative { kinds, filter, value }];
            make(Op::Query(Box::new(Query { function, alternatives })), ORDER.or_none())
        };
        (place(), place())
    }

    /// A function whose answer is of a kind, and its shape, from that of the values.
    pub fn function(&mut self, kind: Kind, value: Shape) -> (Function, Shape) {
        let nth = u32::try_from(self.random.between(1, 4)).unwrap_or(1);
        let nearest = [Function::First, Function::Last, Function::Nth(nth)][self.random.below(3)];
        let count = (Function::Count, Shape::range(0, MAX_EVENTS));
        let summed = value.low > -SUMMED && value.high < SUMMED;
        match (kind, self.random.below(8)) {
            (Kind::Test, _) => (Function::Any, Shape::YES_NO),
            (Kind::Number(false), 0..4) | (Kind::Number(true), 0) if summed => (Function::Sum, self.sum(value)),
            (Kind::Number(false), _) | (Kind::Number(true), 1) => count,
            (Kind::Number(true), 2) => (Function::Lowest, value.or_none()),
            (Kind::Number(true), 3) => (Function::Highest, value.or_none()),
            (Kind::Number(true), 4) if value.low >= -MOST / 2 && value.high <= MOST / 2 => {
                let doubled = Shape { low: 2 * value.low, high: 2 * value.high, ..value };
                (Function::MedianDoubled, doubled.or_none())
            }
            _ => (nearest, value.or_none()),
        }
    }

    /// The shape of a sum: all that is possible, or less, which then bounds it.
    fn sum(&mut self, value: Shape) -> Shape {
        let (low, high) = (MAX_EVENTS * value.low.min(0), MAX_EVENTS * value.high.max(0));
        let most = if self.random.percent(20) { 100 } else { MOST };
        Shape::range(low.max(-most), high.min(most))
    }
}
