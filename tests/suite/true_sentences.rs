//! Audits that once said wrong sentences, at small numbers and with faulty data: what each must say, through the real command.

mod compared;
mod guarded;
mod misled;
mod protected;
mod read;
mod told;

use crate::cli::{Ran, run};
use crate::packages::TempFolder;
use serde_json::Value;
use std::fmt::Write as _;

/// How the exports of a made-up group are mapped to the authored rule on sepsis.
const MAP: &str = include_str!("samples/group.map.toml");
const HEADER: &str = "case_id,trust,age,activity,timestamp,value\n";

/// An audit that was run.
struct Audited {
    ran: Ran,
    folder: TempFolder,
}

/// Rows by the usual mapping, exact and as of the end of 2026.
fn audited(rows: &str) -> Audited {
    with(MAP, &[("d.csv", &format!("{HEADER}{rows}"))], "2026-12-31T00:00:00Z", true)
}

fn with(map: &str, files: &[(&str, &str)], as_of: &str, exact: bool) -> Audited {
    let folder = TempFolder::new();
    let rules = format!("{}/../rules/acute/sepsis", env!("CARGO_MANIFEST_DIR"));
    let map = folder.write("m.toml", map.as_bytes()).to_str().unwrap().to_owned();
    let out = folder.path("out").to_str().unwrap().to_owned();
    let mut arguments = vec!["audit", &rules, "--map", &map, "--as-of", as_of, "--out", &out];
    let data: Vec<String> =
        files.iter().map(|(name, text)| folder.write(name, text.as_bytes()).to_str().unwrap().to_owned()).collect();
    data.iter().for_each(|file| arguments.extend(["--data", file]));
    if exact {
        arguments.extend(["--no-disclosure-control", "made up"]);
    }
    let ran = run(&arguments);
    Audited { ran, folder }
}

impl Audited {
    #[track_caller]
    fn results(&self) -> Value {
        assert_eq!(self.ran.code, 0, "{}", self.ran.err);
        serde_json::from_str(&self.folder.read("out/results.json")).unwrap()
    }

    /// The verdicts on antibiotics within an hour: met, late, missed, unknown.
    #[track_caller]
    fn verdicts(&self) -> [u64; 4] {
        let verdicts = &self.results()["audits"][0]["obligations"][0]["verdicts"];
        ["met", "late", "missed", "unknown"].map(|name| verdicts[name].as_u64().unwrap())
    }

    /// The measure of this name.
    #[track_caller]
    fn measure(&self, name: &str) -> Value {
        let results = self.results();
        let measures = results["audits"][0]["measures"].as_array().unwrap();
        measures.iter().find(|measure| measure["name"] == name).unwrap().clone()
    }

    /// Where organisations stand in it: by chance alone, and with the usual spread allowed for.
    #[track_caller]
    fn places(&self, name: &str) -> Vec<(String, String, String)> {
        let measure = self.measure(name);
        let word = |o: &Value, name: &str| o[name].as_str().unwrap().to_owned();
        let all = measure["organisations"].as_array().unwrap().iter();
        all.map(|o| (word(o, "code"), word(o, "place"), word(o, "place_adjusted"))).collect()
    }

    #[track_caller]
    fn headlines(&self) -> Vec<String> {
        let results = self.results();
        let all = results["headlines"].as_array().unwrap().iter();
        all.map(|headline| headline["text"].as_str().unwrap().to_owned()).collect()
    }

    /// That it warns of this before the report, and in it.
    #[track_caller]
    fn warns(&self, of: &str) {
        let results = self.results();
        let warnings = results["audits"][0]["data"]["warnings"].as_array().unwrap();
        assert!(warnings.iter().any(|warning| warning.as_str().unwrap().contains(of)), "{of}: {warnings:#?}");
        assert!(self.ran.err.contains(of), "{of}: {}", self.ran.err);
    }

    /// That it is refused, and the last report kept.
    #[track_caller]
    fn refused(&self, why: &str) {
        assert_eq!(self.ran.code, 3, "{}", self.ran.err);
        assert!(self.ran.err.contains(why), "{why}: {}", self.ran.err);
        assert!(!self.folder.path("out").exists() && !self.folder.path("out.partial").exists());
    }
}

/// A patient at a trust: triage on one of many days, and antibiotics so many minutes later, if any.
fn patient(rows: &mut String, number: usize, trust: &str, age: u32, minutes: Option<i64>) {
    let (month, day, hour) = (1 + number % 12, 1 + number % 28, 8 + number % 10);
    writeln!(rows, "p{number},{trust},{age},SepsisTriage,2026-{month:02}-{day:02} {hour:02}:00:00,").unwrap();
    if let Some(minutes) = minutes {
        let at = hour as i64 * 60 + minutes;
        let time = format!("{:02}:{:02}:00", at / 60, at % 60);
        writeln!(rows, "p{number},{trust},{age},Antibiotics,2026-{month:02}-{day:02} {time},").unwrap();
    }
}

/// Trusts with so many patients, of whom so many had antibiotics in time and the others late.
fn group(trusts: &[(&str, usize, usize)]) -> String {
    let (mut rows, mut number) = (String::new(), 0);
    for (trust, patients, in_time) in trusts {
        for place in 0..*patients {
            number += 1;
            patient(&mut rows, number, trust, 70, Some(if place < *in_time { 20 } else { 200 }));
        }
    }
    rows
}
