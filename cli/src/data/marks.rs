//! Numbers of 64 bits that stand for larger things, and sets of them: what was met before is known again in one look.
//!
//! Two things may have one number, hardly ever: whoever asks must be able to bear that, and says why.

/// A place of the table that holds nothing; this number is held as the next.
const EMPTY: u64 = 0;

/// A number made of what came before and of one more value: each of its bits depends on all of theirs.
#[inline]
#[must_use]
pub fn mixed(before: u64, value: u64) -> u64 {
    let product = u128::from(before ^ 0x9e37_79b9_7f4a_7c15) * u128::from(value ^ 0xd6e8_feb8_6659_fd93);
    // The two halves of a product of two halves.
    let [low, high] = [product, product >> 64].map(|half| u64::try_from(half & u128::from(u64::MAX)).unwrap_or(0));
    (low ^ high).rotate_left(17).wrapping_add(value)
}

/// A number made of a text.
#[inline]
#[must_use]
pub fn mark_of(text: &str) -> u64 {
    let (words, rest) = text.as_bytes().as_chunks::<8>();
    let whole = words.iter().fold(0, |mark, word| mixed(mark, u64::from_le_bytes(*word)));
    let last = rest.iter().fold(0, |last, byte| last << 8 | u64::from(*byte));
    // A length in memory is never longer than 64 bits can count.
    mixed(mixed(whole, last), u64::try_from(text.len()).unwrap_or(0))
}

/// The first eight bytes of a text and the last eight, which may have some in common; of a shorter one there are fewer. With its length they are
/// all of a text that has no more than sixteen.
#[inline]
#[must_use]
pub fn ends_of(text: &[u8]) -> [u64; 2] {
    if let (Some(first), Some(last)) = (text.first_chunk(), text.last_chunk()) {
        return [u64::from_le_bytes(*first), u64::from_le_bytes(*last)];
    }
    if let (Some(first), Some(last)) = (text.first_chunk(), text.last_chunk()) {
        return [u32::from_le_bytes(*first).into(), u32::from_le_bytes(*last).into()];
    }
    [text.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)), 0]
}

/// The ends of a text of so many bytes are all of it.
pub const SHORT: usize = 16;

/// Whether two texts are the same: most are short, and compared where they lie.
#[inline]
#[must_use]
pub fn are_same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && if one.len() <= SHORT { ends_of(one) == ends_of(other) } else { one == other }
}

/// A set of numbers.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    table: Vec<u64>,
    held: usize,
}

impl Marks {
    /// Whether it holds a number.
    #[must_use]
    pub fn has(&self, mark: u64) -> bool {
        let mark = mark.max(EMPTY + 1);
        self.search(mark).is_some_and(|place| self.table.get(place) == Some(&mark))
    }

    /// How many it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.held
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.held == 0
    }

    /// Adds a number; whether it is new.
    pub fn add(&mut self, mark: u64) -> bool {
        if 4 * (self.held + 1) > 3 * self.table.len() {
            let before = std::mem::take(&mut self.table);
            self.table = vec![EMPTY; (2 * before.len()).max(64)];
            before.into_iter().filter(|mark| *mark != EMPTY).for_each(|mark| _ = self.put(mark));
        }
        let new = self.put(mark.max(EMPTY + 1));
        self.held += usize::from(new);
        new
    }

    fn put(&mut self, mark: u64) -> bool {
        let slot = self.search(mark).and_then(|place| self.table.get_mut(place));
        slot.is_some_and(|slot| std::mem::replace(slot, mark) != mark)
    }

    /// Where a number stands, or would.
    fn search(&self, mark: u64) -> Option<usize> {
        let length = self.table.len();
        // Only where the search begins depends on these bits.
        let first = usize::try_from(mark >> 8).unwrap_or_default();
        let mut places = (0..length).map(|step| (first + step) & (length - 1));
        places.find(|place| self.table.get(*place).is_some_and(|held| *held == EMPTY || *held == mark))
    }
}
