//! What follows from who the patient is: age, date of birth and sex, which are not observed.

use concord_engine::values::calendar::{local_date, months_between, years_between};
use serde_json::json;

use crate::shapes::{Coding, Patient};
use crate::time::{Moment, days};
use crate::value::{Reading, Why, choice};
use crate::wanted::{Kind, Thing};

/// Codes of what is not observed but follows from who the patient is: SNOMED CT's current chronological age and LOINC's age, LOINC's date of birth,
/// and the sex that is registered (LOINC).
const AGE: [&str; 2] = ["424144002", "30525-0"];
const BORN: [&str; 1] = ["21112-8"];
const SEX: [&str; 2] = ["46098-0", "76689-9"];

fn is_one(fact: &Thing, codes: &[&str]) -> bool {
    fact.codes.iter().any(|own| codes.contains(&own.code.as_str()))
}

/// Whether a fact follows from who the patient is.
pub fn is_of_patient(fact: &Thing) -> bool {
    is_one(fact, &AGE) || is_one(fact, &BORN) || is_one(fact, &SEX)
}

/// What follows from who the patient is.
pub fn of_patient(fact: &Thing, patient: &Patient, as_of: Option<i64>) -> Option<Result<Reading, Why>> {
    let is = |codes: &[&str]| is_one(fact, codes);
    if is(&SEX) {
        let code = match patient.gender.as_deref()? {
            "male" => "248153007",
            "female" => "248152002",
            _ => return Some(Err("it is recorded as neither of the two")),
        };
        let system = "http://snomed.info/sct".to_owned();
        return Some(choice(fact, &[Coding { system: Some(system), code: Some(code.to_owned()) }]));
    }
    if !is(&AGE) && !is(&BORN) {
        return None;
    }
    let Some((first, last)) = days(patient.birth_date.as_deref()?) else { return Some(Err("it cannot be read")) };
    Some(match (&fact.kind, as_of.map(local_date)) {
        (Kind::Date, _) => Ok(Reading { json: Moment::On(first, last).json(), size: None }),
        (Kind::Number { unit, .. }, Some(today)) => age(fact, unit, (first, last), today),
        (Kind::Number { .. }, None) => Err("how old somebody is depends on the instant to judge at"),
        _ => Err("it is a date, and the rule's is none"),
    })
}

/// Completed years, months, weeks or days since a birth on one of these days.
fn age(fact: &Thing, unit: &str, (first, last): (i64, i64), today: i64) -> Result<Reading, Why> {
    let since = |day: i64| match unit {
        "year" | "years" => Some(years_between(day, today)),
        "month" | "months" => Some(months_between(day, today)),
        "week" | "weeks" => Some((today - day).div_euclid(7)),
        "day" | "days" | "calendar day" | "calendar days" => Some(today - day),
        _ => None,
    };
    let (Some(least), Some(most)) = (since(last), since(first)) else { return Err("its unit is not one of age") };
    if least < fact.ends.0 || most > fact.ends.1 {
        return Err("it lies outside the range that the rule declares");
    }
    let json = if least == most { least.into() } else { json!({ "from": least, "to": most }) };
    Ok(Reading { json, size: None })
}
