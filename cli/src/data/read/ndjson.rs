//! Cases as JSON, one a line, in the form of [`crate::data::case_json`].
//!
//! Each line is held against the subject's JSON Schema as well as read; the two agree, so a line that only one of them
//! refuses is refused too, and says so.

use super::Reader;
use super::error::ReadError;
use super::files::{ExportFile, failed};
use super::rejects::Fault;
use crate::data::case_json::{MAX_BYTES, Options, read_case};
use crate::data::schema::case_schema;
use crate::results::DataFile;
use concord_engine::plan::case::Case;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

impl Reader<'_> {
    pub(super) fn ndjson(&mut self, path: &Path) -> Result<DataFile, ReadError> {
        let schema = case_schema(self.plan, &self.plan.subject.name);
        let validator = jsonschema::validator_for(&schema)
            .map_err(|error| ReadError::Unbalanced(format!("the subject's schema is not one: {error}")))?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let mut reader = BufReader::with_capacity(256 * 1024, ExportFile::open(path)?);
        let mut line = Vec::new();
        let mut number = 0;
        loop {
            line.clear();
            number += 1;
            let length = read_line(&mut reader, &mut line).map_err(|error| failed(path, &error))?;
            if length == 0 {
                break;
            }
            if line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            if number == 1 && line.starts_with(b"\xef\xbb\xbf") {
                line.drain(..3);
            }
            self.counts.rows += 1;
            match self.record(&format!("{name}, line {number}"), &line, &validator) {
                Ok((id, case)) => {
                    self.counts.used += 1;
                    self.assembler.begin(&id, case);
                }
                Err(fault) => self.rejects.row(&name, number, &fault),
            }
            if self.counts.rows.is_multiple_of(1_024) {
                self.report_progress(reader.get_ref().bytes());
            }
        }
        let file = reader.into_inner().finish(path)?;
        self.done.bytes += file.bytes;
        Ok(file)
    }

    fn record(&self, place: &str, line: &[u8], validator: &jsonschema::Validator) -> Result<(String, Case), Fault> {
        let options = Options { as_of: Some(self.options.as_of), ..Options::default() };
        let input = read_case(self.plan, line, options).map_err(|errors| {
            let first = errors.into_iter().next();
            first.map_or_else(
                || Fault::of_row("the record cannot be read"),
                |error| Fault {
                    column: error.path,
                    reason: format!("{} {}", error.code, error.message),
                    found: String::new(),
                },
            )
        })?;
        let fits = serde_json::from_slice(line).is_ok_and(|value: serde_json::Value| validator.is_valid(&value));
        if !fits {
            return Err(Fault::of_row("D18 the record does not fit the JSON Schema of the subject"));
        }
        let id = input.id.unwrap_or_else(|| place.to_owned());
        if self.assembler.has(&id) {
            return Err(Fault::of_row("the case already has a row, and each row is a whole case"));
        }
        Ok((id, input.case))
    }
}

/// Reads one line, however long; only so much of it is kept as shows that it is too long.
fn read_line(reader: &mut impl BufRead, line: &mut Vec<u8>) -> std::io::Result<usize> {
    let most = u64::try_from(MAX_BYTES).unwrap_or(u64::MAX).saturating_add(2);
    let mut length = reader.by_ref().take(most).read_until(b'\n', line)?;
    let mut rest = Vec::new();
    while line.len() > MAX_BYTES && line.last() != Some(&b'\n') && rest.last() != Some(&b'\n') {
        rest.clear();
        let more = reader.by_ref().take(1024 * 1024).read_until(b'\n', &mut rest)?;
        if more == 0 {
            break;
        }
        length += more;
    }
    Ok(length)
}
