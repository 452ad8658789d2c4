//! What an organisation's rows write otherwise than they should: names of events that are nearly one that the mapping knows, codes with blanks
//! around them, times that cannot be read. Counted by organisation, so that a report can say whose export it is. The texts found are not
//! repeated, as an export may hold anything.

use crate::data::names::folded;
use concord_engine::syntax::spelling::nearest;
use std::collections::BTreeMap;

/// So many different names are compared; an export with more has something else in that column.
const MOST: usize = 10_000;
/// A name within another must have so many letters to mean the same.
const LEAST_LETTERS: usize = 5;

/// Rows of an organisation that write something otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Otherwise {
    /// The organisation's code; empty where the rows name none.
    pub organisation: String,
    /// What they write otherwise.
    pub what: Written,
    /// Rows.
    pub rows: u64,
}

/// What is written otherwise.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Written {
    /// Nearly this name of the mapping; the row is refused.
    Name(String),
    /// The organisation's code, with blanks around it; they do not count.
    Code,
    /// A time that cannot be read; the row is refused.
    Time,
}

/// What is written otherwise, with its rows.
#[derive(Default)]
pub(super) struct Strangers {
    /// Names that the mapping does not know, by organisation.
    names: BTreeMap<(String, String), u64>,
    /// The rest.
    others: BTreeMap<(String, Written), u64>,
}

impl Strangers {
    pub(super) fn name(&mut self, organisation: Option<&str>, name: &str) {
        let key = (organisation.unwrap_or_default().to_owned(), name.to_owned()); // rows that name none stand together
        if self.names.len() < MOST || self.names.contains_key(&key) {
            *self.names.entry(key).or_default() += 1;
        }
    }

    pub(super) fn other(&mut self, organisation: &str, what: Written) {
        let key = (organisation.to_owned(), what);
        if self.others.len() < MOST || self.others.contains_key(&key) {
            *self.others.entry(key).or_default() += 1;
        }
    }

    /// Adds those of other rows; whether all of them are held still.
    pub(super) fn take(&mut self, other: Strangers) -> bool {
        let fits = other.names.len() < MOST && other.others.len() < MOST;
        other.names.into_iter().for_each(|(key, rows)| *self.names.entry(key).or_default() += rows);
        other.others.into_iter().for_each(|(key, rows)| *self.others.entry(key).or_default() += rows);
        fits && self.names.len() < MOST && self.others.len() < MOST
    }

    /// Known names that rows write in other capitals or with other blanks, each with its rows.
    pub(super) fn in_other_capitals<'k>(&self, known: impl Iterator<Item = &'k str>) -> Vec<(&'k str, u64)> {
        let known: Vec<(&str, [u64; 2])> = known.map(|known| (known, folded(known))).collect();
        let mut sums: BTreeMap<&str, u64> = BTreeMap::new();
        for ((_, name), rows) in &self.names {
            let number = folded(name);
            if let Some((known, _)) = known.iter().find(|(_, of)| *of == number) {
                *sums.entry(known).or_default() += rows;
            }
        }
        sums.into_iter().collect()
    }

    /// All of it, of names those that are nearly a known one.
    pub(super) fn told<'k>(&self, known: impl Iterator<Item = &'k str> + Clone) -> Vec<Otherwise> {
        let mut sums: BTreeMap<(&str, &str), u64> = BTreeMap::new();
        for ((organisation, name), rows) in &self.names {
            if let Some(known) = alike(name, known.clone()) {
                *sums.entry((organisation, known)).or_default() += rows;
            }
        }
        let names = sums.into_iter().map(|((organisation, known), rows)| Otherwise {
            organisation: organisation.to_owned(),
            what: Written::Name(known.to_owned()),
            rows,
        });
        let others = self.others.iter().map(|((organisation, what), rows)| Otherwise {
            organisation: organisation.clone(),
            what: what.clone(),
            rows: *rows,
        });
        names.chain(others).collect()
    }
}

/// The known name that one is nearly: the same letters and digits, the same words in another order, one within the other, or a slip away.
pub(in crate::data) fn alike<'k>(name: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    let letters = |text: &str| -> String {
        text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let plain = letters(name);
    let all: Vec<(String, &'k str)> = known.map(|known| (letters(known), known)).collect();
    let words = |text: &str| -> Vec<String> {
        let split = text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
        let mut words: Vec<String> = split.map(str::to_lowercase).collect();
        words.sort_unstable();
        words
    };
    let own = words(name);
    let turned = |known: &str| own.len() > 1 && words(known) == own;
    let same = all.iter().find(|(folded, known)| *folded == plain || turned(known));
    let within = all.iter().filter(|(folded, _)| {
        let (short, long) = if folded.len() < plain.len() { (folded, &plain) } else { (&plain, folded) };
        short.len() >= LEAST_LETTERS && long.contains(short.as_str())
    });
    let found = same.or_else(|| within.max_by_key(|(folded, _)| folded.len()));
    found.map(|(_, known)| *known).or_else(|| {
        let slip = nearest(&plain, all.iter().map(|(folded, _)| folded.as_str()))?;
        all.iter().find(|(folded, _)| folded == slip).map(|(_, known)| *known)
    })
}
