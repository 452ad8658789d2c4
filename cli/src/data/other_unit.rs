//! A number in one of the units that its fact declares: `1.2 mg/dL` of creatinine recorded in µmol/L. What falls between two recorded
//! values lies between them; nothing is rounded.

use super::interval::{Ends, between, beyond, beyond_converted};
use super::number::{Factor, Numeral, read_decimal, read_numeral};
use super::value::{ValueFault, number_fault};
use concord_engine::plan::Input;
use concord_engine::plan::case::Datum;
use concord_engine::values::dimension::{Conversion, same};
use concord_engine::values::interval::Edge;
use concord_engine::values::types::Type;

/// The units that a fact declares, the first first.
pub fn spelt(input: &Input) -> impl Iterator<Item = &str> {
    let declared = if let Type::Number { unit, .. } = &input.ty { unit.as_deref() } else { None };
    declared.into_iter().chain(input.also.iter().map(|other| other.unit.as_str()))
}

/// How a number in a unit becomes one in the declared unit; nothing where it is in that unit.
///
/// # Errors
/// [`ValueFault::UnknownUnit`].
pub fn factor(input: &Input, unit: &str) -> Result<Option<Factor>, ValueFault> {
    if spelt(input).next().is_some_and(|declared| same(declared, unit)) {
        return Ok(None);
    }
    let other = input.also.iter().find(|other| same(&other.unit, unit)).ok_or(ValueFault::UnknownUnit)?;
    Ok(Some(of(other.conversion)))
}

/// A conversion as a factor.
#[must_use]
pub fn of(Conversion { times, plus, over }: Conversion) -> Factor {
    Factor { times: Numeral::whole(times), plus, over }
}

/// The two values at the declared places between which a number lies; one twice where it is that one.
///
/// # Errors
/// What is wrong with the number.
pub fn ends(text: &str, factor: Option<Factor>, places: u8) -> Result<Ends, ValueFault> {
    let Some(factor) = factor else {
        return read_decimal(text, places).map(|value| (value, value)).map_err(number_fault);
    };
    let product = read_numeral(text).and_then(|number| number.times(factor, places)).map_err(number_fault)?;
    let other = product.other.unwrap_or(product.value);
    Ok((product.value.min(other), product.value.max(other)))
}

/// A number, or what lies beyond one: `1.2`, `<0.5`.
///
/// # Errors
/// What is wrong with it.
pub fn read(input: &Input, text: &str, factor: Option<Factor>, places: u8) -> Result<Datum, ValueFault> {
    match Edge::read(text) {
        Some((edge, bound)) => {
            let ends = ends(bound, factor, places)?;
            let beyond = if factor.is_some() { beyond_converted } else { beyond };
            beyond(input.shape, edge, ends)
        }
        None => between(input.shape, ends(text, factor, places)?),
    }
}
