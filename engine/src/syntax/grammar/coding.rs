//! What a fact or an event is called in records: its codes, and the other units in which it is recorded.

use nom::Parser;
use nom::combinator::{cut, opt};

use super::fault::{Res, Wanted, missing};
use super::input::Tokens;
use super::recover::keyword;
use super::words::{after, number, text_of, unit, word_on_line};
use crate::syntax::tokens::Kind;
use crate::syntax::tree::{Coding, OtherUnit, Taking};
use crate::text::Spanned;

/// `or mg/dL at 88.42 or g/L at 8842`
pub fn other_units(mut rest: Tokens<'_>) -> Res<'_, Vec<OtherUnit>> {
    let mut units = Vec::new();
    while rest.is_word("or") {
        let (after, unit) = cut(unit).parse(rest.next())?;
        let (after, at) = if after.is_word("at") && !after.token(0).starts_line {
            cut(number).map(Some).parse(after.next())?
        } else {
            (after, None)
        };
        units.push(OtherUnit { unit, at, span: after.since(rest) });
        rest = after;
    }
    Ok((rest, units))
}

/// `from loinc 2708-6 or snomed 431314004`
pub fn codings(input: Tokens<'_>) -> Res<'_, Vec<Coding>> {
    let mut codings = Vec::new();
    let mut rest = input;
    let mut introduced = "from";
    while rest.is_word(introduced) && !rest.is_sign_at(1, ":") {
        let (after, system) = cut(word_on_line).parse(rest.next())?;
        let (after, code) = cut(code).parse(after)?;
        codings.push(Coding { system, code });
        rest = after;
        introduced = "or";
    }
    Ok((rest, codings))
}

/// Which of several a fact may be.
const WHICH: &[&str] = &["first", "last", "highest", "lowest"];

/// `taking lowest within 24 h`
pub fn taking(input: Tokens<'_>) -> Res<'_, Option<Box<Taking>>> {
    if !input.is_word("taking") || input.is_sign_at(1, ":") {
        return Ok((input, None));
    }
    let (rest, which) = cut(keyword(WHICH, "which of several")).parse(input.next())?;
    let (rest, within) = opt(after("within", number)).parse(rest)?;
    Ok((rest, Some(Box::new(Taking { which, within, span: rest.since(input) }))))
}

/// A code as it is written, `2708-6` or `E11.9`; in double quotes where it has other signs or blanks.
fn code(input: Tokens<'_>) -> Res<'_, Spanned<String>> {
    let part = |at: Tokens<'_>| matches!(at.kind(), Kind::Number { .. } | Kind::Version | Kind::Name);
    if input.kind() == Kind::Text {
        return text_of("a code")(input);
    }
    if !part(input) || input.token(0).starts_line {
        return missing(input, Wanted::Thing("a code, in double quotes if it is not of digits and letters alone,"));
    }
    let mut rest = input.next();
    while (rest.is_sign("-") || rest.is_sign(".")) && rest.gap() == 0 && part(rest.next()) && rest.next().gap() == 0 {
        rest = rest.skip(2);
    }
    let span = rest.since(input);
    Ok((rest, Spanned { node: input.text_of(span).to_owned(), span }))
}
