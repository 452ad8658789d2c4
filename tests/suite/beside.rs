//! What lies beside a rule: what is none, what is not run, and settings of members.

use crate::cli::{RULE, run};
use crate::packages::TempFolder;

/// What systems and editors leave beside a rule is none, and cases that nobody runs are told.
#[test]
fn what_lies_beside_a_rule_by_accident_is_passed_over() {
    let folder = TempFolder::new();
    folder.write("sample.concord", RULE.as_bytes());
    folder.write("cases.md", b"## old\n\n```case\nage 70\nas of 2026-01-05 12:00\n=> old yes\n```\n");
    folder.write("._sample.concord", b"\0\x05\x16\x07");
    folder.write("~$sample.concord", b"\x05me");
    std::fs::create_dir(folder.path("old.concord")).unwrap();
    std::fs::create_dir(folder.path(".ipynb_checkpoints")).unwrap();
    folder.write(".ipynb_checkpoints/sample-checkpoint.concord", RULE.as_bytes());
    let path = folder.path(".");
    let ran = run(&["test", path.to_str().unwrap()]);
    assert_eq!((ran.code, ran.err.contains("warning")), (0, false), "{}", ran.err);
    folder.write("cases (1).md", b"## old\n\n```case\nage 70\nas of 2026-01-05 12:00\n=> old no\n```\n");
    let ran = run(&["test", path.to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.err.contains("cases (1).md: its cases are not run: only those of `cases.md` are"), "{}", ran.err);
}

/// A setting of a package that is misspelt would be left to a package that nobody has.
#[test]
fn a_setting_of_a_package_that_is_nowhere_is_told() {
    let folder = TempFolder::new();
    std::fs::create_dir(folder.path("members")).unwrap();
    let rule = folder.write("sample.concord", RULE.as_bytes());
    let setting = "member \"RM3\" \"X\" {\n  membership full\n  sampel.rules.old_from = 70 years\n    because \"x\" approved by \"B\" on 2026-01-01\n}\n";
    folder.write("members/m.concord", setting.as_bytes());
    let all = run(&["check", folder.path(".").to_str().unwrap()]);
    assert!(
        all.code != 0 && all.err.contains("E0806") && all.err.contains("did you mean `sample.rules`?"),
        "{}",
        all.err
    );
    // Of one rule by itself nobody can say which others there are.
    assert_eq!(run(&["check", rule.to_str().unwrap()]).code, 0);
}
