//! Decimal numbers as FHIR writes them, exactly.

use concord_engine::values::dimension::Conversion;
use concord_engine::values::types::decimal;

/// More digits than any measurement has; what has more is not read.
const MOST_DIGITS: u32 = 24;

/// A number: its digits, and how many stand after the point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number {
    digits: i128,
    places: u32,
}

impl Number {
    /// `37.10`, `-4`, `1.2e-3`; none of another text, or of too many digits.
    pub fn read(text: &str) -> Option<Number> {
        let (figures, power) = match text.split_once(['e', 'E']) {
            Some((figures, power)) => (figures, power.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (whole, fraction) = figures.split_once('.').unwrap_or((figures, ""));
        let digits: i128 = format!("{whole}{fraction}").parse().ok()?;
        let places = i32::try_from(fraction.len()).ok()?.checked_sub(power)?;
        let (digits, places) = match u32::try_from(places) {
            Ok(places) => (digits, places),
            Err(_) => (digits.checked_mul(10_i128.checked_pow(places.unsigned_abs())?)?, 0),
        };
        let fits = digits.unsigned_abs() < 10_u128.pow(MOST_DIGITS) && places <= MOST_DIGITS;
        fits.then_some(Number { digits, places })
    }

    /// The values next below and above it in another unit, at so many places: twice the same where it is one.
    pub fn ends(self, into: Conversion, wanted: u8) -> Option<(i64, i64)> {
        let scale = 10_i128.checked_pow(self.places)?;
        let top = self.digits.checked_mul(into.times.into())?.checked_add(scale.checked_mul(into.plus.into())?)?;
        let top = top.checked_mul(10_i128.checked_pow(wanted.into())?)?;
        let below = scale.checked_mul(into.over.into())?;
        let low = top.checked_div_euclid(below)?;
        let high = low + i128::from(top.checked_rem_euclid(below)? != 0);
        Some((i64::try_from(low).ok()?, i64::try_from(high).ok()?))
    }
}

/// A value of so many places as a case has it.
pub fn written(value: i64, places: u8) -> serde_json::Value {
    serde_json::from_str(&decimal(value, places)).unwrap_or(serde_json::Value::Null)
}
