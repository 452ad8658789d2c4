//! The words and signs of a rule file, each with its place.

use super::tree::Date;
use crate::text::Span;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A name or keyword.
    Name,
    /// A unit of measure; only read after a number or the word `to`.
    Unit,
    /// `1_000`, `2.05`, `£135_018`.
    Number {
        /// All digits as one integer.
        digits: i64,
        /// How many of them stand after the point.
        places: u8,
        /// Written with `£` before it.
        pounds: bool,
    },
    /// `3rd`
    Ordinal(u32),
    /// `1.0.0`
    Version,
    /// `"…"`, on one line.
    Text,
    /// `2026-04-01`
    Date(Date),
    /// `2026-01-05 10:00[:30][Z]`
    DateTime {
        /// Milliseconds of local or UTC civil time since 1970.
        civil_ms: i64,
        /// Written with `Z`.
        utc: bool,
    },
    /// `10:00[:30]`, milliseconds after midnight.
    Time(i64),
    /// `{`, `<=`, `..` and so on.
    Sign(&'static str),
    /// Characters that mean nothing; already reported.
    Stray,
    /// After the last token.
    End,
}

/// A token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// Where.
    pub span: Span,
    /// Nothing but white space stands before it on its line.
    pub starts_line: bool,
}

/// `// …` or `/// …`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comment {
    /// From the first slash to the end of the line.
    pub span: Span,
    /// Three slashes.
    pub doc: bool,
    /// The index of the token that follows.
    pub before: usize,
    /// Nothing but white space stands before it on its line.
    pub starts_line: bool,
}

/// A text cut into tokens; the last is always [`Kind::End`].
#[derive(Clone, Debug, Default)]
pub struct Lexed {
    /// In order.
    pub tokens: Vec<Token>,
    /// In order.
    pub comments: Vec<Comment>,
}
