//! What several cases share: a case like another, and the background of a section.
//!
//! Both are written out here: whatever reads a case afterwards finds everything that it is given in the case itself. What a case says
//! itself comes before what it takes over.

use std::collections::BTreeMap;

use super::spelling::nearest;
use super::tree::{Example, Given};
use crate::diagnostics::{Diagnostic, codes};
use crate::text::{Span, Spanned};

/// How far one case may lead on to another.
const DEEPEST: usize = 64;

/// What a case is given, over what it takes over. A fact, a setting and `as of` that the case gives itself stand for those it takes over;
/// events come to those there are, and `X not supplied` takes the place of all `X` that are taken over. An event of its own does not take the
/// place of `X not supplied`: there it may be one of several. So it comes to the same in however many steps something is taken over.
pub fn over(own: &[Given], taken: &[Given]) -> Vec<Given> {
    let left = taken.iter().filter(|one| !own.iter().any(|own| stands_for(own, one)));
    left.chain(own).cloned().collect()
}

/// Whether what a case gives takes the place of something that it takes over.
fn stands_for(own: &Given, taken: &Given) -> bool {
    match (own, taken) {
        (Given::Fact { name: a, .. }, Given::Fact { name: b, .. })
        | (Given::Parameter { name: a, .. }, Given::Parameter { name: b, .. })
        | (Given::NotSupplied(a), Given::NotSupplied(b) | Given::Event { name: b, .. }) => a.node == b.node,
        (Given::AsOf(_), Given::AsOf(_)) => true,
        // It came by two ways.
        (Given::Event { span: a, .. }, Given::Event { span: b, .. }) => a == b,
        _ => false,
    }
}

/// Gives each case what its background and the case that it is like are given; `backgrounds` go with the examples, in their order. What a case
/// says itself comes first, then the case that it is like, then its background.
pub fn write_out(examples: &mut [&mut Example], backgrounds: &[Vec<Given>], faults: &mut Vec<Diagnostic>) {
    let mut places: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (place, example) in examples.iter().enumerate() {
        places.entry(example.name.node.clone()).or_default().push(place);
    }
    let mut like: Vec<Option<usize>> = vec![None; examples.len()];
    for (place, example) in examples.iter().enumerate() {
        let Some(other) = other(&example.given) else { continue };
        match found(other, &places, example.name.span) {
            Ok(to) => like.iter_mut().skip(place).take(1).for_each(|like| *like = Some(to)),
            Err(fault) => faults.push(*fault),
        }
    }
    let given: Vec<Vec<Given>> = examples.iter().map(|example| example.given.clone()).collect();
    for (place, example) in examples.iter_mut().enumerate() {
        let mut at = place;
        let mut way = Vec::new();
        while let Some(next) = like.get(at).copied().flatten() {
            way.push(next);
            if next == place || way.len() > DEEPEST {
                let span = other(&example.given).map_or(example.name.span, |other| other.span);
                faults.push(circle(span, next == place));
                way.clear();
                break;
            }
            at = next;
        }
        let own = way.iter().filter_map(|next| given.get(*next));
        let around = way.iter().rev().chain(std::iter::once(&place)).filter_map(|next| backgrounds.get(*next));
        example.given = own.chain(around).fold(std::mem::take(&mut example.given), |own, taken| over(&own, taken));
        example.given.retain(|one| !matches!(one, Given::Like(_)));
    }
}

/// The case that a case is like.
fn other(given: &[Given]) -> Option<&Spanned<String>> {
    given.iter().find_map(|one| if let Given::Like(other) = one { Some(other) } else { None })
}

fn found(other: &Spanned<String>, places: &BTreeMap<String, Vec<usize>>, own: Span) -> Result<usize, Box<Diagnostic>> {
    let name = &other.node;
    let told = |title: String, label: &str| Diagnostic::error(codes::E1006, other.span, title, label);
    match places.get(name).map(Vec::as_slice) {
        Some([only]) => Ok(*only),
        Some(several) => {
            let title = format!("{} cases are called \"{name}\"", several.len());
            let fault = told(title, "which one?").because(own, "asked for by this case");
            Err(Box::new(fault.help("give the one that is meant a heading of its own")))
        }
        None => {
            let fault = told(format!("there is no case \"{name}\" in this file"), "like which one?");
            Err(Box::new(match nearest(name, places.keys().map(String::as_str)) {
                Some(near) => fault.help(format!("did you mean \"{near}\"?")).edit(other.span, format!("\"{near}\"")),
                None => fault.help("write the name of a case of this file: its heading, or the text after `example`"),
            }))
        }
    }
}

fn circle(span: Span, back: bool) -> Diagnostic {
    let label = if back { "leads back to this case" } else { "leads too far" };
    let fault = Diagnostic::error(codes::E1006, span, "cases cannot be like one another in a circle", label);
    fault.help("put what they share in a `background` block, or let one of them give everything itself")
}
