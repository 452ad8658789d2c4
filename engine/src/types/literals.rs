//! Numbers, dates and times as written, given the type that is expected of them.

use super::{Builder, Typed};
use crate::diagnostics::{Diagnostic, codes};
use crate::plan::{Expr, Op, Shape};
use crate::syntax::tree::{self, Number};
use crate::text::Span;
use crate::values::calendar::{LocalTime, days_from_date, instant_from_local};
use crate::values::dimension;
use crate::values::types::Type;

/// A known number as an expression.
pub(super) fn constant(value: i64) -> Expr {
    Expr { op: Op::Constant(value), shape: Shape::range(value, value) }
}

impl Builder<'_> {
    /// A number. Without a unit it takes the unit that is expected; with one, it must be of that unit or a duration.
    pub(super) fn number(&mut self, number: &Number, expected: Option<&Type>) -> Option<Typed> {
        let expected_unit = match expected {
            Some(Type::Number { unit, .. }) => unit.as_deref(),
            _ => None,
        };
        if let Some(unit) = &number.unit {
            let as_number = expected_unit.is_some_and(|e| dimension::same(e, &unit.text));
            if !as_number && dimension::milliseconds(&unit.text).is_some() {
                let value = self.in_milliseconds(number)?;
                return Some(Typed { expr: constant(value), ty: Type::Duration });
            }
            let ty = Type::Number { places: number.places, unit: Some(unit.text.clone()) };
            return Some(Typed { expr: constant(self.scaled(number, number.places)?), ty });
        }
        if matches!(expected, Some(Type::Duration)) {
            if number.digits == 0 {
                return Some(Typed { expr: constant(0), ty: Type::Duration });
            }
            self.in_milliseconds(number)?;
        }
        let ty = Type::Number { places: number.places, unit: expected_unit.map(str::to_owned) };
        Some(Typed { expr: constant(self.scaled(number, number.places)?), ty })
    }

    pub(super) fn date(&mut self, date: tree::Date, span: Span) -> Option<Typed> {
        let days = days_from_date(i64::from(date.year), i64::from(date.month), i64::from(date.day));
        match days {
            Some(days) => Some(Typed { expr: constant(days), ty: Type::Date }),
            None => self.error(codes::E0104, span, "there is no such day in the calendar", "not a date"),
        }
    }

    /// A moment as written: UTC with `Z`, otherwise the clock on the wall in London.
    pub(super) fn moment(&mut self, civil_ms: i64, utc: bool, span: Span) -> Option<Typed> {
        let instant = if utc { LocalTime::One(civil_ms) } else { instant_from_local(civil_ms) };
        let instant = match instant {
            LocalTime::One(instant) => instant,
            LocalTime::Twice(..) => {
                let fault = Diagnostic::error(
                    codes::E0606,
                    span,
                    "this time comes twice: the clocks go back that night",
                    "summer or winter time?",
                );
                return self.fault(fault.help("write `01:30 BST` for summer time and `01:30 GMT` for winter time"));
            }
            LocalTime::Never(_) => {
                let fault = Diagnostic::error(
                    codes::E0606,
                    span,
                    "this time does not exist: the clocks go forward that night",
                    "no such time",
                );
                return self.fault(fault.help("write a time before 01:00 or from 02:00 on, or in UTC with a `Z`"));
            }
        };
        Some(Typed { expr: constant(instant), ty: Type::Instant })
    }

    /// Brings an expression to exactly `ty` (more decimal places where needed), or reports why it cannot be.
    pub(super) fn fit(&mut self, typed: Typed, ty: &Type, span: Span) -> Option<Typed> {
        if let (Type::Number { places, unit }, Type::Number { places: wanted, unit: wanted_unit }) = (&typed.ty, ty) {
            self.same_unit(unit.as_deref(), wanted_unit.as_deref(), span)?;
            let Some(more) = wanted.checked_sub(*places) else {
                return self.too_precise(&typed, *places, *wanted, ty, span);
            };
            let expr = self.scale_up(typed.expr, more, span)?;
            return Some(Typed { expr, ty: ty.clone() });
        }
        let none = matches!(typed.expr.op, Op::None);
        if typed.ty == *ty || none {
            Some(Typed { ty: ty.clone(), ..typed })
        } else {
            self.wrong_type(&typed.ty, ty, span)
        }
    }

    /// Trailing zeros may go; anything else is a value that cannot be recorded.
    fn too_precise(&mut self, typed: &Typed, places: u8, wanted: u8, ty: &Type, span: Span) -> Option<Typed> {
        let by = 10_i64.checked_pow(u32::from(places - wanted)).unwrap_or(i64::MAX);
        if let Op::Constant(value) = typed.expr.op
            && value % by == 0
        {
            return Some(Typed { expr: constant(value / by), ty: ty.clone() });
        }
        let record = match wanted {
            0 => "whole numbers".to_owned(),
            1 => "one decimal place".to_owned(),
            n => format!("{n} decimal places"),
        };
        let fault =
            Diagnostic::error(codes::E0607, span, format!("this is recorded to {record}"), "more precise than that");
        self.fault(fault.help("no recorded value can lie between: use the nearest value that can be recorded, or declare more decimal places"))
    }

    /// Multiplies by 10 to the power of `places`.
    pub(super) fn scale_up(&mut self, expr: Expr, places: u8, span: Span) -> Option<Expr> {
        let Some(by) = 10_i64.checked_pow(u32::from(places)) else {
            return self.error(codes::E0604, span, "too many decimal places", "cannot be held exactly");
        };
        match expr.op {
            _ if by == 1 => Some(expr),
            Op::Constant(value) => match value.checked_mul(by) {
                Some(value) => Some(constant(value)),
                None => self.error(codes::E0604, span, "the number is too large to be held exactly", "too large"),
            },
            _ => self.multiply(expr, constant(by), span),
        }
    }

    /// Whether two units agree; if not, says which conversion would do.
    pub(super) fn same_unit(&mut self, found: Option<&str>, wanted: Option<&str>, span: Span) -> Option<()> {
        let (found, wanted) = match (found, wanted) {
            (None, None) => return Some(()),
            (Some(a), Some(b)) if dimension::same(a, b) => return Some(()),
            (found, wanted) => (found.unwrap_or("no unit"), wanted.unwrap_or("no unit")),
        };
        let title = format!("`{found}` stands where `{wanted}` is meant");
        let fault = Diagnostic::error(codes::E0502, span, title, format!("in {found}"));
        let help = if dimension::same_dimension(found, wanted) {
            format!("write the value in {wanted}: both measure the same, but the language never converts in silence")
        } else {
            match super::functions::conversions(found, wanted) {
                None => "the two measure different things; check which fact is meant".to_owned(),
                Some(named) => format!(
                    "between mass and amount it hangs on the substance: give the figure in {wanted} as its source does, or convert a value with {named}"
                ),
            }
        };
        self.fault(fault.help(help))
    }

    pub(super) fn wrong_type<T>(&mut self, found: &Type, wanted: &Type, span: Span) -> Option<T> {
        let title = format!("{} stands where {} is meant", describe(found), describe(wanted));
        let fault = Diagnostic::error(codes::E0503, span, title, format!("this is {}", describe(found)));
        self.fault(match (found, wanted) {
            (Type::Number { .. }, Type::Duration) => fault.help("a duration has a unit: `1 h`, `30 min`, `126 days`"),
            (Type::Instant, Type::Date) | (Type::Date, Type::Instant) => {
                fault.help("a date is a day; an instant is a moment")
            }
            _ => fault,
        })
    }
}

/// A type for messages: `a number in mmHg`, `yes/no`, `a Scale`.
pub(super) fn describe(ty: &Type) -> String {
    match ty {
        Type::YesNo => "yes/no".to_owned(),
        Type::Number { unit: None, .. } => "a number".to_owned(),
        Type::Number { unit: Some(unit), .. } => format!("a number in {unit}"),
        Type::Enum { name, .. } => format!("a choice of `{name}`"),
        Type::Duration => "a duration".to_owned(),
        Type::Instant => "a moment in time".to_owned(),
        Type::Date => "a date".to_owned(),
        Type::TimeOfDay => "a time of day".to_owned(),
        Type::Organisation => "an organisation".to_owned(),
        Type::Text => "text".to_owned(),
        Type::Code => "a code".to_owned(),
    }
}
