//! One value in the notation of `cases.md`, checked against its declared type and range.

use super::interval::{Ends, between, beyond, beyond_converted, is_ordered};
use super::number::read_decimal;
use super::value::{self, ValueFault};
use concord_engine::plan::Input;
use concord_engine::plan::case::Datum;
use concord_engine::syntax::tree::{Expr, ExprKind, Number, Supplied};
use concord_engine::values::calendar::{DAY, LocalTime, days_from_date, instant_from_local};
use concord_engine::values::codes::Codebook;
use concord_engine::values::dimension;
use concord_engine::values::interval::day;
use concord_engine::values::types::{Type, decimal};

/// What is supplied of a fact or of a field.
pub(super) fn read_supplied(input: &Input, said: &Supplied, codes: &mut Codebook<'_>) -> Result<Datum, ValueFault> {
    let shape = input.shape;
    match said {
        Supplied::Value(value) if matches!(value.kind, ExprKind::None) => value::none(shape),
        Supplied::Value(Expr { kind: ExprKind::Text(code), .. }) if input.ty == Type::Code => value::code(code, codes),
        Supplied::Value(value) if input.ty != Type::Instant => {
            if let Some(ends) = in_other_unit(input, value) {
                return between(shape, ends?);
            }
            read_value(&input.ty, value).and_then(|read| value::in_range(shape, read.ok_or(ValueFault::WrongKind)?))
        }
        _ if !is_ordered(&input.ty, shape) => Err(ValueFault::WrongKind),
        Supplied::Beyond(sign, value) => match in_other_unit(input, value) {
            Some(ends) => beyond_converted(shape, *sign, ends?),
            None => beyond(shape, *sign, ends_of(&input.ty, value)?),
        },
        Supplied::Range(from, to) => {
            let ends = |value| in_other_unit(input, value).unwrap_or_else(|| ends_of(&input.ty, value));
            between(shape, (ends(from)?.0, ends(to)?.1))
        }
        said => between(shape, read_ends(&input.ty, (shape.low, shape.high), said)?),
    }
}

/// The two values between which a number in another of its declared units lies; nothing where it is in no such unit.
fn in_other_unit(input: &Input, value: &Expr) -> Option<Result<Ends, ValueFault>> {
    let (ExprKind::Number(number), Type::Number { places, .. }) = (&value.kind, &input.ty) else { return None };
    let unit = number.unit.as_ref()?;
    let other = input.also.iter().find(|other| dimension::same(&other.unit, &unit.text))?;
    let ends = other.conversion.ends(number.digits, number.places, *places);
    Some(ends.ok_or(ValueFault::OutOfRange))
}

/// The least and the greatest value that is meant.
pub(super) fn read_ends(ty: &Type, declared: Ends, said: &Supplied) -> Result<Ends, ValueFault> {
    match said {
        Supplied::Value(value) => ends_of(ty, value),
        Supplied::Range(from, to) => Ok((ends_of(ty, from)?.0, ends_of(ty, to)?.1)),
        Supplied::Beyond(sign, value) => sign.within(declared, ends_of(ty, value)?).ok_or(ValueFault::OutOfRange),
    }
}

/// A value, or the first and the last millisecond of a day where an instant is meant.
fn ends_of(ty: &Type, value: &Expr) -> Result<Ends, ValueFault> {
    let is_day = *ty == Type::Instant && matches!(value.kind, ExprKind::Date(_));
    let read = read_value(if is_day { &Type::Date } else { ty }, value)?.ok_or(ValueFault::WrongKind)?;
    Ok(if is_day { day(read) } else { (read, read) })
}

/// A value as it is written in a case; none for `none`. Its range is not checked.
pub(super) fn read_value(ty: &Type, value: &Expr) -> Result<Option<i64>, ValueFault> {
    let read = match (&value.kind, ty) {
        (ExprKind::None, _) => return Ok(None),
        (ExprKind::YesNo(yes), Type::YesNo) => i64::from(*yes),
        (ExprKind::Number(number), Type::Number { places, unit }) if in_unit(number, unit.as_deref()) => {
            read_decimal(&decimal(number.digits, number.places), *places).map_err(value::number_fault)?
        }
        (ExprKind::Number(number), Type::Number { places, unit }) if is_weeks_of_days(number, unit.as_deref()) => {
            let days = number.digits.checked_mul(7).ok_or(ValueFault::OutOfRange)?;
            read_decimal(&decimal(days, number.places), *places).map_err(value::number_fault)?
        }
        (ExprKind::Number(number), Type::Duration) => milliseconds(number)?,
        (ExprKind::Path(path), Type::Enum { variants, .. }) => {
            // A path has a part; no choice is called as nothing.
            value::variant(variants, path.parts.last().map_or("", |part| part.node.as_str()))?
        }
        (ExprKind::Text(number), Type::NhsNumber) => value::nhs_number(number)?,
        (ExprKind::Date(date), Type::Date) => {
            let days = days_from_date(date.year.into(), date.month.into(), date.day.into());
            days.ok_or(ValueFault::BadTime("there is no such day in the calendar"))?
        }
        (ExprKind::TimeOfDay(milliseconds), Type::TimeOfDay) => *milliseconds,
        (ExprKind::DateTime { civil_ms, utc: true }, Type::Instant) => *civil_ms,
        (ExprKind::DateTime { civil_ms, utc: false }, Type::Instant) => match instant_from_local(*civil_ms) {
            LocalTime::One(instant) => instant,
            LocalTime::Twice(..) => {
                return Err(ValueFault::BadTime("the clock shows this time twice: write BST or GMT after it"));
            }
            LocalTime::Never(_) => {
                return Err(ValueFault::BadTime("the clock never shows this time: it goes forward over it"));
            }
        },
        (ExprKind::Date(_), Type::Instant) => {
            return Err(ValueFault::BadTime("a day alone is no time: write 2026-03-29 09:00"));
        }
        _ => return Err(ValueFault::WrongKind),
    };
    Ok(Some(read))
}

fn in_unit(number: &Number, declared: Option<&str>) -> bool {
    match (&number.unit, declared) {
        (None, _) => true,
        (Some(unit), Some(declared)) => dimension::same(&unit.text, declared),
        (Some(_), None) => false,
    }
}

/// `30 weeks` of what is declared in days.
fn is_weeks_of_days(number: &Number, declared: Option<&str>) -> bool {
    let in_weeks = number.unit.as_ref().is_some_and(|unit| dimension::same(&unit.text, "weeks"));
    in_weeks && declared.is_some_and(|declared| dimension::same(declared, "days"))
}

fn milliseconds(number: &Number) -> Result<i64, ValueFault> {
    let unit = number.unit.as_ref().and_then(|unit| dimension::milliseconds(&unit.text));
    let unit = match unit {
        Some(unit) => unit,
        None if number.digits == 0 => DAY,
        None => return Err(ValueFault::WrongKind),
    };
    let scale = 10_i64.checked_pow(number.places.into()).ok_or(ValueFault::TooPrecise)?;
    let product = number.digits.checked_mul(unit).ok_or(ValueFault::OutOfRange)?;
    if product % scale == 0 { Ok(product / scale) } else { Err(ValueFault::TooPrecise) }
}
