//! What the cases of a package reach, which changes they notice, and what a library holds.

use crate::cli::run;
use crate::packages::TempFolder;

const RULE: &str = "/// Checks after a fall.
package sample.falls {
  version 1.0.0
  title \"After a fall\"
  source nice \"NICE\"
  owner \"Group\"
  use audit
  status draft
  review by 2027-12-31
}
subject Stay {
  age : integer 0..130 years
  frail : yes/no
  score : integer 0..10
  event Fall
  event Review { by_nurse : yes/no }
}
table risk {
  score | level
  <= 3  | 1
  4..6  | 2
  >= 7  | 3
}
define old = age >= 65 and frail
define plan = if old then (if risk > 2 then 10 else 5) else 0
clock watch { start Fall  stop Review where by_nurse }
obligation review {
  applies when age >= 18
  from first Fall
  expect Review where by_nurse within 4 h
  excused when frail because \"frail\"
}
";

const CASES: &str = "# Cases

## old and frail

```case
age 65, frail yes, score 3
Fall at 2026-01-05 09:00
as of 2026-01-06 09:00
=> old yes, risk 1, plan 5, review excused
```

## young, at the fourth hour

```case
age 40, frail no, score 4
Fall at 2026-01-05 09:00
Review at 2026-01-05 13:00 { by_nurse yes }
as of 2026-01-06 09:00
=> old no, risk 2, review met
```
";

/// A folder with the package, and the path of its rule.
fn falls(cases: &str) -> (TempFolder, String) {
    let folder = TempFolder::new();
    let rule = folder.write("falls.concord", RULE.as_bytes());
    folder.write("cases.md", cases.as_bytes());
    folder.write("why.md", b"# Why\n\nServes: R38, R50b\n");
    let rule = rule.to_str().unwrap().to_owned();
    (folder, rule)
}

#[track_caller]
fn says(text: &str, words: &[&str]) {
    for word in words {
        assert!(text.contains(word), "nothing says {word}:\n{text}");
    }
}

#[track_caller]
fn says_not(text: &str, words: &[&str]) {
    for word in words {
        assert!(!text.contains(word), "something says {word}:\n{text}");
    }
}

#[test]
fn what_no_case_reaches_is_named_where_it_stands() {
    let (_folder, rule) = falls(CASES);
    let ran = run(&["test", &rule, "--coverage"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    says(
        &ran.out,
        &[
            "rows 2 of 3",
            "lines of clocks 2 of 2",
            "falls.concord:22: no case is answered by the row `>= 7 | 3` of `risk`",
            "falls.concord:25: `risk > 2` is never yes",
            "falls.concord:28: `age >= 18` is never no",
            "`score` of `risk` is never tried at 7",
            "`score` of `risk` is never tried just below, at 6",
            "`age >= 65` is never tried just below, at 64 years",
            "`review` is never late",
            "`review` is never not applicable",
            "`review` is never tried just after the deadline",
            "`score` is never missing",
            "`Fall` is never not supplied",
            "`Review.at` is never unknown",
        ],
    );
    // They are reached; and the branches of an `if` that no case comes to say nothing of what they ask.
    says_not(
        &ran.out,
        &["tried at 4", "`old` is never", "`frail` is never yes", "at the deadline", "`review` is never met"],
    );
}

#[test]
fn a_condition_is_asked_only_where_a_case_comes_to_it() {
    // Where nobody is old, the score of the old is not asked for.
    let (_folder, rule) = falls(
        &CASES
            .replace("age 65, frail yes", "age 64, frail yes")
            .replace("old yes", "old no")
            .replace(", plan 5", ", plan 0"),
    );
    let ran = run(&["test", &rule, "--coverage"]);
    says(&ran.out, &["`risk > 2` is never yes", "`risk > 2` is never no"]);
}

#[test]
fn too_little_is_a_finding() {
    let (_folder, rule) = falls(CASES);
    assert_eq!(run(&["test", &rule, "--coverage-min", "20"]).code, 0);
    let ran = run(&["test", &rule, "--coverage-min", "100"]);
    assert_eq!(ran.code, 1);
    says(&ran.err, &["sample.falls:", "% reached, of at least 100"]);
}

#[test]
fn a_change_that_no_case_notices_is_named_as_its_author_would_make_it() {
    let (_folder, rule) = falls(CASES);
    let ran = run(&["test", &rule, "--mutate"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    says(
        &ran.out,
        &[
            "`age >= 65` becomes `age >= 64`",
            "the clause `applies when age >= 18` is left out",
            "the filter `where by_nurse` is left out",
            "`first Fall` asks for the last",
            "`score` of `risk` parts at `7`, not at `6`",
        ],
    );
    // These are noticed: by the case of 65 years, at the fourth hour, and at a score of 3 and 4.
    says_not(&ran.out, &["becomes `age >= 66`", "239 min", "parts at `2`, not at `3`", "parts at `4`, not at `3`"]);
}

#[test]
fn a_suggested_case_waits_for_its_answer() {
    let (folder, rule) = falls(CASES);
    let suggested = run(&["test", &rule, "--suggest"]).out;
    says(&suggested, &["```case\n", "score 7\n=> ?", "Fall not supplied\n=> ?", "Review at unknown"]);
    let with = |text: &str| folder.write("cases.md", format!("{CASES}\n{text}").as_bytes());
    with(&suggested);
    let ran = run(&["test", &rule]);
    assert_eq!(ran.code, 4, "{}", ran.err);
    says(&ran.err, &["error[E1008]: this case has a question and no answer"]);
    with("## high\n\n```case\nscore 7\nas of 2026-01-06 09:00\n=> risk 3\n```\n");
    assert_eq!(run(&["test", &rule]).code, 0);
}

#[test]
fn what_is_said_can_be_read_by_programs() {
    let (_folder, rule) = falls(CASES);
    let ran = run(&["test", &rule, "--coverage", "--mutate", "--json"]);
    let lines: Vec<serde_json::Value> = ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let coverage = &lines.iter().find(|line| line.get("coverage").is_some()).unwrap()["coverage"];
    assert_eq!(coverage["totals"]["rows"], serde_json::json!({ "reached": 2, "all": 3 }));
    assert!(coverage["missed"].as_array().unwrap().iter().any(|one| one["line"] == 22 && one["of"] == "rows"));
    let changes = &lines.iter().find(|line| line.get("changes").is_some()).unwrap()["changes"];
    assert!(changes["noticed"].as_u64().unwrap() > 5 && !changes["unnoticed"].as_array().unwrap().is_empty());
}

#[test]
fn a_library_is_listed() {
    let (folder, _) = falls(CASES);
    let path = folder.path(".");
    let path = path.to_str().unwrap();
    says(&run(&["packs", path]).out, &["package", "sample.falls  draft", "R38, R50b", "2027-12-31"]);
    says(&run(&["packs", path, "--markdown"]).out, &["1 package, 2 cases.", "| After a fall | draft | 2 |"]);
    let listed: serde_json::Value = serde_json::from_str(&run(&["packs", path, "--json"]).out).unwrap();
    assert_eq!(listed["serves"], serde_json::json!(["R38", "R50b"]));
    assert_eq!((&listed["cases"], &listed["review_by"]), (&2.into(), &"2027-12-31".into()));
}

/// A score of half points, and a table over it.
fn points() -> (TempFolder, String) {
    let folder = TempFolder::new();
    let subject = "subject P {\n  clot : yes/no\n  fast : yes/no\n  cancer : yes/no\n}\n";
    let sum =
        "define score = (if clot then 3.0 else 0.0) + (if fast then 1.5 else 0.0) + (if cancer then 1.0 else 0.0)\n";
    let table =
        "table risk {\n  score  | level\n  > 4.0  | likely\n  <= 4.0 | unlikely\n}\ndefine high = score >= 3.0\n";
    let header = RULE.split("subject").next().unwrap();
    let rule = folder.write("points.concord", format!("{header}{subject}{sum}{table}").as_bytes());
    let cases =
        "# Cases\n\n## all\n\n```case\nclot yes, fast yes, cancer yes => score 5.5, risk likely, high yes\n```\n";
    folder.write("cases.md", cases.as_bytes());
    (folder, rule.to_str().unwrap().to_owned())
}

#[test]
fn a_score_is_tried_at_values_that_it_can_have() {
    let (folder, rule) = points();
    let ran = run(&["test", &rule, "--coverage"]);
    // Of 3.0, 1.5 and 1.0 come 0, 1, 1.5, 2.5, 3, 4, 4.5 and 5.5.
    says(
        &ran.out,
        &[
            "`score` of `risk` is never tried at 4.5",
            "`score` of `risk` is never tried just below, at 4.0",
            "`score >= 3.0` is never tried at 3.0",
            "`score >= 3.0` is never tried just below, at 2.5",
            "`score >= 3.0` is never tried just above, at 4.0",
        ],
    );
    says_not(&ran.out, &["at 4.1", "at 2.9", "at 3.1"]);
    let more = |body: &str| format!("## {body}\n\n```case\n{body}\n```\n\n");
    let sides = [
        "clot yes, fast yes, cancer no => score 4.5, risk likely",
        "clot yes, fast no, cancer yes => score 4.0, risk unlikely",
        "clot yes, fast no, cancer no => score 3.0, high yes",
        "clot no, fast yes, cancer yes => score 2.5, high no",
    ];
    folder.write("cases.md", format!("# Cases\n\n{}", sides.map(more).concat()).as_bytes());
    let ran = run(&["test", &rule, "--coverage"]);
    says_not(&ran.out, &["is never tried"]);
    // What moves a limit to where no score lies is no change.
    let ran = run(&["test", &rule, "--mutate"]);
    says_not(&ran.out, &["parts at `4.1`", "`score >= 2.9`"]);
    says(&ran.out, &["change nothing"]);
}

#[test]
fn many_cases_without_an_answer_are_told_once() {
    let (folder, rule) = points();
    let suggested = run(&["test", &rule, "--suggest"]).out;
    let count = suggested.matches("=> ?").count();
    assert!(count > 5, "{suggested}");
    folder.write("cases.md", format!("# Cases\n\n{suggested}").as_bytes());
    let ran = run(&["check", &rule]);
    assert_eq!(ran.err.matches("error[E1008]").count(), 1, "{}", ran.err);
    says(&ran.err, &[&format!("{} further cases of this file have no answer either", count - 1)]);
}

#[test]
fn how_late_is_said_in_the_days_of_the_deadline() {
    let folder = TempFolder::new();
    let rule = RULE.replace("within 4 h", "within 1 calendar day");
    let rule = folder.write("falls.concord", rule.as_bytes());
    let case = "age 40, frail no, score 4\nFall at 2026-01-05 09:00\nReview at 2026-01-07 13:00 { by_nurse yes }\n";
    let cases = format!("# Cases\n\n## late\n\n```case\n{case}as of 2026-01-09 09:00\n=> review late by 1 day\n```\n");
    folder.write("cases.md", cases.as_bytes());
    let ran = run(&["test", rule.to_str().unwrap()]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    says(&format!("{}{}", ran.out, ran.err), &["so how late is counted in days: `late by 1 calendar day`"]);
}
