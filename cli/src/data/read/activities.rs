//! What rows call what happened, by what the mapping says of it: each name is looked up by a number made of its letters.

use crate::data::mapping::{Activity, Binding};
use crate::data::marks::mark_of;

/// A place of the table that holds nothing.
const EMPTY: usize = usize::MAX;

/// The activities of a mapping, and which of them rows carry.
pub(super) struct Activities<'a> {
    all: Vec<Known<'a>>,
    /// Places in the list, by number; twice as many as there are names at the least, so that a search soon ends.
    table: Vec<usize>,
}

struct Known<'a> {
    name: &'a str,
    is: &'a Activity,
    carried: bool,
}

impl<'a> Activities<'a> {
    pub(super) fn of(binding: &'a Binding) -> Activities<'a> {
        let known = |(name, is): (&'a String, &'a Activity)| Known { name, is, carried: false };
        let all: Vec<Known<'a>> = binding.activities.iter().map(known).collect();
        let mut table = vec![EMPTY; (2 * all.len()).next_power_of_two()];
        for (place, known) in all.iter().enumerate() {
            let free = places(known.name, table.len()).find(|slot| table.get(*slot) == Some(&EMPTY));
            free.and_then(|slot| table.get_mut(slot)).into_iter().for_each(|slot| *slot = place);
        }
        Activities { all, table }
    }

    fn place(&self, name: &str) -> Option<usize> {
        let filled = |slot: usize| self.table.get(slot).copied().filter(|place| *place != EMPTY);
        let found = places(name, self.table.len()).map_while(filled);
        found.into_iter().find(|place| self.all.get(*place).is_some_and(|known| known.name == name))
    }

    /// What a name is; a row carries it.
    pub(super) fn carry(&mut self, name: &str) -> Option<&'a Activity> {
        let known = self.place(name).and_then(|place| self.all.get_mut(place))?;
        known.carried = true;
        Some(known.is)
    }

    /// Whether rows carry a name.
    pub(super) fn carries(&self, name: &str) -> bool {
        self.place(name).and_then(|place| self.all.get(place)).is_some_and(|known| known.carried)
    }
}

/// Where in a table a name may stand: from the place of its number on, and round to the place before it.
fn places(name: &str, length: usize) -> impl Iterator<Item = usize> {
    // Only where in the table the search begins depends on these bits.
    let first = usize::try_from(mark_of(name) >> 40).unwrap_or_default();
    (0..length).map(move |step| (first + step) & (length - 1))
}
