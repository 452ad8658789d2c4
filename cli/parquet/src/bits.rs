//! Numbers of a few bits each: packed side by side, or one repeated.

use crate::fault::Fault;

const BROKEN: Fault = Fault::Broken("its packed numbers end too early");

/// The bits that numbers up to this one take.
pub fn width_of(most: u32) -> u32 {
    32 - most.leading_zeros()
}

/// A number of seven bits a byte.
pub fn varint<'a>(bytes: &mut &'a [u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest as &'a [u8];
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

/// So many numbers of a width, packed from the lowest bit on.
pub fn packed(bytes: &[u8], width: u32, count: usize) -> impl Iterator<Item = Option<u64>> + '_ {
    let mask = if width == 0 { 0 } else { u128::from(u64::MAX >> (64 - width.min(64))) };
    let (mut held, mut bits, mut rest) = (0_u128, 0, bytes.iter());
    (0..count).map(move |_| {
        while bits < width {
            held |= u128::from(*rest.next()?) << bits;
            bits += 8;
        }
        let number = u64::try_from(held & mask).ok()?;
        held >>= width;
        bits -= width;
        Some(number)
    })
}

/// So many numbers in runs: each either one that is repeated, or packed by eights.
pub fn runs(mut bytes: &[u8], width: u32, count: usize) -> Result<Vec<u32>, Fault> {
    if width > 32 {
        return Err(Fault::Broken("its packed numbers are too wide"));
    }
    let mut numbers: Vec<u32> = Vec::new();
    let whole = width.div_ceil(8) as usize;
    while numbers.len() < count {
        let left = count - numbers.len();
        let head = varint(&mut bytes).ok_or(BROKEN)?;
        let length = usize::try_from(head >> 1).map_err(|_| BROKEN)?;
        if head & 1 == 0 {
            let (own, rest) = bytes.split_at_checked(whole).ok_or(BROKEN)?;
            bytes = rest;
            let number = own.iter().rev().fold(0, |number, byte| (number << 8) | u32::from(*byte));
            numbers.extend(std::iter::repeat_n(number, length.min(left)));
            continue;
        }
        let taken = length.checked_mul(width as usize).ok_or(BROKEN)?.min(bytes.len());
        let (own, rest) = bytes.split_at_checked(taken).ok_or(BROKEN)?;
        bytes = rest;
        for number in packed(own, width, length.saturating_mul(8).min(left)) {
            numbers.push(number.and_then(|number| u32::try_from(number).ok()).ok_or(BROKEN)?);
        }
    }
    Ok(numbers)
}
