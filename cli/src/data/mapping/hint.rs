//! What a text that does not fit is known to be: a spreadsheet's own way of writing a date or a number. None of it is read by itself, as that would be
//! a guess; the reason says what to do.

use concord_engine::plan::Input;
use concord_engine::values::types::Type;

/// What a text is that is no time, and is not of the format of one.
#[must_use]
pub fn of_time(text: &str) -> Option<&'static str> {
    let (day, clock) = text.split_once(['.', ',']).unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    // From 1954 to 2064.
    let is_day = digits(day) && digits(clock) && day.parse().is_ok_and(|day: u32| (20_000..=60_000).contains(&day));
    is_day.then_some("; it is a number, as Excel counts days: have it exported as a date")
}

/// What a text is that is no value of an input, where the mapping gives these codes for its values.
#[must_use]
pub fn of_value(text: &str, input: &Input, (decimal_comma, codes): (bool, &[&str])) -> Option<&'static str> {
    let text = text.trim();
    match &input.ty {
        Type::Date | Type::Instant => of_time(text),
        Type::Number { .. } => of_number(text, decimal_comma),
        Type::YesNo if codes.is_empty() => {
            let known = ["y", "n", "t", "f", "1", "0", "yes", "no", "true", "false"];
            let says = known.contains(&text.to_lowercase().as_str());
            says.then_some("; say what the export's words stand for: `values = { Y = \"yes\", N = \"no\" }`")
        }
        Type::Enum { variants, .. } => {
            let mut known = variants.iter().map(String::as_str).chain(codes.iter().copied());
            let near = known.any(|known| known.to_lowercase() == text.to_lowercase());
            near.then_some("; it differs from one in capitals alone: name it in `values`")
        }
        _ => None,
    }
}

fn of_number(text: &str, decimal_comma: bool) -> Option<&'static str> {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (before, after) = text.trim_start_matches(['-', '+', '<', '>', '=', ' ']).split_once([',', '.'])?;
    let has_comma = text.contains(',');
    if !digits(before) || !digits(after) || has_comma == decimal_comma {
        return None;
    }
    Some(match (has_comma, after.len() == 3 && before.len() <= 3) {
        (false, _) => "; it has a point, and the mapping says `decimal_comma = true`",
        (true, false) => "; it has a decimal comma: say `decimal_comma = true` in [source]",
        (true, true) => {
            "; it has a comma, before its decimals (say `decimal_comma = true` in [source]) or between its thousands (leave it out)"
        }
    })
}
