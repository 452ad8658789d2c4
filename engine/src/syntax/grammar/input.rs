//! The tokens as nom reads them.
//!
//! [`Tokens`] is a cursor: cheap to copy, so that a parser can go back. It also carries what is known of
//! the place: how deep the brackets are nested, and whether a table cell or an `every` clause is being read.

use std::cell::RefCell;

use nom::{Input, Needed};

use super::fault::{Res, told};
use crate::diagnostics::{Diagnostic, codes};
use crate::syntax::lexer::MOST_FAULTS;
use crate::syntax::tokens::{Comment, Kind, Token};
use crate::text::Span;

/// How deep brackets, `not`, `if` and queries may nest.
pub const DEEPEST: u16 = 64;
/// How many operators one expression may have; so no tree is deeper than later stages can follow.
pub const MOST_OPERATORS: u16 = 400;
/// What all cursors of one text share.
pub struct Shared<'a> {
    /// The text that spans point into, less `offset`.
    pub text: &'a str,
    /// Where the text stands in its file.
    pub offset: u32,
    /// Ends with [`Kind::End`].
    pub tokens: &'a [Token],
    /// For the doc lines.
    pub comments: &'a [Comment],
    /// Faults found so far.
    pub faults: RefCell<Vec<Diagnostic>>,
}

/// A cursor over the tokens.
#[derive(Clone, Copy)]
pub struct Tokens<'a> {
    pub shared: &'a Shared<'a>,
    pub at: usize,
    pub end: usize,
    pub depth: u16,
    pub operators: u16,
    /// In a table, a wide gap separates two cells.
    pub in_table: bool,
    /// In an example or a case, a value stands beside its name.
    pub in_example: bool,
    /// In `every … from E until F`, `until` ends E.
    pub until_ends: bool,
    /// Inside a query, whose windows an inner query leaves alone.
    pub inner_query: bool,
    /// Words that begin a new entry when they begin a line, and so cannot be names there.
    pub starts: &'static [&'static str],
}

impl<'a> Tokens<'a> {
    /// At the first token.
    pub fn new(shared: &'a Shared<'a>) -> Self {
        let end = shared.tokens.len().saturating_sub(1);
        Tokens {
            shared,
            at: 0,
            end,
            depth: 0,
            operators: 0,
            in_table: false,
            in_example: false,
            until_ends: false,
            inner_query: false,
            starts: &[],
        }
    }

    /// The token `ahead` of the cursor; the end mark for ever after the last.
    pub fn token(self, ahead: usize) -> Token {
        let at = self.at.saturating_add(ahead).min(self.end);
        let nothing = Token { kind: Kind::End, span: Span::default(), starts_line: true };
        self.shared.tokens.get(at).copied().unwrap_or(nothing)
    }

    /// The kind of the token at the cursor.
    pub fn kind(self) -> Kind {
        self.token(0).kind
    }

    /// Where the token at the cursor stands.
    pub fn span(self) -> Span {
        self.token(0).span
    }

    /// The token before the cursor.
    pub fn previous(self) -> Option<Token> {
        self.at.checked_sub(1).and_then(|at| self.shared.tokens.get(at)).copied()
    }

    /// From `start` to the last token before the cursor.
    pub fn since(self, start: Tokens<'a>) -> Span {
        match self.previous() {
            Some(last) if self.at > start.at => start.span().to(last.span),
            _ => start.span(),
        }
    }

    /// The text of a span.
    pub fn text_of(self, span: Span) -> &'a str {
        let place = |at: u32| usize::try_from(at.saturating_sub(self.shared.offset)).unwrap_or(usize::MAX);
        self.shared.text.get(place(span.start)..place(span.end)).unwrap_or("")
    }

    /// The text of the token `ahead`.
    pub fn text(self, ahead: usize) -> &'a str {
        self.text_of(self.token(ahead).span)
    }

    /// One token on.
    pub fn next(self) -> Self {
        self.skip(1)
    }

    /// Several tokens on.
    pub fn skip(mut self, count: usize) -> Self {
        self.at = self.at.saturating_add(count).min(self.end);
        self
    }

    /// Whether the text is at its end.
    pub fn at_end(self) -> bool {
        self.kind() == Kind::End
    }

    /// Whether the token `ahead` is this word.
    pub fn is_word_at(self, ahead: usize, word: &str) -> bool {
        self.token(ahead).kind == Kind::Name && self.text(ahead) == word
    }

    /// Whether the token `ahead` is this unit, on the same line.
    pub fn is_unit_at(self, ahead: usize, unit: &str) -> bool {
        let token = self.token(ahead);
        token.kind == Kind::Unit && !token.starts_line && self.text(ahead) == unit
    }

    /// Whether the token at the cursor is this word.
    pub fn is_word(self, word: &str) -> bool {
        self.is_word_at(0, word)
    }

    /// Whether the token `ahead` is this sign.
    pub fn is_sign_at(self, ahead: usize, sign: &str) -> bool {
        matches!(self.token(ahead).kind, Kind::Sign(found) if found == sign)
    }

    /// Whether the token at the cursor is this sign.
    pub fn is_sign(self, sign: &str) -> bool {
        self.is_sign_at(0, sign)
    }

    /// How many characters lie between the token before the cursor and the one at it.
    pub fn gap(self) -> u32 {
        self.previous().map_or(u32::MAX, |last| {
            let (start, end) = (last.span.end, self.span().start);
            let bytes = end.saturating_sub(start);
            // A blank of another width than one byte is one blank.
            let between = if bytes > 1 { self.text_of(Span { start, end, ..last.span }) } else { "" };
            u32::try_from(between.chars().count()).unwrap_or(u32::MAX).max(bytes.min(1))
        })
    }

    /// The text of the `///` lines directly above the token at the cursor.
    pub fn doc(self) -> String {
        let end = self.shared.comments.partition_point(|c| c.before <= self.at);
        let start = self.shared.comments.partition_point(|c| c.before < self.at);
        let above = self.shared.comments.get(start..end).unwrap_or(&[]);
        let lines = above.iter().filter(|c| c.doc && c.starts_line);
        let lines: Vec<&str> = lines.map(|c| self.text_of(c.span).trim_start_matches('/').trim()).collect();
        lines.join("\n")
    }

    /// Keeps a fault for the report: one for each place, and as many as a person can still read. What a fault that is left out
    /// declares goes to the one that is told instead.
    pub fn report(self, fault: Diagnostic) {
        let start = fault.primary.span.start;
        let Ok(mut faults) = self.shared.faults.try_borrow_mut() else { return };
        let full = faults.len() >= MOST_FAULTS;
        let same = faults.iter().position(|earlier| earlier.primary.span.start == start);
        // A sign that belongs to something longer is told with it.
        let takes = |earlier: &Diagnostic| {
            let sign = earlier.code == codes::E0101 && fault.code == codes::E0213;
            sign && fault.edits.iter().any(|edit| edit.span.covers(earlier.primary.span))
        };
        if let Some(sign) = same.and_then(|same| faults.get_mut(same)).filter(|earlier| takes(earlier)) {
            let mut fault = fault;
            fault.declares.append(&mut sign.declares);
            *sign = fault;
            return;
        }
        let told = match same {
            None if full => faults.last_mut(),
            same => same.and_then(|same| faults.get_mut(same)),
        };
        match told {
            Some(told) => told.declares.extend(fault.declares),
            None => faults.push(fault),
        }
    }
}

/// One operator more in this expression.
pub fn spend(mut input: Tokens<'_>) -> Res<'_, ()> {
    input.operators += 1;
    if input.operators <= MOST_OPERATORS {
        return Ok((input, ()));
    }
    too_long(input)
}

fn too_long(input: Tokens<'_>) -> Res<'_, ()> {
    let title = format!("this expression has more than {MOST_OPERATORS} operators");
    let fault = Diagnostic::error(codes::E0206, input.span(), title, "too long from here on");
    told(input, fault.help("use `define` to name parts of it"))
}

/// Reads `parser` one level deeper; the limit keeps the call stack short on any input.
pub fn nested<'a, T>(mut input: Tokens<'a>, parser: impl FnOnce(Tokens<'a>) -> Res<'a, T>) -> Res<'a, T> {
    let depth = input.depth;
    if depth >= DEEPEST {
        return too_deep(input);
    }
    input.depth += 1;
    let mut result = parser(input);
    if let Ok((rest, _)) = &mut result {
        rest.depth = depth;
    }
    result
}

fn too_deep<'a, T>(input: Tokens<'a>) -> Res<'a, T> {
    let title = format!("this is nested more than {DEEPEST} deep");
    let fault = Diagnostic::error(codes::E0206, input.span(), title, "too deep here");
    told(input, fault.help("use `define` to name the inner part"))
}

/// Reads an expression one level deeper; operators are counted afresh for the outermost. A plain function,
/// so that the frames of an unoptimised build stay small.
pub fn enter<'a, T>(mut input: Tokens<'a>, parser: fn(Tokens<'a>) -> Res<'a, T>) -> Res<'a, T> {
    let (depth, in_table, until_ends) = (input.depth, input.in_table, input.until_ends);
    let inner_query = input.inner_query;
    if depth >= DEEPEST {
        return too_deep(input);
    }
    if depth == 0 {
        input.operators = 0;
    }
    input.depth += 1;
    let mut result = parser(input);
    if let Ok((rest, _)) = &mut result {
        (rest.depth, rest.in_table, rest.until_ends) = (depth, in_table, until_ends);
        rest.inner_query = inner_query;
    }
    result
}

impl<'a> Input for Tokens<'a> {
    type Item = Token;
    type Iter = std::iter::Copied<std::slice::Iter<'a, Token>>;
    type IterIndices = std::iter::Enumerate<Self::Iter>;

    fn input_len(&self) -> usize {
        self.end - self.at
    }

    fn take(&self, index: usize) -> Self {
        Tokens { end: self.skip(index).at, ..*self }
    }

    fn take_from(&self, index: usize) -> Self {
        self.skip(index)
    }

    fn take_split(&self, index: usize) -> (Self, Self) {
        (self.take_from(index), self.take(index))
    }

    fn position<P: Fn(Token) -> bool>(&self, predicate: P) -> Option<usize> {
        self.iter_elements().position(predicate)
    }

    fn iter_elements(&self) -> Self::Iter {
        self.shared.tokens.get(self.at..self.end).unwrap_or(&[]).iter().copied()
    }

    fn iter_indices(&self) -> Self::IterIndices {
        self.iter_elements().enumerate()
    }

    fn slice_index(&self, count: usize) -> Result<usize, Needed> {
        if self.input_len() >= count { Ok(count) } else { Err(Needed::new(count - self.input_len())) }
    }
}
