//! Subjects that take over another package's: each is put together once, after the one it takes over.

use std::collections::BTreeMap;

use super::Unit;
use super::graph::Link;
use super::texts::Texts;
use crate::names::Whole;
use crate::syntax::tree::{Item, Subject};

/// The subjects that take over another, with what they take, by the places of their packages; `order` has each package after those it uses.
pub(super) fn whole(texts: &Texts, units: &[Unit], links: &[Vec<Link>], order: &[usize]) -> BTreeMap<usize, Whole> {
    let mut all = BTreeMap::new();
    let subject = |place: usize| units.get(place).and_then(|unit| subject(texts, unit));
    for place in order {
        let Some(own) = subject(*place) else { continue };
        let Some((alias, name)) = own.takes.as_ref().and_then(|path| match path.parts.as_slice() {
            [alias, name] => Some((&alias.node, &name.node)),
            _ => None,
        }) else {
            continue;
        };
        let link = links.get(*place).into_iter().flatten().find(|link| link.alias == *alias);
        let Some(package) = link.and_then(|link| link.to.as_ref().ok().copied()) else { continue };
        let Some(other) = subject(package).filter(|other| other.name.node == *name) else { continue };
        let taken = all.get(&package).cloned().unwrap_or_else(|| Whole::alone(other));
        all.insert(*place, Whole::of(own, package, taken));
    }
    all
}

fn subject<'a>(texts: &'a Texts, unit: &Unit) -> Option<&'a Subject> {
    texts.parsed(unit.rule).file.items.iter().find_map(|item| match item {
        Item::Subject(subject) => Some(subject),
        _ => None,
    })
}
