//! What may be missing: each fact, each kind of event, its time and each of its facts, is missing in some case.

use super::notes::Notes;
use super::{Aspect, Differs, Point};
use crate::evaluate::Evaluated;
use crate::plan::case::Datum;
use crate::plan::{Id, Kinds, Plan, Unknown};
use crate::syntax::tree::Item;
use crate::text::Span;

/// Notes all that may be missing.
pub(super) fn declare(notes: &mut Notes<'_>) {
    let of = notes.of;
    let plan = &of.package.plan;
    for (place, unknown) in plan.unknowns.iter().enumerate() {
        let name = plan.unknown_path(place);
        let by = match unknown {
            Unknown::Fact(_) => Differs::Without(name.clone()),
            Unknown::Events(_) => Differs::NotSupplied(name.clone()),
            Unknown::Time(_) => Differs::Untimed(name.split('.').next().unwrap_or(&name).to_owned()),
            Unknown::Field { .. } => match name.split_once('.') {
                Some((event, field)) => Differs::WithoutField(event.to_owned(), field.to_owned()),
                None => continue,
            },
            Unknown::Parameter(_) | Unknown::Decision(_) => continue,
        };
        let point = Point::of(Aspect::Unknown, at(notes, plan, unknown), name.clone());
        notes.declare(name, Point { side: side(unknown), by: Some(by), ..point });
    }
}

/// Marks what is missing in a case.
pub(super) fn mark(notes: &mut Notes<'_>, evaluated: &Evaluated<'_>) {
    let of = notes.of;
    let plan = &of.package.plan;
    for (place, unknown) in plan.unknowns.iter().enumerate() {
        if is_missing(evaluated, unknown) {
            notes.mark(Aspect::Unknown, at(notes, plan, unknown), plan.unknown_path(place));
        }
    }
}

fn side(unknown: &Unknown) -> &'static str {
    match unknown {
        Unknown::Events(_) => "not supplied",
        Unknown::Time(_) => "unknown",
        _ => "missing",
    }
}

fn is_missing(evaluated: &Evaluated<'_>, unknown: &Unknown) -> bool {
    let case = evaluated.case();
    match unknown {
        Unknown::Fact(fact) => !matches!(case.facts.get(fact.place()), Some(Datum::Known(_) | Datum::None)),
        Unknown::Events(kind) => case.not_supplied & Kinds::one(*kind).0 != 0,
        Unknown::Time(kind) => case.events.iter().any(|event| event.kind == *kind && event.at.known().is_none()),
        Unknown::Field { kind, field } => case.events.iter().any(|event| {
            let given = matches!(event.fields.get(field.place()), Some(Datum::Known(_) | Datum::None));
            event.kind == *kind && !given
        }),
        Unknown::Parameter(_) | Unknown::Decision(_) => false,
    }
}

/// Where it is declared; at the start of the file where another package declares it.
fn at(notes: &Notes<'_>, plan: &Plan, unknown: &Unknown) -> Span {
    let subjects = notes.of.file.items.iter().filter_map(|item| match item {
        Item::Subject(subject) => Some(subject),
        _ => None,
    });
    let subject = subjects.into_iter().next();
    let nowhere = subject.map(|subject| subject.name.span).unwrap_or_default();
    let found = match unknown {
        Unknown::Fact(fact) => {
            let name = plan.subject.inputs.get(*fact).map(|input| &input.name);
            subject.and_then(|s| s.facts.iter().find(|fact| Some(&fact.name.node) == name)).map(|fact| fact.name.span)
        }
        Unknown::Events(kind) | Unknown::Time(kind) | Unknown::Field { kind, .. } => {
            let name = plan.subject.events.get(*kind).map(|kind| &kind.name);
            subject.and_then(|s| s.events.iter().find(|kind| Some(&kind.name.node) == name)).map(|kind| kind.name.span)
        }
        Unknown::Parameter(_) | Unknown::Decision(_) => None,
    };
    found.unwrap_or(nowhere)
}
