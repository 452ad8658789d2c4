//! The names of cases that were handed over, so that a row that comes back to one is seen: a number of 64 bits each, of the first at once, of
//! the others, which are set out to disk, at the end.
//!
//! Two names may have one number. Then the export is taken for one that is not grouped by case, and read again: that costs time, and no
//! answer depends on it.

use super::error::ReadError;
use super::spread::Spread;
use crate::data::marks::{Marks, mark_of};

/// So many are known again at once.
const HELD: usize = 1 << 13;

/// Names of cases.
pub(super) struct Closed {
    held: Marks,
    /// The others by their number, each with when it was closed or asked for.
    others: Spread,
    /// So many parts were handed over.
    parts: u64,
    /// So many are known again at once.
    most: usize,
    /// A name was asked for.
    was_asked: bool,
}

/// When a name was closed: with this part.
fn closed_with(part: u64) -> u64 {
    2 * part + 1
}

/// When a name was asked for: after so many parts. It comes after all that were closed with them.
fn asked_after(parts: u64) -> u64 {
    2 * parts
}

impl Closed {
    pub(super) fn with(others: Spread) -> Closed {
        Closed { held: Marks::default(), others, parts: 0, most: HELD, was_asked: false }
    }

    /// Of a part of an export: none is known again before all parts are there.
    pub(super) fn of_piece() -> Closed {
        Closed { most: 0, ..Closed::with(Spread::at(None)) }
    }

    /// Whether a name was asked for.
    pub(super) fn was_asked(&self) -> bool {
        self.was_asked
    }

    /// Where names wait to be handed over to those of all parts.
    pub(super) fn others(&mut self) -> &mut Spread {
        &mut self.others
    }

    /// Asks for a name: whether it is known at once that it was closed.
    pub(super) fn ask(&mut self, name: &str) -> bool {
        self.was_asked = true;
        let mark = mark_of(name);
        let has = self.held.has(mark);
        if !has && !self.others.is_empty() {
            self.others.add([mark, asked_after(self.parts)]);
        }
        has
    }

    /// Closes names, each once, with the next part; whether it is known at once that one of them was closed before. They are looked up here, side
    /// by side, and not each when its case begins.
    pub(super) fn close<'n>(&mut self, names: impl Iterator<Item = &'n str>) -> bool {
        let mut came_back = false;
        for mark in names.map(mark_of) {
            if self.held.len() < self.most {
                came_back |= !self.held.add(mark);
            } else {
                came_back |= self.held.has(mark);
                self.others.add([mark, closed_with(self.parts)]);
            }
        }
        self.parts += 1;
        came_back
    }

    /// Whether any of them came back that was not seen at once: it was closed twice, or asked for after it was closed.
    pub(super) fn came_back(self) -> Result<bool, ReadError> {
        let mut came_back = false;
        self.others.in_order(|all| {
            let met = |pair: &[[u64; 2]]| matches!(pair, [[one, when], [same, _]] if one == same && when % 2 == 1);
            came_back |= all.windows(2).any(met);
        })?;
        Ok(came_back)
    }
}
