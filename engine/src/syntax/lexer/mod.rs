//! Cuts a text into tokens. Linear in the text; every fault is reported and stepped over.

mod commas;
mod literals;
mod pasted;
mod strays;

pub(in crate::syntax) use self::pasted::degrees;
use self::pasted::is_invisible;
use super::tokens::{Comment, Kind, Lexed, Token};
use crate::diagnostics::{Diagnostic, codes};
use crate::text::Span;
use crate::values::units::{is_unit, meant};

/// The largest file read, in bytes: 16 MiB.
pub const LARGEST_FILE: usize = 16 << 20;

/// How many faults of one file are reported.
pub const MOST_FAULTS: usize = 200;

/// The longest unit, in bytes, with room to spare.
const LONGEST_UNIT: usize = 32;

/// The signs of the language, longest first.
const SIGNS: &[&str] = &[
    "<=", ">=", "=>", "==", "!=", "<>", "&&", "||", "**", "..", "{", "}", "(", ")", "|", ",", ":", ".", "=", "<", ">",
    "+", "-", "*", "/", "^", "?",
];

/// Cuts `text` into tokens; spans are in source `source`, moved on by `offset`.
#[must_use]
pub fn lex(source: u32, text: &str, offset: u32) -> (Lexed, Vec<Diagnostic>) {
    let mut lexer = Lexer {
        text,
        at: 0,
        source,
        offset,
        fresh_line: true,
        closes: None,
        out: Lexed::default(),
        faults: Vec::new(),
    };
    if text.len() > LARGEST_FILE {
        let span = lexer.span(0);
        let title = "this file is larger than 16 MiB";
        lexer.report(Diagnostic::error(codes::E0106, span, title, "split it into several packages"));
    } else {
        lexer.run();
    }
    let end = lexer.span(lexer.at);
    lexer.out.tokens.push(Token { kind: Kind::End, span: end, starts_line: true });
    (lexer.out, lexer.faults)
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    source: u32,
    offset: u32,
    fresh_line: bool,
    /// Where the `]` stands that belongs to the last `[`, and whether a range is between them.
    closes: Option<(usize, bool)>,
    out: Lexed,
    faults: Vec<Diagnostic>,
}

impl<'a> Lexer<'a> {
    fn run(&mut self) {
        while let Some(c) = self.peek() {
            let start = self.at;
            match c {
                '\n' => {
                    self.at += 1;
                    self.fresh_line = true;
                }
                c if c.is_whitespace() || c == '\u{feff}' => self.at += c.len_utf8(),
                c if is_invisible(c) => self.invisible(),
                '-' if self.dashed_comment() => {}
                '/' if self.rest().starts_with("//") => self.comment(),
                '/' if self.rest().starts_with("/*") => self.bracketed_comment(),
                '#' => self.hash_comment(),
                '"' => self.text_literal(),
                '0'..='9' => self.number_or_date(),
                '£' => self.pounds(),
                c if c.is_ascii_alphabetic() || is_micro(c) => self.name(),
                _ => self.sign_or_stray(),
            }
            // Every branch steps on; this makes it certain.
            if self.at == start {
                self.at += c.len_utf8();
            }
        }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// The text from the cursor as far as `wanted` holds.
    fn run_of(&self, wanted: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|c| !wanted(c)).unwrap_or(rest.len());
        rest.get(..end).unwrap_or("")
    }

    /// The span from `start` to the cursor.
    fn span(&self, start: usize) -> Span {
        Span { source: self.source, start: self.place(start), end: self.place(self.at) }
    }

    /// A place of the text as spans count it.
    fn place(&self, at: usize) -> u32 {
        self.offset.saturating_add(u32::try_from(at).unwrap_or(u32::MAX))
    }

    /// Keeps a fault, up to a number that a person can still read.
    fn report(&mut self, fault: Diagnostic) {
        if self.faults.len() < MOST_FAULTS {
            self.faults.push(fault);
        }
    }

    /// Ends a token that began at `start`.
    fn push(&mut self, kind: Kind, start: usize) {
        let token = Token { kind, span: self.span(start), starts_line: self.fresh_line };
        self.fresh_line = false;
        self.out.tokens.push(token);
    }

    fn comment(&mut self) {
        let line = self.run_of(|c| c != '\n').trim_end();
        let start = self.at;
        self.at += line.len();
        let doc = line.starts_with("///") && !line.starts_with("////");
        self.out.comments.push(Comment {
            span: self.span(start),
            doc,
            before: self.out.tokens.len(),
            starts_line: self.fresh_line,
        });
    }

    fn name(&mut self) {
        let start = self.at;
        let word = self.run_of(|c| c.is_ascii_alphanumeric() || c == '_' || is_micro(c));
        self.at += word.len();
        if self.peek().is_some_and(is_invisible) && self.word_with_invisible(start) || self.contraction(start) {
            return;
        }
        self.push(Kind::Name, start);
        if (word == "to" && !self.path_follows()) || (word == "or" && self.follows_declared_unit()) {
            self.unit();
        }
    }

    /// Whether the last word, `or`, stands after the units of a declared range: `integer 10..3000 µmol/L or`.
    fn follows_declared_unit(&self) -> bool {
        let mut before = self.out.tokens.iter().rev().skip(1).filter(|token| token.kind != Kind::Sign("-"));
        let mut token = || before.next().map(|token| (token.kind, self.words_of(token.span)));
        let mut last = token();
        // Back over `or mg/dL at 88.42 or g/L` to the end of the range and the `..` within it.
        loop {
            match last {
                Some((Kind::Sign(".."), _)) => break,
                Some((Kind::Unit | Kind::Number { .. } | Kind::Name, _)) => {}
                _ => return false,
            }
            if matches!(last, Some((Kind::Name, word)) if word != "or" && word != "at") {
                return false;
            }
            last = token();
        }
        let low = matches!(token(), Some((Kind::Number { .. }, _)));
        low && matches!(token(), Some((Kind::Name, "integer" | "decimal")))
    }

    /// The text of a span of this file.
    fn words_of(&self, span: Span) -> &'a str {
        let place = |at: u32| usize::try_from(at.saturating_sub(self.offset)).unwrap_or(usize::MAX);
        self.text.get(place(span.start)..place(span.end)).unwrap_or("")
    }

    /// Whether a path stands after the cursor, such as `s.at`, whose first name may be spelt like a unit.
    fn path_follows(&self) -> bool {
        let rest = self.text.get(self.at..).unwrap_or_default().trim_start_matches(is_blank);
        let after = rest.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
        after.len() < rest.len()
            && after.strip_prefix('.').is_some_and(|name| name.starts_with(|c: char| c.is_ascii_alphabetic()))
    }

    /// Reads a unit, if one stands after the cursor on this line: the longest that is known.
    fn unit(&mut self) {
        let before = self.at;
        self.at += self.run_of(is_blank).len();
        if self.degrees_meant() {
            return;
        }
        let start = self.at;
        let word = self.run_of(|c| c.is_alphanumeric() || matches!(c, '_' | '/' | '%' | '°' | '^'));
        let length = self
            .with_a_point()
            .or_else(|| self.phrase(word))
            .or_else(|| whole_quotient(word))
            .or_else(|| longest_unit(word));
        match length {
            Some(length) => {
                self.at = start + length;
                self.push(Kind::Unit, start);
            }
            None => self.at = before,
        }
    }

    /// `mL/min/1.73m2`, the one unit with a point in it.
    fn with_a_point(&self) -> Option<usize> {
        let unit = "mL/min/1.73m2";
        let after = self.rest().strip_prefix(unit)?;
        (!after.starts_with(|c: char| c.is_alphanumeric())).then_some(unit.len())
    }

    /// `per min` and `working days`: the length in bytes, inner spaces included.
    fn phrase(&self, first: &str) -> Option<usize> {
        if !matches!(first, "per" | "working" | "calendar") {
            return None;
        }
        let after = self.rest().get(first.len()..)?;
        let gap = after.len() - after.trim_start_matches(is_blank).len();
        let second = after.get(gap..)?;
        let end = second.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(second.len());
        let second = second.get(..end)?;
        (gap > 0 && is_unit(&format!("{first} {second}"))).then_some(first.len() + gap + end)
    }

    fn sign_or_stray(&mut self) {
        let start = self.at;
        if matches!(self.peek(), Some('°')) {
            self.at += self.run_of(|c| c == '°' || c.is_ascii_alphabetic()).len();
            return self.push(Kind::Unit, start);
        }
        match SIGNS.iter().find(|sign| self.rest().starts_with(**sign)) {
            Some(sign) => {
                self.at += sign.len();
                if *sign == "," {
                    self.comma(start);
                }
                self.push(Kind::Sign(sign), start);
            }
            None => self.stray(),
        }
    }
}

/// A blank within a line, of any width: text that is pasted has some that do not break.
fn is_blank(c: char) -> bool {
    c.is_whitespace() && c != '\n'
}

/// The micro sign or the Greek letter that looks the same.
fn is_micro(c: char) -> bool {
    c == 'µ' || c == 'μ'
}

/// `mg/mL`, where both parts are units and the whole is none that the language knows: read as one word, so that it is told as one.
fn whole_quotient(word: &str) -> Option<usize> {
    let (above, below) = word.split_once('/').filter(|_| word.len() <= LONGEST_UNIT)?;
    let known = is_unit(above) && (is_unit(below) || meant(below).is_some());
    (known || !is_unit(word) && meant(word).is_some()).then_some(word.len())
}

/// The length of the longest unit at the start of `word`, cut only at slashes and powers: `mg/weight` is `mg`, `m^2` is `m`.
fn longest_unit(word: &str) -> Option<usize> {
    // No unit is longer; a long word is cut, so that not all its parts are tried.
    let mut end = word.len();
    if end > LONGEST_UNIT {
        end = word
            .char_indices()
            .take_while(|(at, c)| at + c.len_utf8() <= LONGEST_UNIT)
            .filter(|(_, c)| matches!(c, '/' | '^'))
            .last()?
            .0;
    }
    loop {
        let candidate = word.get(..end)?;
        if is_unit(&candidate.replace('μ', "µ")) {
            return Some(end);
        }
        end = candidate.rfind(['/', '^'])?;
    }
}
