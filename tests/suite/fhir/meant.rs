//! What resources mean beyond their values: that they refer to others, are of a version, may mean something else, or are a page of several.

use super::{AS_OF, bundle, fact, observed, quantity, tried, wanted_of};
use concord_cli::data::case_json::{Options, read_case};
use concord_engine::values::calendar::read_instant;
use concord_fhir::{Mapped, read};
use serde_json::{Value, json};

const SNOMED: &str = "http://snomed.info/sct";
const RULE: &str = r#"
subject Patient {
  born     : date from loinc 21112-8
  diabetic : yes/no from snomed 73211009
  spo2     : integer 30..100 % from loinc 2708-6 taking last
  event Antibiotics from snomed 281789004
  event Operation : span from snomed 387713003
  event Fall from snomed 217082002
  event Lactate from loinc 2524-7 { value : decimal 0.0..30.0 mmol/L from loinc 2524-7 }
}
define given = any Antibiotics
define lasted = highest length of Operation
define fell = any Fall
define acid = any Lactate where value > 2.0 mmol/L
define ill = diabetic and spo2 < 92 % and born < 1950-01-01
"#;

/// The case of a bundle, which is read as any case is.
fn taken(whole: &Value) -> Result<Mapped, String> {
    let tried = tried(RULE);
    let package = tried.compiled.package.as_ref().unwrap();
    let mapped = read(whole.to_string().as_bytes(), &wanted_of(package), Some(read_instant(AS_OF).unwrap()))?;
    read_case(&package.plan, mapped.case.to_string().as_bytes(), Options::default()).unwrap();
    Ok(mapped)
}

/// Entries with these resources, each with the address of its entry.
fn entries(of: &[(&str, Value)]) -> Value {
    let one = |(url, resource): &(&str, Value)| json!({ "fullUrl": url, "resource": resource });
    json!({ "resourceType": "Bundle", "type": "collection", "entry": of.iter().map(one).collect::<Vec<_>>() })
}

fn alone(resources: &[Value]) -> Mapped {
    taken(&serde_json::from_slice(&bundle(resources)).unwrap()).unwrap()
}

fn snomed(code: &str) -> Value {
    json!({ "coding": [{ "system": SNOMED, "code": code }] })
}

/// With what else it says.
fn and(mut of: Value, more: Value) -> Value {
    of.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    of
}

fn administered(more: Value) -> Value {
    let of = json!({
        "resourceType": "MedicationAdministration", "status": "completed", "subject": { "reference": "Patient/1" },
        "effectiveDateTime": "2026-03-29T10:00:00Z",
    });
    and(of, more)
}

fn refers(reference: &str) -> Value {
    administered(json!({ "medicationReference": { "reference": reference } }))
}

fn medication(id: &str, code: &str) -> Value {
    json!({ "resourceType": "Medication", "id": id, "code": snomed(code) })
}

/// The kinds of event that came, and those that may not be all.
fn events(mapped: &Mapped) -> (Vec<&str>, Vec<&str>) {
    let came = mapped.case["events"].as_array().unwrap().iter().map(|event| event["event"].as_str().unwrap());
    let incomplete = mapped.case["not_supplied"].as_array().unwrap().iter().map(|kind| kind.as_str().unwrap());
    (came.collect(), incomplete.collect())
}

const NOT_LACTATE: [&str; 3] = ["Antibiotics", "Operation", "Fall"];

#[test]
fn what_was_given_is_found_where_it_is_referred_to() {
    let (drug, other) = (medication("m", "281789004"), medication("n", "387517004"));
    let within = |id: &str, contained: &Value| {
        let reference = json!({ "medicationReference": { "reference": format!("#{id}") }, "contained": [contained] });
        administered(reference)
    };
    let urn = "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0";
    for whole in [
        entries(&[("a", drug.clone()), ("b", refers("Medication/m"))]),
        entries(&[("b", refers("Medication/m")), ("a", drug.clone())]),
        entries(&[("a", drug.clone()), ("b", refers("https://a.example/fhir/Medication/m/_history/3"))]),
        entries(&[
            ("https://a.example/fhir/Medication/m", drug.clone()),
            ("https://b.example/fhir/Medication/m", medication("m", "387517004")),
            ("https://a.example/fhir/MedicationAdministration/1", refers("Medication/m")),
        ]),
        entries(&[(urn, json!({ "resourceType": "Medication", "code": snomed("281789004") })), ("b", refers(urn))]),
        entries(&[(urn, drug.clone()), ("b", refers(urn))]),
        entries(&[("b", within("m", &drug))]),
    ] {
        let mapped = taken(&whole).unwrap();
        assert_eq!(events(&mapped), (vec!["Antibiotics"], vec![]), "{whole}");
    }
    let mapped = alone(&[other.clone(), refers("Medication/n"), drug.clone()]);
    assert_eq!(events(&mapped), (vec![], vec![]), "something else was given");
    assert_eq!(mapped.report.left_out["without a code of the rule"], 1);
    let withdrawn = and(drug.clone(), json!({ "status": "entered-in-error" }));
    let turned =
        and(drug.clone(), json!({ "modifierExtension": [{ "url": "http://a.example/not", "valueBoolean": true }] }));
    for (resources, why) in [
        (vec![refers("Medication/m"), other.clone()], "is not there"),
        (vec![refers("Medication?code=1"), drug.clone()], "is not there"),
        (vec![refers("#m"), drug.clone()], "is not there"),
        (vec![refers("Medication/m"), withdrawn], "is not there"),
        (vec![refers("Medication/m"), turned], "is not there"),
        (vec![refers("Medication/m"), drug.clone(), medication("m", "387517004")], "is not there"),
        (
            vec![administered(json!({ "medicationReference": { "display": "Amoxicillin" } })), drug.clone()],
            "is not there",
        ),
        (vec![administered(json!({ "medicationCodeableConcept": { "text": "Amoxicillin" } }))], "by no code"),
        (
            vec![refers("Medication/m"), json!({ "resourceType": "Medication", "id": "m", "code": { "text": "A" } })],
            "by a code",
        ),
    ] {
        let mapped = alone(&resources);
        assert_eq!(events(&mapped), (vec![], NOT_LACTATE.to_vec()), "{resources:?}");
        assert!(mapped.report.left_out.keys().any(|left| left.contains(why)), "{:?}", mapped.report);
        assert_eq!(mapped.report.unsure, 1);
    }
    for status in ["entered-in-error", "not-done"] {
        let mapped = alone(&[and(refers("Medication/m"), json!({ "status": status }))]);
        assert_eq!(events(&mapped), (vec![], vec![]), "{status}: whatever it was");
    }
}

#[test]
fn of_several_versions_the_latest_stands() {
    let version = |number: &str, updated: &str, status: &str| {
        let mut meta = json!({});
        if !number.is_empty() {
            meta["versionId"] = number.into();
        }
        if !updated.is_empty() {
            meta["lastUpdated"] = updated.into();
        }
        let of = json!({ "id": "1", "meta": meta, "status": status, "medicationCodeableConcept": snomed("281789004") });
        administered(of)
    };
    let (done, error) = ("completed", "entered-in-error");
    let (early, late) = ("2026-03-29T10:00:00.100Z", "2026-03-29T11:00:00+00:30");
    let none: Vec<&str> = vec![];
    let (given, withdrawn, untold) =
        ((vec!["Antibiotics"], none.clone()), (none.clone(), none.clone()), (none, vec!["Antibiotics"]));
    for (one, other, expected) in [
        (version("1", early, done), version("2", late, error), &withdrawn),
        (version("2", "", done), version("10", "", error), &withdrawn),
        (version("", early, done), version("", late, error), &withdrawn),
        (version("1", early, done), version("1", late, error), &withdrawn),
        (version("x", early, done), version("y", late, error), &withdrawn),
        (version("1", early, error), version("2", late, done), &given),
        (version("1", early, done), version("2", late, done), &given),
        (version("", "", done), version("2", late, done), &given),
        (version("1", late, done), version("2", early, error), &untold),
        (version("1", early, done), version("1", early, error), &untold),
        (version("", "", done), version("2", late, error), &untold),
        (version("x", "", done), version("y", "", error), &untold),
    ] {
        for resources in [[one.clone(), other.clone()], [other.clone(), one.clone()]] {
            assert_eq!(&events(&alone(&resources)), expected, "{resources:?}");
        }
    }
    let deleted = |response: Value| {
        let mut whole: Value = serde_json::from_slice(&bundle(&[version("2", early, done)])).unwrap();
        whole["type"] = "history".into();
        let gone =
            json!({ "request": { "method": "DELETE", "url": "MedicationAdministration/1" }, "response": response });
        whole["entry"].as_array_mut().unwrap().insert(0, gone);
        taken(&whole).unwrap()
    };
    assert_eq!(events(&deleted(json!({ "etag": "W/\"3\"" }))), withdrawn);
    assert_eq!(events(&deleted(json!({ "lastModified": late }))), withdrawn);
    assert_eq!(events(&deleted(json!({ "etag": "W/\"1\"" }))), given, "and made again");
    assert_eq!(events(&deleted(json!({}))), untold);
    let born = |born: &str, updated: &str| json!({ "resourceType": "Patient", "id": "1", "birthDate": born, "meta": { "lastUpdated": updated } });
    assert_eq!(alone(&[born("1940-01-01", late), born("1941-01-01", early)]).case["born"], "1940-01-01");
    assert_eq!(alone(&[born("1940-01-01", late), born("1941-01-01", late)]).case.get("born"), None);
    let measured =
        |value: f64| and(observed("2708-6", "2026-03-29T10:00:00Z", quantity(value, "%")), json!({ "id": "1" }));
    let mapped = alone(&[measured(91.0), measured(95.0)]);
    assert_eq!((mapped.case.get("spo2"), mapped.report.missing.contains_key("spo2")), (None, true));
    let (a, b) = ("https://a.example/fhir/Observation/1", "https://b.example/fhir/Observation/1");
    let lactate =
        |value: f64| and(observed("2524-7", "2026-03-29T10:00:00Z", quantity(value, "mmol/L")), json!({ "id": "1" }));
    let mapped = taken(&entries(&[(a, lactate(1.0)), (b, lactate(2.0))])).unwrap();
    assert_eq!(events(&mapped), (vec!["Lactate", "Lactate"], vec![]), "two servers, two resources");
}

#[test]
fn what_may_mean_something_else_is_not_read() {
    let turned = json!({ "modifierExtension": [{ "url": "http://a.example/not", "valueBoolean": true }] });
    let lactate = observed("2524-7", "2026-03-29T10:00:00Z", quantity(2.5, "mmol/L"));
    let spo2 = |when: &str, value: f64| observed("2708-6", when, quantity(value, "%"));
    for more in [turned.clone(), json!({ "implicitRules": "http://a.example/rules" })] {
        let mapped = alone(&[and(lactate.clone(), more.clone())]);
        assert_eq!(events(&mapped), (vec![], vec!["Lactate"]), "{more}");
        assert_eq!((mapped.report.used, mapped.report.unsure), (0, 1));
        let mapped =
            alone(&[and(spo2("2026-03-29T09:00:00Z", 99.0), more.clone()), spo2("2026-03-29T10:00:00Z", 90.0)]);
        assert_eq!(mapped.case.get("spo2"), None, "{:?}", mapped.report);
        let patient = json!({ "resourceType": "Patient", "id": "1", "birthDate": "1940-01-01" });
        assert_eq!(alone(&[and(patient, more.clone())]).case.get("born"), None);
        let other = observed("8310-5", "2026-03-29T10:00:00Z", quantity(37.0, "Cel"));
        assert_eq!(events(&alone(&[and(other, more)])), (vec![], vec![]), "what the rule does not read");
    }
    let mut whole = entries(&[("a", lactate.clone())]);
    whole["entry"][0]["modifierExtension"] = turned["modifierExtension"].clone();
    assert_eq!(events(&taken(&whole).unwrap()), (vec![], vec!["Lactate"]));
    let part =
        |more: Value| and(json!({ "code": { "coding": [{ "system": "http://loinc.org", "code": "2524-7" }] } }), more);
    let panel = |parts: Vec<Value>| observed("0", "2026-03-29T10:00:00Z", json!({ "component": parts }));
    assert_eq!(events(&alone(&[panel(vec![part(turned)])])), (vec![], vec!["Lactate"]));
    let shapeless = and(lactate, json!({ "effectivePeriod": "today" }));
    assert_eq!(
        events(&alone(&[shapeless])),
        (vec![], vec!["Lactate"]),
        "what cannot be read may be anything of its code"
    );
}

#[test]
fn a_part_of_a_record_is_not_the_record() {
    let found = |more: Value| {
        let entries = json!([
            { "resource": { "resourceType": "Patient", "id": "1", "birthDate": "1940-01-01" }, "search": { "mode": "match" } },
            { "resource": observed("2708-6", "2026-03-29T10:00:00Z", quantity(91.0, "%")), "search": { "mode": "include" } },
        ]);
        and(json!({ "resourceType": "Bundle", "type": "searchset", "entry": entries }), more)
    };
    assert_eq!(
        taken(&found(json!({ "total": 1, "link": [{ "relation": "self", "url": "x" }] }))).unwrap().case["spo2"],
        91
    );
    for (more, why) in [
        (json!({ "link": [{ "relation": "self" }, { "relation": "next", "url": "x" }] }), "one page of several"),
        (json!({ "total": 2 }), "1 of the 2 resources"),
        (json!({ "implicitRules": "x" }), "`implicitRules`"),
    ] {
        let refused = taken(&found(more.clone())).unwrap_err();
        assert!(refused.contains(why), "{refused}");
        let within = entries(&[("a", found(more))]);
        assert!(taken(&within).unwrap_err().contains(why), "within another");
    }
    assert_eq!(taken(&entries(&[("a", found(json!({})))])).unwrap().case["spo2"], 91, "a bundle within a bundle");
    let outcome = |severity: &str, code: &str| json!({ "resourceType": "OperationOutcome", "issue": [{ "severity": severity, "code": code }] });
    for (severity, code, partial) in [
        ("information", "informational", false),
        ("warning", "not-found", false),
        ("warning", "incomplete", true),
        ("information", "suppressed", true),
        ("error", "processing", true),
        ("fatal", "exception", true),
    ] {
        let mut whole = found(json!({}));
        whole["entry"].as_array_mut().unwrap().push(json!({ "resource": outcome(severity, code) }));
        let mapped = taken(&whole).unwrap();
        assert_eq!(mapped.report.partial, partial, "{severity} {code}");
        assert_eq!(mapped.case.get("spo2").is_none(), partial);
        assert_eq!(mapped.case["not_supplied"].as_array().unwrap().len(), if partial { 4 } else { 0 });
        assert_eq!(mapped.case["born"], "1940-01-01", "who it is does not depend on the rest");
    }
}

#[test]
fn a_condition_is_there_while_it_is() {
    let condition = |clinical: &str, more: Value| {
        let mut of =
            json!({ "resourceType": "Condition", "code": snomed("73211009"), "subject": { "reference": "Patient/1" } });
        if !clinical.is_empty() {
            of["clinicalStatus"] = json!({ "coding": [{ "code": "local" }, { "code": clinical }] });
        }
        and(of, more)
    };
    let (yes, over) = (Ok(json!(true)), Err(String::new()));
    let unsure = Err("its time is not known well enough to say whether it counts".to_owned());
    let later = Err("no value lies within the time that counts".to_owned());
    let contrary = Err("it is said to be active, and to be over".to_owned());
    for (clinical, more, expected) in [
        ("active", json!({}), &yes),
        ("relapse", json!({ "onsetAge": { "value": 40 } }), &yes),
        ("active", json!({ "onsetString": "in youth" }), &yes),
        ("active", json!({ "recordedDate": "2026-03-28" }), &yes),
        ("active", json!({ "recordedDate": "2026-03-29" }), &unsure),
        ("active", json!({ "recordedDate": "2026-03-30" }), &unsure),
        ("active", json!({ "onsetDateTime": "2026", "recordedDate": "2026-02-01" }), &yes),
        ("active", json!({ "onsetDateTime": "2026" }), &unsure),
        ("active", json!({ "onsetDateTime": "2026-03-01T10:00:00" }), &unsure),
        ("active", json!({ "onsetDateTime": "2026-04-01", "recordedDate": "2026-04-01" }), &later),
        ("active", json!({ "onsetPeriod": { "start": "2020" } }), &yes),
        ("active", json!({ "onsetPeriod": { "start": "2020", "end": "2027" } }), &unsure),
        ("active", json!({ "meta": { "lastUpdated": "2026-03-29T11:59:59Z" } }), &yes),
        ("active", json!({ "meta": { "lastUpdated": "2026-03-29T12:00:01Z" } }), &unsure),
        ("active", json!({ "abatementDateTime": "2021" }), &contrary),
        ("active", json!({ "abatementString": "last year" }), &contrary),
        ("active", json!({ "abatementDateTime": "2027" }), &yes),
        ("resolved", json!({ "onsetDateTime": "2020" }), &over),
        ("resolved", json!({ "onsetDateTime": "2020", "abatementDateTime": "2021" }), &over),
        ("resolved", json!({ "onsetDateTime": "2020", "abatementDateTime": "2026-04" }), &yes),
        ("", json!({ "onsetDateTime": "2020" }), &yes),
        ("", json!({ "onsetDateTime": "2020", "abatementDateTime": "2021" }), &over),
        ("unknown", json!({ "onsetDateTime": "2020" }), &Err("it is not known whether it is active".to_owned())),
    ] {
        assert_eq!(&fact("diabetic", &[condition(clinical, more.clone())]), expected, "{clinical} {more}");
    }
    let sure = condition("active", json!({ "onsetDateTime": "2020" }));
    assert_eq!(fact("diabetic", &[condition("active", json!({ "onsetDateTime": "2026" })), sure]), yes, "said twice");
    let fall = and(
        condition("resolved", json!({ "onsetDateTime": "2026-03-01T10:00:00Z" })),
        json!({ "code": snomed("217082002") }),
    );
    assert_eq!(events(&alone(&[fall])), (vec!["Fall"], vec![]), "what is over did happen");
}

#[test]
fn a_period_is_read_in_one_way() {
    let times = |resource: Value| {
        let mapped = alone(&[resource]);
        let event = &mapped.case["events"][0];
        (event["at"].clone(), event["end"].clone(), mapped.report.lines().join("; "))
    };
    let (start, end) = ("2026-03-29T10:00:00Z", "2026-03-29T10:30:00Z");
    let drug = |period: Value| {
        let mut of =
            administered(json!({ "medicationCodeableConcept": snomed("281789004"), "effectivePeriod": period }));
        of.as_object_mut().unwrap().remove("effectiveDateTime");
        times(of).0
    };
    let operation = |more: Value| {
        let of = json!({ "resourceType": "Procedure", "status": "completed", "code": snomed("387713003"), "subject": { "reference": "Patient/1" } });
        times(and(of, more))
    };
    let lactate = |more: Value| {
        let mut of = observed("2524-7", start, and(quantity(2.5, "mmol/L"), more));
        of.as_object_mut().unwrap().remove("effectiveDateTime");
        times(of)
    };
    let before = json!({ "from": "1900-01-01T00:00:00Z", "to": end });
    // What is done begins with its period.
    assert_eq!(drug(json!({ "start": start, "end": end })), start);
    assert_eq!(drug(json!({ "start": start })), start);
    assert_eq!(drug(json!({ "end": end })), before);
    let (at, until, _) = operation(json!({ "performedPeriod": { "start": start, "end": end } }));
    assert_eq!((at, until), (json!(start), json!(end)));
    assert_eq!(operation(json!({ "performedPeriod": { "end": end } })).0, before);
    // The empty date of a system is no end, of what is done as of what is observed.
    for empty in ["1900-01-01T00:00:00Z", "1900-01-01", "1900", "1904-01-01T00:00:00+01:00"] {
        let (at, until, said) = operation(json!({ "performedPeriod": { "start": start, "end": empty } }));
        assert_eq!((at, until), (json!(start), Value::Null), "{empty}");
        assert!(said.contains("whose period ends with a date before 1910"), "{said}");
        let after = json!({ "from": start, "to": "2199-12-31T23:59:59.999Z" });
        assert_eq!(lactate(json!({ "effectivePeriod": { "start": start, "end": empty } })).0, after, "{empty}");
    }
    // What is observed was so at some time within it.
    assert_eq!(
        lactate(json!({ "effectivePeriod": { "start": start, "end": end } })).0,
        json!({ "from": start, "to": end })
    );
    let after = json!({ "from": start, "to": "2199-12-31T23:59:59.999Z" });
    assert_eq!(lactate(json!({ "effectivePeriod": { "start": start } })).0, after);
    assert_eq!(
        lactate(json!({ "effectivePeriod": { "start": start }, "issued": end })).0,
        json!({ "from": start, "to": end })
    );
    assert_eq!(lactate(json!({ "issued": end })).0, before);
    for (more, why) in [
        (json!({ "performedDateTime": "2026-03-29T10:00:00" }), "no exact time: Operation: 1 whose time has no zone"),
        (json!({ "performedDateTime": "2026-03-29T23:59:60Z" }), "1 whose time is none of the calendar"),
        (json!({ "performedDateTime": "2026-02-30" }), "1 whose time is none of the calendar"),
        (json!({ "performedString": "in May" }), "1 whose time is in words"),
        (json!({ "performedAge": { "value": 40 } }), "1 whose time is an age"),
        (json!({ "performedPeriod": {} }), "1 without a time"),
        (json!({}), "1 without a time"),
    ] {
        let (at, _, said) = operation(more);
        assert!(at.is_null() && said.contains(why), "{said}");
    }
    assert!(lactate(json!({ "effectiveTiming": { "event": [start] } })).2.contains("1 whose time is a schedule"));
    assert!(lactate(json!({ "effectivePeriod": { "start": end, "end": start } })).2.contains("ends before it starts"));
}
