//! Reading and writing a module's memory, and finding room in it.

use std::ops::Range;

use super::error::RunError;

fn too_small() -> RunError {
    RunError::Trap("the module's memory is too small".to_owned())
}

/// The part of a memory from an address on, of so many bytes.
#[inline]
fn part(at: u32, bytes: usize) -> Option<Range<usize>> {
    let start = usize::try_from(at).ok()?;
    Some(start..start.checked_add(bytes)?)
}

/// Writes a value in a slot of so many bytes.
#[inline]
pub(super) fn put_value(memory: &mut [u8], at: u32, value: i64, bytes: u8) -> Result<(), RunError> {
    let from = value.to_le_bytes();
    let from = from.get(..usize::from(bytes)).ok_or_else(too_small)?;
    let place = part(at, from.len()).and_then(|part| memory.get_mut(part));
    place.ok_or_else(too_small)?.copy_from_slice(from);
    Ok(())
}

/// Reads a signed value of so many bytes.
#[inline]
pub(super) fn get_value(memory: &[u8], at: u32, bytes: u8) -> Result<i64, RunError> {
    let found = part(at, usize::from(bytes)).and_then(|part| memory.get(part)).ok_or_else(too_small)?;
    let mut all = [0_u8; 8];
    all.iter_mut().zip(found).for_each(|(place, byte)| *place = *byte);
    let spare = 64 - 8 * u32::from(bytes);
    Ok(i64::from_le_bytes(all) << spare >> spare)
}

/// A copy of so many bytes.
pub(super) fn get_bytes(memory: &[u8], at: u32, bytes: u32) -> Result<Vec<u8>, RunError> {
    let found = usize::try_from(bytes).ok().and_then(|bytes| memory.get(part(at, bytes)?));
    Ok(found.ok_or_else(too_small)?.to_vec())
}

/// A count or a number of bytes as the module has it.
pub(super) fn size(size: usize) -> Result<u32, RunError> {
    u32::try_from(size).map_err(|_| too_small())
}

/// Hands out addresses.
pub(super) struct Room {
    next: u32,
}

impl Room {
    /// From an address on.
    pub(super) fn from(next: u32) -> Room {
        Room { next }
    }

    /// For so many of so many bytes each, at an address that 8 divides.
    pub(super) fn take(&mut self, count: usize, bytes: impl Into<u32>) -> Result<u32, RunError> {
        let at = self.next.checked_next_multiple_of(8).ok_or_else(too_small)?;
        let end = size(count)?.checked_mul(bytes.into()).and_then(|bytes| at.checked_add(bytes));
        self.next = end.ok_or_else(too_small)?;
        Ok(at)
    }
}
