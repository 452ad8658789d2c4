//! Delays of what is due by a day are counted in days, whatever the hour, and what is said of delays holds with ties.

use crate::cli::run;
use crate::packages::{Random, TempFolder};
use concord_cli::results::{Days, Delay, Results};
use std::fmt::Write as _;

const RULE: &str = "package sample.days {
  version   1.0.0
  title     \"Days\"
  source    s \"Made up\"
  owner     \"Group\"
  use       audit
  status    draft
  review by 2027-12-31
}
subject Case {
  trust : organisation
  event Asked
  event Done
}
obligation calendar \"Within a calendar day\" {
  from   first Asked
  expect Done within 1 calendar day
}
obligation working \"Within two working days\" {
  from   first Asked
  expect Done within 2 working days
}
obligation hours \"Within a day by the clock\" {
  from   first Asked
  expect Done within 24 h
}
obligation same_day \"On the same day\" {
  from   first Asked
  expect Done within 0 calendar days
}
measure calendar {
  of obligation calendar
  unknown left out
  by trust, month of trigger
}
";

const MAP: &str = "package = \"sample.days\"
version = \"1\"
title = \"Rows\"
[source]
format = \"csv\"
rows = \"events\"
[case]
columns = [\"id\"]
[time]
zone = \"in text\"
[labels]
trust = { column = \"trust\" }
[events]
activity = \"what\"
at = \"at\"
[events.map]
Asked = { event = \"Asked\" }
Done = { event = \"Done\" }
";

/// Cases of a trust in March 2025, when nobody changes a clock before the 30th: the day and the hour of both events.
fn rows(trust: &str, cases: u64, dice: &mut Random) -> (String, Vec<[u64; 4]>) {
    let (mut rows, mut all) = ("id,trust,what,at\n".to_owned(), Vec::new());
    for case in 0..cases {
        let days = [0, 0, 1, 1, 1, 2, 3, 5][usize::try_from(dice.below(8)).unwrap()];
        let asked = dice.below(10) + 1;
        let (from, to) = (dice.below(12), 12 + dice.below(12));
        let done = asked + days;
        writeln!(rows, "{trust}{case},{trust},Asked,2025-03-{asked:02}T{from:02}:00:00Z").unwrap();
        writeln!(rows, "{trust}{case},{trust},Done,2025-03-{done:02}T{to:02}:00:00Z").unwrap();
        all.push([asked, from, done, to]);
    }
    (rows, all)
}

fn path(folder: &TempFolder, name: &str) -> String {
    folder.path(name).to_str().unwrap().to_owned()
}

/// Audits a file, and gives its results.
fn audited(folder: &TempFolder, name: &str) -> Results {
    folder.write("rules/days.concord", RULE.as_bytes());
    folder.write("map.toml", MAP.as_bytes());
    let [rules, map, data, out, tallies] =
        ["rules", "map.toml", &format!("{name}.csv"), &format!("out-{name}"), &format!("{name}.json")]
            .map(|name| path(folder, name));
    crate::cli::audited([&rules, &map, &data, &out], "2025-04-30T00:00:00Z", &["--tallies", &tallies]);
    serde_json::from_str(&folder.read(&format!("out-{name}/results.json"))).unwrap()
}

fn delay<'a>(results: &'a Results, name: &str) -> &'a Delay {
    let obligation = results.audits[0].obligations.iter().find(|obligation| obligation.name == name).unwrap();
    obligation.delay.as_ref().unwrap()
}

const DAY: i64 = 86_400_000;

/// Working days of March 2025 up to a day of it, which counts to the next where it is none: the 1st is a Saturday, and there is no holiday.
fn working(asked: u64, done: u64) -> i64 {
    let works = |day: u64| !matches!(day % 7, 1 | 2);
    let up_to = (asked + 1..=done).filter(|day| works(*day)).count() as i64;
    up_to + i64::from(done > asked && !works(done))
}

#[test]
fn what_is_due_by_a_day_is_counted_in_days() {
    let folder = TempFolder::new();
    std::fs::create_dir_all(folder.path("rules")).unwrap();
    let mut dice = Random::seeded(0xda15);
    let (text, cases) = rows("A", 301, &mut dice);
    folder.write("a.csv", text.as_bytes());
    let results = audited(&folder, "a");
    let calendar: Vec<i64> = cases.iter().map(|[asked, _, done, _]| (done - asked) as i64).collect();
    let working: Vec<i64> = cases.iter().map(|[asked, _, done, _]| working(*asked, *done)).collect();
    for (name, unit, days, limit) in [
        ("calendar", Days::Calendar, &calendar, 1),
        ("working", Days::Working, &working, 2),
        ("same_day", Days::Calendar, &calendar, 0),
    ] {
        let delay = delay(&results, name);
        assert_eq!((delay.days, delay.limit_days, delay.is_order()), (Some(unit), Some(limit), false), "{name}");
        // A day has a bin of its own.
        for (day, (edge, count)) in delay.bins.iter().enumerate() {
            assert_eq!(*edge, Some(day as i64 * DAY), "{name}");
            assert_eq!(*count, days.iter().filter(|days| **days == day as i64).count() as u64, "{name}, day {day}");
        }
        // What is in time is what lies within the limit.
        let obligation = results.audits[0].obligations.iter().find(|of| of.name == name).unwrap();
        let within = days.iter().filter(|days| **days <= limit).count() as u64;
        assert_eq!(obligation.verdicts.met, within, "{name}");
        let late = delay.late_by.unwrap();
        assert_eq!(late.n, days.len() as u64 - within, "{name}");
        assert!([late.median.value, late.p90.value].iter().all(|by| by % DAY == 0 && *by >= DAY), "{late:?}");
        // Half took so many or more, and half no more than these; one in ten likewise.
        for (value, part) in [(delay.median.value, 2), (delay.p90.value, 10)] {
            assert_eq!(value % DAY, 0, "{name}");
            let longer = days.iter().filter(|days| **days * DAY >= value).count();
            assert!(longer * part >= days.len(), "{name}: {value} {longer}");
        }
    }
    let html = folder.read("out-a/report.html");
    assert!(html.contains("The same day") && html.contains("working days taken"), "days are said as days");
    let headline =
        results.headlines.iter().find(|headline| headline.text.starts_with("Within a calendar day")).unwrap();
    assert!(
        headline.text.contains("half took 1 calendar day or longer, one in ten 5 calendar days or longer."),
        "{}",
        headline.text
    );
    let of_place = folder.read("out-a/delays.csv");
    assert!(of_place.lines().next().unwrap().ends_with(",usual_median_ms,days,run,as_of"), "{of_place}");
}

#[test]
fn days_that_members_counted_add_up_to_those_of_all() {
    let folder = TempFolder::new();
    std::fs::create_dir_all(folder.path("rules")).unwrap();
    let mut dice = Random::seeded(0xda16);
    let mut all = String::new();
    let names = ["A", "B", "C"];
    for name in names {
        let (text, _) = rows(name, 120 + dice.below(9), &mut dice);
        folder.write(&format!("{name}.csv"), text.as_bytes());
        all.push_str(if all.is_empty() { &text } else { text.split_once('\n').unwrap().1 });
        audited(&folder, name);
    }
    folder.write("all.csv", all.as_bytes());
    let whole = audited(&folder, "all");
    let [rules, out] = ["rules", "merged"].map(|name| path(&folder, name));
    let files = names.map(|name| path(&folder, &format!("{name}.json")));
    let ran = run(&["merge", &files[0], &files[1], &files[2], "--rules", &rules, "--report", &out]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let merged: Results = serde_json::from_str(&folder.read("merged/results.json")).unwrap();
    for name in ["calendar", "working", "same_day"] {
        assert_eq!(delay(&merged, name), delay(&whole, name), "{name}");
    }
    assert_eq!(folder.read("merged/delays.csv").lines().count(), folder.read("out-all/delays.csv").lines().count());
    let said = |results: &Results| -> Vec<String> {
        let texts = results.headlines.iter().map(|headline| headline.text.clone());
        texts.filter(|text| text.contains("calendar day") || text.contains("working days")).collect()
    };
    assert!(!said(&whole).is_empty());
    assert_eq!(said(&merged), said(&whole));
}

/// Minutes in lumps are ties as well: all that is said is held to the rows.
#[test]
fn half_took_so_long_or_longer_holds_with_ties() {
    let folder = TempFolder::new();
    std::fs::create_dir_all(folder.path("rules")).unwrap();
    for (name, hours, said) in [
        // 24 of 30 take 20 h or more, and three more than 30.
        (
            "lumps",
            [vec![10; 6], vec![20; 12], vec![30; 9], vec![40; 3]].concat(),
            "half took 20 h or longer, one in ten 1 day 7 h or longer.",
        ),
        ("one", [[30; 29].as_slice(), &[40]].concat(), "nine in ten took no longer than 1 day 6 h."),
    ] {
        let mut rows = "id,trust,what,at\n".to_owned();
        for (case, hours) in hours.iter().enumerate() {
            let (day, hour) = (3 + hours / 24, hours % 24);
            writeln!(rows, "{case},A,Asked,2025-03-03T00:00:00Z\n{case},A,Done,2025-03-{day:02}T{hour:02}:00:00Z")
                .unwrap();
        }
        folder.write(&format!("{name}.csv"), rows.as_bytes());
        let results = audited(&folder, name);
        let headline = results.headlines.iter().find(|headline| headline.text.starts_with("Within a day by the clock"));
        assert!(headline.unwrap().text.contains(said), "{}", headline.unwrap().text);
    }
}
