//! What is in an export that nobody has mapped yet: its columns, what each holds, which of them name a case, an event and its time.
//!
//! The file goes by twice or three times: for the columns, where rows are events for how they make cases, and where times have no zone for the
//! hours of the day. Values are held only of
//! columns with few different ones; of the rest no more than a number made of each.

mod above;
mod column;
mod draft;
mod headless;
mod roles;
mod seasons;
mod second;
mod source;
mod times;

pub use column::{Column, Holds};
pub use draft::draft;
pub use roles::Roles;
pub use second::Rows;
pub use source::Form;
pub use times::{TimeForm, Zones};

use super::names::tidy;
use super::read::{ReadError, name_of};
use source::Source;
use std::collections::BTreeSet;
use std::path::Path;

/// More rows than this are not held against each other.
const MOST_COMPARED: usize = 5_000_000;

/// What is in an export.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// The file as named.
    pub file: String,
    /// What it is.
    pub form: Form,
    /// Whether its text is UTF-16.
    pub utf16: bool,
    /// Columns that hold lists or what has no text, which are not read.
    pub lists: Vec<String>,
    /// Columns whose times and dates have a type of their own.
    pub typed: BTreeSet<String>,
    /// Keys of objects that few lines have, where there are very many: they may be names.
    pub rare: usize,
    /// Lines that are none of the form.
    pub unread: u64,
    /// Rows after the header.
    pub rows: u64,
    /// Rows with another number of fields than the header.
    pub uneven: u64,
    /// Rows exactly like an earlier one.
    pub duplicates: u64,
    /// Whether bytes were found that are no UTF-8.
    pub other_encoding: bool,
    /// The columns, in order.
    pub columns: Vec<Column>,
    /// Which columns say what.
    pub roles: Roles,
    /// How rows make cases; none where no column names a case.
    pub cases: Option<Rows>,
}

/// Which columns say what, where the reader knows better.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// The column that names the case.
    pub case: Option<String>,
    /// The column that says what happened.
    pub activity: Option<String>,
    /// The column that says when.
    pub time: Option<String>,
}

/// Reads an export and says what is in it.
///
/// # Errors
/// Where it is of no form whose columns can be told, cannot be read, or has no column of a name that is asked for.
pub fn profile(path: &Path, asked: &Asked) -> Result<Profile, ReadError> {
    let source = Source::of(path)?;
    let mut columns: Vec<Column> = source.columns.iter().map(|name| Column::new(name)).collect();
    let (mut seen, mut duplicates, mut count, mut uneven) = (BTreeSet::new(), 0, 0, 0);
    let met = source.each(&mut |row| {
        count += 1;
        uneven += u64::from(row.len() != columns.len());
        for (column, text) in columns.iter_mut().zip(row.iter()) {
            column.add(&tidy(text));
        }
        if seen.len() < MOST_COMPARED {
            duplicates += u64::from(!seen.insert(column::number(row.iter())));
        }
    })?;
    columns.iter_mut().for_each(Column::settle);
    let roles = Roles::of(&columns, count, asked).map_err(|why| ReadError::File(path.display().to_string(), why))?;
    columns.iter_mut().filter(|column| Some(&column.name) == roles.activity.as_ref()).for_each(Column::as_codes);
    let cases = second::rows(&source, &columns, &roles)?;
    seasons::settle(&source, &mut columns, &roles)?;
    Ok(Profile {
        file: name_of(path),
        form: source.form,
        utf16: source.is_utf16(),
        rare: source.rare,
        unread: met.unread,
        rows: count,
        uneven,
        duplicates,
        other_encoding: met.other_encoding,
        lists: source.lists,
        typed: source.typed,
        columns,
        roles,
        cases,
    })
}
