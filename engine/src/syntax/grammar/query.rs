//! Queries over the events of a case.
//!
//! ```text
//! query  = [function] [field "of" [function]] events { "where" condition | "have" condition | window }
//! window = ( ("after" | "before" | "since" | "until" | "during") sum | "within" sum ("before" | "after") sum ) ["," "if" "any"]
//! ```
//!
//! Windows belong to the outermost query: in `first A after first B before C` both limit A. An inner query
//! has windows of its own when it stands in parentheses.

use nom::Parser;
use nom::combinator::cut;

use super::clauses::lengths;
use super::expression::{expression, sum};
use super::fault::{FROM_WHEN, Fault, Res, Wanted, committed, missing, told};
use super::input::{Tokens, nested};
use super::recover::declaration_ahead;
use super::set::{events, holds_a_field, without_brackets};
use super::spoken::spoken;
use super::words::{between, is_name_at, named, path};
use crate::diagnostics::Diagnostic;
use crate::syntax::tokens::Kind;
use crate::syntax::tree::{BinaryOp, Expr, ExprKind, Name, Number, Path, Query, Window, WindowKind};
use crate::text::{Span, Spanned};

/// Words that take one or a figure from the events.
const FUNCTIONS: &[&str] = &[
    "first", "last", "latest", "nth", "next", "previous", "count", "any", "all", "lowest", "highest", "sum", "median",
];

/// Whether a query stands here rather than a plain name.
pub fn query_ahead(input: Tokens<'_>) -> bool {
    function_ahead(input) || field_ahead(input)
}

fn function_ahead(input: Tokens<'_>) -> bool {
    if let Kind::Ordinal(_) = input.kind() {
        return true;
    }
    let next = input.token(1).kind;
    let nth = input.is_word("nth");
    let open = !nth && input.is_sign_at(1, "(");
    let nth = nth && matches!(next, Kind::Number { .. });
    let named = next == Kind::Name && is_name_at(input, 1) && !declaration_ahead(input.next());
    FUNCTIONS.contains(&input.text(0)) && (named || open || nth)
}

/// `value of last Lactate`
fn field_ahead(input: Tokens<'_>) -> bool {
    let mut last = 0;
    while is_name_at(input, last) && input.is_sign_at(last + 1, ".") && last < 16 {
        last += 2;
    }
    is_name_at(input, last) && input.is_word_at(last + 1, "of")
}

/// A query as an expression.
pub fn query(input: Tokens<'_>) -> Res<'_, Expr> {
    let (rest, query) = nested(input, |input| read(input, false))?;
    Ok((rest, Expr { span: query.span, kind: ExprKind::Query(Box::new(query)) }))
}

/// A query where only a query can stand: a bare event is one. With `deadline_follows`, a `before` or a
/// bare `within` is left for the deadline of an obligation.
pub fn bare_query(input: Tokens<'_>, deadline_follows: bool) -> Res<'_, Query> {
    let (rest, query) = nested(input, |input| read(input, deadline_follows))?;
    if rest.is_word("or") { told(rest, without_brackets(&query, rest)) } else { Ok((rest, query)) }
}

fn read(input: Tokens<'_>, deadline_follows: bool) -> Res<'_, Query> {
    let (rest, mut head) = function(input);
    let (rest, field) = field(rest)?;
    let (rest, second) = if field.is_some() && head.0.is_none() { function(rest) } else { (rest, (None, None)) };
    if second.0.is_some() {
        head = second;
    }
    let (rest, events) = events(rest)?;
    let (mut rest, alias) =
        if rest.is_word("called") { named("a name for the event").map(Some).parse(rest.next())? } else { (rest, None) };
    let mut query = Query {
        function: head.0,
        nth: head.1,
        field,
        events,
        alias,
        filter: None,
        have: None,
        windows: Vec::new(),
        span: rest.since(input),
    };
    loop {
        let slot = match rest.text(0) {
            "where" => &mut query.filter,
            "have" => &mut query.have,
            _ => {
                let Some((after, window)) = window(rest, deadline_follows)? else {
                    break;
                };
                query.windows.push(window);
                rest = after;
                continue;
            }
        };
        if slot.is_some() {
            break;
        }
        let inside = Tokens { inner_query: true, ..rest.next() };
        let (after, condition) = committed(expression(inside))?;
        *slot = Some(Box::new(condition));
        rest = Tokens { inner_query: input.inner_query, ..after };
    }
    query.span = rest.since(input);
    Ok((rest, query))
}

/// `first`, `3rd`, `nth 3`, and which for the last two.
fn function(input: Tokens<'_>) -> (Tokens<'_>, (Option<Name>, Option<u32>)) {
    if !function_ahead(input) {
        return (input, (None, None));
    }
    let named = |node: &str| Some(Spanned { node: node.to_owned(), span: input.span() });
    match (input.kind(), input.token(1).kind) {
        (Kind::Ordinal(which), _) => (input.next(), (named("nth"), Some(which))),
        (_, Kind::Number { digits, .. }) => (input.skip(2), (named("nth"), u32::try_from(digits).ok())),
        _ => (input.next(), (named(input.text(0)), None)),
    }
}

/// `value of`
fn field(input: Tokens<'_>) -> Res<'_, Option<Box<Expr>>> {
    if input.is_sign("(") && holds_a_field(input) {
        let (rest, field) = between("(", expression, ")")(input)?;
        return if rest.is_word("of") {
            Ok((rest.next(), Some(Box::new(field))))
        } else {
            cut(|i| missing(i, Wanted::Word("of"))).parse(rest)
        };
    }
    if !field_ahead(input) {
        return Ok((input, None));
    }
    let (rest, field): (_, Path) = path(input)?;
    let expr = Expr { span: field.span, kind: ExprKind::Path(field) };
    Ok((rest.next(), Some(Box::new(expr))))
}

/// Something, or nothing read.
type Maybe<'a, T> = Result<Option<(Tokens<'a>, T)>, nom::Err<Fault>>;

/// One limit on the events of a query; none when no limit, or the deadline of an obligation, follows.
fn window(input: Tokens<'_>, deadline_follows: bool) -> Maybe<'_, Window> {
    if input.inner_query {
        return Ok(None);
    }
    let make: fn(Expr) -> WindowKind = match input.text(0) {
        "after" => WindowKind::After,
        "before" if !deadline_follows => WindowKind::Before,
        "since" => WindowKind::Since,
        "during" => WindowKind::During,
        "until" if !input.until_ends => WindowKind::Until,
        "within" => return within(input, deadline_follows),
        _ => return Ok(None),
    };
    let (rest, end) = inner_sum(input.next())?;
    if_any(make(end), input, rest)
}

/// A length or an end of a window.
fn inner_sum(input: Tokens<'_>) -> Res<'_, Expr> {
    let (rest, value) = committed(sum(Tokens { inner_query: true, ..input }))?;
    Ok((Tokens { inner_query: false, ..rest }, value))
}

/// `within 6-8 weeks`, which is no subtraction.
pub fn two_lengths(input: Tokens<'_>, length: &Expr) -> Option<Diagnostic> {
    let ExprKind::Binary { op: Spanned { node: BinaryOp::Subtract, .. }, left, right } = &length.kind else {
        return None;
    };
    match (&left.kind, &right.kind) {
        (ExprKind::Number(low), ExprKind::Number(Number { unit: Some(unit), span, .. })) if low.unit.is_none() => {
            let high = Span { end: unit.span.start, ..*span };
            Some(lengths(length.span, input.text_of(high).trim_end(), &unit.text))
        }
        _ => None,
    }
}

/// `within 7 days before X`
fn within(input: Tokens<'_>, deadline_follows: bool) -> Maybe<'_, Window> {
    if let Some(fault) = spoken(input.next()) {
        return told::<()>(input.next(), fault).map(|_| None);
    }
    let (rest, length) = inner_sum(input.next())?;
    if let Some(fault) = two_lengths(input, &length) {
        return told::<()>(input.next(), fault).map(|_| None);
    }
    let make: fn(Expr, Expr) -> WindowKind = match rest.text(0) {
        "before" => WindowKind::WithinBefore,
        "after" => WindowKind::WithinAfter,
        _ if deadline_follows => return Ok(None),
        _ => {
            return cut(|i| missing::<()>(i, FROM_WHEN)).parse(rest).map(|_| None);
        }
    };
    let (rest, end) = inner_sum(rest.next())?;
    if_any(make(length, end), input, rest)
}

/// A window, with `, if any` where that follows. In a list `, if any Fall then …` is its next member.
fn if_any<'a>(kind: WindowKind, start: Tokens<'a>, rest: Tokens<'a>) -> Maybe<'a, Window> {
    let span = rest.since(start);
    let plain = Window { kind, if_any: None, span };
    let comma = usize::from(rest.is_sign(","));
    if !(rest.is_word_at(comma, "if") && rest.is_word_at(comma + 1, "any")) {
        return Ok(Some((rest, plain)));
    }
    let next = rest.skip(comma + 2);
    let another = next.is_word("of") || (is_name_at(next, 0) && !next.token(0).starts_line && !next.is_word("by"));
    match (another, comma) {
        (true, _) => Ok(Some((rest, plain))),
        (false, 0) => cut(|i| missing::<()>(i, Wanted::Thing("`, if any`, with its comma,"))).parse(rest).map(|_| None),
        (false, _) => Ok(Some((next, Window { if_any: Some(next.since(rest)), ..plain }))),
    }
}
