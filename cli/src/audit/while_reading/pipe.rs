//! Parts on their way: reading, judging and counting each on a thread of its own, few parts between them.

use super::Limits;
use crate::audit::auditing::{Auditing, Judging};
use crate::audit::failure::Failure;
use crate::audit::judge::{AuditError, Judge};
use crate::audit::members::Named;
use crate::data::read::{Noted, Part, ReadError, Source, Unhashed};
use concord_engine::evaluate::Outcome;
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, TrySendError, channel, sync_channel};
use std::thread::{self, Scope};

/// So many parts wait to be judged at most: some of what is read while all that waits to be counted of organisations is counted. Each takes half a
/// megabyte.
const PARTS_AHEAD: usize = 6;
/// So many that were judged wait to be counted.
const JUDGED_AHEAD: usize = 4;
/// Bytes of the stack of the thread that reads: a member's script may nest.
const STACK: usize = 8 << 20;

/// Reads, names what is handed over, has it judged and counted: on as many threads as may work, three at most, or all on this one.
pub(super) fn piped<'s, T: Send>(
    auditing: &mut Auditing<'_>,
    source: Source<'s>,
    named: &mut Named<'_>,
    (judge, limits): (&mut dyn Judge, &Limits),
    read: impl FnOnce(&mut dyn FnMut(Part) -> Option<Part>) -> Result<T, ReadError> + Send,
) -> Result<(Noted<'s>, T), Failure> {
    let mut noted = Noted::of(source);
    let is_wanted = || !limits.turn.is_needless();
    if limits.threads == 1 {
        let mut judged = Ok(());
        let export = read(&mut |mut part| {
            named.name(&mut part);
            noted.add(part.all());
            judged = auditing.add(part.all(), judge);
            (judged.is_ok() && is_wanted()).then_some(part)
        });
        judged.map_err(Failure::Audit)?;
        return Ok((noted, export.map_err(Failure::Read)?));
    }
    let (send, parts): (SyncSender<Part>, Receiver<Part>) = sync_channel(PARTS_AHEAD);
    let export = thread::scope(|scope| {
        let (give_back, spent) = channel();
        let mut free = Vec::new();
        let mut hand_over = move |mut part| {
            named.name(&mut part);
            let sent = match send.try_send(part) {
                Err(TrySendError::Full(part)) => {
                    while source.options.unhashed.as_ref().is_some_and(Unhashed::hash_one) {}
                    send.send(part).is_ok()
                }
                sent => sent.is_ok(),
            };
            // What came back last is still near; where nothing did, a new one is made.
            free.extend(spent.try_iter());
            (sent && is_wanted()).then(|| free.pop().unwrap_or_default())
        };
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
        let parts = Parts { ready: parts, unhashed: source.options.unhashed.as_ref() };
        let judged = judged(parts, (judging, counted), judge, (limits.threads > 2).then_some(scope), count)?;
        let export = reading.join().map_err(|_| Failure::Thread)?;
        judged.map_err(Failure::Audit)?;
        export.map_err(Failure::Read)
    })?;
    Ok((noted, export))
}

/// Parts to be judged. Until the next is ready, what waits for its hash is hashed.
struct Parts<'u> {
    ready: Receiver<Part>,
    unhashed: Option<&'u Unhashed>,
}

impl Iterator for Parts<'_> {
    type Item = Part;

    fn next(&mut self) -> Option<Part> {
        loop {
            match self.ready.try_recv() {
                Ok(part) => return Some(part),
                Err(TryRecvError::Empty) if self.unhashed.is_some_and(Unhashed::hash_one) => {}
                Err(_) => return self.ready.recv().ok(),
            }
        }
    }
}

/// Judges parts, and has them counted: on a thread of its own, where there is a scope for it.
fn judged<'s, 'e>(
    mut parts: Parts<'_>,
    (judging, counted): (&mut Judging<'_>, Receiver<Vec<Outcome>>),
    judge: &mut dyn Judge,
    scope: Option<&'s Scope<'s, 'e>>,
    mut count: impl FnMut((Part, Vec<Outcome>)) + Send + 's,
) -> Result<Result<(), AuditError>, Failure> {
    let mut free = Vec::new();
    let mut outcomes_of = |part: &Part| {
        free.extend(counted.try_iter());
        // Where none came back, a new one is made.
        judging.spent = free.pop().unwrap_or_default();
        judging.judge(part.all(), judge)
    };
    let Some(scope) = scope else {
        return Ok(parts.try_for_each(|part| {
            let outcomes = outcomes_of(&part)?;
            count((part, outcomes));
            Ok(())
        }));
    };
    let (send, all) = sync_channel(JUDGED_AHEAD);
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
