//! Members in an audit's definition: layouts of their own, versions, settings; and what is refused.

use crate::cli::{Ran, run};
use crate::packages::TempFolder;
use concord_cli::audit::definition::read_definition;
use concord_cli::results::{CauseKind, Results};
use std::path::Path;

pub const RULE: &str = "package sample.antibiotics {
  version 1.0.0
  title \"Antibiotics\"
  source nice \"NICE\"
  owner \"Group\"
  use audit
  status draft
  review by 2027-12-31
}
subject Attendance {
  trust : organisation
  event Triage
  event Antibiotics
}
parameter given_within : duration = 60 min
  local 15 min..60 min \"a member may be stricter\"
obligation antibiotics \"Antibiotics in time\" {
  source  nice \"1.1\"
  from    first Triage
  expect  Antibiotics within given_within
}
measure antibiotics {
  title   \"Antibiotics in time\"
  source  nice \"1.1\"
  of      obligation antibiotics
  unknown counts against
  by      trust, month of trigger
}
";

const MEMBERS: &str = "member \"T1\" \"One\" {
  membership full
  sample.antibiotics.given_within = 30 min
    because \"local bundle\" approved by \"Board\" on 2026-01-01 until 2026-12-31
}
member \"T2\" \"Two\" {
  membership full
  sample.antibiotics.given_within = 45 min
    because \"local bundle\" approved by \"Board\" on 2024-01-01 until 2025-12-31
}
";

/// A row an event, with its trust.
const ROWS: &str = "package = \"sample.antibiotics\"
version = \"1\"
title = \"Rows\"
[source]
format = \"csv\"
rows = \"events\"
[case]
columns = [\"id\"]
[time]
format = \"%Y-%m-%d %H:%M\"
zone = \"Europe/London\"
[labels]
trust = { column = \"trust\" }
[events]
activity = \"what\"
at = \"when\"
[events.map]
Triage = { event = \"Triage\" }
Antibiotics = { event = \"Antibiotics\" }
";

/// A row a case, with a column an event, and no trust.
pub const COLUMNS: &str = "package = \"sample.antibiotics\"
version = \"2\"
title = \"Columns\"
[source]
format = \"csv\"
delimiter = \";\"
rows = \"cases\"
[case]
columns = [\"nr\"]
[time]
format = \"%d/%m/%Y %H:%M\"
zone = \"Europe/London\"
[[events.columns]]
event = \"Triage\"
at = \"triaged\"
[[events.columns]]
event = \"Antibiotics\"
at = \"given\"
";

fn written(folder: &TempFolder) {
    for below in ["rules/sample/antibiotics", "rules/members", "old/sample/antibiotics"] {
        std::fs::create_dir_all(folder.path(below)).unwrap();
    }
    folder.write("rules/sample/antibiotics/antibiotics.concord", RULE.as_bytes());
    folder.write("rules/members/members.concord", MEMBERS.as_bytes());
    let older = RULE
        .replace("version 1.0.0", "version 0.9.0")
        .replace("= 60 min", "= 120 min")
        .replace("..60 min", "..120 min");
    folder.write("old/sample/antibiotics/antibiotics.concord", older.as_bytes());
    folder.write("rows.map.toml", ROWS.as_bytes());
    folder.write("columns.map.toml", COLUMNS.as_bytes());
    folder.write(
        "rows.csv",
        b"id,trust,what,when\n1,T1,Triage,2026-03-02 10:00\n1,T1,Antibiotics,2026-03-02 10:40\n2,T2,Triage,2026-03-02 10:00\n2,T2,Antibiotics,2026-03-02 10:50\n",
    );
    folder.write(
        "columns.csv",
        b"nr;triaged;given\n1;02/03/2026 10:00;02/03/2026 11:30\n2;03/03/2026 10:00;03/03/2026 10:20\n",
    );
}

fn audited(folder: &TempFolder, member: &str) -> Ran {
    let definition = format!(
        "title = \"T\"\noutput = \"report\"\n[[run]]\nrules = \"rules/sample/antibiotics\"\ndata = [\"rows.csv\"]\nmap = \"rows.map.toml\"\n\
         as_of = \"2026-06-30T00:00:00Z\"\ndisclosure = \"off\"\nbecause = \"made up\"\n[[run.member]]\ncode = \"T3\"\n{member}"
    );
    let path = folder.write("audit.toml", definition.as_bytes());
    run(&["audit", path.to_str().unwrap()])
}

fn results(folder: &TempFolder) -> Results {
    serde_json::from_str(&folder.read("report/results.json")).unwrap()
}

#[test]
fn members_with_layouts_of_their_own_are_compared_as_one() {
    let folder = TempFolder::new();
    written(&folder);
    let ran = audited(
        &folder,
        "data = [\"columns.csv\"]\nmap = \"columns.map.toml\"\nversion = \"0.9.0\"\nrules = \"old/sample/antibiotics\"\n",
    );
    assert_eq!(ran.code, 0, "{}", ran.err);
    let results = results(&folder);
    let audit = &results.audits[0];
    assert_eq!((audit.data.cases, audit.data.rows, audit.data.organisations), (4, 6, 3));
    let rates: Vec<_> = audit.measures[0]
        .organisations
        .iter()
        .map(|of| (of.code.as_str(), of.counts.numerator, of.counts.denominator))
        .collect();
    assert_eq!(rates, [("T1", 1, 1), ("T2", 1, 1), ("T3", 1, 2)]);
    // By its own 30 minutes, T1 is late; T2's approval is over; T3 had two hours.
    let rules: Vec<_> = audit
        .members
        .iter()
        .map(|member| (member.rules[0].kind, member.rules[0].changes.first().map(|change| change.rates)))
        .collect();
    assert_eq!(
        rules,
        [
            (CauseKind::OwnSetting, Some((1.0, 0.0))),
            (CauseKind::ApprovalOver, Some((1.0, 0.0))),
            (CauseKind::Version, Some((0.5, 1.0)))
        ]
    );
    // The name of T3's first case is taken by a case of T1.
    let late = &audit.obligations[0].cases[0];
    assert_eq!((late.case.as_str(), late.organisation.as_deref()), ("1 (T3)", Some("T3")));
}

/// A file that two members name would count each of its cases twice, unless each takes its own from it.
#[test]
fn a_file_of_two_members_is_refused() {
    let folder = TempFolder::new();
    written(&folder);
    std::fs::copy(folder.path("columns.csv"), folder.path("again.csv")).unwrap();
    let member = |file: &str, map: &str| format!("data = [\"{file}\"]\nmap = \"{map}\"\n");
    let twice = |map: &str| {
        audited(
            &folder,
            &format!(
                "{}[[run.member]]\ncode = \"T4\"\n{}",
                member("columns.csv", "columns.map.toml"),
                member("again.csv", map)
            ),
        )
    };
    let ran = twice("columns.map.toml");
    assert_eq!(ran.code, 3, "{}", ran.err);
    assert!(ran.err.contains("columns.csv` and `") && ran.err.contains("are the same, byte by byte"), "{}", ran.err);
    assert!(!folder.path("report").exists());
    folder.write("other.map.toml", format!("# Its own\n{COLUMNS}").as_bytes());
    let ran = twice("other.map.toml");
    assert_eq!(ran.code, 0, "{}", ran.err);
}

#[test]
fn every_case_stands_in_the_file_of_cases() {
    let folder = TempFolder::new();
    written(&folder);
    assert_eq!(audited(&folder, "").code, 0);
    let (definition, file) = (folder.path("audit.toml"), folder.path("cases.csv"));
    let (definition, file) = (definition.to_str().unwrap(), file.to_str().unwrap());
    assert_eq!(run(&["audit", definition, "--cases", file]).code, 0);
    assert_eq!(
        folder.read("cases.csv"),
        "package,case,organisation,obligation,verdict,trigger,due,done,delay_minutes,late_by,needs,excuse\n\
         sample.antibiotics,1,T1,antibiotics,met,2026-03-02 10:00+00:00,2026-03-02 11:00+00:00,2026-03-02 10:40+00:00,40.0,,,\n\
         sample.antibiotics,2,T2,antibiotics,met,2026-03-02 10:00+00:00,2026-03-02 11:00+00:00,2026-03-02 10:50+00:00,50.0,,,\n"
    );
    let picked = run(&["cases", file, "--organisation", "T2"]);
    assert_eq!((picked.out.lines().count(), picked.err.trim()), (2, "1 of 2 rows"));
    // A verdict that there is not finds nobody, which is not to be said of one that there is.
    let none = run(&["cases", file, "--verdict", "Missed"]);
    assert_eq!(none.code, 2, "{}", none.err);
    let all = "excused, met, late, missed, open, unknown; an obligation that does not apply has no row";
    assert!(none.out.is_empty() && none.err.contains(all), "{}", none.err);
    assert_eq!(run(&["cases", file, "--verdict", "missed"]).err.trim(), "0 of 2 rows");
    // Nor does an organisation or an obligation that there is not.
    let none = run(&["cases", file, "--organisation", "T9", "--obligation", "antibiotic"]).err;
    assert!(none.contains("no row is of the organisation `T9`; there are rows of `T1`, `T2`"), "{none}");
    assert!(none.contains("no row is of the obligation `antibiotic`; there are rows of `antibiotics`"), "{none}");
    // What a spreadsheet would take for a formula has a quote before it in the file alone.
    let quoted = folder.write("quoted.csv", b"case,organisation,obligation,verdict\n'=3,'=T1,o,met\n");
    let found = run(&["cases", quoted.to_str().unwrap(), "--organisation", "=T1", "--case", "=3"]);
    assert_eq!(found.err.trim(), "1 of 1 rows");
    let parquet = run(&["audit", definition, "--cases", folder.path("cases.parquet").to_str().unwrap()]);
    assert!(parquet.code == 2 && parquet.err.contains("this writes CSV"), "{}", parquet.err);
    // Patient data, and so not while small numbers are protected.
    let protected = folder.read("audit.toml").replace("disclosure = \"off\"\nbecause = \"made up\"\n", "");
    folder.write("audit.toml", protected.as_bytes());
    assert_eq!(run(&["audit", definition, "--cases", file]).code, 6);
}

#[test]
fn what_a_definition_cannot_mean_of_members_is_refused() {
    let of = |member: &str| {
        let text = format!("title = \"T\"\n[[run]]\nrules = \"r\"\nas_of = \"2026-01-01T00:00:00Z\"\n{member}");
        read_definition(&text, Path::new("")).map(|_| ()).unwrap_err()
    };
    for (member, why) in [
        ("", "run 1: `data` names no file"),
        ("data = [\"x\"]", "run 1: `map` is missing: the mapping of the files in `data`"),
        (
            "[[run.member]]\ncode = \"T1\"\ndata = [\"x\"]",
            "run 1: member `T1`: `map` is missing: neither the member nor the run has one",
        ),
        (
            "[[run.member]]\ncode = \"T1\"\ndata = [\"x\"]\nmap = \"m\"\nrules = \"old\"",
            "run 1: member `T1`: `rules` goes with `version`: which version is it?",
        ),
        (
            "[[run.member]]\ncode = \"T1\"\ndata = [\"x\"]\nmap = \"m\"\nfrom = \"2026-02-01\"\nuntil = \"2026-01-01\"",
            "run 1: member `T1`: `until` is before `from`",
        ),
        (
            "[[run.member]]\ncode = \"T1\"\ndata = [\"x\"]\nmap = \"m\"\nfrom = \"1 May\"",
            "run 1: member `T1`: `from`: expected a date such as 2026-03-29",
        ),
    ] {
        assert_eq!(of(member), why);
    }
}

#[test]
fn a_version_that_is_another_is_refused() {
    let folder = TempFolder::new();
    written(&folder);
    let ran = audited(&folder, "version = \"0.8.0\"\nrules = \"old/sample/antibiotics\"\n");
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("it is version 0.9.0"), "{}", ran.err);
    // Not at hand: named, and not compared as practice.
    let ran = audited(&folder, "data = [\"columns.csv\"]\nmap = \"columns.map.toml\"\nversion = \"0.8.0\"\n");
    assert_eq!(ran.code, 0, "{}", ran.err);
    let results = results(&folder);
    let member = results.audits[0].members.iter().find(|member| member.code == "T3").unwrap();
    assert!(!member.measures[0].compared, "{member:#?}");
    assert!(member.causes.iter().any(|cause| cause.kind == CauseKind::Version));
}

/// The medians and 95th percentiles that NHS England published come out of the weekly bands.
#[test]
fn published_waits_come_out() {
    let path = crate::packages::data_file("nhs/rtt_completed_2025-09_excerpt.csv");
    let ran = run(&["waits", path.to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.starts_with("part,period,provider,tf_code,total,median_published,p95_published,patients,median_weeks,p95_weeks,as_published\n"));
    assert!(!ran.out.contains(",no\n"));
    // Wide, as NHS England publishes it.
    let folder = TempFolder::new();
    let wide = folder.write(
        "wide.csv",
        b"Provider,Gt 00 To 01 Weeks SUM 1,Gt 01 To 02 Weeks SUM 1,Gt 104 Weeks SUM 1,Average (median) waiting time (in weeks)\nR1,2,2,1,1.1\n",
    );
    let ran = run(&["waits", wide.to_str().unwrap()]);
    assert_eq!(
        (ran.code, ran.out.lines().nth(1).unwrap()),
        (1, "R1,1.1,5,1.3,104+,no"),
        "a published figure that does not come out is a finding"
    );
    // Halfway between two tenths, as published: a spreadsheet's sum falls short of 8.35 and 4.15, and not of 24.25.
    let halves = folder.write(
        "halves.csv",
        b"provider,median_published,p95_published,bands\n\
          R0D,0.7,8.3,0:105 1:10 2:8 3:3 4:9 5:6 6:4 8:1 9:1 10:1 11:1 12:1 15:2 37:1\n\
          RBN,0.5,4.1,0:108 1:1 2:1 3:1 4:1 7:2 9:1 11:2\n\
          R1,,24.3,0:94 24:4 30:2\n\
          R2,,24.2,0:94 24:4 30:2\n",
    );
    let ran = run(&["waits", halves.to_str().unwrap()]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    let ends = |line: usize, end: &str| assert!(ran.out.lines().nth(line).unwrap().ends_with(end), "{}", ran.out);
    let low = "yes, printed low: it lies halfway between two tenths, and a spreadsheet falls short of that\"";
    ends(1, &format!(",8.4,\"{low}"));
    ends(2, &format!(",4.2,\"{low}"));
    ends(3, ",24.3,yes");
    ends(4, ",24.3,no");
    let none = folder.write("none.csv", b"a,b\n1,2\n");
    assert_eq!(run(&["waits", none.to_str().unwrap()]).code, 3);
}

/// The last band without an end is open, whatever its week; a row whose bands do not add up to its total is told.
#[test]
fn the_open_band_of_waits_is_the_one_without_an_end() {
    let folder = TempFolder::new();
    let waits = |text: &str| {
        let file = folder.write("waits.csv", text.as_bytes());
        run(&["waits", file.to_str().unwrap()])
    };
    let head = "p,Gt 00 To 01 Weeks SUM 1,Gt 01 To 02 Weeks SUM 1";
    let ran = waits(&format!("{head},Gt 52 Weeks SUM 1,Total\nB,1200,3,9000,\"10,203\"\n"));
    assert_eq!(
        (ran.code, ran.out.lines().nth(1).unwrap()),
        (0, "B,\"10,203\",10203,52+,52+,not published"),
        "{}",
        ran.err
    );
    let ran = waits(&format!("{head},Gt 52 Weeks SUM 1,Total\nC,5,5,1,99\nD,5,5,1,\n"));
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(
        ran.err.contains("line 2: its bands add up to 11, its total is 99") && !ran.err.contains("line 3"),
        "{}",
        ran.err
    );
    // Without an open band all is told within its own.
    let ran = waits(&format!("{head}\nE,0,10\n"));
    assert_eq!(ran.out.lines().nth(1), Some("E,10,1.5,2.0,not published"), "{}", ran.out);
    for (columns, why) in [
        ("p,Gt 00 To 18 Weeks SUM 1,Gt 18 Weeks SUM 1", "`Gt 00 To 18 Weeks SUM 1` is no band of one week"),
        ("p,Gt 00 Weeks SUM 1,Gt 18 To 19 Weeks SUM 1", "`Gt 00 Weeks SUM 1` is open, and other bands lie beyond it"),
    ] {
        let ran = waits(&format!("{columns}\nA,1,2\n"));
        assert!(ran.code == 3 && ran.err.contains(why), "{}", ran.err);
    }
}

/// A case that two members have by the same name is found by it; what is due by a day has a day, and is late by days.
#[test]
fn cases_are_found_by_their_own_names_and_due_on_days() {
    let folder = TempFolder::new();
    written(&folder);
    let rule = RULE.replace("expect  Antibiotics within given_within", "expect  Antibiotics within 1 calendar day");
    folder.write("rules/sample/antibiotics/antibiotics.concord", rule.as_bytes());
    folder.write(
        "rows.csv",
        b"id,trust,what,when\n1 (T1),T1,Triage,2026-10-24 10:00\n1 (T1),T1,Antibiotics,2026-10-26 00:40\n1 (T2),T2,Triage,2026-10-25 00:50\n",
    );
    let (map, rules) = (folder.path("rows.map.toml"), folder.path("rules/sample/antibiotics"));
    let [data, out, file] = ["rows.csv", "out", "cases.csv"].map(|name| folder.path(name));
    let words = [&rules, &data, &map, &out, &file].map(|path| path.to_str().unwrap());
    let ran = run(&[
        "audit",
        words[0],
        "--data",
        words[1],
        "--map",
        words[2],
        "--as-of",
        "2026-12-01T00:00:00Z",
        "--no-disclosure-control",
        "made up",
        "--out",
        words[3],
        "--cases",
        words[4],
    ]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let listed = folder.read("cases.csv");
    let late =
        "1 (T1),T1,antibiotics,late,2026-10-24 10:00+01:00,2026-10-25,2026-10-26 00:40+00:00,2380.0,1 calendar day,,";
    assert!(listed.contains(late), "{listed}");
    let found = |words: &[&str]| {
        let ran = run(&[&["cases", file.to_str().unwrap()], words].concat());
        ran.err.trim().to_owned()
    };
    assert_eq!(found(&["--case", "1"]), "2 of 2 rows");
    assert_eq!(found(&["--case", "1", "--organisation", "T2"]), "1 of 2 rows");
    assert_eq!(found(&["--case", "1 (T2)"]), "1 of 2 rows");
    assert_eq!(found(&["--case", "2"]), "0 of 2 rows");
}
