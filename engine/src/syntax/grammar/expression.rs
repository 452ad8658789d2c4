//! Expressions, by precedence.
//!
//! ```text
//! expression = or { "else" or }
//! or         = and { "or" and }
//! and        = not { "and" not }
//! not        = "not" not | comparison
//! comparison = sum [ ("=" | "<" | "<=" | ">" | ">=") sum | "is" … | ["not"] "in" … ]
//! sum        = product { ("+" | "-") product }
//! product    = unary { ("*" | "/") unary }
//! unary      = "-" unary | primary
//! ```

use nom::Parser;
use nom::combinator::cut;
use nom::multi::separated_list1;

use super::fault::{Res, told};
use super::input::{Tokens, fresh, nested};
use super::primary::primary;
use super::words::{between, phrase, sign, spanned, word};
use crate::diagnostics::{Diagnostic, codes};
use crate::syntax::tree::{BinaryOp, Comparison, Expr, ExprKind, Number, Unit};
use crate::text::Spanned;

/// How tightly an operator binds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Or,
    And,
    Not,
    Compare,
    Sum,
    Product,
    Unary,
}

impl Level {
    fn tighter(self) -> Level {
        match self {
            Level::Or => Level::And,
            Level::And => Level::Not,
            Level::Not => Level::Compare,
            Level::Compare => Level::Sum,
            Level::Sum => Level::Product,
            Level::Product | Level::Unary => Level::Unary,
        }
    }
}

/// A whole expression.
pub fn expression(input: Tokens<'_>) -> Res<'_, Expr> {
    fresh(input, |input| nested(input, otherwise))
}

/// An expression that ends before `else`: the condition and the first branch of an `if`.
pub fn without_else(input: Tokens<'_>) -> Res<'_, Expr> {
    fresh(input, |input| nested(input, |input| level(input, Level::Or)))
}

/// A sum: what stands in a list, beside a comparison, or after `within`.
pub fn sum(input: Tokens<'_>) -> Res<'_, Expr> {
    fresh(input, |input| nested(input, |input| level(input, Level::Sum)))
}

/// Sums between commas.
pub fn sums(input: Tokens<'_>) -> Res<'_, Vec<Expr>> {
    separated_list1(sign(","), cut(sum)).parse(input)
}

fn otherwise(input: Tokens<'_>) -> Res<'_, Expr> {
    let (mut rest, mut left) = level(input, Level::Or)?;
    while rest.is_word("else") {
        let (after, right) = cut(|i| level(i, Level::Or)).parse(rest.next())?;
        (rest, _) = rest.spend(after)?;
        let span = left.span.to(right.span);
        left = Expr { kind: ExprKind::Else { value: Box::new(left), otherwise: Box::new(right) }, span };
    }
    Ok((rest, left))
}

fn level(input: Tokens<'_>, least: Level) -> Res<'_, Expr> {
    let (mut rest, mut left) = prefixed(input, least)?;
    loop {
        if least <= Level::Compare && comparison_ahead(rest) {
            let (after, compared) = cut(|i| comparison(i, &left)).parse(rest)?;
            left = compared;
            (rest, _) = rest.spend(after)?;
            chained(rest, &left)?;
            continue;
        }
        let Some((op, strength)) = operator(rest).filter(|(_, strength)| *strength >= least) else {
            return Ok((rest, left));
        };
        let at = Spanned { node: op, span: rest.span() };
        let (after, right) = cut(|i| level(i, strength.tighter())).parse(rest.next())?;
        (rest, _) = rest.spend(after)?;
        let span = left.span.to(right.span);
        let kind = ExprKind::Binary { op: at, left: Box::new(left), right: Box::new(right) };
        left = Expr { kind, span };
    }
}

fn operator(input: Tokens<'_>) -> Option<(BinaryOp, Level)> {
    match input.text(0) {
        "or" => Some((BinaryOp::Or, Level::Or)),
        "||" => odd(input, "or", (BinaryOp::Or, Level::Or)),
        "and" => Some((BinaryOp::And, Level::And)),
        "&&" => odd(input, "and", (BinaryOp::And, Level::And)),
        "+" => Some((BinaryOp::Add, Level::Sum)),
        "-" | "–" | "—" | "−" => Some((BinaryOp::Subtract, Level::Sum)),
        "*" | "×" => Some((BinaryOp::Multiply, Level::Product)),
        "/" | "÷" => Some((BinaryOp::Divide, Level::Product)),
        _ => None,
    }
}

/// Reports a sign from other languages, once, and reads it as what it means there.
fn odd<T>(input: Tokens<'_>, instead: &str, meaning: T) -> Option<T> {
    let said = input.text(0);
    let title = format!("`{said}` is written `{instead}`");
    let fault = Diagnostic::error(codes::E0101, input.span(), title, format!("write `{instead}` here"));
    let new = input.shared.faults.try_borrow().is_ok_and(|faults| !faults.contains(&fault.clone().edit(input.span(), instead)));
    if new {
        input.report(fault.edit(input.span(), instead));
    }
    Some(meaning)
}

fn prefixed(input: Tokens<'_>, least: Level) -> Res<'_, Expr> {
    if input.is_word("not") && least <= Level::Not {
        let (rest, inner) = cut(|i| nested(i, |i| level(i, Level::Not))).parse(input.next())?;
        return Ok((rest, Expr { kind: ExprKind::Not(Box::new(inner)), span: rest.since(input) }));
    }
    unary(input)
}

fn unary(input: Tokens<'_>) -> Res<'_, Expr> {
    let number_next = matches!(input.token(1).kind, crate::syntax::tokens::Kind::Number { .. });
    if input.is_sign("-") && !number_next {
        let (rest, inner) = cut(|i| nested(i, unary)).parse(input.next())?;
        return Ok((rest, Expr { kind: ExprKind::Negate(Box::new(inner)), span: rest.since(input) }));
    }
    primary(input)
}

fn comparison_ahead(input: Tokens<'_>) -> bool {
    let not_in = input.is_word("not") && input.is_word_at(1, "in");
    comparison_sign(input, false).is_some() || input.is_word("is") || input.is_word("in") || not_in
}

/// The comparison that a sign stands for.
pub fn comparison_sign(input: Tokens<'_>, report: bool) -> Option<Comparison> {
    let crate::syntax::tokens::Kind::Sign(sign) = input.kind() else { return None };
    match sign {
        "=" => Some(Comparison::Equal),
        "==" if report => odd(input, "=", Comparison::Equal),
        "==" => Some(Comparison::Equal),
        // The look-alike `≠` has been reported by the lexer.
        "!=" | "<>" if report && input.text(0) != "≠" => odd(input, "is not", Comparison::NotEqual),
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

fn comparison<'a>(input: Tokens<'a>, left: &Expr) -> Res<'a, Expr> {
    let value = || Box::new(left.clone());
    let whole = |rest: Tokens<'a>, kind| Ok((rest, Expr { kind, span: left.span.to(rest.since(input)) }));
    if input.is_word("not") || input.is_word("in") {
        return membership(input, left);
    }
    if input.is_word("is") {
        let negated = input.is_word_at(1, "not");
        let rest = input.skip(1 + usize::from(negated));
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
        _ => {
            let title = "after `in` stands a range, a list in braces or the name of a code list";
            let fault = Diagnostic::error(codes::E0201, low_span, title, "this is none of them");
            told(input, fault.help("write `in 5..6`, `in { a, b }`, or compare with `is`"))
        }
    }
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

/// `1 < x < 5` is a fault with a message of its own.
fn chained<'a>(input: Tokens<'a>, left: &Expr) -> Res<'a, ()> {
    if !comparison_ahead(input) {
        return Ok((input, ()));
    }
    let title = "a comparison has two sides; this one goes on";
    let fault = Diagnostic::error(codes::E0205, input.span(), title, "a second comparison begins here")
        .because(left.span, "this is already a whole comparison")
        .help("join two comparisons with `and`, write `x in 5..6`, or put the first in parentheses");
    told(input, fault)
}
