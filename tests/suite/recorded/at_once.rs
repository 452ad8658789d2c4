//! Two commands that write one file at once: what stands there is whole and of one of them, and whoever is refused is told by name.

use super::{AS_OF, Given, SUBJECT, concord, facts};
use std::process::{Command, Stdio};

/// Rows of so many cases whose names begin with a letter.
fn rows(letter: char) -> String {
    let rows = (0..4_000).map(|number| format!("{letter}{number},Seen,2026-01-05 10:00,,48,\n"));
    format!("id,a,t,allergy,kg,n\n{}", rows.collect::<String>())
}

fn started(arguments: &[&str]) -> std::process::Child {
    Command::new(concord()).args(arguments).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Runs both at once; the letters of the commands that went through.
fn both(commands: [(char, Vec<String>); 2]) -> Vec<char> {
    let children = commands
        .map(|(letter, arguments)| (letter, started(&arguments.iter().map(String::as_str).collect::<Vec<_>>())));
    let ended = children.map(|(letter, child)| (letter, child.wait_with_output().unwrap()));
    for (_, ended) in ended.iter().filter(|(_, ended)| !ended.status.success()) {
        let said = String::from_utf8_lossy(&ended.stderr);
        assert!(ended.status.code() == Some(5) && said.contains("another command is writing it"), "{said}");
    }
    ended.iter().filter(|(_, ended)| ended.status.success()).map(|(letter, _)| *letter).collect()
}

/// The letters with which the lines of a file begin, after these characters.
fn letters(text: &str, before: &str) -> Vec<char> {
    let mut all: Vec<char> = text.lines().filter_map(|line| line.strip_prefix(before)?.chars().next()).collect();
    all.dedup();
    all
}

#[test]
fn answers_are_those_of_one_run() {
    let given = Given::new(SUBJECT, &facts("weight = { column = \"kg\" }"), "");
    for letter in ['x', 'y'] {
        given.folder.write(&format!("{letter}.csv"), rows(letter).as_bytes());
    }
    let (rule, map, out) = (given.path("rule.concord"), given.path("map.toml"), given.path("answers.ndjson"));
    for _ in 0..4 {
        let command = |letter: char| {
            let data = given.path(&format!("{letter}.csv"));
            let all = ["eval", &rule, "--data", &data, "--map", &map, "--as-of", AS_OF, "--bare", "--out", &out];
            (letter, all.map(str::to_owned).to_vec())
        };
        let through = both([command('x'), command('y')]);
        let text = given.folder.read("answers.ndjson");
        let found = letters(&text, "{\"case\":\"");
        assert!(found.len() == 1 && through.contains(&found[0]), "{found:?} {through:?}");
        assert_eq!(text.lines().count(), 4_000);
        assert!(!given.folder.path("answers.ndjson.lock").exists());
        assert!(!given.folder.path("answers.ndjson.partial").exists());
    }
}

#[test]
fn the_file_of_cases_is_that_of_one_audit() {
    let text = format!(
        "{SUBJECT}\nobligation seen \"Seen\" {{\n  source s\n  from first Seen\n  expect Seen within 1 h\n}}\n"
    );
    let given = Given::new(&text, &facts("weight = { column = \"kg\" }"), "");
    for letter in ['x', 'y'] {
        given.folder.write(&format!("{letter}.csv"), rows(letter).as_bytes());
    }
    let (rule, map, cases) = (given.path("rule.concord"), given.path("map.toml"), given.path("cases.csv"));
    let command = |letter: char| {
        let (data, out) = (given.path(&format!("{letter}.csv")), given.path(&format!("out-{letter}")));
        let all = ["audit", &rule, "--data", &data, "--map", &map, "--as-of", AS_OF, "--out", &out, "--cases", &cases];
        let all = all.into_iter().chain(["--no-disclosure-control", "made up", "-q"]);
        (letter, all.map(str::to_owned).collect())
    };
    let through = both([command('x'), command('y')]);
    let found = letters(&given.folder.read("cases.csv"), "test.recorded,");
    assert!(found.len() == 1 && through.contains(&found[0]), "{found:?} {through:?}");
}

#[test]
fn a_module_and_what_stands_beside_it_are_of_one_rule() {
    let given = Given::new(SUBJECT, "", "");
    given.folder.write(
        "other.concord",
        super::rule("subject Q {\n  age : integer 0..130 years\n}\n\ndefine old = age > 80\n").as_bytes(),
    );
    let out = given.path("b.wasm");
    for _ in 0..4 {
        let command = |rule: &str| vec!["build".to_owned(), given.path(rule), "-o".to_owned(), out.clone()];
        assert_eq!(both([('r', command("rule.concord")), ('o', command("other.concord"))]).len(), 2);
        let verified = crate::cli::run(&["verify", &out]);
        assert_eq!(verified.code, 0, "{}{}", verified.out, verified.err);
    }
    let left = std::fs::read_dir(given.folder.path("")).unwrap().map(|entry| entry.unwrap().file_name());
    let left: Vec<String> = left.map(|name| name.to_string_lossy().into_owned()).collect();
    assert!(!left.iter().any(|name| name.contains("partial") || name.contains("lock")), "{left:?}");
}
