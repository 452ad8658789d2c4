//! How files are packed and encoded, how many are named at once, and which are not read.

use super::{EVENTS, HEADER, package};
use crate::packages::TempFolder;
use concord_cli::data::read::{Export, ReadError, ReadOptions, load_mapping, read_export};
use concord_engine::values::calendar::read_instant;
use std::path::PathBuf;

fn row(id: &str) -> String {
    format!("{id};Triage;2015-01-05T09:00:00Z;Zürich;71;;;\n")
}

fn read(map: &str, paths: &[PathBuf]) -> Result<Export, ReadError> {
    let (package, beside) = (package(), TempFolder::new());
    let mapping =
        load_mapping(&package, &beside.write("map.toml", map.as_bytes())).unwrap_or_else(|error| panic!("{error}"));
    let options = ReadOptions { as_of: read_instant("2026-01-01T00:00:00Z").unwrap(), ..ReadOptions::default() };
    read_export(&package.plan, &mapping, paths, &options, &mut |_| {})
}

fn in_utf16(text: &str, bytes_of: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes_of).collect()
}

#[test]
fn every_encoding_and_packing_gives_the_same_cases() {
    let text = format!("{HEADER}{}{}", row("Ä1"), row("🙂2"));
    let marked = format!("\u{feff}{text}");
    let utf16 = EVENTS.replace("rows      =", "encoding = \"utf-16\"\nrows      =");
    let packed = ruzstd::encoding::compress_to_vec(text.as_bytes(), ruzstd::encoding::CompressionLevel::Fastest);
    let (first, second) = text.split_at(40);
    let frames = [first, second]
        .map(|part| ruzstd::encoding::compress_to_vec(part.as_bytes(), ruzstd::encoding::CompressionLevel::Fastest));
    let skipped = [b"\x50\x2a\x4d\x18\x03\x00\x00\x00abc".to_vec(), frames.concat()].concat();
    let files: [(&str, &str, Vec<u8>); 7] = [
        (EVENTS, "data.csv", text.clone().into_bytes()),
        (&utf16, "data.csv", in_utf16(&marked, u16::to_le_bytes)),
        (&utf16, "data.csv", in_utf16(&marked, u16::to_be_bytes)),
        (&utf16, "data.csv", in_utf16(&text, u16::to_le_bytes)),
        (EVENTS, "data.csv.zst", packed.clone()),
        (EVENTS, "data.csv", packed),
        (EVENTS, "data.csv.zst", skipped),
    ];
    for (map, name, bytes) in files {
        let folder = TempFolder::new();
        let path = folder.write(name, &bytes);
        let export = read(map, &[path]).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(export.ids, ["Ä1", "🙂2"], "{name}");
        assert_eq!(export.cases[1].labels[0].as_deref(), Some("Zürich"));
        assert_eq!(export.data.files[0].bytes, bytes.len() as u64);
    }
}

#[test]
fn a_folder_and_a_pattern_are_the_files_in_them() {
    let folder = TempFolder::new();
    for name in ["b.csv", "a.csv", "c.txt", ".hidden.csv"] {
        folder.write(name, format!("{HEADER}{}", row(name)).as_bytes());
    }
    let ids = |path: PathBuf| read(EVENTS, &[path]).map(|export| export.ids);
    assert_eq!(ids(folder.path("*.csv")).unwrap(), ["a.csv", "b.csv"]);
    assert_eq!(ids(folder.path("?.*")).unwrap(), ["a.csv", "b.csv", "c.txt"]);
    assert_eq!(ids(folder.path("")).unwrap(), ["a.csv", "b.csv", "c.txt"]);
    let fault = ids(folder.path("*.tsv")).unwrap_err().to_string();
    assert!(fault.ends_with("no file fits the pattern"), "{fault}");
}

#[test]
fn a_form_that_is_not_read_is_named() {
    let folder = TempFolder::new();
    let utf16 = in_utf16("\u{feff}id;what", u16::to_le_bytes);
    let corrupt = [b"\x28\xb5\x2f\xfd".as_slice(), &[7; 30]].concat();
    let files: [(&str, &[u8], &str); 5] = [
        ("data.parquet", b"PAR1\x15\x04\x15\x10", "is a Parquet file, which is not read"),
        ("data.xlsx", b"PK\x03\x04\x14\x00\x06\x00", "is a ZIP archive or a workbook, which is not read"),
        ("data.xes", b"<?xml version=\"1.0\"?><log/>", "is an XML file, which is not read"),
        ("data.txt", &utf16, "is text in UTF-16: say `encoding = \"utf-16\"`"),
        ("data.csv.zst", &corrupt, "cannot be unpacked"),
    ];
    for (name, bytes, said) in files {
        let path = folder.write(name, bytes);
        let fault = read(EVENTS, &[path]).unwrap_err().to_string();
        assert!(fault.contains(said), "{name}: {fault}");
    }
    // A header may begin with the letters of such a form.
    let text = format!("PAR1;{HEADER}1;{}", row("A"));
    let path = folder.write("plain.csv", text.as_bytes());
    assert_eq!(read(EVENTS, &[path]).unwrap().ids, ["A"]);
}
