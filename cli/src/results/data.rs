//! Where the cases came from, and what was refused or left out on the way.

use super::nulls::{listed, null_where_hidden};
use serde::{Deserialize, Serialize};

/// Where the cases came from, and what was refused or left out on the way. With small-number control on, rows and events are protected as
/// cases are: of a file with a row a case they are the same.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "DataJson", into = "DataJson")]
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
    pub values_rejected: u64,
    /// Why rows and values were refused: reason and how many.
    pub reject_reasons: Vec<(String, u64)>,
    /// File of refused rows, relative to the report, when there are any.
    pub rejects_file: Option<String>,
    /// Cases judged.
    pub cases: u64,
    /// Events judged.
    pub events: u64,
    /// Organisations.
    pub organisations: u64,
    /// How complete each fact and event is.
    pub completeness: Vec<Completeness>,
    /// What may make figures wrong, in whole sentences, some of them among the notes; said before the report and at its head.
    pub warnings: Vec<String>,
    /// Things a reader must know: time zone declared, ties kept in file order …
    pub notes: Vec<String>,
    /// Bit `i`: of rows, rows used, rows refused, values refused, cases and events, the count in place `i` lies between 1 and 7, stands here
    /// as 0 and must be shown as suppressed.
    pub hidden: u8,
}

null_where_hidden!(Data as DataJson, u8, [rows, rows_used, rows_rejected, values_rejected, cases, events], {
    files: Vec<DataFile>,
    mapping: String,
    mapping_sha256: String,
    #[serde(with = "listed")]
    rows_left_out: Vec<(String, u64)>,
    #[serde(with = "listed")]
    reject_reasons: Vec<(String, u64)>,
    rejects_file: Option<String>,
    organisations: u64,
    completeness: Vec<Completeness>,
    #[serde(default)]
    warnings: Vec<String>,
    notes: Vec<String>,
});

impl Data {
    /// Whether the count in a place of [`Data::hidden`] is suppressed.
    #[must_use]
    pub fn hides(&self, place: u8) -> bool {
        self.hidden >> place & 1 != 0
    }

    /// Rows and values refused, together; at least so many where one of them is suppressed.
    #[must_use]
    pub fn refused(&self) -> u64 {
        self.rows_rejected + self.values_rejected
    }
}

/// Places in [`Data::hidden`].
pub mod place {
    #![allow(missing_docs, reason = "the counts of the data")]
    pub const ROWS: u8 = 0;
    pub const ROWS_USED: u8 = 1;
    pub const ROWS_REJECTED: u8 = 2;
    pub const VALUES_REJECTED: u8 = 3;
    pub const CASES: u8 = 4;
    pub const EVENTS: u8 = 5;
}

/// An input file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DataFile {
    /// Name as given.
    pub name: String,
    /// Lines; a row may take several. None with small-number control on.
    #[serde(default)]
    pub lines: Option<u64>,
    /// Bytes; to the nearest 1,000 with small-number control on.
    pub bytes: u64,
    /// SHA-256.
    pub sha256: String,
    /// It is known that no row is in it: two such files may be the same, byte by byte, and nothing counts twice. Of use while an export is read alone.
    #[serde(skip)]
    pub is_bare: bool,
}

/// How many cases have a fact or an event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "CompletenessJson", into = "CompletenessJson")]
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
    pub hidden: u8,
}

null_where_hidden!(Completeness as CompletenessJson, u8, [present, missing], { name: String, kind: String, not_supplied: bool });
