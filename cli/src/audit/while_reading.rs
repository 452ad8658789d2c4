//! Cases are judged and counted while others are still read: reading, judging and counting each on a thread of its own, few cases on their
//! way between them.

use super::auditing::Judging;
use super::judge::{AuditError, Judge};
use super::options::Options;
use super::{Auditing, audit, meant};
use crate::data::mapping::file::Format;
use crate::data::read::{
    Export, InParts, Part, ReadError, ReadSoFar, Source, files_of, partition_export, read_export, stream_export,
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

/// Reads an export, judges its cases as they become whole, and counts what came of it. One that is not grouped by case is read again: held
/// until its end where it fits into memory, set apart by case in files where it does not.
///
/// # Errors
/// Whatever keeps the audit from being made.
pub fn while_reading(
    package: &Package,
    source: Source<'_>,
    judge: &mut dyn Judge,
    (options, limits): (&Options, &Limits),
    progress: &mut (dyn FnMut(ReadSoFar) + Send),
) -> Result<Audit, Failure> {
    // The resources of a patient stand in several files.
    if source.mapping.file.source.format != Format::Fhir {
        let (auditing, export) =
            piped(package, judge, (options, limits), |parts| stream_export(source, parts, progress))?;
        if let Some(export) = export {
            meant(&export)?;
            return Ok(auditing.finish(&export, judge));
        }
    }
    let Source { plan, mapping, paths, options: reading } = source;
    let in_rows = mapping.file.source.format != Format::Ndjson;
    if in_rows && held_size(paths)? > limits.memory {
        return in_parts(package, source, judge, (options, limits), progress);
    }
    let export = read_export(plan, mapping, paths, reading, progress).map_err(Failure::Read)?;
    meant(&export)?;
    audit(package, &export, judge, options).map_err(Failure::Audit)
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

fn in_parts(
    package: &Package,
    source: Source<'_>,
    judge: &mut dyn Judge,
    (options, limits): (&Options, &Limits),
    progress: &mut (dyn FnMut(ReadSoFar) + Send),
) -> Result<Audit, Failure> {
    let mut absent = 0;
    // What no row carries is known after the first time, and does not change.
    for _ in 0..2 {
        let folder = (limits.scratch.as_path(), absent);
        let (auditing, read) =
            piped(package, judge, (options, limits), |parts| partition_export(source, folder, parts, progress))?;
        match read {
            InParts::All(export) => {
                meant(&export)?;
                return Ok(auditing.finish(&export, judge));
            }
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
fn piped<'a, T: Send>(
    package: &'a Package,
    judge: &mut dyn Judge,
    (options, limits): (&'a Options, &Limits),
    read: impl FnOnce(&mut dyn FnMut(Part) -> Option<Part>) -> Result<T, ReadError> + Send,
) -> Result<(Auditing<'a>, T), Failure> {
    let mut auditing = Auditing::new(package, options);
    if limits.threads == 1 {
        let mut judged = Ok(());
        let export = read(&mut |part| {
            judged = auditing.add(part.all(), judge);
            judged.is_ok().then_some(part)
        });
        judged.map_err(Failure::Audit)?;
        return Ok((auditing, export.map_err(Failure::Read)?));
    }
    let (send, parts): (SyncSender<Part>, Receiver<Part>) = sync_channel(PARTS_AHEAD);
    let export = thread::scope(|scope| {
        let (give_back, spent) = channel();
        let mut hand_over = move |part| send.send(part).ok().map(|()| spent.try_recv().unwrap_or_default());
        let read = move || read(&mut hand_over);
        let reading = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, read);
        let reading = reading.map_err(|_| Failure::Thread)?;
        let (judging, counting) = (&mut auditing.judging, &mut auditing.counting);
        // What is counted goes back to the reader, as long as it reads.
        let count = move |(part, outcomes): (Part, Vec<Outcome>)| {
            counting.count(part.all(), &outcomes);
            let _ = give_back.send(part);
        };
        // Where the judge fails, the parts are dropped, and the reader ends.
        let judged = judged(parts, judging, judge, (limits.threads > 2).then_some(scope), count)?;
        let export = reading.join().map_err(|_| Failure::Thread)?;
        judged.map_err(Failure::Audit)?;
        export.map_err(Failure::Read)
    })?;
    Ok((auditing, export))
}

/// Judges parts, and has them counted: on a thread of its own, where there is a scope for it.
fn judged<'s, 'e>(
    parts: Receiver<Part>,
    judging: &mut Judging<'_>,
    judge: &mut dyn Judge,
    scope: Option<&'s Scope<'s, 'e>>,
    mut count: impl FnMut((Part, Vec<Outcome>)) + Send + 's,
) -> Result<Result<(), AuditError>, Failure> {
    let mut parts = parts.into_iter();
    let Some(scope) = scope else {
        return Ok(parts.try_for_each(|part| {
            let outcomes = judging.judge(part.all(), judge)?;
            count((part, outcomes));
            Ok(())
        }));
    };
    let (send, all) = sync_channel(PARTS_AHEAD);
    let counting = thread::Builder::new().spawn_scoped(scope, move || all.into_iter().for_each(count));
    let counting = counting.map_err(|_| Failure::Thread)?;
    let judged = parts.try_for_each(|part| {
        let outcomes = judging.judge(part.all(), judge)?;
        // A thread that counts no more has ended in a fault, which is seen when it is joined.
        let _ = send.send((part, outcomes));
        Ok(())
    });
    drop((send, parts));
    counting.join().map_err(|_| Failure::Thread)?;
    Ok(judged)
}
