//! Event logs of objects (OCEL 2.0): which objects are cases, and what their events are.

use super::of_format;
use crate::packages::{TempFolder, compile};
use concord_cli::data::read::{Export, ReadError, ReadOptions, load_mapping, read_export};
use concord_engine::plan::case::Datum;
use concord_engine::values::calendar::read_instant;
use serde_json::{Value, json};

/// The log on sepsis: patients are objects, and each event is in a room as well.
pub fn log() -> String {
    let (names, rows) = super::log();
    let event = |(number, row): (usize, &Vec<String>)| {
        let here = names.iter().zip(row).skip(2).filter(|(name, value)| *value != "NA" && *name != "timestamp");
        let attributes: Vec<Value> = here.map(|(name, value)| json!({ "name": name, "value": value })).collect();
        let about = json!([{ "objectId": "room 1", "qualifier": "in" }, { "objectId": row[0], "qualifier": "of" }]);
        json!({ "id": number.to_string(), "type": row[1], "time": row[4], "attributes": attributes, "relationships": about })
    };
    let events: Vec<Value> = rows.iter().enumerate().map(event).collect();
    let cases = rows.chunk_by(|one, next| one[0] == next[0]);
    let mut objects: Vec<Value> = cases.map(|case| json!({ "id": case[0][0], "type": "Patient" })).collect();
    objects.push(json!({ "id": "room 1", "type": "Room" }));
    // Objects may stand after the events that name them.
    json!({ "eventTypes": [], "objectTypes": [], "events": events, "objects": objects }).to_string()
}

pub fn map() -> String {
    of_format(
        "ocel",
        &[
            ("rows      = \"events\"", "rows = \"events\"\nobjects = \"Patient\"\nrelation = \"of\""),
            ("[\"case_id\"]", "[\"case:ocel:id\"]"),
            ("\"activity\"", "\"ocel:type\""),
            ("\"timestamp\"", "\"ocel:time\""),
        ],
    )
}

pub const MAP: &str = r#"
package = "test.reading"
version = "1"
title   = "A test"
[source]
format  = "ocel"
objects = "Visit"
rows    = "events"
[case]
columns = ["case:ocel:id"]
[time]
zone = "in text"
[labels]
trust = { column = "case:org" }
[facts]
age = { column = "case:age", take = "last" }
[events]
activity = "ocel:type"
at       = "ocel:time"
[events.map]
Triage  = { event = "Triage" }
Lactate = { event = "Lactate", fields = { value = { column = "lac" } } }
"#;

pub const LOG: &str = r#"{"objectTypes":[],"eventTypes":[],
"objects":[
 {"id":"A","type":"Visit","attributes":[{"name":"org","time":"1970-01-01T00:00:00Z","value":"T1"},
   {"name":"age","time":"2015-01-02T00:00:00Z","value":72},{"name":"age","time":"1970-01-01T00:00:00Z","value":71}]},
 {"id":"B","type":"Visit"},{"id":"C","type":"Visit"},{"id":"S","type":"Sample"}],
"events":[
 {"id":"1","type":"Triage","time":"2015-01-01T09:00:00Z","relationships":[{"objectId":"A","qualifier":"of"},{"objectId":"A","qualifier":"again"}]},
 {"id":"2","type":"Lactate","time":"2015-01-03T09:00:00+01:00","attributes":[{"name":"lac","value":2.1}],
  "relationships":[{"objectId":"A","qualifier":"of"},{"objectId":"B","qualifier":"of"},{"objectId":"S","qualifier":"in"}]},
 {"id":"3","type":"Cleaning","time":"2015-01-03T09:00:00Z","relationships":[{"objectId":"S","qualifier":"of"}]},
 {"id":"4","type":"Lactate","time":"2015-01-04T09:00:00Z","attributes":[{"name":"lac","value":1},{"name":"lac","value":2}],"relationships":[{"objectId":"B","qualifier":"of"}]}
]}"#;

pub fn read(map: &str, log: &str) -> Result<Export, ReadError> {
    let (package, folder) = (compile(include_str!("../samples/case.concord")), TempFolder::new());
    let mapping = load_mapping(&package, &folder.write("map.toml", map.as_bytes()))?;
    let options = ReadOptions { as_of: read_instant("2026-01-01T00:00:00Z").unwrap(), ..ReadOptions::default() };
    read_export(&package.plan, &mapping, &[folder.write("log.json", log.as_bytes())], &options, &mut |_| {})
}

#[test]
fn events_are_rows_of_each_case_that_they_are_about() {
    let export = read(MAP, LOG).unwrap();
    assert_eq!(export.ids, ["A", "B"]);
    let events = |case: usize| export.cases[case].events.len();
    assert_eq!([events(0), events(1)], [2, 1]);
    assert_eq!(export.cases[0].facts[0], Datum::Known(72), "as it was at the time of the event");
    assert_eq!(export.cases[0].labels[0].as_deref(), Some("T1"));
    let data = &export.data;
    assert_eq!((data.rows, data.rows_used, data.rows_rejected), (5, 3, 1));
    assert_eq!(data.rows_left_out, [("about no Visit".to_owned(), 1)]);
    assert_ne!(export.cases[1].not_supplied & 0b11, 0, "a refused event may have been any");
    let without = "1 object of the type has no event, and make no case.";
    assert!(export.told.iter().any(|told| told.exactly() == without), "{:?}", export.told);
    // Only those that the qualifier names.
    let again = read(&MAP.replace("objects =", "relation = \"again\"\nobjects ="), LOG).unwrap();
    assert_eq!((again.ids, again.data.rows_left_out[0].1), (vec!["A".to_owned()], 3));
}

#[test]
fn what_is_no_such_log_is_refused() {
    for (map, log, said) in [
        (
            MAP.replace("Visit", "Spell"),
            LOG.to_owned(),
            "no object is of the type in [source] `objects`; there are `Sample`, `Visit`",
        ),
        (
            MAP.replace("objects = \"Visit\"\n", ""),
            LOG.to_owned(),
            "`objects` and `relation` are for an event log of objects",
        ),
        (MAP.to_owned(), LOG.replace("\"B\",\"type\"", "\"A\",\"type\""), "two objects have the same name"),
        (MAP.to_owned(), LOG.replace("\"events\"", "\"happenings\""), "this is no event log in OCEL 2.0 (JSON)"),
        (MAP.to_owned(), LOG.replace("\"Cleaning\",", "\"Cleaning\""), "line 10, column "),
        (MAP.to_owned(), LOG[..LOG.len() - 2].to_owned(), "the file ends in the midst of the log"),
    ] {
        let fault = read(&map, &log).unwrap_err().to_string();
        assert!(fault.contains(said), "{said}: {fault}");
    }
}

/// An object is one case wherever it goes: of which organisation, nobody can tell where the mapping does not say.
#[test]
fn an_object_whose_organisation_changes_is_one_case() {
    let moved = r#"{"name":"org","time":"2015-01-02T00:00:00Z","value":"T2"},{"name":"age","time":"2015-01-02"#;
    let log = LOG.replace(r#"{"name":"age","time":"2015-01-02"#, moved);
    let export = read(MAP, &log).unwrap();
    assert_eq!(export.ids, ["A", "B"]);
    assert_eq!((export.cases[0].events.len(), export.cases[0].labels[0].as_deref()), (2, None));
    let told = "1 object changes its organisation, and which one counts the mapping does not say (`take`): they stand under none.";
    assert!(export.told.iter().any(|one| one.exactly() == told && one.weighs), "{:?}", export.told);
    let first = read(&MAP.replace("\"case:org\" }", "\"case:org\", take = \"first\" }"), &log).unwrap();
    assert_eq!((first.ids.len(), first.cases[0].labels[0].as_deref()), (2, Some("T1")));
}
