//! What is given by mistake on the command line is named for what it is, with what to give instead; and what a module can do as well as its rule, it does.

use crate::cli::{Ran, fed, run};
use crate::packages::{TempFolder, data_file};
use serde_json::Value;

const NEWS2: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../rules/clinical/news2");
const SEPSIS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../rules/acute/sepsis");
const ROTA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../rules/workforce/rota_tcs2016");
const TRIAGE: &str = r#"{"age": 70, "events": [{"event": "SepsisTriage", "at": "2026-03-01T10:00:00Z"}]}"#;

/// The module of a rule, built into a folder.
#[track_caller]
fn built(folder: &TempFolder, rule: &str, name: &str) -> String {
    let module = folder.path(name).to_str().unwrap().to_owned();
    let ran = run(&["build", rule, "-o", &module]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    module
}

/// It ends with this code, and says all of these.
#[track_caller]
fn says(ran: &Ran, code: i32, words: &[&str]) {
    assert_eq!(ran.code, code, "{}", ran.err);
    for words in words {
        assert!(ran.err.contains(words), "{words} is not in:\n{}", ran.err);
    }
}

#[test]
fn a_module_in_the_place_of_a_rule_is_named() {
    let folder = TempFolder::new();
    let module = built(&folder, NEWS2, "news2.wasm");
    for command in ["check", "test", "packs", "fmt", "build"] {
        says(&run(&[command, &module]), 2, &["this is a module, and the rule is asked for", "help: give the rule"]);
    }
    let manifest = module.replace(".wasm", ".manifest.json");
    says(&run(&["verify", &manifest]), 2, &["this is not the module", "NAME.wasm"]);
}

#[test]
fn a_module_judges_records_again() {
    let folder = TempFolder::new();
    let module = built(&folder, SEPSIS, "sepsis.wasm");
    let case = folder.write("case.json", TRIAGE.as_bytes());
    let arguments = ["eval", &module, "--json", "--as-of", "2026-03-02T00:00:00Z", "--set", "antibiotics_within=PT45M"];
    let recorded = fed(&arguments, std::iter::once(TRIAGE.as_bytes().to_vec())).out;
    let replayed = |record: &str| {
        let record = folder.write("record.json", record.as_bytes());
        run(&["replay", &module, "-i", case.to_str().unwrap(), "-r", record.to_str().unwrap()])
    };
    says(&replayed(&recorded), 0, &["1 of 1 records have the same answers"]);
    let other = replayed(&recorded.replace("PT45M", "PT30M"));
    says(&other, 1, &["0 of 1 records"]);
    assert!(other.out.contains("`antibiotics_1h` differs"), "{}", other.out);
    says(
        &replayed(&recorded.replace("sha256", "sha512").replace("\"fingerprint\": \"", "\"fingerprint\": \"0")),
        4,
        &["other logic"],
    );
    says(&replayed("{}"), 3, &["this is no decision record"]);
}

/// A member's settings are those that the rule itself puts in force, on each side of their approval.
#[test]
fn a_module_knows_its_members() {
    let folder = TempFolder::new();
    let module = built(&folder, SEPSIS, "sepsis.wasm");
    for as_of in ["2026-01-31T23:59:59Z", "2026-02-01T00:00:00Z", "2027-02-01T23:59:59Z", "2027-02-02T00:00:00Z"] {
        let record = |rule: &str| {
            let case = std::iter::once(TRIAGE.as_bytes().to_vec());
            let ran = fed(&["eval", rule, "--json", "--bare", "--member", "XX1", "--as-of", as_of], case);
            assert_eq!(ran.code, 0, "{}", ran.err);
            let record: Value = serde_json::from_str(&ran.out).unwrap();
            (record["settings"].clone(), record["answers"].clone(), ran.err.contains("is not applied"))
        };
        assert_eq!(record(&module), record(SEPSIS), "{as_of}");
    }
    let lines = "{\"as_of\": \"2026-01-31T12:00:00Z\"}\n{\"as_of\": \"2026-03-01T12:00:00Z\"}\n{}\n";
    let ran = fed(&["eval", &module, "--json", "--member", "XX1"], std::iter::once(lines.as_bytes().to_vec()));
    let found: Vec<Value> = ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(found[0]["settings"], serde_json::json!({}));
    assert_eq!(found[1]["settings"]["antibiotics_within"], "PT45M");
    assert_eq!(found[2]["refused"][0]["code"], "D12");
    says(&run(&["eval", &module, "--member", "XX9"]), 2, &["there is no member `XX9`", "the members are"]);
}

#[test]
fn a_setting_that_is_none_is_told_from_one_outside() {
    let folder = TempFolder::new();
    let module = built(&folder, ROTA, "rota.wasm");
    let set = |setting: &str| run(&["eval", &module, "--set", setting]);
    says(
        &set("average_at_mots=50 h"),
        2,
        &["there is no parameter `average_at_mots`", "did you mean `average_at_most`?"],
    );
    says(&set("average_at_most=60 h"), 4, &["error[D08]: `/average_at_most`", "members may set it from 48 h to 56 h"]);
    for none in ["average_at_most=sixty", "average_at_most"] {
        says(&set(none), 4, &["error[D11]: `/average_at_most`", "members may set it from 48 h to 56 h"]);
    }
    says(&set("most_hours=60 h"), 4, &["error[D24]: `/most_hours`"]);
}

#[test]
fn what_is_no_case_is_named() {
    let folder = TempFolder::new();
    let module = built(&folder, NEWS2, "news2.wasm");
    let list = folder.write("list.json", b"[{\"spo2\": 97}, {\"spo2\": 91}]");
    let bundle = folder.write("bundle.json", br#"{"resourceType": "Bundle", "type": "collection", "entry": []}"#);
    let csv = folder.write("data.csv", b"case,at\n1,2026-03-01\n");
    for rule in [NEWS2, &module] {
        let given = |file: &std::path::Path| run(&["eval", rule, "-i", file.to_str().unwrap()]);
        says(&given(&list), 3, &["this is a list", "a case a line"]);
        says(&given(&bundle), 3, &["a resource of FHIR", "--fhir"]);
        says(&given(&csv), 2, &["this is an export", "--data FILE --map MAPPING"]);
        let as_of = |text: &str| run(&["eval", rule, "--as-of", text, "-i", list.to_str().unwrap()]);
        says(&as_of("today"), 2, &["an instant is written out", "2026-10-31T23:59:59Z"]);
        says(&as_of("2026-03-29"), 2, &["this is a day", "for example 2026-03-29T23:59:59Z"]);
    }
    let mapping = data_file("sepsis/sepsis.map.toml");
    says(&run(&["audit", mapping.to_str().unwrap()]), 2, &["this is a mapping", "with --map"]);
}

#[test]
fn a_module_is_built_into_a_folder() {
    let folder = TempFolder::new();
    built(&folder, NEWS2, "new/deep/news2.wasm");
    assert!(folder.path("new/deep/news2.wasm").is_file());
    for name in ["new", "other/"] {
        built(&folder, NEWS2, name);
        assert!(
            folder.path(name).join("clinical.news2.wasm").is_file()
                && folder.path(name).join("clinical.news2.manifest.json").is_file()
        );
    }
    let nowhere = folder.path("nowhere/out.ndjson");
    let ran = fed(&["eval", NEWS2, "--out", nowhere.to_str().unwrap()], std::iter::once(b"{}".to_vec()));
    assert!(ran.err.contains("make it first"), "{}", ran.err);
}

#[test]
fn a_code_is_known_as_people_write_it() {
    for (written, code) in [
        ("E409", "E0409"),
        ("e0409", "E0409"),
        ("error[E0409]", "E0409"),
        ("d8", "D08"),
        ("D08", "D08"),
        ("w602", "W0602"),
    ] {
        let ran = run(&["explain", written]);
        assert!(ran.code == 0 && ran.out.contains(code), "{written}: {} {}", ran.out, ran.err);
    }
    says(&run(&["explain", "E0998"]), 2, &["there is no code `E0998`", "did you mean E"]);
    says(&run(&["explain", "what"]), 2, &["`concord explain` lists all codes"]);
}
