//! Exports that were cut off in the midst of a row, where nothing in the form says that there is more; and files of another form than the mapping says.

use super::{MAP, hl7, json_lines, ocel, of_format, xes};
use crate::packages::{TempFolder, authored, data_file};
use concord_cli::data::read::{Export, ReadError, ReadOptions, load_mapping, read_export};
use concord_cli::exit::Exit;

fn read(map: &str, name: &str, bytes: &[u8]) -> Result<Export, ReadError> {
    let (package, folder) = (authored("acute/sepsis"), TempFolder::new());
    let mapping = load_mapping(&package, &folder.write("m.toml", map.as_bytes())).unwrap();
    let path = [folder.write(name, bytes)];
    read_export(&package.plan, &mapping, &path, &ReadOptions::default(), &mut |_| {})
}

/// What is told, before the report, of the end of a file.
fn told(export: &Export) -> Option<String> {
    let of_end = export.told.iter().filter(|told| told.text.contains("may be cut short"));
    let all: Vec<String> =
        of_end.map(|told| format!("{}{}", if told.weighs { "" } else { "not " }, told.text)).collect();
    assert!(all.len() < 2, "{all:?}");
    all.into_iter().next()
}

fn ndjson() -> (String, String) {
    let map = MAP.split("[source]").next().unwrap().to_owned() + "[source]\nformat = \"ndjson\"\n";
    let line = |id: usize| {
        format!(
            "{{\"case\": \"é{id}\", \"age\": 70, \"events\": [{{\"event\": \"Triage\", \"at\": \"2014-01-01T10:00:00Z\"}}]}}\n"
        )
    };
    (map, (0..20).map(line).collect())
}

#[test]
fn a_file_that_ends_in_the_midst_of_a_row_is_told() {
    let csv = std::fs::read_to_string(data_file("sepsis/sepsis.csv")).unwrap();
    let few: String = csv.lines().take(40).map(|line| format!("{line}\r\n")).collect();
    let tabs = MAP.replace("\";\"", "\"\\t\"");
    let json: String = json_lines().lines().take(30).map(|line| format!("{line}\n")).collect();
    let (cases, of_cases) = ndjson();
    for (map, name, text, midst) in [
        (MAP, "log.csv", few.clone(), "a row"),
        (&tabs, "log.tsv", few.replace(';', "\t"), "a row"),
        (&of_format("json-lines", &[]), "log.ndjson", json, "a line"),
        (&cases, "cases.ndjson", of_cases, "a line"),
    ] {
        assert_eq!(told(&read(map, name, text.as_bytes()).unwrap()), None, "{name}");
        let whole = text.trim_end();
        assert_eq!(
            told(&read(map, name, whole.as_bytes()).unwrap()),
            None,
            "{name}: only its last end of a line is not there"
        );
        let last = whole.rfind('\n').unwrap() + 1;
        let expected = format!(
            "`{name}` ends in the midst of {midst}: it may be cut short, and what stood after that is in no figure. Ask for the file again."
        );
        for length in [last + 1, last + 8, whole.len() - whole[last..].len() / 2] {
            let export = read(map, name, &text.as_bytes()[..length]).unwrap();
            assert_eq!(told(&export).as_ref(), Some(&expected), "{name}, {length} bytes");
            assert_eq!(export.data.rows_rejected, 1, "{name}, {length} bytes");
        }
        // Between two rows nobody can tell.
        assert_eq!(told(&read(map, name, &text.as_bytes()[..last]).unwrap()), None, "{name}");
    }
    // A short row in the midst of a file is one of its own faults.
    let short = few.replacen("A;", "A\r\nA;", 1) + "A;ER Triage\r\n";
    assert_eq!(told(&read(MAP, "log.csv", short.as_bytes()).unwrap()), None);
}

#[test]
fn messages_that_end_in_the_midst_of_one_are_told() {
    let of = |text: &str| told(&hl7::read(text.as_bytes()).unwrap());
    let midst = "`messages.hl7` ends in the midst of a message, or of a batch of messages: it may be cut short, and what stood after that is in no figure. Ask for the file again.";
    assert_eq!(of(hl7::MESSAGES), None);
    let plain = "MSH|^~\\&|PAS|T1|||201501050900||ADT^A01|1|P|2.4\rPID|1||A^^^NHS\rMSH|^~\\&|PAS|T1|||201501050900||ADT^A01|1|P|2.4\rPID|1||B";
    assert_eq!(of(plain), None, "no end of a segment, and whole");
    assert_eq!(of(&format!("FHS|^~\\&\rBHS|^~\\&\r{plain}\rBTS|2\rFTS|1\r")), None);
    for cut in [
        &plain[..plain.len() - 3],
        &plain[..plain.len() - 5],
        &format!("\u{b}{plain}\r"),
        &format!("FHS|^~\\&\rBHS|^~\\&\r{plain}\rBTS|2\r"),
        &format!("BHS|^~\\&\r{plain}\r"),
    ] {
        assert_eq!(of(cut).as_deref(), Some(midst), "{cut:?}");
    }
}

#[test]
fn a_file_of_another_form_is_called_what_it_seems() {
    let case = [("[\"case_id\"]", "[\"case:concept:name\"]")];
    let parquet = include_str!("../../data/formats/sepsis.map.toml").to_owned();
    let (cases, of_cases) = ndjson();
    let (json, log) = (of_format("json-lines", &[]), of_format("xes", &case));
    let forms = [
        (
            "csv",
            MAP.to_owned(),
            std::fs::read(data_file("sepsis/sepsis.csv")).unwrap(),
            "delimited text (`format = \"csv\"` in [source])",
        ),
        (
            "json-lines",
            json,
            json_lines().into_bytes(),
            "an object of JSON on each line (`format = \"json-lines\"` in [source])",
        ),
        ("ndjson", cases, of_cases.into_bytes(), "a case as JSON on each line (`format = \"ndjson\"` in [source])"),
        ("xes", log, xes().into_bytes(), "`format = \"xes\"`"),
        ("parquet", parquet, std::fs::read(data_file("formats/sepsis.parquet")).unwrap(), "a Parquet file"),
        ("ocel", ocel::map(), ocel::log().into_bytes(), "an event log of objects (`format = \"ocel\"` in [source])"),
        (
            "hl7",
            of_format("hl7", &[]),
            hl7::MESSAGES.as_bytes().to_vec(),
            "messages of HL7 version 2 (`format = \"hl7\"` in [source])",
        ),
    ];
    for (said, map, ..) in &forms {
        for (is, _, bytes, words) in &forms {
            let both_json = ["json-lines", "ndjson", "ocel"];
            if said == is || both_json.contains(said) && both_json.contains(is) || *said == "hl7" {
                continue;
            }
            let fault = read(map, "file", bytes).map(|_| ()).unwrap_err();
            assert_eq!(fault.exit(), Exit::Data, "{said}, {is}: {fault}");
            assert!(fault.to_string().contains(words), "{said}, {is}: {fault}");
        }
        let workbook = read(map, "file", b"PK\x03\x04\x14\x00\x06\x00\x08\x00").map(|_| ()).unwrap_err();
        assert!(workbook.to_string().contains("a ZIP archive or a workbook"), "{said}: {workbook}");
    }
    let fault = hl7::read(b"case,at\nA,2015\n").unwrap_err().to_string();
    assert!(
        fault.contains("it is no file of HL7 messages, as `format` in [source] says: it seems to be delimited text"),
        "{fault}"
    );
    let page = read(&forms[3].1, "file", b"<html><body>Please log in</body></html>").map(|_| ()).unwrap_err();
    assert!(page.to_string().contains("it is no event log in XES: its first element is another than `log`"), "{page}");
    let cut = std::fs::read(data_file("formats/sepsis.parquet")).unwrap();
    let fault = read(&forms[4].1, "file", &cut[..cut.len() / 2]).map(|_| ()).unwrap_err().to_string();
    assert!(fault.contains("it does not end as Parquet files do, and may be cut short"), "{fault}");
}
