//! A member's settings as JSON: the module and the command line's reader say the same of each text, and settings put in force so count as
//! those that are given by number.

use concord_cli::data::case_out::case_out;
use concord_cli::data::decision::settings_json;
use concord_cli::data::settings_json::read_settings;
use concord_engine::plan::belongs::SETTING_CODE;
use concord_engine::plan::case::Case;
use concord_engine::plan::{Contract, Id, Parameter, ParameterId, Plan, Shape, Unknown};
use concord_engine::values::codes::{HIGHEST, LOWEST};
use concord_engine::values::types::Type;
use concord_wasm::run::Instance;
use serde_json::Value;
use std::collections::BTreeSet;

use crate::generate::{self, Random};
use crate::json_in_module::coded::coded;
use crate::json_in_module::{broken, by_the_module, instance, number, refusal, told, typed};
use crate::packages::{LIBRARY, authored, compile};

/// A module and the reader say the same of settings; where these are refused, those in force stay.
#[track_caller]
fn same_settings(plan: &Plan, instance: &mut Instance, text: &[u8]) -> bool {
    let read = read_settings(plan, text);
    let reader = match &read {
        Ok(_) => ("answered", String::new()),
        Err(errors) => ("refused", refusal(errors)),
    };
    let module = told(instance.configure_json(text));
    assert_eq!(module, reader, "{}", String::from_utf8_lossy(text));
    read.is_ok()
}

/// Reads so many texts of settings in both ways, and sees what is in force after each.
fn compare_settings(plan: &Plan, random: &mut Random, texts: u64) -> [u64; 2] {
    let (mut by_text, mut by_number) = (instance(plan), instance(plan));
    let mut case = generate::case(random, plan);
    case.labels = plan.subject.labels.iter().map(|_| None).collect();
    let case = case_out(plan, &case).to_string();
    let (mut seen, mut in_force, mut text) = ([0; 2], vec![None; plan.parameters.len()], "{}".to_owned());
    for round in 0..texts {
        if round % 6 == 0 {
            let settings = generate::settings(random, plan);
            text = Value::Object(settings_json(plan, &Case::default(), &settings)).to_string();
        }
        let tried = if round % 6 == 0 { text.clone().into_bytes() } else { broken(random, &text) };
        let taken = same_settings(plan, &mut by_text, &tried);
        seen[usize::from(!taken)] += 1;
        if taken {
            in_force = read_settings(plan, &tried).unwrap();
        }
        by_number.configure(&in_force).unwrap();
        let (one, other) =
            (by_the_module(&mut by_text, case.as_bytes()), by_the_module(&mut by_number, case.as_bytes()));
        assert_eq!(one, other, "{}", String::from_utf8_lossy(&tried));
    }
    seen
}

#[test]
fn settings_are_read_as_the_reader_does() {
    let texts = number("CONCORD_TEXTS", 20_000);
    let mut random = Random::new(number("CONCORD_SEED", 1));
    let mut seen = [0; 2];
    let mut count = |of: [u64; 2]| seen.iter_mut().zip(of).for_each(|(all, more)| *all += more);
    for package in LIBRARY.into_iter().map(authored).chain([compile(SETTINGS)]) {
        count(compare_settings(&package.plan, &mut random, texts / 20));
    }
    for _ in 0..texts / 400 {
        let plan = typed(generate::plan(&mut random));
        let plan = coded(&mut random, plan);
        count(compare_settings(&plan, &mut random, 50));
    }
    println!("{seen:?}");
    assert!(seen.iter().all(|count| *count > 0), "{seen:?}");
}

/// Parameters of every type, of every contract.
const SETTINGS: &str = r#"
package sample.settings {
  version   1.0.0
  title     "Settings"
  owner     "O"
  source    a "b"
  use       audit
  status    draft
  in force  from 2026-01-01
  review by 2028-01-01
}
enum Side { left, middle, right }
subject Case { level : decimal 0.0..30.0 mmol/L }
parameter fixed : duration = 2 h source a
parameter allowed : duration = 1 h source a
  local 30 min..2 h "r"
parameter above : decimal 0.0..30.0 mmol/L = 4.5 source a
  local 4.0..6.5 mmol/L "r"
parameter side : Side = left source a
  local any "r"
parameter day : date = 2026-01-01 source a
  local 2026-01-01..2026-12-31 "r"
parameter latest : time of day = 17:00 source a
  local 16:00..18:00 "r"
parameter strict : yes/no = no source a
  local any "r"
define high = level > above and (side is left or strict)
define times = if allowed > fixed then 1 else 2
define later = day > 2026-06-01 or latest > 17:30
"#;

#[test]
fn a_setting_is_refused_with_its_place() {
    let plan = compile(SETTINGS).plan;
    let mut instance = instance(&plan);
    let mut refused = |text: &str| {
        assert!(!same_settings(&plan, &mut instance, text.as_bytes()), "{text}");
        told(instance.configure_json(text.as_bytes())).1
    };
    let at = |code: &str, name: &str, expected: &str| {
        format!(r#"{{"refused":[{{"code":"{code}","at":"/{name}","expected":"{expected}"}}]}}"#)
    };
    let allowed = "a duration such as 1 h 30 min, from 30 min to 2 h";
    assert_eq!(refused(r#"{"allowed":"3 h"}"#), at("D08", "allowed", allowed));
    assert_eq!(refused(r#"{"allowed":"<1 h"}"#), at("D07", "allowed", allowed));
    assert_eq!(refused(r#"{"side":"top"}"#), at("D10", "side", "one of left, middle, right"));
    assert_eq!(refused(r#"{"fixed":"2 h"}"#), r#"{"refused":[{"code":"D24","at":"/fixed"}]}"#);
    assert_eq!(refused(r#"{"alowed":"1 h"}"#), r#"{"refused":[{"code":"D06","at":"/alowed"}]}"#);
    for text in ["{}", r#"{"allowed":null,"fixed":null}"#, r#"{"above":6.5,"strict":true,"latest":"16:00"}"#] {
        assert!(same_settings(&plan, &mut instance, text.as_bytes()), "{text}");
    }
}

/// A code is set only where it packs, or where the package lists it; a choice only where the contract has it.
#[test]
fn a_name_is_set_only_where_the_package_has_it() {
    let mut plan = compile(SETTINGS).plan;
    plan.codes.number("A&E");
    plan.codes.number("E11.9 D");
    let unknown = u8::try_from(plan.unknowns.len()).unwrap();
    plan.unknowns.push(Unknown::Parameter(ParameterId::at(plan.parameters.len())));
    let contract = Contract::Within(LOWEST, HIGHEST);
    let shape = Shape::range(LOWEST, HIGHEST);
    let (name, ty) = ("ward".to_owned(), Type::Code);
    let tiers = BTreeSet::new();
    plan.parameters.push(Parameter { name, ty, shape, value: Some(7), contract, tiers, reason: None, unknown });
    let side = plan.parameters.iter_mut().find(|parameter| parameter.name == "side").unwrap();
    side.contract = Contract::Within(1, 2);
    let mut instance = instance(&plan);
    for text in [
        r#"{"ward":"A&E"}"#,
        r#"{"ward":"a&e","side":"right"}"#,
        r#"{"ward":"\u0041&E"}"#,
        r#"{"ward":"e11.9 d"}"#,
        r#"{"ward":"12"}"#,
        r#"{"ward":"W1"}"#,
        r#"{"ward":null,"side":null}"#,
    ] {
        assert!(same_settings(&plan, &mut instance, text.as_bytes()), "{text}");
    }
    let mut refused = |name: &str, value: &str| {
        let text = format!(r#"{{"{name}":{value}}}"#);
        assert!(!same_settings(&plan, &mut instance, text.as_bytes()), "{text}");
        told(instance.configure_json(text.as_bytes())).1
    };
    for value in ["\"not in any list\"", "\"?\"", "\"\"", "12", "{}", "[\"A&E\"]", "\" W1\"", "true"] {
        let told = format!(r#"{{"refused":[{{"code":"D07","at":"/ward","expected":"{SETTING_CODE}"}}]}}"#);
        assert_eq!(refused("ward", value), told, "{value}");
    }
    // As in a case it is what is recorded as absent, and no code of these letters.
    let told = format!(r#"{{"refused":[{{"code":"D16","at":"/ward","expected":"{SETTING_CODE}"}}]}}"#);
    assert_eq!(refused("ward", "\"none\""), told);
    for (code, value) in [("D08", "\"left\""), ("D10", "\"top\""), ("D16", "\"none\""), ("D07", "1")] {
        let told = format!(r#"{{"refused":[{{"code":"{code}","at":"/side","expected":"one of middle, right"}}]}}"#);
        assert_eq!(refused("side", value), told, "{value}");
    }
}
