//! Codes that a spreadsheet has spoilt: it takes a code of digits for a number, shows it by its power of ten, and keeps 15 digits of it.

use super::systems::{NotOne, SYSTEMS, System};

/// So many digits does a spreadsheet keep of a number.
const KEPT: usize = 15;

/// Whether a text is how a spreadsheet writes a number or a text, and no code: `3.91133E+16`, `="391…"`, `'391…`, `318420003.0`.
///
/// Three digits and `.0` are a code of ICD-9 as well (`250.0`).
#[must_use]
pub fn is_written_as_number(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let by_power = text.split_once("E+").or_else(|| text.split_once("e+"));
    let by_power = by_power.is_some_and(|(number, power)| {
        let (before, after) = number.split_once(['.', ',']).unwrap_or((number, "0"));
        digits(before) && digits(after) && digits(power)
    });
    let whole = text.strip_suffix(".0").is_some_and(|number| digits(number) && number.len() != 3);
    by_power || whole || text.starts_with(['=', '\''])
}

/// Whether a text is a code of SNOMED CT of which a spreadsheet kept 15 digits: the others are 0, and the last does not check them.
#[must_use]
pub fn is_cut_short(text: &str) -> bool {
    let Some((_, cut)) = text.split_at_checked(KEPT) else { return false };
    let snomed = |system: &&System| system.word == "snomed";
    let is_cut = !cut.is_empty() && cut.bytes().all(|byte| byte == b'0');
    is_cut && SYSTEMS.iter().find(snomed).is_some_and(|system| matches!(system.check(text), Err(NotOne::Check(_))))
}

/// Either of them.
#[must_use]
pub fn is_spoilt(text: &str) -> bool {
    is_written_as_number(text) || is_cut_short(text)
}
