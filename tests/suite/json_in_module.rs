//! JSON inside the module: the same codes and places of faults as the command line's reader, and the same answers to the byte, on cases
//! of every rule and of random plans, whole and broken in every way.
//!
//! `CONCORD_TEXTS=1000000 cargo test --release --test suite json_in_module` reads so many texts; `CONCORD_SEED` chooses them.

use std::env;

use concord_cli::data::answer_json::json_shown;
use concord_cli::data::case_json::{Options, read_case};
use concord_cli::data::case_out::case_out;
use concord_cli::data::decision::answer_json;
use concord_cli::data::input_error::InputError;
use concord_engine::evaluate::evaluate;
use concord_engine::explain::explain;
use concord_engine::plan::case::Settings;
use concord_engine::plan::{AnswerKind, Class, Plan, Shape};
use concord_engine::values::calendar::show_utc;
use concord_engine::values::types::Type;
use concord_wasm::abi::{Identity, claim_in_words};
use concord_wasm::run::{Calls, Instance, Program, Replied, RunError};
use serde_json::{Map, Value, json};

mod at_the_end;
pub mod coded;
mod no_list;
mod pieces;

use coded::{coded, spelt};
use pieces::PIECES;

use crate::generate::{self, Random};
use crate::hostile::RULES;
use crate::packages::{LIBRARY, authored, compile};

pub fn number(name: &str, default: u64) -> u64 {
    env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

fn identity() -> Identity {
    Identity {
        package: "some.\"package\"".to_owned(),
        version: "1.0.0".to_owned(),
        is_approved: false,
        unverified: true,
        fingerprint: "ab".repeat(32),
    }
}

/// Faults as a module says them.
pub fn refusal(errors: &[InputError]) -> String {
    let errors = errors.iter().map(|error| {
        let mut object = Map::new();
        object.insert("code".to_owned(), error.code.into());
        object.insert("at".to_owned(), error.at.as_str().into());
        object.extend(error.expected.as_ref().map(|text| ("expected".to_owned(), text.as_str().into())));
        Value::Object(object)
    });
    json!({ "refused": errors.collect::<Vec<_>>() }).to_string()
}

/// What the command line says of a text, with what only it knows left out.
fn by_the_reader(plan: &Plan, text: &[u8], settings: &Settings, bare: bool) -> (&'static str, String) {
    let case = match read_case(plan, text, Options::default()) {
        Ok(input) => input.case,
        Err(errors) => return ("refused", refusal(&errors)),
    };
    let outcome = evaluate(plan, &case, settings);
    if let Some(claim) = outcome.broken {
        return ("broken", json!({ "broken": claim_in_words(plan, claim) }).to_string());
    }
    let answers = explain(plan, &case, settings, &outcome);
    let answers = answers.iter().map(|answer| (answer.name.clone(), answer_json(plan, answer, bare)));
    let set = plan.parameters.iter().zip(settings);
    let legend = plan.legend(&case);
    let set = set.filter_map(|(of, value)| Some((of.name.clone(), json_shown(legend, &of.ty, (*value)?))));
    let Identity { package, version, unverified, fingerprint, .. } = identity();
    let as_of = plan.subject.uses_as_of.then(|| show_utc(case.as_of));
    let record = json!({
        "package": package, "version": version, "status": "draft", "unverified": unverified, "fingerprint": fingerprint,
        "as_of": as_of, "settings": set.collect::<Map<_, _>>(), "answers": answers.collect::<Map<_, _>>(),
    });
    ("answered", record.to_string())
}

pub fn by_the_module(instance: &mut Instance, text: &[u8]) -> (&'static str, String) {
    told(instance.evaluate_json(text))
}

pub fn told(replied: Result<Replied, RunError>) -> (&'static str, String) {
    let (kind, bytes) = match replied {
        Ok(Replied::Answered(bytes)) => ("answered", bytes),
        Ok(Replied::Refused(bytes)) => ("refused", bytes),
        Ok(Replied::Broken(bytes)) => ("broken", bytes),
        Err(error) => ("stopped", error.to_string().into_bytes()),
    };
    (kind, String::from_utf8_lossy(&bytes).into_owned())
}

#[track_caller]
pub fn same(plan: &Plan, instance: &mut Instance, text: &[u8], settings: &Settings) -> &'static str {
    instance.configure(settings).unwrap();
    let mut answered = "";
    for bare in [true, false] {
        let module = told(if bare { instance.evaluate_json(text) } else { instance.explain_json(text) });
        let reader = by_the_reader(plan, text, settings, bare);
        if module != reader {
            let (shown, named) = (String::from_utf8_lossy(text), settings);
            panic!("{shown}\nsettings {named:?}\nmodule: {} {}\nreader: {} {}", module.0, module.1, reader.0, reader.1);
        }
        answered = reader.0;
    }
    answered
}

pub fn instance(plan: &Plan) -> Instance {
    Program::compile_named(plan, Some(&identity()), Calls::Many).unwrap().instance().unwrap()
}

/// A text with one thing after the other done to it.
pub fn broken(random: &mut Random, text: &str) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..=random.below(3) {
        let at = random.below(bytes.len() + 1);
        let end = (at + random.below(12)).min(bytes.len());
        match random.below(10) {
            0 => drop(bytes.drain(at..end)),
            1 => {
                let part = bytes[at..end].to_vec();
                let to = random.below(bytes.len() + 1);
                bytes.splice(to..to, part);
            }
            2 if at < bytes.len() => bytes[at] = random.below(256) as u8,
            3..=6 => value_for_another(random, &mut bytes),
            7 => twice(random, &mut bytes),
            _ => {
                let piece = PIECES[random.below(PIECES.len())].bytes();
                bytes.splice(at..at, piece);
            }
        }
    }
    bytes
}

/// Puts a piece where a value stands: from a colon to the next comma or bracket.
fn value_for_another(random: &mut Random, bytes: &mut Vec<u8>) {
    let colons: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at] == b':').collect();
    if colons.is_empty() {
        return;
    }
    let start = colons[random.below(colons.len())] + 1;
    let end = (start..bytes.len()).find(|at| matches!(bytes[*at], b',' | b'}' | b']')).unwrap_or(bytes.len());
    bytes.splice(start..end, PIECES[random.below(PIECES.len())].bytes());
}

/// An entry once more, at another place.
fn twice(random: &mut Random, bytes: &mut Vec<u8>) {
    let commas: Vec<usize> = (0..bytes.len()).filter(|at| matches!(bytes[*at], b',' | b'{')).collect();
    if commas.len() < 2 {
        return;
    }
    let from = random.below(commas.len() - 1);
    let part = bytes[commas[from]..commas[from + 1]].to_vec();
    let to = commas[random.below(commas.len())];
    let part: Vec<u8> = std::iter::once(b',').chain(part.into_iter().skip(1)).collect();
    bytes.splice(to..to, part);
}

/// Random plans take little care of types, as the logic never sees them; what reads and writes does.
pub fn typed(mut plan: Plan) -> Plan {
    let fit = |ty: &mut Type, shape: Shape| match (shape.class, &ty) {
        (Class::Set, Type::Enum { .. }) | (Class::Range, Type::Duration | Type::Instant | Type::Date) => {}
        (Class::Range, Type::YesNo) if shape.low >= 0 && shape.high <= 1 => {}
        (Class::Set, _) => {
            let variants = (0..=shape.high).map(|place| format!("choice_{place}")).collect();
            *ty = Type::Enum { name: "choices".to_owned(), variants, labels: Vec::new(), points: None };
        }
        (Class::Range, _) => *ty = Type::Number { places: u8::from(shape.high > 100), unit: Some("mmHg".to_owned()) },
    };
    plan.subject.inputs.iter_mut().for_each(|input| fit(&mut input.ty, input.shape));
    for kind in plan.subject.events.iter_mut() {
        kind.fields.iter_mut().for_each(|input| fit(&mut input.ty, input.shape));
    }
    plan.parameters.iter_mut().for_each(|parameter| fit(&mut parameter.ty, parameter.shape));
    for answer in plan.answers.iter_mut() {
        let cell = match &answer.kind {
            AnswerKind::Obligation(of) if plan.cells.get(of.verdict).is_none_or(|shape| *shape != Shape::set(6)) => {
                of.verdict
            }
            AnswerKind::Obligation(_) => continue,
            AnswerKind::Value { cell, .. } | AnswerKind::Output { cell, .. } => *cell,
        };
        if let AnswerKind::Obligation(_) = answer.kind {
            answer.kind = AnswerKind::Value { cell, ty: Type::YesNo };
        }
        if let AnswerKind::Value { ty, .. } | AnswerKind::Output { ty, .. } = &mut answer.kind {
            fit(ty, *plan.cells.get(cell).unwrap());
        }
    }
    plan
}

/// Reads so many texts of a plan in both ways: how many are answered, refused and break a claim; and how many of those answered have a
/// number in a unit of its own, and a code that does not pack.
fn compare(plan: &Plan, random: &mut Random, texts: u64) -> [u64; 5] {
    let mut instance = instance(plan);
    let mut seen = [0; 5];
    let mut text = "{}".to_owned();
    let mut settings = Settings::new();
    for round in 0..texts {
        if round % 8 == 0 {
            let mut case = generate::case(random, plan);
            case.labels = plan.subject.labels.iter().map(|_| random.percent(70).then(|| "RM3 ü".to_owned())).collect();
            let mut case = case_out(plan, &case);
            spelt(random, plan, &mut case);
            text = case.to_string();
            settings = generate::settings(random, plan);
        }
        let tried = if round % 8 == 0 { text.clone().into_bytes() } else { broken(random, &text) };
        match same(plan, &mut instance, &tried, &settings) {
            "answered" => {
                let has = |part: &str| tried.windows(part.len()).any(|window| window == part.as_bytes());
                seen[0] += 1;
                seen[3] += u64::from(has("\"unit\""));
                seen[4] += u64::from(["A&E", "a&e", "\"?\"", "E11.9"].into_iter().any(has));
            }
            "refused" => seen[1] += 1,
            _ => seen[2] += 1,
        }
    }
    seen
}

#[test]
fn every_rule_reads_as_the_reader_does() {
    let texts = number("CONCORD_TEXTS", 20_000);
    let mut random = Random::new(number("CONCORD_SEED", 1));
    let samples = [include_str!("samples/case.concord"), include_str!("samples/audit_sepsis.concord")];
    let packages = LIBRARY.into_iter().map(authored).chain(samples.into_iter().map(compile));
    for package in packages {
        let seen = compare(&package.plan, &mut random, texts / 10);
        println!("{}: {seen:?}", package.credentials.path);
        assert!(seen[0] > 0 && seen[1] > 0, "{seen:?}");
    }
}

#[test]
fn random_plans_read_as_the_reader_does() {
    let plans = number("CONCORD_TEXTS", 20_000) / 400;
    let mut random = Random::new(number("CONCORD_SEED", 1));
    let mut seen = [0; 5];
    for _ in 0..plans {
        let plan = typed(generate::plan(&mut random));
        let plan = coded(&mut random, plan);
        let of = compare(&plan, &mut random, 100);
        seen.iter_mut().zip(of).for_each(|(all, more)| *all += more);
    }
    println!("{seen:?}");
    assert!(seen.iter().all(|count| *count > 0), "{seen:?}");
}

#[test]
fn what_ends_before_it_starts_is_refused() {
    let rule = "subject Test {\n  trust : organisation\n  event Fall\n  event Stay : span { ward : yes/no }\n  event Device : span\n}\ndefine stays = sum length of Stay\n";
    let plan = compile(&concord_tests::text::whole(rule)).plan;
    let mut instance = instance(&plan);
    let times = ["null", "\"2026-01-05T09:00:00Z\"", "\"2026-01-05T10:00:00Z\"", "\"2026-01-05\"", "\"none\"", "7"];
    let between = r#"{"from": "2026-01-05T09:30:00Z", "to": "2026-01-05T11:00:00Z"}"#;
    let mut seen = std::collections::BTreeMap::new();
    for at in times.into_iter().chain([between]) {
        for end in times.into_iter().chain([between, "\"<2026-01-05T09:30:00Z\""]) {
            for kind in ["Stay", "Device"] {
                let one = format!("{{\"at\": {at}, \"event\": \"{kind}\", \"end\": {end}}}");
                let fall = r#"{"event": "Fall", "at": "2026-01-05T08:00:00Z"}"#;
                let text = format!("{{\"as_of\": \"2026-01-05T09:45:00Z\", \"events\": [{fall}, {one}, {one}]}}");
                *seen.entry(same(&plan, &mut instance, text.as_bytes(), &Settings::new())).or_insert(0) += 1;
            }
        }
    }
    let early = r#"{"as_of": "2026-01-06T00:00:00Z", "events": [{"event": "Stay", "ward": 1, "at": "2026-01-05T10:00:00Z", "end": "2026-01-05T09:00:00Z"}]}"#;
    let told = by_the_module(&mut instance, early.as_bytes());
    let faults = r#"{"refused":[{"code":"D25","at":"/events/0/end"},{"code":"D07","at":"/events/0/ward","expected":"yes or no (true or false)"}]}"#;
    assert_eq!(told, ("refused", faults.to_owned()));
    assert_eq!(seen.keys().copied().collect::<Vec<_>>(), ["answered", "refused"], "{seen:?}");
}

#[test]
fn one_of_a_unit_that_is_a_word_is_said_as_one() {
    let rule = "subject Stay {\n  nights : integer -1..9 days\n  seen : integer 0..1 working days\n  wait : decimal 0.0..9.0 weeks\n  owed : integer -1..9 GBP\n  rate : integer 0..9 per day\n}\ndefine nights_in = nights\ndefine seen_in = seen\ndefine waited = wait\ndefine owing = owed\ndefine rated = rate\ndefine long = nights > 1 days or seen > 0 working days or wait > 1.0 weeks or owed > 1 GBP or rate > 1 per day\n";
    let plan = compile(&concord_tests::text::whole(rule)).plan;
    let mut instance = instance(&plan);
    let mut said = |case: &str| {
        assert_eq!(same(&plan, &mut instance, case.as_bytes(), &Settings::new()), "answered");
        let told: Value = serde_json::from_str(&by_the_module(&mut instance, case.as_bytes()).1).unwrap();
        ["nights_in", "seen_in", "waited", "owing", "rated"]
            .map(|name| told["answers"][name]["text"].as_str().unwrap().to_owned())
    };
    let one = said(r#"{"nights": 1, "seen": 1, "wait": 1.0, "owed": 1, "rate": 1}"#);
    assert_eq!(one, ["1 day", "1 working day", "1.0 weeks", "£1", "1 per day"]);
    let two = said(r#"{"nights": 2, "seen": 0, "wait": 0.1, "owed": -1, "rate": 2}"#);
    assert_eq!(two, ["2 days", "0 working days", "0.1 weeks", "-£1", "2 per day"]);
    assert_eq!(said(r#"{"nights": -1, "owed": 0}"#)[0], "-1 days");
    said("{}");
    assert_eq!(same(&plan, &mut instance, br#"{"nights": 10, "seen": 2}"#, &Settings::new()), "refused");
}

#[test]
fn dates_end_with_the_year_2199() {
    let rule = "subject Person {\n  born : date\n  event Seen { on : date }\n}\ndefine year = year of born\ndefine last_on = on of last Seen\ndefine day_after = date of as of\n";
    let plan = compile(&concord_tests::text::whole(rule)).plan;
    let mut instance = instance(&plan);
    let dates = ["2199-12-31", "2200-01-01", "1900-01-01", "1899-12-31", "2200-01-02"];
    let as_of =
        ["2199-12-31T23:59:59.999Z", "2200-01-01T00:00:00Z", "2200-01-01T00:00:00.001Z", "1900-01-01T00:00:00Z"];
    let mut answered = 0;
    for date in dates.map(|date| format!("\"{date}\"")).into_iter().chain(["null".to_owned()]) {
        for as_of in as_of {
            for edge in ["", "<=", ">="] {
                let born = if edge.is_empty() { date.clone() } else { date.replacen('"', &format!("\"{edge}"), 1) };
                let seen = format!(r#"{{"event": "Seen", "at": "1900-01-01T00:00:00Z", "on": {date}}}"#);
                let text = format!(r#"{{"as_of": "{as_of}", "born": {born}, "events": [{seen}]}}"#);
                answered += u64::from(same(&plan, &mut instance, text.as_bytes(), &Settings::new()) == "answered");
            }
        }
    }
    assert!(answered > 10, "{answered}");
    let told = by_the_module(&mut instance, br#"{"as_of": "2000-01-01T00:00:00Z"}"#).1;
    assert!(told.contains(r#""from":"1900-01-01","to":"2199-12-31""#) || told.contains("1900..2199"), "{told}");
}

#[test]
fn what_is_known_by_its_day_is_late_by_days() {
    let rule = "subject Case {\n  event Start\n  event Done\n}\nobligation by_day \"A\" { from first Start expect Done within 1 calendar days }\nobligation by_working \"B\" { from first Start expect Done within 1 working days }\nobligation by_hour \"C\" { from first Start expect Done within 1 h }\nobligation all_of \"D\" { all of by_day, by_working, by_hour }\n";
    let plan = compile(&concord_tests::text::whole(rule)).plan;
    let mut instance = instance(&plan);
    let days = ["\"2026-01-09\"", "\"2026-01-10\"", "\"2026-01-12T09:00:00Z\"", "\"2026-01-13\"", "null"];
    let two = r#"{"from": "2026-01-13T23:00:00Z", "to": "2026-01-14T01:00:00Z"}"#;
    let mut late = 0;
    for start in days.into_iter().chain([two]) {
        for done in days.into_iter().chain([two]) {
            let events = format!("{{\"event\": \"Start\", \"at\": {start}}}, {{\"event\": \"Done\", \"at\": {done}}}");
            let text = format!("{{\"as_of\": \"2026-02-01T00:00:00Z\", \"events\": [{events}]}}");
            assert_eq!(same(&plan, &mut instance, text.as_bytes(), &Settings::new()), "answered");
            let (_, told) = by_the_module(&mut instance, text.as_bytes());
            let told: Value = serde_json::from_str(&told).unwrap();
            let by_day = &told["answers"]["by_day"];
            late += u64::from(by_day["late_by"].is_null() && by_day["text"].as_str().unwrap().starts_with("late by "));
        }
    }
    assert!(late >= 2, "{late}");
}

#[test]
fn whatever_is_called_stays_within_its_own_memory() {
    const KEPT: usize = 5_000;
    let calls = 3 * number("CONCORD_CALLS", 2_500);
    let mut random = Random::new(number("CONCORD_SEED", 1));
    for rule in RULES {
        let mut instance = instance(&authored(rule).plan);
        let kept = usize::try_from(instance.call_alloc(KEPT as i32).unwrap().unwrap()).unwrap();
        for byte in &mut instance.memory()[kept..kept + KEPT] {
            *byte = random.below(256) as u8;
        }
        let before = instance.memory()[kept..kept + KEPT].to_vec();
        let mut seen = [0_u64; 4];
        for _ in 0..calls {
            let edges = [0, -1, i64::from(i32::MAX), i64::from(i32::MIN), 65_536, 1 << 24, kept as i64, 17];
            let mut any = || {
                let near = edges[random.below(edges.len())] + random.between(-40, 40);
                i32::try_from(if random.percent(80) { near } else { random.between(-1 << 31, (1 << 31) - 1) })
                    .unwrap_or(0)
            };
            let (address, bytes) = (any(), any());
            let status = match random.below(3) {
                0 => instance.call_configure_json(address, bytes),
                1 => instance.call_explain_json(address, bytes),
                _ => instance.call_json(address, bytes),
            };
            let status = status.unwrap_or_else(|error| panic!("{address} {bytes}: {error}"));
            seen[usize::try_from(status.unwrap()).unwrap()] += 1;
            assert!(instance.memory()[kept..kept + KEPT] == before, "{address} {bytes}");
        }
        println!("{rule}: {seen:?}");
        assert!(seen[1] > 0 && seen[3] > 0, "{seen:?}");
    }
}
