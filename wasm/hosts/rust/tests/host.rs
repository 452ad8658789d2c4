//! Over the modules of `rules/`, in the folder that `CONCORD_MODULES` names; without it nothing is tried here, as nothing has been built.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops where something does not hold")]

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use concord_host::{Answer, Asking, Columns, Error, Fault, Limit, Loading, Rule, Rules};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

fn modules() -> Option<PathBuf> {
    env::var_os("CONCORD_MODULES").map(PathBuf::from)
}

fn drafts() -> Loading {
    Loading::new().allow_draft()
}

fn loaded(folder: &Path, name: &str) -> Rule {
    Rule::load(folder.join(format!("{name}.wasm")), &drafts()).unwrap()
}

fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn replaced(of: &[u8], what: &[u8], with: &[u8]) -> Vec<u8> {
    let (mut out, mut at) = (Vec::new(), 0);
    while at < of.len() {
        if of[at..].starts_with(what) {
            out.extend_from_slice(with);
            at += what.len();
        } else {
            out.push(of[at]);
            at += 1;
        }
    }
    out
}

fn lasting() -> Duration {
    Duration::from_secs(env::var("CONCORD_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(1))
}

#[expect(clippy::disallowed_methods, reason = "how long a test goes on")]
fn now() -> Instant {
    Instant::now()
}

fn code(found: Result<impl Sized, Error>) -> &'static str {
    match found {
        Err(Error::RuleRefused(code, _)) => code,
        _ => "nothing",
    }
}

#[test]
fn what_is_not_to_be_trusted_is_refused() {
    let Some(folder) = modules() else { return };
    let module = fs::read(folder.join("news2.wasm")).unwrap();
    let mut flipped = module.clone();
    *flipped.get_mut(module.len() / 2).unwrap() ^= 1;
    let from = |bytes: &[u8], how: Loading| code(Rule::from_bytes(bytes, &how));
    assert_eq!(from(&flipped, drafts().sha256(hash(&module))), "sha256");
    assert_eq!(from(&module, drafts().sha256(hash(&flipped))), "sha256");
    assert_eq!(from(b"<!doctype html>", drafts()), "module");
    assert_eq!(from(&module[..module.len() / 2], drafts()), "module");
    assert_eq!(from(&replaced(&module, b"\x7f\x00\x41\x03\x0b", b"\x7f\x00\x41\x04\x0b"), drafts()), "interface");
    assert_eq!(from(&module, drafts().fingerprint(hash(&module))), "fingerprint");
    assert_eq!(from(&module, Loading::new()), "draft");
    // A pulse of 91 as one of 90.
    assert_eq!(from(&fs::read(folder.join("wrong/news2.wasm")).unwrap(), drafts()), "self_test");
    let beside = scratch("beside");
    fs::write(beside.join("a.wasm"), &flipped).unwrap();
    fs::copy(folder.join("news2.manifest.json"), beside.join("a.manifest.json")).unwrap();
    assert_eq!(code(Rule::load(beside.join("a.wasm"), &drafts())), "sha256");
}

/// A folder of its own for a test.
fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("host-{name}"));
    let _: Result<(), std::io::Error> = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn an_answer_is_one_of_four() {
    let Some(folder) = modules() else { return };
    let news2 = loaded(&folder, "news2");
    let case = json!({ "respiration_rate": 25, "spo2": 91, "scale": "scale_1", "on_oxygen": true, "systolic": 90,
        "pulse": 131, "consciousness": "voice" });
    let decision = news2.evaluate(case.to_string(), &Asking::new()).unwrap();
    let Answer::Unknown { possible, needs, .. } = decision.answer("total").unwrap() else { panic!("it is known") };
    assert_eq!((possible.from.clone(), possible.to.clone()), (Some(json!(17)), Some(json!(20))));
    assert_eq!(needs[0].fact.as_deref(), Some("temperature"));
    assert!(matches!(decision.answer("risk").unwrap(), Answer::Value { value, .. } if value == "high"));
    assert!(matches!(decision.answer("risks"), Err(Error::Unnamed(_))));
    let faults = news2.check(r#"{"scale":"scale_3"}"#, &Asking::new()).unwrap();
    assert_eq!((faults[0].code.as_str(), faults[0].at.as_str()), ("D10", "/scale"));
}

#[test]
fn settings_are_held_to_the_contract() {
    let Some(folder) = modules() else { return };
    let sepsis = loaded(&folder, "sepsis");
    let at = |day: &str, asking: Asking| sepsis.evaluate("{}", &asking.as_of(day));
    let refused = |found| match found {
        Err(Error::SettingRefused(faults)) => faults,
        _ => Vec::new(),
    };
    let first: Vec<Fault> =
        refused(at("2026-02-01T00:00:00Z", Asking::new().settings(r#"{"antibiotics_within":"PT2H"}"#)));
    assert_eq!((first[0].code.as_str(), first[0].at.as_str()), ("D08", "/antibiotics_within"));
    assert_eq!(refused(at("2026-02-01T00:00:00Z", Asking::new().member("ZZZ")))[0].code, "member");
    for (day, holds) in [
        ("2026-01-31T23:59:59Z", false),
        ("2026-02-01T00:00:00Z", true),
        ("2027-02-01T23:59:59Z", true),
        ("2027-02-02 00:00+00", false),
    ] {
        let decision = at(day, Asking::new().member("XX1")).unwrap();
        assert_eq!(decision.settings.get("antibiotics_within"), holds.then(|| json!("PT45M")).as_ref(), "{day}");
        assert_eq!(decision.not_applied.len(), usize::from(!holds), "{day}");
    }
    let own = Asking::new().member("XX1").settings(r#"{"antibiotics_within":"PT30M"}"#);
    assert_eq!(at("2026-02-01T00:00:00Z", own).unwrap().settings["antibiotics_within"], "PT30M");
    assert!(at("2026-02-01T00:00:00Z", Asking::new()).unwrap().settings.is_empty());
    let twice = sepsis.evaluate(r#"{"as_of":"2026-02-01T00:00:00Z"}"#, &Asking::new().as_of("2026-02-01T00:00:00Z"));
    assert!(matches!(twice, Err(Error::CaseRefused(faults)) if faults[0].code == "D05" && faults[0].at == "/as_of"));
}

#[test]
fn hooks_are_told() {
    let Some(folder) = modules() else { return };
    let (calls, log) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(Vec::new())));
    let (told, written) = (calls.clone(), log.clone());
    let how = drafts()
        .on_call(move |call| {
            told.lock().unwrap().push((format!("{:?}", call.outcome), call.codes.join(" "), call.unknown, call.cases))
        })
        .on_decision(move |decision, hash| {
            let known = decision.answer("saturation").unwrap().is_known();
            written.lock().unwrap().push((known, hash.to_owned()));
        });
    let news2 = Rule::load(folder.join("news2.wasm"), &how).unwrap();
    let (calls, log) = (|| calls.lock().unwrap().split_off(0), || log.lock().unwrap().split_off(0));
    news2.check(r#"{"spo2":200}"#, &Asking::new()).unwrap();
    assert!(calls().is_empty(), "a case that is only checked is told to nobody");
    news2.evaluate(r#"{"spo2":200}"#, &Asking::new()).unwrap_err();
    news2.evaluate(r#"{"spo2":97}"#, &Asking::new()).unwrap();
    let made = calls();
    assert_eq!(made[0], ("Refused".to_owned(), "D08".to_owned(), 0, 1));
    assert!(made[1].0 == "Answered" && made[1].2 > 0 && made[1].3 == 1);
    assert_eq!(log(), [(false, hash(br#"{"spo2":97}"#))]);

    let columns: Columns = serde_json::from_value(json!({ "respiration_rate": [25, 12], "spo2": [91, null],
        "scale": ["scale_1", "scale_1"], "on_oxygen": [true, false] }))
    .unwrap();
    news2.evaluate_table(&columns, &["saturation", "risk"], &Asking::new()).unwrap();
    assert_eq!(calls(), [("Answered".to_owned(), String::new(), 2, 2)]);
    assert_eq!(log().iter().map(|(known, _)| *known).collect::<Vec<_>>(), [true, false]);
    let outside = Columns::from([("spo2".to_owned(), vec![json!(97), json!(200)])]);
    news2.evaluate_table(&outside, &["risk"], &Asking::new()).unwrap_err();
    assert_eq!(calls(), [("Refused".to_owned(), "D08".to_owned(), 0, 2)]);
    assert!(log().is_empty(), "no row of a table that is refused is a decision");
}

#[test]
fn a_deadline_stops_a_call() {
    let Some(folder) = modules() else { return };
    let rota = loaded(&folder, "rota_tcs2016");
    let shifts: Vec<Value> = (0..800)
        .map(|shift| {
            let (year, day, hour) = (1990 + shift / 300, shift % 300 + 1, shift % 20);
            let at = format!("{year}-{:02}-{:02}T{hour:02}:00:00Z", (day - 1) / 28 + 1, (day - 1) % 28 + 1);
            json!({ "event": "Shift", "at": at, "finish": at.replace(":00:00Z", ":59:00Z") })
        })
        .collect();
    let case = json!({ "as_of": "2035-01-01T00:00:00Z", "events": shifts }).to_string();
    let begun = now();
    let stopped = rota.evaluate(case, &Asking::new().deadline(Duration::from_millis(2)));
    assert!(matches!(stopped, Err(Error::LimitReached(Limit::Deadline))), "{stopped:?}");
    assert!(begun.elapsed() < Duration::from_secs(5));
    rota.evaluate(r#"{"as_of":"2035-01-01T00:00:00Z"}"#, &Asking::new()).unwrap();
    let passed = rota.evaluate("{}", &Asking::new().deadline(Duration::ZERO));
    assert!(matches!(passed, Err(Error::LimitReached(Limit::Deadline))), "{passed:?}");
}

#[test]
fn what_a_damaged_module_says_of_itself_is_refused_and_nothing_else_comes_of_it() {
    let Some(folder) = modules() else { return };
    for name in ["news2", "sepsis"] {
        let module = fs::read(folder.join(format!("{name}.wasm"))).unwrap();
        for place in (module.len() * 4 / 5..module.len()).step_by(397) {
            let mut damaged = module.clone();
            damaged[place] ^= 1 << (place % 8); // of what is packed: texts, manifest and golden cases
            let case = r#"{"as_of":"2026-03-05T18:00:00Z","age":70}"#;
            let answered =
                Rule::from_bytes(damaged, &drafts()).and_then(|rule| rule.evaluate(case, &Asking::new().explain()));
            assert!(matches!(answered, Ok(_) | Err(Error::RuleRefused(..))), "{name}, byte {place}: {answered:?}");
        }
    }
}

#[test]
fn a_folder_without_modules_is_an_error_that_names_it() {
    let Some(folder) = modules() else { return };
    let empty = scratch("empty");
    for of in [empty.join("none"), empty.clone()] {
        match Rules::telling(&of, &drafts(), None, Some(Box::new(|_, _| {}))) {
            Err(Error::File(error)) => assert!(error.to_string().contains(of.to_str().unwrap()), "{error}"),
            _ => panic!("{} is a folder of rules", of.display()),
        }
    }
    fs::copy(folder.join("news2.wasm"), empty.join("news2.wasm")).unwrap();
    let draft = Rules::open(&empty, &Loading::new()).map(|_| ()).unwrap_err();
    assert!(draft.to_string().contains("news2.wasm"), "{draft}");
}

#[test]
fn tables() {
    let Some(folder) = modules() else { return };
    let columns = |of: Value| -> Columns { serde_json::from_value(of).unwrap() };
    let news2 = loaded(&folder, "news2");
    let of = columns(
        json!({ "respiration_rate": [25, 12], "spo2": [91, null], "scale": ["scale_1", "scale_1"], "on_oxygen": [true, false] }),
    );
    let table = news2.evaluate_table(&of, &["saturation", "risk"], &Asking::new()).unwrap();
    let wanted = json!({ "risk": ["high", null], "risk.kind": ["value", "unknown"], "saturation": [3, null], "saturation.from": [null, 0],
        "saturation.kind": ["value", "unknown"], "saturation.to": [null, 3] });
    assert_eq!(serde_json::to_value(table).unwrap(), wanted);
    let refused = news2.evaluate_table(&columns(json!({ "spo2": [97, 200] })), &["risk"], &Asking::new());
    assert!(matches!(refused, Err(Error::CaseRefused(faults)) if faults[0].at == "/1/spo2"));
    let asking = Asking::new().as_of("2026-03-05T18:00:00Z");
    let want = ["antibiotics_1h", "antibiotics_1h.due"];
    let table = loaded(&folder, "sepsis").evaluate_table(&columns(json!({ "age": [70] })), &want, &asking).unwrap();
    assert_eq!((&table["antibiotics_1h.kind"][0], &table["antibiotics_1h.due"][0]), (&json!("unknown"), &Value::Null));
}

#[test]
fn eight_threads_share_a_rule() {
    let Some(folder) = modules() else { return };
    let sepsis = loaded(&folder, "sepsis");
    let mut cases = Vec::new();
    for hour in 6..24 {
        for settings in ["{}", r#"{"antibiotics_within":"PT45M"}"#] {
            let case = format!(
                r#"{{"as_of":"2026-03-29T{hour:02}:00Z","age":70,"events":[{{"event":"SepsisTriage","at":"2026-03-29T05:00Z"}}]}}"#
            );
            let asking = Asking::new().settings(settings);
            let wanted = sepsis.evaluate(&case, &asking).unwrap().json;
            cases.push((case, asking, wanted));
        }
    }
    let until = now() + lasting();
    thread::scope(|scope| {
        for thread in 0..8 {
            let (sepsis, cases) = (&sepsis, &cases);
            scope.spawn(move || {
                let mut turn = thread;
                while now() < until {
                    let (case, asking, wanted) = &cases[turn % cases.len()];
                    assert_eq!(&sepsis.evaluate(case, asking).unwrap().json, wanted);
                    turn += 1;
                }
            });
        }
    });
    assert!(sepsis.idle() <= 8, "{} instances", sepsis.idle());
}

#[test]
fn reloading_under_load_loses_no_call_and_mixes_no_versions() {
    let Some(modules) = modules() else { return };
    let folder = scratch("reload");
    let first = fs::read(modules.join("news2.wasm")).unwrap();
    let second = fs::read(modules.join("later/news2.wasm")).unwrap();
    let versions = BTreeMap::from([(hash(&first), "1.0.0"), (hash(&second), "1.0.1")]);
    let write = |bytes: &[u8]| {
        fs::write(folder.join("new"), bytes).unwrap();
        fs::rename(folder.join("new"), folder.join("news2.wasm")).unwrap();
    };
    write(&first);
    let told = Arc::new(AtomicUsize::new(0));
    let (changed, refused) = (told.clone(), told.clone());
    let rules = Rules::telling(
        &folder,
        &drafts(),
        Some(Box::new(move |_, _| {
            changed.fetch_add(1, Ordering::SeqCst);
        })),
        Some(Box::new(move |_, _| {
            refused.fetch_add(1, Ordering::SeqCst);
        })),
    )
    .unwrap();
    rules.watch(Duration::from_millis(5));
    let (over, newer) = (AtomicBool::new(false), AtomicUsize::new(0));
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                while !over.load(Ordering::SeqCst) {
                    let rule = rules.rule("clinical.news2").unwrap();
                    let decision = rule.evaluate(r#"{"spo2":97}"#, &Asking::new()).unwrap();
                    assert_eq!(versions.get(&decision.sha256), Some(&decision.version.as_str()));
                    assert_eq!(rule.info().version, decision.version);
                    newer.fetch_add(usize::from(decision.version == "1.0.1"), Ordering::SeqCst);
                }
            });
        }
        let (until, mut turn) = (now() + lasting(), 0);
        while turn < 6 || now() < until {
            let before = told.load(Ordering::SeqCst);
            write([second.as_slice(), b"<html>", &first][turn % 3]);
            let patient = now() + Duration::from_secs(60);
            while told.load(Ordering::SeqCst) == before && now() < patient {
                thread::sleep(Duration::from_millis(1));
            }
            turn += 1;
        }
        over.store(true, Ordering::SeqCst);
    });
    assert!(newer.load(Ordering::SeqCst) > 0 && told.load(Ordering::SeqCst) >= 6);
}

#[test]
fn a_file_refused_for_what_lies_beside_it_is_taken_when_that_is_right_and_one_that_cannot_be_read_is_told() {
    let Some(modules) = modules() else { return };
    let folder = scratch("beside");
    let put = |name: &str, ending: &str| {
        fs::copy(modules.join(format!("{name}{ending}")), folder.join(format!("news2{ending}"))).unwrap()
    };
    put("news2", ".manifest.json");
    put("news2", ".wasm");
    fs::create_dir(folder.join("within.wasm")).unwrap();
    let told = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&told);
    let refused = Box::new(move |_: &Path, _: &Error| _ = counted.fetch_add(1, Ordering::SeqCst));
    let rules = Rules::telling(&folder, &drafts(), None, Some(refused)).unwrap();
    let version = |refusals: usize| {
        for _ in 0..3 {
            let _ = rules.reload();
        }
        assert_eq!(told.load(Ordering::SeqCst), refusals);
        rules.rule("clinical.news2").unwrap().info().version.clone()
    };
    assert_eq!(version(1), "1.0.0");
    put("later/news2", ".wasm");
    assert_eq!(version(2), "1.0.0");
    put("later/news2", ".manifest.json");
    assert_eq!(version(2), "1.0.1");
}

#[test]
fn two_files_of_one_version() {
    let Some(modules) = modules() else { return };
    let folder = scratch("twice");
    let module = fs::read(modules.join("news2.wasm")).unwrap();
    fs::write(folder.join("a.wasm"), &module).unwrap();
    fs::write(folder.join("b.wasm"), [module.as_slice(), &[0, 3, 1, b'x', 0]].concat()).unwrap();
    assert_eq!(code(Rules::open(&folder, &drafts())), "twice");
}
