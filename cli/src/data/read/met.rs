//! What rows said that were read before, but for whose they are and when: an export says the same few things again and again, in the same bytes.

use super::records::{BEHIND, Record};
use concord_engine::plan::case::Datum;
use concord_engine::plan::{InputId, KindId};

/// By so many bits of a number made of its bytes, what a row said has a place; where that and so many beside it are taken, it takes the place of another.
const BITS: u32 = 12;
const BESIDE: usize = 4;
/// Where so many more rows say something new than something that was met, no more of them are looked up.
const MOST_NEW: u32 = 16_384;
/// Of a row that says more than so many blocks, nothing is held.
const MOST_BLOCKS: usize = 4;
/// A block: words of eight bytes.
type Block = [u64; WORDS];
const WORDS: usize = 8;
const BLOCK: usize = 8 * WORDS;
// The last texts that were read are compared in blocks as all others.
const _: () = assert!(BEHIND == BLOCK);

/// What was met.
pub(super) struct Met {
    /// By the number of the bytes, once there is any.
    all: Vec<Said>,
    /// By how many bytes of a block are in use, the bits of these.
    bits: Vec<Block>,
    /// What the row says that was looked up last.
    now: Bytes,
    is_new: bool,
    /// So many more rows were new than not.
    new: u32,
    /// The field of each column.
    fields: Vec<usize>,
}

/// What a row says, which makes an event; nothing in a place that is free.
#[derive(Clone)]
#[repr(align(64))]
pub(super) struct Said {
    bytes: Bytes,
    /// The kind of event.
    pub(super) kind: KindId,
    /// The fields of the event, as they are read.
    pub(super) fields: Vec<Datum>,
    /// The facts that it says, as they are read.
    pub(super) facts: Vec<(InputId, Datum)>,
}

/// The bytes of runs of fields, each with the byte after it, so that they tell where each field ends. They stand in blocks, each of one run, and
/// what is beyond the bytes of a block is zero: all blocks are compared alike, as nobody could guess how long the next row's texts are.
#[derive(Clone, Default)]
struct Bytes {
    blocks: [Block; MOST_BLOCKS],
    /// How many bytes stand in each; 0 in those that are not in use.
    lengths: [u8; MOST_BLOCKS],
    /// How many are in use.
    count: usize,
}

/// The bits of so many bytes of a block.
fn bits_of(bytes: usize) -> Block {
    std::array::from_fn(|word| {
        let own = bytes.saturating_sub(8 * word).min(8);
        // Of a word of which none is in use, no bit is.
        (0..own).fold(0, |bits, _| bits << 8 | 0xff)
    })
}

impl Bytes {
    /// Reads those of a record, by the first and the last field of each run; none of one that says too much, or whose texts had quotes.
    #[inline]
    fn read(&mut self, record: &Record<'_>, runs: &[(usize, usize)], bits: &[Block]) -> Option<()> {
        (self.lengths, self.count) = ([0; MOST_BLOCKS], 0);
        for (first, last) in runs {
            let (mut near, mut left) = record.through(*first, *last)?;
            while left > BLOCK {
                self.add(near.first_chunk()?, BLOCK, bits)?;
                (near, left) = (near.get(BLOCK..)?, left - BLOCK);
            }
            self.add(near.first_chunk()?, left, bits)?;
        }
        Some(())
    }

    /// Adds a block of which so many bytes are in use.
    #[inline]
    fn add(&mut self, near: &[u8; BLOCK], length: usize, bits: &[Block]) -> Option<()> {
        let (block, own) = (self.blocks.get_mut(self.count)?, self.lengths.get_mut(self.count)?);
        let words = near.as_chunks::<8>().0.iter().zip(bits.get(length)?);
        block.iter_mut().zip(words).for_each(|(slot, (word, bits))| *slot = u64::from_le_bytes(*word) & bits);
        (*own, self.count) = (u8::try_from(length).ok()?, self.count + 1);
        Some(())
    }

    #[inline]
    fn all(&self) -> impl Iterator<Item = &Block> {
        self.blocks.iter().take(self.count)
    }

    /// A number made of them: it decides only what is read again.
    #[inline]
    fn number(&self) -> usize {
        const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
        let of_block = |block: &Block| {
            let products =
                block.iter().zip((0..).step_by(7)).map(|(word, by)| word.wrapping_mul(ODD.rotate_left(by) | 1));
            products.fold(0, u64::wrapping_add)
        };
        let sum = self.all().fold(0_u64, |sum, block| sum.rotate_left(29).wrapping_add(of_block(block)));
        // So many bits fit.
        usize::try_from((sum ^ sum >> 32).wrapping_mul(ODD) >> (u64::BITS - BITS)).unwrap_or(0)
    }

    /// Whether others are the same.
    #[inline]
    fn are(&self, other: &Bytes) -> bool {
        let apart =
            |(own, other): (&Block, &Block)| own.iter().zip(other).fold(0, |apart, (own, other)| apart | (own ^ other));
        self.lengths == other.lengths && self.all().zip(&other.blocks).fold(0, |all, pair| all | apart(pair)) == 0
    }
}

impl Met {
    pub(super) fn new() -> Met {
        let bits = (0..=BLOCK).map(bits_of).collect();
        Met { all: Vec::new(), bits, now: Bytes::default(), is_new: false, new: 0, fields: Vec::new() }
    }

    /// Rows follow whose columns have these fields: where they had others before, the same bytes say something else.
    pub(super) fn may_differ(&mut self, fields: &[usize]) {
        if self.fields != fields {
            *self = Met { fields: fields.to_vec(), ..Met::new() };
        }
    }

    /// Looks up what a row says, by the first and the last field of each run that says it: which one that was met says the same.
    #[inline]
    pub(super) fn find(&mut self, record: &Record<'_>, runs: &[(usize, usize)]) -> Option<usize> {
        self.is_new = false;
        if self.new >= MOST_NEW {
            return None;
        }
        self.now.read(record, runs, &self.bits)?;
        let is = |place: &usize| self.all.get(*place).is_some_and(|said| self.now.are(&said.bytes));
        let found = places(self.now.number()).find(is);
        self.is_new = found.is_none();
        self.new = if self.is_new { self.new + 1 } else { self.new.saturating_sub(1) };
        found
    }

    /// Whether the row that was looked up last says something new that can be held.
    pub(super) fn is_new(&self) -> bool {
        self.is_new
    }

    /// One that was found.
    #[inline]
    pub(super) fn get(&self, place: usize) -> Option<&Said> {
        self.all.get(place)
    }

    /// Takes note of what the row says that was looked up last.
    pub(super) fn keep(&mut self, (kind, fields, facts): (KindId, Vec<Datum>, Vec<(InputId, Datum)>)) {
        let free = Said { bytes: Bytes::default(), kind, fields: Vec::new(), facts: Vec::new() };
        self.all.resize(1 << BITS, free);
        let number = self.now.number();
        let is_free = |place: &usize| self.all.get(*place).is_some_and(|said| said.bytes.count == 0);
        let place = places(number).find(is_free).unwrap_or(number);
        let said = Said { bytes: self.now.clone(), kind, fields, facts };
        if let Some(held) = self.all.get_mut(place) {
            *held = said;
        }
    }
}

/// Where what has such a number may stand.
#[inline]
fn places(number: usize) -> impl Iterator<Item = usize> {
    (0..BESIDE).map(move |beside| number ^ beside)
}
