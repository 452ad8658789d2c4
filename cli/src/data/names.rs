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
    has_tidy_ends(text) && text.is_ascii()
}

/// Whether a text, which is plain, has no blank at either end.
#[inline]
#[must_use]
pub fn has_tidy_ends(text: &str) -> bool {
    let bytes = text.as_bytes();
    let stands = |byte: Option<&u8>| byte.is_none_or(u8::is_ascii_graphic);
    stands(bytes.first()) && stands(bytes.last())
}

/// A blank other than the plain one: no-break, narrow, wide.
fn is_odd_blank(c: char) -> bool {
    c.is_whitespace() && !c.is_ascii()
}

/// Names that differ from another only in capitals, blanks, accents or letters that look alike, those alike together; a letter and its accent may be written as
/// one or as two.
pub fn twins<'a>(names: impl Iterator<Item = &'a str>) -> Vec<Vec<&'a str>> {
    let mut folded: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for name in names {
        folded.entry(plain(name).collect()).or_default().push(name);
    }
    folded.into_values().filter(|alike| alike.len() > 1).collect()
}

/// What is left of a name without capitals, blanks and accents; letters of other alphabets that look like Latin ones are these.
fn plain(name: &str) -> impl Iterator<Item = char> {
    let letters = name.chars().filter(|c| !c.is_whitespace() && !('\u{300}'..='\u{36f}').contains(c));
    letters.flat_map(char::to_lowercase).map(without_accent)
}

/// A number of 128 bits that names have in common where they differ only in capitals, blanks, accents or letters that look alike, and no two that differ otherwise.
#[must_use]
pub fn folded(name: &str) -> [u64; 2] {
    if name.is_ascii() {
        // Plain letters have no accents and one small form each.
        let letters = name.bytes().map(|byte| char::from(byte.to_ascii_lowercase()));
        return number_of(letters.filter(|letter| !letter.is_whitespace()));
    }
    number_of(plain(name))
}

/// What a program that takes a text for a number may do to the name of a case, and what this one has of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Zeros {
    /// `000123`: zeros that others may have lost.
    pub before: bool,
    /// `123.0`: zeros after a point.
    pub after: bool,
}

/// A name without the zeros before its numbers and those after a point, part by part, and which of these it has; nothing where it has none.
#[must_use]
pub fn without_zeros(name: &str) -> Option<(String, Zeros)> {
    if name.split('/').all(|part| number_of_part(part).is_none()) {
        return None;
    }
    let mut all = Zeros::default();
    let parts = name.split('/').map(|part| {
        let Some((plain, has)) = number_of_part(part) else { return part };
        all = Zeros { before: all.before || has.before, after: all.after || has.after };
        plain
    });
    let plain = parts.collect::<Vec<_>>().join("/");
    (all != Zeros::default()).then_some((plain, all))
}

/// A part that is a number and nothing else, without its zeros.
fn number_of_part(part: &str) -> Option<(&str, Zeros)> {
    // Most names end and begin otherwise, and are let go at a glance.
    let (whole, point) = part.strip_suffix('0').and_then(|_| part.split_once('.')).unwrap_or((part, ""));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let has = Zeros { before: whole.len() > 1 && whole.starts_with('0'), after: !point.is_empty() };
    if has == Zeros::default() || !digits(whole) || point.bytes().any(|byte| byte != b'0') {
        return None;
    }
    let plain = whole.trim_start_matches('0');
    // Of zeros alone one is left.
    let plain = if plain.is_empty() { whole.get(whole.len() - 1..).unwrap_or(whole) } else { plain };
    Some((plain, has))
}

/// Whether a part of a name is what a spreadsheet makes of a long number: `1.23E+05`.
#[must_use]
pub fn is_shortened(name: &str) -> bool {
    let shortened = |part: &str| {
        let Some((before, after)) = part.split_once(['E', 'e']) else { return false };
        let Some(power) = after.strip_prefix('+') else { return false };
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let (whole, rest) = before.split_once(['.', ',']).unwrap_or((before, "0"));
        digits(power) && digits(whole) && digits(rest)
    };
    name.contains('+') && name.split('/').any(shortened)
}

/// A number made of letters, in two halves that are mixed each in its own way.
pub fn number_of(letters: impl Iterator<Item = char>) -> [u64; 2] {
    let start = [0x9e37_79b9_7f4a_7c15_u64, 0xc2b2_ae3d_27d4_eb4f];
    let [a, b] = letters.fold(start, |[a, b], letter| {
        let letter = u64::from(u32::from(letter)) + 1;
        let a = (a.rotate_left(27) ^ letter).wrapping_mul(0x9fb2_1c65_1e98_df25);
        let b = (b.rotate_left(31) ^ letter).wrapping_mul(0xd6e8_feb8_6659_fd93) ^ (a >> 29);
        [a, b]
    });
    [a, b].map(|half| (half ^ (half >> 32)).wrapping_mul(0xe703_7ed1_a0b4_28db)).map(|half| half ^ (half >> 29))
}

/// How many names differ from another only so.
pub fn near_twins<'a>(names: impl Iterator<Item = &'a str>) -> u64 {
    twins(names).iter().map(|alike| alike.len() as u64).sum()
}

/// The Latin letters that have an accent of their own, by the letter without it; and what looks like them in Cyrillic and Greek.
const ACCENTED: &[(char, &str)] = &[
    ('a', "àáâãäåāăąаα"),
    ('b', "вβ"),
    ('c', "çćĉċčс"),
    ('d', "ď"),
    ('e', "èéêëēĕėęěеε"),
    ('g', "ĝğġģ"),
    ('h', "ĥнη"),
    ('i', "ìíîïĩīĭįіι"),
    ('j', "ĵј"),
    ('k', "ķкκ"),
    ('l', "ĺļľ"),
    ('m', "мμ"),
    ('n', "ñńņňν"),
    ('o', "òóôõöōŏőоο"),
    ('p', "рρ"),
    ('r', "ŕŗř"),
    ('s', "śŝşšѕ"),
    ('t', "ţťтτ"),
    ('u', "ùúûüũūŭůűų"),
    ('w', "ŵ"),
    ('x', "хχ"),
    ('y', "ýÿŷуυ"),
    ('z', "źżžζ"),
];

fn without_accent(letter: char) -> char {
    if letter.is_ascii() {
        return letter;
    }
    ACCENTED.iter().find(|(_, accented)| accented.contains(letter)).map_or(letter, |(plain, _)| *plain)
}
