//! Texts made by cutting, joining and misspelling real ones: nothing panics or hangs, messages point into the text, and what
//! can be laid out is laid out once and for all with the same words.
//!
//! `CONCORD_FUZZ_SECONDS=600 cargo test --release --test suite fuzz` runs ten minutes; the seed of a failure is printed, and
//! `CONCORD_FUZZ_SEED` starts from it.

use crate::packages::Random;
use concord_engine::compile::{Texts, Unit, packages};
use concord_engine::format::format;
use concord_engine::syntax::lexer::lex;
use concord_engine::syntax::tokens::{Kind, Token};
use concord_engine::text::Source;
use concord_tests::sections::{files, sections};
use concord_tests::text::whole;
use std::path::Path;
use std::time::{Duration, Instant};

/// The longest that one text may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// Rule files, the rules of the corpus and of the pages.
fn seeds() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all: Vec<String> = [
        include_str!("samples/news2.concord"),
        include_str!("samples/sepsis.concord"),
        include_str!("../../rules/clinical/news2/news2.concord"),
        include_str!("../../rules/acute/sepsis/sepsis.concord"),
    ]
    .map(str::to_owned)
    .to_vec();
    for folder in ["corpus", "../engine/src/diagnostics/pages", "../docs"] {
        for file in files(&root.join(folder)).unwrap() {
            for section in sections(&std::fs::read_to_string(file).unwrap()) {
                for kind in ["concord", "concord wrong"] {
                    all.extend(section.blocks(kind).filter(|text| text.len() < 20_000).map(whole));
                }
            }
        }
    }
    all
}

const PIECES: [&str; 56] = [
    "{",
    "}",
    "(",
    ")",
    "|",
    ",",
    "\"",
    "\n",
    "\n\n",
    "  ",
    "..",
    ".",
    "-",
    "=",
    "<=",
    "=>",
    "//",
    "///",
    "any",
    "none",
    "not ",
    "and ",
    "or ",
    "if ",
    "then ",
    "else ",
    "first ",
    "count ",
    "within ",
    "before ",
    "after ",
    "table t {\n",
    "define x = ",
    "enum E {",
    "subject S {",
    "event ",
    "0",
    "-1",
    "9223372036854775807",
    "999999999999999999",
    "0.000000001",
    "1 h",
    "2026-02-30",
    "00:60",
    "£",
    "°C",
    "%",
    "µmol/L",
    "\u{0}",
    "\u{feff}",
    "🦀",
    "é",
    "impossible",
    "in {",
    "as of",
    "package p.q {",
];

fn at(random: &mut Random, limit: usize) -> usize {
    usize::try_from(random.below(limit.max(1) as u64)).unwrap()
}

/// A text with some words moved, left out, doubled, replaced or taken from another text.
fn mangled(random: &mut Random, seeds: &[String]) -> String {
    let mut text: Vec<char> = seeds[at(random, seeds.len())].chars().collect();
    for _ in 0..=random.below(5) {
        let start = at(random, text.len());
        let end = (start + at(random, 40)).min(text.len());
        match random.below(6) {
            0 => {
                text.drain(start..end);
            }
            1 => {
                let copy = text[start..end].to_vec();
                let to = at(random, text.len());
                text.splice(to..to, copy);
            }
            2 => {
                let other: Vec<char> = seeds[at(random, seeds.len())].chars().collect();
                let from = at(random, other.len());
                let piece = other[from..(from + at(random, 200)).min(other.len())].to_vec();
                text.splice(start..end, piece);
            }
            3 => {
                let lines: Vec<String> = text.iter().collect::<String>().lines().map(str::to_owned).collect();
                let mut lines = lines;
                if lines.len() > 1 {
                    let (a, b) = (at(random, lines.len()), at(random, lines.len()));
                    lines.swap(a, b);
                }
                text = lines.join("\n").chars().collect();
            }
            _ => {
                let piece = random.one_of(&PIECES).chars();
                text.splice(start..(start + at(random, 3)).min(text.len()), piece);
            }
        }
    }
    text.into_iter().collect()
}

/// The words and signs of a text, without white space and comments. A unit of two words, `per min`, is one token, whatever white space
/// stands in it.
fn tokens(text: &str) -> Vec<String> {
    let (lexed, _) = lex(0, text, 0);
    let said = |token: &Token| {
        let said = &text[token.span.start as usize..token.span.end as usize];
        if token.kind == Kind::Unit { said.split_whitespace().collect::<Vec<_>>().join(" ") } else { said.to_owned() }
    };
    lexed.tokens.iter().map(said).collect()
}

fn tried(text: &str) {
    let source = Source { name: "fuzz.concord".to_owned(), text: text.to_owned() };
    let cases = Source {
        name: "cases.md".to_owned(),
        text: format!("# c\n```case\n{}\n```\n", text.chars().take(300).collect::<String>()),
    };
    for with_cases in [false, true] {
        let mut texts = Texts::default();
        let mut unit = Unit { rule: texts.rules(source.clone()), uses: vec![0], ..Unit::default() };
        unit.cases.extend(with_cases.then(|| texts.cases(cases.clone())));
        for fault in packages(&texts, &[unit]).iter().flat_map(|compiled| &compiled.diagnostics) {
            let span = fault.primary.span;
            let text = if span.source == 0 { text } else { &cases.text };
            assert!(text.get(span.start as usize..span.end as usize).is_some(), "{fault:?}");
            let _shown = concord_engine::diagnostics::render::human(fault, texts.sources(), false);
        }
    }
    if let Ok(once) = format(text) {
        assert_eq!(format(&once).as_ref(), Ok(&once), "laying out again changes it");
        assert_eq!(tokens(&once), tokens(text), "laying out changes the words");
    }
}

#[test]
fn mangled_texts_are_survived() {
    let number = |name: &str| std::env::var(name).ok().and_then(|value| value.parse::<u64>().ok());
    let limit = Duration::from_secs(number("CONCORD_FUZZ_SECONDS").unwrap_or(15));
    let first = number("CONCORD_FUZZ_SEED").unwrap_or(20_260_401);
    let seeds = seeds();
    let start = Instant::now();
    let mut seed = first;
    while start.elapsed() < limit {
        let text = mangled(&mut Random::seeded(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1), &seeds);
        let begun = Instant::now();
        let survived = std::panic::catch_unwind(|| tried(&text));
        assert!(survived.is_ok(), "CONCORD_FUZZ_SEED={seed}:\n{text}");
        assert!(begun.elapsed() < PATIENCE, "CONCORD_FUZZ_SEED={seed} took {:?}:\n{text}", begun.elapsed());
        seed += 1;
    }
    println!("{} texts from seed {first}", seed - first);
}
