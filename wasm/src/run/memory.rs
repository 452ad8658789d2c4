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
    let place = part(at, usize::from(bytes)).and_then(|part| memory.get_mut(part)).ok_or_else(too_small)?;
    // Of each width the bytes are copied at once.
    match (place.len(), value.to_le_bytes()) {
        (8, from) => place.copy_from_slice(&from),
        (4, [a, b, c, d, ..]) => place.copy_from_slice(&[a, b, c, d]),
        (2, [a, b, ..]) => place.copy_from_slice(&[a, b]),
        (1, [a, ..]) => place.copy_from_slice(&[a]),
        _ => return Err(too_small()),
    }
    Ok(())
}

/// Reads a signed value of so many bytes.
#[inline]
pub(super) fn get_value(memory: &[u8], at: u32, bytes: u8) -> Result<i64, RunError> {
    let found = part(at, usize::from(bytes)).and_then(|part| memory.get(part)).ok_or_else(too_small)?;
    Ok(match *found {
        [a] => i8::from_le_bytes([a]).into(),
        [a, b] => i16::from_le_bytes([a, b]).into(),
        [a, b, c, d] => i32::from_le_bytes([a, b, c, d]).into(),
        [a, b, c, d, e, f, g, h] => i64::from_le_bytes([a, b, c, d, e, f, g, h]),
        _ => return Err(too_small()),
    })
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
