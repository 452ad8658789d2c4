//! The place of a run among runs side by side. Once one has failed, those after it are needed no more, and those before it are: what fails
//! first in their order is what is told, as if they were made one after another.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Runs side by side: the least place of one that failed.
#[derive(Clone, Debug)]
pub struct Turns(Arc<AtomicUsize>);

/// The place of one of them.
#[derive(Clone, Debug, Default)]
pub struct Turn {
    turns: Turns,
    own: usize,
}

impl Default for Turns {
    fn default() -> Turns {
        Turns(Arc::new(AtomicUsize::new(usize::MAX)))
    }
}

impl Turns {
    /// That of the run in this place.
    #[must_use]
    pub fn of(&self, own: usize) -> Turn {
        Turn { turns: self.clone(), own }
    }
}

impl Turn {
    /// The run has failed.
    pub fn fails(&self) {
        self.turns.0.fetch_min(self.own, Ordering::Relaxed);
    }

    /// Whether a run before it has failed.
    #[must_use]
    pub fn is_needless(&self) -> bool {
        self.turns.0.load(Ordering::Relaxed) < self.own
    }
}
