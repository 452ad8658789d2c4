//! NHS numbers: ten digits, of which the last checks the others.
//!
//! NHS Data Dictionary, NHS NUMBER: the first nine digits are weighted by 10, 9, … 2 and added up; 11 less the remainder of the sum by 11 is
//! the check digit, 11 standing for 0. Where that would be 10, there is no such number.

/// The least that a number can be: ten noughts are a filler.
pub const LOWEST: i64 = 1;
/// The greatest.
pub const HIGHEST: i64 = 9_999_999_999;

/// Why a text is no NHS number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotOne {
    /// It does not have ten digits, alone or as 3, 3 and 4 with a space or a hyphen between.
    Form,
    /// Its last digit does not fit the others.
    Check,
}

/// An NHS number as a whole number.
///
/// # Errors
/// Why it is none; the text is not repeated.
pub fn read(text: &str) -> Result<i64, NotOne> {
    let mut digits = Vec::with_capacity(10);
    for (place, byte) in text.bytes().enumerate() {
        match byte {
            b'0'..=b'9' => digits.push(i64::from(byte - b'0')),
            b' ' | b'-' if text.len() == 12 && matches!(place, 3 | 7) => {}
            _ => return Err(NotOne::Form),
        }
    }
    if digits.len() != 10 {
        return Err(NotOne::Form);
    }
    let number = digits.iter().fold(0, |number, digit| number * 10 + digit);
    let weighted: i64 = digits.iter().zip((2..=10).rev()).map(|(digit, weight)| digit * weight).sum();
    let check = match 11 - weighted % 11 {
        11 => 0,
        check => check,
    };
    if digits.last() == Some(&check) && number >= LOWEST { Ok(number) } else { Err(NotOne::Check) }
}

/// An NHS number as it is written without spaces.
#[must_use]
pub fn show(number: i64) -> String {
    format!("{number:010}")
}
