//! Functions of whole numbers and times, each described once: its word, what it takes, what it gives exactly, and how each
//! operand moves the result.
//!
//! What is possible of a result follows from that, in the interpreter and in both domains of the compiler alike. One more is a
//! variant and its description here, an exact function in `values`, a routine in the module, and the words of the text
//! that ask for it; nothing else has to know it.

use super::{Expr, Op, Shape};
use crate::values::calendar;
use crate::values::periods;
use crate::values::real::interval::Interval;

/// A function of whole numbers and times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// the calendar day in London of an instant
    LocalDate,
    /// the time of day on the clock in London of an instant
    LocalTime,
    /// the instant at which a clock in London shows a time of day on a date: of an hour that comes twice the first, of an hour
    /// that is left out the moment at which the clocks go forward
    InstantOn,
    /// completed years from a date to a later one; a birthday on 29 February falls on 1 March in other years
    YearsBetween,
    /// completed months from a date to a later one; a month that has no such day is completed on the first of the next
    MonthsBetween,
    /// the day so many months after a date: the same day of the month or, where there is none, its last
    MonthsAfter,
    /// the year of a date
    Year,
    /// the month of a date, from 1
    Month,
    /// the day of the month, from 1
    Day,
    /// the week of a date by ISO 8601, from 1: Monday begins it, and 4 January is in the first
    Week,
}

/// What an operand is, and so which values it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// milliseconds UTC
    Instant,
    /// days since 1970
    Date,
    /// milliseconds after midnight; may run past 24 hours
    TimeOfDay,
    /// so many, below 0 too
    Count,
}

/// What a function gives for numbers that are known.
#[derive(Clone, Copy)]
pub enum Exact {
    /// of one operand
    One(fn(i64) -> i64),
    /// of two
    Two(fn(i64, i64) -> i64),
}

/// How the result moves while one operand grows and the others stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moves {
    /// it never falls
    Up,
    /// it never rises
    Down,
}

/// Between what the result lies where an operand is not known.
#[derive(Clone, Copy, Debug)]
pub enum Bounds {
    /// Each operand moves it one way only: the function itself, of ends of the operands.
    AtEnds(&'static [Moves]),
    /// It begins anew with each day, month or year: from the least of its one operand to the greatest, where both lie in the same.
    Within(fn(i64, i64) -> (i64, i64)),
}

/// All there is to know of a function.
#[derive(Clone, Copy)]
pub struct Description {
    /// Its name, for hashing and for tests.
    pub word: &'static str,
    /// Its operands.
    pub takes: &'static [Takes],
    /// What it gives.
    pub exact: Exact,
    /// What is possible of it.
    pub bounds: Bounds,
}

impl Call {
    /// All of them.
    pub const ALL: [Call; 10] = [
        Call::LocalDate,
        Call::LocalTime,
        Call::InstantOn,
        Call::YearsBetween,
        Call::MonthsBetween,
        Call::MonthsAfter,
        Call::Year,
        Call::Month,
        Call::Day,
        Call::Week,
    ];

    /// See [`Description`].
    #[must_use]
    pub fn description(self) -> Description {
        use Moves::{Down, Up};
        use Takes::{Count, Date, Instant, TimeOfDay};
        let (word, takes, exact, bounds): (_, &'static [Takes], _, _) = match self {
            Call::LocalDate => ("local date", &[Instant], Exact::One(calendar::local_date), Bounds::AtEnds(&[Up])),
            Call::LocalTime => {
                ("local time", &[Instant], Exact::One(calendar::local_time), Bounds::Within(periods::local_times))
            }
            Call::InstantOn => {
                ("instant on", &[Date, TimeOfDay], Exact::Two(calendar::instant_on), Bounds::AtEnds(&[Up, Up]))
            }
            Call::YearsBetween => {
                ("years between", &[Date, Date], Exact::Two(calendar::years_between), Bounds::AtEnds(&[Down, Up]))
            }
            Call::MonthsBetween => {
                ("months between", &[Date, Date], Exact::Two(calendar::months_between), Bounds::AtEnds(&[Down, Up]))
            }
            Call::MonthsAfter => {
                ("months after", &[Date, Count], Exact::Two(calendar::months_after), Bounds::AtEnds(&[Up, Up]))
            }
            Call::Year => ("year", &[Date], Exact::One(calendar::year), Bounds::AtEnds(&[Up])),
            Call::Month => ("month", &[Date], Exact::One(calendar::month), Bounds::Within(periods::months)),
            Call::Day => ("day", &[Date], Exact::One(calendar::day_of_month), Bounds::Within(periods::days_of_month)),
            Call::Week => ("week", &[Date], Exact::One(calendar::week), Bounds::Within(periods::weeks)),
        };
        Description { word, takes, exact, bounds }
    }

    /// The function of these expressions.
    #[must_use]
    pub fn of(self, operands: Vec<Expr>) -> Expr {
        let ends: Vec<Interval<i64>> =
            operands.iter().map(|x| Interval { low: x.shape.low, high: x.shape.high }).collect();
        let Interval { low, high } = self.ends(&ends);
        let optional = operands.iter().any(|x| x.shape.optional);
        Expr { op: Op::Call(self, operands), shape: Shape { optional, ..Shape::range(low, high) } }
    }

    /// The least and the greatest that can come out, for the ends of the operands.
    #[must_use]
    pub fn ends(self, operands: &[Interval<i64>]) -> Interval<i64> {
        let Description { exact, bounds, .. } = self.description();
        match bounds {
            Bounds::AtEnds(moves) => {
                let ends = at_ends(moves, operands);
                Interval { low: exact.of(&ends.low), high: exact.of(&ends.high) }
            }
            Bounds::Within(between) => {
                // No plan has such a function of nothing.
                let (low, high) = operands.first().map_or((0, 0), |x| between(x.low, x.high));
                Interval { low, high }
            }
        }
    }
}

impl Exact {
    /// The result; 0 for another number of operands, which no plan has.
    fn of(self, operands: &[i64]) -> i64 {
        match (self, operands) {
            (Exact::One(of), [x]) => of(*x),
            (Exact::Two(of), [x, y]) => of(*x, *y),
            _ => 0,
        }
    }
}

/// The operands of the least result, and those of the greatest.
pub fn at_ends<T: Clone>(moves: &[Moves], operands: &[Interval<T>]) -> Interval<Vec<T>> {
    let each = |upwards: Moves| {
        let end = |(x, moves): (&Interval<T>, &Moves)| if *moves == upwards { x.low.clone() } else { x.high.clone() };
        operands.iter().zip(moves).map(end).collect()
    };
    Interval { low: each(Moves::Up), high: each(Moves::Down) }
}
