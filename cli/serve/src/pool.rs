//! Running instances of one module, as many as there are requests at once. One that stopped, or whose memory has grown for a large
//! case, is not used again.

use std::sync::{Mutex, MutexGuard, PoisonError};

use concord_wasm::run::{Alone, Loaded, Replied, RunError};

/// How much larger than at its start an instance may be and still be kept.
const KEPT: usize = 4 << 20;
/// How many that are free are kept.
const FREE: usize = 64;
/// No settings: those of the group.
pub const GROUP: &str = "{}";

/// What is asked of a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// The answers.
    Evaluate,
    /// The answers with their reasons.
    Explain,
}

/// Why there is no reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The settings are refused; the faults as JSON.
    Settings(Vec<u8>),
    /// The case took longer than it may.
    Deadline,
    /// The module stopped.
    Stopped(String),
}

/// An instance, and the settings in force in it.
struct Seat {
    running: Alone,
    settings: String,
}

/// The instances of a module.
pub struct Pool {
    loaded: Loaded,
    at_start: usize,
    free: Mutex<Vec<Seat>>,
}

impl Pool {
    /// Of a module, with the one instance that tried it.
    pub fn new(loaded: Loaded, tried: Alone) -> Pool {
        let at_start = tried.memory_bytes();
        let first = Seat { running: tried, settings: GROUP.to_owned() };
        Pool { loaded, at_start, free: Mutex::new(vec![first]) }
    }

    /// Puts a case to one of them, under these settings.
    ///
    /// # Errors
    /// Where the settings are refused, it takes too long, or the module stops.
    pub fn ask(&self, case: &[u8], entry: Entry, settings: &str) -> Result<Replied, Failure> {
        let mut seat = self.seat(settings)?;
        if seat.settings != settings {
            match seat.running.configure_json(settings.as_bytes()).map_err(failed)? {
                Replied::Answered(_) => settings.clone_into(&mut seat.settings),
                Replied::Refused(faults) | Replied::Broken(faults) => {
                    self.give_back(seat);
                    return Err(Failure::Settings(faults));
                }
            }
        }
        let replied = match entry {
            Entry::Evaluate => seat.running.evaluate_json(case),
            Entry::Explain => seat.running.explain_json(case),
        };
        let replied = replied.map_err(failed)?;
        self.give_back(seat);
        Ok(replied)
    }

    /// One that has these settings already, or else any, or else a new one.
    fn seat(&self, settings: &str) -> Result<Seat, Failure> {
        let mut free = self.free();
        let place = free.iter().rposition(|seat| seat.settings == settings);
        if let Some(place) = place.or(free.len().checked_sub(1)) {
            return Ok(free.swap_remove(place));
        }
        drop(free);
        let running = self.loaded.start().map_err(failed)?;
        Ok(Seat { running, settings: GROUP.to_owned() })
    }

    fn give_back(&self, seat: Seat) {
        let mut free = self.free();
        if free.len() < FREE && seat.running.memory_bytes() <= self.at_start.saturating_add(KEPT) {
            free.push(seat);
        }
    }

    /// Nothing is half done while the list is locked, so that a thread that ended in a fault leaves it whole.
    fn free(&self) -> MutexGuard<'_, Vec<Seat>> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn failed(error: RunError) -> Failure {
    match error {
        RunError::Deadline => Failure::Deadline,
        error => Failure::Stopped(error.to_string()),
    }
}
