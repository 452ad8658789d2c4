//! Mappings and the reading of exports: nothing is lost in silence, and what is wrong is said with its line.

mod by_code;
mod files;
mod forms;
mod guesses;
mod quick;
mod random;
mod said;
mod several;
mod splitting;
mod times;

use crate::packages::{TempFolder, compile};
use concord_cli::data::read::{Export, ReadError, ReadOptions, load_mapping, read_export};
use concord_engine::plan::case::Datum::{self, Known, Missing};
use concord_engine::plan::case::When;
use concord_engine::plan::{Id, Package};
use concord_engine::values::calendar::read_instant;
use std::io::Write;

const EVENTS: &str = r#"
package = "test.reading"
version = "1"
title   = "A test"
[source]
format    = "csv"
delimiter = ";"
missing   = ["NA", ""]
rows      = "events"
[case]
columns = ["id"]
[time]
format  = "%Y-%m-%dT%H:%M:%SZ"
zone    = "Europe/Amsterdam"
because = "it is local"
[labels]
trust = { column = "org" }
[facts]
age        = { column = "age" }
on_oxygen  = { column = "o2", take = "any" }
palliative = { column = "pall", take = "only", values = { J = "yes", N = "no" } }
[events]
activity = "what"
at       = "when"
left_out = ["Bill"]
[events.map]
"Triage"  = { event = "Triage" }
"Lactate" = { event = "Lactate", fields = { value = { column = "lac" } } }
"Intake"  = {}
"#;
const HEADER: &str = "id;what;when;org;age;o2;pall;lac\n";

fn package() -> Package {
    compile(include_str!("samples/case.concord"))
}

/// Reads an export from texts, each a file of the given name.
fn read(map: &str, files: &[(&str, &[u8])], show_values: bool) -> (Result<Export, ReadError>, TempFolder) {
    read_of(&package(), "2026-01-01T00:00:00Z", map, files, show_values)
}

/// Reads files of a package's cases as asked about at an instant; the folder holds what was refused.
fn read_of(
    package: &Package,
    as_of: &str,
    map: &str,
    files: &[(&str, &[u8])],
    show_values: bool,
) -> (Result<Export, ReadError>, TempFolder) {
    let folder = TempFolder::new();
    let map_path = folder.write("map.toml", map.as_bytes());
    let paths: Vec<_> = files.iter().map(|(name, bytes)| folder.write(name, bytes)).collect();
    let options = ReadOptions {
        rejects: Some(folder.path("rejects.csv")),
        show_values,
        as_of: read_instant(as_of).unwrap(),
        own_as_of: false,
        ..ReadOptions::default()
    };
    let export = load_mapping(package, &map_path)
        .and_then(|mapping| read_export(&package.plan, &mapping, &paths, &options, &mut |_| {}));
    (export, folder)
}

#[track_caller]
fn read_rows(map: &str, text: &str) -> Export {
    let (export, _) = read(map, &[("data.csv", text.as_bytes())], false);
    let export = export.unwrap_or_else(|error| panic!("{error}"));
    let data = &export.data;
    let left_out: u64 = data.rows_left_out.iter().map(|(_, rows)| rows).sum();
    assert_eq!(data.rows, data.rows_used + left_out + data.rows_rejected);
    export
}

/// The errors of a mapping that must not load.
#[track_caller]
fn refused(map: &str) -> Vec<String> {
    match read(map, &[], false).0 {
        Err(ReadError::Mapping(_, errors)) => errors.iter().map(ToString::to_string).collect(),
        other => panic!("{other:?}"),
    }
}

fn facts(export: &Export, case: usize) -> (Datum, Datum, Datum) {
    let facts = &export.cases[case].facts;
    (facts[0], facts[3], facts[4])
}

#[test]
fn a_case_called_na_is_a_case() {
    let export = read_rows(
        EVENTS,
        &format!(
            "{HEADER}NA;Triage;2015-01-05T09:00:00Z;X;NA;true;NA;NA\nB;Triage;2015-01-05T09:00:00Z;X;50;false;J;NA\n"
        ),
    );
    assert_eq!(export.ids, ["NA", "B"]);
    assert_eq!(facts(&export, 0), (Missing, Known(1), Missing));
    assert_eq!(facts(&export, 1), (Known(50), Known(0), Known(1)));
    assert_eq!(export.data.organisations, 1);
}

#[test]
fn a_zone_in_the_text_can_be_overridden_with_a_reason() {
    let export = read_rows(
        EVENTS,
        &format!("{HEADER}A;Triage;2015-07-01T09:00:00Z;X;;;;\nA;Lactate;2015-01-05T09:00:00Z;X;;;;\n"),
    );
    let at: Vec<_> = export.cases[0].events.iter().map(|event| event.at.known().unwrap()).collect();
    assert_eq!(at, [read_instant("2015-01-05T08:00:00Z").unwrap(), read_instant("2015-07-01T07:00:00Z").unwrap()]);
    assert!(export.data.notes[0].contains("Europe/Amsterdam local time: it is local"), "{:?}", export.data.notes);
    let silent = EVENTS.replace("because = \"it is local\"", "");
    assert!(
        refused(&silent)[0].starts_with("line 12: `time`: the times carry a zone of their own"),
        "{:?}",
        refused(&silent)
    );
    let none = EVENTS.replace("zone    = \"Europe/Amsterdam\"", "");
    assert!(refused(&none)[0].contains("times have no time zone"));
    let wrong = EVENTS.replace("Europe/Amsterdam", "Europe/Amsterdan");
    assert!(refused(&wrong)[0].contains("not an IANA time zone"));
    let (without, rest) = EVENTS.split_once("[time]").unwrap();
    let without = format!("{without}[labels]{}", rest.split_once("[labels]").unwrap().1);
    assert!(refused(&without)[0].contains("names no zone"));
}

#[test]
fn ties_keep_the_order_of_the_file() {
    let export = read_rows(
        EVENTS,
        &format!(
            "{HEADER}A;Lactate;2015-01-05T09:00:00Z;X;;;;1.0\nA;Triage;2015-01-05T09:00:00Z;X;;;;\nA;Lactate;2015-01-05T09:00:00Z;X;;;;2.0\nA;Triage;2015-01-05T08:00:00Z;X;;;;\n"
        ),
    );
    let order: Vec<_> =
        export.cases[0].events.iter().map(|event| (event.kind.place(), event.fields.first().copied())).collect();
    assert_eq!(order, [(0, None), (1, Some(Known(10))), (0, None), (1, Some(Known(20)))]);
    assert!(
        export.data.notes.iter().any(|note| note.starts_with("2 events have the same time")),
        "{:?}",
        export.data.notes
    );
}

#[test]
fn rejects_add_up_and_hide_values() {
    let rows = format!(
        "{HEADER}A;Triage;2015-01-05T09:00:00Z;X;71;;;\nA;Party;2015-01-05T09:00:00Z;X;;;;\nA;Bill;2015-01-05T09:00:00Z;X;;;;\n\
         A;Triage;yesterday;X;;;;\n;Triage;2015-01-05T09:00:00Z;X;;;;\nA;Triage\nA;Lactate;2015-01-05T09:00:00Z;X;;;;41.7\nA;Intake;;X;;maybe;J;\n\
         A;Intake;;X;;true;N;\nC;Triage;NA;X;;;;\n"
    );
    for show_values in [false, true] {
        let (export, folder) = read(EVENTS, &[("data.csv", rows.as_bytes())], show_values);
        let export = export.unwrap();
        let data = &export.data;
        assert_eq!((data.rows, data.rows_used, data.rows_rejected, data.values_rejected), (10, 5, 4, 3));
        assert_eq!(data.rows_left_out, [("Bill".to_owned(), 1)]);
        assert_eq!(data.reject_reasons.iter().map(|(_, count)| count).sum::<u64>(), 7);
        assert_eq!(data.rejects_file.as_deref(), Some("rejects.csv"));
        assert_eq!(facts(&export, 0), (Known(71), Known(1), Missing), "rows that must agree and do not");
        assert_eq!(export.cases[1].events[0].at, When::Unknown, "a time not supplied is unknown");
        let rejects = folder.read("rejects.csv");
        assert_eq!(rejects.lines().count(), 8, "{rejects}");
        assert_eq!(rejects.contains("41.7"), show_values);
        assert_eq!(rejects.contains("Party"), show_values);
        assert!(
            rejects.contains("data.csv,5,row,when,the time is not of the format that the mapping gives,text"),
            "{rejects}"
        );
        assert!(
            rejects.contains("data.csv,8,value,lac,`value`: out of range: expected a number from 0.0 to 40.0 mmol/L"),
            "{rejects}"
        );
    }
}

#[test]
fn a_file_that_does_not_fit_is_refused_as_a_whole() {
    let (export, _) = read(EVENTS, &[("data.csv", b"id;what;when;org;age;age;pall;lac\n")], false);
    assert_eq!(
        export.unwrap_err().to_string().split_once("mapping: ").unwrap().1,
        "more than one column is called `age`; no column is called `o2`"
    );
    let (export, folder) = read(EVENTS, &[("data.csv", HEADER.as_bytes())], false);
    assert_eq!(export.unwrap().data.rows, 0);
    assert!(!folder.path("rejects.csv").exists());
}

#[test]
fn mistakes_in_a_mapping_are_said_with_their_line() {
    let wrong = EVENTS
        .replace("age        =", "agee       =")
        .replace("event = \"Triage\"", "event = \"Triagge\"")
        .replace("{ value = {", "{ vallue = {")
        .replace("J = \"yes\"", "J = \"ja\"");
    let errors = refused(&wrong);
    let expected = [
        "line 19: `facts.agee`: `Visit` has no fact of this name (did you mean `age`?)",
        "line 21: `facts.palliative`: `ja`: expected yes or no (true or false)",
        "line 28: `events.map.Lactate.fields.vallue`: `Visit` has no field of this name (did you mean `value`?)",
        "line 27: `events.map.Triage`: `Visit` has no event of this name (did you mean `Triage`?)",
    ];
    assert_eq!(errors, expected);
    let unknown = EVENTS.replace("take = \"any\"", "teke = \"any\"");
    assert!(refused(&unknown)[0].starts_with("line 20: unknown field `teke`"), "{:?}", refused(&unknown));
    let other = EVENTS.replace("test.reading", "test.writing");
    assert!(refused(&other)[0].starts_with("line 2: `package`: the mapping is for `test.writing`"));
    let both = EVENTS.replace("left_out = [\"Bill\"]", "left_out = [\"Bill\", \"Intake\"]");
    assert!(refused(&both)[0].contains("both mapped and left out"));
}

const CASES: &str = r#"
package = "test.reading"
version = "1"
title   = "A test"
[source]
format        = "csv"
encoding      = "windows-1252"
decimal_comma = true
delimiter     = ";"
columns       = ["org", "site", "age", "temp", "kg", "birth", "wait", "triage", "lactate", "value"]
[case]
columns = ["org", "site"]
[time]
format = "%d-%m-%Y %H:%M"
zone   = "Europe/London"
[labels]
trust  = { column = "org" }
remark = { column = "site" }
[facts]
age         = { column = "age" }
temperature = { column = "temp", unit = "degrees Fahrenheit above freezing", times = "0.5555555555" }
weight      = { column = "kg", none = ["-"] }
born        = { column = "birth", format = "%m/%Y", day = "first" }
waited      = { column = "wait", unit = "min", times = "60000" }
[[events.columns]]
event = "Triage"
at    = "triage"
[[events.columns]]
event  = "Lactate"
at     = "lactate"
fields = { value = { column = "value" } }
"#;

#[test]
fn one_row_can_be_a_whole_case() {
    let rows = b"RM3;Z\xfcrich \x96 A;21,0;180,4;-;02/1955;90;05-01-2026 09:00;;\n\
        RM3;a/b;21,5;68,0;80,5;13/1955;soon;05-01-2026 09:00;06-07-2026 09:30;2,1\n\
        RM3;a/b;21;68,0;80,5;12/1955;1;;;\n";
    let (export, folder) = read(CASES, &[("data.csv", rows)], false);
    let export = export.unwrap();
    assert_eq!(export.ids, ["RM3/Z\u{fc}rich \u{2013} A", "RM3/a//b"]);
    let package = package();
    let fact = |case: usize, name: &str| {
        export.cases[case].facts[package.plan.subject.inputs.iter().position(|i| i.name == name).unwrap()]
    };
    assert_eq!(fact(0, "age"), Known(21));
    assert_eq!(fact(0, "temperature"), Missing, "100.2 °C is out of range");
    assert_eq!(fact(1, "temperature"), Datum::Between(377, 378));
    assert_eq!(fact(0, "weight"), Datum::None);
    assert_eq!(fact(1, "weight"), Known(805));
    assert_eq!(fact(0, "born"), Known(concord_engine::values::calendar::read_date("1955-02-01").unwrap()));
    assert_eq!(fact(0, "waited"), Known(90 * 60_000));
    assert_eq!(fact(1, "age"), Missing);
    assert_eq!(export.cases[0].events.len(), 1);
    assert_eq!(export.cases[1].events[1].fields, [Known(21), Missing]);
    assert_eq!(export.cases[1].events[1].at, When::Known(read_instant("2026-07-06T08:30:00Z").unwrap()));
    assert_eq!((export.data.rows_used, export.data.rows_rejected, export.data.values_rejected), (2, 1, 4));
    assert!(folder.read("rejects.csv").contains("data.csv,3,row,,\"the case already has a row"));
    let on_oxygen = export.data.completeness.iter().find(|line| line.name == "on_oxygen").unwrap();
    assert!(on_oxygen.not_supplied);
    assert!(export.data.notes.iter().any(|note| note.contains("is exported in min")));
}

#[test]
fn packed_files_are_hashed_as_stored() {
    let text = format!("{HEADER}A;Triage;2015-01-05T09:00:00Z;X;71;;;\n");
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(text.as_bytes()).unwrap();
    let packed = packed.finish().unwrap();
    let (export, _) =
        read(EVENTS, &[("data.csv.gz", &packed), ("more.csv", text.replace("A;", "B;").as_bytes())], false);
    let export = export.unwrap();
    assert_eq!(export.ids, ["A", "B"]);
    let [first, second] = export.data.files.as_slice() else { panic!() };
    assert_eq!(first.bytes, packed.len() as u64);
    assert_eq!(first.sha256, concord_cli::data::read::sha256_of(&packed));
    assert_eq!(second.bytes, text.len() as u64);
}

#[test]
fn a_script_may_change_a_row_or_leave_it_out() {
    let map = format!("{EVENTS}\n[script]\nfile = \"row.rhai\"\nadds = [\"o2\"]\n");
    let script = r#"
        fn row(r) {
            if r.org == "Y" { return "another hospital"; }
            if r.org == "Z" { return (); }
            if r.org == "loop" { loop { } }
            if r.org == "eat" { let s = "x"; loop { s += s; } }
            if r.org == "number" { return 7; }
            r.o2 = if r.litres == "0" { "no" } else { "yes" };
            r
        }"#;
    let header = HEADER.replace(";o2;", ";litres;");
    let rows =
        ["X", "Y", "Z", "loop", "eat", "number"].map(|org| format!("{org};Triage;2015-01-05T09:00:00Z;{org};71;4;;\n"));
    let folder = TempFolder::new();
    let map = folder.write("map.toml", map.as_bytes());
    folder.write("row.rhai", script.as_bytes());
    let data = folder.write("data.csv", format!("{header}{}", rows.concat()).as_bytes());
    let package = package();
    let mapping = load_mapping(&package, &map).unwrap();
    let export = read_export(&package.plan, &mapping, &[data], &ReadOptions::default(), &mut |_| {}).unwrap();
    assert_eq!(export.ids, ["X"]);
    assert_eq!(facts(&export, 0).1, Known(1));
    assert_eq!(
        export.data.rows_left_out,
        [("another hospital".to_owned(), 1), ("left out by the mapping's script".to_owned(), 1)]
    );
    assert_eq!(export.data.rows_rejected, 3);
    for (wrong, why) in
        [("fn row(r) { eval(\"1\") }", "eval"), ("fn other(r) { r }", "no `fn row(r)`"), ("fn row(r) {", "expecting")]
    {
        folder.write("row.rhai", wrong.as_bytes());
        let error = load_mapping(&package, &map).err().unwrap().to_string();
        assert!(error.contains("line 31: `script`:") && error.to_lowercase().contains(why), "{error}");
    }
}

#[test]
fn cases_as_json_lines() {
    let map = "package = \"test.reading\"\nversion = \"1\"\ntitle = \"A test\"\n[source]\nformat = \"ndjson\"\n";
    let rows = "\u{feff}{\"case\": \"A\", \"age\": 71}\n\n{\"age\": 131}\n{\"case\": \"A\"}\n{\"age\": 3, \"events\": [{\"event\": \"Triage\", \"at\": null}]}\nnot json\n";
    let (export, folder) = read(map, &[("data.ndjson", rows.as_bytes())], false);
    let export = export.unwrap();
    assert_eq!(export.ids, ["A", "data.ndjson, line 3", "data.ndjson, line 5"]);
    assert_eq!(facts(&export, 1).0, Missing);
    let mapped = format!("{map}[facts]\nage = {{ column = \"age\", unit = \"months\" }}\n");
    assert!(refused(&mapped)[0].contains("a line of NDJSON is a case already"), "{:?}", refused(&mapped));
    assert_eq!((export.data.rows, export.data.rows_used, export.data.rows_rejected, export.data.events), (5, 3, 2, 1));
    assert_eq!(export.data.values_rejected, 1);
    assert!(
        folder.read("rejects.csv").contains("data.ndjson,3,value,age,out of range"),
        "{}",
        folder.read("rejects.csv")
    );
}

#[test]
fn progress_reaches_the_end() {
    let folder = TempFolder::new();
    let text = format!("{HEADER}{}", "A;Triage;2015-01-05T09:00:00Z;X;71;;;\n".repeat(10_000));
    let (map, data) = (folder.write("map.toml", EVENTS.as_bytes()), folder.write("data.csv", text.as_bytes()));
    let package = package();
    let mapping = load_mapping(&package, &map).unwrap();
    let mut told = Vec::new();
    read_export(&package.plan, &mapping, &[data], &ReadOptions::default(), &mut |progress| told.push(progress))
        .unwrap();
    assert!(told.len() >= 3);
    assert!(told.windows(2).all(|pair| pair[0].bytes <= pair[1].bytes && pair[0].rows <= pair[1].rows));
    let last = told.last().unwrap();
    assert_eq!((last.bytes, last.rows, last.cases), (last.total, 10_000, 1));
}
