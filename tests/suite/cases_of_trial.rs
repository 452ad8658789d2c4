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

/// Audits files of a case: rule, mapping and data.
#[track_caller]
fn audit_of(case: &str, [rule, map, data]: [&str; 3]) -> Audited {
    let folder = TempFolder::new();
    let out = folder.path("out").to_str().unwrap().to_owned();
    let files = [rule, map, data].map(|name| file(case, name));
    let as_of = ["--as-of", "2026-12-31T00:00:00Z", "--out", &out, "--no-disclosure-control", "made up"];
    let named = ["audit", &files[0], "--map", &files[1], "--data", &files[2]];
    let ran = run(&named.into_iter().chain(as_of).collect::<Vec<_>>());
    Audited { ran, folder }
}

/// Audits a case with the usual names of files.
#[track_caller]
fn audit(case: &str) -> Audited {
    audit_of(case, ["rule.concord", "map.toml", "data.csv"])
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
    assert!(audited.folder.read("out/chart_points.csv").contains("Jan 2026 to Jun 2026,,,,"));
}
