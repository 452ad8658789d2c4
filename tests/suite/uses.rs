//! Packages that use packages, as files in folders: what is found, what is read, and what is said.

use crate::cli::{Ran, run};
use crate::packages::TempFolder;
use std::fmt::Write as _;

const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/suite/samples/uses");

/// A package of this path with this text, in the folder of its path below another.
fn package(folder: &TempFolder, below: &str, path: &str, text: &str) -> String {
    let place = format!("{below}{}", path.replace('.', "/"));
    let file = format!("{place}/{}.concord", path.rsplit('.').next().unwrap());
    std::fs::create_dir_all(folder.path(&place)).unwrap();
    let header = format!(
        "package {path} {{\n  version 1.0.0\n  title \"T\"\n  source s \"S\"\n  owner \"O\"\n  use audit\n  status draft\n  review by 2027-12-31\n}}\n"
    );
    folder.write(&file, format!("{header}{text}\n").as_bytes()).to_str().unwrap().to_owned()
}

fn top(folder: &TempFolder) -> String {
    folder.path("").to_str().unwrap().to_owned()
}

#[track_caller]
fn fine(arguments: &[&str]) -> Ran {
    let ran = run(arguments);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    ran
}

/// The first line of each message.
fn said(ran: &Ran) -> Vec<&str> {
    ran.err.lines().filter(|line| line.starts_with("error[") || line.starts_with("warning[")).collect()
}

#[test]
fn every_command_works_on_packages_that_use_packages() {
    let checked = fine(&["check", SAMPLE]);
    assert!(checked.err.contains("4 packages checked: nothing wrong"), "{}", checked.err);
    let tested = fine(&["test", SAMPLE]);
    assert!(tested.err.contains("3 passed, 0 failed"), "{}", tested.err);
    let hospital = format!("{SAMPLE}/area/hospital");
    assert!(fine(&["test", &hospital]).err.contains("2 passed, 0 failed"));
    let folder = TempFolder::new();
    let case = folder.write(
        "case.json",
        br#"{"as_of": "2026-02-01T00:00:00Z", "severity": "mild", "events": [
            {"event": "Admission", "at": "2026-01-05T08:00:00Z", "severity": "moderate", "temperature": 38.5, "organism": "A41", "hours": 1}]}"#,
    );
    let answered = fine(&["eval", &hospital, "-i", case.to_str().unwrap()]);
    for line in ["first_alone: 2026-01-05 08:00", "limit: 39.5 °C", "moved: missed"] {
        assert!(answered.out.contains(line), "{line}: {}", answered.out);
    }
    let module = folder.path("hospital.wasm");
    fine(&["build", &hospital, "-o", module.to_str().unwrap()]);
    assert!(module.is_file());
}

#[test]
fn a_circle_is_named_from_each_of_its_packages() {
    let folder = TempFolder::new();
    let a = package(&folder, "", "area.a", "use area.b as b\ndefine x = b.x");
    package(&folder, "", "area.b", "use area.a as a\ndefine x = a.x");
    let ran = run(&["check", &a]);
    assert_eq!(ran.code, 1);
    assert_eq!(said(&ran), ["error[E0318]: packages cannot use one another in a circle"]);
    assert!(ran.err.contains("area.a → area.b → area.a"), "{}", ran.err);
    let both = run(&["check", &top(&folder)]);
    assert_eq!(said(&both).len(), 2, "{}", both.err);
    assert!(both.err.contains("area.b → area.a → area.b"), "{}", both.err);
}

#[test]
fn a_broken_package_is_shown_where_it_is_broken() {
    let folder = TempFolder::new();
    let a = package(&folder, "", "area.a", "use area.b as b\ndefine x = b.x + 1");
    package(&folder, "", "area.b", "define x = y + 1");
    let ran = run(&["check", "--format", "json", &a]);
    let lines: Vec<serde_json::Value> = ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let [only] = lines.as_slice() else { panic!("{}", ran.out) };
    assert_eq!(only["code"], "E0317");
    assert!(only["primary"]["file"].as_str().unwrap().ends_with("a.concord"), "{only}");
    let reason = &only["reasons"][0];
    assert!(reason["file"].as_str().unwrap().ends_with("b.concord"), "{reason}");
    assert_eq!(
        (reason["start"]["line"].as_u64(), reason["text"].as_str()),
        (Some(10), Some("nothing here is called `y`"))
    );
    let both = run(&["check", &top(&folder)]);
    assert_eq!(said(&both).len(), 2, "the fault itself, and what stands on it: {}", both.err);
}

#[test]
fn cases_and_lists_beside_a_used_package() {
    let folder = TempFolder::new();
    let a = package(&folder, "", "area.a", "use area.b as b\ndefine x = b.x\nexample \"x\" {\n  => x 3\n}");
    package(&folder, "", "area.b", "codes listed from \"listed.csv\"\ndefine x = 3");
    assert_eq!(run(&["check", &a]).code, 1, "its list is not there");
    folder.write("area/b/listed.csv", b"code\nA41\n");
    fine(&["test", &a]);
    folder.write("area/b/cases.md", b"# wrong\n\n```case\n=> z 4\n```\n");
    fine(&["test", &a]);
    assert_eq!(said(&run(&["check", &top(&folder)])).len(), 1, "cases are wrong where they are, and nowhere else");
}

#[test]
fn the_nearest_package_is_used() {
    let folder = TempFolder::new();
    let near = package(&folder, "inner/", "area.a", "use area.b as b\ndefine x = b.x\nexample \"x\" {\n  => x 2\n}");
    let far = package(&folder, "", "area.a", "use area.b as b\ndefine x = b.x\nexample \"x\" {\n  => x 1\n}");
    package(&folder, "", "area.b", "define x = 1");
    std::fs::create_dir_all(folder.path("inner/area/b")).unwrap();
    assert_eq!(run(&["test", &near]).code, 1, "an empty folder is passed over");
    package(&folder, "inner/", "area.b", "define x = 2");
    fine(&["test", &near]);
    fine(&["test", &far]);
    fine(&["test", &top(&folder)]);
    folder.write("inner/area/b/again.concord", folder.read("inner/area/b/b.concord").as_bytes());
    let ran = run(&["check", &near]);
    assert!(ran.err.contains("found twice") && ran.err.contains("again.concord"), "{}", ran.err);
}

#[test]
fn a_package_that_is_not_there_is_said_once() {
    let folder = TempFolder::new();
    let text =
        "use area.b as b\nsubject S {\n  event E : b.T\n}\ndefine x = any E where pulse > b.limit\ndefine y = b.answer";
    let ran = run(&["check", &package(&folder, "", "area.a", text)]);
    assert_eq!(said(&ran), ["error[E0317]: the package `area.b` cannot be used"], "{}", ran.err);
}

/// A chain of packages, each of which adds 1 to what the next says; the first of them.
fn chain(folder: &TempFolder, length: usize) -> String {
    for place in 2..length {
        let text = format!("use area.p{} as next\ndefine x = next.x + 1", place + 1);
        package(folder, "", &format!("area.p{place}"), &text);
    }
    package(folder, "", &format!("area.p{length}"), "define x = 1");
    package(
        folder,
        "",
        "area.p1",
        &format!("use area.p2 as next\ndefine x = next.x + 1\nexample \"x\" {{\n  => x {length}\n}}"),
    )
}

#[test]
fn a_chain_is_as_long_as_it_may_be() {
    let folder = TempFolder::new();
    fine(&["test", &chain(&folder, 64)]);
    let folder = TempFolder::new();
    let ran = run(&["test", &chain(&folder, 65)]);
    assert_eq!(ran.code, 4);
    assert!(ran.err.contains("a chain of more than 64 packages"), "{}", ran.err);
}

/// Each define asks twice for the next: worked out once each, not a thousand million times.
#[test]
fn an_answer_of_another_package_is_worked_out_once() {
    let folder = TempFolder::new();
    let mut text = "subject S {\n  n : integer 0..9\n}\n".to_owned();
    for place in 0..60 {
        writeln!(text, "define d{place} = d{} or (d{} and n > {})", place + 1, place + 1, place % 9).unwrap();
    }
    package(&folder, "", "area.b", &format!("{text}define d60 = n > 4"));
    let a =
        package(&folder, "", "area.a", "use area.b as b\nsubject T {\n  event E : b.S\n}\ndefine x = any E where b.d0");
    fine(&["check", &a]);
    package(
        &folder,
        "",
        "area.b",
        &format!(
            "{text}define d60 = d61 or n > 3\ndefine d61 = d62\ndefine d62 = d63\ndefine d63 = d64\ndefine d64 = n > 4"
        ),
    );
    let ran = run(&["check", &a]);
    assert_eq!(said(&ran), ["error[E0206]: definitions of other packages lead on to one another more than 64 deep"]);
    assert!(ran.err.contains("a.concord:14:"), "{}", ran.err);
}

#[test]
fn there_is_a_limit_to_the_files_of_a_run() {
    let folder = TempFolder::new();
    (0..1_001).for_each(|place| drop(folder.write(&format!("p{place}.concord"), b"")));
    let ran = run(&["check", &top(&folder)]);
    assert_eq!(ran.code, 5);
    assert!(ran.err.contains("more than 1000 rule files in one run"), "{}", ran.err);
}

#[test]
fn what_goes_with_many_packages_is_said_once() {
    let folder = TempFolder::new();
    package(&folder, "", "area.a", "define x = 1");
    package(&folder, "", "area.b", "define x = 1");
    std::fs::create_dir_all(folder.path("members")).unwrap();
    folder.write("members/one.concord", b"member \"XX1\" \"One\" {\n  membership full full\n}\n");
    let ran = run(&["check", &top(&folder)]);
    assert_eq!((ran.code, said(&ran).len()), (1, 1), "{}", ran.err);
}
