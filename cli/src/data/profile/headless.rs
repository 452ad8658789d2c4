//! Whether the first row of delimited text names its columns. One that holds values is no header, and of it nothing may be shown.

use super::column::is_number;
use super::times::is_time;
use csv::StringRecord;

/// A name of a column that stands alone is not longer.
const LONGEST: usize = 60;

/// Whether all its texts may be names of columns.
pub(super) fn is_header(row: &StringRecord) -> bool {
    let holds_digit = |text: &str| text.bytes().any(|byte| byte.is_ascii_digit());
    if row.len() == 1 {
        // Nothing stands between fields: it may be a line of any text.
        return row.iter().all(|text| !holds_digit(text) && text.chars().count() <= LONGEST);
    }
    !row.iter().map(str::trim).any(is_value)
}

/// Whether a text is a number, a time, or digits with signs between them, as numbers of patients are written.
fn is_value(text: &str) -> bool {
    let is_digits = || text.len() >= 6 && text.bytes().all(|byte| byte.is_ascii_digit() || b" -/".contains(&byte));
    is_number(text) || is_digits() || is_time(text)
}
