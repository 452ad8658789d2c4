//! A bulk export of FHIR R4: resources of many patients, one a line, in a file for each kind.

use super::{FACTS, MAP, audited, audited_by};
use crate::packages::{TempFolder, authored, data_file};
use concord_cli::data::read::{ReadOptions, load_mapping, read_export};
use concord_engine::plan::case::{Datum, When};
use concord_engine::values::calendar::{read_instant, show_utc};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// A code of LOINC that nobody else has, with its check digit.
fn loinc(number: usize) -> String {
    let body = (70_000 + number).to_string();
    let digits = body.bytes().rev().map(|byte| usize::from(byte - b'0')).enumerate();
    let sum: usize = digits.map(|(at, digit)| if at % 2 == 0 { digit * 2 / 10 + digit * 2 % 10 } else { digit }).sum();
    format!("{body}-{}", (10 - sum % 10) % 10)
}

/// The rule on sepsis, with a code for each fact, event and choice, in order.
fn coded() -> (String, Vec<(String, String)>) {
    let text = std::fs::read_to_string(format!("{}/../rules/acute/sepsis/sepsis.concord", env!("CARGO_MANIFEST_DIR")));
    let (mut out, mut codes, mut within) = (String::new(), Vec::new(), false);
    for line in text.unwrap().lines() {
        let mut code = |name: &str| {
            codes.push((name.to_owned(), loinc(codes.len())));
            format!("from loinc {}", codes.last().unwrap().1)
        };
        within = line.starts_with("subject ") || (within && line != "}");
        let words: Vec<&str> = line.split_whitespace().collect();
        let line = match words.as_slice() {
            ["enum", "ReleaseKind", ..] => {
                let names = ["a", "b", "c", "d", "e"];
                let choices = names.map(|name| format!("{name} \"Release {}\" {}", name.to_uppercase(), code(name)));
                format!("enum ReleaseKind {{ {} }}", choices.join(", "))
            }
            ["event", name, ..] if within => {
                let of = code(name);
                let line = line.replacen(&format!("event {name}"), &format!("event {name} {of}"), 1);
                if line.contains(" }") { line.replacen(" }", &format!(" {of} }}"), 1) } else { line }
            }
            [name, ":", ..] if within && *name != "trust" => format!("{line} {}", code(name)),
            _ => line.to_owned(),
        };
        writeln!(out, "{line}").unwrap();
    }
    (out, codes)
}

/// The patients of the log as resources: those of each kind together.
fn resources(codes: &[(String, String)]) -> [String; 2] {
    let package = authored("acute/sepsis");
    let folder = TempFolder::new();
    let mapping = load_mapping(&package, &folder.write("m.toml", MAP.as_bytes())).unwrap();
    let options = ReadOptions { as_of: read_instant("2015-12-30T23:00:00Z").unwrap(), ..ReadOptions::default() };
    let export =
        read_export(&package.plan, &mapping, &[data_file("sepsis/sepsis.csv")], &options, &mut |_| {}).unwrap();
    let concept = |name: &str| {
        let (_, code) = codes.iter().find(|(own, _)| own == name).unwrap();
        json!({ "coding": [{ "system": "http://loinc.org", "code": code }] })
    };
    let subject = &package.plan.subject;
    let (mut patients, mut observations) = (String::new(), String::new());
    for (id, case) in export.ids.iter().zip(&export.cases) {
        writeln!(patients, "{}", json!({ "resourceType": "Patient", "id": id })).unwrap();
        let mut number = 0;
        let mut write = |name: &str, more: Value| {
            number += 1;
            let mut resource = json!({
                "resourceType": "Observation", "id": format!("{id}-{number}"), "status": "final", "code": concept(name),
                "subject": { "reference": format!("Patient/{id}") },
            });
            resource.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            writeln!(observations, "{resource}").unwrap();
        };
        for (input, datum) in subject.inputs.iter().zip(&case.facts) {
            let value = match datum {
                Datum::Known(years) if input.name == "age" => {
                    json!({ "valueQuantity": { "value": years, "system": "http://unitsofmeasure.org", "code": "a" } })
                }
                Datum::Known(yes) => json!({ "valueBoolean": *yes == 1 }),
                _ => continue,
            };
            let mut value = value;
            value["effectiveDateTime"] = "2013-01-01T00:00:00Z".into();
            write(&input.name, value);
        }
        for event in &case.events {
            let name = &subject.events.get(event.kind).unwrap().name;
            let mut value = match (name.as_str(), event.fields.first()) {
                ("Lactate", Some(Datum::Known(value))) => quantity(*value, "mmol/L"),
                ("Leucocytes", Some(Datum::Known(value))) => quantity(*value, "10*9/L"),
                ("CRP", Some(Datum::Known(value))) => json!({ "valueInteger": value }),
                ("Release", Some(Datum::Known(kind))) => {
                    let choice = ["a", "b", "c", "d", "e"][usize::try_from(*kind).unwrap()];
                    json!({ "valueCodeableConcept": concept(choice) })
                }
                _ => json!({}),
            };
            match event.at {
                When::Known(at) => value["effectiveDateTime"] = show_utc(at).into(),
                When::Between(from, to) => {
                    value["effectivePeriod"] = json!({ "start": show_utc(from), "end": show_utc(to) });
                }
                When::Unknown => {}
            }
            write(name, value);
        }
    }
    [patients, observations]
}

fn quantity(tenths: i64, unit: &str) -> Value {
    let number: Value = serde_json::from_str(&format!("{}.{}", tenths / 10, tenths % 10)).unwrap();
    json!({ "valueQuantity": { "value": number, "system": "http://unitsofmeasure.org", "code": unit } })
}

const BULK: &str = r#"
package = "acute.sepsis"
version = "1.0.0"
title   = "Sepsis Cases log, one Dutch hospital, 2013 to 2015"
[source]
format = "fhir"
[labels]
trust = { constant = "NL-SEPSIS" }
"#;

#[test]
fn the_same_patients_give_the_same_results_as_resources() {
    let (rule, codes) = coded();
    assert_eq!(codes.len(), 5 + FACTS.len() + 12, "{codes:?}");
    let (rules, data) = (TempFolder::new(), TempFolder::new());
    rules.write("sepsis.concord", rule.as_bytes());
    let [patients, observations] = resources(&codes);
    data.write("Patient.ndjson", patients.as_bytes());
    data.write("Observation.ndjson", observations.as_bytes());
    data.write("Organization.ndjson", b"{\"resourceType\":\"Organization\",\"id\":\"1\"}\n");
    let folder = TempFolder::new();
    let expected = audited(MAP, &data_file("sepsis/sepsis.csv"), &folder);
    let found = audited_by(rules.path("").to_str().unwrap(), BULK, &data.path(""), &folder, &[]);
    let parts = audited_by(rules.path("").to_str().unwrap(), BULK, &data.path(""), &folder, &["--memory", "1M"]);
    assert_eq!(super::difference(&found, &parts), None, "where resources are set apart");
    let (found, expected) = (&found["audits"][0], &expected["audits"][0]);
    // By which codes it reads a patient belongs to what a rule is.
    assert_ne!(found["logic"]["fingerprint"], expected["logic"]["fingerprint"]);
    for part in ["obligations", "measures", "figures", "paths"] {
        assert_eq!(super::difference(&found[part], &expected[part]), None, "{part}");
    }
    let count = |name: &str| (found["data"][name].as_u64(), expected["data"][name].as_u64());
    for name in ["cases", "events", "values_rejected"] {
        let (own, other) = count(name);
        assert_eq!(own, other, "{name}");
    }
    assert_eq!(found["data"]["rows_left_out"], json!([["of no patient", 1]]));
}

#[test]
fn lines_that_are_no_resources_are_refused() {
    let (rule, codes) = coded();
    let (rules, data, folder) = (TempFolder::new(), TempFolder::new(), TempFolder::new());
    rules.write("sepsis.concord", rule.as_bytes());
    let observation = |id: usize, who: &str, status: &str| {
        json!({ "resourceType": "Observation", "id": id.to_string(), "status": status, "subject": { "reference": who },
            "code": { "coding": [{ "system": "http://loinc.org", "code": codes.iter().find(|(name, _)| name == "Triage").unwrap().1 }] },
            "effectiveDateTime": "2015-01-01T09:00:00Z" })
    };
    let lines = [
        observation(1, "https://a.example/fhir/Patient/7/_history/2", "final").to_string(),
        observation(2, "Patient/7", "entered-in-error").to_string(),
        observation(2, "Patient/7", "final").to_string(),
        observation(3, "Group/7", "final").to_string(),
        "{\"resourceType\":\"Observation\"".to_owned(),
        "[]".to_owned(),
    ];
    data.write("Observation.ndjson", lines.join("\n").as_bytes());
    let found = audited_by(rules.path("").to_str().unwrap(), BULK, &data.path(""), &folder, &[]);
    let data = &found["audits"][0]["data"];
    let count = |name: &str| data[name].as_u64().unwrap();
    assert_eq!(
        [count("rows"), count("rows_used"), count("rows_rejected"), count("cases"), count("events")],
        [6, 1, 3, 1, 1]
    );
    let untold = "given in several versions, of which it is not known which stands";
    assert_eq!(data["rows_left_out"], json!([[untold, 2]]));
    let warned = format!("{}{}", data["warnings"], data["notes"]);
    assert!(warned.contains("3 refused rows do not say of which case"), "{warned}");
}

/// Nothing of resources is mapped: what an export gives is what the rule has codes for.
#[test]
fn what_a_bulk_export_is_ready_for_is_said_by_the_codes_of_the_rule() {
    let (rule, codes) = coded();
    let (rules, data, folder) = (TempFolder::new(), TempFolder::new(), TempFolder::new());
    let crp = &codes.iter().find(|(name, _)| name == "CRP").unwrap().1;
    let (coded, without) = (rule.clone(), rule.replace(&format!("event CRP from loinc {crp}"), "event CRP"));
    assert_ne!(coded, without);
    let [patients, observations] = resources(&codes);
    data.write("Patient.ndjson", patients.as_bytes());
    data.write("Observation.ndjson", observations.as_bytes());
    let (map, exports) = (folder.write("m.toml", BULK.as_bytes()), data.path(""));
    for (rule, lacking) in [(coded, None), (without, Some("CRP"))] {
        rules.write("sepsis.concord", rule.as_bytes());
        let check = ["map", "--check", map.to_str().unwrap(), rules.path("").to_str().unwrap()].map(str::to_owned);
        let of_data = ["--data".to_owned(), exports.to_str().unwrap().to_owned()];
        for more in [&[][..], &of_data] {
            let arguments: Vec<&str> = check.iter().chain(more).map(String::as_str).collect();
            let ran = crate::cli::run(&arguments);
            assert!(ran.code < 2, "{}", ran.err);
            assert!(ran.out.contains("facts   7 of 7 with a code of the rule\n"), "{}", ran.out);
            assert!(ran.out.contains("labels  1 of 1 in the mapping\n"), "{}", ran.out);
            let said = ran.out.lines().find(|line| line.starts_with("  events")).unwrap();
            match lacking {
                None => assert!(!said.contains("without one"), "{said}"),
                Some(name) => assert!(said.contains(&format!("; without one: `{name}`")), "{said}"),
            }
        }
    }
}
