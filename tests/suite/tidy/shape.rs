//! Small files, small functions, a sentence at the top of each module, and no way to panic in library code.

use super::{files, none, root, rust_files, text};

const FILE_LINES: usize = 400;
const FUNCTION_LINES: usize = 70;

/// Files that are still too long, with the length they may not pass. The list only gets shorter.
const LONG_FILES: [(&str, usize); 0] = [];

/// Functions that are still too long, with the length they may not pass. The list only gets shorter.
const LONG_FUNCTIONS: [(&str, &str, usize); 0] = [];

const FOLDERS: [&str; 5] = ["engine", "wasm", "cli", "benches", "tests"];

fn all_rust_files() -> impl Iterator<Item = String> {
    FOLDERS.into_iter().flat_map(rust_files)
}

#[test]
fn files_are_short() {
    let mut wrong = Vec::new();
    for file in all_rust_files() {
        let lines = text(&file).lines().count();
        let excepted = LONG_FILES.iter().find(|(name, _)| *name == file).map(|(_, most)| *most);
        if lines > excepted.unwrap_or(FILE_LINES) {
            wrong.push(format!("{file} has {lines} lines"));
        } else if excepted.is_some() && lines <= FILE_LINES {
            wrong.push(format!("{file} has {lines} lines: strike it off the list of exceptions"));
        }
    }
    wrong.extend(
        LONG_FILES.iter().filter(|(name, _)| !root().join(name).exists()).map(|(name, _)| format!("{name} is gone")),
    );
    none(&wrong, &format!("a file has at most {FILE_LINES} lines"));
}

/// Name and length of every function of a formatted file, from its `fn` line to the brace in the same column.
fn functions(code: &str) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    let mut open: Option<(String, String, usize)> = None;
    for (number, line) in code.lines().enumerate() {
        let indent = &line[..line.len() - line.trim_start().len()];
        if let Some((name, close, start)) = &open {
            if line == close {
                found.push((name.clone(), number - start + 1));
                open = None;
            }
        } else if let Some(name) = name_of_function(line.trim_start())
            && !line.trim_end().ends_with(['}', ';'])
        {
            open = Some((name, format!("{indent}}}"), number));
        }
    }
    found
}

fn name_of_function(line: &str) -> Option<String> {
    let mut words = line.split_whitespace();
    let is_word =
        |word: &&str| *word == "pub" || word.starts_with("pub(") || ["const", "async", "crate)"].contains(word);
    let word = words.by_ref().find(|word| !is_word(word))?;
    let name = if word == "fn" { words.next()? } else { return None };
    Some(name.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect())
}

#[test]
fn functions_are_short() {
    let mut wrong = Vec::new();
    let mut seen = Vec::new();
    for file in all_rust_files() {
        for (name, lines) in functions(&text(&file)) {
            let excepted = LONG_FUNCTIONS.iter().find(|(f, n, _)| *f == file && *n == name);
            let most = excepted.map_or(FUNCTION_LINES, |(_, _, most)| *most);
            if lines > most {
                wrong.push(format!("{file}: {name} has {lines} lines"));
            }
            if lines > FUNCTION_LINES {
                seen.extend(excepted);
            }
        }
    }
    let gone = LONG_FUNCTIONS.iter().filter(|entry| !seen.contains(entry));
    wrong.extend(
        gone.map(|(file, name, _)| format!("{file}: {name} is short or gone: strike it off the list of exceptions")),
    );
    none(&wrong, &format!("a function has at most {FUNCTION_LINES} lines"));
}

#[test]
fn functions_are_measured() {
    let code = "impl X {\n    pub(crate) const fn a(\n    ) {\n        if b {\n        }\n    }\n    fn c() {}\n}\nfn d() {\n}\n";
    assert_eq!(functions(code), [("a".to_owned(), 5), ("d".to_owned(), 2)]);
}

#[test]
fn every_module_says_what_it_is_for() {
    let silent = |file: &String| !text(file).starts_with("//! ");
    none(&all_rust_files().filter(silent).collect::<Vec<_>>(), "a module opens with `//!`");
}

/// The code of a file without its comments and with strings emptied, enough to look for a word.
pub(super) fn bare(line: &str) -> String {
    let mut out = String::new();
    let mut quoted = false;
    let mut before = ' ';
    for c in line.chars() {
        if c == '"' && before != '\\' && before != '\'' {
            quoted = !quoted;
        }
        if !quoted {
            out.push(c);
        }
        before = if before == '\\' && c == '\\' { ' ' } else { c };
    }
    out.split("//").next().unwrap_or_default().to_owned()
}

#[test]
fn library_code_has_no_way_to_panic() {
    const WAYS: [&str; 8] =
        [".unwrap()", ".expect(", ".unwrap_err()", "panic!(", "todo!(", "unimplemented!(", "unreachable!(", "unsafe "];
    let mut wrong = Vec::new();
    for file in ["engine/src", "wasm/src", "cli/fhir/src", "cli/parquet/src", "cli/serve/src", "cli/src"]
        .into_iter()
        .flat_map(rust_files)
    {
        let mut allowed = false;
        for (number, line) in text(&file).lines().enumerate() {
            // An exception stands directly above the line, or at the item's head, and the lints see that it has a reason.
            let code = bare(line);
            allowed |= line.contains("clippy::unwrap_used")
                || line.contains("clippy::expect_used")
                || line.contains("clippy::panic");
            let way = WAYS.iter().find(|way| code.contains(*way));
            if let Some(way) = way.filter(|_| !allowed) {
                wrong.push(format!("{file}:{}: {way}", number + 1));
            }
            allowed &= code.trim() != "}";
        }
    }
    none(&wrong, "library code does not panic, whatever the input");
}

#[test]
fn exceptions_to_lints_give_their_reason() {
    let mut wrong = Vec::new();
    for file in all_rust_files() {
        let code = text(&file);
        for opening in ["#[allow(", "#![allow(", "#[expect("] {
            for (at, _) in code.match_indices(opening) {
                let line_start = code[..at].rfind('\n').map_or(0, |n| n + 1);
                let attribute = &code[at..at + code[at..].find(']').unwrap_or(0)];
                if code[line_start..at].trim().is_empty() && !attribute.contains("reason =") {
                    wrong.push(format!("{file}: {}", attribute.lines().next().unwrap_or_default()));
                }
            }
        }
    }
    none(&wrong, "an exception to a lint says why");
}

#[test]
fn every_crate_keeps_the_lints_of_the_workspace() {
    for folder in FOLDERS {
        assert!(text(&format!("{folder}/Cargo.toml")).contains("[lints]\nworkspace = true"), "{folder}/Cargo.toml");
    }
    let manifest = text("Cargo.toml");
    for lint in [
        "unsafe_code = \"forbid\"",
        "missing_docs",
        "unwrap_used",
        "expect_used",
        "panic",
        "indexing_slicing",
        "too_many_lines",
    ] {
        assert!(manifest.contains(lint), "Cargo.toml no longer has the lint {lint}");
    }
    assert!(manifest.contains("overflow-checks = true"), "release builds keep overflow checks");
}

#[test]
fn the_top_level_holds_only_what_belongs_there() {
    const HERE: [&str; 16] = [
        "CHANGELOG.md",
        "Cargo.lock",
        "Cargo.toml",
        "LICENSE",
        "README.md",
        "benches",
        "cli",
        "clippy.toml",
        "deny.toml",
        "docs",
        "editors",
        "engine",
        "rules",
        "rustfmt.toml",
        "tests",
        "wasm",
    ];
    let mut found: Vec<String> = files("").into_iter().map(|file| file.split('/').next().unwrap().to_owned()).collect();
    found.dedup();
    let wrong: Vec<String> =
        found.into_iter().filter(|name| !name.starts_with('.') && !HERE.contains(&name.as_str())).collect();
    none(&wrong, "the top level holds only the parts of the project");
}
