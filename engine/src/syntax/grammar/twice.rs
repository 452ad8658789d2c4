//! What an example gives twice: the second would silently replace the first.

use std::collections::BTreeMap;

use super::input::Tokens;
use crate::diagnostics::{Diagnostic, codes};
use crate::syntax::tree::{Given, Name};
use crate::text::Span;

/// Reports each fact, setting, field of one event and `as of` that is given a second time.
pub fn given_twice(input: Tokens<'_>, given: &[Given]) {
    let mut facts = BTreeMap::new();
    let (mut as_of, mut like) = (None, None);
    for one in given {
        match one {
            Given::Fact { name, .. } => once(input, &mut facts, name),
            Given::Parameter { name, .. } => once(input, &mut facts, name),
            Given::Event { fields, .. } => {
                let mut of_event = BTreeMap::new();
                fields.iter().for_each(|(name, _)| once(input, &mut of_event, name));
            }
            Given::AsOf(at) => match as_of {
                Some(first) => report(input, "as of", first, at.span),
                None => as_of = Some(at.span),
            },
            Given::Like(other) => match like {
                Some(first) => report(input, "like", first, other.span),
                None => like = Some(other.span),
            },
            Given::NotSupplied(_) => {}
        }
    }
}

fn once<'t>(input: Tokens<'_>, seen: &mut BTreeMap<&'t str, Span>, name: &'t Name) {
    match seen.get(name.node.as_str()) {
        Some(first) => report(input, &name.node, *first, name.span),
        None => {
            seen.insert(&name.node, name.span);
        }
    }
}

fn report(input: Tokens<'_>, name: &str, first: Span, second: Span) {
    let fault = Diagnostic::error(codes::E1004, second, format!("`{name}` is given twice"), "given again here");
    input.report(fault.because(first, "first given here").help("a case has each fact once: take one of them out"));
}
