//! The grammar that the reference prints: each of its productions has a sample that compiles, and each word of a production stands in one.

use std::collections::BTreeMap;

use concord_engine::diagnostics::{Severity, codes};
use concord_tests::sections::sections;
use concord_tests::text::{Tried, whole, whole_as};

const PAGE: &str = include_str!("../../docs/language.md");
const SAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/suite/samples/grammar.md");

/// A package that samples may use.
const WARD: &str = "subject Stay { bed : integer 1..9 }\nparameter limit : integer 1..9 = 4";

/// Words that are printed and refused, as the page says.
const REFUSED: [(&str, &str); 2] = [("comparison", "known"), ("comparison", "unknown")];

/// The productions on the page, each with the words and signs in quotes.
fn productions() -> BTreeMap<&'static str, Vec<&'static str>> {
    let grammar = PAGE.split("\n## ").find(|part| part.starts_with("Grammar\n")).unwrap();
    let blocks = grammar.split("```ebnf\n").skip(1).map(|block| block.split("```").next().unwrap());
    let mut found: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut current = "";
    for line in blocks.flat_map(str::lines) {
        let (head, rule) = line.split_once(" = ").unwrap_or(("", line));
        let head = head.trim();
        let begins = line.starts_with(|c: char| c.is_ascii_lowercase()) && !head.contains(' ');
        current = if begins { head } else { current };
        // What stands far to the right is a remark.
        let rule = if begins { rule } else { line.trim_start() };
        let rule = rule.split("    ").next().unwrap_or_default();
        let quoted = rule.split('"').skip(1).step_by(2).filter(|word| word.chars().all(|c| c.is_ascii_graphic()));
        found.entry(current).or_default().extend(quoted.filter(|word| !word.contains(['\'', '\\'])));
    }
    found
}

#[test]
fn every_production_of_the_grammar_has_a_sample_that_compiles() {
    let samples: BTreeMap<String, Vec<String>> = sections(&std::fs::read_to_string(SAMPLES).unwrap())
        .into_iter()
        .map(|section| (section.name.clone(), section.blocks("concord").map(str::to_owned).collect()))
        .filter(|(_, texts): &(String, Vec<String>)| !texts.is_empty())
        .collect();
    let base = samples["base"].concat();
    let mut wrong = Vec::new();
    for (production, words) in productions() {
        let Some(texts) = samples.get(production) else {
            wrong.push(format!("`{production}` has no sample"));
            continue;
        };
        for word in words.iter().filter(|word| !REFUSED.contains(&(production, **word))) {
            if !texts.iter().any(|text| text.contains(word)) {
                wrong.push(format!("no sample of `{production}` has `{word}`"));
            }
        }
        for text in texts {
            let alone = ["package ", "subject "].iter().any(|word| text.lines().any(|line| line.starts_with(word)));
            let rule = if alone { text.clone() } else { format!("{text}\n{base}") };
            let found = Tried::beside(whole(&rule), String::new(), &[whole_as("shared.ward", WARD)], &[]);
            // E0314: no file stands beside a sample.
            if found.compiled.diagnostics.iter().any(|d| d.severity == Severity::Error && d.code != codes::E0314) {
                wrong.push(format!("a sample of `{production}` is refused:\n{text}\n{}", found.messages()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    let listed: Vec<&String> = samples.keys().filter(|name| *name != "base").collect();
    let printed = productions();
    assert!(listed.iter().all(|name| printed.contains_key(name.as_str())), "a sample of no production: {listed:?}");
}

#[test]
fn what_is_printed_and_refused_is_refused_in_so_many_words() {
    for (_, word) in REFUSED {
        let found = Tried::sample(&format!("subject S {{ a : integer 0..9 }}\ndefine b = a is {word}"));
        let told: Vec<_> = found.compiled.diagnostics.iter().map(|d| d.code).collect();
        assert_eq!(told, [codes::E0399], "{word}");
    }
}
