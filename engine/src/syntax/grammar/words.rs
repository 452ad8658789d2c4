//! The smallest parsers: words, signs, names, paths, texts, numbers, dates.

use nom::Parser;
use nom::combinator::cut;
use nom::sequence::preceded;

use super::brackets::inside_brackets;
use super::fault::{Fault, Res, Wanted, committed, missing, told};
use super::habits::brackets_after_in;
use super::input::Tokens;
use super::newcomers::{brought, not_a_unit};
use super::recover::declaration_ahead;
use crate::diagnostics::{Diagnostic, codes};
use crate::syntax::lexer::degrees;
use crate::syntax::tokens::Kind;
use crate::syntax::tree::{Date, Name, Number, Path, Unit};
use crate::text::{Span, Spanned};
use crate::values::units::is_unit;

/// Words that cannot be names, because an expression or a table would be read wrongly.
pub const RESERVED: &[&str] = &[
    "and",
    "any",
    "as",
    "at",
    "because",
    "before",
    "after",
    "else",
    "for",
    "from",
    "have",
    "if",
    "impossible",
    "in",
    "is",
    "no",
    "none",
    "not",
    "of",
    "or",
    "since",
    "then",
    "to",
    "until",
    "where",
    "within",
    "yes",
];

/// One word of the language.
pub fn word<'a>(expected: &'static str) -> impl Fn(Tokens<'a>) -> Res<'a, Span> + Copy {
    move |input| {
        if input.is_word(expected) {
            return Ok((input.next(), input.span()));
        }
        missing(input, Wanted::Word(expected))
    }
}

/// Several words in a row.
pub fn phrase<'a>(expected: &'static [&'static str]) -> impl Fn(Tokens<'a>) -> Res<'a, Span> + Copy {
    move |input| {
        let mut rest = input;
        for one in expected {
            (rest, _) = word(one)(rest)?;
        }
        Ok((rest, rest.since(input)))
    }
}

/// One sign.
pub fn sign<'a>(expected: &'static str) -> impl Fn(Tokens<'a>) -> Res<'a, Span> + Copy {
    move |input| {
        if input.is_sign(expected) {
            return Ok((input.next(), input.span()));
        }
        missing(input, Wanted::Sign(expected))
    }
}

/// A word, and then certainly what it calls for.
pub fn after<'a, T>(
    first: &'static str,
    then: impl Parser<Tokens<'a>, Output = T, Error = Fault>,
) -> impl Parser<Tokens<'a>, Output = T, Error = Fault> {
    preceded(word(first), cut(then))
}

/// What stands between an opening and a closing sign; a missing close is told at the opener.
pub fn between<'a, T>(
    open: &'static str,
    mut inner: impl Parser<Tokens<'a>, Output = T, Error = Fault>,
    close: &'static str,
) -> impl FnMut(Tokens<'a>) -> Res<'a, T> {
    move |input| {
        let (mut start, opener) = sign(open)(input)?;
        (start.in_table, start.until_ends, start.inner_query) = (false, false, false);
        let (mut rest, value) = committed(inner.parse(start))?;
        if !rest.is_sign(close) {
            return unclosed(rest, opener, open, close);
        }
        rest = rest.next();
        (rest.in_table, rest.until_ends) = (input.in_table, input.until_ends);
        rest.inner_query = input.inner_query;
        Ok((rest, value))
    }
}

/// What is said of an opening sign without its close.
pub fn unclosed_title(open: &str) -> String {
    format!("this `{open}` is not closed")
}

fn unclosed<'a, T>(rest: Tokens<'a>, opener: Span, open: &str, close: &str) -> Res<'a, T> {
    let inside = || inside_brackets(rest, opener).filter(|_| open == "(");
    let habit = || brought(rest, Wanted::Sign(")")).filter(|_| open == "(" && !rest.token(0).starts_line);
    if let Some(fault) = brackets_after_in(rest, opener, open).or_else(inside).or_else(habit) {
        return told(rest, fault);
    }
    let fault = Diagnostic::error(codes::E0203, opener, unclosed_title(open), "opened here");
    told(rest, fault.because(rest.span(), format!("`{close}` belongs before this")))
}

/// Anything, with where it was written.
pub fn spanned<'a, T>(
    mut inner: impl Parser<Tokens<'a>, Output = T, Error = Fault>,
) -> impl FnMut(Tokens<'a>) -> Res<'a, (T, Span)> {
    move |input| {
        let (rest, value) = inner.parse(input)?;
        Ok((rest, (value, rest.since(input))))
    }
}

/// Whether the token `ahead` can be a name: an identifier that is not a word of the language.
pub fn is_name_at(input: Tokens<'_>, ahead: usize) -> bool {
    let text = input.text(ahead);
    match input.token(ahead).kind {
        Kind::Name => !RESERVED.contains(&text),
        Kind::Unit => text.chars().all(|c| c.is_ascii_alphanumeric()),
        _ => false,
    }
}

/// A name of something in particular, for the message when there is none.
pub fn named<'a>(thing: &'static str) -> impl Fn(Tokens<'a>) -> Res<'a, Name> + Copy {
    move |input| {
        let next_entry =
            input.token(0).starts_line && (input.starts.contains(&input.text(0)) || declaration_ahead(input));
        if !is_name_at(input, 0) || next_entry {
            return missing(input, Wanted::Thing(thing));
        }
        let text = input.text(0);
        if !text.is_ascii() {
            let title = format!("`{text}` cannot be a name");
            let label = "a name has only the letters A to Z, digits and `_`";
            return told(input, Diagnostic::error(codes::E0101, input.span(), title, label));
        }
        Ok((input.next(), Spanned { node: text.to_owned(), span: input.span() }))
    }
}

/// Any word as a name, reserved or not: for words that are looked up later.
pub fn any_word(input: Tokens<'_>) -> Res<'_, Name> {
    if input.kind() != Kind::Name {
        return missing(input, Wanted::Thing("a word"));
    }
    let name = Spanned { node: input.text(0).to_owned(), span: input.span() };
    Ok((input.next(), name))
}

/// Any word on the line of the one before it: otherwise the next entry would be read as one.
pub fn word_on_line(input: Tokens<'_>) -> Res<'_, Name> {
    if input.token(0).starts_line {
        return missing(input, Wanted::Thing("a word"));
    }
    any_word(input)
}

/// `clinical.news2`
pub fn path(input: Tokens<'_>) -> Res<'_, Path> {
    pathed("a name")(input)
}

/// A path to something in particular.
pub fn pathed<'a>(thing: &'static str) -> impl Fn(Tokens<'a>) -> Res<'a, Path> + Copy {
    move |input| {
        let (mut rest, first) = named(thing)(input)?;
        let mut parts = vec![first];
        while rest.is_sign(".") {
            let (after, part) = match rest.next() {
                // `s.at`: the time of the event called `s`.
                time if time.is_word("at") => any_word(time)?,
                other => cut(named("a name after the dot")).parse(other)?,
            };
            parts.push(part);
            rest = after;
        }
        Ok((rest, Path { parts, span: rest.since(input) }))
    }
}

/// A text, without its quotes.
pub fn text(input: Tokens<'_>) -> Res<'_, Spanned<String>> {
    text_of("a text in double quotes")(input)
}

/// A text that says something in particular.
pub fn text_of<'a>(thing: &'static str) -> impl Fn(Tokens<'a>) -> Res<'a, Spanned<String>> + Copy {
    move |input| {
        if input.kind() != Kind::Text {
            return missing(input, Wanted::Thing(thing));
        }
        let written = input.text(0).trim_matches(['“', '”', '‘', '’', '\'']);
        let inner = written.strip_prefix('"').unwrap_or(written);
        let inner = inner.strip_suffix('"').unwrap_or(inner);
        let node = if inner.contains('\\') { unescaped(inner) } else { inner.to_owned() };
        Ok((input.next(), Spanned { node, span: input.span() }))
    }
}

/// The same where somebody will read it: it has a word in it. `help` says what it is for.
pub fn worded<'a>(thing: &'static str, help: &'static str) -> impl Fn(Tokens<'a>) -> Res<'a, Spanned<String>> + Copy {
    move |input| {
        let (rest, said) = text_of(thing)(input)?;
        if said.node.trim().is_empty() {
            let title = "there is no word between these quotes";
            let fault = Diagnostic::error(codes::E0201, said.span, title, format!("{thing} belongs here"));
            input.report(fault.help(help));
        }
        Ok((rest, said))
    }
}

/// What a reason is for.
pub const REASON: &str = "it is told to whoever asks why, as in `because \"end-of-life care plan\"`";
/// What a title is for.
pub const TITLE: &str =
    "it stands in reports and answers in the place of the name: write words, or leave the quotes out";

fn unescaped(inner: &str) -> String {
    let mut out = String::with_capacity(inner.len());
    let mut characters = inner.chars().peekable();
    while let Some(c) = characters.next() {
        let escape = c == '\\' && matches!(characters.peek(), Some('"' | '\\'));
        out.push(if escape { characters.next().unwrap_or(c) } else { c });
    }
    out
}

/// A date.
pub fn date(input: Tokens<'_>) -> Res<'_, Spanned<Date>> {
    match input.kind() {
        Kind::Date(date) => Ok((input.next(), Spanned { node: date, span: input.span() })),
        _ => missing(input, Wanted::Thing("a date such as 2026-04-01")),
    }
}

/// A unit.
pub fn unit(input: Tokens<'_>) -> Res<'_, Unit> {
    let too_far = input.in_table && input.gap() > 1;
    let text = degrees(input.text(0)).split_whitespace().collect::<Vec<_>>().join(" ").replace('μ', "µ");
    if input.kind() != Kind::Unit || too_far {
        return missing(input, Wanted::Thing("a unit"));
    }
    if !is_unit(&text) {
        return told(input, not_a_unit(&text, input.span()));
    }
    Ok((input.next(), Unit { text, span: input.span() }))
}

/// A number with its unit, if any, and a minus before it, if any.
pub fn number(input: Tokens<'_>) -> Res<'_, Number> {
    let negative = input.is_sign("-");
    let start = if negative { input.next() } else { input };
    let Kind::Number { digits, places, pounds } = start.kind() else {
        return missing(input, Wanted::Thing("a number"));
    };
    let digits = if negative { -digits } else { digits };
    // A unit stands on the line of its number: what begins the next is something else.
    let after = start.next();
    let (rest, mut found) =
        if after.token(0).starts_line { (after, None) } else { nom::combinator::opt(unit).parse(after)? };
    if pounds {
        let mut span = start.span();
        span.end = span.start + 2;
        found = Some(Unit { text: "GBP".to_owned(), span });
    }
    Ok((rest, Number { digits, places, unit: found, span: rest.since(input) }))
}

/// `0..100`, `15 min..1 h`: two numbers; a unit written once, after the second, holds for both.
pub fn number_range(input: Tokens<'_>) -> Res<'_, (Number, Number)> {
    let (rest, mut low) = number(input)?;
    let (rest, _) = sign("..")(rest)?;
    let (rest, high) = cut(number).parse(rest)?;
    if low.unit.is_none() {
        low.unit.clone_from(&high.unit);
    }
    Ok((rest, (low, high)))
}
