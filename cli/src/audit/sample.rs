//! Many values of which few are different, as times are that are recorded by the minute: each is held once, with how often it came up.
//!
//! Memory grows with the different values, and not with the cases.

use crate::data::marks::mixed;

/// So many are gathered before they are counted beside the rest.
const GATHERED: usize = 256;
/// A table begins with so many places.
const FEW: usize = 64;

/// What can be found again by a number made of it.
pub(super) trait Numbered: Copy + Eq {
    /// The same of equal values; others may have the same.
    fn number(self) -> u64;
}

impl Numbered for i64 {
    #[inline]
    fn number(self) -> u64 {
        mixed(0, self.cast_unsigned())
    }
}

/// Values, and how often each came up.
#[derive(Clone, Debug)]
pub(super) struct Sample<T> {
    /// The different ones, each in a slot by its number; a slot that holds none has come up 0 times.
    slots: Vec<(T, u64)>,
    /// How many slots hold one.
    held: usize,
    /// Those that came last.
    loose: Vec<T>,
    length: u64,
}

impl<T> Default for Sample<T> {
    fn default() -> Self {
        Sample { slots: Vec::new(), held: 0, loose: Vec::new(), length: 0 }
    }
}

impl<T: Numbered> Extend<T> for Sample<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, values: I) {
        values.into_iter().for_each(|value| self.push(value));
    }
}

impl<T: Numbered> Sample<T> {
    /// Adds a value.
    #[inline]
    pub(super) fn push(&mut self, value: T) {
        self.loose.push(value);
        self.length += 1;
        if self.loose.len() >= GATHERED.max(self.held / 2) {
            self.gather();
        }
    }

    /// How many there are.
    pub(super) fn len(&self) -> u64 {
        self.length
    }

    /// Forgets them.
    pub(super) fn clear(&mut self) {
        *self = Sample::default();
    }

    /// Each different value with how often it came up; one may stand more than once.
    pub(super) fn counts(&self) -> impl Iterator<Item = (T, u64)> {
        let held = self.slots.iter().copied().filter(|(_, often)| *often > 0);
        held.chain(self.loose.iter().map(|value| (*value, 1)))
    }

    /// All values as often as they came up, in no order.
    pub(super) fn values(&self) -> impl Iterator<Item = T> {
        let same = |(value, often)| std::iter::repeat_n(value, usize::try_from(often).unwrap_or(usize::MAX));
        // No more values come up than there are places in memory.
        self.counts().flat_map(same)
    }

    /// How many of them are so.
    pub(super) fn count(&self, is: impl Fn(T) -> bool) -> u64 {
        self.counts().filter(|(value, _)| is(*value)).map(|(_, often)| often).sum()
    }

    /// Counts those that came last beside those that are held.
    fn gather(&mut self) {
        let mut loose = std::mem::take(&mut self.loose);
        loose.drain(..).for_each(|value| self.hold(value, 1));
        self.loose = loose;
    }

    /// Adds all values of another.
    pub(super) fn take(&mut self, other: &Sample<T>) {
        other.counts().for_each(|(value, often)| self.hold(value, often));
        self.length += other.length;
    }

    /// Counts a value so often more.
    fn hold(&mut self, value: T, more: u64) {
        if 4 * (self.held + 1) > 3 * self.slots.len() {
            let wider = vec![(value, 0); (2 * self.slots.len()).max(FEW)];
            for (value, often) in std::mem::replace(&mut self.slots, wider) {
                if let Some(slot) = self.slot(value).filter(|_| often > 0) {
                    *slot = (value, often);
                }
            }
        }
        let Some(slot) = self.slot(value) else { return };
        let is_new = slot.1 == 0;
        *slot = (value, slot.1 + more);
        self.held += usize::from(is_new);
    }

    /// The slot in which a value stands, or would.
    #[inline]
    fn slot(&mut self, value: T) -> Option<&mut (T, u64)> {
        let length = self.slots.len();
        // Only where the search begins depends on these bits.
        let first = usize::try_from(value.number() >> 8).unwrap_or_default();
        let mut places = (0..length).map(|step| (first + step) & (length - 1));
        let fits = |(held, often): &(T, u64)| *often == 0 || *held == value;
        let place = places.find(|place| self.slots.get(*place).is_some_and(fits))?;
        self.slots.get_mut(place)
    }
}
