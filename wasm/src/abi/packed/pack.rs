//! Packing, in the compiler.

use super::copies::{Copied, Copies};
use super::odds::{AGAIN, BACK, BYTES, COPY, LENGTH, MOST_BITS, ODDS_BITS, Odds};

/// How many bits a copy has to save beyond another for each byte that it begins later.
const LATER: usize = 4;

/// Packs a text; none of 16 MB or more.
#[must_use]
pub fn pack(text: &[u8]) -> Option<Vec<u8>> {
    if text.len() >> MOST_BITS > 0 {
        return None;
    }
    let (mut copies, mut packer) = (Copies::of(text), Packer { odds: Odds::even(), bits: Vec::new() });
    let (mut at, mut last, mut after_copy) = (0, None, false);
    while let Some(byte) = text.get(at) {
        let copied = copies.best(at, last.filter(|_| !after_copy));
        let copies = copied.gain > 0 && !is_better_later(&mut copies, at, last, copied);
        packer.bit(COPY + u32::from(after_copy), copies);
        if copies {
            packer.copied(copied, last, after_copy);
            (at, last) = (at + copied.length, Some(copied.back));
        } else {
            packer.byte(*byte);
            at += 1;
        }
        after_copy = copies;
    }
    Some(packer.bytes())
}

/// Whether a copy that begins a byte later, or two, is better.
fn is_better_later(copies: &mut Copies<'_>, at: usize, last: Option<usize>, copied: Copied) -> bool {
    !copied.is_long() && (1..=2).any(|later| copies.best(at + later, last).gain > copied.gain + LATER * later)
}

/// Bits with their odds.
struct Packer {
    odds: Odds,
    bits: Vec<(u16, bool)>,
}

impl Packer {
    fn bit(&mut self, place: u32, bit: bool) {
        self.bits.push((self.odds.of(place), bit));
        self.odds.follow(place, bit);
    }

    fn copied(&mut self, copied: Copied, last: Option<usize>, after_copy: bool) {
        let again = last == Some(copied.back);
        if !after_copy {
            self.bit(AGAIN, again);
        }
        if after_copy || !again {
            self.number(BACK, copied.back);
        }
        self.number(LENGTH, copied.length - 1);
    }

    fn number(&mut self, mut place: u32, number: usize) {
        let mut rest = number.max(1);
        while rest > 1 {
            self.bit(place, true);
            self.bit(place + 1, rest & 1 == 1);
            rest >>= 1;
            place += 2;
        }
        self.bit(place, false);
    }

    fn byte(&mut self, byte: u8) {
        let mut before = 1;
        for at in (0..8).rev() {
            let bit = u32::from(byte >> at & 1);
            self.bit(BYTES + before, bit == 1);
            before = 2 * before + bit;
        }
    }

    /// The bits as bytes. The last goes in first, so that the first comes out first.
    fn bytes(&self) -> Vec<u8> {
        let mut state = 1_u64 << ODDS_BITS;
        let mut words: Vec<u64> = Vec::new();
        for (odds, bit) in self.bits.iter().rev() {
            let odds = u64::from(*odds);
            let (share, first) = if *bit { (odds, 0) } else { ((1 << ODDS_BITS) - odds, odds) };
            if state >= share << ODDS_BITS {
                words.push(state);
                state >>= ODDS_BITS;
            }
            state = ((state / share) << ODDS_BITS) + state % share + first;
        }
        words.extend([state >> ODDS_BITS, state]);
        words.iter().rev().flat_map(|word| word.to_le_bytes().into_iter().take(2)).collect()
    }
}
