//! Exports that are no delimited text, or have no header: profiled by their keys and columns, or refused in words, and never with a value of a row.

use crate::cli::{Ran, run};
use crate::packages::{TempFolder, data_file};
use serde_json::Value;
use std::fmt::Write as _;

const RULE: &str = "package sample.stays {
  version 1.0.0
  title \"Stays\"
  source s \"Made up\"
  owner \"Group\"
  use audit
  status draft
  review by 2029-12-31
}
subject Patient {
  trust : organisation
  born  : date
  event Triage
  event Stay : span
}
obligation out \"Out in 4 days\" {
  from first Triage
  expect no Stay where length > 96 h
}
";

fn profiled(name: &str, bytes: &[u8], more: &[&str]) -> Ran {
    let folder = TempFolder::new();
    let file = folder.write(name, bytes);
    let rule = folder.write("stays.concord", RULE.as_bytes());
    let more: Vec<&str> =
        more.iter().map(|word| if *word == "RULE" { rule.to_str().unwrap() } else { *word }).collect();
    run(&[&["profile", file.to_str().unwrap()][..], &more].concat())
}

/// 40 patients, each with a triage and a stay; of every fourth the stay goes on.
fn rows() -> Vec<[String; 6]> {
    let mut rows = Vec::new();
    for case in 0..40 {
        let (id, trust, born) = (format!("p{case:03}"), format!("T{}", case % 2), format!("19{:02}-05-01", 40 + case));
        let end = if case % 4 == 0 { "none".to_owned() } else { format!("2025-06-{:02}T20:00:00Z", case % 20 + 4) };
        let at = |hour: usize| format!("2025-06-{:02}T{hour:02}:15:00Z", case % 20 + 1);
        rows.push([id.clone(), trust.clone(), "Triage".to_owned(), at(9), String::new(), born]);
        rows.push([id, trust, "Stay".to_owned(), at(11), end, String::new()]);
    }
    rows
}

const NAMES: [&str; 6] = ["case", "trust", "what", "at", "end", "born"];

fn csv(header: bool) -> String {
    let mut text = if header { NAMES.join(",") + "\n" } else { String::new() };
    rows().iter().for_each(|row| writeln!(text, "{}", row.join(",")).unwrap());
    text
}

#[test]
fn what_goes_on_is_not_drafted_as_an_end_that_nobody_knows() {
    let ran = profiled("stays.csv", csv(true).as_bytes(), &["--map", "RULE"]);
    let draft = ran.out;
    assert!(
        draft.contains(
            "# settle: \"none\" in \"end\": does it go on there (none = [\"none\"]), or is its end not known"
        ),
        "{draft}"
    );
    assert!(draft.contains("where \"end\" is empty the end counts as not known"), "{draft}");
    assert!(draft.contains("end = { column = \"end\", missing = [\"\"] }"), "{draft}");
    // As it stands, such values are refused, and that is told; settled, the stays go on.
    let folder = TempFolder::new();
    let rule = folder.write("stays.concord", RULE.as_bytes());
    let data = folder.write("stays.csv", csv(true).as_bytes());
    let refused = |draft: &str| {
        let (map, out) = (folder.write("m.toml", draft.as_bytes()), folder.path("out"));
        let [rule, map, data, out] = [&rule, &map, &data, &out].map(|path| path.to_str().unwrap());
        crate::cli::audited([rule, map, data, out], "2025-07-31T00:00:00Z", &[]);
        let results: Value = serde_json::from_str(&folder.read("out/results.json")).unwrap();
        results["audits"][0]["data"]["values_rejected"].as_u64().unwrap()
    };
    assert_eq!(refused(&draft), 10);
    assert_eq!(refused(&draft.replace("missing = [\"\"] }", "missing = [\"\"], none = [\"none\"] }")), 0);
}

#[test]
fn objects_of_json_are_profiled_by_their_keys() {
    let mut text = String::new();
    for row in rows() {
        let [id, trust, what, at, end, born] = row;
        let object = serde_json::json!({ "case": id, "site": { "trust": trust }, "what": what, "at": at, "end": end, "born": born, "tags": ["x"] });
        writeln!(text, "{object}").unwrap();
    }
    let ran = profiled("rows.ndjson", text.as_bytes(), &[]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    for part in [
        "rows.ndjson: 80 rows, 6 columns, an object of JSON on each line",
        "not read, as they hold lists or what has no text: tags",
        "`case` names the case, `what` says what happened and `at` when",
        "site.trust",
        "codes: Stay 40, Triage 40",
    ] {
        assert!(ran.out.contains(part), "{part}: {}", ran.out);
    }
    assert!(!ran.out.contains("p001") && !ran.out.contains("1941-05-01"), "{}", ran.out);
    let draft = profiled("rows.ndjson", text.as_bytes(), &["--map", "RULE"]).out;
    assert!(
        draft.contains("format    = \"json-lines\"") && draft.contains("trust = { column = \"site.trust\" }"),
        "{draft}"
    );
    // Cut in the midst of a line, with a line that is none.
    let ran = profiled(
        "rows.ndjson",
        format!("{text}[1]\n{{\"case\": \"p999\", \"bor").as_bytes(),
        &["--no-disclosure-control", "made up"],
    );
    assert!(ran.out.contains("2 lines are no object of JSON"), "{}", ran.out);
}

#[test]
fn what_has_nothing_to_map_is_refused_in_words() {
    let case = "{\"case\": \"p1\", \"born\": \"1941-05-01\", \"events\": [{\"event\": \"Triage\", \"at\": \"2025-06-01T09:15:00Z\"}]}\n";
    let fhir = "{\"resourceType\":\"Patient\",\"id\":\"p1\",\"birthDate\":\"1941-05-01\"}\n";
    let hl7 = "MSH|^~\\&|PAS|T1|||201501050900||ADT^A01|1|P|2.4\rPID|1||p1||||19410501\r";
    let ocel = "{\"objectTypes\":[],\"eventTypes\":[],\"objects\":[{\"id\":\"p1\",\"type\":\"Visit\"}],\"events\":[]}";
    for (name, text, words) in [
        ("cases.ndjson", case, "nothing of it is to be mapped: a mapping says `format = \"ndjson\"` in [source]"),
        ("Patient.ndjson", fhir, "a mapping says `format = \"fhir\"` in [source]"),
        ("messages.hl7", hl7, "places such as PID-3.1 and OBX-5"),
        ("log.json", ocel, "`format = \"ocel\"` in [source]"),
        ("list.json", "[\n {\"case\": \"p1\"}\n]\n", "it seems to be JSON, and not an object on each line"),
        ("pretty.json", "{\n \"case\": \"p1\"\n}\n", "it seems to be JSON, and not an object on each line"),
        (
            "page.xml",
            "<?xml version=\"1.0\"?>\n<patients><patient id=\"p1\"/></patients>",
            "it seems to be XML, of which only event logs are read",
        ),
    ] {
        for more in [&[][..], &["--map", "RULE"]] {
            let ran = profiled(name, text.as_bytes(), more);
            assert_eq!(ran.code, 3, "{name}: {}{}", ran.out, ran.err);
            assert!(ran.err.contains(words), "{name}: {}", ran.err);
            assert!(!format!("{}{}", ran.out, ran.err).contains("p1"), "{name}: {}{}", ran.out, ran.err);
        }
    }
}

#[test]
fn a_first_row_of_values_is_shown_to_nobody() {
    let ran = profiled("rows.csv", csv(false).as_bytes(), &[]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(
        ran.out.contains(
            "rows.csv: 80 rows, 6 columns, `,` between fields\nits first row has values, and no names of columns"
        ),
        "{}",
        ran.out
    );
    assert!(!ran.out.contains("p000") && !ran.out.contains("1940-05-01"), "{}", ran.out);
    let draft = profiled("rows.csv", csv(false).as_bytes(), &["--map", "RULE"]).out;
    assert!(
        draft.contains(
            "columns   = [\"column 1\", \"column 2\", \"column 3\", \"column 4\", \"column 5\", \"column 6\"]"
        ),
        "{draft}"
    );
    let wide: Vec<u8> = "\u{feff}".encode_utf16().chain(csv(true).encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let draft = profiled("wide.csv", &wide, &["--map", "RULE"]);
    assert!(
        draft.out.contains("encoding  = \"utf-16\"") && draft.out.contains("born = { column = \"born\" }"),
        "{}{}",
        draft.out,
        draft.err
    );
}

#[test]
fn logs_and_parquet_are_profiled_by_their_columns() {
    let mut text = "<?xml version=\"1.0\"?>\n<log>\n".to_owned();
    for pair in rows().chunks(2) {
        write!(
            text,
            "<trace><string key=\"concept:name\" value=\"{}\"/><string key=\"trust\" value=\"{}\"/>",
            pair[0][0], pair[0][1]
        )
        .unwrap();
        for [_, _, what, at, ..] in pair {
            write!(text, "<event><string key=\"concept:name\" value=\"{what}\"/><date key=\"time:timestamp\" value=\"{at}\"/></event>").unwrap();
        }
        text.push_str("</trace>\n");
    }
    text.push_str("</log>\n");
    let ran = profiled("log.xes", text.as_bytes(), &[]);
    for part in [
        "log.xes: 80 rows, 4 columns, an event log in XES",
        "`case:concept:name` names the case, `concept:name` says what happened and `time:timestamp` when",
        "40 cases of up to 7 rows",
    ] {
        assert!(ran.out.contains(part), "{part}: {}{}", ran.out, ran.err);
    }
    let draft = profiled("log.xes", text.as_bytes(), &["--map", "RULE"]).out;
    assert!(draft.contains("format    = \"xes\"") && draft.contains("trust = { column = \"case:trust\" }"), "{draft}");
    let parquet = std::fs::read(data_file("formats/sepsis.parquet")).unwrap();
    let ran = profiled("sepsis.parquet", &parquet, &[]);
    assert!(
        ran.out.contains("sepsis.parquet: 15,215 rows") && ran.out.contains("`case_id` names the case"),
        "{}{}",
        ran.out,
        ran.err
    );
    let draft = profiled("sepsis.parquet", &parquet, &["--map", "RULE"]).out;
    assert!(
        draft.contains("format    = \"parquet\"") && draft.contains("[time]\nzone   = \"Europe/London\""),
        "{draft}"
    );
    let lists = profiled("times.parquet", &std::fs::read(data_file("formats/times.parquet")).unwrap(), &[]);
    assert!(
        lists.out.contains("not read, as they hold lists or what has no text: values.list"),
        "{}{}",
        lists.out,
        lists.err
    );
}

/// Sixty numbers of cases that four trusts use, each for another patient.
#[test]
fn numbers_that_several_organisations_use_are_asked_about() {
    let mut text = "case,trust,what,at\n".to_owned();
    for trust in 0..4 {
        for case in 0..60 {
            for (what, hour) in [("Triage", 9), ("Stay", 11)] {
                writeln!(text, "{case:04},T{trust},{what},2025-06-{:02}T{hour:02}:15:00Z", case % 28 + 1).unwrap();
            }
        }
    }
    let ran = profiled("rows.csv", text.as_bytes(), &["--no-disclosure-control", "made up"]);
    assert!(ran.out.contains("60 different names in `case`, 60 of them at more than one `trust`: 240 cases of up to 2 rows, which stand together, if each names its own"), "{}", ran.out);
    let draft = profiled("rows.csv", text.as_bytes(), &["--map", "RULE"]).out;
    assert!(draft.contains("# settle: several organisations have cases of the same name"), "{draft}");
    let one = profiled(
        "rows.csv",
        text.replace(",T1,", ",T0,").as_bytes(),
        &["--json", "--no-disclosure-control", "made up"],
    );
    let found: Value = serde_json::from_str(&one.out).unwrap();
    assert_eq!(found["cases"]["cases"], 180);
}
