//! One fault, one message: what only follows from another is left out.

use std::collections::BTreeMap;

use super::texts::Texts;
use crate::diagnostics::{Code, Diagnostic, codes};
use crate::syntax::tree::Item;
use crate::syntax::{WITHOUT_NAME, WRONG_QUOTES};
use crate::text::Span;

/// Messages that something is not declared.
const NOT_DECLARED: [Code; 4] = [codes::E0303, codes::E0307, codes::E0311, codes::E0316];
/// Messages about what the header does not say.
const NOT_IN_HEADER: [Code; 3] = [codes::E0701, codes::E0705, codes::E0706];
/// Messages about what an obligation, a measure, a clock, a table or a list of codes does not say, or what all that it says comes to.
const NOT_SAID: [Code; 8] =
    [codes::E0902, codes::E0903, codes::E0906, codes::E0907, codes::E0913, codes::E0403, codes::E0315, codes::W0901];
/// Faults after which a figure or a condition is not what its author wrote.
const MISREAD: [Code; 4] = [codes::E0105, codes::E0107, codes::E0210, codes::E0213];

/// Messages that may be about what stands in quotes and belongs without.
const QUOTED: [Code; 2] = [codes::E0506, codes::E0213];

/// Leaves out what only follows: that a name is not declared whose declaration could not be read, what is missing from a
/// header or a clause that could not be read whole, and what is wrong with words that were not read as they were meant. `unread`
/// are the places of what could not be read, in the rule or beside it.
pub(super) fn leave_out(
    diagnostics: &mut Vec<Diagnostic>,
    texts: &Texts,
    (rule, header): (u32, Option<Span>),
    unread: &[Span],
) {
    let header_unread = header.is_some_and(|header| unread.iter().any(|place| header.covers(*place)));
    let declared: Vec<String> = diagnostics.iter().flat_map(|d| d.declares.iter().cloned()).collect();
    let misread: Vec<Span> =
        diagnostics.iter().filter(|d| of_text(d) && MISREAD.contains(&d.code)).map(|d| d.primary.span).collect();
    let foreign: Vec<Span> = diagnostics.iter().filter(|d| d.code == codes::E0213).map(|d| d.primary.span).collect();
    let mut told: Vec<Span> = Vec::new();
    let larger = diagnostics.iter().filter(|d| of_text(d) && d.code != codes::E0101);
    let changed: Vec<(Span, Span)> =
        larger.flat_map(|d| d.edits.iter().map(|edit| (d.primary.span, edit.span))).collect();
    let quoted: Vec<Span> = diagnostics.iter().filter(|d| QUOTED.contains(&d.code)).flat_map(places).collect();
    diagnostics.retain(|diagnostic| {
        let place = diagnostic.primary.span;
        // Which quotes a text stands between matters to nobody where it belongs without.
        if diagnostic.title.starts_with(WRONG_QUOTES) && quoted.iter().any(|text| text.covers(place)) {
            return false;
        }
        // A sign is not told by itself where the change of what it stands in takes it away.
        if diagnostic.code == codes::E0101 && changed.iter().any(|(at, change)| *at != place && change.covers(place)) {
            return false;
        }
        // What is written in another way as a whole is told once, and not of its parts as well.
        if diagnostic.code == codes::E0213 {
            let larger = foreign.iter().any(|other| *other != place && other.covers(place));
            if larger || told.contains(&place) {
                return false;
            }
            told.push(place);
        }
        let of_header = header_unread && NOT_IN_HEADER.contains(&diagnostic.code);
        let known = |name: &str| {
            declared.iter().any(|declared| declared == name || declared == WITHOUT_NAME && place.source != rule)
        };
        let of_name = NOT_DECLARED.contains(&diagnostic.code) && first_name(place, texts).is_some_and(known);
        let of_clause = NOT_SAID.contains(&diagnostic.code) && partly_read(place, texts, unread);
        let of_words = !of_text(diagnostic)
            && (unread.iter().any(|other| other.covers(place) && other.start < other.end)
                || misread.iter().any(|other| touches(*other, place)));
        !of_header && !of_name && !of_clause && !of_words
    });
}

/// How many cases of a file without an answer are told one by one.
const MOST_UNANSWERED: usize = 3;

/// Of many cases of one file that nobody has answered, as they come from `test --suggest`, the first says how many there are.
pub(super) fn unanswered_once(diagnostics: &mut Vec<Diagnostic>) {
    let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
    let unanswered = |d: &Diagnostic| d.code == codes::E1008;
    diagnostics.iter().filter(|d| unanswered(d)).for_each(|d| *counts.entry(d.primary.span.source).or_insert(0) += 1);
    let mut told: Vec<u32> = Vec::new();
    diagnostics.retain_mut(|diagnostic| {
        let source = diagnostic.primary.span.source;
        let Some(count) = counts.get(&source).filter(|count| unanswered(diagnostic) && **count > MOST_UNANSWERED)
        else {
            return true;
        };
        let first = !told.contains(&source);
        if first {
            told.push(source);
            diagnostic.notes.push(format!("{} further cases of this file have no answer either", count - 1));
        }
        first
    });
}

/// The places of a message and of its changes.
fn places(diagnostic: &Diagnostic) -> impl Iterator<Item = Span> {
    std::iter::once(diagnostic.primary.span).chain(diagnostic.edits.iter().map(|edit| edit.span))
}

/// Whether a message is about the text itself, before anything is known of its meaning.
fn of_text(diagnostic: &Diagnostic) -> bool {
    ["E01", "E02", "E10"].iter().any(|family| diagnostic.code.0.starts_with(family))
}

/// Whether two places have something in common, or one stands directly before the other.
fn touches(a: Span, b: Span) -> bool {
    a.source == b.source && a.start <= b.end.saturating_add(1) && b.start <= a.end
}

/// Whether part of the declaration could not be read that has its name at a place, or is around it.
fn partly_read(name: Span, texts: &Texts, unread: &[Span]) -> bool {
    texts.parsed(name.source).file.items.iter().any(|item| {
        let span = match item {
            Item::Obligation(o) if o.span.covers(name) => o.span,
            Item::Measure(m) if m.span.covers(name) => m.span,
            Item::Clock(c) if c.name.span == name => c.span,
            Item::Codes(c) if c.name.span == name => c.span,
            Item::Table(t) if t.span.covers(name) => t.span,
            _ => return false,
        };
        unread.iter().any(|place| span.covers(*place))
    })
}

/// The name at a place, or the first of several joined by dots.
fn first_name(span: Span, texts: &Texts) -> Option<&str> {
    let text = texts.source(span.source).text.get(span.start as usize..span.end as usize)?;
    text.split('.').next().map(str::trim)
}
