//! Where the cases came from, and what was refused or left out on the way.

use serde::{Deserialize, Serialize};

/// Where the cases came from, and what was refused or left out on the way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Data {
    /// Files read.
    pub files: Vec<DataFile>,
    /// The mapping's name and version.
    pub mapping: String,
    /// SHA-256 of the mapping.
    pub mapping_sha256: String,
    /// Rows read, header not counted.
    pub rows: u64,
    /// Rows that became a fact or an event.
    pub rows_used: u64,
    /// Rows the mapping leaves out by name: what and how many.
    pub rows_left_out: Vec<(String, u64)>,
    /// Rows refused.
    pub rows_rejected: u64,
    /// Values refused in rows that were used; they count as missing.
    #[serde(default)]
    pub values_rejected: u64,
    /// Why rows and values were refused: reason and how many.
    pub reject_reasons: Vec<(String, u64)>,
    /// File of refused rows, relative to the report, when there are any.
    pub rejects_file: Option<String>,
    /// Cases judged.
    pub cases: u64,
    /// The number of cases lies between 1 and 7, stands here as 0 and must be shown as suppressed.
    #[serde(default)]
    pub cases_hidden: bool,
    /// Events judged.
    pub events: u64,
    /// Organisations.
    pub organisations: u64,
    /// How complete each fact and event is.
    pub completeness: Vec<Completeness>,
    /// Things a reader must know: time zone declared, ties kept in file order …
    pub notes: Vec<String>,
}

/// An input file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DataFile {
    /// Name as given.
    pub name: String,
    /// Lines; a row may take several.
    #[serde(default)]
    pub lines: u64,
    /// Bytes.
    pub bytes: u64,
    /// SHA-256.
    pub sha256: String,
}

/// How many cases have a fact or an event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Completeness {
    /// Fact or event.
    pub name: String,
    /// `fact` or `event`.
    pub kind: String,
    /// Cases that have it.
    pub present: u64,
    /// Cases that do not.
    pub missing: u64,
    /// It is not in the export at all.
    pub not_supplied: bool,
    /// Bit 0 for `present`, bit 1 for `missing`: lies between 1 and 7, stands here as 0 and must be shown as suppressed.
    #[serde(default)]
    pub hidden: u8,
}
