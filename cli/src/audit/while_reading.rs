//! Cases are judged while others are still read: the one half of the work on a thread of its own, few cases on their way between the two.

use super::judge::{AuditError, Judge};
use super::options::Options;
use super::{Auditing, audit, meant};
use crate::data::read::{Export, Part, ReadError, ReadSoFar, Source, read_export, stream_export};
use crate::results::Audit;
use concord_engine::plan::Package;
use std::fmt;
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::thread;

/// So many parts wait to be judged at most.
const PARTS_AHEAD: usize = 2;
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

/// Reads an export, judges its cases as they become whole, and counts what came of it. One that is not grouped by case is read again, and
/// held until its end.
///
/// # Errors
/// Whatever keeps the audit from being made.
pub fn while_reading(
    package: &Package,
    source: Source<'_>,
    judge: &mut dyn Judge,
    options: &Options,
    progress: &mut (dyn FnMut(ReadSoFar) + Send),
) -> Result<Audit, Failure> {
    if let Some((auditing, export)) = streamed(package, source, judge, options, progress)? {
        meant(&export)?;
        return Ok(auditing.finish(&export, judge));
    }
    let Source { plan, mapping, paths, options: reading } = source;
    let export = read_export(plan, mapping, paths, reading, progress).map_err(Failure::Read)?;
    meant(&export)?;
    audit(package, &export, judge, options).map_err(Failure::Audit)
}

fn meant(export: &Export) -> Result<(), Failure> {
    meant::refused(export).map_or(Ok(()), |(why, help)| Err(Failure::NotMeant(why, help)))
}

type Streamed<'a> = Option<(Auditing<'a>, Export)>;

fn streamed<'a>(
    package: &'a Package,
    source: Source<'_>,
    judge: &mut dyn Judge,
    options: &'a Options,
    progress: &mut (dyn FnMut(ReadSoFar) + Send),
) -> Result<Streamed<'a>, Failure> {
    let (send, parts): (SyncSender<Part>, Receiver<Part>) = sync_channel(PARTS_AHEAD);
    thread::scope(|scope| {
        let (give_back, spent) = channel();
        let mut hand_over = move |part| send.send(part).ok().map(|()| spent.try_recv().unwrap_or_default());
        let read = move || stream_export(source, &mut hand_over, progress);
        let reading = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, read);
        let reading = reading.map_err(|_| Failure::Thread)?;
        let mut auditing = Auditing::new(package, options);
        // Where the judge fails, the parts are dropped, and the reader ends. What is judged goes back to it, as long as it reads.
        let judged = parts.into_iter().try_for_each(|part| {
            auditing.add(part.all(), judge)?;
            let _ = give_back.send(part);
            Ok(())
        });
        let export = reading.join().map_err(|_| Failure::Thread)?;
        judged.map_err(Failure::Audit)?;
        Ok(export.map_err(Failure::Read)?.map(|export| (auditing, export)))
    })
}
