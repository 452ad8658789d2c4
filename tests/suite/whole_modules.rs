//! One file is the whole rule: a module carries its manifest and golden cases, describes and tries itself, and answers without its rule.

use std::fs;
use std::ops::Range;
use std::path::Path;

use concord_wasm::abi::{MANIFEST_SECTION, VECTORS_SECTION, carried};
use concord_wasm::run::{Alone, Program, Replied};
use serde_json::{Map, Value, json};

use crate::cli::{fed, run};
use crate::modules::number;
use crate::packages::{LIBRARY, TempFolder, authored};

fn rule(name: &str) -> String {
    format!("{}/../rules/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// A rule built into a folder of its own: the module alone.
fn built(name: &str) -> (TempFolder, String) {
    let folder = TempFolder::new();
    let module = folder.path("module.wasm").to_str().unwrap().to_owned();
    let ran = run(&["build", &rule(name), "-o", &module]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    (folder, module)
}

fn text(module: &[u8], section: &str) -> String {
    carried(module, section).unwrap().unwrap()
}

/// What a module carries is what stands beside it, what it says when it runs, and what `inspect` prints.
#[test]
fn a_module_describes_itself() {
    for name in LIBRARY {
        let (folder, path) = built(name);
        let module = fs::read(&path).unwrap();
        let manifest = text(&module, MANIFEST_SECTION);
        assert_eq!(run(&["inspect", &path]).out, folder.read("module.manifest.json"), "{name}");
        let mut running = Alone::start(&module, None).unwrap();
        assert_eq!(running.describe().unwrap().unwrap(), manifest.as_bytes(), "{name}");
        let said: Value = serde_json::from_str(&manifest).unwrap();
        assert!(running.takes_json(), "{name}");
        assert_eq!(said["module"]["json"], json!(true));
        let bytes = manifest.len() + carried(&module, VECTORS_SECTION).unwrap().map_or(0, |text| text.len());
        println!("{name}: {} bytes, which carry {bytes}", module.len());
    }
}

/// A module without JSON carries its manifest all the same, unless it is to be as small as may be.
#[test]
fn a_plain_module_carries_nothing() {
    let folder = TempFolder::new();
    let path = folder.path("plain.wasm").to_str().unwrap().to_owned();
    assert_eq!(run(&["build", &rule("clinical/news2"), "--no-json", "-o", &path]).code, 0);
    let module = fs::read(&path).unwrap();
    for section in [MANIFEST_SECTION, VECTORS_SECTION] {
        assert_eq!(carried(&module, section).unwrap(), None);
    }
    let ran = run(&["inspect", &path]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("it carries no manifest"), "{}", ran.err);
    assert_eq!(run(&["verify", &path, "--rule", &rule("clinical/news2")]).code, 0);
    assert_eq!(run(&["eval", &path, "-i", &path]).code, 2);
}

/// The golden cases hold, whatever is set before, and what was set stays set.
#[test]
fn a_module_tries_itself() {
    for name in LIBRARY {
        let (_folder, path) = built(name);
        let module = fs::read(&path).unwrap();
        let mut running = Alone::start(&module, None).unwrap();
        assert_eq!(running.self_test().unwrap(), Some(0), "{name}");
    }
    let (_folder, path) = built("acute/sepsis");
    let mut running = Alone::start(&fs::read(&path).unwrap(), None).unwrap();
    let case = br#"{"as_of":"2026-03-02T00:00:00Z","age":70}"#;
    let settings = br#"{"antibiotics_within":"PT45M"}"#;
    assert_eq!(running.configure_json(settings).unwrap(), Replied::Answered(Vec::new()));
    let before = running.evaluate_json(case).unwrap();
    assert!(matches!(&before, Replied::Answered(text) if String::from_utf8_lossy(text).contains("PT45M")));
    assert_eq!(running.self_test().unwrap(), Some(0));
    assert_eq!(running.evaluate_json(case).unwrap(), before);
}

/// What the host was given stays its own while a module tries itself, also where its memory is full.
#[test]
fn a_test_of_itself_leaves_the_host_its_memory() {
    const KEPT: i32 = 5_000;
    let (_folder, path) = built("clinical/news2");
    let package = authored("clinical/news2");
    let program = Program::from_bytes(&package.plan, &package.examples, fs::read(&path).unwrap()).unwrap();
    let mut instance = program.instance().unwrap();
    let at = usize::try_from(instance.call_alloc(KEPT).unwrap().unwrap()).unwrap();
    let kept = at..at + usize::try_from(KEPT).unwrap();
    instance.memory()[kept.clone()].fill(0xA5);
    assert_eq!(instance.call_self_test().unwrap(), Some(0));
    assert!(instance.memory()[kept.clone()].iter().all(|byte| *byte == 0xA5));
    while instance.call_alloc(64 << 20).unwrap() != Some(0) {}
    while instance.call_alloc(1 << 12).unwrap() != Some(0) {}
    let failures = instance.call_self_test().unwrap().unwrap();
    assert!(failures == -1 || failures > 0, "{failures}");
    assert!(instance.memory()[kept].iter().all(|byte| *byte == 0xA5));
}

/// Every function that a module has for hosts is on the page of the interface.
#[test]
fn every_entry_is_on_the_page_of_the_interface() {
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../wasm/ABI.md")).unwrap();
    let (_folder, path) = built("acute/sepsis");
    let module = fs::read(&path).unwrap();
    let mut at = 8;
    while module[at] != 7 {
        let (length, start) = number(&module, at + 1);
        at = start + length;
    }
    let (count, mut at) = number(&module, number(&module, at + 1).1);
    for _ in 0..count {
        let (length, start) = number(&module, at);
        let name = std::str::from_utf8(&module[start..start + length]).unwrap();
        assert!(page.contains(&format!("`{name}(")) || page.contains(&format!("| `{name}` |")), "{name}");
        at = number(&module, start + length + 1).1;
    }
}

/// Where in a module stands what it carries.
fn packed(module: &[u8]) -> Range<usize> {
    let said = said(module);
    let [place, bytes] =
        [0, 4].map(|at| u32::from_le_bytes(module[said + at..said + at + 4].try_into().unwrap()) as usize);
    place..place + bytes
}

/// Where it says where its manifest stands.
fn said(module: &[u8]) -> usize {
    let name = module.windows(MANIFEST_SECTION.len()).rposition(|bytes| bytes == MANIFEST_SECTION.as_bytes());
    name.unwrap() + MANIFEST_SECTION.len()
}

/// Whatever is changed in a golden case, or in the logic, is found by the module itself, and by `verify` without anything beside it.
#[test]
fn a_module_that_was_changed_fails_its_own_test() {
    let (folder, path) = built("clinical/news2");
    let module = fs::read(&path).unwrap();
    // The cases come last of what is packed, and what is packed comes last but for two sections.
    let place = packed(&module).end - 200;
    let mut changed = module.clone();
    changed[place] ^= 1;
    assert_eq!(carried(&changed, MANIFEST_SECTION), carried(&module, MANIFEST_SECTION));
    assert_eq!(Alone::start(&changed, None).unwrap().self_test().unwrap(), Some(1));
    let alone = TempFolder::new();
    for (bytes, code, said) in [
        (&changed, 4, "its self-test fails: 1"),
        (&module, 0, "golden cases that it carries are answered as they must be"),
    ] {
        let path = alone.write("module.wasm", bytes);
        let ran = run(&["verify", path.to_str().unwrap()]);
        assert_eq!(ran.code, code, "{}", ran.err);
        assert!(ran.err.contains(said), "{}", ran.err);
    }
    let beside = folder.read("module.manifest.json").replace("\"title\": \"", "\"title\": \"Another ");
    folder.write("module.manifest.json", beside.as_bytes());
    let ran = run(&["verify", &path]);
    assert_eq!(ran.code, 4);
    assert!(ran.err.contains("something else than the manifest that the module carries"), "{}", ran.err);
}

/// Whatever stands where something was packed, nothing is unpacked out of bounds and the test of itself has an end.
#[test]
fn what_is_not_packed_is_no_text() {
    let (_folder, path) = built("clinical/news2");
    let module = fs::read(&path).unwrap();
    let packed = packed(&module);
    let tried = |changed: &[u8], what: &str| {
        let mut running = Alone::start(changed, None).unwrap();
        assert_eq!(running.self_test().unwrap(), Some(1), "{what}");
        assert!(running.describe().unwrap().is_some(), "{what}");
    };
    for at in packed.clone().step_by(97) {
        let mut changed = module.clone();
        changed[at] ^= 0x40;
        tried(&changed, &format!("byte {}", at - packed.start));
    }
    for byte in [0, 1, 0x55, 0xAA, 0xFF] {
        let mut changed = module.clone();
        changed[packed.clone()].fill(byte);
        tried(&changed, &format!("all {byte}"));
    }
}

/// A section that points elsewhere is refused before the module runs.
#[test]
fn a_section_that_points_elsewhere_is_refused() {
    let (_folder, path) = built("clinical/news2");
    let module = fs::read(&path).unwrap();
    let said = said(&module);
    for at in said..said + 16 {
        for bit in [1, 128] {
            let mut changed = module.clone();
            changed[at] ^= bit;
            let found = carried(&changed, MANIFEST_SECTION);
            assert!(found.is_err() || found != carried(&module, MANIFEST_SECTION), "byte {}", at - said);
            assert!(found.is_err() || (8..16).contains(&(at - said)), "byte {}", at - said);
        }
    }
    assert!(carried(&module[..module.len() - 1], MANIFEST_SECTION).is_err());
    assert!(carried(b"no module", MANIFEST_SECTION).is_err());
}

/// The cases of a rule's vectors, a line each, with the settings of the group.
fn cases(folder: &TempFolder) -> Vec<String> {
    let vectors: Value = serde_json::from_str(&folder.read("module.vectors.json")).unwrap();
    let cases = vectors["cases"].as_array().unwrap().iter().filter(|of| of["settings"] == json!({}));
    cases.map(|of| format!("{}\n", of["case"])).collect()
}

fn records(of: &str, lines: &str) -> Vec<Value> {
    let ran = fed(&["eval", of, "--json"], std::iter::once(lines.as_bytes().to_vec()));
    assert!(ran.code == 0 || ran.code == 3, "{}", ran.err);
    let read = |line: &str| {
        let mut record: Map<String, Value> = serde_json::from_str(line).unwrap();
        record.retain(|key, _| key != "notes");
        // The command line says more of a fault than the module does.
        for fault in record.get_mut("refused").and_then(Value::as_array_mut).into_iter().flatten() {
            fault.as_object_mut().unwrap().retain(|key, _| matches!(key.as_str(), "code" | "at" | "expected"));
        }
        Value::Object(record)
    };
    ran.out.lines().map(read).collect()
}

/// `eval` says the same of a case with the rule and with nothing but the module, down to the hash of the module.
#[test]
fn a_module_answers_without_its_rule() {
    for name in ["clinical/news2", "acute/sepsis"] {
        let (folder, path) = built(name);
        let mut lines = cases(&folder).concat();
        lines.push_str("{\"case\":\"A7\",\"nonsense\":1}\n{\"age\":1e9}\n");
        assert_eq!(records(&path, &lines), records(&rule(name), &lines), "{name}");
    }
}

#[test]
fn a_module_answers_in_words_and_under_settings() {
    let (_folder, path) = built("acute/sepsis");
    let case = r#"{"age": 70, "events": [{"event": "SepsisTriage", "at": "2026-03-01T10:00:00Z"}]}"#;
    let answered = |of: &str, more: &[&str]| {
        let arguments: Vec<&str> =
            ["eval", of, "--as-of", "2026-03-02T00:00:00Z"].into_iter().chain(more.iter().copied()).collect();
        fed(&arguments, std::iter::once(case.as_bytes().to_vec()))
    };
    for settings in [&[][..], &["--set", "antibiotics_within=45 min"], &["--set", "antibiotics_within=PT45M"]] {
        let (module, rule) = (answered(&path, settings), answered(&rule("acute/sepsis"), settings));
        assert_eq!((module.code, module.out), (0, rule.out), "{}", module.err);
    }
    let ran = answered(&path, &["--set", "antibiotics_within=9 h"]);
    assert_eq!(ran.code, 4);
    assert!(ran.err.contains("error[D08]: `/antibiotics_within`"), "{}", ran.err);
    let ran = answered(&path, &["--ignore-unknown"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("--ignore-unknown needs the rule"), "{}", ran.err);
}

/// A folder with all that is in it.
fn copied(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let (entry, name) = entry.map(|entry| (entry.path(), entry.file_name())).unwrap();
        if entry.is_dir() {
            copied(&entry, &to.join(name));
        } else {
            fs::copy(&entry, to.join(name)).unwrap();
        }
    }
}

/// Another folder, the same bytes; another example, other bytes and the same logic.
#[test]
fn the_hash_covers_what_is_carried_and_the_fingerprint_the_logic() {
    let (folder, path) = built("clinical/news2");
    let copy = TempFolder::new();
    copied(Path::new(&rule("")), &copy.path("rules"));
    let built = |copy: &TempFolder| {
        let module = copy.path("module.wasm").to_str().unwrap().to_owned();
        let ran = run(&["build", copy.path("rules/clinical/news2").to_str().unwrap(), "-o", &module]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        fs::read(module).unwrap()
    };
    let same = built(&copy);
    assert!(same == fs::read(&path).unwrap());
    drop(folder);
    let cases = copy.path("rules/clinical/news2/cases.md");
    let changed = fs::read_to_string(&cases).unwrap().replacen("systolic 120, pulse 70", "systolic 120, pulse 71", 1);
    fs::write(&cases, changed).unwrap();
    let other = built(&copy);
    assert!(other != same);
    let logic = |module: &[u8]| {
        let manifest: Value = serde_json::from_str(&text(module, MANIFEST_SECTION)).unwrap();
        manifest["logic"]["fingerprint"].clone()
    };
    assert_eq!(logic(&other), logic(&same));
}

/// The parts of a bundle are a list of addresses that says where it stands itself; in this rule the same bytes stood elsewhere before.
#[test]
fn a_module_is_built_whatever_bytes_stand_in_it_by_chance() {
    let rule = concat!(env!("CARGO_MANIFEST_DIR"), "/suite/samples/by_chance/big.concord");
    let folder = TempFolder::new();
    let ran = run(&["build", rule, "-o", folder.path("big.wasm").to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.err);
}
