//! The front door: rule text in, checked packages and messages out.
//!
//! A caller reads files into [`Texts`], says in a [`Unit`] what belongs to each package, and has all [`packages`] compiled: each
//! once, after those it uses.

mod again;
mod fixes;
mod follows;
mod graph;
mod package;
mod subjects;
mod texts;
mod uses;

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostics::Diagnostic;
use crate::plan::Package;
use crate::plan::library::Example;
use crate::text::Source;
use crate::types::SideTable;
use package::ReadPackage;

pub use again::{Again, Wanted, again};
pub use fixes::changed;
pub use texts::{CasesRead, Texts};

/// One package to compile: its files, by their places among the texts.
#[derive(Clone, Debug, Default)]
pub struct Unit {
    /// The rule file.
    pub rule: u32,
    /// Files of cases beside it.
    pub cases: Vec<u32>,
    /// Files of members' settings.
    pub members: Vec<u32>,
    /// Other files that the rule may name, such as code lists: name and text.
    pub files: Vec<(String, String)>,
    /// The packages found for its `use` lines, by their places among the units.
    pub uses: Vec<usize>,
}

/// What came of compiling one package.
#[derive(Debug, Default)]
pub struct Compiled {
    /// The package, if nothing was wrong.
    pub package: Option<Package>,
    /// Examples from the cases beside the rule, in order.
    pub cases: Vec<Example>,
    /// All messages: in order of the rule's text, then of the files beside it.
    pub diagnostics: Vec<Diagnostic>,
    /// What is at each place of the text: types, ranges and what names mean.
    pub seen: SideTable,
}

/// Compiles a package that stands alone.
#[must_use]
pub fn compile(source: &Source) -> Compiled {
    let mut texts = Texts::default();
    let rule = texts.rules(source.clone());
    packages(&texts, &[Unit { rule, ..Unit::default() }]).pop().unwrap_or_default()
}

/// Compiles packages, each once and after those it uses; what came of each, in the order of the units.
#[must_use]
pub fn packages(texts: &Texts, units: &[Unit]) -> Vec<Compiled> {
    let mut compiled = as_read(texts, units);
    fixes::keep_what_works(texts, units, &mut compiled);
    compiled
}

/// The same, with every change that a message proposes, tried or not.
fn as_read(texts: &Texts, units: &[Unit]) -> Vec<Compiled> {
    let (links, order) = graph::of(texts, units);
    let used: BTreeSet<usize> = links.iter().flatten().filter_map(|link| link.to.as_ref().ok().copied()).collect();
    let whole = subjects::whole(texts, units, &links, &order);
    let packages: Vec<ReadPackage<'_>> = (0..)
        .zip(units.iter().zip(&links))
        .map(|(place, (unit, links))| ReadPackage::read(unit, links, used.contains(&place), (texts, whole.get(&place))))
        .collect();
    let mut sound = BTreeMap::new();
    let mut broken = BTreeMap::new();
    let mut compiled = BTreeMap::new();
    for place in order {
        let Some(package) = packages.get(place) else { continue };
        let mut faults = package.faults.clone();
        let imports = uses::imports(package.links, texts, units, &broken, &mut faults);
        let (done, coded) = package.compile(texts, &imports, &sound, faults);
        if let Some(error) = package.first_error(&done) {
            broken.insert(place, error.clone());
        } else {
            sound.insert(place, package.as_used(texts, imports, coded));
        }
        compiled.insert(place, done);
    }
    compiled.into_values().collect()
}
