//! What every member has to set for itself: a setting that is not what most have is rule and not practice, and without one there is no rate.

use crate::cli::run;
use crate::packages::TempFolder;
use concord_cli::results::{CauseKind, Counts, MemberResult, PartKind, Results};
use std::fmt::Write as _;

pub const RULE: &str = "package sample.review {
  version 1.0.0
  title \"Review\"
  source nice \"NICE\"
  owner \"Group\"
  use audit
  status draft
  review by 2027-12-31
}
subject Attendance {
  trust : organisation
  event Arrival
  event Review
}
parameter reviewed_within : integer 1..30 calendar days
  local required \"each team its own\"
obligation review \"Review in time\" {
  source  nice \"1.1\"
  from    first Arrival
  expect  Review within reviewed_within
}
measure review {
  title   \"Review in time\"
  source  nice \"1.1\"
  of      obligation review
  unknown left out
  by      trust, month of trigger, weekday of trigger
}
";

const MAP: &str = "package = \"sample.review\"
version = \"1\"
title = \"Columns\"
[source]
format = \"csv\"
rows = \"cases\"
[case]
columns = [\"nr\"]
[time]
format = \"%Y-%m-%d %H:%M\"
zone = \"Europe/London\"
[labels]
trust = { column = \"trust\" }
[[events.columns]]
event = \"Arrival\"
at = \"arrived\"
[[events.columns]]
event = \"Review\"
at = \"reviewed\"
";

/// Three trusts of which the third asks for a review in 5 days and the others in 10, and a fourth that says nothing. At each, of 40 patients half
/// are reviewed after 3 days, a quarter after 8, and a quarter never.
fn audited() -> Results {
    audited_by(RULE, &[("T1", 10), ("T2", 10), ("T3", 5)])
}

fn audited_by(rule: &str, set: &[(&str, u64)]) -> Results {
    let folder = TempFolder::new();
    for below in ["rules/sample/review", "rules/members"] {
        std::fs::create_dir_all(folder.path(below)).unwrap();
    }
    let mut members = String::new();
    for (code, days) in set {
        writeln!(
            members,
            "member \"{code}\" \"Trust {code}\" {{\n  membership full\n  sample.review.reviewed_within = {days} calendar days\n    \
             because \"its team\" approved by \"Board\" on 2025-01-01 until 2026-12-31\n}}"
        )
        .unwrap();
    }
    let mut rows = "nr,trust,arrived,reviewed\n".to_owned();
    for (trust, code) in ["T1", "T2", "T3", "T4"].into_iter().enumerate() {
        for case in 0..40 {
            let day = case % 10 + 1;
            let reviewed = match case % 4 {
                0 | 1 => format!("2026-02-{:02} 11:00", day + 3),
                2 => format!("2026-02-{:02} 11:00", day + 8),
                _ => String::new(),
            };
            writeln!(rows, "{},{code},2026-02-{day:02} 10:00,{reviewed}", trust * 100 + case).unwrap();
        }
    }
    folder.write("rules/sample/review/review.concord", rule.as_bytes());
    folder.write("rules/members/members.concord", members.as_bytes());
    folder.write("map.toml", MAP.as_bytes());
    folder.write("rows.csv", rows.as_bytes());
    let definition = "title = \"T\"\noutput = \"report\"\n[[run]]\nrules = \"rules/sample/review\"\ndata = [\"rows.csv\"]\nmap = \"map.toml\"\n\
         as_of = \"2026-06-30T00:00:00Z\"\ndisclosure = \"off\"\nbecause = \"made up\"\n";
    let path = folder.write("audit.toml", definition.as_bytes());
    let ran = run(&["audit", path.to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    serde_json::from_str(&folder.read("report/results.json")).unwrap()
}

fn member<'r>(results: &'r Results, code: &str) -> &'r MemberResult {
    results.audits[0].members.iter().find(|member| member.code == code).unwrap()
}

#[test]
fn a_setting_that_is_not_what_most_have_is_rule_and_not_practice() {
    let results = audited();
    let measure = &results.audits[0].measures[0];
    let rate = |code: &str| {
        let of = measure.organisations.iter().find(|of| of.code == code).unwrap();
        (of.counts.numerator, of.counts.denominator, of.counts.unknown)
    };
    assert_eq!((rate("T1"), rate("T2"), rate("T3")), ((30, 40, 0), (30, 40, 0), (20, 40, 0)));
    let own = member(&results, "T3");
    assert!(own.rules[0].required, "{own:#?}");
    assert!(
        own.rules[0].text.contains("is 5 calendar days, most members have 10 calendar days"),
        "{}",
        own.rules[0].text
    );
    assert_eq!(own.rules[0].changes[0].rates, (0.5, 0.75));
    assert!(own.causes.iter().all(|cause| cause.kind == CauseKind::OwnSetting), "{:#?}", own.causes);
    let why = &own.measures[0];
    let rule = why.parts.iter().find(|part| part.kind == PartKind::Rule).unwrap();
    assert!((rule.size + 0.25).abs() < 1e-9 && !why.compared, "{why:#?}");
    assert!(member(&results, "T1").rules.is_empty());
}

/// A quarter of T4's patients were never reviewed, whatever it would ask for; the others would be in time or not. None of them makes a rate.
#[test]
fn without_a_setting_that_is_required_there_is_no_rate() {
    let results = audited();
    let audit = &results.audits[0];
    // Of T4 nothing is decided: neither in the verdicts, nor in a reading of them, nor of the times.
    let verdicts = audit.obligations[0].verdicts;
    assert_eq!([verdicts.met, verdicts.late, verdicts.missed, verdicts.unknown], [80, 10, 30, 40]);
    let own = audit.obligations[0].organisations.iter().find(|(code, _)| code == "T4").unwrap().1;
    assert_eq!([own.met, own.late, own.missed, own.unknown], [0, 0, 0, 40]);
    let rule = audit.obligations[0].readings.iter().find(|reading| reading.is_the_rule).unwrap();
    assert_eq!((rule.numerator, rule.denominator), (40, 120));
    assert_eq!(audit.obligations[0].delay.as_ref().unwrap().n, 90);
    assert!(audit.obligations[0].cases.iter().all(|case| case.organisation.as_deref() != Some("T4")));
    let of = audit.measures[0].organisations.iter().find(|of| of.code == "T4").unwrap();
    assert_eq!((of.counts.numerator, of.counts.denominator, of.counts.unknown), (0, 0, 40));
    assert_eq!(of.counts.rate, None);
    let causes: Vec<_> = member(&results, "T4").causes.iter().map(|cause| (cause.kind, cause.text.as_str())).collect();
    let text = "it has not set `reviewed_within`, which every member sets for itself: what rests on it is not known";
    assert_eq!(causes, [(CauseKind::NotSet, text)]);
    is_without_t4(&results);
}

/// Whether T4 is in no total, no group of a split and no month, and that is said.
fn is_without_t4(results: &Results) {
    let measure = &results.audits[0].measures[0];
    let counts = |counts: &Counts| [counts.numerator, counts.denominator, counts.unknown];
    assert_eq!(counts(&measure.total), [80, 120, 0]);
    let days = measure.strata[0].groups.iter().map(|(_, of)| counts(of));
    assert_eq!(days.fold([0; 3], |sum, day| std::array::from_fn(|at| sum[at] + day[at])), [80, 120, 0]);
    let unset = measure.unset.as_ref().unwrap();
    assert_eq!((unset.organisations, unset.cases), (1, Some(40)));
    let said = "Not in it: 40 cases of 1 organisation without a setting of `reviewed_within` that holds.";
    assert!(results.headlines.iter().any(|headline| headline.text.contains(said)), "{:#?}", results.headlines);
}

/// The group's rate is that of those who have one, whatever the measure does with what is unknown.
#[test]
fn where_unknown_counts_against_it_is_in_no_total_either() {
    let against =
        RULE.replace("unknown left out", "unknown counts against").replace("month of trigger", "week of trigger");
    let results = audited_by(&against, &[("T1", 10), ("T2", 10), ("T3", 5)]);
    is_without_t4(&results);
    let measure = &results.audits[0].measures[0];
    let of = measure.organisations.iter().find(|of| of.code == "T4").unwrap();
    assert_eq!((of.counts.rate, of.counts.denominator, of.counts.unknown), (None, 40, 40));
    let weeks = measure.chart.iter().flat_map(|chart| &chart.points);
    let [met, all] = weeks.fold([0, 0], |[met, all], week| [met + week.numerator, all + week.denominator]);
    // The last week has 12, less than a quarter of the usual: a part of one, which is no point.
    assert_eq!([met, all], [70, 108]);
}

/// A weighted share is a figure of its own kind, and a number that rests on the setting is another: both are of those who have one.
#[test]
fn figures_are_of_those_who_have_set_it() {
    let measures = "define size = count Arrival
define spare = reviewed_within
measure weighed {
  title   \"Review in time, by arrivals\"
  source  nice \"1.1\"
  of      obligation review
  weighted by size
  unknown counts against
  by      trust, weekday of trigger
}
measure spare { title \"Time that there was\" source nice \"1.1\" value mean of spare by trust }
";
    let results = audited_by(&format!("{RULE}{measures}"), &[("T1", 10), ("T2", 10), ("T3", 5)]);
    let [weighed, spare] = results.audits[0].figures.as_slice() else { panic!("{:?}", results.audits[0].figures) };
    let value = |of: &concord_cli::results::FigureValue| of.estimate.map(|estimate| estimate.value);
    assert_eq!((weighed.total.cases, value(&weighed.total)), (120, Some(80.0 / 120.0)));
    assert_eq!(weighed.strata[0].1.iter().map(|(_, of)| of.cases).sum::<u64>(), 120);
    assert_eq!((spare.total.cases, spare.total.unknown), (120, 0));
    for figure in [weighed, spare] {
        let of = |code: &str| &figure.organisations.iter().find(|of| of.code == code).unwrap().value;
        assert_eq!((of("T4").cases, of("T4").unknown, value(of("T4"))), (0, 40, None), "{}", figure.name);
        assert_eq!((of("T3").cases, of("T3").unknown), (40, 0), "{}", figure.name);
        let unset = figure.unset.as_ref().unwrap();
        assert_eq!((unset.organisations, unset.cases), (1, Some(40)), "{}", figure.name);
        assert!(figure.charts.iter().all(|chart| chart.organisation.as_deref() != Some("T4")), "{}", figure.name);
    }
}

/// Where nobody has set it, there is no rate, and it is not the export that lacks something.
#[test]
fn where_nobody_has_set_it_that_is_why_there_is_no_rate() {
    let against = RULE.replace("unknown left out", "unknown counts against");
    let results = audited_by(&against, &[]);
    let measure = &results.audits[0].measures[0];
    assert_eq!(measure.total.rate, None);
    let said = "no rate, as nothing is left without 160 cases of 4 organisations without a setting of `reviewed_within` that holds.";
    assert!(results.headlines.iter().any(|headline| headline.text.contains(said)), "{:#?}", results.headlines);
    assert!(results.audits[0].data.warnings.iter().all(|warning| !warning.contains("Nobody is in the denominator")));
}

const TWO: &str = "package sample.two {
  version 1.1.0
  title \"Two\"
  source nice \"NICE\"
  owner \"Group\"
  use audit
  status draft
  review by 2027-12-31
}
subject Attendance {
  trust : organisation
  event Arrival
  event Review
}
parameter limit : duration = 4 h
  local 1 h..4 h \"stricter\"
parameter must : duration
  local required \"each its own\"
obligation seen { from first Arrival expect Review within limit }
obligation reviewed { from first Arrival expect Review within must }
measure seen { of obligation seen unknown counts against by trust, month of trigger }
measure reviewed { of obligation reviewed unknown counts against by trust, month of trigger }
";

/// T1 has two settings of its own; T4 has set nothing, and ran an older version; the approval of T5 begins later.
fn two(rule: &str) -> Results {
    let folder = TempFolder::new();
    for below in ["rules/sample/two", "rules/members", "old/sample/two"] {
        std::fs::create_dir_all(folder.path(below)).unwrap();
    }
    folder.write("rules/sample/two/two.concord", rule.as_bytes());
    let older =
        rule.replace("version 1.1.0", "version 1.0.0").replace("= 4 h", "= 6 h").replace("1 h..4 h", "1 h..6 h");
    folder.write("old/sample/two/two.concord", older.as_bytes());
    let setting = |name: &str, hours: u64, from: &str| {
        format!(
            "  sample.two.{name} = {hours} h\n    because \"own\" approved by \"Board\" on {from} until 2027-12-31\n"
        )
    };
    let mut members = String::new();
    for (code, settings) in [
        ("T1", [setting("limit", 2, "2025-01-01"), setting("must", 5, "2025-01-01")].concat()),
        ("T2", setting("must", 3, "2025-01-01")),
        ("T3", setting("must", 3, "2025-01-01")),
        ("T5", setting("must", 3, "2026-07-01")),
    ] {
        writeln!(members, "member \"{code}\" \"Trust {code}\" {{\n  membership full\n{settings}}}").unwrap();
    }
    folder.write("rules/members/members.concord", members.as_bytes());
    folder.write("map.toml", MAP.replace("sample.review", "sample.two").as_bytes());
    let mut rows = "nr,trust,arrived,reviewed\n".to_owned();
    for (trust, code) in ["T1", "T2", "T3", "T4", "T5"].into_iter().enumerate() {
        for case in 0..40 {
            let (day, hour) = (case % 20 + 1, 10 + case % 8);
            writeln!(rows, "{},{code},2026-02-{day:02} 09:30,2026-02-{day:02} {hour}:00", trust * 100 + case).unwrap();
        }
    }
    folder.write("rows.csv", rows.as_bytes());
    let definition = "title = \"T\"\noutput = \"report\"\n[[run]]\nrules = \"rules/sample/two\"\ndata = [\"rows.csv\"]\nmap = \"map.toml\"\n\
         as_of = \"2026-06-30T00:00:00Z\"\ndisclosure = \"off\"\nbecause = \"made up\"\n[[run.member]]\ncode = \"T4\"\nversion = \"1.0.0\"\n\
         rules = \"old/sample/two\"\n";
    let path = folder.write("audit.toml", definition.as_bytes());
    let ran = run(&["audit", path.to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    serde_json::from_str(&folder.read("report/results.json")).unwrap()
}

/// Where two settings bear on one obligation, what comes of both is told of each, and that it is of both.
#[test]
fn what_two_settings_change_together_is_called_so() {
    let both = TWO.replace("obligation reviewed { from", "obligation reviewed { applies when limit > 1 h from");
    assert_ne!(both, TWO);
    let results = two(&both);
    let t1 = member(&results, "T1");
    let changes = t1
        .rules
        .iter()
        .map(|rule| rule.changes.iter().map(|change| (change.obligation.as_str(), change.jointly)).collect::<Vec<_>>());
    assert_eq!(changes.collect::<Vec<_>>(), [vec![("seen", false), ("reviewed", true)], vec![("reviewed", true)]]);
    let said = t1.causes.iter().filter(|cause| cause.text.contains("by all its own settings together")).count();
    assert_eq!(said, 2, "{:?}", t1.causes);
}

/// Each of the two settings of T1 changes one obligation.
#[test]
fn what_changes_is_told_of_the_setting_or_version_that_changes_it() {
    let results = two(TWO);
    let rules = |code: &str| -> Vec<(CauseKind, Vec<String>)> {
        let all = member(&results, code).rules.iter();
        all.map(|rule| (rule.kind, rule.changes.iter().map(|change| change.obligation.clone()).collect())).collect()
    };
    let own = |of: &str| (CauseKind::OwnSetting, vec![of.to_owned()]);
    assert_eq!(rules("T1"), [own("seen"), own("reviewed")]);
    assert_eq!(rules("T4"), [(CauseKind::NotSet, vec![]), (CauseKind::Version, vec!["seen".to_owned()])]);
    assert_eq!(rules("T5"), [(CauseKind::NotBegun, vec![])]);
    let text = &member(&results, "T4").causes.iter().find(|cause| cause.kind == CauseKind::NotSet).unwrap().text;
    assert!(!text.contains('%'), "{text}");
}

/// What nobody has set would count for one case alone, which lacks a fact besides: that case is not known, and the rate of the others stands.
#[test]
fn a_case_that_lacks_more_than_a_setting_leaves_the_rate_of_the_others() {
    let folder = TempFolder::new();
    let stroke = format!("{}/../rules/clinical/stroke_ssnap", env!("CARGO_MANIFEST_DIR"));
    let mut cases = String::new();
    for (day, fact) in [(3, "\"already_inpatient\": false, "), (4, "\"already_inpatient\": false, "), (5, "")] {
        let event = |kind: &str, at: &str| format!("{{\"event\": \"{kind}\", \"at\": \"2024-06-0{day}T{at}:00Z\"}}");
        let events = [event("Arrival", "09:00"), event("BrainScan", "10:00")].join(", ");
        writeln!(cases, "{{\"case\": \"{day}\", \"team\": \"RM3\", {fact}\"events\": [{events}]}}").unwrap();
    }
    folder.write("cases.ndjson", cases.as_bytes());
    let map = "package = \"clinical.stroke_ssnap\"\nversion = \"1\"\ntitle = \"T\"\n[source]\nformat = \"ndjson\"\n";
    folder.write("map.toml", map.as_bytes());
    let definition = format!(
        "title = \"T\"\noutput = \"report\"\n[[run]]\nrules = {stroke:?}\ndata = [\"cases.ndjson\"]\nmap = \"map.toml\"\n\
         as_of = \"2024-12-01T00:00:00Z\"\ndisclosure = \"off\"\nbecause = \"made up\"\n"
    );
    let path = folder.write("audit.toml", definition.as_bytes());
    let ran = run(&["audit", path.to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let results: Results = serde_json::from_str(&folder.read("report/results.json")).unwrap();
    let scanned = results.audits[0].measures.iter().find(|of| of.name == "scan_1h").unwrap();
    assert_eq!((scanned.total.numerator, scanned.total.denominator, scanned.total.unknown), (2, 3, 1));
}

#[test]
fn limits_are_set_anew_only_for_a_reason() {
    let text = |rebase: &str| {
        format!(
            "title = \"T\"\n[[run]]\nrules = \"r\"\ndata = [\"x\"]\nmap = \"m\"\nas_of = \"2026-01-01T00:00:00Z\"\n{rebase}"
        )
    };
    let read = |rebase: &str| concord_cli::audit::definition::read_definition(&text(rebase), std::path::Path::new(""));
    assert_eq!(
        read("rebase = [{ from = \"2025-07-01\", because = \"new ward\" }]").unwrap().runs[0].rebase[0].because,
        "new ward"
    );
    let why = |rebase: &str| read(rebase).unwrap_err();
    assert!(
        why("rebase = [{ from = \"2025-07-01\", because = \" \" }]").contains("for a reason, which the report prints")
    );
    assert!(why("rebase = [{ from = \"July\", because = \"x\" }]").contains("`rebase`: `from`: expected a date"));
}
