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

use super::fault::{Res, committed, told};
use super::input::{Tokens, enter, nested, spend};
use super::primary::primary;
use super::words::{between, phrase, sign, spanned, word};
use crate::diagnostics::{Diagnostic, codes};
use crate::syntax::tokens::Kind;
use crate::syntax::tree::{BinaryOp, Comparison, Expr, ExprKind, Number, Unit};
use crate::text::{Span, Spanned};

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
    Ok((
        rest,
        Expr {
            kind: ExprKind::Else {
                value: Box::new(left),
                otherwise: Box::new(right),
            },
            span,
        },
    ))
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
    if comparison_ahead(rest) {
        chained(rest, &compared)
    } else {
        Ok((rest, compared))
    }
}

fn joined(input: Tokens<'_>, left: Expr, op: BinaryOp, strength: Level) -> Res<'_, Expr> {
    let op = Spanned {
        node: op,
        span: input.span(),
    };
    let (after, right) = committed(level(input.next(), strength.tighter()))?;
    let (rest, ()) = spend(after)?;
    let span = left.span.to(right.span);
    Ok((
        rest,
        Expr {
            kind: ExprKind::Binary {
                op,
                left: Box::new(left),
                right: Box::new(right),
            },
            span,
        },
    ))
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

/// Reports a sign from other languages and reads it as what it means there.
fn odd<T>(input: Tokens<'_>, instead: &str, meaning: T) -> Option<T> {
    let said = input.text(0);
    let title = format!("`{said}` is written `{instead}`");
    let fault = Diagnostic::error(
        codes::E0101,
        input.span(),
        title,
        format!("write `{instead}` here"),
    );
    input.report(fault.edit(input.span(), instead));
    Some(meaning)
}

fn prefixed(input: Tokens<'_>, least: Level) -> Res<'_, Expr> {
    if input.is_word("not") && least <= Level::Not {
        nested(input, negation)
    } else {
        unary(input)
    }
}

fn negation(input: Tokens<'_>) -> Res<'_, Expr> {
    let (rest, inner) = committed(level(input.next(), Level::Not))?;
    Ok((
        rest,
        Expr {
            kind: ExprKind::Not(Box::new(inner)),
            span: rest.since(input),
        },
    ))
}

fn unary(input: Tokens<'_>) -> Res<'_, Expr> {
    let number_next = matches!(input.token(1).kind, Kind::Number { .. });
    if input.is_sign("-") && !number_next {
        nested(input, minus)
    } else {
        primary(input)
    }
}

fn minus(input: Tokens<'_>) -> Res<'_, Expr> {
    let (rest, inner) = committed(unary(input.next()))?;
    Ok((
        rest,
        Expr {
            kind: ExprKind::Negate(Box::new(inner)),
            span: rest.since(input),
        },
    ))
}

fn comparison_ahead(input: Tokens<'_>) -> bool {
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
        // The look-alike `≠` has been reported by the lexer.
        "!=" | "<>" if report && input.text(0) != "≠" => {
            odd(input, "is not", Comparison::NotEqual)
        }
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
    let op = if negated {
        Comparison::NotEqual
    } else {
        Comparison::Equal
    };
    let (rest, operand) = cut(sum).parse(rest)?;
    Ok((rest, (op, operand)))
}

/// Whether `input` stands at something [`operator_and_operand`] reads.
pub fn operator_ahead(input: Tokens<'_>) -> bool {
    comparison_sign(input, false).is_some() || input.is_word("is")
}

fn comparison<'a>(input: Tokens<'a>, left: &Expr) -> Res<'a, Expr> {
    let value = || Box::new(left.clone());
    let whole = |rest: Tokens<'a>, kind| {
        Ok((
            rest,
            Expr {
                kind,
                span: left.span.to(rest.since(input)),
            },
        ))
    };
    if input.is_word("not") || input.is_word("in") {
        return membership(input, left);
    }
    if input.is_word("is") {
        let negated = input.is_word_at(1, "not");
        let rest = input.skip(1 + usize::from(negated));
        if rest.is_word("none") {
            return whole(
                rest.next(),
                ExprKind::IsNone {
                    value: value(),
                    negated,
                },
            );
        }
        if rest.is_word("unknown") || rest.is_word("known") {
            let negated = negated != rest.is_word("known");
            return whole(
                rest.next(),
                ExprKind::IsUnknown {
                    value: value(),
                    negated,
                },
            );
        }
        if let Ok((rest, _)) = phrase(&["one", "of"])(rest) {
            let (rest, options) = sums(rest)?;
            return wrap_not(
                negated,
                rest,
                left,
                input,
                ExprKind::OneOf {
                    value: value(),
                    options,
                },
            );
        }
        if rest.is_word("in") {
            let (rest, found) = membership(rest, left)?;
            return wrap_not(negated, rest, left, input, found.kind);
        }
    }
    let (rest, (op, right)) = operator_and_operand(input)?;
    whole(
        rest,
        ExprKind::Compare {
            op,
            left: value(),
            right: Box::new(right),
        },
    )
}

fn wrap_not<'a>(
    negated: bool,
    rest: Tokens<'a>,
    left: &Expr,
    from: Tokens<'a>,
    kind: ExprKind,
) -> Res<'a, Expr> {
    let span = left.span.to(rest.since(from));
    let inner = Expr { kind, span };
    let kind = if negated {
        ExprKind::Not(Box::new(inner))
    } else {
        inner.kind
    };
    Ok((rest, Expr { kind, span }))
}

/// `[not] in { a, b }`, `in 5..6`, `in code_list`.
fn membership<'a>(input: Tokens<'a>, left: &Expr) -> Res<'a, Expr> {
    let negated = input.is_word("not");
    let (rest, _) = word("in")(input.skip(usize::from(negated)))?;
    let value = Box::new(left.clone());
    if rest.is_sign("{") {
        let (rest, options) = between("{", sums, "}")(rest)?;
        return wrap_not(
            negated,
            rest,
            left,
            input,
            ExprKind::OneOf { value, options },
        );
    }
    let (rest, (mut low, low_span)) = spanned(sum)(rest)?;
    if rest.is_sign("..") {
        let (rest, high) = cut(sum).parse(rest.next())?;
        share_unit(&mut low, &high);
        let kind = ExprKind::InRange {
            value,
            low: Box::new(low),
            high: Box::new(high),
        };
        return wrap_not(negated, rest, left, input, kind);
    }
    match low.kind {
        ExprKind::Path(list) => {
            wrap_not(negated, rest, left, input, ExprKind::InList { value, list })
        }
        _ => no_list(input, low_span),
    }
}

fn no_list(input: Tokens<'_>, span: Span) -> Res<'_, Expr> {
    let title = "after `in` stands a range, a list in braces or the name of a code list";
    let fault = Diagnostic::error(codes::E0201, span, title, "this is none of them");
    told(
        input,
        fault.help("write `in 5..6`, `in { a, b }`, or compare with `is`"),
    )
}

/// A unit written once, after the second end of a range, holds for both.
pub fn share_unit(low: &mut Expr, high: &Expr) {
    let unit: Option<&Unit> = match &high.kind {
        ExprKind::Number(Number { unit, .. }) => unit.as_ref(),
        _ => None,
    };
    if let ExprKind::Number(Number {
        unit: own @ None, ..
    }) = &mut low.kind
    {
        *own = unit.cloned();
    }
}

/// `1 < x < 5` is a fault with a message of its own.
fn chained<'a>(input: Tokens<'a>, left: &Expr) -> Res<'a, Expr> {
    let title = "a comparison has two sides; this one goes on";
    let fault = Diagnostic::error(
        codes::E0205,
        input.span(),
        title,
        "a second comparison begins here",
    )
    .because(left.span, "this is already a whole comparison")
    .help("join two comparisons with `and`, write `x in 5..6`, or put the first in parentheses");
    told(input, fault)
}
