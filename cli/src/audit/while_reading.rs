//! Cases are judged and counted while others are still read: reading, judging and counting each on a thread of its own, few cases on their
//! way between them.

use super::auditing::Judging;
use super::judge::{AuditError, Judge};
use super::members::codes;
use super::options::Options;
use super::tallies::Tallies;
use super::{Auditing, counted, meant};
use crate::data::mapping::file::Format;
use crate::data::read::{
    Export, InParts, Noted, Part, ReadError, ReadOptions, ReadSoFar, Source, files_of, partition_export, read_export,
    stream_export,
};
use crate::results::Audit;
use concord_engine::evaluate::Outcome;
use concord_engine::plan::Package;
use std::fmt;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::thread::{self, Scope};

/// So many parts wait to be judged at most.
const PARTS_AHEAD: usize = 4;
/// Bytes of the stack of the thread that reads: a member's script may nest.
const STACK: usize = 8 << 20;

/// Why there is no audit.
#[derive(Debug)]
pub enum Failure {
    /// The export cannot be read.
    Read(ReadError),
    /// It cannot be meant so: why, and what to do.
    NotMeant(String, &'static str),
    /// The judge failed.
    Audit(AuditError),
    /// The thread that reads could not be started, or ended in a fault.
    Thread,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Read(error) => error.fmt(f),
            Failure::NotMeant(why, _) => f.write_str(why),
            Failure::Audit(error) => error.fmt(f),
            Failure::Thread => f.write_str("no thread could be started to read the export"),
        }
    }
}

impl std::error::Error for Failure {}

/// What a run may take.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Bytes of memory for an export that is not grouped by case.
    pub memory: u64,
    /// A folder for what does not fit into it; patient data lie there while the export is read.
    pub scratch: PathBuf,
    /// How many threads may work at once; no answer depends on it.
    pub threads: usize,
}

/// So many bytes of memory does a byte of an export take at most while it is held, as it is and packed.
const HELD: u64 = 3;
const HELD_PACKED: u64 = 30;
/// An export that is not grouped by case is set apart in so many files: no more than any system lets a program have open.
const LEAST_FILES: usize = 64;
const MOST_FILES: usize = 128;

/// An export all of whose cases are counted.
pub struct CountedExport<'a> {
    auditing: Auditing<'a>,
    export: Export,
    /// All codes of organisations that its cases name.
    codes: Vec<String>,
}

impl<'a> CountedExport<'a> {
    fn of(auditing: Auditing<'a>, noted: Noted<'_>, export: Export) -> Result<CountedExport<'a>, Failure> {
        let codes = noted.codes();
        let export = noted.complete(export).map_err(Failure::Read)?;
        meant(&export)?;
        Ok(CountedExport { auditing, export, codes })
    }

    /// What was counted, as plain data.
    #[must_use]
    pub fn tallies(&mut self) -> Tallies {
        self.auditing.tallies(&self.export, self.codes.clone())
    }

    /// What came of it.
    #[must_use]
    pub fn finish(self, judge: &mut dyn Judge) -> Audit {
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
    Ok(count_while_reading(package, source, judge, limits, progress)?.finish(judge))
}

/// Reads an export, judges its cases as they become whole, and counts what came of it. One that is not grouped by case is read again: held
/// until its end where it fits into memory, set apart by case in files where it does not.
///
/// # Errors
/// Whatever keeps the audit from being made.
pub fn count_while_reading<'a>(
    package: &'a Package,
    source: Source<'_>,
    judge: &mut dyn Judge,
    (options, limits): (&'a Options, &Limits),
    progress: &mut (dyn FnMut(ReadSoFar) + Send),
) -> Result<CountedExport<'a>, Failure> {
    let own = ReadOptions { scratch: Some(limits.scratch.join("names")), ..source.options.clone() };
    let source = Source { options: &own, ..source };
    // The resources of a patient stand in several files.
    if source.mapping.file.source.format != Format::Fhir {
        let (auditing, noted, export) =
            piped((package, source), judge, (options, limits), |parts| stream_export(source, parts, progress))?;
        if let Some(export) = export {
            return CountedExport::of(auditing, noted, export);
        }
    }
    let Source { plan, mapping, paths, options: reading } = source;
    let in_rows = mapping.file.source.format != Format::Ndjson;
    if in_rows && held_size(paths)? > limits.memory {
        return in_parts(package, source, judge, (options, limits), progress);
    }
    let export = read_export(plan, mapping, paths, reading, progress).map_err(Failure::Read)?;
    meant(&export)?;
    let auditing = counted(package, &export, judge, options, None).map_err(Failure::Audit)?;
    let codes = codes(plan, &export).into_iter().map(str::to_owned).collect();
    Ok(CountedExport { auditing, export, codes })
}

/// What an export takes at most while it is held.
fn held_size(paths: &[PathBuf]) -> Result<u64, Failure> {
    let size = |path: &PathBuf| {
        let packed = path.extension().is_some_and(|word| ["gz", "zst", "parquet"].iter().any(|own| word == *own));
        // A file that is not there is refused when it is opened.
        let bytes = std::fs::metadata(path).map_or(0, |data| data.len());
        bytes.saturating_mul(if packed { HELD_PACKED } else { HELD })
    };
    Ok(files_of(paths).map_err(Failure::Read)?.iter().map(size).fold(0, u64::saturating_add))
}

fn in_parts<'a>(
    package: &'a Package,
    source: Source<'_>,
    judge: &mut dyn Judge,
    (options, limits): (&'a Options, &Limits),
    progress: &mut (dyn FnMut(ReadSoFar) + Send),
) -> Result<CountedExport<'a>, Failure> {
    // Each file is held while it is read.
    let most = usize::try_from(held_size(source.paths)? / (limits.memory / 4).max(1)).unwrap_or(MOST_FILES);
    let files = most.clamp(LEAST_FILES, MOST_FILES);
    let mut absent = 0;
    // What no row carries is known after the first time, and does not change.
    for _ in 0..2 {
        let folder = (limits.scratch.as_path(), files, absent);
        let (auditing, noted, read) = piped((package, source), judge, (options, limits), |parts| {
            partition_export(source, folder, parts, progress)
        })?;
        match read {
            InParts::All(export) => return CountedExport::of(auditing, noted, *export),
            InParts::Absent(found) => absent = found,
            InParts::Over => break,
        }
    }
    Err(Failure::Thread)
}

fn meant(export: &Export) -> Result<(), Failure> {
    meant::refused(export).map_or(Ok(()), |(why, help)| Err(Failure::NotMeant(why, help)))
}

/// Reads, judges what is handed over, and counts it: on as many threads as may work, three at most, or all on this one.
fn piped<'a, 's, T: Send>(
    (package, source): (&'a Package, Source<'s>),
    judge: &mut dyn Judge,
    (options, limits): (&'a Options, &Limits),
    read: impl FnOnce(&mut dyn FnMut(Part) -> Option<Part>) -> Result<T, ReadError> + Send,
) -> Result<(Auditing<'a>, Noted<'s>, T), Failure> {
    let (mut auditing, mut noted) = (Auditing::new(package, options), Noted::of(source));
    auditing.set_out(&limits.scratch);
    if limits.threads == 1 {
        let mut judged = Ok(());
        let export = read(&mut |part| {
            noted.add(part.all());
            judged = auditing.add(part.all(), judge);
            judged.is_ok().then_some(part)
        });
        judged.map_err(Failure::Audit)?;
        let export = export.map_err(Failure::Read)?;
        auditing.settle().map_err(Failure::Read)?;
        return Ok((auditing, noted, export));
    }
    let (send, parts): (SyncSender<Part>, Receiver<Part>) = sync_channel(PARTS_AHEAD);
    let export = thread::scope(|scope| {
        let (give_back, spent) = channel();
        let mut hand_over = move |part| send.send(part).ok().map(|()| spent.try_recv().unwrap_or_default());
        let read = move || read(&mut hand_over);
        let reading = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, read);
        let reading = reading.map_err(|_| Failure::Thread)?;
        let (judging, counting, noted) = (&mut auditing.judging, &mut auditing.counting, &mut noted);
        let (spend, counted) = channel();
        // What is counted goes back to the reader and to the judge, as long as they go on.
        let count = move |(part, outcomes): (Part, Vec<Outcome>)| {
            noted.add(part.all());
            counting.count(part.all(), &outcomes);
            let _ = (give_back.send(part), spend.send(outcomes));
        };
        // Where the judge fails, the parts are dropped, and the reader ends.
        let judged = judged(parts, (judging, counted), judge, (limits.threads > 2).then_some(scope), count)?;
        let export = reading.join().map_err(|_| Failure::Thread)?;
        judged.map_err(Failure::Audit)?;
        export.map_err(Failure::Read)
    })?;
    auditing.settle().map_err(Failure::Read)?;
    Ok((auditing, noted, export))
}

/// Judges parts, and has them counted: on a thread of its own, where there is a scope for it.
fn judged<'s, 'e>(
    parts: Receiver<Part>,
    (judging, counted): (&mut Judging<'_>, Receiver<Vec<Outcome>>),
    judge: &mut dyn Judge,
    scope: Option<&'s Scope<'s, 'e>>,
    mut count: impl FnMut((Part, Vec<Outcome>)) + Send + 's,
) -> Result<Result<(), AuditError>, Failure> {
    let mut parts = parts.into_iter();
    let mut outcomes_of = |part: &Part| {
        judging.spent = counted.try_recv().unwrap_or_default();
        judging.judge(part.all(), judge)
    };
    let Some(scope) = scope else {
        return Ok(parts.try_for_each(|part| {
            let outcomes = outcomes_of(&part)?;
            count((part, outcomes));
            Ok(())
        }));
    };
    let (send, all) = sync_channel(PARTS_AHEAD);
    let counting = thread::Builder::new().spawn_scoped(scope, move || all.into_iter().for_each(count));
    let counting = counting.map_err(|_| Failure::Thread)?;
    let judged = parts.try_for_each(|part| {
        let outcomes = outcomes_of(&part)?;
        // A thread that counts no more has ended in a fault, which is seen when it is joined.
        let _ = send.send((part, outcomes));
        Ok(())
    });
    drop((send, parts));
    counting.join().map_err(|_| Failure::Thread)?;
    Ok(judged)
}
