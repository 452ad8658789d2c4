//! What an export seems to say and does not: where the data end before the deadlines do, where records hold many, where a clock or a list is not what it seems.

use crate::cli::run;
use crate::packages::TempFolder;
use concord_cli::results::{Audit, CauseKind, MeasureResult, Results, Tone};
use concord_engine::values::calendar::{days_from_date, show_date};
use std::fmt::Write as _;

const HEAD: &str = "  version 1.0.0\n  title \"Made up\"\n  source x \"Made up, 2026\"\n  owner \"Nobody\"\n  use audit\n  status draft\n  review by 2027-04-01\n  hazard \"H-01\" \"x\"\n}\n";

pub const WAITS: &str = "subject Case {\n  trust : organisation\n  age : integer 0..120 years\n  declined : yes/no\n  event Referred\n  event Told\n}
obligation told \"Told in time\" {\n  from first Referred\n  expect Told within 28 calendar days\n  earlier does not count\n  excused when declined because \"declined\"\n}
measure told {\n  title \"Told in time\"\n  of obligation told\n  unknown left out\n  target >= 80 %\n  by trust, month of trigger\n}
measure cases {\n  title \"Told, of cases\"\n  of cases where age >= 0\n  met when told is met\n  unknown left out\n  by trust\n}\n";

pub const ROWS: &str = "rows=\"events\"\nmissing=[\"\"]\n[case]\ncolumns=[\"case\"]\n[time]\nformat=\"%Y-%m-%d %H:%M:%S\"\nzone=\"Europe/London\"\n[labels]\ntrust={column=\"trust\"}\n\
    [facts]\nage={column=\"age\"}\ndeclined={column=\"declined\"}\n[events]\nactivity=\"what\"\nat=\"at\"\n[events.map]\nReferred={event=\"Referred\"}\nTold={event=\"Told\"}\n";

/// An audit, what it says on the console, and its page.
pub struct Audited {
    pub results: Results,
    err: String,
    pub page: String,
}

pub fn audited(rule: &str, map: &str, rows: &str, as_of: &str, exact: bool) -> Audited {
    let folder = TempFolder::new();
    std::fs::create_dir_all(folder.path("rules")).unwrap();
    folder.write("rules/x.concord", format!("package t.x {{\n{HEAD}{rule}").as_bytes());
    let map = format!("package=\"t.x\"\nversion=\"1.0.0\"\ntitle=\"x\"\n[source]\nformat=\"csv\"\n{map}");
    let path = |name: &str| folder.path(name).to_str().unwrap().to_owned();
    folder.write("m.toml", map.as_bytes());
    folder.write("d.csv", rows.as_bytes());
    let (rules, map, data, out) = (path("rules"), path("m.toml"), path("d.csv"), path("out"));
    let mut words = vec!["audit", &rules, "--map", &map, "--data", &data, "--as-of", as_of, "--out", &out];
    if exact {
        words.extend(["--no-disclosure-control", "made up"]);
    }
    let ran = run(&words);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let results = serde_json::from_str(&folder.read("out/results.json")).unwrap();
    Audited { results, err: ran.err, page: folder.read("out/report.html") }
}

impl Audited {
    pub fn audit(&self) -> &Audit {
        &self.results.audits[0]
    }

    pub fn measure(&self, name: &str) -> &MeasureResult {
        self.audit().measures.iter().find(|measure| measure.name == name).unwrap()
    }

    pub fn says(&self, text: &str) -> Option<Tone> {
        self.results.headlines.iter().find(|headline| headline.text.contains(text)).map(|headline| headline.tone)
    }

    pub fn causes(&self, code: &str) -> Vec<(CauseKind, String)> {
        let member = self.audit().members.iter().find(|member| member.code == code).unwrap();
        member.causes.iter().map(|cause| (cause.kind, cause.text.clone())).collect()
    }
}

/// The rows of one who was referred on a day, and told so many minutes later, if that is before the data end.
fn waiting(rows: &mut String, (case, trust): (&str, &str), referred: i64, told: Option<i64>, end: i64) {
    let at = |minutes: i64| {
        let day = minutes.div_euclid(1_440);
        format!("{} {:02}:{:02}:00", show_date(day), minutes.rem_euclid(1_440) / 60, minutes.rem_euclid(60))
    };
    writeln!(rows, "{case},{trust},50,no,Referred,{}", at(referred)).unwrap();
    if let Some(told) = told.map(|after| referred + after).filter(|told| *told <= end) {
        writeln!(rows, "{case},{trust},50,no,Told,{}", at(told)).unwrap();
    }
}

pub const HEADER: &str = "case,trust,age,declined,what,at\n";
pub const TRUSTS: [&str; 6] = ["T1", "T2", "T3", "T4", "T5", "T6"];

/// Seven of ten are told within 28 days, each month and everywhere, and the others some days later; a trust sends from its first month to its last.
fn alike(months: impl Fn(&str) -> std::ops::Range<i64>, end: i64) -> String {
    let mut rows = HEADER.to_owned();
    for trust in TRUSTS {
        for month in months(trust) {
            let first = days_from_date(2025 + month / 12, month % 12 + 1, 1).unwrap();
            for case in 0..30_i64 {
                let after = if case * 7 % 10 < 7 { 1 + case * 11 % 27 } else { 29 + case % 20 };
                let referred = (first + case % 28) * 1_440 + 600 + case;
                waiting(&mut rows, (&format!("{trust}-{month}-{case}"), trust), referred, Some(after * 1_440), end);
            }
        }
    }
    rows
}

fn minutes(year: i64, month: i64, day: i64) -> i64 {
    days_from_date(year, month, day).unwrap() * 1_440
}

/// Who was told of June by its end is who was quick: June is no point, no special cause, and not where it went.
#[test]
fn a_month_of_which_cases_are_still_open_is_not_judged() {
    let rows = alike(|_| 0..18, minutes(2026, 7, 1) - 1);
    for exact in [true, false] {
        let audit = audited(WAITS, ROWS, &rows, "2026-06-30T23:59:00+01:00", exact);
        let chart = audit.measure("told").chart.clone().unwrap();
        assert_eq!(chart.unfinished, ["2026-06"], "{exact}");
        assert_eq!(chart.points.last().unwrap().period, "2026-05");
        assert!(chart.gaps.is_empty() && chart.points.iter().all(|point| point.special_cause.is_none()), "{chart:#?}");
        assert!(audit.measure("told").charts.iter().all(|chart| chart.unfinished == ["2026-06"]));
        let told = audit.results.headlines.iter().map(|headline| headline.text.as_str()).collect::<Vec<_>>().join("\n");
        assert!(told.contains("Jun 2026 is not complete, as cases are still open, and is not judged"), "{told}");
        assert!(!told.contains("to 100") && !told.contains("improvement"), "{told}");
        assert_eq!(audit.measure("told").standing.periods.iter().sum::<u64>(), 17);
    }
    // With all that came of it, it is a month like the others.
    let later = alike(|_| 0..18, minutes(2026, 12, 1));
    let audit = audited(WAITS, ROWS, &later, "2026-12-01T00:00:00Z", true);
    assert!(audit.measure("told").chart.as_ref().unwrap().unfinished.is_empty());
}

/// One who sends from the last month on has only those who were quick; one who stopped sending a month before leaves those who waited missed.
#[test]
fn who_begins_or_ends_to_send_is_not_compared_by_that() {
    let months = |trust: &str| if trust == "T5" { 17..18 } else { 0..18 };
    let audit = audited(WAITS, ROWS, &alike(months, minutes(2026, 7, 1) - 1), "2026-06-30T23:59:00+01:00", true);
    let place = audit.measure("told").organisations.iter().find(|of| of.code == "T5").unwrap().clone();
    assert!(place.cause.as_ref().is_some_and(|cause| cause.contains("are still open")), "{place:#?}");
    assert!(audit.says("above T5").is_none());
    let (mut rows, end) =
        (alike(|trust| if trust == "T4" { 0..0 } else { 0..18 }, minutes(2026, 7, 1) - 1), minutes(2026, 5, 31));
    let early = alike(|trust| if trust == "T4" { 0..17 } else { 0..0 }, end);
    rows.push_str(early.strip_prefix(HEADER).unwrap());
    let audit = audited(WAITS, ROWS, &rows, "2026-06-30T23:59:00+01:00", true);
    let causes = audit.causes("T4");
    assert!(causes.iter().all(|(kind, _)| *kind == CauseKind::Months), "{causes:?}");
}

/// As of half a year after the last event, what was due since counts as missed: that is told before the report.
#[test]
fn an_as_of_long_after_the_last_event_is_told() {
    let rows = alike(|_| 0..18, minutes(2026, 7, 1) - 1);
    let audit = audited(WAITS, ROWS, &rows, "2026-12-31T00:00:00Z", true);
    assert!(
        audit.err.contains("The last event is of 29 June 2026") && audit.err.contains("days before `as of`"),
        "{}",
        audit.err
    );
    let audit = audited(WAITS, ROWS, &rows, "2026-07-01T00:00:00Z", true);
    assert!(!audit.err.contains("The last event is of"), "{}", audit.err);
}

/// A rate that fell a year ago is not good for what it was before; one that rose is no concern for that.
#[test]
fn what_fell_a_year_ago_is_not_good() {
    let of = |first: i64, then: i64| {
        let mut rows = HEADER.to_owned();
        for (month, trust) in (0..24_i64).flat_map(|month| TRUSTS.map(|trust| (month, trust))) {
            let day = days_from_date(2024 + month / 12, month % 12 + 1, 1).unwrap();
            let met = if month < 12 { first } else { then };
            for case in 0..40_i64 {
                let after = if case < met - (month + case) % 2 { 5 } else { 40 };
                let referred = (day + case % 28) * 1_440 + 600;
                waiting(
                    &mut rows,
                    (&format!("{trust}-{month}-{case}"), trust),
                    referred,
                    Some(after * 1_440),
                    i64::MAX,
                );
            }
        }
        audited(WAITS, ROWS, &rows, "2026-03-01T00:00:00Z", true)
    };
    let fell = of(40, 26);
    assert!(fell.measure("told").standing.reached == Some(true) && fell.measure("told").standing.latest == Some(false));
    assert_eq!(fell.says("and none of its latest 6 periods did"), Some(Tone::Concern));
    let rose = of(22, 38);
    assert_eq!(rose.measure("told").standing.latest, Some(true));
    assert_eq!(rose.says("and each of its latest 6 periods met it"), Some(Tone::Note), "{:#?}", rose.results.headlines);
}

/// At one trust nobody notes who declined: of those who were late nobody knows whether that is missed, and only failures are decided.
#[test]
fn what_is_not_recorded_is_not_nothing() {
    let rows = alike(|_| 0..15, i64::MAX);
    let rows: String = rows
        .lines()
        .map(|row| if row.contains(",T3,") { row.replace(",no,", ",,") + "\n" } else { format!("{row}\n") })
        .collect();
    let audit = audited(WAITS, ROWS, &rows, "2026-12-01T00:00:00Z", true);
    let measure = audit.measure("cases");
    let place = measure.organisations.iter().find(|of| of.code == "T3").unwrap();
    if place.counts.rate.is_some() {
        assert!(
            place.cause.as_ref().is_some_and(|cause| cause.contains("cannot be decided and are left out")),
            "{place:#?}"
        );
        assert!(measure.funnel.as_ref().unwrap().apart.contains(&"T3".to_owned()));
    }
    assert!(
        !audit.causes("T3").iter().any(|(kind, _)| matches!(kind, CauseKind::Practice | CauseKind::Omission)),
        "{:?}",
        audit.causes("T3")
    );
}

/// What one trust writes before the referral was done, and does not count: that is a matter of its times and not of its practice.
#[test]
fn what_is_done_before_it_counts_is_no_omission() {
    let mut rows = HEADER.to_owned();
    for (number, trust) in (0..240_i64).flat_map(|number| TRUSTS.map(|trust| (number, trust))) {
        let after = if trust == "T2" && number % 3 == 0 { -3_000 } else { 2_000 + number % 60 };
        let referred = minutes(2025, 1, 1) + number * 2_160 + 600;
        waiting(&mut rows, (&format!("{trust}-{number}"), trust), referred, Some(after), i64::MAX);
    }
    let audit = audited(WAITS, ROWS, &rows, "2026-12-01T00:00:00Z", true);
    let causes = audit.causes("T2");
    assert!(
        causes
            .iter()
            .any(|(kind, text)| *kind == CauseKind::Before && text.contains("33.3% of its cases, elsewhere 0.0%")),
        "{causes:?}"
    );
    assert!(!causes.iter().any(|(kind, _)| kind.answer() == concord_cli::results::Answer::Visit), "{causes:?}");
    assert!(audit.measure("told").funnel.as_ref().unwrap().apart.contains(&"T2".to_owned()));
}

/// Of two nobody can tell which one stands apart; that they differ is told.
#[test]
fn two_that_differ_are_told() {
    let mut rows = HEADER.to_owned();
    for (number, trust) in (0..300_i64).flat_map(|number| ["T1", "T2"].map(|trust| (number, trust))) {
        let met = number % 10 < if trust == "T1" { 9 } else { 6 };
        let referred = minutes(2025, 1, 1) + number * 1_700 + 600;
        waiting(
            &mut rows,
            (&format!("{trust}-{number}"), trust),
            referred,
            Some(if met { 3_000 } else { 60_000 }),
            i64::MAX,
        );
    }
    let audit = audited(WAITS, ROWS, &rows, "2026-12-01T00:00:00Z", true);
    assert_eq!(
        audit.says("differ more than by chance (p under 0.001); which of them stands apart cannot be told"),
        Some(Tone::Concern)
    );
    assert!(
        !audit.page.contains("until that is settled") && !audit.page.contains("nothing was found that sets them apart")
    );
}

const RETURNS: &str =
    "subject Return {\n  trust : organisation\n  day : date\n  due : integer 0..100\n  done : integer 0..100\n}
measure doses {\n  title \"Doses\"\n  of count due\n  met count done\n  unknown left out\n  by trust, month of day\n}
measure rate {\n  title \"Done per 100 due\"\n  value sum of done per 100 due\n  by trust\n}\n";

/// Trusts are alike, and the wards of each are not: what wards differ by is no difference of trusts.
#[test]
fn what_one_record_counts_is_not_independent() {
    let mut rows = "trust,day,due,done\n".to_owned();
    for (trust, ward) in TRUSTS.iter().zip(0..).flat_map(|(trust, at)| (0..60_i64).map(move |ward| (trust, ward + at)))
    {
        let done = [30, 12, 29, 22, 7, 30, 25][usize::try_from(ward * 5 % 7).unwrap()];
        writeln!(rows, "{trust},{},30,{done}", show_date(days_from_date(2025, 1, 1).unwrap() + ward * 6)).unwrap();
    }
    let map = "missing=[\"\"]\n[labels]\ntrust={column=\"trust\"}\n[facts]\ndue={column=\"due\"}\ndone={column=\"done\"}\nday={column=\"day\",format=\"%Y-%m-%d\"}\n";
    let audit = audited(RETURNS, map, &rows, "2026-01-31T00:00:00Z", true);
    let measure = audit.measure("doses");
    let funnel = measure.funnel.as_ref().unwrap();
    assert!(funnel.differ.is_some_and(|p| p > 0.05) && funnel.method.contains("Rao & Scott 1992"), "{funnel:#?}");
    // By hand: each of 360 wards has 30, so the standard error is that of the mean of wards.
    let done = [30.0, 12.0, 29.0, 22.0, 7.0, 30.0, 25.0_f64].map(|done| done / 30.0);
    let mean = done.iter().sum::<f64>() / 7.0;
    let sd = (done.iter().map(|done| (done - mean).powi(2)).sum::<f64>() / 7.0).sqrt();
    let rate = measure.total.rate.unwrap();
    let width = 2.0 * 1.96 * sd / 360_f64.sqrt();
    assert!(((rate.high - rate.low) / width - 1.0).abs() < 0.05, "{rate:?} {width}");
    // The same as a sum for every so many.
    let figure = audit.audit().figures[0].total.estimate.unwrap();
    let (low, high) = figure.interval.unwrap();
    assert!(((high - low) / 100.0 / width - 1.0).abs() < 0.1, "{figure:?} {width}");
}

const VALUES: &str = "subject Bill {\n  trust : organisation\n  pounds : integer 0..100000\n  paid : yes/no\n}
measure byval {\n  title \"Paid by value\"\n  of cases where pounds > 0\n  met when paid\n  weighted by pounds\n  unknown left out\n  by trust\n}
measure mean {\n  title \"Mean\"\n  value mean of pounds\n  by trust\n}\n";

/// Who has paid nothing, and who has paid all, is compared, by an interval that is none of nothing.
#[test]
fn nothing_and_all_are_compared() {
    let mut rows = "trust,pounds,paid\n".to_owned();
    for (trust, number) in TRUSTS.iter().flat_map(|trust| (0..120_u64).map(move |number| (trust, number))) {
        let paid = match *trust {
            "T1" => false,
            "T2" => true,
            _ => number % 2 == 0,
        };
        let pounds = if *trust == "T6" { 900 } else { 100 + number * 37 % 400 };
        writeln!(rows, "{trust},{pounds},{}", if paid { "yes" } else { "no" }).unwrap();
    }
    let map = "missing=[\"\"]\n[labels]\ntrust={column=\"trust\"}\n[facts]\npounds={column=\"pounds\"}\npaid={column=\"paid\"}\n";
    let audit = audited(VALUES, map, &rows, "2026-01-31T00:00:00Z", true);
    let figures = &audit.audit().figures;
    let of = |figure: &str, code: &str| {
        let figure = figures.iter().find(|of| of.name == figure).unwrap();
        figure.organisations.iter().find(|of| of.code == code).unwrap().clone()
    };
    let (none, all) = (of("byval", "T1"), of("byval", "T2"));
    let interval = |of: &concord_cli::results::OrganisationFigure| of.value.estimate.unwrap().interval.unwrap();
    let worth = {
        let weights: Vec<f64> = (0..120).map(|number| f64::from(100 + number * 37 % 400)).collect();
        weights.iter().sum::<f64>().powi(2) / weights.iter().map(|w| w * w).sum::<f64>()
    };
    let reach = 1.959_964_f64.powi(2) / worth;
    assert!(interval(&none).0.abs() < 1e-12 && (interval(&none).1 - reach / (1.0 + reach)).abs() < 1e-6, "{none:?}");
    assert!((interval(&all).0 - 1.0 / (1.0 + reach)).abs() < 1e-6 && (interval(&all).1 - 1.0).abs() < 1e-9, "{all:?}");
    assert_eq!([none.place.as_str(), all.place.as_str()], ["below 99.8%", "above 99.8%"]);
    let alike = of("mean", "T6");
    assert!(alike.value.estimate.unwrap().interval.is_none() && alike.place == "above 99.8%", "{alike:?}");
}
