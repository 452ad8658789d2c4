//! A package compiled again with changes to its rules: what its cases reach, and which changes they notice, is found this way.
//! The packages that it uses are worked out once. Unless it is asked for, nothing is
//! proved: a table with a row taken out stands as it is.

use std::collections::{BTreeMap, BTreeSet};

use super::fixes::{changed, with_what_it_uses};
use super::package::ReadPackage;
use super::texts::{Parsed, Texts};
use super::{Unit, graph, subjects, uses};
use crate::checks;
use crate::diagnostics::{Edit, Severity};
use crate::names::Names;
use crate::plan::Package;
use crate::plan::library::Example;
use crate::syntax::tree;
use crate::text::Source;
use crate::types::{self, AsRead, SideTable, TablePlaces};

/// A package as its changed text has it; every table has the rows that its author wrote.
#[derive(Debug)]
pub struct Again {
    /// The package.
    pub package: Package,
    /// The cases beside the rule, where they were asked for.
    pub cases: Vec<Example>,
    /// What is at each place of the text, and what it was worked out to where that was asked for.
    pub seen: SideTable,
    /// Where its tables stand.
    pub tables: Vec<TablePlaces>,
    /// Its tree.
    pub file: tree::File,
    /// Its text.
    pub source: Source,
}

/// What is wanted of a package that is compiled again.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted {
    /// The cases beside the rule.
    pub cases: bool,
    /// What each place of the text was worked out to.
    pub questions: bool,
    /// That its tables are proved, as they are before anything is built.
    pub proofs: bool,
}

/// Hands out a way to compile one package again: with changes to its rule file; nothing comes of those that have an error.
pub fn again<R>(
    texts: &Texts,
    units: &[Unit],
    place: usize,
    work: impl FnOnce(&dyn Fn(&[Edit], Wanted) -> Option<Again>) -> R,
) -> Option<R> {
    let (units, place) = with_what_it_uses(units, place);
    let (links, order) = graph::of(texts, &units);
    let used: BTreeSet<usize> = links.iter().flatten().filter_map(|link| link.to.as_ref().ok().copied()).collect();
    let whole = subjects::whole(texts, &units, &links, &order);
    let packages: Vec<ReadPackage<'_>> = (0..)
        .zip(units.iter().zip(&links))
        .map(|(place, (unit, links))| ReadPackage::read(unit, links, used.contains(&place), (texts, whole.get(&place))))
        .collect();
    let mut sound = BTreeMap::new();
    for used in order.into_iter().filter(|used| *used != place) {
        let Some(package) = packages.get(used) else { continue };
        let imports = uses::imports(package.links, texts, &units, &BTreeMap::new(), &mut Vec::new());
        let (done, coded) = package.compile(texts, &imports, &sound, Vec::new());
        if package.first_error(&done).is_none() {
            sound.insert(used, package.as_used(texts, imports, coded));
        }
    }
    let (unit, links) = (units.get(place)?, links.get(place)?);
    let imports = uses::imports(links, texts, &units, &BTreeMap::new(), &mut Vec::new());
    let own = texts.source(unit.rule);
    let make = |edits: &[Edit], wanted: Wanted| {
        let source = Source { name: own.name.clone(), text: changed(&own.text, edits)? };
        let parsed = Parsed::rules(unit.rule, &source.text);
        let mut faults = parsed.faults;
        let mut done = {
            let names = Names::collect(&parsed.file, whole.get(&place), &mut faults);
            let credentials = types::header(&parsed.file, unit.rule, &mut faults)?;
            let cases = unit.cases.iter().filter(|_| wanted.cases);
            let cases: Vec<&[tree::Example]> = cases.map(|place| texts.parsed(*place).cases.as_slice()).collect();
            let read = AsRead {
                asked: wanted.questions,
                file: &parsed.file,
                source: &source,
                sources: &[],
                names: &names,
                credentials,
                cases: &cases,
                members: &[],
                files: &unit.files,
                imports: &imports,
                packages: &sound,
            };
            types::elaborate(read, &mut faults)
        };
        if wanted.proofs {
            checks::check(&done, &[], &mut faults);
        }
        if faults.iter().any(|fault| fault.severity == Severity::Error) {
            return None;
        }
        let cases = std::mem::take(&mut done.cases);
        Some(Again { package: done.package, cases, seen: done.seen, tables: done.tables, file: parsed.file, source })
    };
    Some(work(&make))
}
