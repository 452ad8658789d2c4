//! Rows of a table as they are written elsewhere: calls, lists and conditions of other languages in their cells.

use super::brackets::called;
use super::cells::{and_over, words_for_signs};
use super::choices::name_of;
use super::habits::{elsewhere, is_number};
use super::input::Tokens;
use super::operators::case_when;
use super::prose::years_old;
use super::words::is_name_at;
use crate::diagnostics::Diagnostic;
use crate::syntax::tokens::Kind;
use crate::text::Span;

/// The most tokens of a row that are read for it.
const FURTHEST: usize = 400;

/// The tokens of a row.
fn tokens(row: Tokens<'_>) -> impl Iterator<Item = Tokens<'_>> {
    (0..FURTHEST)
        .map(move |ahead| row.skip(ahead))
        .take_while(move |at| !at.at_end() && (at.at == row.at || !at.token(0).starts_line))
}

/// The message for a row of which the grammar would read a part as something else, if it is such a habit.
pub fn misread(row: Tokens<'_>) -> Option<Diagnostic> {
    tokens(row).find_map(|at| {
        let call = at.kind() == Kind::Name && at.is_sign_at(1, "(") && at.next().gap() == 0;
        let called = || if call && (is_name_at(at, 0) || at.is_word("if")) { called(at) } else { None };
        called().or_else(|| case_when(at, true)).or_else(|| list_in_brackets(at))
    })
}

/// The message for a row that could not be read, or has too many cells, if a habit says why.
pub fn unread(row: Tokens<'_>) -> Option<Diagnostic> {
    let bar = tokens(row).find(|at| at.is_sign("|") && at.at > row.at);
    let cells = || tokens(row).take_while(|at| bar.is_none_or(|bar| at.at < bar.at));
    cells()
        .find_map(|at| years_old(at).or_else(|| and_over(at)))
        .or_else(|| words_for_signs(row, bar?))
        .or_else(|| cells().find_map(|at| two_signs(at).or_else(|| around_a_name(at))))
        .or_else(|| cells().find_map(|at| joined(at).or_else(|| said_of(at))))
        .or_else(|| condition(row))
}

/// `in (oral, iv)`, `NOT IN ('oral', 'iv')`, `in (18..64)`
fn list_in_brackets(at: Tokens<'_>) -> Option<Diagnostic> {
    let opened = at.next();
    let word = at.kind() == Kind::Name && at.text(0).eq_ignore_ascii_case("in") && opened.is_sign("(");
    let closer = tokens(opened.next()).filter(|_| word).find(|at| at.is_sign(")"))?;
    let inner = || tokens(opened.next()).take_while(|at| at.at < closer.at);
    let negated = Tokens { at: at.at.saturating_sub(1), ..at };
    let negated = Some(negated).filter(|not| not.at < at.at && not.text(0).eq_ignore_ascii_case("not"));
    let span = negated.unwrap_or(at).span().to(closer.span());
    if inner().any(|at| at.is_sign("..")) {
        let first = Span { end: opened.next().span().start, ..at.span() };
        let fault = elsewhere(span, "a range needs no brackets").help("write `18..64`; both ends count");
        let fault = negated.into_iter().fold(fault, |fault, not| fault.edit(not.span(), "not"));
        return Some(fault.edit(first, "").edit(closer.span(), ""));
    }
    let fault = elsewhere(span, "a list stands in braces")
        .help("write `in { oral, iv }`, or the values alone with a comma between them");
    let fault = negated.into_iter().fold(fault, |fault, not| fault.edit(not.span(), "not"));
    let fault = fault.edit(at.span().to(opened.span()), "in { ").edit(closer.span(), " }");
    Some(inner().filter(|at| at.kind() == Kind::Text).fold(fault, |fault, text| {
        let name = name_of(text.text(0).trim_matches(['"', '“', '”', '‘', '’', '\'']));
        name.into_iter().fold(fault, |fault, name| fault.edit(text.span(), name))
    }))
}

fn is_compared(at: Tokens<'_>) -> bool {
    matches!(at.kind(), Kind::Sign("<" | "<=" | ">" | ">="))
}

/// After a number, past its unit.
fn past(number: Tokens<'_>) -> Tokens<'_> {
    number.skip(if number.token(1).kind == Kind::Unit { 2 } else { 1 })
}

/// `>= 18 and < 65`
fn two_signs(at: Tokens<'_>) -> Option<Diagnostic> {
    let low = at.next();
    let joint = Some(past(low)).filter(|_| is_compared(at) && is_number(low))?;
    let word = matches!(joint.text(0), "and" | "&&" | "AND" | "&");
    let second = if word { joint.next() } else { joint };
    let high = second.next();
    if !is_compared(second) || !is_number(high) || second.token(0).starts_line {
        return None;
    }
    let above = |sign: Tokens<'_>| sign.text(0).starts_with('>');
    if above(at) == above(second) {
        return None;
    }
    let ends = if above(at) { (at, low, second, high) } else { (second, high, at, low) };
    Some(range(at, past(high), ends))
}

/// `18 <= age < 65`
fn around_a_name(at: Tokens<'_>) -> Option<Diagnostic> {
    let first = Some(past(at)).filter(|sign| is_number(at) && is_compared(*sign))?;
    let named = is_name_at(first, 1) && first.token(1).kind == Kind::Name;
    let second = if named { first.skip(2) } else { first };
    if !named || !is_compared(second) || !is_number(second.next()) {
        return None;
    }
    let up = first.text(0).starts_with('<');
    if up != second.text(0).starts_with('<') {
        return None;
    }
    let high = second.next();
    let ends = if up { (first, at, second, high) } else { (second, high, first, at) };
    Some(range(at, past(high), ends))
}

/// The message for two ends of one range: what is compared with the lower, the lower, and the same of the upper.
fn range(from: Tokens<'_>, after: Tokens<'_>, ends: (Tokens<'_>, Tokens<'_>, Tokens<'_>, Tokens<'_>)) -> Diagnostic {
    let (low_sign, low, high_sign, high) = ends;
    let last = after.previous().map_or(high.span(), |last| last.span);
    let unit = if high.token(1).kind == Kind::Unit { format!(" {}", high.text(1)) } else { String::new() };
    let written = format!("{}..{}{unit}", low.text(0), high.text(0));
    let span = from.span().to(last);
    let fault = elsewhere(span, "two ends of a range stand in one cell with two dots between them");
    let counts = |sign: Tokens<'_>| sign.text(0).len() == 2;
    if counts(low_sign) && counts(high_sign) {
        return fault.help(format!("write `{written}`; both ends count")).edit(span, written);
    }
    fault.help(format!(
        "as in `{written}`, where both ends count: an end that does not is the value before it, or after it"
    ))
}

/// `3 or 5`, `oral || iv`
fn joined(at: Tokens<'_>) -> Option<Diagnostic> {
    let or = matches!((at.kind(), at.text(0)), (Kind::Name, "or" | "OR") | (Kind::Sign("||"), _));
    let and = matches!((at.kind(), at.text(0)), (Kind::Name, "and" | "AND") | (Kind::Sign("&&"), _));
    let last = at.previous().filter(|_| (or || and) && !at.token(0).starts_line)?;
    let span = Span { start: last.span.end, ..at.span() };
    let fault = elsewhere(at.span(), "several values in one cell have a comma between them");
    Some(if or {
        fault.help("a comma means or: `oral, iv`").edit(span, ",")
    } else {
        fault.help("a comma means or: `oral, iv`; conditions on several facts stand in columns of their own")
    })
}

/// `is oral`, `is not null`
fn said_of(at: Tokens<'_>) -> Option<Diagnostic> {
    let negated = at.next().is_word("not") || at.next().is_word("NOT");
    let value = Some(at.skip(1 + usize::from(negated))).filter(|_| at.is_word("is") || at.is_word("IS"))?;
    let span = Span { end: value.span().start, ..at.span() };
    let fault = elsewhere(at.span(), "a cell has what the column is compared with, and no `is`");
    let fault = fault.help("as in `oral`, `not oral`, `none`").edit(span, if negated { "not " } else { "" });
    let null = ["null", "blank", "empty"].iter().any(|word| value.text(0).eq_ignore_ascii_case(word));
    Some(super::given::truth(if null { fault.edit(value.span(), "none") } else { fault }, value))
}

/// `| if frail then 2 else 1`
fn condition(row: Tokens<'_>) -> Option<Diagnostic> {
    let (mut depth, mut first, mut last) = (0_usize, None, None);
    for at in tokens(row) {
        match at.text(0) {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            "|" if first.is_some() => return None,
            "if" | "If" | "IF" if depth == 0 && first.is_none() => first = Some(at),
            "}" if depth == 0 => break,
            _ => {}
        }
        last = Some(at);
    }
    let (first, last) = (first?, last?);
    let place = |at: u32| Span { start: at, end: at, ..first.span() };
    let fault = elsewhere(first.span().to(last.span()), "what is worked out in a row stands in brackets");
    let fault = fault.help("as in `(if frail then 2 else 1)`").edit(place(first.span().start), "(");
    Some(fault.edit(place(last.span().end), ")"))
}
