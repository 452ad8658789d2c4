//! What a value of a type looks like, in words: said where another stands.

use super::{Contract, Parameter, Shape};
use crate::values::types::Type;

/// What a value of the type looks like: `a whole number from 0 to 130 years`.
#[must_use]
pub fn expected(ty: &Type, shape: Shape) -> String {
    let range = || format!("from {} to {}", ty.show_bare(shape.low), ty.show(shape.high));
    match ty {
        Type::YesNo => "yes or no (true or false)".to_owned(),
        Type::Number { places: 0, .. } => format!("a whole number {}", range()),
        Type::Number { places: 1, .. } => {
            format!("a number {} with at most 1 digit after the point", range())
        }
        Type::Number { places, .. } => {
            format!("a number {} with at most {places} digits after the point", range())
        }
        Type::Enum { variants, .. } => format!("one of {}", variants.join(", ")),
        Type::Duration => format!("a duration such as 1 h 30 min, {}", range()),
        Type::Instant => "a time with its zone, such as 2026-03-29T09:00:00Z".to_owned(),
        Type::Date => format!("a date such as 2026-03-29, {}", range()),
        Type::TimeOfDay => "a time of day such as 09:30".to_owned(),
        Type::Organisation => "an organisation code".to_owned(),
        Type::Text => "text".to_owned(),
        Type::NhsNumber => "an NHS number: ten digits, as text".to_owned(),
        Type::Code => "a code: up to 40 characters that can be seen, as text".to_owned(),
    }
}

/// What a code that a member sets may be: one that has a number of its own, or that the package gives one. Only a case brings others.
pub const SETTING_CODE: &str =
    "a code: up to 11 letters, digits or any of . - _, up to 18 digits, or one that the package names";

/// The values that a member may set a parameter to; of one that the standard fixes, all that it might have.
#[must_use]
pub fn setting_shape(parameter: &Parameter) -> Shape {
    let (low, high) = match parameter.contract {
        Contract::Fixed => (parameter.shape.low, parameter.shape.high),
        Contract::Within(low, high) => (low, high),
    };
    Shape { low, high, optional: false, ..parameter.shape }
}

/// What such a value looks like, in words: `a duration such as 1 h 30 min, from 30 min to 1 h`, `one of discharged, appointment`.
#[must_use]
pub fn expected_setting(parameter: &Parameter) -> String {
    let shape = setting_shape(parameter);
    match &parameter.ty {
        Type::Enum { variants, .. } => {
            let may = (0_i64..).zip(variants).filter(|(place, _)| (shape.low..=shape.high).contains(place));
            format!("one of {}", may.map(|(_, name)| name.as_str()).collect::<Vec<_>>().join(", "))
        }
        Type::Code => SETTING_CODE.to_owned(),
        ty => expected(ty, shape),
    }
}
