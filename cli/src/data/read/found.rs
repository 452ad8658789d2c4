//! Where in a buffer fields end, in order: added sixty-four bytes at a time, without asking at each whether there is room.

/// So many bytes are looked through at once; as many marks they may have.
const BLOCK: usize = 64;

/// The places.
#[derive(Default)]
pub(super) struct Marks {
    /// Those that were found, and room for more.
    room: Vec<usize>,
    found: usize,
}

impl Marks {
    /// All of them.
    #[inline]
    pub(super) fn all(&self) -> &[usize] {
        // What was found lies within the room.
        self.room.get(..self.found).unwrap_or_default()
    }

    /// Forgets them.
    pub(super) fn clear(&mut self) {
        self.found = 0;
    }

    /// Adds one.
    pub(super) fn push(&mut self, place: usize) {
        match self.room.get_mut(self.found) {
            Some(slot) => *slot = place,
            None => self.room.push(place),
        }
        self.found += 1;
    }

    /// Forgets the first, and counts the places of the others from another byte on.
    pub(super) fn pass(&mut self, first: usize, from: usize) {
        self.room.copy_within(first..self.found, 0);
        self.found -= first;
        self.room.iter_mut().take(self.found).for_each(|place| *place -= from);
    }

    /// Adds those of sixty-four bytes, of which each has a bit, and to others which of these are the last of their lines.
    #[inline]
    pub(super) fn set(&mut self, all: u64, last: u64, start: usize, ends: &mut Vec<usize>) {
        let mut of_lines = last;
        while of_lines != 0 {
            let before = of_lines ^ of_lines.wrapping_sub(1);
            ends.push(self.found + (all & before >> 1).count_ones() as usize);
            of_lines &= of_lines.wrapping_sub(1);
        }
        if self.room.len() < self.found + BLOCK {
            self.room.resize(2 * self.found + 16 * BLOCK, 0);
        }
        let room = self.room.get_mut(self.found..).and_then(|room| room.first_chunk_mut::<BLOCK>());
        let mut rest = all;
        // There is room for as many as there may be. Most blocks have no more than sixteen, and fewer cost as much: where to stop is seldom guessed.
        for eight in room.into_iter().flat_map(|room| room.as_chunks_mut::<8>().0) {
            for place in eight {
                // A place within the buffer; of no use to anybody where no bit is left.
                *place = start.wrapping_add(rest.trailing_zeros() as usize);
                rest &= rest.wrapping_sub(1);
            }
            if rest == 0 {
                break;
            }
        }
        self.found += all.count_ones() as usize;
    }
}
