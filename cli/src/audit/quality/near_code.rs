//! Codes that are nearly equal: one organisation that rows write in two ways, or two organisations.
//!
//! National codes are full of pairs that differ in a `1` and an `L` and name two hospitals. A code that was mistyped is in a few rows, has no name of its
//! own, and comes up beside the right one.

use super::Found;
use crate::audit::places::{Place, Places};
use crate::results::CauseKind;
use crate::words::{listed, percent};
use std::collections::BTreeMap;

/// An organisation of so large a part of the usual number of cases has the usual number.
const USUAL: u64 = 4;
/// And of two that have so large a part of their months together it is not one after the other.
const TOGETHER: usize = 2;

/// Another code that may mean the same: not where both have names, and these differ; nor, of those that differ in letters that look alike or in zeros, where both
/// have cases in usual numbers in the same months.
pub(super) fn near_code(
    places: &Places<'_>,
    (code, place): (&str, &Place),
    names: &BTreeMap<String, String>,
) -> Option<Found> {
    let group = places.alike(plain).get(&plain(code))?;
    let others = group.iter().filter(|(other, _)| other != code && !are_two(places, (code, place), other, names));
    let others: Vec<&(String, u64)> = others.collect();
    let own = places.disclosure.most(place.cases);
    let all: u64 = others.iter().map(|(_, cases)| cases).sum::<u64>() + place.cases;
    let said: Vec<String> =
        others.iter().map(|(other, _)| format!("from `{other}` in {}", difference(code, other))).collect();
    if said.is_empty() {
        return None;
    }
    let bound = if own == place.cases { "" } else { "at most " };
    let text = format!(
        "its code differs {}: they may be one organisation, of which `{code}` would hold {bound}{} of the cases",
        listed(&said),
        percent((own as f64 / all.max(1) as f64).min(1.0))
    );
    let effect = "If they are one, it is compared as two, each with fewer cases than it has.".to_owned();
    Some(Found::new(CauseKind::NearCode, text, effect))
}

/// Whether two codes that are nearly equal are surely of two organisations.
fn are_two(places: &Places<'_>, (code, place): (&str, &Place), other: &str, names: &BTreeMap<String, String>) -> bool {
    if names.get(code).zip(names.get(other)).is_some_and(|(one, other)| one != other) {
        return true;
    }
    let Some(other_place) = places.of(other).filter(|_| letters(code) != letters(other)) else { return false };
    let usual = places.usual(("cases", 0, None), |place| Some(place.cases as f64)).map_or(0, |usual| usual as u64);
    let is_usual = |of: &Place| of.cases.saturating_mul(USUAL) >= usual;
    let months = |of: &Place| of.months.len();
    let together = place.months.keys().filter(|month| other_place.months.contains_key(month)).count();
    let fewer = months(place).min(months(other_place));
    is_usual(place) && is_usual(other_place) && together * TOGETHER >= fewer
}

/// In what two codes differ that are one once put plainly.
fn difference(code: &str, other: &str) -> String {
    let (own, others) = (letters(code), letters(other));
    if own == others {
        let blind = |text: &str| text.to_uppercase();
        let signs = |text: &str| -> String { text.chars().filter(|letter| letter.is_alphanumeric()).collect() };
        return match (blind(code) == blind(other), signs(code) == signs(other)) {
            (true, _) => "nothing but capitals".to_owned(),
            (_, true) => "nothing but blanks or signs".to_owned(),
            _ => "nothing but capitals, blanks or signs".to_owned(),
        };
    }
    if own.chars().count() != others.chars().count() {
        return "zeros before a number".to_owned();
    }
    let mut apart: Vec<String> = Vec::new();
    for (one, other) in own.chars().zip(others.chars()).filter(|(one, other)| one != other) {
        let said = format!("`{one}` for `{other}`");
        if !apart.contains(&said) {
            apart.push(said);
        }
    }
    format!("{} alone", listed(&apart))
}

/// A code in capitals, without blanks and signs.
fn letters(code: &str) -> String {
    code.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

/// The same with letters that look like digits as these, and without zeros before a number.
fn plain(code: &str) -> String {
    let mut out = String::new();
    let mut number = false;
    for letter in letters(code).chars() {
        let letter = match letter {
            'O' => '0',
            'I' | 'L' => '1',
            letter => letter,
        };
        if letter == '0' && !number {
            continue;
        }
        number = letter.is_ascii_digit();
        out.push(letter);
    }
    out
}
