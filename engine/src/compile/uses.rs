//! What a package uses, as it may be used: what stands against a `use` is said at its line.

use std::collections::BTreeMap;

use super::Unit;
use super::graph::{Broken, DEEPEST, Link};
use super::texts::Texts;
use crate::diagnostics::{Diagnostic, codes};
use crate::text::Span;
use crate::types::Import;

/// The packages that a package uses, by the names it gives them; `broken` are those with errors of their own, and the first of each.
pub(super) fn imports(
    links: &[Link],
    texts: &Texts,
    units: &[Unit],
    broken: &BTreeMap<usize, Diagnostic>,
    faults: &mut Vec<Diagnostic>,
) -> Vec<Import> {
    let mut imports: Vec<Import> = Vec::new();
    let mut spans: Vec<Span> = Vec::new();
    for link in links {
        if let Some(first) = imports.iter().position(|import| import.alias == link.alias) {
            let title = format!("two packages are called `{}` here", link.alias);
            let fault = Diagnostic::error(codes::E0302, link.span, title, "the second")
                .because(spans.get(first).copied().unwrap_or_default(), "the first");
            faults.push(fault.help("give one of them another name: `use area.package as name`"));
            continue;
        }
        let fault = match &link.to {
            Ok(to) => broken
                .get(to)
                .map(|error| cannot(link, "has errors of its own").because(error.primary.span, error.title.clone())),
            Err(why) => Some(unusable(link, why, texts, units)),
        };
        let package = link.to.as_ref().ok().copied().filter(|_| fault.is_none());
        imports.push(Import { alias: link.alias.clone(), package });
        spans.push(link.span);
        faults.extend(fault);
    }
    imports
}

fn unusable(link: &Link, why: &Broken, texts: &Texts, units: &[Unit]) -> Diagnostic {
    let unit = |place: &usize| units.get(*place).map(|unit| unit.rule);
    let file = |place: &usize| unit(place).map_or("", |rule| &texts.source(rule).name);
    match why {
        Broken::NotFound => cannot(link, "not found").help(
            "a package is found in the folder of its path, here or in a folder above: clinical.news2 in clinical/news2",
        ),
        Broken::Twice(one, other) => cannot(link, "found twice")
            .note(format!("it is in {} and in {}", file(one), file(other)))
            .help("keep one of them, or put them in different folders: the nearest is used"),
        Broken::TooDeep => cannot(link, format!("a chain of more than {DEEPEST} packages"))
            .help("use the package directly whose answers are needed"),
        Broken::Circle(way) => {
            let way: Vec<String> = way.iter().filter_map(unit).filter_map(|rule| texts.path(rule)).collect();
            let title = "packages cannot use one another in a circle";
            let fault = Diagnostic::error(codes::E0318, link.span, title, way.join(" → "));
            fault.help("put what each needs of the other in a package of its own, and let both use that")
        }
    }
}

fn cannot(link: &Link, label: impl Into<String>) -> Diagnostic {
    Diagnostic::error(codes::E0317, link.span, format!("the package `{}` cannot be used", link.path), label)
}
