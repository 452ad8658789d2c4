//! Values of short texts that were read before: an export says the same few things again and again.

use crate::data::mapping::cell::{CellRule, ReadCell};
use crate::data::marks::ends_of;
use concord_engine::plan::Input;
use concord_engine::plan::case::Datum;
use concord_engine::values::types::Type;

/// So many are held; a text that comes up later takes the place of another.
const HELD: usize = 8_192;
/// Only texts of fewer bytes are held.
const SHORT: usize = 8;

/// The place of none.
const NONE: u16 = u16::MAX;

/// A short text, as one rule reads it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Key {
    /// Where the rule stands in memory: the mapping does not move while an export is read.
    rule: usize,
    text: u64,
}

/// What texts were read as: they lie side by side in the order in which they came up, as most come up again and again, and must stay near the
/// processor.
pub(super) struct Cells {
    all: Vec<(Key, ReadCell)>,
    /// By slot of a key, the place in the list.
    places: Vec<u16>,
}

/// The key of a text, where what it is read as depends on nothing else than the rule: a code may be one that only its case brings.
#[inline]
pub(super) fn key_of(input: &Input, rule: &CellRule, text: &[u8]) -> Option<Key> {
    if text.len() >= SHORT || rule.unit_column.is_some() || matches!(input.ty, Type::Code) {
        return None;
    }
    let [first, last] = ends_of(text);
    // Four bytes and the three last are all of them; the length tells a text from one that has zeros beside.
    let length = u64::try_from(text.len()).ok()?;
    Some(Key { rule: std::ptr::from_ref(rule).addr(), text: first | (last >> 8) << 32 | length << 56 })
}

impl Key {
    #[inline]
    fn slot(self) -> usize {
        // Which slot it is decides only what is read again.
        let rule = u64::try_from(self.rule).unwrap_or(0);
        let mixed = (self.text ^ rule.rotate_left(29)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        // Thirteen bits fit.
        usize::try_from(mixed >> 51).unwrap_or(0)
    }
}

impl Cells {
    pub(super) fn new() -> Cells {
        Cells { all: Vec::new(), places: vec![NONE; HELD] }
    }

    /// What a text was read as before.
    #[inline]
    pub(super) fn get(&self, key: Key) -> Option<ReadCell> {
        let (held, cell) = self.all.get(usize::from(*self.places.get(key.slot())?))?;
        (*held == key).then_some(*cell)
    }

    /// Takes note of what a text is read as; a range is not held, as each is counted.
    pub(super) fn put(&mut self, key: Key, cell: ReadCell) {
        if matches!(cell.datum, Datum::Between(..)) {
            return;
        }
        let Some(place) = self.places.get_mut(key.slot()) else { return };
        match self.all.get_mut(usize::from(*place)) {
            Some(held) => *held = (key, cell),
            None => {
                // There are no more of them than slots.
                *place = u16::try_from(self.all.len()).unwrap_or(NONE);
                self.all.push((key, cell));
            }
        }
    }
}
