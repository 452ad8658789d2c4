//! Pieces of work that need nothing of one another, on as many threads as may work.

use crate::parallel::locked;
use std::sync::{Mutex, PoisonError};
use std::thread;

/// What comes of each, in their order. Each thread takes the next piece.
pub(super) fn each<T: Send, R: Send>(all: Vec<T>, threads: usize, work: impl Fn(T) -> R + Sync) -> Vec<R> {
    let others = threads.min(all.len()).saturating_sub(1);
    let (left, done) = (Mutex::new(all.into_iter().enumerate()), Mutex::new(Vec::new()));
    let take = || {
        let next = || locked(&left).next();
        while let Some((place, piece)) = next() {
            let result = work(piece);
            locked(&done).push((place, result));
        }
    };
    thread::scope(|scope| {
        for _ in 0..others {
            // Where the system gives no other thread, this one does all.
            let _ = thread::Builder::new().spawn_scoped(scope, take);
        }
        take();
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, result)| result).collect()
}
