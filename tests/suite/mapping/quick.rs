//! Rows that are read by their bytes, held to the same rows read one text after the other, as they are where a script hands them on.

use super::{EVENTS, HEADER, package};
use crate::packages::{Random, TempFolder};
use concord_cli::data::read::{Export, ReadOptions, load_mapping, read_export};
use concord_engine::values::calendar::read_instant;

const SCRIPT: &str = "\n[script]\nfile = \"row.rhai\"\n";

/// An export, and what was refused of it.
fn read(folder: &TempFolder, map: &str, rows: &str) -> (Export, Option<String>) {
    let map = folder.write("map.toml", map.as_bytes());
    let data = folder.write("data.csv", rows.as_bytes());
    let rejects = folder.path("rejects.csv");
    let _ = std::fs::remove_file(&rejects);
    let options = ReadOptions {
        rejects: Some(rejects.clone()),
        show_values: true,
        as_of: read_instant("2016-01-01T00:00:00Z").unwrap(),
        ..ReadOptions::default()
    };
    let package = package();
    let mapping = load_mapping(&package, &map).unwrap_or_else(|error| panic!("{error}"));
    let mut export = read_export(&package.plan, &mapping, &[data], &options, &mut |_| {}).unwrap();
    export.data.mapping_sha256.clear();
    (export, std::fs::read_to_string(rejects).ok())
}

#[test]
fn the_same_bytes_say_something_else_where_columns_stand_in_another_order() {
    let rows = |header: &str, cases: [&str; 2]| {
        let row = |id: &str, minute: usize| format!("{id};Lactate;2015-01-05T09:0{minute}:00Z;X;30;NA;NA;20\n");
        let rows = cases.iter().flat_map(|id| (0..3).map(|minute| row(id, minute)));
        format!("{header}{}", rows.collect::<String>())
    };
    let one = rows(HEADER, ["A", "B"]);
    let other = rows("id;what;when;org;lac;o2;pall;age\n", ["C", "D"]);
    let cases = |files: &[(&str, &[u8])]| super::read(EVENTS, files, true).0.unwrap().cases;
    let both = cases(&[("1.csv", one.as_bytes()), ("2.csv", other.as_bytes())]);
    let alone = [cases(&[("1.csv", one.as_bytes())]), cases(&[("2.csv", other.as_bytes())])];
    assert_eq!(both, alone.concat());
    assert_ne!(alone[0], alone[1]);
}

#[test]
fn a_row_is_read_alike_by_its_bytes_and_by_its_texts() {
    let ids = ["A", "A", "A", "A", "B", "A ", "\u{a0}A", "", "Jos\u{e9}"];
    let whats = [
        "Triage",
        "Triage",
        "Lactate",
        "Lactate",
        "Lactate",
        "Intake",
        "Bill",
        " Triage",
        "Lactate\u{200b}",
        "Discharge",
        "",
    ];
    let whens = [
        "2015-01-05T09:00:00Z",
        "2015-01-05T09:30:01Z",
        "2015-01-06T00:00:00Z",
        "2015-07-06T23:59:59Z",
        " 2015-01-05T09:00:00Z",
        "2015-01-05T9:00:00Z",
        "2015-01-05T09:60:00Z",
        "2015-02-29T09:00:00Z",
        "2015-03-29T02:30:00Z",
        "2015-10-25T02:30:00Z",
        "1815-01-05T09:00:00Z",
        "2200-01-01T12:00:00Z",
        "\0\0\0\0-\0\0-\0\0T09:00:00Z",
        "NA",
        "",
    ];
    let orgs = ["X", "X", "X", "X", "X ", "Y", "NA", ""];
    let ages = ["71", "71", "72", "NA", "", " 71", "seventy", "71.0", "9999999", "99999999"];
    let yes_no = ["yes", "no", "NA", ""];
    let palls = ["J", "J", "N", "NA", "", "yes"];
    let lactates = ["2.1", "2.1", "2.10", "0.0000001", "2,1", "<0.5", "-1", "NA", "", "12345678", "1234567"];
    let folder = TempFolder::new();
    folder.write("row.rhai", b"fn row(r) { r }");
    let mut random = Random::seeded(5);
    let (mut used, mut refused) = (0, 0);
    for round in 0..60 {
        let mut rows = HEADER.to_owned();
        // Every second file is as most are: each case by itself, at one place.
        let tidy = round % 2 == 0;
        for number in 0..40 {
            let (own, place) = (format!("P{}", number / 8), format!("X{}", number / 16));
            let id = if tidy { own.as_str() } else { random.one_of(&ids) };
            let org = if tidy { place.as_str() } else { random.one_of(&orgs) };
            let [what, when] = [&whats[..], &whens].map(|of| random.one_of(of));
            let [age, oxygen, pall, lactate] = [&ages[..], &yes_no, &palls, &lactates].map(|of| random.one_of(of));
            rows.push_str(&format!("{id};{what};{when};{org};{age};{oxygen};{pall};{lactate}\n"));
        }
        let quick = read(&folder, EVENTS, &rows);
        let slow = read(&folder, &format!("{EVENTS}{SCRIPT}"), &rows);
        assert!(quick == slow, "{rows}{quick:#?}{slow:#?}");
        (used, refused) = (used + quick.0.data.rows_used, refused + quick.0.data.rows_rejected);
    }
    assert!(used > 800 && refused > 300, "{used} used, {refused} refused");
}
