//! Events of one kind or of several, wherever events are named.
//!
//! ```text
//! events = name | "event" | "(" set ")"
//! set    = part { "or" part }
//! part   = events [ "where" and ]
//! ```
//!
//! In a set `or` begins the next events: a condition with an `or` of its own stands in brackets.

use nom::Parser;
use nom::combinator::cut;
use nom::multi::separated_list1;

use super::expression::without_or;
use super::fault::{Res, committed};
use super::input::{Tokens, nested};
use super::words::{between, is_name_at, named, pathed, sign, word};
use crate::diagnostics::{Diagnostic, codes};
use crate::syntax::tokens::Kind;
use crate::syntax::tree::{EventSet, Events, EventsKind, Part, Query};
use crate::text::Span;

/// How far a bracket is followed to see what it holds.
const FURTHEST: usize = 2_000;

/// `Prophylaxis = Medication where code in heparins or Device`
pub fn event_set<'a>(start: Tokens<'a>, input: Tokens<'a>) -> Res<'a, EventSet> {
    let (rest, name) = named("the name of the set of events")(input)?;
    let (rest, _) = sign("=")(rest)?;
    let (rest, parts) = set(rest)?;
    Ok((rest, EventSet { doc: start.doc(), name, parts, span: rest.since(start) }))
}

/// Events, where they are named.
pub fn events(input: Tokens<'_>) -> Res<'_, Events> {
    if input.is_sign("(") {
        let (rest, parts) = nested(input, |input| between("(", set, ")")(input))?;
        return Ok((rest, Events { kind: EventsKind::Either(parts), span: rest.since(input) }));
    }
    if input.is_word("event") {
        return Ok((input.next(), Events { kind: EventsKind::Every, span: input.span() }));
    }
    let (rest, path) = pathed("the name of an event")(input)?;
    Ok((rest, Events { span: path.span, kind: EventsKind::Named(path) }))
}

fn set(input: Tokens<'_>) -> Res<'_, Vec<Part>> {
    separated_list1(word("or"), cut(part)).parse(input)
}

fn part(input: Tokens<'_>) -> Res<'_, Part> {
    let (rest, events) = events(input)?;
    if !rest.is_word("where") {
        return Ok((rest, Part { events, filter: None }));
    }
    let (rest, filter) = committed(without_or(rest.next()))?;
    Ok((rest, Part { events, filter: Some(filter) }))
}

/// Whether the bracket that opens here holds what is taken of each event, with `of` behind it, and not the events themselves.
pub fn holds_a_field(input: Tokens<'_>) -> bool {
    let mut open = 0_usize;
    for ahead in 0..FURTHEST {
        match input.token(ahead).kind {
            Kind::Sign("(") => open += 1,
            Kind::Sign(")") if open == 1 => return input.is_word_at(ahead + 1, "of"),
            Kind::Sign(")") => open -= 1,
            Kind::End => break,
            _ => {}
        }
    }
    true
}

/// `Seen or Telephoned` without the brackets that keep a set together.
pub fn without_brackets(query: &Query, rest: Tokens<'_>) -> Diagnostic {
    let title = "one of several events is a set, which stands in brackets";
    let fault = Diagnostic::error(codes::E0201, rest.span(), title, "what follows is not read as an event");
    let fault = fault.help("put the events in brackets: `(Seen or Telephoned)`");
    let plain = query.events.span.end == query.span.end && matches!(query.events.kind, EventsKind::Named(_));
    let mut end = rest;
    while end.is_word("or") && is_name_at(end, 1) {
        end = end.skip(2);
    }
    let Some(last) = end.previous().filter(|_| plain && end.at > rest.at) else { return fault };
    let at = |place: u32| Span { start: place, end: place, ..query.span };
    fault.edit(at(query.events.span.start), "(").edit(at(last.span.end), ")")
}
