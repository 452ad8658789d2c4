//! A second file in which rows look things up.

use super::{FACTS, MAP, audited, written};
use crate::packages::{TempFolder, compile, data_file};
use concord_cli::data::read::{Export, ReadError, ReadOptions, load_mapping, read_export};
use concord_engine::plan::case::Datum;
use concord_engine::values::calendar::read_instant;
use std::fmt::Write as _;

/// The facts of each patient in a file of their own.
#[test]
fn the_same_patients_give_the_same_results_in_two_files() {
    let folder = TempFolder::new();
    let (names, rows) = super::log();
    let place = |name: &str| names.iter().position(|own| own == name).unwrap();
    let columns: Vec<usize> = FACTS.iter().map(|(_, column)| place(column)).collect();
    let mut patients = format!("id,{}\n", FACTS.map(|(_, column)| column).join(","));
    for case in rows.chunk_by(|one, next| one[0] == next[0]) {
        let first =
            |at: &usize| case.iter().map(|row| row[*at].as_str()).find(|text| *text != "NA").unwrap_or_default();
        writeln!(patients, "{},{}", case[0][0], columns.iter().map(first).collect::<Vec<_>>().join(",")).unwrap();
    }
    written(&folder, "patients.csv", &patients);
    let mut map = format!("{MAP}\n[join.patients]\nfile = \"patients.csv\"\non = \"case_id\"\nkey = \"id\"\n");
    for (_, column) in FACTS {
        map = map.replace(&format!("{{ column = \"{column}\" }}"), &format!("{{ column = \"patients.{column}\" }}"));
    }
    let found = audited(&map, &data_file("sepsis/sepsis.csv"), &folder);
    assert_eq!(super::difference(&found, &audited(MAP, &data_file("sepsis/sepsis.csv"), &folder)), None);
}

const ROWS: &str = r#"
package = "test.reading"
version = "1"
title   = "A test"
[source]
format  = "csv"
missing = ["NA"]
[case]
columns = ["id"]
[labels]
trust = { column = "wards.trust" }
[facts]
age = { column = "patients.age" }
[join.patients]
file = "patients.csv"
on   = "id"
[join.wards]
file = "wards.csv"
on   = "ward"
key  = "code"
delimiter = ";"
encoding  = "windows-1252"
"#;

fn read(map: &str, patients: &str, more: &[u8]) -> Result<Export, ReadError> {
    let (package, folder) = (compile(include_str!("../samples/case.concord")), TempFolder::new());
    folder.write("patients.csv", patients.as_bytes());
    folder.write("wards.csv", b"code;trust\nW1;T\xe9\nW2;T2\n");
    let mapping = load_mapping(&package, &folder.write("map.toml", map.as_bytes()))?;
    let options = ReadOptions { as_of: read_instant("2026-01-01T00:00:00Z").unwrap(), ..ReadOptions::default() };
    let rows = [b"id,ward\nA,W1\n B ,W2\nC,\n".as_slice(), more].concat();
    read_export(&package.plan, &mapping, &[folder.write("rows.csv", &rows)], &options, &mut |_| {})
}

#[test]
fn what_is_not_found_is_missing_and_told() {
    let export = read(ROWS, "age,id\n71,A\n60,B\n", b"").unwrap();
    assert_eq!(export.ids, ["A", "B", "C"]);
    let of = |case: usize| (export.cases[case].facts[0], export.cases[case].labels[0].as_deref());
    assert_eq!(
        [0, 1, 2].map(of),
        [(Datum::Known(71), Some("Té")), (Datum::Known(60), Some("T2")), (Datum::Missing, None)]
    );
    assert_eq!((export.data.rows_used, export.data.values_rejected), (3, 0));
    for name in ["patients", "wards"] {
        let said = format!("1 row has a key that `{name}` does not, and what is taken from there is not known.");
        assert!(export.told.iter().any(|told| told.weighs && told.exactly() == said), "{:?}", export.told);
    }
}

#[test]
fn a_second_file_that_cannot_be_looked_up_in_is_refused() {
    let patients = "age,id\n71,A\n60,B\n";
    for (map, patients, said) in [
        (
            ROWS.to_owned(),
            "age,id\n71,A\n60,B\n72,A\n",
            "lines 2 and 4 have the same key in `id`: which of them counts cannot be told",
        ),
        (ROWS.to_owned(), "age,id\n71,\n", "line 2 has no key in `id`"),
        (ROWS.to_owned(), "years,id\n71,A\n", "no column is called `age`"),
        (ROWS.to_owned(), "age,id\n71\n", "line 2 has 1 fields, and the header 2"),
        (ROWS.replace("\"patients.csv\"", "\"nowhere.csv\""), patients, "nowhere.csv"),
        (ROWS.replace("patients.age", "age"), patients, "nothing is taken from this file"),
        (ROWS.replace("on   = \"id\"", "on   = \"wards.id\""), patients, "`on` is a column of the rows"),
        (ROWS.replace("on   = \"id\"", "on   = \"number\""), patients, "no column is called `number`"),
    ] {
        let fault = read(&map, patients, b"").unwrap_err().to_string();
        assert!(fault.contains(said), "{said}: {fault}");
    }
}
