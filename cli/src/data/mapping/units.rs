//! What a value is multiplied by to reach the declared unit: the language knows it, or the mapping says it; it is never guessed.

use super::format::Refusal;
use crate::data::number::{Factor, Numeral, read_numeral};
use concord_engine::plan::Input;
use concord_engine::values::dimension::{self, Conversion, same, unit};
use concord_engine::values::types::Type;
use concord_engine::values::units::meant;
use concord_fhir::UCUM;

/// The conversion of a value, and what the report says of it; none where the export is in the declared unit.
///
/// # Errors
/// A unit that is not the declared one without a factor, or a factor that contradicts the units.
pub(super) fn conversion(
    input: &Input,
    exported: Option<&str>,
    times: Option<&str>,
) -> Result<Option<(Factor, String)>, Refusal> {
    let (name, ty) = (&input.name, &input.ty);
    let declared = match ty {
        Type::Number { unit, .. } => unit.as_deref(),
        Type::Duration => Some("ms"),
        _ if exported.is_some() || times.is_some() => {
            return Err(("`unit` and `times` are for numbers and durations".to_owned(), None));
        }
        _ => None,
    };
    let times = times.map(factor).transpose()?;
    let exported = exported.map(spelling);
    let Some(exported) = exported.as_deref() else {
        return Ok(times.map(|(factor, text)| (factor, format!("`{name}` is multiplied by {text}."))));
    };
    let also = input.also.iter().find(|other| same(&other.unit, exported)).map(|other| other.conversion);
    let known = also.or_else(|| declared.and_then(|declared| ratio(exported, declared)));
    match (known, times) {
        (Some(Conversion { times: 1, plus: 0, over: 1 }), None) if *ty != Type::Duration => Ok(None),
        (Some(Conversion { times, plus, over }), None) => {
            // Only the message is without a unit where the fact has none.
            let to = if *ty == Type::Duration { "a duration" } else { declared.unwrap_or_default() };
            let note = format!("`{name}` is exported in {exported} and converted to {to}.");
            Ok(Some((Factor { times: Numeral::whole(times), plus, over }, note)))
        }
        (Some(known), Some((factor, text))) if !equal(known, factor) => {
            let help = Some("leave `times` out: the conversion of these units is known".to_owned());
            // As above.
            Err((format!("{exported} is not {text} {}", declared.unwrap_or_default()), help))
        }
        (_, Some(_)) if (exported == "°F") != (declared == Some("°F")) => {
            let help = Some("let the mapping's script convert it".to_owned());
            Err(("degrees Fahrenheit are not converted by a factor alone".to_owned(), help))
        }
        (_, Some((factor, text))) => {
            let note = format!(
                "`{name}` is exported in {exported}; it is multiplied by {text}, and what falls between two declared values lies between them."
            );
            Ok(Some((factor, note)))
        }
        (None, None) => {
            let declared = declared.map_or("a number without a unit".to_owned(), |unit| format!("`{unit}`"));
            let help = if matches!(ty, Type::Number { unit: Some(unit), .. } if matches!(&**unit, "°C" | "°F")) {
                "write `°C` or `°F`: degrees of both kinds are converted"
            } else {
                "say `times`, what to multiply by, or leave `unit` out where the export is in the declared unit"
            };
            Err((format!("`{exported}` is not {declared}, which is declared"), Some(help.to_owned())))
        }
    }
}

fn factor(text: &str) -> Result<(Factor, &str), Refusal> {
    let times = read_numeral(text).map_err(|_| ("`times` is not a number".to_owned(), None))?;
    if times.is_zero() {
        return Err(("`times` is 0, and every value would be".to_owned(), None));
    }
    Ok((Factor { times, plus: 0, over: 1 }, text))
}

/// The spelling that the language has: `mcg` is `µg`, and the Greek letter mu is the micro sign.
pub(super) fn spelling(unit: &str) -> String {
    let unit = unit.trim().replace('\u{3bc}', "µ");
    if unit == "in" {
        return "inch".to_owned(); // in a rule, `in` is a word of the language
    }
    if let Some(meant) = meant(&unit) {
        return meant.to_owned();
    }
    // As laboratories write it: with blanks, with a cross before the power of ten, or as a code of UCUM.
    let plain = unit.replace(' ', "");
    let plain = plain.strip_prefix(['x', '×']).unwrap_or(&plain);
    let code = UCUM.iter().find(|(code, _)| *code == plain).map(|(_, own)| *own);
    match dimension::unit(plain) {
        _ if dimension::unit(&unit).is_some() => unit,
        Some(_) => plain.to_owned(),
        None => code.map_or(unit, str::to_owned),
    }
}

/// How a value in the exported unit becomes one in the declared; none where no fixed conversion holds between them.
fn ratio(exported: &str, declared: &str) -> Option<Conversion> {
    if same(exported, declared) {
        return Some(Conversion { times: 1, plus: 0, over: 1 });
    }
    // Completed years are not months over twelve.
    if unit(exported)?.dimension == "calendar months" {
        return None;
    }
    dimension::conversion(exported, declared)
}

/// Whether a factor is exactly this conversion.
fn equal(known: Conversion, factor: Factor) -> bool {
    let by = Factor { times: Numeral::whole(known.over), plus: 0, over: known.times };
    known.plus == 0 && factor.times.times(by, 0).is_ok_and(|one| one.value == 1 && one.other.is_none())
}
