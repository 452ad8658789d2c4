//! No change is shown that was not tried: each is applied and the package compiled again. What does not lead to a better text is
//! left out, and the words of the message remain.

use std::collections::BTreeMap;

use super::texts::Texts;
use super::{Compiled, InTurn, Unit, as_read};
use crate::diagnostics::{Code, Diagnostic, Edit, Severity};
use crate::text::Source;
use crate::values::dimension;

/// How many messages of a run have their changes tried; those of later messages are not shown.
const MOST: usize = 12;
/// The longest text, in bytes, in which changes are tried.
const LONGEST: usize = 256 << 10;

/// Leaves out of all messages the changes that do not lead to a better text.
pub(super) fn keep_what_works(texts: &Texts, units: &[Unit], compiled: &mut [Compiled]) {
    let mut tries = MOST;
    for (place, done) in compiled.iter_mut().enumerate() {
        let before = done.diagnostics.clone();
        for diagnostic in done.diagnostics.iter_mut().filter(|d| !d.edits.is_empty()) {
            let works = tries > 0 && works(texts, units, place, &before, diagnostic);
            tries = tries.saturating_sub(1);
            if !works {
                diagnostic.edits.clear();
            }
        }
    }
}

/// Whether a message is gone once its changes are made, and no error has come in its place.
fn works(texts: &Texts, units: &[Unit], place: usize, before: &[Diagnostic], of: &Diagnostic) -> bool {
    let Some(file) = of.edits.first().map(|edit| edit.span.source) else { return false };
    let source = texts.source(file);
    if of.edits.iter().any(|edit| edit.span.source != file || other_size(edit, source)) || source.text.len() > LONGEST {
        return false;
    }
    let Some(text) = changed(&source.text, &of.edits) else { return false };
    let (own, own_place) = with_what_it_uses(units, place);
    let texts = texts.with(file, Source { name: source.name.clone(), text });
    let after =
        as_read(&texts, &own, &InTurn).into_iter().nth(own_place).map(|done| done.diagnostics).unwrap_or_default();
    let (before, after) = (counted(before), counted(&after));
    let key = key(of);
    let fewer = after.get(&key).unwrap_or(&0) < before.get(&key).unwrap_or(&0);
    fewer && after.iter().all(|(key, count)| key.0 < Severity::Error || count <= before.get(key).unwrap_or(&0))
}

type Key<'d> = (Severity, Code, &'d str);

fn key(diagnostic: &Diagnostic) -> Key<'_> {
    (diagnostic.severity, diagnostic.code, &diagnostic.title)
}

/// How many messages there are of each kind.
fn counted(diagnostics: &[Diagnostic]) -> BTreeMap<Key<'_>, usize> {
    let mut counts = BTreeMap::new();
    diagnostics.iter().for_each(|diagnostic| *counts.entry(key(diagnostic)).or_insert(0) += 1);
    counts
}

/// Whether a change puts a unit in the place of another that is larger or smaller: that is for the author to decide.
fn other_size(edit: &Edit, source: &Source) -> bool {
    let old = source.text.get(edit.span.start as usize..edit.span.end as usize).unwrap_or_default();
    match (dimension::unit(old), dimension::unit(&edit.replacement)) {
        (Some(old), Some(new)) => old != new,
        _ => false,
    }
}

/// A text with changes made; none where they overlap or point outside it.
#[must_use]
pub fn changed(text: &str, edits: &[Edit]) -> Option<String> {
    let mut edits: Vec<&Edit> = edits.iter().collect();
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        let (start, end) = (edit.span.start as usize, edit.span.end as usize);
        out.push_str(text.get(at..start)?);
        out.push_str(&edit.replacement);
        text.get(start..end)?;
        at = end;
    }
    out.push_str(text.get(at..)?);
    Some(out)
}

/// A package and those it uses, with places of their own, and its place among them.
pub(super) fn with_what_it_uses(units: &[Unit], place: usize) -> (Vec<Unit>, usize) {
    let mut wanted = vec![place];
    let mut at = 0;
    while let Some(next) = wanted.get(at).copied() {
        for used in units.get(next).map(|unit| unit.uses.as_slice()).unwrap_or_default() {
            if !wanted.contains(used) {
                wanted.push(*used);
            }
        }
        at += 1;
    }
    wanted.sort_unstable();
    let own = wanted.iter().filter_map(|place| units.get(*place)).map(|unit| {
        let uses = unit.uses.iter().filter_map(|used| wanted.iter().position(|place| place == used)).collect();
        Unit { uses, ..unit.clone() }
    });
    (own.collect(), wanted.iter().position(|wanted| *wanted == place).unwrap_or(0))
}
