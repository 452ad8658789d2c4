//! A mapping: how a trust's export becomes cases of a package's subject, declared in a TOML file.
//!
//! [`file`] is the file as written; [`bind()`] holds it against a plan, so that every name in it is one the subject has;
//! the reader ([`super::read`]) then applies it row by row. `docs/data.md` describes the file for its authors.

mod bind;
mod bind_cells;
pub mod cell;
pub mod date;
pub mod file;
pub mod format;
pub mod script;
pub mod time;
mod units;

pub use bind::{Activity, Binding, ColumnEvent, FactRule, LabelRule, bind};
pub use file::{MappingFile, read_mapping};

use std::fmt;

/// What is wrong with a mapping file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappingError {
    /// Line in the mapping file, from 1; none for the file as a whole.
    pub line: Option<usize>,
    /// The entry: `facts.age`.
    pub at: String,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl fmt::Display for MappingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        if !self.at.is_empty() {
            write!(f, "`{}`: ", self.at)?;
        }
        f.write_str(&self.message)?;
        match &self.help {
            Some(help) => write!(f, " ({help})"),
            None => Ok(()),
        }
    }
}
