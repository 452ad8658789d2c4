//! Random divisions, lists, and dates and times.

use concord_engine::evaluate::quotient;
use concord_engine::plan::calls::Takes;
use concord_engine::plan::{Call, Class, Expr, Id, Level, List, ListId, Op, Overlap, Rounding, Shape};
use concord_engine::values::calendar::{DAY, FIRST_DATE, FIRST_INSTANT, HOUR, LAST_DATE, LAST_INSTANT};
use concord_engine::values::working_days;

use super::cases::TODAY;
use super::expressions::{Kind, boxed, constant, hull, make};
use super::plans::Making;

fn fits(shape: Shape, low: i64, high: i64) -> bool {
    shape.class == Class::Range && shape.low >= low && shape.high <= high
}

/// Both operands' shapes in one, with other ends.
fn from(a: Shape, b: Shape, low: i64, high: i64) -> Shape {
    Shape { low, high, ..hull(a, b) }
}

impl Making {
    /// Adds lists and holidays.
    pub fn lists(&mut self) {
        for number in 0..self.random.below(4) {
            let most = [5, 130, 5_000][self.random.below(3)];
            let count = [0, 1, 3, 8, 40][self.random.below(5)];
            let mut values: Vec<i64> = (0..count).map(|_| self.random.between(-most / 3, most)).collect();
            if self.random.percent(40) {
                let run = self.random.between(0, 12);
                values.extend(run..run + self.random.between(1, 9));
            }
            values.sort_unstable();
            values.dedup();
            self.plan.lists.push(List { name: format!("list_{number}"), values, file: None });
        }
        let count = [0, 4, 40][self.random.below(3)];
        let mut days: Vec<i64> = (0..count).map(|_| TODAY + self.random.between(-30, 90)).collect();
        days.sort_unstable();
        days.dedup();
        self.plan.holidays = days;
    }

    /// A number that certainly lies within these ends, where it is not none.
    fn limited(&mut self, kind: Kind, depth: usize, low: i64, high: i64) -> Option<Expr> {
        for _ in 0..4 {
            let expr = if self.random.percent(50) { self.leaf(kind) } else { self.expression(kind, depth) };
            if fits(expr.shape, low, high) {
                return Some(expr);
            }
        }
        None
    }

    fn instant(&mut self, kind: Kind, depth: usize) -> Expr {
        let any_time = Shape::range(FIRST_INSTANT, LAST_INSTANT);
        if self.random.percent(40) {
            return match self.at_hand.len() {
                0 => make(Op::AsOf, any_time),
                levels => make(Op::At(Level::try_from(self.random.below(levels)).unwrap_or(0)), any_time),
            };
        }
        let found = self.limited(kind, depth, FIRST_INSTANT, LAST_INSTANT).filter(|e| e.shape.high > HOUR);
        found.unwrap_or_else(|| make(Op::AsOf, any_time))
    }

    fn date(&mut self, kind: Kind, depth: usize) -> Expr {
        if self.random.percent(50)
            && let Some(date) = self.limited(kind, depth, FIRST_DATE, LAST_DATE)
        {
            return date;
        }
        Call::LocalDate.of(vec![self.instant(kind, depth)])
    }

    /// A function of whole numbers and times.
    fn call(&mut self, kind: Kind, depth: usize) -> Expr {
        let call = Call::ALL[self.random.below(Call::ALL.len())];
        let operand = |takes: &Takes| match takes {
            Takes::Instant => self.instant(kind, depth),
            Takes::Date => self.date(kind, depth),
            Takes::TimeOfDay => self.limited(kind, depth, 0, 2 * DAY).unwrap_or_else(|| constant(HOUR)),
            Takes::Count => self.limited(kind, depth, -20_000, 20_000).unwrap_or_else(|| constant(1)),
        };
        call.of(call.description().takes.iter().map(operand).collect())
    }

    /// A random use of division, a date or a time.
    pub fn calendar(&mut self, kind: Kind, depth: usize) -> Expr {
        match self.random.below(10) {
            0 | 1 => self.quotient(kind, depth),
            2..7 => self.call(kind, depth),
            7 => {
                let (date, count) = (self.date(kind, depth), self.limited(kind, depth, -9, 300));
                let count = count.unwrap_or_else(|| constant(self.random.between(-2, 20)));
                let after = |day, count| working_days::after(day, count, &self.plan.holidays);
                let (d, n) = (date.shape, count.shape);
                let shape = from(d, n, after(d.low, n.low), after(d.high, n.high));
                make(Op::AddWorkingDays(boxed(date), boxed(count)), shape)
            }
            _ => {
                let (start, end) = (self.instant(kind, depth), self.instant(kind, depth));
                let shape = from(start.shape, end.shape, 0, (end.shape.high - start.shape.low).max(0));
                let (from, until) = (HOUR / 2 * self.random.between(0, 47), HOUR / 2 * self.random.between(0, 47));
                make(Op::Overlap(Box::new(Overlap { start, end, from, until })), shape)
            }
        }
    }

    fn quotient(&mut self, kind: Kind, depth: usize) -> Expr {
        let a = self.expression(kind, depth);
        let b = self.limited(kind, depth, 1, i64::MAX).or_else(|| self.limited(kind, depth, i64::MIN, -1));
        let b = b.unwrap_or_else(|| constant([1, 2, 2, 3, 10, 60_000, -2][self.random.below(7)]));
        let how = Rounding::ALL[self.random.below(Rounding::ALL.len())];
        let corner = |a: i64, b: i64| quotient(a, b, how);
        let corners = [
            corner(a.shape.low, b.shape.low),
            corner(a.shape.low, b.shape.high),
            corner(a.shape.high, b.shape.low),
            corner(a.shape.high, b.shape.high),
        ];
        let (low, high) = (corners.iter().min().unwrap_or(&0), corners.iter().max().unwrap_or(&0));
        let shape = from(a.shape, b.shape, *low, *high);
        make(Op::Divide(boxed(a), boxed(b), how), shape)
    }

    /// The weekday of a date.
    pub fn weekday(&mut self, kind: Kind, depth: usize) -> Expr {
        let kind = Kind::Number(kind == Kind::Choice(true));
        let date = self.date(kind, depth);
        let shape = Shape { optional: date.shape.optional, ..Shape::set(7) };
        make(Op::Weekday(boxed(date)), shape)
    }

    /// Whether a number is in a list.
    pub fn in_list(&mut self, depth: usize) -> Expr {
        let x = self.expression(Kind::Number(true), depth);
        if self.plan.lists.is_empty() {
            return make(Op::IsNone(boxed(x)), Shape::YES_NO);
        }
        let list = ListId::at(self.random.below(self.plan.lists.len()));
        make(Op::InList(boxed(x), list), Shape::YES_NO)
    }
}
