//! Parameters and their contract with members.

use nom::Parser;
use nom::combinator::{cut, opt};
use nom::multi::separated_list1;

use super::declarations::citation;
use super::expression::expression;
use super::fault::Res;
use super::input::Tokens;
use super::primary::moment;
use super::recover::keyword;
use super::types::type_expr;
use super::words::{after, date, named, number_range, sign, worded};
use crate::syntax::tokens::Kind;
use crate::syntax::tree::{Dated, Expr, ExprKind, Local, LocalKind, Number, Parameter};

/// `NAME : TYPE [= VALUE [from DATE] {, VALUE from DATE}] [unverified] [source …] [local …]`
pub fn parameter<'a>(start: Tokens<'a>, input: Tokens<'a>) -> Res<'a, Parameter> {
    let (rest, name) = named("the name of the parameter")(input)?;
    let (rest, _) = sign(":")(rest)?;
    let (mut rest, ty) = type_expr(rest)?;
    let mut values = Vec::new();
    if rest.is_sign("=") {
        (rest, values) = separated_list1(sign(","), cut(dated)).parse(rest.next())?;
    }
    let mut read = Parameter {
        doc: start.doc(),
        name,
        ty,
        values,
        local: None,
        unverified: false,
        source: None,
        span: rest.span(),
    };
    loop {
        if rest.is_word("unverified") && !read.unverified {
            read.unverified = true;
            rest = rest.next();
        } else if rest.is_word("source") && read.source.is_none() {
            let (after, source) = cut(citation).parse(rest.next())?;
            (rest, read.source) = (after, Some(source));
        } else if rest.is_word("local") && read.local.is_none() {
            let (after, contract) = cut(|i| local(rest, i)).parse(rest.next())?;
            (rest, read.local) = (after, Some(contract));
        } else {
            break;
        }
    }
    read.span = rest.since(start);
    Ok((rest, read))
}

fn dated(input: Tokens<'_>) -> Res<'_, Dated<Expr>> {
    (expression, opt(after("from", date))).map(|(value, from)| Dated { value, from }).parse(input)
}

fn figure(number: Number) -> Expr {
    Expr { span: number.span, kind: ExprKind::Number(number) }
}

/// `15 min..1 h [for full, associate] ["reason"]`, `required`, `any`, `stricter lower`
fn local<'a>(start: Tokens<'a>, input: Tokens<'a>) -> Res<'a, Local> {
    let (rest, kind) = match input.kind() {
        Kind::Number { .. } | Kind::Sign("-") => {
            number_range.map(|(low, high)| LocalKind::Range(figure(low), figure(high))).parse(input)?
        }
        Kind::Time(_) | Kind::Date(_) | Kind::DateTime { .. } => {
            let (rest, low) = moment(input)?;
            let (rest, _) = cut(sign("..")).parse(rest)?;
            let (rest, high) = cut(moment).parse(rest)?;
            (rest, LocalKind::Range(low, high))
        }
        _ => {
            let words = &["required", "any", "stricter"];
            let (rest, which) = keyword(words, "what a member may set, unless it is a range,")(input)?;
            match which {
                "required" => (rest, LocalKind::Required),
                "any" => (rest, LocalKind::Any),
                _ => named("`lower` or `higher`").map(LocalKind::Stricter).parse(rest)?,
            }
        }
    };
    let tiers = separated_list1(sign(","), cut(named("the name of a membership tier")));
    let (rest, tiers) = opt(after("for", tiers)).parse(rest)?;
    let (rest, reason) =
        opt(worded("why members may differ, in double quotes", "write the words, or leave the quotes out"))
            .parse(rest)?;
    let reason = reason.map(|said| said.node);
    Ok((rest, Local { kind, tiers: tiers.unwrap_or_default(), reason, span: rest.since(start) }))
}
