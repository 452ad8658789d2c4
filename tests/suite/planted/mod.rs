//! Causes that are planted in a made-up group are named in its report, and no others.
//!
//! `CONCORD_SEEDS=50 cargo test --release -p concord-tests --test suite -- planted --nocapture` prints the table of what was planted and what was named over
//! 50 groups. With `CONCORD_KEEP=FOLDER` the last group and its report stay there, for `tests/oracle/why.py`.

mod drafted;
mod group;
mod merged;
mod random;

use crate::packages::{TempFolder, concord, data_file};
use concord_cli::results::{MemberResult, Results};
use group::{CAUSES, Group, group};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

const MAP: &str = include_str!("group.map.toml");

/// Writes the group's rules, an older version of them, and what its members set for themselves.
fn rules_of(group: &Group, folder: &Path) {
    let rule = std::fs::read_to_string(data_file("../../rules/acute/sepsis/sepsis.concord")).unwrap();
    let older = rule
        .replace("version   1.0.0", "version   0.9.0")
        .replace("antibiotics_within : duration = 1 h", "antibiotics_within : duration = 3 h")
        .replacen("local 15 min..1 h", "local 15 min..3 h", 1);
    write(&folder.join("rules/acute/sepsis/sepsis.concord"), &rule);
    write(&folder.join("older/acute/sepsis/sepsis.concord"), &older);
    write(&folder.join("rules/members/group.concord"), &group.members);
}

fn write(path: &Path, text: &str) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

/// Writes what an audit of the group needs; gives its results.
fn audited(group: &Group, folder: &Path) -> Results {
    rules_of(group, folder);
    write(&folder.join("group.csv"), &group.csv);
    write(&folder.join("group.map.toml"), MAP);
    let version = group.trusts.iter().find(|trust| trust.cause == Some("version")).unwrap();
    let definition = format!(
        "title = \"Made-up group\"\noutput = \"report\"\n[[run]]\nrules = \"rules/acute/sepsis\"\ndata = [\"group.csv\"]\nmap = \"group.map.toml\"\n\
         as_of = \"2026-02-28T00:00:00Z\"\ndisclosure = \"off\"\nbecause = \"nobody in it exists\"\n\
         [[run.member]]\ncode = \"{}\"\nversion = \"0.9.0\"\nrules = \"older/acute/sepsis\"\n",
        version.code
    );
    write(&folder.join("audit.toml"), &definition);
    let ran = Command::new(concord()).arg("audit").arg(folder.join("audit.toml")).output().unwrap();
    assert!(ran.status.success(), "{}{}", folder.display(), String::from_utf8_lossy(&ran.stderr));
    serde_json::from_str(&std::fs::read_to_string(folder.join("report/results.json")).unwrap()).unwrap()
}

/// The kinds of cause named of an organisation, as JSON writes them.
fn named(member: &MemberResult) -> Vec<String> {
    let mut kinds: Vec<String> = member
        .causes
        .iter()
        .map(|cause| serde_json::to_value(cause.kind).unwrap().as_str().unwrap().to_owned())
        .collect();
    kinds.dedup();
    kinds
}

/// The parts of every gap add up to it, in full and as they are read.
fn adds_up(results: &Results) {
    let shown = |share: f64| (share * 1_000.0).round() as i64;
    for why in results.audits[0].members.iter().flat_map(|member| &member.measures) {
        let sum: f64 = why.parts.iter().map(|part| part.size).sum();
        assert!((sum - why.gap).abs() < 1e-12, "{why:#?}");
        let read: i64 = why.parts.iter().map(|part| shown(part.size)).sum();
        assert_eq!(read, shown(why.gap), "{why:#?}");
    }
}

/// What was planted and is named, and what is named and was not planted.
fn compared(group: &Group, results: &Results) -> (Vec<&'static str>, Vec<String>) {
    let members: BTreeMap<String, Vec<String>> =
        results.audits[0].members.iter().map(|member| (member.code.clone(), named(member))).collect();
    let (mut right, mut wrong) = (Vec::new(), Vec::new());
    for trust in &group.trusts {
        let lower = trust.code.to_lowercase();
        let found = [&trust.code, &lower].into_iter().filter_map(|code| members.get(code)).flatten();
        let found: Vec<&String> = found.collect();
        right.extend(trust.cause.filter(|cause| found.iter().any(|kind| kind == cause)));
        let others = found.iter().filter(|kind| Some(kind.as_str()) != trust.cause);
        wrong.extend(others.map(|kind| format!("{} at {} ({})", kind, trust.code, trust.cause.unwrap_or("nothing"))));
    }
    wrong.sort();
    wrong.dedup();
    (right, wrong)
}

#[test]
fn planted_causes_are_named() {
    let seeds: u64 = std::env::var("CONCORD_SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(2);
    let mut by_cause: BTreeMap<&str, u64> = BTreeMap::new();
    let (mut good, mut table) = (0, String::new());
    for seed in 1..=seeds {
        let folder = TempFolder::new();
        let group = group(seed);
        let kept = std::env::var("CONCORD_KEEP").map(std::path::PathBuf::from);
        let results = audited(&group, &kept.unwrap_or_else(|_| folder.path("")));
        adds_up(&results);
        let (right, wrong) = compared(&group, &results);
        for cause in &right {
            *by_cause.entry(cause).or_default() += 1;
        }
        good += u64::from(right.len() >= 15 && wrong.len() <= 1);
        let missed: Vec<&str> = CAUSES.into_iter().filter(|cause| !right.contains(cause)).collect();
        table.push_str(&format!("{seed:>4}  {:>2} of 17  not named: {missed:?}  wrong: {wrong:?}\n", right.len()));
    }
    println!("{table}\nnamed rightly, of {seeds} groups:");
    for cause in CAUSES {
        println!("  {cause:<14} {}", by_cause.get(cause).copied().unwrap_or(0));
    }
    println!("groups with 15 and more of 17 named and at most one false cause: {good} of {seeds}");
    assert!(good * 10 >= seeds * 9, "{good} of {seeds}\n{table}");
}
