//! The units of measure that may stand after a number: the one list of their spellings.
//!
//! A word after a number is a unit only when it is in this list; anything else is read as a name.

/// Units of one word, or of words joined by `/`, as they are written.
const SIMPLE: &[&str] = &[
    "ms",
    "s",
    "min",
    "h",
    "day",
    "days",
    "week",
    "weeks",
    "month",
    "months",
    "year",
    "years",
    "mmHg",
    "kPa",
    "cmH2O",
    "mmol/L",
    "µmol/L",
    "umol/L",
    "mol/L",
    "nmol/L",
    "pmol/L",
    "mmol",
    "µmol",
    "umol",
    "mg/dL",
    "g/dL",
    "g/L",
    "mg/L",
    "ng/L",
    "µg/L",
    "ug/L",
    "ng/mL",
    "pg/mL",
    "mg/mmol",
    "U/L",
    "IU/L",
    "mU/L",
    "kg",
    "g",
    "mg",
    "µg",
    "ug",
    "ng",
    "L",
    "mL",
    "L/min",
    "mL/h",
    "mL/kg",
    "mL/kg/h",
    "mL/min",
    "mg/kg",
    "mg/kg/day",
    "µg/kg/min",
    "m",
    "cm",
    "mm",
    "km",
    "m2",
    "kg/m2",
    "bpm",
    "%",
    "°C",
    "°F",
    "GBP",
    "pence",
    "kcal",
    "IU",
    "10^9/L",
    "lb",
    "inch",
    "mEq/L",
    "pH",
    "mm/h",
    "mmol/kg",
    "mmol/mol",
    "mg/g",
    "10^3/µL",
    "10^3/uL",
    "10^12/L",
    "cells/µL",
    "cells/uL",
    "mL/min/1.73m2",
    "mL/day",
    "g/m2",
    "HU",
    "Gy",
    "fL",
];

/// Units of more than one word.
const PHRASES: &[&str] = &[
    "calendar day",
    "calendar days",
    "working day",
    "working days",
    "per s",
    "per min",
    "per h",
    "per day",
    "per week",
    "per month",
    "per year",
    "per L",
    "per mL",
    "per kg",
    "per 1000",
    "per 100000",
];

/// Other spellings of exactly a unit that the language has. A spelling that could be two units is in [`UNCLEAR`].
const MISSPELT: &[(&str, &str)] = &[
    ("mins", "min"),
    ("minute", "min"),
    ("minutes", "min"),
    ("hour", "h"),
    ("hours", "h"),
    ("hr", "h"),
    ("hrs", "h"),
    ("sec", "s"),
    ("secs", "s"),
    ("second", "s"),
    ("seconds", "s"),
    ("wk", "weeks"),
    ("wks", "weeks"),
    ("yr", "years"),
    ("yrs", "years"),
    ("d", "days"),
    ("mmhg", "mmHg"),
    ("mcg", "µg"),
    ("mcg/L", "µg/L"),
    ("mcg/kg/min", "µg/kg/min"),
    ("l", "L"),
    ("litre", "L"),
    ("litres", "L"),
    ("ml", "mL"),
    ("gram", "g"),
    ("grams", "g"),
    ("kgs", "kg"),
    ("metre", "m"),
    ("metres", "m"),
    ("percent", "%"),
    ("pounds", "GBP"),
    ("lbs", "lb"),
    ("inches", "inch"),
    ("mm/hr", "mm/h"),
    ("C", "°C"),
    ("mmol/litre", "mmol/L"),
    ("g/litre", "g/L"),
    ("milligram", "mg"),
    ("milligrams", "mg"),
    ("mgs", "mg"),
    ("microgram", "µg"),
    ("micrograms", "µg"),
    ("mcgs", "µg"),
    ("kilo", "kg"),
    ("kilos", "kg"),
    ("kilogram", "kg"),
    ("kilograms", "kg"),
    ("millilitre", "mL"),
    ("millilitres", "mL"),
    ("mls", "mL"),
    ("centimetre", "cm"),
    ("centimetres", "cm"),
    ("cms", "cm"),
    ("millimetre", "mm"),
    ("millimetres", "mm"),
    ("micromol/L", "µmol/L"),
    ("micromols/L", "µmol/L"),
    ("micromoles/L", "µmol/L"),
    ("µmols/L", "µmol/L"),
    ("mmols/L", "mmol/L"),
    ("millimol/L", "mmol/L"),
    ("millimoles/L", "mmol/L"),
    ("ml/hr", "mL/h"),
    ("mL/hr", "mL/h"),
    ("mls/hr", "mL/h"),
    ("mg/kg/d", "mg/kg/day"),
    ("breaths/min", "per min"),
    ("beats/min", "per min"),
    ("lpm", "L/min"),
    ("Kg", "kg"),
    ("KG", "kg"),
    ("Kgs", "kg"),
    ("iu", "IU"),
    ("iu/L", "IU/L"),
    ("u/L", "U/L"),
    ("mth", "months"),
    ("mths", "months"),
    ("celsius", "°C"),
    ("Celsius", "°C"),
];

/// Spellings that would be read differently by different people, and what to say of them.
const UNCLEAR: &[(&str, &str)] = &[
    ("mcmol", "micromoles are `µmol` (or `umol`), millimoles `mmol`"),
    ("mcmol/l", "micromoles are `µmol/L` (or `umol/L`), millimoles `mmol/L`"),
    ("mcmol/L", "micromoles are `µmol/L` (or `umol/L`), millimoles `mmol/L`"),
    ("mM", "millimoles are `mmol/L`, micromoles `µmol/L`"),
    ("uM", "micromoles are `µmol/L`, millimoles `mmol/L`"),
    ("µM", "micromoles are `µmol/L`, millimoles `mmol/L`"),
];

/// Whether `text`, with single spaces between its words, is a unit.
#[must_use]
pub fn is_unit(text: &str) -> bool {
    SIMPLE.contains(&text) || PHRASES.contains(&text)
}

/// Every spelling, for suggestions.
pub fn spellings() -> impl Iterator<Item = &'static str> {
    SIMPLE.iter().chain(PHRASES).copied()
}

/// The unit that another spelling stands for, where it can be no other: `mins` is `min`, `mg/dl` is `mg/dL`.
#[must_use]
pub fn meant(text: &str) -> Option<&'static str> {
    let listed = MISSPELT.iter().find(|(wrong, _)| *wrong == text).map(|(_, right)| *right);
    listed.or_else(|| {
        let singular = text.strip_suffix('s').filter(|word| word.contains("mol"));
        let same = |unit: &&str| [Some(text), singular].into_iter().flatten().any(|word| same_but_for_case(word, unit));
        spellings().find(same)
    })
}

/// Whether two spellings differ in capitals alone, and not where a capital is another power of ten.
fn same_but_for_case(text: &str, unit: &str) -> bool {
    // A litre has either letter.
    let first = |part: &str| part.chars().next().map(|c| if part.eq_ignore_ascii_case("l") { 'L' } else { c });
    let prefix = |word: &str| word.split('/').map(first).collect::<Vec<_>>();
    text.eq_ignore_ascii_case(unit) && prefix(text) == prefix(unit)
}

/// What to say of a spelling that people read differently.
#[must_use]
pub fn unclear(text: &str) -> Option<&'static str> {
    UNCLEAR.iter().find(|(wrong, _)| *wrong == text).map(|(_, words)| *words)
}
