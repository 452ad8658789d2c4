//! About whom a bundle is: subjects that are named by a number, and records of one person.

use concord_engine::values::calendar::read_instant;
use concord_fhir::{Mapped, read};
use serde_json::{Value, json};

use super::{AS_OF, bundle, observed, quantity, wanted};

fn tried(resources: &[Value]) -> Result<Mapped, String> {
    read(&bundle(resources), &wanted(), Some(read_instant(AS_OF).unwrap()))
}

fn number(value: &str) -> Value {
    json!({ "system": "https://fhir.nhs.uk/Id/nhs-number", "value": value })
}

/// A patient of this identity with a number.
fn patient(id: &str, value: &str, more: Value) -> Value {
    let mut of = json!({ "resourceType": "Patient", "id": id, "identifier": [number(value)] });
    of.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    of
}

fn oxygen(value: f64, subject: Value) -> Value {
    let mut of = observed("2708-6", "2026-03-29T10:00:00Z", quantity(value, "%"));
    of["subject"] = subject;
    of
}

/// A number that is the patient's names the patient, and one that is not names somebody else.
#[test]
fn a_subject_may_be_named_by_a_number_of_the_patient() {
    let by = |value: &str| oxygen(91.0, json!({ "identifier": number(value) }));
    let one = patient("1", "9000000009", json!({ "birthDate": "1950-01-01" }));
    for resources in [[one.clone(), by("9000000009")], [by("9000000009"), one.clone()]] {
        let made = tried(&resources).unwrap();
        assert_eq!((made.case["spo2"].clone(), made.report.missing.get("spo2")), (json!(91), None));
    }
    let made = tried(&[one.clone(), by("9000000017")]).unwrap();
    assert_eq!(made.case.get("spo2"), None, "{}", made.case);
    let said = format!("{:?}", made.report);
    assert!(said.contains("named by an identifier that is none of the patient's"), "{said}");
    // Another system has other numbers.
    let elsewhere = json!({ "identifier": { "system": "https://ward.example/number", "value": "9000000009" } });
    assert_eq!(tried(&[one, oxygen(91.0, elsewhere)]).unwrap().case.get("spo2"), None);
    // Where no patient is there, one number is one patient, and two are two.
    assert_eq!(tried(&[by("9000000009"), by("9000000009")]).unwrap().case["spo2"], json!(91));
    let several = tried(&[by("9000000009"), by("9000000017")]).unwrap_err();
    assert!(several.contains("several patients"), "{several}");
}

/// A record that was merged into another says so, or is named by it: both are one person, who the later record says that it is.
#[test]
fn records_that_were_merged_are_of_one_patient() {
    let link = |kind: &str, other: &str| json!({ "link": [{ "type": kind, "other": { "reference": format!("Patient/{other}") } }] });
    let with = |own: Value, more: Value| {
        let mut own = own;
        own.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        own
    };
    let born = |day: &str| json!({ "birthDate": day });
    let of = |id: &str, value: f64| oxygen(value, json!({ "reference": format!("Patient/{id}") }));
    let replaced = [
        patient("1", "9000000009", with(born("1990-01-01"), link("replaced-by", "2"))),
        patient("2", "9000000017", born("1950-01-01")),
    ];
    let replaces = [
        patient("1", "9000000009", born("1990-01-01")),
        patient("2", "9000000017", with(born("1950-01-01"), link("replaces", "1"))),
    ];
    for patients in [replaced, replaces] {
        let [old, new] = patients;
        for own in [[old.clone(), new.clone()], [new.clone(), old.clone()]] {
            let made = tried(&[&own[..], &[of("1", 91.0), of("2", 91.0)]].concat()).unwrap();
            assert_eq!((made.case["age"].clone(), made.case["spo2"].clone()), (json!(76), json!(91)), "{}", made.case);
        }
    }
    // A link that says no such thing leaves them two.
    let [old, new] = [patient("1", "9000000009", link("seealso", "2")), patient("2", "9000000017", born("1950-01-01"))];
    assert!(tried(&[old, new, of("1", 91.0)]).unwrap_err().contains("several patients"));
    // A third is another.
    let old = patient("1", "9000000009", link("replaced-by", "2"));
    let new = patient("2", "9000000017", born("1950-01-01"));
    let other = patient("3", "9000000025", born("1960-01-01"));
    assert!(tried(&[old, new, other]).unwrap_err().contains("several patients"));
}
