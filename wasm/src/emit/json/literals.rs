//! Texts in the constant data. A text is one integer: where it stands there, counted from 1, and, in the low 8 bits, how many bytes it has; so
//! that any part of what stands there already serves as a text of its own. Of longer ones those bits are 0, and four bytes before the text say
//! how many.

use crate::emit::assembler::{Bin, EmitError, Node, address, int};
use crate::emit::walk::Context;

/// What belongs where an instant is asked for.
pub(super) const INSTANT: &str = "a time with its zone, such as 2026-03-29T09:00:00Z";

/// Where a form has a name, and the other.
pub(super) const NAME: char = '\u{1}';
pub(super) const OTHER: char = '\u{2}';

/// Bits of a text that say how long it is.
const LENGTH_BITS: u32 = 8;

/// A text.
pub(super) fn literal(context: &mut Context<'_>, text: &str) -> Result<u32, EmitError> {
    let length = address(text.len())?;
    let is_short = (1..1 << LENGTH_BITS).contains(&length);
    let start = if is_short {
        context.constant(text.as_bytes())?
    } else {
        context.constant(&[length.to_le_bytes().as_slice(), text.as_bytes()].concat())?
    };
    let start = start - base(context);
    // What is negative means something else, see `faults`.
    if start >= 1 << (31 - LENGTH_BITS) {
        return Err(EmitError::TooLarge("8 MB of constant data"));
    }
    Ok(start << LENGTH_BITS | if is_short { length } else { 0 })
}

/// The address from which texts are counted: no text stands there, so that none is 0.
fn base(context: &Context<'_>) -> u32 {
    context.data.texts_at() - 1
}

/// The address of a text, and its bytes; 0 where they stand before it.
pub(super) fn parts_of(context: &Context<'_>, text: &Node) -> (Node, Node) {
    let address = text.bin(Bin::ShrU, &int(i64::from(LENGTH_BITS))).add(&int(i64::from(base(context))));
    (address, text.bin(Bin::And, &int((1 << LENGTH_BITS) - 1)))
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

/// So many integers.
pub(super) fn list(context: &mut Context<'_>, of: &[u32]) -> Result<u32, EmitError> {
    let bytes: Vec<u8> = of.iter().flat_map(|address| address.to_le_bytes()).collect();
    if bytes.is_empty() { Ok(0) } else { context.constant(&bytes) }
}

/// Names one after the other, each after its length in one byte; a 0 ends them.
pub(super) fn names(context: &mut Context<'_>, of: &[String]) -> Result<u32, EmitError> {
    let mut bytes = Vec::new();
    for name in of {
        bytes.push(short(name)?);
        bytes.extend(name.as_bytes());
    }
    bytes.push(0);
    context.constant(&bytes)
}

/// The length of a name, in one byte.
pub(super) fn short(name: &str) -> Result<u8, EmitError> {
    u8::try_from(name.len()).map_err(|_| EmitError::TooLarge("a name of 256 bytes"))
}
