//! A bulk export of FHIR R4 whose resources refer to others, come again in a later file, or were deleted.

use crate::cli::run;
use crate::packages::TempFolder;
use serde_json::{Value, json};
use std::fmt::Write as _;

const RULE: &str = r#"package sample.given {
  version   1.0.0
  title     "Given in time"
  source    s "Made up"
  owner     "Group"
  use       audit
  status    draft
  review by 2029-12-31
}
subject Stay {
  trust : organisation
  event Triage from snomed 225390008
  event Antibiotics from snomed 281789004
}
obligation given "Antibiotics within 1 hour" {
  from   first Triage
  expect Antibiotics within 1 h
}
measure given {
  title   "Antibiotics"
  of      obligation given
  unknown counts against
}
"#;
const MAP: &str = "package = \"sample.given\"\nversion = \"1.0.0\"\ntitle = \"x\"\n[source]\nformat = \"fhir\"\n[labels]\ntrust = { constant = \"T0\" }\n";

fn coded(code: &str) -> Value {
    json!({ "coding": [{ "system": "http://snomed.info/sct", "code": code }] })
}

fn given(patient: &str, more: Value) -> Value {
    let mut of = json!({
        "resourceType": "MedicationAdministration", "id": format!("given-{patient}"), "status": "completed",
        "subject": { "reference": format!("Patient/{patient}") }, "effectiveDateTime": "2025-05-01T10:30:00Z",
    });
    of.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    of
}

/// An audit of these files, each of so many lines: the verdict of each patient, and the data of the results.
fn audited(files: &[(&str, Vec<Value>)], more: &[&str]) -> (String, Value) {
    let (folder, data) = (TempFolder::new(), TempFolder::new());
    let rule = folder.write("given.concord", RULE.as_bytes());
    let map = folder.write("m.toml", MAP.as_bytes());
    for (name, lines) in files {
        let mut text = String::new();
        lines.iter().for_each(|line| writeln!(text, "{line}").unwrap());
        data.write(name, text.as_bytes());
    }
    let (out, cases, data) = (folder.path("out"), folder.path("cases.csv"), data.path(""));
    let [rule, map, data, out, cases] = [&rule, &map, &data, &out, &cases].map(|path| path.to_str().unwrap());
    let arguments = ["audit", rule, "--map", map, "--data", data, "--as-of", "2026-01-01T00:00:00Z", "--out", out];
    let ran = run(&[&arguments[..], &["--no-disclosure-control", "made up", "--cases", cases], more].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    let mut verdicts = Vec::new();
    for line in folder.read("cases.csv").lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        verdicts.push(format!("{} {}", fields[1], fields[4]));
    }
    verdicts.sort();
    let results: Value = serde_json::from_str(&folder.read("out/results.json")).unwrap();
    (verdicts.join(", "), results["audits"][0]["data"].clone())
}

fn triages(patients: &[&str]) -> Vec<Value> {
    let one = |patient: &&str| {
        json!({
            "resourceType": "Procedure", "id": format!("t-{patient}"), "status": "completed", "code": coded("225390008"),
            "subject": { "reference": format!("Patient/{patient}") }, "performedDateTime": "2025-05-01T10:00:00Z",
        })
    };
    patients.iter().map(one).collect()
}

#[test]
fn resources_are_read_together_with_what_they_refer_to() {
    let refers = |patient: &str, id: &str| {
        given(patient, json!({ "medicationReference": { "reference": format!("Medication/{id}") } }))
    };
    let version = |patient: &str, number: &str, status: &str| {
        let meta = json!({ "versionId": number });
        given(patient, json!({ "medicationCodeableConcept": coded("281789004"), "meta": meta, "status": status }))
    };
    let medications = vec![
        json!({ "resourceType": "Medication", "id": "m", "code": coded("281789004") }),
        json!({ "resourceType": "Medication", "id": "n", "code": coded("387517004") }),
    ];
    let deleted = json!({ "resourceType": "Bundle", "type": "transaction", "entry": [
        { "request": { "method": "DELETE", "url": "MedicationAdministration/given-g" } },
    ] });
    let filler: Vec<Value> =
        (0..9_000).map(|id| json!({ "resourceType": "Organization", "id": id.to_string() })).collect();
    let patients = ["a", "b", "c", "d", "e", "f", "g"];
    let administrations = vec![
        refers("a", "m"),
        refers("b", "n"),
        refers("c", "not-there"),
        version("d", "1", "completed"),
        version("e", "2", "completed"),
        given("f", json!({ "medicationCodeableConcept": coded("281789004"), "modifierExtension": [{ "url": "x" }] })),
        version("g", "1", "completed"),
    ];
    let later = vec![version("d", "2", "entered-in-error"), version("e", "1", "entered-in-error")];
    let expected = "a met, b missed, c unknown, d missed, e met, f unknown, g unknown";
    let rest = || {
        [
            ("Procedure.ndjson", triages(&patients)),
            ("b.ndjson", administrations.clone()),
            ("deleted.ndjson", vec![deleted.clone()]),
        ]
    };
    for (medication, increment) in [("A.ndjson", "c.ndjson"), ("z.ndjson", "a.ndjson")] {
        let mut files = vec![(medication, medications.clone()), (increment, later.clone())];
        files.extend(rest());
        let (verdicts, data) = audited(&files, &[]);
        assert_eq!(verdicts, expected);
        let told = format!("{}{}", data["warnings"], data["notes"]);
        assert!(told.contains("3 resources are left out, and nobody can tell what they say"), "{told}");
        files.push(("y.ndjson", filler.clone()));
        assert_eq!(audited(&files, &["--memory", "1M"]).0, expected, "where resources are set apart");
    }
}

#[test]
fn an_export_that_says_it_is_not_whole_is_not_taken_for_whole() {
    let outcome =
        |code: &str| json!({ "resourceType": "OperationOutcome", "issue": [{ "severity": "warning", "code": code }] });
    let files = |code: &str| [("Procedure.ndjson", triages(&["a"])), ("errors.ndjson", vec![outcome(code)])];
    assert_eq!(audited(&files("informational"), &[]).0, "a missed");
    let (verdicts, data) = audited(&files("suppressed"), &[]);
    assert_eq!(verdicts, "a unknown");
    let told = format!("{}{}", data["warnings"], data["notes"]);
    assert!(told.contains("says that something is not in it"), "{told}");
    assert_eq!(data["rows_left_out"], json!([["that say that something is not there", 1]]));
    let bundle = json!({ "resourceType": "Bundle", "entry": [{ "resource": triages(&["b"])[0] }] });
    let (verdicts, data) = audited(&[("Procedure.ndjson", triages(&["a"])), ("bundles.ndjson", vec![bundle])], &[]);
    assert_eq!(
        (verdicts.as_str(), &data["rows"], &data["rows_rejected"]),
        ("a missed, b missed", &json!(2), &json!(0))
    );
}

/// Records of FHIR servers as they come out of them: moved, merged, in bundles, and of nobody who is referred to.
#[test]
fn resources_are_of_whom_their_latest_version_says() {
    let dose = |id: &str, patient: &str, version: u32| {
        let code = coded("281789004");
        given(
            patient,
            json!({ "id": id, "medicationCodeableConcept": code, "meta": { "versionId": version.to_string() } }),
        )
    };
    let linked = |id: &str, kind: &str, other: &str, version: u32| {
        json!({
            "resourceType": "Patient", "id": id, "meta": { "versionId": version.to_string() }, "birthDate": "1950-01-01",
            "link": [{ "type": kind, "other": { "reference": format!("Patient/{other}") } }],
        })
    };
    let unlinked = json!({ "resourceType": "Patient", "id": "h", "meta": { "versionId": "3" } });
    // The dose of a is b's by its second version; that of c is d's once, and c's again; what is of e is of f now; g names what it replaced.
    let doses = vec![
        dose("1", "a", 1),
        dose("1", "b", 2),
        dose("2", "c", 3),
        dose("2", "d", 2),
        dose("3", "e", 1),
        dose("4", "old-g", 1),
        dose("5", "h", 1),
        dose("6", "not-h", 1),
    ];
    let patients = vec![
        linked("e", "replaced-by", "f", 2),
        linked("g", "replaces", "old-g", 2),
        linked("h", "replaced-by", "i", 2),
        unlinked,
    ];
    let triages = triages(&["a", "b", "c", "d", "f", "g", "h", "i"]);
    let filler: Vec<Value> =
        (0..9_000).map(|id| json!({ "resourceType": "Organization", "id": id.to_string() })).collect();
    let expected = "a missed, b met, c met, d missed, f met, g met, h met, i missed";
    for names in [["a.ndjson", "b.ndjson", "c.ndjson"], ["c.ndjson", "b.ndjson", "a.ndjson"]] {
        let mut files = vec![(names[0], doses.clone()), (names[1], patients.clone()), (names[2], triages.clone())];
        let (verdicts, data) = audited(&files, &[]);
        assert_eq!(verdicts, expected);
        assert!(data["rows_left_out"].to_string().contains("[\"of another patient by a later version\",2]"), "{data}");
        files.push(("y.ndjson", filler.clone()));
        assert_eq!(audited(&files, &["--memory", "1M"]).0, expected, "where resources are set apart");
    }
}

#[test]
fn a_bundle_on_each_line_is_read_as_its_resources() {
    let entry = |of: &Value| json!({ "fullUrl": format!("urn:uuid:{}", of["id"].as_str().unwrap()), "resource": of });
    let bundle = |patient: &str, dose: bool| {
        let mut entries = vec![entry(&json!({ "resourceType": "Patient", "id": patient }))];
        let mut triage = triages(&[patient])[0].clone();
        triage["subject"]["reference"] = format!("urn:uuid:{patient}").into();
        entries.push(entry(&triage));
        let given = given(patient, json!({ "medicationReference": { "reference": "urn:uuid:m" } }));
        entries.extend(dose.then(|| entry(&given)));
        entries.push(entry(&json!({ "resourceType": "Medication", "id": "m", "code": coded("281789004") })));
        json!({ "resourceType": "Bundle", "type": "transaction", "entry": entries })
    };
    let files = [("patients.ndjson", vec![bundle("a", true), bundle("b", false)])];
    let (verdicts, data) = audited(&files, &[]);
    assert_eq!(verdicts, "a met, b missed");
    assert_eq!((&data["rows"], &data["rows_rejected"]), (&json!(7), &json!(0)), "{data}");
    assert_eq!(audited(&files, &["--memory", "0"]).0, verdicts);
}

#[test]
fn what_names_its_patient_by_a_number_alone_is_told() {
    let subject = |of: Value, code: &str| {
        json!({
            "resourceType": "MedicationAdministration", "id": "x", "status": "completed", "subject": of,
            "medicationCodeableConcept": coded(code), "effectiveDateTime": "2025-05-01T10:30:00Z",
        })
    };
    let number = json!({ "identifier": { "system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9434765919" } });
    for (of, why) in
        [(number.clone(), "named by an identifier alone"), (json!({ "reference": "Group/1" }), "a group of patients")]
    {
        let (verdicts, data) =
            audited(&[("a.ndjson", triages(&["a"])), ("b.ndjson", vec![subject(of, "281789004")])], &[]);
        assert_eq!((verdicts.as_str(), &data["rows_rejected"]), ("a missed", &json!(1)));
        let told = data["warnings"].to_string();
        assert!(told.contains("1 refused row does not say of which case"), "{told}");
        assert!(data["reject_reasons"].to_string().contains(why), "{data}");
    }
    // What the rule has no code for is of no matter.
    let (_, data) = audited(&[("a.ndjson", triages(&["a"])), ("b.ndjson", vec![subject(number, "387517004")])], &[]);
    assert_eq!(data["rows_rejected"], json!(0));
}

/// A subject named by a number of a patient is that patient, wherever in the export the patient stands, and whatever was merged into whom.
#[test]
fn a_number_of_a_patient_is_that_patient() {
    let patient = |id: &str, numbers: &[&str], more: Value| {
        let own = |value: &&str| json!({ "system": "https://fhir.nhs.uk/Id/nhs-number", "value": value });
        let mut of =
            json!({ "resourceType": "Patient", "id": id, "identifier": numbers.iter().map(own).collect::<Vec<_>>() });
        of.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        of
    };
    let dose = |value: &str| {
        let number = json!({ "identifier": { "system": "https://fhir.nhs.uk/Id/nhs-number", "value": value } });
        given("x", json!({ "subject": number, "medicationCodeableConcept": coded("281789004") }))
    };
    let nothing = json!({});
    let one = patient("a", &["9434765919"], nothing.clone());
    let verdicts = |files: &[(&str, Vec<Value>)]| {
        let (verdicts, data) = audited(files, &[]);
        let (apart, set_apart) = audited(files, &["--memory", "0"]);
        assert_eq!(
            (&verdicts, &data["rows"], &data["rows_used"]),
            (&apart, &set_apart["rows"], &set_apart["rows_used"])
        );
        assert_eq!(data["rows_rejected"], set_apart["rows_rejected"]);
        (verdicts, data["rows_rejected"].clone())
    };
    // Before its patient, and after it.
    let first =
        [("a.ndjson", vec![dose("9434765919")]), ("b.ndjson", triages(&["a"])), ("c.ndjson", vec![one.clone()])];
    assert_eq!(verdicts(&first), ("a met".to_owned(), json!(0)));
    let last = [("a.ndjson", vec![one.clone()]), ("b.ndjson", triages(&["a"])), ("c.ndjson", vec![dose("9434765919")])];
    assert_eq!(verdicts(&last), ("a met".to_owned(), json!(0)));
    // Of a number that two have nobody knows whose it is, unless they are one.
    let other = |more: Value| patient("b", &["9434765919"], more);
    let two = [
        ("a.ndjson", vec![one.clone(), other(nothing)]),
        ("b.ndjson", triages(&["a", "b"])),
        ("c.ndjson", vec![dose("9434765919")]),
    ];
    assert_eq!(verdicts(&two), ("a missed, b missed".to_owned(), json!(1)));
    let merged = other(json!({ "link": [{ "type": "replaced-by", "other": { "reference": "Patient/a" } }] }));
    let both = [
        ("a.ndjson", vec![one.clone(), merged]),
        ("b.ndjson", triages(&["a"])),
        ("c.ndjson", vec![dose("9434765919")]),
    ];
    assert_eq!(verdicts(&both), ("a met".to_owned(), json!(0)));
    // A number of another system is another's.
    let mut elsewhere = dose("9434765919");
    elsewhere["subject"]["identifier"]["system"] = "urn:other".into();
    let other = [("a.ndjson", vec![one]), ("b.ndjson", triages(&["a"])), ("c.ndjson", vec![elsewhere])];
    assert_eq!(verdicts(&other), ("a missed".to_owned(), json!(1)));
}
