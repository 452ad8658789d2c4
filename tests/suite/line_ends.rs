//! Texts with the line ends of an old Mac or of some databases: a carriage return alone ends a line wherever a text is read.

use crate::cli::run;
use crate::packages::TempFolder;

const RULE: &str = include_str!("../../rules/clinical/news2/news2.concord");
const CASES: &str = include_str!("../../rules/clinical/news2/cases.md");

fn alone(text: &str) -> String {
    text.replace('\n', "\r")
}

#[test]
fn rules_and_cases_are_read() {
    let folder = TempFolder::new();
    let rule = folder.write("news2.concord", alone(RULE).as_bytes());
    folder.write("cases.md", alone(CASES).as_bytes());
    let ran = run(&["test", rule.to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert!(!ran.out.contains("0 passed"), "{}", ran.out);
}

#[test]
fn a_fault_is_told_at_its_line() {
    let folder = TempFolder::new();
    let rule = folder.write("news2.concord", alone(&format!("{RULE}\ndefine x = nothing_of_this_name\n")).as_bytes());
    let ran = run(&["check", rule.to_str().unwrap()]);
    let line = RULE.lines().count() + 2;
    assert!(ran.err.contains(&format!("news2.concord:{line}:")), "{}", ran.err);
}

#[test]
fn a_rule_is_laid_out_by_lines() {
    let folder = TempFolder::new();
    let rule = folder.write("news2.concord", alone(RULE).as_bytes());
    assert_eq!(run(&["fmt", rule.to_str().unwrap()]).code, 0);
    assert_eq!(folder.read("news2.concord"), RULE);
}
