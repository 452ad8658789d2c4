//! Unpacking, for whoever reads the file of a module.

use super::odds::{AGAIN, BACK, BYTES, COPY, LENGTH, MOST_BITS, ODDS_BITS, Odds};

/// The first so many bytes of what was packed; none where there are no such bytes.
#[must_use]
pub fn unpack(packed: &[u8], bytes: usize) -> Option<Vec<u8>> {
    if bytes >> MOST_BITS > 0 {
        return None;
    }
    let (state, rest) = packed.split_first_chunk()?;
    let mut unpacker = Unpacker { odds: Odds::even(), state: u32::from_le_bytes(*state), rest };
    let mut text: Vec<u8> = Vec::with_capacity(bytes);
    let (mut back, mut after_copy) = (0, false);
    while text.len() < bytes {
        let copies = unpacker.bit(COPY + u32::from(after_copy))?;
        if copies {
            if after_copy || !unpacker.bit(AGAIN)? {
                back = unpacker.number(BACK)?;
            }
            for _ in 0..=unpacker.number(LENGTH)?.min(bytes - text.len() - 1) {
                let byte = *text.get(text.len().checked_sub(back)?)?;
                text.push(byte);
            }
        } else {
            text.push(unpacker.byte()?);
        }
        after_copy = copies;
    }
    Some(text)
}

struct Unpacker<'p> {
    odds: Odds,
    state: u32,
    rest: &'p [u8],
}

impl Unpacker<'_> {
    fn bit(&mut self, place: u32) -> Option<bool> {
        let odds = self.odds.of(place);
        let (low, high, share) = (self.state & 0xFFFF, self.state >> ODDS_BITS, u32::from(odds));
        let bit = low < share;
        self.state = if bit { share * high + low } else { self.state - share * (high + 1) };
        self.odds.follow(place, bit);
        if self.state >> ODDS_BITS == 0 {
            // After the last bit nothing comes in.
            let (word, rest) = self.rest.split_first_chunk()?;
            self.state = self.state << ODDS_BITS | u32::from(u16::from_le_bytes(*word));
            self.rest = rest;
        }
        Some(bit)
    }

    fn number(&mut self, mut place: u32) -> Option<usize> {
        let (mut number, mut highest) = (0, 1);
        while highest >> MOST_BITS == 0 && self.bit(place)? {
            number |= if self.bit(place + 1)? { highest } else { 0 };
            highest <<= 1;
            place += 2;
        }
        Some(number | highest)
    }

    fn byte(&mut self) -> Option<u8> {
        let mut before = 1;
        while before < 256 {
            before = 2 * before + u32::from(self.bit(BYTES + before)?);
        }
        u8::try_from(before & 0xFF).ok()
    }
}
