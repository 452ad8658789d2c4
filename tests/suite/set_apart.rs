//! What is said of an organisation that stands apart: a reason however few its cases, by parts that are each taken off once, and to whom a reason belongs.

use crate::cli::run;
use crate::packages::TempFolder;
use concord_cli::results::{CauseKind, MemberResult, PartKind, Results};
use std::fmt::Write as _;

const RULE: &str = "package sample.prompt {
  version 1.0.0
  title \"Prompt\"
  source nice \"NICE\"
  owner \"Group\"
  use audit
  status draft
  review by 2027-12-31
}
enum Mind { alert \"Alert\", confused \"Confused\" }
subject Attendance {
  trust : organisation
  adult : yes/no
  mind  : Mind
  event Triage
  event Antibiotics
}
obligation ab \"Antibiotics\" {
  applies when adult
  from first Triage
  expect Antibiotics within 1 h
}
measure ab {
  title   \"Antibiotics\"
  of      obligation ab
  unknown counts against
  by      trust, month of trigger, mind
}
";

const MAP: &str = "package = \"sample.prompt\"
version = \"1\"
title = \"Cases\"
[source]
format = \"ndjson\"
";

const ROWS: &str = "package = \"sample.prompt\"
version = \"1\"
title = \"Rows\"
[source]
format = \"csv\"
rows = \"events\"
[case]
columns = [\"case\"]
[time]
zone = \"in text\"
[labels]
trust = { column = \"trust\" }
[facts]
adult = { column = \"adult\" }
mind = { column = \"mind\" }
[events]
activity = \"what\"
at = \"at\"
[events.map]
Triage = { event = \"Triage\" }
Antibiotics = { event = \"Antibiotics\" }
";

/// Minutes until antibiotics of those who are as elsewhere: 6 of 11 in time.
const AS_ELSEWHERE: [u64; 11] = [10, 75, 20, 90, 35, 120, 45, 61, 59, 200, 60];

/// A case: whether its age is known, its mind, and after how many minutes it has antibiotics.
fn case((trust, number): (usize, usize), known: bool, mind: &str, minutes: Option<u64>) -> String {
    let (month, day) = (number % 12 + 1, number / 12 % 28 + 1);
    let event = |name: &str, minutes: u64| {
        format!(
            "{{\"event\":\"{name}\",\"at\":\"2025-{month:02}-{day:02}T{:02}:{:02}:00Z\"}}",
            8 + minutes / 60,
            minutes % 60
        )
    };
    let mut events = vec![event("Triage", 0)];
    events.extend(minutes.map(|minutes| event("Antibiotics", minutes)));
    let adult = if known { "\"adult\":true," } else { "" };
    let events = events.join(",");
    format!(
        "{{\"case\":\"{trust}-{number}\",\"trust\":\"T{trust:02}\",{adult}\"mind\":\"{mind}\",\"events\":[{events}]}}\n"
    )
}

/// The results and the page of an audit: of one file, or of a file for each member.
fn audited(files: &[String], exact: bool) -> (Results, String) {
    audited_by(MAP, files, false, exact)
}

fn audited_by(map: &str, files: &[String], members: bool, exact: bool) -> (Results, String) {
    let folder = TempFolder::new();
    std::fs::create_dir_all(folder.path("rules/sample/prompt")).unwrap();
    folder.write("rules/sample/prompt/prompt.concord", RULE.as_bytes());
    folder.write("map.toml", map.as_bytes());
    let kind = if map == MAP { "ndjson" } else { "csv" };
    let mut definition =
        "title = \"T\"\noutput = \"report\"\n[[run]]\nrules = \"rules/sample/prompt\"\nmap = \"map.toml\"\n\
         as_of = \"2026-06-30T00:00:00Z\"\n"
            .to_owned();
    if exact {
        definition.push_str("disclosure = \"off\"\nbecause = \"made up\"\n");
    }
    if members {
        for (place, text) in files.iter().enumerate() {
            folder.write(&format!("{place}.{kind}"), text.as_bytes());
            writeln!(definition, "[[run.member]]\ncode = \"T{place:02}\"\ndata = [\"{place}.{kind}\"]").unwrap();
        }
    } else {
        // A table has one header.
        let mut seen = std::collections::BTreeSet::new();
        let text = files.concat();
        let lines = text.lines().filter(|line| !line.starts_with("case,") || seen.insert(*line));
        folder.write(&format!("all.{kind}"), lines.collect::<Vec<&str>>().join("\n").as_bytes());
        writeln!(definition, "data = [\"all.{kind}\"]").unwrap();
    }
    let path = folder.write("audit.toml", definition.as_bytes());
    let ran = run(&["audit", path.to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    (serde_json::from_str(&folder.read("report/results.json")).unwrap(), folder.read("report/report.html"))
}

/// Twelve trusts of so many cases, of which the fourth has its antibiotics after so many minutes, or not at all, and the others as elsewhere.
fn with_one(cases: usize, fourth: fn(usize) -> Option<u64>) -> Vec<String> {
    let minutes = |trust: usize, number: usize| {
        if trust == 3 { fourth(number) } else { Some(AS_ELSEWHERE[(number + trust) % AS_ELSEWHERE.len()]) }
    };
    let of =
        |trust: usize| (0..cases).map(|number| case((trust, number), true, "alert", minutes(trust, number))).collect();
    (0..12).map(of).collect()
}

fn member<'r>(results: &'r Results, code: &str) -> &'r MemberResult {
    results.audits[0].members.iter().find(|member| member.code == code).unwrap()
}

fn place<'r>(results: &'r Results, code: &str) -> &'r str {
    let all = &results.audits[0].measures[0].organisations;
    &all.iter().find(|of| of.code == code).unwrap().place_adjusted
}

#[test]
fn whoever_lies_beyond_the_limits_for_the_worse_is_named_however_few_its_cases() {
    let late: fn(usize) -> Option<u64> = |_| Some(90);
    let missed: fn(usize) -> Option<u64> = |number| Some(90).filter(|_| number.is_multiple_of(3));
    for (cases, exact) in [(12, true), (22, true), (29, true), (33, true), (120, false)] {
        for (fourth, kind) in [(late, CauseKind::Delay), (missed, CauseKind::Omission)] {
            let (results, page) = audited(&with_one(cases, fourth), exact);
            assert_eq!(place(&results, "T03"), "below 99.8%", "{cases} {exact}");
            let causes = &member(&results, "T03").causes;
            assert!(causes.iter().any(|cause| cause.kind == kind), "{cases} {exact} {causes:#?}");
            assert!(causes.iter().all(|cause| cause.kind != CauseKind::Small), "{causes:#?}");
            assert!(page.contains("Of 11 organisations nothing was found that sets them apart."), "{cases} {exact}");
            assert!(page.contains("Visit "), "{cases} {exact}");
        }
    }
}

#[test]
fn of_one_beyond_the_limits_for_the_better_it_is_not_said_that_nothing_sets_it_apart() {
    let (results, page) = audited(&with_one(29, |_| Some(5)), true);
    assert_eq!(place(&results, "T03"), "above 99.8%");
    assert!(member(&results, "T03").causes.is_empty());
    assert!(page.contains("Of 11 organisations nothing was found that sets them apart."));
    assert!(page.contains("1 organisation lies beyond the 99.8% limits, and not for the worse"));
    assert_eq!(page.matches("Nothing was found that sets it apart.").count(), 11);
}

/// Each has 40 cases. Of the fourth 12 can be decided, of which 7 are met; of the others 30, of which 15. Whoever cannot be decided is confused, and of
/// the others the confused fare as the alert.
#[test]
fn what_is_unknown_is_taken_off_once() {
    let of = |trust: usize| {
        let (known, met) = if trust == 3 { (12, 7) } else { (30, 15) };
        let one = |number: usize| {
            let mind = if number >= known || number.is_multiple_of(2) { "confused" } else { "alert" };
            case((trust, number), number < known, mind, Some(if number < met { 30 } else { 90 }))
        };
        (0..40).map(one).collect::<String>()
    };
    let (results, _) = audited(&(0..12).map(of).collect::<Vec<String>>(), true);
    let measure = &results.audits[0].measures[0];
    assert_eq!(measure.unlike, None);
    let why = &member(&results, "T03").measures[0];
    let part = |kind: PartKind| why.parts.iter().find(|part| part.kind == kind).unwrap();
    assert!(part(PartKind::CaseMix).size.abs() < 0.011, "{why:#?}");
    // 7 of 12 against a half: Wilson's 32.0 to 80.7.
    let (left, (low, high)) = (part(PartKind::Practice).size, part(PartKind::Practice).interval.unwrap());
    assert!((left - (7.0 / 12.0 - 0.5)).abs() < 0.02, "{why:#?}");
    assert!(
        (low - left - (0.3195 - 7.0 / 12.0)).abs() < 0.001 && (high - left - (0.8067 - 7.0 / 12.0)).abs() < 0.001,
        "{why:#?}"
    );
    assert!(!why.sentence.contains("practice is better"), "{}", why.sentence);
    let (ratio, _) = why.ratio.unwrap();
    assert!((ratio - 7.0 / (12.0 * why.expected.unwrap())).abs() < 1e-9, "{why:#?}");
}

/// A trust whose own export carries no antibiotics at all says nothing of them; in one export of all the same rows say that they were not given.
#[test]
fn an_event_that_is_not_exported_counts_as_not_done_only_where_it_does() {
    let of = |trust: usize| {
        let mut rows = "case,trust,adult,mind,what,at\n".to_owned();
        for number in 0..60 {
            let (month, day) = (number % 12 + 1, number / 12 + 1);
            let events: &[&str] = if trust == 3 { &["Triage"] } else { &["Triage", "Antibiotics"] };
            for (event, hour) in events.iter().zip(8..) {
                writeln!(
                    rows,
                    "{trust}-{number},T{trust:02},true,alert,{event},2025-{month:02}-{day:02}T{hour:02}:00:00Z"
                )
                .unwrap();
            }
        }
        rows
    };
    let files: Vec<String> = (0..12).map(of).collect();
    for (members, effect) in [
        (true, "What rests on `Antibiotics` is unknown in its cases: was it exported at all?"),
        (false, "Its cases count as if `Antibiotics` had not been done: was it exported at all?"),
    ] {
        let (results, page) = audited_by(ROWS, &files, members, true);
        let verdicts =
            &results.audits[0].obligations[0].organisations.iter().find(|(code, _)| code == "T03").unwrap().1;
        assert_eq!((verdicts.unknown, verdicts.missed), if members { (60, 0) } else { (0, 60) });
        let check = member(&results, "T03").checks.iter().find(|check| check.text.contains("Antibiotics")).unwrap();
        assert_eq!((check.kind, check.effect.as_str()), (CauseKind::Events, effect));
        assert!(page.contains("Events not exported"));
    }
}
