//! What a board would misread: an export that ends early or goes over to another code, codes that are nearly equal, months that are not complete, a change for the
//! better, a period of a few strays, a rate beside its target.

mod as_sent;
mod contradicted;

use crate::cli::run;
use crate::packages::TempFolder;
use concord_cli::results::{Audit, CauseKind, Results};
use concord_engine::values::calendar::{days_from_date, show_date};
use std::fmt::Write as _;

const RULE: &str = "package t.x {\n  version 1.0.0\n  title \"Made up\"\n  source x \"Made up, 2026\"\n  owner \"Nobody\"\n  use audit\n  status draft\n  review by 2027-04-01\n  hazard \"H-01\" \"x\"\n}\n\
subject Case {\n  trust : organisation\n  event Seen\n  event Treated\n}
obligation treated \"Treated in time\" {\n  from first Seen\n  expect Treated within WITHIN\n  earlier does not count\n}
measure treated {\n  title \"Treated in time\"\n  of obligation treated\n  unknown left out\n  target >= 95 %\n  by trust, month of trigger\n}\n";

const MAP: &str = "package=\"t.x\"\nversion=\"1.0.0\"\ntitle=\"x\"\n[source]\nformat=\"csv\"\nrows=\"events\"\nmissing=[\"\"]\n[case]\ncolumns=[\"case\"]\n[time]\nformat=\"%Y-%m-%d %H:%M\"\nzone=\"Europe/London\"\n\
[labels]\ntrust={column=\"trust\"}\n[events]\nactivity=\"what\"\nat=\"at\"\n[events.map]\nSeen={event=\"Seen\"}\nTreated={event=\"Treated\"}\n";

const TRUSTS: [&str; 6] = ["T1", "T2", "T3", "T4", "T5", "T6"];

/// What a trust has in a month: cases, of how many of ten the treatment is in time, and the minutes of those that are and of those that are not.
#[derive(Clone, Copy)]
struct Of {
    cases: i64,
    in_ten: i64,
    minutes: [i64; 2],
}

const USUAL: Of = Of { cases: 40, in_ten: 7, minutes: [30, 90] };

/// An audit, its folder, and where it ended.
struct Audited {
    results: Results,
    folder: TempFolder,
}

/// Rows of trusts over months from January 2024 on; what comes after the last minute is not there yet.
fn rows(trusts: &[&str], months: i64, end: Option<i64>, of: impl Fn(&str, i64) -> Of) -> String {
    let mut rows = "case,trust,what,at\n".to_owned();
    let at = |minutes: i64| {
        let day = show_date(minutes.div_euclid(1_440));
        format!("{day} {:02}:{:02}", minutes.rem_euclid(1_440) / 60, minutes.rem_euclid(60))
    };
    for trust in trusts {
        for month in 0..months {
            let Of { cases, in_ten, minutes } = of(trust, month);
            let first = days_from_date(2024 + month / 12, month % 12 + 1, 1).unwrap();
            for case in 0..cases {
                let seen = (first + case % 28) * 1_440 + 480 + case * 7 % 400;
                // Which are in time moves from month to month by a case, so that no chart stands still.
                let quick = (case * 7 + month) % 10 < in_ten;
                let treated = seen + minutes[usize::from(!quick)] + case % 11;
                writeln!(rows, "{trust}-{month}-{case},{trust},Seen,{}", at(seen)).unwrap();
                if end.is_none_or(|end| treated <= end) {
                    writeln!(rows, "{trust}-{month}-{case},{trust},Treated,{}", at(treated)).unwrap();
                }
            }
        }
    }
    rows
}

fn audited(within: &str, rows: &str, of: (&str, &str), exact: bool) -> Audited {
    audited_by((&RULE.replace("WITHIN", within), MAP), rows, of, exact)
}

/// By a rule and a mapping.
fn audited_by((rule, map): (&str, &str), rows: &str, (as_of, names): (&str, &str), exact: bool) -> Audited {
    let folder = TempFolder::new();
    std::fs::create_dir_all(folder.path("rules")).unwrap();
    folder.write("rules/x.concord", rule.as_bytes());
    folder.write("m.toml", map.as_bytes());
    folder.write("d.csv", rows.as_bytes());
    folder.write("names.csv", format!("code,name\n{names}").as_bytes());
    let control = if exact { "disclosure = \"off\"\nbecause = \"made up\"\n" } else { "" };
    let definition = format!(
        "title = \"T\"\noutput = \"out\"\n[[run]]\nrules = \"rules\"\ndata = [\"d.csv\"]\nmap = \"m.toml\"\nas_of = \"{as_of}\"\n{}{control}",
        if names.is_empty() { "" } else { "organisations = \"names.csv\"\n" }
    );
    let file = folder.write("a.toml", definition.as_bytes());
    let ran = run(&["audit", file.to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let results = serde_json::from_str(&folder.read("out/results.json")).unwrap();
    Audited { results, folder }
}

impl Audited {
    fn audit(&self) -> &Audit {
        &self.results.audits[0]
    }

    /// The reasons told of an organisation, with their words and what a check of that kind says it does.
    fn causes(&self, code: &str) -> Vec<(CauseKind, String, String)> {
        let member = self.audit().members.iter().find(|member| member.code == code).unwrap();
        let of = |kind: CauseKind| {
            let own = member.checks.iter().filter(|check| check.kind == kind);
            own.map(|check| check.effect.as_str()).collect::<Vec<_>>().join(" ")
        };
        member.causes.iter().map(|cause| (cause.kind, cause.text.clone(), of(cause.kind))).collect()
    }

    fn told(&self, code: &str, kind: CauseKind) -> Option<(String, String)> {
        self.causes(code).into_iter().find(|(of, ..)| *of == kind).map(|(_, text, effect)| (text, effect))
    }
}

const AS_OF: (&str, &str) = ("2026-12-01T00:00:00Z", "");

#[test]
fn codes_that_are_nearly_equal_may_be_two_organisations() {
    let trusts = ["RJ1", "RJL", "RX2", "RX3"];
    let usual = rows(&trusts, 6, None, |_, _| USUAL);
    let none = |audit: &Audited| trusts.iter().all(|code| audit.told(code, CauseKind::NearCode).is_none());
    // Both have cases in usual numbers in the same months.
    for exact in [true, false] {
        assert!(none(&audited("1 h", &usual, AS_OF, exact)), "{exact}");
    }
    // One has a few, as where a code was mistyped.
    let few = |code: &str, _| Of { cases: if code == "RJL" { 3 } else { 40 }, ..USUAL };
    let mistyped = rows(&trusts, 6, None, few);
    let audit = audited("1 h", &mistyped, AS_OF, true);
    let (text, _) = audit.told("RJ1", CauseKind::NearCode).unwrap();
    assert!(text.contains("from `RJL` in `1` for `L` alone: they may be one organisation"), "{text}");
    // But where both have a name of their own, that is said to be so.
    let names = "RJ1,Guy's\nRJL,Goole\n";
    assert!(none(&audited("1 h", &mistyped, (AS_OF.0, names), true)));
    assert!(!none(&audited("1 h", &mistyped, (AS_OF.0, "RJ1,Guy's\n"), true)));
    // Capitals and blanks tell no two organisations apart.
    let capitals = rows(&["RJ1", "rj1", "RX2", "RX3"], 6, None, |_, _| USUAL);
    let (text, _) = audited("1 h", &capitals, AS_OF, true).told("RJ1", CauseKind::NearCode).unwrap();
    assert!(text.contains("from `rj1` in nothing but capitals"), "{text}");
}

#[test]
fn a_few_strays_of_another_year_are_no_points_of_a_chart() {
    // From the tenth month on it is an export; before, and beside a gap, a few cases of which a date is mistaken.
    let of = |_: &str, month: i64| match month {
        0..=6 => Of { cases: 1, in_ten: 0, ..USUAL },
        7..=8 => Of { cases: 0, ..USUAL },
        21 | 23 => Of { cases: 0, ..USUAL },
        22 => Of { cases: 1, in_ten: 0, ..USUAL },
        _ => USUAL,
    };
    for exact in [true, false] {
        let audit = audited("1 h", &rows(&TRUSTS, 36, None, of), ("2027-02-01T00:00:00Z", ""), exact);
        let chart = audit.audit().measures[0].chart.clone().unwrap();
        let periods: Vec<&str> = chart.points.iter().map(|point| point.period.as_str()).collect();
        assert_eq!(periods.len(), 24, "{exact}: {periods:?}");
        assert_eq!((periods[0], periods[23]), ("2024-10", "2026-12"));
        assert!(chart.points.iter().all(|point| point.special_cause.is_none()), "{chart:#?}");
        assert!((chart.mean - 0.7).abs() < 0.02, "{}", chart.mean);
        if exact {
            assert_eq!(chart.hardly.len(), 8, "{:?}", chart.hardly);
            assert!(chart.left_out().unwrap().contains("hardly a case beside the others"), "{:?}", chart.left_out());
        }
        // One row a period, as a program sorts it, and why it has no rate.
        let table = audit.folder.read("out/chart_points.csv");
        let all: Vec<&str> = table.lines().filter(|line| line.contains(",treated,,")).collect();
        let mut rows: Vec<&str> = all.iter().map(|line| line.split(',').nth(4).unwrap()).collect();
        assert!(rows.iter().all(|period| period.len() == 7 && period.as_bytes()[4] == b'-'), "{rows:?}");
        let sorted = rows.clone();
        rows.sort_unstable();
        rows.dedup();
        assert_eq!(rows, sorted);
        assert!(table.contains(",2025-10,,,,"), "{table}");
    }
}

#[test]
fn whoever_still_waits_makes_no_change_over_time() {
    // All go on as they did; of the last two months only those are decided who were quick, and the slowest has furthest to go.
    let day = 1_440;
    let of =
        |code: &str, _: i64| Of { cases: 80, in_ten: if code == "T1" { 4 } else { 7 }, minutes: [10 * day, 60 * day] };
    let end = days_from_date(2025, 7, 1).unwrap() * day - 1;
    for exact in [true, false] {
        let rows = rows(&TRUSTS, 18, Some(end), of);
        let audit = audited("56 calendar days", &rows, ("2025-06-30T23:59:00+01:00", ""), exact);
        for code in TRUSTS {
            let changed = audit
                .causes(code)
                .into_iter()
                .find(|(kind, ..)| matches!(kind, CauseKind::Change | CauseKind::Improved));
            assert!(changed.is_none(), "{code}, {exact}: {changed:?}");
        }
    }
}

#[test]
fn who_is_better_since_is_not_to_be_visited() {
    let of = |code: &str, month: i64| Of {
        cases: 80,
        in_ten: match (code, month) {
            ("T1", 0..=5) | ("T2", 6..) => 3,
            _ => 7,
        },
        ..USUAL
    };
    let audit = audited("1 h", &rows(&TRUSTS, 12, None, of), AS_OF, true);
    let (text, _) = audit.told("T1", CauseKind::Improved).unwrap();
    assert!(text.contains("30.0% before Jul 2024, 70.0% from then on"), "{text}");
    assert!(audit.told("T1", CauseKind::Change).is_none());
    assert!(audit.told("T2", CauseKind::Change).is_some(), "{:?}", audit.causes("T2"));
}

#[test]
fn one_that_goes_over_into_another_is_told_as_that() {
    let of = |code: &str, month: i64| Of {
        cases: match (code, month) {
            ("T5", 6..) => 0,
            ("T6", 6..) => 80,
            _ => 40,
        },
        ..USUAL
    };
    for exact in [true, false] {
        let audit = audited("1 h", &rows(&TRUSTS, 12, None, of), AS_OF, exact);
        let (ended, _) = audit.told("T5", CauseKind::Volume).unwrap();
        assert_eq!(
            ended,
            "from Jul 2024 on `T6` has as many cases more as it has fewer: they may be one organisation since"
        );
        let (grown, _) = audit.told("T6", CauseKind::Volume).unwrap();
        assert!(grown.contains("as many cases more as `T5` has fewer"), "{grown}");
        assert!(audit.told("T6", CauseKind::Months).is_none(), "{:?}", audit.causes("T6"));
        let (text, effect) = audit.told("T5", CauseKind::Months).unwrap();
        assert!(text.contains("no case begins in Jul 2024 to Dec 2024"), "{text}");
        assert_eq!(effect, "Its figures speak of 6 of 12 months.", "nobody waits for what is due within the hour");
    }
}

#[test]
fn who_sent_least_is_told() {
    for months in [2, 6, 11, 13, 18] {
        let of = |code: &str, month: i64| Of { cases: if code == "T5" && month >= months { 0 } else { 20 }, ..USUAL };
        let audit = audited("1 h", &rows(&TRUSTS, 24, None, of), AS_OF, true);
        let (text, effect) = audit.told("T5", CauseKind::Months).unwrap();
        assert!(text.contains("no case begins in") && text.contains("to Dec 2025"), "{months}: {text}");
        assert_eq!(effect, format!("Its figures speak of {months} of 24 months."));
    }
}

#[test]
fn a_last_month_of_which_half_is_sent_is_told() {
    let of = |_: &str, month: i64| Of { cases: if month == 17 { 22 } else { 40 + month % 3 }, ..USUAL };
    for exact in [true, false] {
        let audit = audited("1 h", &rows(&TRUSTS, 18, None, of), AS_OF, exact);
        let chart = audit.audit().measures[0].chart.as_ref().unwrap();
        let said = chart.left_out().unwrap_or_default();
        assert!(said.contains("Jun 2025 has ") && said.contains("perhaps not all of it is sent yet"), "{said}");
        assert!(audit.results.headlines.iter().any(|headline| headline.text.contains(&said)), "{said}");
        assert!(audit.folder.read("out/report.html").contains("perhaps not all of it is sent yet"));
    }
}

#[test]
fn a_rate_just_below_its_target_is_told_from_it() {
    let mut rows = rows(&["T1"], 1, None, |_, _| Of { cases: 2_500, in_ten: 10, ..USUAL });
    let late = rows.matches(",Treated,").count() - 2_374;
    for case in 0..late {
        // The first is treated no more.
        let row = rows.lines().find(|line| line.starts_with(&format!("T1-0-{case},T1,Treated"))).unwrap().to_owned();
        rows = rows.replace(&format!("{row}\n"), "");
    }
    let audit = audited("1 h", &rows, AS_OF, true);
    let told = audit.results.headlines.iter().find(|headline| headline.text.contains("the target")).unwrap();
    assert!(told.text.contains("94.96% (2,374 of 2,500), 0.04 points below the target"), "{}", told.text);
    assert!(audit.folder.read("out/report.html").contains("<span class=\"rate\">94.96%</span>"));
}

#[test]
fn an_export_of_what_was_completed_has_no_months() {
    let day = 1_440;
    let of =
        |code: &str, _: i64| Of { in_ten: if code == "T1" { 4 } else { 7 }, minutes: [20 * day, 150 * day], ..USUAL };
    let all = rows(&TRUSTS, 24, None, of);
    let ended = |row: &&str| row.contains(",Treated,2025-");
    let completed: std::collections::BTreeSet<&str> =
        all.lines().filter(ended).filter_map(|row| row.split(',').next()).collect();
    let own = |row: &&str| row.split(',').next().is_some_and(|case| completed.contains(case));
    let rows: String = all.lines().filter(own).map(|row| format!("{row}\n")).collect();
    for exact in [true, false] {
        let audit = audited("126 calendar days", &format!("case,trust,what,at\n{rows}"), AS_OF, exact);
        let measure = &audit.audit().measures[0];
        assert!(measure.chart.is_none() && measure.charts.is_empty());
        assert!(measure.total.rate.is_some());
        let warnings = &audit.audit().data.warnings;
        let said = "none ends before Jan 2025, and many began before: it seems to be of what was completed";
        assert!(warnings.iter().any(|warning| warning.contains(said)), "{warnings:?}");
        for code in TRUSTS {
            let changed = |kind| matches!(kind, CauseKind::Change | CauseKind::Improved);
            assert!(!audit.causes(code).iter().any(|(kind, ..)| changed(*kind)), "{:?}", audit.causes(code));
        }
    }
    let whole = audited("126 calendar days", &all, AS_OF, true);
    assert!(whole.audit().measures[0].chart.is_some());
}

#[test]
fn who_did_not_change_when_the_others_did_is_told() {
    let of = |code: &str, month: i64| Of { cases: 80, in_ten: if month >= 6 && code != "T6" { 8 } else { 4 }, ..USUAL };
    let audit = audited("1 h", &rows(&TRUSTS, 12, None, of), AS_OF, true);
    let (text, _) = audit.told("T6", CauseKind::Change).unwrap_or_else(|| panic!("{:?}", audit.causes("T6")));
    assert!(
        text.contains("before Jul 2024 and from then on") && text.contains("it did not change when the others did"),
        "{text}"
    );
    for code in ["T1", "T2", "T3", "T4", "T5"] {
        assert!(audit.told(code, CauseKind::Change).is_none(), "{:?}", audit.causes(code));
    }
}
