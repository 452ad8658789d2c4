//! The runs of an audit, side by side: a run takes as many threads as its data are of all data, one at least. What each has to tell is told in their
//! order, and the first that fails ends the audit, as if they were made one after another.

use std::sync::Mutex;

use crate::audit::definition::RunDefinition;
use crate::audit::{Turn, Turns};
use crate::data::read::{ReadSoFar, files_of};
use crate::exit::Exit;
use crate::output::Output;
use crate::parallel::{in_order_on, locked};
use crate::progress::Progress;

/// What a run is given.
pub struct Given<'a> {
    /// Its place among the runs.
    pub index: usize,
    /// How many threads it may use.
    pub threads: usize,
    /// It may hold one of so many parts of the memory.
    pub share: u64,
    /// Where it tells what it has to tell.
    pub output: &'a Output,
    /// Whether it is needed any more.
    pub turn: Turn,
    board: &'a Mutex<Board>,
}

impl Given<'_> {
    /// Shows how far it is.
    pub fn show(&self, so_far: ReadSoFar) {
        let mut board = locked(self.board);
        if let Some(read) = board.read.get_mut(self.index) {
            *read = so_far.bytes;
        }
        let (read, total) = (board.read.iter().sum(), board.total.max(so_far.total));
        board.progress.at(read, Some(total), "bytes");
    }
}

/// What is shown of all runs.
struct Board {
    progress: Progress,
    /// Bytes that each has read.
    read: Vec<u64>,
    /// Bytes of all data.
    total: u64,
    /// Of each that has ended, what it has to tell, and whether it failed.
    ended: Vec<Option<(Output, bool)>>,
    /// So many have told it.
    told: usize,
    output: Output,
}

impl Board {
    /// A run has ended: what it and those after it have to tell is told, once all before it have.
    fn end(&mut self, index: usize, of_run: Output, failed: bool) {
        if let Some(ended) = self.ended.get_mut(index) {
            *ended = Some((of_run, failed));
        }
        while let Some((of_run, failed)) = self.ended.get_mut(self.told).and_then(Option::take) {
            self.progress.end();
            self.output.say(&of_run);
            // After one that failed nothing is told.
            self.told = if failed { usize::MAX } else { self.told + 1 };
        }
    }
}

/// What comes of each run, in their order; on so many threads, of which each run has one at least unless they are made one after another.
///
/// # Errors
/// That of the first run that failed.
pub fn each<T: Send>(
    runs: &[RunDefinition],
    (threads, one_after_another): (usize, bool),
    output: &Output,
    work: impl Fn(Given<'_>) -> Result<T, Exit> + Sync,
) -> Result<Vec<T>, Exit> {
    let weights: Vec<u64> = runs.iter().map(bytes).collect();
    let total: u64 = weights.iter().sum();
    let workers = if one_after_another { 1 } else { threads.min(runs.len()).max(1) };
    let board = Board {
        progress: Progress::start("reading", output),
        read: vec![0; runs.len()],
        total,
        ended: runs.iter().map(|_| None).collect(),
        told: 0,
        output: output.clone(),
    };
    let (board, turns) = (Mutex::new(board), Turns::default());
    let one = |index: usize| {
        let turn = turns.of(index);
        if turn.is_needless() {
            return Err(Exit::Internal);
        }
        // A run that is not there weighs nothing.
        let weight = weights.get(index).copied().unwrap_or(0);
        let own = output.waiting();
        let given = Given {
            index,
            threads: if workers == 1 { threads } else { part(threads, weight, total) },
            share: workers as u64,
            output: &own,
            turn: turn.clone(),
            board: &board,
        };
        let came = work(given);
        if came.is_err() {
            turn.fails();
        }
        if !turn.is_needless() {
            locked(&board).end(index, own, came.is_err());
        }
        came
    };
    if workers == 1 {
        return (0..runs.len()).map(one).collect();
    }
    // What no machine can hold weighs as much as it can.
    let weights: Vec<usize> = weights.iter().map(|weight| usize::try_from(*weight).unwrap_or(usize::MAX)).collect();
    // Those that were needed no more come after the first that failed.
    in_order_on(workers, &weights, one)?.into_iter().collect()
}

/// As large a part of the threads as a weight is of the total, one at least.
fn part(threads: usize, weight: u64, total: u64) -> usize {
    let total = u128::from(total.max(1));
    let part = (threads as u128 * u128::from(weight) + total / 2) / total;
    // It is no more than all of them.
    usize::try_from(part).unwrap_or(threads).clamp(1, threads.max(1))
}

/// Bytes of the data of a run; what cannot be read is said when it is.
fn bytes(run: &RunDefinition) -> u64 {
    let members = run.members.iter().map(|member| &member.data);
    let all = std::iter::once(&run.data).chain(members).filter(|data| !data.is_empty());
    // As above.
    let paths = all.flat_map(|data| files_of(data).unwrap_or_default());
    paths.map(|path| std::fs::metadata(path).map_or(0, |data| data.len())).fold(0, u64::saturating_add)
}
