//! The pages about the language: what they show by example compiles clean, and their cases come out as they say.

use concord_engine::evaluate::evaluate;
use concord_engine::explain::expect::mismatches;
use concord_engine::syntax::newcomers::NEWCOMERS;
use concord_engine::syntax::parse;
use concord_engine::values::units;
use concord_tests::sections::sections;
use concord_tests::text::{Tried, whole};

/// How many cases of a page were run.
fn tried(page: &str) -> usize {
    let mut tried = 0;
    for section in sections(page) {
        let rule: String = section.blocks("concord").collect();
        if rule.is_empty() {
            continue;
        }
        let cases = section.blocks("case").map(|body| format!("# {}\n```case\n{body}```\n", section.name));
        let used: Vec<String> = section.blocks("concord used").map(str::to_owned).collect();
        let members: Vec<&str> = section.blocks("concord member").collect();
        let found = Tried::beside(whole(&rule), cases.collect(), &used, &members);
        assert_eq!(found.messages(), "", "{}", section.name);
        let plan = &found.compiled.package.as_ref().unwrap().plan;
        for example in &found.compiled.cases {
            let settings = example.settings_for(plan.parameters.len());
            let wrong = mismatches(plan, example, &evaluate(plan, &example.case, &settings));
            assert_eq!(wrong, [], "{}", section.name);
            tried += 1;
        }
    }
    tried
}

#[test]
fn the_language_reference_is_right() {
    let page = include_str!("../../docs/language.md");
    let (_, by_example) = page.split_once("\n## By example\n").unwrap();
    let tried = tried(by_example);
    assert!(tried > 20, "{tried} cases");
}

#[test]
fn the_cookbook_is_right() {
    let tried = tried(include_str!("../../docs/cookbook.md"));
    assert!(tried > 20, "{tried} cases");
}

#[test]
fn the_page_of_units_and_functions_is_right_and_whole() {
    let page = include_str!("../../docs/units_and_functions.md");
    assert!(tried(page) > 5);
    let list = include_str!("../../engine/src/diagnostics/pages/E0210.md");
    for unit in units::spellings() {
        for (name, page) in [("docs/units_and_functions.md", page), ("the page of E0210", list)] {
            assert!(page.contains(&format!("`{unit}`")), "{name} does not give `{unit}`");
        }
    }
}

/// Where each of the examples given to newcomers can stand.
const FRAMES: [&str; 4] = ["define x = {}", "{}", "obligation o {\n  {}\n}", "table t {\n  a | b\n  {} | 1\n}"];

#[test]
fn every_example_given_to_newcomers_is_text_of_the_language() {
    let mut wrong = Vec::new();
    for one in NEWCOMERS {
        assert!(one.examples.len() <= 3, "`{}` has more than three examples", one.said);
        for example in one.examples {
            let reads = |frame: &&str| parse(0, &frame.replace("{}", example)).1.is_empty();
            if !FRAMES.iter().any(reads) {
                wrong.push(format!("`{}`: {example}", one.said));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}
