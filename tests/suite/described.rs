//! What programs are told about a module: its manifest, its schemas, and the vectors that a host tries it with.

use std::collections::BTreeSet;

use crate::cli::{fed, run};
use crate::packages::{Authored, LIBRARY, TempFolder, authored, compile, library};
use concord_cli::data::case_json::{Options, read_case};
use concord_cli::data::case_out::case_out;
use concord_cli::data::settings_json::read_settings;
use concord_cli::description::describe;
use concord_engine::plan::case::{Case, Datum, Occurrence, When};
use concord_engine::plan::{Id, KindId};
use concord_engine::values::codes::Codes;
use concord_engine::values::types::Type;
use serde_json::{Value, json};

/// A rule of the library, built: its folder, its manifest and its vectors.
fn built(rule: &str) -> (TempFolder, Value, Value) {
    let folder = TempFolder::new();
    let source = format!("{}/../rules/{rule}", env!("CARGO_MANIFEST_DIR"));
    let module = folder.path("module.wasm");
    let ran = run(&["build", &source, "-o", module.to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let read = |name: &str| serde_json::from_str(&folder.read(name)).unwrap();
    let (manifest, vectors) = (read("module.manifest.json"), read("module.vectors.json"));
    (folder, manifest, vectors)
}

#[track_caller]
fn schema(of: &str, rule: &str) -> jsonschema::Validator {
    let printed = run(&["inspect", &format!("--schema={of}"), rule]);
    assert_eq!(printed.code, 0, "{}", printed.err);
    let schema: Value = serde_json::from_str(&printed.out).unwrap();
    assert!(jsonschema::meta::is_valid(&schema), "{schema}");
    jsonschema::validator_for(&schema).unwrap()
}

#[track_caller]
fn fits(validator: &jsonschema::Validator, value: &Value) {
    let faults: Vec<String> = validator.iter_errors(value).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Manifests fit the schema that is printed, every integer in them is exact in every reader of JSON, and every cell that comes out is
/// named.
#[test]
fn manifests_fit_their_schema() {
    for rule in LIBRARY {
        let (_folder, manifest, _) = built(rule);
        fits(&schema("manifest", &format!("{}/../rules/{rule}", env!("CARGO_MANIFEST_DIR"))), &manifest);
        let mut numbers = Vec::new();
        numbers_in(&manifest, &mut numbers);
        assert!(numbers.iter().all(|number| number.unsigned_abs() < 1 << 53), "{rule}: {numbers:?}");
        for output in manifest["layout"]["outputs"].as_array().unwrap() {
            assert_ne!(output["of"], json!([]), "{rule}: {output}");
        }
        let answers = manifest["layout"]["answers"].as_array().unwrap();
        let identifiers: BTreeSet<&str> = answers.iter().map(|of| of["identifier"].as_str().unwrap()).collect();
        assert_eq!(identifiers.len(), answers.len(), "{rule}");
    }
}

fn numbers_in(value: &Value, numbers: &mut Vec<i64>) {
    match value {
        Value::Number(number) => numbers.push(number.as_i64().unwrap()),
        Value::Array(items) => items.iter().for_each(|item| numbers_in(item, numbers)),
        Value::Object(entries) => entries.values().for_each(|item| numbers_in(item, numbers)),
        _ => {}
    }
}

/// A host that puts the case of a vector in gets its answers out, and every answer fits the schema of the record.
#[test]
fn vectors_answer_as_they_say() {
    for rule in LIBRARY {
        let (_folder, manifest, vectors) = built(rule);
        let package = authored(rule);
        let cases = vectors["cases"].as_array().unwrap();
        assert_eq!(json!(cases.len()), manifest["module"]["examples"], "{rule}");
        assert_eq!(vectors["module"], manifest["module"]["sha256"]);
        let source = format!("{}/../rules/{rule}", env!("CARGO_MANIFEST_DIR"));
        let record = schema("record", &source);
        let lines: String =
            cases.iter().filter(|of| of["settings"] == json!({})).map(|of| format!("{}\n", of["case"])).collect();
        let ran = fed(&["eval", &source, "--json"], std::iter::once(lines.clone().into_bytes()));
        let answered = cases.iter().filter(|of| of["settings"] == json!({}));
        for (line, vector) in ran.out.lines().zip(answered) {
            let found: Value = serde_json::from_str(line).unwrap();
            fits(&record, &found);
            assert_eq!(found["answers"], vector["answers"], "{rule}: {}", vector["name"]);
        }
        assert_eq!(ran.out.lines().count(), lines.lines().count(), "{rule}: {}", ran.err);
        for vector in cases {
            assert!(read_case(&package.plan, vector["case"].to_string().as_bytes(), Options::default()).is_ok());
        }
    }
}

const EVERY_TYPE: &str = r#"
package sample.types {
  version   1.0.0
  title     "Every type"
  owner     "O"
  source    a "b"
  use       audit
  status    draft
  in force  from 2026-01-01
  review by 2028-01-01
}
enum Side { left, right }
subject Case {
  flag : yes/no
  level : optional decimal 0.00..30.00 mmol/L
  count : integer 0..1000
  side : optional Side
  wait : duration 0 min..100 h
  seen : instant
  born : date
  clock : time of day
  ward : code
  trust : organisation
  event Test { level : optional decimal 0.0..9.9, side : Side, taken : instant }
  event Other
}
define kept = flag or level > 1.00 or count > 1 or side is left or wait > 1 h or seen < as of or born < 2000-01-01 or clock < 09:00
  or ward is "A1" or any Test where (level > 1.0 and side is left and taken < as of) or any Other
"#;

/// What a case is written as reads as the same case: whatever is known, missing, none or a range.
#[test]
fn a_case_that_goes_out_comes_in() {
    let plan = compile(EVERY_TYPE).plan;
    let day = 86_400_000;
    let ends = plan.subject.inputs.iter().map(|input| match input.ty {
        Type::Instant => (input.shape.low, input.shape.high - 1), // the year 2200 has not begun
        _ => (input.shape.low, input.shape.high),
    });
    let ends: Vec<(i64, i64)> = ends.collect();
    let known = |pick: fn((i64, i64)) -> i64| -> Vec<Datum> { ends.iter().map(|of| Datum::Known(pick(*of))).collect() };
    let mut facts = vec![known(|(low, _)| low), known(|(_, high)| high), vec![Datum::Missing; ends.len()]];
    let mut ranges = vec![Datum::Missing; ends.len()];
    for (place, datum) in [(1, Datum::Between(10, 250)), (2, Datum::Between(3, 4)), (4, Datum::Between(0, day))] {
        ranges[place] = datum;
    }
    ranges[3] = Datum::None;
    ranges[5] = Datum::Between(1_000, day);
    facts.push(ranges);
    let code = plan.subject.inputs.iter().position(|input| input.name == "ward").unwrap();
    for mut facts in facts {
        if facts[code] != Datum::Missing {
            facts[code] = Datum::Known(-17_801); // A40, see wasm/ABI.md
        }
        let event = |kind: usize, at: When, fields: Vec<Datum>| Occurrence { kind: KindId::at(kind), at, fields };
        let mut case = Case {
            as_of: 3 * day + 1,
            facts,
            labels: vec![Some("RM3".to_owned())],
            events: vec![
                event(0, When::Known(day), vec![Datum::None, Datum::Known(1), Datum::Missing]),
                event(0, When::Between(day, 2 * day - 1), vec![Datum::Between(1, 15), Datum::Missing, Datum::Known(7)]),
                event(1, When::Unknown, Vec::new()),
            ],
            not_supplied: 0b10,
            codes: Codes::default(),
        };
        case.sort_events(&plan.subject);
        let text = case_out(&plan, &case).to_string();
        let read =
            read_case(&plan, text.as_bytes(), Options::default()).unwrap_or_else(|faults| panic!("{text} {faults:?}"));
        assert_eq!(read.case, case, "{text}");
    }
}

/// What a member has set stands in the manifest as settings take it, so that no host has to make sense of its words.
#[test]
fn settings_of_members_are_values() {
    let mut tried = 0;
    for package in library().iter().map(Authored::package) {
        let said = describe(package);
        for (member, said) in package.members.iter().zip(said["members"].as_array().unwrap()) {
            for (setting, said) in member.settings.iter().zip(said["differs"].as_array().unwrap()) {
                let text = json!({ said["parameter"].as_str().unwrap(): said["value"] }).to_string();
                let read = read_settings(&package.plan, text.as_bytes()).unwrap();
                assert_eq!(read[setting.parameter.place()], Some(setting.value), "{text}");
                tried += 1;
            }
        }
    }
    assert!(tried > 20, "{tried}");
}

/// Names of members stand in the rules, and not in each module of every rule.
#[test]
fn a_member_that_has_set_nothing_is_its_code_alone() {
    let (_folder, manifest, _) = built("acute/sepsis");
    let package = authored("acute/sepsis");
    let (told, said) = (describe(&package), manifest["logic"]["members"].as_array().unwrap());
    let told = told["members"].as_array().unwrap();
    assert_eq!(said.len(), told.len());
    let (mut alone, mut with) = (0, 0);
    for (said, told) in said.iter().zip(told) {
        assert_eq!(said["code"], told["code"]);
        if told["differs"] == json!([]) {
            assert_eq!(*said, json!({ "code": told["code"], "differs": [] }));
            alone += 1;
        } else {
            assert_eq!(said, told);
            with += 1;
        }
    }
    assert!(alone > 10 && with > 0, "{alone} {with}");
}
