//! The rooms of `engine/src/types` in their order: a room uses only those before it, and one file writes the plan.

use super::{none, rust_files, text};
use std::collections::{BTreeMap, BTreeSet};

const TYPES: &str = "engine/src/types/";

/// In order.
const ROOMS: [&str; 9] =
    ["builder", "package", "expressions", "events", "settings", "tables", "paths", "obligations", "library"];

/// Ways back: a query or a name in an expression leads on to whatever it stands for, and an event to the subject that it carries.
const DOORS: [(&str, &str); 19] = [
    ("builder/once.rs", "unguarded"),
    ("expressions/mod.rs", "query"),
    ("expressions/call.rs", "covered"),
    ("expressions/events.rs", "event_is"),
    ("expressions/membership.rs", "imported_list"),
    ("expressions/unknown.rs", "carries_unread"),
    ("expressions/name.rs", "imported"),
    ("expressions/name.rs", "inlined"),
    ("expressions/name.rs", "inlined_part"),
    ("expressions/name.rs", "of_event"),
    ("expressions/declared.rs", "clock_value"),
    ("expressions/declared.rs", "collected_cell"),
    ("expressions/declared.rs", "obligation"),
    ("expressions/declared.rs", "path_value"),
    ("expressions/declared.rs", "is_of_event"),
    ("expressions/declared.rs", "of_event"),
    ("expressions/declared.rs", "table"),
    ("package/subject.rs", "carried"),
    ("package/subject.rs", "unread_event"),
];

/// Files of the rooms by their path below [`TYPES`], without comments.
fn rooms() -> BTreeMap<String, String> {
    let code = |file: &str| text(file).lines().map(|l| l.split("//").next().unwrap().to_owned() + "\n").collect();
    let files = rust_files(TYPES.trim_end_matches('/')).into_iter();
    let files = files.map(|file| (file.trim_start_matches(TYPES).to_owned(), code(&file)));
    files.filter(|(file, _)| file != "mod.rs").collect()
}

fn place(file: &str) -> usize {
    let room = file.split('/').next().unwrap();
    ROOMS.iter().position(|r| *r == room).unwrap_or_else(|| panic!("{file} is in no room"))
}

/// The file that a path of modules below `types` leads to: `events::clock::Clock` to `events/clock/mod.rs`.
fn file_of<'a>(files: &'a BTreeMap<String, String>, path: &str) -> Option<&'a str> {
    let modules: Vec<&str> = path.split("::").collect();
    let known = |file: String| files.get_key_value(&file).map(|(file, _)| file.as_str());
    (1..=modules.len()).rev().find_map(|count| {
        let start = modules[..count].join("/");
        known(format!("{start}.rs")).or_else(|| known(format!("{start}/mod.rs")))
    })
}

/// Which files a file imports from.
fn imports<'a>(files: &'a BTreeMap<String, String>, file: &str) -> BTreeSet<&'a str> {
    let paths = files[file].split("crate::types::").skip(1).map(|rest| {
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).unwrap_or(rest.len());
        rest[..end].trim_end_matches(':')
    });
    paths.filter_map(|path| file_of(files, path)).filter(|found| *found != file).collect()
}

/// The methods of `Builder`, each with the file that has it.
fn methods(files: &BTreeMap<String, String>) -> BTreeMap<String, &str> {
    let mut found = BTreeMap::new();
    for (file, code) in files {
        let mut inside = false;
        for line in code.lines() {
            inside = (inside || line.starts_with("impl Builder<") || line.starts_with("impl<'a> Builder<"))
                && !line.starts_with('}');
            let Some((before, rest)) = line.split_once("fn ").filter(|_| inside) else { continue };
            if before.starts_with("    ") && !before.starts_with("     ") {
                let name = rest.split(['(', '<']).next().unwrap();
                found.insert(name.to_owned(), file.as_str());
            }
        }
    }
    found
}

/// The methods that a file calls on the builder.
fn calls(code: &str) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    for builder in ["self", "b"] {
        for (at, _) in code.match_indices(builder) {
            let alone = !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '.');
            let rest = code[at + builder.len()..].trim_start();
            let Some(rest) = rest.strip_prefix('.').filter(|_| alone) else { continue };
            let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
            if rest[end..].starts_with(['(', ':']) {
                found.insert(&rest[..end]);
            }
        }
    }
    found
}

#[test]
fn types_has_these_rooms_and_no_other() {
    let files = rooms();
    let found: BTreeSet<&str> = files.keys().map(|file| file.split('/').next().unwrap()).collect();
    assert_eq!(found, ROOMS.into_iter().collect());
    let order = ROOMS.join(" → ");
    for place in ["engine/src/types/mod.rs", "docs/architecture.md"] {
        assert!(text(place).contains(&order), "{place} does not give the order of the rooms: {order}");
    }
}

#[test]
fn a_room_imports_only_from_those_before_it() {
    let files = rooms();
    let mut wrong = Vec::new();
    for file in files.keys() {
        let later = imports(&files, file).into_iter().filter(|other| place(other) > place(file));
        wrong.extend(later.map(|other| format!("{file} imports from {other}")));
    }
    none(&wrong, "a room of types imports only from rooms before it");
}

#[test]
fn a_room_calls_only_what_is_before_it_or_behind_a_door() {
    let files = rooms();
    let methods = methods(&files);
    assert!(methods.len() > 200, "only {} methods were found", methods.len());
    let mut wrong = Vec::new();
    let mut opened: BTreeSet<&(&str, &str)> = BTreeSet::new();
    for (file, code) in &files {
        for name in calls(code) {
            let Some(home) = methods.get(name).filter(|home| place(home) > place(file)) else { continue };
            let door = DOORS.iter().find(|door| **door == (file.as_str(), name));
            opened.extend(door);
            if door.is_none() {
                wrong.push(format!("{file} calls {name}, which is in {home}"));
            }
        }
    }
    wrong.extend(
        DOORS.iter().filter(|door| !opened.contains(door)).map(|door| format!("nobody uses the door {door:?}")),
    );
    none(&wrong, "a room of types uses only rooms before it, and the doors");
}

#[test]
fn one_file_writes_the_plan() {
    let writer = text("engine/src/types/builder/plan_writer.rs");
    assert!(writer.contains("struct PlanWriter {\n    package: Package,\n}"), "the plan is private to its writer");
    assert!(!writer.contains("DerefMut") && !writer.contains("-> &mut"), "the writer lends nothing to be changed");
    for file in ["package/header.rs", "package/declared_type.rs", "package/code_list.rs"] {
        let code = &rooms()[file];
        assert!(!code.contains("Builder") && !code.contains("PlanWriter"), "{file} only reads");
    }
}

#[test]
fn calls_and_imports_are_found() {
    let code = "self.a(); b.c::<T>(); self\n    .d(); sub.e(); self.f; self.g.h();";
    assert_eq!(calls(code), BTreeSet::from(["a", "c", "d"]));
    let files = BTreeMap::from([
        ("x/y.rs".to_owned(), "use crate::types::x::z::{A, B}; use crate::types::Builder;".to_owned()),
        ("x/z/mod.rs".to_owned(), String::new()),
    ]);
    assert_eq!(imports(&files, "x/y.rs"), BTreeSet::from(["x/z/mod.rs"]));
}
