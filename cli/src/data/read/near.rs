//! Names of events that the mapping does not know, and that are nearly one that it does: by organisation, so that a report can say whose export
//! writes them otherwise. The names found are not repeated, as an export may hold anything.

use concord_engine::syntax::spelling::nearest;
use std::collections::BTreeMap;

/// So many different names are compared; an export with more has something else in that column.
const MOST: usize = 10_000;
/// A name within another must have so many letters to mean the same.
const LEAST_LETTERS: usize = 5;

/// Rows of an organisation that name an event nearly as the mapping does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NearName {
    /// The organisation's code; empty where the rows name none.
    pub organisation: String,
    /// The name that the mapping knows.
    pub known: String,
    /// Rows.
    pub rows: u64,
}

/// Names that the mapping does not know, by organisation, with their rows.
#[derive(Default)]
pub(super) struct Strangers(BTreeMap<(String, String), u64>);

impl Strangers {
    pub(super) fn add(&mut self, organisation: Option<&str>, name: &str) {
        let key = (organisation.unwrap_or_default().to_owned(), name.to_owned()); // rows that name none stand together
        if self.0.len() < MOST || self.0.contains_key(&key) {
            *self.0.entry(key).or_default() += 1;
        }
    }

    /// Those that are nearly a known name.
    pub(super) fn near<'k>(&self, known: impl Iterator<Item = &'k str> + Clone) -> Vec<NearName> {
        let mut sums: BTreeMap<(&str, &str), u64> = BTreeMap::new();
        for ((organisation, name), rows) in &self.0 {
            if let Some(known) = alike(name, known.clone()) {
                *sums.entry((organisation, known)).or_default() += rows;
            }
        }
        let found = sums.into_iter().map(|((organisation, known), rows)| NearName {
            organisation: organisation.to_owned(),
            known: known.to_owned(),
            rows,
        });
        found.collect()
    }
}

/// The known name that one is nearly: the same letters and digits, one within the other, or a slip away.
fn alike<'k>(name: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    let letters = |text: &str| -> String {
        text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let plain = letters(name);
    let all: Vec<(String, &'k str)> = known.map(|known| (letters(known), known)).collect();
    let same = all.iter().find(|(folded, _)| *folded == plain);
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
