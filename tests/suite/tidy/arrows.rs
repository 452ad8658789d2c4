//! Which file uses which, by the paths in its code: folders keep their order, and no two files use each other, straight or round about.

use std::collections::{BTreeMap, BTreeSet};

use super::{none, rust_files};

/// The files that each file of a crate uses, by path.
pub(super) type Arrows = BTreeMap<String, BTreeSet<String>>;

/// The module that a file is, as the names on the way to it.
fn module_of<'f>(root: &str, file: &'f str) -> Vec<&'f str> {
    let path = file.trim_start_matches(root).trim_start_matches('/').trim_end_matches(".rs");
    path.split('/').filter(|part| !["lib", "main", "mod"].contains(part)).collect()
}

/// The paths that a text gives after its start, groups taken apart: `a::{b, c::d}` is `a::b` and `a::c::d`.
fn paths_of(text: &str, before: &[String], found: &mut Vec<Vec<String>>) -> usize {
    let mut path = before.to_vec();
    let mut at = 0;
    loop {
        let rest = &text[at..];
        if rest.starts_with('{') {
            at += 1;
            while !text[at..].starts_with('}') && at < text.len() {
                let skipped = text[at..].find(|c: char| c.is_alphabetic() || c == '_' || c == '}').unwrap_or(0);
                at += skipped;
                if !text[at..].starts_with('}') {
                    at += paths_of(&text[at..], &path, found).max(1);
                }
            }
            return at + 1;
        }
        let word: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        if word.is_empty() {
            break;
        }
        at += word.len();
        path.push(word);
        if !text[at..].starts_with("::") {
            break;
        }
        at += 2;
    }
    found.push(path);
    at
}

/// All paths of a text that start with one of these names.
fn paths(code: &str, starts: &[&str]) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = starts.iter().filter_map(|s| find_path(&code[at..], s)).min() {
        at += start;
        at += paths_of(&code[at..], &[], &mut found).max(1);
    }
    found
}

/// Where a path that starts with a name stands in a text.
fn find_path(code: &str, name: &str) -> Option<usize> {
    let is_path = |at: &usize| {
        let before = code[..*at].chars().next_back();
        let fresh = !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':' || c == '.');
        fresh && code[at + name.len()..].starts_with("::")
    };
    code.match_indices(name).map(|(at, _)| at).find(is_path)
}

/// Which file uses which, of a crate given as its files with their code.
fn arrows(root: &str, files: &[(String, String)]) -> Arrows {
    let modules: BTreeMap<Vec<&str>, &String> = files.iter().map(|(file, _)| (module_of(root, file), file)).collect();
    let mut arrows = Arrows::new();
    for (file, code) in files {
        let here = module_of(root, file);
        let children: Vec<&str> = modules
            .keys()
            .filter(|module| module.len() == here.len() + 1 && module.starts_with(&here))
            .filter_map(|module| module.last().copied())
            .collect();
        let starts: Vec<&str> = ["crate", "super", "self"].into_iter().chain(children).collect();
        let used = arrows.entry(file.clone()).or_default();
        for path in paths(code, &starts) {
            let mut from = here.clone();
            let mut rest = path.iter().map(String::as_str).peekable();
            if rest.next_if_eq(&"crate").is_some() {
                from.clear();
            } else if rest.next_if_eq(&"self").is_none() {
                while rest.next_if_eq(&"super").is_some() {
                    from.pop();
                }
            }
            from.extend(rest);
            let target = (0..=from.len()).rev().find_map(|length| modules.get(&from[..length]));
            used.extend(target.filter(|target| **target != file).map(|target| (*target).clone()));
        }
    }
    arrows
}

/// The files of a folder with their code, without comments and text in quotes.
fn code_below(root: &str) -> Vec<(String, String)> {
    let code = |file: &str| super::text(file).lines().map(super::shape::bare).collect::<Vec<_>>().join("\n");
    rust_files(root).into_iter().map(|file| (file.clone(), code(&file))).collect()
}

/// The arrows between files that use each other, straight or round about, as text.
fn circles(mut arrows: Arrows) -> Vec<String> {
    loop {
        let used: BTreeSet<String> = arrows.values().flatten().cloned().collect();
        let files: BTreeSet<String> = arrows.keys().cloned().collect();
        let before = arrows.len();
        arrows.retain(|file, to| used.contains(file) && to.iter().any(|to| files.contains(to)));
        if arrows.len() == before {
            break;
        }
    }
    let left: BTreeSet<String> = arrows.keys().cloned().collect();
    let arrow = |(file, to): (String, BTreeSet<String>)| {
        let to: Vec<String> = to.into_iter().filter(|to| left.contains(to)).collect();
        format!("{file} → {}", to.join(", "))
    };
    arrows.into_iter().map(arrow).collect()
}

/// Which file below a crate's root uses which.
pub(super) fn arrows_below(root: &str) -> Arrows {
    arrows(root, &code_below(root))
}

/// Fails where files of a crate use each other, but for those below the folders that are `free` to. A folder's `mod.rs` is its page:
/// what stands on it is for all files below, and is no way back.
#[track_caller]
pub(super) fn no_circles(root: &str, free: &[&str]) {
    let mut arrows = arrows_below(root);
    arrows.retain(|file, _| !free.iter().any(|folder| file.starts_with(folder)));
    let is_page = |file: &str, used: &str| used.strip_suffix("mod.rs").is_some_and(|folder| file.starts_with(folder));
    arrows.iter_mut().for_each(|(file, used)| used.retain(|used| !is_page(file, used)));
    none(&circles(arrows), "no two files use each other, straight or round about");
}

/// Fails where a folder is not in this order, or uses one after it; those `apart` do not use each other either.
#[track_caller]
pub(super) fn in_order(root: &str, folder: &str, order: &[&str], apart: &[(&str, &str)]) {
    let part = |file: &str| {
        file.strip_prefix(folder)?.trim_start_matches('/').split_once('/').map(|(part, _)| part.to_owned())
    };
    let rank = |part: &str| order.iter().position(|other| *other == part);
    let mut wrong = Vec::new();
    for (file, used) in arrows_below(root) {
        let Some(here) = part(&file) else { continue };
        if rank(&here).is_none() {
            wrong.push(format!("{file} is in no part that has a place in the order"));
        }
        for there in used.iter().filter(|used| used.starts_with(folder)) {
            let Some(to) = part(there) else {
                wrong.push(format!("{file} uses {there}, which uses all parts"));
                continue;
            };
            let split = apart.iter().any(|pair| *pair == (&here, &to) || *pair == (&to, &here));
            if rank(&to) > rank(&here) || split {
                wrong.push(format!("{file} uses {there}"));
            }
        }
    }
    none(&wrong, &format!("the parts of {folder} use only those before them: {}", order.join(" → ")));
}

#[test]
fn paths_are_found_in_every_form() {
    let code = "use crate::a::{B, c::{D, e}}; use super::f::G;\nlet x = super::h(); let y = crate::i::J::k; pub(crate) fn z() {} i::l(); m.i::<T>()";
    let found: Vec<String> = paths(code, &["crate", "super", "self", "i"]).iter().map(|path| path.join("::")).collect();
    assert_eq!(
        found,
        ["crate::a::B", "crate::a::c::D", "crate::a::c::e", "super::f::G", "super::h", "crate::i::J::k", "i::l"]
    );
}

#[test]
fn circles_are_found() {
    let file = |name: &str, code: &str| (format!("x/src/{name}.rs"), code.to_owned());
    let files = [
        file("lib", "pub mod a; pub mod b;"),
        file("a/mod", "mod c; mod d; use c::C;"),
        file("a/c", "use super::d::D; use crate::b::B;"),
        file("a/d", "fn f() { super::c::g() }"),
        file("b", "use crate::a;"),
    ];
    let found = circles(arrows("x/src", &files));
    let expected = [
        "x/src/a/c.rs → x/src/a/d.rs, x/src/b.rs",
        "x/src/a/d.rs → x/src/a/c.rs",
        "x/src/a/mod.rs → x/src/a/c.rs",
        "x/src/b.rs → x/src/a/mod.rs",
    ];
    assert_eq!(found, expected);
    let straight =
        [file("lib", "mod a; mod b;"), file("a/mod", "mod c;"), file("a/c", "use crate::b::B;"), file("b", "")];
    assert!(circles(arrows("x/src", &straight)).is_empty());
}
