//! Times finer than a millisecond, and dates that are written as times: the same in every form of file.

use crate::packages::{TempFolder, compile, data_file};
use concord_cli::data::read::{Export, ReadError, ReadOptions, load_mapping, read_export};
use concord_engine::plan::case::{Datum, When};
use concord_engine::values::calendar::{read_date, read_instant};
use std::path::PathBuf;

fn mapping(format: &str, more: &str) -> String {
    format!(
        "package = \"test.reading\"\nversion = \"1\"\ntitle = \"A test\"\n[source]\nformat = \"{format}\"\nrows = \"events\"\n{more}\n\
        [events.map]\nTriage = {{ event = \"Triage\" }}\n"
    )
}

fn read(map: &str, path: PathBuf) -> Result<Export, ReadError> {
    let (package, folder) = (compile(include_str!("../samples/case.concord")), TempFolder::new());
    let mapping = load_mapping(&package, &folder.write("map.toml", map.as_bytes()))?;
    let options = ReadOptions { as_of: read_instant("2026-01-01T00:00:00Z").unwrap(), ..ReadOptions::default() };
    read_export(&package.plan, &mapping, &[path], &options, &mut |_| {})
}

const FINER: &str = "1 time has fractions of a millisecond, which are left out.";

#[test]
fn what_is_finer_than_a_millisecond_is_left_out_in_every_form() {
    let folder = TempFolder::new();
    let with = |id: &str, what: &str, at: &str, zone: &str| {
        format!("[case]\ncolumns = [\"{id}\"]\n[time]\n{zone}\n[events]\nactivity = \"{what}\"\nat = \"{at}\"")
    };
    let plain = |zone: &str| with("id", "what", "at", zone);
    let in_text = "zone = \"in text\"";
    let forms = [
        ("csv", plain(in_text), "id,what,at\nA,Triage,2015-01-05T09:00:00.123456Z\n"),
        ("csv", plain("zone = \"UTC\"\nbecause = \"a test\""), "id,what,at\nA,Triage,2015-01-05 09:00:00.1239999\n"),
        (
            "csv",
            plain("zone = \"Europe/London\"\nformat = \"%d/%m/%Y %H:%M:%S%.f\""),
            "id,what,at\nA,Triage,05/01/2015 09:00:00.123000001\n",
        ),
        (
            "csv",
            plain("zone = \"in text\"\nformat = \"%Y-%m-%d %H:%M:%S%.f%z\""),
            "id,what,at\nA,Triage,2015-01-05 10:00:00.123456+01:00\n",
        ),
        (
            "json-lines",
            plain(in_text),
            "{\"id\":\"A\",\"what\":\"Triage\",\"at\":\"2015-01-05T09:00:00.1234567+00:00\"}\n",
        ),
        (
            "xes",
            with("case:concept:name", "concept:name", "time:timestamp", in_text),
            "<log><trace><string key=\"concept:name\" value=\"A\"/><event><string key=\"concept:name\" value=\"Triage\"/>\
            <date key=\"time:timestamp\" value=\"2015-01-05T09:00:00.123456+00:00\"/></event></trace></log>",
        ),
        (
            "ocel",
            with("case:ocel:id", "ocel:type", "ocel:time", in_text).replace("[case]", "objects = \"Visit\"\n[case]"),
            "{\"objectTypes\":[],\"eventTypes\":[],\"objects\":[{\"id\":\"A\",\"type\":\"Visit\"}],\"events\":[{\"id\":\"e\",\"type\":\"Triage\",\
            \"time\":\"2015-01-05T09:00:00.123456Z\",\"relationships\":[{\"objectId\":\"A\",\"qualifier\":\"of\"}]}]}",
        ),
        (
            "hl7",
            with("PID-3", "MSH-9.2", "MSH-7", "zone = \"in text\"\nformat = \"%Y%m%d%H%M%S%.f%z\""),
            "MSH|^~\\&|A|T|||20150105090000.1234+0000||ADT^Triage|1|P|2.4\rPID|1||A\r",
        ),
    ];
    for (format, more, text) in forms {
        let export = read(&mapping(format, &more), folder.write("data", text.as_bytes()));
        let export = export.unwrap_or_else(|fault| panic!("{format}: {fault}"));
        let at: Vec<When> = export.cases[0].events.iter().map(|event| event.at).collect();
        assert_eq!(at, [When::Known(read_instant("2015-01-05T09:00:00.123Z").unwrap())], "{format}: {text}");
        let notes = &export.data.notes;
        assert_eq!(notes.iter().filter(|note| *note == FINER).count(), 1, "{format}: {notes:?}");
    }
}

#[test]
fn digits_that_are_no_fraction_of_a_second_are_none() {
    let folder = TempFolder::new();
    let more = "[case]\ncolumns = [\"id\"]\n[time]\nzone = \"UTC\"\nformat = \"%d.%m.%Y %H:%M\"\n[events]\nactivity = \"what\"\nat = \"at\"";
    let export = read(&mapping("csv", more), folder.write("data", b"id,what,at\nA,Triage,05.01.2015 09:00\n")).unwrap();
    assert!(export.data.notes.iter().all(|note| !note.contains("fractions")), "{:?}", export.data.notes);
    let exact = "id,what,at\nA,Triage,2015-01-05T09:00:00.123000Z\n";
    let more = more.replace("zone = \"UTC\"\nformat = \"%d.%m.%Y %H:%M\"", "zone = \"in text\"");
    let export = read(&mapping("csv", &more), folder.write("data", exact.as_bytes())).unwrap();
    assert!(export.data.notes.iter().all(|note| !note.contains("fractions")), "{:?}", export.data.notes);
}

#[test]
fn an_offset_is_written_as_strptime_reads_it() {
    use concord_cli::data::mapping::time::{ReadTime, TimeRule};
    let rule = TimeRule::new(Some("%Y-%m-%d %H:%M:%S%z"), "in text").unwrap();
    let at = ReadTime::At(read_instant("2015-01-05T09:00:00Z").unwrap());
    for text in
        ["2015-01-05 10:00:00+0100", "2015-01-05 10:00:00+01:00", "2015-01-05 09:00:00Z", "2015-01-05 09:00:00+00:00"]
    {
        assert_eq!(rule.read(text), Ok(at), "{text}");
    }
    assert!(rule.read("2015-01-05 09:00:00").is_err() && rule.read("2015-01-05 09:00:00 Z+").is_err());
}

/// A row is a case, with a date of birth and a time.
fn parquet(born: &str, zone: &str) -> Result<Export, ReadError> {
    let map = format!(
        "package = \"test.reading\"\nversion = \"1\"\ntitle = \"A test\"\n[source]\nformat = \"parquet\"\n[case]\ncolumns = [\"id\"]\n[time]\nzone = \"{zone}\"\n\
        [facts]\nborn = {{ {born} }}\n[[events.columns]]\nevent = \"Triage\"\nat = \"at\"\n"
    );
    read(&map, data_file("formats/times.parquet"))
}

#[test]
fn a_date_of_birth_that_is_a_time_is_its_day() {
    let born = |export: &Export| {
        let place = compile(include_str!("../samples/case.concord"))
            .plan
            .subject
            .inputs
            .iter()
            .position(|input| input.name == "born");
        export.cases[0].facts[place.unwrap()]
    };
    let day = Datum::Known(read_date("1950-06-01").unwrap());
    for column in ["born_at", "born"] {
        let export = parquet(&format!("column = \"{column}\", zone = \"Europe/London\""), "in text").unwrap();
        assert_eq!((born(&export), export.data.values_rejected), (day, 0), "{column}");
        // The day before in New York, where the text is an instant; a day without a zone is as written.
        let other = parquet(&format!("column = \"{column}\", zone = \"America/New_York\""), "in text").unwrap();
        assert_eq!(born(&other) == day, column == "born");
        assert_eq!(
            export.cases.iter().map(|case| case.events[0].at).collect::<Vec<_>>(),
            [
                When::Known(read_instant("2015-01-05T09:00:00.123Z").unwrap()),
                When::Known(read_instant("1969-01-05T09:00:00Z").unwrap()),
            ]
        );
        assert!(
            export.data.notes.iter().any(|note| note.starts_with("2 times have fractions of a millisecond")),
            "{:?}",
            export.data.notes
        );
    }
    for (born, words) in [
        (
            "column = \"born_at\"",
            "`born_at` has times: name the zone whose calendar the date follows, such as `zone = \"Europe/London\"`",
        ),
        ("column = \"born\", zone = \"UTC\"", "`born` has times: name the zone"),
        ("column = \"born\", format = \"%d/%m/%Y\", zone = \"Europe/London\"", "`born` has times: name the zone"),
        (
            "column = \"born_at\", format = \"%Y-%m-%dT%H:%M:%S\", zone = \"Europe/London\"",
            "`born_at` has times: name the zone whose calendar the date follows, such as `zone = \"Europe/London\"`, and no `format`",
        ),
        ("column = \"values\"", "`values` is a list, which is not read"),
    ] {
        let fault = parquet(born, "in text").unwrap_err().to_string();
        assert!(fault.contains(words), "{born}: {fault}");
    }
}
