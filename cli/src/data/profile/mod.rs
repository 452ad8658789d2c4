//! What is in an export that nobody has mapped yet: its columns, what each holds, which of them name a case, an event and its time.
//!
//! The file goes by twice or three times: for the columns, where rows are events for how they make cases, and where times have no zone for the
//! hours of the day. Values are held only of
//! columns with few different ones; of the rest no more than a number made of each.

mod column;
mod draft;
mod roles;
mod seasons;
mod second;
mod times;

pub use column::{Column, Holds};
pub use draft::draft;
pub use roles::Roles;
pub use second::Rows;
pub use times::{TimeForm, Zones};

use super::mapping::file::Encoding;
use super::names::tidy;
use super::read::{ReadError, open_text};
use csv::{ReaderBuilder, StringRecord};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What stands between the fields of exports.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// So many rows are asked for the header and for what stands between fields.
const FIRST_ROWS: usize = 22;
/// More rows than this are not held against each other.
const MOST_COMPARED: usize = 5_000_000;

/// What is in an export.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// The file as named.
    pub file: String,
    /// What stands between fields.
    pub delimiter: char,
    /// Rows that stand above the header, as a title does.
    pub above: usize,
    /// Rows after the header.
    pub rows: u64,
    /// Rows with another number of fields than the header.
    pub uneven: u64,
    /// Rows exactly like an earlier one.
    pub duplicates: u64,
    /// Whether bytes were found that are no UTF-8.
    pub other_encoding: bool,
    /// The columns, in order.
    pub columns: Vec<Column>,
    /// Which columns say what.
    pub roles: Roles,
    /// How rows make cases; none where no column names a case.
    pub cases: Option<Rows>,
}

/// Which columns say what, where the reader knows better.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// The column that names the case.
    pub case: Option<String>,
    /// The column that says what happened.
    pub activity: Option<String>,
    /// The column that says when.
    pub time: Option<String>,
}

/// Reads an export and says what is in it.
///
/// # Errors
/// Where it cannot be read as delimited text, has no header, or has no column of a name that is asked for.
pub fn profile(path: &Path, asked: &Asked) -> Result<Profile, ReadError> {
    let delimiter = delimiter(path)?;
    let above = above_the_header(path, delimiter)?;
    let again = || rows_below(path, delimiter, above);
    let mut rows = again()?;
    let header = rows.next()?.unwrap_or_default(); // an empty file has no columns
    let mut columns: Vec<Column> = header.iter().map(|name| Column::new(&tidy(name))).collect();
    let (mut seen, mut duplicates, mut count, mut uneven) = (BTreeSet::new(), 0, 0, 0);
    while let Some(row) = rows.next()? {
        count += 1;
        uneven += u64::from(row.len() != columns.len());
        for (column, text) in columns.iter_mut().zip(row.iter()) {
            column.add(&tidy(text));
        }
        if seen.len() < MOST_COMPARED {
            duplicates += u64::from(!seen.insert(column::number(row.iter())));
        }
    }
    columns.iter_mut().for_each(Column::settle);
    let roles = Roles::of(&columns, count, asked).map_err(|why| ReadError::File(path.display().to_string(), why))?;
    columns.iter_mut().filter(|column| Some(&column.name) == roles.activity.as_ref()).for_each(Column::as_codes);
    let cases = second::rows(again()?, &columns, &roles)?;
    seasons::settle(again()?, &mut columns, &roles)?;
    Ok(Profile {
        // Only messages are without a name where a path has none.
        file: path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
        delimiter: char::from(delimiter),
        above,
        rows: count,
        uneven,
        duplicates,
        other_encoding: rows.other,
        columns,
        roles,
        cases,
    })
}

/// The rows of a delimited file, as text.
struct Lines {
    path: String,
    reader: csv::Reader<Box<dyn std::io::Read>>,
    bytes: csv::ByteRecord,
    other: bool,
}

impl Lines {
    /// The next row; bytes that are no UTF-8 stand as what cannot be shown.
    fn next(&mut self) -> Result<Option<StringRecord>, ReadError> {
        let read = self.reader.read_byte_record(&mut self.bytes);
        if !read.map_err(|error| ReadError::File(self.path.clone(), error.to_string()))? {
            return Ok(None);
        }
        Ok(Some(StringRecord::from_byte_record(self.bytes.clone()).unwrap_or_else(|_| {
            self.other = true;
            StringRecord::from_byte_record_lossy(self.bytes.clone())
        })))
    }
}

fn rows_of(path: &Path, delimiter: u8) -> Result<Lines, ReadError> {
    let mut builder = ReaderBuilder::new();
    builder.delimiter(delimiter).has_headers(false).flexible(true).buffer_capacity(256 * 1024);
    let reader = builder.from_reader(open_text(path, Encoding::Utf8)?);
    Ok(Lines { path: path.display().to_string(), reader, bytes: csv::ByteRecord::new(), other: false })
}

/// The same from the header on.
fn rows_below(path: &Path, delimiter: u8, above: usize) -> Result<Lines, ReadError> {
    let mut rows = rows_of(path, delimiter)?;
    for _ in 0..above {
        rows.next()?;
    }
    Ok(rows)
}

/// The first rows.
fn first_rows(path: &Path, delimiter: u8) -> Result<Vec<StringRecord>, ReadError> {
    let mut rows = rows_of(path, delimiter)?;
    let mut first = Vec::new();
    while let Some(row) = rows.next()?.filter(|_| first.len() < FIRST_ROWS) {
        first.push(row);
    }
    Ok(first)
}

/// So many rows stand above the header: those of which most fields are empty, where a full one comes after them and no emptier one then.
fn above_the_header(path: &Path, delimiter: u8) -> Result<usize, ReadError> {
    let rows = first_rows(path, delimiter)?;
    let width = rows.iter().map(StringRecord::len).max().unwrap_or(0); // of no row
    let filled = |row: &StringRecord| row.iter().filter(|text| !text.trim().is_empty()).count();
    let is_title = |row: &&StringRecord| filled(row) * 2 < width;
    let above = rows.iter().take_while(is_title).count();
    let header = rows.get(above).is_some_and(|row| row.len() == width && filled(row) * 4 >= width * 3);
    Ok(if header && width > 1 { above } else { 0 })
}

/// What stands between fields: what the first rows have most of, and as often in most of them.
fn delimiter(path: &Path) -> Result<u8, ReadError> {
    let mut best = (0, b',');
    for delimiter in DELIMITERS {
        let rows = first_rows(path, delimiter)?;
        let mut widths: BTreeMap<usize, usize> = BTreeMap::new();
        rows.iter().for_each(|row| *widths.entry(row.len()).or_default() += 1);
        let usual = widths.into_iter().filter(|(_, often)| often * 2 >= rows.len()).map(|(width, _)| width).max();
        // An empty file has no width.
        let width = usual.unwrap_or(0);
        if width > best.0 {
            best = (width, delimiter);
        }
    }
    Ok(best.1)
}
