//! The command line as scripts and people meet it: exit codes, shapes, and what hostile input comes to.

use crate::packages::{TempFolder, concord};
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What came of a run.
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(concord());
    command.args(arguments).env_remove("NO_COLOR").env_remove("CONCORD_FORMAT").env_remove("CONCORD_COLOR");
    command
}

/// Runs `concord` with these bytes on standard input.
#[track_caller]
pub fn fed(arguments: &[&str], chunks: impl Iterator<Item = Vec<u8>> + Send + 'static) -> Ran {
    let mut child =
        command(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // The program may stop reading before the end; that is its right.
    let feeding = std::thread::spawn(move || {
        for chunk in chunks {
            if stdin.write_all(&chunk).is_err() {
                break;
            }
        }
    });
    let output = child.wait_with_output().unwrap();
    feeding.join().unwrap();
    Ran {
        code: output.status.code().expect("it was not killed by a signal"),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

#[track_caller]
pub fn run(arguments: &[&str]) -> Ran {
    fed(arguments, std::iter::empty())
}

/// An audit of made-up rows, which need no protection: rules, mapping, data and where the report goes.
#[track_caller]
pub fn audited([rules, map, data, out]: [&str; 4], as_of: &str, more: &[&str]) -> Ran {
    let arguments = ["audit", rules, "--map", map, "--data", data, "--as-of", as_of, "--out", out];
    let ran = run(&[&arguments[..], &["--no-disclosure-control", "made up"], more].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    ran
}

pub const RULE: &str = "package sample.rules {
  version 1.0.0
  title \"Sample\"
  source nice \"NICE\"
  owner \"Group\"
  use audit
  status draft
  review by 2027-12-31
}
enum Scale { one, two }
subject Patient {
  age : integer 0..130 years
  temperature : decimal 25.0..45.0 °C
  frail : yes/no
  scale : Scale
  event Fall { harm : yes/no }
}
parameter old_from : integer 60..80 years = 65 years
  local 60..75 \"by agreement\"
define old = age >= old_from
define fever = temperature >= 38.0
define falls = count Fall
";

/// A folder with the sample rule, and the rule's path.
fn sample() -> (TempFolder, String) {
    let folder = TempFolder::new();
    let path = folder.write("sample.concord", RULE.as_bytes());
    let path = path.to_str().unwrap().to_owned();
    (folder, path)
}

#[track_caller]
fn eval(rule: &str, case: &[u8]) -> Ran {
    let case = case.to_vec();
    fed(&["eval", rule, "--as-of", "2026-01-05T12:00:00Z"], std::iter::once(case))
}

#[test]
fn a_case_is_answered() {
    let (_folder, rule) = sample();
    let ran = eval(&rule, br#"{"age": 71, "temperature": 37.9}"#);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    for line in ["old: yes", "fever: no", "falls: 0"] {
        assert!(ran.out.contains(line), "{}", ran.out);
    }
}

/// Each hostile case: its code among the data errors, and words of the message.
#[test]
fn what_cannot_be_read_is_refused_with_code_3_and_a_place() {
    let (_folder, rule) = sample();
    let deep = format!("{{\"age\": {}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
    let refused: &[(&[u8], &str, &str)] = &[
        (b"", "D01", "empty"),
        (b" \n ", "D01", "empty"),
        (b"{\"age\": \"\xff\"}", "D02", "column"),
        (b"{\"age\": 71", "D04", "line 1"),
        (b"{\"age\": 71,}", "D04", "line 1"),
        (b"{\"age\": NaN}", "D04", "line 1"),
        (b"{\"age\": Infinity}", "D04", "line 1"),
        (b"{'age': 1}", "D04", "line 1"),
        (b"{\"age\": 1} {\"age\": 2}", "D04", "line 1"),
        (b"[1, 2]", "D07", "line 1"),
        (b"71", "D07", "line 1"),
        (b"age 71 years old", "E0213", "line 1"),
        (b"age 131", "D08", "`age`"),
        (b"{\"age\": 71, \"age\": 72}", "D05", "`age`"),
        (b"{\"agee\": 71}", "D06", "`age`"),
        (b"{\"age\": \"71\"}", "D07", "`age`"),
        (b"{\"age\": [71]}", "D07", "`age`"),
        (b"{\"frail\": 1}", "D07", "`frail`"),
        (b"{\"age\": 131}", "D08", "`age`"),
        (b"{\"age\": -1}", "D08", "`age`"),
        (b"{\"age\": 1e300}", "D08", "`age`"),
        (b"{\"age\": 99999999999999999999999999999999999999}", "D08", "`age`"),
        (b"{\"age\": 1e999999999999}", "D08", "`age`"),
        (b"{\"temperature\": 37.15}", "D09", "`temperature`"),
        (b"{\"age\": 1e-400}", "D09", "`age`"),
        (b"{\"scale\": \"three\"}", "D10", "`scale`"),
        (b"{\"events\": [{\"event\": \"Fall\", \"at\": \"yesterday\"}]}", "D11", "`events[0].at`"),
        (b"{\"events\": [{\"event\": \"Fell\", \"at\": null}]}", "D13", "`events[0]"),
        (b"{\"events\": [{\"event\": \"Fall\"}]}", "D14", "`events[0].at`"),
        (b"{\"age\": \"none\"}", "D16", "`age`"),
        (deep.as_bytes(), "D07", "`age`"),
    ];
    for (case, code, words) in refused {
        let ran = eval(&rule, case);
        let shown = String::from_utf8_lossy(&case[..case.len().min(80)]).into_owned();
        assert_eq!(ran.code, 3, "{shown}: {}", ran.err);
        assert_eq!(ran.out, "", "{shown}");
        assert!(ran.err.contains(&format!("error[{code}]")) && ran.err.contains(words), "{shown}: {}", ran.err);
    }
}

#[test]
fn numbers_that_only_look_odd_are_read() {
    let (_folder, rule) = sample();
    for case in [
        &b"{\"age\": 7.1e1}"[..],
        b"{\"age\": 71.000}",
        b"{\"age\": 0.71e2, \"temperature\": 37.90}",
        b"\xef\xbb\xbf{\"age\": 71}",
        b"{\"age\": 71, \"frail\": null}",
    ] {
        let ran = eval(&rule, case);
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert!(ran.out.contains("old: yes"), "{}", ran.out);
    }
}

#[test]
fn a_hundred_megabytes_of_brackets_end_soon() {
    let (_folder, rule) = sample();
    let start = Instant::now();
    let chunks = std::iter::repeat_with(|| vec![b'['; 1024 * 1024]).take(100);
    let ran = fed(&["eval", &rule, "--as-of", "2026-01-05T12:00:00Z"], chunks);
    assert_eq!(ran.code, 3, "{}", ran.err);
    assert!(ran.err.contains("error[D03]"), "{}", ran.err);
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}

#[test]
fn messages_do_not_show_patient_data_unless_asked() {
    let (_folder, rule) = sample();
    let case = br#"{"age": 71, "scale": "Jane Smith"}"#;
    let ran = eval(&rule, case);
    assert!(!ran.err.contains("Smith"), "{}", ran.err);
    let asked = ["eval", &rule, "--show-values", "--as-of", "2026-01-05T12:00:00Z"];
    let ran = fed(&asked, std::iter::once(case.to_vec()));
    assert!(ran.err.contains("Smith"), "{}", ran.err);
}

#[test]
fn exit_codes_are_those_of_the_help() {
    let (folder, rule) = sample();
    let wrong = folder.write("wrong.concord", RULE.replace("old_from\n", "old_form\n").as_bytes());
    let wrong = wrong.to_str().unwrap();
    let empty = TempFolder::new();
    let empty = empty.path(".");
    let fine: &[(i32, &[&str])] = &[
        (0, &["--help"]),
        (0, &["--version"]),
        (0, &["check", &rule]),
        (1, &["check", wrong]),
        (0, &["check", "--fail-on", "never", wrong]),
        (2, &[]),
        (2, &["chekc"]),
        (2, &["check", "--format", "yaml"]),
        (2, &["check", "no/such/folder"]),
        (2, &["check", empty.to_str().unwrap()]),
        (2, &["eval", &rule, "-i", "no/such/case.json"]),
        (2, &["eval", &rule, "--as-of", "yesterday"]),
        (2, &["eval", &rule, "--set", "no_such=1"]),
        (4, &["eval", &rule, "--set", "old_from=80 years"]),
        (4, &["eval", wrong]),
        (4, &["build", wrong]),
        (4, &["test", wrong]),
        (1, &["test", &rule]),
        (2, &["explain", "E9999"]),
        (2, &["completions", "cmd"]),
    ];
    for (code, arguments) in fine {
        let ran = run(arguments);
        assert_eq!(ran.code, *code, "{arguments:?}: {}{}", ran.out, ran.err);
        assert!(*code == 0 || !ran.err.is_empty(), "{arguments:?} says nothing");
        assert!(!ran.err.contains("panicked"), "{}", ran.err);
    }
    let help = run(&["check", "--help"]);
    assert!(help.out.contains("Exit codes: 0 success; 1 findings"), "{}", help.out);
}

#[test]
fn a_rule_file_that_is_not_text_is_refused() {
    let folder = TempFolder::new();
    let latin = folder.write("latin.concord", b"// caf\xe9\n");
    let ran = run(&["check", latin.to_str().unwrap()]);
    assert_eq!(ran.code, 4, "{}", ran.err);
    assert!(ran.err.contains("line 1 is not UTF-8"), "{}", ran.err);
    let large = folder.write("large.concord", &vec![b' '; 16 * 1024 * 1024 + 1]);
    assert_eq!(run(&["check", large.to_str().unwrap()]).code, 5);
}

#[test]
fn messages_in_each_form() {
    let folder = TempFolder::new();
    let path = folder.write("wrong.concord", RULE.replace("old_from\n", "old_form\n").as_bytes());
    let path = path.to_str().unwrap();
    let form = |form: &str| run(&["check", "--format", form, path]);
    assert!(form("short").err.contains("wrong.concord:20:21: error[E0303]: nothing here is called `old_form`"));
    assert!(form("human").err.contains("did you mean `old_from`?"));
    let json: serde_json::Value = serde_json::from_str(form("json").out.trim()).unwrap();
    assert_eq!(json["code"], "E0303");
    let same = run(&["check", "--json", path]);
    assert_eq!(same.out, form("json").out);
    let sarif: serde_json::Value = serde_json::from_str(&form("sarif").out).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
    assert_eq!(sarif["runs"][0]["results"][0]["ruleId"], "E0303");
    assert!(form("github").out.starts_with("::error file="));
    for form in ["human", "short"] {
        assert_eq!(run(&["check", "--format", form, path]).out, "", "messages for people go to standard error");
    }
}

#[test]
fn json_answers_have_their_shape() {
    let (_folder, rule) = sample();
    let arguments = ["eval", &rule, "--json", "--as-of", "2026-01-05T12:00:00Z", "--set", "old_from=70 years"];
    let ran = fed(&arguments, std::iter::once(br#"{"age": 69}"#.to_vec()));
    let record: serde_json::Value = serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{}", ran.err));
    assert_eq!(record["package"], "sample.rules");
    assert_eq!(record["status"], "draft");
    assert_eq!(record["as_of"], "2026-01-05T12:00:00Z");
    assert_eq!(record["answers"]["old"]["value"], false);
    assert_eq!(record["answers"]["fever"]["needs"][0]["fact"], "temperature");
    assert_eq!(record["answers"]["falls"]["value"], 0);
    assert!(record["settings"].as_object().unwrap().contains_key("old_from"));
    let fingerprint = record["fingerprint"].as_str().unwrap();
    let described: serde_json::Value = serde_json::from_str(&run(&["inspect", &rule]).out).unwrap();
    assert_eq!(described["fingerprint"], fingerprint);
    let schema: serde_json::Value = serde_json::from_str(&run(&["inspect", "--schema", &rule]).out).unwrap();
    assert!(jsonschema::meta::is_valid(&schema));
    let version: serde_json::Value = serde_json::from_str(&run(&["version", "--json"]).out).unwrap();
    assert!(version["language"].is_string());
}

#[test]
fn fmt_checks_changes_and_then_agrees() {
    let (_folder, rule) = sample();
    let ran = run(&["fmt", "--check", &rule]);
    assert_eq!((ran.code, ran.out.trim()), (1, rule.as_str()));
    assert_eq!(std::fs::read_to_string(&rule).unwrap(), RULE, "--check changes nothing");
    assert_eq!(run(&["fmt", &rule]).code, 0);
    let ran = run(&["fmt", "--check", &rule]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""));
    assert_eq!(run(&["check", &rule]).code, 0);
}

#[test]
fn a_new_package_passes_its_tests() {
    let folder = TempFolder::new();
    let path = folder.path("rules/acute/falls");
    let path = path.to_str().unwrap();
    assert_eq!(run(&["new", path]).code, 0);
    assert_eq!(run(&["check", "--fail-on", "note", path]).code, 0);
    assert_eq!(run(&["fmt", "--check", path]).code, 0);
    let ran = run(&["test", path]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.err.contains("3 passed, 0 failed"), "{}", ran.err);
    let lines = run(&["test", "--json", path]).out;
    assert_eq!(lines.lines().count(), 3);
    for line in lines.lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(line["passed"], true);
    }
    assert_eq!(run(&["new", path]).code, 2, "what is there is left alone");
}

#[test]
fn a_failing_example_says_where_and_what() {
    let folder = TempFolder::new();
    let text = format!("{RULE}example \"wrong\" {{\n  age 70\n  as of 2026-01-05 12:00\n  => old no\n}}\n");
    let path = folder.write("sample.concord", text.as_bytes());
    let ran = run(&["test", path.to_str().unwrap()]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    let because = "\n    from old_from 65 years, age 70 years\n";
    for words in ["failed  sample.rules: wrong", "`old` should be no but is yes", because, "0 passed, 1 failed"] {
        assert!(ran.err.contains(words), "{}", ran.err);
    }
}

/// Cases are run wherever the rule is named from, and never left alone in silence.
#[test]
fn cases_beside_several_rules_are_told() {
    let folder = TempFolder::new();
    folder.write("sample.concord", RULE.as_bytes());
    folder.write("cases.md", b"## old\n\n```case\nage 70\nas of 2026-01-05 12:00\n=> old no\n```\n");
    let inside = command(&["test", "sample.concord"]).current_dir(folder.path(".")).output().unwrap();
    assert_eq!(inside.status.code(), Some(1), "{}", String::from_utf8_lossy(&inside.stderr));
    folder.write("other.concord", RULE.replace("sample.rules", "other.rules").as_bytes());
    let ran = run(&["test", folder.path(".").to_str().unwrap()]);
    assert_eq!(ran.code, 4, "{}", ran.err);
    assert!(ran.err.contains("its cases are not run, because there are several rules beside it"), "{}", ran.err);
}

#[test]
fn every_code_is_explained() {
    let list = run(&["explain"]).out;
    assert!(list.lines().count() > 90, "{list}");
    for line in list.lines() {
        let code = line.split_whitespace().next().unwrap();
        let page = run(&["explain", code]);
        assert_eq!(page.code, 0, "{code}");
        assert!(page.out.starts_with(&format!("# {code}: ")), "{code}: {}", page.out);
        assert!(page.out.contains("## Wrong") && page.out.contains("## Corrected"), "{code}");
    }
    assert_eq!(run(&["explain", "e0409"]).out, run(&["explain", "E0409"]).out);
    let json: serde_json::Value = serde_json::from_str(&run(&["explain", "D09", "--json"]).out).unwrap();
    assert_eq!(json["code"], "D09");
}

#[test]
fn completions_and_manual_are_written() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ran = run(&["completions", shell]);
        assert_eq!(ran.code, 0, "{shell}");
        assert!(ran.out.contains("explain"), "{shell}");
    }
    assert!(run(&["man"]).out.contains(".TH"));
}

#[test]
fn colour_only_where_it_is_wanted() {
    let folder = TempFolder::new();
    let path = folder.write("wrong.concord", b"define x = a && b\n");
    let path = path.to_str().unwrap();
    let coloured = |ran: &Ran| ran.err.contains('\u{1b}');
    assert!(!coloured(&run(&["check", path])), "standard error is no terminal here");
    assert!(coloured(&run(&["--color", "always", "check", path])));
    assert!(!coloured(&run(&["--color", "never", "check", path])));
    let output = command(&["check", path]).env("NO_COLOR", "1").output().unwrap();
    assert!(!String::from_utf8_lossy(&output.stderr).contains('\u{1b}'));
}

#[test]
fn a_reader_that_goes_away_ends_it_quietly() {
    let mut child = command(&["explain"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}
