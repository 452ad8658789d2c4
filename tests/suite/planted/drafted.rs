//! An export that nobody has mapped: what `concord profile` says of it, the mapping that it drafts, and what `concord map --check` finds missing.

use super::group::{Group, group};
use super::{MAP, rules_of};
use crate::cli::run;
use crate::packages::TempFolder;
use serde_json::Value;

fn path(folder: &TempFolder, name: &str) -> String {
    folder.path(name).to_str().unwrap().to_owned()
}

/// The rules, and the export of the trusts in which nothing is planted.
fn prepared() -> TempFolder {
    let folder = TempFolder::new();
    let group: Group = group(5);
    rules_of(&group, &folder.path(""));
    let plain: Vec<&str> =
        group.trusts.iter().filter(|trust| trust.cause.is_none()).map(|trust| trust.code.as_str()).collect();
    let lines = group.csv.lines().enumerate();
    let kept =
        lines.filter(|(place, line)| *place == 0 || plain.iter().any(|code| line.contains(&format!(",{code},"))));
    let text: Vec<&str> = kept.map(|(_, line)| line).collect();
    folder.write("export.csv", text.join("\n").as_bytes());
    folder.write("hand.map.toml", MAP.as_bytes());
    folder
}

fn audited(folder: &TempFolder, map: &str) -> Value {
    let [rules, data, map, out] = ["rules/acute/sepsis", "export.csv", map, "report"].map(|name| path(folder, name));
    let words = ["audit", &rules, "--data", &data, "--map", &map, "--as-of", "2026-02-28T00:00:00Z", "--out", &out];
    let ran = run(&[&words[..], &["--no-disclosure-control", "nobody in it exists"]].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    serde_json::from_str(&folder.read("report/results.json")).unwrap()
}

#[test]
fn a_drafted_mapping_audits_as_one_made_by_hand() {
    let folder = prepared();
    let [export, rules, draft] = ["export.csv", "rules/acute/sepsis", "draft.map.toml"].map(|name| path(&folder, name));
    let ran = run(&["profile", &export, "--map", &rules, "-o", &draft]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let text = folder.read("draft.map.toml");
    assert!(text.contains("# settle: is this the zone that the times are written in?"), "{text}");
    let [hand, drafted] = ["hand.map.toml", "draft.map.toml"].map(|map| audited(&folder, map));
    for what in ["obligations", "measures"] {
        assert_eq!(hand["audits"][0][what], drafted["audits"][0][what], "{what}\n{text}");
    }
}

#[test]
fn a_profile_says_what_columns_hold() {
    let folder = prepared();
    let export = path(&folder, "export.csv");
    let ran = run(&["profile", &export, "--json", "--no-disclosure-control", "nobody in it exists"]);
    let found: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(found["rows_are"], "events");
    for (role, column) in [("case", "case_id"), ("activity", "activity"), ("time", "timestamp")] {
        assert_eq!(found[role], column);
    }
    let rows = folder.read("export.csv").lines().count() as u64 - 1;
    assert_eq!(found["rows"], rows);
    let columns = found["columns"].as_array().unwrap();
    let held: Vec<_> = columns.iter().map(|column| column["holds"].as_str().unwrap()).collect();
    assert_eq!(held[..5], ["texts", "codes", "whole_numbers", "codes", "times"], "{found}");
    assert_eq!(columns[4]["times"][0]["format"], "%Y-%m-%d %H:%M:%S");
    assert_eq!(columns[4]["times"][0]["zone"], "not_said");
    let filled: u64 = columns[3]["codes"].as_array().unwrap().iter().map(|code| code["rows"].as_u64().unwrap()).sum();
    assert_eq!(filled, rows);
}

/// 30 rows in UTC with a day before its month, a comma in numbers, a code that two have, and a time in the hour that London's clock skips.
#[test]
fn a_profile_hides_what_few_have_and_tells_what_a_mapping_must_settle() {
    let folder = TempFolder::new();
    let mut text = "nr;sex;weight;arrived at\n".to_owned();
    for row in 0..30 {
        let (sex, weight) = (
            if row < 2 {
                "X"
            } else if row % 2 == 0 {
                "F"
            } else {
                "M"
            },
            60 + row,
        );
        let day = if row == 0 { "30/03/2025 01:30".to_owned() } else { format!("{:02}/01/2025 10:{row:02}", row) };
        text.push_str(&format!("{row};{sex};{weight},5;{day}\n"));
    }
    let export = folder.write("export.csv", text.as_bytes());
    let ran = run(&["profile", export.to_str().unwrap()]);
    let shown = ran.out;
    assert_eq!(ran.code, 0, "{}", ran.err);
    for part in [
        "export.csv: 30 rows, 4 columns, `;` between fields",
        "a row is a case, which `nr` names",
        "codes: F 15, M 15, 1 more",
        "numbers with a decimal comma",
        "`%d/%m/%Y %H:%M`, some in the hour that London's clock skips: another zone, such as UTC",
    ] {
        assert!(shown.contains(part), "{part}\n{shown}");
    }
    assert!(!shown.contains(" X "), "{shown}");
    let asked = run(&["profile", export.to_str().unwrap(), "--case", "number"]);
    assert_eq!(asked.code, 2, "{}", asked.err);
    assert!(asked.err.contains("it has no column `number`"), "{}", asked.err);
}

#[test]
fn what_an_export_is_ready_for_is_said_rule_by_rule() {
    let folder = prepared();
    let [rules, hand, export] = ["rules/acute/sepsis", "hand.map.toml", "export.csv"].map(|name| path(&folder, name));
    let lacking = MAP.replace("Antibiotics  = { event = \"Antibiotics\" }\n", "");
    assert_ne!(lacking, MAP);
    let lacking = folder.write("lacking.map.toml", lacking.as_bytes());
    let check = |map: &str, data: &[&str]| {
        let ran = run(&[&["map", "--check", map, &rules, "--json"], data].concat());
        let found: Value = serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{}", ran.err));
        (ran.code, found[0].clone())
    };
    let of = |found: &Value, name: &str| {
        let answers = found["answers"].as_array().unwrap();
        answers.iter().find(|answer| answer["name"] == name).unwrap().clone()
    };
    let (_, whole) = check(&hand, &["--data", &export]);
    assert_eq!(of(&whole, "antibiotics_1h")["ready"], "yes", "{whole}");
    let (code, found) = check(lacking.to_str().unwrap(), &[]);
    assert_eq!(code, 1);
    assert_eq!(found["events"]["not_mapped"][0], "Antibiotics", "{found}");
    let answer = of(&found, "antibiotics_1h");
    assert_ne!(answer["ready"], "yes", "{answer}");
    assert_eq!(answer["wants"], serde_json::json!(["Antibiotics (not supplied)"]), "{answer}");
    // Mapped, and never seen.
    let rows = folder.read("export.csv");
    let rows: Vec<&str> = rows.lines().filter(|line| !line.contains(",Fluids,")).collect();
    let few = folder.write("few.csv", rows.join("\n").as_bytes());
    let (_, found) = check(&hand, &["--data", few.to_str().unwrap()]);
    assert_eq!(found["events"]["never_seen"], serde_json::json!(["Fluids"]), "{found}");
}
