//! What is recorded, and what commands make of it: a value that cannot be read was said all the same, one that two read in two ways is one, and a file is
//! that of one command.

mod at_once;
mod lasting;
mod told;

use crate::cli::{Ran, run};
use crate::packages::{TempFolder, concord};
use serde_json::Value;

const AS_OF: &str = "2026-12-31T00:00:00Z";

/// A rule with this subject and what else it says.
fn rule(text: &str) -> String {
    format!(
        "package test.recorded {{\n  version 1.0.0\n  title \"Recorded\"\n  source s \"Made up for a test\"\n  owner \"Testers\"\n  use audit\n  status draft\n  review by 2027-12-31\n}}\n\n{text}"
    )
}

const SUBJECT: &str = r#"subject P {
  allergic : yes/no
  weight   : integer 1..300 kg
  count    : integer 0..100000
  event Seen
}

define not_allergic = not allergic
define light        = weight < 50
define many         = count >= 1000
"#;

/// A mapping of rows that are events, with these lines after the case.
fn map(lines: &str) -> String {
    format!(
        "package = \"test.recorded\"\nversion = \"1\"\ntitle = \"m\"\n[source]\nformat = \"csv\"\nrows = \"events\"\n[case]\ncolumns = [\"id\"]\n[time]\nformat = \"%Y-%m-%d %H:%M\"\nzone = \"Europe/London\"\n{lines}"
    )
}

/// Facts as they are mapped, and rows that say that somebody was seen.
fn facts(facts: &str) -> String {
    map(&format!(
        "[facts]\n{facts}\n[events]\nactivity = \"a\"\nat = \"t\"\n[events.map]\nSeen = {{ event = \"Seen\" }}\n"
    ))
}

struct Given {
    folder: TempFolder,
}

impl Given {
    fn new(rule_text: &str, map: &str, data: &str) -> Given {
        let folder = TempFolder::new();
        folder.write("rule.concord", rule(rule_text).as_bytes());
        folder.write("map.toml", map.as_bytes());
        folder.write("data.csv", data.as_bytes());
        Given { folder }
    }

    fn path(&self, name: &str) -> String {
        self.folder.path(name).to_str().unwrap().to_owned()
    }

    fn eval(&self, as_of: &str, more: &[&str]) -> Ran {
        let (rule, map, data) = (self.path("rule.concord"), self.path("map.toml"), self.path("data.csv"));
        let own = ["eval", &rule, "--data", &data, "--map", &map, "--as-of", as_of, "--bare", "--json"];
        run(&[&own[..], more].concat())
    }

    fn audit(&self, as_of: &str) -> Ran {
        let (rule, map, data, out) =
            (self.path("rule.concord"), self.path("map.toml"), self.path("data.csv"), self.path("out"));
        let own = ["audit", &rule, "--data", &data, "--map", &map, "--as-of", as_of, "--out", &out];
        run(&[&own[..], &["--no-disclosure-control", "made up", "--cases", &self.path("cases.csv")]].concat())
    }

    /// An answer of each case.
    #[track_caller]
    fn answers(&self, as_of: &str, answer: &str) -> Vec<String> {
        let ran = self.eval(as_of, &[]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        let of = |line: &str| -> String {
            let record: Value = serde_json::from_str(line).unwrap();
            let text = record["answers"][answer]["text"].as_str().unwrap_or_else(|| panic!("{record}"));
            // Of what is unknown also what is possible is said.
            text.split(',').next().unwrap().to_owned()
        };
        ran.out.lines().map(of).collect()
    }
}

#[track_caller]
fn answers(map: &str, rows: &str, answer: &str) -> Vec<String> {
    Given::new(SUBJECT, map, &format!("id,a,t,allergy,kg,n\n{rows}")).answers(AS_OF, answer)
}

/// A value that is refused may have been any: where it could change which row counts, the fact is not known.
#[test]
fn a_refused_value_counts_in_take() {
    let rows = |first: &str, second: &str| {
        format!(
            "A,Seen,2026-01-05 10:00,{first},,\nA,Seen,2026-01-06 10:00,{second},,\nA,Seen,2026-01-07 10:00,{second},,\n"
        )
    };
    let allergy = |take: &str| {
        facts(&format!(
            "allergic = {{ column = \"allergy\", take = \"{take}\", values = {{ Y = \"yes\", N = \"no\" }} }}"
        ))
    };
    for (take, first, second, wanted) in [
        ("any", "N", "YES", "unknown"),
        ("any", "YES", "N", "unknown"),
        ("any", "Y", "YES", "no"),
        ("any", "YES", "Y", "no"),
        ("any", "N", "", "yes"),
        ("only", "N", "YES", "unknown"),
        ("only", "YES", "N", "unknown"),
        ("only", "N", "", "yes"),
        ("last", "N", "YES", "unknown"),
        ("last", "YES", "N", "yes"),
        ("first", "N", "YES", "yes"),
        ("first", "YES", "N", "unknown"),
        ("first", "", "N", "yes"),
    ] {
        let found = answers(&allergy(take), &rows(first, second), "not_allergic");
        assert_eq!(found, [wanted], "{take}: {first:?}, then {second:?}");
    }
}

/// A conversion is not rounded, whatever says by what: what falls between two values may be either.
#[test]
fn a_value_between_two_is_a_range_whatever_converts_it() {
    let weight = |said: &str| facts(&format!("weight = {{ column = \"kg\", {said} }}"));
    let row = |kg: &str| format!("A,Seen,2026-01-05 10:00,,{kg},\n");
    // 49.7 kg, 49.4 kg and 50.0 kg.
    assert_eq!(answers(&weight("unit = \"g\""), &row("49700"), "light"), ["unknown"]);
    assert_eq!(answers(&weight("times = \"0.001\""), &row("49700"), "light"), ["unknown"]);
    assert_eq!(answers(&weight("unit = \"stone\", times = \"6.35029318\""), &row("7.83"), "light"), ["unknown"]);
    assert_eq!(answers(&weight("times = \"0.001\""), &row("48700"), "light"), ["yes"]);
    assert_eq!(answers(&weight("unit = \"g\""), &row("50000"), "light"), ["no"]);
}

/// `1.000` may be one or a thousand.
#[test]
fn a_whole_number_with_three_digits_behind_its_point_is_refused() {
    let row = |n: &str| format!("A,Seen,2026-01-05 10:00,,,{n}\n");
    let count = |said: &str| facts(&format!("count = {{ column = \"n\"{said} }}"));
    for (said, text, wanted) in [
        ("", "1.000", "unknown"),
        ("", "1.250", "unknown"),
        ("", "12.000", "unknown"),
        ("", "<1.000", "unknown"),
        ("", "1000", "yes"),
        ("", "1.0", "no"),
        ("", "1500.000", "yes"),
        ("", "0.000", "no"),
        (", times = \"1\"", "1.000", "no"),
    ] {
        assert_eq!(answers(&count(said), &row(text), "many"), [wanted], "{text}{said}");
    }
    let comma = count("").replace("rows = \"events\"", "rows = \"events\"\ndelimiter = \";\"\ndecimal_comma = true");
    let data = "id;a;t;allergy;kg;n\nA;Seen;2026-01-05 10:00;;;1,000\n";
    assert_eq!(Given::new(SUBJECT, &comma, data).answers(AS_OF, "many"), ["unknown"]);
    let ran = Given::new(SUBJECT, &count(""), &format!("id,a,t,allergy,kg,n\n{}", row("1.000"))).audit(AS_OF);
    assert_eq!(ran.code, 0, "{}", ran.err);
}

const FEVER: &str = "subject P {\n  temperature : decimal 30.0..45.0 °C from loinc 8310-5 taking last within 12 h\n  event Seen from snomed 281789004\n}\n\ndefine fever = temperature >= 38.0\n";

fn by_code(more: &str) -> String {
    map(&format!(
        "[events]\nat = \"t\"\nby_code = {{ column = \"code\", system = \"loinc\", value = \"value\"{more} }}\n"
    ))
}

/// Which of several values counts is the rule's choice, in exports as in FHIR.
#[test]
fn what_the_rule_takes_decides_by_time() {
    let now = "2026-01-05T11:00:00Z";
    let rows = "id,code,t,value\n\
A,8310-5,2026-01-05 09:00,37.0\nA,8310-5,2026-01-05 10:00,39.0\n\
B,8310-5,2026-01-03 09:00,39.0\n\
C,8310-5,2026-01-05 10:00,39.0\nC,8310-5,2026-01-05 09:00,37.0\n\
D,8310-5,2026-01-05 09:00,37.0\nD,8310-5,2026-01-05 10:00,high\n\
E,8310-5,2026-01-05 09:00,high\nE,8310-5,2026-01-05 10:00,37.0\n\
F,8310-5,2026-01-05 09:00,37.0\nF,8310-5,2026-01-05 12:00,39.0\n\
G,8310-5,2026-01-05 10:00,37.0\nG,8310-5,2026-01-05 10:00,39.0\n\
H,8310-5,2026-01-05 09:00,37.0\nH,8310-5,2026-01-05 10:00,\n";
    let given = Given::new(FEVER, &by_code(""), rows);
    let wanted = ["yes", "unknown", "yes", "unknown", "no", "no", "unknown", "no"];
    assert_eq!(given.answers(now, "fever"), wanted);
    // Rows that are not grouped by case are held, or set apart.
    let mut lines: Vec<&str> = rows.lines().skip(1).collect();
    lines.reverse();
    let ungrouped = format!("id,code,t,value\n{}\n", lines.join("\n"));
    let given = Given::new(FEVER, &by_code(""), &ungrouped);
    let mut reversed = wanted;
    reversed.reverse();
    assert_eq!(given.answers(now, "fever"), reversed);
    let apart = given.eval(now, &["--memory", "0"]);
    assert_eq!(apart.out, given.eval(now, &[]).out);
    let refused = Given::new(FEVER, &by_code(", take = \"first\""), rows).eval(now, &[]);
    assert_eq!(refused.code, 3, "{}", refused.err);
    assert!(refused.err.contains("the rule says `taking last` of `temperature`"), "{}", refused.err);
    assert_eq!(Given::new(FEVER, &by_code(", take = \"last\""), rows).answers(now, "fever"), wanted);
}

/// A script has no clock, and what runs within `map` and its like is counted.
#[test]
fn a_script_stops_at_its_limit_however_it_takes_its_time() {
    let scripted = format!("{}[script]\nfile = \"s.rhai\"\nadds = []\n", facts("weight = { column = \"kg\" }"));
    let given = Given::new(SUBJECT, &scripted, "id,a,t,allergy,kg,n\nA,Seen,2026-01-05 10:00,,48,\n");
    for body in [
        "sleep(600); r",
        "sleep(600.0); r",
        "let f = Fn(\"sleep\"); f.call(600); r",
        "let a = []; for i in 0..300 { a.push(i); } a.map(|x| { a.map(|y| { let s = 0; for i in 0..20000 { s += i; } s }); 1 }); r",
        "let a = []; for i in 0..2000 { a.push(i); } a.sort(|x, y| { let s = 0; for i in 0..2000 { s += i; } y - x }); r",
        "let a = []; for i in 0..2000 { a.push(i); } a.reduce(|sum, x| { for i in 0..2000 { sum += i; } sum }, 0); r",
    ] {
        given.folder.write("s.rhai", format!("fn row(r) {{ {body} }}\n").as_bytes());
        let ran = given.eval(AS_OF, &[]);
        assert_eq!((ran.code, ran.out.as_str()), (3, ""), "{body}: {}", ran.err);
    }
    given.folder.write("s.rhai", b"fn row(r) { let a = [1, 2, 3]; a.map(|x| x + 1); r }\n");
    assert_eq!(given.answers(AS_OF, "light"), ["yes"]);
}

const ANTIBIOTICS: &str = "subject P {\n  event Triage\n  event Antibiotics\n}\n\nobligation soon \"Soon\" {\n  source s\n  from first Triage\n  expect Antibiotics within 1 h\n}\n";

/// What an audit knows of a whole export `eval` knows as well.
#[test]
fn eval_knows_of_an_export_what_an_audit_knows() {
    let mapping = map(
        "[events]\nactivity = \"a\"\nat = \"t\"\nleft_out = [\"IV-Antibiotics\"]\n[events.map]\nTriage = { event = \"Triage\" }\n\"IV Antibiotics\" = { event = \"Antibiotics\" }\n",
    );
    let rows = "id,a,t\nA,Triage,2026-01-05 10:00\nA,IV-Antibiotics,2026-01-05 10:20\nB,Triage,2026-01-05 11:00\n";
    let given = Given::new(ANTIBIOTICS, &mapping, rows);
    assert_eq!(given.answers(AS_OF, "soon"), ["unknown", "unknown"]);
    let (eval, audit) = (given.eval(AS_OF, &[]), given.audit(AS_OF));
    let said = "`IV Antibiotics`, which [events.map] names, is carried by no row.";
    assert!(eval.err.contains(said) && audit.err.contains(said), "{}\n{}", eval.err, audit.err);
    assert!(eval.out.contains("Antibiotics (not supplied)") || eval.out.contains("not_supplied"), "{}", eval.out);
    // What a definition says for want of such events is not known either, and what rests on others stands.
    let defined = format!(
        "{ANTIBIOTICS}\ndefine given = any Antibiotics\ndefine doses = count Antibiotics\ndefine none_given = not any Antibiotics\ndefine seen = any Triage\n"
    );
    let given = Given::new(&defined, &mapping, rows);
    for answer in ["given", "doses", "none_given"] {
        assert_eq!(given.answers(AS_OF, answer), ["unknown", "unknown"], "{answer}");
    }
    assert_eq!(given.answers(AS_OF, "seen"), ["yes", "yes"]);
    // One row that carries it shows that the export does.
    let carried = Given::new(&defined, &mapping, &format!("{rows}C,IV Antibiotics,2026-01-05 11:00\n"));
    assert_eq!(carried.answers(AS_OF, "given"), ["no", "no", "yes"]);
    let given = Given::new(ANTIBIOTICS, &mapping, rows);
    // Nobody can have meant an instant before all events.
    let (eval, audit) = (given.eval("2025-01-01T00:00:00Z", &[]), given.audit("2025-01-01T00:00:00Z"));
    let said = "of the events are after `as of`";
    assert_eq!((eval.code, audit.code), (3, 3), "{}\n{}", eval.err, audit.err);
    assert!(eval.err.contains(said) && audit.err.contains(said) && eval.out.is_empty(), "{}", eval.err);
    let refused = Given::new(ANTIBIOTICS, &mapping, "id,a,t\nA,Triage,today\nB,Triage,today\n").eval(AS_OF, &[]);
    assert_eq!((refused.code, refused.out.as_str()), (3, ""), "{}", refused.err);
    assert!(refused.err.contains("every row was refused"), "{}", refused.err);
    let empty = Given::new(ANTIBIOTICS, &mapping, "id,a,t\n").eval(AS_OF, &[]);
    assert_eq!(empty.code, 0, "{}", empty.err);
    assert!(empty.err.contains("the export has no rows"), "{}", empty.err);
}
