//! Delimited text as it stands in a file: its rows, what stands between their fields, and what stands above the header.

use crate::data::mapping::file::Encoding;
use crate::data::read::{ReadError, open_text};
use csv::{ReaderBuilder, StringRecord};
use std::collections::BTreeMap;
use std::path::Path;

/// What stands between the fields of exports.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// So many rows are asked for the header and for what stands between fields.
const FIRST_ROWS: usize = 22;

/// What stands between fields, and how text is encoded.
type Written = (u8, Encoding);

/// The rows of a delimited file, as text.
pub(super) struct Lines {
    path: String,
    reader: csv::Reader<Box<dyn std::io::Read>>,
    bytes: csv::ByteRecord,
    /// Whether bytes were met that are no UTF-8.
    pub(super) other: bool,
}

impl Lines {
    /// The next row; bytes that are no UTF-8 stand as what cannot be shown.
    pub(super) fn next(&mut self) -> Result<Option<StringRecord>, ReadError> {
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

/// All rows.
pub(super) fn rows_of(path: &Path, (delimiter, encoding): Written) -> Result<Lines, ReadError> {
    let mut builder = ReaderBuilder::new();
    builder.delimiter(delimiter).has_headers(false).flexible(true).buffer_capacity(256 * 1024);
    let reader = builder.from_reader(open_text(path, encoding)?);
    Ok(Lines { path: path.display().to_string(), reader, bytes: csv::ByteRecord::new(), other: false })
}

/// The first rows.
fn first_rows(path: &Path, written: Written) -> Result<Vec<StringRecord>, ReadError> {
    let mut rows = rows_of(path, written)?;
    let mut first = Vec::new();
    while let Some(row) = rows.next()?.filter(|_| first.len() < FIRST_ROWS) {
        first.push(row);
    }
    Ok(first)
}

/// So many rows stand above the header: those of which most fields are empty, where a full one comes after them and no emptier one then.
pub(super) fn above_the_header(path: &Path, written: Written) -> Result<usize, ReadError> {
    let rows = first_rows(path, written)?;
    let width = rows.iter().map(StringRecord::len).max().unwrap_or(0); // of no row
    let filled = |row: &StringRecord| row.iter().filter(|text| !text.trim().is_empty()).count();
    let is_title = |row: &&StringRecord| filled(row) * 2 < width;
    let above = rows.iter().take_while(is_title).count();
    let header = rows.get(above).is_some_and(|row| row.len() == width && filled(row) * 4 >= width * 3);
    Ok(if header && width > 1 { above } else { 0 })
}

/// What stands between fields: what the first rows have most of, and as often in most of them.
pub(super) fn delimiter(path: &Path, encoding: Encoding) -> Result<u8, ReadError> {
    let mut best = (0, b',');
    for delimiter in DELIMITERS {
        let rows = first_rows(path, (delimiter, encoding))?;
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
