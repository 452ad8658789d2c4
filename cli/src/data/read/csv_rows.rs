//! Delimited text, row by row.

use super::error::ReadError;
use super::files::{comes_once, failed, name_of, stopped, what_it_seems};
use super::forms::Seems;
use super::headings::{are_names, listed, none_called};
use super::quick::Quick;
use super::records::{Record, Records};
use super::rejects::Fault;
use super::row::RowFate;
use super::row_text::{Line, RowAt, RowText, decode};
use super::{Mapping, Reader};
use crate::data::mapping::script::{ScriptAnswer, ScriptFault};
use crate::data::names::tidy;
use crate::results::DataFile;
use crate::words::visible;
use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

/// How often the caller is told how far the reading is, in rows.
const PROGRESS_EVERY: u64 = 4_096;

/// On how many rows the script may reach a limit before nothing more is read.
const MOST_LIMITED: u64 = 20;

/// The header of a file, held against the mapping.
pub(super) struct Header {
    /// All columns of the file.
    pub(super) names: Vec<String>,
    /// The field of each column the mapping uses; none for one that a script adds.
    fields: Vec<usize>,
    /// How the rows of one case are read that follow each other, where that can be known of their bytes.
    quick: Option<Quick>,
}

impl Header {
    /// The field of each column the mapping uses.
    pub(super) fn fields(&self) -> &[usize] {
        &self.fields
    }
}

/// What exports put between fields.
const DELIMITERS: [char; 4] = [',', ';', '\t', '|'];

/// The header read with another delimiter, where that has every column wanted: what it is and what to say.
fn another_delimiter(delimiter: char, names: &[String], wanted: &[&str]) -> Option<String> {
    let line = names.join(&delimiter.to_string());
    let has_all = |other: &&char| {
        let columns: Vec<_> = line.split(**other).map(|name| tidy(name.trim_matches('"'))).collect();
        wanted.iter().all(|wanted| columns.iter().any(|column| *column == tidy(wanted)))
    };
    let other = DELIMITERS.iter().filter(|other| **other != delimiter).find(has_all)?;
    let start: String = line.chars().take(80).collect();
    Some(format!("its first line is `{}`: say `delimiter = {:?}` in [source]", visible(&start), other.to_string()))
}

/// What a first line is that is known to be no header, and what to do.
fn no_header(names: &[String]) -> Option<&'static str> {
    if names.first()?.starts_with("sep=") {
        return Some("its first line is `sep=…`, which only Excel reads: leave that line out");
    }
    let zeros = names.iter().any(|name| name.contains('\0'));
    zeros.then_some("there are zeros between its letters, as UTF-16 has: say `encoding = \"utf-16\"` in [source]")
}

/// What a file is that is no delimited text, by how it begins; of a pipe no more is known than its first line.
fn another_form(path: &Path, line: &str) -> Option<String> {
    let seems = if comes_once(path) { Seems::of(line.as_bytes()) } else { what_it_seems(path).ok()?.0 };
    let is_text = matches!(seems, Seems::Delimited | Seems::Text | Seems::Nothing | Seems::Unknown);
    (!is_text).then(|| seems.words())
}

/// How many rows below the first are tried as the header.
const MOST_ABOVE: usize = 20;

/// That a row below the first has every column wanted: a title stands above the header. What the row holds otherwise is not told.
fn header_below<R: Read>(records: &mut Records<R>, wanted: &[&str]) -> Option<String> {
    for row in 2..=MOST_ABOVE {
        // What cannot be read is no header.
        if !records.next().unwrap_or(false) {
            return None;
        }
        let fields: Vec<_> = records.record().fields().filter_map(decode).collect();
        let names: Vec<_> = fields.iter().map(|name| tidy(name)).collect();
        if wanted.iter().all(|wanted| names.contains(&tidy(wanted))) {
            return Some(format!("its header is its row {row}: leave out what stands above it"));
        }
    }
    None
}

/// What to do where all columns wanted are there in other capitals, or none is there at all. Of a first line that is no header nothing is told.
fn other_capitals(names: &[String], wanted: &[&str]) -> Option<String> {
    let near = |column: &&str| {
        let said = tidy(column);
        names
            .iter()
            .find(|name| **name == *said)
            .or_else(|| names.iter().find(|n| n.to_lowercase() == said.to_lowercase()))
    };
    let found: Vec<&String> = wanted.iter().filter_map(near).collect();
    if found.len() == wanted.len() {
        let other = wanted.iter().zip(found).filter(|(column, name)| tidy(column) != name.as_str());
        let said: Vec<String> = other.map(|(column, name)| format!("`{column}` is `{}`", visible(name))).collect();
        return (!said.is_empty()).then(|| format!("capitals count, and in its header {}", said.join(", ")));
    }
    let none = !wanted.iter().any(|column| names.iter().any(|name| *name == *tidy(column)));
    (none && !are_names(names))
        .then(|| "where the first line is no header, say `columns = [\"…\"]` in [source]".to_owned())
}

/// How many fields a text has with this delimiter.
fn parts(field: Option<&[u8]>, delimiter: char) -> usize {
    let delimits = |byte: &&u8| char::from(**byte) == delimiter;
    // Of no text there are no fields.
    field.map_or(0, |field| field.iter().filter(delimits).count() + 1)
}

/// Why a row that has not so many fields is refused.
fn misshapen(record: Record<'_>, expected: usize) -> Fault {
    let found = record.len();
    let fits = |other: &&char| found == 1 && parts(record.fields().next(), **other) == expected;
    let hint = DELIMITERS.iter().find(fits).map(|other| format!("; is `delimiter = {:?}` meant?", other.to_string()));
    // Without a hint nothing is said after the counts.
    Fault::of_row(format!("the row has {found} fields, but the header has {expected}{}", hint.unwrap_or_default()))
}

/// The columns of a file, and the field of each that the mapping uses.
pub(super) fn columns<R: Read>(
    mapping: &Mapping,
    records: &mut Records<R>,
    path: &Path,
) -> Result<(Vec<String>, Vec<usize>), ReadError> {
    let source = &mapping.file.source;
    let mut is_there = true;
    let names = match &source.columns {
        Some(names) => names.clone(),
        None => {
            // A file without a header has no columns.
            is_there = records.next().map_err(|error| stopped(path, &error))?;
            let headings = records.record().fields().filter(|_| is_there);
            // A heading that cannot be read is the name of no column, and a mapping that asks for it is refused.
            let texts = headings.map(|field| decode(field).unwrap_or_default());
            let mut names: Vec<String> = texts.map(std::borrow::Cow::into_owned).collect();
            // Among what nobody sees is a byte order mark.
            names.iter_mut().for_each(|name| *name = tidy(name).into_owned());
            names
        }
    };
    let mut places: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (place, name) in names.iter().enumerate() {
        places.entry(name).or_default().push(place);
    }
    // Without a script no column is added.
    let adds = mapping.file.script.as_ref().map(|script| script.get_ref().adds.clone()).unwrap_or_default();
    let (mut fields, mut faults) = (Vec::new(), Vec::new());
    for (place, column) in mapping.binding.columns.iter().enumerate() {
        match places.get(&*tidy(column)).map(Vec::as_slice) {
            Some([place]) => fields.push(*place),
            _ if mapping.binding.is_joined(place) => fields.push(usize::MAX),
            None if adds.contains(column) => fields.push(usize::MAX),
            None => faults.push(none_called(column, &names)),
            Some(_) => faults.push(format!("more than one column is called `{column}`")),
        }
    }
    if faults.is_empty() {
        return Ok((names, fields));
    }
    let own = mapping.binding.columns.iter().enumerate();
    let own = own.filter(|(place, _)| !mapping.binding.is_joined(*place)).map(|(_, column)| column);
    let wanted = own.filter(|column| !adds.contains(column));
    let wanted: Vec<&str> = wanted.map(String::as_str).collect();
    if source.columns.is_none() {
        let why = (!is_there).then(|| "it has no line, not even a header".to_owned());
        let why = why.or_else(|| another_delimiter(source.delimiter, &names, &wanted));
        let why = why.or_else(|| another_form(path, &names.join(&source.delimiter.to_string())));
        let why = why.or_else(|| no_header(&names).map(str::to_owned)).or_else(|| header_below(records, &wanted));
        match why {
            Some(fault) => faults = vec![fault],
            None => faults.extend(other_capitals(&names, &wanted).or_else(|| listed(&names))),
        }
    }
    Err(ReadError::Columns(path.display().to_string(), faults))
}

impl Reader<'_> {
    /// Reads a file; nothing where reading on leads to nothing.
    pub(super) fn csv(&mut self, path: &Path) -> Result<Option<DataFile>, ReadError> {
        let source = &self.mapping.file.source;
        let byte = |character: char, what: &str| {
            u8::try_from(character)
                .ok()
                .filter(u8::is_ascii)
                .ok_or_else(|| failed(path, &format!("the {what} of the mapping is not an ASCII character")))
        };
        let (delimiter, quote) = (byte(source.delimiter, "delimiter")?, byte(source.quote, "quote")?);
        let mut records = Records::new(self.open(path)?, quote, delimiter);
        let name = name_of(path);
        let header = self.header(&mut records, path)?;
        let mut is_short = false;
        self.last_said.may_add();
        self.met.may_differ(header.fields());
        while records.next().map_err(|error| stopped(path, &error))? {
            let (line, record) = (records.line(), records.record());
            is_short = record.len() < header.names.len();
            if records.has_several_lines() {
                self.swallowed.add(record, (header.names.len(), delimiter), line);
            }
            self.row(RowAt { file: &name, line }, record, &header);
            if self.is_over() {
                return Ok(None);
            }
            if self.limited >= MOST_LIMITED {
                return Err(ReadError::Script(name, line, self.limited));
            }
            if self.counts.rows.is_multiple_of(PROGRESS_EVERY) {
                self.report_progress(records.watched().file().bytes());
            }
        }
        let watched = records.into_watched();
        if let Some(fault) = watched.fault() {
            return Err(ReadError::Quotes(path.display().to_string(), fault.opened, fault.closed));
        }
        if is_short && !watched.ends_a_line() {
            self.tell_cut(&name, "a row");
        }
        let lines = watched.lines();
        let file = watched.into_file().finish(path, lines)?;
        self.done.bytes += file.bytes;
        Ok(Some(file))
    }

    pub(super) fn header<R: Read>(&self, records: &mut Records<R>, path: &Path) -> Result<Header, ReadError> {
        let (names, fields) = columns(self.mapping, records, path)?;
        Ok(Header { quick: self.quick_of(&fields), names, fields })
    }

    pub(super) fn row(&mut self, at: RowAt<'_>, record: Record<'_>, header: &Header) {
        self.counts.rows += 1;
        self.assembler.number += 1;
        let (found, expected) = (record.len(), header.names.len());
        let quick = header.quick.as_ref().filter(|_| found == expected);
        if quick.is_some_and(|quick| self.quick_row(quick, &record, &header.fields)) {
            self.counts.used += 1;
            return;
        }
        let plain = self.mapping.script.is_none();
        let fate = if found != expected {
            self.last_said.may_add();
            self.touch_unshaped(record, (expected, &header.fields));
            Err(misshapen(record, expected))
        } else if let Some(line) = Line::of(record, &header.fields).filter(|_| plain) {
            self.apply(at, &RowText::Text(line))
        } else {
            self.shaped_row(at, record, header)
        };
        if let (Ok(RowFate::Used), Some(quick)) = (&fate, quick) {
            self.meet_row(quick, &record, &header.fields);
        }
        self.became(at, fate);
    }

    /// Counts what became of a row.
    pub(super) fn became(&mut self, at: RowAt<'_>, fate: Result<RowFate, Fault>) {
        match fate {
            Ok(RowFate::Used) => self.counts.used += 1,
            Ok(RowFate::SetApart) => {}
            Ok(RowFate::LeftOut(reason)) => *self.left_out.entry(reason).or_default() += 1,
            Err(fault) => self.rejects.row(at.file, at.line, &fault),
        }
    }

    fn shaped_row(&mut self, at: RowAt<'_>, record: Record<'_>, header: &Header) -> Result<RowFate, Fault> {
        let Some(script) = &self.mapping.script else {
            return self.apply(at, &RowText::Record(record, &header.fields));
        };
        let texts = record.fields().map(|field| decode(field).map(std::borrow::Cow::into_owned));
        let Some(texts) = texts.collect::<Option<Vec<String>>>() else {
            self.touch_unshaped(record, (header.names.len(), &header.fields));
            return Err(Fault::of_row("the text is not in the encoding that the mapping names"));
        };
        let answer = script.row(&header.names, &texts);
        self.limited += u64::from(answer == Err(ScriptFault::Limit));
        if answer.is_err() {
            self.touch_unshaped(record, (header.names.len(), &header.fields));
        }
        match answer.map_err(|fault| Fault::of_row(fault.text()))? {
            ScriptAnswer::LeftOut(reason) => Ok(RowFate::LeftOut(reason)),
            ScriptAnswer::Row(row) => {
                let columns = self.mapping.binding.columns.iter();
                // A column that the script leaves out is an empty field: its value is missing.
                let texts = columns.map(|column| row.get(column).cloned().unwrap_or_default());
                self.apply(at, &RowText::Script(texts.collect()))
            }
        }
    }
}
