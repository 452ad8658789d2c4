//! Cases are judged and counted while others are still read, of one export after another; nothing is held that need not be.

mod pipe;
mod side_by_side;

use super::cases::Sink;
use super::failure::Failure;
use super::judge::Judge;
use super::members::{Named, OfMember, join, missing};
use super::options::Options;
use super::tallies::Tallies;
use super::turn::Turn;
use super::{Auditing, meant};
use crate::data::read::{Export, Noted, Part, ReadError, ReadOptions, ReadSoFar, Source, Unhashed, Way};
use crate::results::Audit;
use concord_engine::plan::Package;
use pipe::piped;
use side_by_side::{Manner, side_by_side};
use std::collections::BTreeSet;
use std::path::PathBuf;

/// What a run may take.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Bytes of memory for an export that is not grouped by case.
    pub memory: u64,
    /// A folder for what does not fit into it; patient data lie there while the export is read.
    pub scratch: PathBuf,
    /// How many threads may work at once; no answer depends on it.
    pub threads: usize,
    /// So many bytes of an export make a piece where several threads read it side by side; nor on that.
    pub piece: usize,
    /// Its place among others.
    pub turn: Turn,
}

/// One of the exports of a run.
#[derive(Clone, Copy)]
pub struct OfRun<'a> {
    /// The code of the member that it is of; none for files of several.
    pub code: Option<&'a str>,
    /// The export.
    pub source: Source<'a>,
}

/// Exports all of whose cases are counted.
pub struct CountedExport<'a> {
    auditing: Auditing<'a>,
    /// All of them as one.
    export: Export,
    /// All codes of organisations that its cases name.
    codes: BTreeSet<String>,
    options: &'a Options,
}

impl CountedExport<'_> {
    /// What was counted, as plain data.
    #[must_use]
    pub fn tallies(&mut self) -> Tallies {
        self.auditing.tallies(&self.export, self.codes.iter().cloned().collect())
    }

    /// What came of it.
    #[must_use]
    pub fn finish(mut self, judge: &mut dyn Judge) -> Audit {
        let members = self.options.members.iter().map(|member| member.code.as_str());
        self.export.told.extend(missing(members, &self.options.names, &self.codes));
        self.auditing.finish(&self.export, judge)
    }
}

/// Reads an export, judges its cases as they become whole, and says what came of it.
///
/// # Errors
/// Whatever keeps the audit from being made.
pub fn while_reading(
    package: &Package,
    source: Source<'_>,
    judge: &mut dyn Judge,
    limits: (&Options, &Limits),
    progress: &mut (dyn FnMut(ReadSoFar) + Send),
) -> Result<Audit, Failure> {
    let export = [OfRun { code: None, source }];
    Ok(count_while_reading(package, &export, judge, limits, (None, progress))?.finish(judge))
}

/// Reads the exports of a run one after another, judges their cases as they become whole, and counts what came of them, with a row for each case
/// and obligation to a sink, in the order of the exports. One that is not grouped by case is read again: held until its end where it fits into
/// memory, set apart by case in files where it does not.
///
/// # Errors
/// Whatever keeps the audit from being made.
pub fn count_while_reading<'a>(
    package: &'a Package,
    exports: &[OfRun<'_>],
    judge: &mut dyn Judge,
    (options, limits): (&'a Options, &Limits),
    (sink, progress): (Option<&mut dyn Sink>, &mut (dyn FnMut(ReadSoFar) + Send)),
) -> Result<CountedExport<'a>, Failure> {
    let mut auditing = Auditing::new(package, options);
    auditing.set_out(&limits.scratch, (sink.is_some(), exports.len() > 1));
    let (mut read, mut codes, mut begun) = (Vec::new(), BTreeSet::new(), Vec::new());
    let mut first = 0;
    for OfRun { code, source } in exports {
        // Where one thread does all, nobody else has time for the hash.
        let unhashed = (limits.threads > 1).then(Unhashed::default);
        let own = ReadOptions { scratch: Some(limits.scratch.join("names")), unhashed, ..source.options.clone() };
        let source = Source { options: &own, ..*source };
        let mut named = Named::of(source.plan, *code, first);
        let (noted, export) = counted(&mut auditing, source, &mut named, judge, (limits, progress))?;
        codes.extend(noted.codes());
        begun.push((first, code.map(str::to_owned)));
        first = named.next();
        let export = noted.complete(export)?;
        is_another(&read, &export)?;
        read.push(OfMember { code: code.map(str::to_owned), export, strangers: named.strangers() });
    }
    // A run without an export is refused before.
    let export = join(read, codes.len()).ok_or(Failure::Thread)?;
    meant::refused(&export).map_or(Ok(()), |(why, help)| Err(Failure::NotMeant(why, help)))?;
    auditing.settle(begun, sink)?;
    Ok(CountedExport { auditing, export, codes, options })
}

/// Refuses a file that an earlier export has, read in the same way: its cases would count twice.
fn is_another(read: &[OfMember], export: &Export) -> Result<(), ReadError> {
    let alike = read.iter().filter(|earlier| earlier.export.data.mapping_sha256 == export.data.mapping_sha256);
    for earlier in alike.flat_map(|earlier| &earlier.export.data.files) {
        let same = export.data.files.iter().find(|file| file.sha256 == earlier.sha256 && !file.is_bare);
        if let Some(file) = same {
            return Err(ReadError::Twice(earlier.name.clone(), file.name.clone()));
        }
    }
    Ok(())
}

/// Counts an export on top of what is counted.
fn counted<'s>(
    auditing: &mut Auditing<'_>,
    source: Source<'s>,
    named: &mut Named<'s>,
    judge: &mut dyn Judge,
    (limits, progress): (&Limits, &mut (dyn FnMut(ReadSoFar) + Send)),
) -> Result<(Noted<'s>, Export), Failure> {
    let before = auditing.before()?;
    let mut way = Way::of(source, limits.memory, &limits.scratch)?;
    if limits.threads > 1 && !auditing.lists() {
        way = way.side_by_side(limits.piece)?;
    }
    loop {
        named.begin();
        let (noted, read) = if let Some(absent) = way.in_pieces() {
            let Limits { piece: bytes, threads, ref scratch, ref turn, .. } = *limits;
            let (manner, is_needless) = (Manner { absent, bytes, threads, scratch }, || turn.is_needless());
            side_by_side(auditing, source, named, &mut *judge, manner, (&is_needless, &mut *progress))?
        } else {
            let read = |parts: &mut dyn FnMut(Part) -> Option<Part>| way.read(parts, &mut *progress);
            piped(auditing, source, named, (&mut *judge, limits), read)?
        };
        if limits.turn.is_needless() {
            return Err(Failure::Needless);
        }
        if let Some(export) = way.came_to(read)? {
            return Ok((noted, export));
        }
        auditing.back_to(&before);
    }
}
