//! Sets of locals.

/// A set of locals.
#[derive(PartialEq, Eq)]
pub(super) struct Locals(Vec<u64>);

impl Clone for Locals {
    fn clone(&self) -> Locals {
        Locals(self.0.clone())
    }

    fn clone_from(&mut self, other: &Locals) {
        self.0.clone_from(&other.0);
    }
}

impl Locals {
    pub(super) fn none(count: usize) -> Locals {
        Locals(vec![0; count.div_ceil(64)])
    }

    fn split(local: u32) -> (usize, u64) {
        // A place that no memory holds is in no set.
        (usize::try_from(local / 64).unwrap_or(usize::MAX), 1 << (local % 64))
    }

    pub(super) fn insert(&mut self, local: u32) {
        let (word, bit) = Locals::split(local);
        if let Some(word) = self.0.get_mut(word) {
            *word |= bit;
        }
    }

    pub(super) fn remove(&mut self, local: u32) {
        let (word, bit) = Locals::split(local);
        if let Some(word) = self.0.get_mut(word) {
            *word &= !bit;
        }
    }

    pub(super) fn contains(&self, local: u32) -> bool {
        let (word, bit) = Locals::split(local);
        self.0.get(word).is_some_and(|word| word & bit != 0)
    }

    /// Those in both.
    pub(super) fn keep(&mut self, other: &Locals) {
        self.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word &= other);
    }

    /// Those in either.
    pub(super) fn add(&mut self, other: &Locals) {
        self.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word |= other);
    }

    /// Whether some are in both.
    pub(super) fn meets(&self, other: &Locals) -> bool {
        self.0.iter().zip(&other.0).any(|(word, other)| word & other != 0)
    }

    /// None of them any more.
    pub(super) fn clear(&mut self) {
        self.0.fill(0);
    }

    /// All of them.
    pub(super) fn all(&self) -> impl Iterator<Item = u32> {
        members(&self.0)
    }
}

fn members(words: &[u64]) -> impl Iterator<Item = u32> {
    (0_u32..).step_by(64).zip(words).flat_map(|(first, word)| {
        let mut rest = *word;
        std::iter::from_fn(move || {
            let bit = (rest != 0).then(|| rest.trailing_zeros())?;
            rest &= rest - 1;
            Some(first + bit)
        })
    })
}

/// Many sets of locals, by number.
pub(super) struct Sets {
    words: usize,
    all: Vec<u64>,
}

impl Sets {
    /// None yet, of sets of so many locals, with room for so many sets.
    pub(super) fn of(locals: usize, room: usize) -> Sets {
        let words = locals.div_ceil(64);
        Sets { words, all: Vec::with_capacity(words.saturating_mul(room)) }
    }

    pub(super) fn push(&mut self, set: &Locals) {
        match set.0.as_slice() {
            [word] => self.all.push(*word),
            words => self.all.extend_from_slice(words),
        }
    }

    pub(super) fn clear(&mut self) {
        self.all.clear();
    }

    fn words(&self, number: usize) -> &[u64] {
        let start = number.saturating_mul(self.words);
        // Of no instruction nothing is said.
        self.all.get(start..start.saturating_add(self.words)).unwrap_or_default()
    }

    pub(super) fn contains(&self, number: usize, local: u32) -> bool {
        let (word, bit) = Locals::split(local);
        self.words(number).get(word).is_some_and(|word| word & bit != 0)
    }

    pub(super) fn members(&self, number: usize) -> impl Iterator<Item = u32> {
        members(self.words(number))
    }
}
