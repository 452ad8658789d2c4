//! Numbers, dates and times as written, given the type that is expected of them.

use crate::diagnostics::{Diagnostic, codes};
use crate::syntax::tree::{self, Number, Unit};
use crate::text::Span;
use crate::types::expressions::terms::constant;
use crate::types::{Builder, Typed};
use crate::values::calendar::{LocalTime, days_from_date, instant_from_local};
use crate::values::dimension;
use crate::values::types::Type;

impl Builder<'_> {
    /// A number. Without a unit it takes the unit that is expected; with one, it must be of that unit or a duration.
    pub(in crate::types) fn number(&mut self, number: &Number, expected: Option<&Type>) -> Option<Typed> {
        let expected_unit = match expected {
            Some(Type::Number { unit, .. }) => unit.as_deref(),
            _ => None,
        };
        if let Some(days) = in_days(number, expected_unit) {
            return self.number(&days, expected);
        }
        if let Some(unit) = &number.unit {
            let as_number = expected_unit.is_some_and(|e| dimension::same(e, &unit.text));
            if !as_number && dimension::milliseconds(&unit.text).is_some() {
                let value = self.reader().in_milliseconds(number)?;
                return Some(Typed { expr: constant(value), ty: Type::Duration });
            }
            let ty = Type::Number { places: number.places, unit: Some(unit.text.clone()) };
            return Some(Typed { expr: constant(self.reader().scaled(number, number.places)?), ty });
        }
        if matches!(expected, Some(Type::Duration)) {
            if number.digits == 0 {
                return Some(Typed { expr: constant(0), ty: Type::Duration });
            }
            self.reader().in_milliseconds(number)?;
        }
        let ty = Type::Number { places: number.places, unit: expected_unit.map(str::to_owned) };
        Some(Typed { expr: constant(self.reader().scaled(number, number.places)?), ty })
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
}

/// `34 weeks` where a number of days is expected: 238 of them.
fn in_days(number: &Number, expected_unit: Option<&str>) -> Option<Number> {
    let days = expected_unit.filter(|unit| dimension::same(unit, "days"))?;
    let unit = number.unit.as_ref().filter(|unit| dimension::same(&unit.text, "weeks"))?;
    let digits = number.digits.checked_mul(7)?;
    Some(Number { digits, unit: Some(Unit { text: days.to_owned(), span: unit.span }), ..number.clone() })
}
