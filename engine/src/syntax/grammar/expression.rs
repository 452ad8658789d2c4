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
//! unary      = "-" unary | power
//! power      = primary [ "^" unary ]
//! ```

use nom::Parser;
use nom::combinator::cut;
use nom::multi::separated_list1;

use super::comparison::{chained, comparison, comparison_ahead, odd};
use super::fault::{Res, committed};
use super::input::{Tokens, enter, nested, spend};
use super::primary::primary;
use super::words::sign;
use crate::syntax::tokens::Kind;
use crate::syntax::tree::{BinaryOp, Expr, ExprKind};
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
    enter(input, otherwise)
}

/// An expression that ends before `else`: the condition and the first branch of an `if`.
pub fn without_else(input: Tokens<'_>) -> Res<'_, Expr> {
    enter(input, |input| level(input, Level::Or))
}

/// A condition that ends before `or`: in a set, which goes on there.
pub fn without_or(input: Tokens<'_>) -> Res<'_, Expr> {
    enter(input, |input| level(input, Level::And))
}

/// A sum: what stands in a list, beside a comparison, or after `within`.
pub fn sum(input: Tokens<'_>) -> Res<'_, Expr> {
    enter(input, |input| level(input, Level::Sum))
}

/// Sums between commas.
pub fn sums(input: Tokens<'_>) -> Res<'_, Vec<Expr>> {
    separated_list1(sign(","), cut(sum)).parse(input)
}

fn otherwise(input: Tokens<'_>) -> Res<'_, Expr> {
    let (mut rest, mut left) = level(input, Level::Or)?;
    while rest.is_word("else") {
        (rest, left) = else_branch(rest, left)?;
    }
    Ok((rest, left))
}

fn else_branch(input: Tokens<'_>, left: Expr) -> Res<'_, Expr> {
    let (after, right) = committed(level(input.next(), Level::Or))?;
    let (rest, ()) = spend(after)?;
    let span = left.span.to(right.span);
    Ok((rest, Expr { kind: ExprKind::Else { value: Box::new(left), otherwise: Box::new(right) }, span }))
}

fn level(input: Tokens<'_>, least: Level) -> Res<'_, Expr> {
    let (mut rest, mut left) = prefixed(input, least)?;
    loop {
        if least <= Level::Compare && comparison_ahead(rest) {
            (rest, left) = compared(rest, &left)?;
            continue;
        }
        let Some((op, strength)) = operator(rest).filter(|(_, strength)| *strength >= least) else {
            return Ok((rest, left));
        };
        (rest, left) = joined(rest, left, op, strength)?;
    }
}

fn compared<'a>(input: Tokens<'a>, left: &Expr) -> Res<'a, Expr> {
    let (after, compared) = committed(comparison(input, left))?;
    let (rest, ()) = spend(after)?;
    if comparison_ahead(rest) { chained(rest, &compared) } else { Ok((rest, compared)) }
}

fn joined(input: Tokens<'_>, left: Expr, op: BinaryOp, strength: Level) -> Res<'_, Expr> {
    let op = Spanned { node: op, span: input.span() };
    let (after, right) = committed(level(input.next(), strength.tighter()))?;
    let (rest, ()) = spend(after)?;
    let span = left.span.to(right.span);
    Ok((rest, Expr { kind: ExprKind::Binary { op, left: Box::new(left), right: Box::new(right) }, span }))
}

fn operator(input: Tokens<'_>) -> Option<(BinaryOp, Level)> {
    match input.text(0) {
        "or" | "∨" => Some((BinaryOp::Or, Level::Or)),
        "||" => odd(input, "or", (BinaryOp::Or, Level::Or)),
        // Of `&`, `∧` and `∨` the lexer has told.
        "and" | "&" | "∧" => Some((BinaryOp::And, Level::And)),
        "&&" => odd(input, "and", (BinaryOp::And, Level::And)),
        "+" => Some((BinaryOp::Add, Level::Sum)),
        "-" | "–" | "—" | "−" if input.is_sign("-") => Some((BinaryOp::Subtract, Level::Sum)),
        "*" | "×" => Some((BinaryOp::Multiply, Level::Product)),
        "/" | "÷" => Some((BinaryOp::Divide, Level::Product)),
        _ => None,
    }
}

fn prefixed(input: Tokens<'_>, least: Level) -> Res<'_, Expr> {
    if input.is_word("not") && least <= Level::Not { nested(input, negation) } else { unary(input) }
}

fn negation(input: Tokens<'_>) -> Res<'_, Expr> {
    let (rest, inner) = committed(level(input.next(), Level::Not))?;
    Ok((rest, Expr { kind: ExprKind::Not(Box::new(inner)), span: rest.since(input) }))
}

fn unary(input: Tokens<'_>) -> Res<'_, Expr> {
    // In `-2 ^ 4` the sign belongs to the power, as everywhere in mathematics.
    let signed = matches!(input.token(1).kind, Kind::Number { .. }) && power_sign(input, 2).is_none();
    if input.is_sign("-") && !signed { nested(input, minus) } else { power(input) }
}

fn power_sign(input: Tokens<'_>, ahead: usize) -> Option<&'static str> {
    ["^", "**"].into_iter().find(|sign| input.is_sign_at(ahead, sign))
}

/// `x ^ y ^ z` is `x ^ (y ^ z)`.
fn power(input: Tokens<'_>) -> Res<'_, Expr> {
    let (rest, left) = primary(input)?;
    match power_sign(rest, 0) {
        None => return Ok((rest, left)),
        Some("**") => {
            odd(rest, "^", ());
        }
        Some(_) => {}
    }
    let op = Spanned { node: BinaryOp::Power, span: rest.span() };
    let (after, right) = committed(nested(rest.next(), unary))?;
    let (rest, ()) = spend(after)?;
    let span = left.span.to(right.span);
    Ok((rest, Expr { kind: ExprKind::Binary { op, left: Box::new(left), right: Box::new(right) }, span }))
}

fn minus(input: Tokens<'_>) -> Res<'_, Expr> {
    let (rest, inner) = committed(unary(input.next()))?;
    Ok((rest, Expr { kind: ExprKind::Negate(Box::new(inner)), span: rest.since(input) }))
}
