//! The folder listing of the engine is its pipeline: a stage imports only from those before it.

use super::arrows::{in_order, no_circles};
use super::{none, rust_files, text};
use concord_engine::plan::Call;

/// In order; `variation` stands beside them and needs none.
const STAGES: [&str; 13] = [
    "text",
    "diagnostics",
    "values",
    "syntax",
    "format",
    "plan",
    "evaluate",
    "names",
    "types",
    "checks",
    "compile",
    "explain",
    "coverage",
];

/// The parts of the compiler, in order: each uses only those before it.
const PARTS: [&str; 10] =
    ["assembler", "memory", "prepare", "runtime", "walk", "strict", "general", "lanes", "entries", "json"];

/// The files that both domains of the compiler have.
const DOMAIN: [&str; 8] = ["columns", "formulas", "mod", "operators", "paths", "queries", "tables", "times"];

/// Functions that other parts of a rule are made of.
const USED_BY_DEADLINES: [Call; 2] = [Call::LocalDate, Call::InstantOn];

/// What the engine may not name: it is pure.
const IMPURE: [&str; 11] = [
    "std::fs",
    "std::net",
    "std::env",
    "std::time",
    "std::thread",
    "std::process",
    "std::io",
    "std::sync",
    "HashMap",
    "HashSet",
    "thread_local",
];

/// The stage that a file of the engine belongs to.
fn stage_of(file: &str) -> &str {
    file.trim_start_matches("engine/src/").split('/').next().unwrap().trim_end_matches(".rs")
}

/// The modules named after `crate::` in a text without comments, groups taken apart.
fn imports(code: &str) -> Vec<String> {
    let word = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        let Some(group) = rest.strip_prefix('{') else {
            found.push(word(rest));
            continue;
        };
        let mut depth = 1;
        let mut fresh = true;
        for (index, c) in group.char_indices() {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 1 => fresh = true,
                c if fresh && depth == 1 && c.is_alphabetic() => {
                    found.push(word(&group[index..]));
                    fresh = false;
                }
                _ => {}
            }
            if depth == 0 {
                break;
            }
        }
    }
    found
}

/// The text without `//` comments.
fn code_of(file: &str) -> String {
    text(file).lines().map(|line| line.split("//").next().unwrap()).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_engine_has_these_stages_and_no_other() {
    let mut found: Vec<String> = rust_files("engine/src").iter().map(|file| stage_of(file).to_owned()).collect();
    found.dedup();
    let mut expected: Vec<&str> = STAGES.iter().copied().chain(["lib", "variation"]).collect();
    expected.sort_unstable();
    found.sort();
    found.dedup();
    assert_eq!(found, expected);
    let order = STAGES.join(" → ");
    for place in ["engine/src/lib.rs", "docs/architecture.md"] {
        assert!(text(place).contains(&order), "{place} does not give the order of the stages: {order}");
    }
}

#[test]
fn a_stage_imports_only_from_those_before_it() {
    let mut wrong = Vec::new();
    for file in rust_files("engine/src") {
        let stage = stage_of(&file);
        let place = STAGES.iter().position(|s| *s == stage);
        for import in imports(&code_of(&file)) {
            let earlier = match (place, STAGES.iter().position(|s| *s == import)) {
                (Some(here), Some(there)) => there <= here,
                _ => import == stage,
            };
            if !earlier && stage != "lib" {
                wrong.push(format!("{file} imports {import}"));
            }
        }
    }
    none(&wrong, "a stage of the engine imports only from stages before it");
}

#[test]
fn a_part_of_the_compiler_uses_only_those_before_it() {
    in_order("wasm/src", "wasm/src/emit", &PARTS, &[("strict", "general")]);
    let page = text("wasm/src/emit/mod.rs");
    let places: Vec<Option<usize>> = PARTS.iter().map(|part| page.find(&format!("//! * `{part}`:"))).collect();
    assert!(
        places.iter().all(Option::is_some) && places.is_sorted(),
        "wasm/src/emit/mod.rs does not name the parts in order"
    );
}

#[test]
fn the_binary_interface_needs_neither_compiler_nor_host() {
    in_order("wasm/src", "wasm/src", &["abi", "emit", "run"], &[]);
}

#[test]
fn no_files_of_the_compiler_and_the_host_use_each_other() {
    no_circles("wasm/src", &[]);
}

#[test]
fn no_files_of_the_engine_use_each_other() {
    // The grammar descends into itself: an expression may hold a query, and a query expressions.
    no_circles("engine/src", &["engine/src/syntax/grammar"]);
}

#[test]
fn both_domains_have_the_same_files() {
    for domain in ["strict", "general"] {
        for name in DOMAIN {
            let file = format!("wasm/src/emit/{domain}/{name}.rs");
            assert!(super::root().join(&file).exists(), "{file} is missing: the domains have the same files");
        }
    }
}

#[test]
fn imports_are_found_in_every_form() {
    let code =
        "use crate::text::Span; use crate::{plan::{Plan, Step}, values, syntax::tree}; let x = crate::names::y();";
    assert_eq!(imports(code), ["text", "plan", "values", "syntax", "names"]);
}

#[test]
fn the_engine_is_pure() {
    let mut wrong = Vec::new();
    for file in rust_files("engine/src").into_iter().chain(rust_files("wasm/src/emit")) {
        let code = code_of(&file);
        wrong.extend(IMPURE.iter().filter(|name| code.contains(*name)).map(|name| format!("{file} names {name}")));
    }
    none(&wrong, "the engine and the compiler have no files, clock, threads, environment or unordered collections");
}

/// Credentials, measures, members and examples are no part of what the interpreter and the compiler read.
#[test]
fn the_logic_is_read_without_the_package_around_it() {
    let mut wrong = Vec::new();
    for file in rust_files("engine/src/evaluate").into_iter().chain(rust_files("wasm/src/emit")) {
        let code = code_of(&file);
        let names = ["library", "Package", "Credentials", "Measure", "Example"].into_iter();
        wrong.extend(names.filter(|name| code.contains(name)).map(|name| format!("{file} names {name}")));
    }
    none(&wrong, "what evaluates or compiles takes the plan alone");
}

/// Its description, the exact function by its own name, the routine, and the words of the text: whatever else names a function has to
/// learn of each new one.
#[test]
fn a_function_is_named_in_at_most_five_files() {
    let crates = ["engine", "wasm", "cli", "benches", "tests"];
    let code: Vec<String> = crates.into_iter().flat_map(rust_files).map(|file| code_of(&file)).collect();
    for call in Call::ALL.into_iter().filter(|call| !USED_BY_DEADLINES.contains(call)) {
        let name = format!("Call::{call:?}");
        let ends = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric());
        let names = |code: &&String| code.match_indices(&name).any(|(at, _)| ends(&code[at + name.len()..]));
        let naming = code.iter().filter(names).count();
        assert!((1..5).contains(&naming), "{name} is named in {naming} files besides the function's own");
    }
}

#[test]
fn the_engine_knows_nothing_of_the_rest() {
    for name in ["concord-wasm", "concord.workspace", "wasmtime", "clap", "csv", "rhai", "jiff"] {
        assert!(!text("engine/Cargo.toml").contains(name), "engine/Cargo.toml names {name}");
    }
    assert!(!text("wasm/Cargo.toml").contains("concord.workspace"), "wasm/Cargo.toml names the command line");
}
