//! What rows call what happened, by what the mapping says of it: each name is looked up by a number made of its letters.

use crate::data::mapping::{Activity, Binding};
use crate::data::marks::{SHORT, ends_of, mixed};

/// A place of the table that holds nothing.
const EMPTY: usize = usize::MAX;

/// The activities of a mapping, and which of them rows carry.
pub(super) struct Activities<'a> {
    all: Vec<Known<'a>>,
    /// Places in the list, by number; eight times as many as there are names at the least, so that a search mostly ends where it begins.
    table: Vec<usize>,
}

struct Known<'a> {
    name: &'a str,
    key: Key,
    is: &'a Activity,
    carried: bool,
}

impl<'a> Activities<'a> {
    pub(super) fn of(binding: &'a Binding) -> Activities<'a> {
        let known = |(name, is): (&'a String, &'a Activity)| {
            let key = Key::of(name.as_bytes());
            Known { name, key, is, carried: false }
        };
        let all: Vec<Known<'a>> = binding.activities.iter().map(known).collect();
        let mut table = vec![EMPTY; (8 * all.len()).next_power_of_two()];
        for (place, known) in all.iter().enumerate() {
            let free = places(known.key, table.len()).find(|slot| table.get(*slot) == Some(&EMPTY));
            free.and_then(|slot| table.get_mut(slot)).into_iter().for_each(|slot| *slot = place);
        }
        Activities { all, table }
    }

    #[inline]
    fn place(&self, name: &[u8]) -> Option<usize> {
        let filled = |slot: usize| self.table.get(slot).copied().filter(|place| *place != EMPTY);
        let key = Key::of(name);
        let is = |known: &Known<'_>| known.key == key && (name.len() <= SHORT || known.name.as_bytes() == name);
        let found = places(key, self.table.len()).map_while(filled);
        found.into_iter().find(|place| self.all.get(*place).is_some_and(is))
    }

    /// What a name is, by its bytes; a row carries it.
    #[inline]
    pub(super) fn carry(&mut self, name: &[u8]) -> Option<&'a Activity> {
        let known = self.place(name).and_then(|place| self.all.get_mut(place))?;
        known.carried = true;
        Some(known.is)
    }

    /// Of each name, whether a row carries it.
    pub(super) fn carried(&self) -> Vec<bool> {
        self.all.iter().map(|known| known.carried).collect()
    }

    /// Adds what other rows carry.
    pub(super) fn take(&mut self, carried: &[bool]) {
        self.all.iter_mut().zip(carried).for_each(|(known, own)| known.carried |= own);
    }

    /// Whether rows carry a name.
    pub(super) fn carries(&self, name: &str) -> bool {
        self.place(name.as_bytes()).and_then(|place| self.all.get(place)).is_some_and(|known| known.carried)
    }
}

/// By which a name is found: how it begins and ends, and its length. Of a short one that is all of it.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Key {
    ends: [u64; 2],
    length: usize,
}

impl Key {
    fn of(name: &[u8]) -> Key {
        Key { ends: ends_of(name), length: name.len() }
    }
}

/// Where in a table a name may stand: from the place of its number on, and round to the place before it.
fn places(Key { ends: [first, last], .. }: Key, length: usize) -> impl Iterator<Item = usize> {
    // Only where in the table the search begins depends on these bits.
    let first = usize::try_from(mixed(first, last) >> 40).unwrap_or_default();
    (0..length).map(move |step| (first + step) & (length - 1))
}
