//! Whom the definition names and the data do not: a member that sent nothing stands in no figure, and so must be told; and names that are those of
//! no organisation.

use crate::data::names::{folded, tidy};
use crate::data::read::Told;
use std::collections::{BTreeMap, BTreeSet};

/// So many codes are named.
const MOST_NAMED: usize = 12;

/// Names of organisations, by their codes.
type Names = BTreeMap<String, String>;

/// What to know of members and names, where cases name these organisations.
#[must_use]
pub fn missing<'m>(members: impl Iterator<Item = &'m str>, names: &Names, codes: &BTreeSet<String>) -> Vec<Told> {
    let mut all = Vec::new();
    let name_of = |code: &str| names.get(code).map(|name| format!(" ({name})")).unwrap_or_default(); // it may have none
    let silent: BTreeSet<&str> = members.collect();
    let silent: Vec<String> = silent
        .into_iter()
        .filter(|code| !codes.contains(*code))
        .map(|code| format!("{code}{}", name_of(code)))
        .collect();
    // Rules without organisations name none.
    if !silent.is_empty() && !codes.is_empty() {
        let (stands, is) = if silent.len() == 1 { ("stands", "is a member") } else { ("stand", "are members") };
        let text = format!(
            "{} {is} of this run and sent nothing: no case names {}, and {} {stands} in no figure and no comparison.",
            listed(&silent),
            if silent.len() == 1 { "it" } else { "them" },
            if silent.len() == 1 { "it" } else { "they" },
        );
        all.push(Told::of_all(text));
    }
    all.extend(nameless(names, codes));
    all
}

/// Codes that have no name in a file of names that was given.
fn nameless(names: &Names, codes: &BTreeSet<String>) -> Option<Told> {
    if names.is_empty() {
        return None;
    }
    let has_name = |code: &&String| names.get(*code).is_some_and(|name| !name.trim().is_empty());
    let without: Vec<&String> = codes.iter().filter(|code| !has_name(code)).collect();
    if without.is_empty() {
        return None;
    }
    let mut alike: BTreeMap<_, Vec<&String>> = BTreeMap::new();
    names.keys().for_each(|name| alike.entry(folded(name)).or_default().push(name));
    let said = without.iter().map(|code| {
        let near = alike.get(&folded(code)).into_iter().flatten().find(|other| **other != *code);
        match near {
            Some(near) => format!("{code} (`{}` differs from it in capitals or blanks alone)", tidy(near)),
            None if names.contains_key(*code) => format!("{code} (its name is empty)"),
            None => (*code).clone(),
        }
    });
    let said: Vec<String> = said.collect();
    let which = if without.len() == codes.len() { "No organisation of the data has a name" } else { "Without a name" };
    Some(Told::of_all(format!("{which} in the file of names: {}.", listed(&said))))
}

fn listed(all: &[String]) -> String {
    let some = all.iter().take(MOST_NAMED).cloned().collect::<Vec<_>>().join(", ");
    if all.len() > MOST_NAMED { format!("{some} and {} more", all.len() - MOST_NAMED) } else { some }
}
