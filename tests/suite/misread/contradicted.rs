//! Sentences that stood beside figures which said otherwise: counts divided by a design effect, reasons of one organisation told of another, a rate by another split
//! than the group beside it, a figure against a target that nobody can hold it to, months that were quarters.

use super::{MAP, audited_by, rows};
use concord_cli::results::CauseKind;
use concord_engine::values::calendar::{days_from_date, show_date};
use std::fmt::Write as _;

const AS_OF: (&str, &str) = ("2026-07-01T00:00:00+01:00", "");
const HEADER: &str = "package t.x {\n  version 1.0.0\n  title \"Made up\"\n  source x \"Made up, 2026\"\n  owner \"Nobody\"\n  use audit\n  status draft\n  review by 2027-04-01\n  hazard \"H-01\" \"x\"\n}\n";
const EVENTS: &str = "package=\"t.x\"\nversion=\"1.0.0\"\ntitle=\"x\"\n[source]\nformat=\"csv\"\nrows=\"events\"\nmissing=[\"\"]\n[case]\ncolumns=[\"case\"]\n[time]\nformat=\"%Y-%m-%d %H:%M\"\nzone=\"Europe/London\"\n";
const CASES: &str = "package=\"t.x\"\nversion=\"1.0.0\"\ntitle=\"x\"\n[source]\nformat=\"csv\"\nmissing=[\"\"]\n[case]\ncolumns=[\"case\"]\n[time]\nformat=\"%Y-%m-%d %H:%M\"\nzone=\"Europe/London\"\n";

/// A day of a month, from January 2025 on.
fn day(month: i64, of: i64) -> String {
    show_date(days_from_date(2025 + month / 12, month % 12 + 1, 1).unwrap() + of)
}

const FALLS: &str = "subject Stay {\n  trust : organisation\n  event Fall\n  event Review\n}
obligation reviewed \"Reviewed within 30 days\" {\n  source x\n  for each Fall\n  expect Review within 720 h\n}
measure falls {\n  title \"Falls reviewed\"\n  source x\n  of each Fall in reviewed\n  unknown left out\n  by trust\n}\n";

/// Six trusts with 120 cases of 12 falls each, of which all are reviewed or none; at one of them some are of the last days.
fn falls(recent: i64) -> super::Audited {
    let map = format!(
        "{EVENTS}[labels]\ntrust={{column=\"trust\"}}\n[events]\nactivity=\"what\"\nat=\"at\"\n[events.map]\nFall={{event=\"Fall\"}}\nReview={{event=\"Review\"}}\n"
    );
    let mut rows = "case,trust,what,at\n".to_owned();
    for trust in 1..=6 {
        for case in 0..120_i64 {
            let is_recent = trust == 3 && case < recent;
            let on = if is_recent { "2026-06-20".to_owned() } else { day(case % 12, case % 28) };
            for fall in 0..12 {
                writeln!(rows, "K{trust}-{case},K{trust},Fall,{on} {:02}:00", 8 + fall).unwrap();
            }
            if !is_recent && case % 4 != trust % 3 {
                writeln!(rows, "K{trust}-{case},K{trust},Review,{on} 22:00").unwrap();
            }
        }
    }
    audited_by((&format!("{HEADER}{FALLS}"), &map), &rows, AS_OF, true)
}

#[test]
fn what_is_open_of_judgements_is_told_as_it_is_and_not_of_as_many_fewer() {
    let own = |audit: &super::Audited| audit.audit().measures[0].organisations[2].clone();
    // 36 of 1,440 are open, 2.5 %, which is hardly more than nothing.
    let few = falls(3);
    assert_eq!((own(&few).counts.open, own(&few).cause), (36, None));
    let many = falls(30);
    let cause = own(&many).cause.unwrap();
    assert!(cause.starts_with("360 of its 1,440 cases are still open (25.0%, elsewhere 0.0%)"), "{cause}");
    let page = many.folder.read("out/report.html");
    assert!(page.contains("held to the limits of as many fewer") && !page.contains("not put in a funnel"));
}

const SEEN: &str = "enum Sex { female, male }
subject Visit {\n  trust : organisation\n  age : integer 0..120 years\n  sex : Sex\n  pounds : integer 0..1000\n  event Arrival\n  event Seen\n}
obligation seen \"Seen within an hour\" {\n  source x\n  from first Arrival\n  expect Seen within 60 min\n}
measure seen {\n  title \"Seen\"\n  source x\n  of obligation seen\n  unknown counts against\n  target >= 80 %\n  by trust, month of trigger, age band ..79, 80.., sex\n}
measure by_quarter {\n  title \"Seen by quarter\"\n  source x\n  of obligation seen\n  unknown left out\n  by trust, quarter of trigger\n}
measure by_pounds {\n  title \"Seen by pounds\"\n  source x\n  of cases\n  met when seen is met\n  weighted by pounds\n  unknown left out\n  higher is better\n  by trust\n}
measure longest {\n  title \"90th percentile\"\n  source x\n  of cases\n  value percentile 90 of minutes from first Arrival to first Seen\n  lower is better\n  by trust\n}\n";

/// Eight trusts: women fare as men do, the old worse; at T3 nearly all are women, and a quarter is old.
fn seen(split: &str, old_of_25: i64) -> super::Audited {
    let map = format!(
        "{EVENTS}[labels]\ntrust={{column=\"trust\"}}\n[facts]\nage={{column=\"age\"}}\nsex={{column=\"sex\"}}\npounds={{column=\"pounds\"}}\n[events]\nactivity=\"what\"\nat=\"at\"\n[events.map]\nArrival={{event=\"Arrival\"}}\nSeen={{event=\"Seen\"}}\n"
    );
    let mut rows = "case,trust,age,sex,pounds,what,at\n".to_owned();
    for trust in 1..=8_i64 {
        for case in 0..840_i64 {
            let (month, number) = (case % 12, case / 12);
            let old = number * 7 % 25 < if trust == 3 { old_of_25 } else { 3 };
            let female = number % 20 < if trust == 3 { 19 } else { 10 };
            let met = (number * 3 + month) % 20 < if old { 9 } else { 17 };
            let on = day(month, number % 28);
            let base = format!(
                "T{trust}-{case},T{trust},{},{},100",
                if old { 85 } else { 50 },
                if female { "female" } else { "male" }
            );
            writeln!(rows, "{base},Arrival,{on} 09:00\n{base},Seen,{on} {}", if met { "09:30" } else { "10:30" })
                .unwrap();
        }
    }
    audited_by((&format!("{HEADER}{}", SEEN.replace("age band ..79, 80.., sex", split)), &map), &rows, AS_OF, true)
}

#[test]
fn who_its_cases_are_is_told_once_and_by_the_split_that_it_is_by() {
    let audit = seen("age band ..79, 80.., sex", 8);
    let causes = audit.causes("T3");
    let of = |kind: CauseKind| causes.iter().filter(move |(of, ..)| *of == kind).map(|(_, text, _)| text.as_str());
    // By quarter and by pounds the same cases are counted, and the 90th percentile is that of all.
    assert_eq!(of(CauseKind::Practice).chain(of(CauseKind::Delay)).collect::<Vec<&str>>(), [""; 0], "{causes:#?}");
    let mix = of(CauseKind::CaseMix).collect::<Vec<&str>>().join("; ");
    let told = "are 80 years and over (by age band ..79, 80..), elsewhere";
    assert!(mix.contains(told) && mix.contains("; with the others' rates they would have"), "{mix}");
    // Where it has hardly more of the old, who is female is told, and that the rate is by another split.
    let fewer = seen("age band ..79, 80.., sex", 6);
    let (mix, _) = fewer.told("T3", CauseKind::CaseMix).unwrap();
    let told = "female (by sex), elsewhere";
    assert!(
        mix.contains(told) && mix.contains("; with the others' rates by age band ..79, 80.. they would have"),
        "{mix}"
    );
    let longest = audit.audit().figures.iter().find(|figure| figure.name == "longest").unwrap();
    let own = longest.organisations.iter().find(|of| of.code == "T3").unwrap();
    assert_eq!(own.value.estimate.unwrap().value, longest.total.estimate.unwrap().value);
    assert_eq!((own.place.as_str(), own.place_adjusted.as_str(), own.z), ("inside", "inside", Some(0.0)));
    // Without a split nothing tells who they are, and it is practice.
    let unsplit = seen("sex", 8);
    assert!(unsplit.causes("T3").iter().any(|(kind, ..)| matches!(kind, CauseKind::Practice | CauseKind::Delay)));
}

#[test]
fn a_chart_by_quarter_says_quarters() {
    let audit = seen("sex", 8);
    let by_quarter = audit.audit().measures.iter().find(|measure| measure.name == "by_quarter").unwrap();
    assert!(by_quarter.chart.as_ref().unwrap().mean_of().1.starts_with("over 4 quarters"));
    let page = audit.folder.read("out/report.html");
    assert!(page.contains("Control chart by quarter: ") && page.contains("By quarter. Mean "), "{page}");
    assert!(page.contains("Variation, latest quarter") && page.contains("Control chart by month: "));
}

const REFERRED: &str = "subject Wait {\n  trust : organisation\n  other : organisation\n  event Referred\n  event Treated\n}
obligation treated \"Treated in time\" {\n  source x\n  for trust\n  from first Referred\n  expect Treated within 60 calendar days\n}
measure treated {\n  title \"Treated\"\n  source x\n  of obligation treated\n  unknown left out\n  by trust\n}
measure referred {\n  title \"Treated, by who referred\"\n  source x\n  for other\n  of obligation treated\n  unknown left out\n  by other\n}\n";

#[test]
fn a_fault_of_who_treated_is_none_of_who_referred() {
    let map = format!(
        "{CASES}[labels]\ntrust={{column=\"trust\"}}\nother={{column=\"other\"}}\n[[events.columns]]\nevent=\"Referred\"\nat=\"referred\"\n[[events.columns]]\nevent=\"Treated\"\nat=\"treated\"\n"
    );
    let mut rows = "case,trust,other,referred,treated\n".to_owned();
    for trust in 1..=6_i64 {
        for case in 0..300_i64 {
            let on = day(case % 12, case % 20);
            let treated = if trust == 2 {
                String::new()
            } else {
                format!("{} 10:00", day(case % 12, case % 20 + if case * 7 % 10 < 8 { 30 } else { 90 }))
            };
            writeln!(rows, "R{trust}-{case},R{trust},R{},{on} 09:00,{treated}", case / 12 % 6 + 1).unwrap();
        }
    }
    let audit = audited_by((&format!("{HEADER}{REFERRED}"), &map), &rows, AS_OF, true);
    let [treated, referred] = audit.audit().measures.as_slice() else { panic!("two measures") };
    assert!(treated.organisations[1].cause.as_deref().unwrap().contains("`Treated`"), "{treated:#?}");
    assert!(referred.of_others && !treated.of_others);
    assert!(referred.organisations.iter().all(|of| of.cause.is_none() && of.counts.numerator > 0), "{referred:#?}");
    assert!(referred.funnel.as_ref().unwrap().apart.is_empty());
}

const SCORES: &str = "subject Stay {\n  trust : organisation\n  score : optional integer 0..10\n  weeks : integer 0..200 weeks\n  on : date\n}
measure score {\n  title \"Mean score\"\n  source x\n  of cases\n  value mean of score\n  lower is better\n  target <= 4\n  by trust, month of on\n}
measure wait {\n  title \"Wait\"\n  source x\n  of cases\n  value median of weeks in bands of 1 weeks up to 6 weeks\n  lower is better\n  target <= TARGET weeks\n  by trust\n}\n";

/// Stays of 18 months, of whom from some month on half have no score.
fn scores(target: &str) -> super::Audited {
    let map = format!(
        "{CASES}[labels]\ntrust={{column=\"trust\"}}\n[facts]\nscore={{column=\"score\",none=[\"-\"]}}\nweeks={{column=\"weeks\"}}\non={{column=\"on\",format=\"%Y-%m-%d\"}}\n"
    );
    let mut rows = "case,trust,score,weeks,on\n".to_owned();
    for case in 0..1_080_i64 {
        let month = case % 18;
        let has_none = case / 18 % 10 < if month >= 14 { 5 } else { 2 };
        let score = if has_none { "-".to_owned() } else { (case / 18 % 3 + 3 + i64::from(case % 35 == 0)).to_string() };
        writeln!(rows, "{case},T{},{score},{},{}", case % 4, 5 + case % 5, day(month, case % 28)).unwrap();
    }
    audited_by((&format!("{HEADER}{}", SCORES.replace("TARGET", target)), &map), &rows, AS_OF, true)
}

#[test]
fn a_figure_is_held_to_a_target_as_far_as_it_can_be_and_nobody_waits_for_a_score() {
    let said = |audit: &super::Audited| {
        audit.results.headlines.iter().map(|headline| headline.text.clone()).collect::<Vec<_>>().join("\n")
    };
    let beyond = scores("8");
    let [score, wait] = beyond.audit().figures.as_slice() else { panic!("two figures") };
    assert!(wait.total.estimate.unwrap().at_least && wait.reached().is_none());
    let all = said(&beyond);
    assert!(
        all.contains(
            "Wait: at least 6.0 weeks, of which nobody can tell whether it meets the target of at most 8 weeks"
        ),
        "{all}"
    );
    assert_eq!(scores("5").audit().figures[1].reached(), Some(false));
    let value = score.total.estimate.unwrap().value;
    assert!(value > 4.0 && value < 4.05, "{value}");
    assert!(all.contains(&format!("Mean score: {value:.2}, which does not meet the target of at most 4.")), "{all}");
    assert!(all.contains("have no number: the figure is of the others alone") && !all.contains("waits"), "{all}");
    let chart = score.chart.as_ref().unwrap();
    assert!(chart.unfinished.is_empty() && chart.points.len() == 18, "{chart:#?}");
}

#[test]
fn of_rare_failures_the_failures_are_told() {
    let usual = super::USUAL;
    let rows = rows(&super::TRUSTS, 15, None, |code, month| super::Of {
        in_ten: if month == 14 && code < "T3" { 9 } else { 10 },
        ..usual
    });
    let audit = audited_by((&super::RULE.replace("WITHIN", "1 h"), MAP), &rows, AS_OF, true);
    let measure = &audit.audit().measures[0];
    let last = measure.chart.as_ref().unwrap().points.last().unwrap().clone();
    assert_eq!(last.special_cause.as_deref(), Some("more not met than chance has it"));
    let (not, of) = (last.denominator - last.numerator, last.denominator);
    let said: Vec<&str> = audit.results.headlines.iter().map(|headline| headline.text.as_str()).collect();
    let expected = format!(
        ": {not} of {of} ({:.1}%) not met in Mar 2025, after 0 of 3,360 (0.0%) before",
        100.0 * not as f64 / of as f64
    );
    assert!(said.iter().any(|text| text.contains(&expected)), "{expected}: {said:#?}");
}

#[test]
fn a_dip_that_comes_back_each_winter_is_told_twice() {
    let dips = |month: i64| matches!(month % 12, 11 | 0 | 1);
    let rows = rows(&super::TRUSTS, 29, None, |code, month| super::Of {
        in_ten: if code == "T5" && month > 2 && dips(month) { 4 } else { 8 },
        cases: 60,
        ..super::USUAL
    });
    for exact in [true, false] {
        let audit = audited_by((&super::RULE.replace("WITHIN", "1 h"), MAP), &rows, AS_OF, exact);
        let (text, _) = audit.told("T5", CauseKind::Change).unwrap();
        let expected = if exact {
            ["from Dec 2024 to Feb 2025, again 40.0% from Dec 2025 to Feb 2026, 80.0% otherwise", "40.0% from Dec"]
        } else {
            ["lower from Dec 2024 to Feb 2025, and again from Dec 2025 to Feb 2026, than otherwise", "points or more"]
        };
        assert!(expected.iter().all(|part| text.contains(part)), "{text}");
    }
}

const INVOICES: &str = "subject Invoice {\n  trust : organisation\n  due_on : date\n  event Paid\n}
measure paid {\n  title \"Paid in time\"\n  source x\n  of cases\n  met when date of first Paid <= due_on\n  unknown counts against\n  target >= 95 %\n  by trust, month of due_on\n}\n";

#[test]
fn a_month_that_begins_after_the_data_end_is_no_point_of_a_chart() {
    let map = format!(
        "{CASES}[labels]\ntrust={{column=\"trust\"}}\n[facts]\ndue_on={{column=\"due\",format=\"%Y-%m-%d\"}}\n[[events.columns]]\nevent=\"Paid\"\nat=\"paid\"\n"
    );
    let mut rows = "case,trust,due,paid\n".to_owned();
    for case in 0..2_280_i64 {
        let month = case % 19;
        let late = case / 19 % 40 == 0;
        // What is due in July 2026 is not paid yet.
        let paid = if month == 18 {
            String::new()
        } else {
            format!("{} 09:00", day(month, case % 28 - if late { -9 } else { 9 }))
        };
        writeln!(rows, "{case},T{},{},{paid}", case % 3, day(month, case % 28)).unwrap();
    }
    let end = ("2026-06-30T23:59:59+01:00", "");
    let audit = audited_by((&format!("{HEADER}{INVOICES}"), &map), &rows, end, true);
    let chart = audit.audit().measures[0].chart.clone().unwrap();
    assert_eq!(
        (chart.points.last().unwrap().period.as_str(), chart.unfinished.as_slice()),
        ("2026-06", &["2026-07".to_owned()][..])
    );
    assert!(chart.latest_cause().is_none());
    let warned = audit.audit().data.warnings.join("\n");
    assert!(warned.contains("Paid in time: it counts cases of Jul 2026, which begins after the data end"), "{warned}");
}
