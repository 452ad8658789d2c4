//! Reading and writing a module's memory, and finding room in it.

use std::ops::Range;

use super::error::RunError;

#[cold]
pub(super) fn too_small() -> RunError {
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

/// Writes values of so many bytes side by side; there must be room for `count` of them, and what comes after those is left.
pub(super) fn put_values(
    memory: &mut [u8],
    (at, count): (u32, usize),
    bytes: u8,
    values: impl Iterator<Item = i64>,
) -> Result<(), RunError> {
    match bytes {
        8 => put_each::<8>(memory, at, count, values),
        4 => put_each::<4>(memory, at, count, values),
        2 => put_each::<2>(memory, at, count, values),
        1 => put_each::<1>(memory, at, count, values),
        _ => Err(too_small()),
    }
}

#[inline]
fn put_each<const BYTES: usize>(
    memory: &mut [u8],
    at: u32,
    count: usize,
    values: impl Iterator<Item = i64>,
) -> Result<(), RunError> {
    let bytes = count.checked_mul(BYTES).ok_or_else(too_small)?;
    let place = part(at, bytes).and_then(|part| memory.get_mut(part)).ok_or_else(too_small)?;
    let mut slots = place.as_chunks_mut::<BYTES>().0.iter_mut();
    // From within, as cases lie within cases of events: the columns of a batch are filled in one go each.
    values.for_each(|value| {
        if let (Some(slot), Some(part)) = (slots.next(), value.to_le_bytes().first_chunk::<BYTES>()) {
            *slot = *part;
        }
    });
    Ok(())
}

/// Reads a signed value of so many bytes.
#[inline]
pub(super) fn get_value(memory: &[u8], at: u32, bytes: u8) -> Result<i64, RunError> {
    value_at(memory, at, bytes).ok_or_else(too_small)
}

/// The same; nothing where the memory ends before.
#[inline]
pub(super) fn value_at(memory: &[u8], at: u32, bytes: u8) -> Option<i64> {
    let rest = memory.get(usize::try_from(at).ok()?..)?;
    Some(match bytes {
        1 => i8::from_le_bytes(*rest.first_chunk()?).into(),
        2 => i16::from_le_bytes(*rest.first_chunk()?).into(),
        4 => i32::from_le_bytes(*rest.first_chunk()?).into(),
        8 => i64::from_le_bytes(*rest.first_chunk()?),
        _ => return None,
    })
}

/// Values of so many bytes each that lie side by side in a memory.
#[derive(Clone, Copy)]
pub(super) enum Values<'m> {
    /// None are there.
    None,
    One(&'m [[u8; 1]]),
    Two(&'m [[u8; 2]]),
    Four(&'m [[u8; 4]]),
    Eight(&'m [[u8; 8]]),
}

impl<'m> Values<'m> {
    /// So many from an address on.
    pub(super) fn of(memory: &'m [u8], at: u32, count: usize, bytes: u8) -> Option<Values<'m>> {
        let place = memory.get(part(at, count.checked_mul(usize::from(bytes))?)?)?;
        Some(match bytes {
            1 => Values::One(place.as_chunks().0),
            2 => Values::Two(place.as_chunks().0),
            4 => Values::Four(place.as_chunks().0),
            8 => Values::Eight(place.as_chunks().0),
            _ => return None,
        })
    }
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
