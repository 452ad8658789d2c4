//! Packing, in the compiler.

use super::foretell::{Asked, MOST_BITS, text};
use super::views::ODDS_BITS;

/// Packs a text; none of 16 MB or more.
#[must_use]
pub fn pack(packed: &[u8]) -> Option<Vec<u8>> {
    if packed.len() >> MOST_BITS > 0 {
        return None;
    }
    let mut bits = Vec::new();
    text(packed.len(), |odds, at, asked| {
        let byte = *packed.get(at)?;
        let bit = match asked {
            Asked::Other(foretold) => byte != foretold,
            Asked::Bit(place) => byte >> place & 1 == 1,
        };
        bits.push((odds, bit));
        Some(bit)
    })?;
    Some(written(&bits))
}

/// Bits, each with its odds, as bytes. The last goes in first, so that the first comes out first.
fn written(bits: &[(u16, bool)]) -> Vec<u8> {
    let mut state = 1_u64 << ODDS_BITS;
    let mut words: Vec<u64> = Vec::new();
    for (odds, bit) in bits.iter().rev() {
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
