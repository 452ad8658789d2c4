//! One word for one thing: words that were replaced, because they mean something else to a nurse or an engineer, do not come back.

use super::{files, none, text};

/// A word that is not used, and what is said instead.
const INSTEAD: [(&str, &str); 26] = [
    ("a moment in time", "an instant"),
    ("at hand", "the current event, or in scope"),
    ("come out exact", "is exact"),
    ("does not carry", "does not supply"),
    ("hang on", "depend on"),
    ("hanging on", "depending on"),
    ("hangs on", "depends on"),
    ("held exactly", "stored exactly"),
    ("left aside", "ignored, or not applied"),
    ("look at it", "use it"),
    ("looked at", "facts used; on a ward it means examined"),
    ("looks at", "uses"),
    ("mend", "fix"),
    ("mended", "fixed, or corrected"),
    ("mends", "fixes"),
    ("not asked of", "have no query"),
    ("not carried", "missing, or not supplied"),
    ("not taken of", "cannot be taken from"),
    ("our fault", "internal error"),
    ("question about events", "event query"),
    ("questions about events", "event queries"),
    ("reckoned", "worked out"),
    ("rejected", "refused"),
    ("said twice", "given twice"),
    ("stands where", "is given where"),
    ("turns it round", "reverses it"),
];

/// Where people read what the project says: messages and their pages, comments, documentation, rules and corpus.
const SCOPE: [&str; 12] = [
    "CHANGELOG.md",
    "README.md",
    "cli/src",
    "docs",
    "editors",
    "engine/src",
    "rules",
    "cli/fhir/src",
    "cli/parquet/src",
    "cli/serve/src",
    "tests/corpus",
    "wasm",
];

/// Whether a word stands by itself at a place of a text.
fn stands_alone(text: &str, at: usize, word: &str) -> bool {
    let joins = |letter: Option<char>| letter.is_some_and(|letter| letter.is_alphanumeric() || letter == '_');
    !joins(text[..at].chars().next_back()) && !joins(text[at + word.len()..].chars().next())
}

#[test]
fn one_word_for_one_thing() {
    let mut wrong = Vec::new();
    let read = |file: &String| [".rs", ".md", ".concord"].iter().any(|kind| file.ends_with(kind));
    let within = |file: &String| SCOPE.iter().any(|scope| file == scope || file.starts_with(&format!("{scope}/")));
    for file in files("").into_iter().filter(|file| read(file) && within(file)) {
        for (number, line) in text(&file).to_lowercase().lines().enumerate() {
            for (word, instead) in INSTEAD {
                if line.match_indices(word).any(|(at, _)| stands_alone(line, at, word)) {
                    wrong.push(format!("{file}:{}: `{word}`: say {instead}", number + 1));
                }
            }
        }
    }
    none(&wrong, "one word for one thing, as docs/glossary.md has it");
}

/// The glossary's words, from the first column of its tables.
fn words_of(glossary: &str) -> Vec<String> {
    let rows = glossary.lines().filter_map(|line| line.strip_prefix("| **"));
    rows.filter_map(|row| row.split_once("**")).map(|(words, _)| words.to_owned()).collect()
}

#[test]
fn the_glossary_has_every_verdict_and_defines_each_word_once() {
    let glossary = text("docs/glossary.md");
    let words = words_of(&glossary);
    for verdict in concord_engine::plan::Verdict::ALL {
        assert!(words.iter().any(|word| word == verdict.name()), "{}", verdict.name());
    }
    let twice: Vec<String> = words
        .iter()
        .enumerate()
        // Unknown is what an answer can be, and what a verdict can be.
        .filter(|(place, word)| words[..*place].contains(word) && *word != "unknown")
        .map(|(_, word)| word.clone())
        .collect();
    none(&twice, "a word has one meaning");
}
