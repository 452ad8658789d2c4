//! What a report uses of a measure beyond its conditions: what members counted by one is not added to what others counted by another, and results
//! of one are not taken up for another.

use crate::cli::run;
use crate::packages::TempFolder;

const RULE: &str = "package sample.meaning {
  version   1.0.0
  title     \"Waits\"
  source    s \"Made up\"
  owner     \"Group\"
  use       audit
  status    draft
  review by 2027-12-31
}
subject Case {
  trust : organisation
  site  : organisation
  on    : date
  age   : integer 0..120 years
  wait  : integer 0..500 days
  beds  : integer 1..9
  good  : yes/no
}
measure share {
  title   \"Good\"
  of      cases where age >= 16
  met     when good
  excused when age > 110 because \"too old\"
  unknown counts against
  target  >= 60 % from 2025-01-01
  by      trust, month of on, age band ..39, 40..64, 65..
}
measure long {
  title   \"Waits\"
  of      cases
  value   median of wait in bands of 7 days up to 104 days
  lower   is better
  by      trust
}
measure weighted {
  of      cases
  met     when good
  weighted by beds
  unknown left out
  by      trust
}
";

const MAP: &str = "package = \"sample.meaning\"
version = \"1\"
title = \"Rows\"
[source]
format = \"csv\"
[labels]
trust = { column = \"trust\" }
site = { column = \"site\" }
[facts]
on = { column = \"on\" }
age = { column = \"age\" }
wait = { column = \"wait\" }
beds = { column = \"beds\" }
good = { column = \"good\" }
";

/// In which one thing is otherwise, and what of.
const OTHERWISE: [(&str, &str, &str); 11] = [
    ("measure `share`", "unknown counts against", "unknown left out"),
    ("measure `share`", "band ..39, 40..64, 65..", "band ..49, 50..64, 65.."),
    ("measure `share`", "target  >= 60 %", "target  >= 20 %"),
    ("measure `share`", "from 2025-01-01", "from 2025-02-01"),
    ("measure `share`", "trust, month of on", "trust, quarter of on"),
    ("measure `share`", "trust, month of on", "month of on, site"),
    ("measure `long`", "median of wait", "percentile 90 of wait"),
    ("measure `long`", "bands of 7 days up to 104", "bands of 7 days up to 52"),
    ("measure `long`", "in bands of 7 days up to 104 days", ""),
    ("measure `long`", "lower   is better", "neither is better"),
    ("measure `weighted`", "weighted by beds", "weighted by wait"),
];

/// What no count depends on.
const ALIKE: [(&str, &str); 3] = [
    ("\"Good\"", "\"Better\""),
    ("measure long {", "// A note.\nmeasure long {"),
    ("\"Waits\"\n  of", "\"Waiting\"\n  of"),
];

fn rows(trust: &str) -> String {
    let mut rows = "trust,site,on,age,wait,beds,good\n".to_owned();
    for case in 0..24 {
        let good = ["yes", "no", ""][case % 3];
        let (age, wait) = (10 + case * 4, case * 9);
        rows += &format!("{trust},{trust}a,2025-{:02}-03,{age},{wait},{},{good}\n", case % 12 + 1, case % 9 + 1);
    }
    rows
}

fn counted(folder: &TempFolder, name: &str, rule: &str) {
    let path = |name: &str| folder.path(name).to_str().unwrap().to_owned();
    std::fs::create_dir_all(folder.path(&format!("{name}/rules"))).unwrap();
    folder.write(&format!("{name}/rules/rule.concord"), rule.as_bytes());
    folder.write(&format!("{name}.csv"), rows(name).as_bytes());
    folder.write("map.toml", MAP.as_bytes());
    let [rules, data, map] =
        [format!("{name}/rules"), format!("{name}.csv"), "map.toml".to_owned()].map(|at| path(&at));
    let [out, tallies] = ["out".to_owned(), format!("{name}.json")].map(|at| path(&at));
    crate::cli::audited([&rules, &map, &data, &out], "2026-01-01T00:00:00Z", &["--tallies", &tallies]);
}

#[test]
fn counts_of_measures_that_mean_another_thing_are_not_added_up() {
    let folder = TempFolder::new();
    let path = |name: &str| folder.path(name).to_str().unwrap().to_owned();
    counted(&folder, "a", RULE);
    let [a, b, rules_a, rules_b, out] = ["a.json", "b.json", "a/rules", "b/rules", "merged"].map(path);
    let merged = |rules: &str| run(&["merge", &a, &b, "--rules", rules, "--report", &out]);
    for (what, from, to) in OTHERWISE {
        let other = RULE.replacen(from, to, 1);
        assert_ne!(other, RULE, "{from}");
        counted(&folder, "b", &other);
        let ran = merged(&rules_a);
        assert_eq!(ran.code, 3, "{from}: {}", ran.err);
        assert!(ran.err.contains(&format!("another {what}")), "{from}: {}", ran.err);
        let ran = run(&["merge", &b, "--rules", &rules_a, "--report", &out]);
        assert_eq!(ran.code, 4, "{from}: {}", ran.err);
    }
    for (from, to) in ALIKE {
        let other = RULE.replacen(from, to, 1);
        assert_ne!(other, RULE, "{from}");
        counted(&folder, "b", &other);
        let ran = merged(&rules_b);
        assert_eq!(ran.code, 0, "{from}: {}", ran.err);
    }
}

#[test]
fn results_by_another_text_are_not_taken_up() {
    let folder = TempFolder::new();
    std::fs::create_dir_all(folder.path("rules")).unwrap();
    folder.write("map.toml", MAP.as_bytes());
    folder.write("first.csv", rows("a").as_bytes());
    let run_of = |data: &str| {
        format!(
            "[[run]]\nrules = \"rules\"\ndata = [\"{data}\"]\nmap = \"map.toml\"\nas_of = \"2026-01-01T00:00:00Z\"\ndisclosure = \"off\"\nbecause = \"x\"\n"
        )
    };
    let text = format!("title = \"Two\"\noutput = \"out\"\n{}{}", run_of("first.csv"), run_of("second.csv"));
    let definition = folder.write("audit.toml", text.as_bytes());
    let resumed = || run(&["audit", definition.to_str().unwrap(), "--resume", "--threads", "1"]);
    let same = [("measure", "share {", "share {")];
    let titles = ALIKE.into_iter().filter(|(from, _)| from.starts_with('"'));
    let alike = titles.map(|(from, to)| ("title", from, to));
    for (what, from, to) in same.into_iter().chain(OTHERWISE).chain(alike) {
        folder.write("rules/rule.concord", RULE.as_bytes());
        folder.write("second.csv", b"nothing\n1\n");
        assert_ne!(resumed().code, 0);
        assert!(folder.path("out.finished/run-1.json").exists());
        folder.write("rules/rule.concord", RULE.replacen(from, to, 1).as_bytes());
        folder.write("second.csv", rows("b").as_bytes());
        let ran = resumed();
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert_eq!(ran.err.contains("taken up"), from == to, "{what}: {from}: {}", ran.err);
    }
}
