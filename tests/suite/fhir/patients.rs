//! 25 patients whom others made up, through the command line: NEWS2, the kidney algorithm, and a measure.

use std::fs;
use std::io::Read as _;

use flate2::read::MultiGzDecoder;
use serde_json::{Value, json};

use crate::cli::run;
use crate::packages::TempFolder;

/// The bundles that others made, one a line.
fn synthea() -> Vec<String> {
    let file = fs::File::open(concat!(env!("CARGO_MANIFEST_DIR"), "/data/fhir/synthea.ndjson.gz")).unwrap();
    let mut text = String::new();
    MultiGzDecoder::new(file).read_to_string(&mut text).unwrap();
    text.lines().map(str::to_owned).collect()
}

/// NEWS2, the kidney algorithm and a measure over all of them, through the command line.
#[test]
fn rules_run_over_made_up_patients() {
    let folder = TempFolder::new();
    let bundles: Vec<String> = synthea()
        .iter()
        .enumerate()
        .map(|(place, text)| folder.write(&format!("{place}.json"), text.as_bytes()).to_str().unwrap().to_owned())
        .collect();
    assert_eq!(bundles.len(), 25);
    let eval = |rule: &str, more: &[&str]| {
        let mut arguments = vec!["eval", rule, "--as-of", "2020-06-01T00:00:00Z", "--json", "--bare"];
        bundles.iter().for_each(|bundle| arguments.extend(["--fhir", bundle]));
        let ran = run(&[&arguments, more].concat());
        assert_eq!(ran.code, 0, "{}", ran.err);
        let records: Vec<Value> = ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(records.len(), 25);
        (records, ran.err)
    };
    let (news2, said) = eval(concat!(env!("CARGO_MANIFEST_DIR"), "/../rules/clinical/news2"), &[]);
    assert!(news2.iter().all(|record| record["answers"]["total"]["kind"] == "unknown"), "nobody was observed that day");
    assert_eq!(said.matches(" resources used").count(), 25);
    assert!(said.contains("missing: systolic: no value lies within the time that counts"), "{said}");

    let aki = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../rules/clinical/aki/aki.concord")).unwrap();
    let declared = "event Creatinine { value : decimal 10.0000..3000.0000 µmol/L }";
    assert!(aki.contains(declared));
    let coded = "event Creatinine from loinc 38483-4 { value : decimal 10.0000..3000.0000 µmol/L or mg/dL at 88.42 from loinc 38483-4 }";
    let aki = aki.replace(declared, coded).replace(" 0..130 years", " 0..130 years from snomed 424144002");
    let rule = folder.write("aki.concord", aki.as_bytes());
    let (stages, _) = eval(rule.to_str().unwrap(), &[]);
    let of = |kind: &str| stages.iter().filter(|record| record["answers"]["current"]["kind"] == kind).count();
    // One has creatinine, in mg/dL and with more digits than the rule: the last lies between two ten-thousandths of 1 µmol/L.
    assert_eq!((of("unknown"), of("none")), (1, 24));
    assert!(stages.iter().all(|record| record["answers"]["stage"]["kind"] != "unknown"), "and that decides the stage");
}

#[test]
fn a_measure_runs_over_made_up_patients() {
    let folder = TempFolder::new();
    let rule = folder.write("pressure.concord", PRESSURE.as_bytes());
    let mut arguments = vec!["eval", rule.to_str().unwrap(), "--as-of", "2020-06-01T00:00:00Z", "--as-case"];
    let bundles: Vec<String> = synthea()
        .iter()
        .enumerate()
        .map(|(place, text)| folder.write(&format!("{place}.json"), text.as_bytes()).to_str().unwrap().to_owned())
        .collect();
    bundles.iter().for_each(|bundle| arguments.extend(["--fhir", bundle]));
    let ran = run(&arguments);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(ran.out.lines().count(), 25);
    folder.write("cases.ndjson", ran.out.as_bytes());
    let map = "package = \"sample.pressure\"\nversion = \"1.0\"\ntitle = \"Bundles\"\n[source]\nformat = \"ndjson\"\n";
    folder.write("map.toml", map.as_bytes());
    let definition = folder.write("audit.toml", AUDIT.as_bytes());
    let ran = run(&["audit", definition.to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let results: Value = serde_json::from_str(&folder.read("report/results.json")).unwrap();
    let total = &results["audits"][0]["measures"][0]["total"];
    // Counted from the bundles by another program: 24 adults, of whom 20 had a systolic pressure below 140 mmHg at the last visit.
    assert_eq!((&total["denominator"], &total["numerator"], &total["unknown"]), (&json!(24), &json!(20), &json!(0)));
}

const PRESSURE: &str = r#"package sample.pressure {
  version   1.0.0
  title     "Blood pressure at the last visit"
  source    nice "NICE guideline NG136"
  owner     "Group"
  use       audit
  status    draft
  review by 2029-12-31
}

subject Patient {
  age      : integer 0..130 years from snomed 424144002
  systolic : decimal 0.0..350.0 mmHg from loinc 8480-6 taking last
}

define controlled = systolic < 140.0 mmHg

measure control {
  title   "Blood pressure below 140 mmHg at the last visit"
  of      cases where age >= 18
  met     when controlled
  unknown counts against
  higher  is better
}
"#;

const AUDIT: &str = r#"title  = "Blood pressure"
output = "report"

[[run]]
rules      = "pressure.concord"
data       = ["cases.ndjson"]
map        = "map.toml"
as_of      = "2020-06-01T00:00:00Z"
disclosure = "off"
because    = "the patients are made up"
"#;
