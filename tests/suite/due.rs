//! What is due by a day is said so wherever it is shown: in words, as JSON, in the manifest and in an audit.

use crate::audit::{judged, made_up, off, results};
use crate::cli::{fed, run};
use crate::packages::{TempFolder, compile};
use concord_cli::report::html;
use concord_engine::plan::{AnswerKind, DueBy};
use concord_tests::text::whole;
use serde_json::Value;

const RULE: &str = r#"
subject Complaint {
  event Received
  event Acknowledged
  event Answered
  event Called
}

obligation acknowledge { from first Received expect Acknowledged within 3 working days }
obligation answer { from first Received expect Answered within 28 calendar days }
obligation call { for each Received expect Called within 4 h }
obligation both { all of answer, call }
obligation in_writing { all of answer, acknowledge }
obligation each_answered { for each Received expect Answered within 28 calendar days }

define answered = answer is met

measure answers {
  of      each Received in each_answered
  unknown left out
}
"#;

const LATE: &str = "Received at 2026-04-02 09:00
Called at 2026-04-02 10:00
Acknowledged at 2026-04-13 10:00
Answered at 2026-05-01 00:00
as of 2026-06-01 00:00
";

const OPEN: &str = "Received at 2026-04-02 09:00
Called at 2026-04-02 10:00
as of 2026-04-30 12:00
";

fn eval(folder: &TempFolder, arguments: &[&str], case: &str) -> String {
    folder.write("rule.concord", whole(RULE).as_bytes());
    let rule = folder.path("rule.concord");
    let all: Vec<&str> = ["eval", rule.to_str().unwrap()].iter().chain(arguments).copied().collect();
    let ran = fed(&all, std::iter::once(case.as_bytes().to_vec()));
    assert_eq!(ran.code, 0, "{}", ran.err);
    ran.out
}

#[test]
fn people_are_told_the_day_and_the_days() {
    let folder = TempFolder::new();
    let said = eval(&folder, &[], LATE);
    for line in [
        "answer: late by 1 calendar day\n",
        "    due 30 April 2026\n    done 2026-05-01 00:00, 29 calendar days after\n",
        "acknowledge: late by 2 working days\n    counted from 2026-04-02 09:00\n    due 9 April 2026\n",
        "    due 2026-04-02 13:00\n    done 2026-04-02 10:00, 1 h after\n",
        "    late: answer (by 1 calendar day)\n",
    ] {
        assert!(said.contains(line), "{line}\n{said}");
    }
    let said = eval(&folder, &[], OPEN);
    for line in [
        "answer: open due 30 April 2026\n",
        "    would be settled by: time, until the end of 30 April 2026 (answer is open)\n",
        "both: open due 30 April 2026\n",
        "in_writing: missed\n    missed: acknowledge (due 9 April 2026)\n    open: answer (due 30 April 2026)\n",
    ] {
        assert!(said.contains(line), "{line}\n{said}");
    }
    let said = eval(&folder, &[], &OPEN.replace("Called at 2026-04-02 10:00\nas of 2026-04-30", "as of 2026-04-02"));
    assert!(said.contains("both: open due 2026-04-02 13:00\n"), "{said}");
}

#[test]
fn programs_are_told_the_day_beside_the_instant() {
    let folder = TempFolder::new();
    let found: Value = serde_json::from_str(&eval(&folder, &["--json", "--bare"], LATE)).unwrap();
    let acknowledge = serde_json::json!({
        "kind": "verdict",
        "verdict": "late",
        "text": "late by 2 working days",
        "from": "2026-04-02T08:00:00Z",
        "due": "2026-04-09T22:59:59.999Z",
        "due_on": "2026-04-09",
        "done": "2026-04-13T09:00:00Z",
        "late_by": "PT82H0.001S",
        "late_by_days": 4,
        "late_by_working_days": 2
    });
    assert_eq!(found["answers"]["acknowledge"], acknowledge);
    let answer = &found["answers"]["answer"];
    assert_eq!((&answer["due_on"], &answer["late_by_days"]), (&"2026-04-30".into(), &1.into()));
    assert!(answer.get("late_by_working_days").is_none() && answer["late_by"] == "PT0.001S", "{answer}");
    let call = &found["answers"]["call"];
    assert!(call.get("due_on").is_none() && call["due"] == "2026-04-02T12:00:00Z", "{call}");

    let module = folder.path("rule.wasm");
    assert_eq!(run(&["build", folder.path("rule.concord").to_str().unwrap(), "-o", module.to_str().unwrap()]).code, 0);
    let manifest: Value = serde_json::from_str(&folder.read("rule.manifest.json")).unwrap();
    let answers = manifest["layout"]["answers"].as_array().unwrap();
    let falls_on = |name: &str| answers.iter().find(|answer| answer["name"] == name).unwrap()["due_by"].clone();
    let said = ["acknowledge", "answer", "call", "both", "in_writing", "each_answered", "answered"].map(falls_on);
    let expected = ["working day", "day", "instant", "part", "day", "day"].map(Value::from);
    assert_eq!((&said[..6], &said[6]), (&expected[..], &Value::Null));
}

#[test]
fn audits_list_days() {
    let cases = format!("example \"late\" {{\n{LATE}=> answer late\n}}\n");
    let package = compile(&whole(&format!("{RULE}\n{cases}")));
    let of_each = package.plan.judged.first().map(|each| each.due_by);
    assert_eq!(of_each, Some(DueBy::Day));
    let all = package.examples.iter().map(|example| example.case.clone()).collect();
    let audit = judged(&package, &made_up(all), &off());
    let listed: Vec<(&str, &str)> = audit
        .obligations
        .iter()
        .flat_map(|obligation| obligation.cases.iter().map(|case| (obligation.name.as_str(), case.verdict.as_str())))
        .collect();
    let expected = [
        ("acknowledge", "late by 2 working days"),
        ("answer", "late by 1 calendar day"),
        ("each_answered", "late by 1 calendar day"),
    ];
    assert_eq!(listed, expected);
    let review = &audit.measures[0].judgements.as_ref().unwrap().review;
    assert_eq!(review[0].verdict, "late by 1 calendar day");
    let page = html::page(&results(vec![audit]));
    assert!(
        page.contains("The rule allows <strong>28 calendar days</strong>"),
        "days, and not the hours up to midnight"
    );
    assert!(
        package.plan.answers.iter().any(|of| matches!(&of.kind, AnswerKind::Obligation(o) if o.due_by == DueBy::Part))
    );
}
