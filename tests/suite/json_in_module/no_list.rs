//! A list of events that nobody has, which is no list of none: for the reader and for the module.

use super::{by_the_module, instance, same};
use crate::packages::compile;
use concord_cli::data::case_json::{Options, read_case};
use concord_engine::plan::case::Settings;
use serde_json::Value;

#[test]
fn a_list_of_events_that_nobody_has_leaves_all_of_them_open() {
    let rule = "subject Case {\n  event Start\n  event Fall\n}\ndefine falls = count Fall\ndefine safe = not any Fall\nobligation start \"A\" { from first Start expect Fall within 1 h }\n";
    let plan = compile(&concord_tests::text::whole(rule)).plan;
    let read = |text: &str| read_case(&plan, text.as_bytes(), Options::default()).unwrap().case;
    let of = |events: &str| read(&format!("{{\"as_of\": \"2026-01-09T00:00:00Z\"{events}}}")).not_supplied;
    assert_eq!([", \"events\": null", ", \"events\": []", ""].map(of), [0b11, 0, 0]);
    assert_eq!(of(", \"events\": null, \"not_supplied\": null"), 0b11);
    let mut instance = instance(&plan);
    let mut said = |events: &str| {
        let text = format!("{{\"as_of\": \"2026-01-09T00:00:00Z\"{events}}}");
        assert_eq!(same(&plan, &mut instance, text.as_bytes(), &Settings::new()), "answered");
        let told: Value = serde_json::from_str(&by_the_module(&mut instance, text.as_bytes()).1).unwrap();
        ["falls", "safe", "start"].map(|name| told["answers"][name].clone())
    };
    let (unknown, none) = (said(", \"events\": null"), said(", \"events\": []"));
    assert_ne!(unknown, none, "{unknown:?}");
    assert_eq!(unknown, said(", \"not_supplied\": [\"Fall\", \"Start\"]"));
    assert_eq!(unknown, said(", \"not_supplied\": [\"Fall\"], \"events\": null"));
    assert_eq!(none, said(""));
}
