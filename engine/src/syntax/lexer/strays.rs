//! Characters the language does not have, and what was probably meant by them.

use super::Lexer;
use crate::diagnostics::{Diagnostic, codes};
use crate::syntax::WRONG_QUOTES;
use crate::syntax::tokens::Kind;
use crate::text::Span;

/// Look-alikes: the character, what is written instead, and the sign it is read as.
const LOOKALIKES: &[(char, &str, Option<&str>)] = &[
    ('≤', "<=", Some("<=")),
    ('≥', ">=", Some(">=")),
    ('⩽', "<=", Some("<=")),
    ('⩾', ">=", Some(">=")),
    ('≦', "<=", Some("<=")),
    ('≧', ">=", Some(">=")),
    ('∧', "and", Some("&&")),
    ('∨', "or", Some("||")),
    ('＜', "<", Some("<")),
    ('＞', ">", Some(">")),
    ('＝', "=", Some("=")),
    ('（', "(", Some("(")),
    ('）', ")", Some(")")),
    ('，', ",", Some(",")),
    ('：', ":", Some(":")),
    ('–', "-", Some("-")),
    ('—', "-", Some("-")),
    ('−', "-", Some("-")),
    ('×', "*", Some("*")),
    ('÷', "/", Some("/")),
    ('…', "..", Some("..")),
    ('&', "and", Some("&&")),
    ('→', "=>", Some("=>")),
    ('⇒', "=>", Some("=>")),
    ('“', "\"", None),
    ('”', "\"", None),
    ('„', "\"", None),
    ('‘', "\"", None),
    ('’', "\"", None),
    ('\'', "\"", None),
    ('[', "{", Some("{")),
    (']', "}", Some("}")),
];

/// Small raised figures: the character and its number.
const SUPERSCRIPTS: &[(char, i64)] = &[('²', 2), ('³', 3)];

/// How far, in characters, the other of two brackets is looked for.
const NEAR: usize = 200;

/// What lists in a letter begin with.
const BULLETS: &[char] = &['•', '‣', '▪', '◦', '·', '●', '○', '■', '➢', '✓'];

impl Lexer<'_> {
    /// `# …`, as comments begin elsewhere: stepped over as one.
    pub(super) fn hash_comment(&mut self) {
        let start = self.at;
        self.at += 1;
        let span = self.span(start);
        let fault = Diagnostic::error(codes::E0101, span, "a comment begins with `//`", "write `//` here");
        self.report(fault.edit(span, "//"));
        self.at += self.run_of(|c| c != '\n').len();
    }

    /// `/* … */`, likewise.
    pub(super) fn bracketed_comment(&mut self) {
        let start = self.at;
        self.at += 2;
        let span = self.span(start);
        let title = "a comment begins with `//` and ends with its line";
        self.report(
            Diagnostic::error(codes::E0101, span, title, "write `//` here").help("put `//` before each line of it"),
        );
        let rest = self.rest();
        self.at += rest.find("*/").map_or(rest.len(), |end| end + 2);
    }

    /// `;` at the end of a line ends nothing; elsewhere a comma is meant.
    fn semicolon(&mut self) {
        let start = self.at;
        self.at += 1;
        let span = self.span(start);
        let after = self.run_of(|c| c != '\n').trim();
        if after.is_empty() || after.starts_with("//") {
            let title = "a line has no `;` at its end";
            return self.report(Diagnostic::error(codes::E0101, span, title, "leave it out").edit(span, ""));
        }
        let instead = if after.len() < self.run_of(|c| c != '\n').len() { "," } else { ", " };
        let fault = Diagnostic::error(codes::E0101, span, "`;` is written `,`", "write `,` here");
        self.report(fault.edit(span, instead));
        self.push(Kind::Sign(","), start);
    }

    /// `9–11`: a dash directly between two numbers means a range.
    fn dash_of_a_range(&mut self) -> bool {
        let start = self.at;
        let Some(dash) = self.peek().filter(|c| matches!(c, '–' | '—' | '−' | '‑' | '‒')) else {
            return false;
        };
        let digit = |c: char| c.is_ascii_digit();
        let before = self.text.get(..start).is_some_and(|text| text.ends_with(digit));
        if !before || !self.rest().get(dash.len_utf8()..).is_some_and(|text| text.starts_with(digit)) {
            return false;
        }
        self.at += dash.len_utf8();
        let span = self.span(start);
        let fault = Diagnostic::error(codes::E0101, span, "a range is written with two dots", "a dash is not a range");
        self.report(fault.help("write `..` here, as in `9..11`; both ends count").edit(span, ".."));
        self.push(Kind::Sign(".."), start);
        true
    }

    /// Reports the character at the cursor and reads it as what was probably meant.
    pub(super) fn stray(&mut self) {
        let start = self.at;
        let Some(c) = self.peek() else { return };
        if c == ';' {
            return self.semicolon();
        }
        if self.dash_of_a_range() {
            return;
        }
        // What is another is told where it is read: in a cell it is written in another way than in a condition.
        if c == '≠' {
            self.at += c.len_utf8();
            return self.push(Kind::Sign("!="), start);
        }
        if let Some((_, digits)) = SUPERSCRIPTS.iter().find(|(odd, _)| *odd == c) {
            return self.superscript(c, *digits);
        }
        if matches!(c, '[' | ']') && self.square_bracket(c) {
            return;
        }
        let Some((_, instead, sign)) = LOOKALIKES.iter().find(|(odd, _, _)| *odd == c) else {
            return self.unknown();
        };
        self.at += c.len_utf8();
        let span = self.span(start);
        let quote = sign.is_none();
        let title = if quote { format!("{WRONG_QUOTES}, not `{c}`") } else { format!("`{c}` is written `{instead}`") };
        let mut fault = Diagnostic::error(codes::E0101, span, title, format!("write `{instead}` here"));
        if quote {
            // The text up to the matching mark is one token, so that its words are not read as names.
            let inner = self.run_of(|c| !matches!(c, '\n' | '”' | '’' | '\'' | '"'));
            self.at += inner.len();
            let closing = self.at;
            if let Some(mark) = self.peek().filter(|c| *c != '\n') {
                self.at += mark.len_utf8();
                fault = fault.edit(span, *instead).edit(self.span(closing), "\"");
            }
            self.push(Kind::Text, start);
        } else if let Some(sign) = sign {
            fault = fault.edit(span, *instead);
            self.push(Kind::Sign(sign), start);
        }
        self.report(fault);
    }

    /// `[65, 70]` is one fault, told at its first bracket; `[18..64]` is a range, which has none. A bracket without the other is
    /// left to the look-alikes.
    fn square_bracket(&mut self, c: char) -> bool {
        let start = self.at;
        if c == ']' {
            let Some((_, range)) = self.closes.take().filter(|(place, _)| *place == start) else { return false };
            self.at += 1;
            if !range {
                self.push(Kind::Sign("}"), start);
            }
            return true;
        }
        let near = self.rest().char_indices().skip(1).take(NEAR);
        let Some((length, ']')) = near.clone().find(|(_, c)| matches!(c, '[' | ']' | '\n')) else { return false };
        let inner = self.rest().get(1..length).unwrap_or("");
        let range = inner.contains("..") && !inner.contains(',');
        self.at += 1;
        let open = self.span(start);
        let closing = start + length;
        let close = Span { start: self.place(closing), end: self.place(closing + 1), ..open };
        self.closes = Some((closing, range));
        let fault = if range {
            let title = "a range needs no brackets";
            let fault = Diagnostic::error(codes::E0101, Span { end: close.end, ..open }, title, "leave them out");
            fault.help("write `age in 18..64`; both ends count").edit(open, "").edit(close, "")
        } else {
            self.push(Kind::Sign("{"), start);
            let fault =
                Diagnostic::error(codes::E0101, open, "`[` is written `{`", "write `{` here, and `}` at the end");
            fault.edit(open, "{").edit(close, "}")
        };
        self.report(fault);
        true
    }

    /// `x²` is read as `x ^ 2`.
    fn superscript(&mut self, c: char, digits: i64) {
        let start = self.at;
        self.at += c.len_utf8();
        let (span, instead) = (self.span(start), format!(" ^ {digits}"));
        let fault =
            Diagnostic::error(codes::E0101, span, format!("`{c}` is written `^ {digits}`"), "write a power like this");
        self.report(fault.edit(span, instead));
        self.push(Kind::Sign("^"), start);
        self.push(Kind::Number { digits, places: 0, pounds: false }, start);
    }

    /// A run of characters that mean nothing here is one fault.
    fn unknown(&mut self) {
        let start = self.at;
        let odd = |c: char| !c.is_whitespace() && !c.is_ascii_alphanumeric() && !"\"{}()|,:.=<>+-*/^£°µμ²³".contains(c);
        let run = self.run_of(odd);
        self.at += run.len();
        let span = self.span(start);
        if run.chars().all(|c| BULLETS.contains(&c)) && self.fresh_line {
            let title = "an entry has no bullet before it";
            let mut whole = span;
            whole.end += u32::from(self.rest().starts_with(' '));
            let fault = Diagnostic::error(codes::E0101, span, title, "leave it out");
            return self.report(fault.help("each entry stands on a line of its own").edit(whole, ""));
        }
        if let Some(fault) = self.fraction(run, span) {
            self.report(fault);
            return self.push(Kind::Stray, start);
        }
        let title = match run {
            "%" => "`%` goes after a number".to_owned(),
            "_" => "a name begins with a letter".to_owned(),
            "!" | "¬" => format!("`{run}` is written `not`"),
            _ => format!("the language has no `{}`", run.chars().take(20).collect::<String>().escape_debug()),
        };
        let fault = Diagnostic::error(codes::E0101, span, title, "this character cannot be used here");
        self.report(if matches!(run, "!" | "¬") { fault.edit(span, "not ") } else { fault });
        self.push(Kind::Stray, start);
    }
}
