//! Pieces of an export on as many threads as may work: each reads, judges and counts the cases of its own, so that none goes from one processor
//! to another, and what all of them counted is added up.

use crate::audit::auditing::Auditing;
use crate::audit::failure::Failure;
use crate::audit::judge::Judge;
use crate::audit::members::Named;
use crate::data::read::{
    Gathered, InParts, Next, Noted, Part, Piece, Pieces, ReadOptions, ReadSoFar, Source, Spread, put_together,
    read_pieces,
};
use crate::parallel::locked;
use std::cell::RefCell;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// More threads than this would wait for one another: the file is read and hashed by one at a time.
const MOST_THREADS: usize = 16;

/// How an export is read in pieces.
#[derive(Clone, Copy)]
pub(super) struct Manner<'l> {
    /// Kinds of event of which it is taken for granted that no row carries them.
    pub(super) absent: u64,
    /// So many bytes make a piece.
    pub(super) bytes: usize,
    /// So many threads may work.
    pub(super) threads: usize,
    /// A folder for what does not fit into memory.
    pub(super) scratch: &'l Path,
}

/// What all threads have in common: the pieces that are left, and where numbers of cases and of their names come together.
struct Common<'c, 'a, 's> {
    pieces: Pieces<'s>,
    names: Spread,
    noted: Noted<'s>,
    auditing: &'c mut Auditing<'a>,
    so_far: ReadSoFar,
    progress: &'c mut (dyn FnMut(ReadSoFar) + Send),
}

/// What a thread has of its cases.
struct Own<'a, 's, 'j> {
    noted: Noted<'s>,
    auditing: Auditing<'a>,
    named: Named<'s>,
    judge: Box<dyn Judge + Send + 'j>,
    /// How many there are since the last piece.
    cases: u64,
}

impl Common<'_, '_, '_> {
    /// The next piece, for a thread that is done with one.
    fn next(&mut self, done: Option<Piece>, names: &mut Spread, own: &mut Own<'_, '_, '_>) -> Next {
        done.into_iter().for_each(|done| self.pieces.give_back(done));
        names.pour(&mut self.names);
        own.noted.pour(&mut self.noted);
        own.auditing.pour(self.auditing);
        let next = self.pieces.give();
        let (bytes, rows) = (self.pieces.stored(), self.pieces.rows());
        let cases = self.so_far.cases + std::mem::take(&mut own.cases);
        self.so_far = ReadSoFar { bytes, rows, cases, ..self.so_far };
        (self.progress)(self.so_far);
        next
    }
}

/// Reads an export in pieces, and has its cases named, judged and counted; what was noted of them, and what came of it. What fails is told where it
/// is read from its start to its end, which is what must be done where no export comes of it.
pub(super) fn side_by_side<'s, 'j>(
    auditing: &mut Auditing<'_>,
    source: Source<'s>,
    named: &mut Named<'s>,
    judge: &'j mut dyn Judge,
    manner: Manner<'_>,
    (is_needless, progress): (&(dyn Fn() -> bool + Sync), &mut (dyn FnMut(ReadSoFar) + Send)),
) -> Result<(Noted<'s>, InParts), Failure> {
    let (mut noted, names) = (Noted::of(source), Spread::at(Some(manner.scratch.join("closed"))));
    let judges = judge.others(manner.threads.min(MOST_THREADS));
    let pieces = Pieces::of(source, manner.bytes)?.filter(|_| !judges.is_empty());
    let Some(pieces) = pieces else { return Ok((noted, InParts::Over)) };
    let so_far = ReadSoFar { total: pieces.total(), ..ReadSoFar::default() };
    let common = Common { pieces, names, noted, auditing: &mut *auditing, so_far, progress };
    let (common, begun) = (Mutex::new(common), named.beside());
    let options = ReadOptions { scratch: None, unhashed: None, ..source.options.clone() };
    let of_pieces = Source { options: &options, ..source };
    let is_over = AtomicBool::new(false);
    let worked = thread::scope(|scope| {
        let (common, begun, is_over) = (&common, &begun, &is_over);
        let work = move |(nth, judge): (usize, Box<dyn Judge + Send + 'j>)| {
            let auditing = locked(common).auditing.beside();
            let own = Own { noted: Noted::of(of_pieces), auditing, named: begun.beside(), judge, cases: 0 };
            let folder = manner.scratch.join(format!("refused-{nth}"));
            let stops = || is_over.load(Ordering::Relaxed) || is_needless();
            let done = worked((of_pieces, manner.absent, &folder), own, common, &stops);
            is_over.fetch_or(done.is_none(), Ordering::Relaxed);
            done
        };
        let mut judges = judges.into_iter().enumerate();
        let first = judges.next();
        let spawn = |judge| thread::Builder::new().spawn_scoped(scope, move || work(judge));
        let others: Vec<_> = judges.map(spawn).collect();
        let first = first.and_then(work);
        let others = others.into_iter().map(|other| other.ok()?.join().ok()?);
        std::iter::once(first).chain(others).collect::<Option<Vec<_>>>()
    });
    let common = common.into_inner().unwrap_or_else(PoisonError::into_inner);
    let (names, files) = (common.names, common.pieces.into_files());
    noted = common.noted;
    let Some(worked) = worked else { return Ok((noted, InParts::Over)) };
    let (mut all, mut is_whole) = (Vec::new(), true);
    for (gathered, own) in worked {
        is_whole &= noted.take(own.noted);
        auditing.take_all(own.auditing);
        named.take(&own.named);
        all.push(gathered);
    }
    if !is_whole || auditing.counting.tally.places.has_too_many_ways() {
        return Ok((noted, InParts::Over));
    }
    let refused = manner.scratch.join("refused");
    let read = put_together(source, manner.absent, (all, names), (files, &refused))?;
    Ok((noted, read))
}

/// What one thread does; nothing where the export is to be read from its start to its end.
fn worked<'a, 's, 'j>(
    (source, absent, folder): (Source<'_>, u64, &Path),
    own: Own<'a, 's, 'j>,
    common: &Mutex<Common<'_, 'a, '_>>,
    stops: &dyn Fn() -> bool,
) -> Option<(Gathered, Own<'a, 's, 'j>)> {
    let own = RefCell::new(own);
    let mut next = |done: Option<Piece>, names: &mut Spread| match stops() {
        true => Next::Whole,
        false => locked(common).next(done, names, &mut own.borrow_mut()),
    };
    let mut count = |mut part: Part| {
        let Own { noted, auditing, named, judge, cases } = &mut *own.borrow_mut();
        named.name(&mut part);
        noted.add(part.all());
        *cases += part.cases.len() as u64;
        auditing.add(part.all(), &mut **judge).ok()?;
        Some(part)
    };
    let gathered = read_pieces(source, (absent, folder), &mut next, &mut count)?;
    Some((gathered, own.into_inner()))
}
