//! Headings and fenced blocks of a Markdown file, as far as cases need them.
//!
//! A block is closed by a fence of its own sign, at least as long as the one that opened it. A block of cases that reaches the
//! next heading or the next fence with a name was never closed.

use crate::diagnostics::{Diagnostic, codes};
use crate::syntax::spelling::nearest;
use crate::text::{Span, Spanned};

/// What the reader sees of a file.
pub enum Piece<'a> {
    Heading(Heading),
    Block(Block<'a>),
}

/// `## The day before`
pub struct Heading {
    pub name: Spanned<String>,
    /// How many `#`.
    pub level: usize,
}

/// A fenced block.
pub struct Block<'a> {
    /// The line of its opening fence.
    pub opener: Span,
    /// What stands between the fences.
    pub body: &'a str,
    /// Where that begins in the file.
    pub body_at: u32,
    fence: Fence<'a>,
    /// The line that shows that the block was never closed; the end of the file where it has no other.
    unclosed: Option<Span>,
}

/// A line of at least three backticks or tildes, and what follows them.
#[derive(Clone, Copy)]
struct Fence<'a> {
    sign: char,
    length: usize,
    name: &'a str,
    /// It stands in a quotation or begins an item of a list.
    inside: bool,
}

impl<'a> Fence<'a> {
    fn of(line: &'a str) -> Option<Fence<'a>> {
        let bare = line.trim_start();
        let outside = bare.trim_start_matches([' ', '\t', '>', '-', '*', '+']);
        let sign = outside.chars().next().filter(|c| matches!(c, '`' | '~'))?;
        let name = outside.trim_start_matches(sign);
        let length = outside.len() - name.len();
        let inline = sign == '`' && name.contains('`');
        let inside = outside.len() < bare.len();
        (length >= 3 && !inline).then_some(Fence { sign, length, name: name.trim(), inside })
    }

    fn is_case(self) -> bool {
        self.sign == '`' && !self.inside && self.name == "case"
    }

    fn is_background(self) -> bool {
        self.sign == '`' && !self.inside && self.name == "background"
    }

    /// Whether what stands in it is read.
    fn is_read(self) -> bool {
        self.is_case() || self.is_background()
    }

    /// Whether its name was meant to be `case`.
    fn means_case(self) -> bool {
        let mut words = self.name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words.any(|word| {
            word.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("case"))
                || nearest(word, ["case", "background"]).is_some()
        })
    }

    fn is_closed_by(self, line: Fence<'_>) -> bool {
        line.sign == self.sign && line.length >= self.length && line.name.is_empty() && line.inside <= self.inside
    }

    /// Whether a block with this fence cannot go on over a line.
    fn ends_before(self, line: &str, fence: Option<Fence<'_>>) -> bool {
        let other_case = fence.is_some_and(|f| f.means_case() && f.sign == self.sign && f.length >= self.length);
        let named = fence.is_some_and(|f| !f.name.is_empty());
        other_case || (self.is_read() && (named || level(line) > 0))
    }
}

impl Block<'_> {
    /// Whether it is read as a case.
    pub fn is_case(&self) -> bool {
        self.fence.is_case()
    }

    /// Whether it is read as what several cases have.
    pub fn is_background(&self) -> bool {
        self.fence.is_background()
    }

    /// What is wrong with its fences; `reads_as_case` says that the body alone would be a case.
    pub fn fault(&self, reads_as_case: bool) -> Option<Diagnostic> {
        if let Some(before) = self.unclosed {
            let fault = Diagnostic::error(codes::E1002, self.opener, "this block is not closed", "opened here");
            let close = self.fence.sign.to_string().repeat(self.fence.length);
            return Some(
                fault
                    .because(before, "a fence belongs before this")
                    .help(format!("close it with a line of {close} alone")),
            );
        }
        let unnamed = self.fence.name.is_empty();
        let means_case = self.fence.means_case() || reads_as_case || (unnamed && self.body.contains("=>"));
        if self.fence.is_read() || !means_case {
            return None;
        }
        let title = "this block is not run: only one that opens with ```case is";
        let label = if self.fence.inside {
            "in a quotation or a list"
        } else if unnamed {
            "a block without a name"
        } else if !self.fence.means_case() {
            "what stands in it is a case"
        } else {
            "not quite `case`"
        };
        let fault = Diagnostic::error(codes::E1001, self.opener, title, label)
            .help("a case opens with a line of ```case alone, and closes with a line of ``` alone");
        let simple = self.fence.sign == '`' && !self.fence.inside;
        let ticks = "`".repeat(self.fence.length);
        Some(if simple { fault.edit(self.opener, format!("{ticks}case")) } else { fault })
    }
}

/// A block whose end has not been found yet.
#[derive(Clone, Copy)]
struct Open<'a> {
    fence: Fence<'a>,
    opener: Span,
    body_from: usize,
}

impl<'a> Open<'a> {
    fn close(self, text: &'a str, end: usize, unclosed: Option<Span>) -> Piece<'a> {
        let body = text.get(self.body_from..end).unwrap_or_default();
        Piece::Block(Block { opener: self.opener, body, body_at: at(self.body_from), fence: self.fence, unclosed })
    }
}

/// The headings and blocks of a file, in order.
pub fn pieces(source: u32, text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut open: Option<Open<'_>> = None;
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let indent = line.len() - line.trim_start().len();
        let span = Span { source, start: at(offset + indent), end: at(offset + line.trim_end().len()) };
        let fence = Fence::of(line);
        if let Some(block) = open
            && block.fence.ends_before(line, fence)
        {
            pieces.push(block.close(text, offset, Some(span)));
            open = None;
        }
        match (open, fence) {
            (Some(block), Some(fence)) if block.fence.is_closed_by(fence) => {
                pieces.push(block.close(text, offset, None));
                open = None;
            }
            (Some(_), _) => {}
            (None, Some(fence)) => open = Some(Open { fence, opener: span, body_from: offset + line.len() }),
            (None, None) => pieces.extend(heading(line, span).map(Piece::Heading)),
        }
        offset += line.len();
    }
    if let Some(block) = open {
        let end = at(text.trim_end().len());
        pieces.push(block.close(text, text.len(), Some(Span { source, start: end, end })));
    }
    pieces
}

fn heading(line: &str, span: Span) -> Option<Heading> {
    let level = level(line);
    let node = line.trim().trim_start_matches('#').trim().to_owned();
    (level > 0).then_some(Heading { name: Spanned { node, span }, level })
}

/// How many `#` begin a heading; 0 where the line is none.
fn level(line: &str) -> usize {
    let name = line.trim().trim_start_matches('#');
    let level = line.trim().len() - name.len();
    if (1..=6).contains(&level) && (name.is_empty() || name.starts_with([' ', '\t'])) { level } else { 0 }
}

fn at(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}
