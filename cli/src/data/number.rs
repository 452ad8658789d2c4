//! Exact decimals from text: no float stands between what was written and what is judged.

/// A decimal numeral, exact: `mantissa × 10^exponent`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Numeral {
    mantissa: i64,
    exponent: i64,
}

/// Why a numeral cannot be a value of the type asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberFault {
    /// It is not a number.
    NotANumber,
    /// It has more digits after the point than the type declares.
    TooPrecise,
    /// It is far outside any declared range.
    TooLarge,
}

/// The most significant digits that are kept; no declared range needs more.
const MAX_DIGITS: usize = 18;

/// Reads `37`, `-0.5`, `3.7e1`, `21289.0`; trailing zeros do not count as precision.
///
/// `places` is how many digits after the point the type has; the answer is scaled by it: `37.1` with one place is 371.
///
/// # Errors
/// What is wrong with it.
pub fn read_decimal(text: &str, places: u8) -> Result<i64, NumberFault> {
    if let Some(value) = usual(text.as_bytes(), places) {
        return Ok(value);
    }
    let (digits, exponent, negative) = split(text)?;
    let scale = exponent.saturating_add(i64::from(places));
    if digits.is_empty() {
        return Ok(0);
    }
    if scale < 0 {
        return Err(NumberFault::TooPrecise);
    }
    let value = scaled(&digits, scale).ok_or(NumberFault::TooLarge)?;
    Ok(if negative { -value } else { value })
}

/// A number as nearly all are written: a few digits, at most one point between them, and no more of them after it than declared.
fn usual(text: &[u8], places: u8) -> Option<i64> {
    if text.len() > 15 {
        return None;
    }
    let (mut value, mut after, mut point) = (0_i64, 0_u8, false);
    for byte in text {
        match byte {
            b'0'..=b'9' => {
                value = value * 10 + i64::from(byte - b'0');
                after += u8::from(point);
            }
            b'.' if !point => point = true,
            _ => return None,
        }
    }
    let has_digits = text.len() > usize::from(point);
    let more = places.checked_sub(after).filter(|_| has_digits)?;
    // At most 15 digits, so three more fit.
    (more <= 3).then(|| (0..more).fold(value, |value, _| value * 10))
}

/// Reads a conversion factor or another number that is not yet bound to a type.
///
/// # Errors
/// What is wrong with it; more than 18 significant digits are refused.
pub fn read_numeral(text: &str) -> Result<Numeral, NumberFault> {
    let (digits, exponent, negative) = split(text)?;
    if digits.len() > MAX_DIGITS {
        return Err(NumberFault::TooPrecise);
    }
    let size: i64 = if digits.is_empty() { 0 } else { digits.parse().map_err(|_| NumberFault::TooLarge)? };
    let mantissa = if negative { -size } else { size };
    Ok(Numeral { mantissa, exponent })
}

/// What a unit conversion multiplies by: a numeral over a whole number, so that minutes are exact hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Factor {
    /// What to multiply by.
    pub times: Numeral,
    /// What is added then, before it is divided; not 0 only of temperatures.
    pub plus: i64,
    /// What to divide by, above 0.
    pub over: i64,
}

/// A converted value at the declared places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Product {
    /// Rounded half away from zero.
    pub value: i64,
    /// The neighbour on the other side, where the exact value lies between the two.
    pub other: Option<i64>,
}

impl Numeral {
    /// A whole number.
    #[must_use]
    pub fn whole(value: i64) -> Numeral {
        Numeral { mantissa: value, exponent: 0 }
    }

    /// Whether it is 0.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self.mantissa == 0
    }

    /// The product with a factor, scaled by `places`: what a unit conversion does.
    ///
    /// # Errors
    /// [`NumberFault::TooLarge`] where it does not fit.
    pub fn times(self, factor: Factor, places: u8) -> Result<Product, NumberFault> {
        let product = i128::from(self.mantissa) * i128::from(factor.times.mantissa);
        let scale = self.exponent.saturating_add(factor.times.exponent).saturating_add(i64::from(places));
        if product == 0 && factor.plus == 0 {
            return Ok(Product { value: 0, other: None });
        }
        let top = ten_to(scale.max(0)).and_then(|ten| product.checked_mul(ten)).ok_or(NumberFault::TooLarge)?;
        let below = scale.min(0).saturating_neg();
        let plus = ten_to(i64::from(places).saturating_add(below)).and_then(|ten| ten.checked_mul(factor.plus.into()));
        let top = match factor.plus {
            0 => top,
            _ => plus.and_then(|plus| top.checked_add(plus)).ok_or(NumberFault::TooLarge)?,
        };
        let over = ten_to(below).and_then(|ten| ten.checked_mul(i128::from(factor.over)));
        let (value, other) = match over {
            Some(over) => round_half_away(top, over),
            None => (0, Some(top.signum())),
        };
        let fits = |value: i128| i64::try_from(value).map_err(|_| NumberFault::TooLarge);
        Ok(Product { value: fits(value)?, other: other.map(fits).transpose()? })
    }
}

/// Significant digits without zeros at either end, the power of ten of the last one, and the sign.
fn split(text: &str) -> Result<(String, i64, bool), NumberFault> {
    let (negative, rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, read_exponent(exponent)?),
        None => (rest, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(NumberFault::NotANumber);
    }
    let kept = digits.trim_end_matches('0');
    let dropped = length(digits.len() - kept.len());
    let exponent = exponent.saturating_sub(length(fraction.len())).saturating_add(dropped);
    Ok((kept.trim_start_matches('0').to_owned(), exponent, negative))
}

fn read_exponent(text: &str) -> Result<i64, NumberFault> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(NumberFault::NotANumber);
    }
    let size = digits.parse::<i64>().unwrap_or(i64::MAX / 4);
    Ok(if negative { -size } else { size })
}

fn length(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX / 4)
}

fn scaled(digits: &str, scale: i64) -> Option<i64> {
    let zeros = usize::try_from(scale).ok()?;
    if digits.len().checked_add(zeros)? > MAX_DIGITS {
        return None;
    }
    let ten = 10_i64.checked_pow(u32::try_from(scale).ok()?)?;
    digits.parse::<i64>().ok()?.checked_mul(ten)
}

fn ten_to(power: i64) -> Option<i128> {
    10_i128.checked_pow(u32::try_from(power).ok()?)
}

/// The nearest whole number, and the next nearest where the quotient lies between two.
fn round_half_away(value: i128, by: i128) -> (i128, Option<i128>) {
    let (quotient, remainder) = (value / by, value % by);
    let away = quotient + value.signum();
    match remainder.abs() {
        0 => (quotient, None),
        rest if rest >= by - rest => (away, Some(quotient)),
        _ => (quotient, Some(away)),
    }
}
