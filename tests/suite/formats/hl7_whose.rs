//! Whose messages of HL7 are: several identifiers, numbers that are merged, several patients in one message, and messages that cancel others.

use super::hl7::{MAP, read_by};
use concord_cli::data::read::Export;
use std::fmt::Write as _;

/// A message of a kind about a patient, with what else stands in it.
fn message(kind: &str, at: &str, identifiers: &str, more: &str) -> String {
    let mut text = format!("MSH|^~\\&|PAS|T1|||{at}||ADT^{kind}|1|P|2.5\rEVN|{kind}|{at}\rPID|1||{identifiers}\r");
    write!(text, "{more}").unwrap();
    text
}

fn lactate(at: &str, identifiers: &str) -> String {
    let result = format!("OBR|1|p{at}|f{at}|X\rOBX|1|NM|LACT||2.1||||||F|||{at}\r");
    message("R01", at, identifiers, &result).replace("ADT^R01", "ORU^R01")
}

const TRIAGE: &str = "201501050900";

fn told(export: &Export) -> String {
    export.told.iter().map(|told| told.exactly()).collect::<Vec<_>>().join("\n")
}

fn map() -> String {
    MAP.replace("left_out = [\"R01\"]", "left_out = [\"R01\", \"A40\", \"A34\", \"A11\", \"A41\", \"A24\"]")
}

/// How many events each case has, by its name.
fn events(export: &Export) -> Vec<(String, usize)> {
    export.ids.iter().cloned().zip(export.cases.iter().map(|case| case.events.len())).collect()
}

fn of(name: &str, events: usize) -> (String, usize) {
    (name.to_owned(), events)
}

/// What was sent under a number before or after it was merged is of the patient whose it is now, also where that one was merged again.
#[test]
fn numbers_that_are_merged_are_one_patient() {
    for kind in ["A40", "A34"] {
        let text = [
            message("A01", TRIAGE, "1^^^H^MR", ""),
            lactate("201501051000", "2^^^H^MR"),
            message(kind, "201501060900", "3^^^H^MR", "MRG|2^^^H^MR\r"),
            message(kind, "201501070900", "1^^^H^MR", "MRG|3^^^H^MR\r"),
            lactate("201501051100", "2^^^H^MR"),
        ];
        let export = read_by(&map(), text.concat().as_bytes()).unwrap();
        assert_eq!(events(&export), [of("1", 3)]);
        assert!(told(&export).contains("2 numbers of patients were merged into another (MRG)"), "{}", told(&export));
    }
    // Of two that took its place nobody knows which; and of another organisation it is another patient.
    let two = [
        message("A01", TRIAGE, "1^^^H^MR", ""),
        message("A01", TRIAGE, "3^^^H^MR", ""),
        lactate("201501051000", "2^^^H^MR"),
        message("A40", "201501060900", "1^^^H^MR", "MRG|2^^^H^MR\r"),
        message("A40", "201501070900", "3^^^H^MR", "MRG|2^^^H^MR\r"),
    ];
    let export = read_by(&map(), two.concat().as_bytes()).unwrap();
    assert_eq!(events(&export), [of("1", 1), of("3", 1), of("2", 1)]);
    assert!(told(&export).contains("merged into two others, and stands for itself"), "{}", told(&export));
    let elsewhere = [
        message("A01", TRIAGE, "1^^^H^MR", ""),
        lactate("201501051000", "2^^^H^MR"),
        message("A40", "201501060900", "1^^^H^MR", "MRG|2^^^H^MR\r").replace("|T1|", "|T2|"),
    ];
    let export = read_by(&map(), elsewhere.concat().as_bytes()).unwrap();
    assert_eq!(export.cases.iter().filter(|case| case.events.len() == 1).count(), 2, "{:?}", export.ids);
    // Round and round is no way: each stands for itself.
    let round = [
        message("A01", TRIAGE, "1^^^H^MR", ""),
        message("A40", "201501060900", "1^^^H^MR", "MRG|2^^^H^MR\r"),
        message("A40", "201501060901", "2^^^H^MR", "MRG|1^^^H^MR\r"),
    ];
    assert!(events(&read_by(&map(), round.concat().as_bytes()).unwrap()).contains(&of("1", 1)));
}

/// Accounts that move, and patients that are linked, are told.
#[test]
fn what_is_not_followed_is_told() {
    let text = [
        message("A01", TRIAGE, "1^^^H^MR", ""),
        message("A41", "201501060900", "1^^^H^MR", "MRG|1^^^H^MR||77\r"),
        message("A24", "201501060900", "1^^^H^MR", "PID|2||2^^^H^MR\r"),
        message("A11", "201501060900", "1^^^H^MR", ""),
    ];
    let export = read_by(&map(), text.concat().as_bytes()).unwrap();
    let told = told(&export);
    assert!(
        told.contains("2 messages join, move or part numbers of patients, accounts or visits")
            && told.contains("(A24, A41)"),
        "{told}"
    );
    assert!(told.contains("1 message cancels what another says") && told.contains("(A11)"), "{told}");
    assert!(export.told.iter().filter(|told| told.text.contains("counts all the same")).all(|told| told.weighs));
    // Where the mapping makes an event of it, that is for the rule to say.
    let known = map().replace(", \"A11\"", "").replace("[events.map]", "[events.map]\nA11 = { event = \"Triage\" }");
    let export = read_by(&known, text.concat().as_bytes()).unwrap();
    assert!(!self::told(&export).contains("cancels"), "{}", self::told(&export));
}

/// HL7 gives identifiers no order: a mapping says which counts, by its kind or by who gave it.
#[test]
fn an_identifier_is_chosen_by_its_kind() {
    let text = [
        message("A01", TRIAGE, "7^^^H^MR~943^^^NHS^NH", ""),
        lactate("201501051000", "943^^^NHS^NH~7^^^H&1.2.3&ISO^MR"),
    ]
    .concat();
    let first = read_by(&map(), text.as_bytes()).unwrap();
    assert_eq!(first.ids.len(), 2);
    assert!(told(&first).contains("is not always of the same kind (`MR`, `NH`)"), "{}", told(&first));
    for kind in ["MR", "H"] {
        let map = map().replace("PID-3.1", &format!("PID-3[{kind}].1"));
        let export = read_by(&map, text.as_bytes()).unwrap();
        assert_eq!(events(&export), [of("7", 2)], "{kind}");
        assert!(!told(&export).contains("of the same kind"));
    }
    // A row without one of the kind is of nobody.
    let none = read_by(&map().replace("PID-3.1", "PID-3[PI].1"), text.as_bytes());
    assert!(none.is_err() || none.unwrap().cases.is_empty());
    let wrong = read_by(&map().replace("PID-3.1", "PID-3[MR.1"), text.as_bytes());
    assert!(wrong.unwrap_err().to_string().contains("is no place in a message such as PID-3"));
}

/// What a message says as a whole is of its first patient; its observations are of the one before them.
#[test]
fn a_message_about_several_is_told() {
    let text = message("A01", TRIAGE, "1^^^H^MR", "PID|2||2^^^H^MR\r");
    let export = read_by(&map(), text.as_bytes()).unwrap();
    assert_eq!(events(&export), [of("1", 1)]);
    assert!(told(&export).contains("1 message is about several patients (PID)"), "{}", told(&export));
}
