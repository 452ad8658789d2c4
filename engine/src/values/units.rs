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
];

/// Units of more than one word.
const PHRASES: &[&str] = &[
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

/// Spellings people often try, and the one the language has.
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
    ("l", "L"),
    ("ml", "mL"),
    ("percent", "%"),
    ("pounds", "GBP"),
    ("C", "°C"),
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

/// The unit that a common misspelling stands for: `mins` is `min`.
#[must_use]
pub fn meant(text: &str) -> Option<&'static str> {
    MISSPELT.iter().find(|(wrong, _)| *wrong == text).map(|(_, right)| *right)
}
