//! Instances, one for each call that is under way at a time.

use std::sync::{Mutex, PoisonError};

use concord_wasm::run::{Alone, Loaded, RunError};

/// By how many bytes a case may have grown the memory of an instance that is kept.
const GROWN: usize = 4 << 20;
/// So many that are idle are kept: after a moment with more calls than ever, the memory of the others is free again.
const KEPT: usize = 64;

/// An instance, and the settings in force in it.
pub(crate) struct Kept {
    pub(crate) module: Alone,
    pub(crate) settings: String,
}

/// Instances that nobody uses just now.
pub(crate) struct Pool {
    loaded: Loaded,
    usual: usize,
    idle: Mutex<Vec<Kept>>,
}

impl Pool {
    pub(crate) fn new(loaded: Loaded, first: Alone) -> Pool {
        let usual = first.memory_bytes();
        Pool { loaded, usual, idle: Mutex::new(vec![Kept { module: first, settings: "{}".to_owned() }]) }
    }

    /// An instance, one with these settings if there is one.
    pub(crate) fn take(&self, settings: &str) -> Result<Kept, RunError> {
        let taken = {
            let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
            match idle.iter().rposition(|kept| kept.settings == settings) {
                Some(place) => Some(idle.swap_remove(place)),
                None => idle.pop(),
            }
        };
        match taken {
            Some(kept) => Ok(kept),
            None => Ok(Kept { module: self.loaded.start()?, settings: "{}".to_owned() }),
        }
    }

    /// Takes one back whose call has ended. One that was stopped is let go instead.
    pub(crate) fn give(&self, kept: Kept) {
        if kept.module.memory_bytes() <= self.usual + GROWN {
            let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
            if idle.len() < KEPT {
                idle.push(kept);
            }
        }
    }

    /// How many are idle.
    pub(crate) fn idle(&self) -> usize {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}
