//! One case from JSON: what is right is read exactly, what is wrong is placed, coded and never repeated.

use crate::packages::{Random, compile};
use concord_cli::data::case_json::{Options, read_case};
use concord_cli::data::input_error::{CODES, InputError};
use concord_cli::data::schema::input_schema;
use concord_cli::data::settings_json::read_settings;
use concord_engine::plan::case::Datum::{self, Known, Missing};
use concord_engine::plan::{Id, Package, Plan};
use concord_engine::values::calendar::read_instant;
use concord_tests::text::whole;
use std::collections::BTreeSet;
use std::time::Instant;

fn package() -> Package {
    compile(include_str!("samples/case.concord"))
}

const NOW: Options = Options { ignore_unknown: false, show_values: false, as_of: Some(0), needs_as_of: false };

fn faults(text: impl AsRef<[u8]>) -> Vec<InputError> {
    read_case(&package().plan, text.as_ref(), NOW).expect_err("this should be refused")
}

/// The code, path, line and column of the only fault.
#[track_caller]
fn only(text: impl AsRef<[u8]>) -> (&'static str, String, usize, usize) {
    let faults = faults(text);
    assert_eq!(faults.len(), 1, "{faults:?}");
    (faults[0].code, faults[0].path.clone(), faults[0].line, faults[0].column)
}

fn fact(name: &str, text: &str) -> Datum {
    let package = package();
    let place = package.plan.subject.inputs.iter().position(|input| input.name == name).unwrap();
    let json = format!("{{\"{name}\": {text}}}");
    let read = read_case(&package.plan, json.as_bytes(), NOW);
    read.unwrap_or_else(|faults| panic!("{faults:?}")).case.facts[place]
}

#[test]
fn a_whole_case_is_read() {
    let text = r#"{ "case": "A17", "as_of": "2026-03-29T12:00:00+01:00", "trust": "RM3", "remark": null,
        "age": 71, "temperature": 38.4, "on_oxygen": true, "scale": "scale_2", "weight": "none",
        "waited": "1 h 30 min", "born": "1955-02-01", "arrived": "2026-03-29T08:59:00.250Z", "bed_time": "22:30",
        "events": [ { "event": "Lactate", "at": null, "value": 2.1 },
                    { "event": "Lactate", "at": "2026-03-29T09:30:00Z", "urgent": false },
                    { "event": "Triage", "at": "2026-03-29T09:00:00Z" } ],
        "not_supplied": ["Triage"] }"#;
    let read = read_case(&package().plan, text.as_bytes(), Options::default()).unwrap();
    let case = read.case;
    assert_eq!(read.id.as_deref(), Some("A17"));
    assert_eq!(case.as_of, read_instant("2026-03-29T11:00:00Z").unwrap());
    assert_eq!(case.labels, [Some("RM3".to_owned()), None]);
    let known = |n| Known(n);
    assert_eq!(case.facts[..3], [known(71), known(384), Missing]);
    assert_eq!(case.facts[3..7], [known(1), Missing, known(1), Datum::None]);
    assert_eq!(case.facts[7], known(5_400_000));
    assert_eq!(case.facts[10], known(81_000_000));
    let kinds: Vec<usize> = case.events.iter().map(|event| event.kind.place()).collect();
    assert_eq!(kinds, [0, 1, 1], "by time, unknown times last");
    assert_eq!(case.events[1].fields, [Missing, known(0)]);
    assert_eq!(case.events[2].fields, [known(21), Missing]);
    assert_eq!(case.not_supplied, 0b01);
}

#[test]
fn numbers_are_exact() {
    for text in ["37.1", "37.10", "3.71e1", "371E-1", "37.1000000000000000000000000000"] {
        assert_eq!(fact("temperature", text), Known(371), "{text}");
    }
    assert_eq!(fact("change", "-0"), Known(0));
    assert_eq!(fact("change", "-0.05"), Known(-5));
    assert_eq!(fact("change", "0e999999999999999999999"), Known(0));
    assert_eq!(fact("age", "21.0"), Known(21));
    for text in ["37.15", "37.10000000000000000000000001", "371e-3", "1e-999999999999999999999"] {
        assert_eq!(only(format!("{{\"temperature\": {text}}}")).0, "D09", "{text}");
    }
    for text in ["45.1", "-1", "1e30", "1e999999999999999999999", "99999999999999999999999999"] {
        assert_eq!(only(format!("{{\"temperature\": {text}}}")).0, "D08", "{text}");
    }
}

/// One text for each code that a single case can meet.
fn one_of_each() -> Vec<(&'static str, Vec<u8>)> {
    let events = format!(
        "{{\"events\": [{}{{\"event\": \"Triage\", \"at\": null}}]}}",
        "{\"event\": \"Triage\", \"at\": null},".repeat(65_535)
    );
    let unknown: Vec<String> = (0..60).map(|n| format!("\"x{n}\": 1")).collect();
    vec![
        ("D01", b" \n".to_vec()),
        ("D02", b"{\"age\": \"\xff\"}".to_vec()),
        ("D03", vec![b' '; 16 * 1024 * 1024 + 1]),
        ("D04", b"{\"age\": 71".to_vec()),
        ("D05", b"{\"age\": 71, \"age\": 72}".to_vec()),
        ("D06", b"{\"agee\": 71}".to_vec()),
        ("D07", b"{\"age\": \"71\"}".to_vec()),
        ("D08", b"{\"age\": 131}".to_vec()),
        ("D09", b"{\"temperature\": 37.15}".to_vec()),
        ("D10", b"{\"scale\": \"scale1\"}".to_vec()),
        ("D11", b"{\"born\": \"2026-02-30\"}".to_vec()),
        ("D13", b"{\"events\": [{\"event\": \"Triag\", \"at\": null}]}".to_vec()),
        ("D14", b"{\"events\": [{\"event\": \"Triage\"}]}".to_vec()),
        ("D15", events.into_bytes()),
        ("D16", b"{\"age\": \"none\"}".to_vec()),
        ("D17", b"{\"trust\": \"\"}".to_vec()),
        ("D19", format!("{{{}}}", unknown.join(",")).into_bytes()),
        ("D20", b"{\"as_of\": \"2026-03-29T09:00:00.1234Z\"}".to_vec()),
    ]
}

#[test]
fn every_code_has_a_text_that_meets_it() {
    let mut met: BTreeSet<&str> = BTreeSet::new();
    for (code, text) in one_of_each() {
        let faults = faults(&text);
        assert!(faults.iter().any(|fault| fault.code == code), "{code}: {faults:?}");
        met.insert(code);
    }
    // Without an instant from the caller, one must be in the case.
    let missing = read_case(&package().plan, b"{}", Options::default()).unwrap_err();
    assert_eq!(missing[0].code, "D12");
    met.insert("D12");
    let checked = compile(&whole("subject Baby { mother : nhs number }\ndefine known = mother = mother"));
    let wrong = read_case(&checked.plan, b"{\"mother\": \"9990000081\"}", NOW).unwrap_err();
    assert_eq!(wrong[0].code, "D21");
    met.insert("D21");
    let units = compile(&whole("subject Test { result : integer 1..9 g or mg }\ndefine high = result > 5 g"));
    let wrong = read_case(&units.plan, br#"{"result": {"value": 2, "unit": "kg"}}"#, NOW).unwrap_err();
    assert_eq!((wrong[0].code, wrong[0].path.as_str()), ("D23", "result"));
    met.insert("D23");
    let fixed = compile(&whole(
        "subject Test { result : integer 1..9 }\nparameter most : integer 1..9 = 5\ndefine high = result > most",
    ));
    let wrong = read_settings(&fixed.plan, br#"{"most": 5}"#).unwrap_err();
    assert_eq!((wrong[0].code, wrong[0].path.as_str()), ("D24", "most"));
    met.insert("D24");
    let lasts = compile(&whole("subject Test { event Stay : span }\ndefine stays = count Stay"));
    let early = |at: &str, end: &str| {
        let text = format!(r#"{{"events": [{{"event": "Stay", "at": {at}, "end": {end}}}]}}"#);
        read_case(&lasts.plan, text.as_bytes(), NOW).err().map(|wrong| (wrong[0].code, wrong[0].path.clone()))
    };
    let day = |hour: &str| format!("\"2026-01-05T{hour}:00:00Z\"");
    let told = Some(("D25", "events[0].end".to_owned()));
    assert_eq!(early(&day("10"), &day("09")), told);
    met.insert("D25");
    assert_eq!(early("\"2026-01-06\"", &day("23")), told);
    assert_eq!(
        early(&format!("{{\"from\": {}, \"to\": {}}}", day("10"), day("12")), "\"<2026-01-05T09:00:00Z\""),
        told
    );
    for (at, end) in [("null", &day("09")), (&day("10"), &day("10")), (&day("10"), &"\"2026-01-05\"".to_owned())] {
        assert_eq!(early(at, end), None);
    }
    // A record that only the schema refuses does not exist; `the_schema_and_the_reader_agree` holds them together.
    met.insert("D18");
    let all: BTreeSet<&str> = CODES.iter().map(|(code, _)| *code).collect();
    assert_eq!(met, all);
}

#[test]
fn faults_have_a_place() {
    let text = "{\n  \"age\": 71,\n  \"events\": [\n    {\"event\": \"Lactate\", \"at\": \"2026-03-29 09:00\", \"value\": 41}]\n}";
    let faults = faults(text);
    let places: Vec<_> = faults.iter().map(|f| (f.code, f.path.as_str(), f.line, f.column)).collect();
    assert_eq!(places, [("D11", "events[0].at", 4, 32), ("D08", "events[0].value", 4, 61)]);
    assert!(faults[0].message.contains("no zone"));
    assert!(faults[1].message.contains("from 0.0 to 40.0 mmol/L"), "{}", faults[1].message);
    assert_eq!(only("{\n\"age\": 71,\n}"), ("D04", String::new(), 3, 1));
    assert_eq!(only("{\"age\": 1,\n \"\\u0061ge\": 2}"), ("D05", "age".to_owned(), 2, 2));
}

#[test]
fn names_nearly_right_are_suggested_and_may_be_ignored() {
    let text = b"{\"on_oxigen\": true, \"events\": [{\"event\": \"Lactate\", \"at\": null, \"vaule\": 1}]}";
    let faults = faults(text);
    let help: Vec<_> = faults.iter().map(|fault| fault.help.clone().unwrap()).collect();
    assert_eq!(help, ["did you mean `on_oxygen`?", "did you mean `value`?"]);
    let ignoring = Options { ignore_unknown: true, ..NOW };
    let read = read_case(&package().plan, text, ignoring).unwrap();
    assert_eq!(read.ignored, ["on_oxigen", "events[0].vaule"]);
}

#[test]
fn values_are_shown_only_where_asked() {
    let secret = "{\"age\": \"Smith\", \"scale\": \"Jones\", \"born\": \"Brown\", \"on_oxygen\": \"Black\", \"temperature\": 97531}";
    for fault in faults(secret) {
        let said = fault.to_string();
        for name in ["Smith", "Jones", "Brown", "Black", "97531"] {
            assert!(!said.contains(name), "{said}");
        }
    }
    let showing = Options { show_values: true, ..NOW };
    let said: String =
        read_case(&package().plan, secret.as_bytes(), showing).unwrap_err().iter().map(ToString::to_string).collect();
    for name in ["Smith", "Jones", "Brown", "Black", "97531"] {
        assert!(said.contains(name), "{said}");
    }
}

#[test]
#[allow(clippy::disallowed_methods, reason = "that it ends soon is what is tested")]
fn hostile_texts_end_soon() {
    let start = Instant::now();
    assert_eq!(only(vec![b'['; 100 * 1024 * 1024]).0, "D03");
    assert_eq!(only(vec![b'['; 16 * 1024 * 1024]).0, "D04");
    let mut nested = b"{\"events\": ".to_vec();
    nested.extend(vec![b'['; 8 * 1024 * 1024 - 100]);
    nested.extend(vec![b']'; 8 * 1024 * 1024 - 100]);
    nested.push(b'}');
    assert_eq!(only(nested).0, "D07");
    let keys: Vec<String> = (0..700_000).map(|n| format!("\"unknown key {n}\": 1")).collect();
    let text = format!("{{{}}}", keys.join(","));
    let many = if text.len() <= 16 * 1024 * 1024 { text } else { text[..1000].to_owned() };
    assert!(faults(many).len() <= 51);
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}

/// What a property may be given: right, nearly right and wrong.
const TEXTS: [&str; 66] = [
    "null",
    "true",
    "false",
    "0",
    "-0",
    "1",
    "71",
    "130",
    "131",
    "-1",
    "37.1",
    "37.15",
    "37.10",
    "3.71e1",
    "45.0",
    "45.1",
    "25",
    "24.9",
    "-5",
    "-5.00",
    "4.99",
    "0.001",
    "5.01",
    "1e2",
    "400",
    "400.5",
    "\"none\"",
    "\"yes\"",
    "\"scale_1\"",
    "\"scale_3\"",
    "\"RM3\"",
    "\"\"",
    "\"2026-03-29\"",
    "\"2026-02-30\"",
    "\"26-3-29\"",
    "\"2026-03-29T09:00:00Z\"",
    "\"2026-03-29T09:00+01:00\"",
    "\"2026-03-29T09:00\"",
    "\"09:30\"",
    "\"09:30:15.5\"",
    "\"24:00\"",
    "\"1 h 30 min\"",
    "\"90 mins\"",
    "\"-5 min\"",
    "\"PT1H30M\"",
    "\"-PT0.500S\"",
    "\"P1DT2H\"",
    "\"PT\"",
    "\"PT90\"",
    "\"2026-03-29T09:00:00.123456Z\"",
    "\"2026-03-29T09:00:00.1230000000000+0100\"",
    "\"09:30:15.123456\"",
    "\"<37.1\"",
    "\">= 5\"",
    "\"≤1e2\"",
    "\"<\"",
    "\"<x\"",
    "\">2026-03-29\"",
    "\"<1 h\"",
    "{\"from\": 30, \"to\": 37.5}",
    "{\"from\": 40, \"to\": 30}",
    "{\"from\": \"2026-03-29\", \"to\": \"2026-03-30T09:00Z\"}",
    "{\"from\": 30}",
    "{\"from\": 30, \"to\": 37, \"by\": 1}",
    "[]",
    "{}",
];

fn random_case(plan: &Plan, random: &mut Random) -> String {
    let subject = &plan.subject;
    let facts = subject.inputs.iter().map(|input| input.name.as_str());
    let mut names: Vec<&str> = facts.chain(subject.labels.iter().map(|label| label.name.as_str())).collect();
    names.extend(["as_of", "case"]);
    if random.below(10) == 0 {
        names.push("agee");
    }
    let mut members = Vec::new();
    for name in names {
        if random.below(10) == 0 {
            members.push(format!("\"{name}\": {}", random.one_of(&TEXTS)));
        }
    }
    if random.below(2) == 0 {
        let mut events = Vec::new();
        for _ in 0..random.below(3) {
            let mut fields = Vec::new();
            for name in ["event", "at", "value", "urgent", "vaule"] {
                let good = ["\"Lactate\"", "\"2026-03-29T09:00:00Z\"", "2.1", "true", "1"];
                let place = ["event", "at", "value", "urgent", "vaule"].iter().position(|n| *n == name).unwrap();
                match random.below(24) {
                    0 => fields.push(format!("\"{name}\": {}", random.one_of(&TEXTS))),
                    1..=22 if name != "vaule" => fields.push(format!("\"{name}\": {}", good[place])),
                    _ => {}
                }
            }
            events.push(format!("{{{}}}", fields.join(", ")));
        }
        members.push(format!("\"events\": [{}]", events.join(", ")));
    }
    if random.below(6) == 0 {
        members.push(format!(
            "\"not_supplied\": {}",
            random.one_of(&["null", "[]", "[\"Triage\"]", "[\"Tri\"]", "\"Triage\"", "[1]"])
        ));
    }
    format!("{{{}}}", members.join(", "))
}

#[test]
fn the_schema_and_the_reader_agree() {
    let package = package();
    let schema = input_schema(&package);
    assert!(jsonschema::meta::is_valid(&schema));
    let validator = jsonschema::validator_for(&schema).unwrap();
    let mut random = Random::seeded(2_026);
    let (mut right, mut wrong) = (0, 0);
    for _ in 0..20_000 {
        let text = random_case(&package.plan, &mut random);
        let fits = validator.is_valid(&serde_json::from_str(&text).unwrap());
        match read_case(&package.plan, text.as_bytes(), NOW) {
            Ok(_) => {
                assert!(fits, "the reader takes what the schema refuses: {text}");
                right += 1;
            }
            Err(faults) => {
                // A schema knows neither the calendar nor how long a duration written in words is, has no steps below 1, and cannot tell
                // what lies beyond a value or which end is the lower.
                let has_range = text.contains(['<', '>', '≤']) || text.contains("from");
                let beyond = |fault: &InputError| match fault.code {
                    "D08" | "D09" if has_range => true,
                    "D08" => fault.path == "waited",
                    "D09" => fault.path != "age",
                    code => ["D11", "D20"].contains(&code),
                };
                assert!(
                    !fits || faults.iter().all(beyond),
                    "the schema takes what the reader refuses: {text} {faults:?}"
                );
                wrong += 1;
            }
        }
    }
    assert!(right > 2_000 && wrong > 2_000, "{right} right, {wrong} wrong");
}

#[test]
fn no_text_makes_the_reader_panic() {
    let package = package();
    let mut random = Random::seeded(7);
    let signs: Vec<u8> = b"{}[]\",:0e-+.9\\u\xff\xc3\n nulltrue".to_vec();
    for _ in 0..20_000 {
        let mut text = random_case(&package.plan, &mut random).into_bytes();
        for _ in 0..=random.below(4) {
            let at = usize::try_from(random.below(text.len() as u64)).unwrap();
            let sign = signs[usize::try_from(random.below(signs.len() as u64)).unwrap()];
            match random.below(3) {
                0 => text[at] = sign,
                1 => text.insert(at, sign),
                _ => text.truncate(at.max(1)),
            }
        }
        if let Err(faults) = read_case(&package.plan, &text, NOW) {
            assert!(
                faults.iter().all(|fault| fault.line > 0
                    && fault.column > 0
                    && CODES.iter().any(|(code, _)| *code == fault.code))
            );
        }
    }
}
