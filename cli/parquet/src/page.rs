//! A page of a column: what stands before it, and the values in it.

use crate::bits::{runs, width_of};
use crate::codec::{Codec, LONGEST};
use crate::fault::Fault;
use crate::leaf::Column;
use crate::thrift::Thrift;
use crate::values::{Values, values};
use flate2::Crc;

/// No page has more values.
const MOST: i64 = 1 << 25;

/// What stands before a page.
#[derive(Debug, Default)]
pub struct Header {
    pub kind: i64,
    pub length: usize,
    pub packed: usize,
    pub count: usize,
    pub encoding: i64,
    /// The CRC-32 of its bytes as they stand in the file, where the writer gave it.
    sum: Option<u32>,
    /// How its levels are written.
    levels: i64,
    /// Bytes of the levels of the second form of page, which are not packed.
    apart: Option<(usize, usize)>,
    /// Whether the rest of such a page is packed.
    whole: bool,
}

pub const DATA: i64 = 0;
pub const DICTIONARY: i64 = 2;
pub const DATA_2: i64 = 3;

fn size(number: i64) -> Result<usize, Fault> {
    let size = usize::try_from(number).ok().filter(|size| *size <= LONGEST);
    size.ok_or(Fault::Broken("a page is longer than 256 MB, or shorter than nothing"))
}

fn checksum(number: i64) -> Result<u32, Fault> {
    let signed = i32::try_from(number).map_err(|_| Fault::Broken("the checksum of a page is none"))?;
    Ok(signed.cast_unsigned())
}

impl Header {
    pub fn read(thrift: &mut Thrift<'_>) -> Result<Header, Fault> {
        let mut header = Header { whole: true, ..Header::default() };
        let (mut count, mut levels, mut repeats) = (0, None, 0);
        thrift.fields(|thrift, field| {
            match field.id {
                1 => header.kind = thrift.number(field)?,
                2 => header.length = size(thrift.number(field)?)?,
                3 => header.packed = size(thrift.number(field)?)?,
                4 => header.sum = Some(checksum(thrift.number(field)?)?),
                5 | 7 => thrift.within(field, |thrift, inner| {
                    match inner.id {
                        1 => count = thrift.number(inner)?,
                        2 => header.encoding = thrift.number(inner)?,
                        3 if field.id == 5 => header.levels = thrift.number(inner)?,
                        _ => thrift.skip(inner)?,
                    }
                    Ok(())
                })?,
                8 => thrift.within(field, |thrift, inner| {
                    match inner.id {
                        1 => count = thrift.number(inner)?,
                        4 => header.encoding = thrift.number(inner)?,
                        5 => levels = Some(size(thrift.number(inner)?)?),
                        6 => repeats = size(thrift.number(inner)?)?,
                        7 => header.whole = thrift.yes(inner)?,
                        _ => thrift.skip(inner)?,
                    }
                    Ok(())
                })?,
                _ => thrift.skip(field)?,
            }
            Ok(())
        })?;
        header.apart = levels.map(|levels| (repeats, levels));
        let fits = usize::try_from(count).ok().filter(|_| count <= MOST);
        header.count = fits.ok_or(Fault::Broken("a page has more values than a page may have"))?;
        Ok(header)
    }

    /// Holds the bytes of the page to their checksum, where there is one.
    pub fn check(&self, bytes: &[u8]) -> Result<(), Fault> {
        let Some(sum) = self.sum else { return Ok(()) };
        let mut found = Crc::new();
        found.update(bytes);
        if found.sum() == sum { Ok(()) } else { Err(Fault::Broken("what stands in a page does not fit its checksum")) }
    }
}

/// A page whose values are handed out one after another.
pub struct Page {
    /// Whether each row has a value; none where all have one.
    present: Option<Vec<u32>>,
    most: u32,
    rows: usize,
    row: usize,
    values: Values,
    value: usize,
}

/// Where a value stands.
#[derive(Clone, Copy)]
pub enum At {
    Nowhere,
    Page(usize),
    Dictionary(usize),
}

impl Page {
    /// One without rows.
    pub fn empty() -> Page {
        Page { present: None, most: 0, rows: 0, row: 0, values: Values::Places(Vec::new()), value: 0 }
    }

    pub fn read(header: &Header, column: &Column, codec: Codec, bytes: &[u8]) -> Result<Page, Fault> {
        const BROKEN: Fault = Fault::Broken("the levels of a page end too early");
        let width = width_of(column.levels);
        let (levels, unpacked) = match header.apart {
            Some((repeats, length)) => {
                let (levels, rest) = bytes.split_at_checked(repeats + length).ok_or(BROKEN)?;
                let levels = levels.get(repeats..).ok_or(BROKEN)?;
                let left = header.length.checked_sub(repeats + length).ok_or(BROKEN)?;
                let codec = if header.whole { codec } else { Codec::Plain };
                (Some(levels.to_vec()), codec.unpack(rest, left)?)
            }
            None => (None, codec.unpack(bytes, header.length)?),
        };
        let mut rest = &*unpacked;
        let present = match (column.levels, levels) {
            (0, _) => None,
            (_, Some(levels)) => Some(runs(&levels, width, header.count)?),
            (_, None) if header.levels != 3 => {
                return Err(Fault::NotRead("levels as writers stored them before 2014".to_owned()));
            }
            (_, None) => {
                let (length, after) = rest.split_first_chunk::<4>().ok_or(BROKEN)?;
                let (own, after) = after.split_at_checked(u32::from_le_bytes(*length) as usize).ok_or(BROKEN)?;
                rest = after;
                Some(runs(own, width, header.count)?)
            }
        };
        let most = column.levels;
        let count = present.as_ref().map_or(header.count, |all| all.iter().filter(|level| **level == most).count());
        let values = values(column, header.encoding, rest, count)?;
        Ok(Page { present, most, rows: header.count, row: 0, values, value: 0 })
    }

    /// Where the next row's value stands; none where there is no further row.
    pub fn next(&mut self) -> Option<At> {
        if self.row >= self.rows {
            return None;
        }
        let here = self.present.as_ref().is_none_or(|levels| levels.get(self.row) == Some(&self.most));
        self.row += 1;
        if !here {
            return Some(At::Nowhere);
        }
        self.value += 1;
        Some(match &self.values {
            Values::Own(_) => At::Page(self.value - 1),
            Values::Places(places) => places
                .get(self.value - 1)
                .and_then(|place| usize::try_from(*place).ok())
                .map_or(At::Nowhere, At::Dictionary),
        })
    }

    pub fn values(&self) -> &Values {
        &self.values
    }
}
