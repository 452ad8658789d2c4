//! A file of members' settings by itself, and a setting whose approval does not hold.

use crate::cli::run;
use crate::own_settings::RULE;
use crate::packages::TempFolder;

/// A rule with one member, whose setting of what the group leaves to its members holds until the end of June.
fn one_member() -> TempFolder {
    let folder = TempFolder::new();
    for below in ["rules/sample/review", "rules/members"] {
        std::fs::create_dir_all(folder.path(below)).unwrap();
    }
    folder.write("rules/sample/review/review.concord", RULE.as_bytes());
    let setting = "member \"T1\" \"One\" {\n  membership full\n  sample.review.reviewed_within = 5 calendar days\n    because \"team\" approved by \"Board\" on 2026-02-01 until 2026-06-30\n}\n";
    folder.write("rules/members/one.concord", setting.as_bytes());
    folder
}

#[test]
fn a_setting_that_does_not_hold_counts_as_not_set_where_the_group_gives_none() {
    let folder = one_member();
    let rule = folder.path("rules/sample/review");
    let case = folder.write(
        "case.md",
        b"# One\n\n```case\nArrival at 2026-07-01 10:00\nas of 2026-07-20 10:00\n=> review unknown\n```\n",
    );
    let ran = run(&["eval", rule.to_str().unwrap(), "--member", "T1", "-i", case.to_str().unwrap()]);
    assert!(ran.err.contains("`reviewed_within` as set by T1 is not applied"), "{}", ran.err);
    assert!(ran.err.contains("it counts as not set, as the group gives no value"), "{}", ran.err);
    assert!(!ran.err.contains("the group's value counts"), "{}", ran.err);
}

#[test]
fn a_file_of_settings_is_checked_with_its_rules() {
    let folder = one_member();
    for given in ["rules/members/one.concord", "rules/members"] {
        let ran = run(&["check", folder.path(given).to_str().unwrap()]);
        assert_eq!(ran.code, 2, "{}", ran.err);
        assert!(ran.err.contains("members' settings are checked together with the rules that they set"), "{}", ran.err);
        assert!(ran.err.contains(&format!("give the folder above: {}", folder.path("rules").display())), "{}", ran.err);
    }
    assert_eq!(run(&["check", folder.path("rules").to_str().unwrap()]).code, 0);
}
