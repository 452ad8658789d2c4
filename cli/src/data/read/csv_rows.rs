//! Delimited text, row by row.

use super::Reader;
use super::error::ReadError;
use super::files::{ExportFile, failed};
use super::rejects::Fault;
use super::row::{RowAt, RowFate, RowText, decode};
use crate::data::mapping::script::ScriptAnswer;
use crate::results::DataFile;
use csv::{ByteRecord, ReaderBuilder};
use std::collections::BTreeMap;
use std::path::Path;

/// How often the caller is told how far the reading is, in rows.
const PROGRESS_EVERY: u64 = 4_096;

/// The header of a file, held against the mapping.
struct Header {
    /// All columns of the file.
    names: Vec<String>,
    /// The field of each column the mapping uses; none for one that a script adds.
    fields: Vec<usize>,
}

impl Reader<'_> {
    pub(super) fn csv(&mut self, path: &Path) -> Result<DataFile, ReadError> {
        let source = &self.mapping.file.source;
        let byte = |character: char, what: &str| {
            u8::try_from(character)
                .ok()
                .filter(u8::is_ascii)
                .ok_or_else(|| failed(path, &format!("the {what} of the mapping is not an ASCII character")))
        };
        let mut reader = ReaderBuilder::new()
            .delimiter(byte(source.delimiter, "delimiter")?)
            .quote(byte(source.quote, "quote")?)
            .has_headers(false)
            .flexible(true)
            .buffer_capacity(256 * 1024)
            .from_reader(ExportFile::open(path)?);
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let mut record = ByteRecord::new();
        let header = self.header(&mut reader, path, &mut record)?;
        while reader.read_byte_record(&mut record).map_err(|error| failed(path, &error))? {
            let line = record.position().map_or(0, csv::Position::line);
            self.row(RowAt { file: &name, line }, &record, &header);
            if self.counts.rows.is_multiple_of(PROGRESS_EVERY) {
                self.report_progress(reader.get_ref().bytes());
            }
        }
        let file = reader.into_inner().finish(path)?;
        self.done.bytes += file.bytes;
        Ok(file)
    }

    fn header(
        &self,
        reader: &mut csv::Reader<ExportFile>,
        path: &Path,
        record: &mut ByteRecord,
    ) -> Result<Header, ReadError> {
        let source = &self.mapping.file.source;
        let names = match &source.columns {
            Some(names) => names.clone(),
            None => {
                reader.read_byte_record(record).map_err(|error| failed(path, &error))?;
                let texts = record.iter().map(|field| decode(field, source.encoding).unwrap_or_default());
                let mut names: Vec<String> = texts.map(std::borrow::Cow::into_owned).collect();
                if let Some(first) = names.first_mut()
                    && let Some(rest) = first.strip_prefix('\u{feff}')
                {
                    *first = rest.to_owned();
                }
                names
            }
        };
        let mut places: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (place, name) in names.iter().enumerate() {
            places.entry(name).or_default().push(place);
        }
        let adds = self.mapping.file.script.as_ref().map(|script| script.get_ref().adds.clone()).unwrap_or_default();
        let (mut fields, mut faults) = (Vec::new(), Vec::new());
        for column in &self.mapping.binding.columns {
            match places.get(column.as_str()).map(Vec::as_slice) {
                Some([place]) => fields.push(*place),
                None if adds.contains(column) => fields.push(usize::MAX),
                None => faults.push(format!("no column is called `{column}`")),
                Some(_) => faults.push(format!("more than one column is called `{column}`")),
            }
        }
        if faults.is_empty() {
            Ok(Header { names, fields })
        } else {
            Err(ReadError::Columns(path.display().to_string(), faults))
        }
    }

    fn row(&mut self, at: RowAt<'_>, record: &ByteRecord, header: &Header) {
        self.counts.rows += 1;
        let fate = if record.len() == header.names.len() {
            self.shaped_row(at, record, header)
        } else {
            let (found, expected) = (record.len(), header.names.len());
            Err(Fault::of_row(format!("the row has {found} fields, but the header has {expected}")))
        };
        match fate {
            Ok(RowFate::Used) => self.counts.used += 1,
            Ok(RowFate::LeftOut(reason)) => *self.left_out.entry(reason).or_default() += 1,
            Err(fault) => self.rejects.row(at.file, at.line, &fault),
        }
    }

    fn shaped_row(&mut self, at: RowAt<'_>, record: &ByteRecord, header: &Header) -> Result<RowFate, Fault> {
        let encoding = self.mapping.file.source.encoding;
        let Some(script) = &self.mapping.script else {
            return self.apply(at, &RowText::Record(record, &header.fields, encoding));
        };
        let texts = record.iter().map(|field| decode(field, encoding).map(std::borrow::Cow::into_owned));
        let Some(texts) = texts.collect::<Option<Vec<String>>>() else {
            return Err(Fault::of_row("the text is not in the encoding that the mapping names"));
        };
        match script.row(&header.names, &texts).map_err(Fault::of_row)? {
            ScriptAnswer::LeftOut(reason) => Ok(RowFate::LeftOut(reason)),
            ScriptAnswer::Row(row) => {
                let columns = self.mapping.binding.columns.iter();
                let texts = columns.map(|column| row.get(column).cloned().unwrap_or_default());
                self.apply(at, &RowText::Script(texts.collect()))
            }
        }
    }
}
