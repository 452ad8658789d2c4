//! A second file that rows look things up in, by a key: facts of a patient, or what a code of the export means. It is read once and held.

use super::error::ReadError;
use super::files::{ExportFile, failed, hashed};
use super::headings::none_called;
use super::parquet_rows::{fault, open_parquet};
use crate::data::mapping::file::{Encoding, Join};
use crate::data::names::tidy;
use concord_parquet::Cell;
use csv::{ReaderBuilder, StringRecord};
use std::collections::BTreeMap;
use std::path::Path;

/// A file, by its keys.
pub(super) struct Table {
    pub(super) name: String,
    /// The columns of the mapping: that of the key in the rows, and those that come from here.
    pub(super) on: usize,
    pub(super) columns: Vec<usize>,
    rows: BTreeMap<String, Vec<String>>,
    pub(super) sha256: String,
}

/// The rows of a file in the making.
struct Rows<'a> {
    path: &'a Path,
    key: &'a str,
    lines: BTreeMap<String, u64>,
    rows: BTreeMap<String, Vec<String>>,
}

impl Rows<'_> {
    fn wrong(&self, why: String) -> ReadError {
        ReadError::Columns(self.path.display().to_string(), vec![why])
    }

    fn add(&mut self, line: u64, texts: &mut dyn Iterator<Item = Option<&str>>) -> Result<(), ReadError> {
        let mut all = Vec::new();
        for text in texts {
            let text = text.ok_or_else(|| self.wrong(format!("a text in line {line} cannot be read")))?;
            all.push(tidy(text).into_owned());
        }
        let key = if all.is_empty() { String::new() } else { all.remove(0) };
        if key.is_empty() {
            return Err(self.wrong(format!("line {line} has no key in `{}`", self.key)));
        }
        if let Some(first) = self.lines.insert(key.clone(), line) {
            let why = format!(
                "lines {first} and {line} have the same key in `{}`: which of them counts cannot be told",
                self.key
            );
            return Err(self.wrong(why));
        }
        self.rows.insert(key, all);
        Ok(())
    }

    /// Where the key and the columns stand among those of the file.
    fn places(&self, names: &[String], wanted: &[String]) -> Result<Vec<usize>, ReadError> {
        let mut places = Vec::new();
        let mut faults = Vec::new();
        for wanted in std::iter::once(self.key).chain(wanted.iter().map(String::as_str)) {
            let mut own = names.iter().enumerate().filter(|(_, name)| *tidy(name) == *tidy(wanted)).map(|(at, _)| at);
            match (own.next(), own.next()) {
                (Some(place), None) => places.push(place),
                (None, _) => faults.push(none_called(wanted, names)),
                (Some(_), Some(_)) => faults.push(format!("more than one column is called `{wanted}`")),
            }
        }
        if faults.is_empty() { Ok(places) } else { Err(ReadError::Columns(self.path.display().to_string(), faults)) }
    }
}

impl Table {
    /// Reads a file; `wanted` are its columns, each with its place among those of the mapping.
    pub(super) fn read(
        path: &Path,
        (name, join): (&str, &Join),
        on: usize,
        wanted: Vec<(usize, String)>,
    ) -> Result<Table, ReadError> {
        let key = join.key.as_ref().unwrap_or(&join.on);
        let (columns, names): (Vec<usize>, Vec<String>) = wanted.into_iter().unzip();
        let mut rows = Rows { path, key, lines: BTreeMap::new(), rows: BTreeMap::new() };
        let is_parquet = path.extension().is_some_and(|word| word.eq_ignore_ascii_case("parquet"));
        let sha256 =
            if is_parquet { parquet(path, &names, &mut rows)? } else { delimited(path, join, &names, &mut rows)? };
        Ok(Table { name: name.to_owned(), on, columns, rows: rows.rows, sha256 })
    }

    /// What stands beside a key.
    pub(super) fn get(&self, key: &str) -> Option<&[String]> {
        self.rows.get(key).map(Vec::as_slice)
    }
}

fn delimited(path: &Path, join: &Join, wanted: &[String], rows: &mut Rows<'_>) -> Result<String, ReadError> {
    let delimiter = u8::try_from(join.delimiter).ok().filter(u8::is_ascii);
    let delimiter = delimiter.ok_or_else(|| failed(path, &"the delimiter of the mapping is not an ASCII character"))?;
    let file = ExportFile::open(path, join.encoding.unwrap_or(Encoding::Utf8))?;
    let mut reader = ReaderBuilder::new().delimiter(delimiter).has_headers(false).from_reader(file);
    let mut record = StringRecord::new();
    let broken = |error: csv::Error| ReadError::Damaged(path.display().to_string(), plainly(&error));
    reader.read_record(&mut record).map_err(broken)?;
    let names: Vec<String> = record.iter().map(str::to_owned).collect();
    let places = rows.places(&names, wanted)?;
    while reader.read_record(&mut record).map_err(broken)? {
        // Only messages are without a line; a record that was read has one.
        let line = record.position().map_or(0, csv::Position::line);
        rows.add(line, &mut places.iter().map(|place| record.get(*place)))?;
    }
    let file = reader.into_inner().finish(path, 0)?;
    Ok(file.sha256)
}

/// What is wrong, without a text of the file.
fn plainly(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::Utf8 { pos, .. } => {
            format!("line {}: the text is not in the encoding that the mapping names", line_of(pos.as_ref()))
        }
        csv::ErrorKind::UnequalLengths { pos, expected_len, len } => {
            format!("line {} has {len} fields, and the header {expected_len}", line_of(pos.as_ref()))
        }
        _ => error.to_string(),
    }
}

fn line_of(position: Option<&csv::Position>) -> u64 {
    // As above.
    position.map_or(0, csv::Position::line)
}

fn parquet(path: &Path, wanted: &[String], rows: &mut Rows<'_>) -> Result<String, ReadError> {
    let broken = |error: concord_parquet::Fault| fault(path, &error);
    let mut parquet = open_parquet(path)?;
    let (_, sha256) = hashed(path)?;
    let names: Vec<String> = parquet.columns().iter().map(|column| column.name.clone()).collect();
    let places = rows.places(&names, wanted)?;
    let mut line = 0;
    for group in 0..parquet.groups() {
        let mut group = parquet.group(group, &places).map_err(broken)?;
        while group.next_row().map_err(broken)? {
            line += 1;
            let text = |place| match group.cell(place) {
                Cell::Missing => Some(""),
                Cell::Text(text) => Some(text),
                Cell::NotText => None,
            };
            rows.add(line, &mut (0..places.len()).map(text))?;
        }
    }
    Ok(sha256)
}
