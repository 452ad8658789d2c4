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

/// The text of a case up to its `=>`, and all its answers as they are printed.
fn said_again(plan: &Plan, tried: &Tried, example: &Example) -> String {
    let text = &tried.sources[example.span.source as usize].text;
    let body = &text[example.span.start as usize..example.span.end as usize];
    let given = body.split("=>").next().unwrap();
    let outcome = evaluate(plan, &example.case, &example.settings_for(plan.parameters.len()));
    let said =
        plan.answers.iter().map(|answer| format!("{} {}\n", answer.name, found(plan, &example.case, &outcome, answer)));
    format!("# {}\n```case\n{given}\n=> {}```\n", example.name, said.collect::<String>())
}

/// How many cases were held against what came of them.
fn held(rule: &str, cases: &str, used: &[String]) -> usize {
    let tried = Tried::beside(whole(rule), cases.to_owned(), used, &[]);
    let Some(Package { plan, .. }) = &tried.compiled.package else { return 0 };
    let again: String = tried.compiled.cases.iter().map(|example| said_again(plan, &tried, example)).collect();
    let typed = Tried::beside(whole(rule), again, used, &[]);
    assert_eq!(typed.messages(), tried.messages());
    let plan = &typed.compiled.package.as_ref().unwrap().plan;
    for example in &typed.compiled.cases {
        let outcome = evaluate(plan, &example.case, &example.settings_for(plan.parameters.len()));
        assert_eq!(mismatches(plan, example, &outcome), [], "{}", example.name);
        assert_eq!(example.expect.len(), plan.answers.len(), "{}", example.name);
    }
    typed.compiled.cases.len()
}

#[test]
fn what_the_library_answers_can_be_typed() {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("../rules");
    let read = |path: &Path| std::fs::read_to_string(path).unwrap();
    let news2 = read(&rules.join("clinical/news2/news2.concord"));
    let mut cases = 0;
    for path in files(&rules).unwrap().iter().filter(|path| path.ends_with("cases.md")) {
        let folder = path.parent().unwrap();
        let rule = folder.join(format!("{}.concord", folder.file_name().unwrap().to_str().unwrap()));
        cases += held(&read(&rule), &read(path), std::slice::from_ref(&news2));
    }
    assert!(cases > 300, "{cases} cases");
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
