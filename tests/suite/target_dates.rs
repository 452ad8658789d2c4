//! A target from a day on: what begins before it is not held to it, and the words say the day.

use crate::packages::TempFolder;
use concord_cli::results::{FigureResult, MeasureResult, Results};
use std::fmt::Write as _;

fn rule(targets: &str, by: &str) -> String {
    format!(
        "package sample.targets {{
  version   1.0.0
  title     \"Targets\"
  source    s \"Made up\"
  owner     \"Group\"
  use       audit
  status    draft
  review by 2027-12-31
}}
subject Row {{
  a    : organisation
  on   : date
  days : integer 0..400 days
  good : yes/no
}}
measure dated {{
  title \"Dated\"
  of cases
  met when good
  unknown left out
  {targets}
  by a{by}
}}
measure wait {{
  title \"Wait\"
  of cases
  value percentile 95 of days in bands of 1 days up to 104 days
  lower is better
  target <= 50 days from 2025-07-01
  by a{by}
}}
"
    )
}

const MAP: &str = "package = \"sample.targets\"
version = \"1\"
title = \"Rows\"
[source]
format = \"csv\"
[labels]
a = { column = \"a\" }
[facts]
on = { column = \"on\" }
days = { column = \"days\" }
good = { column = \"good\" }
";

/// Twelve months of 30 cases, 18 of them good until June and 29 from then on, and waits of 200 days until June and 40 from then on.
fn audited(folder: &TempFolder, targets: &str, by: &str) -> (MeasureResult, FigureResult, Vec<String>) {
    std::fs::create_dir_all(folder.path("rules")).unwrap();
    folder.write("rules/targets.concord", rule(targets, by).as_bytes());
    let mut rows = "a,on,days,good\n".to_owned();
    for month in 1..=12 {
        for case in 0..30 {
            let after = month > 6;
            let good = if case < if after { 29 } else { 18 + month % 2 } { "yes" } else { "no" };
            let days = if after { 40 } else { 200 };
            writeln!(rows, "{},2025-{month:02}-{:02},{days},{good}", ["A", "B"][case % 2], case % 28 + 1).unwrap();
        }
    }
    let path = |name: &str| folder.path(name).to_str().unwrap().to_owned();
    folder.write("rows.csv", rows.as_bytes());
    folder.write("map.toml", MAP.as_bytes());
    let [rules, map, data, out] = ["rules", "map.toml", "rows.csv", "out"].map(path);
    crate::cli::audited([&rules, &map, &data, &out], "2026-01-31T00:00:00Z", &[]);
    let results: Results = serde_json::from_str(&folder.read("out/results.json")).unwrap();
    let said = results.headlines.iter().map(|headline| headline.text.clone()).collect();
    let audit = results.audits.into_iter().next().unwrap();
    (audit.measures[0].clone(), audit.figures[0].clone(), said)
}

#[test]
fn a_target_counts_from_its_day_on() {
    let folder = TempFolder::new();
    let (measure, figure, said) = audited(&folder, "target >= 90 % from 2025-07-01", ", month of on");
    let since = measure.standing.since.unwrap();
    assert_eq!((since.numerator, since.denominator), (174, 180));
    assert_eq!((measure.standing.reached, measure.standing.periods), (Some(true), [6, 0, 0]));
    let target = measure.target.clone().unwrap();
    assert_eq!((target.text.as_str(), target.from.as_deref()), ("at least 90% from 1 July 2025", Some("2025-07-01")));
    let chart = measure.chart.unwrap();
    assert_eq!((chart.before_target, chart.held().len()), (Some(6), 6));
    // The limits of a chart say nothing of what comes while the latest periods lie beyond them.
    assert_ne!(chart.assurance.as_deref(), Some("consistently fails"));
    let headline = said.iter().find(|text| text.starts_with("Dated: ")).unwrap();
    let wanted = "96.7% (174 of 180) since its target came into force, which meets the target of at least 90% from 1 July 2025; 6 of 6 periods reached it.";
    assert!(headline.contains(wanted), "{headline}");
    assert!(folder.read("out/measures.csv").lines().nth(1).unwrap().contains("2025-07-01,174,180,0.966"));
    let html = folder.read("out/report.html");
    assert!(html.contains("since it came into force (174 of 180)"), "the card says of what");
    // A figure likewise: 40 days from July on, and more than 104 of all.
    assert!(
        figure.total.estimate.unwrap().at_least && figure.total.estimate.unwrap().value == 104.0,
        "{:?}",
        figure.total
    );
    assert!((figure.since.unwrap().estimate.unwrap().value - 40.95).abs() < 1e-9, "{:?}", figure.since);
    let headline = said.iter().find(|text| text.starts_with("Wait: ")).unwrap();
    assert!(headline.contains("since its target came into force, which meets the target of"), "{headline}");
    assert!(html.contains("at least 104.0 days"), "the open band");
}

#[test]
fn a_target_that_counts_for_all_says_no_day() {
    let folder = TempFolder::new();
    let (measure, _, said) = audited(&folder, "target >= 90 % from 2024-07-01", ", month of on");
    assert!(measure.standing.since.is_none() && measure.chart.unwrap().before_target.is_none());
    assert_eq!(measure.target.unwrap().text, "at least 90%");
    assert!(said.iter().any(|text| text.contains("6 of 12 periods reached it")), "{said:?}");
    // Of cases without a period nobody can tell: the day is said.
    let (measure, ..) = audited(&folder, "target >= 90 % from 2024-07-01", "");
    assert_eq!(measure.target.unwrap().text, "at least 90% from 1 July 2024");
    // One that no period reaches yet is not held against the total.
    let (measure, _, said) = audited(&folder, "target >= 90 % from 2026-01-15", ", month of on");
    assert_eq!((measure.standing.reached, measure.standing.periods), (None, [0, 0, 0]));
    let chart = measure.chart.unwrap();
    assert!(chart.held().is_empty() && chart.assurance.is_none());
    let headline = said.iter().find(|text| text.starts_with("Dated: ")).unwrap();
    assert!(
        headline
            .contains("the target is at least 90% from 15 January 2026, and of the periods since there is no rate."),
        "{headline}"
    );
}
