//! Division, published formulas, lists, and the calendar, on possible values.
//!
//! What only grows with its operand is worked out at both ends. What does not is exact where the operand is known and
//! otherwise everything it could ever be.

use super::Value;
use crate::plan::formula::Formula;
use crate::plan::{Class, Rounding};
use crate::values::real::Host;
use crate::values::real::interval::Interval;
use crate::values::rounding::quotient;
use crate::values::{calendar, working_days};

pub(super) fn divide(a: Value, b: Value, how: Rounding) -> (i64, i64) {
    let corners = [
        quotient(a.low, b.low, how),
        quotient(a.low, b.high, how),
        quotient(a.high, b.low, how),
        quotient(a.high, b.high, how),
    ];
    let least = corners.iter().copied().min().unwrap_or(0);
    let greatest = corners.iter().copied().max().unwrap_or(0);
    (least, greatest)
}

/// The operands as they are; where one is none, so is the formula.
pub(super) fn formula(formula: &Formula, operands: &[Value]) -> Value {
    let may_be_some = operands.iter().all(|x| x.may_be_some);
    let ends: Vec<Interval<i64>> = operands.iter().map(|x| Interval { low: x.low, high: x.high }).collect();
    let found = if may_be_some { formula.ends(&mut Host::for_answers(), &ends) } else { Interval::point(0) };
    Value {
        low: found.low,
        high: found.high,
        may_be_some,
        may_be_none: operands.iter().any(|x| x.may_be_none),
        needs: operands.iter().fold(0, |needs, x| needs | x.needs),
    }
    .settled(Class::Range)
}

pub(super) fn in_list(x: Value, list: &[i64]) -> Value {
    x.tested_with(Value::known(0), |x, _| {
        let from = list.partition_point(|v| *v < x.low);
        let to = list.partition_point(|v| *v <= x.high);
        let within = i64::try_from(to - from).unwrap_or(i64::MAX);
        (within > 0 && within - 1 == x.high.wrapping_sub(x.low), within > 0)
    })
}

pub(super) fn local_date(x: Value) -> (i64, i64) {
    (calendar::local_date(x.low), calendar::local_date(x.high))
}

pub(super) fn local_time(x: Value) -> (i64, i64) {
    if x.low == x.high {
        let time = calendar::local_from_instant(x.low).rem_euclid(calendar::DAY);
        return (time, time);
    }
    (0, calendar::DAY - 1)
}

pub(super) fn instant_on(date: Value, time: Value) -> (i64, i64) {
    (calendar::instant_on(date.low, time.low), calendar::instant_on(date.high, time.high))
}

pub(super) fn add_working_days(date: Value, count: Value, holidays: &[i64]) -> (i64, i64) {
    (working_days::after(date.low, count.low, holidays), working_days::after(date.high, count.high, holidays))
}

pub(super) fn years_between(from: Value, to: Value) -> (i64, i64) {
    (calendar::years_between(from.high, to.low), calendar::years_between(from.low, to.high))
}

pub(super) fn weekday(date: Value) -> Value {
    let mask = if date.high - date.low >= 6 {
        0b111_1111
    } else {
        (date.low..=date.high).fold(0, |mask, day| mask | 1 << calendar::weekday(day))
    };
    Value { low: mask, high: mask, ..date }.settled(Class::Set)
}

pub(super) fn overlap(start: Value, end: Value, from: i64, until: i64) -> (i64, i64) {
    if start.low == start.high && end.low == end.high {
        let exact = calendar::overlap(start.low, end.low, from, until);
        return (exact, exact);
    }
    (0, (end.high - start.low).max(0))
}
