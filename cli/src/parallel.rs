//! Independent pieces of work on all cores, their results in order. The heaviest begin first, so that none is left alone at the end.

use std::cmp::Reverse;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

use concord_engine::compile::{InTurn, Workers};

use crate::exit::Exit;

/// Bytes of a thread's stack: rules may nest as deep as on the thread that compiled them first.
const STACK: usize = 256 << 20;

/// All cores, for the engine.
#[derive(Clone, Copy, Debug)]
pub struct Cores;

impl Workers for Cores {
    fn all<T: Send>(&self, weights: &[usize], work: impl Fn(usize) -> T + Sync) -> Vec<T> {
        if weights.len() > 1
            && let Ok(done) = in_order(weights, &work)
        {
            return done;
        }
        // Where no thread can be started, the one that asks does all.
        InTurn.all(weights, work)
    }
}

/// Does `work` for each piece, by its place among these weights, each once, on as many threads as the machine has cores.
///
/// # Errors
/// Where no thread can be started, or one ends in a fault.
pub fn in_order<T: Send>(weights: &[usize], work: impl Fn(usize) -> T + Sync) -> Result<Vec<T>, Exit> {
    in_order_on(thread::available_parallelism().map_or(1, usize::from), weights, work)
}

/// The same on so many threads at most.
///
/// # Errors
/// As before.
pub fn in_order_on<T: Send>(
    threads: usize,
    weights: &[usize],
    work: impl Fn(usize) -> T + Sync,
) -> Result<Vec<T>, Exit> {
    let count = weights.len();
    let mut heaviest: Vec<(usize, &usize)> = weights.iter().enumerate().collect();
    heaviest.sort_by_key(|(_, weight)| Reverse(**weight));
    let next = AtomicUsize::new(0);
    let some = || {
        let numbers = std::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed));
        let places = numbers.map_while(|number| heaviest.get(number));
        places.map(|(at, _)| (*at, work(*at))).collect::<Vec<_>>()
    };
    let threads = threads.min(count);
    let mut all = thread::scope(|scope| {
        let start = |_| thread::Builder::new().stack_size(STACK).spawn_scoped(scope, some);
        let started: Vec<_> = (0..threads).map(start).collect::<Result<_, _>>().map_err(|_| Exit::Limit)?;
        let mut all = Vec::with_capacity(count);
        for thread in started {
            all.extend(thread.join().map_err(|_| Exit::Internal)?);
        }
        Ok::<_, Exit>(all)
    })?;
    all.sort_by_key(|(at, _)| *at);
    Ok(all.into_iter().map(|(_, done)| done).collect())
}

/// What a lock holds is whole also where a thread has stopped while having it.
pub fn locked<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}
