//! The authored library at work: its cases, and its members' settings.

use crate::cli::run;
use crate::packages::TempFolder;
use concord_wasm::run::Program;

/// Every rule of the library gives the answers that were worked out by hand beside it, in the interpreter and in the module.
#[test]
fn authored_rules_pass_their_cases() {
    let ran = run(&["test", concat!(env!("CARGO_MANIFEST_DIR"), "/../rules")]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains(" passed, 0 failed") || ran.err.contains(" passed, 0 failed"), "{}{}", ran.out, ran.err);
}

/// A member's own setting counts while its approval holds, and the group's value before and after.
#[test]
fn a_members_setting_counts_only_while_it_is_approved() {
    let rules = concat!(env!("CARGO_MANIFEST_DIR"), "/../rules/acute/sepsis");
    let folder = TempFolder::new();
    let judged = |year: u32| {
        let case = format!(
            r#"{{"as_of": "{year}-03-02T00:00:00Z", "age": 70, "events": [
                {{"event": "SepsisTriage", "at": "{year}-03-01T10:00:00Z"}},
                {{"event": "Antibiotics", "at": "{year}-03-01T10:50:00Z"}}]}}"#
        );
        let path = folder.write("case.json", case.as_bytes());
        let ran = run(&["eval", rules, "--member", "XX1", "-i", path.to_str().unwrap()]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        let verdict = ran.out.lines().find(|line| line.starts_with("antibiotics_1h: ")).unwrap().to_owned();
        (verdict, ran.err)
    };
    let (within, said) = judged(2026);
    assert!(within.contains("late"), "50 minutes are more than 45: {within}");
    assert!(!said.contains("is not applied"), "{said}");
    for year in [2025, 2027] {
        let (after, said) = judged(year);
        assert!(after.contains("met"), "50 minutes are within the group's hour: {after}");
        assert!(said.contains("`antibiotics_within` as set by XX1 is not applied"), "{said}");
    }
    let path = folder.write("case.json", br#"{"respiration_rate": 20}"#);
    let news2 = concat!(env!("CARGO_MANIFEST_DIR"), "/../rules/clinical/news2");
    assert_eq!(run(&["eval", news2, "-i", path.to_str().unwrap()]).code, 0);
}

/// What `build` writes beside a module says whose logic it is, what it costs, and where everything lies.
#[test]
fn a_module_comes_with_its_manifest() {
    let folder = TempFolder::new();
    let rules = concat!(env!("CARGO_MANIFEST_DIR"), "/../rules/acute/sepsis");
    let module = folder.path("sepsis.wasm");
    assert_eq!(run(&["build", rules, "-o", module.to_str().unwrap()]).code, 0);
    let manifest: serde_json::Value = serde_json::from_str(&folder.read("sepsis.manifest.json")).unwrap();
    let package = crate::packages::authored("acute/sepsis");
    let plan = &package.plan;
    let bytes = std::fs::read(&module).unwrap();
    let program = Program::from_bytes(plan, &package.examples, bytes).unwrap();
    assert_eq!(manifest["module"]["json"], true);
    assert_eq!(manifest["logic"]["fingerprint"], concord_engine::plan::fingerprint::fingerprint(&package));
    assert_eq!(manifest["module"]["bytes"], program.bytes().len());
    let work = concord_engine::plan::bound::work_bound(plan);
    assert_eq!(manifest["work"]["factors"], serde_json::json!(work.factors));
    let layout = &manifest["layout"];
    assert_eq!(layout["heap"], program.layout().heap);
    assert_eq!(layout["needs"].as_array().unwrap().len(), plan.unknowns.len());
    let antibiotics = layout["answers"].as_array().unwrap().iter().find(|a| a["name"] == "antibiotics_1h").unwrap();
    let concord_engine::plan::AnswerKind::Obligation(cells) =
        &plan.answers.iter().find(|a| a.name == "antibiotics_1h").unwrap().kind
    else {
        panic!("an obligation");
    };
    assert_eq!(antibiotics["verdict"].as_u64().unwrap(), program.layout().output_of(cells.verdict).unwrap() as u64);
    assert_eq!(layout["verdicts"][2], "met");
}

/// A folder is built whole, each module as it is built by itself, or not at all.
#[test]
fn a_folder_of_packages_is_built_together() {
    let folder = TempFolder::new();
    let rules = concat!(env!("CARGO_MANIFEST_DIR"), "/../rules/labs");
    let modules = folder.path("modules");
    let ran = run(&["build", rules, "-o", modules.to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.err.contains("3 modules built"), "{}", ran.err);
    let alone = folder.path("alone.wasm");
    let aseptic = format!("{rules}/aseptic");
    assert_eq!(run(&["build", &aseptic, "-o", alone.to_str().unwrap()]).code, 0);
    assert_eq!(std::fs::read(alone).unwrap(), std::fs::read(modules.join("labs.aseptic.wasm")).unwrap());
    let good = std::fs::read_to_string(format!("{aseptic}/aseptic.concord")).unwrap();
    folder.write("good.concord", good.as_bytes());
    folder.write(
        "bad.concord",
        good.replace("package labs.aseptic", "package labs.other").replace("from", "form").as_bytes(),
    );
    let none = folder.path("none");
    let ran = run(&["build", folder.path("").to_str().unwrap(), "-o", none.to_str().unwrap()]);
    assert_eq!(ran.code, 4, "{}", ran.err);
    assert!(!none.exists(), "nothing is built where one is refused");
}

/// A module goes wherever the logic is wanted, with all that it carries.
#[test]
fn the_library_is_small() {
    const MOST: u64 = 64 << 10;
    const MEDIAN: u64 = 31_600;
    let folder = TempFolder::new();
    let rules = concat!(env!("CARGO_MANIFEST_DIR"), "/../rules");
    let ran = run(&["build", rules, "-o", folder.path("modules").to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let files = std::fs::read_dir(folder.path("modules")).unwrap().map(|file| file.unwrap());
    let modules = files.filter(|file| file.path().extension().is_some_and(|end| end == "wasm"));
    let mut sizes: Vec<u64> = modules.map(|file| file.metadata().unwrap().len()).collect();
    sizes.sort_unstable();
    let (half, most) = (sizes.len() / 2, sizes[sizes.len() - 1]);
    let median = (sizes[half - 1] + sizes[half]) / 2;
    assert!(median <= MEDIAN && most <= MOST, "bytes of modules: {sizes:?}, the median {median}");
}

/// Who fills records need not carry what reads JSON.
#[test]
fn a_module_can_do_without_json() {
    let folder = TempFolder::new();
    let rules = concat!(env!("CARGO_MANIFEST_DIR"), "/../rules/acute/sepsis");
    let module = folder.path("sepsis.wasm");
    assert_eq!(run(&["build", rules, "--no-json", "-o", module.to_str().unwrap()]).code, 0);
    let manifest: serde_json::Value = serde_json::from_str(&folder.read("sepsis.manifest.json")).unwrap();
    let plain = Program::compile(&crate::packages::authored("acute/sepsis").plan).unwrap();
    assert_eq!(manifest["module"]["json"], false);
    assert_eq!(manifest["module"]["bytes"], plain.bytes().len());
    assert_eq!(run(&["verify", module.to_str().unwrap(), "--rule", rules]).code, 0);
}

/// The facts an obligation used are named however often it is judged: here the exclusion on which every period depends.
#[test]
fn a_repeated_obligation_names_the_facts_it_used() {
    let folder = TempFolder::new();
    let case = br#"{"as_of": "2026-08-01T00:00:00Z", "emergency": false, "community": false, "planned_due_on": "none",
        "specialty": "100", "events": [{"event": "Referral", "at": "2026-01-01T10:00:00Z", "consultant_led": true}]}"#;
    let path = folder.write("case.json", case);
    let rules = concat!(env!("CARGO_MANIFEST_DIR"), "/../rules/elective/rtt");
    let ran = run(&["eval", rules, "-i", path.to_str().unwrap()]);
    let (_, told) = ran.out.split_once("\nrtt_18_weeks: missed\n").unwrap();
    let told = told.split("\nsecond_18_weeks").next().unwrap();
    assert!(told.contains("facts used: excluded none"), "{told}");
}

/// A week of waiting is a number of weeks and not of days.
#[test]
fn a_week_of_waiting_has_no_unit() {
    let folder = TempFolder::new();
    let case = br#"{"as_of": "2026-05-07T22:00:00Z", "emergency": false, "community": false, "planned_due_on": "none",
        "specialty": "100", "events": [{"event": "Referral", "at": "2026-01-01T10:00:00Z", "consultant_led": true}]}"#;
    let path = folder.write("case.json", case);
    let rules = concat!(env!("CARGO_MANIFEST_DIR"), "/../rules/elective/rtt");
    let ran = run(&["eval", rules, "-i", path.to_str().unwrap()]);
    assert!(ran.out.contains("\nwaited: 126 days\n"), "{}", ran.out);
    assert!(ran.out.contains("\nweek: 18\n"), "{}", ran.out);
}
