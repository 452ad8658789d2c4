//! Messages of HL7 version 2 as an export: admissions (ADT) and results (ORU) in one file.

use super::{audited, of_format, written};
use crate::packages::{TempFolder, compile, data_file};
use concord_cli::data::read::{Export, ReadError, ReadOptions, load_mapping, read_export};
use concord_engine::plan::case::Datum;
use concord_engine::values::calendar::read_instant;
use std::fmt::Write as _;

/// The log on sepsis: results are observations of ORU messages, all else is an ADT message with the facts in a segment of its own.
fn log() -> String {
    let (names, rows) = super::log();
    let place = |name: &str| names.iter().position(|own| own == name).unwrap();
    let results = ["CRP", "LacticAcid", "Leucocytes"].map(|name| (name, place(&name.to_lowercase())));
    let facts = super::FACTS.map(|(_, column)| place(column));
    let mut text = String::new();
    for row in &rows {
        let at: String = row[4].chars().filter(char::is_ascii_digit).collect();
        let of: Vec<&str> = facts.iter().map(|at| if row[*at] == "NA" { "" } else { row[*at].as_str() }).collect();
        let of = of.join("|");
        let head = |kind: &str| {
            format!("MSH|^~\\&|LOG|NL|||{at}||{kind}|1|P|2.5\rPID|1||{}^^^NL||Name^Of\rZFA|{of}\r", row[0])
        };
        match results.iter().find(|(name, _)| *name == row[1]) {
            Some((name, column)) => {
                let value = if row[*column] == "NA" { "\"\"" } else { &row[*column] };
                write!(text, "{}OBR|1\rOBX|1|NM|{name}^a test||{value}|||||||||{at}\r\n", head("ORU^R01")).unwrap();
            }
            None => write!(text, "{}EVN|{}|{at}\r\n", head("ADT^A08"), row[1]).unwrap(),
        }
    }
    text
}

#[test]
fn the_same_patients_give_the_same_results_in_messages() {
    let folder = TempFolder::new();
    let mut replaced: Vec<(String, String)> = [
        ("delimiter = \";\"\n", ""),
        ("\"%Y-%m-%dT%H:%M:%SZ\"", "\"%Y%m%d%H%M%S\""),
        ("[\"case_id\"]", "[\"PID-3.1\"]"),
        ("activity = \"activity\"", "activity = \"OBX-3.1 or EVN-1 or MSH-9.2\"\nleft_out = [\"R01\"]"),
        ("\"timestamp\"", "\"OBX-14 or EVN-2\""),
        ("\"lacticacid\"", "\"OBX-5\""),
        ("\"crp\"", "\"OBX-5\""),
        ("\"leucocytes\"", "\"OBX-5\""),
    ]
    .map(|(from, to)| (from.to_owned(), to.to_owned()))
    .to_vec();
    for (number, (_, column)) in super::FACTS.iter().enumerate() {
        replaced.push((format!("column = \"{column}\""), format!("column = \"ZFA-{}\"", number + 1)));
    }
    let replaced: Vec<(&str, &str)> = replaced.iter().map(|(from, to)| (from.as_str(), to.as_str())).collect();
    let data = written(&folder, "messages.hl7", &log());
    let mut found = audited(&of_format("hl7", &replaced), &data, &folder);
    let mut expected = audited(super::MAP, &data_file("sepsis/sepsis.csv"), &folder);
    let of = |results: &mut serde_json::Value, name: &str| results["audits"][0]["data"][name].take();
    // A message with an observation is a row beside it, and left out here.
    let (rows, left_out) = (of(&mut found, "rows"), of(&mut found, "rows_left_out"));
    let expected_rows = of(&mut expected, "rows").as_u64().unwrap();
    assert_eq!(rows.as_u64().unwrap() - left_out[0][1].as_u64().unwrap(), expected_rows);
    of(&mut expected, "rows_left_out");
    assert_eq!(super::difference(&found, &expected), None);
}

pub const MAP: &str = r#"
package = "test.reading"
version = "1"
title   = "A test"
[source]
format = "hl7"
rows   = "events"
[case]
columns = ["PID-3.1"]
[time]
format = "%Y%m%d%H%M"
zone   = "Europe/London"
[labels]
trust  = { column = "MSH-4" }
remark = { column = "PV1-3.1 or PV1-3.4.1" }
[facts]
age = { column = "ZPI-1" }
[events]
activity = "OBX-3.1 or MSH-9.2"
at       = "OBX-14 or OBR-7 or MSH-7"
left_out = ["R01"]
[events.map]
A01  = { event = "Triage" }
LACT = { event = "Lactate", fields = { value = { column = "OBX-5" } } }
"#;

pub const MESSAGES: &str = "\u{b}MSH|^~\\&|PAS|T1|||201501050900||ADT^A01|1|P|2.4\rPID|1||A^^^NHS~B^^^X\rPV1|1|I|^^^W\\T\\9&x\rZPI|71\r\u{1c}\r\n\
MSH#*~!&#LAB#T1###201501051000##ORU*R01#2#P#2.4\nPID#1##A\nOBR#1######201501051001\nOBX#1#NM#LACT##2.1\nOBX#2#NM#LACT##2!S!9#########201501051130\nOBR#2######201501051200\nOBX#1#NM#LACT##\"\"\n\
FTS|1\n";

pub fn read(text: &[u8]) -> Result<Export, ReadError> {
    read_by(MAP, text)
}

pub fn read_by(map: &str, text: &[u8]) -> Result<Export, ReadError> {
    let (package, folder) = (compile(include_str!("../samples/case.concord")), TempFolder::new());
    let mapping = load_mapping(&package, &folder.write("map.toml", map.as_bytes()))?;
    let options = ReadOptions { as_of: read_instant("2026-01-01T00:00:00Z").unwrap(), ..ReadOptions::default() };
    read_export(&package.plan, &mapping, &[folder.write("messages.hl7", text)], &options, &mut |_| {})
}

#[test]
fn messages_and_their_observations_are_rows() {
    let export = read(MESSAGES.as_bytes()).unwrap();
    assert_eq!(export.ids, ["A"]);
    let case = &export.cases[0];
    let minutes = |at: &str| concord_engine::plan::case::When::Known(read_instant(at).unwrap());
    let times: Vec<_> = case.events.iter().map(|event| event.at).collect();
    let expected = ["2015-01-05T09:00:00Z", "2015-01-05T10:01:00Z", "2015-01-05T11:30:00Z", "2015-01-05T12:00:00Z"];
    assert_eq!(times, expected.map(minutes));
    let values: Vec<Datum> = case.events[1..].iter().map(|event| event.fields[0]).collect();
    // What a sign of the message stands in is no number.
    assert_eq!(values, [Datum::Known(21), Datum::Missing, Datum::Missing]);
    assert_eq!((case.facts[0], case.labels[1].as_deref()), (Datum::Known(71), Some("W&9")));
    let data = &export.data;
    assert_eq!((data.rows, data.rows_used, data.rows_rejected, data.values_rejected), (5, 4, 0, 1));
    assert_eq!(data.files[0].lines, Some(13));
}

#[test]
fn a_message_that_cannot_be_read_touches_its_case() {
    let spoilt = MESSAGES.replace("2!S!9", "2\u{fffd}9").into_bytes();
    let text: Vec<u8> = String::from_utf8(spoilt).unwrap().replace('\u{fffd}', "\u{1}").into_bytes();
    let text: Vec<u8> = text.into_iter().map(|byte| if byte == 1 { 0xff } else { byte }).collect();
    let export = read(&text).unwrap();
    assert_eq!((export.data.rows, export.data.rows_rejected), (5, 4));
    assert_ne!(export.cases[0].not_supplied & 0b10, 0);
    let stray = read(format!("PID|1||A\nMSH|bad\n{MESSAGES}").as_bytes()).unwrap();
    assert_eq!(stray.data.rows_rejected, 2);
    let wrong = MAP.replace("ZPI-1", "age");
    let (package, folder) = (compile(include_str!("../samples/case.concord")), TempFolder::new());
    let mapping = load_mapping(&package, &folder.write("map.toml", wrong.as_bytes())).unwrap();
    let path = folder.write("messages.hl7", MESSAGES.as_bytes());
    let fault = read_export(&package.plan, &mapping, &[path], &ReadOptions::default(), &mut |_| {}).unwrap_err();
    assert!(fault.to_string().contains("`age` is no place in a message such as PID-3"), "{fault}");
}

/// What a row has before it is found in a time that does not grow with the length of its message.
#[test]
fn a_message_may_have_many_observations() {
    let mut text = "MSH|^~\\&|LAB|T1|||201501051000||ORU^R01|2|P|2.4\rPID|1||A\rOBR|1||||||201501051001\r".to_owned();
    let count = 60_000;
    for number in 0..count {
        write!(text, "OBX|{number}|NM|LACT||2.1|||||||||2015010511{:02}\r", number % 60).unwrap();
    }
    let export = read(text.as_bytes()).unwrap();
    assert_eq!((export.ids.len(), export.data.rows, export.data.rows_rejected), (1, count + 1, 0));
}
