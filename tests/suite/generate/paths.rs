//! Random paths: automata over the symbols that a column holds.

use concord_engine::plan::{Class, ColumnId, Expr, Kinds, MAX_STATES, Op, PathGives, PathOf, Shape};
use concord_engine::values::calendar::{FIRST_INSTANT, LAST_INSTANT};

use super::expressions::make;
use super::plans::Making;

impl Making {
    /// What is asked of a path over a column of symbols, where there is one.
    pub fn along(&mut self, gives: PathGives) -> Option<Expr> {
        let columns = self.plan.columns.placed().zip(&self.filled);
        let sets = columns.filter(|((_, column), filled)| column.shape.class == Class::Set && filled.0 != 0);
        let sets: Vec<(ColumnId, usize, Kinds)> = sets
            .map(|((place, column), filled)| (place, usize::try_from(column.shape.high).unwrap_or(0) + 1, *filled))
            .collect();
        if sets.is_empty() {
            return None;
        }
        let (column, symbols, filled) = sets[self.random.below(sets.len())];
        let some = Kinds(filled.0 & self.random.bits());
        let kinds = if some.0 == 0 || self.random.percent(60) { filled } else { some };
        let states = [1, 2, 4, 9, 33, MAX_STATES][self.random.below(6)];
        let onward = self.random.percent(70);
        let mut next = Vec::new();
        for place in 0..states * symbols {
            let from = if onward { place / symbols } else { 0 };
            next.push(u8::try_from(from + self.random.below(states - from)).unwrap_or(0));
        }
        let all = u64::MAX >> (64 - states);
        let left = if self.random.percent(25) { 0 } else { self.random.bits() & self.random.bits() & all & !1 };
        let path = PathOf { kinds, column, states, symbols, next, left, gives };
        let shape = match gives {
            PathGives::State => Shape::set(i64::try_from(states).unwrap_or(1)),
            PathGives::LeftAt => Shape::range(FIRST_INSTANT, LAST_INSTANT).or_none(),
        };
        Some(make(Op::Path(Box::new(path)), shape))
    }
}
