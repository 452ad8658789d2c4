//! Shares of what cases weigh, over time: judged as any series of values is, whether or not cases are shown.

use crate::cli::run;
use crate::packages::TempFolder;
use serde_json::Value;
use std::fmt::Write as _;

const RULE: &str = r#"package sample.invoices {
  version   1.0.0
  title     "Invoices"
  source    s "Made up for a test"
  owner     "Standards Group"
  use       operational
  status    draft
  review by 2027-12-31
}

subject Invoice {
  trust    : organisation
  other    : organisation
  received : date
  paid     : yes/no
  amount   : integer 0..1000
}

measure by_value {
  title    "Paid, by value"
  of       cases
  met      when paid
  weighted by amount
  unknown  left out
  by       trust, month of received
}

measure both {
  title    "Paid, shared"
  of       cases
  met      when paid
  shared   by trust 0.5, other 0.5
  unknown  left out
  by       month of received
}
"#;

/// 24 months of 80 invoices at one trust, of which so many are paid.
fn audited(paid: impl Fn(usize) -> usize, more: &[&str]) -> (Value, String) {
    let folder = TempFolder::new();
    let mut rows = "trust,other,received,paid,amount\n".to_owned();
    for month in 0..24 {
        for case in 0..80 {
            let is_paid = if case < paid(month) { "yes" } else { "no" };
            let (year, of_year) = (2024 + month / 12, month % 12 + 1);
            writeln!(rows, "A,B,{year}-{of_year:02}-10,{is_paid},{}", 10 + case % 7).unwrap();
        }
    }
    let facts = "received = { column = \"received\", format = \"%Y-%m-%d\" }\npaid = { column = \"paid\", values = { yes = \"yes\", no = \"no\" } }\n\
                 amount = { column = \"amount\" }";
    let mapping = format!(
        "package = \"sample.invoices\"\nversion = \"1.0.0\"\ntitle = \"Rows\"\n[source]\nformat = \"csv\"\n[facts]\n{facts}\n[labels]\n\
         trust = {{ column = \"trust\" }}\nother = {{ column = \"other\" }}\n"
    );
    let paths = [("rule.concord", RULE), ("map.toml", &mapping), ("rows.csv", &rows)]
        .map(|(name, text)| folder.write(name, text.as_bytes()).to_str().unwrap().to_owned());
    let out = folder.path("report").to_str().unwrap().to_owned();
    let [rule, map, data] = &paths;
    let own = ["audit", rule, "--data", data, "--map", map, "--as-of", "2026-01-01T00:00:00Z", "--json", "--out", &out];
    let ran = run(&[&own[..], more].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    let results: Value = serde_json::from_str(&ran.out).unwrap();
    (results["audits"][0].clone(), folder.read("report/report.html"))
}

fn chart<'a>(audit: &'a Value, name: &str) -> &'a Value {
    &audit["figures"].as_array().unwrap().iter().find(|figure| figure["name"] == name).unwrap()["chart"]
}

const EXACT: [&str; 2] = ["--no-disclosure-control", "made up"];

/// The last month collapses: that is a special cause in both, by individuals, and none of either is said to be rare.
#[test]
fn what_cases_weigh_is_judged_over_time() {
    let paid = |month: usize| if month == 23 { 20 } else { 58 + month * 5 % 7 };
    for more in [&EXACT[..], &[]] {
        let (audit, page) = audited(paid, more);
        for name in ["by_value", "both"] {
            let chart = chart(&audit, name);
            assert!(chart["not_judged"].is_null(), "{name} {more:?}: {chart}");
            assert!(chart["method"].as_str().unwrap().starts_with("XmR chart"), "{chart}");
            let last = chart["points"].as_array().unwrap().last().unwrap();
            assert_eq!(last["special_cause"], "outside limits", "{name} {more:?}: {chart}");
        }
        // Nothing says that none of the cases is paid.
        assert!(!page.contains(">0 of 80<") && !page.contains(", 0 of 80"), "the page says that none is paid");
        assert!(page.contains("80 cases"), "the page does not say how many cases there are");
    }
}

/// What hardly ever fails is rare, counted by cases and not by what they weigh.
#[test]
fn what_is_rare_is_so_whatever_it_weighs() {
    for more in [&EXACT[..], &[]] {
        let (audit, _) = audited(|month| if month % 6 == 0 { 79 } else { 80 }, more);
        for name in ["by_value", "both"] {
            let said = chart(&audit, name)["not_judged"].as_str().unwrap_or_default().to_owned();
            let told = if more.is_empty() { !said.is_empty() } else { said.starts_with("too rare for this chart") };
            assert!(told, "{name} {more:?}: {}", chart(&audit, name));
        }
    }
}
