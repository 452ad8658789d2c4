//! What reading must not turn into a verdict: refused rows, names that nobody carries, shared numbers, rows twice, a wrong year.

use super::{HEADER, MAP, audited, group, with};
use crate::cli::run;
use crate::packages::TempFolder;
use serde_json::Value;

const A: &str = "A,T1,70,SepsisTriage,2026-03-02 10:00:00,\n";
const B: &str = "B,T1,70,SepsisTriage,2026-03-02 11:00:00,\nB,T1,70,Antibiotics,2026-03-02 11:20:00,\n";

#[test]
fn a_refused_row_makes_unknown_what_it_may_have_changed() {
    let refused = [
        "A,T1,70,IV Antibiotics,2026-03-02 10:20:00,",
        "A,T1,Antibiotics,2026-03-02 10:20:00",
        "x,A,T1,70,Antibiotics,2026-03-02 10:20:00,",
        "A,T1,70,Antibiotics,2026-03-02,10:20,,",
        "A,T1,70,Antibiotics,02/03/2026 10:20,",
        "A,T1,70,\"A,ntibiotics\",2026-03-02 10:20:00,",
    ];
    for row in refused {
        let after = audited(&format!("{A}{row}\n{B}"));
        assert_eq!(after.verdicts(), [1, 0, 0, 1], "{row}");
        let before = audited(&format!("{row}\n{A}{B}"));
        assert_eq!(before.verdicts(), [1, 0, 0, 1], "before its case: {row}");
    }
    assert_eq!(audited(&format!("{A}{B}")).verdicts(), [1, 0, 1, 0], "nothing refused");
}

#[test]
fn a_refused_row_that_names_no_case_is_told() {
    let lost = audited(&format!("{A},T1,70,Antibiotics,2026-03-02 10:20:00,\n{B}"));
    lost.warns("1 refused row does not say of which case");
}

#[test]
fn a_refused_row_leaves_in_doubt_a_fact_that_it_may_have_said() {
    let young = "A,T1,15,Nonsense,2026-03-02 09:00:00,\n";
    assert_eq!(audited(&format!("{young}{A}{B}")).verdicts(), [1, 0, 0, 1]);
    let met = format!("{A}A,T1,70,Antibiotics,2026-03-02 10:10:00,\n");
    assert_eq!(audited(&met).verdicts(), [1, 0, 0, 0]);
}

#[test]
fn a_name_that_no_row_carries_is_told_and_nothing_is_missed_by_it() {
    let map = MAP.replace("Antibiotics  =", "IVAntibiotics =");
    let map = map.replace("[events]\n", "[events]\nleft_out = [\"Antibiotics\"]\n");
    let rows = group(&[("T1", 30, 20)]);
    let audit = with(&map, &[("d.csv", &format!("{HEADER}{rows}"))], "2026-12-31T00:00:00Z", true);
    audit.warns("`IVAntibiotics`");
    audit.warns("carried by no row");
    assert_eq!(audit.verdicts(), [0, 0, 0, 30]);
    let measure = audit.measure("antibiotics_1h");
    assert!(measure["total"]["rate"].is_null() && measure["chart"].is_null(), "{measure}");
    assert!(audit.headlines().iter().any(|said| said.contains("no case can be judged, so there is no rate: 30 cases")));
}

#[test]
fn patients_of_two_trusts_who_share_a_number_are_two() {
    let rows = "1,T1,70,SepsisTriage,2026-01-05 10:00:00,\n1,T2,70,SepsisTriage,2026-03-05 10:00:00,\n1,T2,70,Antibiotics,2026-03-05 10:20:00,\n";
    let two = audited(rows);
    assert_eq!(two.verdicts(), [1, 0, 1, 0]);
    let page = two.folder.read("out/report.html");
    assert!(page.contains("1 (T1)") && page.contains("used by more than one organisation"));
    let said = with(
        &MAP.replace("{ column = \"trust\" }", "{ column = \"trust\", take = \"first\" }"),
        &[("d.csv", &format!("{HEADER}{rows}"))],
        "2026-12-31T00:00:00Z",
        true,
    );
    assert_eq!(said.verdicts(), [0, 1, 0, 0], "where the mapping says which row counts, a number is one case");
}

#[test]
fn rows_without_an_organisation_belong_to_the_only_case_of_their_number() {
    let one = "1,T1,70,SepsisTriage,2026-01-05 10:00:00,\n1,,70,Antibiotics,2026-01-05 10:20:00,\n";
    assert_eq!(audited(one).verdicts(), [1, 0, 0, 0]);
    let first = "1,,70,SepsisTriage,2026-01-05 10:00:00,\n1,T1,70,Antibiotics,2026-01-05 10:20:00,\n";
    assert_eq!(audited(first).verdicts(), [1, 0, 0, 0]);
    let whose = format!("{one}1,T2,70,SepsisTriage,2026-03-05 10:00:00,\n{B}");
    let whose = audited(&whose);
    assert_eq!(whose.verdicts(), [1, 0, 0, 2], "of a shared number they may be anybody's");
    whose.warns("rows without an organisation may belong to either");
}

#[test]
fn near_equal_codes_and_cases_without_one_are_told() {
    let audit = audited(&group(&[("T18", 20, 15), ("t18", 20, 15), (" T1 ", 10, 8), ("T1", 10, 8), ("", 12, 10)]));
    audit.warns("2 codes of organisations differ");
    audit.warns("`T18`, `t18`");
    audit.warns("12 cases have no organisation");
    let codes: Vec<_> = audit.places("antibiotics_1h").into_iter().map(|place| place.0).collect();
    assert_eq!(codes, ["T1", "T18", "t18"]);
}

#[test]
fn what_cannot_be_meant_is_refused_and_the_last_report_kept() {
    audited("1,T1,70,SepsisTriage,05/01/2026 10:00,\n").refused("every row was refused");
    audited("").refused("the export has no rows");
    let rows = group(&[("T1", 20, 10)]);
    let text = format!("{HEADER}{rows}");
    with(MAP, &[("d.csv", &text)], "2025-01-01T00:00:00Z", true).refused("of the events are after `as of`");
    with(MAP, &[("d.csv", &text), ("e.csv", &text)], "2026-12-31T00:00:00Z", true)
        .refused("are the same, byte by byte");
}

#[test]
fn what_may_not_be_meant_is_told_before_the_report() {
    let rows = group(&[("T1", 60, 40)]);
    let text = format!("{HEADER}{rows}");
    let as_of = "2026-12-31T00:00:00Z";
    audited(&format!("{rows}{rows}")).warns("120 events are exactly like another of the same case");
    let by_trust = with(&MAP.replace("[\"case_id\"]", "[\"trust\"]"), &[("d.csv", &text)], as_of, true);
    by_trust.warns("One case holds most of all events, 60 of them");
    by_trust.warns("named as its organisation is");
    let wards = rows.lines().enumerate().map(|(n, row)| format!("w{},{}\n", n / 2 % 2, row.split_once(',').unwrap().1));
    let wards: String = wards.collect();
    audited(&wards).warns("Cases have every kind of event");
    let without = MAP.replace("trust = { column = \"trust\" }", "");
    with(&without, &[("d.csv", &text)], as_of, true).warns("Not split by `trust`");
    audited(&format!("{rows}z,T1,70,SepsisTriage,2029-01-01 00:00:00,\n"));
    let later = format!("{rows}{}", "z,T1,70,SepsisTriage,2029-01-01 00:00:00,\n".repeat(20));
    audited(&later).warns("20 events are after `as of`");
    audited(&rows).warns("Nobody is in the denominator of \"Fluids within 1 hour of a lactate above 2 mmol/L\"");
}

const DEPARTMENT: &str = r#"
package = "flow.emergency"
version = "1"
title   = "An emergency department"
[source]
format = "csv"
rows   = "events"
[case]
columns = ["id"]
[time]
format = "%Y-%m-%d %H:%M"
zone   = "Europe/London"
[labels]
trust = { constant = "T1" }
[facts]
by_ambulance = { constant = "no" }
[events]
activity = "what"
at       = "at"
[events.map]
In  = { event = "Arrival" }
Out = { event = "Departure", fields = { outcome = { column = "outcome" } } }
"#;

/// Of 30 patients 20 leave within four hours and 10 are admitted after five; when they were to be admitted is not in the export, whether the mapping knows a name for it or not.
#[test]
fn an_export_without_decisions_to_admit_says_nothing_of_waits_from_them() {
    let mut rows = "id,what,at,outcome\n".to_owned();
    for number in 0..30 {
        let (hour, outcome) = if number < 20 { (13, "discharged") } else { (15, "admitted") };
        let day = format!("2026-03-{:02}", number % 28 + 1);
        rows.push_str(&format!("{number},In,{day} 10:00,\n{number},Out,{day} {hour}:00,{outcome}\n"));
    }
    for map in [DEPARTMENT.to_owned(), format!("{DEPARTMENT}Decision = {{ event = \"DecisionToAdmit\" }}\n")] {
        let folder = TempFolder::new();
        let rules = format!("{}/../rules/flow/emergency", env!("CARGO_MANIFEST_DIR"));
        let [map, data] = [("m.toml", &map), ("d.csv", &rows)].map(|(name, text)| folder.write(name, text.as_bytes()));
        let out = folder.path("out");
        let [map, data, out] = [&map, &data, &out].map(|path| path.to_str().unwrap());
        let arguments =
            ["audit", &rules, "--map", map, "--data", data, "--as-of", "2026-12-31T00:00:00Z", "--out", out];
        let ran = run(&[&arguments[..], &["--no-disclosure-control", "made up"]].concat());
        assert_eq!(ran.code, 0, "{}", ran.err);
        let results: Value = serde_json::from_str(&folder.read("out/results.json")).unwrap();
        let named = |list: &str, name: &str| {
            let all = results["audits"][0][list].as_array().unwrap();
            all.iter().find(|of| of["name"] == name).unwrap().clone()
        };
        let verdicts = |name: &str| {
            let of = named("obligations", name)["verdicts"].clone();
            ["met", "late", "missed"].map(|verdict| of[verdict].as_u64().unwrap())
        };
        assert_eq!(verdicts("four_hours_to_departure"), [20, 10, 0]);
        assert_eq!(verdicts("twelve_hours_from_decision"), [0, 0, 0], "nothing is known of them");
        let measure = named("measures", "twelve_hours_from_decision");
        assert!(measure["total"]["rate"].is_null() && measure["chart"].is_null(), "{measure}");
        let said = results["headlines"].to_string();
        assert!(!said.contains("decision to admit: 0"), "{said}");
        assert!(
            named("measures", "four_hours")["total"]["rate"]["value"]
                .as_f64()
                .is_some_and(|rate| (rate - 2.0 / 3.0).abs() < 1e-9)
        );
    }
}

/// A table of medicines that a trust forgot to export is not a trust that gives none.
#[test]
fn an_organisation_without_an_event_that_all_others_have_is_not_compared() {
    for exact in [true, false] {
        let all = group(&[("T1", 120, 96), ("T2", 120, 90), ("T3", 120, 100), ("T4", 120, 94)]);
        let rows: String =
            all.lines().filter(|row| !row.contains(",T2,70,Antibiotics,")).map(|row| format!("{row}\n")).collect();
        let audit = with(MAP, &[("d.csv", &format!("{HEADER}{rows}"))], "2026-12-31T00:00:00Z", exact);
        let results = audit.results();
        let members = results["audits"][0]["members"].as_array().unwrap();
        let member = members.iter().find(|member| member["code"] == "T2").unwrap();
        let causes = member["causes"].as_array().unwrap();
        let share = if exact { "100.0%" } else { "at least 90.0%" };
        let said =
            format!("`Antibiotics` is in hardly any of its cases, or in none, and in {share} of those elsewhere");
        assert!(causes.iter().any(|cause| cause["kind"] == "events" && cause["text"] == said), "{causes:#?}");
        assert!(causes.iter().all(|cause| cause["kind"] != "omission"), "{causes:#?}");
        let measures = member["measures"].as_array().unwrap();
        let compared = measures.iter().find(|measure| measure["measure"] == "antibiotics_1h").unwrap();
        assert_eq!(compared["compared"], false, "{compared}");
        for (code, plain, _) in audit.places("antibiotics_1h") {
            assert!(code == "T2" || plain == "inside", "{code} {plain}, exact {exact}");
        }
    }
}

#[test]
fn a_column_that_names_rows_and_not_cases_is_told() {
    let rows = group(&[("T1", 120, 90), ("T2", 120, 90)]);
    let numbered: String =
        rows.lines().enumerate().map(|(n, row)| format!("{n},{}\n", row.split_once(',').unwrap().1)).collect();
    let told = "Nearly every case has one event alone, though there are several kinds";
    for exact in [true, false] {
        let audit = with(MAP, &[("d.csv", &format!("{HEADER}{numbered}"))], "2026-12-31T00:00:00Z", exact);
        audit.warns(told);
    }
    // By what was done at an organisation, each patient comes apart as well.
    let by_what = MAP.replace("{ column = \"trust\" }", "{ column = \"activity\" }");
    let audit = with(&by_what, &[("d.csv", &format!("{HEADER}{rows}"))], "2026-12-31T00:00:00Z", true);
    audit.warns(told);
    let sound = audited(&rows);
    assert!(!sound.ran.err.contains(told));
}

#[test]
fn codes_in_letters_that_look_alike_are_told() {
    let audit = audited(&group(&[("T1", 20, 15), ("\u{422}1", 20, 15), ("T2", 20, 15)]));
    audit.warns(
        "2 codes of organisations differ from another only in capitals, blanks, accents or letters that look alike",
    );
}

/// Patients whose second event is recorded at the trust to which they went, and numbers that each trust gives for itself.
#[test]
fn patients_of_whom_two_trusts_have_a_part_are_told() {
    let (mut moved, mut own) = (String::new(), String::new());
    for number in 0..60 {
        let (age, other, day) = (20 + number, 20 + number * 7 % 60, 1 + number % 28);
        let rows = |trust: &str, age: i32, activity: &str, hour: i32| {
            format!("{number},{trust},{age},{activity},2026-03-{day:02} {hour:02}:00:00,\n")
        };
        moved += &[rows("T1", age, "SepsisTriage", 9), rows("T2", age, "Antibiotics", 10)].concat();
        own += &[rows("T1", age, "SepsisTriage", 9), rows("T1", age, "Antibiotics", 10)].concat();
        own += &[rows("T2", other, "SepsisTriage", 9), rows("T2", other, "Antibiotics", 10)].concat();
    }
    let told = "used by more than one organisation, and what is known of them fits one patient each";
    audited(&moved).warns(told);
    let own = audited(&own);
    assert!(!own.ran.err.contains(told) && own.folder.read("out/report.html").contains("each means another case"));
}
