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

/// What is read is not written over, by whatever name: nothing else has a rule, a mapping or an export that is lost.
#[test]
fn what_is_read_is_not_written_over() {
    let folder = TempFolder::new();
    let of = |name: &str| folder.path(name).to_str().unwrap().to_owned();
    std::fs::create_dir(folder.path("rule")).unwrap();
    for (from, to) in [
        ("../rules/acute/sepsis/sepsis.concord", "rule/sepsis.concord"),
        ("../rules/acute/sepsis/cases.md", "rule/cases.md"),
        ("data/sepsis/sepsis.csv", "sepsis.csv"),
        ("data/sepsis/sepsis.map.toml", "sepsis.map.toml"),
    ] {
        std::fs::copy(format!("{}/{from}", env!("CARGO_MANIFEST_DIR")), folder.path(to)).unwrap();
    }
    folder.write("case.json", TRIAGE.as_bytes());
    folder.write("results.json", b"{}");
    std::fs::hard_link(folder.path("sepsis.csv"), folder.path("same.csv")).unwrap();
    let (rule, csv, map, case, results) =
        (of("rule"), of("sepsis.csv"), of("sepsis.map.toml"), of("case.json"), of("results.json"));
    let (source, cases, same) = (of("rule/sepsis.concord"), of("rule/cases.md"), of("same.csv"));
    let data = ["--data", &csv, "--map", &map, "--as-of", "2015-12-31T00:00:00+01:00"];
    let report = of("report");
    let tried: [(&[&str], &str); 12] = [
        (&["build", &rule, "-o", &source], &source),
        (&["build", &rule, "-o", &cases], &cases),
        (&["build", &source, "-o", &csv], &csv),
        (&["eval", &rule, "-i", &case, "-o", &case], &case),
        (&["eval", &rule, "-i", &case, "-o", &source], &source),
        (&["eval", &source, "-i", &case, "-o", &cases], &cases),
        (&[["eval", &rule, "-o", &csv].as_slice(), &data].concat(), &csv),
        (&[["eval", &rule, "-o", &same].as_slice(), &data].concat(), &csv),
        (&[["eval", &rule, "-o", &map].as_slice(), &data].concat(), &map),
        (&[["audit", &rule, "-o", &report, "--tallies", &map].as_slice(), &data].concat(), &map),
        (
            &[["audit", &rule, "-o", &report, "--no-disclosure-control", "x", "--cases", &csv].as_slice(), &data]
                .concat(),
            &csv,
        ),
        (&["report", &results, "-o", &results], &results),
    ];
    for (arguments, kept) in tried {
        let before = std::fs::read(kept).unwrap();
        let ran = run(arguments);
        assert_eq!(ran.code, 2, "{arguments:?}: {}", ran.err);
        assert!(ran.err.contains("help: "), "{}", ran.err);
        assert!(std::fs::read(kept).unwrap() == before && !folder.path("report").exists(), "{arguments:?}");
    }
    for name in ["noext", "module.json"] {
        says(&run(&["build", &rule, "-o", &of(name)]), 2, &["is no name of a module", "ends in .wasm"]);
    }
}

/// Whoever ends it in between, a rule is there whole, as it was or as it is laid out.
#[test]
fn a_rule_is_laid_out_beside_its_place() {
    use std::io::Read as _;
    let folder = TempFolder::new();
    let text = std::fs::read_to_string(format!("{NEWS2}/news2.concord")).unwrap().replace("  ", "   ");
    let rule = folder.write("news2.concord", text.as_bytes());
    let mut before = std::fs::File::open(&rule).unwrap();
    says(&run(&["fmt", rule.to_str().unwrap()]), 0, &["formatted"]);
    let mut read = String::new();
    before.read_to_string(&mut read).unwrap();
    assert_eq!(read, text, "it was written over where it stood");
    assert_ne!(std::fs::read_to_string(&rule).unwrap(), text);
    assert_eq!(std::fs::read_dir(folder.path("")).unwrap().count(), 1);
}

/// A program that reads JSON is told in JSON what it brought to a module, whatever that was.
#[test]
fn a_module_says_as_json_that_something_is_no_case() {
    let folder = TempFolder::new();
    let module = built(&folder, NEWS2, "news2.wasm");
    for (text, code) in [
        (b"null".as_slice(), "D07"),
        (b"true", "D07"),
        (b"<!doctype html>", "D04"),
        (b"\xff\xfe{\0}\0", "D02"),
        (b"", "D01"),
    ] {
        let ran = fed(&["eval", &module, "--json"], std::iter::once(text.to_vec()));
        let said: Value =
            serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{text:?}: {} {}", ran.out, ran.err));
        assert_eq!((ran.code, said["refused"][0]["code"].as_str()), (3, Some(code)), "{text:?}");
    }
    says(&fed(&["eval", &module], std::iter::once(b"case a:".to_vec())), 2, &["takes cases as JSON"]);
}

/// The mark of an encoding before a case hides neither its instant nor the instant that is given.
#[test]
fn a_mark_before_a_case_hides_nothing() {
    let folder = TempFolder::new();
    let module = built(&folder, SEPSIS, "sepsis.wasm");
    let marked = |case: &str, more: &[&str]| {
        let text = format!("\u{feff}{case}").into_bytes();
        fed(&[["eval", &module, "--json"].as_slice(), more].concat(), std::iter::once(text))
    };
    let day = "{\"as_of\":\"2026-02-01T12:00:00Z\"}";
    let of_member = marked(day, &["--member", "XX1"]);
    assert!(of_member.out.contains("\"antibiotics_within\": \"PT45M\""), "{}{}", of_member.out, of_member.err);
    let later = marked("{\"age\":70}", &["--as-of", "2026-02-01T12:00:00Z"]);
    assert_eq!(later.code, 0, "{}{}", later.out, later.err);
}

#[test]
fn what_cannot_be_meant_is_refused_when_it_is_given() {
    let twice = fed(
        &["eval", SEPSIS, "--set", "antibiotics_within=45 min", "--set", " antibiotics_within = 30 min"],
        [].into_iter(),
    );
    says(&twice, 2, &["--set antibiotics_within is given twice"]);
    for (limit, most) in
        [("--most-requests", "0"), ("--most-connections", "0"), ("--most-bytes", "0"), ("--most-bytes", "16777217")]
    {
        says(&run(&["serve", SEPSIS, limit, most]), 2, &[limit]);
    }
}

/// What a definition says for each of its audits does not stand beside it: one of the two would not count.
#[test]
fn a_flag_beside_a_definition_is_refused() {
    let definition = data_file("audit.toml");
    let definition = definition.to_str().unwrap();
    let flags = [
        ["--as-of", "2025-07-01T00:00:00Z"],
        ["--data", "no_such_file.csv"],
        ["--map", "no_such.toml"],
        ["--split", "trust"],
        ["--no-disclosure-control", "a trial"],
    ];
    for [flag, value] in flags {
        let folder = TempFolder::new();
        let out = folder.path("report");
        let ran = run(&["audit", definition, flag, value, "--out", out.to_str().unwrap()]);
        says(&ran, 2, &[&format!("{flag} beside an audit definition"), "change it in the definition"]);
        assert!(!out.exists());
    }
}
