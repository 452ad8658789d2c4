//! Files that hold a header alone, as an organisation sends who had no case this month: there may be many, and two of them may be the same.

use crate::cli::run;
use crate::packages::{TempFolder, compile};
use concord_cli::data::read::{Next, Pieces, ReadOptions, Source, load_mapping};
use std::fmt::Write as _;

const RULE: &str = "package sample.rare {
  version 1.0.0
  title \"Rare\"
  source nice \"NICE\"
  owner \"Group\"
  use audit
  status draft
  review by 2027-12-31
}
subject Case {
  trust : organisation
  died  : yes/no
}
define dead = died
measure deaths {
  title \"Deaths\"
  of cases
  met when dead
  unknown left out
  lower is better
  by trust
}
";

const MAP: &str = "package = \"sample.rare\"
version = \"1.0.0\"
title = \"made up\"
[source]
format = \"csv\"
rows = \"cases\"
[case]
columns = [\"id\"]
[labels]
trust = { column = \"trust\" }
[facts]
died = { column = \"died\" }
";

const HEAD: &str = "id,trust,died\n";

fn rows(first: usize, trust: &str) -> String {
    let mut text = HEAD.to_owned();
    for number in first..first + 40 {
        writeln!(text, "{number},{trust},{}", if number % 3 == 0 { "yes" } else { "no" }).unwrap();
    }
    text
}

/// Each is opened and closed before the first row is found: not one within the other, which a stack has no room for.
#[test]
fn thousands_of_files_without_a_row_are_gone_through() {
    let (package, folder, data) = (compile(RULE), TempFolder::new(), TempFolder::new());
    let mapping = load_mapping(&package, &folder.write("rare.map.toml", MAP.as_bytes())).unwrap();
    for number in 0..3_000 {
        data.write(&format!("a{number:04}.csv"), HEAD.as_bytes());
    }
    data.write("z.csv", rows(0, "T1").as_bytes());
    let (paths, options) = ([data.path("")], ReadOptions::default());
    let source = Source { plan: &package.plan, mapping: &mapping, paths: &paths, options: &options };
    let counted = || {
        let mut pieces = Pieces::of(source, 64).unwrap().unwrap();
        loop {
            match pieces.give() {
                Next::Piece(_) => {}
                Next::End => break,
                Next::Whole => panic!("it is read in pieces"),
            }
        }
        let rows = pieces.rows();
        (rows, pieces.into_files().iter().filter(|file| file.is_bare).count())
    };
    let found = std::thread::scope(|scope| {
        let small = std::thread::Builder::new().stack_size(256 << 10).spawn_scoped(scope, counted);
        small.unwrap().join().unwrap()
    });
    assert_eq!(found, (40, 3_000));
}

/// Nothing in them counts twice, in one export and in those of several members; what has rows and is sent twice is refused as ever.
#[test]
fn two_files_without_a_row_are_no_twins() {
    let folder = TempFolder::new();
    folder.write("rare.concord", RULE.as_bytes());
    folder.write("rare.map.toml", MAP.as_bytes());
    let member = |code: &str, files: &str| format!("[[run.member]]\ncode = \"{code}\"\ndata = [{files}]\n");
    let audited = |members: &str| {
        let head = "title = \"Two\"\noutput = \"report\"\n[[run]]\nrules = \"rare.concord\"\nmap = \"rare.map.toml\"\nas_of = \"2026-06-30T23:59:59Z\"\n";
        let definition = folder.write("audit.toml", format!("{head}{members}").as_bytes());
        let ran = run(&["audit", definition.to_str().unwrap()]);
        let _ = std::fs::remove_dir_all(folder.path("report"));
        (ran.code, ran.err)
    };
    for (name, text) in [("none", HEAD), ("empty", HEAD), ("one", &rows(0, "T1")), ("again", &rows(0, "T1"))] {
        folder.write(&format!("{name}.csv"), text.as_bytes());
    }
    for members in [
        "data = [\"none.csv\", \"empty.csv\", \"one.csv\"]\n".to_owned(),
        [member("T1", "\"one.csv\""), member("T2", "\"none.csv\""), member("T3", "\"empty.csv\"")].concat(),
        [member("T1", "\"one.csv\", \"none.csv\""), member("T2", "\"empty.csv\"")].concat(),
    ] {
        let (code, err) = audited(&members);
        assert_eq!(code, 0, "{members}: {err}");
    }
    for members in [
        "data = [\"none.csv\", \"one.csv\", \"again.csv\"]\n".to_owned(),
        [member("T1", "\"one.csv\""), member("T2", "\"none.csv\", \"again.csv\"")].concat(),
    ] {
        let (code, err) = audited(&members);
        assert!(code == 3 && err.contains("are the same, byte by byte"), "{members}: {code}: {err}");
    }
}

/// A key that stands for itself and one within an object of its name are one column, of which nobody knows which counts.
#[test]
fn a_column_stands_once_in_a_line_of_json() {
    let folder = TempFolder::new();
    let rule = folder.write("rare.concord", RULE.as_bytes());
    let map = MAP.replace("format = \"csv\"", "format = \"json-lines\"").replace("\"died\"", "\"p.died\"");
    let map = folder.write("lines.map.toml", map.as_bytes());
    let mut text = String::new();
    for number in 0..40 {
        writeln!(text, "{{\"id\":\"{number}\",\"trust\":\"T1\",\"p\":{{\"died\":\"yes\"}}}}").unwrap();
    }
    for twice in [
        "\"p\":{\"died\":\"yes\"},\"p.died\":\"no\"",
        "\"p.died\":\"no\",\"p\":{\"died\":\"yes\"}",
        "\"p\":{\"died\":\"yes\",\"died\":\"no\"}",
    ] {
        writeln!(text, "{{\"id\":\"twice\",\"trust\":\"T1\",{twice}}}").unwrap();
    }
    let data = folder.write("lines.jsonl", text.as_bytes());
    let out = folder.path("out");
    let [rule, map, data, out] = [&rule, &map, &data, &out].map(|path| path.to_str().unwrap());
    crate::cli::audited([rule, map, data, out], "2026-06-30T23:59:59Z", &[]);
    let results: serde_json::Value = serde_json::from_str(&folder.read("out/results.json")).unwrap();
    let data = &results["audits"][0]["data"];
    assert_eq!([&data["rows"], &data["rows_rejected"]], [43, 3], "{data}");
}
