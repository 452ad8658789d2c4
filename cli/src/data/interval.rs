//! Values known only to lie in a range: `<0.5` from a laboratory, a day where an instant is wanted, from one value to another.

use super::value::{ValueFault, in_range};
use concord_engine::plan::case::{Datum, When};
use concord_engine::plan::{Class, Shape};
use concord_engine::values::calendar::{FIRST_INSTANT, LAST_INSTANT, read_date, read_instant};
use concord_engine::values::interval::{Edge, day};
use concord_engine::values::types::Type;

/// The least and the greatest value that a text may mean.
pub type Ends = (i64, i64);

/// Whether a type's values have an order, so that they can be given as a range.
#[must_use]
pub fn is_ordered(ty: &Type, shape: Shape) -> bool {
    shape.class == Class::Range && !matches!(ty, Type::YesNo | Type::Code | Type::NhsNumber)
}

/// A value known to lie between two, both in the declared range.
///
/// # Errors
/// That it does not, or that the range ends below its start.
pub fn between(shape: Shape, (low, high): Ends) -> Result<Datum, ValueFault> {
    if low > high {
        return Err(ValueFault::Backwards);
    }
    in_range(shape, low)?;
    in_range(shape, high)?;
    Ok(Datum::between(low, high))
}

/// A value beyond another.
///
/// # Errors
/// That no declared value is.
pub fn beyond(shape: Shape, edge: Edge, ends: Ends) -> Result<Datum, ValueFault> {
    let (low, high) = edge.within((shape.low, shape.high), ends).ok_or(ValueFault::OutOfRange)?;
    Ok(Datum::between(low, high))
}

/// A value beyond one in another unit.
///
/// # Errors
/// That none of these lies between two declared values.
pub fn beyond_converted(shape: Shape, edge: Edge, ends: Ends) -> Result<Datum, ValueFault> {
    let (low, high) = edge.within_converted((shape.low, shape.high), ends).ok_or(ValueFault::OutOfRange)?;
    Ok(Datum::between(low, high))
}

/// An instant, or the first and the last millisecond of a day in London.
///
/// # Errors
/// A sentence that says what is wrong.
pub fn read_moment(text: &str) -> Result<Ends, &'static str> {
    match read_date(text) {
        Ok(date) => Ok(day(date)),
        Err(_) => read_instant(text).map(|at| (at, at)),
    }
}

/// When an event happened that happened between two instants.
///
/// # Errors
/// That the second is before the first.
pub fn when((first, last): Ends) -> Result<When, ValueFault> {
    if first > last {
        return Err(ValueFault::Backwards);
    }
    Ok(When::between(first.max(FIRST_INSTANT), last.min(LAST_INSTANT)))
}
