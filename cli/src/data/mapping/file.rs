//! The mapping file as written.
//!
//! ```toml
//! package = "acute.sepsis"
//! version = "1.0.0"
//! title   = "Sepsis Cases, Amsterdam"
//!
//! [source]
//! format    = "csv"
//! delimiter = ";"
//! missing   = ["NA", ""]
//! rows      = "events"
//!
//! [case]
//! columns = ["case_id"]
//!
//! [time]
//! format  = "%Y-%m-%dT%H:%M:%SZ"
//! zone    = "Europe/Amsterdam"
//! because = "the log writes Z, but its authors say that the times are local"
//!
//! [facts]
//! age = { column = "age", take = "first" }
//!
//! [events]
//! activity = "activity"
//! at       = "timestamp"
//! left_out = ["Release A"]
//!
//! [events.map]
//! "LacticAcid" = { event = "Lactate", fields = { value = { column = "lacticacid" } } }
//! ```

use super::error::MappingError;
pub use crate::data::toml_words::line_of;
use crate::data::toml_words::{TomlFault, in_words};
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// The whole file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MappingFile {
    /// The package whose subject it maps to.
    pub package: Spanned<String>,
    /// Version of the mapping.
    pub version: String,
    /// For people.
    pub title: String,
    /// The form of the files.
    pub source: Source,
    /// What makes a case.
    #[serde(default)]
    pub case: CaseId,
    /// How times are written.
    pub time: Option<Spanned<Time>>,
    /// Facts that label the case.
    #[serde(default)]
    pub labels: BTreeMap<String, Spanned<From>>,
    /// Facts that take part in the logic.
    #[serde(default)]
    pub facts: BTreeMap<String, Spanned<From>>,
    /// Events.
    #[serde(default)]
    pub events: Events,
    /// Files that rows look things up in, by the name that their columns have here: `patients.born`.
    #[serde(default)]
    pub join: BTreeMap<String, Spanned<Join>>,
    /// A script that each row passes through first.
    pub script: Option<Spanned<Script>>,
    /// What a reader of the results must know.
    #[serde(default)]
    pub notes: Vec<String>,
}

/// The form of the files.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// What the files are.
    pub format: Format,
    /// What stands between fields.
    #[serde(default = "comma")]
    pub delimiter: char,
    /// What encloses fields.
    #[serde(default = "quote")]
    pub quote: char,
    /// How characters are encoded.
    #[serde(default)]
    pub encoding: Encoding,
    /// Names of the columns of a file without a header.
    pub columns: Option<Vec<String>>,
    /// Texts that mean "missing" in any column; the empty text unless said.
    #[serde(default = "empty_text")]
    pub missing: Vec<String>,
    /// Numbers are written with a comma.
    #[serde(default)]
    pub decimal_comma: bool,
    /// What a row is.
    #[serde(default)]
    pub rows: Rows,
    /// Of an event log of objects: those of this type are the cases.
    pub objects: Option<String>,
    /// Of such a log: an event is about a case where it says so with this qualifier; however it says so, unless this is given.
    pub relation: Option<String>,
}

/// Forms of file that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Delimited text.
    Csv,
    /// One case a line in the JSON form of `eval`; nothing else is mapped.
    Ndjson,
    /// A row as a JSON object on each line, whose keys are columns.
    #[serde(rename = "json-lines")]
    JsonLines,
    /// An event log; each event is a row.
    Xes,
    /// Typed columns, whose values become texts.
    Parquet,
    /// An event log whose events are about several objects.
    Ocel,
    /// Messages of HL7 version 2; each is a row, and each observation in it.
    Hl7,
    /// Resources of FHIR R4, one a line; those of a patient are a case, and nothing of them is mapped.
    Fhir,
}

impl Format {
    /// Whether a row may lack a value that others have: what it lacks is missing, whatever else means so.
    #[must_use]
    pub fn has_gaps(self) -> bool {
        matches!(self, Format::JsonLines | Format::Xes | Format::Parquet | Format::Ocel | Format::Hl7)
    }

    /// Whether a case is read as it stands, and nothing of it is mapped.
    #[must_use]
    pub fn is_of_cases(self) -> bool {
        matches!(self, Format::Ndjson | Format::Fhir)
    }
}

/// Encodings that are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum Encoding {
    /// UTF-8.
    #[default]
    #[serde(rename = "utf-8", alias = "UTF-8")]
    Utf8,
    /// UTF-16, which spreadsheets call Unicode text; without a byte order mark, its first letter tells which byte comes first.
    #[serde(rename = "utf-16", alias = "UTF-16")]
    Utf16,
    /// Windows-1252, which older hospital systems on Windows write.
    #[serde(rename = "windows-1252", alias = "Windows-1252")]
    Windows1252,
}

/// What a row is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Rows {
    /// A whole case; events, if any, in columns.
    #[default]
    Cases,
    /// One event of a case.
    Events,
}

/// What makes a case. No text counts as missing here but the empty one: a case may be called `NA`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseId {
    /// The columns that together name it; none: each row is a case, named by its number.
    #[serde(default)]
    pub columns: Vec<String>,
}

/// A second file that rows look things up in.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Join {
    /// The file, relative to the mapping: CSV, or Parquet where its name ends so.
    pub file: String,
    /// The column of the rows whose text is looked up.
    pub on: String,
    /// The column in which it is looked up, where that is called otherwise.
    pub key: Option<String>,
    /// What stands between fields.
    #[serde(default = "comma")]
    pub delimiter: char,
    /// How characters are encoded; UTF-8 unless said.
    pub encoding: Option<Encoding>,
}

/// How times are written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Time {
    /// As in `strptime`: `%d/%m/%Y %H:%M`; `rfc3339` unless said.
    pub format: Option<String>,
    /// An IANA zone such as `Europe/London`, or `in text` where each time carries its own.
    pub zone: Option<String>,
    /// Why, where the text claims another zone.
    pub because: Option<String>,
}

/// Where a value comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct From {
    /// The column.
    pub column: Option<String>,
    /// Or the same text for every case.
    pub constant: Option<String>,
    /// Texts that mean "missing" here, instead of those of the source.
    pub missing: Option<Vec<String>>,
    /// Texts that mean "recorded as none".
    #[serde(default)]
    pub none: Vec<String>,
    /// The export's codes and what they mean: `{ M = "male" }`, `{ "1" = "yes" }`.
    #[serde(default)]
    pub values: BTreeMap<String, String>,
    /// What stands between codes where one field of an event holds several: each makes an event of its own.
    pub separator: Option<String>,
    /// Format of a date or time, where it is not that of `[time]`.
    pub format: Option<String>,
    /// The zone of a time, or whose calendar a date follows, where it is not that of `[time]`.
    pub zone: Option<String>,
    /// Which day a date without one stands for.
    pub day: Option<Day>,
    /// The unit the export uses, where it is not the declared one; shown in the report.
    pub unit: Option<String>,
    /// The column that says the unit of each value, where the fact declares several.
    pub unit_column: Option<String>,
    /// What to multiply by, where the language does not know the conversion; what falls between two declared values lies between them.
    pub times: Option<String>,
    /// Which row of the case counts.
    pub take: Option<Take>,
}

/// Which day a month stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Day {
    /// Its first.
    First,
}

/// Which row of the case counts, among those where the value is there; rows are taken in the order of the file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Take {
    /// The first.
    #[default]
    First,
    /// The last.
    Last,
    /// Yes if any row says yes.
    Any,
    /// All rows must agree.
    Only,
}

/// Where events come from.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Events {
    /// The column that says what happened, where a row is an event.
    pub activity: Option<String>,
    /// The column that says when.
    pub at: Option<String>,
    /// Rows of observations, each with its code: what they are is found by the codes that the rule gives after `from`.
    pub by_code: Option<Spanned<ByCode>>,
    /// Columns, and what a row must say in each to count: `{ "lifecycle:transition" = ["complete"] }`.
    #[serde(default)]
    pub only: BTreeMap<String, Vec<String>>,
    /// Activities that are left out knowingly.
    #[serde(default)]
    pub left_out: Vec<String>,
    /// Activities and what they are.
    #[serde(default)]
    pub map: BTreeMap<String, Spanned<ActivityFile>>,
    /// Events that have a column of their own for their time.
    #[serde(default)]
    pub columns: Vec<Spanned<ColumnEventFile>>,
}

/// A row that is an observation: a code, a value and a unit.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ByCode {
    /// The column of the code.
    pub column: String,
    /// Its system, as the rule calls it.
    pub system: String,
    /// The column of the value.
    pub value: Option<String>,
    /// The column of its unit.
    pub unit: Option<String>,
    /// Which row of the case counts for a fact.
    pub take: Option<Take>,
    /// Rows with other codes are left out; otherwise they are refused.
    #[serde(default)]
    pub leave_out_others: bool,
}

/// What an activity of the export is.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActivityFile {
    /// The subject's event; none where the row has only facts.
    pub event: Option<String>,
    /// Its fields.
    #[serde(default)]
    pub fields: BTreeMap<String, Spanned<From>>,
}

/// An event with a column of its own; it did not happen where the column is missing.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnEventFile {
    /// The subject's event.
    pub event: String,
    /// The column that says when.
    pub at: String,
    /// Its fields.
    #[serde(default)]
    pub fields: BTreeMap<String, Spanned<From>>,
}

/// A Rhai script with `fn row(r)`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Script {
    /// The file, relative to the mapping.
    pub file: String,
    /// Columns that it adds.
    #[serde(default)]
    pub adds: Vec<String>,
}

fn comma() -> char {
    ','
}

fn quote() -> char {
    '"'
}

fn empty_text() -> Vec<String> {
    vec![String::new()]
}

/// Reads a mapping file.
///
/// # Errors
/// The first thing that is not TOML or not a mapping, with its line.
pub fn read_mapping(text: &str) -> Result<MappingFile, MappingError> {
    toml::from_str(text).map_err(|error| {
        let TomlFault { line, message, help } = in_words(text, &error);
        MappingError { line, at: String::new(), message, help }
    })
}
