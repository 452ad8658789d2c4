//! `concord eval` takes what people bring: a case a line, a case as authors write it, an export; and refuses in JSON.

use crate::cli::{Ran, fed, run};
use crate::packages::{TempFolder, data_file};
use serde_json::{Value, json};

const NEWS2: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../rules/clinical/news2");
const SEPSIS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../rules/acute/sepsis");
const ALERT: &str = r#""respiration_rate": 16, "scale": "scale_1", "on_oxygen": false, "systolic": 120, "pulse": 70, "consciousness": "alert", "temperature": 37.0"#;

#[track_caller]
fn given(arguments: &[&str], input: &str) -> Ran {
    let whole: Vec<&str> = ["eval"].iter().chain(arguments).copied().collect();
    fed(&whole, std::iter::once(input.as_bytes().to_vec()))
}

#[track_caller]
fn records(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"))).collect()
}

#[test]
fn a_case_a_line_gives_a_record_a_line() {
    let lines =
        format!("{{\"case\": \"A1\", \"spo2\": 97, {ALERT}}}\n\n{{\"spo2\": 97.5}}\noops\n{{\"spo2\": 96, {ALERT}}}\n");
    let ran = given(&[NEWS2, "--json"], &lines);
    assert_eq!(ran.code, 3, "{}", ran.err);
    let found = records(&ran.out);
    assert_eq!(found.len(), 4, "{}", ran.out);
    assert_eq!((&found[0]["line"], &found[0]["case"]), (&json!(1), &json!("A1")));
    assert_eq!(found[0]["answers"]["total"]["value"], 0);
    assert_eq!(found[1]["line"], 3);
    let refused = &found[1]["refused"][0];
    let place = [&refused["code"], &refused["at"], &refused["line"], &refused["column"]];
    assert_eq!(place, [&json!("D09"), &json!("/spo2"), &json!(3), &json!(10)]);
    assert_eq!((&found[2]["line"], &found[2]["refused"][0]["code"]), (&json!(4), &json!("D04")));
    assert_eq!((&found[3]["line"], &found[3]["answers"]["total"]["value"]), (&json!(5), &json!(0)));
    assert!(ran.err.contains("2 of 4 cases refused"), "{}", ran.err);

    let ran = given(&[NEWS2, "--bare"], &lines);
    assert_eq!(ran.code, 3);
    assert!(ran.out.contains("line 1, A1\n") && ran.out.contains("line 5\n"), "{}", ran.out);
    assert!(ran.err.contains("standard input: error[D09]: line 3, column 10"), "{}", ran.err);

    let first_is_broken = format!("{{\"spo2\": \n{{\"spo2\": 97, {ALERT}}}\n");
    assert_eq!(records(&given(&[NEWS2, "--json"], &first_is_broken).out).len(), 2);
    let folder = TempFolder::new();
    let only = folder.write("one.ndjson", format!("{{\"spo2\": 97, {ALERT}}}\n").as_bytes());
    let ran = run(&["eval", NEWS2, "--json", "-i", only.to_str().unwrap()]);
    assert_eq!((ran.code, records(&ran.out)[0]["line"].clone()), (0, json!(1)));
    let over_lines = format!("{{\"spo2\": 97,\n {ALERT}}}\n");
    assert!(given(&[NEWS2], &over_lines).out.contains("total: 0"), "one case over several lines stays one case");
}

#[test]
fn refusals_are_json_where_json_is_asked() {
    let ran = given(&[NEWS2, "--json"], r#"{"spo2": 97.5, "sistolic": 120, "scale": "scale_3"}"#);
    assert_eq!(ran.code, 3);
    assert_eq!(ran.err, "");
    let found: Value = serde_json::from_str(&ran.out).unwrap();
    let brief = |error: &Value| json!([error["code"], error["at"], error["expected"]]);
    let refused: Vec<Value> = found["refused"].as_array().unwrap().iter().map(brief).collect();
    let expected = [
        json!(["D09", "/spo2", "a whole number from 30 to 100%"]),
        json!(["D06", "/sistolic", null]),
        json!(["D10", "/scale", "one of scale_1, scale_2"]),
    ];
    assert_eq!(refused, expected);
    assert_eq!(found["refused"][1]["help"], "did you mean `systolic`?");
    let event = r#"{"as_of": "2026-01-05T12:00:00Z", "events": [{"event": "Antibiotics", "at": "now"}]}"#;
    let found: Value = serde_json::from_str(&given(&[SEPSIS, "--json"], event).out).unwrap();
    assert_eq!(found["refused"][0]["at"], "/events/0/at");
}

#[test]
fn a_time_that_is_too_precise_is_refused_by_that_name() {
    let at = |as_of: &str| given(&[SEPSIS, "--json"], &format!(r#"{{"age": 70, "as_of": "{as_of}"}}"#));
    for as_of in ["2026-01-01T00:00:00.123456Z", "2026-01-01T00:00:00.000000001+00:00"] {
        let ran = at(as_of);
        let found: Value = serde_json::from_str(&ran.out).unwrap();
        assert_eq!(found["refused"].as_array().unwrap().len(), 1, "{found}");
        assert_eq!(found["refused"][0]["code"], "D20");
        assert!(found["refused"][0]["message"].as_str().unwrap().starts_with("more precise than a millisecond"));
    }
    for as_of in [
        "2026-01-01T00:00:00.123000Z",
        "2026-01-01T00:00:00.1230000000000Z",
        "2026-01-01T00:00:00.123+0000",
        "2026-01-01T01:00:00.123+0100",
        "2026-01-01T01:00:00.123+01",
    ] {
        let found: Value = serde_json::from_str(&at(as_of).out).unwrap();
        assert_eq!(found["as_of"], "2026-01-01T00:00:00.123Z", "{as_of}");
    }
    let found: Value = serde_json::from_str(&at("yesterday").out).unwrap();
    assert_eq!(found["refused"].as_array().unwrap().len(), 1, "not missing as well: {found}");
}

#[test]
fn what_goes_out_can_come_in() {
    let case = r#"{"age": 70, "as_of": "2026-01-05T12:00:00Z"}"#;
    for said in ["45 min", "PT45M", "PT0H45M0S", "PT2700S"] {
        let ran = given(&[SEPSIS, "--json", "--set", &format!("antibiotics_within={said}")], case);
        let found: Value = serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{}", ran.err));
        assert_eq!(found["settings"]["antibiotics_within"], "PT45M", "{said}");
    }
    for said in ["P", "PT", "PT45", "P1M", "45M", "PT1.5H", "PT4 5M"] {
        let ran = given(&[SEPSIS, "--set", &format!("antibiotics_within={said}")], case);
        assert_eq!(ran.code, 2, "{said}: {}", ran.err);
    }
}

const BROUGHT: &str = "age 70, infection_suspected yes
SepsisTriage at 2026-03-01 10:00
Antibiotics at 2026-03-01 11:30
as of 2026-03-02 00:00
=> antibiotics_1h late by 30 min
";

#[test]
fn a_case_in_the_notation_of_cases_is_answered() {
    let ran = given(&[SEPSIS], BROUGHT);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("antibiotics_1h: late by 30 min"), "{}", ran.out);
    let without = BROUGHT.replace("as of 2026-03-02 00:00\n", "");
    let ran = given(&[SEPSIS], &without);
    assert!(ran.code == 3 && ran.err.contains("error[D12]") && ran.err.contains("`as of` is missing"), "{}", ran.err);
    let ran = given(&[SEPSIS, "--as-of", "2026-03-02T00:00:00Z"], &without);
    assert!(ran.out.contains("antibiotics_1h: late by 30 min"), "{}{}", ran.out, ran.err);
    let set = format!("parameter antibiotics_within 45 min\n{}", BROUGHT.replace("11:30", "10:50"));
    assert!(given(&[SEPSIS], &set).out.contains("antibiotics_1h: late by 5 min"));

    let folder = TempFolder::new();
    for nothing in ["", " \n", "# Cases\n\n```text\nage 70\n```\n"] {
        let empty = folder.write("cases.md", nothing.as_bytes());
        let ran = run(&["eval", SEPSIS, "-i", empty.to_str().unwrap()]);
        assert!(ran.code == 3 && ran.err.contains("error[D01]"), "{nothing:?}: {}{}", ran.out, ran.err);
    }

    let wrong = BROUGHT
        .replace("age 70", "age 700, aeg 3")
        .replace("Antibiotics at 2026-03-01 11:30", "Antibiotic at 2026-03-01");
    let ran = given(&[SEPSIS, "--json"], &wrong);
    assert_eq!(ran.code, 3);
    let found: Value = serde_json::from_str(&ran.out).unwrap();
    let brief = |error: &Value| json!([error["code"], error["at"], error["line"], error["column"]]);
    let refused: Vec<Value> = found["refused"].as_array().unwrap().iter().map(brief).collect();
    let expected =
        [json!(["D08", "/age", 1, 5]), json!(["D06", "/aeg", 1, 10]), json!(["D13", "/events/1/event", 3, 1])];
    assert_eq!(refused, expected, "{found}");
}

/// The cases of the library are read without a rule's names at hand, and answered as the tests answer them.
#[test]
fn a_file_of_cases_gives_a_record_for_each() {
    let cases = format!("{SEPSIS}/cases.md");
    let ran = run(&["eval", SEPSIS, "--json", "--bare", "-i", &cases]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let found = records(&ran.out);
    let written = std::fs::read_to_string(&cases).unwrap();
    assert_eq!(found.len(), written.lines().filter(|line| *line == "```case").count());
    assert_eq!(found[0]["case"], "antibiotics after 40 minutes");
    assert_eq!(found[0]["answers"]["antibiotics_1h"]["verdict"], "met");
}

#[test]
fn an_export_gives_a_record_for_each_case() {
    let (data, map) = (data_file("sepsis/sepsis.csv"), data_file("sepsis/sepsis.map.toml"));
    let (data, map) = (data.to_str().unwrap(), map.to_str().unwrap());
    let folder = TempFolder::new();
    let out = folder.path("answers.ndjson");
    let as_of = "2015-12-31T00:00:00+01:00";
    let ran = run(&["eval", SEPSIS, "--data", data, "--map", map, "--as-of", as_of, "--out", out.to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.err.contains("1050 cases answered from 15214 rows"), "{}", ran.err);
    let found = records(&folder.read("answers.ndjson"));
    assert_eq!(found.len(), 1_050);
    assert_eq!(found[0]["case"], "A", "in the order of the export");
    assert_eq!(found[0]["package"], "acute.sepsis");
    assert!(found.iter().all(|record| record["answers"]["antibiotics_1h"]["because"].is_array()));
    let of = |verdict: &str| found.iter().filter(|r| r["answers"]["antibiotics_1h"]["verdict"] == verdict).count();
    let audit = run(&[
        "audit",
        SEPSIS,
        "--data",
        data,
        "--map",
        map,
        "--as-of",
        as_of,
        "--json",
        "-o",
        folder.path("report").to_str().unwrap(),
        "--no-disclosure-control",
        "research data",
    ]);
    let results: Value = serde_json::from_str(&audit.out).unwrap_or_else(|_| panic!("{}", audit.err));
    let obligations = results["audits"][0]["obligations"].as_array().unwrap();
    let counted = &obligations.iter().find(|o| o["name"] == "antibiotics_1h").unwrap()["verdicts"];
    for verdict in ["met", "late", "missed"] {
        assert_eq!(counted[verdict], of(verdict), "{verdict}");
    }
    assert!(of("late") > 0, "{counted}");
    assert_eq!(run(&["eval", SEPSIS, "--data", data, "--map", map]).code, 2, "as of is missing");
}

#[test]
fn rows_of_an_export_that_do_not_fit_are_counted_and_listed() {
    let folder = TempFolder::new();
    let whole = std::fs::read_to_string(data_file("sepsis/sepsis.csv")).unwrap();
    let mut lines = whole.lines();
    let head = lines.next().unwrap();
    let broken = lines.next().unwrap().replacen("2014-", "someday-", 1);
    let data = folder.write("log.csv", format!("{head}\n{broken}\n{}\n", lines.next().unwrap()).as_bytes());
    let map = data_file("sepsis/sepsis.map.toml");
    let out = folder.path("answers.ndjson");
    let arguments = ["eval", SEPSIS, "--data", data.to_str().unwrap(), "--map", map.to_str().unwrap()];
    let ran = run(&[&arguments[..], &["--as-of", "2015-12-31T00:00:00Z", "--out", out.to_str().unwrap()]].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.err.contains("1 case answered from 2 rows; 1 row and 0 values refused: see"), "{}", ran.err);
    assert_eq!(folder.read("answers.rejects.csv").lines().count(), 2);
    assert_eq!(records(&folder.read("answers.ndjson")).len(), 1);
}

const WAITING: &str = r#"package test.waiting {
  version   0.1.0
  title     "Waiting"
  source    us "made up for a test"
  owner     "Testers"
  use       audit
  status    draft
  review by 2027-04-01
}

subject Attendance {
  event Triage
  event Review
}

obligation review {
  from   first Triage
  expect Review within 4 h
}

define reviewed = review is met
"#;

/// Not yet is not no: what an open obligation comes to needs time, and until when is said.
#[test]
fn what_needs_time_says_until_when() {
    let folder = TempFolder::new();
    let rule = folder.write("waiting.concord", WAITING.as_bytes());
    let rule = rule.to_str().unwrap();
    let case = "Triage at 2026-01-05 09:00\nas of 2026-01-05 11:00\n";
    let ran = given(&[rule], case);
    let until = "time, until 2026-01-05 13:00 (review is open)";
    assert!(ran.out.contains(&format!("would be settled by: {until}")), "{}{}", ran.out, ran.err);
    let found: Value = serde_json::from_str(&given(&[rule, "--json"], case).out).unwrap();
    let needs = &found["answers"]["reviewed"]["needs"];
    let due = "2026-01-05T13:00:00Z";
    assert_eq!(*needs, json!([{"kind": "decision", "answer": "review", "until": due, "text": until}]), "{found}");
    assert_eq!(found["answers"]["review"]["verdict"], "open");
}

#[test]
fn a_case_that_takes_longer_than_it_may_ends_the_run() {
    let folder = TempFolder::new();
    let rule = concord_tests::text::whole(
        "subject S {\n  event A { x : integer 0..9 }\n}\ndefine d = count A called a where (count A where x + a.x = 9) > 3\n",
    );
    let rule = folder.write("slow.concord", rule.as_bytes());
    let minute =
        |number: usize| format!("2026-01-{:02}T{:02}:{:02}:00Z", 1 + number / 1440, number / 60 % 24, number % 60);
    let event = |number: usize| format!("{{\"event\": \"A\", \"at\": \"{}\", \"x\": {}}}", minute(number), number % 10);
    let case = |events: usize| {
        let events: Vec<String> = (0..events).map(event).collect();
        format!("{{\"as_of\": \"2026-03-01T00:00:00Z\", \"events\": [{}]}}", events.join(", "))
    };
    let rule = rule.to_str().unwrap();
    let ran = given(&[rule, "--bare", "--deadline", "20 ms"], &case(14_000));
    assert_eq!((ran.code, ran.out.as_str()), (5, ""), "{}", ran.err);
    assert!(ran.err.contains("a case of 14000 events took longer than --deadline allows"), "{}", ran.err);
    let ran = given(&[rule, "--bare", "--deadline", "1 h"], &case(20));
    assert_eq!(ran.code, 0, "{}", ran.err);
    for wrong in ["soon", "-1 s", "0 s"] {
        assert_eq!(given(&[rule, "--deadline", wrong], "{}").code, 2, "{wrong}");
    }
}
