//! Where the cases of one name stand: one, or one at each organisation that uses it.

use crate::data::marks::{are_same, mark_of};
use std::collections::BTreeMap;

/// A slot of the table that holds nothing.
const EMPTY: usize = usize::MAX;

/// Places of cases, by their names; the names themselves stand with the cases.
#[derive(Default)]
pub(super) struct Places {
    /// The first place of each name, found by a number made of its letters.
    table: Vec<usize>,
    /// How many names there are.
    names: usize,
    /// By first place, those of other organisations; hardly ever any.
    more: BTreeMap<usize, Vec<usize>>,
}

impl Places {
    /// The place of the first case of a name.
    pub(super) fn first(&self, ids: &[String], id: &str) -> Option<usize> {
        let slot = self.slot(ids, id)?;
        self.table.get(slot).copied().filter(|place| *place != EMPTY)
    }

    /// All places of a name, by the first.
    pub(super) fn all(&self, first: usize) -> impl Iterator<Item = usize> {
        let more = self.more.get(&first).into_iter().flatten();
        std::iter::once(first).chain(more.copied())
    }

    /// Whether a name, by its first place, is that of several cases.
    pub(super) fn has_several(&self, first: usize) -> bool {
        self.more.contains_key(&first)
    }

    /// The first places of names that several organisations use.
    pub(super) fn several(&self) -> impl Iterator<Item = usize> {
        self.more.keys().copied()
    }

    /// Takes note of a case, which is the last of the list of names.
    pub(super) fn add(&mut self, ids: &[String], id: &str, place: usize) {
        match self.first(ids, id) {
            Some(first) => self.more.entry(first).or_default().push(place),
            None => {
                self.names += 1;
                if 2 * self.names > self.table.len() {
                    let before = std::mem::take(&mut self.table);
                    self.table = vec![EMPTY; (2 * before.len()).max(64)];
                    for place in before.into_iter().filter(|place| *place != EMPTY) {
                        ids.get(place).into_iter().for_each(|id| self.put(ids, id, place));
                    }
                }
                self.put(ids, id, place);
            }
        }
    }

    /// Forgets all, and keeps the table.
    pub(super) fn clear(&mut self) {
        self.table.fill(EMPTY);
        self.names = 0;
        self.more.clear();
    }

    fn put(&mut self, ids: &[String], id: &str, place: usize) {
        let slot = self.slot(ids, id).and_then(|slot| self.table.get_mut(slot));
        slot.into_iter().for_each(|slot| *slot = place);
    }

    /// The slot of the table in which a name stands, or would.
    fn slot(&self, ids: &[String], id: &str) -> Option<usize> {
        let length = self.table.len();
        // Only where the search begins depends on these bits.
        let first = usize::try_from(mark_of(id) >> 8).unwrap_or_default();
        let mut slots = (0..length).map(|step| (first + step) & (length - 1));
        let fits = |place: usize| {
            place == EMPTY || ids.get(place).is_some_and(|held| are_same(held.as_bytes(), id.as_bytes()))
        };
        slots.find(|slot| self.table.get(*slot).is_some_and(|place| fits(*place)))
    }
}
