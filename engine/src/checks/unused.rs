//! Declarations that nothing in the package speaks of. A definition, a table or an obligation is an answer and so is never idle;
//! a package that gives no answers is there for others to use, and so are the code lists of one that judges nothing.

use std::collections::BTreeSet;

use crate::diagnostics::{Diagnostic, codes};
use crate::syntax::lexer::lex;
use crate::syntax::tokens::Kind;
use crate::syntax::tree::{File, Item, Name};
use crate::text::{Source, Span};

/// Warns of parameters, code lists, sets of events and enums whose names stand nowhere else in the text.
pub fn unused(file: &File, index: u32, source: &Source, faults: &mut Vec<Diagnostic>) {
    let answers = |item: &Item| {
        matches!(
            item,
            Item::Define(_) | Item::Table(_) | Item::Obligation(_) | Item::Clock(_) | Item::Path(_) | Item::Measure(_)
        )
    };
    if !file.items.iter().any(answers) {
        return;
    }
    let judges = |item: &Item| matches!(item, Item::Obligation(_) | Item::Clock(_) | Item::Path(_) | Item::Measure(_));
    let judges = file.items.iter().any(judges);
    let examples: Vec<Span> =
        file.items.iter().filter_map(|item| if let Item::Example(e) = item { Some(e.span) } else { None }).collect();
    let (lexed, _) = lex(index, &source.text, 0);
    let words: Vec<(&str, Span)> = lexed
        .tokens
        .iter()
        .filter(|token| matches!(token.kind, Kind::Name | Kind::Unit))
        .filter(|token| !examples.iter().any(|example| example.covers(token.span)))
        .filter_map(|token| Some((source.text.get(token.span.start as usize..token.span.end as usize)?, token.span)))
        .collect();
    for item in &file.items {
        if !judges && matches!(item, Item::Codes(_)) {
            continue;
        }
        let Some((what, name, also, span)) = idle(item) else { continue };
        let names: BTreeSet<&str> = also.into_iter().chain([name.node.as_str()]).collect();
        if !words.iter().any(|(word, place)| names.contains(word) && !span.covers(*place)) {
            let title = format!("nothing uses the {what} `{}`", name.node);
            let fault = Diagnostic::warning(codes::W0301, name.span, title, "not used");
            faults.push(fault.help("use it, or leave it out"));
        }
    }
}

/// What can be idle: what it is called in messages, its name, other names by which it is used, and its place.
fn idle(item: &Item) -> Option<(&'static str, &Name, Vec<&str>, Span)> {
    match item {
        Item::Parameter(p) => Some(("parameter", &p.name, Vec::new(), p.span)),
        Item::Codes(c) => Some(("code list", &c.name, Vec::new(), c.span)),
        Item::Events(e) => Some(("set of events", &e.name, Vec::new(), e.span)),
        Item::Define(d) if d.of.is_some() => Some(("definition", &d.name, Vec::new(), d.span)),
        Item::Table(t) if t.of.is_some() => {
            let outputs = t.outputs.iter().map(|output| output.node.as_str()).collect();
            Some(("table", &t.name, outputs, t.span))
        }
        Item::Enum(e) => {
            let variants = e.variants.iter().map(|choice| choice.name.node.as_str()).collect();
            Some(("enum", &e.name, variants, e.span))
        }
        _ => None,
    }
}
