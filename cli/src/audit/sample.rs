//! Many values of which few are different, as times are that are recorded by the minute: each is held once, with how often it came up.
//!
//! Memory grows with the different values, and not with the cases.

/// So many are gathered before they are put in order.
const GATHERED: usize = 256;

/// Values, and how often each came up.
#[derive(Clone, Debug)]
pub(super) struct Sample<T> {
    /// The different ones, in order.
    held: Vec<(T, u64)>,
    /// Those that came last, in theirs.
    loose: Vec<T>,
    length: u64,
}

impl<T> Default for Sample<T> {
    fn default() -> Self {
        Sample { held: Vec::new(), loose: Vec::new(), length: 0 }
    }
}

impl<T: Copy + Ord> Extend<T> for Sample<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, values: I) {
        values.into_iter().for_each(|value| self.push(value));
    }
}

impl<T: Copy + Ord> Sample<T> {
    /// Adds a value.
    #[inline]
    pub(super) fn push(&mut self, value: T) {
        self.loose.push(value);
        self.length += 1;
        if self.loose.len() >= GATHERED.max(self.held.len() / 2) {
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
        self.held.iter().copied().chain(self.loose.iter().map(|value| (*value, 1)))
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

    /// Puts those that came last in order, and counts them beside those that are held.
    fn gather(&mut self) {
        self.loose.sort_unstable();
        let (mut place, mut new) = (0, Vec::new());
        for same in self.loose.chunk_by(|a, b| a == b) {
            let Some(value) = same.first() else { continue };
            place += self.held.iter().skip(place).take_while(|(held, _)| held < value).count();
            // Most came up before.
            match self.held.get_mut(place).filter(|(held, _)| held == value) {
                Some((_, often)) => *often += same.len() as u64,
                None => new.push((*value, same.len() as u64)),
            }
        }
        self.loose.clear();
        if new.is_empty() {
            return;
        }
        let mut before = std::mem::take(&mut self.held).into_iter().peekable();
        let mut held = Vec::with_capacity(before.len() + new.len().max(16));
        for pair in new {
            while let Some(earlier) = before.next_if(|(earlier, _)| *earlier < pair.0) {
                held.push(earlier);
            }
            held.push(pair);
        }
        held.extend(before);
        self.held = held;
    }
}
