//! Values of columns as the integers that a module has for them, and back.

use concord_engine::values::calendar::{read_date, read_instant, show_date, show_time_of_day, show_utc};
use concord_engine::values::types::decimal;
use serde_json::Value;

use crate::info::Type;

/// Whether a fact of this type can stand in a column here; others are asked about as cases.
pub(super) fn stands(of: &Type) -> bool {
    matches!(of.kind.as_str(), "number" | "yes_no" | "enum" | "date" | "instant")
}

/// A plain value as its integer; none where it is another, which the module has to read.
pub(super) fn read(of: &Type, value: &Value) -> Option<i64> {
    match of.kind.as_str() {
        "number" => scaled(value, of.places.unwrap_or(0)),
        "yes_no" => value.as_bool().map(i64::from),
        "enum" => {
            let name = value.as_str()?;
            let place = of.variants.as_ref()?.iter().position(|variant| variant == name)?;
            i64::try_from(place).ok()
        }
        "date" => read_date(value.as_str()?).ok(),
        "instant" => read_instant(value.as_str()?).ok(),
        _ => None,
    }
}

/// A number at its declared places; none where it has more of them.
fn scaled(value: &Value, places: u32) -> Option<i64> {
    let number = value.as_number()?;
    if let Some(whole) = number.as_i64() {
        return whole.checked_mul(10_i64.checked_pow(places)?);
    }
    let text = number.to_string();
    let (whole, fraction) = text.split_once('.')?;
    let (fraction, places) = (fraction.trim_end_matches('0'), usize::try_from(places).ok()?);
    // What is left is too long, or has an exponent, which is no digit.
    (fraction.len() <= places).then(|| format!("{whole}{fraction:0<places$}").parse().ok())?
}

/// A value as answers have it; none of a type that is not shown here.
pub(super) fn show(of: &Type, value: i64) -> Option<Value> {
    Some(match of.kind.as_str() {
        "number" => {
            let text = decimal(value, u8::try_from(of.places.unwrap_or(0)).ok()?);
            serde_json::from_str(&text).ok()?
        }
        "yes_no" => (value != 0).into(),
        "enum" => of.variants.as_ref()?.get(usize::try_from(value).ok()?)?.as_str().into(),
        "date" => show_date(value).into(),
        "instant" => show_utc(value).into(),
        "time_of_day" => show_time_of_day(value).into(),
        "duration" => duration(value).into(),
        _ => return None,
    })
}

/// Whether answers of this type are shown here.
pub(super) fn shows(of: &Type) -> bool {
    stands(of) || matches!(of.kind.as_str(), "time_of_day" | "duration")
}

/// Milliseconds as ISO 8601, in hours, minutes and seconds.
fn duration(milliseconds: i64) -> String {
    let left = milliseconds.unsigned_abs();
    let (hours, minutes, seconds, ms) = (left / 3_600_000, left / 60_000 % 60, left / 1_000 % 60, left % 1_000);
    let part = |count: u64, letter: char| if count > 0 { format!("{count}{letter}") } else { String::new() };
    let rest = match (seconds, ms) {
        (0, 0) if hours + minutes > 0 => String::new(),
        (seconds, 0) => format!("{seconds}S"),
        (seconds, ms) => format!("{seconds}.{ms:03}S"),
    };
    format!("{}PT{}{}{rest}", if milliseconds < 0 { "-" } else { "" }, part(hours, 'H'), part(minutes, 'M'))
}
