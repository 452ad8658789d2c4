//! The rooms of the command line and their order: what a room may import, and no files that import each other in a circle.

use super::{none, rust_files, text};
use std::collections::{BTreeMap, BTreeSet};

/// In order; a room imports only from those before it. What readers find and judges count is put down as results, and the report is
/// drawn from these: `data → results ← audit → report`. The commands stand on top of all.
const ROOMS: [&str; 18] = [
    "exit",
    "args",
    "words",
    "output",
    "files",
    "progress",
    "results",
    "data",
    "audit",
    "report",
    "project",
    "module",
    "settings",
    "description",
    "manifest",
    "judge",
    "command",
    "lib",
];

/// All that a report is drawn from.
const REPORT_USES: [&str; 3] = ["report", "results", "words"];

/// The path of the module that a file holds: `data/read/mod.rs` is `data::read`, `lib.rs` the root.
fn module_of(file: &str) -> Vec<String> {
    let path = file.trim_start_matches("cli/src/").trim_end_matches(".rs");
    let parts = path.split('/').filter(|part| *part != "mod" && *part != "lib");
    parts.map(str::to_owned).collect()
}

/// The code of a file without comments.
fn code_of(file: &str) -> String {
    text(file).lines().map(|line| line.split("//").next().unwrap()).collect::<Vec<_>>().join("\n")
}

fn name_at(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    &text[..end]
}

/// All paths that start at a place of the code, groups taken apart: `a::{b, c::d}` is `a::b` and `a::c::d`.
fn paths(code: &str, before: &[String], found: &mut Vec<Vec<String>>) {
    let code = code.trim_start();
    if let Some(group) = code.strip_prefix('{') {
        let (mut depth, mut start) = (1, 0);
        for (at, c) in group.char_indices() {
            depth += i32::from(c == '{') - i32::from(c == '}');
            if (c == ',' && depth == 1) || depth == 0 {
                paths(&group[start..at], before, found);
                start = at + 1;
            }
            if depth == 0 {
                return;
            }
        }
        return;
    }
    let name = name_at(code);
    let path: Vec<String> = before.iter().cloned().chain((!name.is_empty()).then(|| name.to_owned())).collect();
    match code[name.len()..].strip_prefix("::") {
        Some(rest) if !name.is_empty() => paths(rest, &path, found),
        _ => found.push(path),
    }
}

/// Every path in a file that begins at the root, at the parent, or at a module beside those it declares, from the root.
fn imports(module: &[String], code: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let parent = &module[..module.len().saturating_sub(1)];
    for (word, base) in [("crate::", &[][..]), ("super::", parent)] {
        for (at, _) in code.match_indices(word) {
            if !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':') {
                paths(&code[at + word.len()..], base, &mut found);
            }
        }
    }
    let declared = code.lines().filter_map(|line| line.trim_start_matches("pub ").strip_prefix("mod "));
    let declared: Vec<&str> = declared.map(name_at).collect();
    for (at, _) in code.match_indices("use ") {
        if declared.contains(&name_at(&code[at + 4..])) {
            paths(&code[at + 4..], module, &mut found);
        }
    }
    found
}

/// Which files each file imports from.
fn arrows(files: &[(Vec<String>, String)]) -> BTreeMap<String, BTreeSet<String>> {
    let all: BTreeSet<String> = files.iter().map(|(module, _)| module.join("::")).collect();
    let arrow = |(module, code): &(Vec<String>, String)| {
        let from = module.join("::");
        let to = imports(module, code).into_iter().filter_map(|path| {
            let known = (1..=path.len()).rev().map(|length| path[..length].join("::")).find(|name| all.contains(name));
            known.filter(|name| *name != from)
        });
        (from.clone(), to.collect())
    };
    files.iter().map(arrow).collect()
}

/// What is left when whatever imports nothing, or is imported by nothing, is taken away again and again.
fn circles(mut arrows: BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    loop {
        let used: BTreeSet<String> = arrows.values().flatten().cloned().collect();
        let known: BTreeSet<String> = arrows.keys().cloned().collect();
        let before = arrows.len();
        arrows.values_mut().for_each(|to| to.retain(|name| known.contains(name)));
        arrows.retain(|name, to| !to.is_empty() && used.contains(name));
        if arrows.len() == before {
            let shown = |(from, to): (&String, &BTreeSet<String>)| {
                format!("{from} → {}", to.iter().cloned().collect::<Vec<_>>().join(", "))
            };
            return arrows.iter().map(shown).collect();
        }
    }
}

fn files() -> Vec<(Vec<String>, String)> {
    let code = |file: &String| (module_of(file), code_of(file));
    rust_files("cli/src").iter().filter(|file| !file.ends_with("main.rs")).map(code).collect()
}

fn room(module: &[String]) -> &str {
    module.first().map_or("lib", String::as_str)
}

#[test]
fn the_command_line_has_these_rooms_and_no_other() {
    let found: BTreeSet<String> = files().iter().map(|(module, _)| room(module).to_owned()).collect();
    assert_eq!(found, ROOMS.iter().map(|name| (*name).to_owned()).collect());
}

#[test]
fn a_room_of_the_command_line_imports_only_from_those_before_it() {
    let mut wrong = Vec::new();
    let place = |room: &str| ROOMS.iter().position(|name| *name == room);
    for (module, code) in files() {
        let here = room(&module);
        for path in imports(&module, &code) {
            let there = path.first().map_or("", String::as_str);
            let allowed = place(there).is_none_or(|there| Some(there) <= place(here));
            let drawn = here != "report" || place(there).is_none() || REPORT_USES.contains(&there);
            if !allowed || !drawn {
                wrong.push(format!("{} imports {}", module.join("::"), path.join("::")));
            }
        }
    }
    none(&wrong, "a room of the command line imports only from those before it, and the report only results and words");
}

#[test]
fn no_files_of_the_command_line_import_each_other_in_a_circle() {
    none(&circles(arrows(&files())), "files of the command line import each other in a circle");
}

#[test]
fn imports_and_circles_are_found() {
    let file = |module: &str, code: &str| (module.split("::").map(str::to_owned).collect(), code.to_owned());
    let files = [
        file("a", "mod b;\nmod c;\nuse b::{X, Y};\npub use c::Z;\nuse std::fmt;"),
        file("a::b", "use super::c::{self, d::Z};\nuse crate::e::{f, g::{H, I}};"),
        file("a::c", "fn x() -> super::b::X {}"),
        file("e", ""),
        file("e::g", "use crate::e::f;"),
    ];
    let found = arrows(&files);
    let to = |name: &str| found[name].iter().map(String::as_str).collect::<Vec<_>>();
    assert_eq!((to("a"), to("a::b"), to("a::c")), (vec!["a::b", "a::c"], vec!["a::c", "e", "e::g"], vec!["a::b"]));
    assert_eq!(circles(found), ["a::b → a::c", "a::c → a::b"]);
}
