//! The smallest expressions: literals, names, calls, `if`, `round`, tests over lists, calendar words.

use nom::Parser;
use nom::combinator::{cut, opt};
use nom::multi::separated_list1;

use super::brackets::called;
use super::comparison::{operator_ahead, operator_and_operand};
use super::expression::{expression, sum, sums, without_else};
use super::fault::{Res, Wanted, committed, missing, told};
use super::input::{Tokens, nested, spend};
use super::query::{query, query_ahead};
use super::words::{any_word, between, is_name_at, number, pathed, sign, text, unit, word};
use crate::diagnostics::{Diagnostic, codes};
use crate::syntax::tokens::Kind;
use crate::syntax::tree::{Comparison, Expr, ExprKind, Name};
use crate::text::{Span, Spanned};

/// `month of x` and so on.
const PARTS: &[&str] = &["year", "quarter", "month", "week", "weekday", "day", "hour", "date", "time"];
/// `days from a to b` and so on.
const COUNTS: &[&str] = &["years", "months", "weeks", "days", "hours", "minutes", "working_days"];
/// Words before `of a, b, c`.
const LISTS: &[&str] = &["any", "all", "count", "sum", "highest", "lowest", "later", "earlier"];

/// A literal, a name, or an expression in parentheses: what a cell or a value of an example holds.
pub fn atom(input: Tokens<'_>) -> Res<'_, Expr> {
    let read: fn(Tokens<'_>) -> Res<'_, Expr> = match (input.kind(), input.text(0)) {
        (Kind::Number { .. }, _) => number_expr,
        (Kind::Sign("-"), _) if matches!(input.token(1).kind, Kind::Number { .. }) => number_expr,
        (Kind::Sign("("), _) => parenthesised,
        (Kind::Text, _) => text_expr,
        (Kind::Name, "as") if input.is_word_at(1, "of") => as_of,
        (Kind::Name | Kind::Unit, _) if is_name_at(input, 0) => path_expr,
        _ => word_or_time,
    };
    read(input)
}

fn parenthesised(input: Tokens<'_>) -> Res<'_, Expr> {
    let (rest, mut inner) = between("(", expression, ")")(input)?;
    inner.span = rest.since(input);
    Ok((rest, inner))
}

fn text_expr(input: Tokens<'_>) -> Res<'_, Expr> {
    text.map(|said| Expr { kind: ExprKind::Text(said.node), span: said.span }).parse(input)
}

fn path_expr(input: Tokens<'_>) -> Res<'_, Expr> {
    pathed("a value or a name").map(|path| Expr { span: path.span, kind: ExprKind::Path(path) }).parse(input)
}

fn as_of(input: Tokens<'_>) -> Res<'_, Expr> {
    let rest = input.skip(2);
    Ok((rest, Expr { kind: ExprKind::AsOf, span: rest.since(input) }))
}

/// A date, a time of day, or both.
pub fn moment(input: Tokens<'_>) -> Res<'_, Expr> {
    match input.kind() {
        Kind::Date(_) | Kind::DateTime { .. } | Kind::Time(_) => word_or_time(input),
        _ => missing(input, Wanted::Thing("a date or a time")),
    }
}

fn word_or_time(input: Tokens<'_>) -> Res<'_, Expr> {
    let kind = match (input.kind(), input.text(0)) {
        (Kind::Date(date), _) => ExprKind::Date(date),
        (Kind::DateTime { civil_ms, utc }, _) => ExprKind::DateTime { civil_ms, utc },
        (Kind::Time(ms), _) => ExprKind::TimeOfDay(ms),
        (Kind::Name, "yes") => ExprKind::YesNo(true),
        (Kind::Name, "no") => ExprKind::YesNo(false),
        (Kind::Name, "none") => ExprKind::None,
        (Kind::Name, "at") => ExprKind::At,
        _ => return missing(input, Wanted::Thing("a value or a name")),
    };
    Ok((input.next(), Expr { kind, span: input.span() }))
}

fn number_expr(input: Tokens<'_>) -> Res<'_, Expr> {
    number.map(|number| Expr { span: number.span, kind: ExprKind::Number(number) }).parse(input)
}

/// The operand of an operator, with any `to mmol/L` after it.
pub fn primary(input: Tokens<'_>) -> Res<'_, Expr> {
    let (mut rest, mut value) = operand(input)?;
    while rest.is_word("to") && rest.token(1).kind == Kind::Unit {
        (rest, value) = converted(rest, value)?;
    }
    Ok((rest, value))
}

fn converted(input: Tokens<'_>, value: Expr) -> Res<'_, Expr> {
    let (after, unit) = committed(unit(input.next()))?;
    let (rest, ()) = spend(after)?;
    let span = value.span.to(rest.since(input));
    Ok((rest, Expr { kind: ExprKind::Convert { value: Box::new(value), unit }, span }))
}

/// Which form stands here is told by the first word and the one after it.
fn operand(input: Tokens<'_>) -> Res<'_, Expr> {
    let of = input.is_word_at(1, "of");
    let from = input.is_word_at(1, "from");
    let read: fn(Tokens<'_>) -> Res<'_, Expr> = match (input.kind(), input.text(0)) {
        (Kind::Ordinal(_), _) => query,
        (Kind::Name, "if") => if_else,
        (Kind::Name, word) if of && LISTS.contains(&word) => over_list,
        (Kind::Name, word) if of && PARTS.contains(&word) => part,
        (Kind::Name, word) if from && COUNTS.contains(&word) => between_instants,
        (Kind::Name, "round") if rounding_ahead(input) => round,
        (Kind::Name, _) if is_name_at(input, 0) && input.is_sign_at(1, "(") && input.next().gap() == 0 => call,
        (Kind::Name, _) if query_ahead(input) => query,
        _ => return atom(input),
    };
    nested(input, read)
}

fn if_else(input: Tokens<'_>) -> Res<'_, Expr> {
    let (rest, start) = word("if")(input)?;
    let (rest, condition) = cut(without_else).parse(rest)?;
    let (rest, _) = cut(word("then")).parse(rest)?;
    let (rest, then) = cut(without_else).parse(rest)?;
    if !rest.is_word("else") {
        if let Some((query, value, other)) = swallowed_else(&then) {
            return told(rest, else_of_where(rest, start, query, value, other));
        }
        if let Some(fault) = other_else(rest).or_else(|| else_of_inner(start, &then)) {
            return told(rest, fault);
        }
        let title = "this `if` has no `else`, so it does not answer for everyone";
        let fault = Diagnostic::error(codes::E0204, start, title, "the condition begins here")
            .because(rest.span(), "`else` and the other answer belong before this")
            .help("say what holds otherwise, for example `else none`");
        return told(rest, fault);
    }
    let (rest, otherwise) = cut(expression).parse(rest.next())?;
    let kind = ExprKind::If { condition: Box::new(condition), then: Box::new(then), otherwise: Box::new(otherwise) };
    Ok((rest, Expr { kind, span: rest.since(input) }))
}

/// `if a then if b then 1 else 2 else 3`: what stands after the `else` of the inner goes on, as `2 else 3`.
fn else_of_inner(start: Span, then: &Expr) -> Option<Diagnostic> {
    let ExprKind::If { otherwise, .. } = &then.kind else { return None };
    let ExprKind::Else { value, .. } = &otherwise.kind else { return None };
    if otherwise.span.end != then.span.end {
        return None;
    }
    let at = |place: u32| Span { start: place, end: place, ..then.span };
    let title = "both `else` belong to the inner `if`, so this one has none";
    let fault = Diagnostic::error(codes::E0204, start, title, "no `else` of its own");
    let fault = fault.because(otherwise.span, "what stands after an `else` goes on as far as it can");
    let fault = fault.help("put the inner `if` in brackets: `if a then (if b then 1 else 2) else 3`");
    Some(fault.edit(at(then.span.start), "(").edit(at(value.span.end), ")"))
}

/// `elif`, `ELSE IF`: another word for `else if` or `else`.
fn other_else(here: Tokens<'_>) -> Option<Diagnostic> {
    let said = here.text(0).to_ascii_lowercase();
    let meant = match said.as_str() {
        "elif" | "elsif" | "elseif" | "elsewhen" => "else if",
        "else" | "otherwise" | "default" => "else",
        _ => return None,
    };
    let title = format!("`{}` is written `{meant}`", here.text(0));
    let fault = Diagnostic::error(codes::E0213, here.span(), title, "the other answers begin here");
    Some(fault.help(format!("write `{meant}`")).edit(here.span(), meant))
}

/// A query at the end of an expression whose condition took an `else`: the query, and what stands before and after that `else`.
fn swallowed_else(expr: &Expr) -> Option<(Span, Span, Span)> {
    match &expr.kind {
        ExprKind::Query(query) => {
            let condition = query.filter.as_ref().or(query.have.as_ref())?;
            match &condition.kind {
                // A condition in brackets has an `else` of its own.
                ExprKind::Else { value, otherwise } if value.span.start == condition.span.start => {
                    Some((query.span, value.span, otherwise.span))
                }
                _ => swallowed_else(condition),
            }
        }
        ExprKind::Binary { right, .. } | ExprKind::Compare { right, .. } => swallowed_else(right),
        ExprKind::Not(inner) | ExprKind::Negate(inner) => swallowed_else(inner),
        _ => None,
    }
}

fn else_of_where(rest: Tokens<'_>, start: Span, query: Span, value: Span, other: Span) -> Diagnostic {
    let between = Span { start: value.end, end: other.start, ..value };
    let before = rest.text_of(between).find("else").and_then(|at| u32::try_from(at).ok()).unwrap_or(0);
    let word = Span { start: between.start + before, end: between.start + before + 4, ..between };
    let at = |place: u32| Span { start: place, end: place, ..query };
    let title = "this `else` belongs to the condition of the query, so the `if` has none";
    Diagnostic::error(codes::E0204, word, title, "what stands after `where` goes on as far as it can")
        .because(start, "this `if` has no `else`")
        .help("put the query in brackets, so that its condition ends there")
        .edit(at(query.start), "(")
        .edit(at(value.end), ")")
}

/// `any of a, b, c is 3`, `highest of a, b`.
fn over_list(input: Tokens<'_>) -> Res<'_, Expr> {
    let (rest, first) = any_word(input)?;
    let (rest, _) = word("of")(rest)?;
    let (rest, items) = cut(sums).parse(rest)?;
    let test = matches!(first.node.as_str(), "any" | "all" | "count");
    let kind_and_rest = if test && operator_ahead(rest) {
        let (rest, (op, operand)) = cut(operator_and_operand).parse(rest)?;
        (ExprKind::Quantified { quantifier: first, items, op, operand: Box::new(operand) }, rest)
    } else if matches!(first.node.as_str(), "any" | "all") {
        let operand = Expr { kind: ExprKind::YesNo(true), span: rest.since(input) };
        let op = Comparison::Equal;
        (ExprKind::Quantified { quantifier: first, items, op, operand: Box::new(operand) }, rest)
    } else {
        (ExprKind::Fold { fold: first, items }, rest)
    };
    let (kind, rest) = kind_and_rest;
    Ok((rest, Expr { kind, span: rest.since(input) }))
}

/// `month of x`
fn part(input: Tokens<'_>) -> Res<'_, Expr> {
    let (rest, function) = any_word(input)?;
    let (rest, _) = word("of")(rest)?;
    let (rest, of) = cut(primary).parse(rest)?;
    Ok((rest, Expr { kind: ExprKind::Calendar { function, arguments: vec![of] }, span: rest.since(input) }))
}

/// `years from a to b`
fn between_instants(input: Tokens<'_>) -> Res<'_, Expr> {
    let (rest, function) = any_word(input)?;
    let (rest, _) = word("from")(rest)?;
    let (rest, low) = cut(sum).parse(rest)?;
    let (rest, _) = cut(word("to")).parse(rest)?;
    let (rest, high) = cut(sum).parse(rest)?;
    let kind = ExprKind::Calendar { function, arguments: vec![low, high] };
    Ok((rest, Expr { kind, span: rest.since(input) }))
}

/// `round` is a word of the language when something to round follows.
fn rounding_ahead(input: Tokens<'_>) -> bool {
    let next = input.next();
    match next.kind() {
        Kind::Number { .. } | Kind::Sign("(") => true,
        Kind::Name => is_name_at(next, 0) || next.is_word("if"),
        // `round -x` and not `round - x`, which takes x from something called round.
        Kind::Sign("-") => next.gap() > 0 && next.next().gap() == 0,
        _ => false,
    }
}

/// `round x to 2 places half up`
fn round(input: Tokens<'_>) -> Res<'_, Expr> {
    let (rest, _) = word("round")(input)?;
    let (rest, value) = cut(sum).parse(rest)?;
    let (rest, _) = cut(word("to")).parse(rest)?;
    let places = match rest.kind() {
        Kind::Number { digits, places: 0, pounds: false } => u8::try_from(digits).ok().filter(|p| *p <= 9),
        _ => None,
    };
    let Some(places) = places else {
        return cut(|i| missing(i, Wanted::Thing("a number of places from 0 to 9"))).parse(rest);
    };
    let rest = rest.next();
    let rest = if rest.is_word("place") { rest.next() } else { cut(word("places")).parse(rest)?.0 };
    let (rest, mode) = opt(rounding_mode).parse(rest)?;
    let kind = ExprKind::Round { value: Box::new(value), places, mode };
    Ok((rest, Expr { kind, span: rest.since(input) }))
}

fn rounding_mode(input: Tokens<'_>) -> Res<'_, Name> {
    let words = match (input.text(0), input.text(1)) {
        ("up" | "down", _) => 1,
        ("half", "up" | "even") => 2,
        _ => {
            return missing(input, Wanted::Thing("`up`, `down`, `half up` or `half even`"));
        }
    };
    let rest = input.skip(words);
    let node = if words == 1 { input.text(0).to_owned() } else { format!("half {}", input.text(1)) };
    Ok((rest, Spanned { node, span: rest.since(input) }))
}

/// `sqrt(x)`: the parenthesis directly after the name.
fn call(input: Tokens<'_>) -> Res<'_, Expr> {
    if let Some(fault) = called(input) {
        return told(input, fault);
    }
    let (rest, function) = any_word(input)?;
    let (rest, arguments) = between("(", separated_list1(sign(","), cut(expression)), ")")(rest)?;
    Ok((rest, Expr { kind: ExprKind::Call { function, arguments }, span: rest.since(input) }))
}
