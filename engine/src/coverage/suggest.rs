//! The cases that are missing, as Markdown: each asks its question and leaves the answer to whoever knows.

use std::fmt::Write as _;

use super::{Differs, Point};
use crate::compile::Texts;
use crate::syntax::tree::{Example, Given};
use crate::text::Span;

/// The cases that there are, as their author wrote them.
pub struct CaseTexts<'a> {
    /// The files that they stand in.
    pub texts: &'a Texts,
    /// The examples of the rule and the cases beside it.
    pub examples: Vec<&'a Example>,
}

/// One case for each point that no case reaches, to be put into `cases.md` and answered there.
#[must_use]
pub fn suggestions(points: &[Point], cases: &CaseTexts<'_>) -> String {
    let mut out = String::new();
    for point in points.iter().filter(|point| !point.reached) {
        // Writing into a string cannot fail.
        let _ = writeln!(out, "## {}\n", question(point));
        let base = base(cases, point.by.as_ref());
        let body = base.map_or_else(Vec::new, |base| body(cases, base, point.by.as_ref()));
        match (&point.by, base) {
            (Some(_), Some(base)) => {
                let _ = writeln!(out, "As `{}`, but for this.\n", base.name.node);
            }
            (None, Some(base)) => {
                let _ = writeln!(out, "Begins as `{}`: change it so that it asks this.\n", base.name.node);
            }
            (_, None) => {}
        }
        let _ =
            writeln!(out, "```case\n{}=> ?\n```\n", body.iter().map(|line| format!("{line}\n")).collect::<String>());
    }
    out
}

/// What the case asks, as its heading.
fn question(point: &Point) -> String {
    let Point { what, side, value, .. } = point;
    let what = what.replace('`', "");
    match (value, *side) {
        (Some(value), "at") => format!("What if {what} is tried at {value}?"),
        (Some(value), side) => format!("What if {what} is tried {side}, at {value}?"),
        (None, "") => format!("Who is answered by {what}?"),
        (None, side) => format!("What if {what} is {side}?"),
    }
}

/// The case to begin with: one that has what is to be changed, or the first.
fn base<'a>(cases: &CaseTexts<'a>, by: Option<&Differs>) -> Option<&'a Example> {
    let has = |example: &&&Example, wanted: &str| {
        example.given.iter().any(|given| match given {
            Given::Fact { name, .. } | Given::Event { name, .. } => name.node == wanted,
            _ => false,
        })
    };
    let wanted = match by {
        Some(Differs::Facts(facts)) => facts.first().map(|(name, _)| name.as_str()),
        Some(Differs::Without(name) | Differs::NotSupplied(name) | Differs::Untimed(name)) => Some(name.as_str()),
        Some(Differs::WithoutField(event, _)) => Some(event.as_str()),
        None => None,
    };
    let fitting = wanted.and_then(|wanted| cases.examples.iter().find(|example| has(example, wanted)));
    fitting.or_else(|| cases.examples.first()).copied()
}

/// What a case is given, a line each, with the difference made.
fn body(cases: &CaseTexts<'_>, base: &Example, by: Option<&Differs>) -> Vec<String> {
    let mut lines = Vec::new();
    let mut untimed = false;
    for given in &base.given {
        match (given, by) {
            (Given::Fact { name, .. }, Some(Differs::Without(fact))) if name.node == *fact => {}
            (Given::Fact { name, .. }, Some(Differs::Facts(facts)))
                if facts.iter().any(|(fact, _)| *fact == name.node) => {}
            (Given::Event { name, .. }, Some(Differs::NotSupplied(event))) if name.node == *event => {}
            (Given::Event { name, fields, span, .. }, Some(Differs::Untimed(event)))
                if name.node == *event && !untimed =>
            {
                untimed = true;
                let from = fields.first().map_or(span.end, |(field, _)| field.span.start);
                let fields = text(cases, Span { start: from, ..*span });
                let fields = if fields.is_empty() { String::new() } else { format!(" {{ {fields}") };
                lines.push(format!("{} at unknown{fields}", name.node));
            }
            (Given::Event { name, fields, span, .. }, Some(Differs::WithoutField(event, field)))
                if name.node == *event =>
            {
                lines.push(without_field(cases, (*span, fields), field));
            }
            (given, _) => lines.extend(as_written(cases, given)),
        }
    }
    match by {
        Some(Differs::Facts(facts)) => lines.extend(facts.iter().map(|(fact, value)| format!("{fact} {value}"))),
        Some(Differs::Untimed(event)) if !untimed => lines.push(format!("{event} at unknown")),
        Some(Differs::NotSupplied(event)) => lines.push(format!("{event} not supplied")),
        _ => {}
    }
    lines
}

type Fields = [(crate::syntax::tree::Name, crate::syntax::tree::Supplied)];

/// An event as written without one of its facts.
fn without_field(cases: &CaseTexts<'_>, (span, fields): (Span, &Fields), field: &str) -> String {
    let Some((first, _)) = fields.first() else { return text(cases, span) };
    let before = text(cases, Span { end: first.span.start, ..span });
    let kept = fields.iter().filter(|(name, _)| name.node != field);
    let kept: Vec<String> = kept.map(|(name, supplied)| text(cases, name.span.to(supplied.span()))).collect();
    let before = before.trim_end().trim_end_matches('{').trim_end();
    if kept.is_empty() { before.to_owned() } else { format!("{before} {{ {} }}", kept.join(", ")) }
}

/// What is given, as its author wrote it.
fn as_written(cases: &CaseTexts<'_>, given: &Given) -> Option<String> {
    Some(match given {
        Given::Fact { name, supplied } => text(cases, name.span.to(supplied.span())),
        Given::Event { span, .. } => text(cases, *span),
        Given::NotSupplied(name) => format!("{} not supplied", name.node),
        Given::AsOf(at) => format!("as of {}", text(cases, at.span)),
        Given::Parameter { name, value } => format!("parameter {} {}", name.node, text(cases, value.span)),
        Given::Like(_) => return None,
    })
}

/// A piece of a file on one line.
fn text(cases: &CaseTexts<'_>, span: Span) -> String {
    cases
        .texts
        .sources()
        .get(span.source as usize)
        .map(|source| super::notes::words(&source.text, span))
        .unwrap_or_default()
}
