//! Values on their way out as JSON: numbers as numbers, durations in ISO 8601, instants in RFC 3339 UTC.

use concord_engine::plan::case::Datum;
use concord_engine::plan::{Plan, Shape};
use concord_engine::values::calendar::{show_date, show_time_of_day, show_utc};
use concord_engine::values::legend::Legend;
use concord_engine::values::types::{Type, decimal};
use serde_json::Value;

pub use super::duration::iso_duration;
use super::number::read_decimal;
use super::value::{ValueFault, in_range, read_text};
use concord_engine::plan::belongs::{SETTING_CODE, expected};

/// A value of a type as JSON.
#[must_use]
pub fn json_value(ty: &Type, value: i64) -> Value {
    match ty {
        Type::YesNo => Value::Bool(value != 0),
        Type::Number { places: 0, .. } => Value::from(value),
        Type::Number { places, .. } => {
            let text = decimal(value, *places);
            serde_json::from_str(&text).unwrap_or(Value::String(text))
        }
        Type::Duration => Value::String(iso_duration(value)),
        Type::Instant => Value::String(show_utc(value)),
        Type::Date => Value::String(show_date(value)),
        Type::TimeOfDay => Value::String(show_time_of_day(value)),
        Type::Enum { .. } | Type::Organisation | Type::Text | Type::Code | Type::NhsNumber => {
            Value::String(ty.show(value))
        }
    }
}

/// The same where codes that only the case brings may stand.
#[must_use]
pub fn json_shown(legend: Legend<'_>, ty: &Type, value: i64) -> Value {
    if *ty == Type::Code { legend.code(value).into() } else { json_value(ty, value) }
}

/// What is said of a setting that is none.
const VALUED: &str = "a setting has a value";

/// A member's setting from the command line, in the rule's own words or as a decision record shows it: `45 min` or `PT45M`, `yes` or
/// `true`, `3.5`.
///
/// # Errors
/// What is wrong with it, in words.
pub fn read_setting(plan: &Plan, ty: &Type, shape: Shape, text: &str) -> Result<i64, String> {
    let text = text.trim();
    let read = match ty {
        Type::YesNo => match text {
            "yes" | "true" => Ok(Datum::Known(1)),
            "no" | "false" => Ok(Datum::Known(0)),
            _ => Err(ValueFault::WrongKind),
        },
        Type::Number { places, unit } => {
            let bare = unit.as_deref().and_then(|u| text.strip_suffix(u)).unwrap_or(text).trim();
            match read_decimal(bare, *places) {
                Ok(value) => in_range(shape, value),
                Err(_) => Err(ValueFault::WrongKind),
            }
        }
        Type::Code if text == "none" => return Err(VALUED.to_owned()),
        Type::Code => return plan.codes.find(text).ok_or_else(|| format!("expected {SETTING_CODE}")),
        _ => read_text(ty, shape, text),
    };
    match read {
        Ok(Datum::Known(value)) => Ok(value),
        Ok(_) => Err(VALUED.to_owned()),
        Err(ValueFault::BadTime(why)) => Err(why.to_owned()),
        Err(_) => Err(format!("expected {}", expected(ty, shape))),
    }
}
