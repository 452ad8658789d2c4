//! The authored library: every rule has its cases and its reasons, builds without a warning, and needs nothing of its host.

use super::{files, none, root, text};
use concord_engine::compile::{Compiled, Texts, Unit, packages};
use concord_engine::text::Source;
use concord_wasm::run::Program;

/// The packages; members' settings are held to them where `concord` reads both.
fn rules() -> Vec<String> {
    let packages = |file: &String| file.ends_with(".concord") && !file.starts_with("rules/members/");
    files("rules").into_iter().filter(packages).collect()
}

fn folder(rule: &str) -> &str {
    &rule[..rule.rfind('/').unwrap()]
}

/// A rule with its cases; it may use any other.
fn compiled(rule: &str) -> Compiled {
    let source = |name: &str| Source { name: name.to_owned(), text: text(name) };
    let mut texts = Texts::default();
    let rules = rules();
    let uses: Vec<usize> = (0..rules.len()).collect();
    let unit = |name: &String| Unit { rule: texts.rules(source(name)), uses: uses.clone(), ..Unit::default() };
    let mut units: Vec<Unit> = rules.iter().map(unit).collect();
    let place = rules.iter().position(|name| name == rule).unwrap();
    let cases = format!("{}/cases.md", folder(rule));
    units[place].cases = root().join(&cases).exists().then(|| texts.cases(source(&cases))).into_iter().collect();
    packages(&texts, &units).swap_remove(place)
}

#[test]
fn every_rule_has_its_cases_and_its_reasons() {
    let rules = rules();
    assert!(!rules.is_empty());
    let mut wrong = Vec::new();
    for rule in &rules {
        for name in ["cases.md", "why.md"] {
            let path = format!("{}/{name}", folder(rule));
            if !root().join(&path).exists() {
                wrong.push(format!("{path} is missing"));
            }
        }
        if rules.iter().filter(|other| folder(other) == folder(rule)).count() > 1 {
            wrong.push(format!("{} holds more than one rule", folder(rule)));
        }
    }
    none(&wrong, "a rule is a folder with its cases and its reasons");
}

#[test]
fn the_rules_build_without_a_warning() {
    let mut wrong = Vec::new();
    for rule in rules() {
        let compiled = compiled(&rule);
        wrong.extend(compiled.diagnostics.iter().map(|d| format!("{rule}: {} {}", d.code.0, d.title)));
        if compiled.package.is_none() {
            wrong.push(format!("{rule} has no plan"));
        }
    }
    none(&wrong, "the rules build without a warning");
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
    for rule in rules() {
        let plan = compiled(&rule).package.unwrap_or_else(|| panic!("{rule} has no plan")).plan;
        let program = Program::compile(&plan).unwrap_or_else(|error| panic!("{rule}: {error}"));
        assert_eq!(program.bytes()[..8], *b"\0asm\x01\0\0\0", "{rule}: WebAssembly version 1");
        let sections = sections(program.bytes());
        assert!(sections.len() > 3, "{rule}: {sections:?}");
        assert!(!sections.contains(&IMPORTS), "{rule}: the module imports something");
        let again = Program::compile(&plan).unwrap();
        assert_eq!(program.bytes(), again.bytes(), "{rule}: the same plan gives the same bytes");
    }
}

/// NEWS2 is what an integrator tries first. A module has to stay small enough to go wherever the logic is wanted.
#[test]
fn the_news2_module_stays_small() {
    const MOST: usize = 6_400;
    let plan = compiled("rules/clinical/news2/news2.concord").package.unwrap().plan;
    let bytes = Program::compile(&plan).unwrap().bytes().len();
    assert!(bytes < MOST, "the NEWS2 module takes {bytes} bytes, which is not below {MOST}");
}
