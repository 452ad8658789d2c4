//! Rows and values that do not fit: counted by reason, and listed in a file with their place.

use super::error::ReadError;
use super::export::ReadOptions;
use super::reject_parts::RejectParts;
use super::scratch::Scratch;
use super::told::{HIDDEN, Told, as_shown};
use crate::data::mapping::empty;
use crate::data::value::SPOILT;
use crate::words::{no_formula, visible};
use std::cmp::Reverse;
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

const ROW: &str = "row";
const VALUE: &str = "value";

/// How often a reason came up, and where first: the number of the file, and the line.
#[derive(Clone, Copy)]
struct Often {
    count: u64,
    first: (usize, u64),
}

/// Where refused rows and values go.
pub(super) struct Rejects {
    path: Option<PathBuf>,
    show_values: bool,
    file: Option<csv::Writer<File>>,
    failure: Option<String>,
    reasons: BTreeMap<String, Often>,
    rows: u64,
    values: u64,
    /// Refused values by their column.
    columns: BTreeMap<String, u64>,
    /// The number of the file that is read.
    number: usize,
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
            columns: BTreeMap::new(),
            number: 0,
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

    /// Adds what was refused of other rows of the export, all of it in parts.
    pub(super) fn take(&mut self, other: Rejects) -> Result<(), ReadError> {
        for (reason, Often { count, first }) in other.reasons {
            let often = self.reasons.entry(reason).or_insert(Often { count: 0, first });
            *often = Often { count: often.count + count, first: often.first.min(first) };
        }
        (self.rows, self.values) = (self.rows + other.rows, self.values + other.values);
        for (column, values) in other.columns {
            *self.columns.entry(column).or_default() += values;
        }
        self.failure = self.failure.take().or(other.failure);
        self.parts.as_mut().zip(other.parts).map_or(Ok(()), |(parts, own)| parts.take(own))
    }

    /// They are of this file now.
    pub(super) fn file(&mut self, number: usize) {
        self.number = number;
        self.parts.iter_mut().for_each(|parts| parts.file = number);
    }

    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    pub(super) fn row(&mut self, file: &str, line: u64, fault: &Fault) {
        self.rows += 1;
        self.note(ROW, file, line, fault);
    }

    pub(super) fn value(&mut self, file: &str, line: u64, fault: &Fault) {
        self.values += 1;
        self.note(VALUE, file, line, fault);
    }

    fn note(&mut self, what: &str, file: &str, line: u64, fault: &Fault) {
        let place = if fault.column.is_empty() {
            fault.reason.clone()
        } else {
            format!("{}: {}", without_places(&fault.column), fault.reason)
        };
        if what == VALUE && !fault.column.is_empty() {
            *self.columns.entry(without_places(&fault.column)).or_default() += 1;
        }
        let at = (self.number, line);
        let often = self.reasons.entry(format!("{what} refused: {place}")).or_insert(Often { count: 0, first: at });
        // Rows that are set apart come in another order than that of the export.
        *often = Often { count: often.count + 1, first: often.first.min(at) };
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

    /// Where so much is refused that what is left is another picture: a third of all rows, or of a column as many values as a third of the cases.
    pub(super) fn told(&self, (rows, used, cases): (u64, u64, u64), files: usize) -> Vec<Told> {
        let many = |refused: u64, all: u64| as_shown(refused) > HIDDEN && as_shown(refused) * 3 >= as_shown(all);
        let told = |count, [one, many]: [String; 2], text| Told {
            count: Some((count, one.into(), many.into())),
            text,
            also: None,
            weighs: true,
        };
        let mut all = Vec::new();
        if many(self.rows, rows) {
            let most = self.most(&format!("{ROW} refused: "), files);
            let are = ["row is refused", "rows are refused"].map(str::to_owned);
            all.push(told(self.rows, are, format!(", a third of all or more{most}.")));
        }
        for (column, refused) in &self.columns {
            if many(*refused, cases) && as_shown(*refused) * 20 >= as_shown(used) {
                let most = self.most(&format!("{VALUE} refused: {column}: "), files);
                let column = visible(column);
                let are = [format!("value of `{column}` is refused"), format!("values of `{column}` are refused")];
                all.push(told(*refused, are, format!(", and each counts as missing{most}.")));
            }
        }
        let empty =
            self.reasons.iter().filter(|(reason, _)| empty::is_reason(reason)).map(|(_, often)| often.count).sum();
        let are = ["time is refused", "times are refused"].map(str::to_owned);
        let text = ", as what a system writes where it has no date: what happened then is not known.".to_owned();
        all.extend((empty > 0).then(|| told(empty, are, text)));
        let spoilt =
            self.reasons.iter().filter(|(reason, _)| reason.ends_with(SPOILT)).map(|(_, often)| often.count).sum();
        let are = ["code is refused", "codes are refused"].map(str::to_owned);
        all.extend((spoilt > 0).then(|| told(spoilt, are, format!(": {SPOILT}."))));
        all
    }

    /// The commonest of some reasons, with the first line that it is so of; nothing where all are too few to be told.
    fn most(&self, which: &str, files: usize) -> String {
        let some = self.reasons.iter().filter_map(|(reason, often)| Some((reason.strip_prefix(which)?, often)));
        let some = some.filter(|(_, often)| as_shown(often.count) > HIDDEN);
        // Of equally many the first by name.
        let Some((reason, often)) = some.max_by_key(|(reason, often)| (as_shown(often.count), Reverse(*reason))) else {
            return String::new();
        };
        let (file, line) = often.first;
        let file = if files > 1 { format!(" of file {}", file + 1) } else { String::new() };
        let line = if line > 0 { format!(" (first in line {line}{file})") } else { String::new() };
        format!("; most often: {reason}{line}")
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
            reasons: self.reasons.into_iter().map(|(reason, often)| (reason, often.count)).collect(),
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
