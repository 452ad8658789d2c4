//! What is wrong with a mapping or an export, in the words of whoever wrote it.

use super::{EVENTS, read, refused};
use concord_cli::audit::definition::read_definition;
use std::path::Path;

#[test]
fn a_format_by_letters_is_refused_with_the_one_that_is_meant() {
    let of = |format: &str| refused(&EVENTS.replace("%Y-%m-%dT%H:%M:%SZ", format))[0].clone();
    for (letters, meant) in [
        ("dd/MM/yyyy HH:mm", "%d/%m/%Y %H:%M"),
        ("DD/MM/YYYY HH24:MI:SS", "%d/%m/%Y %H:%M:%S"),
        ("dd-Mon-yyyy HH:mm", "%d-%b-%Y %H:%M"),
        ("yyyy-MM-dd'T'HH:mm:ss", "%Y-%m-%dT%H:%M:%S"),
        ("dd/mm/yyyy hh:mm", "%d/%m/%Y %H:%M"),
        ("MM/dd/yyyy hh:mm tt", "%m/%d/%Y %I:%M %p"),
        ("yyyy-MM-dd HH:mm:ss.SSS", "%Y-%m-%d %H:%M:%S%.f"),
        ("yyyy-MM-dd", "%Y-%m-%d"),
        ("ISO 8601", "rfc3339"),
    ] {
        let said = of(letters);
        assert!(said.contains(&format!("(write format = \"{meant}\")")), "{letters}: {said}");
        assert!(said.contains("has no `%`"), "{said}");
    }
    assert!(of("day and month").contains("a format is written as in `strptime`"), "{}", of("day and month"));
}

#[test]
fn a_wrong_kind_of_value_is_said_without_names_of_the_program() {
    let whole = format!("{EVENTS}[script]\nfile = \"x\"\n");
    let mut tried = 0;
    for (place, line) in whole.lines().enumerate() {
        let Some((key, _)) = line.split_once(" =").filter(|(key, _)| !key.contains('{')) else { continue };
        for wrong in ["12", "\"text\"", "[]", "[1, 2]", "true", "{ x = 1 }", "2026-01-01", "1.5", "[\"a\"]"] {
            let lines: Vec<String> = whole
                .lines()
                .enumerate()
                .map(|(at, line)| if at == place { format!("{key} = {wrong}") } else { line.to_owned() })
                .collect();
            let (export, _) = read(&lines.join("\n"), &[("data.csv", b"id\n")], false);
            let said = export.map(|_| String::new()).unwrap_or_else(|error| error.to_string());
            for internal in ["struct ", "invalid type", "a sequence", "a map", "expected a string", "tuple", "Spanned"]
            {
                assert!(!said.contains(internal), "{key} = {wrong}: {said}");
            }
            tried += 1;
        }
    }
    assert!(tried > 100);
    let said = |wrong: &str| refused(&EVENTS.replace("{ column = \"org\" }", wrong))[0].clone();
    assert_eq!(
        said("\"org\""),
        "line 17: `trust` is the text \"org\", where several entries are expected (write trust = { column = \"org\" })"
    );
    let age = |wrong: &str| refused(&EVENTS.replace("{ column = \"age\" }", wrong))[0].clone();
    assert_eq!(
        age("{ column = \"age\", times = 12 }"),
        "line 19: `times` is the number 12, where a text is expected (write times = \"12\")"
    );
    assert_eq!(age("{ colum = \"age\" }").split_once(", expected").unwrap().0, "line 19: unknown field `colum`");
    assert!(age("{ colum = \"age\" }").ends_with("(did you mean `column`?)"), "{}", age("{ colum = \"age\" }"));
}

#[test]
fn a_definition_says_a_wrong_kind_in_plain_words() {
    let whole = "title = \"x\"\n[[run]]\nrules = \"r\"\ndata = [\"a.csv\"]\nmap = \"m\"\nas_of = \"2026-01-01T00:00:00Z\"\nsplit = [\"a\"]\n\
                 cross = [[\"a\", \"b\"]]\nrebase = [{ from = \"2026-01-01\", because = \"x\" }]\n[[run.member]]\ncode = \"A\"\nfrom = \"2026-01-01\"\n";
    for (place, line) in whole.lines().enumerate() {
        let Some((key, _)) = line.split_once(" =") else { continue };
        for wrong in ["12", "\"text\"", "[]", "[1, 2]", "true", "{ x = 1 }", "2026-01-01", "[\"a\"]"] {
            let lines = whole.lines().enumerate();
            let lines: Vec<String> = lines
                .map(|(at, line)| if at == place { format!("{key} = {wrong}") } else { line.to_owned() })
                .collect();
            let said = read_definition(&lines.join("\n"), Path::new("")).err().unwrap_or_default();
            for internal in ["struct ", "invalid type", "a sequence", "a map", "a string", "tuple"] {
                assert!(!said.contains(internal), "{key} = {wrong}: {said}");
            }
        }
    }
}

#[test]
fn a_column_that_is_not_there_is_told_with_those_that_are() {
    let said = |header: &str| {
        let (export, _) = read(EVENTS, &[("data.csv", header.as_bytes())], false);
        export.unwrap_err().to_string()
    };
    let renamed = said("CaseID;What;when;org;Age;o2;pall;lac\n");
    assert!(renamed.contains("no column is called `what` (did you mean `What`?)"), "{renamed}");
    assert!(renamed.contains("its columns are `CaseID`, `What`, `when`"), "{renamed}");
    // A row of values is no header, and nothing of it is told.
    let values = said("1234;Triage;2026-01-01 10:00;RTF;70;a;b;c\n");
    assert!(!values.contains("1234") && !values.contains("RTF"), "{values}");
}
