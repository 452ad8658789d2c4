//! The authored library: every rule has its cases and its reasons, builds without a warning, serves somebody, and needs nothing of its host.

use std::collections::{BTreeMap, BTreeSet};

use super::{files, none, root, text};
use crate::modules::assert_small;
use crate::packages::{authored, library};
use concord_wasm::abi::Identity;
use concord_wasm::emit::{Limits, Module, emit, emit_named};

/// Whom the library is there for, by their rows in `rules/README.md`.
const ROWS: [&str; 36] = [
    "R00", "R38", "R39", "R39b", "R40", "R41", "R42", "R43", "R44", "R45", "R46", "R47", "R48", "R49", "R50", "R51a",
    "R51b", "R51c", "R51d", "R51e", "R51f", "R52a", "R52b", "R52c", "R52d", "R53", "R54", "R55", "R56a", "R56b",
    "R56c", "R57", "R58", "R59", "R60", "R61",
];

/// What stands beside a rule.
fn beside(path: &str, name: &str) -> String {
    text(&format!("rules/{path}/{name}"))
}

/// The rows that a package serves, from the line `Serves: R38, R50` of its reasons.
fn served(path: &str) -> Vec<String> {
    let why = beside(path, "why.md");
    let lines: Vec<&str> = why.lines().filter_map(|line| line.strip_prefix("Serves: ")).collect();
    assert_eq!(lines.len(), 1, "rules/{path}/why.md has one line such as `Serves: R38, R50`");
    lines[0].split(", ").map(str::to_owned).collect()
}

/// The cells of the tables of `rules/README.md` whose rows begin with such a cell.
fn listed(begins: impl Fn(&str) -> bool) -> Vec<Vec<String>> {
    let page = text("rules/README.md");
    let cells = |line: &str| -> Option<Vec<String>> {
        let inner = line.strip_prefix("| ").and_then(|line| line.strip_suffix(" |"))?;
        Some(inner.split(" | ").map(|cell| cell.trim().to_owned()).collect())
    };
    page.lines().filter_map(cells).filter(|cells| begins(&cells[0])).collect()
}

#[test]
fn every_rule_has_its_cases_and_its_reasons() {
    let mut wrong = Vec::new();
    for of in library() {
        for name in ["cases.md", "why.md"] {
            if !root().join("rules").join(&of.path).join(name).exists() {
                wrong.push(format!("rules/{}/{name} is missing", of.path));
            }
        }
    }
    let rules =
        files("rules").into_iter().filter(|file| file.ends_with(".concord") && !file.starts_with("rules/members/"));
    let folders: Vec<String> = rules.map(|rule| rule[..rule.rfind('/').unwrap()].to_owned()).collect();
    let compiled: Vec<String> = library().iter().map(|of| format!("rules/{}", of.path)).collect();
    assert_eq!(folders, compiled, "each rule has a folder of its own, in that of its area");
    none(&wrong, "a rule is a folder with its cases and its reasons");
}

/// With the members' settings, which are held to the contracts of the parameters.
#[test]
fn the_rules_build_without_a_warning() {
    let mut wrong = Vec::new();
    for of in library() {
        wrong.extend(of.compiled.diagnostics.iter().map(|d| format!("{}: {} {}", of.path, d.code.0, d.title)));
        if of.compiled.package.is_none() {
            wrong.push(format!("{} has no plan", of.path));
        }
    }
    none(&wrong, "the rules build without a warning");
}

/// What has not been checked against its source is not approved.
#[test]
fn what_is_unverified_is_a_draft() {
    let unverified = library().iter().filter(|of| {
        let credentials = &of.package().credentials;
        credentials.unverified || credentials.sources.iter().any(|source| source.unverified)
    });
    let approved = unverified.filter(|of| of.package().credentials.approval.is_some());
    let wrong: Vec<String> = approved.map(|of| of.path.clone()).collect();
    none(&wrong, "a rule with an unverified figure is a draft");
}

#[test]
fn everybody_is_served_by_a_rule() {
    let mut packs: BTreeMap<&str, Vec<&str>> = ROWS.iter().map(|row| (*row, Vec::new())).collect();
    let mut wrong = Vec::new();
    for of in library() {
        for row in served(&of.path) {
            match packs.get_mut(row.as_str()) {
                Some(packs) => packs.push(&of.path),
                None => wrong.push(format!("{} serves `{row}`, which is nobody", of.path)),
            }
        }
    }
    wrong.extend(packs.iter().filter(|(_, packs)| packs.is_empty()).map(|(row, _)| format!("nothing serves {row}")));
    none(&wrong, "each row is served, and each rule serves rows");
    let told: BTreeMap<String, String> =
        listed(|cell| cell.starts_with('R')).into_iter().map(|cells| (cells[0].clone(), cells[2].clone())).collect();
    let held: BTreeMap<String, String> =
        packs.iter().map(|(row, packs)| ((*row).to_owned(), packs.join(", "))).collect();
    assert_eq!(told, held, "rules/README.md says whom each rule serves");
}

#[test]
fn the_page_lists_every_rule() {
    let told: BTreeMap<String, Vec<String>> = listed(|cell| cell.starts_with('['))
        .into_iter()
        .map(|cells| (cells[0].trim_start_matches('[').split(']').next().unwrap().to_owned(), cells))
        .collect();
    assert_eq!(told.keys().collect::<Vec<_>>(), library().iter().map(|of| &of.path).collect::<Vec<_>>());
    for of in library() {
        let cells = &told[&of.path];
        assert!(cells.contains(&served(&of.path).join(", ")), "{}: {cells:?}", of.path);
        assert!(cells.contains(&of.package().credentials.title), "{}: {cells:?}", of.path);
    }
}

/// One number, one hazard: whoever reads a number in any rule finds in the register what is meant.
#[test]
fn hazards_are_in_the_register() {
    let register: BTreeMap<String, String> =
        listed(|cell| cell.starts_with("H-")).into_iter().map(|cells| (cells[0].clone(), cells[2].clone())).collect();
    let mut found: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for of in library() {
        let why = beside(&of.path, "why.md");
        let rows = why.lines().filter_map(|line| line.strip_prefix("| H-")?.split(' ').next());
        let told: BTreeSet<String> = rows.map(|number| format!("H-{number}")).collect();
        let said: BTreeSet<String> = of.package().credentials.hazards.iter().map(|hazard| hazard.id.clone()).collect();
        assert_eq!(told, said, "{}: the hazards of the rule, and those of its reasons", of.path);
        said.into_iter().for_each(|id| found.entry(id).or_default().push(&of.path));
    }
    let held: BTreeMap<String, String> = found.into_iter().map(|(id, packs)| (id, packs.join(", "))).collect();
    let used: BTreeMap<String, String> = register.into_iter().filter(|(_, packs)| packs != "–").collect();
    assert_eq!(used, held, "rules/README.md says which rules consider which hazard");
}

/// The ids of a module's sections, in order.
fn sections(module: &[u8]) -> Vec<u8> {
    let mut ids = Vec::new();
    let mut rest = &module[8..];
    while let Some((id, after)) = rest.split_first() {
        ids.push(*id);
        let (mut size, mut bytes) = (0_usize, 0);
        for (place, byte) in after.iter().enumerate() {
            size |= usize::from(byte & 0x7f) << (7 * place);
            bytes = place + 1;
            if byte & 0x80 == 0 {
                break;
            }
        }
        rest = &after[bytes + size..];
    }
    ids
}

#[test]
fn no_module_imports_anything() {
    const IMPORTS: u8 = 2;
    for of in library() {
        let (path, plan) = (&of.path, &of.package().plan);
        let module = |plan| -> Module { emit(plan).unwrap_or_else(|error| panic!("{path}: {error}")) };
        let bytes = module(plan).bytes;
        assert_eq!(bytes[..8], *b"\0asm\x01\0\0\0", "{path}: WebAssembly version 1");
        let sections = sections(&bytes);
        assert!(sections.len() > 3, "{path}: {sections:?}");
        assert!(!sections.contains(&IMPORTS), "{path}: the module imports something");
        assert_eq!(bytes, module(plan).bytes, "{path}: the same plan gives the same bytes");
    }
}

/// A module goes wherever the logic is wanted, JSON and all.
#[test]
fn modules_stay_small() {
    const MOST: usize = 64 << 10;
    /// Half of all are smaller. It follows what the rules say: a compiler that writes longer code, or a rule that says in many lines what
    /// few would, goes past it.
    const MEDIAN: usize = 28_600;
    let mut sizes = Vec::new();
    for of in library() {
        let package = of.package();
        let whole = emit_named(&package.plan, Some(&Identity::of(package)), Limits::ENGINES).unwrap();
        assert_small(&whole.bytes, Limits::ENGINES);
        assert!(whole.bytes.len() < MOST, "{}: {} bytes", of.path, whole.bytes.len());
        sizes.push(whole.bytes.len());
        let plain = emit(&package.plan).unwrap();
        assert!(plain.layout.heap < 64 << 10, "{}: {}", of.path, plain.layout.heap);
    }
    sizes.sort_unstable();
    let median = sizes[sizes.len() / 2];
    assert!(median < MEDIAN, "bytes of modules: {sizes:?}, the median {median}");
}

/// NEWS2 is what an integrator tries first. Half of it is the code for what may be missing, written out so that an incomplete row costs little.
#[test]
fn the_news2_module_stays_small() {
    const MOST: usize = 8_950;
    let bytes = emit(&authored("clinical/news2").plan).unwrap().bytes.len();
    assert!(bytes < MOST, "the NEWS2 module takes {bytes} bytes, which is not below {MOST}");
}
