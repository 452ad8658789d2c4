//! How files are packed and encoded, how many are named at once, and which are not read.

use super::{EVENTS, HEADER, package};
use crate::packages::TempFolder;
use concord_cli::data::read::{Export, ReadError, ReadOptions, load_mapping, read_export};
use concord_cli::exit::Exit;
use concord_engine::values::calendar::read_instant;
use flate2::{Compression, write::GzEncoder};
use std::io::Write;
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
    for name in ["b.csv", "a.csv", "c.txt", ".hidden.csv", "_notes.csv"] {
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
        ("data.parquet", b"PAR1\x15\x04\x15\x10", "is a Parquet file: say `format = \"parquet\"`"),
        ("data.xlsx", b"PK\x03\x04\x14\x00\x06\x00", "is a ZIP archive or a workbook, which is not read"),
        ("data.xes", b"<?xml version=\"1.0\"?><log/>", "is XML, of which only event logs are read"),
        ("data.txt", &utf16, "is text in UTF-16: say `encoding = \"utf-16\"`"),
        ("data.csv.zst", &corrupt, "cannot be unpacked"),
    ];
    for (name, bytes, said) in files {
        let path = folder.write(name, bytes);
        let fault = read(EVENTS, &[path]).unwrap_err().to_string();
        assert!(fault.contains(said), "{name}: {fault}");
    }
    let bare = in_utf16("id;what;when\n", u16::to_le_bytes);
    for (bytes, said) in [(&b"sep=;\nid;what\n"[..], "`sep=…`, which only Excel reads"), (&bare, "as UTF-16 has")] {
        let fault = read(EVENTS, &[folder.write("data.csv", bytes)]).unwrap_err();
        assert!(fault.exit() == Exit::Data && fault.to_string().contains(said), "{fault}");
    }
    let title = format!("Export of January\n{HEADER}");
    let capitals = HEADER.to_uppercase();
    for (text, said) in [
        (title.as_str(), "its header is its row 2: leave out what stands above it"),
        (&capitals, "capitals count, and in its header `id` is `ID`, "),
        (&row("A"), "where the first line is no header, say `columns = ["),
        ("", "it has no line, not even a header"),
    ] {
        let fault = read(EVENTS, &[folder.write("data.csv", text.as_bytes())]).unwrap_err();
        assert!(fault.exit() == Exit::Data && fault.to_string().contains(said), "{fault}");
        assert!(!fault.to_string().contains("Zürich"), "what a row holds is not told: {fault}");
    }
    // A header may begin with the letters of such a form.
    let text = format!("PAR1;{HEADER}1;{}", row("A"));
    let path = folder.write("plain.csv", text.as_bytes());
    assert_eq!(read(EVENTS, &[path]).unwrap().ids, ["A"]);
}

#[test]
fn a_packed_file_that_is_damaged_is_refused_as_data() {
    let folder = TempFolder::new();
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(format!("{HEADER}{}", row("A").repeat(300)).as_bytes()).unwrap();
    let gzip = gzip.finish().unwrap();
    let mut turned = gzip.clone();
    let middle = gzip.len() / 2;
    turned[middle] ^= 0x55;
    let mut unsummed = gzip.clone();
    let sum = gzip.len() - 6;
    unsummed[sum] ^= 1;
    for (what, bytes) in [("cut", &gzip[..middle]), ("no header", &gzip[..5]), ("turned", &turned), ("sum", &unsummed)]
    {
        let fault = read(EVENTS, &[folder.write("data.csv.gz", bytes)]).unwrap_err();
        assert_eq!(fault.exit(), Exit::Data, "{what}: {fault}");
        assert!(fault.to_string().contains("cannot be unpacked"), "{what}: {fault}");
    }
    // What is not there is not a matter of data.
    assert_eq!(read(EVENTS, &[folder.path("absent.csv.gz")]).unwrap_err().exit(), Exit::Usage);
}

/// The same rows in three forms.
const CSV: &str = "id;what;when;org;age;o2;pall;lac\nA;Triage;2015-01-05T09:00:00Z;Xé;71;true;;\nA;Lactate;2015-01-05T10:00:00Z;Xé;;;;2.1\nB;Intake;;Y & Z;60;;;\n";
const JSON: &str = r#"{"id":"A","what":"Triage","when":"2015-01-05T09:00:00Z","org":"X\u00e9","age":71,"o2":true,"pall":null,"more":[1]}
{"id":"A","what":"Lactate","when":"2015-01-05T10:00:00Z","org":"X\u00e9","lac":2.1}

{"id":"B","what":"Intake","when":"","org":"Y & Z","age":60,"other":{"id":"C"}}
"#;
const XES: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<!-- a log > with a comment -->
<log xes.version="1849.2016" xmlns="http://www.xes-standard.org/">
  <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
  <global scope="event"><string key="what" value="none"/></global>
  <trace>
    <string key="id" value="A"/>
    <event>
      <string key="what" value="Triage"/>
      <date key="when" value="2015-01-05T09:00:00Z"/>
      <string key="org" value="X&#233;"><string key="id" value="of an attribute"/></string>
      <int key="age" value="71"/><boolean key="o2" value="true"/>
    </event>
    <event><string key="what" value='Lactate'/><date key="when" value="2015-01-05T10:00:00Z"/>
      <string key="org" value="X&#xe9;"/><float key="lac" value="2.1"/></event>
  </trace>
  <trace>
    <event><string key="what" value="Intake"/><string key="org" value="Y &amp; Z"/><int key="age" value="60"/><string key="pall" value=""/></event>
    <string key="id" value="B"/>
  </trace>
</log>
"#;

#[test]
fn rows_with_keys_give_the_cases_of_rows_of_csv() {
    let folder = TempFolder::new();
    let of = |format: &str, id: &str| {
        EVENTS.replace("\"csv\"", &format!("{format:?}")).replace("[\"id\"]", &format!("[{id:?}]"))
    };
    let forms = [(EVENTS.to_owned(), CSV), (of("json-lines", "id"), JSON), (of("xes", "case:id"), XES)];
    let read_form = |(map, text): &(String, &str)| {
        let path = folder.write("data", text.as_bytes());
        read(map, &[path]).unwrap_or_else(|error| panic!("{error}"))
    };
    let exports: Vec<Export> = forms.iter().map(read_form).collect();
    for export in &exports[1..] {
        assert_eq!((&export.ids, &export.cases), (&exports[0].ids, &exports[0].cases));
        assert_eq!((export.data.rows, export.data.rows_used), (3, 3));
        assert_eq!(export.data.notes, exports[0].data.notes);
    }
    assert_eq!([4, 4, 21], [0, 1, 2].map(|form: usize| exports[form].data.files[0].lines.unwrap()));
}

#[test]
fn what_no_row_has_is_told_and_a_row_that_cannot_be_read_touches_its_case() {
    let folder = TempFolder::new();
    let map = EVENTS.replace("\"csv\"", "\"json-lines\"");
    let without = read(&map, &[folder.write("data", JSON.replace("\"lac\"", "\"lactate\"").as_bytes())]).unwrap();
    let said = "`lac`, which the mapping names, is in no row.";
    assert!(without.told.iter().any(|told| told.weighs && told.exactly() == said), "{:?}", without.told);
    let wrong = "{\"id\":\"A\",\"what\":[\"Triage\"]}\n{\"id\":\"nobody\",\"what\":{}}\n{\"id\":\n[1]\n";
    let export = read(&map, &[folder.write("data", format!("{JSON}{wrong}").as_bytes())]).unwrap();
    assert_eq!((export.data.rows, export.data.rows_rejected), (7, 4));
    assert_eq!([0, 1].map(|case: usize| export.cases[case].not_supplied & 0b11), [0b11, 0]);
    let xes = EVENTS.replace("\"csv\"", "\"xes\"").replace("[\"id\"]", "[\"case:id\"]");
    let empty = XES.replace("</log>", "<trace><string key=\"id\" value=\"C\"/></trace><trace/></log>");
    let export = read(&xes, &[folder.write("data", empty.as_bytes())]).unwrap();
    let said = "2 traces of the log have no event, and make no case.";
    assert!(export.told.iter().any(|told| told.weighs && told.exactly() == said), "{:?}", export.told);
    assert_eq!(export.ids, ["A", "B"]);
    for (text, said) in [
        (XES.replace("</log>", ""), "in the midst of the log"),
        (XES.replace("</trace>", "</event>"), "`event` ends here and is not open"),
        (XES.replace("<log ", "<!DOCTYPE log><log "), "a document type"),
        (XES.replace("&amp;", "&what;"), "a tag that cannot be read"),
    ] {
        let fault = read(&xes, &[folder.write("data", text.as_bytes())]).unwrap_err();
        assert_eq!(fault.exit(), Exit::Data, "{fault}");
        let fault = fault.to_string();
        assert!(fault.contains(said), "{fault}");
    }
}
