//! A value that does not fit is refused by itself, whether it stands in a row or in a case: it counts as missing, and the rest is used.

use super::{audited_by, difference, written};
use crate::packages::TempFolder;
use serde_json::Value;

const RULE: &str = r#"
package test.refused {
  version   0.1.0
  title     "Refused"
  source    us "made up for a test"
  owner     "Testers"
  use       audit
  status    draft
  in force  from 2013-01-01
  review by 2027-04-01
}

subject Visit {
  trust   : organisation
  age     : integer 0..130 years
  lactate : decimal 0.0..40.0 mmol/L
  urgent  : yes/no
  born    : date
  event Triage
  event Dose { amount : integer 1..9 mg }
}

obligation dose_1h "A dose within an hour" {
  source  us
  applies when urgent and age >= 18 and lactate > 2.0 mmol/L
  from    first Triage
  expect  Dose where amount >= 2 mg within 1 h
  earlier counts
}

measure dosed_1h {
  title   "A dose within an hour"
  of      obligation dose_1h
  unknown left out
  by      trust, age band 16..64, 65..79, 80..
}
"#;

const HEAD: &str = "package = \"test.refused\"\nversion = \"0\"\ntitle = \"A test\"\n[source]\n";

const ROWS: &str = r#"format = "csv"
missing = [""]
[case]
columns = ["case"]
[time]
format = "%Y-%m-%dT%H:%M:%SZ"
zone = "UTC"
[labels]
trust = { column = "trust" }
[facts]
age = { column = "age" }
lactate = { column = "lactate" }
urgent = { column = "urgent" }
born = { column = "born", format = "%Y-%m-%d" }
[[events.columns]]
event = "Triage"
at = "Triage"
[[events.columns]]
event = "Dose"
at = "Dose"
fields = { amount = { column = "amount" } }
"#;

/// A case a line; what does not fit stands in the column after which the case is named.
const CASES: &str = "case,trust,age,lactate,urgent,born,Triage,Dose,amount
good,T1,40,2.5,true,1980-01-01,2015-01-01T10:00:00Z,2015-01-01T10:30:00Z,4
late,T2,40,2.5,true,1980-01-01,2015-01-01T10:00:00Z,2015-01-01T11:30:00Z,4
age,T1,140,2.5,true,1980-01-01,2015-01-01T10:00:00Z,2015-01-01T10:30:00Z,4
kind,T1,forty,2.5,true,1980-01-01,2015-01-01T10:00:00Z,2015-01-01T10:30:00Z,4
precise,T2,40,2.55,true,1980-01-01,2015-01-01T10:00:00Z,2015-01-01T10:30:00Z,4
urgent,T2,40,2.5,perhaps,1980-01-01,2015-01-01T10:00:00Z,2015-01-01T10:30:00Z,4
born,T1,40,2.5,true,1980-02-30,2015-01-01T10:00:00Z,2015-01-01T10:30:00Z,4
amount,T1,40,2.5,true,1980-01-01,2015-01-01T10:00:00Z,2015-01-01T10:30:00Z,40
dose,T2,40,2.5,true,1980-01-01,2015-01-01T10:00:00Z,2015-01-01T25:30:00Z,4
triage,T2,40,2.5,true,1980-01-01,tomorrow,2015-01-01T10:30:00Z,4
several,T1,-1,-1,true,,2015-01-01T10:00:00Z,2015-01-01T10:30:00Z,0
trust,T\u{7}1,40,2.5,true,1980-01-01,2015-01-01T10:00:00Z,2015-01-01T10:30:00Z,4
";

/// The same as a case of JSON, each value as its text stands.
fn record(names: &[&str], row: &str) -> Value {
    let mut object = serde_json::Map::new();
    let mut events = Vec::new();
    for (name, text) in names.iter().zip(row.split(',')) {
        let value = match *name {
            "case" | "trust" | "born" | "Triage" | "Dose" => text.into(),
            // What is no JSON by itself is a text.
            _ => serde_json::from_str(text).unwrap_or_else(|_| Value::from(text)),
        };
        match *name {
            _ if text.is_empty() => {}
            "Triage" | "Dose" => events.push(serde_json::json!({ "event": name, "at": value })),
            "amount" => events.last_mut().unwrap()["amount"] = value,
            name => {
                object.insert(name.to_owned(), value);
            }
        }
    }
    object.insert("events".to_owned(), events.into());
    object.into()
}

#[test]
fn a_value_that_does_not_fit_is_refused_alike_in_rows_and_cases() {
    let folder = TempFolder::new();
    let rules = folder.write("rule.concord", RULE.as_bytes());
    let names: Vec<&str> = CASES.lines().next().unwrap().split(',').collect();
    let lines: String = CASES.lines().skip(1).map(|row| format!("{}\n", record(&names, row))).collect();
    let audit = |map: String, name: &str, text: &str| {
        audited_by(rules.to_str().unwrap(), &map, &written(&folder, name, text), &folder, &[])
    };
    let mut rows = audit(format!("{HEAD}{ROWS}"), "cases.csv", CASES);
    let mut cases = audit(format!("{HEAD}format = \"ndjson\"\n"), "cases.ndjson", &lines);
    let listed = folder.read("out/rejects-1-test.refused.csv");
    assert!(listed.contains("cases.ndjson,9,value,events[1].at,"), "{listed}");
    assert!(listed.contains("cases.ndjson,8,value,events[1].amount,out of range: "), "{listed}");
    // A row names its columns, and a case the places in it; of times and labels each says what it knows of its own form.
    let of_form = ["trust", "Triage", "Dose", "at"].map(|name| format!("value refused: {name}:"));
    let reasons = |results: &mut Value| {
        let all = results["audits"][0]["data"]["reject_reasons"].take();
        let all: Vec<(String, u64)> = serde_json::from_value(all).unwrap();
        let plain = |why: String| names.iter().fold(why, |why, name| why.replace(&format!("`{name}`: "), ""));
        let all = all.into_iter().map(|(why, count)| (plain(why).replace("events[].", ""), count));
        let all = all.filter(|(why, _)| !of_form.iter().any(|of| why.starts_with(of)));
        all.collect::<std::collections::BTreeMap<String, u64>>()
    };
    let of_rows = reasons(&mut rows);
    assert_eq!(of_rows.len(), 7, "{of_rows:?}");
    assert_eq!(reasons(&mut cases), of_rows);
    assert_eq!(cases["audits"][0]["data"]["values_rejected"], 12);
    for results in [&mut cases, &mut rows] {
        for of_rows in ["notes", "mapping"] {
            assert!(!results["audits"][0]["data"][of_rows].take().is_null());
        }
    }
    assert_eq!(difference(&cases, &rows), None);
}
