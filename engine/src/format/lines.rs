//! A text as lines of tokens, each with the comment at its end.

use std::ops::Range;

use crate::syntax::tokens::Lexed;
use crate::text::Span;

/// One line: tokens, a comment, or both.
pub struct Line {
    /// Which tokens; may be none.
    pub tokens: Range<usize>,
    /// The comment at its end, or alone on it.
    pub comment: Option<usize>,
    /// An empty line stands before it.
    pub gap: bool,
}

/// The text of a span.
pub fn slice(text: &str, span: Span) -> &str {
    let place = |at: u32| usize::try_from(at).unwrap_or(usize::MAX);
    text.get(place(span.start)..place(span.end)).unwrap_or("")
}

/// Cuts the tokens into the lines they were written on.
pub fn split(text: &str, lexed: &Lexed) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut comments = lexed.comments.iter().enumerate().peekable();
    let last = lexed.tokens.len().saturating_sub(1);
    let mut end_of_last = 0;
    for (index, token) in lexed.tokens.iter().enumerate() {
        while let Some((which, comment)) = comments.next_if(|(_, comment)| comment.before <= index) {
            let gap = empty_line(text, end_of_last, comment.span.start);
            end_of_last = comment.span.end;
            match lines.last_mut() {
                Some(line) if !comment.starts_line => line.comment = Some(which),
                _ => lines.push(Line { tokens: index..index, comment: Some(which), gap }),
            }
        }
        if index == last {
            break;
        }
        let gap = empty_line(text, end_of_last, token.span.start);
        end_of_last = token.span.end;
        match lines.last_mut() {
            Some(line) if !token.starts_line => line.tokens.end = index + 1,
            _ => lines.push(Line { tokens: index..index + 1, comment: None, gap }),
        }
    }
    lines
}

fn empty_line(text: &str, from: u32, to: u32) -> bool {
    from > 0 && slice(text, Span { source: 0, start: from, end: to }).matches('\n').count() > 1
}
