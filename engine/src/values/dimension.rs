//! What units measure, and how one converts to another.
//!
//! Spellings follow UCUM where clinicians do. A conversion is an exact ratio, so that a converted value is exact too;
//! conversions that depend on the substance (mg/dL of creatinine to µmol/L) are named by that substance.

/// What a unit measures, and its size in the dimension's base unit as a ratio.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unit {
    /// The dimension: units of one dimension convert by a plain ratio.
    pub dimension: &'static str,
    /// Numerator of the size.
    pub numerator: i64,
    /// Denominator of the size.
    pub denominator: i64,
    /// What is added to the numerator's product before it is divided: -160 of degrees Fahrenheit, which are (5x − 160)/9 degrees Celsius.
    pub offset: i64,
}

/// What one unit is in another: `(x × times + plus) / over`, exactly, in lowest terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conversion {
    /// What to multiply by.
    pub times: i64,
    /// What to add then.
    pub plus: i64,
    /// What to divide by then, above 0.
    pub over: i64,
}

const UNITS: &[(&str, &str, i64, i64)] = &[
    ("ms", "time", 1, 1),
    ("s", "time", 1_000, 1),
    ("min", "time", 60_000, 1),
    ("h", "time", 3_600_000, 1),
    ("day", "time", 86_400_000, 1),
    ("days", "time", 86_400_000, 1),
    ("week", "time", 604_800_000, 1),
    ("weeks", "time", 604_800_000, 1),
    ("month", "calendar months", 1, 1),
    ("months", "calendar months", 1, 1),
    ("year", "calendar months", 12, 1),
    ("years", "calendar months", 12, 1),
    ("calendar day", "calendar days", 1, 1),
    ("calendar days", "calendar days", 1, 1),
    ("working day", "working days", 1, 1),
    ("working days", "working days", 1, 1),
    ("mmHg", "pressure", 1, 1),
    ("mol/L", "amount concentration", 1_000_000_000_000, 1),
    ("mmol/L", "amount concentration", 1_000_000_000, 1),
    ("µmol/L", "amount concentration", 1_000_000, 1),
    ("umol/L", "amount concentration", 1_000_000, 1),
    ("nmol/L", "amount concentration", 1_000, 1),
    ("pmol/L", "amount concentration", 1, 1),
    ("g/L", "mass concentration", 1_000_000_000, 1),
    ("g/dL", "mass concentration", 10_000_000_000, 1),
    ("mg/dL", "mass concentration", 10_000_000, 1),
    ("mg/L", "mass concentration", 1_000_000, 1),
    ("µg/L", "mass concentration", 1_000, 1),
    ("ug/L", "mass concentration", 1_000, 1),
    ("ng/mL", "mass concentration", 1_000, 1),
    ("ng/L", "mass concentration", 1, 1),
    ("pg/mL", "mass concentration", 1, 1),
    ("kg", "mass", 1_000_000_000_000, 1),
    ("g", "mass", 1_000_000_000, 1),
    ("mg", "mass", 1_000_000, 1),
    ("µg", "mass", 1_000, 1),
    ("ug", "mass", 1_000, 1),
    ("ng", "mass", 1, 1),
    ("L", "volume", 1_000, 1),
    ("mL", "volume", 1, 1),
    ("km", "length", 1_000_000, 1),
    ("m", "length", 1_000, 1),
    ("cm", "length", 10, 1),
    ("mm", "length", 1, 1),
    ("lb", "mass", 453_592_370_000, 1),
    ("inch", "length", 127, 5),
    ("10^12/L", "cells", 1_000_000, 1),
    ("10^9/L", "cells", 1_000, 1),
    ("10^3/µL", "cells", 1_000, 1),
    ("10^3/uL", "cells", 1_000, 1),
    ("cells/µL", "cells", 1, 1),
    ("cells/uL", "cells", 1, 1),
    ("L/min", "flow", 1_440_000, 1),
    ("mL/min", "flow", 1_440, 1),
    ("mL/h", "flow", 24, 1),
    ("mL/day", "flow", 1, 1),
    ("°C", "temperature", 1, 1),
    ("°F", "temperature", 5, 9),
    ("GBP", "money", 100, 1),
    ("pence", "money", 1, 1),
];

impl Conversion {
    /// The values next below and next above a converted one, at so many places; twice the same where it falls on one. None where it
    /// is too large.
    #[must_use]
    pub fn ends(self, digits: i64, places: u8, wanted: u8) -> Option<(i64, i64)> {
        let ten = |power: u8| 10_i128.checked_pow(power.into());
        let top = i128::from(digits).checked_mul(self.times.into())?;
        let top = top.checked_add(ten(places)?.checked_mul(self.plus.into())?)?.checked_mul(ten(wanted)?)?;
        let below = ten(places)?.checked_mul(self.over.into())?;
        let low = top.div_euclid(below);
        let high = if top.rem_euclid(below) == 0 { low } else { low + 1 };
        Some((i64::try_from(low).ok()?, i64::try_from(high).ok()?))
    }

    /// Multiplication by a number: `88.42` is 8842 with two places.
    #[must_use]
    pub fn by(digits: i64, places: u8) -> Option<Conversion> {
        let over = 10_i64.checked_pow(places.into())?;
        let common = greatest_common_divisor(digits, over);
        Some(Conversion { times: digits / common, plus: 0, over: over / common })
    }
}

/// What a unit measures; `None` for one that converts to no other.
#[must_use]
pub fn unit(spelling: &str) -> Option<Unit> {
    let (_, dimension, numerator, denominator) = *UNITS.iter().find(|(name, ..)| *name == spelling)?;
    let offset = if spelling == "°F" { -160 } else { 0 };
    Some(Unit { dimension, numerator, denominator, offset })
}

/// How a value in one unit becomes one in another that measures the same; nothing where none does.
#[must_use]
pub fn conversion(from: &str, to: &str) -> Option<Conversion> {
    let (a, b) = (unit(from)?, unit(to)?);
    if a.dimension != b.dimension {
        return None;
    }
    let times = a.numerator.checked_mul(b.denominator)?;
    let plus = a.offset.checked_mul(b.denominator)?.checked_sub(b.offset.checked_mul(a.denominator)?)?;
    let over = a.denominator.checked_mul(b.numerator)?;
    let common = greatest_common_divisor(greatest_common_divisor(times, over), plus.abs());
    Some(Conversion { times: times / common, plus: plus / common, over: over / common })
}

fn greatest_common_divisor(a: i64, b: i64) -> i64 {
    if b == 0 { a.max(1) } else { greatest_common_divisor(b, a % b) }
}

/// Milliseconds in one of a unit of elapsed time.
#[must_use]
pub fn milliseconds(spelling: &str) -> Option<i64> {
    unit(spelling).filter(|u| u.dimension == "time").map(|u| u.numerator)
}

/// Whether two spellings mean the same unit: `day` and `days`, `umol/L` and `µmol/L`.
#[must_use]
pub fn same(a: &str, b: &str) -> bool {
    a == b || matches!((unit(a), unit(b)), (Some(x), Some(y)) if x == y)
}

/// Whether two units measure the same thing, so that a conversion can be offered.
#[must_use]
pub fn same_dimension(a: &str, b: &str) -> bool {
    matches!((unit(a), unit(b)), (Some(x), Some(y)) if x.dimension == y.dimension)
}
