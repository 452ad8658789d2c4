//! What is counted by organisation while cases go by: found by a number made of the letters of its code, listed in the order of the codes.

use crate::data::names::number_of;
use std::collections::BTreeMap;

/// A slot of the table that holds nothing.
const EMPTY: usize = usize::MAX;

/// Something for each code that has come up.
#[derive(Clone, Debug)]
pub(super) struct ByCode<T> {
    /// In the order in which they came up.
    codes: Vec<String>,
    /// By place of the code among them.
    held: BTreeMap<usize, T>,
    /// Places of codes, by their number.
    table: Vec<usize>,
    /// The place that was asked for last.
    last: usize,
}

impl<T> Default for ByCode<T> {
    fn default() -> Self {
        ByCode { codes: Vec::new(), held: BTreeMap::new(), table: vec![EMPTY; 16], last: EMPTY }
    }
}

impl<T> ByCode<T> {
    /// How many codes there are.
    pub(super) fn len(&self) -> usize {
        self.codes.len()
    }

    /// What there is for a code.
    pub(super) fn get(&self, code: &str) -> Option<&T> {
        self.held.get(self.table.get(self.slot(code)?)?)
    }

    /// Each code with what there is for it, in the order of the codes.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&String, &T)> {
        let mut all: Vec<(&String, &T)> = self.codes.iter().zip(self.held.values()).collect();
        all.sort_unstable_by_key(|(code, _)| *code);
        all.into_iter()
    }

    /// The slot of the table in which a code stands, or would.
    fn slot(&self, code: &str) -> Option<usize> {
        let length = self.table.len();
        let [number, _] = number_of(code.chars());
        // Only where the search begins depends on these bits.
        let first = usize::try_from(number >> 8).unwrap_or_default();
        let mut slots = (0..length).map(|step| (first + step) & (length - 1));
        let fits = |place: usize| place == EMPTY || self.codes.get(place).is_some_and(|held| held == code);
        slots.find(|slot| self.table.get(*slot).is_some_and(|place| fits(*place)))
    }
}

impl<T: Default> ByCode<T> {
    /// What there is for a code; begun where it is new.
    pub(super) fn of(&mut self, code: &str) -> &mut T {
        if self.codes.get(self.last).is_none_or(|last| last != code) {
            let found = self.slot(code).and_then(|slot| self.table.get(slot)).copied();
            self.last = found.filter(|place| *place != EMPTY).unwrap_or_else(|| self.begin(code));
        }
        self.held.entry(self.last).or_default()
    }

    fn begin(&mut self, code: &str) -> usize {
        self.codes.push(code.to_owned());
        if 2 * self.codes.len() > self.table.len() {
            self.table = vec![EMPTY; 2 * self.table.len()];
            (0..self.codes.len()).for_each(|place| self.put(place));
        } else {
            self.put(self.codes.len() - 1);
        }
        self.codes.len() - 1
    }

    fn put(&mut self, place: usize) {
        let slot = self.codes.get(place).and_then(|code| self.slot(code));
        slot.and_then(|slot| self.table.get_mut(slot)).into_iter().for_each(|slot| *slot = place);
    }
}
