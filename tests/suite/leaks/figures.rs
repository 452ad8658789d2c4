//! Figures that are numbers, where the number counts people: of 1 to 7 who make it nothing is told, and others as counts are.

use crate::cli::run;
use crate::packages::TempFolder;
use serde_json::Value;
use std::fmt::Write as _;

const RULE: &str = r#"package sample.deaths {
  version   1.0.0
  title     "Stays"
  source    nice "NICE" unverified
  owner     "Standards Group"
  use       audit
  status    draft
  review by 2027-12-31
}

subject Stay {
  trust : organisation
  age   : integer 0..130 years
  dead  : yes/no
}

define died = if dead then 1 else 0

measure deaths {
  title   "Deaths"
  value   sum of died
  neither is better
  by      trust
}

measure mortality {
  title   "Share that died"
  value   mean of died
  neither is better
  by      trust
}

measure alive {
  title    "Alive, by value"
  of       cases
  met      when not dead
  weighted by 1
  unknown  left out
  by       trust
}

measure age {
  title   "Median age"
  value   median of age
  neither is better
  by      trust
}
"#;

const MAP: &str = "package = \"sample.deaths\"\nversion = \"1.0.0\"\ntitle = \"Rows\"\n[source]\nformat = \"csv\"\n[facts]\nage = { column = \"age\" }\ndead = { column = \"dead\", values = { \"1\" = \"yes\", \"0\" = \"no\" } }\n[labels]\ntrust = { column = \"trust\" }\n";

/// Of each trust, so many stays and deaths.
fn protected(of: &[(&str, usize, usize)]) -> Value {
    let folder = TempFolder::new();
    let mut rows = "trust,age,dead\n".to_owned();
    for (trust, stays, deaths) in of {
        (0..*stays).for_each(|stay| writeln!(rows, "{trust},{},{}", 40 + stay % 50, u8::from(stay < *deaths)).unwrap());
    }
    let text = |name: &str, of: &str| folder.write(name, of.as_bytes()).to_str().unwrap().to_owned();
    let (rule, map, data) = (text("r.concord", RULE), text("m.toml", MAP), text("d.csv", &rows));
    let out = folder.path("out").to_str().unwrap().to_owned();
    let ran = run(&[
        "audit",
        &rule,
        "--data",
        &data,
        "--map",
        &map,
        "--as-of",
        "2026-01-01T00:00:00Z",
        "--json",
        "--out",
        &out,
    ]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    serde_json::from_str::<Value>(&ran.out).unwrap()["audits"][0].take()
}

#[test]
fn a_figure_that_counts_people_is_told_as_counts_are() {
    let audit = protected(&[("A", 60, 5), ("B", 61, 21), ("C", 60, 0), ("D", 60, 55), ("E", 21, 10)]);
    let value = |name: &str, code: &str| -> Option<f64> {
        let figure = audit["figures"].as_array().unwrap().iter().find(|figure| figure["name"] == name).unwrap();
        let all = figure["organisations"].as_array().unwrap();
        let own = all.iter().find(|own| own["code"] == code).unwrap();
        assert!(own["z"].is_null() && own["p"].is_null() && own["q"].is_null(), "{own}");
        own["value"]["estimate"]["value"].as_f64()
    };
    // Five died, and five did not; 21 stays may be 18.
    assert_eq!([value("deaths", "A"), value("mortality", "A"), value("alive", "A")], [None; 3]);
    assert_eq!([value("mortality", "D"), value("alive", "D")], [None; 2]);
    assert_eq!([value("deaths", "E"), value("age", "E")], [None; 2]);
    assert_eq!(value("deaths", "B"), Some(20.0));
    assert_eq!([value("deaths", "C"), value("mortality", "C"), value("alive", "C")], [0.0, 0.0, 1.0].map(Some));
    // 21 of 61 as 20 of 60.
    assert_eq!([value("mortality", "B"), value("alive", "B")], [0.333, 0.667].map(Some));
    // The age that lies nearest, and none between two.
    assert_eq!(value("age", "A").map(f64::fract), Some(0.0));
}
