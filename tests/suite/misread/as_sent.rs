//! What was sent otherwise than it is read: dates without a time of day, a step stamped a day late, a month sent again, returns of ready-made counts.

use super::{AS_OF, MAP, Of, RULE, TRUSTS, USUAL, audited, audited_by, rows};
use crate::cli::run;
use crate::packages::TempFolder;
use concord_cli::results::CauseKind;
use concord_engine::values::calendar::{days_from_date, show_date};
use std::fmt::Write as _;

/// The same rows with the day of each time alone.
fn by_the_day(rows: &str) -> String {
    let cut = |row: &str| row.rsplit_once(' ').map_or(row.to_owned(), |(day, _)| day.to_owned());
    rows.lines().map(|row| format!("{}\n", cut(row))).collect()
}

#[test]
fn what_is_known_by_the_day_has_a_month_and_takes_days() {
    let day = 1_440;
    let of = |code: &str, month: i64| Of {
        cases: if code == "T5" && month >= 8 { 0 } else { 40 },
        minutes: [10 * day, 60 * day],
        ..USUAL
    };
    let timed = rows(&TRUSTS, 14, None, of);
    let map = MAP.replace("%Y-%m-%d %H:%M", "%Y-%m-%d");
    for exact in [true, false] {
        let whole = audited("28 calendar days", &timed, AS_OF, exact);
        let days = audited_by((&RULE.replace("WITHIN", "28 calendar days"), &map), &by_the_day(&timed), AS_OF, exact);
        let [one, other] = [&whole, &days].map(|audit| audit.audit().measures[0].clone());
        assert_eq!(one.total, other.total, "{exact}");
        let chart = |of: &concord_cli::results::MeasureResult| of.chart.clone().expect("it has a chart");
        assert_eq!(chart(&one), chart(&other), "{exact}");
        assert_eq!(one.charts, other.charts);
        let delay = |of: &super::Audited| of.audit().obligations[0].delay.clone().expect("it has times");
        assert_eq!(delay(&whole).median, delay(&days).median, "{exact}");
        let [(text, _), (same, _)] = [&whole, &days].map(|audit| audit.told("T5", CauseKind::Months).unwrap());
        assert_eq!(text, same, "{exact}");
        let medians = |of: &super::Audited| -> Vec<i64> {
            let members = of.audit().members.iter();
            members.flat_map(|member| &member.delays).map(|delay| delay.median.value).collect()
        };
        assert_eq!(medians(&whole), medians(&days), "{exact}");
        assert!(!medians(&days).is_empty());
    }
}

#[test]
fn a_step_that_is_stamped_a_day_late_is_no_practice() {
    let day = 1_440;
    let of = |code: &str, _: i64| Of { minutes: if code == "T3" { [30 + day, 90 + day] } else { [30, 90] }, ..USUAL };
    for exact in [true, false] {
        let audit = audited("1 h", &rows(&TRUSTS, 12, None, of), AS_OF, exact);
        let (text, _) = audit.told("T3", CauseKind::Dates).unwrap_or_else(|| panic!("{:?}", audit.causes("T3")));
        assert!(text.starts_with("`Treated` comes a day later than elsewhere"), "{text}");
        assert_eq!(text.contains("half take 1 day"), exact, "{text}");
        let practice = |kind| matches!(kind, CauseKind::Delay | CauseKind::Omission | CauseKind::Practice);
        assert!(!audit.causes("T3").iter().any(|(kind, ..)| practice(*kind)), "{:?}", audit.causes("T3"));
    }
    // Whoever is slow, up to the next day, is slow.
    let slow = |code: &str, month: i64| match code {
        "T3" => Of { minutes: [600 + month * 60, day + 200 + month * 60], ..USUAL },
        _ => USUAL,
    };
    let audit = audited("1 h", &rows(&TRUSTS, 12, None, slow), AS_OF, true);
    assert!(audit.told("T3", CauseKind::Dates).is_none(), "{:?}", audit.causes("T3"));
    assert!(audit.told("T3", CauseKind::Delay).is_some());
}

#[test]
fn a_month_that_was_sent_again_is_told_with_its_files() {
    let folder = TempFolder::new();
    let all = rows(&["T1", "T2"], 4, None, |_, _| USUAL);
    let of_month = |month: i64| -> String {
        let own = all.lines().filter(|row| row.split(',').next().unwrap().contains(&format!("-{month}-")));
        format!("case,trust,what,at\n{}\n", own.collect::<Vec<_>>().join("\n"))
    };
    for name in ["rules", "data"] {
        std::fs::create_dir_all(folder.path(name)).unwrap();
    }
    folder.write("rules/x.concord", RULE.replace("WITHIN", "1 h").as_bytes());
    folder.write("m.toml", MAP.as_bytes());
    for month in 0..4 {
        folder.write(&format!("data/{month}.csv"), of_month(month).as_bytes());
    }
    let path = |name: &str| folder.path(name).to_str().unwrap().to_owned();
    let (rules, map, data) = (path("rules"), path("m.toml"), path("data"));
    let audit = |out: &str, more: &[&str]| {
        let out = path(out);
        let words = ["audit", &rules, "--map", &map, "--data", &data, "--as-of", AS_OF.0, "--out", &out];
        let ran = run(&[&words[..], more].concat());
        assert_eq!(ran.code, 0, "{}", ran.err);
        ran.err
    };
    assert!(!audit("one", &["--no-disclosure-control", "x"]).contains("take the other's place"));
    // A third of its treatments are corrected, and two patients are gone.
    let again = of_month(2);
    let corrected = again.lines().enumerate().filter(|(_, row)| !row.contains("-2-1,") && !row.contains("-2-2,"));
    let corrected = corrected.map(|(number, row)| match number % 6 {
        2 if row.contains(",Treated,") => format!("{row}\n").replace(":0", ":1"),
        _ => format!("{row}\n"),
    });
    folder.write("data/2-again.csv", corrected.collect::<String>().as_bytes());
    let said = audit("two", &["--no-disclosure-control", "x"]);
    assert!(said.contains("in `2-again.csv` as well") || said.contains("in `2.csv` as well"), "{said}");
    assert!(said.contains("one of the two is probably meant to take the other's place"), "{said}");
    let protected = audit("three", &[]);
    assert!(protected.contains("one of the two is probably meant to take the other's place"), "{protected}");
}

const RETURNS: &str = "enum Kind {\n  one \"One\",\n  two \"Two\"\n}\nsubject Return {\n  trust : organisation\n  kind : Kind\n  day : date\n  due : integer 0..1000000\n  done : integer 0..1000000\n}
measure doses {\n  title \"Doses\"\n  of count due\n  met count done\n  unknown counts against\n  by trust, kind, month of day\n}\n";

fn returns(of: impl Fn(&str, i64, &str) -> Option<(i64, Option<i64>)>) -> super::Audited {
    let mut rows = "case,trust,kind,day,due,done\n".to_owned();
    for trust in TRUSTS {
        for (month, kind) in (0..24).flat_map(|month| ["one", "two"].map(|kind| (month, kind))) {
            let day = show_date(days_from_date(2024 + month / 12, month % 12 + 1, 1).unwrap());
            if let Some((due, done)) = of(trust, month, kind) {
                let done = done.map(|done| done.to_string()).unwrap_or_default();
                writeln!(rows, "{trust}{month}{kind},{trust},{kind},{day},{due},{done}").unwrap();
            }
        }
    }
    let map = "package=\"t.x\"\nversion=\"1.0.0\"\ntitle=\"x\"\n[source]\nformat=\"csv\"\nrows=\"cases\"\nmissing=[\"\"]\n[case]\ncolumns=[\"case\"]\n[labels]\ntrust={column=\"trust\"}\n\
        [facts]\nkind={column=\"kind\",values={one=\"one\",two=\"two\"}}\ndue={column=\"due\"}\ndone={column=\"done\"}\nday={column=\"day\",format=\"%Y-%m-%d\"}\n";
    let head = RULE.split_once("subject Case").unwrap().0;
    audited_by((&format!("{head}{RETURNS}"), map), &rows, AS_OF, true)
}

/// Of kind one 60 to 80 of 100, of kind two nearly all, each month otherwise.
fn usual(trust: &str, month: i64, kind: &str) -> (i64, i64) {
    let own = trust.as_bytes()[1] as i64;
    let share = 60 + (own * 7 + month * 11) % 21;
    if kind == "one" { (1_000, share * 10) } else { (400, 396 + (month + own) % 5) }
}

#[test]
fn returns_are_looked_at_by_month() {
    let some = |(due, done): (i64, i64)| Some((due, Some(done)));
    let told = |audit: &super::Audited, code: &str| -> Vec<CauseKind> {
        audit.causes(code).into_iter().map(|(kind, ..)| kind).filter(|kind| *kind != CauseKind::CaseMix).collect()
    };
    let plain = returns(|trust, month, kind| some(usual(trust, month, kind)));
    assert!(TRUSTS.iter().all(|code| told(&plain, code).is_empty()), "{:?}", told(&plain, "T1"));
    let audit = returns(|trust, month, kind| {
        let (due, done) = usual(trust, month, kind);
        match (trust, month) {
            ("T1", 23) => None,
            ("T2", 6..=8) => Some((due, Some(due))),
            ("T3", 12..) => Some((due / 100, Some(done / 100))),
            ("T4", 5) => Some((due, None)),
            ("T5", 20) if kind == "two" => Some((due, None)),
            // It opened in the second year.
            ("T5", ..12) => None,
            _ => Some((due, Some(done))),
        }
    });
    let text = |code: &str, kind| audit.told(code, kind).unwrap_or_else(|| panic!("{:?}", audit.causes(code))).0;
    assert!(text("T1", CauseKind::Months).contains("it has no return of Dec 2025"), "{:?}", audit.causes("T1"));
    let ends = text("T2", CauseKind::Facts);
    assert!(ends.contains("everybody counts in its return of Jul 2024 to Sep 2024"), "{ends}");
    assert!(text("T3", CauseKind::Volume).contains("in hundreds or thousands?"));
    assert!(text("T4", CauseKind::Facts).contains("its return of Jun 2024 is unknown"));
    // One of its records of a month is no return of it.
    assert!(audit.told("T5", CauseKind::Facts).is_none(), "{:?}", audit.causes("T5"));
    assert!(audit.told("T5", CauseKind::Months).is_none(), "{:?}", audit.causes("T5"));
}

/// An organisation whose records hardly differ has a narrow interval, whatever those of others do.
#[test]
fn the_interval_of_an_organisation_is_by_its_own_records() {
    let audit = returns(|trust, month, kind| {
        let (due, done) = usual(trust, month, kind);
        match (trust, kind) {
            ("T1", _) => Some((300, Some(299 + month % 2))),
            ("T2", "two") => None,
            // From month to month by more than all others.
            ("T2", _) => Some((1_000, Some(if month % 2 == 0 { 400 } else { 900 }))),
            _ => Some((due, Some(done))),
        }
    });
    let rate = |code: &str| {
        let of = audit.audit().measures[0].organisations.iter().find(|of| of.code == code).unwrap();
        of.counts.rate.unwrap()
    };
    let steady = rate("T1");
    assert!(steady.high - steady.low < 0.01, "{steady:?}");
    // 24 records with a standard deviation of a quarter.
    let wide = rate("T2");
    let width = 2.0 * 1.96 * 0.25 / 24_f64.sqrt();
    assert!(((wide.high - wide.low) / width - 1.0).abs() < 0.35, "{wide:?} {width}");
}
