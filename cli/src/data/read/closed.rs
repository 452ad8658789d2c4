//! The names of cases that were handed over, so that a row that comes back to one is seen: a number of 64 bits each.
//!
//! Two names may have one number. Then the export is taken for one that is not grouped by case, and read again: that costs time, and no
//! answer depends on it.

use crate::data::names::number_of;

/// A place of the table that holds nothing; a name of this number has the next.
const EMPTY: u64 = 0;

/// Names of cases.
#[derive(Default)]
pub(super) struct Closed {
    table: Vec<u64>,
    held: usize,
}

fn number(name: &str) -> u64 {
    let [low, high] = number_of(name.chars());
    (low ^ high.rotate_left(32)).max(EMPTY + 1)
}

impl Closed {
    pub(super) fn has(&self, name: &str) -> bool {
        let number = number(name);
        self.search(number).is_some_and(|place| self.table.get(place) == Some(&number))
    }

    pub(super) fn add(&mut self, name: &str) {
        if 4 * (self.held + 1) > 3 * self.table.len() {
            let before = std::mem::take(&mut self.table);
            self.table = vec![EMPTY; (2 * before.len()).max(1_024)];
            before.into_iter().filter(|number| *number != EMPTY).for_each(|number| self.put(number));
        }
        self.put(number(name));
        self.held += 1;
    }

    fn put(&mut self, number: u64) {
        let place = self.search(number);
        place.and_then(|place| self.table.get_mut(place)).into_iter().for_each(|slot| *slot = number);
    }

    /// Where a number stands, or would.
    fn search(&self, number: u64) -> Option<usize> {
        let length = self.table.len();
        // Only where the search begins depends on these bits.
        let first = usize::try_from(number >> 8).unwrap_or_default();
        let mut places = (0..length).map(|step| (first + step) & (length - 1));
        places.find(|place| self.table.get(*place).is_some_and(|held| *held == EMPTY || *held == number))
    }
}
