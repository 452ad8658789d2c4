//! Five trusts that each count their own, and a group that adds them up: the report is the one that pooled data give.

use super::group::{Group, group};
use super::{MAP, rules_of};
use crate::cli::{Ran, run};
use crate::packages::TempFolder;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::process::Command;

/// Tables of counts and rates alone.
const TABLES: [&str; 11] = [
    "verdicts.csv",
    "readings.csv",
    "measures.csv",
    "organisations.csv",
    "chart_points.csv",
    "strata.csv",
    "data.csv",
    "why.csv",
    "checks.csv",
    "reasons.csv",
    "paths.csv",
];

/// The trusts that are added up, by what is planted in them.
const WHICH: [Option<&str>; 5] = [Some("version"), Some("own_setting"), Some("order"), Some("duplicates"), None];

fn codes(group: &Group) -> Vec<&str> {
    let of = |cause: &Option<&str>| group.trusts.iter().find(|trust| trust.cause == *cause).unwrap().code.as_str();
    WHICH.iter().map(of).collect()
}

fn member(group: &Group, code: &str) -> String {
    let version = group.trusts.iter().any(|trust| trust.code == code && trust.cause == Some("version"));
    let rules = if version { "version = \"0.9.0\"\nrules = \"older/acute/sepsis\"\n" } else { "" };
    format!("[[run.member]]\ncode = \"{code}\"\ndata = [\"{code}.csv\"]\nmap = \"group.map.toml\"\n{rules}")
}

/// Each trust's own export and definition, and one of all.
fn prepared(group: &Group, folder: &TempFolder, disclosure: &str) {
    rules_of(group, &folder.path(""));
    folder.write("group.map.toml", MAP.as_bytes());
    let head = format!(
        "title = \"Five trusts\"\n[[run]]\nrules = \"rules/acute/sepsis\"\nas_of = \"2026-02-28T00:00:00Z\"\n{disclosure}"
    );
    let mut all = head.clone();
    let mut five = group.csv.lines().next().unwrap().to_owned();
    for code in codes(group) {
        let mut rows = group.csv.lines().next().unwrap().to_owned();
        for line in group.csv.lines().filter(|line| line.split(',').nth(1) == Some(code)) {
            write!(rows, "\n{line}").unwrap();
            write!(five, "\n{line}").unwrap();
        }
        folder.write(&format!("{code}.csv"), rows.as_bytes());
        let own = member(group, code);
        folder.write(&format!("{code}.toml"), format!("{head}{own}").as_bytes());
        all.push_str(&own);
    }
    folder.write("group.csv", five.as_bytes());
    folder.write("all.toml", all.as_bytes());
}

fn path(folder: &TempFolder, name: &str) -> String {
    folder.path(name).to_str().unwrap().to_owned()
}

fn audited(folder: &TempFolder, name: &str, tallies: bool) -> Ran {
    let [definition, out, file] =
        [format!("{name}.toml"), format!("report-{name}"), format!("{name}.json")].map(|name| path(folder, &name));
    let mut words = vec!["audit", &definition, "--out", &out];
    if tallies {
        words.extend(["--tallies", &file]);
    }
    run(&words)
}

fn merged(folder: &TempFolder, codes: &[&str]) -> Ran {
    let files: Vec<String> = codes.iter().map(|code| path(folder, &format!("{code}.json"))).collect();
    let [rules, out] = ["rules/acute/sepsis", "report-merged"].map(|name| path(folder, name));
    let mut words = vec!["merge"];
    words.extend(files.iter().map(String::as_str));
    words.extend(["--rules", &rules, "--report", &out]);
    run(&words)
}

/// With `CONCORD_KEEP=FOLDER` all stays there, for `tests/oracle/why.py FOLDER report-merged`.
fn kept(folder: &TempFolder) {
    if let Ok(keep) = std::env::var("CONCORD_KEEP") {
        let from = folder.path("");
        assert!(Command::new("cp").arg("-r").arg(from.join(".")).arg(keep).status().unwrap().success());
    }
}

/// Where two results differ, as paths with both values.
fn differences(at: &str, one: &Value, other: &Value, found: &mut Vec<(String, Value, Value)>) {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) if one.len() == other.len() => {
            for (key, value) in one {
                differences(&format!("{at}/{key}"), value, other.get(key).unwrap_or(&Value::Null), found);
            }
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            for (place, (one, other)) in one.iter().zip(other).enumerate() {
                differences(&format!("{at}/{place}"), one, other, found);
            }
        }
        _ if one == other => {}
        _ => found.push((at.to_owned(), one.clone(), other.clone())),
    }
}

/// A quantile, and the words made of one, may be off by the width of a bin; nothing else may be.
fn is_within_its_error((at, one, other): &(String, Value, Value)) -> bool {
    const QUANTILES: [&str; 5] = ["median", "p90", "p95", "late_by", "usual"];
    let quantile = at.split('/').any(|part| QUANTILES.contains(&part));
    match (one.as_f64(), other.as_f64()) {
        (Some(one), Some(other)) => quantile && (one - other).abs() <= one.abs() / 128.0,
        _ => false,
    }
}

fn read(folder: &TempFolder, name: &str) -> Value {
    serde_json::from_str(&folder.read(&format!("{name}/results.json"))).unwrap()
}

#[test]
fn five_trusts_apart_give_the_report_of_all() {
    for disclosure in ["", "disclosure = \"off\"\nbecause = \"nobody in it exists\"\n"] {
        let folder = TempFolder::new();
        let group = group(7);
        prepared(&group, &folder, disclosure);
        let codes = codes(&group);
        assert_eq!(audited(&folder, "all", false).code, 0);
        for code in &codes {
            let ran = audited(&folder, code, true);
            assert_eq!(ran.code, 0, "{}", ran.err);
            assert!(ran.err.contains("holds exact counts, small ones too"), "{}", ran.err);
        }
        let ran = merged(&folder, &codes);
        assert_eq!(ran.code, 0, "{}", ran.err);
        let [mut pooled, mut added] = ["report-all", "report-merged"].map(|name| read(&folder, name));
        if !disclosure.is_empty() {
            kept(&folder);
            [&mut pooled, &mut added].into_iter().for_each(of_single_cases);
        }
        let mut found = Vec::new();
        differences("", &pooled, &added, &mut found);
        let beyond: Vec<_> = found.iter().filter(|difference| !is_within_its_error(difference)).collect();
        assert!(beyond.is_empty(), "{beyond:#?}");
        // Tables of counts and rates are the same to the byte.
        for name in TABLES {
            let [one, other] = ["report-all", "report-merged"].map(|report| folder.read(&format!("{report}/{name}")));
            assert_eq!(one, other, "{name}");
        }
        // What leaves a trust names no case.
        let file = folder.read(&format!("{}.json", codes[0]));
        let ids = group.csv.lines().skip(1).filter(|line| line.split(',').nth(1) == Some(codes[0]));
        assert!(ids.filter_map(|line| line.split(',').next()).all(|id| !file.contains(&format!("\"{id}\""))));
    }
}

/// Takes out what stays with the members: single cases, and the names of lists of refused rows.
fn of_single_cases(results: &mut Value) {
    for audit in results["audits"].as_array_mut().unwrap() {
        audit["data"]["rejects_file"] = Value::Null;
        audit["obligations"].as_array_mut().unwrap().iter_mut().for_each(|of| of["cases"] = Value::Null);
    }
}

/// The file with the hash of what it holds now.
fn hashed(text: &str) -> String {
    let (all, _) = text.rsplit_once(",\"sha256\":\"").unwrap();
    let hash = Sha256::digest(all).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    format!("{all},\"sha256\":\"{hash}\"}}")
}

#[test]
fn a_file_of_counts_that_was_changed_is_refused() {
    let folder = TempFolder::new();
    let group = group(7);
    prepared(&group, &folder, "");
    let [one, other] = [codes(&group)[1], codes(&group)[4]];
    assert_eq!((audited(&folder, one, true).code, audited(&folder, other, true).code), (0, 0));
    let text = folder.read(&format!("{other}.json"));
    let value: Value = serde_json::from_str(&text).unwrap();
    assert!(value["sha256"].is_string(), "the file stays JSON");
    let counts = &value["runs"][0]["counts"];
    let refused = |text: &str, why: &str| {
        folder.write("changed.json", text.as_bytes());
        let ran = merged(&folder, &[one, "changed"]);
        assert_eq!(ran.code, 3, "{why}: {}", ran.err);
        assert!(ran.err.contains(why), "{why}\n{}", ran.err);
    };
    refused(&text.replacen("\"title\":\"", "\"title\":\"x", 1), "it was changed since, or is damaged");
    // A total, an organisation's verdicts, a group and the cases: each is held against the others, whoever made the hash again.
    let mut wrong = 0;
    let mut tamper = |path: &str, why: &str| {
        let mut changed = value.clone();
        let count = changed.pointer_mut(&format!("/runs/0/counts{path}")).unwrap();
        *count = (count.as_u64().unwrap() + 3_000).into();
        let own = serde_json::to_string(&changed["runs"]).unwrap();
        let original = serde_json::to_string(&value["runs"]).unwrap();
        assert_ne!(own, original);
        let head = text.split_once("\"runs\":").unwrap().0;
        refused(&hashed(&format!("{head}\"runs\":{own},\"sha256\":\"\"}}")), why);
        wrong += 1;
    };
    tamper("/obligations/0/verdicts/met", "verdicts of");
    tamper("/obligations/0/organisations/0/1/met", "more of a verdict by organisation");
    tamper("/measures/0/strata/0/0/1/denominator", "the groups of a split of");
    tamper("/organisations/0/cases", "its organisations have");
    tamper("/export/data/cases", "verdicts of");
    assert_eq!((wrong, counts["organisations"].as_array().unwrap().is_empty()), (5, false));
}

#[test]
fn what_cannot_be_added_up_is_refused() {
    let folder = TempFolder::new();
    let group = group(7);
    prepared(&group, &folder, "");
    let [one, other] = [codes(&group)[1], codes(&group)[4]];
    assert_eq!((audited(&folder, one, true).code, audited(&folder, other, true).code), (0, 0));
    let refused = |files: &[&str], code: i32, why: &str| {
        let ran = merged(&folder, files);
        assert_eq!(ran.code, code, "{}", ran.err);
        assert!(ran.err.contains(why), "{why}\n{}", ran.err);
        assert!(!folder.path("report-merged").exists());
    };
    refused(&[one, one], 3, "is counted in");
    let changed = |name: &str, from: &str, to: &str| {
        let text = folder.read(&format!("{other}.json"));
        assert!(text.contains(from), "{from}");
        folder.write(&format!("{name}.json"), hashed(&text.replacen(from, to, 1)).as_bytes());
    };
    changed("as_of", "\"as_of\":1772236800000", "\"as_of\":1772236800001");
    refused(&[one, "as_of"], 3, "another `as_of`");
    changed("form", "\"tallies\":4,", "\"tallies\":1,");
    refused(
        &[one, "form"],
        3,
        "its form is 1, and this release of Concord knows form 4 alone: all count with the same release",
    );
    changed("print", "\"fingerprint\":\"", "\"fingerprint\":\"0");
    refused(&[one, "print"], 3, "rules of another fingerprint");
    refused(&["print"], 4, "it was counted by other rules");
    changed("bytes", "\"module_sha256\":\"", "\"module_sha256\":\"0");
    refused(&[one, "bytes"], 3, "a module of other bytes: the same rules in another order");
    changed("whole", "\"labels\":[true]", "\"labels\":[]");
    refused(&[one, "whole"], 3, "its counts are not those of this package");
    changed("large", "\"broken\":0", "\"broken\":18446744073709551615");
    refused(&[one, "large"], 3, "beyond what can be counted");
    folder.write("text.json", b"{}");
    refused(&[one, "text"], 3, "not a file that `concord audit --tallies` wrote");
}
