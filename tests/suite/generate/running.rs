//! Random running queries: about all events before the current one, or about all after it.

use concord_engine::plan::{Alternative, Expr, Kinds, ORDER, Op, Query, Shape};
use concord_engine::values::calendar::{FIRST_INSTANT, LAST_INSTANT};

use super::expressions::{Kind, boxed, hull, make};
use super::plans::Making;

/// Two places or times that are compared, and how.
type Limit = fn(Box<Expr>, Box<Expr>) -> Op;

impl Making {
    /// A random running query that gives a value of a kind about the current event, the only one in scope.
    pub fn running(&mut self, kind: Kind) -> Expr {
        let value_kind = if let Kind::Choice(_) = kind { Kind::Choice(true) } else { Kind::Number(true) };
        let before = self.random.percent(50);
        let limits: Vec<Expr> = (0..[1, 1, 1, 2][self.random.below(4)]).map(|_| self.limit(before)).collect();
        let alternatives: Vec<Alternative> =
            (0..[1, 1, 2, 3][self.random.below(4)]).map(|_| self.further(&limits, value_kind)).collect();
        let shape = alternatives.iter().map(|a| a.value.shape).reduce(hull).unwrap_or(Shape::YES_NO);
        let (function, shape) = self.function(kind, shape);
        make(Op::Query(Box::new(Query { function, alternatives })), shape)
    }

    /// How near to the current event the others may come.
    fn limit(&mut self, before: bool) -> Expr {
        let compare: Limit = if self.random.percent(50) { Op::Less } else { Op::LessOrEqual };
        let by_place = self.random.percent(60);
        let of = |level| match by_place {
            true => boxed(make(Op::Order(level), ORDER)),
            false => boxed(make(Op::At(level), Shape::range(FIRST_INSTANT, LAST_INSTANT))),
        };
        let op = if before { compare(of(0), of(1)) } else { compare(of(1), of(0)) };
        make(op, Shape::YES_NO)
    }

    /// Events that are asked about: what is said of each speaks of no other.
    fn further(&mut self, limits: &[Expr], value_kind: Kind) -> Alternative {
        let kinds: Kinds = self.kinds();
        let around = std::mem::replace(&mut self.at_hand, vec![kinds]);
        let mut conditions = limits.to_vec();
        if self.random.percent(80) {
            let depth = 1 + self.random.below(2);
            let place = self.random.below(conditions.len() + 1);
            conditions.insert(place, self.expression(Kind::Test, depth));
        }
        let value = if value_kind == Kind::Number(true) && self.random.percent(30) {
            self.place()
        } else {
            self.expression(value_kind, 1)
        };
        self.at_hand = around;
        let filter = match conditions.as_slice() {
            [only] => only.clone(),
            _ => make(Op::And(conditions), Shape::YES_NO),
        };
        Alternative { kinds, filter, value }
    }
}
