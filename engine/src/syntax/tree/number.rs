//! Numbers, units and dates as written.

use crate::text::{Span, Spanned};

/// A number as written: `−3`, `2.05`, `1_000`; and its unit, if any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    /// All digits as one integer: 205 for `2.05`; negative with a leading minus.
    pub digits: i64,
    /// Digits after the point: 2 for `2.05`.
    pub places: u8,
    /// Unit written after it.
    pub unit: Option<Unit>,
    /// Number and unit.
    pub span: Span,
}

/// A unit as written: `min`, `mmol/L`, `%`, `per min`, `°C`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Spelling with single spaces, `per min` kept as such.
    pub text: String,
    /// Where.
    pub span: Span,
}

/// A calendar date as written; validity of the day is checked by the parser.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    /// Year, 1900 to 2199.
    pub year: i32,
    /// Month 1 to 12.
    pub month: u8,
    /// Day of the month.
    pub day: u8,
}

/// A value with the date from which it holds.
#[derive(Clone, Debug)]
pub struct Dated<T> {
    /// The value.
    pub value: T,
    /// `from 2026-03-01`; absent: always.
    pub from: Option<Spanned<Date>>,
}
