//! What a member's own setting changes: the cases that it judges otherwise lie between the two shares, and may not be got back from them.

use super::solver::{Counts, Sum, worked_out};
use crate::cli::run;
use crate::packages::TempFolder;
use serde_json::Value;
use std::fmt::Write as _;

const RULE: &str = r#"package sample.falls {
  version   1.0.0
  title     "Falls"
  source    nice "NICE" unverified
  owner     "Standards Group"
  use       audit
  status    draft
  review by 2027-12-31
}

subject Stay {
  trust : organisation

  event Fall
  event Review
}

parameter review_within : duration = 1 h
  source nice unverified
  local 15 min..1 h "a member may be stricter, never looser"

obligation review "Medical review after a fall" {
  source   nice unverified
  from     first Fall
  expect   Review within review_within
  severity high
}

measure reviewed {
  title   "Reviewed in time after a fall"
  of      obligation review
  unknown counts against
  by      trust
}
"#;
const MAP: &str = "package = \"sample.falls\"\nversion = \"1.0.0\"\ntitle = \"Stays\"\n[source]\nformat = \"ndjson\"\n";

/// Of each trust, which asks for a review within 30 minutes: reviewed within these, within an hour, later.
fn protected(of: &[[usize; 3]]) -> Value {
    let folder = TempFolder::new();
    for below in ["rules/falls", "rules/members"] {
        std::fs::create_dir_all(folder.path(below)).unwrap();
    }
    let (mut members, mut rows, mut number) = (String::new(), String::new(), 0);
    for (trust, counts) in of.iter().enumerate() {
        writeln!(members, "member \"T{trust:02}\" \"Trust\" {{\n  membership full\n  sample.falls.review_within = 30 min\n    because \"ours\" approved by \"us\" on 2025-01-05 until 2027-01-05\n}}").unwrap();
        for (minutes, count) in [20, 45, 90].into_iter().zip(counts) {
            for _ in 0..*count {
                number += 1;
                let day = format!("2026-{:02}-{:02}T", 1 + number % 6, 1 + number % 28);
                let at = format!("{:02}:{:02}", 9 + minutes / 60, minutes % 60);
                writeln!(rows, "{{\"case\": \"{number}\", \"trust\": \"T{trust:02}\", \"events\": [{{\"event\": \"Fall\", \"at\": \"{day}09:00:00Z\"}}, {{\"event\": \"Review\", \"at\": \"{day}{at}:00Z\"}}]}}").unwrap();
            }
        }
    }
    folder.write("rules/falls/falls.concord", RULE.as_bytes());
    folder.write("rules/members/m.concord", members.as_bytes());
    let (map, data) = (folder.write("m.toml", MAP.as_bytes()), folder.write("d.ndjson", rows.as_bytes()));
    let (rules, out) = (folder.path("rules/falls"), folder.path("out"));
    let [rules, map, data, out] = [&rules, &map, &data, &out].map(|path| path.to_str().unwrap());
    let as_of = "2026-12-31T00:00:00Z";
    let ran = run(&["audit", rules, "--data", data, "--map", map, "--as-of", as_of, "--json", "--out", out]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    serde_json::from_str::<Value>(&ran.out).unwrap()["audits"][0].take()
}

/// The least and the most that a rounded count may be.
fn about(count: f64) -> (i64, i64) {
    let count = count.round() as i64;
    if count == 0 { (0, 0) } else { ((count - 2).max(8), count + 2) }
}

/// How many a trust may judge otherwise, by what is told: shares of a number of cases that divides them.
fn otherwise(change: &Value, cases: f64) -> (i64, i64) {
    let share = |at: usize| about(change["rates"][at].as_f64().unwrap() * cases);
    let told = change["cases"].as_f64().map_or((1, 7), about);
    let untold = |name: &str| (name.to_owned(), (0, 1 << 30));
    let mut counts: Counts = ["both", "one", "other", "neither"].map(untold).into();
    counts.extend(
        [("all", about(cases)), ("standard", share(0)), ("own", share(1)), ("otherwise", told)]
            .map(|(name, of)| (name.to_owned(), of)),
    );
    let sum =
        |whole: &str, parts: &[&str]| -> Sum { (whole.to_owned(), parts.iter().map(|of| (*of).to_owned()).collect()) };
    let sums = [
        sum("standard", &["both", "one"]),
        sum("own", &["both", "other"]),
        sum("otherwise", &["one", "other"]),
        sum("all", &["both", "one", "other", "neither"]),
    ];
    worked_out(&counts, &sums)["otherwise"]
}

#[test]
fn cases_that_are_judged_otherwise_are_not_got_back_from_both_shares() {
    let mut of: Vec<[usize; 3]> = (1..8).flat_map(|between| (8..18).map(move |within| [within, between, 12])).collect();
    of.extend([[12, 30, 12], [20, 0, 12]]);
    let audit = protected(&of);
    let (mut told, mut not_told) = (0, 0);
    for (member, [within, between, late]) in audit["members"].as_array().unwrap().iter().zip(&of) {
        let rules = member["rules"].as_array().unwrap();
        let changes: Vec<&Value> = rules.iter().flat_map(|rule| rule["changes"].as_array().unwrap()).collect();
        assert!(!rules.is_empty());
        let text = member["causes"].as_array().unwrap().iter().map(|cause| cause["text"].as_str().unwrap());
        let said = text.filter(|text| text.contains("as it ran")).count();
        assert_eq!(said, changes.len(), "{member}");
        let Some(change) = changes.first() else {
            not_told += usize::from(*between > 0);
            continue;
        };
        told += 1;
        let all = ((within + between + late + 2) / 5 * 5) as f64;
        let (least, most) = otherwise(change, all);
        let exact = *between as i64;
        assert!(least <= exact && exact <= most, "{exact} is not {least} to {most}: {change}");
        assert!(exact > 7 || most - least >= 2, "{exact} judged otherwise, and told as {least} to {most}: {change}");
    }
    assert!(told > 30 && not_told > 0, "{told} {not_told}");
}
