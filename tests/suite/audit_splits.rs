//! Splits that the audit asks for: every measure by deprivation and by ethnicity, though the rule names neither.

use crate::cli::{Ran, run};
use crate::packages::TempFolder;

const RULE: &str = r#"package sample.waits {
  version   1.0.0
  title     "Waits"
  source    s "A source"
  owner     "Standards Group"
  use       operational
  status    draft
  review by 2027-12-31
}

enum Route { urgent, routine }

subject Pathway {
  provider     : organisation
  imd_quintile : optional integer 1..5
  ethnicity    : text
  route        : Route
  waited       : integer 0..500 days
}

measure within_62 {
  title   "Treated within 62 days"
  of      cases
  met     when waited <= 62
  unknown counts against
}
"#;

const MAPPING: &str = r#"package = "sample.waits"
version = "1.0.0"
title   = "Waits"

[source]
format = "csv"

[case]
columns = ["id"]

[facts]
imd_quintile = { column = "imd", none = ["outside England"] }
route        = { column = "route" }
waited       = { column = "waited" }

[labels]
provider  = { column = "provider" }
ethnicity = { column = "ethnicity" }
"#;

/// By quintile: 1 has 1 of 2, 5 has 2 of 2; one lives outside England, of one nothing is recorded.
const ROWS: &str = "id,provider,imd,ethnicity,route,waited
1,RM3,1,Asian or Asian British,urgent,62
2,RM3,1,White,routine,63
3,RM3,5,White,routine,10
4,RRF,5,White,urgent,20
5,RRF,outside England,Asian or Asian British,routine,70
6,RRF,,,urgent,
";

fn audited(extra: &str, arguments: &[&str]) -> (TempFolder, Ran) {
    let folder = TempFolder::new();
    folder.write("waits.concord", RULE.as_bytes());
    folder.write("map.toml", MAPPING.as_bytes());
    folder.write("rows.csv", ROWS.as_bytes());
    let definition = format!(
        "title = \"Waits\"\n[[run]]\nrules = \"waits.concord\"\ndata = [\"rows.csv\"]\nmap = \"map.toml\"\n\
         as_of = \"2026-01-01T00:00:00Z\"\ndisclosure = \"off\"\nbecause = \"invented rows\"\n{extra}"
    );
    let file = folder.write("audit.toml", definition.as_bytes()).to_str().unwrap().to_owned();
    let out = folder.path("report").to_str().unwrap().to_owned();
    let ran = run(&[&["audit", &file, "--json", "--out", &out], arguments].concat());
    (folder, ran)
}

#[test]
fn every_measure_is_split_by_the_facts_that_the_audit_names() {
    let (folder, ran) = audited("split = [\"imd_quintile\", \"ethnicity\", \"route\"]\n", &[]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let results: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let strata = results["audits"][0]["measures"][0]["strata"].as_array().unwrap();
    let told: Vec<String> = strata
        .iter()
        .map(|stratum| {
            let groups = stratum["groups"].as_array().unwrap().iter();
            let groups: Vec<String> = groups
                .map(|g| format!("{} {}/{}", g[0].as_str().unwrap(), g[1]["numerator"], g[1]["denominator"]))
                .collect();
            format!("{}: {}", stratum["title"].as_str().unwrap(), groups.join(", "))
        })
        .collect();
    assert_eq!(
        told,
        [
            "imd quintile: 1 1/2, 5 2/2, none 0/1, not known 0/1",
            "ethnicity: Asian or Asian British 1/2, White 2/3, not known 0/1",
            "route: urgent 2/3, routine 1/3",
        ]
    );
    assert!(folder.read("report/report.html").contains("By ethnicity"));
}

#[test]
fn a_split_that_cannot_be_is_refused_before_anything_is_read() {
    let (_, ran) = audited("split = [\"imd_decile\"]\n", &[]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("no fact of that name; it has provider, ethnicity, imd_quintile, route"), "{}", ran.err);
    let (_, ran) = audited("split = [\"waited\"]\n", &[]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("give its bands in the rule's measure: `by waited band"), "{}", ran.err);
}
