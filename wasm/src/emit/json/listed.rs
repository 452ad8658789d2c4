//! Codes that do not pack, as data.
//!
//! A list is its codes one after the other, each with two links: to codes whose next bit is 0, and is 1. Whoever looks for one goes down by
//! the bits of its text, so that no choice of codes makes it slow, and where the way ends it may be put.

use concord_engine::values::codes::{MOST_CHARACTERS, OF_PACKAGE, STEP};

use crate::emit::assembler::{EmitError, address};
use crate::emit::walk::Context;

/// Offsets in a code that is listed, after its links: its number; its length; its text.
pub(super) const NUMBER: u32 = 8;
pub(super) const LENGTH: u32 = 16;
pub(super) const TEXT: u32 = 20;

/// The most bytes of a code that is listed, with all that stands before it.
pub(super) const MOST_BYTES: u32 = TEXT + 4 * MOST_CHARACTERS as u32 + 8;

/// Where the codes that a package lists start and end; 0 where there is none.
pub(super) fn listed(context: &mut Context<'_>) -> Result<(u32, u32), EmitError> {
    let texts: Vec<&str> = context.plan.codes.iter().collect();
    if texts.is_empty() {
        return Ok((0, 0));
    }
    let base = context.data.next()?;
    let mut bytes: Vec<u8> = Vec::new();
    let mut starts: Vec<usize> = Vec::new();
    for (place, text) in (0_i64..).zip(&texts) {
        let mut link = None;
        let mut node = starts.first().copied();
        let mut bit = 0;
        while let Some(at) = node {
            // After its end a text has no bits but 0, here and where it is looked up.
            let side = text.as_bytes().get(bit / 8).map_or(0, |byte| usize::from(byte >> (bit % 8) & 1));
            link = Some(at + 4 * side);
            let next = bytes.get(at + 4 * side..).and_then(|bytes| bytes.first_chunk::<4>()).copied();
            node = next.map(u32::from_le_bytes).filter(|next| *next != 0).map(|next| (next - base) as usize);
            bit += 1;
        }
        let start = bytes.len();
        if let Some(place) = link.and_then(|link| bytes.get_mut(link..link + 4)) {
            place.copy_from_slice(&(base + address(start)?).to_le_bytes());
        }
        starts.push(start);
        bytes.extend([0; 8]);
        bytes.extend((OF_PACKAGE - STEP * place).to_le_bytes());
        bytes.extend(address(text.len())?.to_le_bytes());
        bytes.extend(text.as_bytes());
    }
    let start = context.data.own(&bytes)?;
    Ok((start, start + address(bytes.len())?))
}
