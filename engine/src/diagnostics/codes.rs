//! Every code a message can have, with its title and its page.
//!
//! A new code is one line here and one page in `pages/`. The families: E01 characters and words, E02
//! grammar, E03 names, E04 tables, E05 types and units, E06 numbers and ranges, E07 metadata, E08 members
//! and parameters, E09 obligations, clocks and measures; W for what builds but should be looked at.

use super::Code;

/// A code and what `concord explain` says of it.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The code.
    pub code: Code,
    /// One line.
    pub title: &'static str,
    /// Markdown: the meaning, a wrong example, the mended text.
    pub page: &'static str,
}

macro_rules! codes {
    ($($name:ident $title:literal)*) => {
        $(#[doc = $title] pub const $name: Code = Code(stringify!($name));)*

        /// All codes in order.
        pub const ALL: &[Entry] = &[
            $(Entry { code: $name, title: $title, page: include_str!(concat!("pages/", stringify!($name), ".md")) },)*
        ];
    };
}

codes! {
    E0101 "a character that the language does not have"
    E0102 "text without its closing quote"
    E0103 "a number that cannot be held exactly"
    E0104 "a date or time that does not exist"
    E0105 "a date written in another form"
    E0106 "a file that is too large"
    E0201 "something else belongs here"
    E0202 "a word that is nearly a word of the language"
    E0203 "a bracket that is never closed"
    E0204 "`if` without `else`"
    E0205 "a comparison with more than two sides"
    E0206 "nested too deeply, or too long"
    E0207 "a table row that does not fit its header"
    E0208 "a word of the language used as a name"
    E0209 "two entries with nothing between them"
    E0210 "a word after a number that is not a unit"
    E0211 "a closing bracket with nothing to close"
}

/// The entry of a code, by its spelling: `E0409`.
#[must_use]
pub fn find(code: &str) -> Option<&'static Entry> {
    ALL.iter().find(|entry| entry.code.0.eq_ignore_ascii_case(code))
}
