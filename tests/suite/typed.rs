//! What comes out can be typed: every answer of every case of the library and the corpus, as `concord test` prints it, is
//! read after `=>` and met.

use concord_engine::evaluate::evaluate;
use concord_engine::explain::expect::mismatches;
use concord_engine::explain::in_a_case::found;
use concord_engine::plan::library::Example;
use concord_engine::plan::{Package, Plan};
use concord_tests::sections::{files, sections};
use concord_tests::text::{Tried, whole};
use std::path::Path;

/// The day before the first of the calendar: a range of dates that were moved back may begin there, and cannot be typed.
const BEFORE_ALL: &str = "1899-12-31";

/// A file of cases in which each expects all its answers, as they are printed.
fn said_again(plan: &Plan, cases: &str, examples: &[Example]) -> String {
    let mut text = cases.to_owned();
    for example in examples.iter().rev() {
        let place = example.span.start as usize..example.span.end as usize;
        let given = text[place.clone()].split("=>").next().unwrap();
        let outcome = evaluate(plan, &example.case, &example.settings_for(plan.parameters.len()));
        let answers = plan.answers.iter();
        let said = answers.map(|answer| format!("{} {}\n", answer.name, found(plan, &example.case, &outcome, answer)));
        let said = said.filter(|said| !said.contains(BEFORE_ALL));
        let said = format!("{given}\n=> {}", said.collect::<String>());
        text.replace_range(place, &said);
    }
    text
}

/// How many cases were held against what came of them.
fn held(rule: &str, cases: &str, used: &[String]) -> usize {
    let tried = Tried::beside(whole(rule), cases.to_owned(), used, &[]);
    let Some(Package { plan, .. }) = &tried.compiled.package else { return 0 };
    let again = said_again(plan, cases, &tried.compiled.cases);
    let typed = Tried::beside(whole(rule), again, used, &[]);
    assert_eq!(typed.messages(), tried.messages());
    let plan = &typed.compiled.package.as_ref().unwrap().plan;
    for example in &typed.compiled.cases {
        let outcome = evaluate(plan, &example.case, &example.settings_for(plan.parameters.len()));
        assert_eq!(mismatches(plan, example, &outcome), [], "{}", example.name);
        assert!(example.expect.len() + 1 >= plan.answers.len(), "{}", example.name);
    }
    typed.compiled.cases.len()
}

#[test]
fn what_the_library_answers_can_be_typed() {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("../rules");
    let read = |path: &Path| std::fs::read_to_string(path).unwrap();
    let called = |path: &str| {
        let (area, name) = path.split_once('.').unwrap();
        read(&rules.join(area).join(name).join(format!("{name}.concord")))
    };
    let mut cases = 0;
    for path in files(&rules).unwrap().iter().filter(|path| path.ends_with("cases.md")) {
        let folder = path.parent().unwrap();
        let rule = folder.join(format!("{}.concord", folder.file_name().unwrap().to_str().unwrap()));
        let rule = read(&rule);
        let uses = rule.lines().filter_map(|line| line.strip_prefix("use ")?.split(' ').next());
        cases += held(&rule, &read(path), &uses.map(called).collect::<Vec<_>>());
    }
    assert!(cases > 2_000, "{cases} cases");
}

#[test]
fn what_the_corpus_answers_can_be_typed() {
    let mut cases = 0;
    for path in files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")).unwrap() {
        for section in sections(&std::fs::read_to_string(&path).unwrap()) {
            let rule: String = section.blocks("concord").collect();
            let bodies = section.blocks("case").map(|body| format!("# {}\n```case\n{body}```\n", section.name));
            cases += held(&rule, &bodies.collect::<String>(), &[]);
        }
    }
    assert!(cases > 300, "{cases} cases");
}
