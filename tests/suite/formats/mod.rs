//! Every form of file that is read: the same patients give the same results, whatever form they come in.

mod bare;
mod broken;
mod bulk;
mod bulk_meant;
mod cut;
pub mod hl7;
mod hl7_whose;
mod joined;
mod ocel;
mod parquet;
mod random;
mod refused_values;
mod results;
mod times;
mod xes;

use crate::cli::run;
use crate::packages::{TempFolder, authored, data_file};
use concord_cli::data::case_out::case_out;
use concord_cli::data::read::{ReadOptions, load_mapping, read_export};
use concord_engine::values::calendar::read_instant;
use serde_json::Value;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

const MAP: &str = include_str!("../../data/sepsis/sepsis.map.toml");

/// Facts of the rule, and the columns that have them.
const FACTS: [(&str, &str); 7] = [
    ("age", "age"),
    ("infection_suspected", "infectionsuspected"),
    ("sirs_2_or_more", "sirscriteria2ormore"),
    ("hypotension", "hypotensie"),
    ("hypoxia", "hypoxie"),
    ("oliguria", "oligurie"),
    ("organ_dysfunction", "disfuncorg"),
];

/// What must be the same, whatever form the file has.
fn audited(map: &str, data: &Path, folder: &TempFolder) -> Value {
    let rules = format!("{}/../rules/acute/sepsis", env!("CARGO_MANIFEST_DIR"));
    audited_by(&rules, map, data, folder, &[])
}

fn audited_by(rules: &str, map: &str, data: &Path, folder: &TempFolder, more: &[&str]) -> Value {
    let map = folder.write("m.toml", map.as_bytes());
    let out = folder.path("out");
    let arguments = ["audit", rules, "--map", map.to_str().unwrap(), "--data", data.to_str().unwrap()];
    let rest = ["--as-of", "2015-12-31T00:00:00+01:00", "--out", out.to_str().unwrap()];
    let ran = run(&[&arguments[..], &rest[..], &["--no-disclosure-control", "published"], more].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    let mut results: Value = serde_json::from_str(&folder.read("out/results.json")).unwrap();
    let data = &mut results["audits"][0]["data"];
    for of_the_file in ["files", "mapping_sha256"] {
        assert!(!data[of_the_file].take().is_null());
    }
    results
}

/// The log as texts: its columns, and its rows.
fn log() -> (Vec<String>, Vec<Vec<String>>) {
    let text = std::fs::read_to_string(data_file("sepsis/sepsis.csv")).unwrap();
    let split = |line: &str| line.split(';').map(str::to_owned).collect::<Vec<_>>();
    let mut lines = text.lines().map(split);
    (lines.next().unwrap(), lines.collect())
}

/// Where two results differ first, and how.
fn difference(one: &Value, other: &Value) -> Option<String> {
    let within = |name: &str, one: &Value, other: &Value| difference(one, other).map(|what| format!("{name}/{what}"));
    match (one, other) {
        (Value::Object(fields), Value::Object(others)) if fields.len() == others.len() => {
            fields.iter().find_map(|(name, field)| within(name, field, others.get(name).unwrap_or(&Value::Null)))
        }
        (Value::Array(items), Value::Array(others)) if items.len() == others.len() => {
            let mut pairs = items.iter().zip(others).enumerate();
            pairs.find_map(|(place, (item, other))| within(&place.to_string(), item, other))
        }
        _ => (one != other).then(|| format!(": {one} and {other}")),
    }
}

fn of_format(format: &str, more: &[(&str, &str)]) -> String {
    let map = MAP.replace("format    = \"csv\"", &format!("format    = {format:?}"));
    more.iter().fold(map, |map, (from, to)| {
        assert!(map.contains(from), "{from}");
        map.replace(from, to)
    })
}

fn written(folder: &TempFolder, name: &str, text: &str) -> PathBuf {
    folder.write(name, text.as_bytes())
}

/// A JSON object a row, without what is missing.
fn json_lines() -> String {
    let (names, rows) = log();
    let mut text = String::new();
    for row in rows {
        let here = names.iter().zip(row).filter(|(name, value)| *name == "case_id" || value != "NA");
        let object: serde_json::Map<String, Value> = here.map(|(name, value)| (name.clone(), value.into())).collect();
        writeln!(text, "{}", Value::Object(object)).unwrap();
    }
    text
}

/// An event log.
fn xes() -> String {
    let (names, rows) = log();
    let mut text = "<?xml version=\"1.0\"?>\n<log>\n".to_owned();
    for case in rows.chunk_by(|one, next| one[0] == next[0]) {
        writeln!(text, "<trace><string key=\"concept:name\" value=\"{}\"/>", case[0][0]).unwrap();
        for row in case {
            text.push_str("<event>");
            let here = names.iter().zip(row).skip(1).filter(|(_, value)| *value != "NA");
            here.for_each(|(name, value)| write!(text, "<string key=\"{name}\" value=\"{value}\"/>").unwrap());
            text.push_str("</event>\n");
        }
        text.push_str("</trace>\n");
    }
    text + "</log>\n"
}

#[test]
fn the_same_patients_give_the_same_results_in_every_form() {
    let folder = TempFolder::new();
    let expected = audited(MAP, &data_file("sepsis/sepsis.csv"), &folder);
    let case = [("[\"case_id\"]", "[\"case:concept:name\"]")];
    let csv = std::fs::read_to_string(data_file("sepsis/sepsis.csv")).unwrap();
    let encoded = |name: &str| MAP.replace("delimiter = \";\"", &format!("delimiter = \";\"\nencoding = {name:?}"));
    let wide: Vec<u8> = "\u{feff}".encode_utf16().chain(csv.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(csv.as_bytes()).unwrap();
    let zstd = ruzstd::encoding::compress_to_vec(csv.as_bytes(), ruzstd::encoding::CompressionLevel::Fastest);
    let forms = [
        ("TSV", MAP.replace("\";\"", "\"\\t\""), written(&folder, "log.tsv", &csv.replace(';', "\t"))),
        ("gzip", MAP.to_owned(), folder.write("log.csv.gz", &gzip.finish().unwrap())),
        ("zstd", MAP.to_owned(), folder.write("log.csv.zst", &zstd)),
        ("UTF-16", encoded("utf-16"), folder.write("wide.csv", &wide)),
        ("Windows-1252", encoded("windows-1252"), written(&folder, "letters.csv", &csv)),
        ("Parquet", include_str!("../../data/formats/sepsis.map.toml").to_owned(), data_file("formats/sepsis.parquet")),
        ("JSON", of_format("json-lines", &[]), written(&folder, "rows.ndjson", &json_lines())),
        ("XES", of_format("xes", &case), written(&folder, "log.xes", &xes())),
        ("OCEL", ocel::map(), written(&folder, "ocel.json", &ocel::log())),
    ];
    for (name, map, data) in forms {
        let mut found = audited(&map, &data, &folder);
        // Where no zone is overridden, there is no reason why.
        let notes = &mut found["audits"][0]["data"]["notes"];
        if name == "Parquet" {
            assert_eq!(notes[0], "Times are read as Europe/Amsterdam local time.");
            notes[0] = expected["audits"][0]["data"]["notes"][0].clone();
        }
        assert_eq!(difference(&found, &expected), None, "{name}");
    }
}

/// A case on each line: what was read of its rows is not, and so is not told; all that is made of cases is the same.
#[test]
fn the_same_patients_give_the_same_results_as_cases() {
    let folder = TempFolder::new();
    let package = authored("acute/sepsis");
    let mapping = load_mapping(&package, &folder.write("rows.toml", MAP.as_bytes())).unwrap();
    let as_of = read_instant("2015-12-31T00:00:00+01:00").unwrap();
    let options = ReadOptions { as_of, ..ReadOptions::default() };
    let paths = [data_file("sepsis/sepsis.csv")];
    let export = read_export(&package.plan, &mapping, &paths, &options, &mut |_| {}).unwrap();
    let mut lines = String::new();
    for (id, case) in export.ids.iter().zip(&export.cases) {
        let mut object = case_out(&package.plan, case);
        object["case"] = id.as_str().into();
        writeln!(lines, "{object}").unwrap();
    }
    let expected = audited(MAP, &paths[0], &folder);
    let map = MAP.split("[source]").next().unwrap().to_owned() + "[source]\nformat = \"ndjson\"\n";
    let plain = audited(&map, &written(&folder, "cases.ndjson", &lines), &folder);
    let zstd = ruzstd::encoding::compress_to_vec(lines.as_bytes(), ruzstd::encoding::CompressionLevel::Fastest);
    let packed = audited(&map, &folder.write("cases.ndjson.zst", &zstd), &folder);
    assert_eq!(difference(&packed, &plain), None);
    // Cases that come again, otherwise and alike, and lines that are none: as many files as it takes give the same.
    let mut first = lines.lines().next().unwrap().to_owned();
    let again = format!("{lines}{first}\n");
    first = first.replacen("\"age\":85", "\"age\":84", 1);
    let mut odd = format!("{first}\n{{\"case\":\"\"}}\n{{}}\n[]\n{{\"case\":7}}\n{again}").into_bytes();
    odd.extend(b"{\"case\":\"\xff\"}\n");
    let odd = folder.write("odd.ndjson", &odd);
    let rules = format!("{}/../rules/acute/sepsis", env!("CARGO_MANIFEST_DIR"));
    let held = audited_by(&rules, &map, &odd, &folder, &["--memory", "1G"]);
    let refused = folder.read("out/rejects-1-acute.sepsis.csv");
    let apart = audited_by(&rules, &map, &odd, &folder, &["--memory", "0"]);
    assert_eq!(difference(&apart, &held), None);
    assert_eq!(folder.read("out/rejects-1-acute.sepsis.csv"), refused);
    assert_eq!(held["audits"][0]["data"]["rows_rejected"], 6, "{refused}");
    let (mut found, mut expected) = (plain["audits"][0].clone(), expected["audits"][0].clone());
    for of_rows in ["rows", "rows_used", "notes", "warnings", "mapping"] {
        assert!(!found["data"][of_rows].take().is_null());
        expected["data"][of_rows].take();
    }
    assert_eq!(difference(&found, &expected), None);
}

#[test]
fn the_times_of_a_parquet_file_are_held_against_the_mapping() {
    let folder = TempFolder::new();
    let rules = format!("{}/../rules/acute/sepsis", env!("CARGO_MANIFEST_DIR"));
    let said = |time: &str, name: &str, more: (&str, &str)| {
        let before = MAP.split("[time]").next().unwrap();
        let after = MAP.split("\n[labels]").nth(1).unwrap();
        let map = format!("{before}[time]\n{time}\n[labels]{after}").replace("\"csv\"", "\"parquet\"");
        let map = folder.write("m.toml", map.replace(more.0, more.1).as_bytes());
        let (data, out) = (data_file(&format!("formats/{name}")), folder.path("out"));
        let paths = [map.to_str().unwrap(), data.to_str().unwrap(), out.to_str().unwrap()];
        let ran = run(&[
            "audit",
            &rules,
            "--map",
            paths[0],
            "--data",
            paths[1],
            "--out",
            paths[2],
            "--as-of",
            "2016-01-01T00:00:00Z",
        ]);
        assert_eq!(ran.code, 3, "{}", ran.err);
        ran.err
    };
    let same = ("parquet", "parquet");
    let zone = "zone = \"Europe/Amsterdam\"";
    for (time, name, more, words) in [
        ("zone = \"in text\"", "sepsis.parquet", same, "`timestamp` has times without a zone: name it"),
        (
            &format!("{zone}\nformat = \"%Y-%m-%d %H:%M\""),
            "sepsis.parquet",
            same,
            "`timestamp` has times, and no texts: leave `format` out",
        ),
        (zone, "sepsis.parquet", ("\"activity\"", "\"activities\""), "no column is called `activities`"),
        (
            zone,
            "expected.tsv",
            same,
            "it is no Parquet file, as `format` in [source] says: it seems to be delimited text",
        ),
        (
            "zone = \"in text\"",
            "sepsis.parquet",
            ("\"parquet\"", "\"csv\""),
            "is a Parquet file: say `format = \"parquet\"` in [source]",
        ),
    ] {
        let err = said(time, name, more);
        assert!(err.contains(words), "{words}: {err}");
    }
}
