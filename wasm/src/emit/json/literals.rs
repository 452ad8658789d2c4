//! Texts in the constant data, each with its length before it.

use crate::emit::assembler::{EmitError, address};
use crate::emit::walk::Context;

/// What belongs where an instant is asked for.
pub(super) const INSTANT: &str = "a time with its zone, such as 2026-03-29T09:00:00Z";

/// The address of a text with its length before it.
pub(super) fn literal(context: &mut Context<'_>, text: &str) -> Result<u32, EmitError> {
    let length = address(text.len())?;
    context.constant(&[length.to_le_bytes().as_slice(), text.as_bytes()].concat())
}

/// A text as it stands between quotes in JSON.
pub(crate) fn escaped(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' => written.push_str("\\\""),
            '\\' => written.push_str("\\\\"),
            '\u{8}' => written.push_str("\\b"),
            '\u{c}' => written.push_str("\\f"),
            '\n' => written.push_str("\\n"),
            '\r' => written.push_str("\\r"),
            '\t' => written.push_str("\\t"),
            c if c < ' ' => written.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => written.push(c),
        }
    }
    written
}

/// So many addresses.
pub(super) fn list(context: &mut Context<'_>, of: &[u32]) -> Result<u32, EmitError> {
    let bytes: Vec<u8> = of.iter().flat_map(|address| address.to_le_bytes()).collect();
    if bytes.is_empty() { Ok(0) } else { context.constant(&bytes) }
}
