//! A mapping: how a member's export becomes cases of a package's subject, declared in a TOML file.
//!
//! [`file`] is the file as written; [`bind()`] holds it against a plan, so that every name in it is one the subject has;
//! the reader ([`super::read`]) then applies it row by row. `docs/data.md` describes the file for its authors.

mod bind;
mod bind_cells;
mod bind_source;
mod by_code;
pub mod cell;
pub mod date;
pub mod empty;
mod error;
pub mod file;
pub mod format;
pub mod hint;
mod letters;
mod offsets;
mod pattern;
pub mod script;
pub mod time;
mod units;

pub use bind::{Activity, Binding, ColumnEvent, FactRule, JoinRule, LabelRule, OnlyRule, bind};
pub use error::MappingError;
pub use file::{MappingFile, read_mapping};
pub use pattern::LastDay;
