//! How many spaces stand between two tokens of a line.

use super::lines::slice;
use crate::syntax::tokens::{Kind, Token};

/// The tokens as they are written on one line.
pub fn write(text: &str, tokens: &[Token], in_table: bool) -> String {
    let mut out = String::new();
    for (index, token) in tokens.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|at| tokens.get(at));
        let earlier = index.checked_sub(2).and_then(|at| tokens.get(at));
        if let Some(before) = before
            && !glued(text, earlier, before, token, in_table)
            && !in_a_code(text, tokens, index)
        {
            out.push(' ');
        }
        let written: Vec<&str> = slice(text, token.span).split(' ').filter(|part| !part.is_empty()).collect();
        match token.kind {
            Kind::Unit => out.push_str(&written.join(" ")),
            _ => out.push_str(slice(text, token.span)),
        }
    }
    out
}

fn glued(text: &str, earlier: Option<&Token>, before: &Token, token: &Token, in_table: bool) -> bool {
    let touching = before.span.end == token.span.start;
    match (before.kind, token.kind) {
        (_, Kind::Sign("," | ")" | ".")) | (Kind::Sign("(" | "."), _) => true,
        (_, Kind::Sign("..")) => !starts_value(before),
        (Kind::Sign(".."), _) => !in_table || touching,
        (Kind::Name, Kind::Sign("(")) => touching,
        (Kind::Sign("-"), _) => unary(text, earlier, touching, in_table),
        (Kind::Name, Kind::Sign("/")) => slice(text, before.span) == "yes" && touching,
        (Kind::Sign("/"), Kind::Name) => {
            slice(text, token.span) == "no" && earlier.is_some_and(|yes| slice(text, yes.span) == "yes") && touching
        }
        _ => false,
    }
}

/// Whether a token and the one before it are parts of one code, as in `from loinc 2708-6`, which is never a difference.
fn in_a_code(text: &str, tokens: &[Token], index: usize) -> bool {
    let at = |back: usize| index.checked_sub(back).and_then(|at| tokens.get(at));
    let touching = at(0).zip(at(1)).is_some_and(|(token, before)| before.span.end == token.span.start);
    let minus = |back: usize| at(back).is_some_and(|token| token.kind == Kind::Sign("-"));
    let named = |back: usize| {
        let word = |back: usize| at(back).filter(|token| token.kind == Kind::Name).map(|token| slice(text, token.span));
        word(back).is_some() && matches!(word(back + 1), Some("from" | "or"))
    };
    let number = |back: usize| at(back).is_some_and(|token| matches!(token.kind, Kind::Number { .. }));
    touching && ((minus(0) && number(1) && named(2)) || (number(0) && minus(1) && number(2) && named(3)))
}

/// `band ..64`: an open range has nothing before its dots.
fn starts_value(before: &Token) -> bool {
    matches!(before.kind, Kind::Sign("," | "{" | "|"))
}

/// A minus belongs to the number after it unless an operand stands before it. Beside a name in a table or
/// an example the author's spacing tells.
fn unary(text: &str, before: Option<&Token>, touching: bool, in_table: bool) -> bool {
    let Some(before) = before else {
        return touching;
    };
    match before.kind {
        Kind::Sign(")" | "}") | Kind::Number { .. } | Kind::Unit => in_table && touching,
        Kind::Name => {
            let word = slice(text, before.span);
            let operator = ["and", "or", "not", "is", "then", "else", "if", "in", "of", "by", "round"].contains(&word);
            touching && (operator || in_table)
        }
        Kind::Sign(_) => touching,
        _ => false,
    }
}
