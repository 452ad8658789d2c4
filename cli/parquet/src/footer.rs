//! What a file says of itself at its end.

use crate::codec::Codec;
use crate::fault::Fault;
use crate::leaf::{Column, Entry};
use crate::thrift::{Field, Thrift};
use std::io::{Read, Seek, SeekFrom};

const MAGIC: [u8; 4] = *b"PAR1";
/// A file with a longer description has a million columns.
const LONGEST: u32 = 64 << 20;
/// Columns within columns, deeper than this, are of no use to anybody.
const DEEPEST: usize = 16;

/// What a file says of itself.
pub struct Footer {
    pub columns: Vec<Column>,
    pub rows: u64,
    pub groups: Vec<RowGroup>,
}

/// Rows that stand together, column by column.
#[derive(Clone, Debug, Default)]
pub struct RowGroup {
    pub rows: u64,
    pub chunks: Vec<ChunkAt>,
}

/// Where the values of a column stand.
#[derive(Clone, Debug)]
pub struct ChunkAt {
    pub codec: Result<Codec, &'static str>,
    pub values: u64,
    pub start: u64,
    pub length: u64,
}

/// Reads what a file says of itself.
pub fn footer(file: &mut (impl Read + Seek)) -> Result<Footer, Fault> {
    let length = file.seek(SeekFrom::End(0))?;
    let mut end = [0; 8];
    let at_end = length.checked_sub(8).filter(|at| *at >= 4).ok_or(Fault::Broken("it is too short"))?;
    file.seek(SeekFrom::Start(at_end))?;
    file.read_exact(&mut end)?;
    let [a, b, c, d, magic @ ..] = end;
    match &magic {
        b"PARE" => return Err(Fault::NotRead("an encrypted description".to_owned())),
        magic if *magic != MAGIC => {
            return Err(Fault::Broken("it does not end as Parquet files do, and may be cut short"));
        }
        _ => {}
    }
    let size = u32::from_le_bytes([a, b, c, d]);
    let start = at_end.checked_sub(size.into()).filter(|at| *at >= 4 && size <= LONGEST);
    file.seek(SeekFrom::Start(start.ok_or(Fault::Broken("its description is longer than itself"))?))?;
    let mut bytes = Vec::new();
    file.by_ref().take(size.into()).read_to_end(&mut bytes)?;
    described(&bytes, at_end)
}

fn described(bytes: &[u8], end: u64) -> Result<Footer, Fault> {
    let (mut entries, mut rows, mut groups, mut encrypted) = (Vec::new(), 0, Vec::new(), false);
    Thrift::of(bytes).fields(|thrift, field| match field.id {
        2 => thrift.list(field, |thrift, of| {
            entries.push(Entry::read(thrift, of)?);
            Ok(())
        }),
        3 => {
            rows = thrift.number(field)?;
            Ok(())
        }
        4 => thrift.list(field, |thrift, of| {
            groups.push(group(thrift, of)?);
            Ok(())
        }),
        8 => {
            encrypted = true;
            thrift.skip(field)
        }
        _ => thrift.skip(field),
    })?;
    if encrypted {
        return Err(Fault::NotRead("encrypted columns".to_owned()));
    }
    let mut entries = entries.into_iter();
    let root = entries.next().ok_or(Fault::Broken("it has no columns"))?;
    let mut columns = Vec::new();
    // A root that has no columns within it has none.
    for _ in 0..root.children.unwrap_or(0).max(0) {
        leaves(&mut entries, &mut Vec::new(), (0, false), &mut columns)?;
    }
    for group in &groups {
        let within =
            |chunk: &ChunkAt| chunk.start >= 4 && chunk.start.checked_add(chunk.length).is_some_and(|to| to <= end);
        if group.chunks.len() != columns.len() || !group.chunks.iter().all(within) {
            return Err(Fault::Broken("its columns do not stand where it says"));
        }
    }
    let rows = u64::try_from(rows).map_err(|_| Fault::Broken("it has fewer rows than none"))?;
    Ok(Footer { columns, rows, groups })
}

/// The columns that an entry is or has within it.
fn leaves(
    entries: &mut impl Iterator<Item = Entry>,
    path: &mut Vec<String>,
    (levels, repeats): (u32, bool),
    columns: &mut Vec<Column>,
) -> Result<(), Fault> {
    let entry = entries.next().ok_or(Fault::Broken("its columns end too early"))?;
    let levels = levels + u32::from(entry.repetition != 0);
    let repeats = repeats || entry.repetition == 2;
    path.push(entry.name.clone());
    if path.len() > DEEPEST {
        return Err(Fault::Broken("its columns nest too deep"));
    }
    match entry.children {
        Some(children) if children > 0 => {
            for _ in 0..children {
                leaves(entries, path, (levels, repeats), columns)?;
            }
        }
        _ => {
            let stored = entry.stored()?;
            let means = entry.means(stored)?;
            columns.push(Column { name: path.join("."), means, repeats, stored, levels });
        }
    }
    path.pop();
    Ok(())
}

fn group(thrift: &mut Thrift<'_>, of: Field) -> Result<RowGroup, Fault> {
    let mut group = RowGroup::default();
    thrift.within(of, |thrift, field| match field.id {
        1 => thrift.list(field, |thrift, of| {
            group.chunks.push(chunk(thrift, of)?);
            Ok(())
        }),
        3 => {
            group.rows = count(thrift.number(field)?)?;
            Ok(())
        }
        _ => thrift.skip(field),
    })?;
    Ok(group)
}

fn count(number: i64) -> Result<u64, Fault> {
    u64::try_from(number).map_err(|_| Fault::Broken("it counts fewer than none"))
}

fn chunk(thrift: &mut Thrift<'_>, of: Field) -> Result<ChunkAt, Fault> {
    let (mut elsewhere, mut codec, mut values, mut length) = (false, 0, 0, 0);
    let (mut data, mut dictionary) = (0, None);
    thrift.within(of, |thrift, field| match field.id {
        1 => {
            elsewhere = true;
            thrift.skip(field)
        }
        3 => thrift.within(field, |thrift, field| {
            match field.id {
                4 => codec = thrift.number(field)?,
                5 => values = count(thrift.number(field)?)?,
                7 => length = count(thrift.number(field)?)?,
                9 => data = count(thrift.number(field)?)?,
                11 => dictionary = Some(count(thrift.number(field)?)?),
                _ => thrift.skip(field)?,
            }
            Ok(())
        }),
        _ => thrift.skip(field),
    })?;
    if elsewhere {
        return Err(Fault::NotRead("columns in other files".to_owned()));
    }
    // Some writers say 0 where there is no dictionary, and where there is nothing but one, as in a group without rows.
    let start = match dictionary {
        Some(at) if at > 0 && (data == 0 || at < data) => at,
        _ => data,
    };
    Ok(ChunkAt { codec: Codec::of(codec), values, start, length })
}
