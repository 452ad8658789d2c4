//! Small inputs that were answered wrongly once, through the real command: what must come out of each.

use crate::cli::{Ran, run};
use crate::packages::TempFolder;
use serde_json::Value;

/// A file of a case.
fn file(case: &str, name: &str) -> String {
    format!("{}/data/cases/{case}/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// An audit that was run.
struct Audited {
    ran: Ran,
    folder: TempFolder,
}

/// Audits by a rule, a mapping and data.
#[track_caller]
fn audit_files(files: [String; 3], as_of: &str) -> Audited {
    let folder = TempFolder::new();
    let out = folder.path("out").to_str().unwrap().to_owned();
    let as_of = ["--as-of", as_of, "--out", &out, "--no-disclosure-control", "made up"];
    let named = ["audit", &files[0], "--map", &files[1], "--data", &files[2]];
    let ran = run(&named.into_iter().chain(as_of).collect::<Vec<_>>());
    Audited { ran, folder }
}

/// Audits a case with the usual names of files.
#[track_caller]
fn audit(case: &str) -> Audited {
    audit_files(["rule.concord", "map.toml", "data.csv"].map(|name| file(case, name)), "2026-12-31T00:00:00Z")
}

impl Audited {
    /// The results of an audit that went through.
    #[track_caller]
    fn results(&self) -> Value {
        assert_eq!(self.ran.code, 0, "{}", self.ran.err);
        serde_json::from_str(&self.folder.read("out/results.json")).unwrap()
    }

    /// What an audit that was refused says.
    #[track_caller]
    fn refused(&self) -> &str {
        assert_eq!(self.ran.code, 3, "{}", self.ran.err);
        assert!(!self.folder.path("out").exists());
        &self.ran.err
    }
}

/// Numerator, denominator and unknown of the only measure.
fn measure(results: &Value) -> (u64, u64, u64) {
    let total = &results["audits"][0]["measures"][0]["total"];
    let count = |name: &str| total[name].as_u64().unwrap();
    (count("numerator"), count("denominator"), count("unknown"))
}

/// Whether the chapter on the data says this.
#[track_caller]
fn notes(results: &Value, said: &str) {
    let notes = results["audits"][0]["data"]["notes"].as_array().unwrap();
    assert!(notes.iter().any(|note| note.as_str().unwrap().contains(said)), "{notes:#?}");
}

/// Whether the chapter on the data says nothing of this.
#[track_caller]
fn no_notes(results: &Value, said: &str) {
    let notes = results["audits"][0]["data"]["notes"].as_array().unwrap();
    assert!(notes.iter().all(|note| !note.as_str().unwrap().contains(said)), "{notes:#?}");
}

#[test]
fn a_unit_without_a_factor_is_refused_before_any_row_is_read() {
    let audited = audit("unit-without-times");
    assert!(audited.refused().contains("`mg/dL` is not `mmol/L`"), "{}", audited.ran.err);
}

#[test]
fn a_date_in_an_instant_is_the_day_in_london() {
    assert_eq!(measure(&audit("birth-date-as-instant").results()), (0, 1, 0));
}

#[test]
fn a_year_of_two_digits_is_refused() {
    let audited = audit("birth-year-of-two-digits");
    assert!(audited.refused().contains("four digits, `%Y`"), "{}", audited.ran.err);
}

#[test]
fn a_day_without_a_time_is_no_midnight() {
    let results = audit("date-only-is-midnight").results();
    assert_eq!(results["audits"][0]["obligations"][0]["verdicts"]["unknown"], 2);
    assert_eq!(measure(&results), (0, 2, 2));
    notes(&results, "4 events have a date without a time of day");
}

#[test]
fn the_hour_shown_twice_decides_nothing() {
    let results = audit("autumn-hour").results();
    assert_eq!(measure(&results), (0, 1, 1));
    notes(&results, "2 events have a time in the hour that the clock shows twice");
}

/// The control chart of the only measure.
fn chart(results: &Value) -> Value {
    results["audits"][0]["measures"][0]["chart"].clone()
}

#[test]
fn two_failures_in_480_are_no_signal() {
    let audited = audit("rare-failures-chart");
    let results = audited.results();
    let chart = chart(&results);
    assert_eq!((chart["variation"].as_str(), chart["upper"].as_f64()), (Some("not judged"), None));
    assert!(chart["not_judged"].as_str().unwrap().starts_with("too rare for this chart"), "{chart}");
    let points = chart["points"].as_array().unwrap();
    assert!(points.len() == 24 && points.iter().all(|point| point["special_cause"].is_null()));
    let said = results["headlines"][0]["text"].as_str().unwrap();
    assert!(said.contains("too rare for this chart"), "{said}");
    assert!(audited.folder.read("out/report.html").contains("The process is not judged: too rare for this chart"));
}

#[test]
fn a_run_stops_where_months_have_no_rate() {
    let audited = audit("run-across-a-gap");
    let results = audited.results();
    let chart = chart(&results);
    let gap = serde_json::json!({ "after": 12, "first": "2026-01", "last": "2026-06", "periods": 6 });
    assert_eq!(chart["gaps"], serde_json::json!([gap]));
    let shifts = |point: &&Value| point["special_cause"].as_str().is_some_and(|cause| cause.contains("on one side"));
    let points = chart["points"].as_array().unwrap();
    assert_eq!((points.len(), points.iter().filter(shifts).count()), (18, 0), "{chart:#}");
    let said = results["headlines"][0]["text"].as_str().unwrap();
    assert!(said.contains("No rate in Jan 2026 to Jun 2026."), "{said}");
    let page = audited.folder.read("out/report.html");
    assert!(page.contains("<th scope=\"row\">Jan 2026 to Jun 2026</th>"), "the table names it");
    let table = audited.folder.read("out/chart_points.csv");
    for month in 1..=6 {
        let row = format!(",2026-{month:02},,,,");
        let found: Vec<&str> = table.lines().filter(|line| line.contains(&row)).collect();
        assert!(!found.is_empty() && found.iter().all(|line| line.contains(",no rate,")), "{found:?}");
    }
}

#[test]
fn characters_that_nobody_sees_make_no_second_patient() {
    let results = audit("invisible-in-the-name").results();
    assert_eq!(measure(&results), (3, 3, 0));
    notes(&results, "3 rows name their case with blanks around the name or characters that nobody sees");
    no_notes(&results, "capitals");
}

#[test]
fn names_that_differ_in_capitals_or_blanks_stay_apart_and_are_told() {
    let folder = TempFolder::new();
    let rows = "id,a,t\nab 1,Triage,2026-01-05 10:00\nAB1,Antibiotics,2026-01-05 10:20\nC,Triage,2026-01-05 10:00\n";
    let data = folder.write("data.csv", rows.as_bytes()).to_str().unwrap().to_owned();
    let case = "invisible-in-the-name";
    let audited = audit_files([file(case, "rule.concord"), file(case, "map.toml"), data], "2026-12-31T00:00:00Z");
    let results = audited.results();
    assert_eq!(results["audits"][0]["data"]["cases"], 3);
    notes(
        &results,
        "2 names of cases differ from another only in capitals, blanks, accents or letters that look alike; they are kept apart.",
    );
}

/// What a conversion brings to one side of the threshold or the other is not known.
#[test]
fn a_conversion_that_decides_leaves_its_case_unknown() {
    let results = audit("rounded-over-the-threshold").results();
    assert_eq!(measure(&results), (0, 0, 1));
    notes(&results, "1 value is known only as a range");
}

#[test]
fn a_conversion_far_from_the_threshold_decides_nothing() {
    let folder = TempFolder::new();
    let rows = "id,a,t,v\nA,La,2026-01-05 10:00,27.7\nA,La,2026-01-05 09:00,17.7\n";
    let data = folder.write("data.csv", rows.as_bytes()).to_str().unwrap().to_owned();
    let case = "rounded-over-the-threshold";
    let audited = audit_files([file(case, "rule.concord"), file(case, "map.toml"), data], "2026-12-31T00:00:00Z");
    assert_eq!(measure(&audited.results()), (1, 1, 0));
}

#[test]
fn a_result_beyond_the_assay_is_a_range() {
    let results = audit("below-the-limit-of-the-assay").results();
    assert_eq!(measure(&results), (1, 2, 0));
    assert_eq!(results["audits"][0]["data"]["values_rejected"], 0);
    notes(&results, "2 values are known only as a range, such as `<0.5`, and used so");
}

#[test]
fn an_export_with_semicolons_is_recognised() {
    let case = "semicolon-export";
    let files = ["rule.concord", "map.toml", "in/data.csv"].map(|name| file(case, name));
    let audited = audit_files(files, "2026-12-31T00:00:00Z");
    assert!(audited.refused().contains("its first line is `id;a;t`: say `delimiter = \";\"`"), "{}", audited.ran.err);
}

/// Cases as lines, audited with their rule.
#[track_caller]
fn audit_lines(rule: String, package: &str, lines: &str, as_of: &str) -> Audited {
    let folder = TempFolder::new();
    let map = format!("package = \"{package}\"\nversion = \"1\"\ntitle = \"T\"\n[source]\nformat = \"ndjson\"\n");
    let written = |name: &str, text: &str| folder.write(name, text.as_bytes()).to_str().unwrap().to_owned();
    audit_files([rule, written("map.toml", &map), written("data.ndjson", lines)], as_of)
}

#[test]
fn a_stay_that_ends_before_it_begins_is_counted() {
    let case = std::fs::read_to_string(file("end-before-start", "case.json")).unwrap();
    let rule = file("end-before-start", "rule.concord");
    let results = audit_lines(rule, "t.end_before_start", &case, "2026-12-30T00:00:00Z").results();
    notes(&results, "`finish` of Stay is earlier than Stay itself in 1 event.");
}

#[test]
fn a_birth_after_what_happened_is_counted() {
    let line = |name: &str, born: &str| {
        format!(
            r#"{{"case": "{name}", "born": "{born}", "events": [{{"event": "Arrival", "at": "2026-06-14T11:00:00Z"}}]}}"#
        )
    };
    let lines = [line("A", "2026-06-15"), line("B", "2026-06-14"), line("C", "2045-06-14"), line("D", "1945-06-14")];
    let rule = file("birth-date-as-instant", "rule.concord");
    let audited = audit_lines(rule, "t.birth_date_as_instant", &lines.join("\n"), "2026-12-31T00:00:00Z");
    let said = "`born`, from which years are counted, is later than an event or the end of the data in 2 cases.";
    notes(&audited.results(), said);
}

#[test]
fn a_line_does_not_set_an_as_of_of_its_own() {
    let lines = std::fs::read_to_string(file("ndjson-as-of", "asof.ndjson")).unwrap();
    let rule = file("open-quote", "rule/falls.concord");
    let results = audit_lines(rule.clone(), "adv.falls", &lines, "2026-12-31T00:00:00Z").results();
    let data = &results["audits"][0]["data"];
    assert_eq!((data["rows"].as_u64(), data["rows_rejected"].as_u64()), (Some(3), Some(2)));
    let reason = data["reject_reasons"][0][0].as_str().unwrap();
    assert_eq!(reason, "row refused: as_of: the record has an `as_of` of its own, and the audit another");
    let results = audit_lines(rule, "adv.falls", &lines, "2026-01-02T11:00:00Z").results();
    assert_eq!(results["audits"][0]["data"]["rows_rejected"], 1, "the audit's own is no other");
}

#[test]
fn a_quote_that_swallows_rows_refuses_the_file() {
    let of = |data: &str| {
        let files = ["rule/falls.concord", "m.toml", data].map(|name| file("open-quote", name));
        audit_files(files, "2026-12-31T00:00:00Z")
    };
    let open = of("notes_open.csv");
    assert!(
        open.refused().contains("line 3: a quote is opened here, and not closed before the file ends"),
        "{}",
        open.ran.err
    );
    let mid = of("notes_mid.csv");
    let said = "line 3: a quote is opened here, and text follows the quote that closes it in line 42";
    assert!(mid.refused().contains(said), "{}", mid.ran.err);
}

#[test]
fn every_value_that_is_read_fits_the_printed_schema() {
    let folder = file("schema-steps", "");
    let printed = run(&["inspect", &folder, "--schema"]);
    let schema: Value = serde_json::from_str(&printed.out).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for tenths in 250..=450 {
        let case = format!("{{\"temperature\": {}.{}}}", tenths / 10, tenths % 10);
        assert!(validator.is_valid(&serde_json::from_str(&case).unwrap()), "{case}");
    }
    // Nothing is left to validators that work in binary fractions.
    assert!(!printed.out.contains("multipleOf"), "{}", printed.out);
    assert!(printed.out.contains("At most 1 digit after the point."));
}

#[test]
fn a_code_list_from_a_spreadsheet_is_read_or_named() {
    let (case, folder) = ("code-list-from-excel", TempFolder::new());
    let copied = |name: &str, text: &[u8]| folder.write(name, text).to_str().unwrap().to_owned();
    let rule = copied("rule.concord", &std::fs::read(file(case, "rule.concord")).unwrap());
    let check = |list: &[u8]| {
        copied("list.csv", list);
        run(&["check", &rule])
    };
    let marked = check(&std::fs::read(file(case, "list.csv")).unwrap());
    assert_eq!(marked.code, 0, "{}", marked.err);
    let answer = run(&["eval", &rule, "-i", &file(case, "case.json"), "--bare"]);
    assert!(answer.out.contains("hit: yes"), "{}", answer.out);
    let semicolons = check(&std::fs::read(file(case, "list2.csv")).unwrap());
    assert!(semicolons.err.contains("line 1 of `list.csv` is separated by semicolons"), "{}", semicolons.err);
    for heading in ["icd10", "diagnosis"] {
        let said = check(format!("{heading},what\nA41.9,sepsis\n").as_bytes());
        assert!(said.code != 0 && said.err.contains("looks like a heading"), "{}", said.err);
    }
    assert_eq!(check(b"code,what\nA41.9,sepsis\n").code, 0);
}

#[test]
fn only_files_that_a_rule_names_are_read() {
    let folder = file("stray-csv-beside-the-rule", "");
    assert_eq!(run(&["check", &folder]).code, 0);
    let answer = run(&["eval", &folder, "-i", &file("stray-csv-beside-the-rule", "case.json"), "--bare"]);
    assert!(answer.out.contains("adult: yes"), "{}{}", answer.out, answer.err);
}

#[test]
fn nothing_shown_acts_on_a_terminal() {
    let rule = file("terminal-escape", "esc");
    let folder = TempFolder::new();
    let case = folder.write("a.json", b"{ \"a\": 1 }").to_str().unwrap().to_owned();
    let keys = file("terminal-escape", "keys.json");
    let commands: [&[&str]; 5] = [
        &["check", &rule],
        &["inspect", &rule],
        &["eval", &rule, "-i", &keys],
        &["eval", &rule, "-i", &case],
        &["test", &rule],
    ];
    for arguments in commands {
        let ran = run(arguments);
        let shown = format!("{}{}", ran.out, ran.err);
        let acts = |c: char| c == '\u{1b}' || c == '\u{7}' || c == '\u{202e}';
        assert!(!shown.contains(acts), "{arguments:?}: {shown:?}");
    }
    let shown = run(&["eval", &rule, "-i", &keys]).err;
    assert!(shown.contains(r"`\u202egnp`"), "{shown}");
}

#[test]
fn a_label_does_not_act_on_what_shows_it() {
    let rule = file("open-quote", "rule/falls.concord");
    let line = |trust: &str| format!(r#"{{"case": "g1", "trust": "{trust}", "age": 70, "harm": "low", "eol": false}}"#);
    for trust in [r"R\u001b[2JA", r"R\u202eA", r"R\nA"] {
        let lines = format!("{}\n{}", line(trust), line("RAA").replace("g1", "g2"));
        let results = audit_lines(rule.clone(), "adv.falls", &lines, "2026-12-31T00:00:00Z").results();
        let data = &results["audits"][0]["data"];
        let reason = data["reject_reasons"][0][0].as_str().unwrap();
        assert!(reason.starts_with("value refused: trust: expected text without control characters"), "{reason}");
        assert_eq!((data["values_rejected"].as_u64(), data["organisations"].as_u64()), (Some(1), Some(1)), "{data}");
    }
}

#[test]
fn a_new_package_gets_a_name_that_a_rule_can_have() {
    let folder = TempFolder::new();
    for (name, why) in [("65curb", "begins with a letter"), ("any", "means something in a rule")] {
        let path = folder.path(name);
        let ran = run(&["new", path.to_str().unwrap()]);
        assert!(ran.code == 2 && ran.err.contains(why), "{name}: {}", ran.err);
        assert!(!path.exists());
    }
    let path = folder.path("curb_65");
    assert_eq!(run(&["new", path.to_str().unwrap()]).code, 0);
    assert_eq!(run(&["test", path.to_str().unwrap()]).code, 0);
}
