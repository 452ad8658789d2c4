//! The names of cases that were handed over, so that a row that comes back to one is seen: a number of 64 bits each.
//!
//! Two names may have one number. Then the export is taken for one that is not grouped by case, and read again: that costs time, and no
//! answer depends on it.

use crate::data::marks::{Marks, mark_of};

/// Names of cases.
#[derive(Default)]
pub(super) struct Closed(Marks);

impl Closed {
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.has(mark_of(name))
    }

    pub(super) fn add(&mut self, name: &str) {
        self.0.add(mark_of(name));
    }
}
