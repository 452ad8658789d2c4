//! One value from text, checked against its declared type and range; what is wrong is said without the value itself.

use super::duration::read_duration;
use super::number::{NumberFault, read_decimal};
use concord_engine::plan::belongs::expected;
use concord_engine::plan::case::Datum;
use concord_engine::plan::{Contract, Input, Parameter, Shape};
use concord_engine::syntax::spelling::nearest;
use concord_engine::values::calendar;
use concord_engine::values::codes::Codebook;
use concord_engine::values::nhs_number::{self, NotOne};
use concord_engine::values::types::Type;

/// What to do about a point that may stand between thousands.
const THOUSANDS: &str = "where they are thousands, have it exported without the point, or let a script take it out; where they are decimals, say `times = \"1\"`";
/// What is said of a code that a spreadsheet has spoilt.
pub const SPOILT: &str = "a code as a spreadsheet writes a number (`3.9E+16`, `=\"…\"`, `'…`, `….0`), or one of which it kept 15 digits: have the column exported as text";

/// Why a value is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValueFault {
    /// Another kind of value than the type asks for.
    WrongKind,
    /// Outside the declared range.
    OutOfRange,
    /// More digits after the point than declared.
    TooPrecise,
    /// No variant of the enum is called so; the nearest one, if any is near.
    UnknownVariant(Option<String>),
    /// Not a date or time; the sentence says why.
    BadTime(&'static str),
    /// An NHS number whose last digit does not fit the others.
    CheckDigit,
    /// Recorded as none, where the type is not optional.
    NotOptional,
    /// A range that ends below its start.
    Backwards,
    /// In a unit that its fact does not declare.
    UnknownUnit,
    /// A whole number with three digits behind its point, which may stand between thousands.
    Thousands,
    /// A code as a spreadsheet writes a number, or what it left of one.
    Spoilt,
}

impl ValueFault {
    /// The stable code of the error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            ValueFault::WrongKind | ValueFault::Spoilt => "D07",
            ValueFault::OutOfRange | ValueFault::Backwards => "D08",
            ValueFault::TooPrecise | ValueFault::Thousands => "D09",
            ValueFault::UnknownVariant(_) => "D10",
            ValueFault::BadTime(why) => code_of_time(why),
            ValueFault::NotOptional => "D16",
            ValueFault::CheckDigit => "D21",
            ValueFault::UnknownUnit => "D23",
        }
    }

    /// What is wrong, in one clause that does not repeat the value.
    #[must_use]
    pub fn reason(&self, input: &Input) -> String {
        let expected = expected(&input.ty, input.shape);
        match self {
            ValueFault::WrongKind => format!("expected {expected}"),
            ValueFault::OutOfRange => format!("out of range: expected {expected}"),
            ValueFault::TooPrecise => format!("more precise than declared: expected {expected}"),
            ValueFault::UnknownVariant(_) => format!("not a known value: expected {expected}"),
            ValueFault::Thousands => {
                format!("three digits behind the point: thousands, or decimals? Expected {expected}; {THOUSANDS}")
            }
            ValueFault::Spoilt => SPOILT.to_owned(),
            ValueFault::BadTime(why) => (*why).to_owned(),
            ValueFault::Backwards => "the range ends below its start".to_owned(),
            ValueFault::CheckDigit => "an NHS number whose last digit does not fit the others".to_owned(),
            ValueFault::UnknownUnit => {
                format!("not in a unit that is declared: expected {expected}{}", other_units(input))
            }
            ValueFault::NotOptional => {
                format!("recorded as none, which its type does not allow: expected {expected}")
            }
        }
    }
}

/// `, or in mg/dL`
fn other_units(input: &Input) -> String {
    input.also.iter().map(|other| format!(", or in {}", other.unit)).collect()
}

/// The code of a time that cannot be read, by the reason.
#[must_use]
pub fn code_of_time(why: &str) -> &'static str {
    if why == calendar::TOO_FINE { "D20" } else { "D11" }
}

/// The value, if it lies in the declared range.
///
/// # Errors
/// [`ValueFault::OutOfRange`].
pub fn in_range(shape: Shape, value: i64) -> Result<Datum, ValueFault> {
    if (shape.low..=shape.high).contains(&value) { Ok(Datum::Known(value)) } else { Err(ValueFault::OutOfRange) }
}

/// Recorded as none, if the type allows it.
///
/// # Errors
/// [`ValueFault::NotOptional`].
pub fn none(shape: Shape) -> Result<Datum, ValueFault> {
    if shape.optional { Ok(Datum::None) } else { Err(ValueFault::NotOptional) }
}

/// A number from its text, exact.
///
/// # Errors
/// What is wrong with it.
pub fn read_number(text: &str, places: u8, shape: Shape) -> Result<Datum, ValueFault> {
    in_range(shape, read_decimal(text, places).map_err(number_fault)?)
}

/// A fault of a numeral as a fault of a value.
#[must_use]
pub fn number_fault(fault: NumberFault) -> ValueFault {
    match fault {
        NumberFault::NotANumber => ValueFault::WrongKind,
        NumberFault::TooPrecise => ValueFault::TooPrecise,
        NumberFault::TooLarge => ValueFault::OutOfRange,
    }
}

/// A code, of those that the package lists or the case brings.
///
/// # Errors
/// [`ValueFault::WrongKind`].
pub fn code(text: &str, codes: &mut Codebook<'_>) -> Result<Datum, ValueFault> {
    codes.number(text).map(Datum::Known).ok_or(ValueFault::WrongKind)
}

/// A value of a type that is written as text: enums, durations, instants, dates, times of day.
///
/// # Errors
/// What is wrong with it; [`ValueFault::WrongKind`] for numbers, yes/no and codes.
pub fn read_text(ty: &Type, shape: Shape, text: &str) -> Result<Datum, ValueFault> {
    in_range(shape, scaled(ty, text)?)
}

/// A value of a type as the integer that stands for it; see [`read_text`].
///
/// # Errors
/// What is wrong with it.
pub fn scaled(ty: &Type, text: &str) -> Result<i64, ValueFault> {
    Ok(match ty {
        Type::Enum { variants, .. } => variant(variants, text)?,
        Type::Duration => {
            read_duration(text).ok_or(ValueFault::BadTime("expected a duration such as 1 h 30 min or PT1H30M"))?
        }
        Type::Instant => calendar::read_instant(text).map_err(ValueFault::BadTime)?,
        Type::Date => calendar::read_date(text).map_err(ValueFault::BadTime)?,
        Type::NhsNumber => nhs_number(text)?,
        Type::TimeOfDay => {
            let why = "expected a time of day such as 09:30";
            let why = if calendar::is_too_fine(text) { calendar::TOO_FINE } else { why };
            calendar::read_clock(text).ok_or(ValueFault::BadTime(why))?
        }
        Type::YesNo | Type::Number { .. } | Type::Organisation | Type::Text | Type::Code => {
            return Err(ValueFault::WrongKind);
        }
    })
}

/// An NHS number, with its check digit.
///
/// # Errors
/// Not ten digits, or a last digit that does not fit.
pub fn nhs_number(text: &str) -> Result<i64, ValueFault> {
    nhs_number::read(text).map_err(|why| match why {
        NotOne::Form => ValueFault::WrongKind,
        NotOne::Check => ValueFault::CheckDigit,
    })
}

/// The place of a variant by its name.
///
/// # Errors
/// [`ValueFault::UnknownVariant`].
pub fn variant(variants: &[String], text: &str) -> Result<i64, ValueFault> {
    variants.iter().position(|variant| variant == text).and_then(|place| i64::try_from(place).ok()).ok_or_else(|| {
        ValueFault::UnknownVariant(nearest(text, variants.iter().map(String::as_str)).map(str::to_owned))
    })
}

/// Whether members may set a parameter to a value.
///
/// # Errors
/// Why not.
pub fn within_contract(parameter: &Parameter, value: i64) -> Result<(), String> {
    let why = match parameter.contract {
        Contract::Fixed => "the standard fixes it for every member".to_owned(),
        Contract::Within(low, high) if !(low..=high).contains(&value) => {
            format!("members may set it between {} and {}", parameter.ty.show(low), parameter.ty.show(high))
        }
        Contract::Within(..) => return Ok(()),
    };
    Err(format!("`{}` may not be set to {}: {why}", parameter.name, parameter.ty.show(value)))
}
