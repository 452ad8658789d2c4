//! FHIR bundles as cases: what is final, in which unit, which of several, and what cannot be said.

mod meant;
mod patients;
mod versions;
mod whose;

use concord_cli::manifest::manifest;
use concord_engine::plan::Package;
use concord_engine::values::calendar::read_instant;
use concord_engine::values::units::spellings;
use concord_fhir::{Mapped, UCUM, WITHOUT_UCUM, Wanted, is_same, read};
use concord_tests::text::{Tried, whole};
use concord_wasm::emit::emit;
use serde_json::{Value, json};

const AS_OF: &str = "2026-03-29T12:00:00Z";

/// Every kind of fact and event that a bundle can have.
const RULE: &str = r#"
enum Mind { alert from snomed 248234008, confused from snomed 130987000 }
enum Sex { female from snomed 248152002, male from snomed 248153007 }
subject Patient {
  age         : integer 0..130 years from snomed 424144002
  born        : date from loinc 21112-8
  sex         : Sex from loinc 76689-9
  spo2        : integer 30..100 % from snomed 103228002 or loinc 2708-6 taking last within 12 h
  systolic    : integer 0..350 mmHg from loinc 8480-6 taking lowest within 24 h
  temperature : decimal 25.0..45.0 °C from loinc 8310-5 taking highest
  first_seen  : integer 0..10 from loinc 72514-3 taking first
  weight      : decimal 0.0..400.0 kg from loinc 29463-7
  creatinine  : integer 10..3000 µmol/L or mg/dL at 88.42 from loinc 2160-0 taking last
  mind        : Mind from snomed 1104441000000107
  diabetic    : yes/no from snomed 73211009
  event Lactate from loinc 2524-7 { value : decimal 0.0..30.0 mmol/L from loinc 2524-7 }
  event Stay : span from snomed 32485007
  event Told
}
define x = age >= 18 and spo2 < 92 % and systolic < 90 mmHg and first_seen > 3
define hot = temperature > 38.0 °C
define heavy = weight > 100 kg
define raised = creatinine > 100 µmol/L
define well = mind is alert and not diabetic and sex is female
define acid = any Lactate where value > 2.0 mmol/L
define inside = any Stay
define told = any Told
define old = born < 1950-01-01
"#;

fn wanted_of(package: &Package) -> Wanted {
    let layout = emit(&package.plan).unwrap().layout;
    Wanted::of(&manifest(package, &layout, false, 0)).unwrap()
}

fn wanted() -> Wanted {
    wanted_by(RULE)
}

fn wanted_by(rule: &str) -> Wanted {
    wanted_of(tried(rule).compiled.package.as_ref().unwrap())
}

fn tried(rule: &str) -> Tried {
    let tried = Tried::beside(whole(rule), String::new(), &[], &[]);
    assert_eq!(tried.messages(), "");
    tried
}

fn bundle(resources: &[Value]) -> Vec<u8> {
    let entries: Vec<Value> = resources.iter().map(|resource| json!({ "resource": resource })).collect();
    json!({ "resourceType": "Bundle", "type": "collection", "entry": entries }).to_string().into_bytes()
}

/// An observation by its LOINC code, with what else it says.
fn observed(code: &str, when: &str, more: Value) -> Value {
    let mut of = json!({
        "resourceType": "Observation", "status": "final", "subject": { "reference": "Patient/1" },
        "code": { "coding": [{ "system": "http://loinc.org", "code": code }] }, "effectiveDateTime": when,
    });
    of.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    of
}

fn quantity(value: f64, unit: &str) -> Value {
    json!({ "valueQuantity": { "value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit } })
}

fn mapped(resources: &[Value]) -> Mapped {
    read(&bundle(resources), &wanted(), Some(read_instant(AS_OF).unwrap())).unwrap()
}

/// What a fact of these resources is, or why it is missing.
#[track_caller]
fn fact(name: &str, resources: &[Value]) -> Result<Value, String> {
    let Mapped { case, report } = mapped(resources);
    match (case.get(name), report.missing.get(name)) {
        (Some(value), None) => Ok(value.clone()),
        (None, Some(why)) => Err((*why).to_owned()),
        (None, None) => Err(String::new()),
        both => panic!("{both:?}"),
    }
}

#[test]
fn every_unit_has_its_code_or_none() {
    for spelling in spellings() {
        let coded = UCUM.iter().any(|(_, unit)| is_same(unit, spelling));
        let without = WITHOUT_UCUM.contains(&spelling);
        assert!(coded != without, "{spelling}");
    }
    for (code, unit) in UCUM {
        assert!(spellings().any(|spelling| spelling == unit), "{code} is {unit}, which the language does not have");
    }
}

#[test]
fn only_what_is_final_counts() {
    let spo2 = |status: &str, value: f64| {
        let mut of = observed("2708-6", "2026-03-29T10:00:00Z", quantity(value, "%"));
        of["status"] = status.into();
        of
    };
    for status in ["final", "amended", "corrected"] {
        assert_eq!(fact("spo2", &[spo2(status, 93.0)]), Ok(json!(93)), "{status}");
    }
    for (status, why) in [
        ("entered-in-error", "entered in error"),
        ("preliminary", "not final"),
        ("registered", "not final"),
        ("unknown", "not final"),
        ("cancelled", "that did not happen, or are over"),
    ] {
        let Mapped { case, report } = mapped(&[spo2(status, 93.0), spo2("final", 95.0)]);
        assert_eq!(case["spo2"], 95, "{status}");
        assert_eq!(report.left_out.iter().collect::<Vec<_>>(), [(&why, &1)], "{status}");
        assert_eq!((report.resources, report.used), (2, 1));
        // Of another time it is another value, and nobody knows which.
        let not_final = (why == "not final").then(|| Err("a value of it is not final".to_owned()));
        let earlier = observed("2708-6", "2026-03-29T09:00:00Z", quantity(95.0, "%"));
        assert_eq!(
            fact("spo2", &[earlier, spo2(status, 93.0)]),
            not_final.clone().unwrap_or(Ok(json!(95))),
            "{status}"
        );
        let later = observed("2708-6", "2026-03-29T11:00:00Z", quantity(95.0, "%"));
        assert_eq!(fact("spo2", &[spo2(status, 93.0), later]), Ok(json!(95)), "{status}");
    }
}

#[test]
fn values_are_exact_or_between_two_or_not_there() {
    let at = "2026-03-29T10:00:00Z";
    let temperature = |value: f64, unit: &str| fact("temperature", &[observed("8310-5", at, quantity(value, unit))]);
    assert_eq!(temperature(38.4, "Cel"), Ok(json!(38.4)));
    assert_eq!(temperature(37.0, "Cel"), Ok(json!(37.0)));
    assert_eq!(temperature(98.6, "[degF]"), Ok(json!(37.0)));
    assert_eq!(temperature(100.0, "[degF]"), Ok(json!({ "from": 37.7, "to": 37.8 })));
    assert_eq!(temperature(38.4372, "Cel"), Ok(json!({ "from": 38.4, "to": 38.5 })));
    let unit = "its unit is none that converts to that of the rule".to_owned();
    assert_eq!(temperature(38.4, "cel"), Err(unit.clone()));
    assert_eq!(temperature(38.4, "kg"), Err(unit));
    assert_eq!(temperature(20.0, "Cel"), Err("it lies outside the range that the rule declares".to_owned()));
    let creatinine = |more: Value| fact("creatinine", &[observed("2160-0", at, more)]);
    assert_eq!(creatinine(quantity(2.0, "mg/dL")), Ok(json!({ "from": 176, "to": 177 })));
    assert_eq!(creatinine(quantity(0.1, "mmol/L")), Ok(json!(100)));
    let below = |comparator: &str, value: f64, unit: &str| {
        let mut of = quantity(value, unit);
        of["valueQuantity"]["comparator"] = comparator.into();
        creatinine(of)
    };
    assert_eq!(below("<", 20.0, "umol/L"), Ok(json!("<20")));
    assert_eq!(below(">=", 2.0, "mg/dL"), Ok(json!(">=176")));
    // 176.84 µmol/L: what is just below it lies between 176 and 177, and may be recorded as either.
    assert_eq!(below("<", 2.0, "mg/dL"), Ok(json!("<=177")));
    assert_eq!(below(">", 2.0, "mg/dL"), Ok(json!(">=176")));
    assert_eq!(below("ad", 20.0, "umol/L"), Err("its comparator is none of <, <=, > and >=".to_owned()));
    let text = r#"{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"29463-7"}]},"valueQuantity":{"value":70.10000000000000000001,"code":"kg"}}}]}"#;
    let exact = read(text.as_bytes(), &wanted(), None).unwrap();
    assert_eq!(exact.case["weight"], json!({ "from": 70.1, "to": 70.2 }), "no digit is lost");
    let uncoded = json!({ "valueQuantity": { "value": 70, "unit": "kg" } });
    assert_eq!(fact("weight", &[observed("29463-7", at, uncoded)]), Err("its unit has no code of UCUM".to_owned()));
    let absent = json!({ "dataAbsentReason": { "coding": [{ "code": "unknown" }] } });
    let said = "the sender says that there is no value".to_owned();
    assert_eq!(fact("weight", &[observed("29463-7", at, absent)]), Err(said));
    assert_eq!(fact("weight", &[observed("29463-7", at, json!({}))]), Err("it has no value".to_owned()));
    let other = json!({ "valueString": "heavy" });
    assert_eq!(
        fact("weight", &[observed("29463-7", at, other)]),
        Err("its value is of another kind than the rule's".to_owned())
    );
}

/// Blood pressure has its values in parts; the panel's own place is empty.
#[test]
fn parts_have_the_values_of_a_panel() {
    let part = |code: &str, value: f64| {
        let mut of = quantity(value, "mm[Hg]");
        of["code"] = json!({ "coding": [{ "system": "http://loinc.org", "code": code }] });
        of
    };
    let panel = |parts: Vec<Value>| observed("85354-9", "2026-03-29T10:00:00Z", json!({ "component": parts }));
    assert_eq!(fact("systolic", &[panel(vec![part("8462-4", 70.0), part("8480-6", 118.0)])]), Ok(json!(118)));
    assert_eq!(fact("systolic", &[panel(vec![part("8462-4", 70.0)])]), Err(String::new()));
    let empty = json!({ "code": part("8480-6", 0.0)["code"], "dataAbsentReason": { "coding": [{ "code": "error" }] } });
    let said = "the sender says that there is no value".to_owned();
    assert_eq!(fact("systolic", &[panel(vec![empty])]), Err(said));
}

#[test]
fn the_rule_says_which_of_several_counts() {
    let spo2 = |when: &str, value: f64| observed("2708-6", when, quantity(value, "%"));
    let (early, late) = (spo2("2026-03-29T08:00:00Z", 91.0), spo2("2026-03-29T11:00:00+01:00", 95.0));
    assert_eq!(fact("spo2", &[late.clone(), early.clone()]), Ok(json!(95)), "the last");
    assert_eq!(
        fact("spo2", &[spo2("2026-03-28T23:59:59Z", 91.0)]),
        Err("no value lies within the time that counts".to_owned())
    );
    assert_eq!(
        fact("spo2", &[spo2("2026-03-29T00:00:00Z", 91.0)]),
        Ok(json!(91)),
        "12 hours before, to the millisecond"
    );
    let later = spo2("2026-03-29T12:00:00.001Z", 80.0);
    assert_eq!(fact("spo2", &[early.clone(), later]), Ok(json!(91)), "not after the instant asked about");
    let unplaced = "its time is not known well enough to say whether it counts".to_owned();
    assert_eq!(fact("spo2", &[spo2("2026-03-29", 91.0)]), Err(unplaced.clone()), "never midnight");
    assert_eq!(fact("spo2", &[spo2("2026-03", 92.0), early.clone()]), Err(unplaced));
    assert_eq!(fact("spo2", &[spo2("2026-03", 91.0), early.clone()]), Ok(json!(91)), "whichever of the two counts");
    let twice = "two of its values have the same time, or one that is not known well enough".to_owned();
    assert_eq!(fact("spo2", &[early.clone(), spo2("2026-03-29T09:00:00+01:00", 92.0)]), Err(twice));
    assert_eq!(fact("spo2", &[early.clone(), spo2("2026-03-29T09:00:00+01:00", 91.0)]), Ok(json!(91)));
    let pressure = |when: &str, value: f64| observed("8480-6", when, quantity(value, "mm[Hg]"));
    let day = [
        pressure("2026-03-29T01:00:00Z", 130.0),
        pressure("2026-03-28T13:00:00Z", 95.5),
        pressure("2026-03-28T11:00:00Z", 80.0),
    ];
    assert_eq!(fact("systolic", &day), Ok(json!({ "from": 95, "to": 96 })), "the lowest of 24 hours");
    let unread = [day[0].clone(), pressure("2026-03-29T02:00:00Z", 999.0)];
    assert_eq!(fact("systolic", &unread), Err("it lies outside the range that the rule declares".to_owned()));
    let heat = |value: f64| observed("8310-5", "2026-03-20", quantity(value, "Cel"));
    assert_eq!(fact("temperature", &[heat(37.2), heat(39.1)]), Ok(json!(39.1)), "the highest, whenever it was");
    let pain = |when: &str, value: f64| observed("72514-3", when, quantity(value, "{score}"));
    assert_eq!(fact("first_seen", &[pain("2026-03-02", 3.0), pain("2026-03-01T10:00:00Z", 7.0)]), Ok(json!(7)));
    let weight = |value: f64| observed("29463-7", "2026-03-01T10:00:00Z", quantity(value, "kg"));
    let several = "it has several values, and the rule does not say which counts".to_owned();
    assert_eq!(fact("weight", &[weight(70.0), weight(71.0)]), Err(several));
    assert_eq!(fact("weight", &[weight(70.0), weight(70.0)]), Ok(json!(70.0)));
}

#[test]
fn choices_and_conditions_go_by_their_codes() {
    let snomed = |code: &str| json!({ "coding": [{ "system": "http://snomed.info/sct", "code": code }] });
    let mind = |code: &str| {
        let mut of = observed("0", "2026-03-29T10:00:00Z", json!({ "valueCodeableConcept": snomed(code) }));
        of["code"] = snomed("1104441000000107");
        of
    };
    assert_eq!(fact("mind", &[mind("130987000")]), Ok(json!("confused")));
    assert_eq!(fact("mind", &[mind("422768004")]), Err("its code is that of none of the choices".to_owned()));
    let condition = |clinical: &str, verified: &str| {
        json!({
            "resourceType": "Condition", "code": snomed("73211009"), "subject": { "reference": "Patient/1" },
            "clinicalStatus": { "coding": [{ "code": clinical }] },
            "verificationStatus": { "coding": [{ "code": verified }] }, "onsetDateTime": "2011",
        })
    };
    assert_eq!(fact("diabetic", &[condition("active", "confirmed")]), Ok(json!(true)));
    for (clinical, verified) in
        [("resolved", "confirmed"), ("active", "refuted"), ("active", "entered-in-error"), ("active", "provisional")]
    {
        assert_eq!(fact("diabetic", &[condition(clinical, verified)]), Err(String::new()), "absence is not no");
    }
}

#[test]
fn events_are_all_there_or_said_not_to_be() {
    let lactate = |when: &str, more: Value| observed("2524-7", when, more);
    let unfinished = {
        let mut of = lactate("2026-03-29T11:00:00Z", quantity(2.0, "mmol/L"));
        of["status"] = "preliminary".into();
        of
    };
    let stay = json!({
        "resourceType": "Encounter", "status": "in-progress", "subject": { "reference": "Patient/1" },
        "type": [{ "coding": [{ "system": "http://snomed.info/sct", "code": "32485007" }] }],
        "period": { "start": "2026-03-27T09:00:00+00:00" },
    });
    let mut over = stay.clone();
    over["status"] = "finished".into();
    let done =
        lactate("2026-03-29T11:00:00Z", json!({ "dataAbsentReason": { "coding": [{ "code": "not-performed" }] } }));
    let Mapped { case, report } = mapped(&[
        lactate("2026-03-29T10:00:00.123456Z", quantity(2.4, "mmol/L")),
        lactate("2026-03-28", quantity(1.0, "g/L")),
        stay,
        done,
    ]);
    let expected = json!([
        { "event": "Lactate", "at": "2026-03-29T10:00:00.123Z", "value": 2.4 },
        { "event": "Lactate", "at": "2026-03-28" },
        { "event": "Stay", "at": "2026-03-27T09:00:00Z", "end": "none" },
    ]);
    assert_eq!(case["events"], expected);
    assert_eq!(case["not_supplied"], json!(["Told"]), "what has no code cannot be found");
    assert_eq!(report.missing["Lactate.value"], "its unit is none that converts to that of the rule");
    assert_eq!(report.left_out["fractions of a millisecond in times"], 1);
    let Mapped { case, report } = mapped(&[over]);
    assert_eq!(case["events"], json!([{ "event": "Stay", "at": "2026-03-27T09:00:00Z" }]));
    assert!(report.missing.contains_key("Stay.end"), "what is over did not go on: its end is missing");
    let Mapped { case, .. } = mapped(&[unfinished]);
    assert_eq!(case["not_supplied"], json!(["Lactate", "Told"]), "a result that is to come may be anything");
}

#[test]
fn a_patient_has_an_age_and_a_sex() {
    let patient = |born: &str, gender: &str| json!({ "resourceType": "Patient", "birthDate": born, "gender": gender });
    let of = mapped(&[patient("1946-03-30", "female")]).case;
    assert_eq!((&of["age"], &of["born"], &of["sex"]), (&json!(79), &json!("1946-03-30"), &json!("female")));
    assert_eq!(fact("age", &[patient("1946-03", "male")]), Ok(json!({ "from": 79, "to": 80 })));
    assert_eq!(fact("age", &[patient("1946", "male")]), Ok(json!({ "from": 79, "to": 80 })));
    assert_eq!(fact("born", &[patient("1946", "male")]), Ok(json!({ "from": "1946-01-01", "to": "1946-12-31" })));
    assert_eq!(fact("born", &[patient("1946-03", "male")]), Ok(json!({ "from": "1946-03-01", "to": "1946-03-31" })));
    assert_eq!(fact("born", &[patient("1846", "male")]), Err("it cannot be read".to_owned()));
    assert_eq!(fact("sex", &[patient("1946", "other")]), Err("it is recorded as neither of the two".to_owned()));
    let two = [patient("1946", "male"), patient("1947", "male")];
    let refused = read(&bundle(&two), &wanted(), None).unwrap_err();
    assert_eq!(refused, "the bundle is about several patients; a case is about one");
    let mut other = observed("2708-6", AS_OF, quantity(93.0, "%"));
    other["subject"]["reference"] = "Patient/2".into();
    assert!(read(&bundle(&[other, observed("2708-6", AS_OF, quantity(93.0, "%"))]), &wanted(), None).is_err());
    let about = |patient: &str, subject: &str| {
        let mut of = observed("2708-6", AS_OF, quantity(93.0, "%"));
        of["subject"]["reference"] = subject.into();
        let patient = json!({ "fullUrl": patient, "resource": { "resourceType": "Patient", "id": "1" } });
        let whole = json!({ "resourceType": "Bundle", "entry": [patient, { "resource": of }] });
        read(whole.to_string().as_bytes(), &wanted(), None).is_ok()
    };
    let (server, urn) = ("https://a.example/fhir/Patient/1", "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0");
    assert!(about(server, "Patient/1") && about(server, server) && about(urn, urn) && about(urn, "Patient/1"));
    for another in ["Patient/2", "https://b.example/fhir/Patient/1", "Group/1", "#1"] {
        assert!(!about(server, another), "{another}");
    }
    for no_bundle in [
        &b""[..],
        b"{",
        b"[]",
        b"{\"resourceType\":\"Patient\"}",
        b"{\"resourceType\":\"Bundle\",\"entry\":[{\"resource\":7}]}",
    ] {
        assert!(read(no_bundle, &wanted(), None).is_err());
    }
}
