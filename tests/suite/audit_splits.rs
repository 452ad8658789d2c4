//! Splits that the audit asks for: every measure by deprivation and by ethnicity, though the rule names neither.

use concord_tests::sections::sections;

use crate::cli::{Ran, run};
use crate::packages::TempFolder;

/// The rule of the corpus.
fn rule() -> String {
    let read = sections(include_str!("../corpus/constructs/44-splits.md"));
    read.iter().flat_map(|section| section.blocks("concord")).collect()
}

const MAPPING: &str = r#"package = "corpus.early"
version = "0.1.0"
title   = "Cancers found early"

[source]
format = "csv"

[case]
columns = ["id"]

[facts]
imd_quintile = { column = "imd", none = ["outside England"] }
route        = { column = "route" }
age          = { column = "age" }
stage        = { column = "stage", none = ["not staged"] }

[labels]
provider  = { column = "provider" }
ethnicity = { column = "ethnicity" }
"#;

/// The cases of the corpus. By quintile, 1 has 1 of 2, because who is not staged is not counted, and 5 has 3 of 3; one lives outside England, of one
/// nothing is recorded.
const ROWS: &str = "id,provider,imd,ethnicity,route,age,stage
1,RM3,1,Asian or Asian British,urgent,61,2
2,RM3,1,White,other,75,3
3,RM3,5,White,other,58,1
4,RRF,5,White,urgent,74,2
5,RRF,outside England,Asian or Asian British,other,80,4
6,RRF,,,urgent,,
7,RRF,1,White,screening,66,not staged
8,RRF,5,Asian or Asian British,screening,66,1
";

const EXACT: &str = "disclosure = \"off\"\nbecause = \"invented rows\"\n";

fn audited(extra: &str, arguments: &[&str]) -> (TempFolder, Ran) {
    audited_of(ROWS, &format!("{EXACT}{extra}"), arguments)
}

fn audited_of(rows: &str, extra: &str, arguments: &[&str]) -> (TempFolder, Ran) {
    let folder = TempFolder::new();
    folder.write("early.concord", rule().as_bytes());
    folder.write("map.toml", MAPPING.as_bytes());
    folder.write("rows.csv", rows.as_bytes());
    let definition = format!(
        "title = \"Early\"\n[[run]]\nrules = \"early.concord\"\ndata = [\"rows.csv\"]\nmap = \"map.toml\"\n\
         as_of = \"2026-01-01T00:00:00Z\"\n{extra}"
    );
    let file = folder.write("audit.toml", definition.as_bytes()).to_str().unwrap().to_owned();
    let out = folder.path("report").to_str().unwrap().to_owned();
    let ran = run(&[&["audit", &file, "--json", "--out", &out], arguments].concat());
    (folder, ran)
}

/// Each split with its groups.
fn told(results: &serde_json::Value) -> Vec<String> {
    let strata = results["audits"][0]["measures"][0]["strata"].as_array().unwrap();
    strata
        .iter()
        .map(|stratum| {
            let groups = stratum["groups"].as_array().unwrap().iter();
            let groups: Vec<String> = groups
                .map(|g| format!("{} {}/{}", g[0].as_str().unwrap(), g[1]["numerator"], g[1]["denominator"]))
                .collect();
            format!("{}: {}", stratum["title"].as_str().unwrap(), groups.join(", "))
        })
        .collect()
}

#[test]
fn every_measure_is_split_by_the_facts_that_the_audit_names() {
    let (folder, ran) = audited("split = [\"imd_quintile\", \"ethnicity\", \"route\"]\n", &[]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let results: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let told = told(&results);
    assert_eq!(
        told,
        [
            "imd quintile: 1 1/2, 5 3/3, none 0/1, not known 0/1",
            "ethnicity: Asian or Asian British 2/3, White 2/3, not known 0/1",
            "route: screening 1/1, urgent 2/3, other 1/3",
        ]
    );
    assert!(folder.read("report/report.html").contains("By ethnicity"));
}

#[test]
fn a_split_that_cannot_be_is_refused_before_anything_is_read() {
    let (_, ran) = audited("split = [\"imd_decile\"]\n", &[]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("no fact of that name; it has provider, ethnicity, imd_quintile, route"), "{}", ran.err);
    let (_, ran) = audited("split = [\"age\"]\n", &[]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("give its bands in the rule's measure: `by age band"), "{}", ran.err);
}

/// By hand from the rows above: of quintile 5 and White both are early, and so on.
#[test]
fn two_splits_are_crossed_where_the_definition_asks() {
    let splits = "split = [\"imd_quintile\", \"ethnicity\"]\n";
    let (_, ran) = audited(&format!("{splits}cross = [[\"imd quintile\", \"ethnicity\"]]\n"), &[]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let results: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(
        told(&results)[2],
        "imd quintile × ethnicity: 1, Asian or Asian British 1/1, 1, White 0/1, 5, Asian or Asian British 1/1, 5, White 2/2, \
         none, Asian or Asian British 0/1, not known, not known 0/1"
    );
    let (_, ran) = audited(&format!("{splits}cross = [[\"imd quintile\", \"sex\"]]\n"), &[]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("cannot cross `imd quintile` and `sex`: no measure is split by both"), "{}", ran.err);
}

/// Of these 86 people 40 are White, 25 Asian, 8 Black, 6 Roma, 4 Arab and 3 Irish Traveller.
fn of_many_groups() -> String {
    let groups = [("White", 40), ("Asian", 25), ("Black", 8), ("Roma", 6), ("Arab", 4), ("Irish Traveller", 3)];
    let all = groups.iter().flat_map(|(group, people)| std::iter::repeat_n(group, *people)).enumerate();
    let rows = all.map(|(nth, group)| {
        let (provider, stage) = (["RM3", "RRF"][nth % 2], 1 + nth % 4);
        format!("P{nth},{provider},{},{group},{},60,{stage}\n", 1 + nth % 5, ["urgent", "other"][nth % 2])
    });
    format!("{}\n{}", ROWS.lines().next().unwrap(), rows.collect::<String>())
}

/// Who is one of a few is told by the name of the group alone, however its count is hidden.
#[test]
fn a_group_of_few_people_is_not_named() {
    let rows = of_many_groups();
    let extra = "split = [\"imd_quintile\", \"ethnicity\"]\ncross = [[\"imd quintile\", \"ethnicity\"]]\n";
    let named = |folder: &TempFolder| {
        let files = std::fs::read_dir(folder.path("report")).unwrap().map(|file| file.unwrap().path());
        let texts: String =
            files.filter(|file| file.is_file()).map(|file| std::fs::read_to_string(file).unwrap()).collect();
        ["White", "Asian", "Black", "Roma", "Arab", "Irish Traveller"].map(|group| texts.contains(group))
    };
    let (folder, ran) = audited_of(&rows, extra, &[]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let results: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let told = told(&results);
    assert_eq!(told[1], "ethnicity: Asian 15/25, Black null/10, White 20/40, groups of fewer than 8 null/15");
    assert_eq!(named(&folder), [true, true, true, false, false, false]);
    let (folder, ran) = audited_of(&rows, &format!("{EXACT}{extra}"), &[]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(named(&folder), [true; 6]);
}

const FALLS: &str = r#"package corpus.night {
  version   0.1.0
  title     "Falls at night"
  source    nice "NICE guideline"
  owner     "Falls Group"
  use       audit
  status    draft
  review by 2027-12-31
}

subject Patient {
  trust : organisation
  event Fall
}

define fell = first Fall
define hour = hour of fell

measure at_night {
  title   "Falls at night"
  of      cases where any Fall
  met     when any Fall where time of at < 06:00
  unknown left out
  by      weekday of fell, hour band ..5, 6..23
}
"#;

const TIMES: &str = r#"package = "corpus.night"
version = "0.1.0"
title   = "Falls"

[source]
format = "csv"

[case]
columns = ["id"]

[time]
zone   = "Europe/London"
format = "%d/%m/%Y %H:%M"

[labels]
trust = { constant = "RM3" }

[[events.columns]]
event = "Fall"
at    = "at"
"#;

/// A fall in the hour that comes twice is at night and on that Sunday, whichever of the two it was.
#[test]
fn what_is_known_to_lie_in_one_group_is_in_it() {
    let folder = TempFolder::new();
    folder.write("night.concord", FALLS.as_bytes());
    folder.write("map.toml", TIMES.as_bytes());
    folder.write("rows.csv", b"id,at\nA,25/10/2026 01:30\nB,24/10/2026 13:30\nC,26/10/2026 02:00\n");
    let definition = "title = \"Falls\"\n[[run]]\nrules = \"night.concord\"\ndata = [\"rows.csv\"]\nmap = \"map.toml\"\n\
                      as_of = \"2026-12-01T00:00:00Z\"\ndisclosure = \"off\"\nbecause = \"invented rows\"\n";
    let file = folder.write("audit.toml", definition.as_bytes()).to_str().unwrap().to_owned();
    let out = folder.path("report").to_str().unwrap().to_owned();
    let ran = run(&["audit", &file, "--json", "--out", &out]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let results: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(
        told(&results),
        ["weekday of fell: Monday 1/1, Saturday 0/1, Sunday 1/1", "hour band ..5, 6..23: up to 5 2/2, 6 to 23 0/1",]
    );
}
