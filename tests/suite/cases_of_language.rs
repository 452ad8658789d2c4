//! Small rules that were answered or refused wrongly once, through the real command: what must come out of each.

use crate::cli::run;
use crate::packages::TempFolder;

/// A file or folder of a case.
fn file(case: &str, name: &str) -> String {
    format!("{}/data/cases/{case}/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// A rule of the library.
fn authored(path: &str) -> String {
    format!("{}/../rules/{path}", env!("CARGO_MANIFEST_DIR"))
}

/// The answers of a rule to a case, which must be among these lines.
#[track_caller]
fn answers(rule: &str, case: &str, wanted: &[&str]) {
    let ran = run(&["eval", rule, "-i", case, "--bare"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    for line in wanted {
        assert!(ran.out.lines().any(|found| found.trim() == *line), "no line `{line}` in\n{}", ran.out);
    }
}

/// What `check` says of a rule that it refuses.
#[track_caller]
fn refused(rule: &str) -> String {
    let ran = run(&["check", rule]);
    assert_ne!(ran.code, 0, "{}", ran.out);
    format!("{}{}", ran.out, ran.err)
}

#[test]
fn a_missing_value_has_the_range_that_was_proved() {
    let rule = file("abs-unknown", "absdecide");
    let missing = [
        "dist: unknown, 0..20",
        "score: unknown, 4.8..100.0",
        "action: unknown, wait or treat",
        "would be settled by: a",
    ];
    answers(&rule, &file("abs-unknown", "a_missing.json"), &missing);
    answers(&rule, &file("abs-unknown", "a_0.json"), &["dist: 0", "score: 100.0", "action: treat"]);
}

#[test]
fn a_range_that_ends_below_its_start_is_refused_everywhere() {
    let said = refused(&file("backwards-range", ""));
    assert_eq!(said.matches("error[E0603]").count(), 2, "{said}");
}

#[test]
fn a_date_moves_by_days_and_a_deadline_by_months() {
    assert_eq!(run(&["check", &file("days-added-to-a-date", ""), "--fail-on", "warning"]).code, 0);
    assert_eq!(run(&["check", &file("within-a-month", ""), "--fail-on", "warning"]).code, 0);
}

#[test]
fn nothing_equals_none() {
    let said = refused(&file("eq-none", "eqnone"));
    assert!(said.contains("error[E0511]") && said.contains("write `n is none`"), "{said}");
}

#[test]
fn what_is_not_placed_may_have_come_before_the_first_event_listed() {
    let settled = "would be settled by: A (not supplied)";
    let wanted =
        ["any_before: unknown, yes or no", "count_before: unknown, 0..65535", "before_o: unknown, met, late or missed"];
    let (rule, case) = (file("first-in-order", "order"), file("first-in-order", "order_case.json"));
    answers(&rule, &case, &wanted);
    answers(&rule, &case, &[settled]);
    let sepsis = authored("acute/sepsis");
    for case in ["late_known.json", "late_known_with_registration.json"] {
        answers(&sepsis, &file("first-in-order", case), &["lactate_before_antibiotics: unknown, met or late"]);
    }
    for case in ["sepsis_not_supplied.json", "sepsis_unknown_time.json"] {
        answers(&sepsis, &file("first-in-order", case), &["lactate_before_antibiotics: unknown, met, late or missed"]);
    }
}

#[test]
fn nothing_is_due_before_an_event_that_never_came() {
    let rule = file("for-each-before", "foreach_before");
    for case in ["all_known_no_f.json", "one_second_later.json"] {
        answers(&rule, &file("for-each-before", case), &["each_before: not applicable", "one_before: not applicable"]);
    }
}

#[test]
fn a_pause_that_is_recorded_twice_counts_once() {
    answers(&file("overlapping-pauses", ""), &file("overlapping-pauses", "case.json"), &["in_time: late by 1 day"]);
}

#[test]
fn a_stay_that_ends_before_it_begins_is_told_of_one_case() {
    let (rule, case) = (file("end-before-start", ""), file("end-before-start", "case.json"));
    let note = "`finish` of Stay is earlier than Stay itself in 1 event.";
    answers(&rule, &case, &[&format!("note: {note}"), "hours: 2 h"]);
    let record = run(&["eval", &rule, "-i", &case, "--json"]).out;
    let record: serde_json::Value = serde_json::from_str(&record).unwrap();
    assert_eq!(record["notes"], serde_json::json!([note]));
}

#[test]
fn a_time_that_is_no_end_of_its_event_may_be_earlier() {
    let folder = TempFolder::new();
    let rule = folder.write(
        "rule.concord",
        concord_tests::text::whole(
            "subject S {\n  born : date\n  event Transfer { started : instant }\n}\nclock c { start Transfer at started }\n\
             define age = years from born to first Transfer\n",
        )
        .as_bytes(),
    );
    let case = br#"{"as_of": "2026-02-01T00:00:00Z", "born": "2026-03-01",
        "events": [{"event": "Transfer", "at": "2026-01-05T10:00:00Z", "started": "2025-12-01T10:00:00Z"}]}"#;
    let case = folder.write("case.json", case);
    let out = run(&["eval", rule.to_str().unwrap(), "-i", case.to_str().unwrap(), "--bare"]).out;
    assert!(!out.contains("earlier than"), "{out}");
    assert!(out.contains("note: `born`, from which years are counted, is later than an event or `as of`."), "{out}");
}

#[test]
fn a_script_that_never_ends_stops_the_reading() {
    let folder = TempFolder::new();
    let row = "c1,RAA,50,severe,no,fall,2026-03-04T15:00:00Z\n";
    let data = folder.write("rows.csv", format!("id,trust,age,harm,eol,what,at\n{}", row.repeat(100)).as_bytes());
    let (rule, map) = (file("open-quote", "rule/falls.concord"), file("script-slow", "alloc.toml"));
    let out = folder.path("out").to_str().unwrap().to_owned();
    let ran = run(&[
        "audit",
        &rule,
        "--map",
        &map,
        "--data",
        data.to_str().unwrap(),
        "--as-of",
        "2026-12-31T00:00:00Z",
        "--out",
        &out,
        "--no-disclosure-control",
        "made up",
    ]);
    assert_eq!(ran.code, 3, "{}", ran.err);
    assert!(ran.err.contains("line 21: the mapping's script has now reached a limit on 20 rows"), "{}", ran.err);
    assert!(!folder.path("out").exists());
}
