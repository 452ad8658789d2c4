//! What an audit must not let out, lose or mix: small counts, other people's files, two audits at once.

use super::{HEADER, MAP, audited, group, with};
use crate::packages::{Random, TempFolder, concord};
use serde_json::Value;
use std::process::Command;

fn protected(rows: &str) -> super::Audited {
    with(MAP, &[("d.csv", &format!("{HEADER}{rows}"))], "2026-12-31T00:00:00Z", false)
}

#[test]
fn no_exact_count_of_rows_events_or_refused_ones_undoes_small_number_control() {
    let mut rows = group(&[("T1", 13, 10)]);
    rows.push_str("p1,T1,70,Nonsense,2026-03-02 10:00:00,\nq,T1,999,SepsisTriage,2026-03-02 10:00:00,\n");
    let audit = protected(&rows);
    let results = audit.results();
    let data = &results["audits"][0]["data"];
    assert_eq!(
        (data["rows"].as_u64(), data["cases"].as_u64(), data["events"].as_u64()),
        (Some(30), Some(15), Some(25))
    );
    assert!(data["rows_rejected"].is_null() && data["values_rejected"].is_null(), "{data}");
    assert!(data["reject_reasons"].as_array().unwrap().iter().all(|reason| reason[1].is_null()), "{data}");
    assert!(data["rejects_file"].is_null() && data["files"][0]["lines"].is_null());
    assert_eq!(data["files"][0]["bytes"].as_u64().unwrap() % 1_000, 0);
    assert!(!audit.folder.path("out/rejects-1-acute.sepsis.csv").exists(), "its lines could be counted");
    let few = protected(&group(&[("T1", 5, 3)])).results();
    let data = &few["audits"][0]["data"];
    assert!(["rows", "rows_used", "cases"].iter().all(|name| data[*name].is_null() || data[*name] == 10), "{data}");
    assert!(data["cases"].is_null());
    let verdicts = &few["audits"][0]["obligations"][0]["verdicts"];
    assert!(verdicts["met"].is_null() && verdicts["late"].is_null() && verdicts["missed"] == 0, "{verdicts}");
}

#[test]
fn suppressed_results_are_read_again() {
    let audit = protected(&group(&[("T1", 13, 10), ("T2", 40, 37)]));
    let results = audit.folder.path("out/results.json");
    let drawn = crate::cli::run(&["report", results.to_str().unwrap()]);
    assert_eq!(drawn.code, 0, "{}", drawn.err);
    assert_eq!(drawn.out, audit.folder.read("out/report.html"));
}

#[test]
fn what_others_keep_in_the_folder_of_a_report_stays() {
    let audit = audited(&group(&[("T1", 20, 10)]));
    audit.folder.write("out/minutes.txt", b"of the board");
    audit.folder.write("out/rejects-9-old.csv", b"of an earlier report");
    let (rules, map) = (format!("{}/../rules/acute/sepsis", env!("CARGO_MANIFEST_DIR")), audit.folder.path("m.toml"));
    let (data, out) = (audit.folder.path("d.csv"), audit.folder.path("out"));
    let [map, data, out] = [&map, &data, &out].map(|path| path.to_str().unwrap());
    let again = ["audit", &rules, "--map", map, "--data", data, "--as-of", "2026-12-31T00:00:00Z", "--out", out];
    assert_eq!(crate::cli::run(&again).code, 0);
    assert_eq!(audit.folder.read("out/minutes.txt"), "of the board");
    assert!(!audit.folder.path("out/rejects-9-old.csv").exists(), "what belonged to the last report goes with it");
    assert!(!audit.folder.path("out.lock").exists() && !audit.folder.path("out.before").exists());
}

#[test]
fn two_audits_at_once_leave_the_folder_of_one() {
    let folder = TempFolder::new();
    let rules = format!("{}/../rules/acute/sepsis", env!("CARGO_MANIFEST_DIR"));
    folder.write("m.toml", MAP.as_bytes());
    let sizes = [20, 60];
    for size in sizes {
        folder.write(&format!("{size}.csv"), format!("{HEADER}{}", group(&[("T1", size, 10)])).as_bytes());
    }
    let audit = |size: usize| {
        let data = format!("{size}.csv");
        Command::new(concord())
            .args([
                "audit",
                &rules,
                "--map",
                "m.toml",
                "--data",
                &data,
                "--as-of",
                "2026-12-31T00:00:00Z",
                "--out",
                "out",
            ])
            .args(["--no-disclosure-control", "made up", "--quiet"])
            .current_dir(folder.path(""))
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap()
    };
    for _ in 0..4 {
        let mut both = sizes.map(audit);
        let codes = both.each_mut().map(|child| child.wait().unwrap().code().unwrap());
        assert!(codes.contains(&0) && codes.iter().all(|code| [0, 5].contains(code)), "{codes:?}");
        let results: serde_json::Value = serde_json::from_str(&folder.read("out/results.json")).unwrap();
        let cases = results["audits"][0]["data"]["cases"].as_u64().unwrap();
        let row = folder.read("out/data.csv").lines().nth(1).unwrap().to_owned();
        assert!(row.contains(&format!(",{cases},")), "{row}");
        assert!(folder.read("out/report.html").contains(&format!("{cases} cases")));
    }
}

#[test]
fn every_cell_of_a_list_of_refused_rows_is_safe_to_open() {
    let folder = TempFolder::new();
    let rules = format!("{}/../rules/acute/sepsis", env!("CARGO_MANIFEST_DIR"));
    let map = folder.write("m.toml", MAP.as_bytes());
    let rows = format!(
        "{HEADER}{}c,T1,70,=HYPERLINK(1),2026-03-02 10:00:00,\nc,T1,+1+1,SepsisTriage,2026-03-02 10:00:00,\n",
        group(&[("T1", 20, 10)])
    );
    let data = folder.write("=1+1.csv", rows.as_bytes());
    let out = folder.path("out");
    let [map, data, out] = [&map, &data, &out].map(|path| path.to_str().unwrap());
    let arguments = ["audit", &rules, "--map", map, "--data", data, "--as-of", "2026-12-31T00:00:00Z", "--out", out];
    let ran = crate::cli::run(&[&arguments[..], &["--no-disclosure-control", "made up", "--show-values"]].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    let mut reader = ::csv::Reader::from_path(folder.path("out/rejects-1-acute.sepsis.csv")).unwrap();
    let cells: Vec<String> =
        reader.records().flat_map(|row| row.unwrap().iter().map(str::to_owned).collect::<Vec<_>>()).collect();
    assert!(
        cells.iter().any(|cell| cell == "'=HYPERLINK(1)") && cells.iter().any(|cell| cell == "'=1+1.csv"),
        "{cells:?}"
    );
    assert!(cells.iter().all(|cell| !cell.starts_with(['=', '+', '-', '@'])), "{cells:?}");
}

/// Every number that counts people, rows or events, wherever it stands.
fn counts(value: &Value, found: &mut Vec<(String, u64)>) {
    const NAMES: [&str; 18] = [
        "rows",
        "rows_used",
        "rows_rejected",
        "values_rejected",
        "cases",
        "events",
        "present",
        "missing",
        "numerator",
        "denominator",
        "excluded",
        "open",
        "unknown",
        "met",
        "late",
        "missed",
        "excused",
        "not_applicable",
    ];
    const LISTS: [&str; 5] = ["needs", "excuses", "bins", "rows_left_out", "reject_reasons"];
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                if let (true, Some(count)) = (NAMES.contains(&name.as_str()), field.as_u64()) {
                    found.push((name.clone(), count));
                }
                if let (true, Some(list)) = (LISTS.contains(&name.as_str()), field.as_array()) {
                    found.extend(list.iter().filter_map(|pair| Some((name.clone(), pair[1].as_u64()?))));
                }
                counts(field, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| counts(item, found)),
        _ => {}
    }
}

/// All counts are multiples of 5, so that neither one of them nor any sum or difference tells one of 1 to 7; no sentence has one either.
#[test]
fn random_audits_give_no_small_count_away() {
    let mut dice = Random::seeded(20_261_231);
    for _ in 0..12 {
        let mut rows = String::new();
        let mut number = 0;
        for trust in ["T1", "T2", "T3", "t3", ""].iter().take(1 + dice.below(5) as usize) {
            for _ in 0..dice.below(40) + 1 {
                number += 1;
                let age = if dice.below(12) == 0 { 12 } else { 60 };
                let minutes = [None, Some(20), Some(20), Some(90), Some(-5)][dice.below(5) as usize];
                super::patient(&mut rows, number, trust, age, minutes);
            }
        }
        let odd =
            ["p1,T1,60,Nonsense,2026-03-02 10:00:00,\n", "p1,T1,Triage\n", "p2,T1,60,Triage,2029-01-01 10:00:00,\n"];
        odd.iter().for_each(|row| rows.push_str(&row.repeat(dice.below(4) as usize)));
        let audit = protected(&rows);
        let results = audit.results();
        let mut found = Vec::new();
        counts(&results, &mut found);
        assert!(found.iter().all(|(_, count)| count % 5 == 0), "{found:?}");
        let sentences = format!("{} {} {}", results["headlines"], results["audits"][0]["data"]["notes"], audit.ran.err);
        let nouns = ["case", "row", "event", "value", "refused"];
        let words: Vec<&str> = sentences.split([' ', '"']).collect();
        let small = words.windows(2).find(|pair| {
            matches!(pair[0], "1" | "2" | "3" | "4" | "5" | "6" | "7")
                && nouns.iter().any(|noun| pair[1].starts_with(noun))
        });
        let small = small.filter(|pair| !sentences.contains(&format!("1 to {} {}", pair[0], pair[1])));
        assert_eq!(small, None, "{sentences}");
    }
}
