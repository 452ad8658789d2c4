//! Source text: files, and spans that point into them.
//!
//! Everything later in the pipeline speaks of source text through a [`Span`]; only the diagnostics
//! renderer turns one back into lines and columns.

/// A rule file as handed in by the caller: the engine itself reads no files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// The name shown in messages, usually a path relative to where the command was run.
    pub name: String,
    /// The whole text, UTF-8.
    pub text: String,
}

/// A byte range in one of the sources of a compilation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// Which source: its place in the list given to the compiler.
    pub source: u32,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// Whether `other` lies in this.
    #[must_use]
    pub fn covers(self, other: Span) -> bool {
        self.source == other.source && self.start <= other.start && other.end <= self.end
    }

    /// The smallest span that covers both; `self`'s source wins where they differ.
    #[must_use]
    pub fn to(self, other: Span) -> Span {
        Span { source: self.source, start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// A value and where it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spanned<T> {
    /// What was written.
    pub node: T,
    /// Where.
    pub span: Span,
}

/// Line and column, both counted from 1, of a byte offset; columns count characters.
#[must_use]
pub fn line_and_column(text: &str, offset: u32) -> (usize, usize) {
    let upto = usize::try_from(offset).unwrap_or(usize::MAX).min(text.len());
    let before = text.get(..upto).unwrap_or(text);
    let line = before.bytes().filter(|b| *b == b'\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |tail| tail.chars().count()) + 1;
    (line, column)
}

/// A text with the line ends of an old Mac or of some databases, a carriage return alone, read as line ends; each place stays where it is.
#[must_use]
pub fn with_line_ends(text: String) -> String {
    let alone = |at: usize| text.as_bytes().get(at + 1) != Some(&b'\n');
    if !text.bytes().enumerate().any(|(at, byte)| byte == b'\r' && alone(at)) {
        return text;
    }
    let ends = |(at, c): (usize, char)| if c == '\r' && alone(at) { '\n' } else { c };
    text.char_indices().map(ends).collect()
}
