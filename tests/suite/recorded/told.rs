//! What an export shows of how it was made is told before the report: two patients under one number, rows that a quotation mark has swallowed, codes
//! that a spreadsheet has spoilt, dates that were stored as times.

use super::{AS_OF, Given, SUBJECT, facts, map};

/// What an audit says of rows before its report.
#[track_caller]
fn said(rule: &str, map: &str, data: &str) -> String {
    let ran = Given::new(rule, map, data).audit(AS_OF);
    assert_eq!(ran.code, 0, "{}", ran.err);
    ran.err
}

#[test]
fn rows_of_a_case_that_say_different_values_are_told_by_fact() {
    let rows = |first: &str, second: &str| -> String {
        let of = |number: usize| {
            let other = if number.is_multiple_of(2) { first } else { second };
            format!(
                "P{number},Seen,2026-01-05 10:05,,{first},\nP{number},Seen,2026-01-06 10:05,,,\nP{number},Seen,2026-01-07 10:05,,{other},\n"
            )
        };
        format!("id,a,t,allergy,kg,n\n{}", (0..40).map(of).collect::<String>())
    };
    for (take, which) in [("", "first"), (", take = \"first\"", "first"), (", take = \"last\"", "last")] {
        let mapping = facts(&format!("weight = {{ column = \"kg\"{take} }}"));
        let text = format!("20 cases have rows that say different values of `weight`, of which the {which} counts");
        for (first, second) in [("48", "90"), ("90", "48")] {
            let said = said(SUBJECT, &mapping, &rows(first, second));
            assert!(said.contains(&text), "{take}: {said}");
        }
        let said = said(SUBJECT, &mapping, &rows("48", "48.0"));
        assert!(!said.contains("different values"), "{take}: {said}");
    }
    let said = said(SUBJECT, &facts("weight = { column = \"kg\", take = \"only\" }"), &rows("48", "90"));
    assert!(!said.contains("different values"), "{said}");
}

#[test]
fn lines_within_a_field_that_look_like_rows_are_told() {
    let mapping = facts("weight = { column = \"kg\" }");
    let rows = |first: &str, last: &str| -> String {
        let between: String = (0..41).map(|number| format!("M{number},Seen,2026-01-05 10:05,,48,fine\n")).collect();
        format!(
            "id,a,t,allergy,kg,n\nA,Seen,2026-01-05 10:05,,48,{first}\n{between}B,Seen,2026-01-05 10:05,,48,{last}\n"
        )
    };
    let swallowed = said(SUBJECT, &mapping, &rows("\"said ok", "and that was all\""));
    let text = "42 lines look like a row, within the text of one field (the first such text begins in line 2)";
    assert!(swallowed.contains(text), "{swallowed}");
    let whole = said(SUBJECT, &mapping, &rows("\"said ok\"", "\"two lines,\nwith a comma in each, or two\""));
    assert!(!whole.contains("look like a row") && !whole.contains("looks like a row"), "{whole}");
}

const DRUGS: &str = "codes anticoagulants { \"39113311000001107\", \"318420003\" }\n\nsubject P {\n  event Given { drug : code }\n}\n\ndefine anticoagulated = any Given where drug in anticoagulants\n";

#[test]
fn codes_that_a_spreadsheet_has_spoilt_are_refused_and_told() {
    let mapping = map(
        "[events]\nactivity = \"a\"\nat = \"t\"\n[events.map]\nGiven = { event = \"Given\", fields = { drug = { column = \"code\" } } }\n",
    );
    let codes = ["3.91133E+16", "39113311000001100", "\"=\"\"318420003\"\"\"", "'318420003", "318420003.0"];
    let rows = |codes: &[&str]| -> String {
        let rows = codes.iter().enumerate().map(|(at, code)| format!("P{at},Given,2026-01-05 10:05,{code}\n"));
        format!("id,a,t,code\n{}", rows.collect::<String>())
    };
    let given = Given::new(DRUGS, &mapping, &rows(&codes));
    assert_eq!(given.answers(AS_OF, "anticoagulated"), ["unknown"; 5]);
    let err = given.eval(AS_OF, &[]).err;
    assert!(err.contains("5 codes are refused: a code as a spreadsheet writes a number"), "{err}");
    let whole = ["39113311000001107", "318420003", "E11.0", "A40", "250.0"];
    let given = Given::new(DRUGS, &mapping, &rows(&whole));
    assert_eq!(given.answers(AS_OF, "anticoagulated"), ["yes", "yes", "no", "no", "no"]);
}

#[test]
fn times_that_are_all_at_midnight_are_told() {
    let mapping = facts("weight = { column = \"kg\" }");
    let rows = |clock: &str| -> String {
        let row = |number: usize| format!("P{number},Seen,2026-0{}-05 {clock},,48,\n", 1 + number % 9);
        format!("id,a,t,allergy,kg,n\n{}", (0..60).map(row).collect::<String>())
    };
    let midnight = said(SUBJECT, &mapping, &rows("00:00"));
    assert!(midnight.contains("60 times of `Seen` are at midnight, of 60 times in all"), "{midnight}");
    assert!(midnight.contains("`format = \"%Y-%m-%d 00:00\"`"), "{midnight}");
    let others = said(SUBJECT, &mapping, &rows("10:05"));
    assert!(!others.contains("at midnight"), "{others}");
    let days = said(SUBJECT, &mapping.replace("%Y-%m-%d %H:%M", "%Y-%m-%d 00:00"), &rows("00:00"));
    assert!(!days.contains("at midnight"), "{days}");
}
