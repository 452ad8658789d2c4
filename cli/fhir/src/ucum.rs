//! The codes of UCUM for the units of the language. Whatever unit a rule may use has its code here or is listed as one that has none; a test
//! holds the two lists to it.

use concord_engine::values::dimension;

/// A unit by its code in UCUM, which tells capitals apart, and its spelling in the language.
pub const UCUM: [(&str, &str); 84] = [
    ("ms", "ms"),
    ("s", "s"),
    ("min", "min"),
    ("h", "h"),
    ("d", "days"),
    ("wk", "weeks"),
    ("mo", "months"),
    ("a", "years"),
    ("mm[Hg]", "mmHg"),
    ("kPa", "kPa"),
    ("cm[H2O]", "cmH2O"),
    ("mol/L", "mol/L"),
    ("mmol/L", "mmol/L"),
    ("umol/L", "µmol/L"),
    ("nmol/L", "nmol/L"),
    ("pmol/L", "pmol/L"),
    ("mmol", "mmol"),
    ("umol", "µmol"),
    ("mg/dL", "mg/dL"),
    ("g/dL", "g/dL"),
    ("g/L", "g/L"),
    ("mg/L", "mg/L"),
    ("ug/L", "µg/L"),
    ("ng/L", "ng/L"),
    ("ng/mL", "ng/mL"),
    ("pg/mL", "pg/mL"),
    ("mg/mmol", "mg/mmol"),
    ("U/L", "U/L"),
    ("[IU]/L", "IU/L"),
    ("[iU]/L", "IU/L"),
    ("mU/L", "mU/L"),
    ("kg", "kg"),
    ("g", "g"),
    ("mg", "mg"),
    ("ug", "µg"),
    ("ng", "ng"),
    ("[lb_av]", "lb"),
    ("L", "L"),
    ("mL", "mL"),
    ("l", "L"),
    ("ml", "mL"),
    ("L/min", "L/min"),
    ("mL/h", "mL/h"),
    ("mL/min", "mL/min"),
    ("mL/d", "mL/day"),
    ("mL/kg", "mL/kg"),
    ("mL/kg/h", "mL/kg/h"),
    ("mg/kg", "mg/kg"),
    ("mg/kg/d", "mg/kg/day"),
    ("ug/kg/min", "µg/kg/min"),
    ("km", "km"),
    ("m", "m"),
    ("cm", "cm"),
    ("mm", "mm"),
    ("[in_i]", "inch"),
    ("m2", "m2"),
    ("kg/m2", "kg/m2"),
    ("g/m2", "g/m2"),
    ("%", "%"),
    ("Cel", "°C"),
    ("[degF]", "°F"),
    ("kcal", "kcal"),
    ("[IU]", "IU"),
    ("[iU]", "IU"),
    ("10*9/L", "10^9/L"),
    ("10*12/L", "10^12/L"),
    ("10*3/uL", "10^3/µL"),
    ("10*6/uL", "10^12/L"),
    ("/uL", "cells/µL"),
    ("meq/L", "mEq/L"),
    ("[pH]", "pH"),
    ("mm/h", "mm/h"),
    ("mmol/kg", "mmol/kg"),
    ("mmol/mol", "mmol/mol"),
    ("mg/g", "mg/g"),
    ("mL/min/1.73.m2", "mL/min/1.73m2"),
    ("[hnsf'U]", "HU"),
    ("Gy", "Gy"),
    ("fL", "fL"),
    ("/s", "per s"),
    ("/min", "per min"),
    ("/h", "per h"),
    ("/L", "per L"),
    ("/mL", "per mL"),
];

/// Units of the language that no measurement in a record has: money, days as they are counted, and rates of an audit; beats are per minute there.
pub const WITHOUT_UCUM: [&str; 14] = [
    "GBP",
    "pence",
    "bpm",
    "per kg",
    "calendar day",
    "calendar days",
    "working day",
    "working days",
    "per day",
    "per week",
    "per month",
    "per year",
    "per 1000",
    "per 100000",
];

/// The unit of a code, by its spelling in the language; empty for a plain number. None where the language has no such unit.
pub fn spelling(code: &str) -> Option<&'static str> {
    // The body surface to which a clearance is scaled stands in an annotation as often as not.
    if matches!(code, "mL/min/{1.73_m2}" | "mL/min/{1.73m2}" | "mL/min/1.73.m2") {
        return Some("mL/min/1.73m2");
    }
    let plain = without_annotations(code);
    if plain.is_empty() || plain == "1" {
        return Some("");
    }
    UCUM.iter().find(|(known, _)| *known == plain).map(|(_, spelling)| *spelling)
}

/// Whether two spellings of the language are the same unit: `umol` is `µmol`, `day` is `days`.
#[must_use]
pub fn is_same(one: &str, other: &str) -> bool {
    one.replace('µ', "u") == other.replace('µ', "u") || dimension::same(one, other)
}

/// A code without what stands in braces, which changes nothing of the unit: `{beats}/min` is `/min`.
fn without_annotations(code: &str) -> String {
    let mut plain = String::new();
    let mut inside = false;
    for c in code.chars() {
        match c {
            '{' => inside = true,
            '}' => inside = false,
            c if !inside => plain.push(c),
            _ => {}
        }
    }
    plain
}
