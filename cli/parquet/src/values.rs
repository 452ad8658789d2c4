//! The values of a page, however they are written.

use crate::bits::{packed, runs};
use crate::codec::LONGEST;
use crate::delta;
use crate::fault::Fault;
use crate::leaf::{Column, Stored};
use crate::texts::Texts;
use std::borrow::Cow;

const BROKEN: Fault = Fault::Broken("the values of a page end too early");

const PLAIN: i64 = 0;
const PLAIN_DICTIONARY: i64 = 2;
const RUNS: i64 = 3;
const DELTA: i64 = 5;
const DELTA_LENGTH: i64 = 6;
const DELTA_SHARED: i64 = 7;
const DICTIONARY: i64 = 8;
const SPLIT: i64 = 9;

/// The values of a page.
pub enum Values {
    Own(Texts),
    /// Places in the dictionary.
    Places(Vec<u32>),
}

/// Reads so many values.
pub fn values(column: &Column, encoding: i64, bytes: &[u8], count: usize) -> Result<Values, Fault> {
    let mut texts = Texts::default();
    if count == 0 {
        return Ok(Values::Own(texts));
    }
    match (encoding, column.stored) {
        (PLAIN_DICTIONARY | DICTIONARY, _) => {
            let (width, bytes) = bytes.split_first().ok_or(BROKEN)?;
            return runs(bytes, u32::from(*width), count).map(Values::Places);
        }
        (PLAIN, _) => plain(column, bytes, count, &mut texts)?,
        (RUNS, Stored::Boolean) => {
            let (length, bytes) = bytes.split_first_chunk::<4>().ok_or(BROKEN)?;
            let bytes = bytes.get(..u32::from_le_bytes(*length) as usize).ok_or(BROKEN)?;
            runs(bytes, 1, count)?.into_iter().for_each(|yes| texts.yes(yes == 1));
        }
        (DELTA, Stored::Int32 | Stored::Int64) => {
            let numbers = delta::numbers(&mut &*bytes, count)?;
            for number in numbers {
                whole(column, number, &mut texts);
            }
        }
        (DELTA_LENGTH, Stored::Bytes) => {
            let all = delta::texts(&mut &*bytes, count)?;
            all.into_iter().for_each(|bytes| texts.bytes(bytes, &column.means));
        }
        (DELTA_SHARED, Stored::Bytes | Stored::Fixed(_)) => {
            delta::shared(bytes, (count, LONGEST), |bytes| texts.bytes(bytes, &column.means))?;
        }
        (SPLIT, stored) => {
            let width = width(stored).ok_or(Fault::Broken("its values cannot be split by bytes"))?;
            let together = together(bytes, width, count).ok_or(BROKEN)?;
            plain(column, &together, count, &mut texts)?;
        }
        _ => return Err(Fault::NotRead(format!("values in encoding {encoding}"))),
    }
    if texts.len() == count { Ok(Values::Own(texts)) } else { Err(BROKEN) }
}

/// Bytes of a value, where all have as many.
fn width(stored: Stored) -> Option<usize> {
    match stored {
        Stored::Int32 | Stored::Float => Some(4),
        Stored::Int64 | Stored::Double => Some(8),
        Stored::Int96 => Some(12),
        Stored::Fixed(length) => Some(length),
        Stored::Boolean | Stored::Bytes => None,
    }
}

/// The bytes of each value together, where all first ones stand before all second ones.
fn together(bytes: &[u8], width: usize, count: usize) -> Option<Cow<'_, [u8]>> {
    let bytes = bytes.get(..width.checked_mul(count)?)?;
    let mut out = Vec::with_capacity(bytes.len());
    for place in 0..count {
        for nth in 0..width {
            out.push(*bytes.get(nth * count + place)?);
        }
    }
    Some(Cow::Owned(out))
}

fn whole(column: &Column, number: i64, texts: &mut Texts) {
    if column.stored == Stored::Int32 {
        // Sums of differences wrap at the width of the column.
        let [a, b, c, d, ..] = number.to_le_bytes();
        texts.whole(i32::from_le_bytes([a, b, c, d]).into(), 32, &column.means);
    } else {
        texts.whole(number, 64, &column.means);
    }
}

/// Values one after another.
pub fn plain(column: &Column, bytes: &[u8], count: usize, texts: &mut Texts) -> Result<(), Fault> {
    if column.stored == Stored::Boolean {
        for yes in packed(bytes, 1, count) {
            texts.yes(yes.ok_or(BROKEN)? == 1);
        }
        return Ok(());
    }
    let Some(width) = width(column.stored) else {
        let mut rest = bytes;
        for _ in 0..count {
            let (length, after) = rest.split_first_chunk::<4>().ok_or(BROKEN)?;
            let (own, after) = after.split_at_checked(u32::from_le_bytes(*length) as usize).ok_or(BROKEN)?;
            texts.bytes(own, &column.means);
            rest = after;
        }
        return Ok(());
    };
    let bytes = width.checked_mul(count).and_then(|length| bytes.get(..length)).ok_or(BROKEN)?;
    for value in bytes.chunks_exact(width) {
        one(column, value, texts);
    }
    Ok(())
}

fn one(column: &Column, value: &[u8], texts: &mut Texts) {
    match (column.stored, value) {
        (Stored::Int32, [a, b, c, d]) => texts.whole(i32::from_le_bytes([*a, *b, *c, *d]).into(), 32, &column.means),
        (Stored::Float, [a, b, c, d]) => texts.real(f32::from_le_bytes([*a, *b, *c, *d])),
        (Stored::Int64, [a, b, c, d, e, f, g, h]) => {
            texts.whole(i64::from_le_bytes([*a, *b, *c, *d, *e, *f, *g, *h]), 64, &column.means);
        }
        (Stored::Double, [a, b, c, d, e, f, g, h]) => {
            texts.real(f64::from_le_bytes([*a, *b, *c, *d, *e, *f, *g, *h]));
        }
        (Stored::Int96, [a, b, c, d, e, f, g, h, day @ ..]) => {
            let nanoseconds = i64::from_le_bytes([*a, *b, *c, *d, *e, *f, *g, *h]);
            let day = day.iter().rev().fold(0, |number, byte| (number << 8) | u32::from(*byte));
            texts.old_time(nanoseconds, day);
        }
        _ => texts.bytes(value, &column.means),
    }
}
