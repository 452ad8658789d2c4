//! Names as an export means them: without the blanks around them and the characters that nobody sees.
//!
//! An identifier pasted from a spreadsheet or a web page may carry a zero-width joiner or a no-break space, and one patient would
//! become two. What differs in more than that stays apart, and is told.

use concord_engine::values::visible::is_invisible;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A text without blanks around it and characters that nobody sees; a blank of another width within it is a plain one.
#[must_use]
pub fn tidy(text: &str) -> Cow<'_, str> {
    if is_tidy(text) {
        return Cow::Borrowed(text);
    }
    if text.is_ascii() || !text.chars().any(|c| is_invisible(c) || is_odd_blank(c)) {
        return Cow::Borrowed(text.trim());
    }
    let seen = text.chars().filter(|c| !is_invisible(*c)).map(|c| if is_odd_blank(c) { ' ' } else { c });
    Cow::Owned(seen.collect::<String>().trim().to_owned())
}

/// Whether a text is plain and has no blank at either end, as nearly all are.
fn is_tidy(text: &str) -> bool {
    let bytes = text.as_bytes();
    let stands = |byte: Option<&u8>| byte.is_none_or(u8::is_ascii_graphic);
    stands(bytes.first()) && stands(bytes.last()) && bytes.is_ascii()
}

/// A blank other than the plain one: no-break, narrow, wide.
fn is_odd_blank(c: char) -> bool {
    c.is_whitespace() && !c.is_ascii()
}

/// Names that differ from another only in capitals, blanks or accents, those alike together; a letter and its accent may be written as
/// one or as two.
pub fn twins<'a>(names: impl Iterator<Item = &'a str>) -> Vec<Vec<&'a str>> {
    let mut folded: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for name in names {
        let letters = name.chars().filter(|c| !c.is_whitespace() && !('\u{300}'..='\u{36f}').contains(c));
        let plain = letters.flat_map(char::to_lowercase).map(without_accent);
        folded.entry(plain.collect()).or_default().push(name);
    }
    folded.into_values().filter(|alike| alike.len() > 1).collect()
}

/// How many names differ from another only so.
pub fn near_twins<'a>(names: impl Iterator<Item = &'a str>) -> u64 {
    twins(names).iter().map(|alike| alike.len() as u64).sum()
}

/// The Latin letters that have an accent of their own, by the letter without it.
const ACCENTED: &[(char, &str)] = &[
    ('a', "àáâãäåāăą"),
    ('c', "çćĉċč"),
    ('d', "ď"),
    ('e', "èéêëēĕėęě"),
    ('g', "ĝğġģ"),
    ('h', "ĥ"),
    ('i', "ìíîïĩīĭį"),
    ('j', "ĵ"),
    ('k', "ķ"),
    ('l', "ĺļľ"),
    ('n', "ñńņň"),
    ('o', "òóôõöōŏő"),
    ('r', "ŕŗř"),
    ('s', "śŝşš"),
    ('t', "ţť"),
    ('u', "ùúûüũūŭůűų"),
    ('w', "ŵ"),
    ('y', "ýÿŷ"),
    ('z', "źżž"),
];

fn without_accent(letter: char) -> char {
    if letter.is_ascii() {
        return letter;
    }
    ACCENTED.iter().find(|(_, accented)| accented.contains(letter)).map_or(letter, |(plain, _)| *plain)
}
