//! Codes and organisations as numbers, so that comparing them is exact.
//!
//! A code has 1 to 40 characters that are seen; a blank may stand within it, not at its ends. The letters `a` to `z` are read without
//! regard to case, and shown as capitals; everything else counts as written.
//!
//! * A code of digits alone, without a leading zero and of at most 18 digits (SNOMED CT), is that number.
//! * Any other code of up to 11 characters from `0-9`, `A-Z` and `.-_` (ICD-10, OPCS-4, organisation codes, national codes such as
//!   `01`) is packed in base 40 and negated, so that no two codes share a number.
//! * Every other code (`?`, `A&E`, `E11.9 D`, `1.2.840.10008.5.1.4.1.1.2`) has the number of its place in a list: of the codes that the
//!   package names, or else of those that the case brings. Nothing is hashed, so nothing collides.
//!
//! The three kinds lie in parts of the range of their own. Codes have no order, so nothing but equality sees the numbers.

use super::visible::is_seen;
use std::collections::BTreeMap;

const ALPHABET: &[u8; 40] = b" 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ.-_";
/// The least number of a code.
pub const LOWEST: i64 = -(1 << 59);
/// The greatest.
pub const HIGHEST: i64 = 999_999_999_999_999_999;
/// The number of the first code that a package lists; each further one is [`STEP`] less. No packed code is as low.
pub const OF_PACKAGE: i64 = -420_000_000_000_000_000;
/// The number of the first code that only a case brings; each further one is [`STEP`] less.
pub const OF_CASE: i64 = -500_000_000_000_000_000;
/// How far apart listed codes are: no two lie side by side, so that nothing takes them for a range.
pub const STEP: i64 = 2;
/// The most characters of a code.
pub const MOST_CHARACTERS: usize = 40;

/// A code as a number by itself; `None` where it is no code, or one that must be listed.
#[must_use]
pub fn pack(code: &str) -> Option<i64> {
    let digits = code.bytes().all(|b| b.is_ascii_digit());
    if digits && !code.is_empty() && code.len() <= 18 && (code == "0" || !code.starts_with('0')) {
        return code.parse().ok();
    }
    if code.is_empty() || code.len() > 11 {
        return None;
    }
    let mut packed: i64 = 0;
    for byte in code.bytes() {
        let digit = ALPHABET.iter().position(|a| *a == byte.to_ascii_uppercase()).filter(|d| *d > 0)?;
        packed = packed * 40 + i64::try_from(digit).ok()?;
    }
    Some(-packed)
}

/// Whether a text can be a code.
#[must_use]
pub fn is_code(text: &str) -> bool {
    let ends = text.starts_with(' ') || text.ends_with(' ');
    !text.is_empty() && !ends && text.chars().count() <= MOST_CHARACTERS && text.chars().all(is_seen)
}

/// The code of a number that is known without a list; of a listed one only which it is.
#[must_use]
pub fn unpack(value: i64) -> String {
    if value >= 0 {
        return value.to_string();
    }
    if value <= OF_CASE {
        return format!("code {} of the case", (OF_CASE - value) / STEP + 1);
    }
    if value <= OF_PACKAGE {
        return format!("code {} of the package", (OF_PACKAGE - value) / STEP + 1);
    }
    let mut left = value.unsigned_abs();
    let mut text = Vec::new();
    while left > 0 {
        let digit = usize::try_from(left % 40).unwrap_or(0);
        text.push(ALPHABET.get(digit).copied().unwrap_or(b'?'));
        left /= 40;
    }
    text.reverse();
    String::from_utf8_lossy(&text).into_owned()
}

/// Codes that do not pack, in the order in which they came: each has its place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Codes {
    texts: Vec<String>,
    places: BTreeMap<String, i64>,
}

impl Codes {
    /// The codes in order, in capitals.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.texts.iter().map(String::as_str)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// The number of a code of a package, which comes to be listed where it must be; none where it is no code.
    pub fn number(&mut self, code: &str) -> Option<i64> {
        self.find(code).or_else(|| is_code(code).then(|| OF_PACKAGE - STEP * self.add(code)))
    }

    /// The number of a code that packs, or that a package lists.
    #[must_use]
    pub fn find(&self, code: &str) -> Option<i64> {
        pack(code).or_else(|| self.places.get(&capitals(code)).map(|place| OF_PACKAGE - STEP * place))
    }

    /// The place of a code, at the end where it is new.
    fn add(&mut self, code: &str) -> i64 {
        let code = capitals(code);
        if let Some(place) = self.places.get(&code) {
            return *place;
        }
        let place = self.texts.len() as i64;
        self.texts.push(code.clone());
        self.places.insert(code, place);
        place
    }

    /// The code whose number is so far below the first.
    fn below(&self, first: i64, value: i64) -> Option<&str> {
        let apart = first.checked_sub(value).filter(|apart| apart % STEP == 0)?;
        usize::try_from(apart / STEP).ok().and_then(|place| self.texts.get(place)).map(String::as_str)
    }

    /// The text of a number that a case gave to one of these.
    #[must_use]
    pub fn text_of_case(&self, value: i64) -> Option<&str> {
        self.below(OF_CASE, value)
    }

    /// The text of a number that a package gave to one of these.
    #[must_use]
    pub fn text(&self, value: i64) -> Option<&str> {
        self.below(OF_PACKAGE, value).filter(|_| value > OF_CASE)
    }
}

fn capitals(code: &str) -> String {
    code.to_ascii_uppercase()
}

/// For reading a case: the codes that its package lists, and those that the case brings.
#[derive(Debug)]
pub struct Codebook<'a> {
    /// Of the package.
    pub package: &'a Codes,
    /// Of the case.
    pub case: &'a mut Codes,
}

impl Codebook<'_> {
    /// The number of a code; none where it is no code.
    pub fn number(&mut self, code: &str) -> Option<i64> {
        self.package.find(code).or_else(|| is_code(code).then(|| OF_CASE - STEP * self.case.add(code)))
    }
}
