//! Division, published formulas, functions of times, lists, and the calendar, on possible values.
//!
//! What only grows or only falls with its operand is worked out at both ends, and what begins anew with each day, month or year within one.

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
    // There are four corners, so there is a least.
    let least = corners.iter().copied().min().unwrap_or(0);
    // And a greatest.
    let greatest = corners.iter().copied().max().unwrap_or(0);
    (least, greatest)
}

pub(super) fn formula(formula: &Formula, operands: impl Iterator<Item = Value>) -> Value {
    worked_out(operands, |ends| formula.ends(&mut Host::for_answers(), ends))
}

/// What comes of several ranges by their ends; where one of them is none, so is the result.
pub(super) fn worked_out(
    operands: impl Iterator<Item = Value>,
    of: impl FnOnce(&[Interval<i64>]) -> Interval<i64>,
) -> Value {
    let operands: Vec<Value> = operands.collect();
    let may_be_some = operands.iter().all(|x| x.may_be_some);
    let ends: Vec<Interval<i64>> = operands.iter().map(|x| Interval { low: x.low, high: x.high }).collect();
    let found = if may_be_some { of(&ends) } else { Interval::point(0) };
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

pub(super) fn add_working_days(date: Value, count: Value, holidays: &[i64]) -> (i64, i64) {
    (working_days::after(date.low, count.low, holidays), working_days::after(date.high, count.high, holidays))
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
    let between = |start, end| calendar::overlap(start, end, from, until);
    (between(start.high, end.low), between(start.low, end.high))
}
