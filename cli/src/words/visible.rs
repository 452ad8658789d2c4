//! Text as it may be shown anywhere, whatever a name or a title has in it.

use concord_engine::values::visible::{is_invisible, turns_direction};
use std::borrow::Cow;

/// Whether a text could do something to what shows it: move the cursor, or turn the direction of what follows.
#[must_use]
pub fn acts(text: &str) -> bool {
    text.chars().any(|c| c.is_control() || turns_direction(c))
}

/// A text as it may be shown anywhere: what would act is written out, `\u001b`. Ends of lines and tabs stay.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    let acting = |c: char| (c.is_control() && !matches!(c, '\n' | '\r' | '\t')) || turns_direction(c);
    let mut rest = text;
    loop {
        // What is plain is whole characters.
        let mut chars = rest.get(plain(rest.as_bytes())..).unwrap_or_default().chars();
        match chars.next() {
            None => return Cow::Borrowed(text),
            Some(c) if acting(c) => break,
            Some(_) => rest = chars.as_str(),
        }
    }
    let mut written = String::with_capacity(text.len());
    for c in text.chars() {
        if acting(c) {
            written.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            written.push(c);
        }
    }
    Cow::Owned(written)
}

/// How many bytes of a text, from the first on, are known to do nothing: most are gone through side by side.
fn plain(bytes: &[u8]) -> usize {
    let is_plain = |byte: &u8| byte.wrapping_sub(b' ') <= b'~' - b' ' || matches!(*byte, b'\n' | b'\r' | b'\t');
    let (blocks, _) = bytes.as_chunks::<32>();
    let all_plain = |block: &&[u8; 32]| block.iter().fold(true, |all, byte| all & is_plain(byte));
    let whole = 32 * blocks.iter().take_while(all_plain).count();
    whole + bytes.iter().skip(whole).take_while(|byte| is_plain(byte)).count()
}

/// Text as it may stand in a cell of a spreadsheet: one that would start a formula, in ASCII or full width, gets an apostrophe in front.
#[must_use]
pub fn no_formula(text: &str) -> Cow<'_, str> {
    let starts = |c: char| matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠' | '−');
    let unseen = |c: char| c == ' ' || c == '\u{a0}' || is_invisible(c);
    if text.trim_start_matches(unseen).starts_with(starts) {
        return Cow::Owned(format!("'{text}"));
    }
    Cow::Borrowed(text)
}
