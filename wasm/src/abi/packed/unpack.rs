//! Unpacking, for whoever reads the file of a module.

use super::foretell::{MOST_BITS, text};
use super::views::ODDS_BITS;

/// The first so many bytes of what was packed; none where there are no such bytes.
#[must_use]
pub fn unpack(packed: &[u8], bytes: usize) -> Option<Vec<u8>> {
    if bytes >> MOST_BITS > 0 {
        return None;
    }
    let (state, rest) = packed.split_first_chunk()?;
    let mut read = Read { state: u32::from_le_bytes(*state), rest };
    text(bytes, |odds, _, _| read.bit(odds))
}

struct Read<'p> {
    state: u32,
    rest: &'p [u8],
}

impl Read<'_> {
    fn bit(&mut self, odds: u16) -> Option<bool> {
        let (low, high, share) = (self.state & 0xFFFF, self.state >> ODDS_BITS, u32::from(odds));
        let bit = low < share;
        self.state = if bit { share * high + low } else { self.state - share * (high + 1) };
        if self.state >> ODDS_BITS == 0 {
            // After the last bit nothing comes in.
            let (word, rest) = self.rest.split_first_chunk()?;
            self.state = self.state << ODDS_BITS | u32::from(u16::from_le_bytes(*word));
            self.rest = rest;
        }
        Some(bit)
    }
}
