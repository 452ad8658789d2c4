//! `concord replay`: a decision record and its case are enough to judge again.

use crate::cli::{Ran, fed, run};
use crate::packages::TempFolder;
use serde_json::Value;

const SEPSIS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../rules/acute/sepsis");
const TRIAGE: &str = r#"{"event": "SepsisTriage", "at": "2026-03-01T10:00:00Z"}"#;

/// Two cases and a faulty one, a line each; antibiotics come after 50 minutes.
fn cases() -> String {
    let antibiotics = r#"{"event": "Antibiotics", "at": "2026-03-01T10:50:00Z"}"#;
    let first = format!(r#"{{"case": "A1", "age": 70, "events": [{TRIAGE}, {antibiotics}]}}"#);
    format!("{first}\n{{\"case\": \"A2\", \"age\": 1e9}}\n{{\"case\": \"A3\", \"age\": 70, \"events\": [{TRIAGE}]}}\n")
}

#[track_caller]
fn replayed(folder: &TempFolder, records: &str, more: &[&str]) -> Ran {
    let cases = folder.write("cases.ndjson", cases().as_bytes());
    let records = folder.write("records.ndjson", records.as_bytes());
    let (cases, records) = (cases.to_str().unwrap(), records.to_str().unwrap());
    let arguments = ["replay", SEPSIS, "-i", cases, "-r", records];
    run(&arguments.iter().chain(more).copied().collect::<Vec<_>>())
}

fn recorded() -> String {
    let settings = ["--as-of", "2026-03-02T00:00:00Z", "--set", "antibiotics_within=PT45M"];
    let arguments: Vec<&str> = ["eval", SEPSIS, "--json"].into_iter().chain(settings).collect();
    let ran = fed(&arguments, std::iter::once(cases().into_bytes()));
    assert_eq!(ran.code, 3, "{}", ran.err);
    ran.out
}

/// The instant and the settings of the record count again: with the group's own the answer would be another.
#[test]
fn a_record_is_judged_again_as_it_was() {
    let folder = TempFolder::new();
    let records = recorded();
    assert!(records.contains(r#""verdict":"late""#), "{records}");
    let ran = replayed(&folder, &records, &[]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.err);
    assert!(ran.err.contains("2 of 2 records have the same answers"), "{}", ran.err);
    assert!(ran.err.contains("1 was refused when made"), "{}", ran.err);
}

/// An answer that is not as it was is named; what it was only where that is asked for.
#[test]
fn a_differing_answer_is_named() {
    let folder = TempFolder::new();
    let records = recorded().replace("PT45M", "PT1H");
    let ran = replayed(&folder, &records, &[]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(ran.out.contains("A1: `antibiotics_1h` differs\n"), "{}", ran.out);
    assert!(!ran.out.contains("late"), "{}", ran.out);
    let ran = replayed(&folder, &records, &["--show-values"]);
    assert!(ran.out.contains("A1: `antibiotics_1h` differs: it was late by 5 min and is met\n"), "{}", ran.out);
}

/// Another version's record, a record too few, and what is no record are refused in words.
#[test]
fn other_logic_and_other_files_are_refused() {
    let folder = TempFolder::new();
    let records = recorded();
    let fingerprint =
        serde_json::from_str::<Value>(records.lines().next().unwrap()).unwrap()["fingerprint"].to_string();
    let ran = replayed(&folder, &records.replace(&fingerprint, r#""00""#), &[]);
    assert_eq!(ran.code, 4, "{}", ran.err);
    assert!(ran.err.contains("A1: this record was made by other logic"), "{}", ran.err);
    let ran = replayed(&folder, records.lines().next().unwrap(), &[]);
    assert_eq!(ran.code, 3);
    assert!(ran.err.contains("3 cases and 1 records"), "{}", ran.err);
    assert_eq!(replayed(&folder, "oops", &[]).code, 3);
    // Three objects that are no records: the cases themselves, and nothing at all. Nothing would be compared.
    for none in [cases(), "{}\n{}\n{}\n".to_owned()] {
        let ran = replayed(&folder, &none, &[]);
        assert_eq!(ran.code, 3, "{}", ran.err);
        assert!(ran.err.contains("this is no decision record"), "{}", ran.err);
    }
}

/// Whose a record is, at which instant, and which answers it has are part of what is vouched for, by a rule and by a module.
#[test]
fn what_a_record_says_beside_its_answers_is_compared() {
    let folder = TempFolder::new();
    let case = format!(r#"{{"case": "B1", "as_of": "2026-03-02T00:00:00Z", "age": 70, "events": [{TRIAGE}]}}"#);
    let module = folder.path("sepsis.wasm").to_str().unwrap().to_owned();
    assert_eq!(run(&["--quiet", "build", SEPSIS, "-o", &module]).code, 0);
    let cases = folder.write("one.ndjson", format!("{case}\n").as_bytes());
    let record = fed(&["eval", SEPSIS, "--json"], std::iter::once(format!("{case}\n{case}\n").into_bytes())).out;
    let record: Value = serde_json::from_str(record.lines().next().unwrap()).unwrap();
    let replay = |changed: &Value| {
        let records = folder.write("one.records.ndjson", format!("{changed}\n").as_bytes());
        let [rule, module] = [SEPSIS, &module].map(|judge| {
            let ran = run(&["replay", judge, "-i", cases.to_str().unwrap(), "-r", records.to_str().unwrap()]);
            (ran.code, ran.out)
        });
        assert_eq!(rule, module, "{changed}");
        rule
    };
    assert_eq!(replay(&record), (0, String::new()));
    for (name, value) in
        [("as_of", Value::from("2031-01-01T00:00:00Z")), ("as_of", Value::Null), ("package", "other".into())]
    {
        let mut changed = record.clone();
        changed[name] = value;
        assert_eq!(replay(&changed), (1, format!("B1: `{name}` differs\n")));
    }
    let mut more = record.clone();
    more["answers"]["invented"] = record["answers"]["antibiotics_1h"].clone();
    assert_eq!(replay(&more), (1, "B1: `invented` differs\n".to_owned()));
    let mut other = record.clone();
    other["case"] = "B2".into();
    assert_eq!(replay(&other).0, 3);
}
