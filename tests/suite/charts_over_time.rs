//! Charts of measures over time, from a definition to the results: limits for each point where denominators differ much, and limits set anew.

use crate::cli::run;
use crate::members::{COLUMNS, RULE};
use crate::packages::{Random, TempFolder};
use concord_cli::results::{ControlChart, Results};
use std::fmt::Write as _;

/// An audit of 16 months; of each, how many cases and how many of them in time.
fn audited(months: impl Fn(usize) -> (usize, usize), rebase: &str) -> ControlChart {
    charted(months, &format!("disclosure = \"off\"\nbecause = \"made up\"\n{rebase}")).unwrap()
}

/// The chart of such an audit, if it has one.
fn charted(months: impl Fn(usize) -> (usize, usize), settings: &str) -> Option<ControlChart> {
    let folder = TempFolder::new();
    std::fs::create_dir_all(folder.path("rules/sample/antibiotics")).unwrap();
    folder.write("rules/sample/antibiotics/antibiotics.concord", RULE.as_bytes());
    folder.write("map.toml", COLUMNS.as_bytes());
    let mut rows = "nr;triaged;given\n".to_owned();
    for month in 0..16 {
        let (cases, in_time) = months(month);
        let date = format!("{:02}/{}", month % 12 + 1, 2025 + month / 12);
        for case in 0..cases {
            let given = if case < in_time { "10:30" } else { "11:30" };
            writeln!(rows, "{month}-{case};10/{date} 10:00;10/{date} {given}").unwrap();
        }
    }
    folder.write("rows.csv", rows.as_bytes());
    let definition = format!(
        "title = \"T\"\noutput = \"report\"\n[[run]]\nrules = \"rules/sample/antibiotics\"\ndata = [\"rows.csv\"]\nmap = \"map.toml\"\n\
         as_of = \"2026-06-30T00:00:00Z\"\n{settings}"
    );
    let path = folder.write("audit.toml", definition.as_bytes());
    let ran = run(&["audit", path.to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let results: Results = serde_json::from_str(&folder.read("report/results.json")).unwrap();
    assert!(folder.read("report/report.html").contains(&results.audits[0].measures[0].id));
    results.audits[0].measures[0].chart.clone()
}

/// Every other month is six times as large: by hand, the limits of 120 cases lie √6 times closer to the mean than those of 20.
#[test]
fn where_denominators_differ_much_each_month_has_its_own_limits() {
    let chart = audited(|month| if month % 2 == 0 { (20, 15 + month % 3) } else { (120, 94 + month % 5) }, "");
    assert!(chart.method.starts_with("p chart") || chart.method.starts_with("p′ chart"), "{}", chart.method);
    let (met, of) =
        chart.points.iter().fold((0, 0), |(met, of), point| (met + point.numerator, of + point.denominator));
    let mean = met as f64 / of as f64;
    assert!((chart.mean - mean).abs() < 1e-12);
    let reach =
        |place: usize| chart.points[place].limits.unwrap().mean - chart.points[place].limits.unwrap().lower.unwrap();
    assert!((reach(0) / reach(1) - 6.0_f64.sqrt()).abs() < 1e-9, "{} {}", reach(0), reach(1));
    if chart.method.starts_with("p chart") {
        assert!((reach(1) - 3.0 * (mean * (1.0 - mean) / 120.0).sqrt()).abs() < 1e-12);
    }
    // Months alike in size keep the usual chart.
    let usual = audited(|month| (60 + month % 3, 45 + month % 4), "");
    assert!(usual.method.starts_with("XmR chart"), "{}", usual.method);
    assert!(usual.points.iter().all(|point| point.limits.is_none()));
}

/// The export begins and ends with a part of a month, less than a quarter of the usual cases: what is told of the change over time begins and ends with the months beside them.
#[test]
fn a_month_at_an_end_with_hardly_a_case_has_no_rate() {
    let of_ends = |at_ends: usize| {
        audited(move |month| if matches!(month, 0 | 15) { (at_ends, 0) } else { (60, 45 + month % 4) }, "")
    };
    let ends = |chart: &ControlChart| {
        let (first, last) = (chart.points.first().unwrap(), chart.points.last().unwrap());
        (first.period.clone(), last.period.clone(), chart.points.len())
    };
    assert_eq!(ends(&of_ends(2)), ("2025-02".to_owned(), "2026-03".to_owned(), 14));
    assert_eq!(ends(&of_ends(10)), ("2025-02".to_owned(), "2026-03".to_owned(), 14));
    assert_eq!(ends(&of_ends(20)), ("2025-01".to_owned(), "2026-04".to_owned(), 16));
}

/// Half are in time before May 2025 and four in five from then on: two stretches, each with the mean of its own months.
#[test]
fn limits_are_set_anew_from_a_day_on() {
    let months = |month: usize| (60, if month < 4 { 30 + month % 2 } else { 48 + month % 3 });
    let rebase = "rebase = [{ from = \"2025-05-01\", because = \"new triage area\" }]\n";
    let chart = audited(months, rebase);
    assert_eq!(chart.rebased, [("2025-05".to_owned(), "new triage area".to_owned())]);
    assert_eq!(chart.mean_of(), ("81.7%".to_owned(), "over the 12 months since May 2025 (before: 50.8%)".to_owned()));
    let means: Vec<f64> = chart.points.iter().map(|point| point.limits.unwrap().mean).collect();
    let mean = |from: usize, to: usize| (from..to).map(|m| months(m).1 as f64 / 60.0).sum::<f64>() / (to - from) as f64;
    assert!((means[0] - mean(0, 4)).abs() < 1e-12 && (means[15] - mean(4, 16)).abs() < 1e-12, "{means:?}");
    assert!(chart.points.iter().all(|point| point.special_cause.is_none()), "{:#?}", chart.points);
    // Without the mark, the step is a signal.
    let whole = audited(months, "");
    assert!(whole.points.iter().any(|point| point.special_cause.is_some()));
}

/// Steps, slopes, months of all sizes, hardly a case at the ends and marks: what is told of rounded counts is told of the exact ones.
#[test]
fn of_rounded_counts_nothing_is_told_that_the_exact_ones_do_not_show() {
    let mut dice = Random::seeded(20_261_203);
    let (mut told, mut each) = (0, 0);
    for number in 0..48 {
        let mut dice = |most: u64| usize::try_from(dice.below(most)).unwrap();
        let (size, varies) = (30 + dice(400), dice(3) == 0);
        let (rate, later, from) = (30 + dice(60), 30 + dice(60), 4 + dice(10));
        let few_at_ends = dice(4) == 0;
        let months: Vec<(usize, usize)> = (0..16)
            .map(|month| {
                let cases = if varies { size / 4 + dice(2 * size as u64) } else { size + dice(9) };
                let cases = if few_at_ends && matches!(month, 0 | 15) { 1 + dice(14) } else { cases };
                let rate = if month < from { rate } else { later };
                let met: usize = (0..cases).filter(|_| dice(100) < rate).count();
                (cases, met)
            })
            .collect();
        let rebase =
            ["", "rebase = [{ from = \"2025-03-01\", because = \"new triage area\" }]\n"][usize::from(number % 5 == 4)];
        let Some(protected) = charted(|month| months[month], rebase) else { continue };
        let exact = audited(|month| months[month], rebase);
        let name = format!("{months:?}\n{protected:#?}\n{exact:#?}");
        assert!(protected.rounded && !exact.rounded, "{name}");
        each += usize::from(exact.method.starts_with('p') && protected.not_judged.is_none());
        for point in protected.points.iter().filter(|point| point.special_cause.is_some()) {
            let same =
                exact.points.iter().find(|other| other.period == point.period).unwrap_or_else(|| panic!("{name}"));
            assert_eq!(point.direction, same.direction, "{}: {name}", point.period);
            told += 1;
        }
        if let Some((lower, upper)) = protected.lower.zip(protected.upper).filter(|_| exact.not_judged.is_none()) {
            assert!(lower <= exact.lower.unwrap() + 1e-9 && upper >= exact.upper.unwrap() - 1e-9, "{name}");
        }
        assert!(protected.latest_cause().is_none() || protected.variation == exact.variation, "{name}");
    }
    assert!(told >= 40 && each >= 3, "{told} {each}");
}

/// Fifteen months without a failure, and then twelve in one: rates of so few are not judged, and the month is told. Two in one month are chance.
#[test]
fn a_month_of_failures_stands_out_where_there_are_hardly_any() {
    let chart = |failures: usize| audited(move |month| (30, if month == 15 { 30 - failures } else { 30 }), "");
    let collapse = chart(12);
    let why = collapse.not_judged.as_deref().unwrap();
    assert!(
        why.starts_with("too rare for this chart") && why.ends_with("more often than chance has it in Apr 2026"),
        "{why}"
    );
    let out: Vec<_> = collapse.points.iter().filter(|point| point.special_cause.is_some()).collect();
    assert_eq!(out.len(), 1, "{out:#?}");
    assert_eq!((out[0].period.as_str(), out[0].direction.as_deref()), ("2026-04", Some("concern")));
    assert!(chart(2).points.iter().all(|point| point.special_cause.is_none()));
}

/// Sixteen months from January 2025: the latest is April 2026, and the earliest April stands four points on from the first month.
#[test]
fn how_it_went_is_told_from_the_same_month_of_the_year() {
    let chart = audited(|month| (200, if month % 12 < 3 { 120 } else { 160 }), "");
    let (first, last) = chart.ends().unwrap();
    assert_eq!((first.period.as_str(), last.period.as_str()), ("2025-04", "2026-04"));
    assert_eq!(first.value, last.value);
}

/// Winters far below summers: most months are special cause, and the limits foretell none. Of a stable process they do.
#[test]
fn limits_of_what_is_not_stable_foretell_nothing() {
    let seasons = audited(|month| (2_000, if month % 12 < 6 { 1_200 } else { 1_700 } + month % 3), "");
    let special = seasons.points.iter().filter(|point| point.special_cause.is_some()).count();
    assert!(special * 3 >= seasons.points.len() && seasons.unstable() == Some(special), "{special}");
    let stable = audited(|month| (60 + month % 3, 45 + month % 4), "");
    assert_eq!(stable.unstable(), None);
}
