//! An export as rows of texts, whatever its form, which its first bytes tell: delimited text, an object of JSON on each line, an event log, Parquet.

use super::above::{above_the_header, delimiter, rows_of};
use super::headless::is_header;
use crate::data::case_json::MAX_BYTES;
use crate::data::json_text::{Document, Node};
use crate::data::line::read_line;
use crate::data::mapping::file::Encoding;
use crate::data::names::tidy;
use crate::data::read::{ReadError, Seems, comes_once, events_of, open_parquet, open_text, what_it_seems};
use concord_parquet::{Cell, Means};
use csv::StringRecord;
use std::collections::{BTreeMap, BTreeSet};
use std::io::BufReader;
use std::path::{Path, PathBuf};

/// Objects within objects, deeper than this, have no columns.
const DEEPEST: usize = 8;
/// Keys beyond so many are no columns.
const MOST_COLUMNS: usize = 20_000;
/// Where objects have more keys than so many, keys may be names, and those that few lines have are not shown.
const MANY_KEYS: usize = 200;
const FEW_LINES: u64 = 8;

/// What an export is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Texts with a sign between them.
    Delimited {
        /// The sign.
        between: char,
        /// Rows that stand above the header, as a title does.
        above: usize,
        /// Whether there is a header.
        header: bool,
    },
    /// An object of JSON on each line.
    JsonLines,
    /// An event log in XES.
    Xes,
    /// Parquet.
    Parquet,
}

impl Form {
    /// As a mapping says it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Form::Delimited { .. } => "csv",
            Form::JsonLines => "json-lines",
            Form::Xes => "xes",
            Form::Parquet => "parquet",
        }
    }
}

/// An export whose rows can be gone through.
pub(super) struct Source {
    path: PathBuf,
    encoding: Encoding,
    pub(super) form: Form,
    /// The names of its columns.
    pub(super) columns: Vec<String>,
    /// Columns that hold lists, which are not read.
    pub(super) lists: Vec<String>,
    /// Columns whose times and dates have a type of their own.
    pub(super) typed: BTreeSet<String>,
    /// Keys that are not shown.
    pub(super) rare: usize,
}

/// What was met on the way that is no row.
#[derive(Clone, Copy, Default)]
pub(super) struct Met {
    /// Bytes that are no UTF-8.
    pub(super) other_encoding: bool,
    /// Lines that cannot be read.
    pub(super) unread: u64,
}

fn wrong(path: &Path, why: String) -> ReadError {
    ReadError::Damaged(path.display().to_string(), why)
}

impl Source {
    /// Finds out what a file is, and what its columns are.
    ///
    /// # Errors
    /// Where it is nothing whose columns can be told, and what can be done.
    pub(super) fn of(path: &Path) -> Result<Source, ReadError> {
        if comes_once(path) {
            let why = "a profile goes through it several times, and it is no file on disk: write it to one first";
            return Err(ReadError::File(path.display().to_string(), why.to_owned()));
        }
        let (seems, encoding) = what_it_seems(path)?;
        let of = |form, Names { columns, lists, typed, rare }| Source {
            path: path.to_owned(),
            encoding,
            form,
            columns,
            lists,
            typed,
            rare,
        };
        let nothing_to_map = |what: &str, format: &str| {
            Err(wrong(
                path,
                format!(
                    "it has {what}, and nothing of it is to be mapped: a mapping says `format = \"{format}\"` in [source], and `concord map --check` with --data says what the export is ready for"
                ),
            ))
        };
        match seems {
            Seems::Ndjson => nothing_to_map("a whole case as JSON on each line", "ndjson"),
            Seems::Fhir => nothing_to_map("resources of FHIR, which are read by the codes of the rule", "fhir"),
            Seems::Hl7 => Err(wrong(
                path,
                "it has messages of HL7, whose columns are places such as PID-3.1 and OBX-5: docs/data.md says how they are mapped (`format = \"hl7\"` in [source])".to_owned(),
            )),
            Seems::Ocel => Err(wrong(
                path,
                "it is an event log of objects, of which the mapping says which type the cases are: docs/data.md says how it is mapped (`format = \"ocel\"` in [source])".to_owned(),
            )),
            Seems::Json | Seems::Xml | Seems::Unknown => Err(wrong(path, seems.words())),
            Seems::JsonLines => Ok(of(Form::JsonLines, keys(path)?)),
            Seems::Xes => Ok(of(Form::Xes, attributes(path, encoding)?)),
            Seems::Parquet => Ok(of(Form::Parquet, typed(path)?)),
            _ => {
                let (form, columns) = delimited(path, encoding)?;
                Ok(of(form, Names { columns, ..Names::default() }))
            }
        }
    }

    /// Whether its text is UTF-16, as a mapping must say.
    pub(super) fn is_utf16(&self) -> bool {
        self.encoding == Encoding::Utf16
    }

    /// Goes through its rows: each has a text for each column, in their order, but for rows of delimited text that are longer or shorter.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub(super) fn each(&self, see: &mut dyn FnMut(&StringRecord)) -> Result<Met, ReadError> {
        let places = || -> BTreeMap<&str, usize> {
            self.columns.iter().zip(0..).map(|(name, place)| (name.as_str(), place)).collect()
        };
        match self.form {
            Form::Delimited { between, above, header } => {
                // It is one of four signs of ASCII.
                let mut rows = rows_of(&self.path, (u8::try_from(between).unwrap_or(b','), self.encoding))?;
                for _ in 0..above + usize::from(header) {
                    rows.next()?;
                }
                while let Some(row) = rows.next()? {
                    see(&row);
                }
                Ok(Met { other_encoding: rows.other, unread: 0 })
            }
            Form::JsonLines => {
                let mut row = Row::of(places());
                let unread = objects(&self.path, &mut |object| {
                    flat(object, "", &mut |name, _, text| row.set(name, text));
                    row.give(see);
                })?;
                Ok(Met { other_encoding: false, unread })
            }
            Form::Xes => {
                let mut row = Row::of(places());
                events_of(&self.path, self.encoding, &mut |attributes| {
                    attributes.for_each(|(name, text)| row.set(&name, text));
                    row.give(see);
                })?;
                Ok(Met::default())
            }
            Form::Parquet => {
                self.cells(&mut Row::of(places()), see)?;
                Ok(Met::default())
            }
        }
    }

    fn cells(&self, row: &mut Row<'_>, see: &mut dyn FnMut(&StringRecord)) -> Result<(), ReadError> {
        let broken = |fault: concord_parquet::Fault| wrong(&self.path, fault.to_string());
        let mut parquet = open_parquet(&self.path)?;
        let all = parquet.columns().iter().enumerate().filter(|(_, column)| is_read(column));
        let (wanted, names): (Vec<usize>, Vec<String>) =
            all.map(|(place, column)| (place, column.name.clone())).unzip();
        for group in 0..parquet.groups() {
            let mut rows = parquet.group(group, &wanted).map_err(broken)?;
            while rows.next_row().map_err(broken)? {
                for (place, name) in names.iter().enumerate() {
                    if let Cell::Text(text) = rows.cell(place) {
                        row.set(&tidy(name), text);
                    }
                }
                row.give(see);
            }
        }
        Ok(())
    }
}

/// A row in the making.
struct Row<'s> {
    places: BTreeMap<&'s str, usize>,
    texts: Vec<String>,
}

impl<'s> Row<'s> {
    fn of(places: BTreeMap<&'s str, usize>) -> Row<'s> {
        Row { texts: vec![String::new(); places.len()], places }
    }

    fn set(&mut self, name: &str, text: &str) {
        let slot = self.places.get(name).and_then(|place| self.texts.get_mut(*place));
        slot.into_iter().for_each(|slot| text.clone_into(slot));
    }

    /// Hands it over, and begins another.
    fn give(&mut self, see: &mut dyn FnMut(&StringRecord)) {
        see(&StringRecord::from_iter(&self.texts));
        self.texts.iter_mut().for_each(String::clear);
    }
}

/// Names of columns, of those that hold lists and of those that have types; and how many others there are.
#[derive(Default)]
struct Names {
    columns: Vec<String>,
    lists: Vec<String>,
    typed: BTreeSet<String>,
    rare: usize,
}

fn delimited(path: &Path, encoding: Encoding) -> Result<(Form, Vec<String>), ReadError> {
    let sign = delimiter(path, encoding)?;
    let above = above_the_header(path, (sign, encoding))?;
    let mut rows = rows_of(path, (sign, encoding))?;
    for _ in 0..above {
        rows.next()?;
    }
    let first = rows.next()?.unwrap_or_default(); // an empty file has no columns
    let header = is_header(&first);
    // Of a row that is none nothing is shown.
    let named = |(name, place): (&str, usize)| if header { tidy(name).into_owned() } else { format!("column {place}") };
    let columns = first.iter().zip(1..).map(named).collect();
    Ok((Form::Delimited { between: char::from(sign), above, header }, columns))
}

/// The objects of a file, and how many lines are none.
fn objects(path: &Path, see: &mut dyn FnMut(Node<'_>)) -> Result<u64, ReadError> {
    let mut reader = BufReader::new(open_text(path, Encoding::Utf8)?);
    let (mut line, mut unread, mut is_first) = (Vec::new(), 0, true);
    let failed = |error: std::io::Error| wrong(path, error.to_string());
    loop {
        line.clear();
        if read_line(&mut reader, &mut line).map_err(failed)? == 0 {
            return Ok(unread);
        }
        if std::mem::take(&mut is_first) && line.starts_with(b"\xef\xbb\xbf") {
            line.drain(..3);
        }
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        match Document::check(&line, MAX_BYTES) {
            Ok(document) if document.root().entries().is_some() => see(document.root()),
            _ => unread += 1,
        }
    }
}

/// The values of an object with the names that columns have: each with its kind and its text.
fn flat(object: Node<'_>, before: &str, see: &mut dyn FnMut(&str, &'static str, &str)) {
    // It is an object, as was seen before.
    for (key, value) in object.entries().unwrap_or_default() {
        let Some(key) = key.string() else { continue };
        let path = if before.is_empty() { key } else { format!("{before}.{key}") };
        match value.kind() {
            "an object" if path.matches('.').count() < DEEPEST => flat(value, &path, see),
            // One that is no Unicode has no text.
            kind @ "a string" => see(&path, kind, &value.string().unwrap_or_default()),
            kind @ ("a number" | "true or false") => see(&path, kind, value.text()),
            kind => see(&path, kind, ""),
        }
    }
}

/// The keys of all objects, in the order in which they come up; and those that hold lists.
fn keys(path: &Path) -> Result<Names, ReadError> {
    let (mut met, mut columns, mut lists) = (BTreeMap::<String, u64>::new(), Vec::new(), BTreeSet::new());
    objects(path, &mut |object| {
        flat(object, "", &mut |name, kind, _| {
            if kind == "a list" {
                lists.insert(name.to_owned());
            } else if let Some(lines) = met.get_mut(name) {
                *lines += 1;
            } else if columns.len() < MOST_COLUMNS {
                met.insert(name.to_owned(), 1);
                columns.push(name.to_owned());
            }
        });
    })?;
    columns.retain(|name| !lists.contains(name));
    let (all, many) = (columns.len(), columns.len() > MANY_KEYS);
    columns.retain(|name| !many || met.get(name).is_some_and(|lines| *lines >= FEW_LINES));
    let rare = all - columns.len();
    Ok(Names { columns, lists: lists.into_iter().collect(), rare, ..Names::default() })
}

/// The attributes of all events and their traces, in the order in which they come up.
fn attributes(path: &Path, encoding: Encoding) -> Result<Names, ReadError> {
    let (mut met, mut columns) = (BTreeSet::new(), Vec::new());
    events_of(path, encoding, &mut |attributes| {
        for (name, _) in attributes {
            if columns.len() < MOST_COLUMNS && met.insert(name.clone()) {
                columns.push(name);
            }
        }
    })?;
    Ok(Names { columns, ..Names::default() })
}

/// Whether the values of a column of Parquet have texts.
fn is_read(column: &concord_parquet::Column) -> bool {
    !column.repeats && !matches!(column.means, Means::Other(_))
}

fn typed(path: &Path) -> Result<Names, ReadError> {
    let parquet = open_parquet(path)?;
    let mut names = Names::default();
    for column in parquet.columns() {
        let name = tidy(&column.name).into_owned();
        if !is_read(column) {
            names.lists.push(name);
            continue;
        }
        if matches!(column.means, Means::Time { .. } | Means::OldTime | Means::Date) {
            names.typed.insert(name.clone());
        }
        names.columns.push(name);
    }
    Ok(names)
}
