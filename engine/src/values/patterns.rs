//! How what cases are written in looks: regular expressions for the schemas that say so to other people's tools, of JSON Schema, which are those of
//! ECMAScript; and identifiers.

/// An instant with its zone.
pub const INSTANT: &str = r"^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?([Zz]|[+-]\d{2}(:?\d{2})?)$";
/// A day.
pub const DATE: &str = r"^\d{4}-\d{2}-\d{2}$";
/// A time of day.
pub const CLOCK: &str = r"^\d{2}:\d{2}(:\d{2}(\.\d+)?)?$";
/// A length of time, in words or by ISO 8601.
pub const DURATION: &str = r"^\s*-?\s*(\d+\s+(weeks?|days?|h|min|s|ms)(\s+\d+\s+(weeks?|days?|h|min|s|ms))*|P(\d+W)?(\d+D)?(T(\d+H)?(\d+M)?(\d+([.,]\d+)?S)?)?)\s*$";
/// The sign before a value beyond which another lies; something follows.
pub const EDGE: &str = r"^(<=?|>=?|≤|≥)\s*";
/// A number after that sign, to the end.
pub const NUMERAL: &str = r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$";
/// An NHS number, whose last digit checks the others, which no pattern does.
pub const NHS_NUMBER: &str = "^[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4}$";
/// A label: no control character, and none that turns the direction of the text.
pub const LABEL: &str = r"^[^\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]*$";
/// The most characters of a label; it has one at least.
pub const MAX_LABEL: usize = 1_000;

/// Whether a text is a UUID as it is usually written: 32 hexadecimal digits in five groups (RFC 9562).
#[must_use]
pub fn is_uuid(text: &str) -> bool {
    let lengths = text.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12]) && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}
