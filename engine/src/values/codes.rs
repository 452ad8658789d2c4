//! Codes and organisations as numbers, so that comparing them is exact and needs no dictionary.
//!
//! A code of digits alone, without a leading zero and of at most 18 digits (SNOMED CT), is that number. Any other code of up to
//! 11 characters from `0-9`, `A-Z` and `.-_` (ICD-10, OPCS-4, organisation codes, national codes such as `01`) is packed in
//! base 40 and negated, so that no two codes share a number. Letters are read without regard to case.

const ALPHABET: &[u8; 40] = b" 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ.-_";
/// The least packed code.
pub const LOWEST: i64 = -(1 << 59);
/// The greatest.
pub const HIGHEST: i64 = 999_999_999_999_999_999;

/// A code as a number; `None` where it is empty, too long or has other characters.
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

/// The code of a number.
#[must_use]
pub fn unpack(value: i64) -> String {
    if value >= 0 {
        return value.to_string();
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
