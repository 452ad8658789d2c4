//! Names of a rule as programs write them.

use std::collections::BTreeSet;

/// `rtt_18_weeks` is `Rtt18Weeks`.
pub fn pascal(name: &str) -> String {
    let parts = name.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
    let joined: String = parts.map(capitalised).collect();
    if joined.starts_with(|c: char| c.is_ascii_digit()) { format!("N{joined}") } else { joined }
}

/// `rtt_18_weeks` is `rtt18Weeks`; a word of the language gets `_` behind it.
pub fn camel(name: &str, words: &[&str]) -> String {
    let pascal = pascal(name);
    let mut letters = pascal.chars();
    let camel: String = letters.next().into_iter().flat_map(char::to_lowercase).chain(letters).collect();
    if words.contains(&camel.as_str()) { format!("{camel}_") } else { camel }
}

/// `rtt.running` is `RTT_RUNNING`.
pub fn upper(name: &str) -> String {
    let upper = name.to_uppercase().replace(|c: char| !c.is_alphanumeric(), "_");
    if upper.starts_with(|c: char| c.is_ascii_digit()) { format!("N_{upper}") } else { upper }
}

/// The names of one place in a program, each of which is there once: where two names of a rule are written alike, the second gets a number behind it.
pub struct Distinct(BTreeSet<String>);

impl Distinct {
    /// With these there already.
    pub fn beside<'a>(taken: impl IntoIterator<Item = &'a str>) -> Distinct {
        Distinct(taken.into_iter().map(str::to_owned).collect())
    }

    /// The name, or with the first number that is free.
    pub fn name(&mut self, wanted: &str) -> String {
        let mut name = wanted.to_owned();
        let mut number = 2;
        while !self.0.insert(name.clone()) {
            name = format!("{wanted}{number}");
            number += 1;
        }
        name
    }
}

/// The last part of a package's name.
pub fn last(package: &str) -> &str {
    package.rsplit('.').next().unwrap_or(package)
}

/// Those of the names that stand in a text as words, in their order: what it has to import.
pub fn used<'a>(text: &str, names: &[&'a str]) -> Vec<&'a str> {
    let words: BTreeSet<&str> = text.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
    names.iter().copied().filter(|name| words.contains(name)).collect()
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}
