//! Rows and values that do not fit: counted by reason, and listed in a file with their place.

use super::error::ReadError;
use super::export::ReadOptions;
use super::reject_parts::RejectParts;
use super::scratch::Scratch;
use crate::words::{no_formula, visible};
use std::collections::BTreeMap;
use std::fs::File;
use std::path::PathBuf;

/// Why a row or value is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// The column, where it is one.
    pub(super) column: String,
    /// Without the value.
    pub(super) reason: String,
    /// The text found; shown only where asked.
    pub(super) found: String,
}

impl Fault {
    pub(super) fn of_row(reason: impl Into<String>) -> Fault {
        Fault { column: String::new(), reason: reason.into(), found: String::new() }
    }
}

/// Where refused rows and values go.
pub(super) struct Rejects {
    path: Option<PathBuf>,
    show_values: bool,
    file: Option<csv::Writer<File>>,
    failure: Option<String>,
    reasons: BTreeMap<String, u64>,
    rows: u64,
    values: u64,
    /// Where they do not come in the order of the export: the list so far, in parts that do.
    parts: Option<RejectParts>,
}

/// What was refused in all.
pub(super) struct Refused {
    pub(super) values: u64,
    pub(super) reasons: Vec<(String, u64)>,
    pub(super) file: Option<String>,
}

impl Rejects {
    pub(super) fn new(options: &ReadOptions) -> Rejects {
        Rejects {
            path: options.rejects.clone(),
            show_values: options.show_values,
            file: None,
            failure: None,
            reasons: BTreeMap::new(),
            rows: 0,
            values: 0,
            parts: None,
        }
    }

    /// From now on they come in parts, each in the order of the export.
    pub(super) fn in_parts(&mut self, scratch: Scratch) {
        self.parts = self.path.is_some().then(|| RejectParts::new(scratch));
    }

    /// Another part begins.
    pub(super) fn begin_part(&mut self) -> Result<(), ReadError> {
        self.parts.as_mut().map_or(Ok(()), RejectParts::begin)
    }

    /// They are of this file now.
    pub(super) fn file(&mut self, number: usize) {
        self.parts.iter_mut().for_each(|parts| parts.file = number);
    }

    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    pub(super) fn row(&mut self, file: &str, line: u64, fault: &Fault) {
        self.rows += 1;
        self.note("row", file, line, fault);
    }

    pub(super) fn value(&mut self, file: &str, line: u64, fault: &Fault) {
        self.values += 1;
        self.note("value", file, line, fault);
    }

    fn note(&mut self, what: &str, file: &str, line: u64, fault: &Fault) {
        let place = if fault.column.is_empty() {
            fault.reason.clone()
        } else {
            format!("{}: {}", without_places(&fault.column), fault.reason)
        };
        *self.reasons.entry(format!("{what} refused: {place}")).or_default() += 1;
        if let Err(error) = self.write(what, file, line, fault) {
            self.failure.get_or_insert(error.to_string());
        }
    }

    fn write(&mut self, what: &str, file: &str, line: u64, fault: &Fault) -> csv::Result<()> {
        if self.path.is_none() {
            return Ok(());
        }
        let line = line.to_string();
        let kind = kind_of(&fault.found);
        let fields = [file, &line, what, &fault.column, &fault.reason, kind];
        let value = self.show_values.then_some(fault.found.as_str());
        let fields = fields.into_iter().chain(value).map(visible);
        let fields: Vec<String> = fields.map(|field| no_formula(&field).into_owned()).collect();
        match &mut self.parts {
            Some(parts) => parts.write(&line, &fields),
            None => self.list(fields.iter().map(String::as_bytes)),
        }
    }

    fn list<F: AsRef<[u8]>>(&mut self, fields: impl Iterator<Item = F>) -> csv::Result<()> {
        let Some(path) = &self.path else {
            return Ok(());
        };
        if self.file.is_none() {
            let mut writer = csv::Writer::from_path(path)?;
            let columns = ["file", "line", "refused", "column", "reason", "kind"];
            let value = self.show_values.then_some("value");
            writer.write_record(columns.into_iter().chain(value))?;
            self.file = Some(writer);
        }
        let Some(writer) = &mut self.file else {
            return Ok(());
        };
        writer.write_record(fields)
    }

    pub(super) fn finish(mut self) -> Result<Refused, ReadError> {
        if let Some(parts) = self.parts.take() {
            let mut failure = None;
            parts.each_in_order(&mut |fields| failure = failure.take().or(self.list(fields.iter().skip(2)).err()))?;
            self.failure = self.failure.or(failure.map(|error: csv::Error| error.to_string()));
        }
        // Without a file nothing is named.
        let name = self.path.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
        let mut failure = self.failure;
        let written = self.file.is_some();
        if let Some(mut file) = self.file
            && let Err(error) = file.flush()
        {
            failure = failure.or(Some(error.to_string()));
        }
        if let Some(failure) = failure {
            return Err(ReadError::File(name, failure));
        }
        let base = self.path.as_ref().and_then(|path| path.file_name());
        Ok(Refused {
            values: self.values,
            reasons: self.reasons.into_iter().collect(),
            file: base.filter(|_| written).map(|name| name.to_string_lossy().into_owned()),
        })
    }
}

/// `events[3].at` as `events[].at`, so that reasons are few.
fn without_places(path: &str) -> String {
    let mut within = false;
    let keep = |letter: &char| {
        within = (within || *letter == '[') && *letter != ']';
        !within || *letter == '['
    };
    path.chars().filter(keep).collect()
}

/// What kind of text was found.
fn kind_of(text: &str) -> &'static str {
    let all =
        |allowed: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || allowed.contains(char::from(b)));
    if text.is_empty() {
        "empty"
    } else if all("") {
        "digits"
    } else if all(".,-+eE") {
        "like a number"
    } else if all("-/.: TZ+") {
        "like a time"
    } else {
        "text"
    }
}
