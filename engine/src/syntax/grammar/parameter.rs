//! Parameters and their contract with members.

use nom::Parser;
use nom::combinator::{cut, opt};
use nom::multi::separated_list1;

use super::declarations::citation;
use super::expression::expression;
use super::fault::{Res, told};
use super::habits::elsewhere;
use super::input::Tokens;
use super::primary::moment;
use super::recover::keyword;
use super::types::type_expr;
use super::words::{after, date, named, number_range, sign, worded};
use crate::diagnostics::Diagnostic;
use crate::syntax::tokens::Kind;
use crate::syntax::tree::{Dated, Expr, ExprKind, Local, LocalKind, Number, Parameter};
use crate::values::dimension::milliseconds;

/// `NAME : TYPE [= VALUE [from DATE] {, VALUE from DATE}] [unverified] [source …] [local …]`
pub fn parameter<'a>(start: Tokens<'a>, input: Tokens<'a>) -> Res<'a, Parameter> {
    let (rest, name) = named("the name of the parameter")(input)?;
    if let Some(fault) = without_a_type(&name.node, rest) {
        return told(rest, fault);
    }
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

/// `parameter limit = 4 h`, `parameter limit : 4 h`: a value, and no type before it.
fn without_a_type(name: &str, at: Tokens<'_>) -> Option<Diagnostic> {
    let value = Some(at.next()).filter(|value| !value.token(0).starts_line)?;
    let ranged = value.is_sign_at(1, "..") || value.is_sign_at(1, "-") || value.is_word_at(1, "to");
    let is_value = at.is_sign("=") || at.is_sign(":") && matches!(value.kind(), Kind::Number { .. }) && !ranged;
    let unit = Some(value.next()).filter(|unit| unit.kind() == Kind::Unit && !unit.token(0).starts_line);
    let unit_said = unit.map(|unit| format!(" {}", unit.text(0))).unwrap_or_default(); // it may have none
    let ty = match value.kind() {
        _ if !is_value => return None,
        Kind::Number { .. } if unit.is_some_and(|unit| milliseconds(unit.text(0)).is_some()) => "duration".to_owned(),
        Kind::Number { pounds: true, .. } => "decimal £0.00..£500.00".to_owned(),
        Kind::Number { places: 0, .. } => format!("integer 0..100{unit_said}"),
        Kind::Number { .. } => format!("decimal 0.0..100.0{unit_said}"),
        Kind::Time(_) => "time of day".to_owned(),
        Kind::Date(_) => "date".to_owned(),
        Kind::DateTime { .. } => "instant".to_owned(),
        _ if value.is_word("yes") || value.is_word("no") => "yes/no".to_owned(),
        _ => return None,
    };
    let said = value.text_of(value.span().to(unit.unwrap_or(value).span()));
    let written = format!("parameter {name} : {ty} = {said}");
    let fault = elsewhere(at.span().to(value.span()), "the type of a parameter stands before its value");
    let number = ty.contains("..");
    Some(if number {
        fault.help(format!("with the range that it may have, as in `{written}`"))
    } else {
        fault.help(format!("write `{written}`")).edit(at.span(), format!(": {ty} ="))
    })
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
