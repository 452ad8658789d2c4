//! The reference of the language: what it shows by example compiles clean, and its cases come out as they say.

use concord_engine::evaluate::evaluate;
use concord_engine::explain::expect::mismatches;
use concord_tests::sections::sections;
use concord_tests::text::{Tried, whole};

#[test]
fn the_language_reference_is_right() {
    let page = include_str!("../../docs/language.md");
    let (_, by_example) = page.split_once("\n## By example\n").unwrap();
    let mut tried = 0;
    for section in sections(by_example) {
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
    assert!(tried > 20, "{tried} cases");
}
