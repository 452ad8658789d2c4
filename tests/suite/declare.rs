//! The templates of Declare: each sentence of the cookbook is held to a reading by places on every small timeline, and with the activities of
//! the Sepsis Cases log in the place of its A and B to what an independent reading finds there.

use concord_engine::evaluate::evaluate;
use concord_engine::plan::case::{Case, Settings};
use concord_engine::plan::{AnswerKind, Plan};
use concord_tests::sections::sections;
use concord_tests::text::whole;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

use crate::cli::run;
use crate::packages::{self, TempFolder, data_file};
use crate::sentences::same_in_module;
use crate::sentences::timelines::{Timeline, case, placed, timelines};

/// The templates of the cookbook, a definition each.
fn cookbook() -> Plan {
    let page = sections(include_str!("../../docs/cookbook.md"));
    let section = page.iter().find(|section| section.name.contains("Declare")).unwrap();
    let rule = section.blocks("concord").next().unwrap();
    packages::compile(&whole(rule)).plan
}

/// Whether a template holds of a trace, by the places at which A and B stand.
fn reading(template: &str, trace: &Timeline) -> bool {
    let places = |kind: usize| (0..trace.len()).filter(|place| trace[*place].kind == kind).collect::<Vec<_>>();
    let (a, b) = (places(0), places(1));
    let none_between = |of: &[usize], from: usize, to: usize| !of.iter().any(|place| from < *place && *place < to);
    let response = a.iter().all(|a| b.iter().any(|b| b > a));
    let precedence = b.iter().all(|b| a.iter().any(|a| a < b));
    let alternate_response = a.iter().all(|from| b.iter().any(|b| b > from && none_between(&a, *from, *b)));
    let alternate_precedence = b.iter().all(|to| a.iter().any(|a| a < to && none_between(&b, *a, *to)));
    let chain_response = a.iter().all(|a| b.contains(&(a + 1)));
    let chain_precedence = b.iter().all(|b| b.checked_sub(1).is_some_and(|before| a.contains(&before)));
    let never_after = !a.iter().any(|a| b.iter().any(|b| b > a));
    let never_next = !a.iter().any(|a| b.contains(&(a + 1)));
    match template {
        "existence" => !a.is_empty(),
        "existence_2" => a.len() >= 2,
        "absence" => a.is_empty(),
        "absence_3" => a.len() < 3,
        "exactly_2" => a.len() == 2,
        "init" => a.contains(&0),
        "end" => trace.last().is_some_and(|last| last.kind == 1),
        "choice" => !a.is_empty() || !b.is_empty(),
        "exclusive_choice" => a.is_empty() != b.is_empty(),
        "responded" => a.is_empty() || !b.is_empty(),
        "co_existence" => a.is_empty() == b.is_empty(),
        "response" => response,
        "alternate_response" => alternate_response,
        "chain_response" => chain_response,
        "precedence" => precedence,
        "alternate_precedence" => alternate_precedence,
        "chain_precedence" => chain_precedence,
        "succession" => response && precedence,
        "alternate_succession" => alternate_response && alternate_precedence,
        "chain_succession" => chain_response && chain_precedence,
        "not_responded" => a.is_empty() || b.is_empty(),
        "not_response" | "not_precedence" => never_after,
        "not_chain_response" | "not_chain_precedence" => never_next,
        other => panic!("nothing reads {other}"),
    }
}

/// Holds every template to its reading of each way in which a timeline may have been.
fn hold(plan: &Plan, case: &Case, ways: &[Timeline]) -> usize {
    let outcome = evaluate(plan, case, &Settings::new());
    let mut known = 0;
    for answer in &plan.answers {
        let AnswerKind::Value { cell, .. } = &answer.kind else { panic!("{} is no value", answer.name) };
        let found = outcome.cells.get(*cell).unwrap();
        known += usize::from(found.low == found.high);
        for way in ways {
            let holds = i64::from(reading(&answer.name, way));
            assert!(found.low <= holds && holds <= found.high, "{}: {way:?} in {case:?}", answer.name);
        }
    }
    known
}

#[test]
fn every_template_means_what_it_says_on_every_timeline() {
    let plan = cookbook();
    assert_eq!(plan.answers.len(), 25);
    let mut cases = Vec::new();
    for timeline in (0..=5).flat_map(|events| timelines(events, 3, &[0, 1])) {
        let case = case(&timeline, &[], 0, 2);
        assert_eq!(hold(&plan, &case, std::slice::from_ref(&timeline)), 25, "{timeline:?}");
        cases.push(case);
    }
    same_in_module(&plan, &cases);
}

#[test]
fn what_is_not_told_leaves_a_template_open() {
    let plan = cookbook();
    let (mut cases, mut known) = (Vec::new(), 0);
    let more = |ways: &[Timeline], kind: usize| -> Vec<Timeline> {
        ways.iter().flat_map(|way| placed(way, kind, &[-1, 0, 1, 2])).collect()
    };
    for timeline in (0..=3).flat_map(|events| timelines(events, 3, &[0, 1])) {
        for kind in 0..3 {
            let one = more(std::slice::from_ref(&timeline), kind);
            let two = more(&one, kind);
            let unplaced = case(&timeline, &[kind], 0, 2);
            known += hold(&plan, &unplaced, &one);
            let any = [vec![timeline.clone()], one, two].concat();
            let left_out = case(&timeline, &[], 1 << kind, 2);
            known += hold(&plan, &left_out, &any);
            cases.extend([unplaced, left_out]);
        }
    }
    let answers = cases.len() * plan.answers.len();
    assert!(known * 3 > answers, "{known} of {answers} answers are known");
    same_in_module(&plan, &cases);
}

/// In how many cases of the Sepsis log each constraint of a rule holds, as the file of totals has it: in its order.
fn totals(rule: &Path, totals: &str) -> String {
    let folder = TempFolder::new();
    let out = folder.path("answers.ndjson");
    let [map, log, totals] = ["declare/sepsis.map.toml", "sepsis/sepsis.csv", totals].map(data_file);
    let [rule, map, log, out] = [rule, &map, &log, &out].map(|path| path.to_str().unwrap());
    let ran = run(&["eval", rule, "--data", log, "--map", map, "--as-of", "2020-01-01T00:00:00Z", "-o", out]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let (mut holds, mut cases) = (BTreeMap::<String, usize>::new(), 0);
    for line in std::fs::read_to_string(out).unwrap().lines() {
        let record: Value = serde_json::from_str(line).unwrap();
        cases += 1;
        for (name, answer) in record["answers"].as_object().unwrap() {
            *holds.entry(name.clone()).or_default() += usize::from(answer["value"].as_bool().unwrap());
        }
    }
    let read = std::fs::read_to_string(totals).unwrap();
    let names = read.lines().skip(1).filter_map(|line| line.split_once(',')).map(|(name, _)| name);
    let found: String = names.map(|name| format!("{name},{cases},{}\n", holds.remove(name).unwrap())).collect();
    assert_eq!(holds, BTreeMap::new(), "answers without a total");
    format!("constraint,cases,holds\n{found}")
}

#[test]
fn the_totals_of_the_sepsis_log_are_those_of_an_independent_reading() {
    let found = totals(&data_file("declare"), "declare/totals.csv");
    assert_eq!(found, std::fs::read_to_string(data_file("declare/totals.csv")).unwrap());
    assert_eq!(found.lines().count(), 1 + 30);
}

/// A sentence of the cookbook about other events than A and B; what names another sentence has that in its place.
fn about(sentences: &BTreeMap<&str, &str>, sentence: &str, [a, b]: [&str; 2]) -> String {
    let said = |word: &str| match (word, sentences.get(word)) {
        ("A", _) => a.to_owned(),
        ("B", _) => b.to_owned(),
        (_, Some(other)) => format!("({})", about(sentences, other, [a, b])),
        _ => word.to_owned(),
    };
    let split: Vec<&str> = sentence.split_inclusive([' ', '(', ')']).collect();
    let parts = split.iter().map(|part| {
        let word = part.trim_end_matches([' ', '(', ')']);
        format!("{}{}", said(word), &part[word.len()..])
    });
    parts.collect()
}

/// The sentences of the cookbook on the activities of the log: 180 constraints, each as its line there says it.
#[test]
fn every_template_on_the_sepsis_log_counts_what_an_independent_reading_counts() {
    let page = sections(include_str!("../../docs/cookbook.md"));
    let section = page.iter().find(|section| section.name.contains("Declare")).unwrap();
    let rule = section.blocks("concord").next().unwrap();
    let lines = rule.lines().filter_map(|line| line.strip_prefix("define ")?.split_once('='));
    let sentences: BTreeMap<&str, &str> = lines.map(|(name, said)| (name.trim(), said.trim())).collect();
    let wanted = std::fs::read_to_string(data_file("declare/all.csv")).unwrap();
    let mut text = std::fs::read_to_string(data_file("declare/declare.concord")).unwrap();
    text.truncate(text.find("\nevents Release").unwrap());
    for (name, _) in wanted.lines().skip(1).filter_map(|line| line.split_once(',')) {
        let place = name.find(|letter: char| letter.is_ascii_uppercase()).unwrap();
        let (template, events) = (name[..place].trim_end_matches('_'), &name[place..]);
        let (a, b) = events.split_once('_').unwrap_or((events, events));
        text += &format!("define {name} = {}\n", about(&sentences, sentences[template], [a, b]));
    }
    let folder = TempFolder::new();
    let found = totals(&folder.write("declare.concord", text.as_bytes()), "declare/all.csv");
    assert_eq!(found, wanted);
    assert_eq!(found.lines().count(), 1 + 180);
}
