//! Event logs in XES: events of no trace, and activities of which a log says more than that they were done.

use crate::packages::{TempFolder, compile};
use concord_cli::data::read::{Export, ReadError, ReadOptions, load_mapping, read_export};
use concord_engine::values::calendar::read_instant;

const MAP: &str = r#"
package = "test.reading"
version = "1"
title   = "A test"
[source]
format = "xes"
rows   = "events"
[case]
columns = ["case:concept:name"]
[time]
zone = "in text"
[events]
activity = "concept:name"
at       = "time:timestamp"
[events.map]
Triage  = { event = "Triage" }
Lactate = { event = "Lactate" }
"#;

fn event(name: &str, minute: u32, state: &str) -> String {
    let state = if state.is_empty() {
        String::new()
    } else {
        format!("<string key=\"lifecycle:transition\" value=\"{state}\"/>")
    };
    format!(
        "<event><string key=\"concept:name\" value=\"{name}\"/><date key=\"time:timestamp\" value=\"2015-01-05T09:{minute:02}:00.000+00:00\"/>{state}</event>\n"
    )
}

fn read(map: &str, within: &[String], beside: &str) -> Result<Export, ReadError> {
    let log =
        format!("<log><trace><string key=\"concept:name\" value=\"A\"/>{}</trace>{beside}</log>", within.concat());
    let (package, folder) = (compile(include_str!("../samples/case.concord")), TempFolder::new());
    let mapping = load_mapping(&package, &folder.write("map.toml", map.as_bytes()))?;
    let options = ReadOptions { as_of: read_instant("2026-01-01T00:00:00Z").unwrap(), ..ReadOptions::default() };
    read_export(&package.plan, &mapping, &[folder.write("log.xes", log.as_bytes())], &options, &mut |_| {})
}

#[test]
fn an_event_of_no_trace_is_left_out_and_counted() {
    let export = read(MAP, &[event("Triage", 0, "")], &event("Lactate", 5, "")).unwrap();
    assert_eq!((export.data.rows, export.data.rows_used, export.cases[0].events.len()), (2, 1, 1));
    assert_eq!(export.data.rows_left_out, [("of no trace".to_owned(), 1)]);
}

#[test]
fn an_activity_that_is_not_complete_is_told_unless_the_mapping_says_which_count() {
    let events = [
        event("Triage", 0, ""),
        event("Lactate", 5, "schedule"),
        event("Lactate", 9, "Start"),
        event("Lactate", 20, "complete"),
    ];
    let told = |export: &Export| export.told.iter().find(|told| told.exactly().contains("lifecycle")).cloned();
    let all = read(MAP, &events, "").unwrap();
    let said = told(&all).unwrap();
    assert!(said.weighs);
    assert_eq!(
        said.exactly(),
        "2 events of the log have another `lifecycle:transition` than `complete` (schedule, start), and each counts as if it had been done: \
        say in the mapping which count, such as `only = { \"lifecycle:transition\" = [\"complete\"] }` in [events]."
    );
    assert_eq!(told(&read(MAP, &[event("Triage", 0, "COMPLETE")], "").unwrap()), None);
    let only = |texts: &str| {
        MAP.replace("[events]\n", &format!("[events]\nonly = {{ \"lifecycle:transition\" = {texts} }}\n"))
    };
    let some = read(&only("[\"complete\", \"\"]"), &events, "").unwrap();
    assert_eq!(told(&some), None);
    assert_eq!((some.cases[0].events.len(), some.cases[0].not_supplied & 0b11), (2, 0));
    assert_eq!(some.data.rows_left_out, [("another `lifecycle:transition` than [events] `only` names".to_owned(), 2)]);
    // What does not say whether it counts may have: it is refused, and the case may lack its kind of event.
    let strict = read(&only("[\"complete\"]"), &events, "").unwrap();
    assert_eq!((strict.cases[0].events.len(), strict.cases[0].not_supplied & 0b11), (1, 0b01));
    assert_eq!(strict.data.rows_rejected, 1);
}

#[test]
fn what_only_may_say_is_held_against_the_mapping() {
    let said = |map: String| read(&map, &[event("Triage", 0, "")], "").map(|_| ()).unwrap_err().to_string();
    let none = said(MAP.replace("[events]\n", "[events]\nonly = { \"concept:name\" = [] }\n"));
    assert!(none.contains("`concept:name` may hold no text, so that no row would count"), "{none}");
    let cases = "[source]\nformat = \"csv\"\n[events]\nonly = { a = [\"b\"] }\n";
    let cases = said(format!("{}{cases}", MAP.split("[source]").next().unwrap()));
    assert!(cases.contains("`only` says which rows are events that count, and is for rows = \"events\""), "{cases}");
}

/// As in every form of which a row is an event: the quick way through a table leaves out what the long one does.
#[test]
fn only_holds_for_a_table_too() {
    let map = MAP.replace("\"xes\"", "\"csv\"").replace("case:concept:name", "case").replace("time:timestamp", "at");
    let map = map.replace("concept:name", "what").replace("[events]\n", "[events]\nonly = { state = [\"final\"] }\n");
    let rows = "case,what,at,state\nA,Triage,2015-01-05T09:00:00Z,final\nA,Triage,2015-01-05T09:01:00Z,draft\n\
        A,Triage,2015-01-05T09:02:00Z,final\nA,Triage,2015-01-05T09:03:00Z,draft\nA,Lactate,2015-01-05T09:03:00Z,\n";
    let (package, folder) = (compile(include_str!("../samples/case.concord")), TempFolder::new());
    let mapping = load_mapping(&package, &folder.write("map.toml", map.as_bytes())).unwrap();
    let options = ReadOptions { as_of: read_instant("2026-01-01T00:00:00Z").unwrap(), ..ReadOptions::default() };
    let paths = [folder.write("rows.csv", rows.as_bytes())];
    let export = read_export(&package.plan, &mapping, &paths, &options, &mut |_| {}).unwrap();
    let data = &export.data;
    assert_eq!((data.rows, data.rows_used, data.rows_rejected), (5, 2, 1));
    assert_eq!((export.cases[0].events.len(), export.cases[0].not_supplied & 0b11), (2, 0b10));
}
