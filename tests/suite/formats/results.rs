//! How results in messages stand (OBX-11, OBR-25, ORC-1): what is none is left out, what is corrected counts once, and what is not final yet is not known.

use super::hl7;
use crate::packages::{TempFolder, compile};
use concord_cli::data::read::{Export, ReadOptions, Way, load_mapping};
use concord_engine::plan::case::Datum;
use std::fmt::Write as _;

/// A result: its order, its time, its value and how it stands.
type Given<'a> = (&'a str, &'a str, &'a str, &'a str);

fn messages(results: &[Given<'_>]) -> String {
    let mut text = "MSH|^~\\&|PAS|T1|||201501050900||ADT^A01|1|P|2.4\rPID|1||A\rZPI|71\r".to_owned();
    for (order, time, value, status) in results {
        let head = format!("MSH|^~\\&|LAB|T1|||201501051000||ORU^R01|2|P|2.4\rPID|1||A\rOBR|1||{order}\r");
        write!(text, "{head}OBX|1|NM|LACT||{value}|mmol/L|||||{status}|||{time}\r").unwrap();
    }
    text
}

/// Values of lactate, whether there may be others, and the rows that are left out.
fn found(export: &Export) -> (Vec<i64>, bool, Vec<(String, u64)>) {
    let case = &export.cases[0];
    let values = case.events.iter().skip(1).map(|event| match event.fields[0] {
        Datum::Known(value) => value,
        _ => -1,
    });
    let left_out = export.data.rows_left_out.iter().filter(|(why, _)| why != "R01").cloned();
    let mut values: Vec<i64> = values.collect();
    values.sort_unstable();
    (values, case.not_supplied & 0b10 != 0, left_out.collect())
}

const NONE: &str = "deleted, wrong or not obtained results";
const REPLACED: &str = "results that were corrected or completed later";
const WITHDRAWN: &str = "results that were withdrawn later";
const NOT_FINAL: &str = "results that are not final";
const PERHAPS: &str = "results that may be those that others correct or withdraw";

#[test]
fn a_result_counts_as_it_stands_in_the_end() {
    let early = "201501051030";
    // Results, values that count, whether the kind is not supplied in full, rows left out.
    type Case<'a> = (&'a [Given<'a>], &'a [i64], bool, &'a [(&'a str, u64)]);
    let cases: [Case<'_>; 17] = [
        (&[("1", early, "2.5", "F"), ("1", early, "2.6", "C")], &[26], false, &[(REPLACED, 1)]),
        (&[("1", early, "2.5", ""), ("1", "", "2.6", "C"), ("1", "", "2.7", "C")], &[27], false, &[(REPLACED, 2)]),
        (&[("1", early, "2.5", "F"), ("2", early, "2.6", "C")], &[25, 26], false, &[]),
        (
            &[("1", early, "2.5", "F"), ("2", early, "3.5", "F"), ("1", "", "", "W")],
            &[35],
            false,
            &[(NONE, 1), (WITHDRAWN, 1)],
        ),
        (
            &[("1", early, "2.5", "F"), ("2", early, "3.5", "F"), ("2", "", "", "D")],
            &[25],
            false,
            &[(NONE, 1), (WITHDRAWN, 1)],
        ),
        (&[("1", early, "2.5", "D"), ("1", early, "3.5", "X"), ("1", early, "", "N")], &[], false, &[(NONE, 3)]),
        (&[("1", early, "2.5", "P")], &[], true, &[(NOT_FINAL, 1)]),
        (
            &[("1", early, "2.5", "R"), ("1", early, "", "I"), ("2", early, "", "S")],
            &[],
            true,
            &[(NOT_FINAL, 2), (REPLACED, 1)],
        ),
        (&[("1", early, "2.5", "Q")], &[], true, &[(NOT_FINAL, 1)]),
        (&[("1", early, "2.5", "P"), ("1", early, "2.6", "F")], &[26], false, &[(REPLACED, 1)]),
        (&[("1", early, "2.5", "P"), ("1", early, "", "U")], &[25], false, &[(NONE, 1)]),
        (&[("1", early, "", "U")], &[], true, &[(NOT_FINAL, 1)]),
        (&[("1", early, "2.6", "C")], &[26], false, &[]),
        // Without the number of an order the time says which it is, and of what is withdrawn the value too.
        (
            &[("", early, "2.5", "F"), ("", "201501051130", "2.5", "F"), ("", early, "2.6", "C")],
            &[25, 26],
            false,
            &[(REPLACED, 1)],
        ),
        (&[("", early, "2.5", "F"), ("", early, "9.0", "W")], &[25], false, &[(NONE, 1)]),
        (&[("", "", "2.5", "F"), ("", "", "3.5", "F"), ("", "", "2.6", "C")], &[26], true, &[(PERHAPS, 2)]),
        (
            &[
                ("", early, "2.5", "F"),
                ("", early, "9.0", "W"),
                ("", early, "8.0", "D"),
                ("", early, "7.0", "P"),
                ("", early, "", "X"),
                ("", early, "2.6", "C"),
            ],
            &[26],
            false,
            &[(NONE, 3), (REPLACED, 2)],
        ),
    ];
    for (results, values, open, left_out) in cases {
        let export = hl7::read(messages(results).as_bytes()).unwrap();
        let left_out: Vec<(String, u64)> = left_out.iter().map(|(why, rows)| ((*why).to_owned(), *rows)).collect();
        assert_eq!(found(&export), (values.to_vec(), open, left_out), "{results:?}");
    }
}

#[test]
fn what_is_not_known_of_results_is_told() {
    for (results, words) in [
        (
            &[("1", "", "2.5", "P")][..],
            "1 result is not final (OBX-11) and left out; its kind of event is not supplied in full.",
        ),
        (
            &[("1", "", "2.5", "C")],
            "1 row corrects a result that the export does not have, and counts as a result of its own.",
        ),
        (
            &[("", "", "2.5", "F"), ("", "", "2.5", "C")],
            "1 row that corrects or withdraws a result does not say by the number of an order or a time which",
        ),
    ] {
        let export = hl7::read(messages(results).as_bytes()).unwrap();
        let told = export.told.iter().find(|told| told.exactly().starts_with(words));
        assert!(told.is_some_and(|told| told.weighs), "{words}: {:?}", export.told);
    }
    let plain = hl7::read(messages(&[("1", "", "2.5", "F")]).as_bytes()).unwrap();
    assert!(plain.told.iter().all(|told| !told.exactly().contains("result")), "what is final needs no word");
}

#[test]
fn nothing_of_a_cancelled_order_is_a_result() {
    let result = messages(&[("1", "201501051030", "2.5", "F")]);
    let cancelled = format!("OBR|1||1{}X\r", "|".repeat(22));
    for (from, to) in [("OBR|1||1\r", cancelled.as_str()), ("OBR|", "ORC|OC|9\rOBR|"), ("OBR|", "ORC|SC|9|||CA\rOBR|")]
    {
        let export = hl7::read(result.replace(from, to).as_bytes()).unwrap();
        assert_eq!(found(&export), (vec![], false, vec![("of cancelled orders".to_owned(), 2)]), "{to}");
    }
    let other = result.replace("OBR|1||1\r", "ORC|CA|8\rOBR|1||8\rORC|RE|9\rOBR|2||1\r");
    assert_eq!(found(&hl7::read(other.as_bytes()).unwrap()).0, [25], "the order before it was cancelled");
}

#[test]
fn a_mapping_that_reads_how_a_result_stands_has_what_is_not_final() {
    let reads = hl7::MAP.replace("PV1-3.1 or PV1-3.4.1", "OBX-11");
    let text = messages(&[("1", "", "2.5", "P"), ("2", "", "", "D"), ("1", "", "2.6", "F"), ("1", "", "2.7", "C")]);
    let export = hl7::read_by(&reads, text.as_bytes()).unwrap();
    assert_eq!(found(&export), (vec![25, 27], false, vec![(NONE.to_owned(), 1), (REPLACED.to_owned(), 1)]));
}

/// Rows of a case that lie apart are set apart, and stand as they do where all are held.
#[test]
fn what_becomes_of_a_result_is_known_however_the_export_is_read() {
    let one = messages(&[("1", "", "2.5", "F"), ("2", "", "3.5", "P"), ("3", "", "4.5", "F")]);
    let text =
        format!("{one}{}{}", one.replace("||A\r", "||B\r"), messages(&[("1", "", "2.6", "C"), ("3", "", "", "D")]));
    let (package, folder) = (compile(include_str!("../samples/case.concord")), TempFolder::new());
    let mapping = load_mapping(&package, &folder.write("map.toml", hl7::MAP.as_bytes())).unwrap();
    let paths = [folder.write("messages.hl7", text.as_bytes())];
    let options = ReadOptions { as_of: 1_767_225_600_000, ..ReadOptions::default() };
    let source =
        concord_cli::data::read::Source { plan: &package.plan, mapping: &mapping, paths: &paths, options: &options };
    let all = [0, 1 << 30].map(|memory| {
        let apart = folder.path("apart");
        let mut way = Way::of(source, memory, &apart).unwrap();
        loop {
            let mut cases = std::collections::BTreeMap::new();
            let mut take = |part: concord_cli::data::read::Part| {
                cases.extend(part.ids.iter().cloned().zip(part.cases.iter().cloned()));
                Some(part)
            };
            let read = way.read(&mut take, &mut |_| {}).unwrap();
            if let Some(export) = way.came_to(read).unwrap() {
                break (cases, export.data.rows, export.data.rows_left_out, export.told);
            }
        }
    });
    assert_eq!(all[0], all[1]);
    let values: Vec<usize> = all[0].0.values().map(|case| case.events.len()).collect();
    assert_eq!(values, [3, 3], "those of A are two triages and a corrected result");
}

/// What comes once is held while it is gone through, and unpacked as a file is.
#[cfg(unix)]
#[test]
fn messages_come_through_a_pipe_packed_or_not() {
    use concord_cli::data::read::read_export;
    use std::io::Write as _;
    let text = messages(&[("1", "", "2.5", "F"), ("1", "", "2.6", "C")]);
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(text.as_bytes()).unwrap();
    let (package, folder) = (compile(include_str!("../samples/case.concord")), TempFolder::new());
    let mapping = load_mapping(&package, &folder.write("map.toml", hl7::MAP.as_bytes())).unwrap();
    let options = ReadOptions { as_of: 1_767_225_600_000, ..ReadOptions::default() };
    for (name, bytes) in [("plain", text.into_bytes()), ("packed", packed.finish().unwrap())] {
        let pipe = folder.path(name);
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let to = pipe.clone();
        let writer = std::thread::spawn(move || std::fs::write(to, bytes).unwrap());
        let export = read_export(&package.plan, &mapping, &[pipe], &options, &mut |_| {}).unwrap();
        writer.join().unwrap();
        assert_eq!(found(&export), (vec![26], false, vec![(REPLACED.to_owned(), 1)]), "{name}");
    }
}
