//! Comparisons: `<=`, `is`, `is not`, `is none`, `is one of`, `in`.

use nom::Parser;
use nom::combinator::cut;

use super::expression::{sum, sums};
use super::fault::{Res, told};
use super::input::Tokens;
use super::newcomers::{range_between, range_of};
use super::words::{between, phrase, spanned, word};
use crate::diagnostics::{Diagnostic, codes};
use crate::syntax::tokens::Kind;
use crate::syntax::tree::{BinaryOp, Comparison, Expr, ExprKind, Number, Unit};
use crate::text::{Span, Spanned};

/// The most tokens of a condition that are read back for a message.
const FURTHEST: usize = 60;

/// Reports a sign from other languages and reads it as what it means there.
pub fn odd<T>(input: Tokens<'_>, instead: &str, meaning: T) -> Option<T> {
    let said = input.text(0);
    let word = instead.trim_end();
    let title = format!("`{said}` is written `{word}`");
    let fault = Diagnostic::error(codes::E0101, input.span(), title, format!("write `{word}` here"));
    input.report(fault.edit(input.span(), instead));
    Some(meaning)
}

/// Whether a comparison goes on from the operand before.
pub fn comparison_ahead(input: Tokens<'_>) -> bool {
    let not_in = input.is_word("not") && input.is_word_at(1, "in");
    comparison_sign(input, false).is_some() || input.is_word("is") || input.is_word("in") || not_in
}

/// The comparison that a sign stands for.
pub fn comparison_sign(input: Tokens<'_>, report: bool) -> Option<Comparison> {
    let Kind::Sign(sign) = input.kind() else {
        return None;
    };
    match sign {
        "=" => Some(Comparison::Equal),
        "==" if report => odd(input, "=", Comparison::Equal),
        "==" => Some(Comparison::Equal),
        "!=" | "<>" if report => odd(input, "is not", Comparison::NotEqual),
        "!=" | "<>" => Some(Comparison::NotEqual),
        "<" => Some(Comparison::Less),
        "<=" => Some(Comparison::LessOrEqual),
        ">" => Some(Comparison::Greater),
        ">=" => Some(Comparison::GreaterOrEqual),
        _ => None,
    }
}

/// `= 3`, `is 3`, `is not 3`, `>= 3`: the operator and the operand.
pub fn operator_and_operand(input: Tokens<'_>) -> Res<'_, (Comparison, Expr)> {
    if let Some(op) = comparison_sign(input, true) {
        let (rest, operand) = cut(sum).parse(input.next())?;
        return Ok((rest, (op, operand)));
    }
    let (mut rest, _) = word("is")(input)?;
    let negated = rest.is_word("not");
    if negated {
        rest = rest.next();
    }
    let op = if negated { Comparison::NotEqual } else { Comparison::Equal };
    let (rest, operand) = cut(sum).parse(rest)?;
    Ok((rest, (op, operand)))
}

/// Whether `input` stands at something [`operator_and_operand`] reads.
pub fn operator_ahead(input: Tokens<'_>) -> bool {
    comparison_sign(input, false).is_some() || input.is_word("is")
}

/// A comparison whose left side has been read.
pub fn comparison<'a>(input: Tokens<'a>, left: &Expr) -> Res<'a, Expr> {
    let value = || Box::new(left.clone());
    let whole = |rest: Tokens<'a>, kind| Ok((rest, Expr { kind, span: left.span.to(rest.since(input)) }));
    if input.is_word("not") || input.is_word("in") {
        return membership(input, left);
    }
    // `isn't none`, `<> none`: told as what it is, and read on.
    let other = matches!(input.kind(), Kind::Sign("!=" | "<>"))
        && (matches!(input.text(1), "none" | "unknown" | "known" | "in")
            || input.is_word_at(1, "one") && input.is_word_at(2, "of"));
    if input.is_word("is") || other {
        if other {
            comparison_sign(input, true);
        }
        let negated = other || input.is_word_at(1, "not");
        let rest = input.skip(if other { 1 } else { 1 + usize::from(negated) });
        if rest.is_word("none") {
            return whole(rest.next(), ExprKind::IsNone { value: value(), negated });
        }
        if rest.is_word("unknown") || rest.is_word("known") {
            let negated = negated != rest.is_word("known");
            return whole(rest.next(), ExprKind::IsUnknown { value: value(), negated });
        }
        if let Ok((rest, _)) = phrase(&["one", "of"])(rest) {
            let (rest, options) = sums(rest)?;
            return wrap_not(negated, rest, left, input, ExprKind::OneOf { value: value(), options });
        }
        if rest.is_word("in") {
            let (rest, found) = membership(rest, left)?;
            return wrap_not(negated, rest, left, input, found.kind);
        }
    }
    let (rest, (op, right)) = operator_and_operand(input)?;
    whole(rest, ExprKind::Compare { op, left: value(), right: Box::new(right) })
}

fn wrap_not<'a>(negated: bool, rest: Tokens<'a>, left: &Expr, from: Tokens<'a>, kind: ExprKind) -> Res<'a, Expr> {
    let span = left.span.to(rest.since(from));
    let inner = Expr { kind, span };
    let kind = if negated { ExprKind::Not(Box::new(inner)) } else { inner.kind };
    Ok((rest, Expr { kind, span }))
}

/// `[not] in { a, b }`, `in 5..6`, `in code_list`.
fn membership<'a>(input: Tokens<'a>, left: &Expr) -> Res<'a, Expr> {
    let negated = input.is_word("not");
    let (rest, _) = word("in")(input.skip(usize::from(negated)))?;
    let value = Box::new(left.clone());
    if rest.is_sign("{") {
        let (rest, options) = between("{", sums, "}")(rest)?;
        return wrap_not(negated, rest, left, input, ExprKind::OneOf { value, options });
    }
    let (rest, (mut low, low_span)) = spanned(sum)(rest)?;
    if rest.is_sign("..") {
        let (rest, high) = cut(sum).parse(rest.next())?;
        share_unit(&mut low, &high);
        let kind = ExprKind::InRange { value, low: Box::new(low), high: Box::new(high) };
        return wrap_not(negated, rest, left, input, kind);
    }
    match low.kind {
        ExprKind::Path(list) => wrap_not(negated, rest, left, input, ExprKind::InList { value, list }),
        ExprKind::Number(_) if rest.is_word("to") && matches!(rest.token(1).kind, Kind::Number { .. }) => {
            told(rest, range_of(rest))
        }
        ExprKind::Binary { op: Spanned { node: BinaryOp::Subtract, .. }, left, right } => {
            let gap = Span { start: left.span.end, end: right.span.start, ..low_span };
            told(input, range_between(low_span, gap, input.text_of(left.span), input.text_of(right.span)))
        }
        _ => no_list(input, low_span),
    }
}

fn no_list(input: Tokens<'_>, span: Span) -> Res<'_, Expr> {
    let title = "`in` needs a range, a list in braces or the name of a code list";
    let fault = Diagnostic::error(codes::E0201, span, title, "this is none of them");
    told(input, fault.help("write `in 5..6`, `in { a, b }`, or compare with `is`"))
}

/// A unit written once, after the second end of a range, holds for both.
pub fn share_unit(low: &mut Expr, high: &Expr) {
    let unit: Option<&Unit> = match &high.kind {
        ExprKind::Number(Number { unit, .. }) => unit.as_ref(),
        _ => None,
    };
    if let ExprKind::Number(Number { unit: own @ None, .. }) = &mut low.kind {
        *own = unit.cloned();
    }
}

/// Where a query for a figure begins whose condition ends with this comparison: `count Fall where age >= 65 > 2`.
fn figure_around(input: Tokens<'_>, left: &Expr) -> Option<Span> {
    const FIGURES: [&str; 5] = ["count", "lowest", "highest", "sum", "median"];
    let before = |by: usize| input.at.checked_sub(by).map(|at| Tokens { at, ..input });
    let word = (1..FURTHEST).map_while(before).find(|at| at.is_word("where") && at.span().end <= left.span.start)?;
    let figure = (1..4).map_while(|by| word.at.checked_sub(by)).map(|at| Tokens { at, ..input });
    let figure = figure.take_while(|at| !at.is_sign("(")).find(|at| FIGURES.contains(&at.text(0)))?;
    let same = Span { start: word.span().end, end: left.span.start, ..left.span };
    let closed = input.text_of(same).matches(')').count() != input.text_of(same).matches('(').count();
    (input.inner_query && !closed).then(|| figure.span())
}

/// `1 < x < 5` is a fault with a message of its own.
pub fn chained<'a>(input: Tokens<'a>, left: &Expr) -> Res<'a, Expr> {
    let title = "a comparison has two sides; this one goes on";
    let fault = Diagnostic::error(codes::E0205, input.span(), title, "a second comparison begins here")
        .because(left.span, "this is already a whole comparison");
    let literal = |right: &Expr| {
        matches!(right.kind, ExprKind::Number(_) | ExprKind::Date(_) | ExprKind::DateTime { .. } | ExprKind::YesNo(_))
    };
    // `1 < n < 5` is one comparison in two parts, wherever it stands.
    let of_two = matches!(&left.kind, ExprKind::Compare { right, .. } if !literal(right));
    if let Some(query) = figure_around(input, left).filter(|_| !of_two) {
        let at = |place: u32| Span { start: place, end: place, ..left.span };
        let asked = input.text_of(query.to(left.span));
        let help = format!(
            "the first belongs to what stands after `where`; put the query in brackets: `({asked}) {} …`",
            input.text(0)
        );
        return told(input, fault.help(help).edit(at(query.start), "(").edit(at(left.span.end), ")"));
    }
    let ExprKind::Compare { right: middle, .. } = &left.kind else {
        let help = "join two comparisons with `and`, write `x in 5..6`, or put the first in parentheses";
        return told(input, fault.help(help));
    };
    let said = input.text_of(middle.span);
    let place = Span { start: middle.span.end, ..middle.span };
    let begins = |at: &usize| input.shared.tokens.get(*at).is_some_and(|token| token.span.start == left.span.start);
    let first = (0..input.at).rev().find(begins).unwrap_or(input.at);
    // `not a < b and b < c` would say something else.
    let negated = Tokens { at: first, ..input }.previous().is_some_and(|last| input.text_of(last.span) == "not");
    let named = !matches!(middle.kind, ExprKind::Number(_)) && !negated;
    let help =
        format!("join two comparisons with `and`: `{} and {said} {} …`", input.text_of(left.span), input.text(0));
    let fault =
        if named { fault.help(help) } else { fault.help("join two comparisons with `and`, or write `x in 5..6`") };
    told(input, if named { fault.edit(place, format!(" and {said}")) } else { fault })
}
