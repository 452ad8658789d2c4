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

/// Who does pieces of work that do not wait for each other: the engine has no threads of its own, and a caller may.
pub trait Workers {
    /// What comes of each piece, in order of the pieces, which have these weights.
    fn all<T: Send>(&self, weights: &[usize], work: impl Fn(usize) -> T + Sync) -> Vec<T>;
}

/// Does one piece after the other.
#[derive(Clone, Copy, Debug)]
pub struct InTurn;

impl Workers for InTurn {
    fn all<T: Send>(&self, weights: &[usize], work: impl Fn(usize) -> T + Sync) -> Vec<T> {
        (0..weights.len()).map(work).collect()
    }
}

/// Compiles packages, each once and after those it uses; what came of each, in the order of the units.
#[must_use]
pub fn packages(texts: &Texts, units: &[Unit]) -> Vec<Compiled> {
    packages_by(texts, units, &InTurn)
}

/// The same, where those that do not use each other may be compiled at the same time.
#[must_use]
pub fn packages_by(texts: &Texts, units: &[Unit], workers: &impl Workers) -> Vec<Compiled> {
    let mut compiled = as_read(texts, units, workers);
    fixes::keep_what_works(texts, units, &mut compiled);
    compiled
}

/// The same, with every change that a message proposes, tried or not.
fn as_read(texts: &Texts, units: &[Unit], workers: &impl Workers) -> Vec<Compiled> {
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
    let mut left = order.into_iter().filter_map(|place| Some((place, packages.get(place)?))).collect::<Vec<_>>();
    while !left.is_empty() {
        let (ready, others): (Vec<_>, Vec<_>) = left
            .into_iter()
            .partition(|(_, package)| graph::targets(package.links).all(|to| compiled.contains_key(&to)));
        let weights: Vec<usize> = ready.iter().map(|(_, package)| package.bytes(texts)).collect();
        let done = workers.all(&weights, |at| {
            let (_, package) = ready.get(at)?;
            let mut faults = package.faults.clone();
            let imports = uses::imports(package.links, texts, units, &broken, &mut faults);
            Some((package.compile(texts, &imports, &sound, faults), imports))
        });
        // Each stands after those it uses, so that one at least is ready.
        left = if ready.is_empty() { Vec::new() } else { others };
        for ((place, package), done) in ready.into_iter().zip(done) {
            let Some(((done, coded), imports)) = done else { continue };
            if let Some(error) = package.first_error(&done) {
                broken.insert(place, error.clone());
            } else {
                sound.insert(place, package.as_used(texts, imports, coded));
            }
            compiled.insert(place, done);
        }
    }
    compiled.into_values().collect()
}
